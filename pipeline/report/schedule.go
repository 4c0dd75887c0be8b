package report

import (
	"math"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// mostLogged is how many days of logs a table shows.
const mostLogged = 60

// scheduleSection sets what was announced beside what a household's log observed.
func (r *reading) scheduleSection() section {
	s := section{ID: "schedules", Title: "Announced and observed", Short: "Announced and observed", Level: 2}
	t := r.table(table.QueueDay)
	if t.Rows() == 0 {
		s.Blocks = []block{paragraph(say("This run has no schedules of outages and no household’s log."))}
		return s
	}
	s.Blocks = append(s.Blocks, paragraph(say("A schedule says what was announced, never what happened. It gives a range where a slot was pending, absent or set aside by emergency outages: at least no hour of it, at most all.")),
		block{Table: r.scheduledAreas()})
	logged := &grid{
		Caption: say("Days with a household’s log, beside the announcements for its queue"),
		Columns: []column{
			{Name: "Day", Short: true}, {Name: "Announced, h", Numeric: true}, {Name: "Observed, h", Numeric: true}, {Name: "Day in the log", Numeric: true},
			{Name: "Households", Numeric: true}, {Name: "Queue", Short: true}, {Name: "Remarks", Short: true},
		},
	}
	rows := 0
	for row := range t.Rows() {
		if t.Float64("observed_off_h").IsNull(row) {
			continue
		}
		if rows++; rows <= mostLogged {
			logged.Rows = append(logged.Rows, r.loggedDay(t, row))
		}
	}
	if rows == 0 {
		s.Blocks = append(s.Blocks, paragraph(say("No household’s log stands beside them: how long the power was really off is not known.")))
		return s
	}
	s.Blocks = append(s.Blocks, block{Table: logged})
	if rows > mostLogged {
		s.Blocks = append(s.Blocks, paragraph(say("%s more in the table ", count(rows-mostLogged, "day is", "days are")), name("queue_day"), say(".")))
	}
	return s
}

func (r *reading) loggedDay(t *table.Table, row int) []cell {
	announced := notKnown()
	if lo, hi := numberAt(t, row, "sched_off_h_lo"), numberAt(t, row, "sched_off_h_hi"); !math.IsNaN(hi) {
		announced = say("%s", fixedBounds(lo, hi))
	}
	remarks := ""
	if t.Bool("typed_in").Value(row) {
		remarks = "typed in by the archive’s author"
	}
	if status := t.String("status").Value(row); status != "" && status != "normal" {
		if remarks != "" {
			remarks += "; "
		}
		remarks += "partly " + statusWords(status)
	}
	inLog := notKnown()
	if c := numberAt(t, row, "observed_coverage"); !math.IsNaN(c) {
		inLog = say("%s", percent(c, 0))
	}
	return rowOf(
		say("%s", dateOf(table.Day(t.Date("date_local"), row))), announced, bold("%s", number(t.Float64("observed_off_h").Value(row), 1)), inLog,
		say("%d", t.Int32("observed_points").Value(row)), say("%s, %s", r.areaName(t.String("area_id").Value(row)), t.String("group_id").Value(row)), say("%s", remarks),
	)
}

// fixedBounds writes a range with one decimal.
func fixedBounds(lo, hi float64) string {
	if a, b := number(lo, 1), number(hi, 1); a != b {
		return a + "–" + b
	}
	return number(lo, 1)
}

// statusWords writes the words of queue_day.status but normal.
func statusWords(status string) string {
	var words []string
	for _, w := range strings.Split(status, "+") {
		switch w {
		case "normal":
		case "emergency":
			words = append(words, "set aside by emergency outages")
		default:
			words = append(words, w)
		}
	}
	return list(words)
}

// scheduledAreas says of which areas there are schedules, for how many queues.
func (r *reading) scheduledAreas() *grid {
	g := &grid{
		Caption: say("Areas with schedules in the period"), Stack: true,
		Columns: []column{{Name: "Area"}, {Name: "Days"}, {Name: "Days with a schedule", Numeric: true}, {Name: "Queues seen a day", Numeric: true}, {Name: "Queues that there are", Numeric: true}},
	}
	for _, a := range r.areas() {
		seen, of := r.daily("sched_groups_seen", a.ID, r.First, r.End), r.daily("sched_groups_known", a.ID, r.First, r.End)
		first, last := firstAndLast(seen)
		if first < 0 {
			continue
		}
		known2 := notKnown()
		if i := greatest(of); i >= 0 {
			known2 = say("%s", tidy(of[i], 0))
		}
		g.Rows = append(g.Rows, rowOf(
			say("%s", a.Name()), say("%s", datesOf(r.First+hour.Day(first), r.First+hour.Day(last))), say("%d", known(seen)),
			say("%s", bounds(seen[least(seen)], seen[greatest(seen)], 0)), known2,
		))
	}
	return g
}

func firstAndLast(values []float64) (first, last int) {
	first, last = -1, -1
	for i, v := range values {
		if !math.IsNaN(v) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}
