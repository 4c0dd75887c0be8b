"""python climate.py PROGRAM WORK: cold against a climate (methods.md C3, C4) again, of days made here from a seed.

No shipped series reaches a base period. TN10 and CSDI follow the definition of ETCCDI,
percentiles are NumPy's median_unbiased, which is type 8. On a calendar without 29
February xclim 0.62.0 (percentile_doy) gives the same TN10 but for the days whose window
holds it; with leap days it stretches 365 days over 366, and differs by up to a day.
"""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

SEED = 19912020
BASE = ("1991-01-01", "2020-12-31")
CONFIG = """
out: ./out
title: Synthetic decades
period: {from: 2019-10-01, to: 2026-03-01}
areas: {from_data: true, tz: UTC}
sources:
  - {name: days, table: temperature_day, format: csv, files: [days.csv], columns: {area_id: area, date_local: day, tmin_c: low, tmean_c: mean, tmax_c: high}}
"""


def make(rng, work):
    """Synthetic days of four places that differ in their gaps; the last lacks a quarter of its days."""
    days = pd.date_range("1991-01-01", "2026-02-28", freq="D")
    frames = []
    for n, missing in enumerate((0, 0.02, 0.15, 0.25)):
        noise = rng.standard_normal(len(days)) * 3
        weather = np.zeros(len(days))
        for i in range(1, len(days)):
            weather[i] = 0.85 * weather[i - 1] + noise[i]
        mean = np.round(7 - 14 * np.cos(2 * np.pi * (days.dayofyear - 15) / 365.25) + weather, 1)
        frame = pd.DataFrame({"area": f"place-{n}", "day": days, "low": np.round(mean - 3 - 2 * rng.random(len(days)), 1), "mean": mean, "high": np.round(mean + 4, 1)})
        frames.append(frame[rng.random(len(days)) >= missing])
    all_days = pd.concat(frames).sample(frac=1, random_state=SEED)  # in no order
    all_days.to_csv(work / "days.csv", index=False, date_format="%Y-%m-%d")
    return all_days


def night_thresholds(low):
    """TN10 by (month, day), from the five days round each in every year of the base."""
    base = low[BASE[0]:BASE[1]]
    around = pd.concat({k: base.shift(k) for k in range(-2, 3)}, axis=1)
    for k, column in around.items():  # days of the window that lie outside the base are not expected
        column.iloc[: max(0, k)] = np.inf
        column.iloc[len(base) + min(0, k) :] = np.inf
        around[k] = column
    thresholds = {}
    for key, rows in around.groupby([around.index.month, around.index.day]):
        pool = rows.to_numpy().ravel()
        pool = pool[~np.isinf(pool)]
        known = pool[~np.isnan(pool)]
        thresholds[key] = np.quantile(known, 0.1, method="median_unbiased") if len(known) >= 0.8 * len(pool) else np.nan
    thresholds[2, 29] = (thresholds[2, 28] + thresholds[3, 1]) / 2
    return thresholds


def expected(days):
    calendar = pd.date_range("1991-01-01", "2026-02-28", freq="D")
    low, mean = days["low"].reindex(calendar), days["mean"].reindex(calendar)
    thresholds = night_thresholds(low)
    tn10 = pd.Series([thresholds[d.month, d.day] for d in calendar], calendar)
    base = mean[BASE[0]:BASE[1]]
    t05 = np.quantile(base.dropna(), 0.05, method="median_unbiased") if base.notna().mean() >= 0.8 else np.nan
    three = mean.rolling(3, min_periods=3).mean()
    month = mean.shift(3).rolling(30, min_periods=24).mean()
    ecf = -(three - t05) * np.minimum(-1, three - month)
    below = low < tn10
    runs = (below != below.shift()).cumsum()
    spell = below & (below.groupby(runs).transform("sum") >= 6)
    return pd.DataFrame({"tn10": tn10, "t05": t05, "ecf": ecf, "spell": spell, "known": low.notna() & tn10.notna(), "there": low.notna(), "against": low.notna() & (tn10.notna() | ~np.isnan(t05))})


def main(program, work):
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    days = make(np.random.default_rng(SEED), work)
    (work / "hardship.yaml").write_text(CONFIG)
    done = subprocess.run([program, "run", "-q", "-c", "hardship.yaml"], cwd=work, capture_output=True, text=True)
    if done.returncode not in (0, 3):  # 3: gaps that this configuration does not declare
        print(done.stdout, done.stderr)
        return True
    wrong = []

    def same(what, found, want):
        found, want = np.asarray(found, float), np.asarray(want, float)
        equal = np.isclose(found, want, rtol=1e-9, atol=1e-9, equal_nan=True)
        print(f"{what}: {equal.sum()} of {len(equal)} cells equal, {np.isnan(found).sum()} null")
        if not equal.all():
            wrong.append(f"{what}: run {found[~equal][:3]}, again {want[~equal][:3]}")

    tables = work / "out" / "latest" / "tables"
    area_day = duckdb.sql(f"SELECT * FROM read_parquet('{tables}/area_day.parquet') ORDER BY area_id, date_local").df()
    season = duckdb.sql(f"SELECT * FROM read_parquet('{tables}/season.parquet') ORDER BY area_id, season").df()
    for area, rows in area_day.groupby("area_id"):
        want = expected(days[days["area"] == area].set_index("day"))
        there = want.loc[pd.to_datetime(rows["date_local"])]
        for column in ("tn10", "t05"):
            same(f"{area} {column}_c", rows[column + "_c"], there[column].where(there["there"].to_numpy()))
        same(f"{area} ecf_c2", rows["ecf_c2"], there["ecf"])
        in_base = (pd.to_datetime(rows["date_local"]) <= pd.Timestamp(BASE[1])).to_numpy() & there["against"].to_numpy()
        same(f"{area} in_base", (rows["flags"] & 8192) > 0, in_base)
        published = want[: str(rows["date_local"].iloc[-1])]
        for row in season[season["area_id"] == area].itertuples():
            year = int(row.season[:4])
            winter = published[dt.datetime(year, 11, 1):dt.datetime(year + 1, 3, 31)]
            known = winter["known"].any()
            same(f"{area} {row.season}", [row.csdi_known_d, row.csdi_d, row.ecf_lowest_c2, row.base_d],
                 [winter["known"].sum(), winter["spell"].sum() if known else np.nan, winter["ecf"].min(), (winter["against"] & (winter.index <= BASE[1])).sum()])
    last = area_day[area_day["area_id"] == "place-3"]
    if last["t05_c"].notna().any() or not season["csdi_d"].sum() > 10 or not season["ecf_lowest_c2"].min() < -50:
        wrong.append("a base of three quarters gave a threshold, or no winter was cold")
    print("\n".join("FAILED " + w for w in wrong))
    return bool(wrong)


sys.exit(main(*sys.argv[1:]))
