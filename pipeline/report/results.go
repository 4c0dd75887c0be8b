package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/table"
)

// schemaVersion is that of results.json: its first number changes when a field
// is renamed, removed or given another meaning.
const schemaVersion = "1.0.0"

// The fields of results.json. A number that is not known is null.
type (
	results struct {
		SchemaVersion string             `json:"schema_version"`
		Title         string             `json:"title"`
		Version       string             `json:"version"`
		AsOf          string             `json:"as_of"`
		Period        resultPeriod       `json:"period"`
		Focus         resultFocus        `json:"focus"`
		Headlines     []resultHeadline   `json:"headlines"`
		Facts         []resultFact       `json:"facts"`
		RateRatios    resultRatios       `json:"rate_ratios"`
		Correlations  resultCorrelations `json:"correlations"`
		Pauses        []resultPause      `json:"pauses"`
		Warnings      []resultWarning    `json:"warnings"`
		Tables        []resultTable      `json:"tables"`
		Charts        []resultChart      `json:"charts"`
	}
	resultPeriod struct {
		First string `json:"first"`
		Last  string `json:"last"`
	}
	resultFocus struct {
		Areas []area.ID `json:"area_ids"`
		First string    `json:"first"`
		Last  string    `json:"last"`
	}
	resultHeadline struct {
		ID       string   `json:"id"`
		AreaID   area.ID  `json:"area_id"`
		Label    string   `json:"label"`
		Lo       *float64 `json:"lo"`
		Hi       *float64 `json:"hi"`
		Unit     string   `json:"unit"`
		Date     *string  `json:"date"`
		NPresent int      `json:"n_present"`
		Expected int      `json:"n_expected"`
		Counted  string   `json:"counted_in"`
		Source   string   `json:"source"`
	}
	resultFact struct {
		FactID   string   `json:"fact_id"`
		Measure  int32    `json:"measure_no"`
		Reported string   `json:"reported"`
		Beside   string   `json:"measure"`
		Shown    *float64 `json:"shown"`
		Unit     *string  `json:"unit"`
		Source   string   `json:"source"`
	}
	resultRatios struct {
		Rows      int           `json:"rows"`
		Evaluable []resultRatio `json:"evaluable"`
	}
	resultRatio struct {
		AreaID    string   `json:"area_id"`
		Season    string   `json:"season"`
		RuleID    string   `json:"rule_id"`
		Weapon    string   `json:"weapon"`
		RR        *float64 `json:"rr"`
		Lo        *float64 `json:"ci_shift_lo"` // null: no bound
		Hi        *float64 `json:"ci_shift_hi"` // null: no bound
		P         *float64 `json:"p_shift"`
		PSmallest *float64 `json:"p_smallest"`
		PAdjusted *float64 `json:"p_bh"`
	}
	resultCorrelations struct {
		Families     int                `json:"families"`
		Evaluable    int                `json:"evaluable"`
		ColdOutages  []resultColdOutage `json:"cold_and_outages"`
		EvaluableLag int                `json:"evaluable_rows"`
	}
	resultColdOutage struct {
		X         string `json:"x"`
		Y         string `json:"y"`
		Families  int    `json:"families"`
		Evaluable int    `json:"evaluable"`
		Reason    string `json:"reason"` // of the one with most days of both
	}
	resultPause struct {
		PauseID      string   `json:"pause_id"`
		Metric       string   `json:"metric"`
		Label        string   `json:"label"`
		TargetsAre   string   `json:"targets_are"` // known, or unknown: a scope of its own
		Verdict      string   `json:"verdict"`
		Readings     int32    `json:"n_readings"`
		Evaluable    int32    `json:"n_evaluable"` // to be printed with every verdict
		Smallest     *float64 `json:"rr_smallest"`
		Median       *float64 `json:"rr_median"`
		Largest      *float64 `json:"rr_largest"` // null: none, or no bound
		Detectable80 *float64 `json:"rr_detectable80"`
		Agree        int32    `json:"n_baselines_agree"`
	}
	resultWarning struct {
		ID   string  `json:"id"`
		Text string  `json:"text"`
		Why  *string `json:"why"` // null: nobody declared it
	}
	resultTable struct {
		Name string `json:"name"`
		Path string `json:"path"`
		Rows int    `json:"rows"`
	}
	resultChart struct {
		Title string `json:"title"`
		SVG   string `json:"svg"`
		PNG   string `json:"png"`
		Data  string `json:"data"`
	}
)

