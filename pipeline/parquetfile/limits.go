package parquetfile

import "cmp"

// Limits bound what a file may ask for; errors name those that the settings
// limits: of a configuration can change. A zero field takes its value from
// DefaultLimits.
type Limits struct {
	MaxRows        int64 // rows of the file
	MaxBytes       int64 // decompressed bytes of the columns read, strings counted once per row
	MaxPageBytes   int64 // decompressed bytes of one page, dictionary, or dictionary of a batch
	MaxFooterBytes int64
	MaxColumns     int64 // fields of the schema, nested ones included
	MaxRatio       int64 // decompressed to compressed bytes, of large pages and of all pages together
}

// DefaultLimits suit files of this pipeline's size: some 10⁸ rows.
var DefaultLimits = Limits{
	MaxRows:        2_000_000_000,
	MaxBytes:       64 << 30,
	MaxPageBytes:   256 << 20,
	MaxFooterBytes: 64 << 20,
	MaxColumns:     4096,
	MaxRatio:       1000,
}

const (
	// A page or file within these sizes may be as compressible as it likes: a
	// column of one value is, honestly.
	freePageBytes  = 16 << 20
	freeTotalBytes = 256 << 20

	// What one column chunk of a footer costs at least in the file, and how many
	// chunks a footer may have; decoded, each takes some 600 bytes.
	minChunkBytes = 20
	maxChunks     = 1 << 19

	maxRowGroups   = 1<<15 - 1 // the format counts them in 16 bits
	maxSchemaDepth = 32
)

func (l Limits) orDefault() Limits {
	return Limits{
		MaxRows:        cmp.Or(l.MaxRows, DefaultLimits.MaxRows),
		MaxBytes:       cmp.Or(l.MaxBytes, DefaultLimits.MaxBytes),
		MaxPageBytes:   cmp.Or(l.MaxPageBytes, DefaultLimits.MaxPageBytes),
		MaxFooterBytes: cmp.Or(l.MaxFooterBytes, DefaultLimits.MaxFooterBytes),
		MaxColumns:     cmp.Or(l.MaxColumns, DefaultLimits.MaxColumns),
		MaxRatio:       cmp.Or(l.MaxRatio, DefaultLimits.MaxRatio),
	}
}
