// Package shard takes a run past one machine: the same pass over slices of the
// areas, in processes that know nothing of each other, and one that puts what they
// make together. The cluster does placement, retries and the shuffle.
//
// What needs all areas is read by every process, and comes out the same: the
// bulletins and the nights of the country, the spans of sources, the as-of, counts
// and rejected rows. What is long, hourly temperatures and polls, is held for the
// areas of the slice only. Everything after that is a pure function of one area
// (package panel), so neither the number of slices nor a slice that is tried again
// changes a byte.
//
// # Array jobs
//
//	hardship run -c hardship.yaml --shard I/N --partials DIR     for I from 0 to N-1
//	hardship merge -c hardship.yaml DIR
//
// Each shard reads every input, drops the long rows of areas that are not its own,
// and writes a partial into DIR, whole or not at all. An area belongs to the shard
// that a hash of its id names (Shard.Owns). Shards divide memory and the pass, not
// the reading.
//
// # Workers
//
//	hardship shard context -c hardship.yaml --partials DIR    read the inputs: DIR/input, DIR/context
//	spark-submit … spark.py DIR                               shuffle by area, through hardship worker: DIR/result
//	hardship merge -c hardship.yaml DIR
//
// Here the reading is done once, and a cluster shuffles the long rows. A worker
// (Work) takes input rows as an Arrow IPC stream, whole areas, each contiguous, and
// gives the result rows of an area when its last row has come: it holds one area,
// beside the small tables of the context. Its results count only once it has ended
// with 0. The driver, files/spark.py, is written out by hardship shard files with
// manifests for array jobs. It sorts by row_no, the place of a row in the order in
// which one process reads, and not by time: where several readings of an hour are
// averaged, the last bit of the mean depends on their order.
//
// # Partials
//
//	DIR/shard-00003-of-00064/
//	    partial.json     what it is of (Header): all but the shard itself is the same in every partial of a run
//	    rows.parquet     the result rows of its areas (ResultSchema), each area closed by a row that counts them
//	    *.parquet        small tables that every process makes: areas, claims, rejected rows, …
//	DIR/context/         the same of workers: no rows, and the small canonical tables beside
//	DIR/input/           input rows (InputSchema)
//	DIR/result/          result rows as workers give them
//
// Collect reads them back. It takes partials of one program, one configuration,
// one set of inputs and one version only, every shard and every area once, and
// names what is missing, twice or foreign.
package shard
