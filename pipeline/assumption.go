package pipeline

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hardship/pipeline/analysis"
	"hardship/pipeline/config"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/panel"
	"hardship/pipeline/quality"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

// assumption is a row of the table of that name.
type assumption struct {
	name, appliesTo string
	words           string // of what is no number
	number          float64
	unit            string
	setBy           string
	definition      string
}

const (
	byConfiguration = "configuration"
	byProgram       = "program"
)

// assumptions makes the table assumption from the effective configuration and
// the rules of the program.
func assumptions(c *config.Config, rules gate.Rules) *table.Table {
	b := table.NewBuilder(table.Assumption)
	for _, a := range slices.Concat(assumedOfDays(c), assumedOfHomes(), assumedOfFindings(c), assumedOfPublication(rules)) {
		b.Row()
		b.String("assumption_name", a.name)
		b.String("applies_to", a.appliesTo)
		if a.words == "" {
			b.String("assumed", strconv.FormatFloat(a.number, 'f', -1, 64))
			b.Float64("assumed_number", a.number)
		} else {
			b.String("assumed", a.words)
		}
		b.OptionalString("assumed_unit", a.unit)
		b.String("set_by", a.setBy)
		b.OptionalString("definition_ref", a.definition)
	}
	return b.Table()
}

// assumedOfDays are those behind the days and nights of the tables.
func assumedOfDays(c *config.Config) []assumption {
	list := []assumption{
		{name: "cold day thresholds", appliesTo: "area_day, season", words: "tmin at or below 0, -5, -10, -15, -20", unit: "°C", setBy: byProgram, definition: "C1"},
		{name: "least coverage of a day's temperature", appliesTo: "area_day", number: quality.LeastDayCoverage, setBy: byProgram, definition: "4.3"},
		{name: "longest gap of a day's temperature", appliesTo: "area_day", number: quality.LongestDayGap, unit: "h", setBy: byProgram, definition: "4.3"},
		{name: "night begins, local time", appliesTo: "strike_night", number: hour.NightStartHour, unit: "h", setBy: byProgram, definition: "4.2"},
		{name: "night ends, local time", appliesTo: "strike_night", number: hour.NightEndHour, unit: "h", setBy: byProgram, definition: "4.2"},
		{name: "publisher whose rows make totals", appliesTo: "strike_night, area_day.launched", words: orAll(c.Publisher), setBy: byConfiguration, definition: "7.1"},
	}
	for _, s := range c.Spells {
		list = append(list, assumption{name: "cold spell", appliesTo: "cold_spell." + s.ID(), words: s.ID(), setBy: byConfiguration, definition: "C2"})
	}
	for _, from := range slices.Sorted(maps.Keys(c.TakesIn)) {
		list = append(list, assumption{name: "a name that takes in an area", appliesTo: "strike_night " + string(from), words: string(c.TakesIn[from]), setBy: byConfiguration, definition: "4.6"})
	}
	base := fmt.Sprintf("%v to before %v, of the source of the day; %s where it does not reach", c.Base.First, c.Base.End, analysis.NoBasePeriod)
	list = append(list,
		assumption{name: "base period of the climate", appliesTo: "area_day.tn10_c, t05_c, ecf_c2; season.csdi_d, ecf_lowest_c2", words: base, setBy: byConfiguration, definition: "C3"},
		assumption{name: "least coverage of the base period", appliesTo: "area_day.tn10_c, t05_c", number: index.LeastBasePresent, setBy: byProgram, definition: "C3"},
	)
	for _, s := range c.Sources {
		if w := s.Weights; w.LapseKPerKM != 0 {
			list = append(list, assumption{name: "colder with height", appliesTo: "temperatures of areas from source " + s.Name, number: w.LapseKPerKM, unit: "K/km", setBy: byConfiguration, definition: "4.4"})
		}
	}
	for _, id := range c.Merged {
		list = append(list, assumption{name: "alerts merged, durations unknown", appliesTo: "area_day.alert_h " + string(id), words: "yes", setBy: byConfiguration})
	}
	return list
}

// assumedOfHomes are those behind the estimates of hardship.
func assumedOfHomes() []assumption {
	limits := make([]string, len(index.ClassLimits))
	for i, c := range index.ClassLimits {
		limits[i] = strconv.FormatFloat(float64(c), 'f', -1, 64)
	}
	list := []assumption{
		{name: "persons per customer, where an area does not say", appliesTo: "hardship.ph_*", number: index.DefaultPersonsPerCustomer, setBy: byProgram, definition: "8.1"},
		{name: "indoor temperatures of the classes 2 to 5", appliesTo: "hardship.class_*", words: "below " + strings.Join(limits, ", "), unit: "°C", setBy: byProgram, definition: "8.4"},
	}
	names, homes := panel.Homes()
	for i, h := range homes {
		words := fmt.Sprintf("stays at %v °C", float64(h.SetPoint))
		if h.TimeConstant > 0 {
			words = fmt.Sprintf("cools without power with a time constant of %v h towards %v K above the air outside; heated to %v °C with one of %v h", h.TimeConstant, float64(h.Gain), float64(h.SetPoint), h.Warming)
		}
		list = append(list, assumption{name: "home", appliesTo: "hardship, scenarios *." + names[i], words: words, setBy: byProgram, definition: "8.2"})
	}
	return list
}

