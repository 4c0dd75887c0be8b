package panel

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/array"
	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
)

// memoryFile is a SpillFile in memory, some of whose writes and reads fail.
type memoryFile struct {
	content []byte
	faults  *fileFaults
}

// fileFaults says which of all writes and reads fails, counted from 1.
type fileFaults struct {
	write, read, turn int // the turned one is a read that gives a bit other than written
	writes, reads     int
}

var errFull, errBroken = errors.New("no space left"), errors.New("input/output error")

func (f *memoryFile) Write(b []byte) (int, error) {
	if f.faults != nil {
		if f.faults.writes++; f.faults.writes == f.faults.write {
			f.content = append(f.content, b[:len(b)/2]...)
			return len(b) / 2, errFull
		}
	}
	f.content = append(f.content, b...)
	return len(b), nil
}

func (f *memoryFile) ReadAt(b []byte, at int64) (int, error) {
	turned := false
	if f.faults != nil {
		f.faults.reads++
		if f.faults.reads == f.faults.read {
			return 0, errBroken
		}
		turned = f.faults.reads == f.faults.turn
	}
	n, err := bytes.NewReader(f.content).ReadAt(b, at)
	if turned && n > 0 {
		b[n/2] ^= 4
	}
	return n, err
}

// inMemory creates files in memory.
func inMemory() (SpillFile, error) { return &memoryFile{}, nil }

// spilledAfterEach are inputs that move what they hold to a file after each batch.
func spilledAfterEach(t tester, g *area.Gazetteer, s Settings, batches []*table.Table) *Inputs {
	t.Helper()
	in := NewInputs(g, s)
	for _, one := range batches {
		err := in.Add(one)
		if err == nil {
			err = in.Spill(inMemory)
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	return in
}

func sameTables(t tester, what string, got, want []*table.Table) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d tables, want %d", what, len(got), len(want))
	}
	for i := range want {
		if !array.RecordEqual(got[i].Record(), want[i].Record()) {
			t.Errorf("%s: another %s", what, want[i].Schema.Name)
		}
	}
}

// corrected are rows whose order counts or that concern several areas: several
// readings of an hour, forecasts, corrected days and polls, outages that a later
// version places elsewhere.
func corrected(random *rand.Rand) []*table.Table {
	at := func(h int) hour.Instant { return clockAt("2026-01-20 00:00") + hour.Instant(h)*hour.InstantsInHour }
	seen := func(row cells, h int) cells {
		if random.IntN(3) == 0 {
			row["first_seen_utc"] = at(h + random.IntN(60))
		}
		if random.IntN(9) == 0 {
			row["retracted"] = true
		}
		return row
	}
	var temps, days, polls, cuts []cells
	for range 900 {
		id, source, h := []string{"UA12", "UA32", "UA80"}[random.IntN(3)], []string{"a", "b"}[random.IntN(2)], random.IntN(24*9)
		row := seen(cells{"area_id": id, "source_id": source, "time_utc": at(h) + hour.Instant(random.IntN(4))*15*hour.Minute, "qc": []int{0, 0, 0, 1, 4}[random.IntN(5)]}, h)
		if random.IntN(8) > 0 {
			row["t_c"] = -30 + 40*random.Float64()
		}
		if random.IntN(2) > 0 {
			row["wind_kmh"] = 50 * random.Float64()
		}
		temps = append(temps, row)
		d := random.IntN(9)
		days = append(days, seen(cells{"area_id": id, "source_id": "d" + source, "date_local": fmt.Sprintf("2026-01-%d", 20+d), "tmin_c": -30 + 20*random.Float64(), "tmax_c": 20 * random.Float64(), "day_definition": "obs06"}, 24*d))
		polls = append(polls, seen(cells{"area_id": id, "source_id": source, "run_utc": at(0) + hour.Instant(random.IntN(800))*15*hour.Minute, "customers_out": random.IntN(1000)}, h))
		cuts = append(cuts, seen(cells{"area_id": id, "source_id": source, "outage_id": fmt.Sprint(source, random.IntN(200)), "start_utc": at(h), "end_utc": at(h + 1 + random.IntN(30)), "customers_lo": random.IntN(90)}, h))
	}
	return []*table.Table{rows(table.Temperature, temps...), rows(table.TemperatureDay, days...), rows(table.OutageSnapshot, polls...), rows(table.OutageInterval, cuts...)}
}

// cut cuts batches into smaller ones of random lengths.
func cut(random *rand.Rand, batches []*table.Table) []*table.Table {
	var parts []*table.Table
	for _, b := range batches {
		for from := 0; from < b.Rows(); {
			to := min(b.Rows(), from+1+random.IntN(1+b.Rows()))
			parts = append(parts, table.New(b.Schema, b.Record().NewSlice(int64(from), int64(to))))
			from = to
		}
	}
	return parts
}

