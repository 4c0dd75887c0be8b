package correlate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func TestShiftReference(t *testing.T) {
	// methods.md 9.12.
	r := ShiftTest(strikes, outages, []int{0, 1, 2, 3, 4, 5, 6, 7}, 7)
	if !printed(r.MaxAbsR, .412723459, 9) || !printed(r.PFamily, .009259259, 9) || r.Shifts != 108 || r.SmallestP != 1./108 || len(r.Warnings) > 0 {
		t.Errorf("family %+v", r)
	}
	l := r.Lags[0]
	if !printed(l.P, .009259259, 9) || l.Shifts != 108 || !printed(l.R, .3826290401, 10) || l.N != 120 {
		t.Errorf("lag 0 %+v", l)
	}
	if all := ShiftTest(strikes, outages, []int{0}, 1).Lags[0]; !printed(all.P, .0166667, 7) || all.Shifts != 120 {
		t.Errorf("all shifts %+v", all)
	}
}

func TestSuperposedEpochsByShifts(t *testing.T) {
	// methods.md 9.10: all events turned together, p one-sided .075.
	events := []int{53, 96, 109} // days from 1
	stat := func(shift int) float64 {
		mean := func(from, to int) float64 {
			var sum float64
			for _, event := range events {
				for k := from; k <= to; k++ {
					sum += outages[(event-1+k+shift+120)%120]
				}
			}
			return sum / float64(len(events)*(to-from+1))
		}
		return mean(1, 4) - mean(-3, -1)
	}
	p := ShiftStatistic(120, 1, stat)
	if !printed(p.Observed, 2.055555556, 9) || !near(p.PGreater, .075, 1e-12) || p.Shifts != 120 {
		t.Errorf("%+v", p)
	}
}

// turn returns v with shift more steps before it, counted round.
func turn[T any](v []T, shift int) []T {
	n := len(v)
	w := make([]T, n)
	for t := range v {
		w[(t+shift)%n] = v[t]
	}
	return w
}

func TestSumsBothWays(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{1, 2, 31, 180, 181, 182, 211, 841, 1009, 1024} {
		a, b := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], b[i] = random.NormFloat64(), random.NormFloat64()
		}
		r := newRing(n)
		if transformed := r.t != nil; transformed != (n > 181) {
			t.Fatalf("%d steps through a transform: %v", n, transformed)
		}
		got := r.correlate(r.of(a), r.of(b))
		for d := range n {
			if want := dot(turn(a, d), b); !near(got[d], want, 1e-11) {
				t.Errorf("%d steps, turned by %d: %v, want %v", n, d, got[d], want)
			}
		}
		for _, maxLag := range []int{0, n / 4, n - 1, n + 5} {
			sums := lagSums(a, b, maxLag)
			if len(sums) != maxLag+1 {
				t.Fatalf("%d sums to lag %d", len(sums), maxLag)
			}
			for k, got := range sums {
				if want := dot(a[:max(0, n-k)], b[min(n, k):]); !near(got, want, 1e-11) {
					t.Errorf("%d steps, lag %d of %d: %v, want %v", n, k, maxLag, got, want)
				}
			}
		}
	}
}

// The definition, pair by pair.
func TestShiftTestIsItsDefinition(t *testing.T) {
	lags := []int{0, 2, -3, 5}
	for _, n := range []int{90, 400, 211} {
		for _, gaps := range []float64{0, .15} {
			t.Run(fmt.Sprintf("%d steps, %v missing", n, gaps), func(t *testing.T) {
				x, y := holed(wave(n, 1), gaps, 1), holed(wave(n, 2), gaps, 2)
				for i := range x { // ties
					x[i] = math.Round(x[i])
				}
				circular := func(lag int) float64 {
					var px, py []float64
					for i, v := range turn(x, (lag+n)%n) {
						if !math.IsNaN(v + y[i]) {
							px, py = append(px, v), append(py, y[i])
						}
					}
					return pearson(px, py)
				}
				const minShift = 9
				got := ShiftTest(x, y, lags, minShift)
				best := func(shift int) (largest float64) {
					for _, lag := range lags {
						largest = max(largest, math.Abs(circular(lag+shift)))
					}
					return largest
				}
				family := 0
				counts := make([]int, len(lags))
				shifts := []int{0}
				for s := minShift; s <= n-minShift; s++ {
					shifts = append(shifts, s)
				}
				for _, s := range shifts {
					if best(s) >= best(0)-1e-10 {
						family++
					}
					for i, lag := range lags {
						if math.Abs(circular(lag+s)) >= math.Abs(circular(lag))-1e-10 {
							counts[i]++
						}
					}
				}
				all := float64(len(shifts))
				if !near(got.MaxAbsR, best(0), 1e-12) || got.PFamily != float64(family)/all || got.Shifts != len(shifts) {
					t.Errorf("%+v, want max |r| %v, p %d/%v", got, best(0), family, all)
				}
				for i, l := range got.Lags {
					if !near(l.R, circular(l.Lag), 1e-12) || l.P != float64(counts[i])/all || l.Lag != lags[i] {
						t.Errorf("%+v, want r %v, p %d/%v", l, circular(l.Lag), counts[i], all)
					}
				}
			})
		}
	}
}

