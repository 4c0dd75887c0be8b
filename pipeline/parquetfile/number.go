package parquetfile

import (
	"encoding/binary"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go/format"

	"hardship/pipeline/internal/bitmap"
)

// addNumbers adds the values that valid, from bit first on, has, and looks for the
// least and the greatest of them. One of them has to be there. It returns the place
// of a NaN, which files do not have, or −1.
func addNumbers[T int32 | arrow.Date32 | int64 | arrow.Timestamp | float64](c *columnWriter, values []T, valid []byte, first int) (nan int) {
	bounds := make([]T, 0, 2)
	for from, to := range bitmap.Runs(valid, first, len(values)) {
		run := values[from:to]
		if len(bounds) == 0 {
			bounds = append(bounds, run[0], run[0])
		}
		least, most := bounds[0], bounds[1]
		for i, v := range run {
			if !(v >= least) { // also of a NaN
				if v != v {
					return from + i
				}
				least = v
			}
			if v > most {
				most = v
			}
		}
		bounds[0], bounds[1] = least, most
		c.values = append(c.values, bytesOf(run)...)
	}
	c.bound(bytesOf(bounds[:1]), bytesOf(bounds[1:]))
	return -1
}

// mostNumbers is how many different numbers a dictionary holds.
const mostNumbers = 4 << 10

// A numberDictionary is the different numbers of a row group, as long as they
// are few: numbers of a code are much less for zstd to look through, on the way
// out and on the way back. Pages after mostNumbers are plain.
type numberDictionary struct {
	bits   []uint64                 // by code
	slots  *[4 * mostNumbers]uint16 // of a hash table: a code and 1; 0 is free
	closed bool                     // no page is coded from now on
}

func (d *numberDictionary) reset() {
	if len(d.bits) > 0 {
		clear(d.slots[:])
	}
	d.bits, d.closed = d.bits[:0], false
}

// slotBits is the logarithm of the number of slots.
const slotBits = 14

// code returns the code of a number; ok is false if there is no room for it.
func (d *numberDictionary) code(number uint64) (code int32, ok bool) {
	for slot := number * 0x9e3779b97f4a7c15 >> (64 - slotBits); ; slot = (slot + 1) % uint64(len(d.slots)) {
		switch code := int(d.slots[slot]) - 1; {
		case code < 0:
			if len(d.bits) == mostNumbers {
				return 0, false
			}
			d.bits = append(d.bits, number)
			d.slots[slot] = uint16(len(d.bits))
			return int32(len(d.bits) - 1), true
		case d.bits[code] == number:
			return int32(code), true
		}
	}
}

// codeNumbers finds the codes of the page's numbers. It reports false if they are
// better left plain: where the dictionary is full, or half of the numbers of the
// first page would have to be in it.
func (c *columnWriter) codeNumbers() bool {
	d := &c.numbers
	if c.series || d.closed || len(c.values) == 0 {
		return false
	}
	if d.slots == nil {
		d.slots = new([4 * mostNumbers]uint16)
	}
	before := len(d.bits)
	width := c.width()
	n := len(c.values) / width
	c.codes = slices.Grow(c.codes[:0], n)[:n]
	most := mostNumbers
	if before == 0 {
		most = n / 2
	}
	last, code := uint64(0), int32(-1)
	for i := range c.codes {
		number := c.number(i, width)
		if number == last && code >= 0 {
			c.codes[i] = code
			continue
		}
		var ok bool
		if code, ok = d.code(number); !ok || len(d.bits) > most {
			d.bits, d.closed = d.bits[:before], true
			clear(d.slots[:])
			c.codes = c.codes[:0]
			return false
		}
		c.codes[i], last = code, number
	}
	return true
}

// width returns the bytes of a number.
func (c *columnWriter) width() int {
	if c.physical == format.Int32 {
		return 4
	}
	return 8
}

// number returns the bits of the i-th number of the page.
func (c *columnWriter) number(i, width int) uint64 {
	if width == 4 {
		return uint64(binary.LittleEndian.Uint32(c.values[4*i:]))
	}
	return binary.LittleEndian.Uint64(c.values[8*i:])
}

// plain returns the numbers by code, as they are stored.
func (d *numberDictionary) plain(physical format.Type) []byte {
	var content []byte
	for _, number := range d.bits {
		if physical == format.Int32 {
			content = binary.LittleEndian.AppendUint32(content, uint32(number))
		} else {
			content = binary.LittleEndian.AppendUint64(content, number)
		}
	}
	return content
}
