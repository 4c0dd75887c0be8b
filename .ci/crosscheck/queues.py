"""Announced and observed hours of Kyiv's queues (methods.md 6.6)."""

import datetime as dt
import gzip
import json
from collections import defaultdict

from .check import DAY, UTC, hours_between, local, local_date, midnight

HISTORY_QUEUE = "GPV36.1"  # also that of the household, by its author's set-up
TYPED_IN = {dt.date(2026, 2, d) for d in (9, 10, 11)}  # PROVENANCE.md 3
ALWAYS = dt.datetime(1, 1, 1, tzinfo=UTC)  # when the history, which kept no times, was seen
QUEUES_OF_KYIV = 120


def read_versions(data):
    """{(queue, day): {publisher: [(seen, status, slots)]}}, versions that repeat the one before left out."""
    found = defaultdict(lambda: defaultdict(list))
    folder = data / "outages_kyiv_dtek_yasno"
    with gzip.open(folder / "last_schedules_versions.jsonl.gz", "rt") as f:
        lines = sorted((json.loads(line) for line in f), key=lambda v: v["commit_time_utc"])
    for version in lines:
        seen = dt.datetime.fromisoformat(version["commit_time_utc"])
        for publisher, queues in version["schedules"].items():
            for queue, days in queues.items():
                for day, schedule in days.items():
                    said = (schedule["status"], schedule["slots"] if schedule["status"] == "normal" else None)
                    versions = found[queue, dt.date.fromisoformat(day)][publisher]
                    if not versions or versions[-1][1:] != said:
                        versions.append((seen, *said))
    history = json.loads((folder / "schedule_history.json").read_text())
    for day, slots in history.items():
        found[HISTORY_QUEUE, dt.date.fromisoformat(day)]["history"].append((ALWAYS, "normal", slots))
    return found, {dt.date.fromisoformat(day): slots.count(False) / 2 for day, slots in history.items()}


def slots_of(day, publishers):
    """Bounds and statuses of the half-hours of a day: a slot takes the last version seen before it begins, else the
    first after; one that is pending or in emergency may be off throughout; publishers that disagree widen the bounds."""
    for slot in range(48):
        begins = local(day, 30 * slot)
        bounds, statuses = [], set()
        for versions in publishers.values():
            before = [v for v in versions if v[0] <= begins]
            _, status, slots = before[-1] if before else versions[0]
            statuses.add(status)
            bounds.append((0.0, 0.5) if status != "normal" else (0.0, 0.0) if slots[slot] else (0.5, 0.5))
        yield min(b[0] for b in bounds), max(b[1] for b in bounds), statuses


def announced(day, publishers):
    """Bounds of the announced hours of a day."""
    lo = hi = 0.0
    statuses = set()
    for least, most, said in slots_of(day, publishers):
        lo, hi, statuses = lo + least, hi + most, statuses | said
    return {"sched_off_h_lo": lo, "sched_off_h_hi": hi, "versions": sum(len(v) for v in publishers.values()),
            "status": "+".join(sorted(statuses)), "groups_known": QUEUES_OF_KYIV}


def read_log(data):
    """The household's hours off and hours logged by day, and the days with typed entries."""
    events = json.loads((data / "outages_kyiv_dtek_yasno" / "event_log.json").read_text())
    off, logged, typed = defaultdict(float), defaultdict(float), set()
    times = [dt.datetime.fromtimestamp(e["timestamp"], UTC) for e in events]
    for event, start, end in zip(events, times, times[1:]):
        by_hand = event["timestamp"] == int(event["timestamp"]) and local_date(start) in TYPED_IN
        while start < end:
            day = local_date(start)
            stop = min(end, midnight(day + DAY))
            logged[day] += hours_between(start, stop)
            off[day] += hours_between(start, stop) * (event["event"] == "down")
            if by_hand:
                typed.add(day)
            start = stop
    return off, logged, typed


