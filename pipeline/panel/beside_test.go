package panel

import (
	"testing"

	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// beside adds tables and returns proxy_day and context_period, cleared.
func beside(t *testing.T, s Settings, tables ...*table.Table) (proxies, context *table.Table) {
	t.Helper()
	in := NewInputs(ukraine(), s)
	for _, one := range tables {
		if err := in.Add(one); err != nil {
			t.Fatal(err)
		}
	}
	rules := gate.Rules{AsOf: s.AsOf, Gazetteer: ukraine()}
	proxies, context = in.Proxies(rules), in.Context(rules)
	for _, made := range []*table.Table{proxies, context} {
		if _, err := gate.Clear(made, rules); err != nil {
			t.Error(err)
		}
	}
	return proxies, context
}

func TestAProxyIsSetAgainstItsOwnFourWeeks(t *testing.T) {
	s := from("2026-01-01", 60)
	var list []cells
	for i := range 40 {
		list = append(list, cells{"source_id": "lights", "proxy": "lit", "date_local": (s.First + hour.Day(i)).String(), "level_value": float64(i % 5), "n_looks": 9, "n_looks_expected": 10})
	}
	list[35]["level_value"] = -97.0                                                                                                                               // far below the median 2
	list[34]["level_value"] = nil                                                                                                                                 // clouds
	list = append(list, cells{"source_id": "other", "proxy": "lit", "date_local": "2026-02-05", "level_value": 1000.0})                                           // another source is another series
	list = append(list, cells{"source_id": "lights", "proxy": "lit", "date_local": "2026-03-20", "level_value": 1.0})                                             // outside the period
	list = append(list, cells{"source_id": "lights", "proxy": "lit", "date_local": "2026-01-20", "level_value": 500.0, "retracted": true, "first_seen_utc": nil}) // taken back
	list = append(list, cells{"source_id": "lights", "proxy": "lit", "date_local": "2026-01-21", "level_value": 0.0, "area_id": "UA3210", "first_seen_utc": nil}) // a district has no daily rows
	proxies, _ := beside(t, s, rows(table.Proxy, list...))
	check(t, proxies, "UA80 lit lights 2026-02-05", cells{"level_value": -97, "n_looks": 9, "looks_coverage": 0.9, "baseline_known_d": 26, "median_28d": 2, "z_robust": -99 / 1.4826})
	check(t, proxies, "UA80 lit lights 2026-01-14", cells{"baseline_known_d": 13, "median_28d": nil, "z_robust": nil})
	check(t, proxies, "UA80 lit lights 2026-01-15", cells{"baseline_known_d": 14, "median_28d": 2})
	check(t, proxies, "UA80 lit other 2026-02-05", cells{"level_value": 1000, "n_looks": nil, "looks_coverage": nil, "baseline_known_d": 0, "z_robust": nil})
	for _, key := range []string{"UA80 lit lights 2026-02-04", "UA80 lit lights 2026-03-20", "UA80 lit lights 2026-01-20", "UA3210 lit lights 2026-01-21"} {
		if rowOf(proxies, key) >= 0 {
			t.Errorf("there is a row %s", key)
		}
	}
}

func TestContextIsPassedOnAsItIs(t *testing.T) {
	s := from("2026-01-01", 60)
	row := cells{"source_id": "hapi", "measure": "political_violence", "period_start_date": "2026-01-01", "period_end_date": "2026-01-31", "figure": 12.0}
	later := cells{"source_id": "hapi", "measure": "political_violence", "period_start_date": "2026-03-01", "period_end_date": "2026-03-31", "figure": 9.0}
	none := cells{"source_id": "hapi", "measure": "protest", "period_start_date": "2026-01-01", "period_end_date": "2026-01-31"}
	_, context := beside(t, s, rows(table.Context, row, later, none))
	check(t, context, "UA80 political_violence hapi 2026-01-01", cells{"figure": 12, "period_end_date": "2026-01-31"})
	check(t, context, "UA80 protest hapi 2026-01-01", cells{"figure": nil})
	if rowOf(context, "UA80 political_violence hapi 2026-03-01") >= 0 {
		t.Error("a period outside the run's has a row")
	}
}
