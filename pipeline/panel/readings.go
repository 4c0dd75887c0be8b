package panel

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// readings are the temperatures of one area and source by hour of the days that
// are kept, as inputs keep them: in blocks, of which there are only those that a
// reading fell into.
type readings struct {
	source string
	newest newest
	hours  int             // of the area's readings
	blocks []*readingBlock // nil where no reading came; all of it nil if the source has none

	later   bool           // earlier readings lie in a file
	repeats []laterReading // of hours that have one in blocks, in the order in which they came; only if later
}

// A laterReading is another reading of an hour. While the first are not at hand it
// cannot be averaged with them: the last bit depends on the order.
type laterReading struct {
	hour int32
	reading
}

// blockHours is how many hours a block has: 32 days. The last has what is left.
const blockHours = 32 * 24

// readingBlock is the readings of a stretch of hours.
type readingBlock struct {
	temp     numbers        // °C
	wind     numbers        // km/h; empty if no reading has any
	version  []hour.Instant // of the reading kept; nil without vintages
	count    []uint32       // readings averaged, if more than one; nil while no hour has more
	forecast []bool         // the version kept was printed before the hour; nil while none was
}

// reading is what one row says of an hour.
type reading struct {
	temp     unit.Celsius           // NaN if there is none of good quality
	wind     unit.KilometresPerHour // NaN if there is none
	version  hour.Instant           // the distant past without vintages
	forecast bool
}

// block returns the block of hour i, and which of its hours that is.
func (r *readings) block(i int) (*readingBlock, int) {
	if r.blocks == nil {
		r.blocks = make([]*readingBlock, (r.hours+blockHours-1)/blockHours)
	}
	n := i / blockHours
	b := r.blocks[n]
	if b == nil {
		b = &readingBlock{temp: noNumbers(min(blockHours, r.hours-n*blockHours))}
		r.blocks[n] = b
	}
	return b, i - n*blockHours
}

// validRows say which rows of a column have a value.
type validRows struct {
	bits  []byte // nil if all have
	first int    // bit of the first row
}

// validOf is of the rows of a column from the given one on.
func validOf(column arrow.Array, row int) validRows {
	if column.NullN() == 0 {
		return validRows{}
	}
	return validRows{column.NullBitmapBytes(), column.Data().Offset() + row}
}

func (v *validRows) has(i int) bool {
	i += v.first
	return v.bits == nil || v.bits[i>>3]>>(i&7)&1 == 1
}

// add takes one reading of hour i.
func (r *readings) add(i int, one reading) {
	b, h := r.block(i)
	if r.later && b.holds(h) {
		r.repeats = append(r.repeats, laterReading{int32(i), one})
		return
	}
	b.add(h, one)
}

// holds reports whether a row has said anything of hour i of the block.
func (b *readingBlock) holds(i int) bool {
	return !math.IsNaN(b.temp.at(i)) || b.version != nil && b.version[i] != hour.DistantPast || b.forecast != nil && b.forecast[i]
}

// reading returns what the block holds of hour i as one reading.
func (b *readingBlock) reading(i int) reading {
	one := reading{temp: unit.Celsius(b.temp.at(i)), wind: unit.Missing[unit.KilometresPerHour](), version: hour.DistantPast}
	if !b.wind.empty() {
		one.wind = unit.KilometresPerHour(b.wind.at(i))
	}
	if b.version != nil {
		one.version = b.version[i]
	}
	one.forecast = b.forecast != nil && b.forecast[i]
	return one
}

