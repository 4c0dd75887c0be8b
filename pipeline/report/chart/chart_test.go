package chart

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// marksOf returns the marks of a kind that cover x at their whole width.
func marksAt(s *Scene, k kind, x float64) []mark {
	var out []mark
	for _, m := range s.marks {
		if m.kind == k && len(m.points) == 2 && m.points[0].X <= x && x <= m.points[1].X {
			out = append(out, m)
		}
	}
	return out
}

func filled(s *Scene, fill color.NRGBA) []mark {
	var out []mark
	for _, m := range s.marks {
		if m.style.Fill == fill {
			out = append(out, m)
		}
	}
	return out
}

func hasText(s *Scene, part string) bool {
	return slices.ContainsFunc(s.marks, func(m mark) bool { return m.kind == textMark && strings.Contains(m.text.Body, part) })
}

func mustPanic(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic", name)
		}
	}()
	f()
}

// short is a timeline whose day i covers x = left + i·step.
func short(days int) Timeline {
	return Timeline{Frame: Frame{ID: "s", Width: 700}, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Days: days}
}

func middleOf(c Timeline, day int) float64 {
	return c.axis(c.panels()).x(float64(day) + 0.5)
}

func TestStrikes(t *testing.T) {
	c := short(5)
	c.Strikes = &StrikePanel{Launched: []float64{100, 0, nan, 50, math.Inf(1)}, Missiles: []float64{1, 0, nan, 0, 2}}
	s := c.Scene()
	bars := filled(s, strike)
	if len(bars) != 3 {
		t.Fatalf("%d bars, want 3: of the nights with a bulletin", len(bars))
	}
	height := func(m mark) float64 { return m.points[1].Y - m.points[0].Y }
	ground := bars[0].points[1].Y
	for i, bar := range bars {
		if bar.points[1].Y != ground {
			t.Errorf("bar %d does not stand on the ground", i)
		}
	}
	if got := height(bars[0]) / height(bars[2]); math.Abs(got-2) > 1e-9 {
		t.Errorf("100 is drawn %v times as high as 50", got)
	}
	if h := height(bars[1]); h <= 0 || h > 2 {
		t.Errorf("an observed zero is %v px high, want a line on the ground", h)
	}
	for day, want := range []bool{false, false, true, false, true} {
		hatches := marksAt(s, hatchMark, middleOf(c, day))
		tall := slices.ContainsFunc(hatches, func(m mark) bool { return height(m) > 50 })
		if tall != want {
			t.Errorf("night %d is hatched: %v, want %v", day, tall, want)
		}
	}
	lane := slices.ContainsFunc(marksAt(s, hatchMark, middleOf(c, 2)), func(m mark) bool { return height(m) < 20 })
	if !lane {
		t.Error("a night whose missiles are not known has no hatch in their lane")
	}
	// Two triangles in the lane and one in the key.
	if got := len(filled(s, missileMark)); got != 3 {
		t.Errorf("%d missile marks, want 3", got)
	}
	if !hasText(s, "no bulletin") {
		t.Error("the hatch is not named")
	}
}

func TestTemperatureLineBreaksAtAGap(t *testing.T) {
	c := short(7)
	mean := []float64{-1, -2, nan, -4, nan, -6, -7}
	c.Temperature = &TemperaturePanel{Mean: mean, Min: []float64{-3, -4, nan, nan, nan, -8, -9}, Max: []float64{1, 0, nan, 1, nan, -4, -5}, Threshold: -5}
	s := c.Scene()
	var lines [][]Point
	for _, m := range s.marks {
		if m.kind == polylineMark && m.style.Stroke == temperature && m.style.Width == 1.75 {
			lines = append(lines, m.points)
		}
	}
	// The last but one stands in the key.
	if len(lines) != 3 || lines[1][0].X != middleOf(c, 0) || lines[1][1].X != middleOf(c, 1) || lines[2][0].X != middleOf(c, 5) {
		t.Errorf("lines %v, want one in the key, one over days 0 and 1, one over 5 and 6", lines)
	}
	if dots := filled(s, temperature); len(dots) != 1 || dots[0].points[0].X != middleOf(c, 3) {
		t.Errorf("day 3 stands alone and has dots %v", dots)
	}
	for day := range mean {
		got := false
		for _, m := range marksAt(s, hatchMark, middleOf(c, day)) {
			got = got || m.points[1].Y-m.points[0].Y > 50
		}
		if want := math.IsNaN(mean[day]); got != want {
			t.Errorf("day %d is hatched: %v, want %v", day, got, want)
		}
	}
	partly := slices.ContainsFunc(marksAt(s, hatchMark, middleOf(c, 3)), func(m mark) bool { return m.points[1].Y-m.points[0].Y < 10 })
	if !partly || !hasText(s, "partly missing") {
		t.Error("a day without its minimum is not marked")
	}
}

