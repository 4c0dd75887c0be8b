package parquetfile

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/klauspost/compress/zstd"
)

var (
	filesRead    = flag.String("read", "", "files of BenchmarkPages that are read, parted by commas")
	filesWritten = flag.String("written", "", "files of BenchmarkPages that are written and read back")
)

// BenchmarkPages takes what no run over these files can be without with these codecs,
// whatever it makes of them: to hash all of them, to check and unpack the pages of those
// that are read, and to pack, check and unpack the pages of those that are written, on
// all cores. No value is decoded. Without files it makes one of each.
//
//	go test -run ^$ -bench ^BenchmarkPages$ ./pipeline/parquetfile -args -read temps.parquet,outages.parquet -written area_day.parquet
func BenchmarkPages(b *testing.B) {
	var tasks []func() error
	if *filesRead+*filesWritten == "" {
		file := filepath.Join(b.TempDir(), "rows.parquet")
		if err := os.WriteFile(file, benchFile(b), 0o600); err != nil {
			b.Fatal(err)
		}
		*filesRead, *filesWritten = file, file
	}
	coded, plain, err := newEncoders(runtime.GOMAXPROCS(0), true)
	if err != nil {
		b.Fatal(err)
	}
	for i, files := range []string{*filesRead, *filesWritten} {
		for _, name := range strings.FieldsFunc(files, func(r rune) bool { return r == ',' }) {
			of, err := pageTasks(name, i == 1, coded, plain)
			if err != nil {
				b.Fatal(err)
			}
			tasks = append(tasks, of...)
		}
	}
	var before, after syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	for b.Loop() {
		var next atomic.Int64
		var group sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			group.Go(func() {
				for i := int(next.Add(1)) - 1; i < len(tasks); i = int(next.Add(1)) - 1 {
					if err := tasks[i](); err != nil {
						b.Error(err)
					}
				}
			})
		}
		group.Wait()
	}
	syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	cpu := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
	b.ReportMetric(float64(cpu)/1e9/float64(b.N), "CPU-s/op")
}

// pageTasks are to hash a file and to take the pages of each of its chunks.
func pageTasks(name string, written bool, coded, plain *zstd.Encoder) ([]func() error, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := Open(bytes.NewReader(content), int64(len(content)), name, Limits{})
	if err != nil {
		return nil, err
	}
	tasks := []func() error{func() error {
		sha256.Sum256(content)
		return nil
	}}
	for _, group := range f.rowGroups {
		for i := range f.columns {
			tasks = append(tasks, func() error {
				codecs := &codecs{}
				defer codecs.close()
				pages := pageReader{reader: f.reader, limits: f.limits, codecs: codecs, optional: f.columns[i].optional}
				pages.open(group.chunks[f.columns[i].firstLeaf])
				var packed []byte
				for {
					pg, err := pages.next()
					switch {
					case err == io.EOF:
						return nil
					case err != nil:
						return err
					case written && !pg.dictionary && !isDictionary(pg.encoding):
						packed = plain.EncodeAll(pg.data, packed[:0])
					case written:
						packed = coded.EncodeAll(pg.data, packed[:0])
					}
				}
			})
		}
	}
	return tasks, nil
}
