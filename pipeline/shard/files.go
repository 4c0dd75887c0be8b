package shard

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// files are what clusters need.
//
//go:embed files
var files embed.FS

// FileNames are the names of the files that WriteFiles writes, in order.
func FileNames() []string {
	entries, err := fs.ReadDir(files, "files")
	if err != nil {
		panic(fmt.Sprintf("shard: embedded files: %v", err))
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// WriteFiles writes them into a folder, and returns what it has written. A file
// that is there stays as it is, and is an error.
func WriteFiles(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var written []string
	for _, name := range FileNames() {
		content, err := files.ReadFile("files/" + name)
		if err != nil {
			return written, err
		}
		path := filepath.Join(dir, name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return written, err
		}
		_, err = f.Write(content)
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}
