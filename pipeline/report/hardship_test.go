package report

import (
	"strings"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// hardshipRow adds a row of hardship; what cells does not hold is unknown.
func (r *run) hardshipRow(id area.ID, d hour.Day, scenario string, cells map[string]float64) {
	b := r.tables["hardship"]
	b.Row()
	basis, _, _ := strings.Cut(scenario, ".")
	b.String("area_id", string(id))
	b.Date("date_local", d)
	b.String("scenario_id", scenario)
	b.String("basis", basis)
	if basis == "observed" {
		b.Float64("household_announced_h_lo", 10)
		b.Float64("household_announced_h_hi", 12)
	}
	for name, v := range cells {
		set(b, name, v)
	}
}

// indoors are the cells of a scenario's day.
func indoors(lo, hi, belowLo, belowHi float64) map[string]float64 {
	return map[string]float64{"t_in_min_c_lo": lo, "t_in_min_c_hi": hi, "below_12_h_lo": belowLo, "below_12_h_hi": belowHi, "groups_seen": 2, "coverage": 0.025, "class_lo": 1, "class_hi": 5}
}

func TestHardshipSection(t *testing.T) {
	r := shipped(plainText)
	for i, day := range []map[string]float64{indoors(-1.9, 8, 0.5, 20), indoors(4, 9.04, 3, 24), indoors(11, 11, 2, 2)} {
		r.hardshipRow("UA80", hour.Date(2026, 2, 2+i), "announced.tau30.gain0", day)
	}
	r.hardshipRow("UA80", hour.Date(2026, 2, 2), "announced", map[string]float64{"off_h_lo": 5, "off_h_hi": 7})
	r.hardshipRow("UA80", hour.Date(2026, 2, 3), "observed", map[string]float64{"off_h_lo": 5, "off_h_hi": 5})
	r.hardshipRow("UA80", hour.Date(2026, 2, 3), "observed.tau30.gain0", map[string]float64{"t_in_min_c_lo": 13.6, "t_in_min_c_hi": 13.6, "below_12_h_lo": 0, "below_12_h_hi": 0})
	r.hardshipRow("UA80", hour.Date(2026, 2, 2), "announced.heat_stays", indoors(20, 20, 0, 0))
	text := words(r.input())
	for name, want := range map[string]string{
		"that they are no measurements":     "Scenarios, never measurements.",
		"that nobody counts customers":      "No source of the run counts customers without power in these areas, so that there are no person-hours.",
		"the days":                          "Kyiv city, 2–4 February 2026: how cold a home may have become",
		"bounds, beside the same day's log": "| loses heat fast (30 h), no gain | −1.9 to 8.0 °C | 2–3 of 3 | 4.0 to 9.0 °C; 1 of 1 | 13.6 °C | 0 of 1 |",
		"a home that stays warm":            "| heating goes on without power | 20.0 °C | 0 of 1 |",
		"of how few queues they are":        "They are of 2 queues a day, at most 2.5 % of the area’s: its class of hardship (a project index, 1 to 5) could be anything from 1 to 5. Nothing here is scaled up to Kyiv city.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %s: %q", name, want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
	if text := words(shippedInput(plainText)); strings.Contains(text, "What days without power mean") {
		t.Error("a section of hardship without any")
	}
}

func TestReliabilityInTheCaseApart(t *testing.T) {
	winter := func(r *run, id, kind, record string, whole bool, cells map[string]float64) {
		b := r.tables["reliability"]
		b.Row()
		for name, v := range map[string]string{"area_id": "US1", "period_id": id, "period_kind": kind, "record_kind": record} {
			b.String(name, v)
		}
		b.Bool("period_whole", whole)
		for _, c := range table.Reliability.Columns {
			if v, ok := cells[c.Name]; ok || !c.Null && c.Type != table.String && c.Type != table.Bool {
				set(b, c.Name, v)
			}
		}
	}
	text := words(withCase(func(r *run) {
		winter(r, "2018-19", "winter", "polls", true, map[string]float64{"saidi_min_lo": 84.9, "saidi_min_hi": 84.9, "med_days": 7, "saidi_ex_med_min_lo": 16, "saidi_ex_med_min_hi": 16, "asai_hi": 0.99961, "customers_out_coverage": 0.99})
		winter(r, "2019", "year", "polls", true, map[string]float64{"saidi_min_lo": 70.4, "saidi_min_hi": 70.4})
		winter(r, "2019-20", "winter", "polls", false, map[string]float64{"saidi_min_lo": 12, "saifi_lo": 0.5, "saifi_hi": 0.75, "customers_out_coverage": 0.5})
		r.hardshipRow("US1", hour.Date(2019, 1, 30), "recorded", map[string]float64{"persons_per_customer": 2.4, "dark_ph_lo": 176909, "dark_ph_hi": 176909, "dark_le_m10_ph_lo": 0, "dark_le_m10_ph_hi": 176909})
	}))
	for name, want := range map[string]string{
		"a winter with and without major event days": "| 2018–19 | 84.9 | 7 | 16.0 | 99.961 % | *not known* | 99 % |",
		"bounds, and what is open":                   "| 2019–20, in part | 12.0 or more | *not known* | *not known* | *not known* | 0.50–0.75 | 50 % |",
		"what polls cannot tell":                     "Polls count who is without power at a moment, not who lost it",
		"people on the coldest day":                  "With 2.4 people behind a customer, an assumption, that day had 176 909 person-hours without power, 0–176 909 of them at −10 °C or below.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %s: %q", name, want)
		}
	}
	if strings.Contains(text, "70.4") {
		t.Error("a calendar year stands among the winters")
	}
	if t.Failed() {
		t.Log(text)
	}
}
