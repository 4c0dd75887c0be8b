// Package ring uses memory again in turn.
package ring

// A Ring is the memory of slices, each of which is used again once so many have come
// after it.
type Ring[T any] struct {
	slices [][]T // none where each slice has its own
	turn   int
}

// New returns a ring of so many slices at once; of 0, no memory is used again.
func New[T any](slices int) Ring[T] { return Ring[T]{slices: make([][]T, slices)} }

// Next returns the memory of a slice of n elements, which are arbitrary.
func (r *Ring[T]) Next(n int) []T {
	if len(r.slices) == 0 {
		return make([]T, n)
	}
	r.turn = (r.turn + 1) % len(r.slices)
	if cap(r.slices[r.turn]) < n {
		r.slices[r.turn] = make([]T, n)
	}
	r.slices[r.turn] = r.slices[r.turn][:n]
	return r.slices[r.turn]
}
