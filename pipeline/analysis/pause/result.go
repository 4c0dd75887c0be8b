package pause

import (
	"math"

	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/rate"
	"hardship/pipeline/table"
)

// A Result is what was counted in a reading's window against one baseline. What
// is unknown is NaN; what does not apply is NaN throughout.
type Result struct {
	Reading   *Reading
	Metric    string
	CountedIn string
	DecidedBy string // exact, adjusted or placebo
	Baseline  Baseline
	Primary   bool // the baseline is the one that verdicts are taken at

	Observed Bounds  // whole nights or days as far as certain, touched ones as far as possible
	T1       float64 // h
	X0       Bounds
	T0       float64 // h
	Expected Bounds

	WindowCoverage   float64
	BaselineCoverage float64

	RR       Bounds
	Exact    rate.Interval
	P        float64
	PMidP    float64
	PETest   float64
	Phi      float64
	Adjusted rate.Interval
	PAdj     float64

	Predictive   float64 // probability of at most Observed.Hi
	PlaceboRank  float64
	PlaceboM     int
	Detectable80 float64

	Reason string // why not evaluable; "" if it is
}

// Bounds are the least and the largest of what a number can be.
type Bounds struct{ Lo, Hi float64 }

// Evaluable reports whether the result may enter a verdict.
func (r *Result) Evaluable() bool { return r.Reason == "" }

// decides returns the interval that decides and the p that agrees with it.
func (r *Result) decides() (rate.Interval, float64) {
	if r.DecidedBy == adjusted {
		return r.Adjusted, r.PAdj
	}
	return r.Exact, r.P
}

