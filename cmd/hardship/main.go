// Hardship joins cold, power outages and strikes by area and hour, and
// publishes tables, a report and notebooks of what they did to civilians.
//
//	hardship run                      the whole job on the shipped data, into ./out
//	hardship run -c hardship.yaml     the same on your own
//	hardship validate -c hardship.yaml
//	hardship run -c hardship.yaml --shard 0/64 --partials DIR
//	hardship merge -c hardship.yaml DIR
//	hardship normalize -c normalize.yaml --to DIR
//	hardship diff RUN RUN
//	hardship explain TABLE[.COLUMN] | CODE
//	hardship version
//
// # Run
//
// Without -c the shipped configuration is used, and data in the program itself:
// nothing is fetched. With -c, files are looked for below the folder that root:
// names, relative to the configuration; links that lead out of it are refused.
//
// A run is published whole or not at all, as OUT/runs/ID with OUT/latest leading
// to it. If neither inputs nor settings nor the program have changed, there is
// nothing to do, and nothing is written.
//
//	--out DIR            folder of the runs
//	--from, --to DAY     the period in local days; --to is the first day left out
//	--areas UA80,UA32    publish these areas only
//	--only area_day      make these tables of areas only, without findings and report
//	--as-of TIME         what was known at a moment (2026-02-28T12:00:00Z; a day is its start, UTC)
//	--threads N          areas worked on at once; never changes a byte
//	--max-memory 2GiB    hold no more, and the rest on disk
//	--lock-wait 30s      wait for another run of the same folder to end
//	--warnings-ok        exit 0 where it would be 3
//
// What changed since the run that was the latest before stands beside the run, in
// OUT/changes/ID: a table with the old and the new value of every cell that differs, and
// a page. It is in no hash of the run, since it depends on which run came before. Diff
// compares any two runs.
//
// # Past one machine
//
// With --shard I/N a run does one slice of the areas, up to their daily tables, and
// writes them into the folder --partials; array jobs start N of them. Merge does the
// rest. What it publishes is what one run would have published, to the byte. On a
// Spark cluster worker takes the place of the shards: hardship shard files writes the
// driver, and manifests for Kubernetes and Slurm, and hardship shard context the rows.
//
// # Settings
//
// A flag goes before the environment (HARDSHIP_ and the flag's name:
// HARDSHIP_OUT, HARDSHIP_AS_OF), that before the file, and that before the
// default.
//
// # Streams
//
// The answer goes to standard output, all else to standard error. On a terminal
// one line shows how far the run is; elsewhere nothing does. With -q a run that
// went well says nothing, so that cron mails trouble only.
//
// With --json standard output has one object a line, each with its type
// (progress, warning, error or result) and schema_version. The last line, and no
// other, is a result, also after a failure; its exit_code is the program's. After a
// second, progress has rows_per_s, and eta_s, in how many seconds its stage will have
// ended at that pace. spilled_bytes is what a run kept on disk for want of memory.
//
// # Exit codes
//
//	0         published, nothing new to do, or nothing found
//	1         failed: nothing published, the last run stands
//	2         wrong command line or configuration; nothing was read
//	3         published, with warnings that the configuration does not declare
//	4         validate or diff found something
//	11        another run holds the lock
//	130, 143  stopped by Ctrl-C or SIGTERM; nothing published
//
// A second signal ends the program at once.
//
// # Names
//
// Every name in the published tables has its page, and so has every code of a
// rejected row:
//
//	$ hardship explain area_day.tmin_c
//	area_day.tmin_c: float64, °C
//
//	  Lowest hourly temperature of the day; null below the coverage limits.
//
//	  null        unknown, never zero
//	  key         area_id, date_local
//	  definition  methods 4.3: Mean, least and greatest of the hourly values of the civil
//	              day; null unless coverage ≥ 0.75 and the longest gap ≤ 4 h. One source a
//	              day, in declared order; a forecast is no reading.
//	  function    pipeline/index: Summarize
//	$ hardship explain area_day.tmn_c
//	error: table area_day has no column "tmn_c"; did you mean area_day.tmin_c?
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Exit codes, for the crontab's reader.
const (
	exitOK       = 0   // published, nothing new, or nothing found
	exitFailed   = 1   // nothing published; the last good output stands
	exitUsage    = 2   // the command line or the configuration is wrong
	exitWarnings = 3   // published, and the report opens with warnings
	exitFound    = 4   // validate or diff worked and found something
	exitLocked   = 11  // another run holds the lock
	exitSignal   = 128 // and the signal's number: stopped, nothing published
)

func main() {
	// What a run holds is mostly arrays without pointers, which a collection does
	// not look through: collecting twice as often as usual costs little time and
	// saves a quarter of the memory.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	os.Exit(run(stopped(), os.Args[1:], os.Stdout, os.Stderr))
}

// A stopError is the cause of a context that a signal has ended.
type stopError struct{ signal syscall.Signal }

func (e stopError) Error() string { return "stopped by a signal: " + e.signal.String() }

// code is the exit code by which shells know the signal.
func (e stopError) code() int { return exitSignal + int(e.signal) }

// stopped returns a context that ends with the first Ctrl-C or SIGTERM. The
// second one ends the process.
func stopped() context.Context {
	ctx, stop := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		stop(stopError{(<-signals).(syscall.Signal)})
		os.Exit(stopError{(<-signals).(syscall.Signal)}.code())
	}()
	return ctx
}
