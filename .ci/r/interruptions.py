"""python interruptions.py PROGRAM WORK: the table reliability of random interruptions, by hand and by R's survfit.

The shipped data has no interruptions with their customers, only polls. This has,
made here from a seed: three winters, bounds of customers, interruptions that are
open and such that are momentary, records of one group that overlap.
"""

import csv
import datetime as dt
import math
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

SEED = 1366
FIRST, END = dt.datetime(2021, 11, 1), dt.datetime(2024, 4, 1)  # of the tables
LAST = dt.datetime(2024, 4, 25)  # of the records
AREAS = {"XX01": 50_000, "XX02": 4_000, "XX03": 1_000_000, "XX04": None}
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
CONFIG = """
out: ./out
period: {from: 2021-11-01, to: 2024-04-01}
areas: {files: [areas.csv]}
sources:
  - {name: outages, table: outage_interval, format: csv, files: [outages.csv]}
"""


def make(work):
    """Records (area, start, end or None, customers at least, at most, group); lengths are lognormal."""
    rng = np.random.default_rng(SEED)
    records = []
    for n, area in enumerate(AREAS):
        for _ in range(700):
            start = FIRST - DAY + int(rng.integers(0, int((LAST - FIRST + DAY) / MINUTE))) * MINUTE
            end = start + max(1, round(float(rng.lognormal(4.2, 1.4)))) * MINUTE
            lo = int(rng.integers(1, 400))
            hi = lo + int(rng.integers(0, 50)) * int(rng.random() < 0.3)
            group = f"g{rng.integers(0, 5)}" if n == 1 and rng.random() < 0.4 else ""
            records.append((area, start, None if rng.random() < 0.01 and start > dt.datetime(2023, 11, 1) else end, lo, hi, group))
        # Days that stand out, and one row that lets every record begin before the first day.
        records += [(area, dt.datetime(2023, 1, 15, 6), dt.datetime(2023, 1, 16, 18), 3000, 3500, ""), (area, FIRST - 2 * DAY, FIRST - 2 * DAY + 30 * MINUTE, 5, 5, ""),
                    (area, LAST - MINUTE, LAST, 5, 5, "")]
    with open(work / "areas.csv", "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["area_id", "parent_id", "level", "name_en", "tz", "customers_served"])
        w.writerow(["XX", "", 0, "Synthetic country", "UTC", ""])
        w.writerows([a, "XX", 1, f"Synthetic {a}", "UTC", served or ""] for a, served in AREAS.items())
    with open(work / "outages.csv", "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["area_id", "start_utc", "end_utc", "customers_lo", "customers_hi", "group_id"])
        w.writerows([a, f"{s:%FT%TZ}", f"{e:%FT%TZ}" if e else "", lo, hi, g] for a, s, e, lo, hi, g in records)
    (work / "hardship.yaml").write_text(CONFIG)
    return records


def interruptions(records, area):
    """[start, end, at least, at most, open]: cut at the end of the days that are published, records of a group that meet joined."""
    mine = [[s, min(e or LAST, END), lo, hi, e is None or e > END, g] for a, s, e, lo, hi, g in records if a == area and s < END]
    joined = []
    for one in sorted((r for r in mine if r[5]), key=lambda r: (r[5], r[0], r[1])):
        if joined and joined[-1][5] == one[5] and one[0] <= joined[-1][1]:
            last = joined[-1]
            last[1], last[2], last[3], last[4] = max(last[1], one[1]), max(last[2], one[2]), max(last[3], one[3]), last[4] or one[4]
        else:
            joined.append(one)
    return [r for r in joined + [r for r in mine if not r[5]] if r[0] >= FIRST]


def minutes(r):
    return (r[1] - r[0]) / MINUTE


def mean_minutes(rows):
    """The least and the greatest mean, by trying every place at which the bounds change."""
    rows = sorted(rows, key=minutes)
    least, greatest = [], []
    for change in range(len(rows) + 1):
        for into, first, second in ((least, 3, 2), (greatest, 2, 3)):
            weights = [r[first] if i < change else r[second] for i, r in enumerate(rows)]
            if sum(weights):
                into.append(math.fsum(w * minutes(r) for w, r in zip(weights, rows)) / sum(weights))
    return min(least, default=None), max(greatest, default=None)


def indices(rows, served, hours, suffix):
    sustained = [r for r in rows if minutes(r) > 5]
    known = {f"{c}{suffix}{m}_{b}": None for c, m in (("saifi", ""), ("saidi", "_min"), ("caidi", "_min"), ("asai", "")) for b in ("lo", "hi")}
    if served:
        opened = any(r[4] for r in sustained)
        lo, hi = (math.fsum(r[i] * minutes(r) for r in sustained) / served for i in (2, 3))
        known |= {f"saifi{suffix}_lo": sum(r[2] for r in sustained) / served, f"saifi{suffix}_hi": sum(r[3] for r in sustained) / served,
                  f"saidi{suffix}_min_lo": lo, f"saidi{suffix}_min_hi": None if opened else hi,
                  f"asai{suffix}_lo": None if opened else 1 - hi / 60 / hours, f"asai{suffix}_hi": 1 - lo / 60 / hours}
        known[f"caidi{suffix}_min_lo"], known[f"caidi{suffix}_min_hi"] = mean_minutes([r for r in sustained if not r[4]])
    if not suffix:
        known |= {"interruptions_n": len(sustained), "momentary_n": len(rows) - len(sustained), "open_events": sum(r[4] for r in sustained),
                  "caidi_lower_min": mean_minutes(sustained)[0] if served else None}
    return known


def periods():
    for y in range(2021, 2024):
        yield f"{y}-{(y + 1) % 100:02d}", dt.datetime(y, 11, 1), dt.datetime(y + 1, 4, 1)
    for y in range(2021, 2025):
        yield str(y), dt.datetime(y, 1, 1), dt.datetime(y + 1, 1, 1)


def expected(records, work):
    """Every cell, the quartiles of the curves by R."""
    cells, curves = {}, []
    for area, served in AREAS.items():
        rows = interruptions(records, area)
        daily = {}
        if served:
            for i in range((END - FIRST).days):
                day = FIRST + i * DAY
                begun = [r for r in rows if day <= r[0] < day + DAY and minutes(r) > 5]
                daily[day] = math.fsum(r[2 if any(x[4] for x in begun) else 3] * minutes(r) for r in begun) / served
        for label, first, end in periods():
            begin, stop = max(first, FIRST), min(end, END)
            hours = (stop - begin) / dt.timedelta(hours=1)
            mine = [r for r in rows if begin <= r[0] < stop]
            logs = [math.log(v) for d, v in daily.items() if d < first and v > 0]
            row = indices(mine, served, hours, "") | {"med_base_d": len(logs), "med_threshold_min": None, "med_days": None, "customers_out_coverage": (stop - begin) / (end - first)}
            major = set()
            if len(logs) >= 30:
                row["med_threshold_min"] = math.exp(statistics.fmean(logs) + 2.5 * statistics.stdev(logs))
                major = {d for d, v in daily.items() if begin <= d < stop and v > row["med_threshold_min"]}
                row["med_days"] = len(major)
                kept = [r for r in mine if r[0].replace(hour=0, minute=0) not in major]
                row |= indices(kept, served, hours - 24 * len(major), "_ex_med")
            else:
                row |= dict.fromkeys(indices([], None, 1, "_ex_med"))
            for column, value in row.items():
                cells[area, label, column] = value
            if "-" in label:
                curves += [(area, label, minutes(r) / 60, int(not r[4]), r[3]) for r in mine]
            else:
                cells |= {(area, label, f"km_q{q}_h"): None for q in (25, 50, 75)}
    with open(work / "durations.csv", "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["area", "winter", "hours", "restored", "customers"])
        w.writerows(curves)
    subprocess.run(["Rscript", "--vanilla", str(Path(__file__).with_name("restoration.R")), str(work)], check=True)
    with open(work / "quartiles.csv", newline="") as f:
        for r in csv.DictReader(f):
            for q in (25, 50, 75):
                v = r[f"q{q}"]
                cells[r["area"], r["winter"], f"km_q{q}_h"] = None if v == "NA" else float(v)
    return cells


def main(program, work):
    work = Path(work)
    work.mkdir(parents=True)
    records = make(work)
    done = subprocess.run([program, "run", "-c", "hardship.yaml", "--no-progress"], cwd=work, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        print(done.stdout, done.stderr)
        return 1
    got = {}
    for r in pq.read_table(work / "out" / "latest" / "tables" / "reliability.parquet").to_pylist():
        got |= {(r["area_id"], r["period_id"], c): v for c, v in r.items()}
    want = expected(records, work)
    wrong = 0
    for key, value in want.items():
        mine = got.get(key, "absent")
        if not (mine == value if mine in (None, "absent") or value is None else math.isclose(mine, value, rel_tol=1e-9, abs_tol=1e-9)):
            wrong += 1
            if wrong <= 10:
                print(f"  FAILED reliability of {key}: the run has {mine}, recomputed is {value}")
    medians = [v for (_, _, c), v in want.items() if c == "km_q50_h" and v is not None]
    major = [v for (_, _, c), v in want.items() if c == "med_days" and v]
    print(f"interruptions: {len(want) - wrong} of {len(want)} cells of reliability, {len(medians)} medians by survfit, {len(major)} periods with major event days")
    return 1 if wrong or len(medians) < 6 or not major else 0


sys.exit(main(*sys.argv[1:]))
