package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/source"
	"hardship/pipeline/store"
)

// An app is one invocation of the program.
type app struct {
	*printer
	ctx     context.Context
	command string // that runs
	started bool   // its arguments were right, so what fails now is the work
	code    int    // exit code of a command that has worked

	config  string
	quiet   bool
	verbose bool
	color   string
	still   bool // no progress line
}

// A usageError is a fault of the command line or of the configuration.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is main without the process, so that tests can call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	a := &app{printer: newPrinter(stdout, stderr), ctx: ctx}
	defer func() {
		if r := recover(); r != nil { // Go's own exit code for a panic means something else here
			a.clearProgress()
			fmt.Fprintf(stderr, "%s\n", debug.Stack())
			code = a.finish(fmt.Errorf("internal error: %v", r))
		}
	}()
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if !a.started {
		if err == nil {
			return exitOK // help and completion are text in any case
		}
		a.json = a.json || asksForJSON(args)
		err = usageError{err}
	}
	return a.finish(err)
}

// asksForJSON reports whether a command line that could not be read wants its
// error as JSON.
func asksForJSON(args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	yes, _ := strconv.ParseBool(os.Getenv("HARDSHIP_JSON"))
	return yes || slices.Contains(args, "--json") || slices.Contains(args, "--json=true")
}

// finish reports the error of a command, if any, and returns the exit code.
func (a *app) finish(err error) int {
	var (
		usage  usageError
		faults config.Errors
		stop   stopError
	)
	a.clearProgress()
	switch {
	case err == nil:
		if a.out.err == nil {
			return a.result(a.code)
		}
		err = fmt.Errorf("write the answer: %w", a.out.err)
		a.code = exitFailed
	case errors.As(context.Cause(a.ctx), &stop):
		err = fmt.Errorf("%w; nothing was published", stop)
		a.code = stop.code()
	case errors.Is(err, store.ErrLocked):
		a.code = exitLocked
	case errors.As(err, &usage):
		a.code = exitUsage
	default:
		a.code = exitFailed
	}
	machine := pipeline.MachineCode(err)
	switch whole, ok := err.(*source.FileError); {
	case errors.As(err, &faults):
		for _, f := range faults {
			a.fault(configFault(f))
		}
	case machine != "" && a.code == exitFailed:
		a.fault(fault{code: machine, message: err.Error(), hint: seeExplain(machine)})
	case ok:
		a.fault(fileFault(whole))
	default:
		a.error(err)
	}
	a.results["error"] = clean(err.Error())
	return a.result(a.code)
}

// root builds the commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "hardship",
		Short:         "Cold, power outages and strikes: what they did to civilians",
		Long:          "Hardship joins cold, power outages and strikes by area and hour, and publishes tables,\na report and notebooks of what they did to civilians.",
		Example:       "  hardship run\n  hardship run -c hardship.yaml --out /var/lib/hardship\n  hardship explain area_day.tmin_c",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("a command is needed, such as hardship run; see hardship --help")
			}
			var names []string
			for _, sub := range c.Commands() {
				names = append(names, sub.Name())
			}
			return fmt.Errorf("unknown command %q%s", args[0], pipeline.Suggest(args[0], names))
		},
		RunE:              func(*cobra.Command, []string) error { return nil }, // Args never lets it come to this
		PersistentPreRunE: a.prepare,
	}
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.StringVarP(&a.config, "config", "c", "", "configuration `FILE`; without one, the shipped data")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "say nothing if all went well")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "list every warning and gap")
	flags.BoolVar(&a.json, "json", false, "one JSON object a line on standard output")
	flags.StringVar(&a.color, "color", "auto", "auto, always or never")
	flags.BoolVar(&a.still, "no-progress", false, "no progress line on a terminal")
	root.AddCommand(a.runCommand(), a.mergeCommand(), a.workerCommand(), a.shardCommand(), a.normalizeCommand(), a.validateCommand(), a.diffCommand(), a.explainCommand(), a.versionCommand(), a.calibrateCommand())
	return root
}

// flagError adds the flag that may have been meant.
func flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return fmt.Errorf("%w%s", err, pipeline.Suggest("--"+unknown.GetSpecifiedName(), names))
}

// prepare takes settings from the environment before a command runs.
func (a *app) prepare(c *cobra.Command, args []string) error {
	var wrong error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		name := "HARDSHIP_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value := os.Getenv(name); value != "" && !f.Changed && f.Name != "help" && wrong == nil {
			if err := c.Flags().Set(f.Name, value); err != nil {
				wrong = fmt.Errorf("environment variable %s: %w", name, err)
			}
		}
	})
	switch {
	case wrong != nil:
		return wrong
	case !slices.Contains([]string{"auto", "always", "never"}, a.color):
		return fmt.Errorf("--color is auto, always or never, not %q", a.color)
	case a.json && (c.Name() == "help" || c.HasParent() && c.Parent().Name() == "completion"):
		return fmt.Errorf("--json has no meaning for %s", c.CommandPath())
	}
	a.setTerminal(a.color, a.still || a.quiet)
	return nil
}

// work makes a command's work a cobra function; its errors are no longer faults
// of the command line, unless they say so.
func (a *app) work(f func(args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		a.started, a.command = true, c.Name()
		return f(args)
	}
}

// inputs are the rows of each input for the result line.
func inputRows(inputs []pipeline.Input) []map[string]any {
	rows := make([]map[string]any, len(inputs))
	for i, in := range inputs {
		rows[i] = map[string]any{
			"source": in.Source.Name, "file": in.Path, "bytes": in.Bytes, "sha256": in.SHA256,
			"format": in.Source.Format, "rows_read": in.Counts.Read, "rows_kept": in.Counts.Kept, "rows_rejected": in.Counts.Rejected,
		}
		if in.Recognised != "" {
			rows[i]["recognised_by"] = clean(in.Recognised)
		}
		if in.Err != nil {
			rows[i]["error"] = clean(in.Err.Error())
		}
	}
	return rows
}
