package chart

import (
	"math"
	"time"
)

// The examples are synthetic. They have what makes layout hard: long labels,
// gaps, zeros, many days, unbounded intervals.

var nan = math.NaN()

// wave is a made-up daily series.
func wave(n int, at func(day float64) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = at(float64(i))
	}
	return out
}

func blank(values []float64, from, to int) []float64 {
	for i := from; i < min(to, len(values)); i++ {
		values[i] = nan
	}
	return values
}

func exampleTimeline(f Frame, days int) Timeline {
	f.ID = "timeline"
	f.Title = "The coldest nights came twice, and the first time no outage record was kept"
	f.Subtitle = "A city, January and February, by local day. Synthetic numbers."
	f.Note = "Temperature: hourly weather page, 59 of 62 days whole. Strikes: national bulletins. Outages: schedules as announced, which are not what happened. n = 1 home."
	mean := wave(days, func(d float64) float64 {
		return -5.5 + 6.8*math.Cos(d/5.1) + 3*math.Sin(d/2.3) - 6*math.Exp(-math.Pow((d-14)/5, 2)) - 9*math.Exp(-math.Pow((d-32)/3, 2))
	})
	low := wave(days, func(d float64) float64 { return mean[int(d)] - 3 - 1.5*math.Abs(math.Sin(d*1.7)) })
	high := wave(days, func(d float64) float64 { return mean[int(d)] + 2.5 + 1.5*math.Abs(math.Cos(d*1.3)) })
	blank(mean, 50, 53)
	blank(low, 50, 54)
	blank(high, 50, 53)
	launched := wave(days, func(d float64) float64 {
		return math.Floor(120 + 80*math.Sin(d*0.9) + 60*math.Sin(d*2.1) + 250*math.Exp(-math.Pow((d-33)/0.8, 2)))
	})
	launched[min(5, days-1)] = 0
	blank(launched, 20, 22)
	missiles := wave(days, func(d float64) float64 {
		if int(d)%5 == 3 || int(d)%7 == 0 {
			return 4
		}
		return 0
	})
	blank(missiles, 20, 23)
	named := wave(days, func(d float64) float64 {
		if int(d)%9 == 2 {
			return 1
		}
		return 0
	})
	blank(named, 20, 22)
	lo := wave(days, func(d float64) float64 { return math.Max(0, 9+5*math.Sin(d)-math.Abs(d-40)/3) })
	hi := wave(days, func(d float64) float64 { return lo[int(d)] + 3 + 2*math.Cos(d) })
	blank(lo, 0, 22)
	blank(hi, 0, 22)
	home := blank(wave(days, func(d float64) float64 { return 6 + 5*math.Cos(d*1.9) }), 0, 39)
	if days > 53 {
		lo[35], hi[35] = 0, 0
		blank(lo, 53, days)
		blank(hi, 53, days)
		blank(home, 53, days)
	}
	return Timeline{
		Frame: f, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Days: days,
		Temperature: &TemperaturePanel{
			Mean: mean, Min: low, Max: high, Threshold: -10, ThresholdLabel: "−10 °C, cold-spell threshold",
			Spells: []Span{{From: 10, To: 17}, {From: 30, To: 35}},
		},
		Strikes: &StrikePanel{Launched: launched, Missiles: missiles, Named: named, NamedLabel: "a bulletin row names the oblast"},
		Outages: &OutagePanel{
			Lo: lo, Hi: hi, Observed: home,
			GroupsSeen: []Span{{22, 32, "no share known"}, {32, 39, "2 of 120 queues"}, {39, 42, "3 of 120"}, {42, 53, "1 of 120 queues"}},
		},
		Pauses: []Pause{
			{From: 28.9, To: 31, Reading: "until 1 February, exclusive", Primary: true},
			{From: 24, To: 32, Reading: "a week until 1 February"},
		},
	}
}

func exampleCoverage(f Frame, rows, months int) CoverageGrid {
	f.ID = "coverage"
	f.Title = "Temperatures and outages meet only in the last winter"
	f.Subtitle = "Share of hours with a record, by source and month. Synthetic numbers."
	f.Note = "A month is hatched where the source has nothing at all."
	c := CoverageGrid{Frame: f, Start: time.Date(2021, 10, 15, 0, 0, 0, 0, time.UTC), Months: months}
	names := []string{"Kyiv", "Dnipropetrovsk oblast, the operator's own pages", "Kharkiv oblast", "Odesa oblast", "Cook County, Illinois"}
	for i := range rows {
		group := "Temperature, hourly"
		if i >= rows/2 {
			group = "Outages, schedules as announced by the operators of the grid"
		}
		share := wave(months, func(m float64) float64 { return math.Min(1, math.Max(0, 1.2-math.Abs(math.Sin(m*0.31+float64(i))))) })
		blank(share, months/3*(i%3), min(months, months/3*(i%3)+4+i))
		c.Rows = append(c.Rows, CoverageRow{Group: group, Label: names[i%len(names)], N: "17 544 h", Share: share})
	}
	return c
}

func exampleTiles(f Frame) TileMap {
	f.ID = "tiles"
	f.Title = "January was coldest in the north-east"
	f.Subtitle = "Mean of the daily mean temperature. Synthetic numbers."
	f.Note = "n = 31 days. One square an area, whatever its size."
	c := TileMap{Frame: f, Legend: "mean temperature, January 2024, °C", Lo: nan, Hi: nan, Ramp: Blue, DarkLow: true, Decimals: 1}
	for i, place := range tilePlaces {
		v := -1.5 - float64(place.column)*1.6 + float64(place.row)*1.1
		switch place.code {
		case "UA01", "UA32", "UA35", "UA12":
			v = nan
		}
		if i != 4 {
			c.Tiles = append(c.Tiles, Tile{Code: place.code, Value: v, Tip: "n = 744 hours"})
		}
	}
	c.Tiles = append(c.Tiles, Tile{Code: "US17031", Value: -30.5})
	return c
}

