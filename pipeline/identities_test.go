package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/internal/scratch"
	"hardship/pipeline/normalize"
)

// Of a source in several files, more rows than memory holds the identities of. A disk
// that takes none of them ends what reads them, with the disk's code and not as a fault
// of the input; a run that is stopped among them ends, and nothing is left.
func TestIdentitiesOfManyRowsOnDisk(t *testing.T) {
	var rows bytes.Buffer
	rows.WriteString("area,at\n")
	start := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	const many = 1<<20 + 1000
	var times, areas []string
	for i := range 50_000 {
		times = append(times, start.Add(time.Duration(i)*time.Minute).Format(time.RFC3339)+"\n")
	}
	for i := range 1 + many/len(times) {
		areas = append(areas, fmt.Sprintf("%d,", i))
	}
	for i := range many {
		rows.WriteString(areas[i/len(times)])
		rows.WriteString(times[i%len(times)])
	}
	folder := t.TempDir()
	writeTo(t, folder, "a.csv", rows.Bytes())
	writeTo(t, folder, "b.csv", rows.Bytes()[:1000])
	options := func(out string) pipeline.Options {
		c, err := config.Read([]byte("period: {from: 2031-01-01, to: 2031-02-08}\nas_of: 2031-03-01T00:00:00Z\nareas: {from_data: true, tz: UTC}\ntables: [area_day]\nsources:\n"+
			"  - {name: strikes, table: strike, format: csv, files: [a.csv, b.csv], columns: {area_id: area, start_utc: at}}\n"), "hardship.yaml", normalize.ConfigFormats())
		if err != nil {
			t.Fatal(err)
		}
		c.Out = out
		return pipeline.Options{Config: c, Files: os.DirFS(folder), Now: time.Date(2032, 1, 1, 0, 0, 0, 0, time.UTC), Program: pipeline.Program{Version: "test", SHA256: "test"}}
	}

	t.Setenv("TMPDIR", filepath.Join(folder, "nowhere"))
	found, err := pipeline.Validate(t.Context(), options(""))
	if !errors.Is(err, scratch.ErrFile) || pipeline.MachineCode(err) != pipeline.NoDisk || found != nil {
		t.Errorf("validate without a disk: %v, %v", found, err)
	}

	out := t.TempDir()
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	o := options(out)
	read := int64(0)
	o.Notify = func(p pipeline.Progress) {
		if read = p.Rows; p.Rows > many-normalize.BatchRows {
			cancel(stop)
		}
	}
	if _, err := pipeline.Run(ctx, o); !errors.Is(err, stop) && !errors.Is(err, context.Canceled) || read > many {
		t.Errorf("stopped after %d rows: %v", read, err)
	}
	nothingTemporary(t, out)
	if left, err := filepath.Glob(filepath.Join(out, "latest")); err != nil || len(left) > 0 {
		t.Errorf("something is published: %v, %v", left, err)
	}
}
