"""Disputed pauses: readings from the claims, and their counts from the bulletins and alerts (methods.md 10), with scipy.

Launches over the country, nights on which bulletins name Kyiv, and alerts are
recomputed; hours and strikes on energy, which are evaluable nowhere, are not.
"""

import datetime as dt
import math
from collections import defaultdict
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import yaml
from scipy import stats
from statsmodels.stats import rates

from . import alerts, strikes
from .check import DAY, KYIV, UTC, hours_between, local, local_date, midnight

ZONES = [KYIV, ZoneInfo("Europe/Moscow")]
BASELINES = [(days, washout) for days in (28, 56, 84) for washout in (0, 3, 7)]
PRIMARY = "b56_w7"
LAUNCHED = {"launched_drone": "drone", "launched_ballistic": "ballistic", "launched_cruise": "cruise", "launched_all": "all"}
COMPARED = ["rr_lo_obs", "rr_hi_obs", "ci_lo", "ci_hi", "p", "p_mid", "p_etest", "ci_adj_lo", "ci_adj_hi", "p_adj", "pred_p",
            "placebo_rank", "placebo_m"]  # empty where the design refuses, but for too little expected
COLUMNS = ["obs_lo", "obs_hi", "t1_h", "x0_lo", "x0_hi", "t0_h", "exp_lo", "exp_hi", "window_coverage", "baseline_coverage", "phi",
           *COMPARED, "rr_detectable80", "evaluable"]
MOST_ETEST = 60  # events: the E-test of statsmodels sums over a grid of counts, so that munitions would take hours
LEAST_EXPECTED, LEAST_COVERAGE = 3, 0.8
Z95 = stats.norm.ppf(0.975)


def date_in(zone, day):
    return dt.datetime.combine(day, dt.time(), zone).astimezone(UTC)


def midnight_after(at, zone):
    """The first midnight of the zone that is not before the instant."""
    m = date_in(zone, at.astimezone(zone).date())
    return m if m == at else date_in(zone, at.astimezone(zone).date() + DAY)


def windows(claim, longest):
    """10.1: every start with every end, in every zone."""
    said = (claim["statement_lo_utc"].astimezone(UTC), claim["statement_hi_utc"].astimezone(UTC))
    length = claim["duration_h"] if claim["duration_h"] is not None else longest
    found = set()
    for zone in ZONES:
        starts = {*said, *(midnight_after(at, zone) for at in said)}
        if claim["start_date"]:
            first = date_in(zone, claim["start_date"])
            starts = {first} | {s for s in starts if s >= first}
        if claim["end_date"]:
            ends = {date_in(zone, claim["end_date"]), date_in(zone, claim["end_date"] + DAY)}
            found |= {(s, e) for s in starts for e in ends}
            if claim["duration_h"] is not None and not claim["start_date"]:
                found |= {(e - dt.timedelta(hours=claim["duration_h"]), e) for e in ends}
        elif length is not None:
            found |= {(s, s + dt.timedelta(hours=length)) for s in starts}
    return found


def read_claims(data):
    """{(pause, claim, start, end, places, targets)} and the claims that have no window."""
    readings, without = set(), set()
    for path in sorted((data / "claims").glob("*.yaml")):
        pause = yaml.safe_load(path.read_text())
        longest = max((c["duration_h"] for c in pause["claims"] if c["duration_h"] is not None), default=None)
        for claim in pause["claims"]:
            if claim["stance"] in ("denies", "conditional") or not claim["places"] or not claim["targets"]:
                without.add(claim["claim_id"])
                continue
            readings |= {(pause["pause_id"], claim["claim_id"], s, e, "+".join(places), targets)
                         for s, e in windows(claim, longest) for places in claim["places"] for targets in claim["targets"]}
    return readings, without


# Since December 2025 alerts are declared mostly by raion: the settings say so, under series_breaks.
ALERT_BREAKS = [(dt.date(2025, 12, 1), dt.date(2026, 1, 1))]


class Series:
    """Counts by night or civil day, as bounds; a day that is not in known has none."""

    def __init__(self, nightly, lo, hi, breaks=()):
        self.nightly, self.lo, self.hi, self.breaks = nightly, lo, hi, breaks
        self.known = {d for d in lo if lo[d] is not None and hi[d] is not None}

    def unit(self, day):
        """The night that ends on a day, 18:00 to 09:00, or the day."""
        if self.nightly:
            return local(day - DAY, 18 * 60), local(day, 9 * 60)
        return midnight(day), midnight(day + DAY)


