package analysis

import (
	"fmt"
	"math"
	"slices"

	"hardship/pipeline/config"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

// Scales of an effect, as model_term.effect_scale says them.
const (
	asRatio         = "ratio"           // of counts; the estimate is its logarithm
	asRatioOfRatios = "ratio of ratios" // likewise
	asDifference    = "difference"      // of a Gaussian, in the unit of the outcome
	asCount         = "count"           // events, or a difference of those predicted a day
	asShare         = "share"           // of all events
)

// termEffect is one effect of a regression, with how to read it off a fit.
type termEffect struct {
	term     string
	exposure *exposure // nil for an interruption
	series   string    // x_series
	unit     string    // x_unit
	per      float64
	scale    string
	of       func(v regress.Covariance) regress.Effect

	effect   regress.Effect
	naive    float64
	beside   float64 // standard error of fitted.beside; NaN if there is none
	why      why     // none, no interval, or no number
	adjusted float64 // p within the family; NaN without p
}

// declared lists the effects that a model declares, without numbers: the same
// for every area.
func (f *fitted) declared() []termEffect {
	scale := asRatio
	if !f.plan.Counts() {
		scale = asDifference
	}
	var list []termEffect
	for i := range f.exposures {
		x := &f.exposures[i]
		e := termEffect{term: x.name, exposure: x, per: x.Per, scale: scale, of: func(v regress.Covariance) regress.Effect { return f.effectOf(x, v) }}
		if f.plan.Lags > 0 {
			e.term = fmt.Sprintf("%s, lags 0 to %d", x.name, f.plan.Lags)
		}
		if len(x.Knots) > 0 {
			e.per = x.Knots[0]
		}
		if other, at := f.other(x); other != nil {
			e.term = fmt.Sprintf("%s, %s at %v", x.name, other.name, at)
		}
		list = append(list, e)
	}
	if f.plan.Interaction != nil {
		list = append(list, f.interaction(scale)...)
	}
	if f.plan.Attributable {
		list = append(list, f.attributable()...)
	}
	if f.plan.Interrupted != nil {
		list = append(list, f.interruption(scale)...)
	}
	none := regress.Effect{Estimate: math.NaN(), SE: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), P: math.NaN()}
	for i := range list {
		e := &list[i]
		e.effect, e.naive, e.beside, e.adjusted = none, math.NaN(), math.NaN(), math.NaN()
		if e.exposure != nil {
			e.series, e.unit = f.exposureName(e.exposure), unitOf(e.exposure.Series)
		}
	}
	return list
}

// effectOf returns the effect of per more of an exposure, summed over the lags,
// under a covariance.
func (f *fitted) effectOf(x *exposure, v regress.Covariance) regress.Effect {
	switch {
	case len(x.Knots) > 0:
		return x.basis.Cumulative(f.fit, v, x.Knots[0], x.Centre, level)
	case x.basis != nil:
		return x.basis.Cumulative(f.fit, v, x.Per, 0, level)
	}
	weights := make([]float64, len(f.fit.Names))
	weights[slices.Index(f.fit.Names, x.name)] = x.Per
	return f.fit.Contrast(weights, v, level)
}

// exposureOf returns the exposure of a column.
func (g *design) exposureOf(column string) *exposure {
	for i := range g.exposures {
		if g.exposures[i].Column == column {
			return &g.exposures[i]
		}
	}
	return nil
}

// other returns the exposure that another interacts with, and the value of it
// that the other's own effect is at; nil if there is none.
func (g *design) other(x *exposure) (*exposure, float64) {
	switch i := g.plan.Interaction; {
	case i == nil:
	case x.Column == i.Column:
		return g.exposureOf(i.By), i.ByFrom
	case x.Column == i.By:
		return g.exposureOf(i.Column), i.From
	}
	return nil, 0
}

// productName is the column of an interaction.
const productName = "interaction"

// interaction lists the answers on both scales (methods.md 9.7). Columns of the
// design are less their From, so that an exposure's own effect is at that of the
// other.
func (f *fitted) interaction(scale string) []termEffect {
	i := f.plan.Interaction
	x, by := f.exposureOf(i.Column), f.exposureOf(i.By)
	q := regress.Interaction{A: x.name, B: by.name, Product: productName, ATo: i.To - i.From, BTo: i.ByTo - i.ByFrom}
	term := fmt.Sprintf("%s × %s", x.name, by.name)
	per := i.To - i.From
	if scale == asDifference {
		return []termEffect{{term: term, exposure: x, per: per, scale: asDifference, of: func(v regress.Covariance) regress.Effect {
			return f.fit.Interaction(q, v, level).RatioOfRatios
		}}}
	}
	return []termEffect{
		{term: term, exposure: x, per: per, scale: asRatioOfRatios, of: func(v regress.Covariance) regress.Effect { return f.fit.Interaction(q, v, level).RatioOfRatios }},
		{term: fmt.Sprintf("%s, a day with %s at %v", x.name, by.name, i.ByFrom), exposure: x, per: per, scale: asCount, of: func(v regress.Covariance) regress.Effect { return f.fit.Interaction(q, v, level).AtBFrom }},
		{term: fmt.Sprintf("%s, a day with %s at %v", x.name, by.name, i.ByTo), exposure: x, per: per, scale: asCount, of: func(v regress.Covariance) regress.Effect { return f.fit.Interaction(q, v, level).AtBTo }},
		{term: fmt.Sprintf("%s, a day more with %s at %v than at %v", x.name, by.name, i.ByTo, i.ByFrom), exposure: x, per: per, scale: asCount, of: func(v regress.Covariance) regress.Effect { return f.fit.Interaction(q, v, level).Excess }},
	}
}

// attributable lists the counts that go with each exposure against none of it,
// and their shares of all (methods.md 9.8).
func (f *fitted) attributable() []termEffect {
	var list []termEffect
	for i := range f.exposures {
		x := &f.exposures[i]
		var columns []string
		for _, t := range x.terms {
			columns = append(columns, t.Name)
		}
		list = append(list,
			termEffect{term: x.name + ", count that goes with it", exposure: x, per: 1, scale: asCount, of: func(v regress.Covariance) regress.Effect {
				return f.fit.Attributable(v, level, columns...).Number
			}},
			termEffect{term: x.name + ", share that goes with it", exposure: x, per: 1, scale: asShare, of: func(v regress.Covariance) regress.Effect {
				return f.fit.Attributable(v, level, columns...).Fraction
			}})
	}
	return list
}

// interruption lists the changes of level and of slope (methods.md 9.9).
func (f *fitted) interruption(scale string) []termEffect {
	day := f.plan.Interrupted.String()
	of := func(column string) func(v regress.Covariance) regress.Effect {
		return func(v regress.Covariance) regress.Effect { return f.fit.Effect(column, v, level) }
	}
	return []termEffect{
		{term: "level from " + day, series: day, per: 1, scale: scale, of: of(regress.LevelChange)},
		{term: "slope from " + day, series: day, unit: "d", per: 1, scale: scale, of: of(regress.SlopeChange)},
	}
}

// unitOf returns the unit of a series.
func unitOf(s config.Series) string {
	schema := table.AreaDay
	if s.Table == table.StrikeNight.Name {
		schema = table.StrikeNight
	}
	c, _ := schema.Column(s.Column)
	return c.Unit
}
