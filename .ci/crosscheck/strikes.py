"""Nights, launches and named places from the bulletins (methods.md 3, 4.2, 4.6, 7.1)."""

import csv
import datetime as dt
import re
from collections import defaultdict

from .check import DAY, FIRST_DAY, local, local_date, midnight

# The national publisher's weapons; the words that a model is made of.
MODELS = {
    "ballistic": "Iskander-M|KN-23|X-47 Kinzhal|C-300|C-400|Ballistic Missile|Intercontinental Ballistic Missile",
    "cruise": "X-101|X-555|X-55|Kalibr|3M22 Zircon|Iskander-K|P-800 Oniks|X-22|X-32|X-35|X-59|X-59MK2|X-69|Banderol",
    "other_missile": "X-31|X-31P|X-31PD|Unknown Missile",
    "drone": "Shahed-136/131|Lancet|Unknown UAV|Mohajer-6|Orion|Привет-82|Kub|Молнія|Фенікс",
    "bomb": "GBU|Aerial Bomb",
    "reconnaissance": "Orlan-10|Orlan-30|ZALA|Supercam|Merlin-VR|Forpost|Granat-4|Reconnaissance UAV|Eleron|Картограф",
}
CLASS = {model: weapon for weapon, models in MODELS.items() for model in models.split("|")}
MISSILES = {"ballistic", "cruise", "other_missile"}
WEAPONS = ["all", "ballistic", "cruise", "other_missile", "drone", "bomb", "artillery", "unknown"]

WIDER = {"Ukraine", "front line", "Black Sea", "center", "north", "north-east", "east", "south-east", "south",
         "south-west", "west", "north-west"}
RUSSIAN = {"Kursk oblast", "Belgorod oblast", "Bryansk oblast", "Rostov oblast", "Voronezh oblast"}


class Row:
    """One row of the table of attacks."""

    def __init__(self, fields):
        self.national = "kpszsu" in fields["source"].lower()
        self.start, self.end, self.by_date = window(fields["time_start"].strip(), fields["time_end"].strip())
        self.weapon = weapon(fields["model"].strip())
        self.target = places(fields["target"])
        self.named = self.target | places(fields["target_main"]) | places(re.sub(r"[\[\]'\"]", "", fields["affected region"]))
        self.launched, self.intercepted, self.lost, self.impacts = (
            int(float(v)) if (v := fields[c].strip()) else None
            for c in ("launched", "destroyed", "not_reach_goal", "num_hit_location"))
        self.first, self.last = local_date(self.start), local_date(max(self.start, self.end - dt.timedelta(microseconds=1)))
        self.key = (self.last, self.part())
        if self.key[1] == "next night":
            self.key = (self.last + DAY, "night")

    def part(self):
        """4.2: over midnight it is the night of the date it ends; within a date, where more of it lies."""
        if self.by_date:
            return "date"
        if self.first != self.last:
            return "night"
        morning, evening = local(self.last, 9 * 60), local(self.last, 18 * 60)
        end = max(self.end, self.start + dt.timedelta(microseconds=1))
        before = max(dt.timedelta(), min(end, morning) - self.start)
        after = max(dt.timedelta(), end - max(self.start, evening))
        rest = end - self.start - before - after
        if rest >= before and rest >= after:
            return "day"
        return "night" if before >= after else "next night"


def boundary(text):
    day, _, clock = text.partition(" ")
    minute = None
    if clock:
        hours, minutes = clock.split(":")
        minute = int(hours) * 60 + int(minutes)
    return dt.date.fromisoformat(day), minute


def window(start, end):
    """Bulletins give Kyiv's clock (PROVENANCE.md 1); a date alone means the whole of it."""
    (d0, m0), (d1, m1) = boundary(start), boundary(end)
    begins = midnight(d0) if m0 is None else local(d0, m0)
    ends = midnight(d1 + DAY) if m1 is None else local(d1, m1, fold=1)
    return begins, ends, m0 is None and m1 is None


def weapon(model):
    """The class that all models of a row share; of several missiles other_missile."""
    classes = set()
    for part in model.split(" and "):
        for word in [part] if part in CLASS else part.split("/"):
            classes.add(CLASS.get(word.strip(), "unknown"))
    if classes == {"drone", "reconnaissance"}:
        return "drone"
    if len(classes) == 1:
        return classes.pop()
    return "other_missile" if classes <= MISSILES else "unknown"


def places(text):
    """The names in a field, without directions in brackets and raions."""
    names = {re.sub(r" \([a-z-]+\)$", "", n.strip()) for n in re.split(r" and |,", text)}
    return {n for n in names if n and not n.endswith(" Raion")}


def names(places, area):
    """Whether a place is the area: "Kyiv" is the city, "Kyiv oblast" the oblast."""
    return {"UA80": "Kyiv", "UA32": "Kyiv oblast"}[area] in places


