package report

import (
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// hardshipSection says what the days without power mean in the scenarios of a
// home; the zero section where the run has none.
func (r *reading) hardshipSection() section {
	s := section{ID: "hardship", Title: "What days without power mean", Short: "Hardship", Level: 2}
	counted := false
	for _, a := range r.areas() {
		counted = counted || len(r.homes(a)["recorded"]) > 0
		if g := r.homeTable(a); g != nil {
			s.Blocks = append(s.Blocks, block{Table: g})
			if p := r.classes(a); p != nil {
				s.Blocks = append(s.Blocks, paragraph(p))
			}
		}
	}
	if len(s.Blocks) == 0 {
		return section{}
	}
	people := say(" How many people they are is in the columns of person-hours of the table ")
	if !counted {
		people = say(" No source of the run counts customers without power in these areas, so that there are no person-hours. Every day is in the table ")
	}
	intro := []block{paragraph(bold("Scenarios, never measurements. "),
		say("How cold a home becomes without heating depends on how it is built, and nobody measured it. Each row assumes another home, with heating that stops with the power but for the last; none is preferred. A run of known days begins at 20%s°C. What was announced gives a range where a slot may have been off; what one household’s log observed stands only beside what the schedule of its queue had announced for the same days.", thin), people, name(table.Hardship.Name), say("."))}
	s.Blocks = append(intro, s.Blocks...)
	return s
}

// homeRows are an area's rows of one basis and scenario, in order of days.
type homeRows map[string][]int // by scenario_id

// homes returns the area's rows of hardship by scenario.
func (r *reading) homes(a *area.Area) homeRows {
	t := r.of(table.Hardship, a.ID)
	rows := homeRows{}
	for row := range t.Rows() {
		id := t.String("scenario_id").Value(row)
		rows[id] = append(rows[id], row)
	}
	return rows
}

// lowestIndoors writes the least of the bounds of some rows.
func lowestIndoors(t *table.Table, rows []int) text {
	lo, hi := math.Inf(1), math.Inf(1)
	for _, row := range rows {
		lo, hi = min(lo, numberAt(t, row, "t_in_min_c_lo")), min(hi, numberAt(t, row, "t_in_min_c_hi"))
	}
	if len(rows) == 0 || math.IsNaN(lo) {
		return notKnown()
	}
	if a, b := number(lo, 1), number(hi, 1); a != b {
		return say("%s to %s%s°C", a, b, thin)
	}
	return say("%s%s°C", number(lo, 1), thin)
}

// coldDaysIndoors writes on how many of the days a home was below 12 °C for an
// hour or more, for certain and possibly.
func coldDaysIndoors(t *table.Table, rows []int) text {
	lo, hi := 0, 0
	for _, row := range rows {
		lo += b2i(numberAt(t, row, "below_12_h_lo") >= 1)
		hi += b2i(numberAt(t, row, "below_12_h_hi") >= 1)
	}
	if len(rows) == 0 {
		return notKnown()
	}
	return say("%s of %d", bounds(float64(lo), float64(hi), 0), len(rows))
}

// homeTable sets the scenarios of an area in rows, announced beside observed; nil
// if it has none.
func (r *reading) homeTable(a *area.Area) *grid {
	t := r.of(table.Hardship, a.ID)
	rows := r.homes(a)
	g := &grid{Stack: true, Columns: []column{{Name: "Home assumed"}, {Name: "Lowest indoors, as announced", Numeric: true}, {Name: "Days with an hour below 12 °C", Numeric: true}}}
	first, last := hour.Day(math.MaxInt32), hour.Day(math.MinInt32)
	logged := map[hour.Day]bool{}
	for _, row := range rows["observed"] {
		logged[table.Day(t.Date("date_local"), row)] = true
	}
	if len(logged) > 0 {
		g.Columns = append(g.Columns, column{Name: "The same on days with a log", Numeric: true}, column{Name: "Lowest indoors, by one household’s log", Numeric: true}, column{Name: "Days with an hour below 12 °C, by the log", Numeric: true})
	}
	for _, scenario := range homeScenarios {
		announced := rows["announced"+scenario.id]
		if len(announced) == 0 {
			continue
		}
		first = min(first, table.Day(t.Date("date_local"), announced[0]))
		last = max(last, table.Day(t.Date("date_local"), announced[len(announced)-1]))
		cells := []text{say("%s", scenario.words), lowestIndoors(t, announced), coldDaysIndoors(t, announced)}
		if len(logged) > 0 {
			beside := slices.DeleteFunc(slices.Clone(announced), func(row int) bool { return !logged[table.Day(t.Date("date_local"), row)] })
			observed := rows["observed"+scenario.id]
			cells = append(cells, join(lowestIndoors(t, beside), say("; "), coldDaysIndoors(t, beside)), lowestIndoors(t, observed), coldDaysIndoors(t, observed))
		}
		g.Rows = append(g.Rows, rowOf(cells...))
	}
	if len(g.Rows) == 0 {
		return nil
	}
	g.Caption = say("%s, %s: how cold a home may have become, by what is assumed of it", a.Name(), datesOf(first, last))
	return g
}

// homeScenarios are the endings of scenario_id, with words.
var homeScenarios = []struct{ id, words string }{
	{".tau30.gain0", "loses heat fast (30 h), no gain"},
	{".tau30.gain3", "the same, people and appliances give 3 K"},
	{".tau60.gain0", "medium (60 h), no gain"},
	{".tau60.gain3", "the same, 3 K"},
	{".tau100.gain0", "keeps heat (100 h), no gain"},
	{".tau100.gain3", "the same, 3 K"},
	{".heat_stays", "heating goes on without power"},
}

// classes says of how few queues the scenarios are, and what class of hardship
// that gives the area.
func (r *reading) classes(a *area.Area) text {
	t := r.of(table.Hardship, a.ID)
	least, most := math.Inf(1), 0.0
	lo, hi := math.Inf(1), 0.0
	share := 0.0
	for id, rows := range r.homes(a) {
		if !strings.HasPrefix(id, "announced.tau") {
			continue
		}
		for _, row := range rows {
			n := numberAt(t, row, "groups_seen")
			least, most = min(least, n), max(most, n)
			share = max(share, numberAt(t, row, "coverage"))
			lo, hi = min(lo, numberAt(t, row, "class_lo")), max(hi, numberAt(t, row, "class_hi"))
		}
	}
	if most == 0 {
		return nil
	}
	if math.IsNaN(lo) || math.IsNaN(share) {
		return say("They are of %s queues a day, and of how many in the area is not known: the area has no class of hardship.", bounds(least, most, 0))
	}
	return say("They are of %s queues a day, at most %s of the area’s: its class of hardship (%s, 1 to 5) could be anything from %s to %s. Nothing here is scaled up to %s.",
		bounds(least, most, 0), percent(share, 1), "a project index", tidy(lo, 0), tidy(hi, 0), a.Name())
}

// reliabilityTable sets an area's winters by the indices of IEEE 1366; nil if it
// has none.
func (r *reading) reliabilityTable(a *area.Area) *grid {
	t := r.of(table.Reliability, a.ID)
	g := &grid{
		Caption: join(say("%s: rows of ", a.Name()), name(table.Reliability.Name)), Stack: true,
		Columns: []column{
			{Name: "Winter", Short: true}, {Name: "Minutes without supply per customer (SAIDI)", Numeric: true}, {Name: "Major event days", Numeric: true},
			{Name: "SAIDI without them", Numeric: true}, {Name: "With supply (ASAI)", Numeric: true}, {Name: "Interruptions per customer (SAIFI)", Numeric: true}, {Name: "Known", Numeric: true},
		},
	}
	at := func(row int, column string) float64 { return numberAt(t, row, column) }
	within := func(row int, columnName string, most int) text {
		lo, hi := at(row, columnName+"_lo"), at(row, columnName+"_hi")
		switch {
		case math.IsNaN(lo):
			return notKnown()
		case math.IsNaN(hi):
			return say("%s or more", number(lo, most))
		case number(lo, most) == number(hi, most):
			return say("%s", number(lo, most))
		}
		return say("%s–%s", number(lo, most), number(hi, most))
	}
	for row := range t.Rows() {
		if t.String("period_kind").Value(row) != "winter" {
			continue
		}
		label := winterWords(t.String("period_id").Value(row))
		if !t.Bool("period_whole").Value(row) {
			label += ", in part"
		}
		supply := notKnown()
		if v := at(row, "asai_hi"); !math.IsNaN(v) {
			supply = say("%s", percent(v, 3))
		}
		g.Rows = append(g.Rows, rowOf(
			say("%s", label), within(row, "saidi_min", 1), orNotKnown(at(row, "med_days"), 0, ""), within(row, "saidi_ex_med_min", 1),
			supply, within(row, "saifi", 2), say("%s", percent(at(row, "customers_out_coverage"), 0)),
		))
	}
	if len(g.Rows) == 0 {
		return nil
	}
	return g
}

// reliabilityWords says what the table's columns are, and what its record cannot
// tell.
func (r *reading) reliabilityWords(a *area.Area) text {
	t := r.of(table.Reliability, a.ID)
	words := say("By IEEE 1366. A major event day is one above the threshold of the five years before, or of those there are, and none without thirty days to tell it by; both figures stand side by side, since such days are what a cold snap or an attack is made of.")
	for row := range t.Rows() {
		if t.String("record_kind").Value(row) == "polls" {
			return join(words, say(" Polls count who is without power at a moment, not who lost it: how often, and for how long at a time, is not known."))
		}
	}
	return words
}

// darkPeople sets the people in the dark on an area's coldest day; nil without.
func (r *reading) darkPeople(a *area.Area) text {
	days, t := r.of(table.AreaDay, a.ID), r.of(table.Hardship, a.ID)
	tmin := days.Schema.Index("tmin_c")
	coldest := -1
	for row := range days.Rows() {
		if v := cellNumber(days, row, tmin); !math.IsNaN(v) && (coldest < 0 || v < cellNumber(days, coldest, tmin)) {
			coldest = row
		}
	}
	if coldest < 0 {
		return nil
	}
	for _, row := range r.homes(a)["recorded"] {
		if table.Day(t.Date("date_local"), row) != table.Day(days.Date("date_local"), coldest) {
			continue
		}
		lo, hi := numberAt(t, row, "dark_le_m10_ph_lo"), numberAt(t, row, "dark_le_m10_ph_hi")
		words := say("With %s people behind a customer, an assumption, that day had %s person-hours without power", tidy(numberAt(t, row, "persons_per_customer"), 2), bounds(numberAt(t, row, "dark_ph_lo"), numberAt(t, row, "dark_ph_hi"), 0))
		if !math.IsNaN(hi) {
			words = join(words, say(", %s of them at %s or below", bounds(lo, hi, 0), quantity(-10, 0, "°C")))
		}
		return join(words, say("."))
	}
	return nil
}
