// Package spelling finds the names that someone may have meant, for "did you
// mean".
package spelling

import "slices"

// Distance returns the number of single-letter edits that turn a into b: letters
// put in, left out or changed (Levenshtein 1966).
func Distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Within returns the distance of a and b, and whether they are near enough for
// one to be meant by the other: at most a third of a's letters apart, or one.
// It takes no time over names whose lengths alone lie further apart, so that a
// huge name from a hostile file costs nothing.
func Within(a, b []rune) (distance int, near bool) {
	limit := max(1, len(a)/3)
	if d := len(a) - len(b); d > limit || -d > limit {
		return 0, false
	}
	d := Distance(a, b)
	return d, d <= limit
}

// Near returns at most three of names that are near to written, nearest first,
// and equally near ones in the order of names.
func Near(written string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	key := []rune(written)
	for _, name := range names {
		if d, near := Within(key, []rune(name)); near {
			found = append(found, candidate{name, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.distance - b.distance })
	var near []string
	for _, c := range found[:min(3, len(found))] {
		near = append(near, c.name)
	}
	return near
}
