package report

import (
	"fmt"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// reportSum counts the reports of one season.
type reportSum struct {
	label         string
	first, last   hour.Day // within the period
	reports, acts int
	days          map[hour.Day]bool
	areas         map[area.ID]bool
}

// energySection describes the news reports; it compares them with nothing.
func (r *reading) energySection() section {
	s := section{ID: "reports", Title: "News reports that name energy sites", Short: "News reports", Level: 2}
	t := r.table(table.EnergyReport)
	dates := t.Date("date_local")
	first, last := r.End, r.First-1
	for row := range t.Rows() {
		if d := table.Day(dates, row); d >= r.First && d < r.End {
			first, last = min(first, d), max(last, d)
		}
	}
	if first > last {
		s.Blocks = []block{paragraph(say("This run has no news reports of attacks on energy sites."))}
		return s
	}
	g := &grid{
		Caption: say("Reports by season, all areas together"), Stack: true,
		Columns: []column{
			{Name: "Season", Short: true}, {Name: "Reports", Numeric: true}, {Name: "Of these, flagged as acts of Ukraine", Numeric: true},
			{Name: "Days with a report", Numeric: true}, {Name: "Areas named", Numeric: true},
		},
	}
	for _, one := range r.reportSums(first, last) {
		label := one.label
		switch {
		case one.first < first:
			label += ", from " + dateOf(first)
		case one.last > last:
			label += ", to " + dateOf(last)
		}
		g.Rows = append(g.Rows, rowOf(
			say("%s", label), say("%s", number(float64(one.reports), 0)), say("%s", number(float64(one.acts), 0)), say("%d", len(one.days)), say("%d", len(one.areas)),
		))
	}
	s.Blocks = []block{
		paragraph(bold("Reports, never strikes. "),
			say("They are counted from news that name an energy site and an attack, and follow what was written and found, not only what happened: a season with few reports is not one with few attacks. They are in no count of strikes and are set beside nothing; the table "),
			name("energy_report"), say(" stands alone, under its own licence. The first is of %s and the last of %s: of the days before and after, nothing is known.", dateOf(first), dateOf(last))),
		{Table: g},
	}
	return s
}

// reportSums counts the reports of the seasons from the first report to the last.
func (r *reading) reportSums(first, last hour.Day) []*reportSum {
	var sums []*reportSum
	byLabel := map[string]*reportSum{}
	for day := r.First; day < r.End; day++ {
		label := seasonOf(day)
		one := byLabel[label]
		if one == nil {
			one = &reportSum{label: label, first: day, days: map[hour.Day]bool{}, areas: map[area.ID]bool{}}
			byLabel[label] = one
			sums = append(sums, one)
		}
		one.last = day
	}
	t := r.table(table.EnergyReport)
	dates := t.Date("date_local")
	for row := range t.Rows() {
		day := table.Day(dates, row)
		if day < first || day > last {
			continue
		}
		one := byLabel[seasonOf(day)]
		one.reports += int(t.Int32("reports").Value(row))
		one.acts += int(t.Int32("reports_ua_actor").Value(row))
		one.days[day] = true
		one.areas[area.ID(t.String("area_id").Value(row))] = true
	}
	for len(sums) > 0 && sums[0].last < first {
		sums = sums[1:]
	}
	for len(sums) > 0 && sums[len(sums)-1].first > last {
		sums = sums[:len(sums)-1]
	}
	return sums
}

// seasonOf names the winter of a day, or the summer between two.
func seasonOf(d hour.Day) string {
	if w, ok := winterOf(d); ok {
		return "November to March " + w.label
	}
	return fmt.Sprintf("April to October %d", d.Time().Year())
}
