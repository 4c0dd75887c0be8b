package panel

import (
	"iter"
	"maps"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// A process that passes over some areas need not have the outages of all: the one that
// has read them says what they span together (OutageSpans), and which of them count
// (Outages). It takes the spans before it prepares its passes, and the outages of an
// area before it passes over that, see Join.Area.

// OutageSpans returns the span of each source of outages, in all areas.
func (j *Join) OutageSpans() *table.Table {
	b := table.NewBuilder(table.RecordSpan)
	for _, source := range slices.Sorted(maps.Keys(j.outageSpans)) {
		span := j.outageSpans[source]
		b.Row()
		b.String("source_id", source)
		b.Timestamp("start_utc", span.Start)
		b.Timestamp("end_utc", span.End)
	}
	return b.Table()
}

// addSpans takes the spans of sources whose outages are given area by area.
func (in *Inputs) addSpans(t *table.Table) error {
	sources, starts, ends := t.String("source_id"), t.Timestamp("start_utc"), t.Timestamp("end_utc")
	in.outageSpans = spans{}
	for row := range t.Rows() {
		in.outageSpans[sources.Value(row)] = hour.Interval{Start: table.Instant(starts, row), End: table.Instant(ends, row)}
	}
	return nil
}

// Outages yields the outages of one area after the other that count at the as-of, each
// as one that stands for itself: its id has told already which version of it counts.
func (j *Join) Outages() iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) {
		for _, p := range j.passes {
			t, err := p.outageRows()
			if err != nil || t.Rows() > 0 {
				if !yield(t, err) || err != nil {
					return
				}
			}
		}
	}
}

func (p *pass) outageRows() (*table.Table, error) {
	of, a, err := p.in.recordsOf(p.input, new(loadScratch))
	if err != nil {
		return nil, err
	}
	b := table.NewBuilder(table.OutageInterval)
	row := 0
	for o := range a.outages.all() {
		row++
		if counts := p.current.outages; counts != nil && !counts[row-1] {
			continue
		}
		f := of.outageFacts.all[o.facts]
		b.Row()
		b.String("source_id", f.source)
		b.String("outage_id", "")
		b.String("area_id", string(a.id))
		b.OptionalString("group_id", f.group)
		b.String("service", "electricity")
		b.String("cause", "unknown")
		b.Bool("retracted", false)
		b.Timestamp("start_utc", o.at.Start)
		if o.at.End != hour.DistantFuture {
			b.Timestamp("end_utc", o.at.End)
		}
		if f.counted {
			b.Int64("customers_lo", o.customers.Lo)
			if o.customers.Hi != noLimit {
				b.Int64("customers_hi", o.customers.Hi)
			}
		}
		if f.seen != hour.DistantPast {
			b.Timestamp("first_seen_utc", f.seen)
		}
	}
	return b.Table(), nil
}