func TestShiftTestOfWhatCannotBeTested(t *testing.T) {
	flat, x := make([]float64, 300), wave(300, 1)
	early, late := append([]float64(nil), x...), append([]float64(nil), x...)
	for i := range 150 {
		early[150+i], late[i] = nan, nan
	}
	huge := append([]float64(nil), x...)
	huge[5] = inf
	for _, tt := range []struct {
		name string
		x, y []float64
		want error
	}{
		{"no steps", nil, nil, ErrTooFew},
		{"too few values", x[:19], x[:19], ErrTooFew},
		{"no value at all", holed(x, 1, 1), x, ErrTooFew},
		{"a series that does not vary", x, flat, ErrZeroVariance},
		{"an infinite value", huge, x, ErrNotFinite},
		{"no pair at the lag, though others have", early, late, ErrTooFew},
	} {
		r := ShiftTest(tt.x, tt.y, []int{0}, 7)
		if !warned(r.Warnings, tt.want) {
			t.Errorf("%s: warnings %v, want %v", tt.name, r.Warnings, tt.want)
		}
		l := r.Lags[0]
		for _, v := range []float64{r.MaxAbsR, r.PFamily, r.SmallestP, l.R, l.P, l.SmallestP} {
			if !math.IsNaN(v) {
				t.Errorf("%s: a number in %+v", tt.name, r)
				break
			}
		}
	}
	t.Run("a lag without pairs is no part of the family", func(t *testing.T) {
		r := ShiftTest(early, late, []int{0, 150}, 7)
		if !math.IsNaN(r.Lags[0].R) || !near(r.Lags[1].R, r.MaxAbsR*sign(r.Lags[1].R), 1e-12) || r.Lags[1].N != 150 {
			t.Errorf("%+v", r)
		}
		// Turned by up to 130 steps either way, at least 20 pairs remain.
		if want := 1 + 2*(130-7+1); r.Shifts != want {
			t.Errorf("%d shifts, want %d", r.Shifts, want)
		}
	})
	t.Run("a stretch without variation is no correlation, whatever a transform leaves", func(t *testing.T) {
		once := make([]float64, 300)
		once[10] = 1
		gap := append([]float64(nil), x...)
		for i := range 100 {
			gap[i] = nan
		}
		r := ShiftTest(once, gap, []int{0}, 7)
		if !warned(r.Warnings, ErrZeroVariance) {
			t.Errorf("%+v", r)
		}
	})
	t.Run("too few turns are told", func(t *testing.T) {
		r := ShiftTest(x[:30], x[30:60], []int{0}, 7)
		if r.Shifts != 18 || !warned(r.Warnings, ErrFewShifts) {
			t.Errorf("%+v", r)
		}
		r = ShiftTest(x[:30], x[30:60], []int{0}, 16)
		if r.Shifts != 1 || r.PFamily != 1 || r.SmallestP != 1 {
			t.Errorf("no turn is left: %+v", r)
		}
	})
}

func sign(v float64) float64 { return math.Copysign(1, v) }

