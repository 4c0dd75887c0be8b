package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"hardship/pipeline"
	"hardship/pipeline/shard"
	"hardship/pipeline/source"
)

// runShard does one slice of a run.
func (a *app) runShard(o pipeline.Options, slice, partials string) error {
	s, err := shard.Parse(slice)
	if err != nil {
		return usagef("--shard: %w", err)
	}
	summary, err := pipeline.RunShard(a.ctx, o, s, partials)
	if err != nil {
		return asUsage(o, err)
	}
	a.clearProgress()
	a.results["status"], a.results["shard"], a.results["dir"] = "written", s.String(), partials
	a.results["as_of"], a.results["inputs"] = summary.AsOf.String(), inputRows(summary.Inputs)
	if !a.quiet {
		a.printf("shard %v of %d areas, as of %v, is in %s\n", s, summary.Areas, summary.AsOf, source.Printable(partials))
	}
	return nil
}

func (a *app) mergeCommand() *cobra.Command {
	var (
		flags      overrides
		lockWait   time.Duration
		warningsOK bool
	)
	c := &cobra.Command{
		Use:   "merge DIR",
		Short: "publish what shards or workers have made",
		Long: "Merge puts the partials of a folder together, those of run --shard or of workers, and does the rest\n" +
			"of the run: findings, report, publication. What it publishes is what one run would have published, to\n" +
			"the byte. A shard or an area that is missing, there twice, or of another run is named, and nothing is\n" +
			"published. It reads no input; configuration, flags and program must be those of the partials.",
		Example: "  hardship merge -c hardship.yaml /mnt/partials\n" +
			"  hardship merge -c hardship.yaml --out /var/lib/hardship /mnt/partials",
		Args: cobra.ExactArgs(1),
		RunE: a.work(func(args []string) error {
			if lockWait < 0 {
				return usagef("--lock-wait is not below 0")
			}
			o, err := a.settings(flags)
			if err != nil {
				return err
			}
			summary, err := a.locked(lockWait, func(ctx context.Context) (*pipeline.Summary, error) { return pipeline.Merge(ctx, o, args[0]) })
			if err != nil {
				return err
			}
			return a.summarize(o.Config, summary, warningsOK)
		}),
	}
	f := c.Flags()
	flags.add(f)
	f.DurationVar(&lockWait, "lock-wait", 0, "how long to wait for another run of the folder to end")
	f.BoolVar(&warningsOK, "warnings-ok", false, "exit 0 where it would be 3")
	return c
}
