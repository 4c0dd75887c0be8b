package calibrate

import (
	"math"
	"testing"

	"hardship/pipeline/regress"
)

// What goes with strikes is what the truth says: counts less their strikes' share add
// up to the rest, whether cold makes strikes count for more or not.
func TestStrikesCountForWhatIsSaid(t *testing.T) {
	for _, s := range Scenes {
		if s.kind != ofSeries || s.gaps {
			continue
		}
		var with, attributed, rest, colderRest float64
		for panel := range 1500 {
			r := s.series(newDraws(s.Name, 90, 1, true, panel), 90, true)
			attributed += r.attributed
			for t, strikes := range r.strikes {
				with += r.struck[t] * -math.Expm1(-r.strike*strikes)
				rest += r.struck[t] * math.Exp(-r.strike*strikes)
				colderRest += r.colder[t] * math.Exp(r.strike*(r.cold[t]+strikeCold)/10*(strikes-meanStrikes))
			}
		}
		if math.Abs(with/attributed-1) > .04 {
			t.Errorf("%s: the count that goes with strikes is %.0f, the truth says %.0f", s.Name, with, attributed)
		}
		if math.Abs(colderRest/rest-1) > .04 {
			t.Errorf("%s: without strikes there would be %.0f and %.0f", s.Name, rest, colderRest)
		}
	}
	r := Scenes[0].series(newDraws(Scenes[0].Name, 90, 1, false, 1), 90, false)
	if r.attributed != 0 || r.strike != 0 {
		t.Errorf("without an association %.1f go with strikes", r.attributed)
	}
}

// The columns of the fits are those that a run's are: of days that are known.
func TestFitsOfStrikesAreOfTheirTruth(t *testing.T) {
	s := &Scenes[0]
	var excess, truth float64
	for panel := range 200 {
		r := s.series(newDraws(s.Name, 150, 1, true, panel), 150, true)
		a := attributable(r)[2]
		if !a.known || a.truth != r.attributed {
			t.Fatalf("panel %d: %+v", panel, a)
		}
		excess += (a.lo + a.hi) / 2
		truth += a.truth
	}
	if math.Abs(excess/truth-1) > .03 {
		t.Errorf("estimates are %.3f of the truth", excess/truth)
	}
}

// Of areas the ratio of ratios does not depend on whether winters are columns or are
// eliminated, and what goes with strikes is their truth.
func TestFitsOfStrikesOfAreas(t *testing.T) {
	for i := range Scenes {
		s := &Scenes[i]
		if s.kind != ofAreas {
			continue
		}
		var excess, truth float64
		for panel := range 60 {
			r := s.areas(newDraws(s.Name, 90, 5, true, panel), 90, 5, true)
			product := regress.Product("product", regress.Term{X: r.strikes}, regress.Term{X: r.cold})
			q := regress.Interaction{A: "strikes", B: "cold", Product: "product", ATo: 1, BTo: -10}
			f := r.besideCold(r.colder, product)
			columns := r.regression(f, r.strike, func(v regress.Covariance) regress.Effect { return f.Interaction(q, v, level).RatioOfRatios })
			for m, a := range interacting(r) {
				if a.known != columns[m].known || math.Abs(a.lo-columns[m].lo) > 1e-7 || math.Abs(a.hi-columns[m].hi) > 1e-7 || math.Abs(a.p-columns[m].p) > 1e-6 {
					t.Errorf("%s, panel %d, method %d: %+v eliminated, %+v with columns", s.Name, panel, m, a, columns[m])
				}
			}
			a := attributable(r)[2]
			if !a.known || a.truth != r.attributed {
				t.Fatalf("%s, panel %d: %+v", s.Name, panel, a)
			}
			excess += (a.lo + a.hi) / 2
			truth += a.truth
		}
		if math.Abs(excess/truth-1) > .06 {
			t.Errorf("%s: estimates are %.3f of the truth", s.Name, excess/truth)
		}
	}
}
