package parquetfile

import (
	"encoding/binary"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// A validityBuilder collects which rows of an array are not null. It makes no
// bitmap before there is a null.
type validityBuilder struct {
	rows   int // of the array when it is complete
	filled int
	nulls  int
	bitmap []byte
}

func (v *validityBuilder) appendPresent(n int) {
	if v.bitmap != nil {
		setBits(v.bitmap, v.filled, n)
	}
	v.filled += n
}

// appendLevels appends a level for each row, of which present are 1.
func (v *validityBuilder) appendLevels(levels []byte, present int) {
	if v.bitmap == nil && present < len(levels) {
		v.bitmap = make([]byte, (v.rows+7)/8)
		setBits(v.bitmap, 0, v.filled)
	}
	if v.bitmap != nil {
		orBits(v.bitmap, v.filled, levels)
	}
	v.filled += len(levels)
	v.nulls += len(levels) - present
}

// setBits sets n bits from the given one.
func setBits(bitmap []byte, from, n int) {
	for ; n > 0 && from&7 != 0; from, n = from+1, n-1 {
		bitmap[from>>3] |= 1 << (from & 7)
	}
	for ; n >= 8; from, n = from+8, n-8 {
		bitmap[from>>3] = 0xff
	}
	for ; n > 0; from, n = from+1, n-1 {
		bitmap[from>>3] |= 1 << (from & 7)
	}
}

// orBits sets, from the given bit on, those whose byte in truths is 1. The
// other bytes are 0, as are the bits before.
func orBits(bitmap []byte, from int, truths []uint8) {
	for ; len(truths) > 0 && (from&7 != 0 || len(truths) < 8); from, truths = from+1, truths[1:] {
		bitmap[from>>3] |= truths[0] << (from & 7)
	}
	for ; len(truths) >= 8; from, truths = from+8, truths[8:] {
		// The factor moves the lowest bit of byte i to bit 56+i.
		bitmap[from>>3] = byte(binary.LittleEndian.Uint64(truths) * 0x0102040810204080 >> 56)
	}
	for i, truth := range truths {
		bitmap[from>>3] |= truth << i
	}
}

func packBits(truths []uint8) []byte {
	bitmap := make([]byte, (len(truths)+7)/8)
	orBits(bitmap, 0, truths)
	return bitmap
}

// newArray returns an array of n rows over the given buffers.
func newArray(t arrow.DataType, n int, validity validityBuilder, buffers ...*memory.Buffer) arrow.Array {
	var bitmap *memory.Buffer
	if validity.bitmap != nil {
		bitmap = memory.NewBufferBytes(validity.bitmap)
	}
	data := array.NewData(t, n, append([]*memory.Buffer{bitmap}, buffers...), nil, validity.nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// codedAs is the type of columns that are codes of values of another.
func codedAs(t arrow.DataType) *arrow.DictionaryType {
	return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: t}
}

// newDictionary returns an array of n rows that are codes of the values of another.
func newDictionary(t *arrow.DictionaryType, n int, validity validityBuilder, codes *memory.Buffer, values *array.Data) arrow.Array {
	var bitmap *memory.Buffer
	if validity.bitmap != nil {
		bitmap = memory.NewBufferBytes(validity.bitmap)
	}
	data := array.NewDataWithDictionary(t, n, []*memory.Buffer{bitmap, codes}, validity.nulls, 0, values)
	defer data.Release()
	return array.MakeFromData(data)
}
