package normalize

import (
	"slices"
	"strings"
	"testing"

	"hardship/pipeline/table"
)

func TestReadVIINA(t *testing.T) {
	const file = `event_id_1pd,date,ADM1_NAME,a_ukr,sources_matching,representative_text
1,20190114,Kiev City,0,alpha,Made-up headline
2,20190114,Kiev,1,alpha|beta,Made-up headline
3,20190115,Odessa,,,Made-up headline
3,20190115,Odessa,0,alpha,Another headline
4,20190115,Atlantis,0,alpha,Another headline
5,20190115,Odessa,2,alpha,Another headline
6,20190115,Odessa,0,alpha,Another headline
`
	var out []*table.Table
	s := bulletinSink(t, table.Report, &out)
	if err := ReadVIINA(s, strings.NewReader(file), "v.csv"); err != nil {
		t.Fatal(err)
	}
	if s.Counts != (Counts{Read: 7, Kept: 5, Rejected: 2}) {
		t.Errorf("counts %+v", s.Counts)
	}
	for i, want := range []string{
		`v.csv:6:12: ADM1_NAME "Atlantis": no area has this name [H0206]`,
		`v.csv:7:19: a_ukr "2": not 0 or 1 [H0207]`,
	} {
		if got := s.Rejected[i].Error(); got != want {
			t.Errorf("rejected %s, want %s", got, want)
		}
	}
	got := table.Concat(table.Report, out)
	column := func(name string) (cells []any) {
		for row := range got.Rows() {
			cells = append(cells, got.Value(row, table.Report.Index(name)))
		}
		return cells
	}
	for _, tt := range []struct {
		name   string
		column string
		want   []any
	}{
		{"an event that stands twice has two identities", "report_id", []any{"1", "2", "3", "3-2", "6"}},
		{"Kiev is the oblast and Kiev City the city", "area_id", []any{"UA80", "UA32", "UA51", "UA51", "UA51"}},
		{"a story is one text on one day", "story", []any{"1", "1", "3", "3-2", "3-2"}},
		{"an empty flag is unknown", "ua_actor", []any{false, true, nil, false, false}},
		{"no outlet named is unknown", "outlets", []any{int32(1), int32(2), nil, int32(1), int32(1)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := column(tt.column); !slices.Equal(got, tt.want) {
				t.Errorf("%s = %v, want %v", tt.column, got, tt.want)
			}
		})
	}
	for row := range got.Rows() {
		for c := range table.Report.Columns {
			if text, ok := got.Value(row, c).(string); ok && strings.Contains(text, "headline") {
				t.Errorf("%s keeps the headline", table.Report.Columns[c].Name)
			}
		}
	}
}
