package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/analysis"
	"hardship/pipeline/table"
)

// A regression is one term of one declared regression: of every area that it was
// asked of, or pooled.
type regression struct {
	plan, term, scale string
	outcome, exposure series
	exposed           string // the exposure in words
	rows              int
	effects           []float64 // of those with an estimate
	lo, hi            []float64
	apart             int     // with an adjusted p of 0.05 or less
	per               float64 // of the exposure
	unit              string
	reasons           []string // codes of the rows without an estimate, each once
}

// regressionSection is what the declared regressions say, and beside it what
// simulations say of their method and what a reader must know of their days.
func (r *reading) regressionSection() section {
	list := r.regressions()
	if len(list) == 0 {
		return section{}
	}
	s := section{ID: "regressions", Title: "The declared regressions", Level: 3}
	g := &grid{
		Caption: join(say("Effects with their 95%s%% intervals; of several areas the least and the greatest. From ", thin), name("model_term"), say(" and "), name("model_fit")),
		Stack:   true,
		Columns: []column{{Name: "Regression"}, {Name: "Of, for what"}, {Name: "Evaluable", Numeric: true, Short: true}, {Name: "Effect", Numeric: true}, {Name: "Known of it"}},
	}
	notes, unanswered := r.regressionNotes(), map[string]bool{}
	for _, one := range list {
		if len(one.effects) == 0 && unanswered[one.plan] {
			continue // said of the first of its terms
		}
		of, cell := one.words(), codes(notes[one.plan], len(one.effects))
		if len(one.effects) == 0 {
			cell = say("%s", strings.Join(one.reasons, ", "))
			if answered := slices.ContainsFunc(list, func(other *regression) bool { return other.plan == one.plan && len(other.effects) > 0 }); !answered {
				unanswered[one.plan], of = true, one.outcome.String()
			}
		}
		g.Rows = append(g.Rows, rowOf(text{{Text: one.plan, Style: code}}, say("%s", of), say("%d of %d", len(one.effects), one.rows), one.effect(), cell))
	}
	s.Blocks = append(s.Blocks,
		paragraph(say("A regression compares days within winters or months, of one area or, pooled, of five or more. Ratios are of the outcome for so much more of the exposure. How an answer is known stands in the last column: a code in bold says that its method misses its aim in simulations, and is explained below and by "), text{{Text: "hardship explain", Style: code}}, say(".")),
		block{Table: g})
	for _, plan := range plansOf(list) {
		var items []text
		for _, note := range notes[plan] {
			items = append(items, join(text{{Text: plan, Style: code}}, say(": %s, %s.", strings.TrimSuffix(note.words, "."), count(note.fits, "fit", "fits"))))
		}
		if len(items) > 0 {
			s.Blocks = append(s.Blocks, block{List: items})
		}
	}
	return s
}

// regressions gathers the rows of model_term, in their order.
func (r *reading) regressions() []*regression {
	t := r.table(table.ModelTerm)
	plans := map[string]string{}
	fits := r.table(table.ModelFit)
	for row := range fits.Rows() {
		plans[fits.String("model_id").Value(row)] = fits.String("plan_id").Value(row)
	}
	var list []*regression
	byKey := map[[2]string]*regression{}
	for row := range t.Rows() {
		key := [2]string{plans[t.String("model_id").Value(row)], t.String("term").Value(row)}
		one := byKey[key]
		if one == nil {
			one = &regression{
				plan: key[0], term: key[1], scale: t.String("effect_scale").Value(row), per: numberAt(t, row, "x_per"), unit: t.String("x_unit").Value(row),
				outcome: parseSeries(t.String("y_series").Value(row)), exposure: parseSeries(t.String("x_series").Value(row)),
			}
			one.exposed = one.exposure.String()
			if _, limit, ok := strings.Cut(t.String("x_series").Value(row), "] "); ok {
				one.exposed += " " + limit // such as below 0
			}
			byKey[key] = one
			list = append(list, one)
		}
		one.rows++
		effect, lo, hi := numberAt(t, row, "effect"), numberAt(t, row, "effect_lo"), numberAt(t, row, "effect_hi")
		if math.IsNaN(effect) {
			if why := t.String("reason_code").Value(row); why != "" && !slices.Contains(one.reasons, why) {
				one.reasons = append(one.reasons, why)
			}
			continue
		}
		one.effects, one.lo, one.hi = append(one.effects, effect), append(one.lo, lo), append(one.hi, hi)
		one.apart += b2i(numberAt(t, row, "p_bh") <= 0.05)
	}
	return list
}

