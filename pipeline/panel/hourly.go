package panel

import (
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// hourly is the temperatures of one area and source by hour of the panel.
type hourly struct {
	source   string
	newest   newest
	temp     []unit.Celsius           // NaN: no reading; nil if the source has none in the period
	wind     []unit.KilometresPerHour // nil if the source has none
	version  []hour.Instant           // of the reading kept; nil without vintages
	count    []uint32                 // readings averaged, if more than one; nil while no hour has more
	forecast []bool                   // the version kept was printed before the hour; nil while none was
}

// reading is what one row says of an hour.
type reading struct {
	temp     unit.Celsius           // NaN if there is none of good quality
	wind     unit.KilometresPerHour // NaN if there is none
	version  hour.Instant           // the distant past without vintages
	forecast bool
}

// Values of qc in table.Temperature.
const (
	qcGood     = 0
	qcForecast = 4
)

func (in *Inputs) addTemperatures(t *table.Table) error {
	areas, sources := in.places(t), in.texts(t, "source_id")
	times, temps, winds := t.Timestamp("time_utc"), t.Float64("t_c"), t.Float64("wind_kmh")
	qualities, seen, retracted := t.Int32("qc"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	// The hours of each area of the batch, of the source that came last.
	type target struct {
		area   *inputArea
		hours  *hourly
		source int32
	}
	targets := make([]target, len(areas.words))
	for row := range t.Rows() {
		to := &targets[areas.codes[row]]
		if to.hours == nil || to.source != sources.codes[row] {
			a, err := areas.of(row)
			if err != nil {
				return err
			}
			*to = target{a, a.source(sources.of(row), in.words), sources.codes[row]}
		}
		a, h := to.area, to.hours
		at := table.Instant(times, row)
		r := reading{temp: unit.Missing[unit.Celsius](), wind: unit.Missing[unit.KilometresPerHour](), version: hour.DistantPast}
		if seen.IsValid(row) {
			if r.version = table.Instant(seen, row); r.version > in.settings.AsOf {
				continue
			}
			h.newest.seen = max(h.newest.seen, r.version)
		} else {
			if at > in.settings.AsOf {
				continue
			}
			h.newest.own = max(h.newest.own, at)
		}
		i := int(at.Hour()) - int(a.first)
		if i < 0 || i >= a.hours || !a.own {
			continue
		}
		if h.temp == nil {
			h.temp = slices.Repeat([]unit.Celsius{unit.Missing[unit.Celsius]()}, a.hours)
		}
		switch qualities.Value(row) {
		case qcGood:
			if retracted.Value(row) {
				break
			}
			if temps.IsValid(row) {
				r.temp = unit.Celsius(temps.Value(row))
			}
			if winds.IsValid(row) {
				r.wind = unit.KilometresPerHour(winds.Value(row))
			}
		case qcForecast:
			r.forecast = true
		}
		h.add(i, r)
	}
	return nil
}

// source returns the area's hours of a source.
func (a *inputArea) source(source string, w words) *hourly {
	for _, h := range a.hourly {
		if h.source == source {
			return h
		}
	}
	h := &hourly{source: w.of(source), newest: noTime()}
	a.hourly = append(a.hourly, h)
	return h
}

// add takes one reading of hour i. The latest version of an hour holds, also
// if it has no reading; readings of one version within an hour are averaged.
func (h *hourly) add(i int, r reading) {
	if r.version != hour.DistantPast && h.version == nil {
		h.version = slices.Repeat([]hour.Instant{hour.DistantPast}, len(h.temp))
	}
	if h.version != nil {
		if r.version < h.version[i] {
			return
		}
		if r.version > h.version[i] {
			h.version[i] = r.version
			h.clear(i)
		}
	}
	if r.forecast {
		if h.forecast == nil {
			h.forecast = make([]bool, len(h.temp))
		}
		h.forecast[i] = true
	}
	if unit.IsMissing(r.temp) {
		return
	}
	if !unit.IsMissing(r.wind) && h.wind == nil {
		h.wind = slices.Repeat([]unit.KilometresPerHour{unit.Missing[unit.KilometresPerHour]()}, len(h.temp))
	}
	if unit.IsMissing(h.temp[i]) {
		h.temp[i] = r.temp
		if h.wind != nil {
			h.wind[i] = r.wind
		}
		return
	}
	if h.count == nil {
		h.count = make([]uint32, len(h.temp))
	}
	h.count[i] = max(h.count[i], 1) + 1
	h.temp[i] += (r.temp - h.temp[i]) / unit.Celsius(h.count[i])
	if h.wind != nil { // an hour with a reading that lacks wind has none
		h.wind[i] += (r.wind - h.wind[i]) / unit.KilometresPerHour(h.count[i])
	}
}

// clear forgets the readings of hour i.
func (h *hourly) clear(i int) {
	h.temp[i] = unit.Missing[unit.Celsius]()
	if h.wind != nil {
		h.wind[i] = unit.Missing[unit.KilometresPerHour]()
	}
	if h.count != nil {
		h.count[i] = 0
	}
	if h.forecast != nil {
		h.forecast[i] = false
	}
}

// forecastOnly reports whether all that is known of hour i is a forecast.
func (h *hourly) forecastOnly(i int) bool {
	return h.forecast != nil && h.forecast[i] && unit.IsMissing(h.temp[i])
}