def check(checks, run, data):
    schedules, history = read_versions(data)
    off, logged, typed = read_log(data)
    announcements = {key: announced(key[1], publishers) for key, publishers in schedules.items()}
    seen = defaultdict(set)  # queues with a schedule; one that is still pending is none
    for (queue, day), cells in announcements.items():
        if cells["status"] != "pending":
            seen[day].add(queue)
    want = {}
    for queue, day in set(schedules) | {(HISTORY_QUEUE, d) for d in logged}:
        cells = dict.fromkeys(["sched_off_h_lo", "sched_off_h_hi", "status", "groups_seen", "groups_known", "observed_off_h", "observed_coverage"])
        cells |= {"versions": 0, "observed_points": 0, "typed_in": False}
        if (queue, day) in schedules:
            cells |= announcements[queue, day] | {"groups_seen": len(seen[day])}
            cells["typed_in"] = queue == HISTORY_QUEUE and day in TYPED_IN
        if queue == HISTORY_QUEUE and day in logged:
            cells |= {"observed_off_h": off[day], "observed_points": 1,
                      "observed_coverage": logged[day] / hours_between(midnight(day), midnight(day + DAY))}
            cells["typed_in"] = cells["typed_in"] or day in typed
        want["dtek-kyiv:" + queue, day] = cells
    for column in next(iter(want.values())):
        got = run.cells("queue_day", column, ["group_id", "date_local"], area_id="UA80")
        checks.same(f"queue_day.{column} of Kyiv", got, {k: cells[column] for k, cells in want.items()})

    # methods.md 6.6: 2 queues on 2 to 8 February, 3 on 9 to 11 with the days typed in by hand, 1 on 12 to 21.
    counts = [len(seen[dt.date(2026, 2, d)]) for d in range(2, 22)]
    checks.that("queues seen", counts == [2] * 7 + [3] * 3 + [1] * 10, counts)

    # methods.md 6.6: 57.6 h off of 130.5 h announced on 12 to 21 February 2026.
    span = [dt.date(2026, 2, d) for d in range(12, 22)]
    key = "dtek-kyiv:" + HISTORY_QUEUE
    observed = run.cells("queue_day", "observed_off_h", ["group_id", "date_local"], area_id="UA80")
    checks.equal("the household's hours off on 12–21 February", round(sum(observed[key, d] for d in span), 1), 57.6)
    checks.equal("hours announced by the history on those days", sum(history[d] for d in span), 130.5)
    checks.equal("hours off on the 14th", observed[key, span[2]], 0.0)
    lo = run.cells("queue_day", "sched_off_h_lo", ["group_id", "date_local"], area_id="UA80")
    hi = run.cells("queue_day", "sched_off_h_hi", ["group_id", "date_local"], area_id="UA80")
    outside = [d for d in history if not lo[key, d] <= history[d] <= hi[key, d]]
    checks.that("the history lies within the published bounds", not outside, outside)

    mean = defaultdict(lambda: dict.fromkeys(["sched_off_h_lo", "sched_off_h_hi", "sched_groups_seen", "sched_groups_known", "sched_coverage"]))
    for day, queues in seen.items():
        of = [want["dtek-kyiv:" + q, day] for q in queues]
        mean[day] |= {c: sum(o[c] for o in of) / len(of) for c in ("sched_off_h_lo", "sched_off_h_hi")}
        mean[day] |= {"sched_groups_seen": len(of), "sched_groups_known": QUEUES_OF_KYIV, "sched_coverage": len(of) / QUEUES_OF_KYIV}
    for column in ("sched_off_h_lo", "sched_off_h_hi", "sched_groups_seen", "sched_groups_known", "sched_coverage"):
        got = run.cells("area_day", column, ["date_local"], area_id="UA80")
        checks.same(f"area_day.{column} of UA80", got, {(d,): mean[d][column] for d in run.days})
