package index

import (
	"math"

	"hardship/pipeline/unit"
)

// A Restoration is how long one interruption lasted.
type Restoration struct {
	Hours     float64
	Customers float64 // how often it counts
	Open      bool    // it lasted longer: supply had not returned by then
}

// A RestorationCurve is the share of customers still without supply, by hours
// since they lost it: the estimate of Kaplan and Meier, which uses the open
// interruptions as far as they are known (methods.md 6.5).
type RestorationCurve struct {
	Steps []RestorationStep // in order of hours
	Last  float64           // hours to which anybody was followed
}

// A RestorationStep is a moment at which supply returned to some.
type RestorationStep struct {
	Hours            float64
	AtRisk, Restored float64 // customers without supply just before, and of these restored
	Share            float64 // still without supply from this moment on
	SE               float64 // of Share, by Greenwood's formula: for independent customers
}

// Restore estimates the curve:
//
//	S(t) = Π (1 − dⱼ/nⱼ)   SE² = S² Σ dⱼ/(nⱼ(nⱼ − dⱼ))   over restorations up to t
//
// dⱼ of nⱼ customers at risk get supply back at one moment; one that is open at
// that moment was at risk. Customers of one interruption are not independent:
// where they count as many, SE is far too small and is not to be quoted.
// Interruptions of no customers are left out.
func Restore(list []Restoration) RestorationCurve {
	sorted := sortedBy(list, func(r *Restoration) (float64, bool) { return r.Hours, r.Customers > 0 })
	atRisk := 0.0
	for _, r := range sorted {
		atRisk += r.Customers
	}
	var c RestorationCurve
	share, variance := 1.0, 0.0
	for i := 0; i < len(sorted); {
		at := sorted[i].Hours
		restored, gone := 0.0, 0.0
		for ; i < len(sorted) && sorted[i].Hours == at; i++ {
			gone += sorted[i].Customers
			if !sorted[i].Open {
				restored += sorted[i].Customers
			}
		}
		c.Last = at
		if restored > 0 {
			share *= 1 - restored/atRisk
			variance += restored / (atRisk * (atRisk - restored)) // infinite at the end, where the share is 0
			step := RestorationStep{Hours: at, AtRisk: atRisk, Restored: restored, Share: share}
			if share > 0 {
				step.SE = share * math.Sqrt(variance)
			} else {
				step.SE = math.NaN()
			}
			c.Steps = append(c.Steps, step)
		}
		atRisk -= gone
	}
	return c
}

// Share returns the share still without supply after hours.
func (c RestorationCurve) Share(hours float64) float64 {
	share := 1.0
	for _, s := range c.Steps {
		if s.Hours <= hours {
			share = s.Share
		}
	}
	return share
}

// sameShare is how near two shares are taken for equal: as in R's survfit.
const sameShare = 1.4901161193847656e-08

// Quantile returns the hours after which a share p has supply again: the first
// at which the curve reaches 1 − p. Where it stays at 1 − p for a while it is
// the middle of that while, as in R's survfit, and of the time up to Last if
// nothing comes after. It is NaN if the curve does not come down so far.
func (c RestorationCurve) Quantile(p float64) float64 {
	for i, s := range c.Steps {
		switch {
		case math.Abs(s.Share-(1-p)) <= sameShare:
			next := c.Last
			if i+1 < len(c.Steps) {
				next = c.Steps[i+1].Hours
			}
			return (s.Hours + next) / 2
		case s.Share < 1-p:
			return s.Hours
		}
	}
	return unit.Missing[float64]()
}

// Mean returns the mean hours without supply of the first limit hours, and its
// standard error for independent customers:
//
//	∫₀ᴸ S   SE² = Σ (∫ from tⱼ to L of S)² dⱼ/(nⱼ(nⱼ − dⱼ))
func (c RestorationCurve) Mean(limit float64) (mean, se float64) {
	area := func(from int) float64 { // under the curve from step from on; from the start for −1
		at, share, sum := 0.0, 1.0, 0.0
		if from >= 0 {
			at, share = c.Steps[from].Hours, c.Steps[from].Share
		}
		for _, s := range c.Steps[from+1:] {
			if s.Hours >= limit {
				break
			}
			sum += (s.Hours - at) * share
			at, share = s.Hours, s.Share
		}
		return sum + max(0, limit-at)*share
	}
	variance := 0.0
	for j, s := range c.Steps {
		if s.Hours < limit && s.AtRisk > s.Restored {
			a := area(j)
			variance += a * a * s.Restored / (s.AtRisk * (s.AtRisk - s.Restored))
		}
	}
	return area(-1), math.Sqrt(variance)
}
