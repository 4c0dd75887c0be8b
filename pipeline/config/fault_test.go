package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/source"
)

// formats stand for those of package normalize.
var formats = map[string]source.Format{
	"csv": {Mapped: true, Options: []string{"decimal", "separator"}}, "parquet": {Mapped: true}, "missile_attacks": {Table: "strike"},
}

// base is a right configuration of five lines, to which cases add a sixth.
const base = `period: {from: 2020-10-15, to: 2025-04-01}
areas: {from_data: true, tz: UTC}
sources:
  - {name: temps, table: temperature, format: csv, files: [temps.csv]}
  - {name: strikes, format: missile_attacks, files: [strikes.csv]}
`

func TestEveryFaultHasItsPlace(t *testing.T) {
	replace := func(from, to string) string {
		if !strings.Contains(base, from) {
			panic(from)
		}
		return strings.Replace(base, from, to, 1)
	}
	for _, tt := range []struct {
		name, file string
		want       []string // of the errors, without the file's name
	}{
		// Shape.
		{"an unknown key is answered with the one that was meant", base + "perod: 1\n", []string{`6:1: unknown key "perod"; did you mean period?`}},
		{"an unknown key that is near to none is answered with all", replace("from_data: true", "quelle: true"), []string{`2:9: unknown key "quelle"; the keys here are from_data, tz, files, shipped, only, periods, reference_files, origin, licence, attribution, boundaries`}},
		{"an option beside its place is told where it belongs", replace("files: [temps.csv]", "files: [temps.csv], decimal: x"), []string{`4:72: unknown key "decimal"; it is one of the options: options: {decimal: …}`}},
		{"all unknown keys are reported", base + "tittle: x\ncold: {spels: []}\n", []string{`6:1: unknown key "tittle"; did you mean title?`, `7:8: unknown key "spels"; did you mean spells?`}},
		{"a key of another part is unknown", base + "spells: []\n", []string{`6:1: unknown key "spells"; the keys here are title, out, root, as_of, extra_lag_days, exposure_day, tables, period, areas, sources, cold, strikes, alerts, focus, findings, analysis, facts, series_breaks, pauses, known_gaps, max_rejected_share, limits`}},
		{"a table that is not of areas cannot be made alone", base + "tables: [area_day, seasons]\n", []string{`6:20: tables[1]: "seasons" is not a table of areas: one of area_day, cold_spell, strike_night, strike_overlap, queue_day, reliability, hardship, exposure_day`}},
		{"a table of areas is answered with the one that was meant", base + "tables: [area_days]\n", []string{`6:10: tables[0]: "area_days" is not a table of areas: one of area_day, cold_spell, strike_night, strike_overlap, queue_day, reliability, hardship, exposure_day; did you mean area_day?`}},
		{"a repeated key is refused", base + "out: a\nout: b\n", []string{`7:1: mapping key "out" already defined at [6:1]`}},
		{"a repeated key within a line is refused", replace("from: 2020-10-15,", "from: 2020-10-15, from: 2020-10-16,"), []string{`1:28: mapping key "from" already defined at [1:10]`}},
		{"a list is no text", base + "out: [a]\n", []string{"6:1: out: is a list, and needs a text"}},
		{"a text is no list", replace("[temps.csv]", "temps.csv"), []string{"4:59: sources[0].files: is a text, and needs a list"}},
		{"a text is no mapping", base + "focus: UA80\n", []string{"6:8: focus: is a text, and needs keys with values"}},
		{"a word is not true or false", replace("from_data: true", "from_data: ja"), []string{"2:20: areas.from_data: is a text, and needs true or false"}},
		{"a fraction is no whole number", base + "extra_lag_days: 1.5\n", []string{"6:17: extra_lag_days: is the number 1.5, and needs a whole number"}},
		{"a whole number in quotes is a text", base + "extra_lag_days: \"1\"\n", []string{"6:17: extra_lag_days: is a text, and needs a whole number"}},
		{"a number too large is refused", base + "extra_lag_days: 99999999999\n", []string{"6:17: extra_lag_days: is the number 99999999999, and needs a whole number"}},
		{"infinity is no number", base + "max_rejected_share: .inf\n", []string{"6:21: max_rejected_share: is the number .inf, and needs a number"}},
		{"a column is no list", replace("files: [temps.csv]", "files: [temps.csv], columns: {t_c: [a]}"), []string{"4:82: sources[0].columns.t_c: is a list, and needs the name of a column of the file, {const: value}, or {column: name, words: {…}, format: …}"}},
		{"a constant is one value", replace("files: [temps.csv]", "files: [temps.csv], columns: {t_c: {const: [1]}}"), []string{"4:88: sources[0].columns.t_c: a column is the name of a column of the file, {const: value}, or {column: name, words: {…}, format: …}"}},
		{"a column has no other keys than const", replace("files: [temps.csv]", "files: [temps.csv], columns: {t_c: {name: a}}"), []string{"4:88: sources[0].columns.t_c: a column is the name of a column of the file, {const: value}, or {column: name, words: {…}, format: …}"}},
		{"a list is no configuration", "[1, 2]\n", []string{"1:1: the file is a list, and needs keys with values"}},
		{"a text is no configuration", "hardship\n", []string{"1:1: the file is a text, and needs keys with values"}},

		// YAML that a configuration never needs.
		{"anchors and aliases are refused", base + "title: &a x\nout: *a\n", []string{"6:8: anchors are not allowed", "7:6: aliases are not allowed"}},
		{"merge keys are refused", base + "<<: {out: x}\n", []string{"6:1: merge keys are not allowed"}},
		{"tags are refused", base + "out: !!binary eA==\n", []string{"6:6: tags are not allowed"}},
		{"directives are refused", "%YAML 1.2\n---\n" + base, []string{"1:1: directives are not allowed"}},
		{"keys after a question mark are refused", "? out\n: x\n", []string{"1:1: keys after a question mark are not allowed"}},
		{"a second document is refused", base + "---\nout: x\n", []string{"7:1: a configuration is one document"}},
		{"a bracket that is not closed", base + "focus: {areas: [UA80}\n", []string{"6:21: ',' or ']' must be specified"}},
		{"bytes that are not UTF-8", base + "title: Київ\xff\n", []string{"6:12: this is not UTF-8 text"}},
		{"a control character", base + "title: a\x1b[31m\n", []string{"6:9: control characters are not allowed"}},
		{"a control character behind an escape", base + `title: "a\e[31m"` + "\n", []string{"6:8: title: holds a control character"}},

		// Period.
		{"a configuration needs a period and sources", "out: x\n", []string{" period: a period needs from and to, such as {from: 2025-10-01, to: 2026-04-01}", " sources: a configuration needs at least one source"}},
		{"an empty file needs them too", "", []string{" period: a period needs from and to, such as {from: 2025-10-01, to: 2026-04-01}", " sources: a configuration needs at least one source"}},
		{"a date needs a month that there is", replace("2020-10-15", "2020-13-15"), []string{`1:16: period.from: "2020-13-15" is not a date such as 2026-01-15`}},
		{"a day that there is not", replace("2025-04-01", "2025-02-29"), []string{`1:32: period.to: "2025-02-29" is not a date such as 2026-01-15`}},
		{"a period ends after it starts", replace("2025-04-01", "2020-10-15"), []string{"1:32: period.to: 2020-10-15 is the first day left out and must lie after 2020-10-15"}},
		{"a period has both ends", replace(", to: 2025-04-01", ""), []string{"1:1: period: a period needs from and to, such as {from: 2025-10-01, to: 2026-04-01}"}},
		{"a period is not endless", replace("2025-04-01", "9999-01-01"), []string{"1:32: period.to: the period is longer than 200 years"}},
		{"an as-of is a time or a day", base + "as_of: 2020-13-01\n", []string{`6:8: as_of: "2020-13-01" is neither a time such as 2026-02-28T12:00:00Z nor a day such as 2026-02-28`}},
		{"the lag is never shortened", base + "extra_lag_days: -1\n", []string{"6:17: extra_lag_days: -1: the publication lag may be lengthened, never shortened"}},
		{"a share is at most 1", base + "max_rejected_share: 1.01\n", []string{"6:21: max_rejected_share: is a share from 0 to 1"}},

		// Areas and sources.
		{"a zone is in the IANA list", replace("tz: UTC", "tz: Europe/Kyv"), []string{`2:30: areas.tz: time zone "Europe/Kyv" is not in the IANA list`}},
		{"the machine's zone is refused", replace("tz: UTC", "tz: Local"), []string{`2:30: areas.tz: time zone "Local": name a zone such as Europe/Kyiv or UTC`}},
		{"areas come from one place", replace("tz: UTC", "files: [a.csv]"), []string{"2:26: areas.files: areas come from the data or from files, not from both"}},
		{"points need weights", replace("table: temperature", "table: point_temperature"), []string{`4:5: sources[0]: source "temps" is of points, and needs weights to be of areas: one of area, population, idw, nearest`}},
		{"weights are one of some", replace("table: temperature", "table: point_temperature, weights: aria"), []string{`4:54: sources[0].weights: "aria" is not one of area, population, idw, nearest; did you mean area?`, "4:54: sources[0].weights: points have weights by boundaries, areas: {boundaries: {file: …, property: …}}, or by a table of them, weights_from: SOURCE"}},
		{"weights come from somewhere", replace("table: temperature", "table: point_temperature, weights: idw, weights_from: strikes"), []string{`4:73: sources[0].weights_from: "strikes" is no source of the table area_weight`}},
		{"a grid has a step", replace("table: temperature", "table: point_temperature, weights: area"), []string{"4:54: sources[0].weights: weights by area are of the cells of a grid, and need grid_step_deg: degrees from one centre to the next, at most 30 (and grid_lat_step_deg, where it differs from south to north)", "4:54: sources[0].weights: points have weights by boundaries, areas: {boundaries: {file: …, property: …}}, or by a table of them, weights_from: SOURCE"}},
		{"stations have no grid", replace("table: temperature", "table: point_temperature, weights: idw, grid_step_deg: 0.5"), []string{"4:54: sources[0].weights: points have weights by boundaries, areas: {boundaries: {file: …, property: …}}, or by a table of them, weights_from: SOURCE", "4:74: sources[0].grid_step_deg: only weights by area and population that are made of boundaries have a grid"}},
		{"a correction for height needs heights", replace("table: temperature", "table: point_temperature, weights: idw, weights_from: strikes, lapse_k_per_km: 6.5"), []string{`4:73: sources[0].weights_from: "strikes" is no source of the table area_weight`, "4:98: sources[0].lapse_k_per_km: a correction for height needs that of the areas, such as area_elev_m: {UA80: 120}"}},
		{"heights and lapses are those of the Earth", replace("table: temperature", "table: point_temperature, weights: idw, weights_from: strikes, lapse_k_per_km: 65, area_elev_m: {A: 12000}"), []string{`4:73: sources[0].weights_from: "strikes" is no source of the table area_weight`, "4:98: sources[0].lapse_k_per_km: 65 is not from 0 to 10: 6.5 is usual, and 0 for no correction", "4:119: sources[0].area_elev_m.A: 12000 m is no height of an area"}},
		{"only points have weights", replace("table: temperature", "table: temperature, weights: idw"), []string{"4:48: sources[0].weights: only points have weights: table: point_temperature"}},
		{"boundaries need a property", replace("tz: UTC", "tz: UTC, boundaries: {file: a.geojson}"), []string{"2:35: areas.boundaries: boundaries need a file of GeoJSON and the property of its features that holds the area's code, such as {file: oblasts.geojson, property: shapeISO}"}},
		{"boundaries lie below the root", replace("tz: UTC", "tz: UTC, boundaries: {file: /a.geojson, property: p}"), []string{`2:54: areas.boundaries.file[0]: "/a.geojson": files lie below the root, named relative to it with forward slashes`}},
		{"a place is no constant", replace("table: temperature", "table: point_temperature, weights: idw, columns: {point_id: {const: a}}, weights_from: strikes"), []string{"4:69: sources[0].columns.point_id: a place finer than an area comes from a column of the file, never from the configuration, which is published", `4:106: sources[0].weights_from: "strikes" is no source of the table area_weight`}},
		{"a source has a name", replace("name: temps, ", ""), []string{"4:5: sources[0].name: a source needs a name of letters, digits, _, - and dots"}},
		{"a source's name is no path", replace("name: temps", "name: ../temps"), []string{"4:12: sources[0].name: a source needs a name of letters, digits, _, - and dots"}},
		{"two sources do not share a name", replace("name: strikes", "name: temps"), []string{`5:12: sources[1].name: two sources have the name "temps"`}},
		{"a column is a constant or the file's", replace("files: [temps.csv]", "files: [temps.csv], columns: {t_c: {const: 1, column: a}}"), []string{`4:82: sources[0].columns.t_c: is a constant or a column of the file, not both`}},
		{"a column of no table", replace("files: [temps.csv]", "files: [temps.csv], columns: {tc: a}"), []string{`4:86: sources[0].columns.tc: the table temperature has no column "tc"; it has area_id, kind, time_utc, t_c, wind_kmh, rh_pct, qc, source_id, source_rev, first_seen_utc, retracted, t_f, t_k, wind_ms, wind_kn, wind_mph, time_epoch_s, time_epoch_ms, first_seen_epoch_s, first_seen_epoch_ms; did you mean t_c or qc?`}},
		{"an option of no format", replace("files: [temps.csv]", `files: [temps.csv], options: {separater: ";"}`), []string{`4:93: sources[0].options.separater: format csv has no option "separater"; it has decimal, separator; did you mean separator?`}},
		{"a layout that is none", replace("files: [temps.csv]", "files: [temps.csv], columns: {time_utc: {column: a, format: dd.mm.yyyy}}"), []string{`4:72: sources[0].columns: the format of time_utc: "dd.mm.yyyy" is no layout of a date, such as %d.%m.%Y %H:%M or %m/%d/%Y; excel counts days as spreadsheets do`}},
		{"a source has a format", replace("format: csv, ", ""), []string{`4:5: sources[0]: source "temps" needs a format; auto tells it by the files`}},
		{"an unknown format is answered with the one that was meant", replace("format: csv", "format: parqet"), []string{`4:47: sources[0].format: "parqet" is not a format; the formats are csv, missile_attacks, parquet, auto; did you mean parquet?`}},
		{"a source has a table, unless its format says it", replace("table: temperature, ", ""), []string{`4:5: sources[0]: source "temps" needs a table`}},
		{"an unknown table is answered with the one that was meant", replace("table: temperature", "table: temprature"), []string{`4:26: sources[0].table: there is no table "temprature"; the tables are area, area_weight, temperature, point_temperature, temperature_day, outage_interval, outage_snapshot, snapshot_run, outage_schedule, supply_interval, strike, alert, report, proxy, context, claim; did you mean temperature?`}},
		{"a format fills its own table", replace("format: missile_attacks", "table: alert, format: missile_attacks"), []string{"5:28: sources[1].table: format missile_attacks fills the table strike, not alert"}},
		{"a format of its own columns takes no others", replace("files: [strikes.csv]", "files: [strikes.csv], columns: {weapon: w}"), []string{"5:68: sources[1].columns: format missile_attacks has columns of its own; columns are mapped in formats csv, parquet"}},
		{"a source has files", replace(", files: [temps.csv]", ""), []string{`4:5: sources[0].files: source "temps" names no files`}},
		{"a file above the root is refused", replace("temps.csv", "../temps.csv"), []string{`4:60: sources[0].files[0]: "../temps.csv": files lie below the root, named relative to it with forward slashes`}},
		{"a file above the root by a detour is refused", replace("temps.csv", "a/../../temps.csv"), []string{`4:60: sources[0].files[0]: "a/../../temps.csv": files lie below the root, named relative to it with forward slashes`}},
		{"a file from the machine's root is refused", replace("temps.csv", "/etc/passwd"), []string{`4:60: sources[0].files[0]: "/etc/passwd": files lie below the root, named relative to it with forward slashes`}},
		{"a file is given once", replace("[temps.csv]", "[temps.csv, temps.csv]"), []string{`4:71: sources[0].files[1]: "temps.csv" stands here a second time, and its rows would count twice`}},
		{"a first sight is a time", replace("[temps.csv]", "[temps.csv], first_seen: yesterday"), []string{`4:84: sources[0].first_seen: "yesterday" is not a time such as 2026-02-28T12:00:00Z`}},

		// Findings, facts, gaps.
		{"a spell has days", base + "cold: {spells: [{tmean_below_c: -10}]}\n", []string{"6:17: cold.spells[0]: a spell needs tmean_below_c and days from 1 to 366"}},
		{"a spell's threshold can be a temperature", base + "cold: {spells: [{tmean_below_c: -300, days: 3}]}\n", []string{"6:33: cold.spells[0].tmean_below_c: -300 °C is no daily mean: -90 to 60"}},
		{"two spell rules are not the same", base + "cold: {spells: [{tmean_below_c: -10, days: 3}, {tmean_below_c: -10.0, days: 3}]}\n", []string{"6:48: cold.spells[1]: the rule tmean_lt_m10_3d stands here a second time"}},
		{"outages and strikes of one area are no pair", base + "findings: {pairs: [{x: {column: strikes_n_lo}, y: {column: out_ch_lo}}]}\n", []string{"6:20: findings.pairs[0]: outages and strikes are associated over five areas or more, or not at all: declare a model with lags_d and scope pooled, whose lags are in lag_curve"}},
		{"a climate is of years", base + "cold: {base: {from: 2018-01-01, to: 2022-01-01}}\n", []string{"6:8: cold.base: 2018-01-01 to before 2022-01-01 is no climate: that is of 10 to 200 years, as a rule of 30"}},
		{"a climate has both its ends", base + "cold: {base: {from: 1991-01-01}}\n", []string{`6:8: cold.base.to: "" is not a date such as 2026-01-15`}},
		{"the days shown first lie in the period", base + "focus: {from: 2019-01-01}\n", []string{"6:1: focus: the days shown first, 2019-01-01 to before 2025-04-01, leave the period"}},
		{"months go from 1 to 12", base + "findings: {season_first_month: 13, season_last_month: 3}\n", []string{"6:1: findings: season_first_month and season_last_month are months from 1 to 12"}},
		{"lags are no years", base + "findings: {max_lag_days: 400}\n", []string{"6:26: findings.max_lag_days: lags go from 0 to 60 days"}},
		{"a pair's column is one of the table", base + "findings: {pairs: [{x: {column: tmin}, y: {column: tmax_c}}]}\n", []string{`6:33: findings.pairs[0].x.column: table area_day has no column "tmin"; did you mean tmin_c?`}},
		{"a pair's column holds numbers", base + "findings: {pairs: [{x: {column: tz}, y: {column: tmax_c}}]}\n", []string{"6:33: findings.pairs[0].x.column: column area_day.tz holds no numbers"}},
		{"strikes of a night are of a weapon", base + "findings: {pairs: [{x: {column: tmin_c}, y: {table: strike_night, column: launched}}]}\n", []string{"6:42: findings.pairs[0].y: a series of strike_night needs a weapon, and only such a series has one"}},
		{"reconnaissance is never counted", base + "findings: {launches_on_spell_days: [drone, reconnaissance]}\n", []string{`6:44: findings.launches_on_spell_days[1]: "reconnaissance" is not a class of weapon that is counted: all, ballistic, cruise, other_missile, drone, bomb, artillery, unknown`}},
		{"a weapon that there is not", base + "findings: {launches_on_spell_days: [drones]}\n", []string{`6:37: findings.launches_on_spell_days[0]: "drones" is not a class of weapon that is counted: all, ballistic, cruise, other_missile, drone, bomb, artillery, unknown; did you mean drone?`}},
		{"a fact has words and measures", base + "facts: [{id: a}]\n", []string{"6:9: facts[0]: a fact needs an id of its own and the words reported", "6:9: facts[0]: a fact needs measures to be set beside it"}},
		{"a fact's table is one with numbers", base + "facts: [{id: a, reported: b, measures: [{label: c, table: provenance, column: bytes, reduce: sum}]}]\n", []string{`6:59: facts[0].measures[0].table: there is no table "provenance" to measure; these are area_day, cold_spell, strike_night, queue_day, reliability, hardship, energy_report, ccf, rate_ratio, coverage, pause_reading, pause_result, pause_summary, pause_sensitivity`}},
		{"a fact's column, reduction and selection are known", base + "facts: [{id: a, reported: b, measures: [{label: c, table: area_day, column: tmn_c, where: {area: UA}, reduce: median}]}]\n", []string{`6:77: facts[0].measures[0].column: table area_day has no column "tmn_c"; did you mean tmin_c?`, `6:98: facts[0].measures[0].where.area: table area_day has no column "area"; did you mean area_id?`, `6:111: facts[0].measures[0].reduce: "median": rows are reduced by only, min, max, sum, mean, count`}},
		{"only tables by day are chosen from by day", base + "facts: [{id: a, reported: b, measures: [{label: c, table: rate_ratio, column: rr, from: 2021-01-01, reduce: max}]}]\n", []string{"6:41: facts[0].measures[0]: table rate_ratio has no days from which to choose"}},
		{"a break of a series is of what is counted", base + "series_breaks: [{metrics: [alert_n], from: 2025-12-01, to: 2026-01-01, why: x}]\n", []string{`6:28: series_breaks[0].metrics[0]: "alert_n" is not counted: launched_drone, launched_ballistic, launched_cruise, launched_all, nights_named, alerts_n, strikes_energy, alert_h, sched_off_h; did you mean alerts_n or alert_h?`}},
		{"a break of a series ends, and says what changed", base + "series_breaks: [{metrics: [alerts_n], from: 2025-12-01, to: 2025-12-01}]\n", []string{"6:17: series_breaks[0]: why says what changed", "6:61: series_breaks[0].to: a break ends after it begins: to is the first day after it"}},
		{"a note on pauses has words", base + "pauses: {notes: [x, ' ']}\n", []string{"6:21: pauses.notes[1]: a note has words"}},
		{"a known gap has a reason", base + "known_gaps: [{warning: lag}]\n", []string{"6:14: known_gaps[0]: a known gap needs a reason: why"}},
		{"a known gap is a pattern", base + "known_gaps: [{warning: 'a[', why: x}]\n", []string{`6:24: known_gaps[0].warning: "a[" is not a pattern such as coverage/temperature/*`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read([]byte(tt.file), "h.yaml", formats)
			if err == nil {
				t.Fatalf("no fault was found in\n%s", tt.file)
			}
			got := strings.Split(strings.ReplaceAll(err.Error(), "h.yaml:", ""), "\n")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults of\n%s(-want +got)\n%s", tt.file, diff)
			}
		})
	}
}
