package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// textBox is where a text lies: the whole line height, not only the ink.
type textBox struct {
	text                     string
	left, top, right, bottom float64
}

func textBoxes(s *Scene) []textBox {
	var out []textBox
	for _, m := range s.marks {
		if m.kind != textMark {
			continue
		}
		t := m.text
		w := textWidth(t.Body, t.Size, t.Bold)
		left := t.X
		switch t.Anchor {
		case Middle:
			left -= w / 2
		case End:
			left -= w
		}
		out = append(out, textBox{t.Body, left, t.Y - t.Size*ascent, left + w, t.Y + t.Size*descent})
	}
	return out
}

// checkLayout fails where texts overlap, by more than the half pixel that lines
// of one paragraph may share, or leave the scene.
func checkLayout(t *testing.T, s *Scene) {
	t.Helper()
	boxes := textBoxes(s)
	for i, a := range boxes {
		if a.left < 0 || a.top < 0 || a.right > s.Width || a.bottom > s.Height {
			t.Errorf("%q leaves the scene of %v × %v: %v", a.text, s.Width, s.Height, a)
		}
		for _, b := range boxes[:i] {
			if min(a.right, b.right)-max(a.left, b.left) > 0.1 && min(a.bottom, b.bottom)-max(a.top, b.top) > 0.5 {
				t.Errorf("%q overlaps %q: %v, %v", a.text, b.text, a, b)
			}
		}
	}
	for i, m := range s.marks {
		if !m.drawable() {
			t.Errorf("mark %d cannot be drawn: %+v", i, m)
		}
		for _, p := range m.points {
			if p.X < -0.01 || p.X > s.Width+0.01 || p.Y < -0.01 || p.Y > s.Height+0.01 {
				t.Errorf("mark %d leaves the scene of %v × %v: %+v", i, s.Width, s.Height, m)
				break
			}
		}
	}
}

// examples returns every example chart for one width and language.
func examples(width float64, language Language) map[string]*Scene {
	f := Frame{Width: width, Language: language}
	out := map[string]*Scene{
		"coverage, 30 rows of 60 months": exampleCoverage(f, 30, 60).Scene(),
		"coverage, 6 rows of 14 months":  exampleCoverage(f, 6, 14).Scene(),
		"coverage, 2 rows of 1 month":    exampleCoverage(f, 2, 1).Scene(),
		"tile map":                       exampleTiles(f).Scene(),
		"estimates, logarithmic":         exampleEstimates(f, true).Scene(),
		"estimates, linear":              exampleEstimates(f, false).Scene(),
		"readings":                       exampleReadings(f).Scene(),
		"correlogram, 15 lags":           exampleCorrelogram(f, 15).Scene(),
		"correlogram, 61 lags":           exampleCorrelogram(f, 61).Scene(),
	}
	for _, days := range []int{1, 14, 31, 62, 121, 200} {
		out[fmt.Sprintf("timeline, %d days", days)] = exampleTimeline(f, days).Scene()
	}
	return out
}

func TestNoTextOverlapsOrLeavesTheScene(t *testing.T) {
	for _, width := range []float64{320, 360, 540, 720, 1100, 1600} {
		for _, language := range []Language{English, Ukrainian} {
			for name, s := range examples(width, language) {
				t.Run(fmt.Sprintf("%s, %v px, language %d", name, width, language), func(t *testing.T) {
					checkLayout(t, s)
				})
			}
		}
	}
}

// Labels long enough to fill lines, or without a space to break at, must not push
// one another out.
func TestLongLabelsStayInside(t *testing.T) {
	long := "a label that goes on about the area, the operator and the reading for far too long to fit on any line of any chart"
	unbroken := "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
	for _, width := range []float64{360, 1100} {
		for _, label := range []string{long, unbroken} {
			f := Frame{Width: width, Title: label, Subtitle: label, Note: label}
			timeline := exampleTimeline(f, 62)
			timeline.Temperature.Heading, timeline.Temperature.ThresholdLabel = label, label
			timeline.Strikes.NamedLabel, timeline.Outages.HomeLabel, timeline.Outages.NoRecord = label, label, label
			for i := range timeline.Outages.GroupsSeen {
				timeline.Outages.GroupsSeen[i].Label = label
			}
			timeline.Pauses[0].Reading = label
			coverage := exampleCoverage(f, 4, 12)
			coverage.Rows[1].Label, coverage.Rows[1].N, coverage.Rows[2].Group, coverage.Legend = label, label, label, label
			tiles := exampleTiles(f)
			tiles.Legend = label
			estimates := exampleEstimates(f, true)
			estimates.Below, estimates.Above, estimates.Measure = label, label, label
			for i := range estimates.Rows {
				estimates.Rows[i].Label, estimates.Rows[i].Reason, estimates.Rows[i].N = label, label, label
			}
			correlogram := exampleCorrelogram(f, 15)
			correlogram.LagLabel, correlogram.Caption, correlogram.Interval = label, label, label
			for name, s := range map[string]*Scene{
				"timeline": timeline.Scene(), "coverage": coverage.Scene(), "tiles": tiles.Scene(),
				"estimates": estimates.Scene(), "correlogram": correlogram.Scene(),
			} {
				t.Run(fmt.Sprintf("%s, %v px, %.5s", name, width, label), func(t *testing.T) { checkLayout(t, s) })
			}
		}
	}
}

