"""Counting of checks, reading of a run, and local time."""

import datetime as dt
import json
import math
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

KYIV = ZoneInfo("Europe/Kyiv")
UTC = dt.timezone.utc
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
FIRST_DAY = dt.date(2022, 1, 1)  # of the shipped period
CONTROL = "US17031"  # the control case, which module control checks
TOLERANCE = 1e-9  # of doubles, relative or absolute


def close(got, want, tolerance=TOLERANCE):
    """Equality of two cells: None only equals None, doubles up to the tolerance."""
    if got is None or want is None:
        return got is None and want is None
    if isinstance(got, float) or isinstance(want, float):
        return math.isclose(got, want, rel_tol=tolerance, abs_tol=tolerance)
    return got == want


class Checks:
    """Collects results; a failure is printed where it is found."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def that(self, name, ok, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"  FAILED {name}: {detail}", flush=True)
        return ok

    def equal(self, name, got, want, tolerance=TOLERANCE):
        return self.that(name, close(got, want, tolerance), f"the run has {got!r}, recomputed is {want!r}")

    def same(self, name, got, want, tolerance=TOLERANCE):
        """Two dicts with the same keys and equal cells."""
        if not got and not want:
            return self.that(name, False, "nothing to compare")
        only_got = [k for k in got if k not in want]
        only_want = [k for k in want if k not in got]
        unequal = [k for k in got if k in want and not close(got[k], want[k], tolerance)]
        detail = f"{len(unequal)} of {len(got)} cells differ, {len(only_got)} rows only in the run, {len(only_want)} only recomputed"
        for key in unequal[:5]:
            detail += f"\n      {show(key)}: run {got[key]!r}, recomputed {want[key]!r}"
        for key in only_got[:3]:
            detail += f"\n      {show(key)}: only in the run, {got[key]!r}"
        for key in only_want[:3]:
            detail += f"\n      {show(key)}: only recomputed, {want[key]!r}"
        return self.that(name, not (unequal or only_got or only_want), detail)


def show(key):
    return " ".join(str(k) for k in key) if isinstance(key, tuple) else str(key)


class Run:
    """A published run, read with pyarrow."""

    def __init__(self, path):
        self.path = Path(path)
        self.manifest = json.loads((self.path / "manifest.json").read_text())
        self.package = json.loads((self.path / "datapackage.json").read_text())
        self._tables, self._whole = {}, {}

    def table(self, name):
        """Columns of a table as lists, without the rows of the control case; timestamps as datetimes in UTC."""
        if name not in self._tables:
            t = self.whole(name)
            if "area_id" in t:
                keep = [i for i, a in enumerate(t["area_id"]) if a != CONTROL]
                t = {c: [v[i] for i in keep] for c, v in t.items()}
            self._tables[name] = t
        return self._tables[name]

    def whole(self, name):
        """Columns of a table as lists; timestamps as datetimes in UTC."""
        if name not in self._whole:
            self._whole[name] = pq.read_table(self.path / "tables" / f"{name}.parquet").to_pydict()
        return self._whole[name]

    def cells(self, name, column, keys, **where):
        """Cells of a column by their key, of the rows that match."""
        t = self.whole(name) if where.get("area_id") == CONTROL else self.table(name)
        rows = [i for i in range(len(t[column])) if all(t[c][i] == v for c, v in where.items())]
        cells = {tuple(t[k][i] for k in keys): t[column][i] for i in rows}
        if len(cells) != len(rows):
            raise ValueError(f"{name}: {keys} is no key of the rows with {where}")
        return cells

    @cached_property
    def as_of(self):
        return dt.datetime.fromisoformat(self.manifest["as_of"])

    @cached_property
    def last_day(self):
        """Last day that ended three whole days before the as-of (methods.md 11.2)."""
        return last_day(self.as_of, 3)

    @cached_property
    def days(self):
        return [FIRST_DAY + i * DAY for i in range((self.last_day - FIRST_DAY).days + 1)]


def last_day(as_of, lag):
    """The last civil day of Kyiv that ended `lag` civil days before the as-of."""
    d = as_of.astimezone(KYIV).date()
    while midnight(d + (1 + lag) * DAY) > as_of:
        d -= DAY
    return d


def midnight(day):
    """The instant at which a day of Kyiv begins."""
    return local(day, 0)


def local(day, minute, fold=0):
    """The instant of a minute of Kyiv's clock, the first of two unless fold is 1."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
    return wall.replace(tzinfo=KYIV, fold=fold).astimezone(UTC)


def local_date(instant):
    return instant.astimezone(KYIV).date()


def hours_between(a, b):
    return (b - a) / HOUR
