package csvfile

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTextsOfOneNumberAreAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w Words
		numbers := map[string]int32{"": 0}
		for _, text := range rapid.SliceOf(rapid.StringOfN(rapid.RuneFrom([]rune("abї ")), 0, 3, -1)).Draw(t, "texts") {
			in := []byte(text)
			n, got := w.Number(in)
			clear(in)
			want, ok := numbers[text]
			if !ok {
				want = int32(len(numbers))
				numbers[text] = want
			}
			if n != want || got != text {
				t.Fatalf("%q is %d %q, want %d", text, n, got, want)
			}
		}
	})
}

// What is held has a limit. Beyond it texts are numbered anew, and no number is
// given twice.
func TestWordsHaveALimit(t *testing.T) {
	var w Words
	long := strings.Repeat("x", mostHeld/10)
	given := map[int32]string{}
	for i := range 50 {
		for _, text := range []string{long[:len(long)-i], "often", long[:len(long)-i]} {
			n, got := w.Number([]byte(text))
			if before, ok := given[n]; got != text || ok && before != text {
				t.Fatalf("the number %d of a text of %d bytes was given to one of %d", n, len(text), len(before))
			}
			given[n] = text
		}
		if w.held > mostHeld {
			t.Fatalf("%d bytes are held", w.held)
		}
	}
	if len(given) > 60 || len(given) <= 51 {
		t.Errorf("%d numbers of 51 texts", len(given))
	}
}
