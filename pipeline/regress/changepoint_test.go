package regress

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Disasters in British coal mines with ten deaths or more, 1851–1962, by year
// (Jarrett 1979; methods.md 12).
var coal = numbers(`4 5 4 1 0 4 3 4 0 6 3 3 4 0 2 6 3 3 5 4 5 3 1 4 4 1 5 5 3 4 2 5 2 2 3 4 2 1 3 2 2 1 1 1 1 3 0 0 1 0 1 1 0 0 3 1
	0 3 2 2 0 1 1 1 0 1 0 1 0 0 0 2 1 0 0 0 1 1 0 2 3 3 1 1 2 1 1 1 1 2 3 3 0 0 0 1 4 0 0 0 1 0 0 0 0 0 1 0 0 1 0 1`)

// Volume of the Nile at Aswan, 1871–1970, 10⁸ m³ a year (Cobb 1978; Nile of R's
// datasets).
var nile = numbers(`1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140
	1100 1210 1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969
	831 726 456 824 702 1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759
	781 865 845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848 890
	744 749 838 1050 918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740`)

// methods.md 9.15.
func TestChangepointsReference(t *testing.T) {
	one := SegmentsOf(coal, PoissonCost, 1)
	if !slices.Equal(one.Changes, []int{41}) || one.N != 112 {
		t.Errorf("coal: changes %v", one.Changes)
	}
	printed(t, "mean before", one.Means[0], "3.097561")
	printed(t, "mean after", one.Means[1], ".901408")
	printed(t, "gain", SegmentsOf(coal, PoissonCost, 0).Cost-one.Cost, "69.988345")
	if got := Changepoints(coal, PoissonCost, 2*math.Log(112)); !slices.Equal(got.Changes, []int{41, 97}) {
		t.Errorf("coal, penalised: %v", got.Changes)
	}

	one = SegmentsOf(nile, SquaredError, 1)
	if !slices.Equal(one.Changes, []int{28}) { // the first year of the new level is 1871+28
		t.Errorf("Nile: changes %v", one.Changes)
	}
	printed(t, "mean before", one.Means[0], "1097.75")
	printed(t, "mean after", one.Means[1], "849.9722")

	for _, tt := range []struct {
		times float64
		want  []int
	}{{2, []int{14, 52, 60}}, {3, []int{17}}} {
		if got := Changepoints(d1Y, PoissonCost, tt.times*math.Log(120)); !slices.Equal(got.Changes, tt.want) {
			t.Errorf("D1, penalty %v ln n: %v, want %v", tt.times, got.Changes, tt.want)
		}
	}
}

// costOf is the cost of a segmentation by its definition.
func costOf(x []float64, kind SegmentCost, changes []int) float64 {
	var total float64
	bounds := slices.Concat([]int{0}, changes, []int{len(x)})
	for k := range len(bounds) - 1 {
		segment := x[bounds[k]:bounds[k+1]]
		var s, square float64
		for _, v := range segment {
			s += v
		}
		mean := s / float64(len(segment))
		for _, v := range segment {
			square += (v - mean) * (v - mean)
		}
		switch {
		case kind == SquaredError:
			total += square
		case s > 0:
			total += -2 * (s*math.Log(mean) - s)
		}
	}
	return total
}

// All segmentations of a short series are tried.
func TestChangepointsAreTheBestOfAll(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 15))
	for range 40 {
		x := make([]float64, 10)
		for i := range x {
			x[i] = poissonCount(random, 1+4*float64(i/4))
		}
		penalty := 3 * random.Float64()
		for _, kind := range []SegmentCost{PoissonCost, SquaredError} {
			best := math.Inf(1)
			byChanges := slices.Repeat([]float64{math.Inf(1)}, len(x))
			for set := range 1 << (len(x) - 1) {
				var changes []int
				for i := 1; i < len(x); i++ {
					if set>>(i-1)&1 == 1 {
						changes = append(changes, i)
					}
				}
				cost := costOf(x, kind, changes)
				best = min(best, cost+penalty*float64(len(changes)))
				byChanges[len(changes)] = min(byChanges[len(changes)], cost)
			}
			got := Changepoints(x, kind, penalty)
			if v := got.Cost + penalty*float64(len(got.Changes)); math.Abs(v-best) > 1e-9 || !near(got.Cost, costOf(x, kind, got.Changes), 1e-9) && got.Cost > 1e-9 {
				t.Errorf("%v, penalty %v: %v costs %v, best %v", x, penalty, got.Changes, v, best)
			}
			for changes, want := range byChanges {
				if got := SegmentsOf(x, kind, changes); math.Abs(got.Cost-want) > 1e-9 || len(got.Changes) != changes {
					t.Errorf("%v, %d changes: %v costs %v, best %v", x, changes, got.Changes, got.Cost, want)
				}
			}
		}
	}
}

func TestChangepointsOfOddSeries(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		name    string
		x       []float64
		changes []int
		means   []float64
		reason  error
	}{
		{"no level differs", []float64{2, 2, 2, 2}, []int{}, []float64{2}, nil},
		{"no events", []float64{0, 0, 0}, []int{}, []float64{0}, nil},
		{"one value", []float64{5}, []int{}, []float64{5}, nil},
		{"gaps: the level begins at the first value known", []float64{nan, 0, 0, 0, 0, nan, nan, 90, 90, nan}, []int{7}, []float64{0, 90}, nil},
		{"no value", []float64{nan, nan}, nil, nil, ErrTooFew},
		{"nothing", nil, nil, nil, ErrTooFew},
		{"negative", []float64{1, -1, 3}, nil, nil, ErrNegative},
		{"infinite", []float64{1, inf, 3}, nil, nil, ErrNotFinite},
		{"too large", []float64{math.MaxFloat64, math.MaxFloat64}, nil, nil, ErrNotFinite},
		{"too long", make([]float64, 50_001), nil, nil, ErrTooLarge},
	} {
		got := Changepoints(tt.x, PoissonCost, 2)
		if !slices.Equal(got.Changes, tt.changes) || !slices.Equal(got.Means, tt.means) || math.IsNaN(got.Cost) != (tt.reason != nil) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		mustBe(t, tt.name, got.Reason, tt.reason)
	}
	mustBe(t, "more changes than values", SegmentsOf([]float64{1, 2}, SquaredError, 2).Reason, ErrTooFew)
	t.Run("a level far from 0 does not blur the squares", func(t *testing.T) {
		x := slices.Clone(nile)
		for i := range x {
			x[i] += 1e9
		}
		if got := SegmentsOf(x, SquaredError, 1); !slices.Equal(got.Changes, []int{28}) || !near(got.Cost, SegmentsOf(nile, SquaredError, 1).Cost, 1e-9) {
			t.Errorf("%+v", got)
		}
	})
	mustPanic(t, "negative penalty", func() { Changepoints(coal, PoissonCost, -1) })
	mustPanic(t, "penalty not known", func() { Changepoints(coal, PoissonCost, nan) })
	mustPanic(t, "endless penalty", func() { Changepoints(coal, PoissonCost, inf) })
	mustPanic(t, "negative changes", func() { SegmentsOf(coal, PoissonCost, -1) })
}
