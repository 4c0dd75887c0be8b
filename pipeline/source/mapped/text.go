package mapped

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// A dictionary holds the translations of the texts of a Parquet dictionary,
// made when a row first has them: it may hold texts that no row has.
type dictionary struct {
	of     arrow.ArrayData
	texts  *array.String
	words  []word
	made   []bool
	plain  bool          // every word made is a text, none null or bad
	values *array.String // the words made; nil once there are more
}

// text translates a column of text. It stays coded, with one translation for
// each text of the dictionary, unless some of them are null or no good.
func (b *columnReader) text(i int, in *array.Dictionary) arrow.Array {
	f := &b.fields[i]
	d := b.texts[i]
	if texts := in.Dictionary().(*array.String); d == nil || d.of != texts.Data() {
		texts.Retain()
		d = &dictionary{of: texts.Data(), texts: texts, words: make([]word, texts.Len()), made: make([]bool, texts.Len()), plain: true}
		b.texts[i] = d
	}
	codes := in.Indices().(*array.Int32).Int32Values()
	nulls := in.NullN() > 0
	last := int32(-1)
	for row, code := range codes {
		if code == last || nulls && in.IsNull(row) {
			continue
		}
		if last = code; d.made[code] {
			continue
		}
		w := b.word(f, d.texts.Value(int(code)))
		d.words[code], d.made[code], d.values = w, true, nil
		d.plain = d.plain && w.known && w.err == nil
	}
	none := f.word(b.plan, "") // an empty cell, or a null
	if !d.plain || nulls && (none.known || none.err != nil) {
		return b.cellwise(f, in, d, none)
	}
	if d.values == nil {
		words := make([]*word, len(d.words))
		for code := range d.words {
			words[code] = &d.words[code]
			if !d.made[code] {
				words[code] = &word{known: true}
			}
		}
		d.values = newStrings(words).(*array.String)
	}
	data := in.Data()
	return array.NewDictionaryData(array.NewDataWithDictionary(table.CodedText, in.Len(), data.Buffers(), data.NullN(), data.Offset(), d.values.Data().(*array.Data)))
}

// cellwise translates a column of text of which some cells are null or no good.
func (b *columnReader) cellwise(f *field, in *array.Dictionary, d *dictionary, none word) arrow.Array {
	words := slices.Grow(b.words[:0], in.Len())[:in.Len()]
	b.words = words
	nulls := in.NullN() > 0
	for row, code := range in.Indices().(*array.Int32).Int32Values() {
		if nulls && in.IsNull(row) {
			words[row] = &none
			if none.err != nil {
				b.reject(row, f, nil, none.code, none.err)
			}
			continue
		}
		w := &d.words[code]
		if w.err != nil {
			b.reject(row, f, d.texts.Value(int(code)), w.code, w.err)
		}
		words[row] = w
	}
	return newStrings(words)
}

// newStrings returns a column of texts, as many as there are words. It writes
// the buffers itself: a builder that grows with each text took half the time of
// reading a file.
func newStrings(words []*word) arrow.Array {
	bytes, nulls := 0, 0
	for _, w := range words {
		bytes += len(w.text)
		if !w.known {
			nulls++
		}
	}
	text := make([]byte, 0, bytes)
	ends := make([]int32, len(words)+1)
	var valid *memory.Buffer
	if nulls > 0 {
		valid = memory.NewBufferBytes(make([]byte, bitutil.BytesForBits(int64(len(words)))))
	}
	for row, w := range words {
		text = append(text, w.text...)
		ends[row+1] = int32(len(text))
		if valid != nil && w.known {
			bitutil.SetBit(valid.Bytes(), row)
		}
	}
	buffers := []*memory.Buffer{valid, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(ends)), memory.NewBufferBytes(text)}
	return array.NewStringData(array.NewData(arrow.BinaryTypes.String, len(words), buffers, nil, nulls, 0))
}

// word translates a text, which may hold what csvfile lets no text hold.
func (b *columnReader) word(f *field, s string) word {
	switch {
	case !utf8.ValidString(s):
		return word{code: source.BadText, err: source.ErrNotUTF8}
	case strings.IndexByte(s, 0) >= 0:
		return word{code: source.BadText, err: errNUL}
	}
	return f.word(b.plan, f.meant(s))
}

var errNUL = errors.New("holds a NUL")
