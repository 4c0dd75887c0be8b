package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/multiple"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

// leastAreas is the number of areas that a pooled answer needs (methods.md
// 11.2).
const leastAreas = 5

// leastIntervalDays is the number of fitted days below which an effect has no
// interval: of 20 simulated days every kind of errors finds what is not there in 7
// to 49 of 100 (table calibration), and no number of lags mends it.
const leastIntervalDays = 60

// leastSide is the number of known days that an interrupted series needs before
// the interruption, and after it.
const leastSide = 14

// Regressions are the tables of the declared regressions.
type Regressions struct{ Fit, Term, Curve *table.Table }

// Models fits every model of the plan, for each area or pooled over those of a
// country. What cannot be evaluated has its row too, with the reason.
func Models(t Tables, plan config.Findings, models []config.Model) Regressions {
	w := &modelWriter{
		daily: newDaily(t), plan: plan,
		fit: table.NewBuilder(table.ModelFit), term: table.NewBuilder(table.ModelTerm), curve: table.NewBuilder(table.LagCurve),
	}
	for i := range models {
		w.model(&models[i])
	}
	return Regressions{w.fit.Table(), w.term.Table(), w.curve.Table()}
}

// modelWriter writes the three tables.
type modelWriter struct {
	*daily
	plan             config.Findings
	fit, term, curve *table.Builder
}

// A fitted regression with its design; why says why it has no answer.
type fitted struct {
	*design
	id      string
	about   area.ID // the area, or the country of a pooled one
	fit     *regress.Fit
	vcov    regress.Covariance // what is published
	beside  regress.Covariance // the reference of methods.md 9.3 and 9.4, to compare
	rows    int                // known
	left    []string           // areas of a pooled fit that were left out, with the reason
	why     why
	effects []termEffect
}

// model fits one model of the plan. The tests of a term over all areas are one
// family.
func (w *modelWriter) model(m *config.Model) {
	var all []*fitted
	for _, a := range w.about(m.Scope) {
		if m.Scope == "pooled" {
			all = append(all, w.pooled(m, a))
		} else if w.sameCountry(m, a) {
			all = append(all, w.single(m, a))
		}
	}
	if len(all) == 0 {
		return
	}
	for term := range all[0].effects {
		p := make([]float64, len(all))
		for i, f := range all {
			p[i] = f.effects[term].effect.P
		}
		for i, adjusted := range multiple.BenjaminiHochberg(p) {
			all[i].effects[term].adjusted = adjusted
		}
	}
	for _, f := range all {
		w.write(f)
	}
}

