package pipeline

import (
	"errors"
	"fmt"
	"runtime/metrics"
)

// ErrMemory is a run that holds more than it may.
var ErrMemory = errors.New("more memory is needed than --max-memory allows")

// withinMemory returns ErrMemory if what the program held after the last
// collection is more than it may hold. It is asked between batches and stages: a
// run ends with a word before the machine has to.
func (o *Options) withinMemory(stage string) error {
	if o.MaxMemory == 0 {
		return nil
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if live := sample[0].Value.Uint64(); live > uint64(o.MaxMemory) {
		const mebi = 1 << 20
		return fmt.Errorf("%s: %w: %d MiB are held, %d MiB allowed; raise it, or take fewer areas or days", stage, ErrMemory, (live+mebi-1)/mebi, o.MaxMemory/mebi)
	}
	return nil
}
