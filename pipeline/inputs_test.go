package pipeline

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hardship/pipeline/config"
	"hardship/pipeline/source"
)

// What is read after a file has been hashed must be what was hashed.
func TestAFileThatChangesIsNoticed(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "rows.csv")
	write := func(content string, age time.Duration) {
		t.Helper()
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name   string
		change func()
		want   error
	}{
		{"nothing", func() {}, nil},
		{"rows are added", func() { write("a,b\n1,2\n3,4\n", time.Hour) }, errChanged},
		{"as many bytes are written over others", func() { write("a,b\n1,3\n", time.Minute) }, errChanged},
		{"another file takes its name", func() {
			if err := os.Rename(name, name+".old"); err != nil {
				t.Fatal(err)
			}
			write("a,b\n", 0)
		}, nil}, // the one that was opened stays as it was
	} {
		t.Run(tt.name, func(t *testing.T) {
			write("a,b\n1,2\n", time.Hour)
			f := openInput(os.DirFS(folder), &config.Source{Name: "rows"}, "rows.csv", source.Limits{})
			if f.Err != nil {
				t.Fatal(f.Err)
			}
			defer f.file.Close()
			tt.change()
			err := f.unchanged()
			var placed *source.FileError
			if !errors.Is(err, tt.want) || err != nil && (!errors.As(err, &placed) || placed.File != "rows.csv" || placed.Code != source.Unreadable) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}