// add takes one reading of hour i of the block. The latest version of an hour
// holds, also if it has no reading; readings of one version within an hour are
// averaged.
func (b *readingBlock) add(i int, r reading) {
	hours := b.temp.len()
	if r.version != hour.DistantPast && b.version == nil {
		b.version = slices.Repeat([]hour.Instant{hour.DistantPast}, hours)
	}
	if b.version != nil {
		if r.version < b.version[i] {
			return
		}
		if r.version > b.version[i] {
			b.version[i] = r.version
			b.clear(i)
		}
	}
	if r.forecast {
		if b.forecast == nil {
			b.forecast = make([]bool, hours)
		}
		b.forecast[i] = true
	}
	if unit.IsMissing(r.temp) {
		return
	}
	if !unit.IsMissing(r.wind) && b.wind.empty() {
		b.wind = noNumbers(hours)
	}
	was := unit.Celsius(b.temp.at(i))
	if unit.IsMissing(was) {
		b.temp.set(i, float64(r.temp))
		if !b.wind.empty() {
			b.wind.set(i, float64(r.wind))
		}
		return
	}
	if b.count == nil {
		b.count = make([]uint32, hours)
	}
	b.count[i] = max(b.count[i], 1) + 1
	b.temp.set(i, float64(was+(r.temp-was)/unit.Celsius(b.count[i])))
	if !b.wind.empty() { // an hour with a reading that lacks wind has none
		was := unit.KilometresPerHour(b.wind.at(i))
		b.wind.set(i, float64(was+(r.wind-was)/unit.KilometresPerHour(b.count[i])))
	}
}

// clear forgets the readings of hour i of the block.
func (b *readingBlock) clear(i int) {
	b.temp.set(i, math.NaN())
	if !b.wind.empty() {
		b.wind.set(i, math.NaN())
	}
	if b.count != nil {
		b.count[i] = 0
	}
	if b.forecast != nil {
		b.forecast[i] = false
	}
}

// numbers are float64s that are given back bit for bit, but that NaN is only
// NaN: none. They take two bytes each while all are whole hundredths, as what
// is read off an instrument is, and eight from the first on that is not.
type numbers struct {
	hundredths []int16 // or noHundredths, minusZero; nil once there are wide ones
	wide       []float64
}

// What stands for NaN, and for what rounding makes of −0.04: a zero with a sign,
// which is as common as the other.
const (
	noHundredths = math.MinInt16
	minusZero    = math.MinInt16 + 1
)

// noNumbers returns n that are NaN.
func noNumbers(n int) numbers { return numbers{hundredths: slices.Repeat([]int16{noHundredths}, n)} }

// hundredths returns v in hundredths; ok is false if they are not exactly v or
// too many.
func hundredths(v float64) (n int16, ok bool) {
	if !(math.Abs(v) <= (math.MaxInt16-1)/100.) {
		return 0, false
	}
	// A number so large that its last bit is a one rounds what is added to it, to
	// even, in less time than a call of math takes.
	const rounder = 3 << 51
	n = int16(float64(float64(v*100)+rounder) - rounder)
	if n == 0 {
		if math.Signbit(v) {
			n = minusZero
		}
		return n, v == 0
	}
	return n, float64(n)/100 == v
}

// ofHundredths returns the float64 nearest to the decimal: division rounds once.
func ofHundredths(n int16) float64 {
	switch n {
	case noHundredths:
		return math.NaN()
	case minusZero:
		return math.Copysign(0, -1)
	}
	return float64(n) / 100
}

func (x *numbers) empty() bool { return x.hundredths == nil && x.wide == nil }

func (x *numbers) len() int { return max(len(x.hundredths), len(x.wide)) }

func (x *numbers) at(i int) float64 {
	if x.wide != nil {
		return x.wide[i]
	}
	return ofHundredths(x.hundredths[i])
}

func (x *numbers) set(i int, v float64) {
	if x.wide == nil {
		if n, ok := hundredths(v); ok {
			x.hundredths[i] = n
			return
		}
		if math.IsNaN(v) {
			x.hundredths[i] = noHundredths
			return
		}
		wide := make([]float64, len(x.hundredths))
		copyTo(wide, x)
		x.wide, x.hundredths = wide, nil
	}
	x.wide[i] = v
}

// copyTo sets dst, which must be as long, to the numbers.
func copyTo[T ~float64](dst []T, x *numbers) {
	for i, v := range x.wide {
		dst[i] = T(v)
	}
	for i, n := range x.hundredths {
		dst[i] = T(ofHundredths(n))
	}
}
