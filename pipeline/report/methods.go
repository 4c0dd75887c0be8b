package report

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
)

// methodSections declares how the numbers were made and what they cannot say
// (methods.md 11.1).
func (r *reading) methodSections() []section {
	cannot := []text{
		say("Association is not cause. Strikes are not random: whoever attacks may choose cold nights, and cold, demand, damage and reporting hang together."),
		say("Nothing is known where nobody reported. Outages hide reports, sieges hide both; an area without a source is unknown, not spared."),
		say("A schedule is an announcement. One household is one household. A few queues are not a city, and they are never scaled up."),
		say("What holds for an area and a day says nothing on a household or a site."),
		say("Who meant to do what, whether terms were agreed or kept, and what will come next: no number here speaks of it."),
		say("The data are as they stood at the as-of. Later corrections can change every number."),
	}
	return []section{
		{ID: "methods", Title: "Methods and declarations", Short: "Methods", Level: 2, Blocks: []block{{List: r.declarations()}}},
		{ID: "cannot", Title: "What cannot be said", Level: 3, Blocks: []block{{List: cannot}}},
	}
}

func (r *reading) declarations() []text {
	one := func(what, format string, args ...any) text { return join(bold("%s. ", what), say(format, args...)) }
	out := []text{
		one("As-of", "%s: what was known to the inputs by then. Period %s.", momentOf(r.AsOf), datesOf(r.First, r.End-1)),
	}
	if lag := r.setting("publication_lag_days"); lag != "" {
		lines := fmt.Sprintf("Nothing of the last days before the as-of is published, in days: %s.", lag)
		for _, w := range r.Warnings {
			if w.ID == "lag" {
				lines += " " + capital(strings.TrimSuffix(w.Text, ".")) + "."
			}
		}
		out = append(out, one("Publication lag", "%s", lines))
	}
	out = append(out,
		one("Days and nights", "A day is the civil day of its area (%s), 23 to 25 hours long. A night runs from %d:00 to %02d:00 local time and is counted on the day it ends; what a bulletin gives by date only is kept apart.", r.zones(), hour.NightStartHour, hour.NightEndHour),
		one("Temperature", "From hourly values of one source a day; a forecast is not a reading. A day counts if at least %s of its hours are known and no gap is longer than %d hours. Cold days: lowest temperature at or below 0, −5, −10, −15 and −20 °C.", percent(quality.LeastDayCoverage, 0), quality.LongestDayGap),
	)
	if rules := r.ruleWords(); rules != "" {
		out = append(out, one("Cold spells", "%s. A day without a mean ends a spell and is marked. Findings use the first rule.", rules))
	}
	if base := r.setting("cold_base"); base != "" {
		out = append(out, one("Climate", "The days of long cold spells (CSDI) and the excess cold factor are set against %s of the same source; where it does not reach, they are not evaluable (M0109), and season says so.", base))
	}
	publisher := r.setting("strike_publisher")
	switch publisher {
	case "":
	case "all":
		out = append(out, one("Strikes", "Bulletins of every publisher in the data are counted; where publishers overlap, so do the counts."))
	default:
		out = append(out, one("Strikes", "Only bulletins of the publisher %s make totals; others overlap them. A night without one is unknown. Munitions are of the whole country: they are not spread over areas.", publisher))
	}
	out = append(out,
		one("Ranges", "Where something is unknown there is a lower and an upper end (lo, hi), and no number between. Strikes of unknown target count in hi of those on energy and not in lo."),
		one("Outages", "Customer-hours come from records of customers; announced hours from schedules, the last version seen before a slot begins, the mean over the queues seen. The two are never mixed."),
		one("Intervals", "95 %%. Rate ratios: as wide as those of the cold-spell days turned round the winter. Pauses: exact, or widened by the dispersion of daily counts. Correlations: effective number of days after Pyper and Peterman. Regressions: Newey–West with 3√n lags, and for areas pooled the sums over them by day likewise, read against quantiles that allow for so many lags (fixed-b). Tests: circular shifts of a week or more. What each does where the truth is known stands in the table calibration. No random numbers are used, so there is no seed; the simulation behind that table has its own."),
		one("Families", "The lags of one pair of series in one winter are one family, and so are the rate ratios of one weapon and the effects of one model and term over all areas (Benjamini and Hochberg); nothing is adjusted across families. All that was declared is reported, evaluable or not."),
		one("Reliability", "IEEE 1366, of interruptions of more than 5 minutes; an interruption belongs to the day on which it begins. Major event days by the five years before, from 30 days that are not zero; always shown beside the figures with them."),
		one("Hardship", "Scenarios of a home: time constant 30, 60 and 100 h, gain 0 and 3 K, heating that stops with the power or goes on; 20 °C where a run of known days begins, 6 h to warm up. Where an area does not say otherwise, %v people stand behind a customer.", index.DefaultPersonsPerCustomer),
		one("Not in this run", "Effects of single strikes, and any judgement of whether terms of a pause were agreed or met."),
	)
	if suppressed := r.suppressed(); len(suppressed) > 0 {
		out = append(out, one("Left out to protect people", "%s.", strings.Join(suppressed, "; ")))
	} else {
		out = append(out, one("Left out to protect people", "No area was left out for its small population. No place finer than an area is in any table."))
	}
	out = append(out, join(bold("Every assumption. "), say("The table "), name("assumption"), say(" lists thresholds, rules of coverage, seasons, baselines and adjustments, what each decides, and whether it can be set.")))
	return append(out, join(bold("Every column. "), say("The table "), name("data_dictionary"), say(" has the meaning, unit and definition of each.")))
}

