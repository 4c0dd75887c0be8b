package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/metrics"
	"syscall"

	"hardship/pipeline/internal/scratch"
	"hardship/pipeline/panel"
	"hardship/pipeline/source"
)

// ErrMemory is a run that holds more than it may, though it has moved to disk what
// it can.
var ErrMemory = errors.New("more memory is needed than --max-memory allows")

// The codes of what the machine lacks. They end a run, whose inputs may be sound.
const (
	NoDisk   source.Code = "H0501" // a disk is full, or gives not back what it took
	NoMemory source.Code = "H0502" // more is held than may be
)

// MachineCode returns the code of an error of the machine, "" of any other.
func MachineCode(err error) source.Code {
	switch {
	case errors.Is(err, ErrMemory):
		return NoMemory
	case errors.Is(err, scratch.ErrFile), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return NoDisk
	}
	return ""
}

const mebi = 1 << 20

// NoLimit is the Options.MaxMemory of a run that holds everything.
const NoLimit = -1

// usuallyHeld is what a run holds that is told no limit: with what is made of it and
// what is no longer needed the tables of areas take some 256 MiB, however many there
// are. Findings are made once they are written, and may take more.
const usuallyHeld = 128 * mebi

// besideHeap is what the program takes beside its heap: its code, stacks, and what
// the runtime keeps of the heap. Some 20 to 30 MiB were measured.
const besideHeap = 32 * mebi

// HeapLimit is how many bytes the heap of a program may have that may take so much
// memory, for debug.SetMemoryLimit: a little less than the rest, since what is freed
// is there until it is collected.
func HeapLimit(maxMemory int64) int64 {
	return max(mebi, min(maxMemory/10*9, maxMemory-besideHeap))
}

// heap is what the program held after the last collection.
func heap() int64 { return metric("/gc/heap/live:bytes") }

// metric returns a number of the runtime.
func metric(name string) int64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// withinMemory returns ErrMemory if the program holds more than it may. It is asked
// between batches and areas: a run ends with a word before the machine has to.
func (o *Options) withinMemory(stage string) error {
	if o.MaxMemory <= 0 {
		return nil
	}
	if live := heap(); live > HeapLimit(o.MaxMemory) {
		return fmt.Errorf("%s: %w: %d MiB are held, %d MiB allowed; raise it, or take fewer areas or days", stage, ErrMemory, (live+besideHeap+mebi-1)/mebi, o.MaxMemory/mebi)
	}
	return nil
}

// A spillFolder is where a run keeps on disk what it may not hold: in files without
// a name, which last while they are open.
type spillFolder struct {
	ctx   context.Context
	path  string
	files []*scratch.File
	bytes int64                                 // written
	wrap  func(panel.SpillFile) panel.SpillFile // for tests that make files fail; may be nil

	batches int
	when    func(batch int) bool // in place of what the heap says, for tests; may be nil
	floor   int64                // held once all that could be moved had been
}

// spillTo says where a run keeps what it may not hold. The caller closes the folder.
func (o *Options) spillTo(ctx context.Context, path string) *spillFolder {
	if o.spills == nil {
		o.spills = &spillFolder{}
	}
	o.spills.ctx, o.spills.path = ctx, path
	return o.spills
}

// create makes a file.
func (s *spillFolder) create() (panel.SpillFile, error) {
	file, err := scratch.Create(s.path, ".tmp-held-*")
	if err != nil {
		return nil, s.fault(err)
	}
	s.files = append(s.files, file)
	if s.wrap != nil {
		return s.wrap(&spillFile{s, file}), nil
	}
	return &spillFile{s, file}, nil
}

// close gives up the files.
func (s *spillFolder) close() {
	for _, file := range s.files {
		file.Close()
	}
	s.files = nil
}

// fault says where a fault is, of a file that has no name of its own.
func (s *spillFolder) fault(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err
	}
	return fmt.Errorf("%s: %w", s.path, err)
}

// A spillFile is a file of a folder, of which nothing is written or read once the
// run has been cancelled.
type spillFile struct {
	of   *spillFolder
	file *scratch.File
}

func (f *spillFile) Write(b []byte) (int, error) {
	if f.of.ctx.Err() != nil {
		return 0, context.Cause(f.of.ctx)
	}
	n, err := f.file.Write(b)
	f.of.bytes += int64(n)
	if err != nil {
		err = f.of.fault(err)
	}
	return n, err
}

func (f *spillFile) ReadAt(b []byte, at int64) (int, error) {
	if f.of.ctx.Err() != nil {
		return 0, context.Cause(f.of.ctx)
	}
	n, err := f.file.ReadAt(b, at)
	if err != nil {
		err = f.of.fault(err)
	}
	return n, err
}

// mostHeld is half of what a run may have on its heap: the other half is for what is
// made of what it holds and for what is no longer needed.
func (o *Options) mostHeld() int64 {
	if o.MaxMemory == 0 {
		return usuallyHeld
	}
	return HeapLimit(o.MaxMemory) / 2
}

// full reports whether what can be moved has to be: as much as may be is held, and so
// much of it has come since the last time that a file is worth its while.
func (s *spillFolder) full(o *Options) bool {
	if s.when != nil {
		s.batches++
		return s.when(s.batches)
	}
	if o.MaxMemory < 0 {
		return false
	}
	live, most := heap(), o.mostHeld()
	return live > most && live-s.floor > most/8
}

// passBytes is what passes over areas and the writer of their tables take beside what
// is held of areas, whatever there is of them. Some 50 MiB were measured.
const passBytes = 64 * mebi

// joins reports whether what can be moved has to be before areas are passed over. What
// the last collection left may be long ago, so there is one now.
func (s *spillFolder) joins(o *Options) bool {
	if s.when != nil || o.MaxMemory < 0 {
		return false
	}
	most := o.mostHeld()
	if o.MaxMemory > 0 {
		most = min(most, HeapLimit(o.MaxMemory)-passBytes)
	}
	if metric("/memory/classes/heap/objects:bytes") <= most { // with what is no longer needed
		return false
	}
	runtime.GC()
	return heap() > most
}

// makeRoom moves what is held of areas to disk if memory asks for it.
func (r *reading) makeRoom(o *Options, stage string) error {
	if o.spills.full(o) {
		if err := r.spill(o); err != nil {
			return fmt.Errorf("%s: %w", stage, err)
		}
	}
	return o.withinMemory(stage)
}

func (r *reading) spill(o *Options) error {
	if err := r.panel.Spill(o.spills.create); err != nil {
		return err
	}
	if o.spills.when == nil {
		runtime.GC() // so that the heap says what is left
		o.spills.floor = heap()
	}
	return nil
}