// results writes the headline numbers and counts for programs.
func (r *reading) results(doc *document) ([]byte, error) {
	out := results{
		SchemaVersion: schemaVersion, Title: clean(r.title()), Version: clean(r.Version), AsOf: r.AsOf.String(),
		Period: resultPeriod{r.First.String(), (r.End - 1).String()}, Focus: resultFocus{[]area.ID{}, r.first.String(), (r.end - 1).String()},
		Headlines: []resultHeadline{}, Facts: r.resultFacts(), Warnings: []resultWarning{}, Tables: []resultTable{}, Charts: []resultChart{},
	}
	for _, a := range r.focus {
		out.Focus.Areas = append(out.Focus.Areas, a.ID)
	}
	for _, h := range r.headlines() {
		one := resultHeadline{
			ID: h.ID, AreaID: h.Area, Label: strings.NewReplacer(thin, " ", hard, " ").Replace(clean(h.Label)), Lo: optional(h.Lo), Hi: optional(h.Hi), Unit: h.Unit,
			NPresent: h.Known, Expected: h.Expected, Counted: h.CountedIn, Source: h.Source,
		}
		if h.On != nil {
			date := h.On.String()
			one.Date = &date
		}
		out.Headlines = append(out.Headlines, one)
	}
	out.RateRatios, out.Correlations, out.Pauses = r.resultRatios(), r.resultCorrelations(), r.resultPauses()
	for _, w := range r.Warnings {
		out.Warnings = append(out.Warnings, resultWarning{clean(w.ID), clean(w.Text), optionalText(clean(w.Why))})
	}
	for _, c := range r.Tables {
		t := c.Table()
		out.Tables = append(out.Tables, resultTable{t.Schema.Name, "tables/" + t.Schema.Name + ".parquet", t.Rows()})
	}
	for _, f := range doc.figures() {
		out.Charts = append(out.Charts, resultChart{clean(f.Title), f.path() + ".svg", f.path() + ".png", f.path() + ".csv"})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// optional is null for a number that is not known or has no bound.
func optional(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (r *reading) resultFacts() []resultFact {
	t := r.table(table.Fact)
	out := []resultFact{}
	for row := range t.Rows() {
		out = append(out, resultFact{
			FactID: clean(t.String("fact_id").Value(row)), Measure: t.Int32("measure_no").Value(row), Reported: clean(t.String("reported").Value(row)),
			Beside: clean(t.String("measure").Value(row)), Shown: optional(numberAt(t, row, "shown")), Unit: optionalText(clean(t.String("unit").Value(row))),
			Source: clean(t.String("from_table").Value(row) + "." + t.String("from_column").Value(row)),
		})
	}
	return out
}

func (r *reading) resultRatios() resultRatios {
	sum := r.ratios()
	out := resultRatios{Rows: sum.rows, Evaluable: []resultRatio{}}
	for _, row := range sum.evaluable {
		text := func(column string) string { return clean(sum.t.String(column).Value(row)) }
		number := func(column string) *float64 { return optional(numberAt(sum.t, row, column)) }
		out.Evaluable = append(out.Evaluable, resultRatio{
			text("area_id"), text("season"), text("rule_id"), text("weapon"),
			number("rr"), number("ci_shift_lo"), number("ci_shift_hi"), number("p_shift"), number("p_smallest"), number("p_bh"),
		})
	}
	return out
}

// resultPauses are the rows of pause_summary to whose metric some reading
// applies.
func (r *reading) resultPauses() []resultPause {
	t := r.table(table.PauseSummary)
	out := []resultPause{}
	for row := range t.Rows() {
		text := func(column string) string { return clean(t.String(column).Value(row)) }
		count := func(column string) int32 { return t.Int32(column).Value(row) }
		number := func(column string) *float64 { return optional(numberAt(t, row, column)) }
		if count("n_readings") == 0 {
			continue
		}
		out = append(out, resultPause{
			text("pause_id"), text("metric"), metricOf(text("metric")), text("targets_are"), text("verdict"), count("n_readings"), count("n_evaluable"),
			number("rr_smallest"), number("rr_median"), number("rr_largest"), number("rr_detectable80"), count("n_baselines_agree"),
		})
	}
	return out
}

func (r *reading) resultCorrelations() resultCorrelations {
	sum := r.correlations()
	out := resultCorrelations{Families: sum.families, Evaluable: len(sum.evaluable), ColdOutages: []resultColdOutage{}}
	for row := range sum.t.Rows() {
		out.EvaluableLag += b2i(sum.t.Bool("evaluable").Value(row))
	}
	for _, p := range sum.coldOutages() {
		out.ColdOutages = append(out.ColdOutages, resultColdOutage{clean(p.x.String()), clean(p.y.String()), p.families, p.evaluable, clean(p.reason)})
	}
	return out
}
