"""python owndata.py PROGRAM WORK: a user's own files, mapped by name, against the same joins in DuckDB's SQL.

The shipped data has no customers without power; this has, in a zone whose
clocks are put back within the period. The files are made here, from a seed.
"""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

SEED = 20251102
ZONE = "America/New_York"
START, END = dt.datetime(2025, 10, 10), dt.datetime(2025, 12, 24)  # of the records, UTC
FIRST, LAST = dt.date(2025, 10, 15), dt.date(2025, 12, 15)  # of the tables
AREAS = [f"area-{n:02d}" for n in range(1, 13)]
CATEGORIES = ["electricity", "heat", "residential", "military", "unknown"]

CONFIG = """
out: ./out
period: {from: 2025-10-15, to: 2025-12-16}
areas: {from_data: true, tz: America/New_York}
max_rejected_share: 0.5
sources:
  - {name: temps, table: temperature, format: parquet, files: [temps.parquet], columns: {area_id: area, time_utc: ts, t_f: temp_f}}
  - {name: outages, table: outage_interval, format: csv, files: [outages.csv.gz], columns: {area_id: area, start_utc: start, end_utc: end, customers: out}}
  - {name: strikes, table: strike, format: tsv, files: [strikes.tsv], columns: {area_id: area, start_utc: time, target_class: category}}
"""

# Daily values of every area; outages overlap, and count as disjoint (out_ch_hi).
EXPECTED = """
WITH days AS (
  SELECT area, d::DATE AS day, timezone('{zone}', d::TIMESTAMP) AS b, timezone('{zone}', (d + INTERVAL 1 DAY)::TIMESTAMP) AS e
  FROM (SELECT DISTINCT area FROM outages), range(TIMESTAMP '{first}', TIMESTAMP '{last}' + INTERVAL 1 DAY, INTERVAL 1 DAY) AS r(d)
), t AS (
  SELECT d.area, day, count(temp_f) AS n, min((temp_f - 32) / 1.8) AS tmin, avg((temp_f - 32) / 1.8) AS tmean, max((temp_f - 32) / 1.8) AS tmax,
         sum(greatest(0, 18 - (temp_f - 32) / 1.8)) AS dh18
  FROM days d LEFT JOIN temps x ON x.area = d.area AND x.ts >= b AND x.ts < e GROUP BY ALL
), o AS (
  SELECT d.area, day, sum(o."out" * (epoch_us(least(o."end", e)) - epoch_us(greatest(o.start, b)))) / 3.6e9 AS ch
  FROM days d JOIN outages o ON o.area = d.area AND o.start < e AND o."end" > b GROUP BY ALL
), s AS (
  SELECT d.area, day, count(s.time) AS n, count(*) FILTER (category IN ('electricity', 'heat')) AS energy_lo,
         count(*) FILTER (category IN ('electricity', 'heat', 'unknown')) AS energy_hi
  FROM days d JOIN strikes s ON s.area = d.area AND s.time >= b AND s.time < e GROUP BY ALL
)
SELECT d.area, d.day, date_diff('hour', b, e)::INT AS hours_in_day, t.n AS t_n_present, t.tmin, t.tmean, t.tmax,
       dh18 / t.n * hours_in_day AS dh18_kh, coalesce(ch, 0) AS out_ch_hi,
       coalesce(s.n, 0) AS strikes_n, coalesce(energy_lo, 0) AS energy_lo, coalesce(energy_hi, 0) AS energy_hi
FROM days d LEFT JOIN t USING (area, day) LEFT JOIN o USING (area, day) LEFT JOIN s USING (area, day)
"""


def make(rng, work):
    """Temperatures in °F with gaps, overlapping outages, strikes."""
    hours = pd.date_range(START, END, freq="h", inclusive="left", tz="UTC")
    temps = pd.concat([pd.DataFrame({"area": a, "ts": hours, "temp_f": np.round(30 + 25 * rng.standard_normal(len(hours)), 1)}) for a in AREAS])
    temps.loc[rng.random(len(temps)) < 0.03, "temp_f"] = np.nan
    # One whole evening is gone, and so is one area's day.
    temps = temps[~((temps["area"] == AREAS[0]) & (temps["ts"].dt.strftime("%m%d") == "1105") & (temps["ts"].dt.hour > 16))]
    temps = temps[~((temps["area"] == AREAS[1]) & (temps["ts"].dt.strftime("%m%d") == "1120"))]
    temps = temps.sample(frac=1, random_state=SEED).reset_index(drop=True)
    temps.to_parquet(work / "temps.parquet", index=False)
    span = int((END - START).total_seconds())
    n = 4000
    start = START + pd.to_timedelta(np.sort(rng.integers(0, span, n)), unit="s")
    outages = pd.DataFrame({"area": rng.choice(AREAS, n), "start": start, "end": start + pd.to_timedelta(rng.integers(60, 200_000, n), unit="s"), "out": rng.integers(1, 50_000, n)})
    m = 600
    strikes = pd.DataFrame({"area": rng.choice(AREAS, m), "time": START + pd.to_timedelta(rng.integers(0, span, m), unit="s"), "category": rng.choice(CATEGORIES, m)})
    zulu = "%Y-%m-%dT%H:%M:%SZ"
    outages.to_csv(work / "outages.csv.gz", index=False, date_format=zulu)
    strikes.to_csv(work / "strikes.tsv", index=False, sep="\t", date_format=zulu)
    for frame in (outages, strikes):
        for column in frame.select_dtypes("datetime"):
            frame[column] = frame[column].dt.tz_localize("UTC")
    return temps, outages, strikes