def possible(row, area):
    """4.6: a row may concern every area that lies in its own, the finest single one that holds all its target (2);
    "Kyiv oblast" takes in the city. So two oblasts named together may mean any."""
    inside = row.target - RUSSIAN
    return len(row.target) != 1 or bool(inside & WIDER) or names(inside, "UA32") or names(inside, area)


def certain(row, area):
    """Only where the row names nothing else; "Kyiv oblast" is certain in neither of the two."""
    return area != "UA32" and len(row.target) == 1 and names(row.target, area)


def read(data):
    with open(data / "strikes_missile_attacks" / "missile_attacks_daily.csv", newline="") as f:
        rows = [Row(fields) for fields in csv.DictReader(f)]
    return [r for r in rows if r.national and not (r.target and r.target <= RUSSIAN)]


def dates(row):
    return [row.first + i * DAY for i in range((row.last - row.first).days + 1)]


def strict(values):
    """A sum that is unknown if a term is."""
    return None if None in values else sum(values)


def loose(values):
    """The sum of what is stated; unknown if nothing is."""
    stated = [v for v in values if v is not None]
    return sum(stated) if stated else None


def check(checks, run, data):
    bulletins = read(data)
    counted = [r for r in bulletins if r.weapon != "reconnaissance"]
    keys = sorted({r.key for r in bulletins if FIRST_DAY <= r.key[0] <= run.last_day})
    by_key = defaultdict(list)
    for r in counted:
        by_key[r.key].append(r)
    floating = defaultdict(list)  # rows known by date only may belong to these
    for r in counted:
        if r.by_date:
            for key in {(d, part) for d in dates(r) for part in ("night", "day")} | {(r.last + DAY, "night")}:
                floating[key].append(r)

    want = {}
    for key in keys:
        for weapon in WEAPONS:
            of = [r for r in by_key[key] if weapon in ("all", r.weapon)]
            also = [r for r in floating[key] if weapon in ("all", r.weapon)]
            want["UA", *key, weapon] = {
                "rows_named": None, "events_lo": len(of), "events_hi": len(of) + len(also),
                "launched": strict([r.launched for r in of]), "intercepted": strict([r.intercepted for r in of]),
                "lost": loose([r.lost for r in of]), "impacts": loose([r.impacts for r in of]),
                "window_start_utc": min((r.start for r in of), default=None),
                "window_end_utc": max((r.end for r in of), default=None),
            }
    for column in want["UA", *keys[0], "all"]:
        got = run.cells("strike_night", column, ["area_id", "date_local", "part", "weapon"], area_id="UA")
        checks.same(f"strike_night.{column} of the country", got, {k: cells[column] for k, cells in want.items()})

    for area in ("UA80", "UA32"):
        of = {(*key, "all"): by_key[key] for key in keys}
        for column, value in (
            ("rows_named", lambda key, rows: sum(names(r.named, area) for r in rows)),
            ("events_lo", lambda key, rows: sum(certain(r, area) for r in rows)),
            ("events_hi", lambda key, rows: sum(possible(r, area) for r in rows + floating[key[:2]])),
            ("launched", lambda key, rows: strict(v) if (v := [r.launched for r in rows if r.target == {"UA80": {"Kyiv"}, "UA32": {"Kyiv oblast"}}[area]]) else None),
        ):
            got = run.cells("strike_night", column, ["date_local", "part", "weapon"], area_id=area, weapon="all")
            checks.same(f"strike_night.{column} of {area}", got, {k: value(k, rows) for k, rows in of.items()})

    check_days(checks, run, counted, set(keys), by_key)
    return counted, set(keys), by_key


def check_days(checks, run, counted, keys, by_key):
    """The strike columns of area_day: rows inside a civil day, or touching it."""
    touching = defaultdict(list)
    for r in counted:
        for d in dates(r):
            touching[d].append(r)

    def bulletin(day):
        return (day, "night") in keys or (day, "date") in keys

    for area in ("UA80", "UA32", "UA"):
        lo, hi, launched = {}, {}, {}
        for day in run.days:
            start, end = midnight(day), midnight(day + DAY)
            whole = [r for r in touching[day] if start <= r.start and r.end <= end]
            known = bulletin(day) or (day, "day") in keys or (day + DAY, "night") in keys
            sure = whole if area == "UA" else [r for r in whole if certain(r, area)]
            may = touching[day] if area == "UA" else [r for r in touching[day] if possible(r, area)]
            lo[area, day] = len(sure) if known else None
            hi[area, day] = len(may) if bulletin(day) and bulletin(day + DAY) else None
            if area == "UA":
                sums = [strict([r.launched for r in by_key[k]]) for p in ("night", "day", "date") if (k := (day, p)) in keys]
                launched[area, day] = strict(sums) if bulletin(day) and any(s is not None for s in sums) else None
        for column, want in (("strikes_n_lo", lo), ("strikes_n_hi", hi)) + ((("launched", launched),) if launched else ()):
            got = run.cells("area_day", column, ["area_id", "date_local"], area_id=area)
            checks.same(f"area_day.{column} of {area}", got, want)
