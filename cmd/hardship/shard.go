package main

import (
	"context"
	"errors"
	"os"
	"strings"
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
		maxMemory  size
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
			maxMemory.limit(&o)
			summary, err := a.locked(lockWait, func(ctx context.Context) (*pipeline.Summary, error) { return pipeline.Merge(ctx, o, args[0]) })
			if err != nil {
				return err
			}
			return a.summarize(o.Config, summary, warningsOK)
		}),
	}
	f := c.Flags()
	flags.add(f)
	f.Var(&maxMemory, "max-memory", "hold at most `SIZE`, such as 2GiB, and the rest on disk; 0 for no limit")
	f.DurationVar(&lockWait, "lock-wait", 0, "how long to wait for another run of the folder to end")
	f.BoolVar(&warningsOK, "warnings-ok", false, "exit 0 where it would be 3")
	return c
}

func (a *app) workerCommand() *cobra.Command {
	var (
		flags   overrides
		context string
	)
	c := &cobra.Command{
		Use:   "worker",
		Short: "pass over the areas of a stream, as a task of a cluster",
		Long: "Worker reads input rows from standard input as an Arrow IPC stream, whole areas, one after the other,\n" +
			"and writes the result rows of each to standard output as another, once its last row has come. It holds\n" +
			"one area. A stream without its end marker is refused; what a worker has written counts only if it ends\n" +
			"with 0. The context is what hardship shard context has written beside the input rows; configuration,\n" +
			"flags and program must be those of it.",
		Example: "  hardship worker -c hardship.yaml --context partials/context <rows.arrows >results.arrows",
		Args:    cobra.NoArgs,
		RunE: a.work(func([]string) error {
			switch {
			case a.json:
				return usagef("--json has no meaning for worker: standard output is its stream")
			case context == "":
				return usagef("--context is needed")
			}
			o, err := a.settings(flags)
			if err != nil {
				return err
			}
			return pipeline.Work(a.ctx, o, context, os.Stdin, a.stdout)
		}),
	}
	c.Flags().StringVar(&context, "context", "", "`DIR` that hardship shard context has written")
	flags.add(c.Flags())
	return c
}

func (a *app) shardCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "shard",
		Short:   "what a run in slices needs: the rows of workers, files for clusters",
		Example: "  hardship shard files cluster\n  hardship shard context -c hardship.yaml --partials DIR",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return errors.New("shard needs a command: context or files") },
	}
	var (
		flags    overrides
		partials string
	)
	context := &cobra.Command{
		Use:   "context",
		Short: "read the inputs and write what workers need",
		Long: "Context reads every input and writes into the folder --partials the long rows as input rows of workers,\n" +
			"input/*.parquet, and all that areas share, context/. A cluster shuffles the rows by area, pipes them through\n" +
			"hardship worker and leaves the results in result/*.parquet; hardship merge does the rest.",
		Example: "  hardship shard context -c hardship.yaml --partials DIR",
		Args:    cobra.NoArgs,
		RunE: a.work(func([]string) error {
			if partials == "" {
				return usagef("--partials is needed")
			}
			o, files, err := a.options(flags)
			if err != nil {
				return err
			}
			defer files.Close()
			summary, err := pipeline.PrepareWorkers(a.ctx, o, partials)
			if err != nil {
				return asUsage(o, err)
			}
			a.clearProgress()
			a.results["status"], a.results["areas"], a.results["dir"] = "written", summary.Areas, partials
			a.results["as_of"], a.results["inputs"] = summary.AsOf.String(), inputRows(summary.Inputs)
			if !a.quiet {
				a.printf("the rows and the context of %d areas, as of %v, are in %s\n", summary.Areas, summary.AsOf, source.Printable(partials))
			}
			return nil
		}),
	}
	context.Flags().StringVar(&partials, "partials", "", "`DIR` to write into")
	flags.add(context.Flags())
	files := &cobra.Command{
		Use:     "files DIR",
		Short:   "write what clusters need: Kubernetes and Slurm array jobs, a Spark driver",
		Long:    "Files writes into a folder, never over a file: " + strings.Join(shard.FileNames(), ", ") + ".",
		Example: "  hardship shard files cluster",
		Args:    cobra.ExactArgs(1),
		RunE: a.work(func(args []string) error {
			names, err := shard.WriteFiles(args[0])
			if err != nil {
				return err
			}
			a.results["files"] = names
			if !a.quiet {
				for _, name := range names {
					a.printf("%s\n", source.Printable(name))
				}
			}
			return nil
		}),
	}
	c.AddCommand(context, files)
	return c
}
