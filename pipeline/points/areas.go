package points

import (
	"maps"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/space"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// batchRows is how many rows a batch holds at most.
const batchRows = 64 << 10

// Areas makes rows of table.Temperature, an area after another in the order of
// weights and each in the order of its hours, and hands them on in batches. An
// hour has a row if any point of the area has one of it:
//
//	t_c = Σ w T / Σ w over points with a reading, corrected for height if Lapse
//	has done so; null if they hold less than
//	space.MinCoverage of the weight, or of the area
//
// Wind is averaged by the same rule over the points that have it. first_seen_utc
// is the newest of the points' rows: no mean could be known before. qc is 0, or
// 4 where there is no mean and a point has a forecast. kind is that of the
// points, area if they differ.
func (r *Readings) Areas(weights []Weights, emit func(*table.Table) error) error {
	b := table.NewBuilder(table.Temperature)
	for i := range weights {
		w := &weights[i]
		m := mean{of: w, blocks: make([]*block, len(w.points)), temps: make([]unit.Celsius, len(w.points)), winds: make([]unit.KilometresPerHour, len(w.points)), weights: make([]float64, len(w.points))}
		for k, p := range w.points {
			m.weights[k] = p.weight
		}
		kind := w.kind()
		for _, number := range w.numbers() {
			m.open(number)
			for h := range blockHours {
				if !m.at(h) {
					continue
				}
				r.row(b, w.Area, kind, hour.Hour(number*blockHours+h), &m)
				if b.Rows() == batchRows {
					if err := emit(b.Table()); err != nil {
						return err
					}
				}
			}
		}
	}
	if b.Rows() == 0 {
		return nil
	}
	return emit(b.Table())
}

// row adds a row of the mean of an hour.
func (r *Readings) row(b *table.Builder, id area.ID, kind string, h hour.Hour, m *mean) {
	qc := int32(qcGood)
	if m.forecast && unit.IsMissing(m.temp) {
		qc = qcForecast
	}
	b.Row()
	b.String("area_id", string(id))
	b.String("kind", kind)
	b.Timestamp("time_utc", h.Start())
	b.Float64("t_c", float64(m.temp))
	b.Float64("wind_kmh", float64(m.wind))
	b.Int32("qc", qc)
	b.String("source_id", r.sourceID)
	b.OptionalString("source_rev", r.revision)
	table.Optional(b.Timestamp, "first_seen_utc", m.newest, m.newest != hour.DistantPast)
	b.Bool("retracted", false)
}

// numbers returns those of the blocks that any point has, in order.
func (w *Weights) numbers() []int {
	of := map[int]bool{}
	for _, p := range w.points {
		if p.point != nil {
			for number := range p.point.blocks {
				of[number] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(of))
}

func (w *Weights) kind() string {
	kind := ""
	for _, p := range w.points {
		switch {
		case p.point == nil:
		case kind == "":
			kind = p.point.kind
		case kind != p.point.kind:
			return "area"
		}
	}
	return kind
}

// A mean is that of an area's points in one hour.
type mean struct {
	of      *Weights
	blocks  []*block       // by point; nil where it has none
	temps   []unit.Celsius // by point
	winds   []unit.KilometresPerHour
	weights []float64

	temp     unit.Celsius           // NaN: too little is known
	wind     unit.KilometresPerHour // likewise
	newest   hour.Instant           // version of the rows that it is made of; the distant past without
	forecast bool                   // a point has a forecast
}

// open takes up the blocks of a number.
func (m *mean) open(number int) {
	for k, p := range m.of.points {
		m.blocks[k] = nil
		if p.point != nil {
			m.blocks[k] = p.point.blocks[number]
		}
	}
}

// at takes the mean of the i-th hour of the blocks; false if no point has a row
// of it.
func (m *mean) at(i int) bool {
	m.newest, m.forecast = hour.DistantPast, false
	any := false
	for k, b := range m.blocks {
		m.temps[k], m.winds[k] = unit.Missing[unit.Celsius](), unit.Missing[unit.KilometresPerHour]()
		if b == nil || !b.row[i] {
			continue
		}
		any = true
		m.temps[k] = b.temp[i] + m.of.points[k].warmer
		if b.wind != nil {
			m.winds[k] = b.wind[i]
		}
		if b.version != nil {
			m.newest = max(m.newest, b.version[i])
		}
		m.forecast = m.forecast || b.forecast != nil && b.forecast[i]
	}
	if any {
		m.temp, _ = space.MeanOfPart(m.temps, m.weights, m.of.Part)
		m.wind, _ = space.MeanOfPart(m.winds, m.weights, m.of.Part)
	}
	return any
}
