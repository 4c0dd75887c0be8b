"""The table hardship: hours without power of Kyiv's queues and of the household, homes followed in small steps, and
person-hours of the control case (methods.md 8)."""

import csv
import datetime as dt
import json
import math
from collections import defaultdict

from . import control, queues
from .check import CONTROL, DAY, HOUR, UTC, hours_between, last_day, midnight
from .temperature import day_of, read_page

LIMITS = {"le_0": 0, "le_m10": -10, "le_m20": -20}
BELOW = {"18": 18, "16": 16, "12": 12, "5": 5}
SCENARIOS = [(tau, gain) for tau in (30, 60, 100) for gain in (0, 3)]
HOME, WARMING = 20.0, 6.0
STEP = 1 / 20  # h
OFF_FROM, LIMIT_OF = (4, 8, 12, 20), (18, 16, 12, 5)  # of classes 2 to 5
PERSONS = 2.4


def follow(start, pieces, tau, gain):
    """A home through (hours, air outside, off) by Runge and Kutta: end, lowest, hours below each limit."""
    t, lowest, below = start, start, dict.fromkeys(BELOW, 0.0)
    for hours, air, off in pieces:
        slope = (lambda x: (air + gain - x) / tau) if off else (lambda x: (HOME - x) / WARMING)
        n = max(1, math.ceil(hours / STEP))
        h = hours / n
        for _ in range(n):
            a = slope(t)
            b = slope(t + h / 2 * a)
            c = slope(t + h / 2 * b)
            d = slope(t + h * c)
            after = t + h / 6 * (a + 2 * b + 2 * c + d)
            for name, limit in BELOW.items():
                if t < limit and after < limit:
                    below[name] += h
                elif (t < limit) != (after < limit):  # crosses it: on a straight line
                    share = (limit - t) / (after - t)
                    below[name] += h * (share if t < limit else 1 - share)
            t = after
            lowest = min(lowest, t)
    return t, lowest, below


def outside(page, days):
    """The air hour by hour: as read, and with gaps of up to four hours filled; and the valid days."""
    hours = [midnight(days[0] - DAY) + i * HOUR for i in range(24 * (len(days) + 3))]
    read = {at: page[at][0] for at in hours if at in page and not page[at][2]}
    filled, last = dict(read), None
    for i, at in enumerate(hours):
        if at in read:
            if last is not None and 1 < i - last <= 5:
                for j in range(last + 1, i):
                    filled[hours[j]] = read[hours[last]] + (read[at] - read[hours[last]]) * (j - last) / (i - last)
            last = i
    return read, filled, {d for d in days if day_of(page, d)["valid"]}


def log_pieces(data):
    """The household's time off and on: (start, end, off)."""
    events = json.loads((data / "outages_kyiv_dtek_yasno" / "event_log.json").read_text())
    times = [dt.datetime.fromtimestamp(e["timestamp"], UTC) for e in events]
    return [(a, b, e["event"] == "down") for e, a, b in zip(events, times, times[1:])]


def by_hour(day, pieces):
    """Stretches (start, hours, off at least, off at most) of a day, cut at its hours; what no piece covers may be off."""
    start, end = midnight(day), midnight(day + DAY)
    cuts = {start + i * HOUR for i in range(round(hours_between(start, end)) + 1)}
    cuts |= {at for a, b, *_ in pieces for at in (a, b) if start < at < end}
    cuts = sorted(cuts)
    stretches = []
    for a, b in zip(cuts, cuts[1:]):
        said = [p for p in pieces if p[0] <= a and b <= p[1]]
        lo, hi = said[0][2:] if said else (0, 1)
        stretches.append((a, hours_between(a, b), lo, hi))
    return stretches


def whole_hour(at):
    return at.replace(minute=0, second=0, microsecond=0)


