package normalize

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// Whatever a file's faults are, each of its rows is listed or counted, no list
// is longer than the limit, and what is listed is the first of its code.
func TestRowsAtFaultAreListedUpToTheLimitAndAllCounted(t *testing.T) {
	codes := []source.Code{source.NotANumber, source.NotATime, source.OutOfRange}
	rapid.Check(t, func(t *rapid.T) {
		faults := Faults{Most: int64(rapid.IntRange(1, 4).Draw(t, "most"))}
		var listed []Rejection
		lines := map[source.Code][]int{}
		for line, i := range rapid.SliceOfN(rapid.IntRange(0, len(codes)-1), 0, 30).Draw(t, "codes") {
			lines[codes[i]] = append(lines[codes[i]], line)
			listed = faults.List(listed, "s", &source.ParseError{Origin: source.Origin{File: "f", Line: line}, Code: codes[i], Err: errors.New("wrong")})
		}
		for _, code := range codes {
			rows, seen := int64(0), 0
			for _, r := range listed {
				if r.Code != code {
					continue
				}
				if r.Line != lines[code][seen] {
					t.Fatalf("%s: row %d listed is of line %d, want %d", code, seen, r.Line, lines[code][seen])
				}
				if rows += r.Rows; r.Rows > 1 && !strings.Contains(r.Reason(), "limits.listed_rows") {
					t.Fatalf("%d rows are told as %q", r.Rows, r.Reason())
				}
				seen++
			}
			if rows != int64(len(lines[code])) || int64(seen) != min(faults.Most, int64(len(lines[code]))) {
				t.Fatalf("%s: %d rows, %d listed, of %d rows and %d at most", code, rows, seen, len(lines[code]), faults.Most)
			}
		}
	})
}

// The limit is that of the file.
func TestListedRowsAreLimitedByTheFile(t *testing.T) {
	s := &Sink{Source: &Source{Name: "s", Table: table.Temperature, AreasFromData: true}, Emit: func(*table.Table) error { return nil }}
	text := "area_id,time_utc,t_c\n" + strings.Repeat("A,2026-01-15T04:00Z,cold\n", 9)
	f := File{Name: "f.csv", Content: strings.NewReader(text), Size: int64(len(text)), Limits: source.Limits{ListedRows: 3}}
	if err := Read(s, "csv", f); err != nil {
		t.Fatal(err)
	}
	if len(s.Rejected) != 3 || RowsOf(s.Rejected) != 9 || s.Counts.Rejected != 9 {
		t.Errorf("%d rows listed of %+v", len(s.Rejected), s.Counts)
	}
}