func exampleEstimates(f Frame, log bool) Estimates {
	f.ID = "estimates"
	f.Title = "Whether launches fell depends on the reading"
	f.Subtitle = "Observed against expected launches in the window of each reading. Synthetic numbers."
	f.Note = "Baseline 56 nights ending 7 nights before the first claim."
	inf := math.Inf(1)
	c := Estimates{
		Frame: f, Measure: "rate ratio", Interval: "95 % interval, adjusted for dispersion", Reference: 1, Log: log, Decimals: 2,
		Below: "fewer than expected", Above: "more than expected",
		Rows: []EstimateRow{
			{Group: "Whole country, all launches", Label: "From the statement, a week", Estimate: 0.99, Lo: 0.79, Hi: 1.25, N: "7 nights", Primary: true},
			{Group: "Whole country, all launches", Label: "Until 1 February, exclusive, as the other side's spokesman said it in Moscow time", Estimate: 0.62, Lo: 0.31, Hi: 1.02, N: "3 nights"},
			{Group: "Whole country, all launches", Label: "Missiles only", Estimate: 0, Lo: 0, Hi: 0.9, N: "2 nights"},
			{Group: "Whole country, all launches", Label: "Bound from the power table", Estimate: 1.8, Lo: 0.4, Hi: inf, N: "2 nights"},
			{Group: "Whole country, all launches", Label: "One count, wide", Estimate: 0.19, Lo: 0.0046, Hi: 1.18, N: "7 nights"},
			{Group: "Energy only", Label: "Any window", Estimate: nan, Lo: nan, Hi: nan, Reason: "no row of window or baseline has a known target, so the reading cannot be told from any other", N: "0 rows"},
			{Group: "Energy only", Label: "Without an interval", Estimate: 1.4, Lo: nan, Hi: nan, N: "5 nights"},
			{Group: "Energy only", Label: "With one bound", Estimate: 1.1, Lo: 0.8, Hi: nan, N: "5 nights"},
		},
	}
	if !log {
		c.Reference, c.Measure = 0, "hours a day and °C"
		for i := range c.Rows {
			r := &c.Rows[i]
			r.Estimate, r.Lo, r.Hi = r.Estimate-1, r.Lo-1, r.Hi-1
		}
	}
	return c
}

func exampleReadings(f Frame) Readings {
	f.ID = "readings"
	f.Title = "Of 5 evaluable intervals, 2 lie below a ratio of 1 and 0 above"
	f.Subtitle = "Observed over expected, by measure and reading. Synthetic numbers."
	f.Note = "Baseline 56 nights ending 7 nights before the first claim."
	inf := math.Inf(1)
	return Readings{
		Frame: f, Measure: "ratio", Interval: "95 % interval", Basis: "counted of expected", Below: "fewer than before", Above: "more than before",
		Panels: []ReadingPanel{
			{Heading: "Drones launched, whole country", Verdict: "depends on the reading, 3 of 8 readings evaluable; fewer would likely show from a ratio of 0.18 down", Rows: []EstimateRow{
				{Label: "Someone who speaks: 29 Jan 15:00 – 5 Feb 15:00", Estimate: 0.95, Most: 1.6, Lo: 0.46, Hi: 3.01, N: "1158–1605 of 1177.5", Primary: true},
				{Label: "Another and a third one who spoke later: 29 Jan 23:00 – 5 Feb 23:00, and 12 readings that count alike", Estimate: 0, Most: 0.4, Lo: 0, Hi: 0.9, N: "0–12 of 33"},
				{Label: "A fourth: 31 Jan 00:00 – 1 Feb 00:00", Estimate: 0.2, Most: inf, Lo: 0.1, Hi: inf, N: "4 of 0–20"},
				{Label: "5 readings", Estimate: nan, Lo: nan, Hi: nan, Reason: "zero events would not bring the interval below 1"},
			}},
			{Heading: "Air-raid alerts", Verdict: "fewer under every reading, 2 of 2 readings evaluable", Rows: []EstimateRow{
				{Label: "Someone who speaks: 29 Jan 15:00 – 5 Feb 15:00", Estimate: 0.37, Lo: 0.07, Hi: 0.93, N: "3 of 8.1"},
				{Label: "Nobody", Estimate: 0, Lo: 0, Hi: 0.5, N: "0 of 8.1"},
			}},
		},
	}
}

func exampleCorrelogram(f Frame, lags int) Correlogram {
	f.ID = "correlogram"
	f.Title = "Outages follow the cold by about two days"
	f.Subtitle = "Correlation of degree-hours with customer-hours without power. Synthetic numbers."
	f.Note = "Four winters, n = 484 days."
	c := Correlogram{Frame: f, LagLabel: "lag, days from cold to outage", Interval: "95 % interval", Caption: "p of the family 0.021, from circular shifts; 15 lags were declared beforehand."}
	c.R = wave(lags, func(d float64) float64 { return 0.45*math.Exp(-math.Pow((d-3)/3, 2)) - 0.08*math.Sin(d) })
	for i, r := range c.R {
		c.Lags = append(c.Lags, i-1)
		c.Lo, c.Hi = append(c.Lo, r-0.14), append(c.Hi, r+0.13)
		c.NEff = append(c.NEff, 180-3*float64(i))
	}
	blank(c.R, 11, 12)
	blank(c.Lo, 11, 13)
	blank(c.Hi, 11, 13)
	blank(c.NEff, 11, 12)
	return c
}
