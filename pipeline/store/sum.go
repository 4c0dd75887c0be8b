package store

import (
	"hash/crc32"
	"math/bits"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/internal/bitmap"
	"hardship/pipeline/parquetfile"
)

// Sums are checksums of what a table's cells say, by row group and column: those
// of the rows that are written are compared with those of the rows that are read
// back, since the rows themselves are not kept. They do not depend on how rows come
// in records, nor on whether text is coded.
type sums struct {
	groups [][]cellSum
	rows   int // so far

	// Memory used again.
	known        []byte
	texts, words []uint32
}

// A cellSum is of one column of one row group.
type cellSum struct {
	present runSum // of the rows with a value
	truths  runSum // of those with the value true
	values  uint32 // checksum of other values, one after the other
}

// A runSum is a checksum of some of the rows of a row group, which come in order and
// in runs, however these are cut.
type runSum struct {
	sum uint64 // of the runs before the last one
	end int    // of the last one
}

// add adds the rows from and to−1.
func (s *runSum) add(from, to int) {
	if from > s.end {
		// Odd factors lose nothing: where one end of a run is another, so is the sum.
		s.sum = bits.RotateLeft64((s.sum^uint64(s.end)<<32^uint64(from))*0x9e3779b97f4a7c15, 29)
	}
	s.end = to
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// add takes the next rows.
func (s *sums) add(record arrow.Record) {
	for from, n := 0, int(record.NumRows()); from < n; {
		in := s.rows % parquetfile.MaxBatchRows
		if in == 0 {
			s.groups = append(s.groups, make([]cellSum, record.NumCols()))
		}
		to := min(n, from+parquetfile.MaxBatchRows-in)
		group := s.groups[len(s.groups)-1]
		for c := range group {
			column := record.Column(c)
			if from > 0 || to < n {
				column = array.NewSlice(column, int64(from), int64(to))
			}
			group[c] = s.column(group[c], column, in)
		}
		s.rows += to - from
		from = to
	}
}

// column adds the cells of a column to a sum, the first of them that of a row of the
// row group.
func (s *sums) column(sum cellSum, a arrow.Array, at int) cellSum {
	n, nulls, valid, first := a.Len(), a.NullN(), a.NullBitmapBytes(), a.Data().Offset()
	if nulls == n {
		return sum
	}
	if nulls == 0 {
		valid = nil
	}
	if truths, ok := a.(*array.Boolean); ok {
		set := truths.Data().Buffers()[1].Bytes()
		for from, to := range bitmap.Runs(valid, first, n) {
			sum.present.add(at+from, at+to)
			for begin, end := range bitmap.Runs(set, first+from, to-from) {
				sum.truths.add(at+from+begin, at+from+end)
			}
		}
		return sum
	}
	width, values := s.cells(a)
	known := s.known[:0]
	for from, to := range bitmap.Runs(valid, first, n) {
		sum.present.add(at+from, at+to)
		if nulls > 0 {
			known = append(known, values[from*width:to*width]...)
		}
	}
	if nulls > 0 {
		values, s.known = known, known
	}
	sum.values = crc32.Update(sum.values, castagnoli, values)
	return sum
}

// cells returns what the cells of a column hold, each of width bytes.
func (s *sums) cells(a arrow.Array) (width int, values []byte) {
	n := a.Len()
	switch a := a.(type) {
	case *array.Int32:
		return 4, arrow.Int32Traits.CastToBytes(a.Int32Values())
	case *array.Int64:
		return 8, arrow.Int64Traits.CastToBytes(a.Int64Values())
	case *array.Float64:
		return 8, arrow.Float64Traits.CastToBytes(a.Float64Values())
	case *array.Date32:
		return 4, arrow.Date32Traits.CastToBytes(a.Date32Values())
	case *array.Timestamp:
		return 8, arrow.TimestampTraits.CastToBytes(a.TimestampValues())
	case *array.String:
		return 4, arrow.Uint32Traits.CastToBytes(textSums(&s.texts, a))
	case *array.Dictionary:
		words := textSums(&s.words, a.Dictionary().(*array.String))
		s.texts = slices.Grow(s.texts[:0], n)[:n]
		for row, code := range a.Indices().(*array.Int32).Int32Values() {
			if uint(code) < uint(len(words)) { // of a null it may be any
				s.texts[row] = words[code]
			}
		}
		return 4, arrow.Uint32Traits.CastToBytes(s.texts)
	}
	panic("store: column of type " + a.DataType().String())
}

// textSums returns the checksums of texts, in memory that is used again.
func textSums(memory *[]uint32, texts *array.String) []uint32 {
	n := texts.Len()
	sums := slices.Grow((*memory)[:0], n)[:n]
	if *memory = sums; n == 0 {
		return sums
	}
	all, from := texts.ValueBytes(), texts.ValueOffset(0)
	for i := range sums {
		sums[i] = crc32.Checksum(all[texts.ValueOffset(i)-from:texts.ValueOffset(i+1)-from], castagnoli)
	}
	return sums
}
