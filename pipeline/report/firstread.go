package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// firstReadSection says how sure the report can be and what it lacks, before it
// says anything else.
func (r *reading) firstReadSection() section {
	s := section{ID: "read-this-first", Title: "Read this first", Level: 2, Notice: true}
	if open := r.undeclared(); len(open) > 0 {
		s.Blocks = append(s.Blocks, paragraph(bold("Gaps that nobody declared")), block{List: open})
	}
	s.Blocks = append(s.Blocks, paragraph(bold("What is missing on the days shown")), block{List: r.missing()})
	if sure := r.howSure(); len(sure) > 0 {
		s.Blocks = append(s.Blocks, paragraph(bold("How sure")), block{List: sure})
	}
	if declared := r.declared(); len(declared) > 0 {
		s.Blocks = append(s.Blocks, paragraph(bold("Known gaps of the whole period")), block{List: declared})
	}
	return s
}

// missing writes which of the days shown lack an outage record, a temperature or
// a bulletin.
func (r *reading) missing() []text {
	var out []text
	anywhere := r.outageAnywhere()
	none := r.daysWhere(func(i int) bool { return !anywhere[i] })
	switch {
	case len(none) == r.days():
		out = append(out, join(bold("No outage record at all"), say(", of any area, on any of these days: nothing here says how long the power was off.")))
	case len(none) > 0:
		t := join(bold("No outage record at all"), say(", of any area, on %d of %s: %s.", len(none), count(r.days(), "day", "days"), daysOf(none)))
		if len(r.focus) > 0 {
			for _, c := range r.spells(r.focus[0].ID) {
				if within(c, none) {
					t = join(t, say(" The cold spell of %s has none.", datesOf(c.first, c.last)))
				}
			}
		}
		out = append(out, t)
	}
	for _, a := range r.focus {
		if len(none) < r.days() {
			out = append(out, r.missingOutages(a.ID))
		}
	}
	for _, a := range r.focus {
		tmin := r.daily("tmin_c", a.ID, r.first, r.end)
		out = append(out, r.missingDays(a.Name()+", temperature", count(r.days(), "day", "days"), tmin))
	}
	if r.country != nil && r.table(table.StrikeNight).Rows() > 0 {
		bulletins := r.nightly("events_hi", r.country.ID, "all")
		t := r.missingDays("Bulletins of strikes", r.nights(r.days()), bulletins)
		if known(bulletins) < r.days() {
			t = join(t, say(" A %s without one is unknown, not quiet.", r.each()))
		}
		out = append(out, t)
	}
	return out
}

// within reports whether all days of a spell are among days, ascending.
func within(c coldSpell, days []hour.Day) bool {
	for d := c.first; d <= c.last; d++ {
		if _, ok := slices.BinarySearch(days, d); !ok {
			return false
		}
	}
	return true
}

// outageAnywhere marks the days shown on which any area has an outage record of
// any kind.
func (r *reading) outageAnywhere() []bool {
	out := make([]bool, r.days())
	mark := func(s *table.Schema, columns ...string) {
		for _, id := range r.table(s).Areas() {
			t := r.of(s, area.ID(id))
			dates := t.Date("date_local")
			for row := range t.Rows() {
				d := table.Day(dates, row)
				if d < r.first || d >= r.end {
					continue
				}
				for _, c := range columns {
					if t.Value(row, s.Index(c)) != nil {
						out[d-r.first] = true
					}
				}
			}
		}
	}
	mark(table.AreaDay, "sched_off_h_hi", "out_ch_lo")
	mark(table.QueueDay, "observed_off_h")
	return out
}

// missingOutages writes what the days shown have of an area's outages.
func (r *reading) missingOutages(id area.ID) text {
	o := r.outages(id)
	days := r.daysWhere(func(i int) bool { return !math.IsNaN(o.hi[i]) })
	what := "announced outages"
	switch {
	case len(days) == 0:
		what = "outages"
	case o.recorded:
		what = "customers without power"
	}
	t := bold("%s, %s: ", r.areaName(string(id)), what)
	switch len(days) {
	case 0:
		return join(t, say("no record."))
	case r.days():
		t = join(t, say("all %s", count(r.days(), "day", "days")))
	default:
		t = join(t, say("%d of %s, %s", len(days), count(r.days(), "day", "days"), daysOf(days)))
	}
	if queues := queuesOf(o); queues != "" {
		t = join(t, say(", for %s only", queues))
	}
	if h := r.home(id); h != nil {
		logged := r.daysWhere(func(i int) bool { return !math.IsNaN(h.hours[i]) })
		t = join(t, say("; the log of %s (%s) on %s, %s", oneHome(h.points), sampleOf(h.points), count(len(logged), "day", "days"), daysOf(logged)))
	}
	if !o.recorded {
		t = join(t, say(". Announced is not observed"))
	}
	return join(t, say("."))
}

// sampleOf writes a sample size, on one line.
func sampleOf(n int) string { return fmt.Sprintf("n%s=%s%d", hard, hard, n) }

func oneHome(points int) string {
	if points == 1 {
		return "one household"
	}
	return "households"
}

