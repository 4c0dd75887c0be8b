package report

import (
	"math"

	"hardship/pipeline/table"
)

// factSection sets the facts of a text beside what the tables show.
func (r *reading) factSection() section {
	s := section{ID: "facts", Title: "What was reported, and what the tables show", Short: "Facts", Level: 2}
	t := r.table(table.Fact)
	if t.Rows() == 0 {
		s.Blocks = []block{paragraph(say("No reported facts were set beside the tables of this run."))}
		return s
	}
	g := &grid{
		Caption: say("Reported facts beside numbers of the published tables"), Stack: true,
		Columns: []column{{Name: "Reported"}, {Name: "Set beside it"}, {Name: "Shown", Numeric: true}, {Name: "Where from", Fine: true}},
	}
	ids, reported := t.String("fact_id"), t.String("reported")
	for row := range t.Rows() {
		first := cell{Text: say("%s", capital(reported.Value(row))), Covered: row > 0 && ids.Value(row) == ids.Value(row-1)}
		if !first.Covered {
			first.Rows = 1
			for next := row + 1; next < t.Rows() && ids.Value(next) == ids.Value(row); next++ {
				first.Rows++
			}
		}
		g.Rows = append(g.Rows, []cell{
			first,
			{Text: say("%s", t.String("measure").Value(row))},
			{Text: shown(t, row)},
			{Text: join(name(t.String("from_table").Value(row)+"."+t.String("from_column").Value(row)), say(": %s", t.String("selection").Value(row)))},
		})
	}
	s.Blocks = []block{
		paragraph(say("Each number is read back from a table of this run. It stands beside the report, not for it or against it: the two may be about different hours or places.")),
		{Table: g},
	}
	return s
}

// shown writes the number of a fact, or that the tables do not know it.
func shown(t *table.Table, row int) text {
	v := numberAt(t, row, "shown")
	if math.IsNaN(v) {
		return notKnown()
	}
	return bold("%s", quantity(v, 1, t.String("unit").Value(row)))
}
