package pipeline

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// hoursOf makes temperatures of the hours given, a table of so many rows each.
func hoursOf(hours []int, each int) []*table.Table {
	var tables []*table.Table
	b := table.NewBuilder(table.Temperature)
	for i, h := range hours {
		b.Row()
		b.String("area_id", []string{"A", "B", "Київ"}[h%3])
		b.String("kind", "area")
		b.Timestamp("time_utc", hour.Instant(h)*hour.InstantsInHour)
		table.Optional(b.Float64, "t_c", float64(h)/7, h%5 > 0)
		b.Int32("qc", 0)
		b.String("source_id", "s")
		table.Optional(b.Timestamp, "first_seen_utc", hour.Instant(h), h%2 > 0)
		b.Bool("retracted", false)
		if b.Rows() == each || i == len(hours)-1 {
			tables = append(tables, b.Table())
		}
	}
	return tables
}

// However little fits into memory, the file is that of a sort in memory, and no
// part of it is left.
func TestPartsOnDiskMakeTheFileOfOneSort(t *testing.T) {
	hours := rand.New(rand.NewPCG(1, 2)).Perm(5000)
	files := map[int64][]byte{}
	for _, most := range []int64{1, 20_000, 1 << 30} {
		folder := t.TempDir()
		s := (&Options{sortBytes: most}).sorter(table.Temperature, folder)
		for _, part := range hoursOf(hours, 100) {
			if err := s.add(part); err != nil {
				t.Fatal(err)
			}
		}
		if parts := len(s.runs); most == 1 && parts != 50 || most == 1<<30 && parts != 0 {
			t.Errorf("%d parts of at most %d bytes", parts, most)
		}
		var b bytes.Buffer
		if err := writeParquet(&b, table.Temperature, s.tables()); err != nil {
			t.Fatal(err)
		}
		files[most] = b.Bytes()
		s.close()
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("%v are left, %v", left, err)
		}
	}
	for most, file := range files {
		if !bytes.Equal(file, files[1<<30]) {
			t.Errorf("with %d bytes in memory the file is another", most)
		}
	}
}

func TestRowsOfOneKeyAreFoundAcrossParts(t *testing.T) {
	s := (&Options{sortBytes: 1}).sorter(table.Temperature, t.TempDir())
	defer s.close()
	for _, part := range hoursOf([]int{4, 2, 9, 3, 2}, 2) {
		if err := s.add(part); err != nil {
			t.Fatal(err)
		}
	}
	var failed error
	for _, err := range s.tables() {
		failed = err
	}
	if failed == nil || !strings.Contains(failed.Error(), "two rows have the key") {
		t.Errorf("a key twice: %v", failed)
	}
}

// A folder that takes no file is an error, and ends nothing else.
func TestASortWithoutAFolderSaysSo(t *testing.T) {
	s := (&Options{sortBytes: 1}).sorter(table.Temperature, t.TempDir()+"/none")
	defer s.close()
	if err := s.add(hoursOf([]int{1}, 1)[0]); err == nil {
		t.Error("no error")
	}
}

func TestWhatIsSortedInMemoryFollowsTheLimit(t *testing.T) {
	for limit, want := range map[int64]int64{0: sortBytes, 1 << 40: sortBytes, 80 << 20: 10 << 20, 1: 1} {
		if s := (&Options{MaxMemory: limit}).sorter(table.Temperature, ""); s.most != want {
			t.Errorf("with --max-memory %d %d bytes are sorted in memory, want %d", limit, s.most, want)
		}
	}
}
