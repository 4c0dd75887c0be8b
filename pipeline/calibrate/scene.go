package calibrate

import (
	"math"

	"hardship/pipeline/correlate"
	"hardship/pipeline/index"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// The associations of panels that have one.
const (
	ratioPer10  = 1.5 // counts for each 10 °C colder
	ratioSpell  = 1.5 // counts on days of a cold spell
	correlation = .3
	ratioMeans  = 1.5
	ratioPause  = .4  // counts in the window of a pause
	ratioStrike = 1.1 // counts for each strike, and for each strike and 10 °C colder
)

// A Scene is a way in which records come about.
type Scene struct {
	Name        string
	Description string
	kind        kind
	trend       float64 // how often the counts double in 150 days
	season      float64 // half the range of the yearly cycle of cold, °C
	coldPhi     float64 // of the daily mean temperature about that cycle
	spellDays   int     // least length of a cold spell
	factor      func(d draws, n int) []float64
	variance    float64 // of factor
	rate        float64 // mean count a day
	whole       bool    // counts are Poisson about their mean
	gaps        bool
	together    float64 // share of variance that areas have in common
	metric      string  // of a pause
}

type kind int

const (
	ofSeries kind = iota
	ofAreas
	ofPauses
)

const logSpread = .5 // standard deviation of the logarithm of persistentFactor

// persistentFactor has mean 1.
func persistentFactor(d draws, n int) []float64 {
	x := d.persistent(n, .7)
	for t := range x {
		x[t] = math.Exp(logSpread*x[t] - logSpread*logSpread/2)
	}
	return x
}

func steady(_ draws, n int) []float64 {
	x := make([]float64, n)
	for t := range x {
		x[t] = 1
	}
	return x
}

// Scenes are all scenes, in the order of the table.
var Scenes = []Scene{
	{Name: "independent", Description: "every day by itself: the check that the naive methods are right where they should be", kind: ofSeries, coldPhi: 0, spellDays: 1, factor: steady, rate: 6, whole: true},
	{Name: "persistent", Description: "cold and counts that resemble the day before, AR(1) of .8 and of .7 on the log scale", kind: ofSeries, coldPhi: .8, spellDays: 5, factor: persistentFactor, variance: math.Expm1(logSpread * logSpread), rate: 6, whole: true},
	{Name: "strike_waves", Description: "a winter's cold; launches in waves of days, uneven within them, that double in 150 days", kind: ofSeries, trend: 1, season: 8, coldPhi: .8, spellDays: 5, factor: draws.waves, variance: wavesVariance(), rate: 40, whole: true},
	{Name: "long_outages", Description: "outages that last a mean of 8 days, five at a time", kind: ofSeries, coldPhi: .8, spellDays: 5, factor: outageFactor, variance: 1 / 5., rate: 1000},
	{Name: "reporting_gaps", Description: "as persistent, with runs of days unknown, of counts more often in the cold", kind: ofSeries, coldPhi: .8, spellDays: 5, factor: persistentFactor, variance: math.Expm1(logSpread * logSpread), rate: 6, whole: true, gaps: true},
	{Name: "areas_apart", Description: "areas with weather and counts of their own, each as persistent", kind: ofAreas, coldPhi: .8, factor: persistentFactor, rate: 6, whole: true},
	{Name: "areas_together", Description: "areas that share four fifths of their weather and of the waves of their counts", kind: ofAreas, coldPhi: .8, factor: persistentFactor, rate: 6, whole: true, together: .8},
	{Name: "alerts_steady", Description: "a week of alerts a day without waves, and nothing changes", kind: ofPauses, factor: steady, rate: 3, whole: true, metric: "alerts_n"},
	{Name: "alerts_persistent", Description: "the same, each day resembling the day before", kind: ofPauses, factor: persistentFactor, rate: 3, whole: true, metric: "alerts_n"},
	{Name: "targets_unknown", Description: "a week of strikes on energy without waves, where one in seven targets of all strikes is unknown", kind: ofPauses, factor: steady, rate: 2.5, whole: true, metric: "strikes_energy"},
	{Name: "nights_of_waves", Description: "a week of launches a night in waves, and nothing changes", kind: ofPauses, factor: draws.waves, rate: 60, whole: true, metric: "launched_drone"},
	{Name: "nights_of_waves_rising", Description: "the same, doubling in 150 days", kind: ofPauses, factor: draws.waves, rate: 60, whole: true, trend: 1, metric: "launched_drone"},
}

func outageFactor(d draws, n int) []float64 {
	x := d.ongoing(n)
	for t := range x {
		x[t] /= 5
	}
	return x
}

// A record is one panel of a scene of series or of areas, a value a day.
type record struct {
	days    int
	cold    []float64 // daily mean, °C
	spell   []bool
	known   []bool    // cold is
	count   []float64 // goes with cold on the same day
	lagged  []float64 // goes with cold, half on the day and half on the day after
	spells  []float64 // goes with days of cold spells
	level   []float64 // goes with cold in a straight line
	steps   []float64 // goes on from the middle on at ratioSpell of what it was
	strikes []float64 // a mean of meanStrikes a day, whatever the cold
	struck  []float64 // goes with cold and with strikes
	colder  []float64 // goes with cold and, the more so the colder, with strikes
	other   []float64 // has the same mean as base, or ratioMeans of it
	base    []float64
	season  []int // of 151 days
	strata  []int
	area    []int // of areas, one after another
	day     []int

	areaDay, strikeNight *table.Table // of a pause
	scene                *Scene

	// The truth: logarithms of ratios, a correlation, a slope by degree.
	slope, ratio, r, means, gain float64
	strike                       float64
	attributed                   float64 // the count of struck on known days that goes with strikes
}

const seasonDays = 151

// series makes one record of a scene.
func (s *Scene) series(d draws, n int, effect bool) *record {
	r := &record{days: n}
	if effect {
		r.slope, r.ratio, r.r, r.means = math.Log(ratioPer10), math.Log(ratioSpell), correlation, math.Log(ratioMeans)
	}
	const spread = 5. // of cold about its cycle, °C
	anomaly := d.persistent(n+1, s.coldPhi)
	cold := make([]float64, n+1) // with the day before the first
	middle := float64(n) / 2
	var cycle float64 // variance
	for t := range cold {
		c := s.season * math.Cos(2*math.Pi*(float64(t)-middle)/365)
		cold[t] = -3 - c + spread*anomaly[t]
		cycle += c * c / float64(n+1)
	}
	var mean float64
	for t := range cold {
		mean += s.season * math.Cos(2*math.Pi*(float64(t)-middle)/365) / float64(n+1)
	}
	cycle -= mean * mean
	r.cold = append([]float64(nil), cold[1:]...)
	threshold := -6 - mean
	r.spell, r.known = s.spellsOf(r.cold, threshold), make([]bool, n)
	factor := s.factor(d, n)
	rising := func(t int) float64 { return s.trend * math.Ln2 * (float64(t) - middle) / 150 }
	r.count, r.lagged, r.spells, r.level = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	noise := make([]float64, n)
	var trend float64 // variance
	for t := range noise {
		if s.variance == 0 {
			noise[t] = d.normal()
		} else {
			noise[t] = (factor[t] - 1) / math.Sqrt(s.variance)
		}
		noise[t] += rising(t)
		trend += rising(t) * rising(t) / float64(n)
	}
	// level = b·cold + noise has the correlation r if b·sd(cold) = r/√(1−r²)·sd(noise).
	gain := r.r / math.Sqrt(1-r.r*r.r) * math.Sqrt(1+trend) / math.Sqrt(spread*spread+cycle)
	r.gain = gain
	for t := range factor {
		mu := s.rate * factor[t] * math.Exp(rising(t))
		perDegree := -r.slope / 10
		now, before := perDegree*(cold[t+1]+3), perDegree*(cold[t]+3)
		r.count[t] = s.counted(d, mu*math.Exp(now))
		r.lagged[t] = s.counted(d, mu*math.Exp((now+before)/2))
		inSpell := 0.
		if r.spell[t] {
			inSpell = r.ratio
		}
		r.spells[t] = s.counted(d, mu*math.Exp(inSpell))
		r.level[t] = gain*r.cold[t] + noise[t]
		r.season = append(r.season, t/seasonDays)
	}
	r.base, r.other = make([]float64, n), make([]float64, n)
	second := s.factor(d, n)
	for t := range second {
		r.base[t] = s.counted(d, s.rate*factor[t]*math.Exp(rising(t)))
		r.other[t] = s.counted(d, s.rate*second[t]*math.Exp(rising(t)+r.means))
	}
	if s.gaps {
		inCold := func(t int) float64 { return math.Exp(-anomaly[t+1] / 2) }
		for _, x := range [][]float64{r.count, r.lagged, r.spells, r.level} {
			d.hide(x, .05, inCold)
		}
		d.hide(r.cold, .025, func(int) float64 { return 1 })
		r.spell = s.spellsOf(r.cold, threshold) // a gap ends a spell
	}
	for t := range r.known {
		r.known[t] = !math.IsNaN(r.cold[t])
	}
	r.strata = strataOf(r.season)
	r.steps = make([]float64, n)
	for t := range r.steps {
		step := 0.
		if t >= n/2 {
			step = r.ratio
		}
		r.steps[t] = s.counted(d, s.rate*factor[t]*math.Exp(rising(t)+step))
	}
	if s.gaps {
		d.hide(r.steps, .05, func(int) float64 { return 1 })
	}
	s.struck(d, r, cold[1:], factor, rising, effect)
	return r
}

// spellsOf marks the days of cold spells.
func (s *Scene) spellsOf(cold []float64, threshold float64) []bool {
	tmean := make([]unit.Celsius, len(cold))
	for t, v := range cold {
		tmean[t] = unit.Celsius(v)
	}
	in := make([]bool, len(cold))
	for _, spell := range index.Spells(tmean, index.SpellRule{Threshold: unit.Celsius(threshold), Days: s.spellDays}) {
		for t := spell.First; t < spell.End; t++ {
			in[t] = true
		}
	}
	return in
}

// strataOf returns the strata of 28 days by weekday of every season.
func strataOf(season []int) []int {
	strata := make([]int, len(season))
	offset := 0
	for from := 0; from < len(season); {
		to := from
		for to < len(season) && season[to] == season[from] {
			to++
		}
		for i, stratum := range regress.TimeStrata(to-from, 28) {
			strata[from+i] = offset + stratum
		}
		offset += to - from // more than there are
		from = to
	}
	return strata
}

// counted draws a count of a mean, or is the mean itself.
func (s *Scene) counted(d draws, mean float64) float64 {
	if !s.whole {
		return mean
	}
	return d.poisson(mean)
}

// areas makes a record of several areas, one after another.
func (s *Scene) areas(d draws, n, areas int, effect bool) *record {
	r := &record{days: n}
	if effect {
		r.slope = math.Log(ratioPer10)
	}
	own, shared := math.Sqrt(1-s.together), math.Sqrt(s.together)
	weather, waves := d.persistent(n, s.coldPhi), d.persistent(n, .7)
	var quiet []float64 // mean counts without strikes and at no cold
	sizes := make([]float64, areas)
	for a := range areas {
		anomaly, wave := d.persistent(n, s.coldPhi), d.persistent(n, .7)
		size := math.Exp(.7 * d.normal())
		sizes[a] = size
		for t := range n {
			cold := 5 * (own*anomaly[t] + shared*weather[t])
			z := own*wave[t] + shared*waves[t]
			mu := s.rate * size * math.Exp(logSpread*z-logSpread*logSpread/2-r.slope/10*cold)
			quiet = append(quiet, s.rate*size*math.Exp(logSpread*z-logSpread*logSpread/2))
			r.cold = append(r.cold, cold-3)
			r.count = append(r.count, d.poisson(mu))
			r.area = append(r.area, a)
			r.day = append(r.day, t)
			r.season = append(r.season, a*(n/seasonDays+1)+t/seasonDays)
		}
	}
	r.strata = strataOf(r.season)
	s.struckAreas(d, r, quiet, sizes, effect)
	return r
}

// blockLength is that of the bootstrap of a record.
func (r *record) blockLength() int { return correlate.BlockLength(r.days, true) }

// record makes one record of a scene.
func (s *Scene) record(d draws, days, areas int, effect bool) *record {
	switch s.kind {
	case ofAreas:
		return s.areas(d, days, areas, effect)
	case ofPauses:
		return s.pause(d, days, effect)
	}
	return s.series(d, days, effect)
}
