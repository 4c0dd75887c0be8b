package report

import (
	"fmt"
	"strconv"
	"strings"

	"hardship/pipeline/table"
)

// A spellRule is what the id of a cold-spell rule says (index.SpellRule.ID).
type spellRule struct {
	id        string
	threshold float64 // °C
	days      int
}

// parseRule reads an id such as tmean_lt_m10_5d; nil if it is another one.
func parseRule(id string) *spellRule {
	rest, ok := strings.CutPrefix(id, "tmean_lt_")
	degrees, days, found := strings.Cut(rest, "_")
	if !ok || !found || !strings.HasSuffix(days, "d") {
		return nil
	}
	r := &spellRule{id: id}
	sign := 1.0
	if d, negative := strings.CutPrefix(degrees, "m"); negative {
		degrees, sign = d, -1
	}
	var err error
	if r.threshold, err = strconv.ParseFloat(degrees, 64); err != nil {
		return nil
	}
	r.threshold *= sign
	if r.days, err = strconv.Atoi(strings.TrimSuffix(days, "d")); err != nil {
		return nil
	}
	return r
}

// limit writes the threshold, as "−10 °C".
func (r *spellRule) limit() string { return quantity(r.threshold, 2, "°C") }

// String writes what the rule asks for.
func (r *spellRule) String() string {
	if r.days == 1 {
		return "a daily mean below " + r.limit()
	}
	return fmt.Sprintf("a daily mean below %s on %d days in a row or more", r.limit(), r.days)
}

// weaponWords are the classes of strike_night.weapon.
var weaponWords = map[string]string{
	"all": "munitions of all classes", "ballistic": "ballistic missiles", "cruise": "cruise missiles", "other_missile": "other missiles",
	"drone": "drones", "bomb": "bombs", "artillery": "artillery", "unknown": "munitions of unknown class",
}

// weaponOf writes a class of weapon.
func weaponOf(weapon string) string {
	if w, ok := weaponWords[weapon]; ok {
		return w
	}
	return weapon
}

// columnWords name columns as daily series.
var columnWords = map[string]string{
	"tmin_c": "lowest temperature", "tmean_c": "mean temperature", "tmax_c": "highest temperature", "wchill_min_c": "lowest wind chill",
	"hdd_eu_kd": "heating degree days", "dh18_kh": "degree hours below 18 °C", "dh0_kh": "degree hours below 0 °C",
	"sched_off_h_lo": "announced hours without power, at least", "sched_off_h_hi": "announced hours without power, at most",
	"out_ch_lo": "customer-hours without power, at least", "out_ch_hi": "customer-hours without power, at most",
	"alert_h": "hours under air-raid alert", "alerts_n": "air-raid alerts", "launched": "launched",
}

// A series is what the name of a series in the table ccf says: table.column and,
// in brackets, the area and the class of weapon.
type series struct{ table, column, area, weapon string }

func parseSeries(name string) series {
	path, in, _ := strings.Cut(name, "[")
	var s series
	s.table, s.column, _ = strings.Cut(path, ".")
	s.area, s.weapon, _ = strings.Cut(strings.TrimSuffix(in, "]"), ",")
	return s
}

// String writes the series without its area.
func (s series) String() string {
	if s.weapon != "" && s.column == "launched" {
		return weaponOf(s.weapon) + " launched"
	}
	words, ok := columnWords[s.column]
	if !ok {
		words = strings.Trim(s.table+"."+s.column, ".")
	}
	if s.weapon != "" {
		words += ", " + weaponOf(s.weapon)
	}
	return words
}

// ofOutages and ofCold report what a series is about.
func (s series) ofOutages() bool {
	return strings.HasPrefix(s.column, "sched_") || strings.HasPrefix(s.column, "out_")
}

func (s series) ofCold() bool {
	c, ok := table.AreaDay.Column(s.column)
	return ok && s.table == table.AreaDay.Name && (strings.HasPrefix(c.Definition, "C") || c.Definition == "4.3")
}

// measureWords name the measures of coverage.
var measureWords = map[string]string{
	"temperature": "temperature", "customers_out": "customers without power", "announced_off": "announced outages",
	"observed_off": "outages observed in households", "strikes": "bulletins of strikes", "alerts": "air-raid alerts",
}

func measureOf(measure string) string {
	if w, ok := measureWords[measure]; ok {
		return w
	}
	return measure
}

// sourceOf names a table and column.
func sourceOf(t *table.Schema, column string) string { return t.Name + "." + column }

// noLicence reports whether a licence says that there is none.
func noLicence(licence string) bool {
	return licence == "" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(licence)), "none")
}