def launched(bulletins, keys, weapon):
    """By night; what is known by date only may belong to either night of the date."""
    sums = defaultdict(list)
    for r in bulletins:
        if r.weapon != "reconnaissance" and weapon in ("all", r.weapon):
            sums[r.key].append(r.launched)
    lo, hi = {}, {}
    for day in {d for d, part in keys if part != "day"}:
        lo[day] = strikes.strict(sums[day, "night"])
        hi[day] = strikes.strict(sums[day, "night"] + sums[day, "date"] + sums[day - DAY, "date"])
    return Series(True, lo, hi)


def named(bulletins, keys, places):
    """Nights on which a row names the places: "Kyiv oblast" for certain only where both it and the city are meant."""
    both = places == ["UA80", "UA32"]
    sure, may = defaultdict(bool), defaultdict(bool)
    for r in bulletins:
        if r.weapon == "reconnaissance" or r.key[1] == "day":
            continue
        city, oblast = strikes.names(r.named, "UA80"), strikes.names(r.named, "UA32")
        if r.key[1] == "night":
            sure[r.key[0]] |= city or both and oblast
        may[r.key] |= city or oblast
    nights = {d for d, part in keys if part == "night"}
    hi = {d: int(may[d, "night"] or may[d, "date"] or may[d - DAY, "date"]) for d in nights}
    return Series(True, {d: int(sure[d]) for d in nights}, hi)


@cache
def compare(x1, t1, x0, t0):
    """Rate ratio, its exact limits, p, mid-p and p of the E-test (9.2); None where unbounded or unknown, or too many for the E-test."""
    if x1 == x0 == 0:
        return None, None, None, 1.0, 1.0, 1.0
    p, n = t1 / (t1 + t0), x1 + x0
    below, above = stats.binom.cdf(x1, n, p), stats.binom.sf(x1 - 1, n, p)
    half = stats.binom.pmf(x1, n, p) / 2
    if not x0:  # statsmodels divides by the rate of the second sample
        return None, *limits(x1, t1, x0, t0), min(1.0, 2 * min(below, above)), min(1.0, 2 * min(below - half, above - half)), None
    etest = rates.test_poisson_2indep(int(x1), t1, int(x0), t0, method="etest").pvalue if max(x1, x0) <= MOST_ETEST else None
    return ((x1 / t1) / (x0 / t0) if x0 else None, *limits(x1, t1, x0, t0), min(1.0, 2 * min(below, above)),
            min(1.0, 2 * min(below - half, above - half)), etest)


def limits(x1, t1, x0, t0):
    def odds(q):
        return q / (1 - q) * t0 / t1
    return (odds(stats.beta.ppf(0.025, x1, x0 + 1)) if x1 else 0.0, odds(stats.beta.ppf(0.975, x1 + 1, x0)) if x0 else None)


def adjusted(x1, t1, x0, t0, phi, z=Z95):
    """Limits when counts vary φ times more than Poisson's (10.4); exact where a count is worth less than one event."""
    if not x1 and not x0:
        return None, None
    if x1 < phi or x0 < phi:
        return limits(x1 / phi, t1, x0 / phi, t0)
    rr, half = (x1 / t1) / (x0 / t0), z * math.sqrt(phi * (1 / x1 + 1 / x0))
    return rr * math.exp(-half), rr * math.exp(half)


def adjusted_p(x1, t1, x0, t0, phi):
    """Two-sided p that agrees with the limits of adjusted."""
    if x1 < phi or x0 < phi:
        a, b = x1 / phi, x0 / phi
        return min(1.0, 2 * min(stats.beta.cdf(t0 / (t0 + t1), b, a + 1) if b else 1.0, stats.beta.cdf(t1 / (t0 + t1), a, b + 1) if a else 1.0))
    return 2 * stats.norm.sf(abs(math.log((x1 / t1) / (x0 / t0))) / math.sqrt(phi * (1 / x1 + 1 / x0)))


def dispersion(values):
    if len(values) < 2:
        return None
    return max(1.0, np.var(values, ddof=1) / np.mean(values)) if sum(values) else 1.0