// zones writes the time zones of the areas.
func (r *reading) zones() string {
	t := r.table(table.AreaDay)
	var zones []string
	for _, id := range t.Areas() {
		if z := t.Of(id).String("tz").Value(0); !slices.Contains(zones, z) {
			zones = append(zones, z)
		}
	}
	slices.Sort(zones)
	if len(zones) > 4 {
		return fmt.Sprintf("%d time zones", len(zones))
	}
	if len(zones) == 0 {
		return "no area has a row"
	}
	return strings.Join(zones, ", ")
}

// ruleWords writes the cold-spell rules.
func (r *reading) ruleWords() string {
	var rules []string
	for _, id := range strings.Fields(r.setting("cold_spell_rules")) {
		if rule := parseRule(id); rule != nil {
			rules = append(rules, rule.String())
		}
	}
	return capital(strings.Join(rules, "; "))
}

func (r *reading) suppressed() []string {
	var out []string
	for _, w := range r.Warnings {
		if strings.HasPrefix(w.ID, "suppressed/") {
			out = append(out, w.Text)
		}
	}
	return out
}

// inputSection says where everything comes from and what became of every row.
func (r *reading) inputSection() section {
	s := section{ID: "inputs", Title: "Inputs and licences", Short: "Inputs", Level: 2}
	t := r.table(table.Provenance)
	counts := &grid{
		Caption: say("Input files: what became of every row"),
		Columns: []column{
			{Name: "Source"}, {Name: "File"}, {Name: "SHA-256"}, {Name: "Rows read", Numeric: true}, {Name: "Kept", Numeric: true}, {Name: "Rejected", Numeric: true},
		},
	}
	licences := &grid{
		Caption: say("Sources, attributions and licences"), Stack: true,
		Columns: []column{{Name: "Source"}, {Name: "From"}, {Name: "To be credited"}, {Name: "Licence"}},
	}
	var named []string
	for row := range t.Rows() {
		if t.String("kind").Value(row) != "input" {
			continue
		}
		source := t.String("name").Value(row)
		hash := t.String("sha256").Value(row)
		if len(hash) > 12 {
			hash = hash[:12] + "…"
		}
		n := func(column string) text {
			if v := numberAt(t, row, column); v == v {
				return say("%s", number(v, 0))
			}
			return notKnown()
		}
		counts.Rows = append(counts.Rows, rowOf(name(source), say("%s", t.String("file").Value(row)), name(hash), n("rows_read"), n("rows_kept"), n("rows_rejected")))
		if slices.Contains(named, source) {
			continue
		}
		named = append(named, source)
		origin := t.String("origin").Value(row)
		if revision := t.String("revision").Value(row); revision != "" {
			origin += ", revision " + revision
		}
		licence, attribution := t.String("licence").Value(row), t.String("attribution").Value(row)
		words := say("%s", licence)
		switch {
		case licence == "" && origin == "" && attribution == "":
			words = text{{Text: "nothing on record", Style: quiet}}
		case licence == "":
			words = bold("None stated")
		case noLicence(licence):
			words = bold("%s", capital(licence))
		}
		licences.Rows = append(licences.Rows, rowOf(name(source), orDash(origin), orDash(attribution), words))
	}
	if len(counts.Rows) == 0 {
		s.Blocks = []block{paragraph(say("This run has no record of its inputs."))}
		return s
	}
	s.Blocks = []block{{Table: licences}, {Table: counts}, {Paragraph: r.rejectedWords()}}
	return s
}

func orDash(s string) text {
	if strings.TrimSpace(s) == "" {
		return text{{Text: "–", Style: quiet}}
	}
	return say("%s", s)
}

// rejectedWords counts the rows that were not kept, by code.
func (r *reading) rejectedWords() text {
	t := r.table(table.Rejected)
	if t.Rows() == 0 {
		return say("Read is kept and rejected together, in every file. No row was rejected.")
	}
	codes := map[string]int{}
	rows := 0
	for row := range t.Rows() {
		n := int(t.Int64("rows_rejected").Value(row))
		codes[t.String("code").Value(row)] += n
		rows += n
	}
	var parts []string
	for _, c := range sortedReasons(codes) {
		parts = append(parts, fmt.Sprintf("%s of %s", number(float64(c.rows), 0), c.reason))
	}
	return join(say("Read is kept and rejected together, in every file. The table "), name("rejected"),
		say(" lists %s with its place: %s. hardship explain CODE says what a code means.", count(rows, "fault", "faults"), list(parts)))
}

// tableSection lists the published tables.
func (r *reading) tableSection() section {
	g := &grid{Caption: say("Published tables"), Stack: true, Columns: []column{{Name: "Table"}, {Name: "What it holds"}, {Name: "Rows", Numeric: true}}}
	for _, c := range r.Tables {
		t := c.Table()
		g.Rows = append(g.Rows, rowOf(link(t.Schema.Name+".parquet", tablePath(t.Schema.Name)), say("%s", t.Schema.Description), say("%s", number(float64(t.Rows()), 0))))
	}
	s := section{ID: "tables", Title: "Tables", Short: "Tables", Level: 2, Blocks: []block{{Table: g}}}
	if len(g.Rows) == 0 {
		s.Blocks = []block{paragraph(say("This run published no tables."))}
	}
	return s
}

// tablePath leads from the report to a table.
func tablePath(name string) string { return "../tables/" + name + ".parquet" }
