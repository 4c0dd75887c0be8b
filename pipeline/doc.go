// Package pipeline is the whole job as one straight line:
//
//	files ─source─▶ records ─normalize─▶ tables ─panel─▶ area × hour panel
//	      ─analysis─▶ findings ─gate─▶ cleared tables ─store─▶ a published run
//	                                                  with report and notebook
//
// Run is that line, a statement a stage. Nothing flows back and no stage is
// skipped. No stage keeps package-level state or reads the clock or the
// environment: time and settings come in Options.
//
// What changed since the run before is told of runs that are published, by package
// change, and stands beside them: a run holds nothing that depends on another.
//
// Packages import only from layers below their own; layers_test.go holds the
// list. To find where a number is computed, start from its column:
// `hardship explain area_day.tmin_c` names the function.
package pipeline
