package calibrate

import (
	"math"
	"testing"
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
