"""Alert hours and numbers of alerts from the merged alerts (methods.md 2, 3)."""

import datetime as dt
from collections import defaultdict

import pyarrow.parquet as pq

from .check import DAY, UTC, local_date, midnight

REGION = {
    "Vinnytska": "UA05", "Volynska": "UA07", "Dnipropetrovska": "UA12", "Donetska": "UA14", "Zhytomyrska": "UA18",
    "Zakarpatska": "UA21", "Zaporizka": "UA23", "Ivano-Frankivska": "UA26", "Kyivska": "UA32", "Kirovohradska": "UA35",
    "Lvivska": "UA46", "Mykolaivska": "UA48", "Odeska": "UA51", "Poltavska": "UA53", "Rivnenska": "UA56",
    "Sumska": "UA59", "Ternopilska": "UA61", "Kharkivska": "UA63", "Khersonska": "UA65", "Khmelnytska": "UA68",
    "Cherkaska": "UA71", "Chernivetska": "UA73", "Chernihivska": "UA74", "Kyiv City": "UA80",
}
MERGED = {"UA12", "UA14", "UA23", "UA59", "UA63", "UA74"}  # PROVENANCE.md 10: their length says nothing
LONGEST = dt.timedelta(hours=24)


def read(data):
    t = pq.read_table(data / "alerts_oblast" / "alerts_events_labeled.parquet",
                      columns=["region", "started_at", "finished_at", "n_subalerts"]).to_pydict()
    alerts = defaultdict(list)
    for region, start, end, n in zip(*t.values()):
        alerts[REGION[region.removesuffix(" oblast")]].append((start.astimezone(UTC), end.astimezone(UTC), n))
    return alerts


def union(intervals):
    joined = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return joined


def by_day(intervals):
    """Length of disjoint intervals by civil day."""
    lengths = defaultdict(dt.timedelta)
    for start, end in intervals:
        day = local_date(start)
        while start < end:
            stop = min(end, midnight(day + DAY))
            lengths[day] += stop - start
            start, day = stop, day + DAY
    return lengths


def record(alerts):
    """The time from the first alert of any area to the last: in it a day without one has none."""
    return min(a[0] for of in alerts.values() for a in of), max(a[1] for of in alerts.values() for a in of)


def counts(alerts, area, run):
    """Alerts that began on each day; unknown outside the record and inside a long span of several."""
    begin, end = record(alerts)
    of = alerts.get(area, [])
    uncounted = {d for start, stop, n in of if stop - start > LONGEST and n > 1 for d in by_day([(start, stop)])}
    began = defaultdict(int)
    for start, _, n in of:
        began[local_date(start)] += n
    return {d: began[d] if of and begin <= midnight(d) and midnight(d + DAY) <= end and d not in uncounted else None for d in run.days}


def hours(alerts, area, run):
    """Hours under alert of each day; unknown also where an alert is long, and where all were merged."""
    begin, end = record(alerts)
    of = alerts.get(area, [])
    lengths = by_day(union([a[:2] for a in of]))
    blurred = {d for start, stop, _ in of if stop - start > LONGEST for d in by_day([(start, stop)])}
    return {d: lengths[d] / dt.timedelta(hours=1)
            if of and begin <= midnight(d) and midnight(d + DAY) <= end and area not in MERGED and d not in blurred else None
            for d in run.days}


def check(checks, run, data):
    alerts = read(data)
    areas = sorted(set(run.table("area_day")["area_id"]))
    for column, recompute in (("alert_h", hours), ("alerts_n", counts)):
        want = {(area, d): v for area in areas for d, v in recompute(alerts, area, run).items()}
        checks.same(f"area_day.{column}", run.cells("area_day", column, ["area_id", "date_local"]), want)
    city = [v for v in hours(alerts, "UA80", run).values() if v is not None]
    print(f"  Kyiv city: {sum(city):.1f} alert hours on {len(city)} days")
