package panel

import (
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// hourly is the temperatures of one area and source by hour of the panel, laid
// out for the pass.
type hourly struct {
	source   string
	temp     []unit.Celsius           // NaN: no reading
	wind     []unit.KilometresPerHour // nil if the source has none
	forecast []bool                   // the version that counts was printed before the hour; nil if none was
	blocks   []*readingBlock
}

// layOut sets h, of which the room is used again, to what was read from a block on.
func (h *hourly) layOut(r *readings, block int) {
	h.source, h.blocks = r.source, nil
	hours := r.hours - block*blockHours
	h.temp = slices.Grow(h.temp[:0], hours)[:hours]
	wind, forecast := h.wind[:0], h.forecast[:0]
	h.wind, h.forecast = nil, nil
	if r.blocks == nil {
		fill(h.temp, unit.Missing[unit.Celsius]())
	} else {
		h.blocks = r.blocks[block:]
	}
	for n, b := range h.blocks {
		from, to := n*blockHours, min((n+1)*blockHours, hours)
		if b == nil {
			fill(h.temp[from:to], unit.Missing[unit.Celsius]())
			continue
		}
		copyTo(h.temp[from:to], &b.temp)
		if !b.wind.empty() {
			if h.wind == nil {
				h.wind = slices.Grow(wind, hours)[:hours]
				fill(h.wind, unit.Missing[unit.KilometresPerHour]())
			}
			copyTo(h.wind[from:to], &b.wind)
		}
		if b.forecast != nil {
			if h.forecast == nil {
				h.forecast = slices.Grow(forecast, hours)[:hours]
				clear(h.forecast)
			}
			copy(h.forecast[from:to], b.forecast)
		}
	}
}

func fill[T any](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}

// none reports that no row says anything of the hours from from to to−1, which
// are of one day; false says nothing.
func (h *hourly) none(from, to int) bool {
	return h.blocks[from/blockHours] == nil && h.blocks[(to-1)/blockHours] == nil
}

// forecastOnly reports whether all that is known of hour i is a forecast.
func (h *hourly) forecastOnly(i int) bool {
	return h.forecast != nil && h.forecast[i] && unit.IsMissing(h.temp[i])
}

// Values of qc in table.Temperature.
const (
	qcGood     = 0
	qcForecast = 4
)

func (in *Inputs) addTemperatures(t *table.Table) error {
	areas, vintages := in.places(t), in.vintagesOf(t)
	winds, qualities := t.Float64("wind_kmh"), t.Int32("qc")
	sources, seen, retracted := vintages.sources, vintages.seen, vintages.retracted
	// Most sources say nothing of a reading but its temperature.
	n := t.Rows()
	if winds.NullN() == n && vintages.same() && !slices.ContainsFunc(qualities.Int32Values(), func(qc int32) bool { return qc != qcGood }) {
		return in.addPlain(t, areas, sources)
	}
	times, temps := t.Timestamp("time_utc"), t.Float64("t_c")
	// The readings of each area of the batch, of the source that came last.
	type target struct {
		area     *inputArea
		readings *readings
		source   int32
	}
	targets := make([]target, len(areas.words))
	for row, end := 0, 0; row < n; row = end {
		place, source := areas.codes[row], sources.codes[row]
		for end = row + 1; end < n && areas.codes[end] == place && sources.codes[end] == source; {
			end++
		}
		to := &targets[place]
		if to.readings == nil || to.source != source {
			a, err := areas.of(row)
			if err != nil {
				return err
			}
			*to = target{a, a.source(sources.of(row), in.words), source}
		}
		a, r := to.area, to.readings
		for ; row < end; row++ {
			at := table.Instant(times, row)
			one := reading{temp: unit.Missing[unit.Celsius](), wind: unit.Missing[unit.KilometresPerHour](), version: hour.DistantPast}
			if seen.IsValid(row) {
				if one.version = table.Instant(seen, row); one.version > in.settings.AsOf {
					continue
				}
				r.newest.seen = max(r.newest.seen, one.version)
			} else {
				if at > in.settings.AsOf {
					continue
				}
				r.newest.own = max(r.newest.own, at)
			}
			i := int(at.Hour()) - int(a.readFirst)
			if i < 0 || i >= a.readHours || !a.own {
				continue
			}
			switch qualities.Value(row) {
			case qcGood:
				if retracted.Value(row) {
					break
				}
				if temps.IsValid(row) {
					one.temp = unit.Celsius(temps.Value(row))
				}
				if winds.IsValid(row) {
					one.wind = unit.KilometresPerHour(winds.Value(row))
				}
			case qcForecast:
				one.forecast = true
			}
			r.add(i, one)
		}
	}
	return nil
}

// source returns the area's hours of a source.
func (a *inputArea) source(source string, w words) *readings {
	for _, h := range a.hourly {
		if h.source == source {
			return h
		}
	}
	h := &readings{source: w.of(source), newest: noTime(), hours: a.readHours}
	a.hourly = append(a.hourly, h)
	return h
}
