package table

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/hour"
)

// Columns makes a Table of a known number of rows column by column, where a
// Builder, which goes by rows, would take most of the time. A column that is not
// set is null, and Table panics if the schema does not allow that.
type Columns struct {
	schema  *Schema
	rows    int
	columns []arrow.Array
}

// NewColumns returns a maker of a table of the given number of rows.
func NewColumns(s *Schema, rows int) *Columns {
	return &Columns{s, rows, make([]arrow.Array, len(s.Columns))}
}

func (c *Columns) set(name string, typ Type, column arrow.Array) {
	i := c.schema.Index(name)
	if i < 0 || c.schema.Columns[i].Type != typ {
		panic(fmt.Sprintf("table: %s has no column %s of type %v", c.schema.Name, name, typ))
	}
	if c.columns[i] != nil {
		panic("table: " + c.schema.Name + "." + name + " set twice")
	}
	if column.NullN() > 0 && !c.schema.Columns[i].Null {
		panic("table: " + c.schema.Name + "." + name + " holds a null")
	}
	c.columns[i] = column
}

// validity gathers which rows of a column have a value.
type validity struct {
	bits  []byte
	nulls int
}

func newValidity(rows int) validity {
	return validity{bits: make([]byte, bitutil.BytesForBits(int64(rows)))}
}

func (v *validity) set(row int, ok bool) {
	if ok {
		v.bits[row>>3] |= 1 << (row & 7)
	} else {
		v.nulls++
	}
}

func (v *validity) array(t arrow.DataType, rows int, values []byte) arrow.Array {
	var valid *memory.Buffer
	switch {
	case v.nulls == rows && rows > 0:
		return nulls(t, rows)
	case v.nulls > 0:
		valid = memory.NewBufferBytes(v.bits)
	}
	return array.MakeFromData(array.NewData(t, rows, []*memory.Buffer{valid, memory.NewBufferBytes(values)}, nil, v.nulls, 0))
}

// Marks are a bit for each row of a column that is filled row by row. The zero
// Marks have none set.
type Marks struct {
	bits []byte
	set  int
}

// Set sets the bit of a row, which must come after those set before.
func (m *Marks) Set(row int) {
	for len(m.bits) <= row>>3 {
		m.bits = append(m.bits, 0)
	}
	m.bits[row>>3] |= 1 << (row & 7)
	m.set++
}

// Has reports whether a row's bit is set.
func (m *Marks) Has(row int) bool {
	return row>>3 < len(m.bits) && m.bits[row>>3]>>(row&7)&1 == 1
}

// validity returns the marks as those of the rows that have a value.
func (m Marks) validity(rows int) validity {
	return validity{bits: slices.Concat(m.bits, make([]byte, bitmapLen(rows)-len(m.bits))), nulls: rows - m.set}
}

// zeros are the bytes of nulls, which columns share. They are never written to.
var zeros [64 << 10]byte

// nulls returns a column of nulls.
func nulls(t arrow.DataType, rows int) arrow.Array {
	size := 8 * (rows + 1) // the widest, and one more for the ends of texts
	bytes := zeros[:]
	if size > len(bytes) {
		bytes = make([]byte, size)
	}
	buffers := []*memory.Buffer{memory.NewBufferBytes(bytes[:bitutil.BytesForBits(int64(rows))]), memory.NewBufferBytes(bytes[:size])}
	if t == CodedText {
		none := array.NewStringBuilder(memory.DefaultAllocator).NewArray()
		return array.MakeFromData(array.NewDataWithDictionary(t, rows, buffers, rows, 0, none.Data().(*array.Data)))
	}
	if t.ID() == arrow.STRING {
		buffers = append(buffers, nil)
	}
	return array.MakeFromData(array.NewData(t, rows, buffers, nil, rows, 0))
}

// Float64 sets a column of numbers; NaN and infinities become null.
func (c *Columns) Float64(name string, at func(row int) float64) {
	values := make([]float64, c.rows)
	for row := range values {
		values[row] = at(row)
	}
	c.Float64s(name, values)
}

