"""Daily temperatures and cold spells from the publishers' hours (methods.md 4.3, 5)."""

import csv
import datetime as dt
import gzip
import math

from .check import DAY, FIRST_DAY, HOUR, KYIV, UTC, hours_between, local, local_date, midnight

# Place of each file; the shipped set keeps the hours of October to April, UTC.
CITY = {
    "cherkasy": "UA71", "chernihiv": "UA74", "chernivtsi": "UA73", "dnipro": "UA12", "donetsk": "UA14",
    "ivano-frankivsk": "UA26", "kharkiv": "UA63", "kherson": "UA65", "khmelnytskyi": "UA68", "kyiv": "UA80",
    "luhansk": "UA44", "lutsk": "UA07", "lviv": "UA46", "mykolaiv": "UA48", "odesa": "UA51", "poltava": "UA53",
    "rivne": "UA56", "sevastopol": "UA85", "sumy": "UA59", "ternopil": "UA61", "uzhhorod": "UA21",
    "vinnytsia": "UA05", "zaporizhzhia": "UA23", "zhytomyr": "UA18",
}
MONTHS = {10, 11, 12, 1, 2, 3, 4}
SPELL_RULES = {"tmean_lt_m10_5d": (-10, 5), "tmean_lt_m10_3d": (-10, 3)}
GAPS, FORECAST_ONLY, TWO_SOURCES = 1, 2, 1024  # flags of area_day


def read_cities(data):
    """Hours of each area: {area: {instant: (t, wind at 10 m, is forecast)}}."""
    cities = {}
    for name, area in CITY.items():
        hours = {}
        with gzip.open(data / "temperature_openmeteo_cities" / f"{name}_weather.csv.gz", "rt", newline="") as f:
            for row in csv.DictReader(f):
                at = dt.datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
                if at.month in MONTHS:
                    hours[at] = (float(row["temperature_2m"]), None, False)  # its wind is that at 100 m
        cities[area] = hours
    return cities


def read_page(data):
    """The latest version of each hour of the Kyiv page, and the newest commit."""
    latest, newest = {}, None
    with gzip.open(data / "temperature_kyiv_weatherapi" / "hourly_versions_kyiv.csv.gz", "rt", newline="") as f:
        for row in csv.DictReader(f):
            day, clock = dt.date.fromisoformat(row["weather_date"]), row["hour_local"]
            at = local(day, int(clock[:2]) * 60)
            if at.astimezone(KYIV).hour != int(clock[:2]):
                continue  # the clocks skip it
            seen = dt.datetime.fromisoformat(row["commit_time_utc"])
            newest = seen if newest is None else max(newest, seen)
            # The later of two commits counts; of two at one time the first by id.
            key = (seen, [-ord(c) for c in row["commit"]])
            if at not in latest or key > latest[at][0]:
                latest[at] = (key, float(row["temp_c"]), float(row["wind_kph"]), seen < at)
    return {at: v[1:] for at, v in latest.items()}, newest


def wind_chill(t, kmh):
    """C5; None above 0 °C."""
    if t > 0:
        return None
    if kmh < 5:
        return t + (-1.59 + 0.1345 * t) * kmh / 5
    return 13.12 + 0.6215 * t - 11.37 * kmh**0.16 + 0.3965 * t * kmh**0.16


def longest_gap(present):
    longest = run = 0
    for p in present:
        run = 0 if p else run + 1
        longest = max(longest, run)
    return longest


def day_of(hours, day):
    """A source's hours of one civil day, and whether they suffice (4.3)."""
    start, end = midnight(day), midnight(day + DAY)
    n = round(hours_between(start, end))
    cells = [hours.get(start + i * HOUR) for i in range(n)]
    present = [c is not None and not c[2] for c in cells]
    share, gap = sum(present) / n, longest_gap(present)
    return {
        "n": n, "present": sum(present), "share": share, "gap": gap,
        "readings": [c for c, p in zip(cells, present) if p],
        "valid": share >= 0.75 and gap <= 4,
        "forecast": any(c is not None and c[2] for c in cells),
    }


def choose(sources, day):
    """The first declared source whose day is valid, else the one with most hours."""
    days = [(name, day_of(hours, day)) for name, hours in sources]
    for name, d in days:
        if d["valid"]:
            return name, d, days
    best = max(range(len(days)), key=lambda i: (days[i][1]["present"], -i)) if days else None
    return (None, None, days) if best is None else (*days[best], days)


