package correlate

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// BlockLength returns the length of blocks for series of n steps, ⌈n^{1/3}⌉, for
// days with a weekly cycle rounded up to whole weeks (methods.md 9.13).
func BlockLength(n int, weekly bool) int {
	l := 1
	for l*l*l < n {
		l++
	}
	if weekly {
		l = (l + 6) / 7 * 7
	}
	return l
}

// MovingBlockSE returns the standard error of the mean of y that a bootstrap of
// moving blocks has, computed without random numbers (methods.md 9.13):
//
//	√( mean over the n−l+1 blocks of (block mean − their mean)² ÷ (n/l) )
//
// It is NaN if a value is, or there are fewer values than a block has. It panics
// if block is not positive.
func MovingBlockSE(y []float64, block int) float64 {
	mustBlock(block)
	return blockSE(y, block, len(y))
}

// CircularBlockSE is [MovingBlockSE] with blocks that continue from the end at the
// beginning, so that every value is in as many blocks as any other.
func CircularBlockSE(y []float64, block int) float64 {
	mustBlock(block)
	if block > len(y) {
		return math.NaN()
	}
	return blockSE(append(slices.Clone(y), y[:block-1]...), block, len(y))
}

// blockSE returns the standard error for n values from all blocks of v.
func blockSE(v []float64, block, n int) float64 {
	if len(v) < block {
		return math.NaN()
	}
	means := make([]float64, len(v)-block+1)
	for first := range means {
		means[first] = stat.Mean(v[first:first+block], nil)
	}
	return math.Sqrt(stat.PopVariance(means, nil) * float64(block) / float64(n))
}

func mustBlock(block int) {
	if block < 1 {
		panic(fmt.Sprintf("correlate: blocks of %d steps", block))
	}
}

// A Bootstrap is the distribution of a statistic over resampled series.
type Bootstrap struct {
	Estimate float64 // of the series as they are
	SE       float64 // standard deviation of the replicates
	Lo, Hi   float64 // percentiles of the replicates
	Level    float64

	Replicates []float64 // ascending, those without a value left out
	Undefined  int       // replicates without a value (NaN)
	Warnings   []error
}

// BlockBootstrap resamples series of equal length jointly, in moving blocks of
// steps, and takes statistic of every resample (Künsch 1989; methods.md 9.13). Joint
// blocks keep how the series go together, blocks keep how each resembles its own
// past; a ratio of two series is resampled this way, never one side alone.
//
// A resample is ⌈n/block⌉ blocks one after another, each beginning at a step drawn
// evenly from 0 … n−block, cut to n steps. Missing values (NaN) travel with their
// step, and statistic sees them. It must not keep or change its argument. Lo and Hi
// are percentiles, interpolated linearly between order statistics.
//
// Numbers are drawn from PCG-DXSM (math/rand/v2) seeded (seed, 0): the high word of
// the 128-bit product of a draw and the number of beginnings. The same seed gives
// the same resamples on every machine.
//
// Fewer steps than a block has, or no replicate with a value, leave the result NaN
// with a warning. BlockBootstrap panics if there is no series, lengths differ,
// block or replicates is not positive, or level is not between 0 and 1.
func BlockBootstrap(series [][]float64, block, replicates int, seed uint64, level float64, statistic func(resample [][]float64) float64) Bootstrap {
	mustBlock(block)
	mustLevel(level)
	if len(series) == 0 || replicates < 1 {
		panic(fmt.Sprintf("correlate: %d replicates of %d series", replicates, len(series)))
	}
	for _, s := range series {
		mustMatch(series[0], s)
	}
	nan := math.NaN()
	b := Bootstrap{Estimate: statistic(series), SE: nan, Lo: nan, Hi: nan, Level: level}
	n := len(series[0])
	if n < block {
		b.Warnings = append(b.Warnings, fmt.Errorf("%w: %d steps, blocks of %d", ErrTooFew, n, block))
		return b
	}
	resample := make([][]float64, len(series))
	for i := range resample {
		resample[i] = make([]float64, n)
	}
	draw := rand.NewPCG(seed, 0)
	beginnings := uint64(n - block + 1)
	for range replicates {
		for at := 0; at < n; at += block {
			// Not rand.Rand.IntN, whose way of drawing is not documented.
			first, _ := bits.Mul64(draw.Uint64(), beginnings)
			for i, s := range series {
				copy(resample[i][at:], s[first:first+uint64(block)])
			}
		}
		if v := statistic(resample); math.IsNaN(v) {
			b.Undefined++
		} else {
			b.Replicates = append(b.Replicates, v)
		}
	}
	if b.Undefined > 0 {
		b.Warnings = append(b.Warnings, fmt.Errorf("%w in %d of %d resamples", ErrUndefined, b.Undefined, replicates))
	}
	if len(b.Replicates) == 0 {
		return b
	}
	slices.Sort(b.Replicates)
	b.SE = stat.StdDev(b.Replicates, nil)
	b.Lo, b.Hi = quantile(b.Replicates, (1-level)/2), quantile(b.Replicates, (1+level)/2)
	return b
}

// quantile interpolates between the ascending values around place p·(n−1).
func quantile(ascending []float64, p float64) float64 {
	place := p * float64(len(ascending)-1)
	below := int(place)
	above := min(below+1, len(ascending)-1)
	lo, hi, weight := ascending[below], ascending[above], place-float64(below)
	if weight == 0 || lo == hi || math.IsInf(lo, -1) {
		return lo // not ∞−∞
	}
	return lo + float64(weight*(hi-lo))
}