def result(series, window, earliest, others, days, washout, munitions):
    """A row of pause_result."""
    begins, ends = window
    row = dict.fromkeys(COLUMNS) | {"evaluable": False}
    span = [local_date(begins) + i * DAY for i in range(-1, (local_date(ends) - local_date(begins)).days + 3)]
    touched = [d for d in span if series.unit(d)[0] < ends and series.unit(d)[1] > begins]
    inside = {d: hours_between(max(begins, series.unit(d)[0]), min(ends, series.unit(d)[1])) for d in touched}
    whole = [d for d in touched if begins <= series.unit(d)[0] and series.unit(d)[1] <= ends]
    known = [d for d in touched if d in series.known]
    row["t1_h"] = t1 = math.fsum(inside[d] for d in known)
    row["window_coverage"] = t1 / math.fsum(inside.values()) if inside else None
    if t1:
        row["obs_lo"] = float(sum(series.lo[d] for d in whole if d in series.known))
        row["obs_hi"] = float(sum(series.hi[d] for d in known))

    last = local_date(earliest)
    while series.unit(last)[1] > earliest:
        last -= DAY
    baseline = [last - (washout + days - 1 - k) * DAY for k in range(days)]
    use = [d in series.known and not any(series.unit(d)[0] < e and series.unit(d)[1] > s for s, e in others) for d in baseline]
    used = [d for d, u in zip(baseline, use) if u]
    row["baseline_coverage"] = len(used) / days
    row["t0_h"] = t0 = math.fsum(hours_between(*series.unit(d)) for d in used)
    if not used:
        return row
    row["x0_lo"], row["x0_hi"] = float(sum(series.lo[d] for d in used)), float(sum(series.hi[d] for d in used))
    row["exp_lo"], row["exp_hi"] = row["x0_lo"] * t1 / t0, row["x0_hi"] * t1 / t0
    row["phi"] = phi = max(dispersion([series.lo[d] for d in used]), dispersion([series.hi[d] for d in used]))
    ended = local_date(ends - dt.timedelta(microseconds=1))
    if any(baseline[0] < end and ended >= begin for begin, end in series.breaks):
        return row
    known_whole = [d for d in whole if d in series.known]
    if not known_whole or row["window_coverage"] < LEAST_COVERAGE or row["baseline_coverage"] < LEAST_COVERAGE:
        return row

    lo = compare(row["obs_lo"], t1, row["x0_hi"], t0)
    hi = compare(row["obs_hi"], t1, row["x0_lo"], t0)
    row |= {"rr_lo_obs": lo[0], "rr_hi_obs": hi[0], "ci_lo": lo[1], "ci_hi": hi[2]}
    between = lo[0] is not None and lo[0] < 1 and (hi[0] is None or hi[0] > 1)
    for column, of in (("p", 3), ("p_mid", 4), ("p_etest", 5)):
        row[column] = 1.0 if between else None if lo[of] is None or hi[of] is None else max(lo[of], hi[of])
    p_adj = adjusted_p(row["obs_lo"], t1, row["x0_hi"], t0, phi), adjusted_p(row["obs_hi"], t1, row["x0_lo"], t0, phi)
    row["p_adj"] = 1.0 if between else max(p_adj)
    row["ci_adj_lo"] = adjusted(row["obs_lo"], t1, row["x0_hi"], t0, phi)[0]
    row["ci_adj_hi"] = adjusted(row["obs_hi"], t1, row["x0_lo"], t0, phi)[1]
    row["pred_p"] = float(stats.nbinom.cdf(row["obs_hi"], row["x0_lo"] + 0.5, t0 / (t0 + t1)))
    total, m, least = sum(series.hi[d] for d in known_whole), 0, 0
    for k in range(days - len(known_whole) + 1):
        if all(use[k:k + len(known_whole)]):
            m += 1
            least += sum(series.hi[d] for d in baseline[k:k + len(known_whole)]) <= total * (1 + 1e-12)  # hours have fractions
    row["placebo_rank"], row["placebo_m"] = (1 + least) / (1 + m), m

    by = phi if munitions else 1.0
    zero = adjusted(0, t1, row["x0_lo"], t0, by)[1]
    row["evaluable"] = row["exp_lo"] >= LEAST_EXPECTED and zero is not None and zero < 1
    expected = row["exp_lo"] / by
    critical = int(stats.poisson.ppf(0.025, expected))
    critical -= stats.poisson.cdf(critical, expected) > 0.025
    if row["evaluable"] and critical >= 0:
        row["rr_detectable80"] = float(stats.gamma.ppf(0.2, critical + 1) / expected)
    return row


