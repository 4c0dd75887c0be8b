package normalize

import (
	"bytes"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
	"hardship/pipeline/table"

	"github.com/apache/arrow/go/v17/arrow"
)

// mutants is how many mutations of each kind every format is given: many by CI,
// more by hand.
var mutants = flag.Int("mutants", 10, "mutations of each kind for each format")

// What a file may cost a reader, whatever is in it. Others may want the machine
// meanwhile: what takes longer by the clock is read again alone, and counts if it
// has used a processor for as long, or has not ended after mostWait.
const (
	mostTime   = 5 * time.Second
	mostWait   = 12 * mostTime
	mostMemory = 512 << 20
)

// A mutation changes a copy of a file.
var mutations = []struct {
	kind  string
	apply func(*rand.Rand, []byte) []byte
}{
	{"cut", func(r *rand.Rand, b []byte) []byte { return b[:r.IntN(len(b))] }},
	{"flipped", func(r *rand.Rand, b []byte) []byte {
		for range 1 + r.IntN(8) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return b
	}},
	{"hole", func(r *rand.Rand, b []byte) []byte {
		from := r.IntN(len(b))
		clear(b[from:min(len(b), from+1+r.IntN(64))])
		return b
	}},
	{"doubled", func(r *rand.Rand, b []byte) []byte {
		from := r.IntN(len(b))
		to := min(len(b), from+1+r.IntN(len(b)))
		return slices.Concat(b[:to], b[from:to], b[to:])
	}},
	{"lost", func(r *rand.Rand, b []byte) []byte {
		from := r.IntN(len(b))
		return slices.Delete(b, from, min(len(b), from+1+r.IntN(32)))
	}},
	{"inserted", func(r *rand.Rand, b []byte) []byte {
		hostile := []string{"\"", "\"\"\"", "\n\n", "\r", ",,,,", "\t", "\x00", "\xff\xfe", "\ufeff", "[[[[", "{\"a\":", "*a", "&a", "<<: ", "9999999999999999999", "-1", "NaN", "1e308", "2026-13-45T25:61:61Z", strings.Repeat("x", 70_000), "\u202e"}
		at := r.IntN(len(b))
		return slices.Concat(b[:at], []byte(hostile[r.IntN(len(hostile))]), b[at:])
	}},
	{"gzip", func(r *rand.Rand, b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Write(b)
		w.Close()
		return damaged(r, out.Bytes())
	}},
	{"zstd", func(r *rand.Rand, b []byte) []byte {
		w, err := zstd.NewWriter(nil)
		if err != nil {
			panic(err)
		}
		return damaged(r, w.EncodeAll(b, nil))
	}},
}

// damaged flips a bit of a packed file, or cuts it, two times of three.
func damaged(r *rand.Rand, b []byte) []byte {
	switch r.IntN(3) {
	case 0:
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
	case 1:
		b = b[:r.IntN(len(b))]
	}
	return b
}

// A job is one file for the child, a verdict what it made of it.
type job struct {
	Format string
	Data   []byte
}

type verdict struct {
	Fault string // "" if the reader did as it must
	Used  uint64 // bytes taken from the system so far
}

// TestMain reads files instead of testing in a process that was started for it.
func TestMain(m *testing.M) {
	if os.Getenv("HARDSHIP_TEST_CHILD") == "" {
		os.Exit(m.Run())
	}
	in, out := gob.NewDecoder(os.Stdin), gob.NewEncoder(os.Stdout)
	for {
		var j job
		if err := in.Decode(&j); err != nil {
			return
		}
		v := verdict{}
		switch j.Format {
		case waits:
			time.Sleep(mostWait)
		case takesMemory:
			flood := make([]byte, mostMemory)
			runtime.KeepAlive(flood)
		default:
			v.Fault = readOne(j)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		v.Used = m.Sys
		if err := out.Encode(v); err != nil {
			return
		}
	}
}

// mutantAreas are the zone and the areas that files are read with.
var mutantAreas = sync.OnceValues(func() (*time.Location, *area.Gazetteer) {
	zone, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		panic(err)
	}
	gazetteer, err := area.NewGazetteer([]area.Area{
		{ID: "UA", Level: area.Country, Location: zone, English: "Ukraine"},
		{ID: "UA80", Parent: "UA", Level: 1, Location: zone, English: "Kyiv city", Aliases: []string{"Kyiv", "Київ", "alpha"}},
		{ID: "US17031", Level: 1, Location: zone, English: "Cook County"},
	})
	if err != nil {
		panic(err)
	}
	return zone, gazetteer
})

