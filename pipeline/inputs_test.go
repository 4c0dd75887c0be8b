package pipeline

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
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
			f := openInput(t.Context(), os.DirFS(folder), &config.Source{Name: "rows"}, "rows.csv", source.Limits{})
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

// stopping is a file that ends a context when it is first read.
type stopping struct {
	fs.File
	stop  func()
	reads int
}

func (s *stopping) ReadAt(b []byte, _ int64) (int, error) {
	s.stop()
	s.reads++
	return len(b), nil
}

// stoppingFS holds one file, of a size that takes minutes to hash.
type stoppingFS struct{ file *stopping }

func (s stoppingFS) Open(string) (fs.File, error)     { return s.file, nil }
func (s stoppingFS) Stat(string) (fs.FileInfo, error) { return s.file.Stat() }
func (s *stopping) Stat() (fs.FileInfo, error)        { return endless{}, nil }
func (s *stopping) Close() error                      { return nil }

type endless struct{ fs.FileInfo }

func (endless) Size() int64       { return 1 << 40 }
func (endless) Mode() fs.FileMode { return 0 }

// Who is stopped does not hash a file to its end first.
func TestHashingEndsWithItsContext(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	file := &stopping{stop: func() { cancel(stop) }}
	f := openInput(ctx, stoppingFS{file}, &config.Source{Name: "rows"}, "rows.csv", source.Limits{})
	if !errors.Is(f.Err, stop) || file.reads != 1 {
		t.Errorf("%d reads, %v", file.reads, f.Err)
	}
}

// Whatever a name of the configuration leads to, only a regular file below the root
// is read, and nothing waits for one.
func TestOnlyRegularFilesBelowTheRootAreRead(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.csv")
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	for _, err := range []error{
		os.WriteFile(outside, []byte("secret"), 0o644),
		os.WriteFile(in("rows.csv"), []byte("rows"), 0o644),
		os.WriteFile(in("\x1b[31m\u202e.csv"), []byte("rows"), 0o644),
		os.Mkdir(in("folder.csv"), 0o755),
		os.Symlink("rows.csv", in("inside.csv")),
		os.Symlink(outside, in("absolute.csv")),
		os.Symlink("../../"+filepath.Base(filepath.Dir(outside))+"/secret.csv", in("upwards.csv")),
		os.Symlink(filepath.Dir(outside), in("elsewhere")),
		os.Symlink("round.csv", in("round.csv")),
		os.Symlink("/dev/zero", in("device.csv")),
		syscall.Mkfifo(in("pipe.csv"), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, want := range map[string]string{
		"rows.csv": "rows", "inside.csv": "rows", "\x1b[31m\u202e.csv": "rows",
		"folder.csv": "", "absolute.csv": "", "upwards.csv": "", "elsewhere/secret.csv": "", "../secret.csv": "", "round.csv": "", "device.csv": "", "pipe.csv": "", "nowhere.csv": "",
	} {
		f := openInput(t.Context(), root.FS(), &config.Source{Name: "s"}, name, source.Limits{})
		var placed *source.FileError
		switch {
		case want == "":
			if !errors.As(f.Err, &placed) || placed.Code != source.Unreadable {
				t.Errorf("%q is opened: %v", name, f.Err)
			}
		case f.Err != nil:
			t.Errorf("%q: %v", name, f.Err)
		default:
			if got, err := io.ReadAll(f.at.Section()); err != nil || string(got) != want {
				t.Errorf("%q reads as %q, %v", name, got, err)
			}
		}
		if f.file != nil {
			f.file.Close()
		}
	}
}