// Float64s sets a column of numbers, of which it makes NaN and infinities null. The
// table takes the slice.
func (c *Columns) Float64s(name string, values []float64) {
	known := func(v float64) bool { return v-v == 0 } // neither NaN nor infinite
	valid := validity{}
	for row := range values {
		if known(values[row]) {
			continue
		}
		valid = newValidity(c.rows)
		break
	}
	for i := range valid.bits {
		eight := values[8*i : min(8*i+8, c.rows)]
		bits := byte(0)
		for k, v := range eight {
			if known(v) {
				bits |= 1 << k
			} else {
				eight[k] = 0
				valid.nulls++
			}
		}
		valid.bits[i] = bits
	}
	c.set(name, Float64, valid.array(Float64.Arrow(), c.rows, arrow.Float64Traits.CastToBytes(fitting(values))))
}

// Int32 sets a column of whole numbers.
func (c *Columns) Int32(name string, at func(row int) (v int32, ok bool)) {
	values, valid := make([]int32, c.rows), newValidity(c.rows)
	for i := range valid.bits {
		eight := values[8*i : min(8*i+8, c.rows)]
		bits := byte(0)
		for k := range eight {
			if v, ok := at(8*i + k); ok {
				eight[k] = v
				bits |= 1 << k
			} else {
				valid.nulls++
			}
		}
		valid.bits[i] = bits
	}
	c.set(name, Int32, valid.array(Int32.Arrow(), c.rows, arrow.Int32Traits.CastToBytes(values)))
}

// Bool sets a column of truth values.
func (c *Columns) Bool(name string, at func(row int) (v, ok bool)) {
	values, valid := newValidity(c.rows), newValidity(c.rows)
	for i := range valid.bits {
		bits, known := byte(0), byte(0)
		for k := range min(8, c.rows-8*i) {
			v, ok := at(8*i + k)
			if !ok {
				valid.nulls++
				continue
			}
			known |= 1 << k
			if v {
				bits |= 1 << k
			}
		}
		values.bits[i], valid.bits[i] = bits, known
	}
	c.set(name, Bool, valid.array(Bool.Arrow(), c.rows, values.bits))
}

// Dates sets a column of days that follow one another.
func (c *Columns) Dates(name string, first hour.Day) {
	values := make([]arrow.Date32, c.rows)
	for row := range values {
		values[row] = arrow.Date32(first) + arrow.Date32(row)
	}
	c.dates(name, values)
}

// Date sets a column of days.
func (c *Columns) Date(name string, at func(row int) hour.Day) {
	values := make([]arrow.Date32, c.rows)
	for row := range values {
		values[row] = arrow.Date32(at(row))
	}
	c.dates(name, values)
}

func (c *Columns) dates(name string, values []arrow.Date32) {
	all := validity{}
	c.set(name, Date, all.array(Date.Arrow(), c.rows, arrow.Date32Traits.CastToBytes(values)))
}

// Timestamp sets a column of times.
func (c *Columns) Timestamp(name string, at func(row int) hour.Instant) {
	values := make([]int64, c.rows)
	for row := range values {
		values[row] = int64(at(row))
	}
	c.set(name, Timestamp, array.MakeFromData(array.NewData(Timestamp.Arrow(), c.rows, []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(values))}, nil, 0, 0)))
}

// Text sets a column of mostly different texts: each call appends one.
func (c *Columns) Text(name string, appendTo func(text []byte, row int) []byte) {
	var text []byte
	ends := make([]int32, c.rows+1)
	for row := range c.rows {
		text = appendTo(text, row)
		if row == 0 { // most are as long as the first
			text = slices.Grow(text, len(text)*(c.rows-1))
		}
		if len(text) > math.MaxInt32 {
			panic(errTooMuchText)
		}
		ends[row+1] = int32(len(text))
	}
	c.set(name, String, array.MakeFromData(array.NewData(String.Arrow(), c.rows, []*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(ends)), memory.NewBufferBytes(text)}, nil, 0, 0)))
}