def row_of(sources, day):
    """The recomputed cells of area_day."""
    name, d, days = choose(sources, day)
    n = round(hours_between(midnight(day), midnight(day + DAY)))
    cells = dict.fromkeys(
        ["tmin_c", "tmean_c", "tmax_c", "t_source_id", "wchill_min_c", "hdd_eu_kd", "dh18_kh", "dh0_kh",
         "cold_le_0", "cold_le_m5", "cold_le_m10", "cold_le_m15", "cold_le_m20"])
    cells |= {"hours_in_day": n, "tz": "Europe/Kyiv", "t_n_present": 0, "t_coverage": 0.0, "t_longest_gap_h": n, "flags": 0}
    if d is None:
        return cells
    t = [r[0] for r in d["readings"]]
    cells |= {"t_n_present": d["present"], "t_coverage": d["share"], "t_longest_gap_h": d["gap"]}
    cells["flags"] |= FORECAST_ONLY * d["forecast"] | TWO_SOURCES * (sum(x["present"] > 0 for _, x in days) > 1)
    if t:
        cells["t_source_id"] = name
        cells["flags"] |= GAPS * (d["present"] < n)
    if t and d["share"] >= 0.75:
        for column, theta in (("dh18_kh", 18), ("dh0_kh", 0)):
            cells[column] = math.fsum(max(0.0, theta - v) for v in t) * n / d["present"]
    if d["valid"]:
        mean = math.fsum(t) / len(t)
        chills = [c for v, wind, _ in d["readings"] if wind is not None and (c := wind_chill(v, wind)) is not None]
        cells |= {"tmin_c": min(t), "tmean_c": mean, "tmax_c": max(t), "hdd_eu_kd": 18 - mean if mean <= 15 else 0.0,
                  "wchill_min_c": min(chills) if chills else None}
        for column, theta in (("0", 0), ("m5", -5), ("m10", -10), ("m15", -15), ("m20", -20)):
            cells["cold_le_" + column] = min(t) <= theta
    return cells


def spells(days, rows, theta, least):
    """Maximal runs of days with tmean below theta (C2)."""
    known = [i for i, r in enumerate(rows) if r["tmean_c"] is not None]
    found, i = [], 0
    while i < len(rows):
        j = i
        while j < len(rows) and rows[j]["tmean_c"] is not None and rows[j]["tmean_c"] < theta:
            j += 1
        if j - i >= least:
            run = rows[i:j]
            found.append((days[i], {
                "end_date": days[j - 1], "days": j - i,
                "tmin_min_c": min(r["tmin_c"] for r in run),
                "tmean_mean_c": math.fsum(r["tmean_c"] for r in run) / (j - i),
                "hdd_kd": math.fsum(r["hdd_eu_kd"] for r in run),
                "censored": i == known[0] or j - 1 == known[-1],
                "touches_gap": (i > known[0] and rows[i - 1]["tmean_c"] is None)
                or (j - 1 < known[-1] and rows[j]["tmean_c"] is None),
            }))
        i = max(j, i + 1)
    return found


def check(checks, run, data):
    cities = read_cities(data)
    page, newest = read_page(data)
    checks.equal("as-of is the newest version of any source", run.as_of, newest)
    sources = {area: [("openmeteo_cities", hours)] for area, hours in cities.items()}
    sources["UA80"].insert(0, ("kyiv_weather_page", page))  # declared first: it is preferred

    published = run.table("area_day")
    areas = sorted(set(published["area_id"]))
    checks.equal("areas are the 27 oblasts and cities and the country", len(areas), 28)
    rows = {area: [row_of(sources.get(area, []), day) for day in run.days] for area in areas}
    want = {(area, day): cells for area in areas for day, cells in zip(run.days, rows[area])}
    mask = GAPS | FORECAST_ONLY | TWO_SOURCES
    for column in want[areas[0], FIRST_DAY]:
        got = run.cells("area_day", column, ["area_id", "date_local"])
        if column == "flags":
            got = {k: v & mask for k, v in got.items()}
        checks.same(f"area_day.{column}", got, {k: cells[column] for k, cells in want.items()})

    want = {(area, rule, start): cells
            for area in areas for rule, (theta, least) in SPELL_RULES.items()
            for start, cells in spells(run.days, rows[area], theta, least)}
    for column in ("end_date", "days", "tmin_min_c", "tmean_mean_c", "hdd_kd", "censored", "touches_gap"):
        checks.same(f"cold_spell.{column}", run.cells("cold_spell", column, ["area_id", "rule_id", "start_date"]),
                    {k: cells[column] for k, cells in want.items()})

    hours = {}
    for area, list_of in sources.items():
        for name, readings in list_of:
            for at, (_, _, forecast) in readings.items():
                day = local_date(at)
                if not forecast and FIRST_DAY <= day <= run.last_day:
                    key = (area, day.replace(day=1), name)
                    hours[key] = hours.get(key, 0) + 1
    got = run.cells("coverage", "n_present", ["area_id", "month_local", "source_id"], measure="temperature")
    checks.same("coverage.n_present of temperature", {k: v for k, v in got.items() if v}, hours)
    return rows
