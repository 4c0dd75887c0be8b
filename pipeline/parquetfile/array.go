package parquetfile

import (
	"encoding/binary"
	"math/bits"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/internal/bitmap"
)

// A validityBuilder collects which rows of an array are not null. It makes no
// bitmap before there is a null.
type validityBuilder struct {
	rows   int // of the array when it is complete
	filled int
	nulls  int
	bitmap []byte
}

// append appends the levels of n rows, of which present are 1, from bit first on; nil
// is all of them.
func (v *validityBuilder) append(levels []byte, first, n, present int) {
	if v.bitmap == nil && present < n {
		v.bitmap = make([]byte, (v.rows+7)/8)
		setBits(v.bitmap, 0, v.filled)
	}
	switch {
	case v.bitmap == nil || present == 0:
	case present == n:
		setBits(v.bitmap, v.filled, n)
	default:
		orBits(v.bitmap, v.filled, levels, first, n)
	}
	v.filled += n
	v.nulls += n - present
}

// setBits sets n bits from the given one.
func setBits(set []byte, from, n int) {
	for ; n > 0 && from&7 != 0; from, n = from+1, n-1 {
		set[from>>3] |= 1 << (from & 7)
	}
	for ; n >= 8; from, n = from+8, n-8 {
		set[from>>3] = 0xff
	}
	for ; n > 0; from, n = from+1, n-1 {
		set[from>>3] |= 1 << (from & 7)
	}
}

// orBits sets those of n bits from at on, all of them 0, that src has set from bit
// first on, and returns how many these are.
func orBits(dst []byte, at int, src []byte, first, n int) (ones int) {
	for i := 0; i < n; {
		rest, shift, k := dst[(at+i)>>3:], (at+i)&7, 8
		if len(rest) >= 8 {
			k = 64
		}
		k = min(n-i, k-shift)
		word := bitmap.Word(src, first+i, k)
		if ones += bits.OnesCount64(word); len(rest) >= 8 {
			binary.LittleEndian.PutUint64(rest, binary.LittleEndian.Uint64(rest)|word<<shift)
		} else {
			rest[0] |= byte(word << shift)
		}
		i += k
	}
	return ones
}

// packBits returns a bit for each byte, which is 0 or 1.
func packBits(truths []uint8) []byte {
	packed := make([]byte, (len(truths)+7)/8)
	at := 0
	for ; len(truths) >= 8; at, truths = at+1, truths[8:] {
		// The factor moves the lowest bit of byte i to bit 56+i.
		packed[at] = byte(binary.LittleEndian.Uint64(truths) * 0x0102040810204080 >> 56)
	}
	for i, truth := range truths {
		packed[at] |= truth << i
	}
	return packed
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