// Wherever memory asks for it, and in however many files: the tables, the newest
// row and the areas are those of inputs that held everything, also where a source
// is taken back.
func TestWhatLayInFilesIsWhatWasHeld(t *testing.T) {
	spilledOnce := false
	rapid.Check(t, func(rt *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		drop := rapid.SampledFrom([]string{"", "a", "b", "da"}).Draw(rt, "drop")
		often := rapid.IntRange(1, 40).Draw(rt, "often")
		var g *area.Gazetteer
		if rapid.Bool().Draw(rt, "gazetteer") {
			g = twoCountries()
		}
		s := from("2026-01-20", 10)
		s.Sources, s.Threads = []string{"b"}, rapid.IntRange(1, 4).Draw(rt, "threads")
		s.Spells = []index.SpellRule{{Threshold: -10, Days: 3}}
		asOf := s.AsOf
		s.AsOf = hour.DistantFuture
		if rapid.Bool().Draw(rt, "all publishers") {
			s.StrikePublisher = ""
		}
		batches := cut(random, slices.Concat(struck(random), corrected(random), mixed(random)))
		run := func(spills bool) (*Inputs, hour.Instant, []*table.Table) {
			in := NewInputs(g, s)
			for i, b := range batches {
				if err := in.Add(b); err != nil {
					rt.Fatal(err)
				}
				if spills && random.IntN(often) == 0 {
					if err := in.Spill(inMemory); err != nil {
						rt.Fatal(err)
					}
				}
				if drop != "" && i == len(batches)*9/10 {
					in.Drop(drop)
				}
			}
			if drop != "" {
				in.Drop(drop)
			}
			newest := in.Newest()
			in.SetAsOf(asOf)
			g, err := in.Gazetteer()
			if err != nil {
				rt.Fatal(err)
			}
			r, err := allAreas(in, gate.Rules{AsOf: asOf, Gazetteer: g})
			if err != nil {
				rt.Fatal(err)
			}
			return in, newest, r.Tables()
		}
		held, newest, want := run(false)
		files, is, got := run(true)
		spilledOnce = spilledOnce || files.Spilled()
		sameTables(rt, "files", got, want)
		if is != newest || len(held.areas) != len(files.areas) {
			rt.Errorf("newest %v of %d areas, want %v of %d", is, len(files.areas), newest, len(held.areas))
		}
		if want[0].Rows() == 0 {
			rt.Fatal("there is nothing to compare")
		}
	})
	if !spilledOnce {
		t.Error("nothing ever lay in a file")
	}
}

// A write or a read that fails, or that gives other bytes, is an error that says so:
// never another number.
func TestEveryFaultOfAFileIsAnError(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	s := from("2026-01-20", 10)
	batches := cut(random, slices.Concat(corrected(random), mixed(random), struck(random)))
	run := func(faults *fileFaults) ([]*table.Table, error) {
		create := func() (SpillFile, error) { return &memoryFile{faults: faults}, nil }
		in := NewInputs(ukraine(), s)
		for i, b := range batches {
			if err := in.Add(b); err != nil {
				t.Fatal(err)
			}
			if i%20 == 19 {
				if err := in.Spill(create); err != nil {
					return nil, err
				}
			}
		}
		r, err := allAreas(in, gate.Rules{AsOf: s.AsOf, Gazetteer: ukraine()})
		if err != nil {
			return nil, err
		}
		return r.Tables(), nil
	}
	sound := &fileFaults{}
	want, err := run(sound)
	if err != nil || sound.writes < 5 || sound.reads < 20 {
		t.Fatalf("%d writes, %d reads, %v", sound.writes, sound.reads, err)
	}
	fails := func(what string, faults fileFaults, cause error) {
		_, err := run(&faults)
		if !errors.Is(err, ErrSpill) || cause != nil && !errors.Is(err, cause) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for n := 1; n <= sound.writes; n++ {
		fails(fmt.Sprint("write ", n), fileFaults{write: n}, errFull)
	}
	for n := 1; n <= sound.reads; n++ {
		fails(fmt.Sprint("read ", n), fileFaults{read: n}, errBroken)
		got, err := run(&fileFaults{turn: n})
		if err == nil { // a part of no bytes has none to turn
			sameTables(t, fmt.Sprint("read ", n), got, want)
		} else if !errors.Is(err, errDiffers) {
			t.Errorf("a bit turned in read %d: %v", n, err)
		}
	}
	none := func() (SpillFile, error) { return nil, errFull }
	in := NewInputs(ukraine(), s)
	if err := in.Spill(none); err != nil {
		t.Errorf("nothing is held, and a file is asked for: %v", err)
	}
	if err := in.Add(batches[0]); err != nil {
		t.Fatal(err)
	}
	if err := in.Spill(none); !errors.Is(err, ErrSpill) || !errors.Is(err, errFull) {
		t.Errorf("no file can be made: %v", err)
	}
}
