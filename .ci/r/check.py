"""python check.py PROGRAM RUN WORK: the statistics of two runs against R's own functions.

One run is the shipped one. The other is of random data, made here from a seed:
twelve areas over one winter without gaps, so that the packages of R, which know
no gaps and no ends of winters, can be asked for the same numbers. R reads the
published daily tables; what it computes is compared with the published results.
"""

import csv
import datetime as dt
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

SEED = 20241101
FIRST, LAST = dt.date(2024, 10, 20), dt.date(2025, 4, 12)  # of the records; the winter is November to March
AREAS = [f"XX{n:02d}" for n in range(1, 13)]

CONFIG = """
out: ./out
period: {from: 2024-10-25, to: 2025-04-05}
areas: {files: [areas.csv]}
sources:
  - {name: temps, table: temperature_day, format: csv, files: [temps.csv]}
  - {name: alerts, table: alert, format: csv, files: [alerts.csv]}
  - {name: bulletins, table: strike, format: csv, files: [strikes.csv]}
cold: {spells: [{tmean_below_c: -5, days: 3}]}
findings:
  pairs: [{x: {column: tmin_c}, y: {column: alerts_n}}]
  launches_on_spell_days: [drone, ballistic]
analysis:
  models:
    - {id: plain, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: -10}], adjust: [season]}
    - {id: weekday, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: -10}], adjust: [season, weekday, trend]}
    - {id: strata, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: -10}], adjust: [strata]}
    - {id: lagged, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: -10}], lags_d: 7, adjust: [season]}
    - {id: surface, outcome: {column: alerts_n}, exposures: [{column: tmin_c, knots: [-10, -4, 2], boundary: [-16, 8], lag_knots: [1, 4], centre: 0}], lags_d: 10, adjust: [season]}
    - {id: hours, outcome: {column: alert_h}, exposures: [{column: tmin_c, per: -10}], family: gaussian, adjust: [season, weekday]}
    - {id: overdispersed, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: -10}], family: negative_binomial, adjust: [season]}
    - {id: between, outcome: {column: alerts_n}, exposures: [{column: alert_h, per: 1}, {column: tmin_c, per: -10}], interaction: {column: alert_h, to: 4, by: tmin_c, by_to: -10}, adjust: [season]}
    - {id: step, outcome: {column: alerts_n}, interrupted: 2025-01-15}
    - {id: pooled, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: -10}], adjust: [season], scope: pooled}
    - {id: twoway, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: -10}], adjust: [season, day], scope: pooled}
  epochs:
    - {id: frost, outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -8}, quiet_d: 4}
  changepoints:
    - {id: level, series: {column: alerts_n}}
"""


def waves(rng, n, persistence):
    """A series of mean 0 and variance 1 whose neighbours go together."""
    x = np.empty(n)
    x[0] = rng.standard_normal()
    for i in range(1, n):
        x[i] = persistence * x[i - 1] + math.sqrt(1 - persistence**2) * rng.standard_normal()
    return x


