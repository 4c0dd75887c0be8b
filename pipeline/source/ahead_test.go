package source

import (
	"errors"
	"iter"
	"slices"
	"testing"
)

// numbers yields 0 to n−1, then what end does; it notes that it has ended.
func numbers(n int, ended *bool, end func(yield func(int, error) bool)) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		defer func() { *ended = true }()
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		end(yield)
	}
}

func TestAheadYieldsAllInOrder(t *testing.T) {
	fault := errors.New("fault")
	var ended bool
	var kept, got []int
	var last error
	for i, err := range Ahead(numbers(100, &ended, func(yield func(int, error) bool) { yield(-1, fault) }), func(i int) { kept = append(kept, i) }) {
		if last = err; err == nil {
			got = append(got, i)
		}
	}
	if !ended || last != fault || len(got) != 100 || !slices.IsSorted(got) || !slices.Equal(got, kept) {
		t.Errorf("ended %v, last error %v, %d items of %d kept", ended, last, len(got), len(kept))
	}
}

func TestAheadStopsWithItsCaller(t *testing.T) {
	var ended bool
	for i := range Ahead(numbers(1_000_000, &ended, func(func(int, error) bool) {}), nil) {
		if i == 3 {
			break
		}
	}
	if !ended {
		t.Error("the producer goes on after the loop over it has ended")
	}
}

func TestAheadPassesAPanicOn(t *testing.T) {
	var ended bool
	defer func() {
		if cause := recover(); cause != "broken" || !ended {
			t.Errorf("panic %v, ended %v", cause, ended)
		}
	}()
	for range Ahead(numbers(3, &ended, func(func(int, error) bool) { panic("broken") }), nil) {
	}
	t.Error("no panic")
}
