package calibrate

import (
	"math"

	"hardship/pipeline/table"
)

// The aim (methods.md 11.1): shares within these, of at least half of the records.
const (
	leastSize, mostSize         = .04, .06
	leastCoverage, mostCoverage = .93, .97
)

// Table makes the table calibration of rows.
func Table(rows []Row) *table.Table {
	b := table.NewBuilder(table.Calibration)
	for _, r := range rows {
		without, with := r.counts[0], r.counts[1]
		size, coverage := newShare(without.found, without.known), newShare(with.covered, with.interval)
		b.Row()
		b.String("method_id", r.Name)
		b.String("question", r.Question)
		b.String("scene", r.Scene.Name)
		b.String("scene_description", r.Scene.Description)
		b.Int32("record_d", int32(r.Days))
		b.Int32("areas_n", int32(r.Areas))
		b.Bool("is_default", r.Default)
		b.Bool("is_naive", r.Naive)
		b.Int32("panels", int32(without.panels))
		b.Float64("not_evaluable_share", newShare(without.panels-without.known, without.panels).of)
		b.Float64("false_positive_share", size.of)
		b.Float64("false_positive_error", size.err)
		b.String("true_effect", r.Effect)
		b.Float64("interval_coverage", coverage.of)
		b.Float64("interval_coverage_error", coverage.err)
		b.Float64("found_share", newShare(with.found, with.known).of)
		met := size.of >= leastSize && size.of <= mostSize && (with.interval == 0 || coverage.of >= leastCoverage && coverage.of <= mostCoverage)
		table.Optional(b.Bool, "aim_met", met, 2*without.known >= without.panels)
	}
	return b.Table()
}

// A share with its Monte-Carlo standard error; both NaN of nothing.
type share struct{ of, err float64 }

func newShare(n, m int) share {
	p := float64(n) / float64(m)
	return share{p, math.Sqrt(p * (1 - p) / float64(m))}
}