def dark(stretches, read, valid):
    """Hours off, in all and in the cold, at least and at most."""
    cells = {"off_h_lo": math.fsum(h * lo for _, h, lo, _ in stretches), "off_h_hi": math.fsum(h * hi for _, h, _, hi in stretches)}
    for name, limit in LIMITS.items():
        cells[f"off_{name}_h_lo"] = math.fsum(h * lo for at, h, lo, _ in stretches if read.get(whole_hour(at), 99) <= limit) if valid else None
        cells[f"off_{name}_h_hi"] = math.fsum(h * hi for at, h, _, hi in stretches if read.get(whole_hour(at), -99) <= limit) if valid else None
    return cells


def homes(supply, read, filled, valid):
    """Cells of each day of one home, by scenario; supply is stretches by day."""
    cells = {(d, None): dark(s, read, d in valid) for d, s in supply.items()}
    for scenario in [*SCENARIOS, "heat_stays"]:
        state, before = None, None
        for d in sorted(supply):
            air = [filled.get(whole_hour(at)) for at, *_ in supply[d]]
            if d not in valid or None in air:
                continue
            if before != d - DAY:
                state = (HOME, HOME)
            before = d
            if scenario == "heat_stays":
                row = {"t_in_min_c_lo": HOME, "t_in_min_c_hi": HOME} | {f"below_{n}_h_{b}": 0.0 for n in BELOW for b in ("lo", "hi")}
            else:
                row, ends = {}, []
                for bound, of, other, begin in (("lo", 3, "hi", state[0]), ("hi", 2, "lo", state[1])):
                    end, lowest, below = follow(begin, [(s[1], t, bool(s[of])) for s, t in zip(supply[d], air)], *scenario)
                    ends.append(end)
                    row[f"t_in_min_c_{bound}"] = lowest
                    row |= {f"below_{n}_h_{other}": v for n, v in below.items()}
                state = tuple(ends)
            for bound in ("lo", "hi"):
                off = cells[d, None][f"off_h_{bound}"]
                row[f"class_{bound}"] = max([1] + [k + 2 for k in range(4) if off >= OFF_FROM[k] or row[f"below_{LIMIT_OF[k]}_h_{bound}"] >= 1])
            cells[d, scenario] = row
    return cells


def area_class(classes, share, others):
    """The highest class that a fifth of the people reach, a share of whom is seen and the others of one class."""
    for k in (5, 4, 3, 2):
        if share * sum(c >= k for c in classes) / len(classes) + (1 - share) * (others >= k) >= 0.2 - 1e-12:
            return k
    return 1


def scenario_id(basis, scenario):
    if scenario is None:
        return basis
    return f"{basis}.heat_stays" if scenario == "heat_stays" else f"{basis}.tau{scenario[0]}.gain{scenario[1]}"


def mean(rows):
    return {c: None if rows[0][c] is None else math.fsum(r[c] for r in rows) / len(rows) for c in rows[0] if not c.startswith("class_")}


