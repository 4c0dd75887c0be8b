// Package parquetfile turns Parquet files into Arrow record batches and back.
// It is the only package that knows the Parquet format.
//
// Reading, step by step:
//
//  1. Open checks the two magic numbers, walks the footer by arithmetic, has it
//     decoded, and checks every offset, length and count in it (footer.go).
//  2. Batches walks the page headers of the columns asked for, again by
//     arithmetic, and compares sizes and counts with Limits (page.go).
//  3. Only then are pages read: checksum, decompression into a buffer of the
//     declared size (decompress.go), decoding of exactly the declared number of
//     values (encoding.go).
//  4. One reader per column collects pages into Arrow arrays (fixed.go,
//     text.go, array.go), which Batches yields as records of equal length
//     (batch.go).
//
// A damaged or hostile file gives an error that wraps ErrDamaged or ErrLimit,
// never a panic, and never more memory than Limits allow. Values that a file
// without checksums has lost to a flipped bit cannot be noticed; files written
// by Write have checksums on every page.
//
// Only flat columns are read, and all types come down to the seven that Write
// writes: bool, int32, int64, float64, string, date32 and timestamp[us, UTC]. A
// DECIMAL of at most 38 digits, however it is stored, is the float64 nearest to it.
// Other types, such as FLOAT16 and TIME, are not read.
//
// # Decisions
//
// 2026-11, pages are decoded here. The page reader of parquet-go 0.32 cannot be
// guarded from outside. Measured: a zstd page that declares 80 bytes made it
// allocate 5 GB, without an error; of a plain and of a delta page cut short it
// returned all values, the missing ones made up. From its source: a broken LZ4
// block makes it double its buffer until memory ends. So parquet-go decodes the
// footer, and what lies between is done here, where the length of every slice is
// known beforehand.
//
// 2026-11, pages are encoded here too (column.go, write.go). parquet-go takes rows
// as values of 24 bytes each, of which a daily table has 70 million for a thousand
// areas: it took three times as long as compression and reading back together.
// Its structures of the format are used; runs are made here (runs.go).
//
// 2026-11, all pages are of zstd. Measured on daily tables of 1.6 million rows: Snappy
// takes half the time for numbers that are not coded, and makes files a fifth larger;
// splitting their bytes into streams makes them larger, too, and takes longer; a
// dictionary of up to 64,000 numbers saves no time and, where they repeat less, no
// bytes. What pays is to leave out, where it is to be fast, the search for a code of
// those bytes of them that do not repeat: a quarter of the time for 0.5 % more bytes.
// Finding repeats of whole numbers only takes a seventh to a half as long as all this,
// before they are encoded, but numbers share parts more often: mean temperatures, of
// 4.0 bytes each, would by the entropy of what is left take 7.2.
//
// 2026-11, records own ordinary Go memory. Release on them does nothing that
// the garbage collector would not do, so there is no allocator to pass in and
// no leak to look for.
package parquetfile
