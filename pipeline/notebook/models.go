package notebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/table"
)

// models works out what the cells of template/models print. Each method is the
// cell of its name, in Go.
type models struct{ contents }

func (m models) of(cell string) ([]output, error) {
	switch _, name, _ := strings.Cut(cell, "_"); name {
	case "fits":
		return stream(m.fits()), nil
	case "effects":
		return stream(m.effects()), nil
	case "lags":
		return stream(m.lags()), nil
	case "correlations":
		return stream(m.correlations()), nil
	case "epochs":
		return stream(m.epochs()), nil
	case "levels":
		return stream(m.levels()), nil
	case "reasons":
		return stream(m.reasons()), nil
	case "calibration":
		return stream(m.calibration()), nil
	}
	return nil, fmt.Errorf("the cell has no counterpart")
}

func (m models) fits() string {
	t := m.tables[table.ModelFit.Name]
	plans, areas, families, within := t.String("plan_id"), t.String("area_id"), t.String("family_name"), t.String("adjusted_for")
	lags, areasN, n, expected := t.Int32("lags_d"), t.Int32("areas_n"), t.Int32("n"), t.Int32("n_expected")
	evaluable, dispersion, dropped := t.Bool("evaluable"), t.Float64("disp"), t.String("dropped_reason")
	var order []string
	rows := map[string][]int{}
	for row := range t.Rows() {
		plan := plans.Value(row)
		if rows[plan] == nil {
			order = append(order, plan)
		}
		rows[plan] = append(rows[plan], row)
	}
	var b strings.Builder
	for _, plan := range order {
		count := 0
		for _, row := range rows[plan] {
			if evaluable.Value(row) {
				count++
			}
		}
		first := rows[plan][0]
		fmt.Fprintf(&b, "%s: %s, compared within %s, lags to %d d: %d of %d evaluable\n", plan, families.Value(first), within.Value(first), lags.Value(first), count, len(rows[plan]))
		for _, row := range rows[plan] {
			if !evaluable.Value(row) {
				continue
			}
			left := "none"
			if dropped.IsValid(row) {
				left = dropped.Value(row)
			}
			fmt.Fprintf(&b, "    %s, areas %d: %d of %d days, dispersion %s; left out: %s\n", areas.Value(row), areasN.Value(row), n.Value(row), expected.Value(row), number(dispersion, row, 2), left)
		}
	}
	return b.String()
}

func (m models) effects() string {
	t := m.tables[table.ModelTerm.Name]
	ids, terms, scales := t.String("model_id"), t.String("term"), t.String("effect_scale")
	estimate, effect, lo, hi, p, se, naive := t.Float64("estimate"), t.Float64("effect"), t.Float64("effect_lo"), t.Float64("effect_hi"), t.Float64("p_bh"), t.Float64("se"), t.Float64("se_naive")
	var b strings.Builder
	for row := range t.Rows() {
		if estimate.IsValid(row) {
			fmt.Fprintf(&b, "%s %s: %s %s (%s to %s), p %s, error %.1f times\n", ids.Value(row), terms.Value(row), scales.Value(row),
				number(effect, row, 2), number(lo, row, 2), number(hi, row, 2), number(p, row, 3), se.Value(row)/naive.Value(row))
		}
	}
	return b.String()
}

func (m models) lags() string {
	t := m.tables[table.LagCurve.Name]
	ids, terms, values, cumulative, lags := t.String("model_id"), t.String("term"), t.Float64("x_value"), t.Bool("cumulative"), t.Int32("lag_d")
	fit, lo, hi := t.Float64("fit"), t.Float64("fit_lo"), t.Float64("fit_hi")
	var b strings.Builder
	for row := range t.Rows() {
		if fit.IsNull(row) {
			continue
		}
		at := "lag"
		if cumulative.Value(row) {
			at = "sum to"
		}
		fmt.Fprintf(&b, "%s %s %s: %s %d d: %s (%s to %s)\n", ids.Value(row), terms.Value(row), number(values, row, 1), at, lags.Value(row), number(fit, row, 3), number(lo, row, 3), number(hi, row, 3))
	}
	if t.Rows() == 0 {
		return "no curve\n"
	}
	return b.String()
}

