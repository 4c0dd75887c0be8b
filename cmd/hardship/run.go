package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"hardship/pipeline"
	"hardship/pipeline/store"
)

func (a *app) runCommand() *cobra.Command {
	var (
		flags      overrides
		threads    int
		maxMemory  size
		lockWait   time.Duration
		warningsOK bool
		slice      string
		partials   string
	)
	c := &cobra.Command{
		Use:   "run",
		Short: "read, join, analyse and publish",
		Long: "Run does the whole job and publishes it: tables, report and notebooks in OUT/runs/ID, with\n" +
			"OUT/latest leading to it. Without -c it works on the shipped data, offline. If inputs, settings\n" +
			"and program are those of the last run, it says so and writes nothing.\n\n" +
			"With --shard it stops at the daily tables of one slice of the areas and writes them into the folder\n" +
			"--partials; hardship merge does the rest. See hardship shard files.",
		Example: "  hardship run\n" +
			"  hardship run -c hardship.yaml --out /var/lib/hardship -q\n" +
			"  hardship run --from 2026-01-01 --to 2026-03-01 --areas UA80,UA32\n" +
			"  hardship run --as-of 2026-02-01 --json\n" +
			"  hardship run -c hardship.yaml --shard 0/64 --partials /mnt/partials",
		Args: cobra.NoArgs,
		RunE: a.work(func([]string) error {
			if threads < 0 || lockWait < 0 {
				return usagef("--threads and --lock-wait are not below 0")
			}
			if (slice == "") != (partials == "") {
				return usagef("--shard and --partials go together")
			}
			o, files, err := a.options(flags)
			if err != nil {
				return err
			}
			defer files.Close()
			o.Threads = threads
			maxMemory.limit(&o)
			if slice != "" {
				return a.runShard(o, slice, partials)
			}
			summary, err := a.locked(lockWait, func(ctx context.Context) (*pipeline.Summary, error) { return pipeline.Run(ctx, o) })
			if err != nil {
				return asUsage(o, err)
			}
			return a.summarize(o.Config, summary, warningsOK)
		}),
	}
	f := c.Flags()
	flags.add(f)
	f.IntVar(&threads, "threads", 0, "areas worked on at once; 0 for all cores")
	f.Var(&maxMemory, "max-memory", "take at most `SIZE`, such as 2GiB, or end; 0 to hold all that is read. Without it what goes beyond 128MiB lies on disk")
	f.DurationVar(&lockWait, "lock-wait", 0, "how long to wait for another run of the folder to end")
	f.StringVar(&slice, "shard", "", "do slice `I/N` of the areas, 0 ≤ I < N, and write a partial")
	f.StringVar(&partials, "partials", "", "`DIR` of the partials")
	f.BoolVar(&warningsOK, "warnings-ok", false, "exit 0 where it would be 3")
	return c
}

// lockEvery is how often a lock held by another run is tried again.
const lockEvery = 100 * time.Millisecond

// locked does work that takes the lock, after waiting for it for as long as is
// allowed.
func (a *app) locked(wait time.Duration, work func(context.Context) (*pipeline.Summary, error)) (*pipeline.Summary, error) {
	until := time.Now().Add(wait)
	for {
		summary, err := work(a.ctx)
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
