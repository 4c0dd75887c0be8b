package table

// Definition returns in a line or two what a column's Definition stands for:
// the formula of a section of the methods. It is "" for one that there is not.
func Definition(id string) string { return definitions[id] }

var definitions = map[string]string{
	"0":    "coverage = number present / number expected. Null is unknown; zero is an observed zero.",
	"3":    "Air-raid alerts as their source records them, overlaps counted once. A warning, not a strike. A span of more than 24 hours has no known length.",
	"4.1":  "A civil day runs from one local midnight to the next: hours_in_day = (UTC of the next midnight − UTC of this one) / 1 h, 23 to 25.",
	"4.2":  "A night runs from 18:00 to 09:00 local time and is keyed by the day it ends. A reporting window that covers local midnight belongs whole to the night of the day it ends; one within a day is night or day by where more of it lies.",
	"4.3":  "Mean, least and greatest of the hourly values of the civil day; null unless coverage ≥ 0.75 and the longest gap ≤ 4 h. One source a day, in declared order; a forecast is no reading.",
	"4.6":  "lo counts rows certainly inside the area and the day, hi rows possibly inside: a row of the whole country may be of any area. hi is never summed over areas.",
	"6.1":  "CH = Σ n(t)·Δt between break points, split at local midnight. hi: n(t) = min(customers served, Σ nᵢ); lo: n(t) = max nᵢ. Records of one group are united.",
	"6.2":  "A poll covers the time to the next step, or to the next poll if that comes earlier; a poll without a row of the area is 0, no poll is unknown and left out. Coverage is the share of time observed.",
	"6.6":  "What was announced, never what happened. A slot takes the last version seen before it begins; lo and hi are its certain and its possible minutes off; a slot pending, absent or not in force counts 0 to all of itself. An area has the mean over the queues seen.",
	"6.7":  "z = (x − median) / (1.4826·MAD) over the 28 days before, MAD the median absolute deviation from the median; null where MAD is 0 or fewer than 14 of the days are known. Shown beside outages, never added to them.",
	"7.1":  "Sums over the rows of the declared publisher, by night or day and class of weapon; null where there is no row, or a row states no number.",
	"7.5":  "Chain ladder over the rows of each day by the days after which they were first seen; rows come in for 60 days at most.",
	"7.2":  "lo counts strikes known to be on energy, hi those on energy or on an unknown target. News reports are a table of their own, in no count of strikes.",
	"9.2":  "RR = (x₁/t₁) / (x₀/t₀). Given n = x₁ + x₀, x₁ ~ Bin(n, p) with RR = p/(1−p)·t₀/t₁: central exact limits (Clopper–Pearson).",
	"9.3":  "log E(y) = Σ xβ by iteratively reweighted least squares, or least squares. Errors of one area after Newey and West, Bartlett weights to 7 days; rows with anything unknown are left out, never filled in.",
	"9.4":  "Pooled over areas: effects of areas eliminated, clusters of areas with V·G/(G−1) and Student's t of G−1; no interval below 5 areas, not published below 10.",
	"9.6":  "Distributed lags: column (v, l) at t = Σ_k B_v(x[t−k])·C_l(k); cumulative is the sum over lags. The first days, and those after a gap, drop out.",
	"9.16": "RR + √(RR(RR−1)), ratios below 1 inverted.",
	"9.11": "r_k = corr(x[t−k], y[t]) with global means. Interval by Fisher's z with 1/n* = 1/n + (2/n)·Σ_{j≤n/4} ((n−j)/n)·ρ_j·ρ′_j (Pyper and Peterman), n* at most n.",
	"9.12": "p = share of circular shifts of 7 days or more, the unshifted series among them, whose statistic is at least the observed one. The smallest p possible is 1 / number of shifts.",
	"10.4": "exp(ln RR ± 1.96·√(φ·(1/x₁ + 1/x₀))), φ = max(1, variance / mean of the daily counts); the exact interval of x/φ where a count is 0.",
	"9.14": "Benjamini and Hochberg: over the ordered p, the smallest m/j·p₍ⱼ₎ with j ≥ i; one family a metric, of one p a pause.",
	"10.1": "Every start × end that the words can mean: the moment of the statement (both bounds), the midnight after it, a date that was named, an end less the duration; the end of the day before or of the day named, or start + duration; read in each zone. Exposure is night hours inside: nights wholly inside count for certain, nights touched possibly.",
	"10.2": "lo counts nights or days wholly inside the window, as far as certain; hi those that it touches, as far as possible. Where no row has a known target a reading of energy only is not evaluable, never 0 to all.",
	"10.3": "Expected = x₀·t₁/t₀, from 28, 56 or 84 days that end 0, 3 or 7 days before the earliest start of the pause; days of other pauses are left out. Primary: 56 days, 7 days of wash-out.",
	"10.5": "Zero events can bring a two-sided 95 % interval below 1 only if more than 3.69 are expected, more where the baseline is small or counts come in waves.",
	"10.6": "Not evaluable, before the count is looked at: fewer than 3 expected, zero events would not bring the interval below 1, coverage below 0.8, or a window less than 28 days old. Else fewer, more or no detectable change if all evaluable readings say so, or it depends on the reading.",
	"10.7": "Over the evaluable readings at the primary baseline; ln RR ranges most along the dimension named when it alone changes.",
	"C1":   "Cold day: tmin_c ≤ θ for θ = 0, −5, −10, −15, −20 °C.",
	"C2":   "Cold spell: a maximal run of at least w days with tmean_c < θ. A missing day ends the run and is marked, and so is a run at either end of the record.",
	"C5":   "Wind chill, with T in °C and V in km/h at 10 m: 13.12 + 0.6215·T − 11.37·V^0.16 + 0.3965·T·V^0.16 for V ≥ 5, else T + (−1.59 + 0.1345·T)·V/5; null if T > 0.",
	"C6":   "Heating degree day: 18 − tmean_c if tmean_c ≤ 15, else 0; a spell has the sum of its days.",
	"C10":  "Degree hours: Σ max(0, θ − t_c) over the hours of the day, × expected/present where coverage ≥ 0.75.",
}