def nested(outages, begins, ends):
    """Customer-hours if records that overlap count the same customers: the largest one at every moment."""
    edges = sorted({begins, ends} | {t for o in outages for t in (o[0], o[1]) if begins < t < ends})
    return sum((b - a).total_seconds() / 3600 * max((n for s, e, n in outages if s <= a and e >= b), default=0) for a, b in zip(edges, edges[1:]))


def main(program, work):
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    temps, outages, strikes = make(np.random.default_rng(SEED), work)
    (work / "hardship.yaml").write_text(CONFIG)
    done = subprocess.run([program, "run", "-q", "-c", "hardship.yaml"], cwd=work, capture_output=True, text=True)
    if done.returncode not in (0, 3):  # 3: gaps that this configuration does not declare
        print(done.stdout, done.stderr)
        return True

    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    for name, frame in (("temps", temps), ("outages", outages), ("strikes", strikes)):
        db.register(name, frame)
    want = db.execute(EXPECTED.format(zone=ZONE, first=FIRST, last=LAST)).df()
    got = db.execute(f"SELECT * FROM read_parquet('{work}/out/latest/tables/area_day.parquet')").df()
    both = got.merge(want, left_on=["area_id", "date_local"], right_on=["area", "day"], how="outer", suffixes=("", "_want"))
    wrong = []
    if not len(got) == len(want) == len(both) == len(AREAS) * ((LAST - FIRST).days + 1):
        wrong.append(f"{len(got)} rows, {len(want)} expected, {len(both)} in either")

    share = both["t_n_present_want"] / both["hours_in_day_want"]
    valid = (share >= 0.75) & (both["t_longest_gap_h"] <= 4)
    checks = [(c, both[c], both[c + "_want"]) for c in ("hours_in_day", "t_n_present", "out_ch_hi")]
    checks += [(c, both[c], both[w].where(valid)) for c, w in (("tmin_c", "tmin"), ("tmean_c", "tmean"), ("tmax_c", "tmax"))]
    checks += [("dh18_kh", both["dh18_kh"], both["dh18_kh_want"].where(share >= 0.75))]
    checks += [(c, both[c], both[w]) for c, w in (("strikes_n_lo", "strikes_n"), ("strikes_n_hi", "strikes_n"), ("strikes_energy_lo", "energy_lo"), ("strikes_energy_hi", "energy_hi"))]
    records = {a: [tuple(r) for r in g[["start", "end", "out"]].itertuples(index=False)] for a, g in outages.groupby("area")}
    for a in AREAS[:3]:
        rows = both[both["area"] == a]
        begins = rows["day"].dt.tz_localize(ZONE)
        ends = (rows["day"] + pd.Timedelta(days=1)).dt.tz_localize(ZONE)
        lo = pd.Series([nested([o for o in records[a] if o[0] < e and o[1] > b], b, e) for b, e in zip(begins, ends)], index=rows.index)
        checks.append((f"out_ch_lo of {a}", rows["out_ch_lo"], lo))
    for name, found, expected in checks:
        found, expected = found.astype(float), expected.astype(float)
        same = np.isclose(found, expected, rtol=1e-9, atol=1e-9, equal_nan=True)
        print(f"{name}: {same.sum()} of {len(same)} cells equal, {found.isna().sum()} null")
        if not same.all():
            wrong.append(f"{name}: {both.loc[found.index[~same], ['area_id', 'date_local']].head(3).to_dict('records')} run {found[~same].head(3).tolist()}, DuckDB {expected[~same].head(3).tolist()}")
    if not (~valid).any() or not both["hours_in_day"].isin([25]).any():
        wrong.append("the data has no day that is too poorly covered, or no day of 25 hours")
    print("\n".join("FAILED " + w for w in wrong))
    return bool(wrong)


sys.exit(main(*sys.argv[1:]))
