package mergedalert

import (
	"io"
	"strings"

	"hardship/pipeline/parquetfile"
)

// Sniff reports whether a file of size bytes is Parquet with the columns of
// merged alerts, and why. It reads the footer and no page: Parquet has no head
// that would tell.
func Sniff(r io.ReaderAt, size int64) (why string, ok bool) {
	var magic [4]byte
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), magic[:]); err != nil || string(magic[:]) != parquetfile.Magic {
		return "it does not begin as Parquet does", false
	}
	f, err := parquetfile.Open(r, size, "", limits)
	if err != nil {
		return "it begins as Parquet does but cannot be opened: " + fileError("", err).Err.Error(), false
	}
	if err := checkColumns(f); err != nil {
		return "it is Parquet with " + err.Error(), false
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return "it is Parquet with the columns " + strings.Join(names, ", "), true
}
