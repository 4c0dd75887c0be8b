package panel

import (
	"math/rand/v2"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// polls makes rows of one area from times and customers; nil is a poll that
// failed.
func polls(changes cells, list ...[2]any) *table.Table {
	var made []cells
	for _, p := range list {
		row := cells{"run_utc": p[0], "customers_out": p[1]}
		for name, v := range changes {
			row[name] = v
		}
		made = append(made, row)
	}
	return rows(table.OutageSnapshot, made...)
}

func runs(list ...string) *table.Table {
	var made []cells
	for _, at := range list {
		made = append(made, cells{"run_utc": at})
	}
	return rows(table.SnapshotRun, made...)
}

// The reference of methods.md 6.2: 175 customer-hours over 1.0 hour observed.
func TestARunWithoutARowIsZeroAndNoRunIsUnknown(t *testing.T) {
	reference := [][2]any{{"2026-01-29 12:00", 400}, {"2026-01-29 12:15", 200}, {"2026-01-29 13:00", 100}}
	s := from("2026-01-28", 3)
	r := build(t, s, polls(nil, reference...), runs("2026-01-29 12:30"))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 175, "out_ch_hi": 175, "out_coverage": 1.0 / 24})
	check(t, r.AreaDay, "UA80 2026-01-28", cells{"out_ch_lo": nil, "out_ch_hi": nil, "out_coverage": nil})
	check(t, r.Coverage, "UA80 customers_out 2026-01-01 scraper", cells{"n_present": 0})

	// Another area's row proves the run as well.
	r = build(t, s, polls(nil, reference...), polls(cells{"area_id": "UA12"}, [2]any{"2026-01-29 12:30", 7}))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 175, "out_coverage": 1.0 / 24})
	check(t, r.AreaDay, "UA12 2026-01-29", cells{"out_ch_lo": 1.75, "out_coverage": 1.0 / 24})
	check(t, r.AreaDay, "UA59 2026-01-29", cells{"out_ch_lo": nil, "out_coverage": nil}) // never polled, as far as anybody knows

	// Without any proof of the run its quarter of an hour is unknown.
	r = build(t, s, polls(nil, reference...))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 175, "out_coverage": 0.75 / 24})
}

func TestPollsThatFailOrAreTakenBackAreUnknown(t *testing.T) {
	s := from("2026-01-29", 1)
	r := build(t, s, polls(nil, [2]any{"2026-01-29 12:00", 4}, [2]any{"2026-01-29 12:15", nil}, [2]any{"2026-01-29 12:30", 8}),
		polls(cells{"retracted": true}, [2]any{"2026-01-29 12:45", 4000}), polls(cells{"run_ok": false}, [2]any{"2026-01-29 13:00", 4000}))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 3, "out_coverage": 0.5 / 24})
}

func TestVersionsOfAPoll(t *testing.T) {
	s := from("2026-01-29", 1)
	early := polls(cells{"first_seen_utc": "2026-01-30 01:00"}, [2]any{"2026-01-29 12:00", 4}, [2]any{"2026-01-29 12:15", 4})
	late := polls(cells{"first_seen_utc": "2026-01-30 02:00"}, [2]any{"2026-01-29 12:00", 8})
	beyond := polls(cells{"first_seen_utc": s.AsOf + 1}, [2]any{"2026-01-29 12:00", 4000}, [2]any{"2026-01-29 12:30", 4000})
	for _, order := range [][]*table.Table{{early, late, beyond}, {beyond, late, early}} {
		check(t, build(t, s, order...).AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 3, "out_coverage": 0.5 / 24})
	}
}

func TestADayOfPollsIsALocalDay(t *testing.T) {
	s := from("2026-03-28", 3)
	var list [][2]any
	for at := clockAt("2026-03-28 00:00"); at < clockAt("2026-03-31 00:00"); at += hour.InstantsInHour / 4 {
		list = append(list, [2]any{at, 10})
	}
	r := build(t, s, polls(nil, list...))
	check(t, r.AreaDay, "UA80 2026-03-28", cells{"out_ch_lo": 240, "out_coverage": 1})
	check(t, r.AreaDay, "UA80 2026-03-29", cells{"out_ch_lo": 230, "out_coverage": 1, "hours_in_day": 23})
	check(t, r.Coverage, "UA80 customers_out 2026-03-01 scraper", cells{"n_present": 3})
}

func TestPollsAndRecordsAreNeverAdded(t *testing.T) {
	s := from("2026-01-29", 1)
	recorded := outages(nil, [3]any{"2026-01-29 00:00", "2026-01-30 00:00", 100})
	polled := polls(nil, [2]any{"2026-01-29 12:00", 4}, [2]any{"2026-01-29 12:15", 4})
	for first, want := range map[string]float64{"feeders": 2400, "scraper": 2} {
		s.Sources = []string{first}
		r := build(t, s, recorded, polled)
		check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": want, "out_ch_hi": want})
		checkFlags(t, r.AreaDay, "UA80 2026-01-29", "two_outage_sources")
	}
}

// Customer-hours of polls that stand for whole steps are the sum of customers
// times the step, however rows are ordered and split into batches.
func TestPollsInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 2))
	s := from("2026-01-29", 2)
	var list [][2]any
	sum := 0
	for at := clockAt("2026-01-29 00:00"); at < clockAt("2026-01-30 00:00"); at += hour.InstantsInHour / 4 {
		customers := random.IntN(1000)
		sum += customers
		list = append(list, [2]any{at, customers})
	}
	for range 5 {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		cut := random.IntN(len(list))
		r := build(t, s, polls(nil, list[:cut]...), polls(nil, list[cut:]...))
		check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": float64(sum) / 4, "out_coverage": 1})
	}
}
