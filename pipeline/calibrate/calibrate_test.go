package calibrate

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"hardship/pipeline/correlate"
	"hardship/pipeline/internal/golden"
	"hardship/pipeline/table"
)

const folder = "../../datasets/calibration/"

func csvOf(t *testing.T, rows []Row) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteCSV(&b, Table(rows)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// committed is the shipped table.
func committed(t *testing.T) *table.Table {
	t.Helper()
	f, err := os.Open(folder + "calibration.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shipped, err := table.ReadCSV(f, table.Calibration)
	if err != nil {
		t.Fatal(err)
	}
	return shipped
}

// The first records of every scene, asked every question.
func TestTheSliceComesOutAgain(t *testing.T) {
	golden.Check(t, folder+"slice.csv", csvOf(t, Run(SlicePanels, 0, nil)))
}

// All records of one scene and length, which are soon drawn.
func TestRowsOfTheShippedTableComeOutAgain(t *testing.T) {
	data, err := os.ReadFile(folder + "calibration.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := Run(int(committed(t).Int32("panels").Value(0)), 0, func(scene string, days, areas int, first string) bool {
		return first == "ccf_naive" && (scene == "persistent" || scene == "reporting_gaps") && days == 20
	})
	_, lines, _ := strings.Cut(string(csvOf(t, rows)), "\n")
	for line := range strings.Lines(lines) {
		if !strings.Contains(string(data), line) {
			t.Errorf("the shipped table does not have\n%s", line)
		}
	}
	if len(rows) != 8 {
		t.Errorf("%d rows were drawn, not 8", len(rows))
	}
}

func TestThreadsDoNotChangeACount(t *testing.T) {
	wanted := func(scene string, days, areas int, first string) bool { return days == 90 && areas <= 5 || days == 28 }
	if one, three := csvOf(t, Run(4, 1, wanted)), csvOf(t, Run(4, 3, wanted)); !bytes.Equal(one, three) {
		t.Errorf("one thread gives\n%s\nthree give\n%s", one, three)
	}
}

// What the aim of the table rests on: errors that are said, and naive methods right
// where days are independent, or the simulation itself is wrong.
func TestTheShippedTableSaysItsErrorAndItsNaiveMethodsHoldWhereDaysAreIndependent(t *testing.T) {
	shipped := committed(t)
	methods, scenes, errors, sizes := shipped.String("method_id"), shipped.String("scene"), shipped.Float64("false_positive_error"), shipped.Float64("false_positive_share")
	seen := 0
	for row := range shipped.Rows() {
		size, share := sizes.Value(row), shipped.Float64("not_evaluable_share").Value(row)
		panels := float64(shipped.Int32("panels").Value(row))
		if want := math.Sqrt(size * (1 - size) / panels); sizes.IsValid(row) && share == 0 && math.Abs(errors.Value(row)-want) > 1e-12 {
			t.Errorf("row %d: %.4f ± %.4f, want ± %.4f", row, size, errors.Value(row), want)
		}
		exact := scenes.Value(row) == "independent" && (methods.Value(row) == "ccf_naive" || methods.Value(row) == "gaussian_season_model" || strings.HasPrefix(methods.Value(row), "poisson_season_model"))
		if exact && shipped.Int32("record_d").Value(row) >= 90 {
			seen++
			if math.Abs(size-.05) > 4*errors.Value(row) {
				t.Errorf("%s, %d independent days: found in %.2f %%", methods.Value(row), shipped.Int32("record_d").Value(row), 100*size)
			}
		}
	}
	if seen != 9 {
		t.Errorf("%d rows of naive methods were held against 5 %%, not 9", seen)
	}
}

// The truth of the scenes: means of 1, the variances that level is scaled by, and
// how much a day resembles the one before.
func TestProcessesAreWhatTheyAreSaidToBe(t *testing.T) {
	const n = 400_000
	d := newDraws("test", 1, 1, false, 1)
	for _, p := range []struct {
		name                 string
		x                    []float64
		mean, variance, acf1 float64 // acf1 NaN: not stated
	}{
		{"persistent", d.persistent(n, .8), 0, 1, .8},
		{"persistentFactor", persistentFactor(d, n), 1, math.Expm1(logSpread * logSpread), nan},
		{"waves", d.waves(n), 1, wavesVariance(), nan},
		{"ongoing", d.ongoing(n), 5, 5, 7. / 8},
		{"poisson of 40", func() []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = d.poisson(40)
			}
			return x
		}(), 40, 40, 0},
	} {
		var mean, variance float64
		for _, v := range p.x {
			mean += v / n
		}
		for _, v := range p.x {
			variance += (v - mean) * (v - mean) / n
		}
		// Few of these values are independent: the tolerances are some standard errors.
		if math.Abs(mean-p.mean) > .02*math.Sqrt(p.variance) || math.Abs(variance/p.variance-1) > .03 {
			t.Errorf("%s: mean %.4f and variance %.4f, want %.4f and %.4f", p.name, mean, variance, p.mean, p.variance)
		}
		if acf := correlate.Autocorrelation(p.x, 1)[1]; math.Abs(acf-p.acf1) > .01 {
			t.Errorf("%s: autocorrelation %.4f, want %.4f", p.name, acf, p.acf1)
		}
	}
}

// With an effect of a thousand records the mean of what is counted changes as the
// truth says.
func TestEffectsAreTheKnownOnes(t *testing.T) {
	for i := range Scenes {
		s := &Scenes[i]
		if s.kind != ofSeries || s.gaps {
			continue
		}
		var in, out [2]float64 // counts and days of spells, and of others
		for panel := range 1500 {
			r := s.series(newDraws(s.Name, 90, 1, true, panel), 90, true)
			for t, spell := range r.spell {
				if spell {
					in[0], in[1] = in[0]+r.spells[t], in[1]+1
				} else {
					out[0], out[1] = out[0]+r.spells[t], out[1]+1
				}
			}
		}
		if ratio := in[0] / in[1] / (out[0] / out[1]); math.Abs(ratio/ratioSpell-1) > .06 {
			t.Errorf("%s: ratio %.3f, want %.1f", s.Name, ratio, ratioSpell)
		}
	}
}