// words say of what the effect is, and for how much of what.
func (one *regression) words() string {
	if one.exposure.column == "" { // the day of an interruption
		return fmt.Sprintf("%s: %s", one.outcome, one.term)
	}
	if what, of, ok := strings.Cut(one.term, ", "); ok && (one.scale == "count" || one.scale == "share") {
		return fmt.Sprintf("%s, %s: %s", one.outcome, of, what)
	}
	sign := "more"
	if one.per < 0 {
		sign = "less"
	}
	of := ""
	if _, lags, ok := strings.Cut(one.term, ", lags "); ok {
		of = ", lags " + lags + " d"
	} else if strings.Contains(one.term, " at ") || strings.Contains(one.term, " × ") {
		of = ": " + one.term
	}
	return fmt.Sprintf("%s, for %s %s of %s%s", one.outcome, quantity(math.Abs(one.per), 0, one.unit), sign, one.exposed, of)
}

// effect writes the effect, or the range of several.
func (one *regression) effect() text {
	digits := 2
	if one.scale == "count" {
		digits = 0
	}
	switch n := len(one.effects); {
	case n == 0:
		return text{{Text: "not evaluable", Style: quiet}}
	case n == 1 && math.IsNaN(one.lo[0]):
		return say("%s, no interval", number(one.effects[0], digits))
	case n == 1:
		return say("%s (%s to %s)", number(one.effects[0], digits), number(one.lo[0], digits), number(one.hi[0], digits))
	}
	return say("%s to %s; adjusted p of 0.05 or less: %d", number(slices.Min(one.effects), digits), number(slices.Max(one.effects), digits), one.apart)
}

func plansOf(list []*regression) []string {
	var plans []string
	for _, one := range list {
		if !slices.Contains(plans, one.plan) {
			plans = append(plans, one.plan)
		}
	}
	return plans
}

// A note is a warning of the fits of a plan, and how many have it.
type note struct {
	code, words string
	fits        int
}

// codes writes those of notes for the answers of some fits, in bold that of a method
// that misses its aim.
func codes(notes []note, fits int) text {
	by := map[string]int{}
	for _, n := range notes {
		by[n.code] += n.fits
	}
	var out text
	for _, code := range slices.Sorted(maps.Keys(by)) {
		words := code
		if by[code] < fits {
			words += fmt.Sprintf(" in %d", by[code])
		}
		if len(out) > 0 {
			out = join(out, say(", "))
		}
		if code == string(analysis.Misleads) {
			out = join(out, bold("%s", words))
		} else {
			out = join(out, say("%s", words))
		}
	}
	return out
}

// regressionNotes are the warnings of the evaluable fits that bear on how an answer
// is to be read, by plan: those of the method and of a series that changed.
func (r *reading) regressionNotes() map[string][]note {
	t := r.table(table.ModelFit)
	notes := map[string][]note{}
	for row := range t.Rows() {
		if !t.Bool("evaluable").Value(row) {
			continue
		}
		plan := t.String("plan_id").Value(row)
		for _, warning := range analysis.Warnings(t.String("warnings").Value(row)) {
			if warning.Code != analysis.Misleads && warning.Code != analysis.OverChange {
				continue
			}
			i := slices.IndexFunc(notes[plan], func(n note) bool { return n.words == warning.Words })
			if i < 0 {
				i = len(notes[plan])
				notes[plan] = append(notes[plan], note{code: string(warning.Code), words: warning.Words})
			}
			notes[plan][i].fits++
		}
	}
	return notes
}
