package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
)

// A Warning is something that a reader of the results must know. Why is the
// reason that the configuration gives for a gap it declares; without one the
// run ends with exit code 3.
type Warning struct {
	ID   string // such as coverage/temperature/UA32, rejected/bulletins, empty/strikes, failed/alerts
	Text string
	Why  string
}

// leastCoverage is the share below which a measure's coverage of an area over
// the whole period is a warning.
const leastCoverage = 0.8

// noSource stands in coverage for an area that no source covers.
const noSource = "none"

// judge gathers what a reader must know: sources that failed or hold nothing, rows
// that were rejected, areas and measures that are poorly covered or left out.
func judge(c *config.Config, joined *joined) []Warning {
	rules, suppressed := joined.rules, joined.suppressed
	var all []Warning
	for _, f := range joined.failures {
		all = append(all, Warning{ID: "failed/" + f.source, Text: fmt.Sprintf("source %s was left out: %v", f.source, f.err)})
	}
	type rows struct {
		rejected, read int64
		sound          bool // a file could be read, which may be optional
	}
	bySource := map[string]rows{}
	for _, in := range joined.inputs {
		n := bySource[in.Source.Name]
		bySource[in.Source.Name] = rows{n.rejected + in.Counts.Rejected, n.read + in.Counts.Read, n.sound || in.Err == nil}
	}
	for _, name := range slices.Sorted(maps.Keys(bySource)) {
		failed := slices.ContainsFunc(joined.failures, func(f failure) bool { return f.source == name })
		switch n := bySource[name]; {
		case n.rejected > 0:
			all = append(all, Warning{ID: "rejected/" + name, Text: fmt.Sprintf("source %s: %d of %d rows were rejected; the table rejected lists them", name, n.rejected, n.read)})
		case n.read == 0 && n.sound && !failed:
			all = append(all, Warning{ID: "empty/" + name, Text: fmt.Sprintf("source %s holds no row", name)})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(suppressed)) {
		all = append(all, Warning{ID: "suppressed/" + string(id), Text: fmt.Sprintf("area %s is left out: %s", id, suppressed[id])})
	}
	for _, s := range c.Sources {
		if s.Licence == "" && (s.Origin != "" || s.Attribution != "") {
			all = append(all, Warning{ID: "licence/" + s.Name, Text: fmt.Sprintf("source %s states no licence", s.Name)})
		}
	}
	if last := rules.LastDay(&rules.Gazetteer.Areas()[0], false); last < c.End-1 {
		all = append(all, Warning{ID: "lag", Text: fmt.Sprintf("rows end on %v: what is fresher than the publication lag before %v is not published", last, rules.AsOf), Why: "the publication lag is a rule of the project, not a gap of the data"})
	}
	all = append(all, lowCoverage(joined)...)
	for i := range all {
		all[i].Why = cmp.Or(c.KnownGap(all[i].ID), all[i].Why)
	}
	return all
}

// measureOf is the measure that the rows of a canonical table tell of; that of one
// household is none of an area's.
var measureOf = map[*table.Schema]string{
	table.Temperature: "temperature", table.PointTemperature: "temperature", table.TemperatureDay: "temperature",
	table.OutageInterval: "customers_out", table.OutageSnapshot: "customers_out",
	table.OutageSchedule: "announced_off", table.Strike: "strikes", table.Alert: "alerts",
}

// lowCoverage warns of every measure that some source has, be it of other days than
// those of the period, and an area has too little of: what all its sources together
// know of it over the whole period. Bulletins are the country's: they are judged once.
func lowCoverage(joined *joined) []Warning {
	type cell struct {
		measure string
		area    area.ID
	}
	type sum struct{ rows, present, expected int }
	sums := map[cell]map[string]sum{}
	measured := map[string]bool{}
	for _, in := range joined.inputs {
		if in.Err == nil && in.Counts.Kept > 0 {
			measured[measureOf[in.Source.Table]] = true
		}
	}
	var codes [2][]int32 // scratch
	for _, id := range joined.all.Coverage.Areas() {
		t := joined.all.Coverage.Of(id)
		measures, sources := t.Coded("measure", &codes[0]), t.Coded("source_id", &codes[1])
		present, expected := t.Int32("n_present"), t.Int32("n_expected")
		byCode := make([]sum, measures.Words.Len()*sources.Words.Len())
		for row := range t.Rows() {
			s := &byCode[int(measures.Codes[row])*sources.Words.Len()+int(sources.Codes[row])]
			s.rows++
			s.present += int(present.Value(row))
			if expected.IsValid(row) {
				s.expected += int(expected.Value(row))
			}
		}
		for i, one := range byCode { // words may be there twice, and be those of no row
			if one.rows == 0 {
				continue
			}
			// Cloned, not to hold the area's columns.
			k := cell{strings.Clone(measures.Words.Value(i / sources.Words.Len())), area.ID(id)}
			source := strings.Clone(sources.Words.Value(i % sources.Words.Len()))
			if sums[k] == nil {
				sums[k] = map[string]sum{}
			}
			s := sums[k][source]
			sums[k][source] = sum{s.rows + one.rows, s.present + one.present, s.expected + one.expected}
		}
	}
	var low []Warning
	for k, bySource := range sums {
		if !measured[k.measure] {
			continue
		}
		if a, ok := joined.rules.Gazetteer.Get(k.area); !ok || k.measure == "strikes" && a.Level != area.Country && a.Parent != "" {
			continue
		}
		counted, possible := 0, 0
		for _, s := range bySource {
			counted += s.present
			possible = max(possible, s.expected)
		}
		best := min(1, quality.Share(counted, possible))
		if best < leastCoverage {
			text := fmt.Sprintf("%s: no source for area %s", k.measure, k.area)
			if _, none := bySource[noSource]; !none {
				text = fmt.Sprintf("%s: %.1f %% known of area %s over the period", k.measure, 100*best, k.area)
			}
			low = append(low, Warning{ID: fmt.Sprintf("coverage/%s/%s", k.measure, k.area), Text: text})
		}
	}
	slices.SortFunc(low, func(a, b Warning) int { return cmp.Compare(a.ID, b.ID) })
	return low
}
