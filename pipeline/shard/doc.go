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
// # Partials
//
//	DIR/shard-00003-of-00064/
//	    partial.json     what it is of (Header): all but the shard itself is the same in every partial of a run
//	    rows.parquet     the result rows of its areas (ResultSchema), each area closed by a row that counts them
//	    *.parquet        small tables that every process makes: areas, claims, rejected rows, …
//
// Collect reads them back. It takes partials of one program, one configuration,
// one set of inputs and one version only, every shard and every area once, and
// names what is missing, twice or foreign.
package shard
