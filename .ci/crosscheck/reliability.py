"""The indices of the control case, from the publishers' polls and customers (methods.md 6.2 to 6.4)."""

import csv
import datetime as dt
import math
import statistics

from .check import CONTROL, DAY
from .control import END, FIRST, midnight, polled

NULL = ("interruptions_n", "momentary_n", "open_events", "saifi_lo", "saifi_hi", "saifi_ex_med_lo", "caidi_min_lo", "caidi_min_hi",
        "caidi_ex_med_min_hi", "caidi_lower_min", "km_q25_h", "km_q50_h", "km_q75_h")
POLLS = "polls count customers out, not interruptions"
NO_THRESHOLD = "no threshold of major event days: fewer than 30 days of the 5 years before are known and not zero"


def periods():
    """Label, kind, first day and day after the last of every winter and year that meets the days."""
    for year in range(FIRST.year - 1, END.year + 1):
        yield f"{year}-{(year + 1) % 100:02d}", "winter", dt.date(year, 11, 1), dt.date(year + 1, 4, 1)
        yield str(year), "year", dt.date(year, 1, 1), dt.date(year + 1, 1, 1)


def check(checks, run, data):
    with open(data / "us_eaglei_cook_county" / "MCC.csv", newline="", encoding="utf-8-sig") as f:
        served = next(int(row["Customers"]) for row in csv.DictReader(f) if row["County_FIPS"] == "17031")
    out, observed = polled(data)
    length = {FIRST + i * DAY: (midnight(FIRST + (i + 1) * DAY) - midnight(FIRST + i * DAY)) / dt.timedelta(hours=1) for i in range((END - FIRST).days)}
    minutes = {d: out[d] * 60 / served for d in length if d in observed}
    told = {d: v for d, v in minutes.items() if observed[d] / length[d] >= 0.8}  # days that can be a major event

    want = {}
    for label, kind, first, end in periods():
        days = [d for d in length if first <= d < end and d in minutes]
        if not days:
            continue
        logs = [math.log(v) for d, v in told.items() if dt.date(first.year - 5, first.month, first.day) <= d < first and v > 0]
        row = dict.fromkeys([*NULL, "med_threshold_min", "med_days", "saidi_ex_med_min_lo", "saidi_ex_med_min_hi", "asai_ex_med_lo", "asai_ex_med_hi"])
        row |= {
            "period_kind": kind, "period_d": (end - first).days, "period_whole": first >= FIRST and end <= END, "record_kind": "polls",
            "customers_served": served, "customers_out_known_d": len(days), "med_base_d": len(logs),
            "customers_out_coverage": math.fsum(observed[d] / length[d] for d in days) / (end - first).days, "reason": POLLS,
        }

        def indices(suffix, kept):
            saidi = math.fsum(minutes[d] for d in kept)
            asai = 1 - saidi / 60 / math.fsum(observed[d] for d in kept)
            return {f"saidi{suffix}_min_lo": saidi, f"saidi{suffix}_min_hi": saidi, f"asai{suffix}_lo": asai, f"asai{suffix}_hi": asai}

        row |= indices("", days)
        if len(logs) >= 30:
            threshold = math.exp(statistics.fmean(logs) + 2.5 * statistics.stdev(logs))
            major = {d for d in days if told.get(d, 0) > threshold}
            row |= {"med_threshold_min": threshold, "med_days": len(major), **indices("_ex_med", [d for d in days if d not in major])}
        else:
            row["reason"] += "; " + NO_THRESHOLD
        want[label,] = row
    for column in next(iter(want.values())):
        checks.same(f"reliability.{column}", run.cells("reliability", column, ["period_id"], area_id=CONTROL), {k: row[column] for k, row in want.items()})
    checks.that("reliability of areas without a record of customers", not run.table("reliability")["area_id"], "there are rows")
    winter = want["2018-19",]
    print(f"  winter 2018-19: SAIDI {winter['saidi_min_lo']:.1f} min, without its {winter['med_days']} major event days {winter['saidi_ex_med_min_lo']:.1f}")