// readOne reads a file as a run would and says what was wrong with how that went:
// an error without a code, a row that was neither kept nor rejected.
func readOne(j job) string {
	zone, gazetteer := mutantAreas()
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == j.Format })
	format := Formats[i]
	from := &Source{Name: "s", Table: format.Table, Location: zone, Place: "UA80", Options: map[string]string{}}
	if from.Table == nil {
		from.Table = table.Temperature
	}
	for option, v := range map[string]string{"operator": "o", "group": "GPV1.1", "release": "r1", "counties": "table", "places": "9001=UA80", "day_definition": "utc00"} {
		if slices.Contains(format.Options, option) {
			from.Options[option] = v
		}
	}
	rows := 0
	s := &Sink{Source: from, Gazetteer: gazetteer, Emit: func(t *table.Table) error { rows += t.Rows(); return nil }}
	file := File{Name: "f", Content: bytes.NewReader(j.Data), Size: int64(len(j.Data))}
	if _, _, err := Recognise(file); err != nil && !coded(err) {
		return fmt.Sprintf("Recognise: an error without a code: %T: %v", err, err)
	}
	if err := Read(s, j.Format, file); err != nil && !coded(err) {
		return fmt.Sprintf("an error without a code: %T: %v", err, err)
	}
	if s.Counts.Read != s.Counts.Kept+s.Counts.Rejected || s.Counts.Rejected != RowsOf(s.Rejected) {
		return fmt.Sprintf("counts %+v, %d rejections", s.Counts, len(s.Rejected))
	}
	if !format.Hierarchy && format.Table != table.Area { // areas may also come from the data
		from.AreasFromData = true
		free := &Sink{Source: from, Emit: func(*table.Table) error { return nil }}
		if err := Read(free, j.Format, file); err != nil && !coded(err) {
			return fmt.Sprintf("with areas from the data: an error without a code: %T: %v", err, err)
		}
	}
	for _, r := range s.Rejected {
		if r.Code == "" || r.Line < 1 || r.File != "f" || r.Err == nil {
			return fmt.Sprintf("a rejection without its place: %#v", r.ParseError)
		}
	}
	return ""
}

func coded(err error) bool {
	var file *source.FileError
	return errors.As(err, &file) && file.Code != "" && file.File == "f"
}

// A child reads files in a process of its own, so that a crash, a hang or a
// flood of memory is seen from outside.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	jobs   *gob.Encoder
	said   chan verdict // closed when the process has ended
	stderr bytes.Buffer
}

func start(t *testing.T) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0]), said: make(chan verdict)}
	// A reader works on one processor; of its time less goes into collecting a heap
	// that is small after each file.
	c.cmd.Env = append(os.Environ(), "HARDSHIP_TEST_CHILD=1", "GOMEMLIMIT=400MiB", "GOGC=400", "GOMAXPROCS=1")
	c.cmd.Stderr = &c.stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.in, c.jobs = in, gob.NewEncoder(in)
	go func() {
		defer close(c.said)
		answers := gob.NewDecoder(out)
		for {
			var v verdict
			if answers.Decode(&v) != nil {
				return
			}
			c.said <- v
		}
	}()
	return c
}

// read has one file read and says what was wrong; ended is true if the child is
// of no more use, and again if the file has to be read alone before that counts.
func (c *child) read(j job, within time.Duration) (fault string, ended, again bool) {
	if err := c.jobs.Encode(j); err != nil {
		return "the reader has ended before", true, false
	}
	select {
	case v, ok := <-c.said:
		switch {
		case !ok:
			c.cmd.Wait()
			text := c.stderr.String()
			return "the reader crashed: " + text[:min(len(text), 2000)], true, false
		case v.Used > mostMemory:
			return fmt.Sprintf("%d MiB were taken", v.Used>>20), true, true
		}
		return v.Fault, false, false
	case <-time.After(within):
		return fmt.Sprintf("the reader has not ended after %v", within), true, true
	}
}

// readAlone has one file read in a process of its own, and says what was wrong and
// for how long that used a processor.
func readAlone(t *testing.T, j job, within time.Duration) (fault string, used time.Duration) {
	t.Helper()
	c := start(t)
	fault, ended, _ := c.read(j, within)
	if ended {
		c.cmd.Process.Kill()
	}
	c.stop()
	used = c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime()
	if fault == "" && used > mostTime {
		fault = fmt.Sprintf("the reader has used a processor for %v", used)
	}
	return fault, used
}

func (c *child) stop() {
	c.in.Close()
	done := make(chan struct{})
	go func() {
		for range c.said {
		}
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		c.cmd.Process.Kill()
		<-done
	}
	c.cmd.Wait()
}

// folderOf returns the folder of a format's adapter.
func folderOf(format string) string {
	switch format {
	case "viina_extract":
		return "viina"
	case "ucdp_ged":
		return "ucdp"
	case "alerts_merged":
		return "mergedalert"
	case "kyiv_schedules", "kyiv_schedule_history":
		return "kyivschedule"
	case "dnipro_schedules":
		return "dniproschedule"
	case "cek_schedules":
		return "cekschedule"
	case "eagle_i", "eagle_i_customers":
		return "eaglei"
	case "sirens_official", "sirens_volunteer":
		return "siren"
	case "csv", "tsv", "jsonl", "parquet":
		return "mapped"
	}
	return strings.ReplaceAll(format, "_", "")
}