func TestOutageBars(t *testing.T) {
	c := short(6)
	c.Outages = &OutagePanel{
		Lo:       []float64{4, 0, 5, nan, 3, 0},
		Hi:       []float64{8, 6, 5, 9, nan, 0},
		Observed: []float64{nan, 2, nan, 7, nan, 0},
	}
	s := c.Scene()
	// Each has one more in the key.
	if sure, maybe := len(filled(s, announced))-1, len(filled(s, announcedMaybe))-1; sure != 3 || maybe != 2 {
		t.Errorf("%d bars of hours at least and %d at most, want 3 (4, 5, 0) and 2 (4–8, 0–6)", sure, maybe)
	}
	for day, want := range []bool{false, false, false, true, true, false} {
		got := false
		for _, m := range marksAt(s, hatchMark, middleOf(c, day)) {
			got = got || m.points[1].Y-m.points[0].Y > 50
		}
		if got != want {
			t.Errorf("day %d is hatched: %v, want %v", day, got, want)
		}
	}
	points := 0
	for _, m := range s.marks {
		if m.kind == circleMark && m.points[0].X > 30 && slices.Contains([]float64{middleOf(c, 1), middleOf(c, 3), middleOf(c, 5)}, m.points[0].X) {
			points++
		}
	}
	if points != 3 {
		t.Errorf("%d observed days have a point, want 3, the zero among them", points)
	}
	if !hasText(s, "n = 1") {
		t.Error("n = 1 is not said")
	}
}

func TestAStretchWithoutRecordSaysSoDirectly(t *testing.T) {
	c := exampleTimeline(Frame{Width: 360}, 62)
	s := c.Scene()
	first := c.axis(c.panels()).x(0)
	hatch, label := false, false
	for _, m := range s.marks {
		hatch = hatch || m.kind == hatchMark && m.points[0].X == first && m.points[1].X-first > 100 && m.points[1].Y-m.points[0].Y == 100
		label = label || m.kind == textMark && m.text.Body == "no outage record" && m.text.X < first+110 && m.text.Anchor == Middle
	}
	if !hatch || !label {
		t.Errorf("1–22 January: hatched %v, labelled %v", hatch, label)
	}
}

func TestPausesAreClaimsOnTheAxis(t *testing.T) {
	c := exampleTimeline(Frame{Width: 1100}, 62)
	c.Pauses = append(c.Pauses, Pause{From: 70, To: 75, Reading: "later"}, Pause{From: 5, To: 5, Reading: "empty"}, Pause{From: nan, To: 3, Reading: "unknown"})
	s := c.Scene()
	for text, want := range map[string]bool{"claimed pause (until 1 February, exclusive)": true, "claimed pause (a week until 1 February)": true, "later": false, "empty": false, "(unknown)": false} {
		if hasText(s, text) != want {
			t.Errorf("%q is drawn: %v, want %v", text, !want, want)
		}
	}
	x0, x1 := c.axis(c.panels()).x(28.9), c.axis(c.panels()).x(31)
	bracket := slices.ContainsFunc(s.marks, func(m mark) bool {
		return m.kind == polylineMark && m.style.Stroke == pauseLine && m.points[0].X == x0 && m.points[1].X == x1
	})
	if !bracket {
		t.Error("no bracket from the statement to the end of the reading")
	}
}

