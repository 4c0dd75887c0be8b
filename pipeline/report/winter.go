package report

import (
	"fmt"
	"math"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/table"
)

// winterSection sets the winters of the areas shown first in rows.
func (r *reading) winterSection() section {
	s := section{ID: "winters", Title: "Winter by winter", Short: "Winters", Level: 2}
	about := slices.Clone(r.focus)
	if r.country != nil {
		about = append(about, r.country)
	}
	for _, a := range about {
		if g := r.winterTable(a); g != nil {
			s.Blocks = append(s.Blocks, block{Table: g})
		}
	}
	if len(s.Blocks) == 0 {
		return section{}
	}
	s.Blocks = append(s.Blocks, paragraph(say("Sums are over the days known and never scaled up; how many those are stands beside them. The table "), name(table.Season.Name), say(" has every area and the columns left out here.")))
	return s
}

// apartSections are about areas of no country of the run, such as a control
// case: each has its own days, and is compared with nothing.
func (r *reading) apartSections() []section {
	var sections []section
	for i, a := range r.apart() {
		s := section{ID: fmt.Sprintf("apart-%d", i+1), Title: "A case apart: " + a.Name(), Level: 2}
		if i == 0 {
			s.Short = "Case apart"
		}
		dates := r.of(table.AreaDay, a.ID).Date("date_local")
		first, last := table.Day(dates, 0), table.Day(dates, dates.Len()-1)
		s.Blocks = append(s.Blocks, paragraph(say("%s has rows of %s, apart from those above. It shows what cold alone goes with where nobody attacks, and is compared with no area of them.", a.Name(), datesOf(first, last))))
		if g := r.winterTable(a); g != nil {
			s.Blocks = append(s.Blocks, block{Table: g})
		}
		if coldest := r.coldestDay(a); coldest != nil {
			if people := r.darkPeople(a); people != nil {
				coldest = join(coldest, say(" "), people)
			}
			s.Blocks = append(s.Blocks, paragraph(coldest))
		}
		if g := r.reliabilityTable(a); g != nil {
			s.Blocks = append(s.Blocks, block{Table: g}, paragraph(r.reliabilityWords(a)))
		}
		if effect := r.coldEffect(a); effect != nil {
			s.Blocks = append(s.Blocks, paragraph(effect))
		}
		sections = append(sections, s)
	}
	return sections
}

// winterTable is an area's rows of season, with the columns in which it has
// anything; nil if it has none.
func (r *reading) winterTable(a *area.Area) *grid {
	t := r.of(table.Season, a.ID)
	g := &grid{Caption: join(say("%s: rows of ", a.Name()), name(table.Season.Name)), Stack: true, Columns: []column{{Name: "Winter", Short: true}}}
	at := func(column string, row int) float64 { return numberAt(t, row, column) }
	columns := []struct {
		head  string
		known string // column that says whether the area has any
		cell  func(row int) text
	}{
		{"Lowest", "tmin_known_d", func(row int) text {
			return orNotKnown(at("tmin_lowest_c", row), 1, "°C")
		}},
		{"Days to −10 °C, −20 °C", "tmin_known_d", func(row int) text {
			m10, m20 := at("cold_le_m10_d", row), at("cold_le_m20_d", row)
			if math.IsNaN(m10) {
				return notKnown()
			}
			return say("%s, %s", tidy(m10, 0), tidy(m20, 0))
		}},
		{"Cold spells, days", "tmean_known_d", func(row int) text {
			n, days := at("spells", row), at("spell_d", row)
			if math.IsNaN(n) {
				return notKnown()
			}
			return say("%s, %s", tidy(n, 0), tidy(days, 0))
		}},
		{"Days of cold spells for the climate (CSDI)", "csdi_known_d", func(row int) text {
			days := at("csdi_d", row)
			if math.IsNaN(days) {
				return notKnown()
			}
			return say("%s", tidy(days, 0))
		}},
		{"Temperature known", "tmin_known_d", func(row int) text { return say("%s", percent(at("tmin_coverage", row), 0)) }},
		{"Announced off", "announced_known_d", func(row int) text {
			n := at("announced_known_d", row)
			if n == 0 {
				return notKnown()
			}
			return say("%s%sh on %s", bounds(at("announced_off_h_lo", row), at("announced_off_h_hi", row), 0), thin, count(int(n), "day", "days"))
		}},
		{"Customer-hours out", "customers_out_known_d", func(row int) text {
			return orNotKnown(at("customers_out_ch_lo", row), 0, "")
		}},
		{"Customers known", "customers_out_known_d", func(row int) text {
			return say("%s", percent(at("customers_out_coverage", row), 0))
		}},
		{"Launched", "launched_total", func(row int) text { return orNotKnown(at("launched_total", row), 0, "") }},
		{"Nights with an attack, or naming it", "bulletin_nights", func(row int) text {
			if math.IsNaN(at("attack_nights", row)) {
				return notKnown()
			}
			return say("%s of %s", tidy(at("attack_nights", row), 0), tidy(at("bulletin_nights", row), 0))
		}},
		{"Alert", "alert_known_d", func(row int) text { return orNotKnown(at("alert_total_h", row), 0, "h") }},
	}
	g.Rows = make([][]cell, 0, t.Rows())
	for row := range t.Rows() {
		g.Rows = append(g.Rows, rowOf(say("%s", winterWords(t.String("season").Value(row)))))
	}
	for _, c := range columns {
		any := false
		for row := range t.Rows() {
			any = any || at(c.known, row) > 0
		}
		if !any {
			continue
		}
		g.Columns = append(g.Columns, column{Name: c.head, Numeric: true})
		for row := range t.Rows() {
			g.Rows[row] = append(g.Rows[row], cell{Text: c.cell(row)})
		}
	}
	if len(g.Columns) == 1 {
		return nil
	}
	return g
}

