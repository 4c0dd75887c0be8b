package panel

import (
	"iter"
	"strings"
)

// blocks is a list that grows in blocks, so that growing neither copies nor holds
// much more than there is.
type blocks[T any] struct {
	list   [][]T
	length int
}

// blockRows is how many rows the largest blocks have.
const blockRows = 1024

func (b *blocks[T]) append(row T) {
	n := len(b.list)
	if n == 0 || len(b.list[n-1]) == cap(b.list[n-1]) {
		size := 16
		if n > 0 {
			size = min(2*cap(b.list[n-1]), blockRows)
		}
		b.list = append(b.list, make([]T, 0, size))
		n++
	}
	b.list[n-1] = append(b.list[n-1], row)
	b.length++
}

// all yields the rows in the order in which they came.
func (b *blocks[T]) all() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, block := range b.list {
			for i := range block {
				if !yield(&block[i]) {
					return
				}
			}
		}
	}
}

// without returns the rows for which not is false.
func (b *blocks[T]) without(not func(*T) bool) blocks[T] {
	var kept blocks[T]
	for row := range b.all() {
		if !not(row) {
			kept.append(*row)
		}
	}
	return kept
}

// shared are distinct values, each kept once.
type shared[T comparable] struct {
	all    []*T
	number map[T]uint32
	last   uint32 // of the value given last: rows are mostly alike
}

// of returns the number of a value in all. One that is alone is looked for only in
// the value before it.
func (s *shared[T]) of(value T, alone bool) uint32 {
	if int(s.last) < len(s.all) && *s.all[s.last] == value {
		return s.last
	}
	if !alone {
		if number, ok := s.number[value]; ok {
			s.last = number
			return number
		}
	}
	number := uint32(len(s.all))
	kept := value
	s.all = append(s.all, &kept)
	if !alone {
		if s.number == nil {
			s.number = map[T]uint32{}
		}
		s.number[value] = number
	}
	s.last = number
	return number
}

// ids are texts that mostly differ, each with a number from 1; 0 is no text.
type ids struct{ blocks []*idBlock }

// idsOfBlock is how many ids lie together.
const idsOfBlock = 1 << 16

type idBlock struct {
	text strings.Builder
	ends []uint32
}

// add returns the number of a text.
func (x *ids) add(id string) uint32 {
	if id == "" {
		return 0
	}
	if n := len(x.blocks); n == 0 || len(x.blocks[n-1].ends) == idsOfBlock {
		x.blocks = append(x.blocks, &idBlock{})
	}
	b := x.blocks[len(x.blocks)-1]
	b.text.WriteString(id)
	b.ends = append(b.ends, uint32(b.text.Len()))
	return uint32((len(x.blocks)-1)*idsOfBlock + len(b.ends))
}

// length is how many texts there are.
func (x *ids) length() int {
	n := len(x.blocks)
	if n == 0 {
		return 0
	}
	return (n-1)*idsOfBlock + len(x.blocks[n-1].ends)
}

// of returns the text of a number.
func (x *ids) of(number uint32) string {
	if number == 0 {
		return ""
	}
	b, i := x.blocks[(number-1)/idsOfBlock], (number-1)%idsOfBlock
	from := uint32(0)
	if i > 0 {
		from = b.ends[i-1]
	}
	return b.text.String()[from:b.ends[i]]
}