// assumedOfFindings are those behind what goes with what, and pauses.
func assumedOfFindings(c *config.Config) []assumption {
	f := &c.Findings
	days := func(name, to string, n int, definition string) assumption {
		return assumption{name: name, appliesTo: to, number: float64(n), unit: "d", setBy: byConfiguration, definition: definition}
	}
	zones := make([]string, len(c.Pauses.Zones))
	for i, z := range c.Pauses.Zones {
		zones[i] = z.String()
	}
	const findings = "ccf, rate_ratio, model_fit, epoch, season"
	list := []assumption{
		{name: "season", appliesTo: findings, words: fmt.Sprintf("%v to %v", f.SeasonFirst, f.SeasonLast), setBy: byConfiguration},
		days("least days for an answer", findings, f.LeastDays, ""),
		days("longest lag of a correlation", "ccf", f.MaxLagDays, "9.11"),
		days("least shift of a test", "ccf, rate_ratio", f.MinShiftDays, "9.12"),
		days("least cold-spell days for a ratio", "rate_ratio", f.LeastSpellDays, "9.2"),
		{name: "lags that errors allow for", appliesTo: "model_term.se", words: "3√n days, of n fitted, at most half of them; fixed-b quantiles", setBy: byProgram, definition: "9.3"},
		{name: "lags that errors to compare allow for", appliesTo: "model_term.se_nw7", number: regress.DailyLags, unit: "d", setBy: byProgram, definition: "9.3"},
		{name: "least areas as clusters", appliesTo: "model_term.se_area", number: regress.PublicClusters, setBy: byProgram, definition: "9.4"},
		{name: "level of intervals", appliesTo: "all", number: 0.95, setBy: byProgram},
		{name: "penalties of a change of level", appliesTo: "changepoint", words: "2 ln n and 3 ln n", setBy: byProgram, definition: "9.15"},
		days("baseline of a pause", "pause_result", c.Pauses.Baseline, "10.3"),
		days("wash-out before a pause", "pause_result", c.Pauses.Washout, "10.3"),
		{name: "zones in which dates may be meant", appliesTo: "pause_reading", words: strings.Join(zones, ", "), setBy: byConfiguration, definition: "10.1"},
	}
	for _, b := range c.Breaks {
		list = append(list, assumption{name: "the series changes", appliesTo: "pause_result " + strings.Join(b.Metrics, ", "), words: b.String(), setBy: byConfiguration, definition: "10.3"})
	}
	for i := range c.Models {
		m := &c.Models[i]
		list = append(list, assumption{name: "adjusted for", appliesTo: "model_fit " + m.ID, words: strings.Join(m.Adjust, ", "), setBy: byConfiguration, definition: "9.3"})
		for _, x := range m.Exposures {
			if len(x.Knots) > 0 {
				list = append(list, assumption{name: "knots of " + x.Column, appliesTo: "model_fit " + m.ID, words: strings.Trim(fmt.Sprint(x.Knots), "[]") + " between " + strings.Trim(fmt.Sprint(x.Boundary), "[]"), setBy: byConfiguration, definition: "9.6"})
			}
		}
	}
	for i := range c.Epochs {
		list = append(list, assumption{name: "event", appliesTo: "epoch " + c.Epochs[i].ID, words: c.Epochs[i].Rule(), setBy: byConfiguration, definition: "9.10"})
	}
	return list
}

// assumedOfPublication are the limits of what may be published (methods.md
// 11.2).
func assumedOfPublication(rules gate.Rules) []assumption {
	return []assumption{
		{name: "publication lag", appliesTo: "all, areas of level 1", number: float64(gate.LagDays + rules.ExtraLagDays), unit: "d", setBy: byConfiguration, definition: "11.2"},
		{name: "publication lag", appliesTo: "all, districts and queues", number: float64(gate.DistrictLagDays + rules.ExtraLagDays), unit: "d", setBy: byConfiguration, definition: "11.2"},
		{name: "least population of an area", appliesTo: "all", number: gate.LeastPopulation, setBy: byProgram, definition: "11.2"},
		{name: "least customers of an area", appliesTo: "all", number: gate.LeastCustomers, setBy: byProgram, definition: "11.2"},
		{name: "least areas to set outages beside strikes", appliesTo: "model_fit, epoch", number: gate.LeastAreas, setBy: byProgram, definition: "11.2"},
	}
}
