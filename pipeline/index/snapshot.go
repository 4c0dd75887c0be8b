package index

// A Poll is how many customers of one area were without supply at one run of a
// source that looks again and again.
type Poll struct {
	Run       int32 // minutes, from any origin
	Customers int32 // UnknownCustomers where the poll of the area failed
}

// UnknownCustomers stands for a poll that failed.
const UnknownCustomers = -1

// Snapshots calls each for every stretch of time, in minutes, that the polls
// observe, with the customers out in it, in order (methods.md 6.2):
//
//	a run covers [run, run+step), or up to the next run if that comes earlier;
//	a run without a poll of the area is 0: the source looked and wrote no row;
//	time that no run covers, or whose poll failed, is not observed.
//
// runs are all runs of the source and polls those that have a row for the area,
// both in order and without repeats; a poll whose run is not among the runs is
// passed over.
func Snapshots(runs []int32, polls []Poll, step int32, each func(from, to int32, customers int64)) {
	for i, run := range runs {
		to := run + step
		if i+1 < len(runs) {
			to = min(to, runs[i+1])
		}
		for len(polls) > 0 && polls[0].Run < run {
			polls = polls[1:]
		}
		var customers int64
		if len(polls) > 0 && polls[0].Run == run {
			customers = int64(polls[0].Customers)
		}
		if customers != UnknownCustomers {
			each(run, to, customers)
		}
	}
}