func TestCoverageShowsZeroAndMissingApart(t *testing.T) {
	s := CoverageGrid{
		Frame: Frame{ID: "c", Width: 700}, Start: time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC), Months: 5,
		Rows: []CoverageRow{{Label: "source", Share: []float64{0, 1, nan, nan, 0.5}}},
	}.Scene()
	var tips []string
	for _, m := range s.marks {
		if (m.kind == rectMark || m.kind == hatchMark) && m.tip != "" {
			tips = append(tips, m.tip)
			if m.kind == rectMark && m.style.Fill == white {
				t.Error("a cell is white")
			}
		}
	}
	slices.Sort(tips)
	want := []string{"source, Apr 2024: 50.0\u2009%", "source, Dec 2023: 0.0\u2009%", "source, Feb 2024 – Mar 2024: no data", "source, Jan 2024: 100.0\u2009%"}
	if !slices.Equal(tips, want) {
		t.Errorf("cells %q, want %q", tips, want)
	}
}

func TestTileMap(t *testing.T) {
	want := strings.Fields("UA01 UA05 UA07 UA12 UA14 UA18 UA21 UA23 UA26 UA32 UA35 UA44 UA46 UA48 UA51 UA53 UA56 UA59 UA61 UA63 UA65 UA68 UA71 UA73 UA74 UA80 UA85")
	var got []string
	taken := map[[2]int]string{}
	for _, p := range tilePlaces {
		got = append(got, p.code)
		at := [2]int{p.column, p.row}
		if other := taken[at]; other != "" || p.column >= tileColumns || p.row >= tileRows {
			t.Errorf("%s lies on %q or outside", p.code, other)
		}
		taken[at] = p.code
		for l := range languages {
			// The square of a chart of 360 px.
			if w := textWidth(p.short[l], 10, false); w > (360-2*edge+tileGap)/tileColumns-tileGap-2 {
				t.Errorf("%s is %v px wide", p.short[l], w)
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("areas %v, want the 27 P-codes %v", got, want)
	}

	c := TileMap{Frame: Frame{ID: "m", Width: 720}, Legend: "°C", Lo: nan, Hi: nan, Ramp: Blue, DarkLow: true, Tiles: []Tile{
		{Code: "UA80", Value: -10}, {Code: "UA46", Value: 0}, {Code: "UA63", Value: nan}, {Code: "XX", Value: -99},
	}}
	s := c.Scene()
	hatched := 0
	fills := map[string]color.NRGBA{}
	for _, m := range s.marks {
		if m.kind == hatchMark && m.tip != "" {
			hatched++
		}
		if m.kind == rectMark && m.tip != "" {
			fills[m.tip] = m.style.Fill
		}
	}
	if hatched != 25 || !hasText(s, "no data (25 of 27)") {
		t.Errorf("%d squares are hatched, want 25: all but Kyiv and Lviv", hatched)
	}
	if fills["Kyiv: −10"] != Blue.at(1) || fills["Lviv: 0"] != Blue.at(0) {
		t.Errorf("fills %v, want the coldest darkest", fills)
	}
	if !hasText(s, "Not on the map: XX") {
		t.Error("an area that is not on the map is dropped")
	}
}

func TestEstimates(t *testing.T) {
	c := exampleEstimates(Frame{Width: 1100}, true)
	s := c.Scene()
	for _, want := range []string{
		"0.99 (0.79 to 1.25)", "0 (0 to 0.90)", "1.80 (0.40 to ∞)", "0.19 (0.005 to 1.18)",
		"1.40 (no interval)", "1.10 (0.80 to unknown)", "not evaluable: no row of window", "7 nights", "← fewer than expected",
	} {
		if !hasText(s, want) {
			t.Errorf("no %q", want)
		}
	}
	// Missiles only: down to zero, so estimate and lower bound are arrows. One
	// interval has no upper bound, one reaches below the axis.
	arrows := 0
	for _, m := range s.marks {
		if m.kind == polygonMark && m.style.Fill == estimate {
			arrows++
		}
	}
	if arrows != 4 {
		t.Errorf("%d arrows, want 4", arrows)
	}
	points := 0
	for _, m := range s.marks {
		if m.kind == circleMark {
			points++
		}
	}
	if points != len(c.Rows)-1 {
		t.Errorf("%d points, want one a row but for the row that is not evaluable", points)
	}
	k := c.columns()
	axis := c.scale(k)
	for _, tt := range []struct{ v, u, w float64 }{{0.25, 0.5, 1}, {0.5, 1, 2}} {
		if a, b := axis.at(tt.u)-axis.at(tt.v), axis.at(tt.w)-axis.at(tt.u); math.Abs(a-b) > 1e-9 {
			t.Errorf("from %v to %v are %v px, from %v to %v %v", tt.v, tt.u, a, tt.u, tt.w, b)
		}
	}
	if ticks := c.ticks(axis); !slices.Contains(ticks, 1) {
		t.Errorf("ticks %v without the reference", ticks)
	}
}

func TestCorrelogramHatchesWhatItLacks(t *testing.T) {
	c := Correlogram{
		Frame: Frame{ID: "k", Width: 700}, Lags: []int{0, 1, 2, 3},
		R: []float64{0.5, nan, 0.1, -0.2}, Lo: []float64{0.3, nan, nan, -0.4}, Hi: []float64{0.7, nan, nan, 0}, NEff: []float64{40, 38, nan, 36},
	}
	s := c.Scene()
	hatches, bands, points := 0, 0, 0
	for _, m := range s.marks {
		switch {
		case m.kind == hatchMark:
			hatches++
		case m.kind == rectMark && m.style.Fill == temperatureBand:
			bands++
		case m.kind == circleMark:
			points++
		}
	}
	// Each has one more in the key.
	if hatches != 4 || bands != 3 || points != 4 {
		t.Errorf("%d hatches, %d bands, %d points; want 4 (lags 1 and 2, n of lag 2, key), 3, 4", hatches, bands, points)
	}
}

func TestCorrelogramsCanShareAnAxis(t *testing.T) {
	c := Correlogram{Lags: []int{0}, R: []float64{0.1}, Lo: []float64{0}, Hi: []float64{0.15}}
	for _, tt := range []struct{ least, want float64 }{{0, 0.2}, {0.1, 0.2}, {0.5, 0.6}, {nan, 0.2}, {math.Inf(1), 0.2}} {
		c.Limit = tt.least
		if got, _ := c.limit(); got != tt.want {
			t.Errorf("with at least %v the axis ends at %v, want %v", tt.least, got, tt.want)
		}
	}
}

func TestOutagePanelNamesItsUnit(t *testing.T) {
	c := short(1)
	c.Outages = &OutagePanel{Lo: []float64{73700}, Hi: []float64{80000}, Unit: "customer·h"}
	tip := ""
	for _, m := range c.Scene().marks {
		tip += m.tip
	}
	if !strings.Contains(tip, "73\u2009700\u2009customer·h") {
		t.Errorf("tooltip %q", tip)
	}
}

func TestCallersMistakesPanic(t *testing.T) {
	c := short(3)
	c.Strikes = &StrikePanel{Launched: []float64{1, 2}}
	mustPanic(t, "a short series", func() { c.Scene() })
	mustPanic(t, "no days", func() { Timeline{}.Scene() })
	mustPanic(t, "no months", func() { CoverageGrid{}.Scene() })
	mustPanic(t, "a short row", func() { CoverageGrid{Months: 2, Rows: []CoverageRow{{Share: []float64{1}}}}.Scene() })
	mustPanic(t, "a ratio against zero", func() { Estimates{Log: true}.Scene() })
	mustPanic(t, "lags without r", func() { Correlogram{Lags: []int{1}}.Scene() })
	mustPanic(t, "lags that repeat", func() {
		two := []float64{0, 0}
		Correlogram{Lags: []int{1, 1}, R: two, Lo: two, Hi: two}.Scene()
	})
}
