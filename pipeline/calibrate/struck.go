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

// besideCold is a Poisson regression on strikes, cold and more within winters, as a
// run fits one whose counts it predicts.
func (r *record) besideCold(response []float64, more ...regress.Term) *regress.Fit {
	terms := append([]regress.Term{{Name: "strikes", X: r.strikes}, {Name: "cold", X: r.cold}}, more...)
	return regress.Model{Family: regress.Poisson, Response: response, Series: r.season, Terms: append(terms, regress.Dummies("season", r.season)...)}.Fit()
}

func interacting(r *record) []answer {
	product := regress.Product("product", regress.Term{X: r.strikes}, regress.Term{X: r.cold})
	f := r.besideCold(r.colder, product)
	q := regress.Interaction{A: "strikes", B: "cold", Product: "product", ATo: 1, BTo: -10}
	return regression(f, r.strike, func(v regress.Covariance) regress.Effect { return f.Interaction(q, v, level).RatioOfRatios })
}

func attributable(r *record) []answer {
	f := r.besideCold(r.struck)
	return regression(f, r.attributed, func(v regress.Covariance) regress.Effect { return f.Attributable(v, level, "strikes").Number })
}