// Real gaps come anywhere. Panels of random data with unknown days in random
// places must stay drawable and readable.
func TestRandomDataStaysInside(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	series := func(n int, scale float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			switch r.IntN(5) {
			case 0:
				out[i] = nan
			case 1:
				out[i] = []float64{0, math.Inf(1), math.Inf(-1)}[r.IntN(3)]
			default:
				out[i] = r.Float64() * scale
			}
		}
		return out
	}
	for range 40 {
		days := 1 + r.IntN(250)
		width := 320 + r.Float64()*900
		var spans []Span
		for range r.IntN(6) {
			from := r.IntN(days+20) - 10
			spans = append(spans, Span{from, from + r.IntN(30), "some of 120 queues"})
		}
		var pauses []Pause
		for range r.IntN(4) {
			from := r.Float64()*float64(days+20) - 10
			pauses = append(pauses, Pause{from, from + r.Float64()*10, "a reading of it", true, []string{"", "a baseline"}[r.IntN(2)]})
		}
		c := Timeline{
			Frame: Frame{ID: "t", Width: width, Title: "Random", Language: Language(r.IntN(2))},
			Start: time.Date(2020, 1, r.IntN(700), 0, 0, 0, 0, time.UTC), Days: days, Pauses: pauses,
			Temperature: &TemperaturePanel{Mean: series(days, -20), Min: series(days, -30), Max: series(days, 10), Threshold: -10, Spells: spans},
			Strikes:     &StrikePanel{Launched: series(days, 1e6), Missiles: series(days, 3), Named: series(days, 2), NamedLabel: "named"},
			Outages:     &OutagePanel{Lo: series(days, 12), Hi: series(days, 24), Observed: series(days, 24), GroupsSeen: spans},
		}
		checkLayout(t, c.Scene())
	}
}

func TestOnePanelAlone(t *testing.T) {
	whole := exampleTimeline(Frame{Width: 720}, 62)
	for name, c := range map[string]Timeline{
		"only temperature": {Frame: whole.Frame, Days: 62, Start: whole.Start, Temperature: whole.Temperature},
		"only strikes":     {Frame: whole.Frame, Days: 62, Start: whole.Start, Strikes: whole.Strikes},
		"only outages":     {Frame: whole.Frame, Days: 62, Start: whole.Start, Outages: whole.Outages},
		"only extremes":    {Frame: whole.Frame, Days: 62, Start: whole.Start, Temperature: &TemperaturePanel{Min: whole.Temperature.Min, Max: whole.Temperature.Max, Threshold: nan}},
		"empty panels":     {Frame: whole.Frame, Days: 62, Start: whole.Start, Temperature: &TemperaturePanel{}, Strikes: &StrikePanel{}, Outages: &OutagePanel{}},
		"no panel":         {Frame: whole.Frame, Days: 62, Start: whole.Start},
	} {
		t.Run(name, func(t *testing.T) { checkLayout(t, c.Scene()) })
	}
}

func TestEmptyChartsAreDrawn(t *testing.T) {
	f := Frame{ID: "e", Width: 360}
	for name, s := range map[string]*Scene{
		"coverage":    CoverageGrid{Frame: f, Months: 3}.Scene(),
		"tiles":       TileMap{Frame: f}.Scene(),
		"estimates":   Estimates{Frame: f}.Scene(),
		"correlogram": Correlogram{Frame: f}.Scene(),
		"readings":    Readings{Frame: f}.Scene(),
	} {
		t.Run(name, func(t *testing.T) { checkLayout(t, s) })
	}
}

func TestBareLeavesTitleToThePage(t *testing.T) {
	c := exampleTiles(Frame{Width: 720, Bare: true})
	s := c.Scene()
	for _, b := range textBoxes(s) {
		if b.text == c.Title || b.text == c.Subtitle {
			t.Errorf("bare chart draws %q", b.text)
		}
	}
	if s.Title != c.Title {
		t.Errorf("bare chart is named %q, want %q", s.Title, c.Title)
	}
}
