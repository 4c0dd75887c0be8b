package index

// RunningSums returns the sums of the first 1, 2, … counts. Between two of them
// lies the sum of the counts in between, by a subtraction.
func RunningSums(counts []int) []float64 {
	sums := make([]float64, len(counts))
	sum := 0
	for i, n := range counts {
		sum += n
		sums[i] = float64(sum)
	}
	return sums
}