def make(work):
    """Temperatures that persist, alerts that come in waves and a little more often in cold, launches in waves."""
    rng = np.random.default_rng(SEED)
    days = [FIRST + dt.timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    n = len(days)
    with open(work / "areas.csv", "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["area_id", "parent_id", "level", "name_en", "tz", "population"])
        w.writerow(["XX", "", 0, "Synthetic country", "UTC", 12_000_000])
        w.writerows([a, "XX", 1, f"Synthetic {a}", "UTC", 1_000_000] for a in AREAS)
    common = waves(rng, n, 0.8)
    temps, alerts = [], []
    for i, a in enumerate(AREAS):
        mean = -3 + 4 * common + 3 * waves(rng, n, 0.7)
        wave = waves(rng, n, 0.6)
        count = rng.poisson(np.exp(1.6 + 0.03 * i - 0.02 * mean + 0.35 * wave))
        for d, t, k in zip(days, mean, count):
            temps.append((a, d, round(t - 3 - rng.random(), 1), round(t, 1), round(t + 3 + rng.random(), 1), "local00"))
            begin = dt.datetime.combine(d, dt.time())
            step = 86000 // max(1, k)
            for j in range(k):
                start = begin + dt.timedelta(seconds=int(j * step + rng.integers(0, step // 3)))
                alerts.append((a, start, start + dt.timedelta(seconds=int(rng.integers(60, step // 2)))))
    pd.DataFrame(temps, columns=["area_id", "date_local", "tmin_c", "tmean_c", "tmax_c", "day_definition"]).to_csv(work / "temps.csv", index=False)
    pd.DataFrame(alerts, columns=["area_id", "start_utc", "end_utc"]).to_csv(work / "alerts.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
    wave, rows = waves(rng, n, 0.5), []
    for i, d in enumerate(days):
        start = dt.datetime.combine(d - dt.timedelta(days=1), dt.time(20))
        for weapon, level in (("drone", 3.5), ("ballistic", 0.7)):
            rows.append(("XX", 0, start, start + dt.timedelta(hours=11), "night", weapon, rng.poisson(math.exp(level + 0.6 * wave[i]))))
    pd.DataFrame(rows, columns=["area_id", "area_level", "start_utc", "end_utc", "time_precision", "weapon", "launched"]).to_csv(
        work / "strikes.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
    (work / "hardship.yaml").write_text(CONFIG)


def rows(path, columns):
    """Cells of R's answer: (name, key) to a number or None."""
    with open(path, newline="") as f:
        return {(r["name"], r["key"]): None if r["value"] in ("NA", "NaN", "") else float(r["value"]) for r in csv.DictReader(f)}


def published(run):
    """Cells of a run under the names and keys that R gives them."""
    cells = {}
    table = lambda name: pq.read_table(run / "tables" / f"{name}.parquet").to_pylist()
    terms = table("model_term")
    effects = Counter(r["model_id"] for r in terms)
    for r in terms:
        key = r["model_id"] if effects[r["model_id"]] == 1 else f"{r['model_id']} {r['term']}"
        for c in ("estimate", "se", "se_nw7", "se_area", "se_naive", "effect_lo", "effect_hi", "p_value", "p_bh", "e_value", "e_value_limit"):
            cells[f"term.{c}", key] = r[c]
    for r in table("model_fit"):
        for c in ("n", "disp", "logl", "ljung_box_p", "theta", "theta_se"):
            cells[f"fit.{c}", r["model_id"]] = r[c]
    for r in table("lag_curve"):
        for c in ("fit", "se"):
            cells[f"curve.{c}", f"{r['model_id']} {r['x_value']:g} {'all' if r['cumulative'] else r['lag_d']}"] = r[c]
    for r in table("epoch"):
        for c in ("mean", "anomaly", "events_n", "difference", "p_placebo", "p_placebo_less", "p_bh", "p_smallest"):
            cells[f"epoch.{c}", f"{r['model_id']} {r['lag_d']}"] = r[c]
    for r in table("changepoint"):
        key = f"{r['series_id']} {r['penalty_rule']} {r['idx']}"
        cells["level.mean_after", key] = r["mean_after"]
        cells["level.first", key] = None if r["change_date"] is None else (r["change_date"] - dt.date(1970, 1, 1)).days
        cells["level.changes_n", key] = r["changes_n"]
    for r in table("ccf"):
        for c in ("r", "n_eff"):
            cells[f"ccf.{c}", f"{r['area_id']} {r['x_series']} {r['y_series']} {r['season']} {r['lag_d']}"] = r[c]
    for r in table("rate_ratio"):
        for c in ("rr", "ci_naive_lo", "ci_naive_hi"):
            cells[f"ratio.{c}", f"{r['area_id']} {r['season']} {r['weapon']}"] = r[c]
    for r in table("pause_result"):
        for c in ("ci_lo", "ci_hi"):
            cells[f"pause.{c}", f"{r['pause_id']} {r['reading_id']} {r['metric']} {r['baseline_id']}"] = r[c]
    return cells


def compare(name, run, work):
    """Gives R the published tables as CSV and holds what comes back against the published results."""
    work.mkdir()
    for t in ("area_day", "strike_night", "rate_ratio", "model_term", "pause_result", "ccf"):
        pq.read_table(run / "tables" / f"{t}.parquet").to_pandas().to_csv(work / f"{t}.csv", index=False)
    script = Path(__file__).with_name(f"{name}.R")
    subprocess.run(["Rscript", "--vanilla", str(script), str(work)], check=True)
    want, got = rows(work / "expected.csv", None), published(run)
    wrong, by = 0, {}
    for (what, key), value in want.items():
        mine = got.get((what, key), "absent")
        tolerance = 1e-6 if what.split(".")[0] in ("term", "fit", "curve") else 1e-9
        equal = mine == value if mine in (None, "absent") or value is None else math.isclose(mine, value, rel_tol=tolerance, abs_tol=tolerance)
        by.setdefault(what, [0, 0])[0 if equal else 1] += 1
        if not equal:
            wrong += 1
            if by[what][1] <= 4:
                print(f"  FAILED {what} of {key}: the run has {mine}, R has {value}")
    for what, (same, other) in sorted(by.items()):
        print(f"  {what}: {same} equal, {other} not")
    print(f"{name}: {len(want) - wrong} of {len(want)} cells as R has them")
    return wrong == 0 and len(want) > 0


def main(program, run, work):
    work = Path(work)
    data = work / "random"
    data.mkdir(parents=True)
    make(data)
    done = subprocess.run([program, "run", "-c", "hardship.yaml", "--no-progress"], cwd=data, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        print(done.stdout, done.stderr)
        return 1
    ok = compare("random", data / "out" / "latest", work / "r.random")
    return 0 if compare("shipped", Path(run), work / "r.shipped") and ok else 1


sys.exit(main(*sys.argv[1:]))
