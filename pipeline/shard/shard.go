package shard

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"hardship/pipeline/area"
)

// A Shard is one of N slices of the areas.
type Shard struct{ I, N int } // 0 ≤ I < N

// MaxShards is the largest N.
const MaxShards = 100_000

// Parse reads a shard such as 3/64: the fourth of 64, as array jobs count.
func Parse(s string) (Shard, error) {
	left, right, ok := strings.Cut(s, "/")
	i, errI := strconv.Atoi(left)
	n, errN := strconv.Atoi(right)
	if !ok || errI != nil || errN != nil || n < 1 || n > MaxShards || i < 0 || i >= n {
		return Shard{}, errors.New("a shard is I/N with 0 ≤ I < N, such as 0/64 to 63/64")
	}
	return Shard{i, n}, nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.I, s.N) }

// Owns reports whether the area belongs to the shard. It goes by a hash of the
// area's id (FNV-1a, 64 bits, modulo N), so that a process knows its areas before
// it has read any: where areas are taken from the data, there is no list of them
// until the last row.
func (s Shard) Owns(id area.ID) bool { return owner(id, s.N) == s.I }

// owner is the number of the shard, of n, that an area belongs to.
func owner(id area.ID, n int) int {
	hash := fnv.New64a()
	hash.Write([]byte(id))
	return int(hash.Sum64() % uint64(n))
}
