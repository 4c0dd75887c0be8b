package panel

import (
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// plainRows are the times and temperatures of a batch as codes, and what those stand
// for, which is worked out once for all batches with one dictionary. Where a column
// did not come as codes each of its rows is one.
type plainRows struct {
	times hourCodes
	temps hundredthCodes
	each  []int32 // 0, 1, 2 and so on
}

type hourCodes struct {
	codes  []int32 // by row
	values *array.Timestamp
	hours  []hour.Hour // by code; unknowable after the as-of
	starts bool        // all times are the starts of their hours
	asOf   hour.Instant
}

// unknowable stands for an hour that no area has.
const unknowable hour.Hour = math.MinInt32

type hundredthCodes struct {
	codes      []int32 // by row
	valid      validRows
	values     *array.Float64
	hundredths []int16 // by code; noHundredths where they would not be exactly the value
}

// set makes x those of a batch.
func (x *plainRows) set(t *table.Table, asOf hour.Instant) {
	if d, ok := t.Numbers("time_utc"); ok {
		x.times.set(codesOf(d), d.Dictionary().(*array.Timestamp), asOf)
	} else {
		x.times.set(x.eachOf(t.Rows()), t.Timestamp("time_utc"), asOf)
	}
	if d, ok := t.Numbers("t_c"); ok {
		x.temps.set(codesOf(d), d.Dictionary().(*array.Float64), validOf(d, 0))
	} else {
		temps := t.Float64("t_c")
		x.temps.set(x.eachOf(t.Rows()), temps, validOf(temps, 0))
	}
}

// eachOf returns codes of rows that are each their own.
func (x *plainRows) eachOf(rows int) []int32 {
	for row := len(x.each); row < rows; row++ {
		x.each = append(slices.Grow(x.each, rows-row), int32(row))
	}
	return x.each[:rows]
}

func codesOf(d *array.Dictionary) []int32 { return d.Indices().(*array.Int32).Int32Values() }

func (x *hourCodes) set(codes []int32, values *array.Timestamp, asOf hour.Instant) {
	known := x.values != nil && x.values.Data() == values.Data() && x.asOf == asOf
	if x.codes, x.values, x.asOf = codes, values, asOf; known {
		return
	}
	x.hours, x.starts = slices.Grow(x.hours[:0], values.Len())[:values.Len()], true
	for code, at := range values.TimestampValues() {
		at := hour.Instant(at)
		h := at.Hour()
		first := h.Start()
		x.starts = x.starts && at == first && h != unknowable
		if at > asOf || at < first || at-first >= hour.InstantsInHour { // or so far off that hours have no number
			h = unknowable
		}
		x.hours[code] = h
	}
}

// newest returns the newest time of some rows that the as-of can know.
func (x *hourCodes) newest(from, to int) hour.Instant {
	newest := hour.DistantPast
	for _, code := range x.codes[from:to] {
		if at := hour.Instant(x.values.Value(int(code))); at <= x.asOf {
			newest = max(newest, at)
		}
	}
	return newest
}

func (x *hundredthCodes) set(codes []int32, values *array.Float64, valid validRows) {
	known := x.values != nil && x.values.Data() == values.Data()
	if x.codes, x.values, x.valid = codes, values, valid; known {
		return
	}
	x.hundredths = slices.Grow(x.hundredths[:0], values.Len())[:values.Len()]
	for code, v := range values.Float64Values() {
		n, ok := hundredths(v)
		if !ok {
			n = noHundredths
		}
		x.hundredths[code] = n
	}
}

// addPlain takes temperatures of one source that says nothing else of them: they are
// known from their instants on.
func (in *Inputs) addPlain(t *table.Table, areas places, sources texts) error {
	in.plain.set(t, in.settings.AsOf)
	targets := make([]*readings, len(areas.words))
	for row, end := 0, 0; row < t.Rows(); row = end {
		place := areas.codes[row]
		for end = row + 1; end < len(areas.codes) && areas.codes[end] == place; {
			end++
		}
		if targets[place] == nil {
			a, err := areas.of(row)
			if err != nil {
				return err
			}
			targets[place] = a.source(sources.of(row), in.words)
		}
		targets[place].addPlain(areas.areas[place], &in.plain, row, end)
	}
	return nil
}

// addPlain takes some rows of a batch, which are of the area.
func (r *readings) addPlain(a *inputArea, x *plainRows, from, to int) {
	if !a.own || !x.times.starts {
		if r.newest.own = max(r.newest.own, x.times.newest(from, to)); !a.own {
			return
		}
	}
	hours, hundredths, codes, valid := x.times.hours, x.temps.hundredths, x.temps.codes[from:to], x.temps.valid
	newest := unknowable
	// The block of the last reading, while two bytes hold all of it, and its first hour.
	var short []int16
	var first hour.Hour
	for i, code := range x.times.codes[from:to] {
		h := hours[code]
		newest = max(newest, h)
		n := uint32(h - first) // far beyond the block before its first
		if n >= uint32(len(short)) {
			i := int(h) - int(a.readFirst)
			if i < 0 || i >= a.readHours {
				continue
			}
			b, of := r.block(i)
			n, first, short = uint32(of), h-hour.Hour(of), nil
			if b.version == nil && b.wind.empty() {
				short = b.temp.hundredths
			}
		}
		if !valid.has(from + i) {
			continue
		}
		if n < uint32(len(short)) && short[n] == noHundredths {
			if v := hundredths[codes[i]]; v != noHundredths {
				short[n] = v
				continue
			}
		}
		r.add(int(h)-int(a.readFirst), reading{temp: unit.Celsius(x.temps.values.Value(int(codes[i]))), wind: unit.Missing[unit.KilometresPerHour](), version: hour.DistantPast})
		short = nil
	}
	if newest != unknowable {
		r.newest.own = max(r.newest.own, newest.Start())
	}
}
