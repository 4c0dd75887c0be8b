package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hardship/pipeline"
	"hardship/pipeline/store"
)

func (a *app) runCommand() *cobra.Command {
	var (
		flags      overrides
		threads    int
		maxMemory  string
		lockWait   time.Duration
		warningsOK bool
	)
	c := &cobra.Command{
		Use:   "run",
		Short: "read, join, analyse and publish",
		Long: "Run does the whole job and publishes it: tables, report and notebooks in OUT/runs/ID, with\n" +
			"OUT/latest leading to it. Without -c it works on the shipped data, offline. If inputs, settings\n" +
			"and program are those of the last run, it says so and writes nothing.",
		Example: "  hardship run\n" +
			"  hardship run -c hardship.yaml --out /var/lib/hardship -q\n" +
			"  hardship run --from 2026-01-01 --to 2026-03-01 --areas UA80,UA32\n" +
			"  hardship run --as-of 2026-02-01 --json",
		Args: cobra.NoArgs,
		RunE: a.work(func([]string) error {
			if threads < 0 || lockWait < 0 {
				return usagef("--threads and --lock-wait are not below 0")
			}
			if err := limitMemory(maxMemory); err != nil {
				return usageError{err}
			}
			o, files, err := a.options(flags)
			if err != nil {
				return err
			}
			defer files.Close()
			o.Threads = threads
			summary, err := a.runOnce(o, lockWait)
			if err != nil {
				return asUsage(o, err)
			}
			return a.summarize(o.Config, summary, warningsOK)
		}),
	}
	f := c.Flags()
	f.StringVar(&flags.out, "out", "", "`DIR` of the runs; over out: of the configuration")
	f.StringVar(&flags.from, "from", "", "first `DAY` of the period, local")
	f.StringVar(&flags.to, "to", "", "first `DAY` after the period, local")
	f.StringVar(&flags.asOf, "as-of", "", "what was known at a `TIME`; a day is its start, UTC")
	f.StringSliceVar(&flags.areas, "areas", nil, "publish these areas only: `CODE,CODE`")
	f.IntVar(&threads, "threads", 0, "areas worked on at once; 0 for all cores")
	f.StringVar(&maxMemory, "max-memory", "", "`SIZE` to stay within where that can be, such as 1GiB: slower, same bytes")
	f.DurationVar(&lockWait, "lock-wait", 0, "how long to wait for another run of the folder to end")
	f.BoolVar(&warningsOK, "warnings-ok", false, "exit 0 where it would be 3")
	return c
}

// leastMemory is what the program needs for itself.
const leastMemory = 64 << 20

// limitMemory asks the collector to keep memory below a size such as 512MiB or
// 2GiB. What the inputs need beyond it is taken all the same.
func limitMemory(size string) error {
	if size == "" {
		return nil
	}
	shift := 20
	number, ok := strings.CutSuffix(size, "MiB")
	if !ok {
		number, ok = strings.CutSuffix(size, "GiB")
		shift = 30
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if !ok || err != nil || n<<shift < leastMemory {
		return fmt.Errorf("--max-memory is a whole number of MiB or GiB from %dMiB on, such as 1GiB, not %q", leastMemory>>20, size)
	}
	debug.SetMemoryLimit(n << shift)
	return nil
}

// lockEvery is how often a lock held by another run is tried again.
const lockEvery = 100 * time.Millisecond

// runOnce runs, after waiting for the lock for as long as is allowed.
func (a *app) runOnce(o pipeline.Options, wait time.Duration) (*pipeline.Summary, error) {
	until := time.Now().Add(wait)
	for {
		summary, err := pipeline.Run(a.ctx, o)
		if !errors.Is(err, store.ErrLocked) || !time.Now().Before(until) {
			return summary, err
		}
		a.notify(pipeline.Progress{Stage: "wait", Name: "another run holds the lock"})
		select {
		case <-a.ctx.Done():
			return nil, context.Cause(a.ctx)
		case <-time.After(lockEvery):
		}
	}
}

// asUsage marks the errors of a run that lie in its settings.
func asUsage(o pipeline.Options, err error) error {
	if errors.Is(err, pipeline.ErrFuture) && o.Config.AsOf != nil {
		return usageError{err}
	}
	return err
}
