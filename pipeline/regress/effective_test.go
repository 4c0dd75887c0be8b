package regress

import (
	"math"
	"testing"
)

// The interrupted series of methods.md 9.9, with the arithmetic anew: 120 days, of
// which errors as alike as these leave fewer than half.
func TestQuasiEffectiveIsItsDefinition(t *testing.T) {
	f := Model{Family: Poisson, Response: d1Y, Terms: InterruptedTerms(120, 60)}.Fit()
	e := f.PearsonResiduals()
	var squares, products float64
	for i := range e {
		squares += e[i] * e[i]
		if i > 0 {
			products += e[i] * e[i-1]
		}
	}
	rho := (products/119/(squares/120) + 4./120) / (1 - 6./120)
	effective := 120 * (1 - rho) / (1 + rho)
	if got := f.EffectiveRows(); math.Abs(got/effective-1) > 1e-12 || got > 60 {
		t.Errorf("effective rows %v, want %v", got, effective)
	}
	model, got := f.Effect(LevelChange, f.ModelBased(), .95), f.Effect(LevelChange, f.QuasiEffective(), .95)
	printed(t, "level change", got.Estimate, "-.4184342291")
	printed(t, "its error in the model", model.SE, ".1457225110")
	if want := model.SE * math.Sqrt(squares/(effective-4)); math.Abs(got.SE/want-1) > 1e-9 || math.Abs(got.DF-(effective-4)) > 1e-9 {
		t.Errorf("error %v with %v degrees of freedom, want %v with %v", got.SE, got.DF, want, effective-4)
	}
}

// A day left out has no neighbour, winters have none in each other, and errors that
// undo those of the day before make no row count more than once.
func TestEffectiveRowsAreOfNeighboursOnly(t *testing.T) {
	swing := make([]float64, 40)
	for i := range swing {
		swing[i] = 5 + float64(i%2) + float64(i%3)/7
	}
	f := Model{Family: Gaussian, Response: swing}.Fit()
	if got := f.EffectiveRows(); got != 40 {
		t.Errorf("errors that swing: %v rows of 40", got)
	}
	pairs := make([]float64, 40)
	series := make([]int, 40)
	for i := range pairs {
		pairs[i], series[i] = float64(i/2%3), i/2
	}
	alike := Model{Family: Gaussian, Response: pairs}.Fit().EffectiveRows()
	apart := Model{Family: Gaussian, Response: pairs, Series: series}.Fit().EffectiveRows()
	if !(apart < alike) {
		t.Errorf("two equal days a series are worth %v of 40, without series %v", apart, alike)
	}
	every := make([]float64, 40)
	for i := range every {
		if every[i] = float64(i % 7); i%2 == 1 {
			every[i] = math.NaN()
		}
	}
	if got := (Model{Family: Gaussian, Response: every}).Fit().EffectiveRows(); got != 20 {
		t.Errorf("days without a neighbour: %v rows of 20", got)
	}
	if got := (Model{Family: Poisson, Response: make([]float64, 40)}).Fit(); !math.IsNaN(got.EffectiveRows()) || got.QuasiEffective().Reason == nil {
		t.Error("a fit without estimates has errors")
	}
}
