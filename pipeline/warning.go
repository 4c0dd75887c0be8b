package pipeline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/gate"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
)

// A Warning is something that a reader of the results must know. Why is the
// reason that the configuration gives for a gap it declares; without one the
// run ends with exit code 3.
type Warning struct {
	ID   string // such as coverage/temperature/UA32, rejected/bulletins, failed/alerts
	Text string
	Why  string
}

// leastCoverage is the share below which a measure's coverage of an area over
// the whole period is a warning.
const leastCoverage = 0.8

// judge gathers what a reader must know: sources that failed, rows that were
// rejected, areas and measures that are poorly covered or left out.
func judge(c *config.Config, joined *joined) []Warning {
	rules, suppressed := joined.rules, joined.suppressed
	var all []Warning
	for _, f := range joined.failures {
		all = append(all, Warning{ID: "failed/" + f.source, Text: fmt.Sprintf("source %s was left out: %v", f.source, f.err)})
	}
	rejected := map[string][2]int64{}
	for _, in := range joined.inputs {
		n := rejected[in.Source.Name]
		rejected[in.Source.Name] = [2]int64{n[0] + in.Counts.Rejected, n[1] + in.Counts.Read}
	}
	for _, name := range slices.Sorted(maps.Keys(rejected)) {
		if n := rejected[name]; n[0] > 0 {
			all = append(all, Warning{ID: "rejected/" + name, Text: fmt.Sprintf("source %s: %d of %d rows were rejected; the table rejected lists them", name, n[0], n[1])})
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
	all = append(all, lowCoverage(c, rules, joined.all.Coverage)...)
	for i := range all {
		all[i].Why = cmp.Or(c.KnownGap(all[i].ID), all[i].Why)
	}
	return all
}

// lowCoverage warns of every measure that some source has, and an area has too
// little of: what all its sources together know of it over the whole period.
// Bulletins are the country's: they are judged once.
func lowCoverage(c *config.Config, rules gate.Rules, coverage *table.Table) []Warning {
	type cell struct {
		measure string
		area    area.ID
	}
	type sum struct{ rows, present, expected int }
	sums := map[cell]map[string]sum{}
	measured := map[string]bool{}
	var codes [2][]int32 // scratch
	for _, id := range coverage.Areas() {
		t := coverage.Of(id)
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
			measured[k.measure] = measured[k.measure] || one.present > 0
		}
	}
	var low []Warning
	for k, bySource := range sums {
		if !measured[k.measure] || k.measure == "observed_off" {
			continue
		}
		if a, ok := rules.Gazetteer.Get(k.area); !ok || k.measure == "strikes" && a.Level != area.Country && a.Parent != "" {
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
			if counted > 0 {
				text = fmt.Sprintf("%s: %.1f %% known of area %s over the period", k.measure, 100*best, k.area)
			}
			low = append(low, Warning{ID: fmt.Sprintf("coverage/%s/%s", k.measure, k.area), Text: text})
		}
	}
	slices.SortFunc(low, func(a, b Warning) int { return cmp.Compare(a.ID, b.ID) })
	return low
}
