package index

import (
	"cmp"
	"slices"
)

// sortedBy returns the members of a list for which keyOf is ok in the order of
// their keys, those of one key in the order in which they came. It sorts keys and
// not what they are of, which is longer.
func sortedBy[T any, K cmp.Ordered](list []T, keyOf func(*T) (key K, ok bool)) []T {
	type keyed struct {
		key K
		at  int32
	}
	keys := make([]keyed, 0, len(list))
	for i := range list {
		if key, ok := keyOf(&list[i]); ok {
			keys = append(keys, keyed{key, int32(i)})
		}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		if d := cmp.Compare(a.key, b.key); d != 0 {
			return d
		}
		return int(a.at - b.at)
	})
	sorted := make([]T, len(keys))
	for i, k := range keys {
		sorted[i] = list[k.at]
	}
	return sorted
}
