package analysis

import (
	"fmt"
	"math"

	"hardship/pipeline/table"
)

// A Calibration is the table calibration, to be asked what a method does in records
// whose truth is known. The zero value knows of no method.
type Calibration struct{ Table *table.Table }

// A Trust is what a default method does in the simulated records most like a
// result's, over all scenes.
type Trust struct {
	Days, Areas int // of the records
	Scenes      int

	// The least and the largest share of records in which the method finds an
	// association that is not there, at 5 %; and in which its 95 % interval holds
	// one that is, NaN for a test.
	SizeLo, SizeHi         float64
	CoverageLo, CoverageHi float64

	Worst string // scene of SizeHi
	Met   bool   // the aim, in every scene
}

// Of returns what a method does at the length, and for areas at their number, that
// is nearest by ratio. ok is false if no scene has an answer.
func (c Calibration) Of(method string, days, areas int) (trust Trust, ok bool) {
	t := c.Table
	if t == nil {
		return Trust{}, false
	}
	methods, lengths, numbers, defaults, size := t.String("method_id"), t.Int32("record_d"), t.Int32("areas_n"), t.Bool("is_default"), t.Float64("false_positive_share")
	asked := func(row int) bool {
		return methods.Value(row) == method && defaults.Value(row) && size.IsValid(row) && t.Bool("aim_met").IsValid(row)
	}
	nearest, number, distance := int32(0), int32(0), math.Inf(1)
	for row := range t.Rows() {
		if !asked(row) {
			continue
		}
		// The number of areas first: it changes what can be known.
		d := 10*apart(numbers.Value(row), areas) + apart(lengths.Value(row), days)
		if d < distance {
			nearest, number, distance = lengths.Value(row), numbers.Value(row), d
		}
	}
	trust = Trust{Days: int(nearest), Areas: int(number), SizeLo: 1, CoverageLo: math.NaN(), CoverageHi: math.NaN(), Met: true}
	coverage := t.Float64("interval_coverage")
	for row := range t.Rows() {
		if !asked(row) || lengths.Value(row) != nearest || numbers.Value(row) != number {
			continue
		}
		trust.Scenes++
		trust.Met = trust.Met && t.Bool("aim_met").Value(row)
		v := size.Value(row)
		trust.SizeLo = min(trust.SizeLo, v)
		if v >= trust.SizeHi {
			trust.SizeHi, trust.Worst = v, t.String("scene").Value(row)
		}
		if coverage.IsValid(row) {
			v := coverage.Value(row)
			if math.IsNaN(trust.CoverageLo) {
				trust.CoverageLo, trust.CoverageHi = v, v
			}
			trust.CoverageLo, trust.CoverageHi = min(trust.CoverageLo, v), max(trust.CoverageHi, v)
		}
	}
	return trust, trust.Scenes > 0
}

// apart is how far two numbers lie from each other by ratio.
func apart(a int32, b int) float64 {
	return math.Abs(math.Log(float64(max(1, a)) / float64(max(1, b))))
}

// String says it in a sentence, without a full stop.
func (t Trust) String() string {
	records := fmt.Sprintf("%d days", t.Days)
	if t.Areas > 1 {
		records += fmt.Sprintf(" of %d areas", t.Areas)
	}
	s := fmt.Sprintf("in simulated records of %s this finds an association that is not there in %s (aim 4 to 6 %%), most often in scene %s", records, percents(t.SizeLo, t.SizeHi), t.Worst)
	if !math.IsNaN(t.CoverageLo) {
		s += fmt.Sprintf("; its interval holds one that is there in %s (aim 93 to 97 %%)", percents(t.CoverageLo, t.CoverageHi))
	}
	return s
}

// percents writes two shares as whole per cents.
func percents(lo, hi float64) string {
	a, b := fmt.Sprintf("%.0f", 100*lo), fmt.Sprintf("%.0f", 100*hi)
	if a == b {
		return a + " %"
	}
	return a + " to " + b + " %"
}
