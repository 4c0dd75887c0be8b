// Package scratch makes files for what memory does not hold. They have no name and
// last while they are open, so that nothing of them is left whatever ends a program.
package scratch

import (
	"errors"
	"os"
)

// ErrFile is a file of what does not fit into memory that could not be written, or
// not be read as it was written.
var ErrFile = errors.New("what does not fit into memory cannot be kept on disk")

// A File is a file without a name.
type File struct {
	*os.File
	named bool // where a name cannot be taken from an open file
}

// Create makes a file in a folder, "" for that of temporary files. pattern is of the
// name that it has for a moment, as in os.CreateTemp.
func Create(folder, pattern string) (*File, error) {
	file, err := os.CreateTemp(folder, pattern)
	if err != nil {
		return nil, err
	}
	return &File{file, os.Remove(file.Name()) != nil}, nil
}

// Close gives up the file.
func (f *File) Close() error {
	err := f.File.Close()
	if f.named {
		f.named = false
		if removed := os.Remove(f.Name()); err == nil {
			err = removed
		}
	}
	return err
}