// seeds are sound and faulty files of every format: the cases of its adapter.
func seeds(t *testing.T) map[string][][]byte {
	t.Helper()
	all := map[string][][]byte{
		"csv":   {[]byte("area_id,time_utc,t_c,note\nUA80,2026-01-15T04:00:00Z,-19.5,\"a \"\"b\"\"\"\nKyiv,2026-01-15 05:00,-18,\"x\ny\"\nKyiv,2026-01-15 24:00,x,\n")},
		"tsv":   {[]byte("area_id\ttime_utc\tt_f\nUA80\t2026-01-15T04:00:00+02:00\t-4\n")},
		"jsonl": {[]byte("{\"area_id\": \"Kyiv\", \"time_utc\": \"2026-01-15T04:00:00Z\", \"t_c\": -19.5}\n{\"area_id\": \"Kyiv\", \"time_utc\": null}\n")},
	}
	b := table.NewBuilder(table.Temperature)
	for i := range 300 {
		b.Row()
		b.String("area_id", []string{"Kyiv", "UA80", "Mars"}[i%3])
		b.String("kind", "grid")
		b.Timestamp("time_utc", hour.Instant(i)*hour.InstantsInHour)
		b.Float64("t_c", float64(-i%40))
		b.Int32("qc", 0)
		b.String("source_id", "s")
		b.Bool("retracted", false)
	}
	made := b.Table().Record()
	var parquet bytes.Buffer
	if err := parquetfile.Write(&parquet, made.Schema(), func(yield func(arrow.Record, error) bool) { yield(made, nil) }, parquetfile.Options{}); err != nil {
		t.Fatal(err)
	}
	all["parquet"] = [][]byte{parquet.Bytes()}
	for _, f := range Formats {
		if all[f.Name] != nil {
			continue
		}
		folder := folderOf(f.Name)
		paths, err := filepath.Glob("../source/" + folder + "/testdata/*")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if ext := filepath.Ext(path); ext == ".golden" || ext == ".py" {
				continue
			}
			data, err := os.ReadFile(path)
			if err != nil {
				continue // a folder
			}
			if len(data) > 0 {
				all[f.Name] = append(all[f.Name], data)
			}
		}
		if all[f.Name] == nil {
			t.Errorf("format %s has no cases in %s", f.Name, folder)
		}
	}
	return all
}

// Whatever is done to a file, its reader keeps and rejects rows or ends with a
// coded error, within 5 seconds and 512 MB. The files of a format are the same
// whichever others are run: -run TestMutatedFiles/^isd$ for one.
func TestMutatedFiles(t *testing.T) {
	all := seeds(t)
	c := start(t)
	defer func() { c.stop() }()
	for f, format := range Formats {
		t.Run(format.Name, func(t *testing.T) {
			files, twice, faults := 0, 0, 0
			for k, m := range mutations {
				for n := range *mutants {
					r := rand.New(rand.NewPCG(uint64(f)<<32|uint64(k), uint64(n)))
					seed := all[format.Name][n%len(all[format.Name])]
					data := m.apply(r, bytes.Clone(seed))
					if n%4 == 3 && len(data) > 0 { // and two at once
						data = mutations[r.IntN(6)].apply(r, data)
					}
					files++
					one := job{format.Name, data}
					fault, ended, again := c.read(one, mostTime)
					if ended {
						c.cmd.Process.Kill()
						c.stop()
						c = start(t)
					}
					if again {
						twice++
						fault, _ = readAlone(t, one, mostWait)
					}
					if fault != "" {
						t.Errorf("%s, mutation %d, %d bytes: %s", m.kind, n, len(data), fault)
						if faults++; faults > 20 {
							t.Fatal("and so on")
						}
					}
				}
			}
			t.Logf("%d files of %d kinds, %d of them read twice", files, len(mutations), twice)
		})
	}
}

// What the test above rests on: it sees a child that hangs, crashes, floods the
// memory, or is of no use any more.
func TestTheChildIsWatched(t *testing.T) {
	c := start(t)
	if fault, ended, _ := c.read(job{"csv", []byte("area_id,time_utc\n")}, mostWait); fault != "" || ended {
		t.Errorf("a sound file: %q", fault)
	}
	if fault, ended, again := c.read(job{"nothing", nil}, mostWait); !strings.Contains(fault, "crashed") || !ended || again {
		t.Errorf("a crash is told as %q", fault)
	}
	c.stop()
	if fault, ended, _ := c.read(job{"csv", nil}, mostWait); fault == "" || !ended {
		t.Errorf("an ended child is told as %q", fault)
	}
	if fault, used := readAlone(t, job{waits, nil}, time.Second/10); !strings.Contains(fault, "not ended") || used > mostTime {
		t.Errorf("one that waits for ever is told as %q, with %v", fault, used)
	}
	if fault, _ := readAlone(t, job{takesMemory, nil}, mostWait); !strings.Contains(fault, "MiB were taken") {
		t.Errorf("a flood of memory is told as %q", fault)
	}
}

// Formats of no file: what a child may come to.
const (
	waits       = "waits"
	takesMemory = "takes memory"
)