func (m models) correlations() string {
	t := m.tables[table.CrossCorrelation.Name]
	ids, seasons, x, y := t.String("pair_id"), t.String("season"), t.String("x_series"), t.String("y_series")
	evaluable, p := t.Bool("evaluable"), t.Float64("p_family")
	families := map[string]map[[2]string]int{} // the last row of each
	for row := range t.Rows() {
		if !evaluable.Value(row) {
			continue
		}
		one, _, _ := strings.Cut(x.Value(row), "[")
		other, _, _ := strings.Cut(y.Value(row), "[")
		series := one + " and " + other
		if families[series] == nil {
			families[series] = map[[2]string]int{}
		}
		families[series][[2]string{ids.Value(row), seasons.Value(row)}] = row
	}
	var b strings.Builder
	for _, series := range slices.Sorted(maps.Keys(families)) {
		known, small := 0, 0
		for _, row := range families[series] {
			if p.IsValid(row) {
				known++
				if p.Value(row) <= 0.05 {
					small++
				}
			}
		}
		fmt.Fprintf(&b, "%s: %d families, %d with p of 0.05 or less, by chance %.1f\n", series, len(families[series]), small, 0.05*float64(known))
	}
	if len(families) == 0 {
		return "no family is evaluable\n"
	}
	return b.String()
}

func (m models) epochs() string {
	t := m.tables[table.Epoch.Name]
	ids, rules, evaluable, events, lags := t.String("model_id"), t.String("event_rule"), t.Bool("evaluable"), t.Int32("events_n"), t.Int32("lag_d")
	mean, anomaly, difference := t.Float64("mean"), t.Float64("anomaly"), t.Float64("difference")
	greater, less, smallest := t.Float64("p_placebo"), t.Float64("p_placebo_less"), t.Float64("p_smallest")
	all, shown := map[string]bool{}, map[string]bool{}
	var b strings.Builder
	for row := range t.Rows() {
		id := ids.Value(row)
		all[id] = true
		if !evaluable.Value(row) {
			continue
		}
		if !shown[id] {
			shown[id] = true
			fmt.Fprintf(&b, "%s: %d events, %s: difference %s, p %s and %s (smallest %s)\n", id, events.Value(row), rules.Value(row),
				number(difference, row, 2), number(greater, row, 3), number(less, row, 3), number(smallest, row, 3))
		}
		fmt.Fprintf(&b, "    day %+d: mean %s, against the days before %s\n", lags.Value(row), number(mean, row, 2), number(anomaly, row, 2))
	}
	fmt.Fprintf(&b, "%d of %d evaluable\n", len(shown), len(all))
	return b.String()
}

func (m models) levels() string {
	t := m.tables[table.Changepoint.Name]
	ids, rules, evaluable, idx, dates := t.String("series_id"), t.String("penalty_rule"), t.Bool("evaluable"), t.Int32("idx"), t.Date("change_date")
	changes, n, r1 := t.Int32("changes_n"), t.Int32("n"), t.Float64("autocorrelation_r1")
	var b strings.Builder
	for row := range t.Rows() {
		if !evaluable.Value(row) || idx.Value(row) != 0 {
			continue
		}
		var on []string
		for other := range t.Rows() {
			if ids.Value(other) == ids.Value(row) && rules.Value(other) == rules.Value(row) && idx.Value(other) > 0 {
				on = append(on, table.Day(dates, other).String())
			}
		}
		more := ""
		if len(on) > 6 {
			on, more = on[:6], " …"
		}
		fmt.Fprintf(&b, "%s, penalty %s: %d changes in %d days, r %s: %s%s\n", ids.Value(row), rules.Value(row), changes.Value(row), n.Value(row), number(r1, row, 2), strings.Join(on, ", "), more)
	}
	return b.String()
}

func (m models) reasons() string {
	var b strings.Builder
	for _, s := range []*table.Schema{table.ModelFit, table.ModelTerm, table.CrossCorrelation, table.RateRatio, table.Epoch, table.Changepoint} {
		t := m.tables[s.Name]
		codes, words := t.String("reason_code"), t.String("reason")
		rows := map[string][]int{}
		for row := range t.Rows() {
			if codes.IsValid(row) {
				rows[codes.Value(row)] = append(rows[codes.Value(row)], row)
			}
		}
		for _, code := range slices.Sorted(maps.Keys(rows)) {
			fmt.Fprintf(&b, "%s: %s, %d rows, such as: %s\n", s.Name, code, len(rows[code]), words.Value(rows[code][0]))
		}
	}
	return b.String()
}
