package main

import (
	"math"
	"runtime/debug"
	"strconv"
	"strings"

	"hardship/pipeline"
)

// size is a number of bytes as a flag gives it: 300MiB, 2GiB or a plain number; 0 if
// it gives none, and pipeline.NoLimit for 0.
type size int64

// units of size. Those of ten are taken for those of two that they are mostly
// meant for.
var sizeUnits = []struct {
	name  string
	bytes float64
}{
	{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}, {"TIB", 1 << 40},
	{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"TB", 1 << 40},
	{"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {"T", 1 << 40}, {"B", 1},
}

func (s *size) Set(text string) error {
	number, unit := strings.ToUpper(strings.TrimSpace(text)), 1.0
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v >= 0) || v*unit > math.MaxInt64/2 {
		return usagef("%q is no size such as 300MiB or 2GiB", text)
	}
	if *s = size(v * unit); *s == 0 {
		*s = pipeline.NoLimit
	}
	return nil
}

func (s *size) String() string {
	switch {
	case *s == 0:
		return ""
	case *s < 0:
		return "0"
	}
	return strconv.FormatInt(int64(*s), 10)
}

func (s *size) Type() string { return "SIZE" }

// limit has the program take no more memory than that, if it says so.
func (s size) limit(o *pipeline.Options) {
	if o.MaxMemory = int64(s); s > 0 {
		debug.SetMemoryLimit(pipeline.HeapLimit(o.MaxMemory))
	}
}
