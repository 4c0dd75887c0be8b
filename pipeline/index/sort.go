package index

import (
	"cmp"
	"slices"
)

// sortedBy returns a copy of a list in the order of a key, those of one key in
// the order in which they came. It sorts keys and not what they are of, which is
// longer.
func sortedBy[T any, K cmp.Ordered](list []T, key func(*T) K) []T {
	type keyed struct {
		key K
		at  int32
	}
	keys := make([]keyed, len(list))
	for i := range list {
		keys[i] = keyed{key(&list[i]), int32(i)}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		if d := cmp.Compare(a.key, b.key); d != 0 {
			return d
		}
		return int(a.at - b.at)
	})
	sorted := make([]T, len(list))
	for i, k := range keys {
		sorted[i] = list[k.at]
	}
	return sorted
}
