"""The control case: Cook County's polls and daily extremes from the publishers' files (methods.md 6.2, 4.3)."""

import csv
import datetime as dt
import gzip
import math
from collections import defaultdict
from zoneinfo import ZoneInfo

from .check import CONTROL, DAY, UTC
from .findings import CCF, correlations, series

CHICAGO = ZoneInfo("America/Chicago")
FIRST, END = dt.date(2018, 1, 1), dt.date(2022, 1, 1)
STEP = dt.timedelta(minutes=15)


def midnight(day):
    return dt.datetime.combine(day, dt.time(), CHICAGO).astimezone(UTC)


def polled(data):
    """Customer-hours and hours observed by local day: a row covers a quarter of an hour, or up to the next row."""
    rows = []
    with gzip.open(data / "us_eaglei_cook_county" / "eaglei_cook_2018_2021_ffilled.csv.gz", "rt", newline="") as f:
        for row in csv.DictReader(f):
            rows.append((dt.datetime.fromisoformat(row["run_start_time"]).replace(tzinfo=UTC), int(float(row["customers_out"]))))
    rows.sort()
    out, observed = defaultdict(float), defaultdict(float)
    for i, (at, customers) in enumerate(rows):
        end = min(at + STEP, rows[i + 1][0]) if i + 1 < len(rows) else at + STEP
        day = at.astimezone(CHICAGO).date()  # a quarter of an hour lies in one local day
        hours = (end - at) / dt.timedelta(hours=1)
        out[day] += customers * hours
        observed[day] += hours
    return out, observed


def check(checks, run, data):
    days = [FIRST + i * DAY for i in range((END - FIRST).days)]
    out, observed = polled(data)
    length = {d: (midnight(d + DAY) - midnight(d)) / dt.timedelta(hours=1) for d in days}
    with open(data / "temperature_chicago_daily" / "ghcn_daily_2018_2021.csv", newline="") as f:
        extremes = {dt.date.fromisoformat(row["date"]): (float(row["tmin_c"]), float(row["tmax_c"])) for row in csv.DictReader(f)}
    want = {
        "hours_in_day": {d: round(length[d]) for d in days},
        "tmin_c": {d: extremes[d][0] for d in days},
        "tmax_c": {d: extremes[d][1] for d in days},
        "cold_le_m20": {d: extremes[d][0] <= -20 for d in days},
        "out_ch_lo": {d: out[d] if d in observed else None for d in days},
        "out_ch_hi": {d: out[d] if d in observed else None for d in days},
        "out_coverage": {d: observed[d] / length[d] if d in observed else None for d in days},
    }
    for c in ("tmean_c", "hdd_eu_kd", "dh18_kh", "t_n_present", "launched", "alert_h", "sched_off_h_lo"):
        want[c] = dict.fromkeys(days)
    for column, cells in want.items():
        got = run.cells("area_day", column, ["date_local"], area_id=CONTROL)
        checks.same(f"control: area_day.{column}", got, {(d,): v for d, v in cells.items()})
    for day, tmin, hours in ((dt.date(2019, 1, 29), None, 1850), (dt.date(2019, 1, 30), -30.5, 73700), (dt.date(2019, 1, 31), None, 3500)):
        checks.that(f"control: about {hours} customer-hours on {day}", abs(out[day] - hours) <= 50, out[day])
        if tmin is not None:
            checks.equal(f"control: lowest temperature of {day}", extremes[day][0], tmin)

    months = sorted({d.replace(day=1) for d in days})
    known = {m: sum(1 for d in days if d.replace(day=1) == m and d in observed and observed[d] / length[d] >= 0.75) for m in months}
    checks.same("control: coverage of customers_out", run.cells("coverage", "n_present", ["month_local"], area_id=CONTROL, measure="customers_out", source_id="eaglei_cook"), {(m,): n for m, n in known.items()})

    ccf = {}
    for year in range(2017, 2022):
        season = (dt.date(year, 11, 1), dt.date(year + 1, 4, 1))
        tmin, customers = series(want["tmin_c"], season), series(want["out_ch_lo"], season)
        unknown = series({}, season)
        for pair, y in (("p01", unknown), ("p02", customers)):
            ccf |= {(f"{pair}.{CONTROL}", f"{year}-{(year + 1) % 100:02d}", lag): row for lag, row in correlations(tmin, y).items()}
    for c in CCF:
        checks.same(f"control: ccf.{c}", run.cells("ccf", c, ["pair_id", "season", "lag_d"], area_id=CONTROL), {k: row[c] for k, row in ccf.items()})
    checks.that("control: no ratio of launches", not run.cells("rate_ratio", "x1", ["season", "weapon"], area_id=CONTROL))
    print(f"  {CONTROL}: {sum(not math.isclose(observed[d], length[d]) for d in days if d in observed)} days are not observed whole")
