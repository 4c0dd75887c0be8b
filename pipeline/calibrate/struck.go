package calibrate

import (
	"math"

	"hardship/pipeline/regress"
)

const (
	meanStrikes = 2 // a day
	strikeCold  = 3 // °C below 0 about which cold and strikes are multiplied, its mean
)

// struck draws strikes, which come as the counts of the scene do and know nothing of
// the cold, and counts that go with them. With an effect or without, counts rise in
// the cold: what is asked is whether they rise with strikes, and more so in the cold.
func (s *Scene) struck(d draws, r *record, cold, factor []float64, rising func(t int) float64, effect bool) {
	if effect {
		r.strike = math.Log(ratioStrike)
	}
	n := r.days
	r.strikes, r.struck, r.colder = make([]float64, n), make([]float64, n), make([]float64, n)
	waves := s.factor(d, n)
	for t := range n {
		r.strikes[t] = d.poisson(meanStrikes * waves[t])
		below := -(cold[t] + strikeCold) / 10
		mu := s.rate * factor[t] * math.Exp(rising(t)+math.Log(ratioPer10)*below)
		r.struck[t] = s.counted(d, mu*math.Exp(r.strike*r.strikes[t]))
		r.colder[t] = s.counted(d, mu*math.Exp(r.strike*below*(r.strikes[t]-meanStrikes)))
	}
	if s.gaps {
		for _, x := range [][]float64{r.struck, r.colder} {
			d.hide(x, .05, func(t int) float64 { return math.Exp(-(cold[t] + strikeCold) / 10) })
		}
	}
	for t, strikes := range r.strikes {
		if r.known[t] && !math.IsNaN(r.struck[t]) {
			mean := s.rate * math.Exp(rising(t)-math.Log(ratioPer10)*(cold[t]+strikeCold)/10+r.strike*strikes)
			r.attributed += mean * -math.Expm1(-r.strike*strikes)
		}
	}
}

// struckAreas is struck for areas: of strikes that are counted for all of them
// together, as launches are, and counts of each.
func (s *Scene) struckAreas(d draws, r *record, quiet, sizes []float64, effect bool) {
	if effect {
		r.strike = math.Log(ratioStrike)
	}
	n := r.days
	strikes := make([]float64, n)
	for t, wave := range s.factor(d, n) {
		strikes[t] = d.poisson(meanStrikes * wave)
	}
	for i, mu := range quiet {
		of := strikes[r.day[i]]
		below := -(r.cold[i] + strikeCold) / 10
		inCold := math.Exp(math.Log(ratioPer10) * below)
		r.strikes = append(r.strikes, of)
		r.struck = append(r.struck, s.counted(d, mu*inCold*math.Exp(r.strike*of)))
		r.colder = append(r.colder, s.counted(d, mu*inCold*math.Exp(r.strike*below*(of-meanStrikes))))
		r.attributed += s.rate * sizes[r.area[i]] * inCold * math.Exp(r.strike*of) * -math.Expm1(-r.strike*of)
	}
}

// besideCold is a Poisson regression on strikes, cold and more within winters, as a
// run fits one whose counts it predicts: with the level of every winter as a column.
func (r *record) besideCold(response []float64, more ...regress.Term) *regress.Fit {
	m := r.ofStrikes(response, more)
	m.Terms = append(m.Terms, regress.Dummies("season", r.season)...)
	return m.Fit()
}

// besideColdEliminated is besideCold without those columns, for what needs no level:
// the numbers are the same, and many areas take a tenth of the time.
func (r *record) besideColdEliminated(response []float64, more ...regress.Term) *regress.Fit {
	m := r.ofStrikes(response, more)
	m.Absorb = [][]int{r.season}
	return m.Fit()
}

func (r *record) ofStrikes(response []float64, more []regress.Term) regress.Model {
	return regress.Model{
		Family: regress.Poisson, Response: response, Series: r.season,
		Terms: append([]regress.Term{{Name: "strikes", X: r.strikes}, {Name: "cold", X: r.cold}}, more...),
	}
}

func interacting(r *record) []answer {
	product := regress.Product("product", regress.Term{X: r.strikes}, regress.Term{X: r.cold})
	fit := r.besideCold
	if r.area != nil {
		fit = r.besideColdEliminated
	}
	f := fit(r.colder, product)
	q := regress.Interaction{A: "strikes", B: "cold", Product: "product", ATo: 1, BTo: -10}
	return r.regression(f, r.strike, func(v regress.Covariance) regress.Effect { return f.Interaction(q, v, level).RatioOfRatios })
}

func attributable(r *record) []answer {
	f := r.besideCold(r.struck)
	return r.regression(f, r.attributed, func(v regress.Covariance) regress.Effect { return f.Attributable(v, level, "strikes").Number })
}

// regression answers under the covariances of regressionMethods, of areas under those
// of pooledMethods.
func (r *record) regression(f *regress.Fit, truth float64, effect func(v regress.Covariance) regress.Effect) []answer {
	if r.area == nil {
		return regression(f, truth, effect)
	}
	areas := func() regress.Covariance { return f.CR1(r.area) }
	days := func() regress.Covariance { return f.DaySums(r.day) }
	return under(f, truth, effect, f.ModelBased, areas, days)
}
