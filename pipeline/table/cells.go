package table

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// cells are those of one column, in the layout of an Arrow array: Arrow's own
// builders take several times as long for a cell.
type cells struct {
	name     string
	kind     Type
	optional bool // it may hold nulls
	mostRows int  // of the largest table made so far in which it had a value
	mostText int  // bytes of text, likewise

	rows int // cells so far, nulls among them

	valid []byte // a bit a cell, 0 for a null; nil while there is no null
	nulls int

	// The values, of the type's width; those of nulls are 0.
	bits    []byte    // Bool
	int32s  []int32   // Int32, Date
	int64s  []int64   // Int64, Timestamp
	floats  []float64 // Float64
	offsets []int32   // String: 0, then where each text ends
	text    []byte
}

func newCells(c Column) cells {
	return (&cells{name: c.Name, kind: c.Type, optional: c.Null}).next()
}

// next returns the cells of the same column in the next table.
func (c *cells) next() cells {
	n := cells{name: c.name, kind: c.kind, optional: c.optional, mostRows: c.mostRows, mostText: max(c.mostText, len(c.text))}
	if c.rows > c.nulls {
		n.mostRows = max(n.mostRows, c.rows)
	}
	if c.kind == String {
		n.offsets = []int32{0}
	}
	return n
}

// reserve makes room for as many cells again as there are, or as the column had
// before.
func (c *cells) reserve() {
	rows := c.mostRows
	if c.rows > c.nulls {
		rows = max(rows-c.rows, c.rows)
	}
	switch c.kind {
	case Bool:
		c.bits = slices.Grow(c.bits, rows/8+1)
	case Int32, Date:
		c.int32s = slices.Grow(c.int32s, rows)
	case Int64, Timestamp:
		c.int64s = slices.Grow(c.int64s, rows)
	case Float64:
		c.floats = slices.Grow(c.floats, rows)
	case String:
		c.offsets = slices.Grow(c.offsets, rows)
		c.text = slices.Grow(c.text, max(c.mostText-len(c.text), len(c.text)))
	}
}

const errTooMuchText = "table: more text in a column than 32 bits count"

// known counts a cell whose value has been added.
func (c *cells) known() {
	if c.valid != nil {
		c.valid = setBit(c.valid, c.rows, true)
	}
	c.rows++
}

// pad adds nulls until there are as many cells.
func (c *cells) pad(rows int) {
	n := rows - c.rows
	if n <= 0 {
		return
	}
	if c.valid == nil {
		c.valid = make([]byte, 0, rows/8+1)
		for i := range c.rows {
			c.valid = setBit(c.valid, i, true)
		}
	}
	c.valid = append(c.valid, make([]byte, bitmapLen(rows)-len(c.valid))...)
	c.nulls += n
	c.rows = rows
	switch c.kind {
	case Bool:
		c.bits = append(c.bits, make([]byte, bitmapLen(rows)-len(c.bits))...)
	case Int32, Date:
		c.int32s = append(c.int32s, make([]int32, n)...)
	case Int64, Timestamp:
		c.int64s = append(c.int64s, make([]int64, n)...)
	case Float64:
		c.floats = append(c.floats, make([]float64, n)...)
	case String:
		for range n {
			c.offsets = append(c.offsets, int32(len(c.text)))
		}
	}
}

func bitmapLen(rows int) int { return (rows + 7) / 8 }

// setBit sets the i-th bit, behind those that there are.
func setBit(bits []byte, i int, on bool) []byte {
	if i/8 == len(bits) {
		bits = append(bits, 0)
	}
	if on {
		bits[i/8] |= 1 << (i % 8)
	}
	return bits
}

func (c *cells) addBool(v bool) {
	c.bits = setBit(c.bits, c.rows, v)
	c.known()
}

func (c *cells) addInt32(v int32) {
	c.int32s = append(c.int32s, v)
	c.known()
}

func (c *cells) addInt64(v int64) {
	c.int64s = append(c.int64s, v)
	c.known()
}

func (c *cells) addFloat64(v float64) {
	c.floats = append(c.floats, v)
	c.known()
}

func (c *cells) addString(v string) {
	if len(v) > math.MaxInt32-len(c.text) {
		panic(errTooMuchText)
	}
	c.text = append(c.text, v...)
	c.offsets = append(c.offsets, int32(len(c.text)))
	c.known()
}

// knownAll counts n cells whose values have been added.
func (c *cells) knownAll(n int) {
	if c.valid != nil {
		c.valid = setBits(c.valid, c.rows, n)
	}
	c.rows += n
}

// setBits sets n bits from the i-th on, behind those that there are.
func setBits(bits []byte, i, n int) []byte {
	for ; n > 0 && i%8 != 0; i, n = i+1, n-1 {
		bits = setBit(bits, i, true)
	}
	for ; n >= 8; i, n = i+8, n-8 {
		bits = append(bits, 0xff)
	}
	for ; n > 0; i, n = i+1, n-1 {
		bits = setBit(bits, i, true)
	}
	return bits
}

func (c *cells) repeatBool(v bool, n int) {
	if v {
		c.bits = setBits(c.bits, c.rows, n)
	} else {
		c.bits = append(c.bits, make([]byte, bitmapLen(c.rows+n)-len(c.bits))...)
	}
	c.knownAll(n)
}

func (c *cells) repeatInt64(v int64, n int) {
	c.int64s = slices.Grow(c.int64s, n)
	for range n {
		c.int64s = append(c.int64s, v)
	}
	c.knownAll(n)
}

func (c *cells) repeatString(v string, n int) {
	if n > 0 && len(v) > (math.MaxInt32-len(c.text))/n {
		panic(errTooMuchText)
	}
	from := len(c.text)
	c.text = slices.Grow(c.text, n*len(v))[:from+n*len(v)]
	for done := copy(c.text[from:], v); done < n*len(v); done *= 2 {
		copy(c.text[from+done:], c.text[from:from+done])
	}
	c.offsets = slices.Grow(c.offsets, n)
	for i := range n {
		c.offsets = append(c.offsets, int32(from+(i+1)*len(v)))
	}
	c.knownAll(n)
}

// array returns the cells and nulls behind them as an Arrow array, which takes
// their memory.
func (c *cells) array(rows int) arrow.Array {
	if c.nulls == c.rows && rows > 0 {
		return nulls(c.kind.Arrow(), rows)
	}
	c.pad(rows)
	buffers := []*memory.Buffer{nil, nil}
	if c.valid != nil {
		buffers[0] = memory.NewBufferBytes(c.valid)
	}
	switch c.kind {
	case Bool:
		buffers[1] = memory.NewBufferBytes(c.bits)
	case Int32, Date:
		buffers[1] = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(fitting(c.int32s)))
	case Int64, Timestamp:
		buffers[1] = memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(fitting(c.int64s)))
	case Float64:
		buffers[1] = memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(fitting(c.floats)))
	case String:
		buffers[1] = memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(fitting(c.offsets)))
		buffers = append(buffers, memory.NewBufferBytes(fitting(c.text)))
	default:
		panic(fmt.Sprintf("table: cells of type %v", c.kind))
	}
	return array.MakeFromData(array.NewData(c.kind.Arrow(), c.rows, buffers, nil, c.nulls, 0))
}

// fitting returns values in memory that is not much larger than they are: of
// small tables there may be very many.
func fitting[T any](values []T) []T {
	if cap(values)-len(values) > len(values)/4 {
		return append(make([]T, 0, len(values)), values...)
	}
	return values
}
