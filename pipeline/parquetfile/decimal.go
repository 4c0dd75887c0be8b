package parquetfile

import (
	"fmt"
	"math/bits"
	"strconv"

	"github.com/parquet-go/parquet-go/format"
)

// Decimals are whole numbers, of which 10^scale are 1. They are yielded as the
// float64 nearest to each.

// maxDecimalBytes is how many bytes of a decimal are read, and maxDecimalDigits how
// many digits they hold for certain.
const (
	maxDecimalBytes  = 16
	maxDecimalDigits = 38
)

// decimal sets how a column of decimals is read, and reports whether the format
// allows the type and whether it is read here. width is of FIXED_LEN_BYTE_ARRAY.
func (c *column) decimal(t *format.DecimalType, width int32) (allowed, read bool) {
	c.kind, c.scale, c.declared = kindDecimal, int(t.Scale), t.String()
	size := 0
	switch c.physical {
	case format.Int32:
		size = 4
	case format.Int64:
		size = 8
	case format.FixedLenByteArray:
		size = int(width)
		c.width = size
	case format.ByteArray:
		size = maxDecimalBytes
	}
	digits := (8*size - 1) * 30103 / 100000 // log10 of 2 to so many bits
	if c.physical == format.ByteArray {
		digits = int(t.Precision) // each value has bytes of its own, as many as it needs
	}
	allowed = 0 <= t.Scale && t.Scale <= t.Precision && 1 <= t.Precision && int(t.Precision) <= digits
	return allowed, allowed && size <= maxDecimalBytes && t.Precision <= maxDecimalDigits
}

// powersOfTen are those that are float64s.
var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// fromDecimal returns what converts decimals of at most 18 digits.
func fromDecimal[S int32 | int64](scale int) func(dst []float64, src []S) error {
	return func(dst []float64, src []S) error {
		for i, v := range src {
			dst[i] = decimalOf(int64(v)>>63, uint64(v), scale)
		}
		return nil
	}
}

// decimalOf returns the float64 nearest to an integer of two words over 10^scale.
func decimalOf(high int64, low uint64, scale int) float64 {
	if high < 0 {
		below, borrow := bits.Sub64(0, low, 0)
		above, _ := bits.Sub64(0, uint64(high), borrow)
		return -decimalFrom(above, below, scale)
	}
	return decimalFrom(uint64(high), low, scale)
}

// decimalFrom does so for one that is not negative, and at most 1<<127.
func decimalFrom(high, low uint64, scale int) float64 {
	if high == 0 && low < 1<<53 && scale < len(powersOfTen) {
		return float64(low) / powersOfTen[scale] // both are exact, so it is rounded once
	}
	above, below := bits.Div64(high, low, 1e19)
	v, err := strconv.ParseFloat(fmt.Sprintf("%d%019de-%d", above, below, scale), 64)
	if err != nil {
		panic(fmt.Sprintf("parquetfile: %v", err)) // 10^39 is no float64's limit
	}
	return v
}

// decimalBytes decodes decimals that are stored as bytes, the highest first.
type decimalBytes struct {
	scale int
	width int        // of each; 0 where they differ
	text  textReader // as they are decoded like text
	whole []byte     // values whose bytes lay apart
}

// decode fills dst with the values of a page or dictionary.
func (d *decimalBytes) decode(dst []float64, data []byte, encoding format.Encoding) error {
	t, fixed := &d.text.plain, d.width > 0
	if fixed && encoding == format.ByteStreamSplit {
		d.whole = resized(d.whole, len(data))
		if err := decodeStreamSplit(d.whole, data, d.width); err != nil {
			return err
		}
		data, encoding = d.whole, format.Plain
	}
	switch {
	case fixed && encoding == format.Plain:
		t.data = data
		if err := t.setWidth(len(dst), d.width); err != nil {
			return err
		}
	case encoding == format.DeltaByteArray, !fixed && (encoding == format.Plain || encoding == format.DeltaLengthByteArray):
		if err := d.text.decode(page{encoding: encoding, present: len(dst), data: data}); err != nil {
			return err
		}
	default:
		return fault(ErrColumnType, "encoding %d (%s) of decimals", encoding, encoding)
	}
	for i := range dst {
		unscaled := t.at(i)
		if n := len(unscaled); n == 0 || n > maxDecimalBytes || fixed && n != d.width {
			return damaged("decimal of %d bytes", n)
		}
		high := int64(int8(unscaled[0])) >> 7
		low := uint64(high)
		for _, b := range unscaled {
			high, low = high<<8|int64(low>>56), low<<8|uint64(b)
		}
		dst[i] = decimalOf(high, low, d.scale)
	}
	return nil
}
