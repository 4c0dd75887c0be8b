"""The declared regressions against statsmodels and plain numpy (methods.md 9.3 to 9.6, 9.9, 9.14, 9.16).

Estimates are those of statsmodels' GLM with every stratum as a column; standard
errors are summed here from the scores, days apart counted by date, and the quantiles
of fixed-b are those of Student's t solved for the polynomial of Kiefer and Vogelsang.
"""

import datetime as dt
import math
from collections import defaultdict

import numpy as np
import statsmodels.api as sm
from scipy import optimize, stats

from .seasons import winters

LAGS = 7
LEAST_DAYS = 60
# outcome, exposure, per, lags, strata, pooled
PLAN = {
    "alerts_cold": ("alerts_n", "tmin_c", -10, 0, True, False),
    "alerts_cold_pooled": ("alerts_n", "tmin_c", -10, 0, True, True),
    "customers_cold": ("out_ch_lo", "tmin_c", -10, 3, False, False),
}
INTERRUPTED = ("alerts_from_december", "alerts_n", dt.date(2025, 12, 1))
LEAST_SIDE = 14
COLUMNS = ("estimate", "se", "se_nw7", "se_area", "se_naive", "effect", "effect_lo", "effect_hi", "p_value", "p_bh", "e_value")


def rows_of(of, area, outcome, exposure, lags):
    """Days of the winters of an area: series, position in it, stratum, y, the exposure at each lag and the date."""
    rows = []
    for label, days in winters(of[area]):
        x = [of[area].get(d, {}).get(exposure) for d in days]
        for i, day in enumerate(days):
            stratum = (area, label, i // 28, day.weekday())
            rows.append(((area, label), i, stratum, of[area].get(day, {}).get(outcome), [x[i - k] if i >= k else None for k in range(lags + 1)], day))
    return rows


def fit(rows, by_stratum):
    """Drops what is unknown and strata without events or with one day; fits with a column for each stratum or winter."""
    rows = [r for r in rows if r[3] is not None and None not in r[4]]
    group = [r[2] if by_stratum else r[0] for r in rows]
    size, events = defaultdict(int), defaultdict(float)
    for g, r in zip(group, rows):
        size[g] += 1
        events[g] += r[3]
    keep = [i for i, g in enumerate(group) if size[g] > 1 and events[g] > 0]
    rows, group = [rows[i] for i in keep], [group[i] for i in keep]
    number = {g: i for i, g in enumerate(dict.fromkeys(group))}
    y = np.array([r[3] for r in rows], float)
    x = np.array([r[4] for r in rows], float)
    strata = np.zeros((len(rows), len(number)))
    strata[np.arange(len(rows)), [number[g] for g in group]] = 1
    design = np.hstack([x, strata])
    result = sm.GLM(y, design, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=200)
    return rows, y, design, result


def long_lags(n):
    return max(min(LAGS, n - 1), min(math.ceil(3 * math.sqrt(n)), (n - 1) // 2))


def fixed_b(lags, n):
    """Degrees of freedom at which Student's t has the quantile of 97.5 % for a share of lags."""
    b = min(1, (lags + 1) / n)
    quantile = 1.9600 + 2.9694 * b + 0.4160 * b**2 - 0.5324 * b**3
    return math.exp(optimize.brentq(lambda x: stats.t.ppf(0.975, math.exp(x)) - quantile, 0, math.log(1e6), xtol=1e-13))


def weighted(sums, places, lags):
    """Sum of products of scores of days up to lags apart, with the weights of Bartlett; places are (series, position)."""
    meat = sums.T @ sums
    at = {place: i for i, place in enumerate(places)}
    for lag in range(1, lags + 1):
        pairs = [(i, at[series, position + lag]) for (series, position), i in at.items() if (series, position + lag) in at]
        if pairs:
            cross = sums[[i for i, _ in pairs]].T @ sums[[j for _, j in pairs]]
            meat = meat + (1 - lag / (lags + 1)) * (cross + cross.T)
    return meat


def grouped(rows, scores, key):
    """Scores summed within groups of rows, by group."""
    sums = defaultdict(lambda: 0)
    for r, s in zip(rows, scores):
        sums[key(r)] = sums[key(r)] + s
    return sums


def covariances(rows, y, design, result, pooled):
    """The covariance of the run, its degrees of freedom, the one beside it, and that of independent days."""
    bread = np.linalg.inv(design.T @ (design * result.mu[:, None]))
    scores = design * (y - result.mu)[:, None]
    n, k = design.shape
    if pooled:
        days = grouped(rows, scores, lambda r: (0, r[5].toordinal()))
        lags = long_lags(len(days))
        meat, df = weighted(np.array(list(days.values())), list(days), lags), fixed_b(lags, len(days))
        areas = grouped(rows, scores, lambda r: r[0][0])
        beside = sum(np.outer(s, s) for s in areas.values()) * len(areas) / (len(areas) - 1)
    else:
        places, lags = [(r[0], r[1]) for r in rows], long_lags(n)
        meat, df = weighted(scores, places, lags), fixed_b(lags, n)
        beside = weighted(scores, places, LAGS) * n / (n - k)
    return bread @ meat @ bread * n / (n - k), df, bread @ beside @ bread, bread


def interruption(rows, day):
    """An effect of level and of slope from a day on: quasi-likelihood with the effective number of days of AR(1)."""
    x = np.array([[1, i + 1, d >= day, max(0, (d - day).days + 1)] for _, i, _, _, _, d in rows], float)
    y = np.array([r[3] for r in rows], float)
    result = sm.GLM(y, x, family=sm.families.Poisson()).fit(tol=1e-14, maxiter=200)
    e = (y - result.mu) / np.sqrt(result.mu)
    n, k = x.shape
    place = {r[1]: i for i, r in enumerate(rows)}
    products = [e[i] * e[place[p + 1]] for p, i in place.items() if p + 1 in place]
    rho = min(0.97, max(0, (np.mean(products) / np.mean(e**2) + k / n) / (1 - (k + 2) / n)))
    free = max(1, n * (1 - rho) / (1 + rho) - k)
    bread = np.linalg.inv(x.T @ (x * result.mu[:, None]))
    scores = x * (y - result.mu)[:, None]
    beside = bread @ weighted(scores, [(r[0], r[1]) for r in rows], LAGS) @ bread * n / (n - k)
    return {"level": 2, "slope": 3}, result.params, bread * (e**2).sum() / free, free, beside, bread


def effect(w, params, v, df, beside, bread, pooled, ratio_only=False):
    """Cells of model_term of a combination of coefficients."""
    b, se = w @ params, math.sqrt(w @ v @ w)
    half = stats.t.ppf(0.975, df) * se
    other = math.sqrt(w @ beside @ w)
    return {"estimate": b, "se": se, "se_nw7": None if pooled else other, "se_area": other if pooled else None, "se_naive": math.sqrt(w @ bread @ w),
            "effect": math.exp(b), "effect_lo": math.exp(b - half), "effect_hi": math.exp(b + half), "p_value": 2 * stats.t.sf(abs(b) / se, df),
            "e_value": None if ratio_only else e_value(math.exp(b)), "evaluable": True}


def adjust(want):
    """p adjusted within a family after Benjamini and Hochberg, in place."""
    order = sorted(want, key=lambda m: want[m]["p_value"])
    smallest = 1.0
    for rank in range(len(order), 0, -1):
        smallest = min(smallest, want[order[rank - 1]]["p_value"] * len(order) / rank)
        want[order[rank - 1]]["p_bh"] = smallest


def e_value(ratio):
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def check(checks, run, data):
    t = run.whole("area_day")
    of = defaultdict(dict)
    for i, (area, day) in enumerate(zip(t["area_id"], t["date_local"])):
        of[area][day] = {c: t[c][i] for c in ("alerts_n", "tmin_c", "out_ch_lo")}
    got = run.whole("model_term")
    fits = run.whole("model_fit")
    plans = (*PLAN, INTERRUPTED[0])
    shown = {(got["model_id"][i], got["term"][i]): {c: got[c][i] for c in (*COLUMNS, "evaluable")} for i in range(len(got["model_id"])) if got["model_id"][i].split(".")[0] in plans}
    days = dict(zip(fits["model_id"], fits["n"]))
    areas = sorted(set(of) - {"UA"})

    def compare(plan, want, mine):
        adjust(want)
        for c in COLUMNS:
            checks.same(f"model_term.{c} of {plan}", {m: row[c] for m, row in mine.items() if row["evaluable"]}, {m: row[c] for m, row in want.items()}, 1e-6)
        checks.that(f"model_term of {plan}: what is not evaluable has no number", all(row[c] is None for row in mine.values() if not row["evaluable"] for c in COLUMNS))
        print(f"  {plan}: {len(want)} of {len(mine)} evaluable")

    for plan, (outcome, exposure, per, lags, by_stratum, pooled) in PLAN.items():
        every = {a: rows_of(of, a, outcome, exposure, lags) for a in areas}
        enough = {a: rows for a, rows in every.items() if sum(r[3] is not None and r[4][0] is not None for r in rows) >= LEAST_DAYS}
        jobs = {f"{plan}.UA": [r for a in enough if a.startswith("UA") for r in enough[a]]} if pooled else {f"{plan}.{a}": rows for a, rows in enough.items()}
        want, n = {}, {}
        for model, rows in jobs.items():
            rows, y, design, result = fit(rows, by_stratum)
            w = np.zeros(design.shape[1])
            w[: lags + 1] = per
            n[model] = len(rows)
            want[model] = effect(w, result.params, *covariances(rows, y, design, result, pooled), pooled)
        compare(plan, want, {m: row for (m, _), row in shown.items() if m.split(".")[0] == plan})
        checks.same(f"model_fit.n of {plan}", {m: days[m] for m in n}, n)

    plan, outcome, day = INTERRUPTED
    want = {"level": {}, "slope": {}}
    for a in areas:
        rows = [r for r in rows_of(of, a, outcome, "tmin_c", 0) if r[3] is not None and any(label == r[0][1] and day in winter for label, winter in winters(of[a]))]
        if len(rows) < LEAST_DAYS or min(sum(r[5] < day for r in rows), sum(r[5] >= day for r in rows)) < LEAST_SIDE or not any(r[3] for r in rows):
            continue
        terms, params, *rest = interruption(rows, day)
        for term, column in terms.items():
            want[term][f"{plan}.{a}"] = effect(np.eye(4)[column], params, *rest, False, ratio_only=True)
    for term, rows in want.items():
        compare(f"{plan}, {term}", rows, {m: row for (m, t), row in shown.items() if m.split(".")[0] == plan and t.startswith(term)})
    pooled = [i for i, m in enumerate(fits["model_id"]) if m == "announced_launches_cold_pooled.UA"]
    checks.that("outages on launches are not evaluable: fewer than five areas", len(pooled) == 1 and not fits["evaluable"][pooled[0]], pooled)
