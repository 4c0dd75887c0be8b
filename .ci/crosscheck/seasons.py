"""The table season from the run's own tables, which the other checks hold to the raw files."""

import datetime as dt
import math
from collections import defaultdict

from .check import DAY

RULE = "tmean_lt_m10_5d"


def known(cells):
    return [v for v in cells if v is not None]


def winters(days):
    """Label and days of every winter, November to March, that meets the days."""
    first, last = min(days), max(days)
    for year in range(first.year - 1, last.year + 1):
        begin, end = dt.date(year, 11, 1), dt.date(year + 1, 4, 1)
        if begin <= last and end > first:
            yield f"{year}-{(year + 1) % 100:02d}", [begin + i * DAY for i in range((end - begin).days)]


def minmax(tn, tm, tx, b=17):
    """C8, of a day that may cross the base."""
    if tx <= b:
        return b - tm
    if tm <= b:
        return (b - tn) / 2 - (tx - b) / 4
    return (b - tn) / 4 if tn < b else 0


def heating(means):
    """Places of the first beginning and the last end (C9), None where days that are not known could change them."""

    def switches(fill):
        on, run, begun, ended = False, 0, None, None
        for i, v in enumerate(means):
            v = fill if v is None else v
            run = run + 1 if v is not None and (v >= 8 if on else v <= 8) else 0
            if run == 3:
                on, run = not on, 0
                begun, ended = (i if begun is None else begun, None) if on else (begun, i)
        return begun, ended

    three = [switches(fill) for fill in (None, -1e9, 1e9)]
    return tuple(place[0] if len(set(place)) == 1 else None for place in zip(*three))


def check(checks, run, data):
    t = run.whole("area_day")
    of = defaultdict(dict)
    for i, (area, day) in enumerate(zip(t["area_id"], t["date_local"])):
        of[area][day] = {c: t[c][i] for c in ("tmin_c", "tmean_c", "tmax_c", "hdd_eu_kd", "sched_off_h_lo", "sched_off_h_hi", "out_ch_lo", "out_ch_hi", "out_coverage", "alert_h")}
    spells = defaultdict(list)
    s = run.whole("cold_spell")
    for i in range(len(s["area_id"])):
        if s["rule_id"][i] == RULE:
            spells[s["area_id"][i]].append((s["start_date"][i], s["end_date"][i]))
    nights, launched = defaultdict(dict), defaultdict(lambda: defaultdict(list))
    n = run.whole("strike_night")
    for i in range(len(n["area_id"])):
        if n["weapon"][i] == "all":
            area, day = n["area_id"][i], n["date_local"][i]
            launched[area][day].append(n["launched"][i])
            if n["part"][i] != "day":
                nights[area][day] = nights[area].get(day, 0) + (n["events_lo"][i] if area == "UA" else n["rows_named"][i] or 0)
    logs = defaultdict(list)
    q = run.whole("queue_day")
    for i in range(len(q["area_id"])):
        if q["observed_off_h"][i] is not None and q["sched_off_h_hi"][i] is not None:
            logs[q["area_id"][i]].append((q["date_local"][i], q["observed_off_h"][i], q["sched_off_h_lo"][i], q["sched_off_h_hi"][i]))

    want = {}
    for area, rows in of.items():
        for label, days in winters(rows):
            cells = {c: known(rows.get(d, {}).get(c) for d in days) for c in next(iter(rows.values()))}
            tmin = cells["tmin_c"]
            row = {"season_d": len(days), "tmin_known_d": len(tmin), "tmin_lowest_c": min(tmin, default=None)}
            for name, limit in (("0", 0), ("m5", -5), ("m10", -10), ("m15", -15), ("m20", -20)):
                row[f"cold_le_{name}_d"] = sum(v <= limit for v in tmin) if tmin else None
            share = len(cells["tmean_c"]) / len(days)
            row["tmean_coverage"] = share
            row["tmean_mean_c"] = math.fsum(cells["tmean_c"]) / len(cells["tmean_c"]) if share >= 0.8 else None
            row["hdd_season_kd"] = math.fsum(cells["hdd_eu_kd"]) / share if share >= 0.95 else None
            for base in (17, 18):  # C7
                row[f"hdd{base}_season_kd"] = math.fsum(max(0, base - v) for v in cells["tmean_c"]) / share if share >= 0.95 else None
            three = [tuple(rows[d][c] for c in ("tmin_c", "tmean_c", "tmax_c")) for d in days if d in rows]
            three = [v for v in three if None not in v]
            row["hdd17_minmax_season_kd"] = math.fsum(minmax(*v) for v in three) * len(days) / len(three) if len(three) >= 0.95 * len(days) else None
            # No shipped series reaches the climate (C3, C4): climate.py checks them on one that does.
            row |= {"csdi_d": None, "csdi_reason_code": "M0109" if tmin else "M0101", "ecf_lowest_c2": None, "ecf_reason_code": "M0109" if cells["tmean_c"] else "M0101"}
            row["spells"] = sum(a in days for a, _ in spells[area]) if cells["tmean_c"] else None
            row["spell_d"] = sum(any(a <= d <= b for a, b in spells[area]) for d in days) if cells["tmean_c"] else None
            begin = dt.date(days[0].year, 9, 1)
            window = [begin + i * DAY for i in range((dt.date(days[-1].year, 6, 1) - begin).days)]
            places = heating([rows.get(d, {}).get("tmean_c") for d in window])
            row |= {name: None if place is None else window[place] for name, place in zip(("heating_begun_date", "heating_ended_date"), places)}
            for bound in ("lo", "hi"):
                row[f"announced_off_h_{bound}"] = math.fsum(cells[f"sched_off_h_{bound}"]) if cells["sched_off_h_hi"] else None
                row[f"customers_out_ch_{bound}"] = math.fsum(cells[f"out_ch_{bound}"]) if cells[f"out_ch_{bound}"] else None
            row["customers_out_coverage"] = math.fsum(cells["out_coverage"]) / len(days)
            seen = [log for log in logs[area] if log[0] in days]
            for name, i in (("household_off_h", 1), ("household_announced_h_lo", 2), ("household_announced_h_hi", 3)):
                row[name] = math.fsum(log[i] for log in seen) if seen else None
            row["household_known_d"] = len(seen)
            there = [nights[area][d] for d in days if d in nights[area]]
            row["bulletin_nights"], row["attack_nights"] = len(there), sum(v > 0 for v in there) if there else None
            munitions = [v for d in days for v in launched[area].get(d, [])]
            row["launched_total"] = sum(munitions) if area == "UA" and there and None not in munitions else None
            row["alert_known_d"], row["alert_total_h"] = len(cells["alert_h"]), math.fsum(cells["alert_h"]) if cells["alert_h"] else None
            want[area, label] = row
    got = run.whole("season")
    keys = list(zip(got["area_id"], got["season"]))
    for c in next(iter(want.values())):
        checks.same(f"season.{c}", dict(zip(keys, got[c])), {k: row[c] for k, row in want.items()})