// String sets a column of few different texts; "" becomes null.
func (c *Columns) String(name string, at func(row int) string) {
	codes, valid := make([]int32, c.rows), newValidity(c.rows)
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	byText := map[string]int32{}
	last, lastCode := "", int32(-1)
	for row := range codes {
		s := at(row)
		if valid.set(row, s != ""); s == "" {
			continue
		}
		if s != last {
			code, ok := byText[s]
			if !ok {
				code = int32(len(byText))
				byText[s] = code
				texts.Append(s)
			}
			last, lastCode = s, code
		}
		codes[row] = lastCode
	}
	if valid.nulls == c.rows && c.rows > 0 {
		c.set(name, String, nulls(CodedText, c.rows))
		return
	}
	c.set(name, String, coded(codes, valid, texts.NewArray()))
}

// coded returns a column of codes of texts.
func coded(codes []int32, valid validity, texts arrow.Array) arrow.Array {
	var bits *memory.Buffer
	if valid.nulls > 0 {
		bits = memory.NewBufferBytes(valid.bits)
	}
	buffers := []*memory.Buffer{bits, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(codes))}
	return array.NewDictionaryData(array.NewDataWithDictionary(CodedText, len(codes), buffers, valid.nulls, 0, texts.Data().(*array.Data)))
}

// Nulls returns a column of nulls.
func Nulls(t Type, rows int) arrow.Array {
	if t == String {
		return nulls(CodedText, rows)
	}
	return nulls(t.Arrow(), rows)
}

// Codes sets a column of texts that the caller has numbered, by row. "" becomes
// null. The table takes the slice, as it does those of the methods after this one.
func (c *Columns) Codes(name string, words []string, codes []int32) {
	valid := validity{}
	if slices.Contains(words, "") {
		valid = newValidity(c.rows)
		for row, code := range codes {
			valid.set(row, words[code] != "")
		}
	}
	if valid.nulls == c.rows && c.rows > 0 {
		c.set(name, String, nulls(CodedText, c.rows))
		return
	}
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	texts.AppendValues(words, nil)
	c.set(name, String, coded(fitting(codes), valid, texts.NewArray()))
}

// Timestamps sets a column of times.
func (c *Columns) Timestamps(name string, at []int64) {
	all := validity{}
	c.set(name, Timestamp, all.array(Timestamp.Arrow(), c.rows, arrow.Int64Traits.CastToBytes(fitting(at))))
}

// Int32s sets a column of whole numbers, of which those not known are 0.
func (c *Columns) Int32s(name string, values []int32, known Marks) {
	valid := known.validity(c.rows)
	c.set(name, Int32, valid.array(Int32.Arrow(), c.rows, arrow.Int32Traits.CastToBytes(fitting(values))))
}

// Int64s sets a column of whole numbers, of which those not known are 0.
func (c *Columns) Int64s(name string, values []int64, known Marks) {
	valid := known.validity(c.rows)
	c.set(name, Int64, valid.array(Int64.Arrow(), c.rows, arrow.Int64Traits.CastToBytes(fitting(values))))
}

// Bools sets a column of truth values, true where marked.
func (c *Columns) Bools(name string, marked Marks) {
	all, values := validity{}, marked.validity(c.rows)
	c.set(name, Bool, all.array(Bool.Arrow(), c.rows, values.bits))
}

// Same sets a column to one text in all rows, whose codes columns share.
func (c *Columns) Same(name, text string) {
	codes := arrow.Int32Traits.CastFromBytes(zeros[:])
	if c.rows > len(codes) {
		codes = make([]int32, c.rows)
	}
	c.Codes(name, []string{text}, codes[:c.rows:c.rows])
}

// Table returns the table.
func (c *Columns) Table() *Table {
	for i, column := range c.columns {
		if column != nil {
			continue
		}
		if !c.schema.Columns[i].Null && c.rows > 0 {
			panic("table: " + c.schema.Name + " has no " + c.schema.Columns[i].Name)
		}
		c.columns[i] = Nulls(c.schema.Columns[i].Type, c.rows)
	}
	return NewCoded(c.schema, int64(c.rows), c.columns)
}
