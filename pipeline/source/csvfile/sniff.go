package csvfile

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hardship/pipeline/source"
)

// Sniff reports whether the head of a file begins with a header that has all
// these columns, and says which or what is missing. It is for telling formats
// apart: a file that it recognises may still be refused by Open.
func Sniff(head []byte, columns ...string) (why string, ok bool) {
	header := headerOf(head)
	if header == nil {
		return "its first line is no CSV header", false
	}
	var missing []string
	for _, c := range columns {
		if !slices.Contains(header, c) {
			missing = append(missing, c)
		}
	}
	if missing != nil {
		return fmt.Sprintf("its first line has no column %s; it is %s", list(missing), list(header)), false
	}
	return "its header has the columns " + list(columns), true
}

const longestName = 256 // bytes; a longer first field is prose, not a column

// headerOf returns the first line's fields, nil if there are none.
func headerOf(head []byte) []string {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(head, []byte("\ufeff"))))
	header, err := r.Read()
	if err != nil || int64(len(header)) > source.DefaultLimits.Columns {
		return nil
	}
	for _, h := range header {
		if len(h) > longestName || !utf8.ValidString(h) || strings.IndexByte(h, 0) >= 0 {
			return nil
		}
	}
	return header
}
