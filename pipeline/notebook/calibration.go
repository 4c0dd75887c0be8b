package notebook

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/table"
)

func (m models) calibration() string {
	t := m.tables[table.Calibration.Name]
	type key struct {
		naive  bool
		method string
		days   int32
	}
	methods, days, defaults, naive := t.String("method_id"), t.Int32("record_d"), t.Bool("is_default"), t.Bool("is_naive")
	size, met := t.Float64("false_positive_share"), t.Bool("aim_met")
	shares := map[key][]float64{}
	for row := range t.Rows() {
		if (defaults.Value(row) || naive.Value(row)) && met.IsValid(row) {
			k := key{naive.Value(row), methods.Value(row), days.Value(row)}
			shares[k] = append(shares[k], size.Value(row))
		}
	}
	if len(shares) == 0 {
		return "this run has no calibration\n"
	}
	order := slices.SortedFunc(maps.Keys(shares), func(a, b key) int {
		switch {
		case a.naive != b.naive && b.naive:
			return -1
		case a.naive != b.naive:
			return 1
		}
		return cmp.Or(cmp.Compare(a.method, b.method), cmp.Compare(a.days, b.days))
	})
	var b strings.Builder
	for _, k := range order {
		words := ""
		if k.naive {
			words = " (naive)"
		}
		fmt.Fprintf(&b, "%s%s, %d days: %.1f to %.1f %%\n", k.method, words, k.days, 100*slices.Min(shares[k]), 100*slices.Max(shares[k]))
	}
	return b.String()
}
