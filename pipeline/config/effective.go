package config

import (
	"fmt"
	"strings"
)

// Effective returns the configuration with its defaults as plain values, for
// the manifest and the fingerprint of a run: what can change a number, and
// nothing else. The same settings give the same JSON.
func (c *Config) Effective() map[string]any {
	spells := make([]string, len(c.Spells))
	for i, s := range c.Spells {
		spells[i] = s.ID()
	}
	sources := make([]map[string]any, len(c.Sources))
	for i, s := range c.Sources {
		table := ""
		if s.Table != nil {
			table = s.Table.Name
		}
		sources[i] = map[string]any{
			"name": s.Name, "table": table, "format": s.Format, "files": s.Files, "columns": s.Columns, "constants": s.Constants,
			"tz": s.Location.String(), "place": s.Place, "revision": s.Revision, "first_seen": int64(s.FirstSeen), "options": s.Options,
			"origin": s.Origin, "licence": s.Licence, "attribution": s.Attribution, "optional": s.Optional,
		}
		if w := s.Weights; w.Method != "" {
			sources[i]["weights"] = map[string]any{"method": w.Method, "from": w.From, "grid_step_deg": w.LonStep, "grid_lat_step_deg": w.LatStep}
			if w.LapseKPerKM != 0 {
				sources[i]["heights"] = map[string]any{"lapse_k_per_km": w.LapseKPerKM, "area_elev_m": w.AreaHeightM}
			}
		}
	}
	gaps := make([]string, len(c.KnownGaps))
	for i, g := range c.KnownGaps {
		gaps[i] = g.Warning + ": " + g.Why
	}
	facts := make([]string, len(c.Facts))
	for i, f := range c.Facts {
		var measures []string
		for _, m := range f.Measures {
			from, to := "", ""
			if m.From != nil {
				from = m.From.String()
			}
			if m.To != nil {
				to = m.To.String()
			}
			measures = append(measures, fmt.Sprintf("%s: %s of %s.%s where %v from %s to %s", m.Label, m.Reduce, m.Table, m.Column, m.Where, from, to))
		}
		facts[i] = f.ID + ": " + f.Reported + ": " + strings.Join(measures, "; ")
	}
	breaks := make([]string, len(c.Breaks))
	for i, b := range c.Breaks {
		breaks[i] = strings.Join(b.Metrics, ", ") + " from " + b.String()
	}
	zones := make([]string, len(c.Pauses.Zones))
	for i, z := range c.Pauses.Zones {
		zones[i] = z.String()
	}
	periods := map[string]string{}
	for id, p := range c.Areas.Periods {
		periods[string(id)] = p.First.String() + " to before " + p.End.String()
	}
	outlines := map[string]any{}
	if b := c.Areas.Boundaries; b.File != "" {
		outlines = map[string]any{"file": b.File, "property": b.Property, "origin": b.Origin, "licence": b.Licence, "attribution": b.Attribution}
	}
	tables := []string{}
	for _, s := range c.Tables {
		tables = append(tables, s.Name)
	}
	asOf := ""
	if c.AsOf != nil {
		asOf = c.AsOf.String()
	}
	return map[string]any{
		"title": c.Title, "from": c.First.String(), "to": c.End.String(), "as_of": asOf, "extra_lag_days": c.ExtraLag, "exposure_day": c.Exposure, "tables": tables,
		"areas":   map[string]any{"from_data": c.Areas.FromData, "tz": c.Areas.Location.String(), "files": c.Areas.Files, "only": c.Areas.Only, "periods": periods, "licence": c.Areas.Licence, "boundaries": outlines},
		"sources": sources, "cold_spells": spells, "cold_base": c.Base.First.String() + " to before " + c.Base.End.String(),
		"strike_publisher": c.Publisher, "takes_in": c.TakesIn, "merged_alerts": c.Merged,
		"focus": map[string]any{"areas": c.Focus, "from": c.FocusFirst.String(), "to": c.FocusEnd.String()},
		"findings": map[string]any{
			"season_first_month": int(c.Findings.SeasonFirst), "season_last_month": int(c.Findings.SeasonLast),
			"max_lag_days": c.Findings.MaxLagDays, "least_days": c.Findings.LeastDays, "min_shift_days": c.Findings.MinShiftDays,
			"least_spell_days": c.Findings.LeastSpellDays, "pairs": c.Findings.Pairs, "weapons": c.Findings.Weapons,
		},
		"models": c.Models, "epochs": c.Epochs, "changepoints": c.Changepoints,
		"pauses":        map[string]any{"zones": zones, "baseline_days": c.Pauses.Baseline, "washout_days": c.Pauses.Washout, "primary_readings": c.Pauses.Primary, "notes": c.Pauses.Notes},
		"series_breaks": breaks,
		"limits":        c.Limits, "facts": facts, "known_gaps": gaps, "max_rejected_share": c.MaxRejected,
	}
}
