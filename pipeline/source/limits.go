package source

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
)

// Limits bound what an input may ask for, so that neither memory nor time depends
// on who wrote it. They are the settings limits: of a configuration, by the names
// of their tags; an error that one causes names it.
type Limits struct {
	UnpackedBytes    int64 `yaml:"unpacked_bytes"`     // that a compressed file unfolds into
	UnpackRatio      int64 `yaml:"unpack_ratio"`       // of them to the file's, beyond 16 MiB
	RowBytes         int64 `yaml:"row_bytes"`          // of a row of CSV, all its lines together, or a line of JSON lines
	Columns          int64 `yaml:"columns"`            // of a file
	DocumentBytes    int64 `yaml:"document_bytes"`     // of a file that is one JSON document
	Depth            int64 `yaml:"depth"`              // arrays and objects of JSON within one another
	Values           int64 `yaml:"values"`             // of one JSON document: its tree then takes some 300 MB at most
	ParquetRows      int64 `yaml:"parquet_rows"`       // of a file
	ParquetBytes     int64 `yaml:"parquet_bytes"`      // decompressed, of the columns read
	ParquetPageBytes int64 `yaml:"parquet_page_bytes"` // decompressed, of one page or dictionary
	PointHours       int64 `yaml:"point_hours"`        // of values of a source's points, 8 bytes each, all points together
	ListedRows       int64 `yaml:"listed_rows"`        // of a file with one fault that are listed by themselves; the others are counted
}

// DefaultLimits are far beyond any real file that is known.
var DefaultLimits = Limits{
	UnpackedBytes: 64 << 30, UnpackRatio: 200, RowBytes: 1 << 20, Columns: 4096,
	DocumentBytes: 16 << 20, Depth: 64, Values: 2_000_000,
	ParquetRows: 2_000_000_000, ParquetBytes: 64 << 30, ParquetPageBytes: 256 << 20,
	PointHours: 64 << 20, ListedRows: 100_000,
}

// OrDefault returns the limits with those of DefaultLimits where a field is zero.
func (l Limits) OrDefault() Limits {
	v, d := reflect.ValueOf(&l).Elem(), reflect.ValueOf(DefaultLimits)
	for i := range v.NumField() {
		v.Field(i).SetInt(cmp.Or(v.Field(i).Int(), d.Field(i).Int()))
	}
	return l
}

// A Limited reader brings the limits of what is read from it.
type Limited interface{ Limits() Limits }

// LimitsOf returns the limits that a reader brings, else DefaultLimits.
func LimitsOf(r io.Reader) Limits {
	if l, ok := r.(Limited); ok {
		return l.Limits().OrDefault()
	}
	return DefaultLimits
}

// WithLimitsOf returns r, which reads from another reader, bringing the limits of
// that.
func WithLimitsOf(r, from io.Reader) io.Reader { return limited{r, LimitsOf(from)} }

type limited struct {
	io.Reader
	limits Limits
}

func (l limited) Limits() Limits { return l.limits }

// Beyond returns the error of something that is larger than a limit; name is that
// of the setting.
func Beyond(name string, format string, args ...any) error {
	return fmt.Errorf("%s (limits.%s)", fmt.Sprintf(format, args...), name)
}
