// Package calibrate asks the statistics of a run of records whose truth is known,
// and counts how often they mislead (methods.md 9, 11.1).
//
//  1. A [Scene] draws records: cold that lasts, strikes in waves, outages of many
//     days, gaps, areas that share their weather, pauses in which nothing changes.
//     Each is drawn without an association and, anew, with a known one.
//  2. Every question of a scene is answered by the functions that a run calls, of
//     packages correlate, rate, regress and analysis/pause, never by copies of
//     them: by the default method, by the naive one, and by those that were the
//     default before or may be.
//  3. [Run] counts, [Table] makes the table calibration. The table of [Panels]
//     records is committed in datasets/calibration and published with every run;
//     `hardship calibrate` makes it again, in three quarters of an hour of one core.
//
// What the report says beside its results comes from that table.
//
// Random numbers are PCG-DXSM of math/rand/v2, seeded by scene, length, areas and
// number of the record, so that threads and the choice of scenes change nothing.
//
// The scenes are chosen to be hard and are not fitted to any data: real records may
// be easier or harder. In "strike_waves" the trend of launches and the cycle of the
// year are symmetric about the middle, so that trend alone makes no association; it
// does where a record is half a winter. 400 days are one record for correlations,
// ratios and interrupted series, and three winters for other regressions, as in a
// run.
package calibrate