func TestShiftStatistic(t *testing.T) {
	values := []float64{2, -3, 2, 1, math.Inf(-1), nan, 2 - 1e-13, 0}
	p := ShiftStatistic(8, 1, func(shift int) float64 { return values[shift] })
	if p.Observed != 2 || p.Shifts != 7 || p.Undefined != 1 || p.P != 5./7 || p.PGreater != 3./7 || p.PLess != 1 || p.SmallestP != 1./7 {
		t.Errorf("%+v", p)
	}
	p = ShiftStatistic(50, 1, func(shift int) float64 { return map[bool]float64{true: math.Inf(-1), false: 1}[shift%25 == 0] })
	if p.P != 2./50 || p.PLess != 2./50 || p.PGreater != 1 {
		t.Errorf("an infinite statistic: %+v", p)
	}
	p = ShiftStatistic(50, 1, func(shift int) float64 { return nan })
	if !warned(p.Warnings, ErrUndefined) || !math.IsNaN(p.P) || p.Shifts != 0 {
		t.Errorf("no statistic: %+v", p)
	}
}

func TestRatioShiftIsItsDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 1))
	for _, n := range []int{60, 400} {
		exposed, present := make([]bool, n), make([]bool, n)
		count := make([]float64, n)
		cold := wave(n, 3)
		for i := range count {
			exposed[i] = cold[i] > 1.4
			present[i] = random.IntN(10) > 0
			count[i] = float64(random.IntN(4))
			if exposed[i] {
				count[i] += float64(random.IntN(3))
			}
			if random.IntN(10) == 0 {
				count[i] = nan
			}
		}
		type table struct{ cd, ca, od, oa float64 }
		turned := func(shift int) (s table) {
			e, k := turn(exposed, shift), turn(present, shift)
			for i, v := range count {
				switch {
				case !k[i] || math.IsNaN(v):
				case e[i]:
					s.cd, s.ca = s.cd+1, s.ca+v
				default:
					s.od, s.oa = s.od+1, s.oa+v
				}
			}
			return s
		}
		want := ShiftStatistic(n, 7, func(shift int) float64 {
			s := turned(shift)
			return math.Log((s.ca / s.cd) / (s.oa / s.od))
		})
		got := RatioShiftTest(exposed, present, count, 7)
		s := turned(0)
		if got.P != want.P || got.PGreater != want.PGreater || got.Shifts != want.Shifts || !near(got.Observed, want.Observed, 1e-12) {
			t.Errorf("%d days: %+v, want %+v", n, got, want)
		}
		farther := func(reach float64) (turns int) {
			for shift := 7; shift <= n-7; shift++ {
				s := turned(shift)
				if math.Abs(math.Log((s.ca/s.cd)/(s.oa/s.od))) >= reach {
					turns++
				}
			}
			return turns
		}
		if as := got.Shifts / 20; farther(got.Reach-1e-9) != as || farther(got.Reach) >= as {
			t.Errorf("%d days: %d of %d turns are as far from 1 as the interval reaches, %d farther", n, farther(got.Reach-1e-9), got.Shifts, farther(got.Reach))
		}
		if lo, hi := got.Interval(); !near(math.Sqrt(lo*hi), got.RR, 1e-12) || !near(math.Log(hi/lo), 2*got.Reach, 1e-12) {
			t.Errorf("%d days: %v to %v about %v", n, lo, hi, got.RR)
		}
		if float64(got.ExposedDays) != s.cd || float64(got.OtherDays) != s.od || got.ExposedCount != s.ca || got.OtherCount != s.oa ||
			!near(got.RR, math.Exp(want.Observed), 1e-12) {
			t.Errorf("%d days: %+v, want %+v", n, got, s)
		}
	}
}

// The interval and p never disagree, with equal counts and without.
func TestRatioShiftIntervalLeavesOutOneJustWherePIsSmall(t *testing.T) {
	const n = 120
	random := rand.New(rand.NewPCG(12, 1))
	small := 0
	for range 300 {
		exposed, present, count := make([]bool, n), make([]bool, n), make([]float64, n)
		from := random.IntN(n - 20)
		for i := range count {
			present[i], exposed[i] = true, i >= from && i < from+15
			count[i] = float64(random.IntN(3))
			if exposed[i] {
				count[i] += float64(random.IntN(2))
			}
		}
		r := RatioShiftTest(exposed, present, count, 7)
		lo, hi := r.Interval()
		if r.P <= .05 {
			small++
		}
		if leaves := lo > 1 || hi < 1; leaves != (r.P <= .05) {
			t.Fatalf("p %v, interval %v to %v", r.P, lo, hi)
		}
	}
	if small < 30 || small > 270 {
		t.Errorf("p is small in %d of 300: the test sees one side only", small)
	}
	exposed, present, count := make([]bool, 24), slices.Repeat([]bool{true}, 24), make([]float64, 24)
	for i := range count {
		exposed[i], count[i] = i < 8, float64(i)
	}
	short := RatioShiftTest(exposed, present, count, 7)
	if lo, hi := short.Interval(); lo != 0 || !math.IsInf(hi, 1) {
		t.Errorf("24 days and 12 turns have the interval %v to %v", lo, hi)
	}
}