// orNotKnown writes a quantity, or that it is not known.
func orNotKnown(v float64, most int, unit string) text {
	if math.IsNaN(v) {
		return notKnown()
	}
	return say("%s", quantity(v, most, unit))
}

// coldestDay sets the customers out on the area's coldest day beside those of
// the days round it; nil without both.
func (r *reading) coldestDay(a *area.Area) text {
	t := r.of(table.AreaDay, a.ID)
	tmin, out := t.Schema.Index("tmin_c"), t.Schema.Index("out_ch_lo")
	coldest := -1
	for row := range t.Rows() {
		if v := cellNumber(t, row, tmin); !math.IsNaN(v) && (coldest < 0 || v < cellNumber(t, coldest, tmin)) {
			coldest = row
		}
	}
	if coldest <= 0 || coldest+1 >= t.Rows() || math.IsNaN(cellNumber(t, coldest, out)) {
		return nil
	}
	return join(
		bold("%s on %s", quantity(cellNumber(t, coldest, tmin), 1, "°C"), dateOf(table.Day(t.Date("date_local"), coldest))),
		say(", its coldest day: %s customer-hours without power, %s the day before and %s the day after. One day is no finding.",
			number(cellNumber(t, coldest, out), 0), number(cellNumber(t, coldest-1, out), 0), number(cellNumber(t, coldest+1, out), 0)))
}

// coldEffect is what the declared regressions say of the area's outages and
// cold; nil where none is declared.
func (r *reading) coldEffect(a *area.Area) text {
	t := r.table(table.ModelTerm)
	rows := t.Rows()
	for row := range rows {
		if area.ID(t.String("area_id").Value(row)) != a.ID || !t.Bool("evaluable").Value(row) {
			continue
		}
		y, x := parseSeries(t.String("y_series").Value(row)), parseSeries(t.String("x_series").Value(row))
		if !y.ofOutages() || !x.ofCold() {
			continue
		}
		per := numberAt(t, row, "x_per")
		effect, lo, hi := numberAt(t, row, "effect"), numberAt(t, row, "effect_lo"), numberAt(t, row, "effect_hi")
		return join(
			say("The ratio of %s for %s of %s, over the lags declared and within winters, is ", y, quantity(math.Abs(per), 1, "°C")+map[bool]string{true: " less", false: " more"}[per < 0], x),
			bold("%s", number(effect, 2)), say(" (95%s%% interval %s): association, not cause. The row ", thin, interval(lo, hi)),
			name(t.String("model_id").Value(row)), say(" of "), name(table.ModelTerm.Name), say(" has its error, and "), name(table.LagCurve.Name), say(" each lag."))
	}
	return nil
}