def check(checks, run, data):
    readings, without = read_claims(data)
    t = run.table("pause_reading")
    published = [tuple(t[c][i] for c in ("pause_id", "claim_id", "start_utc", "end_utc", "places", "targets")) for i in range(len(t["reading_id"]))]
    got = {r[:2] + tuple(at.astimezone(UTC) for at in r[2:4]) + r[4:] for r in published if r[2]}
    checks.same("pause_reading", dict.fromkeys(got, True), dict.fromkeys(readings, True))
    checks.equal("claims without a window", {r[1] for r in published if not r[2]}, without)
    reversed_ = {t["reading_id"][i] for i, r in enumerate(published) if r[2] and r[2] >= r[3]}
    checks.equal("readings that are kept", {t["reading_id"][i] for i, kept in enumerate(t["is_kept"]) if kept},
                 {t["reading_id"][i] for i, r in enumerate(published) if r[2]} - reversed_)

    bulletins = strikes.read(data)
    keys = {r.key for r in bulletins}
    launches = {m: launched(bulletins, keys, w) for m, w in LAUNCHED.items()}
    alert_days = alerts.counts(alerts.read(data), "UA80", run)
    of_city = Series(False, alert_days, alert_days, ALERT_BREAKS)
    series_of = {"UA": launches}  # by places
    spans = defaultdict(list)
    for pause, _, s, e, _, _ in got:
        if s < e:
            spans[pause].append((s, e))
    want, wanted = {}, defaultdict(dict)
    for i, (pause, _, s, e, places, targets) in enumerate(published):
        if not s or s >= e or targets != "all":
            continue
        others = [w for p, of in spans.items() if p != pause for w in of]
        earliest = min(w[0] for w in spans[pause])
        series = series_of.get(places)
        if series is None:
            series = {"nights_named": named(bulletins, keys, places.split("+"))} | ({"alerts_n": of_city} if places == "UA80" else {})
            series_of[places] = series
        whole_nights = t["nights_whole"][i]
        for metric, of in series.items():
            for days, washout in BASELINES:
                row = result(of, (s.astimezone(UTC), e.astimezone(UTC)), earliest, others, days, washout, metric in LAUNCHED)
                if not whole_nights:
                    row |= dict.fromkeys(COMPARED) | {"evaluable": False, "rr_detectable80": None}
                want[t["reading_id"][i], metric, f"b{days}_w{washout}"] = row
    for column in COLUMNS:
        got_cells = run.cells("pause_result", column, ["reading_id", "metric", "baseline_id"])
        made = {k: row[column] for k, row in want.items()}
        if column == "p_etest":  # compared where statsmodels was asked
            made = {k: v for k, v in made.items() if v is not None}
            print(f"  {len(made)} p of the E-test beside statsmodels")
        checks.same(f"pause_result.{column}", {k: got_cells.get(k) for k in made}, made)
    check_hours(checks, run, published, t["nights_whole"], t["reading_id"], spans)
    evaluable = {k for k, v in run.cells("pause_result", "evaluable", ["reading_id", "metric", "baseline_id"]).items() if v}
    checks.that("no other row is evaluable", evaluable <= set(want), sorted(evaluable - set(want))[:3])
    print(f"  {len(readings)} readings, {len(want)} results recomputed, {len(evaluable)} of them evaluable")
    check_verdicts(checks, run, t)
    check_methods(checks, launches["launched_drone"])


HOURS = {"alert_h": ("alert_h", "alert_h"), "sched_off_h": ("sched_off_h_lo", "sched_off_h_hi")}


def check_hours(checks, run, published, nights_whole, ids, spans):
    """Hours are no counts (10.4): what was seen and its placebo rank, from the hours of area_day, which are recomputed elsewhere."""
    for metric, columns in HOURS.items():
        lo, hi = ({day: v for (area, day), v in run.cells("area_day", c, ["area_id", "date_local"]).items() if area == "UA80"} for c in columns)
        of_city = Series(False, lo, hi, ALERT_BREAKS if metric == "alert_h" else ())
        want = {}
        for i, (pause, _, s, e, places, targets) in enumerate(published):
            if not s or s >= e or targets != "all" or places != "UA80":
                continue
            others = [w for p, of in spans.items() if p != pause for w in of]
            earliest = min(w[0] for w in spans[pause])
            for days, washout in BASELINES:
                row = result(of_city, (s.astimezone(UTC), e.astimezone(UTC)), earliest, others, days, washout, False)
                if not nights_whole[i]:
                    row |= dict.fromkeys(COMPARED)
                want[ids[i], metric, f"b{days}_w{washout}"] = row
        for column in ("obs_lo", "obs_hi", "t1_h", "placebo_rank", "placebo_m"):
            got = run.cells("pause_result", column, ["reading_id", "metric", "baseline_id"])
            checks.same(f"pause_result.{column} of {metric}", {k: got.get(k) for k in want}, {k: row[column] for k, row in want.items()})
        ratios = run.cells("pause_result", "rr_lo_obs", ["reading_id", "metric", "baseline_id"])
        checks.that(f"{metric} has no ratio", not any(v is not None for k, v in ratios.items() if k[1] == metric))


