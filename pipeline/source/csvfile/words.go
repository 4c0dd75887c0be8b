package csvfile

// Words number the texts of a column, of which most files repeat few: a row's text
// is found, not made, and what was made of it before can be found by its number.
// The number of the empty text is 0; others count up as they come. A text that has
// not come for long may get another number, so that what Words hold does not grow
// with the file. The zero Words is ready to use.
type Words struct {
	texts   []string // of the numbers from first on
	first   int32
	numbers map[string]int32
	recent  [256]int32 // numbers found last, by a few bytes of their texts
	held    int        // bytes, with what each text takes besides
}

// What Words hold at most, and what is reckoned for a text beside its bytes.
const (
	mostHeld = 16 << 20
	ofWord   = 64
)

// Number returns the number of a text, whose bytes it does not keep, and the text.
func (w *Words) Number(text []byte) (int32, string) {
	if len(text) == 0 {
		return 0, ""
	}
	recent := &w.recent[few(text)]
	if n := *recent; n > 0 && w.texts[n-w.first] == string(text) {
		return n, w.texts[n-w.first]
	}
	n, ok := w.numbers[string(text)]
	if !ok {
		n = w.add(string(text))
	}
	*recent = n
	return n, w.texts[n-w.first]
}

func (w *Words) add(text string) int32 {
	w.held += len(text) + ofWord
	if w.numbers == nil || w.held > mostHeld {
		*w = Words{first: max(1, w.first+int32(len(w.texts))), numbers: map[string]int32{}, held: len(text) + ofWord}
	}
	n := w.first + int32(len(w.texts))
	w.texts = append(w.texts, text)
	w.numbers[text] = n
	return n
}

// few tells most texts of a column apart by their length and three bytes.
func few(text []byte) uint8 {
	last := len(text) - 1
	bytes := uint32(text[0]) | uint32(text[last/2])<<8 | uint32(text[last])<<16 | uint32(len(text))<<24
	return uint8(bytes * 0x9e37_79b1 >> 24)
}
