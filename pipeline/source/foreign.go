package source

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// foreign are kinds of files that no format reads, by their first bytes.
var foreign = []struct{ begins, as, advice string }{
	{"CDF", "NetCDF", asParquet},
	{"\x89HDF\r\n\x1a\n", "HDF5 or NetCDF 4", asParquet},
	{"GRIB", "GRIB", asParquet + "; with engine=\"cfgrib\" for GRIB"},
	{"PK\x03\x04", "a ZIP archive or a workbook (.xlsx)", "unpack it, or save each sheet as CSV"},
	{"\xd0\xcf\x11\xe0", "an old workbook (.xls)", "save each sheet as CSV"},
	{"%PDF", "a PDF", "ask the publisher for the table"},
}

const asParquet = "make Parquet of it: xarray.open_dataset(FILE).to_dataframe().reset_index().to_parquet(OUT)"

// Foreign tells the kind of a file that no format reads by its head, and what to do
// with it; ok is false for text, whose header may begin with any word, and for what
// is not known.
func Foreign(head []byte) (as, advice string, ok bool) {
	for _, kind := range foreign {
		if bytes.HasPrefix(head, []byte(kind.begins)) && !isText(head) {
			return kind.as, kind.advice, true
		}
	}
	return "", "", false
}

// isText reports whether the head of a file is UTF-8 text, whose last character may
// be cut.
func isText(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 {
			return !utf8.FullRune(head)
		}
		head = head[size:]
	}
	return true
}

// WrongKind is the error of a file of a kind that no format reads; nil for any other.
func WrongKind(head []byte) error {
	if as, advice, ok := Foreign(head); ok {
		return fmt.Errorf("it begins as %s does: %s", as, advice)
	}
	return nil
}

// NotUTF8 is the error of a file whose head is not UTF-8 text: what to do with it.
func NotUTF8(head []byte) error {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return errUTF16
		}
	}
	return errEncoding
}

var (
	errUTF16    = errors.New("it is UTF-16: make UTF-8 of it, with iconv -f UTF-16 -t UTF-8 for instance")
	errEncoding = errors.New("the header is not UTF-8 text: make UTF-8 of it, with iconv -f WINDOWS-1251 -t UTF-8 for instance")
)
