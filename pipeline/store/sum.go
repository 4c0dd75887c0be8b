package store

import (
	"hash/crc32"
	mathbits "math/bits"

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
	groups  [][]cellSum
	rows    int // so far
	scratch []byte
}

// A cellSum is of one column of one row group: of which cells are null, and of the
// cells with zeros for nulls.
type cellSum struct{ valid, values uint32 }

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
			group[c] = s.column(group[c], column)
		}
		s.rows += to - from
		from = to
	}
}

// column adds the cells of a column to a sum.
func (s *sums) column(sum cellSum, a arrow.Array) cellSum {
	n := a.Len()
	width, values := s.cells(a)
	switch nulls := a.NullN(); {
	case nulls == n:
		sum.valid, sum.values = repeated(sum.valid, zeros[:], n), repeated(sum.values, zeros[:], n*width)
	case nulls == 0:
		sum.valid, sum.values = repeated(sum.valid, ones[:], n), crc32.Update(sum.values, castagnoli, values)
	default:
		known := s.scratched(n + n*width)
		cells := known[n:]
		bits, offset := a.NullBitmapBytes(), a.Data().Offset()
		for row := 0; row < n; row += 64 {
			to := min(n, row+64)
			switch present := bitmap.Word(bits, offset+row, to-row); present {
			case 0:
				clear(known[row:to])
				clear(cells[row*width : to*width])
			default:
				copy(known[row:to], ones[:])
				copy(cells[row*width:to*width], values[row*width:])
				for absent := ^present << (64 - (to - row)) >> (64 - (to - row)); absent != 0; absent &= absent - 1 {
					i := row + mathbits.TrailingZeros64(absent)
					known[i] = 0
					clear(cells[i*width : (i+1)*width])
				}
			}
		}
		sum.valid, sum.values = crc32.Update(sum.valid, castagnoli, known[:n]), crc32.Update(sum.values, castagnoli, cells)
	}
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
	case *array.Boolean:
		values = make([]byte, n) // of nulls nothing counts
		bits, offset := a.Data().Buffers()[1].Bytes(), a.Data().Offset()
		for row := range values {
			values[row] = bits[(offset+row)/8] >> ((offset + row) % 8) & 1
		}
		return 1, values
	case *array.String:
		texts := make([]uint32, n)
		for row := range texts {
			if a.IsValid(row) {
				texts[row] = textSum(a.Value(row))
			}
		}
		return 4, arrow.Uint32Traits.CastToBytes(texts)
	case *array.Dictionary:
		words := a.Dictionary().(*array.String)
		ofWord := make([]uint32, words.Len())
		for i := range ofWord {
			ofWord[i] = textSum(words.Value(i))
		}
		texts := make([]uint32, n)
		for row, code := range a.Indices().(*array.Int32).Int32Values() {
			if uint(code) < uint(len(ofWord)) { // of a null it may be any
				texts[row] = ofWord[code]
			}
		}
		return 4, arrow.Uint32Traits.CastToBytes(texts)
	}
	panic("store: column of type " + a.DataType().String())
}

func textSum(s string) uint32 { return crc32.Checksum([]byte(s), castagnoli) }

func (s *sums) scratched(n int) []byte {
	if cap(s.scratch) < n {
		s.scratch = make([]byte, n)
	}
	return s.scratch[:n]
}

var zeros, ones [4 << 10]byte

func init() {
	for i := range ones {
		ones[i] = 1
	}
}

// repeated adds n bytes, of which block holds some, to a sum.
func repeated(sum uint32, block []byte, n int) uint32 {
	for ; n > 0; n -= len(block) {
		sum = crc32.Update(sum, castagnoli, block[:min(n, len(block))])
	}
	return sum
}