func TestRatioShiftWithoutEvents(t *testing.T) {
	interval := func(r RatioShift) float64 { lo, hi := r.Interval(); return lo + hi }
	// 400 days go through a transform, 60 do not.
	for _, n := range []int{60, 400} {
		exposed, present, count := make([]bool, n), make([]bool, n), make([]float64, n)
		for i := range present {
			present[i] = true
			exposed[i] = i < 10
			count[i] = 2.5
		}
		same := RatioShiftTest(exposed, present, count, 7)
		if !near(same.RR, 1, 1e-12) || same.P != 1 {
			t.Errorf("%d days, the same every day: %+v", n, same)
		}
		for i := range 10 {
			count[i] = 0
		}
		none := RatioShiftTest(exposed, present, count, 10)
		if none.RR != 0 || !math.IsInf(none.Observed, -1) || none.P != none.SmallestP || none.ExposedCount != 0 || !math.IsNaN(interval(none)) {
			t.Errorf("%d days, no event on an exposed day: %+v", n, none)
		}
		clear(count)
		if r := RatioShiftTest(exposed, present, count, 7); !warned(r.Warnings, ErrUndefined) || !math.IsNaN(r.P) || !math.IsNaN(r.RR) {
			t.Errorf("%d days, no events: %+v", n, r)
		}
		count[3] = 1
		if r := RatioShiftTest(make([]bool, n), present, count, 7); !warned(r.Warnings, ErrUndefined) || !math.IsNaN(r.P) {
			t.Errorf("%d days, none exposed: %+v", n, r)
		}
		if r := RatioShiftTest(exposed, make([]bool, n), count, 7); !warned(r.Warnings, ErrTooFew) || r.ExposedDays != 0 {
			t.Errorf("%d days, exposure unknown: %+v", n, r)
		}
	}
	if r := RatioShiftTest(nil, nil, nil, 7); !warned(r.Warnings, ErrTooFew) {
		t.Errorf("no days: %+v", r)
	}
}

// Shift tests keep their level between independent series that resemble their past.
func TestShiftTestKeepsTheLevel(t *testing.T) {
	s := NewShifter(200, 7)
	found := 0
	const trials = 600
	for i := range uint64(trials) {
		if s.Correlation(wave(200, 2*i), wave(200, 2*i+1), []int{0, 1, 2}).PFamily <= .05 {
			found++
		}
	}
	if found < trials/50 || found > trials/11 {
		t.Errorf("%d of %d independent pairs at 5 %%", found, trials)
	}
}

// engine.md 2: all shifts of 1,000 areas × 4 lags of 841 days, on two goroutines.
func BenchmarkShiftTestAreas(b *testing.B) {
	for _, gaps := range []float64{0, .05} {
		const areas, days = 1000, 841
		x, y := make([][]float64, areas), make([][]float64, areas)
		for i := range x {
			x[i], y[i] = holed(wave(days, uint64(2*i)), gaps, 1), holed(wave(days, uint64(2*i+1)), gaps, 2)
		}
		b.Run(fmt.Sprintf("missing=%v", gaps), func(b *testing.B) {
			for b.Loop() {
				var group sync.WaitGroup
				for worker := range 2 {
					group.Go(func() {
						s := NewShifter(days, 7)
						for i := worker; i < areas; i += 2 {
							s.Correlation(x[i], y[i], []int{0, 1, 2, 3})
						}
					})
				}
				group.Wait()
			}
		})
	}
}

func BenchmarkShiftTest(b *testing.B) {
	for _, n := range []int{120, 180, 185, 841, 20000} {
		x, y := wave(n, 1), wave(n, 2)
		s := NewShifter(n, 7)
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			for b.Loop() {
				s.Correlation(x, y, []int{0, 1, 2, 3})
			}
		})
	}
}