// Results sets every reading that is kept against every baseline, by every
// metric, in the order of the readings, metrics and baselines. areaDay and
// strikeNight are the published tables, sorted by area. The error is that of a
// time zone whose days cannot be joined.
func Results(readings []Reading, areaDay, strikeNight *table.Table, s Settings) ([]Result, error) {
	kept := make([]*Reading, 0, len(readings))
	for i := range readings {
		if readings[i].Reason == "" {
			kept = append(kept, &readings[i])
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	c, err := newCounts(kept, areaDay, strikeNight, &s)
	if err != nil {
		return nil, err
	}
	pauses := map[string]*span{}
	for _, r := range kept {
		p := pauses[r.PauseID]
		if p == nil {
			p = &span{earliest: r.Window.Start}
			pauses[r.PauseID] = p
		}
		p.earliest = min(p.earliest, r.Window.Start)
	}
	for _, r := range kept {
		for id, p := range pauses {
			if id != r.PauseID {
				p.others = append(p.others, r.Window)
			}
		}
	}
	var results []Result
	for _, r := range kept {
		for m := range metrics {
			for _, b := range s.allBaselines() {
				results = append(results, c.result(&metrics[m], r, b, pauses[r.PauseID]))
			}
		}
	}
	return results, nil
}

// A span is when a pause can have begun, and the windows of other pauses.
type span struct {
	earliest hour.Instant
	others   []hour.Interval
}

// newCounts returns the tables over the days that windows and baselines need.
func newCounts(kept []*Reading, areaDay, strikeNight *table.Table, s *Settings) (*counts, error) {
	first, end := kept[0].Window.Start, kept[0].Window.End
	for _, r := range kept {
		first, end = min(first, r.Window.Start), max(end, r.Window.End)
	}
	before := hour.Day(2)
	for _, b := range s.allBaselines() {
		before = max(before, hour.Day(b.Days+b.Washout+2))
	}
	calendar, err := hour.NewCalendar(s.Location, hour.DayIn(first, s.Location)-before, hour.DayIn(end, s.Location)+3)
	if err != nil {
		return nil, err
	}
	c := &counts{areaDay: areaDay, strikeNight: strikeNight, settings: s, calendar: calendar, series: map[string]series{}}
	for d := calendar.First; d < calendar.End(); d++ {
		c.nights = append(c.nights, calendar.Night(d))
		c.days = append(c.days, calendar.Interval(d))
	}
	c.completeness = c.complete()
	return c, nil
}

var unknownBounds = Bounds{math.NaN(), math.NaN()}

// result sets one reading against one baseline by one metric.
func (c *counts) result(m *metric, r *Reading, b Baseline, pause *span) Result {
	nan := math.NaN()
	out := Result{
		Reading: r, Metric: m.name, CountedIn: m.countedIn, DecidedBy: m.decidedBy, Baseline: b, Primary: b == c.settings.primary(),
		Observed: unknownBounds, T1: nan, X0: unknownBounds, T0: nan, Expected: unknownBounds, WindowCoverage: nan, BaselineCoverage: nan,
		RR: unknownBounds, Exact: rate.Interval{Lo: nan, Hi: nan}, P: nan, PMidP: nan, PETest: nan, Phi: nan,
		Adjusted: rate.Interval{Lo: nan, Hi: nan}, PAdj: nan, Predictive: nan, PlaceboRank: nan, Detectable80: nan,
	}
	if out.Reason = m.refuses(r, c.settings); out.Reason != "" {
		return out
	}
	s := c.of(m, r)
	w, base := c.window(&s, r.Window), c.baseline(m, &s, b, pause)
	if s.told != nil && !w.told && !base.told {
		out.Reason = reasonTargets // never 0 to all
		return out
	}
	out.T1, out.T0, out.X0, out.Phi = w.hours, base.hours, base.sum, base.phi()
	out.WindowCoverage, out.BaselineCoverage = w.coverage(), quality.Share(base.known, b.Days)
	if base.known > 0 {
		out.Expected = Bounds{base.sum.Lo * w.hours / base.hours, base.sum.Hi * w.hours / base.hours}
	} else {
		out.X0 = unknownBounds
	}
	if m.decidedBy == placebo {
		out.Phi, out.Expected = nan, unknownBounds
	}
	complete := nan
	if m.strikes {
		complete = c.windowCompleteness(r.Window)
	}
	out.Reason = out.design(r, &w, complete, c.settings.AsOf)
	changed := c.settings.breaks(m.name, base.first, hour.DayIn(r.Window.End-1, c.settings.Location))
	if changed && out.Reason != reasonNoNight && out.Reason != reasonNoDay {
		out.Reason, out.Detectable80 = reasonBreak, nan
	}
	out.observe(&s, &w, &base)
	return out
}

// design says why the result is not evaluable, from the exposures and the
// baseline alone: no count of the window is looked at.
func (r *Result) design(reading *Reading, w *within, complete float64, asOf hour.Instant) string {
	switch {
	case reading.NightsWhole == 0:
		return reasonNoNight
	case w.wholes == 0:
		return reasonNoDay
	case !(r.WindowCoverage >= leastCoverage) || len(w.whole) == 0:
		return reasonWindowCoverage
	case r.BaselineCoverage < leastCoverage:
		return reasonBaselineCoverage
	case complete < leastComplete:
		return reasonIncomplete
	case math.IsNaN(complete) && asOf-reading.Window.End < leastAge:
		return reasonCompleteness
	case r.DecidedBy == placebo:
		return reasonHours
	}
	phi := 1.0
	if r.DecidedBy == adjusted {
		phi = r.Phi
	}
	// Power on the least that the baseline can hold: the upper end of the interval
	// is taken there.
	switch {
	case !(r.Expected.Lo >= leastExpected):
		return reasonFewExpected
	case !rate.ZeroShowsFewer(int64(r.X0.Lo), r.T0, r.T1, phi, level):
		return reasonPower
	}
	r.Detectable80 = rate.NewDesign(r.Expected.Lo/phi, (1-level)/2).Detectable(.8)
	return ""
}

// observe counts the window, and compares where the baseline allows it: also
// where too little was expected for a verdict.
func (r *Result) observe(s *series, w *within, base *before) {
	if w.hours == 0 {
		return
	}
	r.Observed = Bounds{}
	var total float64 // of the whole nights or days, upper counts
	for _, i := range w.whole {
		r.Observed.Lo += s.lo[i]
		total += s.hi[i]
	}
	for _, i := range w.touched {
		r.Observed.Hi += s.hi[i]
	}
	switch r.Reason {
	case "", reasonFewExpected, reasonPower, reasonHours:
	default:
		return
	}
	r.PlaceboRank, r.PlaceboM = rate.PlaceboRank(base.hi, len(w.whole), total)
	if r.DecidedBy == placebo {
		return
	}
	lo := rate.Compare(int64(r.Observed.Lo), r.T1, int64(r.X0.Hi), r.T0, level)
	hi := rate.Compare(int64(r.Observed.Hi), r.T1, int64(r.X0.Lo), r.T0, level)
	r.RR = Bounds{lo.RR, hi.RR}
	r.Exact = rate.Interval{Lo: lo.Central.Lo, Hi: hi.Central.Hi}
	r.P = r.largest(lo.P, hi.P)
	r.PMidP = r.largest(lo.PMidP, hi.PMidP)
	r.PETest = r.largest(lo.PETest, hi.PETest)
	r.Adjusted = rate.Interval{
		Lo: rate.Adjusted(lo.X1, r.T1, lo.X0, r.T0, r.Phi, level).Lo,
		Hi: rate.Adjusted(hi.X1, r.T1, hi.X0, r.T0, r.Phi, level).Hi,
	}
	r.PAdj = r.largest(rate.AdjustedP(lo.X1, r.T1, lo.X0, r.T0, r.Phi), rate.AdjustedP(hi.X1, r.T1, hi.X0, r.T0, r.Phi))
	r.Predictive = rate.PredictiveAtMost(hi.X1, hi.X0, r.T0, r.T1)
}

// largest returns the largest p of the counts within the bounds, given those at
// either end: 1 where the bounds hold a ratio of 1.
func (r *Result) largest(atLo, atHi float64) float64 {
	if r.RR.Lo < 1 && r.RR.Hi > 1 {
		return 1
	}
	return max(atLo, atHi)
}

// within is what a window holds of a series' nights or days.
type within struct {
	wholes         int     // wholly inside, known or not
	whole, touched []int   // known ones: wholly inside, and all that the window touches
	hours          float64 // inside, of known ones
	allHours       float64 // inside, known or not
	told           bool    // a target is known
}

func (w *within) coverage() float64 {
	if w.allHours == 0 {
		return math.NaN()
	}
	return w.hours / w.allHours
}

// window works out what v holds of a series. It does not look at counts, only at
// which are known.
func (c *counts) window(s *series, v hour.Interval) within {
	var w within
	for i, u := range c.units(s.nightly) {
		if !u.Touches(v) {
			continue
		}
		inside := u.Within(v)
		hours := u.Overlap(v).Hours()
		w.allHours += hours
		if inside {
			w.wholes++
		}
		w.told = w.told || s.told != nil && s.told[i]
		if !s.known(i) {
			continue
		}
		w.hours += hours
		w.touched = append(w.touched, i)
		if inside {
			w.whole = append(w.whole, i)
		}
	}
	return w
}

// before is what a baseline holds of a series.
type before struct {
	lo, hi []float64 // by night or day; NaN if unknown, incomplete or inside another pause
	first  hour.Day
	known  int
	hours  float64 // of the known ones
	sum    Bounds
	told   bool
}

// phi returns the dispersion of the counts, the larger of the two bounds'.
func (b *before) phi() float64 { return max(rate.Dispersion(b.lo), rate.Dispersion(b.hi)) }

// baseline works out the b.Days nights or days that end b.Washout days before
// the last one that is over when the pause can first have begun (methods.md
// 10.3).
func (c *counts) baseline(m *metric, s *series, b Baseline, pause *span) before {
	last, ok := c.at(hour.DayIn(pause.earliest, c.settings.Location))
	if !ok {
		panic("pause: a window lies outside the counts")
	}
	units := c.units(s.nightly)
	for units[last].End > pause.earliest {
		last--
	}
	last -= b.Washout
	out := before{lo: make([]float64, b.Days), hi: make([]float64, b.Days), first: c.calendar.First + hour.Day(last-b.Days+1)}
	for k := range b.Days {
		i := last - b.Days + 1 + k
		u := units[i]
		if !s.known(i) || touchesAny(u, pause.others) || m.strikes && c.completeness[i] < leastComplete {
			out.lo[k], out.hi[k] = math.NaN(), math.NaN()
			continue
		}
		out.lo[k], out.hi[k] = s.lo[i], s.hi[i]
		out.known++
		out.hours += u.Hours()
		out.sum.Lo += s.lo[i]
		out.sum.Hi += s.hi[i]
		out.told = out.told || s.told != nil && s.told[i]
	}
	return out
}

func touchesAny(u hour.Interval, list []hour.Interval) bool {
	for _, v := range list {
		if u.Touches(v) {
			return true
		}
	}
	return false
}