def kyiv(run, data):
    schedules, _ = queues.read_versions(data)
    last = last_day(run.as_of, 14)
    pending = {k for k, publishers in schedules.items() if queues.announced(k[1], publishers)["status"] == "pending"}
    supply = defaultdict(dict)
    for (queue, day), publishers in schedules.items():
        if (queue, day) in pending or day > last:
            continue
        pieces = []
        for i, (lo, hi, _) in enumerate(queues.slots_of(day, publishers)):
            at = queues.local(day, 30 * i)
            pieces.append((at, at + HOUR / 2, lo * 2, hi * 2))
        supply[queue][day] = by_hour(day, pieces)
    log = [(a, b, int(off), int(off)) for a, b, off in log_pieces(data)]
    logged = {d: by_hour(d, log) for d in supply[queues.HISTORY_QUEUE] if any(a < midnight(d + DAY) and b > midnight(d) for a, b, *_ in log)}

    days = sorted({d for q in supply.values() for d in q})
    page, _ = read_page(data)
    read, filled, valid = outside(page, days)
    seen = {q: homes(s, read, filled, valid) for q, s in supply.items()}
    household = homes(logged, read, filled, valid)
    want = {}
    for d in days:
        of = [q for q in sorted(seen) if (d, None) in seen[q]]
        t_coverage = day_of(page, d)["share"]
        for scenario in [None, *SCENARIOS, "heat_stays"]:
            if all((d, scenario) in seen[q] for q in of):
                rows = [seen[q][d, scenario] for q in of]
                cells = mean([seen[q][d, None] for q in of]) | mean(rows) | {"groups_seen": len(of), "coverage": len(of) / 120, "t_coverage": t_coverage}
                if scenario is not None:
                    for bound, others in (("lo", 1), ("hi", 5)):
                        classes = [r[f"class_{bound}"] for r in rows]
                        cells[f"class_seen_{bound}"] = area_class(classes, 1, 0)
                        cells[f"class_{bound}"] = area_class(classes, len(of) / 120, others)
                want[d, scenario_id("announced", scenario)] = cells
            if (d, scenario) in household:
                queue = queues.announced(d, schedules[queues.HISTORY_QUEUE, d])
                cells = household[d, None] | {c: v for c, v in household[d, scenario].items() if not c.startswith("class_")}
                cells |= {"observed_points": 1, "household_announced_h_lo": queue["sched_off_h_lo"], "household_announced_h_hi": queue["sched_off_h_hi"], "t_coverage": t_coverage}
                want[d, scenario_id("observed", scenario)] = cells
    return want


def check(checks, run, data):
    want = kyiv(run, data)
    columns = [*dark([], {}, False), *(f"t_in_min_c_{b}" for b in ("lo", "hi")), *(f"below_{n}_h_{b}" for n in BELOW for b in ("lo", "hi")),
               "class_seen_lo", "class_seen_hi", "class_lo", "class_hi", "groups_seen", "observed_points", "household_announced_h_lo", "household_announced_h_hi",
               "t_coverage", "dark_ph_lo", "dark_le_m20_ph_hi", "persons_per_customer"]
    for column in columns:
        # Small steps cross a limit on a straight line, and are right to a second or so.
        tolerance = 1e-3 if column.startswith("below_") else 1e-6
        got = run.cells("hardship", column, ["date_local", "scenario_id"], area_id="UA80")
        checks.same(f"hardship.{column} of Kyiv", got, {k: cells.get(column) for k, cells in want.items()}, tolerance)

    # Dnipro has schedules and no temperatures: announced hours alone.
    day = run.cells("area_day", "sched_off_h_hi", ["date_local"], area_id="UA12")
    checks.same("hardship.off_h_hi of Dnipro", run.cells("hardship", "off_h_hi", ["date_local", "scenario_id"], area_id="UA12"),
                {(d, "announced"): v for (d,), v in day.items() if v is not None})

    out, observed = control.polled(data)
    with open(data / "temperature_chicago_daily" / "ghcn_daily_2018_2021.csv", newline="") as f:
        extremes = {dt.date.fromisoformat(row["date"]): (float(row["tmin_c"]), float(row["tmax_c"])) for row in csv.DictReader(f)}
    people = {}
    for d in extremes:
        if out.get(d, 0) > 0 and d < control.END:
            ph = out[d] * PERSONS
            cells = {"dark_ph_lo": ph, "dark_ph_hi": ph, "off_h_lo": out[d] / 2162007, "persons_per_customer": PERSONS, "t_in_min_c_lo": None}
            for name, limit in LIMITS.items():
                cells[f"dark_{name}_ph_lo"] = ph if extremes[d][1] <= limit else 0.0
                cells[f"dark_{name}_ph_hi"] = ph if extremes[d][0] <= limit else 0.0
            people[d,] = cells
    for column in next(iter(people.values())):
        checks.same(f"hardship.{column} of the control case", run.cells("hardship", column, ["date_local"], area_id=CONTROL), {k: c[column] for k, c in people.items()})