// queuesOf writes how many queues the announcements are about; "" if all of them
// on every day, or not known.
func queuesOf(o outages) string {
	lo, hi, of := math.Inf(1), math.Inf(-1), math.NaN()
	for i, n := range o.seen {
		if !math.IsNaN(n) {
			lo, hi, of = min(lo, n), max(hi, n), o.known[i]
		}
	}
	if math.IsNaN(of) || lo == of {
		return ""
	}
	seen := tidy(lo, 0)
	if lo != hi {
		seen += " to " + tidy(hi, 0)
	}
	return fmt.Sprintf("%s of %s queues", seen, tidy(of, 0))
}

// missingDays writes how many of all days shown are known and which are not.
func (r *reading) missingDays(what, all string, values []float64) text {
	without := r.daysWhere(func(i int) bool { return math.IsNaN(values[i]) })
	label := bold("%s: ", what)
	switch len(without) {
	case 0:
		return join(label, say("all %s.", all))
	case r.days():
		return join(label, say("no record."))
	}
	return join(label, say("%d of %s; missing %s.", r.days()-len(without), all, daysOf(without)))
}

// howSure says what the findings amount to.
func (r *reading) howSure() []text {
	var out []text
	if n := r.ratios(); n.rows > 0 {
		out = append(out, join(bold("Launches on cold-spell days: "), say("%d of %d rate ratios are evaluable%s.", len(n.evaluable), n.rows, n.verdict())))
	}
	c := r.correlations()
	if c.families > 0 {
		out = append(out, join(bold("Day by day: "), say("%d of %d pairs of series and winters are evaluable.", len(c.evaluable), c.families)))
	}
	out = append(out, r.pauseAnswers()...)
	for _, p := range c.coldOutages() {
		if p.evaluable == 0 {
			out = append(out, join(bold("%s and %s: not evaluable", capital(p.x.String()), p.y), say(", in any area or winter%s.", p.nearest(r))))
		}
	}
	return out
}

// mostWarnings is how many areas of one measure are told one by one.
const mostWarnings = 3

// undeclared lists the warnings that no known gap covers. Many areas of which too
// little is known are one item.
func (r *reading) undeclared() []text {
	areas := map[string][]string{} // by measure
	for _, w := range r.Warnings {
		if measure, id, ok := coverageOf(w); ok && w.Why == "" {
			areas[measure] = append(areas[measure], r.areaName(id))
		}
	}
	var out []text
	for _, w := range r.Warnings {
		if w.Why != "" {
			continue
		}
		measure, _, ok := coverageOf(w)
		switch names := areas[measure]; {
		case !ok || len(names) <= mostWarnings:
			out = append(out, say("%s.", strings.TrimSuffix(capital(r.warningWords(w)), ".")))
		case names[0] != "":
			out = append(out, say("%s: too little is known of %d areas: %s.", capital(measureOf(measure)), len(names), list(some(names))))
			areas[measure] = make([]string, len(names)) // told
		}
	}
	return out
}

// coverageOf reads the id of a warning of coverage, coverage/MEASURE/AREA.
func coverageOf(w Warning) (measure, id string, ok bool) {
	rest, ok := strings.CutPrefix(w.ID, "coverage/")
	measure, id, found := strings.Cut(rest, "/")
	return measure, id, ok && found
}

// some returns names, at most eight of them.
func some(names []string) []string {
	const most = 8
	if len(names) <= most+1 {
		return names
	}
	return append(slices.Clone(names[:most]), fmt.Sprintf("%d more", len(names)-most))
}

// warningWords is the text of a warning with the name of the area that its id
// ends with.
func (r *reading) warningWords(w Warning) string {
	if measure, id, ok := coverageOf(w); ok {
		text := strings.ReplaceAll(w.Text, "area "+id, r.areaName(id))
		if rest, found := strings.CutPrefix(text, measure+":"); found {
			return measureOf(measure) + ":" + rest
		}
		return text
	}
	return w.Text
}

// declared lists the known gaps, those of one reason together, and the sources
// that state no licence.
func (r *reading) declared() []text {
	type gap struct{ what, why string }
	areas := map[gap]int{}
	words := map[gap]string{}
	var order []gap
	for _, w := range r.Warnings {
		if w.Why == "" || w.ID == "lag" || strings.HasPrefix(w.ID, "licence/") {
			continue // the lag stands with the methods; licences are listed below, declared or not
		}
		g := gap{w.ID, w.Why}
		if measure, _, ok := coverageOf(w); ok {
			g.what = measure
		}
		if areas[g]++; areas[g] == 1 {
			order = append(order, g)
			words[g] = r.warningWords(w)
		}
	}
	var out []text
	for _, g := range order {
		why := strings.TrimSuffix(g.why, ".")
		if _, coverage := measureWords[g.what]; !coverage {
			out = append(out, say("%s: %s.", capital(words[g]), why))
			continue
		}
		label := capital(measureOf(g.what))
		if areas[g] > 1 {
			label += fmt.Sprintf(", %d areas", areas[g])
		}
		out = append(out, join(bold("%s: ", label), say("%s.", why)))
	}
	if names := r.withoutLicence(); len(names) > 0 {
		out = append(out, join(bold("No licence stated by the publisher: "), say("%s.", list(names))))
	}
	return out
}

// withoutLicence names the sources of others whose publisher states no licence.
func (r *reading) withoutLicence() []string {
	t := r.table(table.Provenance)
	var out []string
	for row := range t.Rows() {
		named := t.String("origin").IsValid(row) || t.String("attribution").IsValid(row)
		if t.String("kind").Value(row) == "input" && named && noLicence(t.String("licence").Value(row)) {
			if name := t.String("name").Value(row); !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
