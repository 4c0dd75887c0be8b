"""The declared regressions against statsmodels and plain numpy (methods.md 9.3 to 9.6, 9.14, 9.16).

Estimates are those of statsmodels' GLM with every stratum as a column; standard
errors are summed here from the scores, days apart counted by date.
"""

import math
from collections import defaultdict

import numpy as np
import statsmodels.api as sm
from scipy import stats

from .seasons import winters

LAGS = 7
LEAST_DAYS = 60
# outcome, exposure, per, lags, strata, pooled
PLAN = {
    "alerts_cold": ("alerts_n", "tmin_c", -10, 0, True, False),
    "alerts_cold_pooled": ("alerts_n", "tmin_c", -10, 0, True, True),
    "customers_cold": ("out_ch_lo", "tmin_c", -10, 3, False, False),
}
COLUMNS = ("estimate", "se", "se_naive", "effect", "effect_lo", "effect_hi", "p_value", "p_bh", "e_value")


def rows_of(of, area, outcome, exposure, lags):
    """Days of the winters of an area: series, position in it, stratum, y and the exposure at each lag."""
    rows = []
    for label, days in winters(of[area]):
        x = [of[area].get(d, {}).get(exposure) for d in days]
        for i, day in enumerate(days):
            stratum = (area, label, i // 28, day.weekday())
            rows.append(((area, label), i, stratum, of[area].get(day, {}).get(outcome), [x[i - k] if i >= k else None for k in range(lags + 1)]))
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


def covariance(rows, y, design, result, pooled):
    """Newey–West over days of one winter, n/(n−k); or sums of scores of areas, G/(G−1)."""
    bread = np.linalg.inv(design.T @ (design * result.mu[:, None]))
    scores = design * (y - result.mu)[:, None]
    if pooled:
        areas = defaultdict(lambda: 0)
        for r, s in zip(rows, scores):
            areas[r[0][0]] = areas[r[0][0]] + s
        g = len(areas)
        return bread @ sum(np.outer(s, s) for s in areas.values()) @ bread * g / (g - 1), bread, g
    meat = scores.T @ scores
    at = {(r[0], r[1]): i for i, r in enumerate(rows)}
    for lag in range(1, LAGS + 1):
        pairs = [(i, at[series, position + lag]) for (series, position), i in at.items() if (series, position + lag) in at]
        a, b = scores[[i for i, _ in pairs]], scores[[j for _, j in pairs]]
        cross = a.T @ b
        meat = meat + (1 - lag / (LAGS + 1)) * (cross + cross.T)
    n, k = design.shape
    return bread @ meat @ bread * n / (n - k), bread, None


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
    shown = {(got["model_id"][i]): {c: got[c][i] for c in (*COLUMNS, "evaluable")} for i in range(len(got["model_id"])) if got["model_id"][i].split(".")[0] in PLAN}
    days = dict(zip(fits["model_id"], fits["n"]))
    areas = sorted(set(of) - {"UA"})
    for plan, (outcome, exposure, per, lags, by_stratum, pooled) in PLAN.items():
        every = {a: rows_of(of, a, outcome, exposure, lags) for a in areas}
        enough = {a: rows for a, rows in every.items() if sum(r[3] is not None and r[4][0] is not None for r in rows) >= LEAST_DAYS}
        jobs = {f"{plan}.UA": [r for a in enough if a.startswith("UA") for r in enough[a]]} if pooled else {f"{plan}.{a}": rows for a, rows in enough.items()}
        want, n = {}, {}
        for model, rows in jobs.items():
            rows, y, design, result = fit(rows, by_stratum)
            v, bread, clusters = covariance(rows, y, design, result, pooled)
            w = np.zeros(design.shape[1])
            w[: lags + 1] = per
            b, se = w @ result.params, math.sqrt(w @ v @ w)
            spread = stats.t(clusters - 1) if clusters else stats.norm
            half = spread.ppf(0.975) * se
            n[model] = len(rows)
            want[model] = {"estimate": b, "se": se, "se_naive": math.sqrt(w @ bread @ w), "effect": math.exp(b), "effect_lo": math.exp(b - half),
                           "effect_hi": math.exp(b + half), "p_value": 2 * spread.sf(abs(b) / se), "e_value": e_value(math.exp(b)), "evaluable": True}
        order = sorted(want, key=lambda m: want[m]["p_value"])
        smallest = 1.0
        for rank in range(len(order), 0, -1):
            smallest = min(smallest, want[order[rank - 1]]["p_value"] * len(order) / rank)
            want[order[rank - 1]]["p_bh"] = smallest
        mine = {m: row for m, row in shown.items() if m.split(".")[0] == plan}
        for c in COLUMNS:
            checks.same(f"model_term.{c} of {plan}", {m: row[c] for m, row in mine.items() if row["evaluable"]}, {m: row[c] for m, row in want.items()}, 1e-6)
        checks.that(f"model_term of {plan}: what is not evaluable has no number", all(row[c] is None for row in mine.values() if not row["evaluable"] for c in COLUMNS))
        checks.same(f"model_fit.n of {plan}", {m: days[m] for m in n}, n)
        print(f"  {plan}: {len(want)} of {len(mine)} evaluable")
    pooled = [i for i, m in enumerate(fits["model_id"]) if m == "announced_launches_cold_pooled.UA"]
    checks.that("outages on launches are not evaluable: fewer than five areas", len(pooled) == 1 and not fits["evaluable"][pooled[0]], pooled)
