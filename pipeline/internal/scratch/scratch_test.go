package scratch

import (
	"io"
	"os"
	"testing"
)

// A file can be written and read, and nothing of it is in its folder once it is closed.
func TestAFileLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	for _, named := range []bool{false, true} {
		f, err := Create(dir, ".held-*")
		if err != nil {
			t.Fatal(err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 && !f.named {
			t.Errorf("while it is open: %v, %v", entries, err)
		}
		if named && !f.named { // as where an open file keeps its name
			f.named = true
			if err := os.WriteFile(f.Name(), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.WriteString("held"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if back, err := io.ReadAll(f); err != nil || string(back) != "held" {
			t.Errorf("read back %q, %v", back, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
	}
	if _, err := Create(dir+"/nowhere", "x"); err == nil {
		t.Error("a file in a folder that is not there")
	}
}
