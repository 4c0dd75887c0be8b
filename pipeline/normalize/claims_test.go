package normalize

import (
	"testing"

	"hardship/pipeline/source/claims"
	"hardship/pipeline/table"
)

const claimsHead = "pause_id: p\nsource: made up\nclaims:\n"

func claimText(id, places, targets, rest string) string {
	return "  - claim_id: " + id + `
    speaker_role: observer
    speaker: someone
    stance: asserts
    statement_lo_utc: 2031-01-05T13:00:00Z
    statement_hi_utc: 2031-01-05T14:00:00Z
` + rest + `
    places: ` + places + `
    targets: ` + targets + `
    paraphrase: said in other words
`
}

func TestClaims(t *testing.T) {
	const nothing = "    start_date: null\n    end_date: null\n    duration_h: null"
	in := claimsHead +
		claimText("p/1", `[["Kyiv city"], ["UA80", "Kyivska oblast"], [Ukraine]]`, "[all, energy]", "    start_date: 2031-01-05\n    end_date: 2031-01-07\n    duration_h: 48.5") +
		claimText("p/2", "[]", "[]", nothing) +
		claimText("p/3", "[[UA80], [Atlantis]]", "[all]", nothing) +
		claimText("p/4", "[[UA]]", "[all]", nothing+"\n    start_utc: 2031-01-05T15:00:00Z\n    end_utc: 2031-01-05T16:00:00Z")
	rows, s, err := reader(ReadClaims).rows(t, Source{Table: table.Claim}, "f", in,
		"claim_id", "pause_id", "speaker_role", "stance", "statement_lo_utc", "statement_hi_utc", "start_date", "end_date", "start_utc", "end_utc", "duration_h", "places", "targets")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what was not said is null, not empty", []string{
		"p/1 p observer asserts 2031-01-05T13:00:00Z 2031-01-05T14:00:00Z 2031-01-05 2031-01-07 null null 48.5 UA80|UA80+UA32|UA all|energy",
		"p/2 p observer asserts 2031-01-05T13:00:00Z 2031-01-05T14:00:00Z null null null null null null null",
		"p/4 p observer asserts 2031-01-05T13:00:00Z 2031-01-05T14:00:00Z null null 2031-01-05T15:00:00Z 2031-01-05T16:00:00Z null UA all",
	}, rows)
	same(t, "a place that is no area", []string{`f:37:13: places "Atlantis": no area has this name [H0206]`}, rejections(s))
	same(t, "counts", Counts{Read: 4, Kept: 3, Rejected: 1}, s.Counts)
}

func TestWordsOfClaimsAreThoseOfTheTable(t *testing.T) {
	for name, words := range map[string][]string{"speaker_role": claims.Roles, "stance": claims.Stances} {
		c, _ := table.Claim.Column(name)
		same(t, name, c.Enum, words)
	}
	c, _ := table.Claim.Column("duration_h")
	same(t, "duration_h", c.Max, float64(claims.MaxDurationHours))
}
