package sample

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

func TestFilesAreTheSameEachTimeAndOfTheirShape(t *testing.T) {
	for name, tt := range map[string]struct {
		file        func(rows int) io.Reader
		columns     int
		least, most int // bytes of a row, on average
	}{
		"eagle_i":   {EagleI, 5, 44, 48},
		"bulletins": {Bulletins, 22, 200, 220},
	} {
		const rows = 20_000
		once, err := io.ReadAll(tt.file(rows))
		if err != nil {
			t.Fatal(err)
		}
		again, err := io.ReadAll(iotest.HalfReader(tt.file(rows)))
		if err != nil || !bytes.Equal(once, again) {
			t.Errorf("%s: another time another file, %v", name, err)
		}
		if n := bytes.Count(once, []byte("\n")); n != rows+1 {
			t.Errorf("%s: %d lines", name, n)
		}
		if mean := len(once) / rows; mean < tt.least || mean > tt.most {
			t.Errorf("%s: rows of %d bytes", name, mean)
		}
		header, _, _ := bytes.Cut(once, []byte("\n"))
		if n := bytes.Count(header, []byte(",")) + 1; n != tt.columns {
			t.Errorf("%s: %d columns", name, n)
		}
	}
}
