// Package shard takes a run past one machine: the same pass over slices of the
// areas, in processes that know nothing of each other, and one that puts what they
// make together. The cluster does placement, retries and the shuffle.
//
// What needs all areas is read by every process, and comes out the same: the
// bulletins and the nights of the country, the spans of sources, the as-of, counts
// and rejected rows. What is long, hourly temperatures and polls, is held for the
// areas of the slice only; so are the outages of workers. Everything after that is a pure function of one area
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
// with 0. Input rows are readings and polls as they were read, and outages that count:
// the process that has read all of them knows which version does, and what the records
// of a source span. The driver, files/spark.py, is written out by hardship shard files with
// manifests for array jobs. It sorts by row_no, the place of a row in the order in
// which one process reads, and not by time: where several readings of an hour are
// averaged, the last bit of the mean depends on their order.
//
// # Partials
//
//	DIR/shard-00003-of-00064/
//	    partial.json     what it is of (Header): all but the shard itself is the same in every partial of a run
//	    rows.parquet     the result rows of its areas (ResultSchema), each area closed by a row that counts them and names their run
//	    *.parquet        small tables that every process makes: areas, claims, rejected rows, …
//	DIR/context/         the same of workers: no rows, and the small canonical tables beside
//	DIR/input/           input rows (InputSchema), each area opened by a row that counts them
//	DIR/result/          result rows as workers give them
//
// Collect reads them back. It takes partials of one program, one configuration,
// one set of inputs and one version only, every shard and every area once, and
// names what is missing, twice or foreign, such as results that an earlier run has
// left. Of shards it counts the rows first and
// reads them as they are published, area by area; the files of workers, which are in no
// order, it reads once, keeps what it may not hold in a file, and puts one range of areas
// after the other in order.
//
// # How much it takes
//
// Nothing here has run on more than one machine of two cores, where it is proved
// that answers are the same and that faults are survived. What a larger run would
// take is reckoned from rates measured there (2026-11), in seconds of CPU so that
// they hold for a busy machine too:
//
//	core-hours = rows/3600 · (1/read + 1/spark + 1/worker) + areas · days / (3600 · merge)
//	           + small/3600 · (1/read + partitions/load)
//	shuffle    = rows · 29 bytes
//
//	read     850,000 rows/s of mapped Parquet to input rows, 510,000 of CSV
//	spark    800,000 rows/s in the JVM of Spark 3.5 (2 M rows, two executors); the Python
//	         process between Spark and worker is not in it
//	shuffle  28.7 bytes a row, lz4, of made-up temperatures with wind; 18.7 of the shipped rows
//	worker   2,300,000 rows/s of hourly temperatures, 450,000 of polls
//	merge    95,000 days of an area/s, findings and publication included
//	load     470,000 small rows/s, of which every process reads all; 310,000 of CSV at first
//
//	what                                       rows   areas  core-hours  shuffled  partitions
//	ERA5-Land, hourly, the planet, a year      57 G   4,600  45          1.6 TB    4,600
//	EAGLE-I, ten years of polls               250 M   3,100  0.4         7.2 GB    64
//	ACLED, the whole world, ten years           3 M   4,600  0.2         none      64
//
// The numbers of rows and areas are taken, not counted: 57 G rows are every cell of
// 0.1° in every hour, 4,600 about the areas of level 1 of the world, EAGLE-I some 25 M
// rows a year, ACLED about 3 M events. The cells of an area are readings of the same
// hour, which are averaged unweighted. A partition is a whole area at least, so the
// largest area bounds the longest task. Events are small rows, which are not shuffled.
// Of array jobs every shard reads all rows, at 3,300,000 rows/s of Parquet: N of them
// take N times that, which suits tens of shards and not thousands.
package shard
