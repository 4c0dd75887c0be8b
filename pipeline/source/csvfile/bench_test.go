package csvfile

import (
	"bytes"
	"io"
	"testing"

	"hardship/pipeline/internal/sample"
)

// BenchmarkRows splits files of two shapes into rows, without a look at fields.
func BenchmarkRows(b *testing.B) {
	for _, shape := range []struct {
		name   string
		file   io.Reader
		column string
	}{
		{"eagle_i", sample.EagleI(500_000), "fips_code"},
		{"bulletins", sample.Bulletins(100_000), "time_start"},
	} {
		in, err := io.ReadAll(shape.file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(shape.name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				f, err := Open(bytes.NewReader(in), "f.csv", []string{shape.column}, nil)
				if err != nil {
					b.Fatal(err)
				}
				for _, err := range f.Rows() {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
