package parquetfile

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go/format"

	"hardship/pipeline/internal/bitmap"
	"hardship/pipeline/internal/ring"
)

// A columnReader turns the pages of one column into arrays.
type columnReader interface {
	// open starts on the chunk of another row group.
	open(chunk)
	// read returns the next rows, n at most and one at least, of which the
	// chunk has n or more left.
	read(n int) (arrow.Array, error)
}

// newColumnReader returns the reader of a column. Its type is chosen here,
// once, so that the loops inside know theirs.
func newColumnReader(c *column, pages pageReader, options ReadOptions, coded bool) columnReader {
	pages.optional = c.optional
	t := c.kind.arrowType()
	switch c.kind {
	case kindBool:
		return &fixedReader[uint8, uint8]{pages: pages, arrowType: t, out: ring.New[uint8](options.Reuse), codesOut: ring.New[uint32](options.Reuse)}
	case kindInt32, kindDate:
		return &fixedReader[int32, int32]{pages: pages, arrowType: t, out: ring.New[int32](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded}
	case kindUint32:
		return &fixedReader[int32, int64]{pages: pages, arrowType: t, out: ring.New[int64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromUint32}
	case kindInt64, kindMicros:
		return &fixedReader[int64, int64]{pages: pages, arrowType: t, out: ring.New[int64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded}
	case kindUint64:
		return &fixedReader[int64, int64]{pages: pages, arrowType: t, out: ring.New[int64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromUint64}
	case kindMillis:
		return &fixedReader[int64, int64]{pages: pages, arrowType: t, out: ring.New[int64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromMillis}
	case kindNanos:
		return &fixedReader[int64, int64]{pages: pages, arrowType: t, out: ring.New[int64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromNanos}
	case kindInt96:
		return &fixedReader[int96, int64]{pages: pages, arrowType: t, out: ring.New[int64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromInt96}
	case kindFloat32:
		return &fixedReader[float32, float64]{pages: pages, arrowType: t, out: ring.New[float64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromFloat32}
	case kindFloat64:
		return &fixedReader[float64, float64]{pages: pages, arrowType: t, out: ring.New[float64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded}
	case kindDecimal:
		switch c.physical {
		case format.Int32:
			return &fixedReader[int32, float64]{pages: pages, arrowType: t, out: ring.New[float64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromDecimal[int32](c.scale)}
		case format.Int64:
			return &fixedReader[int64, float64]{pages: pages, arrowType: t, out: ring.New[float64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, convert: fromDecimal[int64](c.scale)}
		}
		stored := &decimalBytes{scale: c.scale, width: c.width, text: textReader{pages: pages}}
		return &fixedReader[float64, float64]{pages: pages, arrowType: t, out: ring.New[float64](options.Reuse), codesOut: ring.New[uint32](options.Reuse), coded: coded, decodeBytes: stored.decode}
	case kindString:
		if options.DictionaryStrings {
			return &codeReader{text: textReader{pages: pages}, out: ring.New[int32](options.Reuse)}
		}
		return &textReader{pages: pages}
	}
	panic(fmt.Sprintf("parquetfile: no reader for kind %d", c.kind))
}

type (
	int96  [12]byte
	stored interface {
		uint8 | int32 | int64 | float32 | float64 | int96
	}
	yielded interface {
		uint8 | int32 | int64 | float64
	}
)

// A fixedReader reads values of fixed width, stored as S and yielded as Y.
// Truth values are bytes on the way and bits in the array.
type fixedReader[S stored, Y yielded] struct {
	pages     pageReader
	arrowType arrow.DataType
	convert   func(dst []Y, src []S) error // nil if S is Y
	out       ring.Ring[Y]                 // memory of arrays, and
	codesOut  ring.Ring[uint32]            // of those of codes
	coded     bool                         // pages are yielded as codes where they have a dictionary

	// decodeBytes decodes values that are not stored as an S is in memory; nil if they are.
	decodeBytes func(dst []Y, data []byte, encoding format.Encoding) error

	dictionary    []Y
	hasDictionary bool
	nanCoded      bool        // it has a NaN
	codes         *array.Data // the dictionary as an array, if pages are yielded as codes of it
	rows          int         // left in the present page
	row           int         // of the page, that comes next
	levels        []byte      // of the page, a bit for each row; nil if none is null
	values        []Y         // of these rows, without the nulls
	valueCodes    []uint32    // in their place, if isCoded
	isCoded       bool

	// Memory used again from page to page.
	storedValues []S
	pageValues   []Y
	indexes      []uint32
	wide         []int64
	dense        []byte
}

func (r *fixedReader[S, Y]) open(c chunk) {
	r.pages.open(c)
	r.rows, r.hasDictionary, r.codes = 0, false, nil
}

// read returns rows of pages that are all coded or none.
func (r *fixedReader[S, Y]) read(n int) (arrow.Array, error) {
	for r.rows == 0 {
		if err := r.nextPage(); err != nil {
			return nil, err
		}
	}
	validity := validityBuilder{rows: n}
	if r.isCoded {
		codes := r.codesOut.Next(n)
		n, err := fill(r, codes, &r.valueCodes, &validity)
		if err != nil {
			return nil, err
		}
		return newDictionary(codedAs(r.arrowType), n, validity, memory.NewBufferBytes(bytesOf(codes[:n])), r.codes), nil
	}
	out := r.out.Next(n)
	n, err := fill(r, out, &r.values, &validity)
	if err != nil {
		return nil, err
	}
	data := bytesOf(out[:n])
	if truths, ok := any(out[:n]).([]uint8); ok {
		data = packBits(truths)
	}
	return newArray(r.arrowType, n, validity, memory.NewBufferBytes(data)), nil
}

// fill sets out to the next rows, of which from, of r, holds those that are not null,
// up to a page of the other form. It returns how many there are.
func fill[T any, S stored, Y yielded](r *fixedReader[S, Y], out []T, from *[]T, validity *validityBuilder) (int, error) {
	filled := 0
	for isCoded := r.isCoded; filled < len(out); {
		if r.rows == 0 {
			if err := r.nextPage(); err != nil {
				return 0, err
			}
			continue
		}
		if r.isCoded != isCoded {
			break
		}
		k := min(r.rows, len(out)-filled)
		values, present := *from, 0
		for begin, end := range bitmap.Runs(r.levels, r.row, k) {
			present += copy(out[filled+begin:filled+end], values[present:])
		}
		*from = values[present:]
		validity.append(r.levels, r.row, k, present)
		filled += k
		r.row += k
		r.rows -= k
	}
	return filled, nil
}

// nextPage decodes the next page, and a dictionary before it.
func (r *fixedReader[S, Y]) nextPage() error {
	pg, err := r.pages.next()
	if err != nil {
		return err
	}
	if pg.dictionary {
		if !plainDictionary(pg.encoding) {
			return fault(ErrColumnType, "dictionary in %s encoding", pg.encoding)
		}
		if r.coded {
			r.dictionary = nil // arrays have the memory of the last
		}
		if r.dictionary, err = r.decode(r.dictionary, pg.data, pg.values, format.Plain); err != nil {
			return err
		}
		r.hasDictionary = true
		floats, ok := any(r.dictionary).([]float64)
		if r.nanCoded = ok && hasNaN(floats); r.coded && !r.nanCoded {
			r.codes = array.NewData(r.arrowType, len(r.dictionary), []*memory.Buffer{nil, memory.NewBufferBytes(bytesOf(r.dictionary))}, nil, 0, 0)
		}
		return nil
	}
	r.isCoded = r.codes != nil && isDictionary(pg.encoding)
	switch {
	case pg.present == 0: // such a page may lack even an empty list of values
		r.pageValues, r.valueCodes = r.pageValues[:0], r.valueCodes[:0]
	case isDictionary(pg.encoding):
		if r.indexes, err = decodeIndexes(r.indexes, pg, r.hasDictionary, len(r.dictionary)); err != nil {
			return err
		}
		if r.isCoded {
			r.rows, r.row, r.levels, r.valueCodes = pg.values, 0, pg.levels, r.indexes
			return nil
		}
		r.pageValues = resized(r.pageValues, pg.present)
		for i, index := range r.indexes {
			r.pageValues[i] = r.dictionary[index]
		}
	default:
		if r.pageValues, err = r.decode(r.pageValues, pg.data, pg.present, pg.encoding); err != nil {
			return err
		}
	}
	r.rows, r.row, r.levels, r.values = pg.values, 0, pg.levels, r.pageValues
	if floats, ok := any(r.values).([]float64); ok && (r.nanCoded || !isDictionary(pg.encoding)) && hasNaN(floats) {
		r.dropNaN(floats)
	}
	return nil
}

// decode returns n values that are not in a dictionary, in the memory of dst if
// that suffices.
func (r *fixedReader[S, Y]) decode(dst []Y, data []byte, n int, encoding format.Encoding) ([]Y, error) {
	if encoding == format.Plain && n > 8*len(data) { // before there is memory for so many
		return dst[:0], damaged("page of %d bytes for %d values", len(data), n)
	}
	if r.decodeBytes != nil {
		dst = resized(dst, n)
		return dst, r.decodeBytes(dst, data, encoding)
	}
	if r.convert == nil {
		dst = resized(dst, n)
		return dst, r.decodeStored(any(dst).([]S), data, encoding)
	}
	r.storedValues = resized(r.storedValues, n)
	if err := r.decodeStored(r.storedValues, data, encoding); err != nil {
		return dst[:0], err
	}
	dst = resized(dst, n)
	return dst, r.convert(dst, r.storedValues)
}

func (r *fixedReader[S, Y]) decodeStored(dst []S, data []byte, encoding format.Encoding) error {
	raw := bytesOf(dst)
	truths, isBool := any(dst).([]uint8)
	switch {
	case encoding == format.Plain && isBool:
		return decodeBits(truths, data)
	case encoding == format.Plain:
		if len(raw) != len(data) {
			return damaged("page of %d bytes for %d values, expected are %d", len(data), len(dst), len(raw))
		}
		copy(raw, data)
		return nil
	case encoding == format.RLE && isBool:
		runs, _, err := cutPrefixed(data)
		if err != nil {
			return err
		}
		return decodeRuns(truths, runs, 1)
	case encoding == format.ByteStreamSplit && !isBool:
		return decodeStreamSplit(raw, data, len(raw)/max(1, len(dst)))
	case encoding == format.DeltaBinaryPacked:
		switch dst := any(dst).(type) {
		case []int64:
			_, err := decodeDelta(dst, data)
			return err
		case []int32:
			r.wide = resized(r.wide, len(dst))
			_, err := decodeDelta(r.wide, data)
			for i, v := range r.wide {
				dst[i] = int32(v)
			}
			return err
		}
	}
	return fault(ErrColumnType, "encoding %d (%s) of %s", encoding, encoding, r.arrowType)
}

func hasNaN(values []float64) bool {
	for _, v := range values {
		if v != v {
			return true
		}
	}
	return false
}

// dropNaN turns the NaN of the present page into nulls.
func (r *fixedReader[S, Y]) dropNaN(floats []float64) {
	r.dense = resized(r.dense, (r.rows+7)/8)
	clear(r.dense)
	read, kept := 0, 0
	for from, to := range bitmap.Runs(r.levels, 0, r.rows) {
		for row := from; row < to; row++ {
			if v := floats[read]; !math.IsNaN(v) {
				setBits(r.dense, row, 1)
				floats[kept] = v
				kept++
			}
			read++
		}
	}
	r.levels, r.values = r.dense, r.values[:kept]
}

// oldDictionary is PLAIN_DICTIONARY, which writers no longer use and old files
// are full of.
const oldDictionary format.Encoding = 2

func isDictionary(e format.Encoding) bool {
	return e == format.RLEDictionary || e == oldDictionary
}

// plainDictionary reports whether a dictionary page has plain values. Older
// writers call that PLAIN_DICTIONARY.
func plainDictionary(e format.Encoding) bool {
	return e == format.Plain || e == oldDictionary
}

// decodeIndexes returns the indexes of a page into a dictionary of some entries.
func decodeIndexes(dst []uint32, pg page, hasDictionary bool, entries int) ([]uint32, error) {
	if !hasDictionary {
		return dst[:0], damaged("page refers to a dictionary that is not there")
	}
	if len(pg.data) == 0 || pg.data[0] > 32 {
		return dst[:0], damaged("page lacks a valid bit width")
	}
	dst = resized(dst, pg.present)
	if err := decodeRuns(dst, pg.data[1:], int(pg.data[0])); err != nil {
		return dst, err
	}
	if !allBelow(dst, uint32(entries)) {
		return dst, damaged("index %d in a dictionary of %d", slices.Max(dst), entries)
	}
	return dst, nil
}

// allBelow reports whether all indexes are less than n, which is less than 1<<31. It
// looks at two of them at a time: what they lack to n−1+1<<31 keeps that bit.
func allBelow(indexes []uint32, n uint32) bool {
	const bits = 1<<63 | 1<<31
	if n == 0 {
		return len(indexes) == 0
	}
	most := uint64(n-1)<<32 | uint64(n-1) | bits
	least, beyond := uint64(bits), uint64(0)
	for ; len(indexes) >= 4; indexes = indexes[4:] {
		four := bytesOf(indexes[:4])
		a, b := binary.LittleEndian.Uint64(four), binary.LittleEndian.Uint64(four[8:])
		least &= (most - a) & (most - b)
		beyond |= a | b
	}
	for _, index := range indexes {
		least &= most - uint64(index)
		beyond |= uint64(index)
	}
	return least&bits == bits && beyond&bits == 0
}

func fromUint32(dst []int64, src []int32) error {
	for i, v := range src {
		dst[i] = int64(uint32(v))
	}
	return nil
}

func fromUint64(dst []int64, src []int64) error {
	for i, v := range src {
		if v < 0 {
			return fault(ErrValue, "%d is more than a signed integer of 64 bits holds", uint64(v))
		}
		dst[i] = v
	}
	return nil
}

func fromFloat32(dst []float64, src []float32) error {
	for i, v := range src {
		dst[i] = float64(v)
	}
	return nil
}

func fromMillis(dst []int64, src []int64) error {
	for i, v := range src {
		if v > math.MaxInt64/1000 || v < math.MinInt64/1000 {
			return fault(ErrValue, "timestamp of %d ms", v)
		}
		dst[i] = v * 1000
	}
	return nil
}

// fromNanos rounds down to the microsecond.
func fromNanos(dst []int64, src []int64) error {
	for i, v := range src {
		dst[i] = floorDiv(v, 1000)
	}
	return nil
}

// fromInt96 reads nanoseconds of the day and a Julian day, and rounds down to
// the microsecond.
func fromInt96(dst []int64, src []int96) error {
	const (
		epochDay  int64 = 2440588 // 1970-01-01
		dayNanos  int64 = 86400e9
		dayMicros int64 = 86400e6
		maxDays         = math.MaxInt64/dayMicros - 1
	)
	for i, v := range src {
		nanos := int64(binary.LittleEndian.Uint64(v[:8]))
		days := int64(int32(binary.LittleEndian.Uint32(v[8:]))) - epochDay
		if nanos < 0 || nanos >= dayNanos || days > maxDays || days < -maxDays {
			return fault(ErrValue, "timestamp of %d days and %d ns since 1970", days, nanos)
		}
		dst[i] = days*dayMicros + nanos/1000
	}
	return nil
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