def check_verdicts(checks, run, readings):
    """10.6, from the published results at the primary baseline."""
    pause_of = dict(zip(readings["reading_id"], readings["pause_id"]))
    r = run.table("pause_result")
    intervals, ratios = defaultdict(list), defaultdict(list)
    for i, reading in enumerate(r["reading_id"]):
        if r["evaluable"][i]:
            by = "ci_adj" if r["decided_by"][i] == "adjusted" else "ci"
            key = pause_of[reading], r["metric"][i], r["baseline_id"][i]
            intervals[key].append((r[by + "_lo"][i], r[by + "_hi"][i] if r[by + "_hi"][i] is not None else math.inf))
            ratios[key] += [r["rr_lo_obs"][i], r["rr_hi_obs"][i] if r["rr_hi_obs"][i] is not None else math.inf]
    agree = defaultdict(int)
    s = run.table("pause_sensitivity")
    primary = {}
    for i, key in enumerate(zip(s["pause_id"], s["metric"], s["baseline_id"])):
        known = s["targets_are"][i] == "known"
        of, ratio = (intervals[key], ratios[key]) if known else ([], [])
        want = (verdict(of), len(of), *((min(ratio), float(np.median(ratio)), max(ratio)) if ratio else (None,) * 3))
        got = tuple(s[c][i] for c in ("verdict", "n_evaluable", "rr_smallest", "rr_median", "rr_largest"))
        checks.that(f"sensitivity of {key} with targets {s['targets_are'][i]}", got[:2] == want[:2] and all(
            g == w or g is None and w == math.inf or None not in (g, w) and math.isclose(g, w, rel_tol=1e-9) for g, w in zip(got[2:], want[2:])), (got, want))
        primary[key[:2] + (s["targets_are"][i],)] = verdict(intervals[key[:2] + (PRIMARY,)] if known else [])
    for i, key in enumerate(zip(s["pause_id"], s["metric"], s["baseline_id"])):
        scope = key[:2] + (s["targets_are"][i],)
        agree[scope] += key[2] != PRIMARY and s["verdict"][i] == primary[scope]
    t = run.table("pause_summary")
    for i, key in enumerate(zip(t["pause_id"], t["metric"])):
        of = intervals[key + (PRIMARY,)] if t["targets_are"][i] == "known" else []
        checks.equal(f"verdict on {key} with targets {t['targets_are'][i]}", t["verdict"][i], verdict(of))
        checks.equal(f"evaluable readings of {key} with targets {t['targets_are'][i]}", t["n_evaluable"][i], len(of))
        checks.equal(f"baselines that agree on {key} with targets {t['targets_are'][i]}", t["n_baselines_agree"][i], agree[key + (t["targets_are"][i],)])


def verdict(intervals):
    """The words of 10.6."""
    if not intervals:
        return "not evaluable"
    if all(hi < 1 for _, hi in intervals):
        return "fewer under every reading"
    if all(lo > 1 for lo, _ in intervals):
        return "more under every reading"
    if all(lo <= 1 <= hi for lo, hi in intervals):
        return "no detectable change"
    return "depends on the reading"


def check_methods(checks, series):
    """The real check of methods.md 10: Shahed-type launches to 29 March 2025 against the 28 nights before."""
    for start, nights, x1, x0, rr, lo, hi in ((dt.date(2025, 3, 19), 11, 1632, 4190, .9914515, .7892779, 1.2454118),
                                              (dt.date(2025, 3, 26), 4, 538, 3969, .9488536, .6831693, 1.3178625)):
        window = [series.hi[start + i * DAY] for i in range(nights)]
        before = [series.hi[start - i * DAY] for i in range(1, 29)]
        limits_ = adjusted(sum(window), nights, sum(before), 28, dispersion(before), z=1.96)  # the digits that are printed there
        checks.equal(f"{nights} nights from {start}", (sum(window), sum(before)), (x1, x0))
        found = [(sum(window) / nights) / (sum(before) / 28), *limits_]
        checks.that(f"ratio of {nights} nights from {start}", np.allclose(found, [rr, lo, hi], rtol=0, atol=6e-8), found)
