package source

import (
	"iter"
	"sync"
)

// InHand is how many items of Ahead there are at once, before anything is let go of:
// the caller's, the one that is ready, and the one that items makes or waits to hand on.
const InHand = 3

// Ahead yields what items does, and has the next ready while the caller works on
// the last: items runs in a goroutine of its own, which has ended when the loop
// over Ahead has. keep, unless it is nil, is told of each before the next is asked
// for.
func Ahead[T any](items iter.Seq2[T, error], keep func(T)) iter.Seq2[T, error] {
	type next struct {
		item  T
		err   error
		panic any
	}
	return func(yield func(T, error) bool) {
		ready, stop := make(chan next, 1), make(chan struct{})
		var producer sync.WaitGroup
		producer.Go(func() {
			defer close(ready)
			send := func(n next) bool {
				select {
				case ready <- n:
					return true
				case <-stop:
					return false
				}
			}
			defer func() {
				if cause := recover(); cause != nil {
					send(next{panic: cause})
				}
			}()
			for item, err := range items {
				if err == nil && keep != nil {
					keep(item)
				}
				if !send(next{item: item, err: err}) {
					return
				}
			}
		})
		defer producer.Wait()
		defer close(stop)
		for n := range ready {
			if n.panic != nil {
				panic(n.panic)
			}
			if !yield(n.item, n.err) {
				return
			}
		}
	}
}
