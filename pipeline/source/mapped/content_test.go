package mapped

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hardship/pipeline/internal/scratch"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/table"
)

// someIdentities yields identities of which a fifth are one of few.
func someIdentities(yield func(identity) bool) {
	random := rand.New(rand.NewPCG(7, 7))
	for i := range 100_000 {
		var id identity
		switch {
		case i%5 == 0:
			binary.BigEndian.PutUint64(id.content[:], random.Uint64N(100))
			id.seen = 0
			if random.Uint64N(2) == 0 {
				id.seen = 1_900_000_000_000_000
			}
		default: // as hashes are
			binary.BigEndian.PutUint64(id.content[:], random.Uint64())
		}
		if !yield(id) {
			return
		}
	}
}

// Identities are counted as by a map, however many of them memory holds; and of the
// files that hold the others there are few, and nothing in their folder.
func TestIdentitiesAreCountedAsByAMap(t *testing.T) {
	for _, most := range []int{0, 1, 10, 1000, 30_000} {
		folder := t.TempDir()
		counted := identities{most: most, folder: folder}
		counts := map[identity]uint32{}
		n := 0
		for id := range someIdentities {
			if n++; most == 1 && n > 2000 {
				break
			}
			counts[id]++
			if got, err := counted.add(id); err != nil || got != counts[id] {
				t.Fatalf("%d held: %v has occurred %d times, counted are %d, %v", most, id, counts[id], got, err)
			}
			if most > 0 && counted.held >= most {
				t.Fatalf("%d are held, %d at most", counted.held, most)
			}
		}
		slots := 0
		for part, keys := range counted.parts {
			slots += len(keys)
			if 4*counted.used[part] > 3*len(keys) {
				t.Fatalf("part %d: %d keys in %d slots", part, counted.used[part], len(keys))
			}
		}
		if slots > 64*256+3*counted.held {
			t.Errorf("%d slots for %d keys", slots, counted.held)
		}
		if len(counted.runs) > 17 || most > 0 && len(counted.runs) == 0 {
			t.Errorf("%d held: %d files", most, len(counted.runs))
		}
		keys := counted.held
		for _, r := range counted.runs {
			keys += r.keys
		}
		if want := min(n, 100_000); most != 1 && keys != want {
			t.Errorf("%d held: %d keys of %d rows", most, keys, want)
		}
		counted.close()
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
}

// One content that comes over and over is numbered without a gap.
func TestRowsThatAllSayTheSame(t *testing.T) {
	counted := identities{most: 50, folder: t.TempDir()}
	defer counted.close()
	for i := range uint32(5000) {
		if n, err := counted.add(identity{}); err != nil || n != i+1 {
			t.Fatalf("row %d is numbered %d, %v", i+1, n, err)
		}
	}
}

// Rows get the identities that they get where memory holds all, and a disk that does
// not take what it does not hold ends reading.
func TestIdentitiesThatMemoryDoesNotHold(t *testing.T) {
	var rows strings.Builder
	for i := range 500 {
		fmt.Fprintf(&rows, "A%d,2031-01-01T%02d:00:00Z\n", i%7, i%11)
	}
	read := func(most int, folder string) (ids []string, failed error) {
		m := Mapping{Columns: map[string]Column{"area_id": {From: []string{"area"}}, "start_utc": {From: []string{"ts"}}}, Folder: folder,
			Defaults: map[string]string{"source_id": "s", "publisher": "s", "operator": "s"}}
		p, err := newPlan(table.Strike, &m, []string{"area", "ts"}, "f.csv")
		if err != nil {
			t.Fatal(err)
		}
		p.ids.most = most
		readRows(p, table.Strike, "f.csv", rowsOf(t, rows.String()), func(b Batch, err error) bool {
			if failed = err; err != nil {
				return true // the reader ends by itself
			}
			for row := range b.Rows() {
				ids = append(ids, b.String("strike_id").Value(int(row)))
			}
			return true
		})
		return ids, failed
	}
	want, err := read(0, "")
	if err != nil || len(want) != 500 {
		t.Fatalf("%d rows, %v", len(want), err)
	}
	folder := t.TempDir()
	if got, err := read(20, folder); err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("other identities: %v", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	got, err := read(20, filepath.Join(folder, "gone"))
	if !errors.Is(err, scratch.ErrFile) || !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "f.csv: ") || len(got) > 0 {
		t.Errorf("without a folder: %d rows, %v", len(got), err)
	}
	if _, err := read(500_000, filepath.Join(folder, "gone")); err != nil {
		t.Errorf("nothing has to be moved: %v", err)
	}
}

// A file that takes nothing more, or gives nothing back, is an error.
func TestIdentitiesOnABadDisk(t *testing.T) {
	counted := identities{most: 100, folder: t.TempDir()}
	var failed error
	for id := range someIdentities {
		if _, failed = counted.add(id); failed != nil {
			break
		}
		if len(counted.runs) > 0 {
			counted.runs[0].file.File.Close()
		}
	}
	counted.close()
	if !errors.Is(failed, scratch.ErrFile) || !errors.Is(failed, fs.ErrClosed) {
		t.Errorf("%v", failed)
	}
}

func rowsOf(t *testing.T, text string) iter.Seq2[row, error] {
	t.Helper()
	file, err := csvfile.OpenHeader(strings.NewReader("area,ts\n"+text), "f.csv", ',')
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Find([]string{"area", "ts"}, nil); err != nil {
		t.Fatal(err)
	}
	return func(yield func(row, error) bool) {
		for r, err := range file.Rows() {
			if !yield(r, err) {
				return
			}
		}
	}
}