// about returns what an analysis is about: each area, or the countries over
// whose areas it is pooled.
func (d *daily) about(scope string) []area.ID {
	var ids []area.ID
	for _, a := range d.tables.Areas {
		if (a.Level == area.Country) == (scope == "pooled") {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// within returns the areas of a country.
func (d *daily) within(country area.ID) []area.ID {
	var ids []area.ID
	for _, id := range d.about("each") {
		if d.tables.Gazetteer.Root(id) == country {
			ids = append(ids, id)
		}
	}
	return ids
}

// sameCountry reports whether the areas that a model names are of an area's own
// country.
func (d *daily) sameCountry(m *config.Model, id area.ID) bool {
	named := []config.Series{m.Outcome}
	for _, x := range m.Exposures {
		named = append(named, x.Series)
	}
	return d.ofCountry(id, named...)
}

func (d *daily) ofCountry(id area.ID, named ...config.Series) bool {
	root := d.tables.Gazetteer.Root(id)
	return !slices.ContainsFunc(named, func(s config.Series) bool { return s.Area != "" && d.tables.Gazetteer.Root(s.Area) != root })
}

// single fits a model to one area.
func (w *modelWriter) single(m *config.Model, id area.ID) *fitted {
	f := &fitted{design: w.newDesign(m, []area.ID{id}, w.plan), id: m.ID + "." + string(id), about: id}
	f.rows, _ = f.known(1)
	before, after := f.sides()
	switch {
	case m.Interrupted != nil && len(f.outcome) == 0:
		f.why = because(OutsideSeasons, "%v lies in no winter of the area", *m.Interrupted)
	case f.rows < w.plan.LeastDays:
		f.why = because(FewDays, "%d days known, fewer than %d", f.rows, w.plan.LeastDays)
	case m.Interrupted != nil && min(before, after) < leastSide:
		f.why = because(NoContrast, "%d days known before the interruption and %d after it, and it needs %d each", before, after, leastSide)
	}
	w.refuseChange(f)
	f.estimate()
	return f
}

// pooled fits a model to all areas of a country that have enough days. Those
// without, and those without an event, are left out and named.
func (w *modelWriter) pooled(m *config.Model, country area.ID) *fitted {
	areas := w.within(country)
	first := w.newDesign(m, areas, w.plan)
	_, enough := first.known(w.plan.LeastDays)
	f := &fitted{id: m.ID + "." + string(country), about: country}
	var eventful []area.ID
	known := first.knownByArea()
	for i, id := range areas {
		switch {
		case !slices.Contains(enough, id):
			f.left = append(f.left, fmt.Sprintf("%s: %d days known", id, known[i]))
		case m.Counts() && !first.hasEvents(i):
			f.left = append(f.left, fmt.Sprintf("%s: no events", id))
		default:
			eventful = append(eventful, id)
		}
	}
	f.design = w.newDesign(m, eventful, w.plan)
	f.rows, _ = f.known(1)
	switch {
	case !w.sameCountry(m, country):
		f.why = because(OtherCountry, "the series are of another country")
	case len(enough) < leastAreas:
		f.why = because(FewAreas, "areas with %d days known: %d, fewer than %d", w.plan.LeastDays, len(enough), leastAreas)
	case len(eventful) < leastAreas:
		f.why = because(FewAreas, "areas with %d days known and an event: %d, fewer than %d", w.plan.LeastDays, len(eventful), leastAreas)
	}
	w.refuseChange(f)
	f.estimate()
	return f
}

// estimate fits and reads off the effects; without an answer every effect says
// why.
func (f *fitted) estimate() {
	f.effects = f.declared()
	if f.why.code == "" {
		f.fit = f.model.Fit()
		if f.fit.Reason != nil {
			f.why = whyOf(f.fit.Reason)
			if f.why.code == Collinear && !slices.ContainsFunc(f.exposures, func(x exposure) bool { return !f.flat(&x) }) {
				f.why = because(DoesNotVary, "the exposure does not vary")
			}
		}
	}
	if f.why.code == "" {
		if f.vcov, f.beside = f.fit.FixedB(), f.fit.NeweyWest(regress.DailyLags, true); len(f.areas) > 1 {
			f.vcov, f.beside = f.fit.DaySums(f.days()), f.fit.CR1(f.area)
		} else if f.plan.Interrupted != nil {
			f.vcov = f.fit.QuasiEffective()
		}
		if left := distinct(f.area, f.fit.Rows); len(f.areas) > 1 && left < leastAreas {
			f.why = because(FewAreas, "%d areas are left in the fit, fewer than %d", left, leastAreas)
		} else if f.vcov.Reason != nil {
			f.why = whyOf(f.vcov.Reason)
		}
	}
	entangled := f.entangled()
	for i := range f.effects {
		e := &f.effects[i]
		if e.why = f.why; f.why.code != "" {
			continue
		}
		if e.exposure != nil && entangled != "" {
			e.why = because(Collinear, "%s: what the exposures go with cannot be told apart", entangled)
			continue
		}
		e.take(f)
	}
}

// take reads off an effect. With too few days for an interval the estimate
// stands alone, marked.
func (e *termEffect) take(f *fitted) {
	effect := e.of(f.vcov)
	if effect.Reason != nil {
		e.why = whyOf(effect.Reason)
		if e.exposure != nil && f.flat(e.exposure) {
			e.why = because(DoesNotVary, "the exposure does not vary")
		}
		return
	}
	e.effect, e.naive = effect, e.of(f.fit.ModelBased()).SE
	if beside := e.of(f.beside); beside.Publishable() {
		e.beside = beside.SE
	}
	if n := f.length(); n < leastIntervalDays {
		e.why = because(FewForInterval, "%d days fitted, fewer than %d: no interval is published", n, leastIntervalDays)
		e.effect.Lo, e.effect.Hi, e.effect.P = math.NaN(), math.NaN(), math.NaN()
	}
}

// entangled names the exposures whose columns repeat those of others, so that
// the estimates of none of them are its own; "" if there are none. A column that
// repeats only what is adjusted for leaves the others as they are.
func (f *fitted) entangled() string {
	if f.why.code != "" {
		return ""
	}
	var names []string
	for i := range f.exposures {
		x := &f.exposures[i]
		if !slices.ContainsFunc(x.terms, func(t regress.Term) bool { return slices.Contains(f.fit.Aliased, t.Name) }) {
			continue
		}
		alone := f.model
		alone.Response = make([]float64, len(f.outcome))
		for row := range alone.Response {
			alone.Response[row] = math.NaN()
		}
		for _, row := range f.fit.Rows {
			alone.Response[row] = f.outcome[row]
		}
		alone.Terms = slices.DeleteFunc(slices.Clone(f.model.Terms), func(t regress.Term) bool {
			return slices.ContainsFunc(f.exposures, func(other exposure) bool {
				return other.name != x.name && slices.ContainsFunc(other.terms, func(o regress.Term) bool { return o.Name == t.Name })
			})
		})
		if fit := alone.Fit(); fit.Reason == nil && len(fit.Aliased) == 0 {
			names = append(names, x.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, " and ") + " repeats the others"
}

// flat reports whether an exposure has one value on all days fitted.
func (f *fitted) flat(x *exposure) bool {
	for _, row := range f.fit.Rows {
		if x.x[row] != x.x[f.fit.Rows[0]] {
			return false
		}
	}
	return true
}
