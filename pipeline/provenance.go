package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/config"
	"hardship/pipeline/gate"
	"hardship/pipeline/table"
)

// provenance makes the table of inputs and settings.
func (j *joined) provenance(c *config.Config) *table.Table {
	b := table.NewBuilder(table.Provenance)
	for _, in := range slices.Concat(j.areas, j.inputs) {
		b.Row()
		b.String("kind", "input")
		b.String("name", in.Source.Name)
		b.String("file", in.Path)
		b.OptionalString("sha256", in.SHA256)
		b.Int64("bytes", in.Bytes)
		b.Int64("rows_read", in.Counts.Read)
		b.Int64("rows_kept", in.Counts.Kept)
		b.Int64("rows_rejected", in.Counts.Rejected)
		b.OptionalString("table_name", in.table())
		b.String("format", in.Source.Format)
		b.OptionalString("origin", in.Source.Origin)
		b.OptionalString("revision", in.Source.Revision)
		b.OptionalString("licence", in.Source.Licence)
		b.OptionalString("attribution", in.Source.Attribution)
	}
	settings := [][2]string{
		{"as_of", j.rules.AsOf.String()},
		{"period", c.First.String() + " to before " + c.End.String()},
		{"publication_lag_days", fmt.Sprintf("%d; queues and districts %d", gate.LagDays+j.rules.ExtraLagDays, gate.DistrictLagDays+j.rules.ExtraLagDays)},
		{"strike_publisher", orAll(c.Publisher)},
		{"cold_spell_rules", spellIDs(c)},
	}
	for _, source := range c.Sources {
		if source.Weights.Method != "" {
			settings = append(settings, [2]string{"weights_" + source.Name, describeWeights(source.Weights)})
		}
	}
	for _, s := range settings {
		b.Row()
		b.String("kind", "setting")
		b.String("name", s[0])
		b.String("file", s[1])
	}
	return b.Table()
}

func orAll(s string) string {
	if s == "" {
		return "all"
	}
	return s
}

func spellIDs(c *config.Config) string {
	ids := make([]string, len(c.Spells))
	for i, rule := range c.Spells {
		ids[i] = rule.ID()
	}
	return strings.Join(ids, " ")
}
