"""What product.md section 5 says that the published tables show."""

import datetime as dt

from .check import UTC, local


def check(checks, run, data):
    def day(month, number):
        return dt.date(2026, month, number)

    def kyiv(column, *where):
        return run.cells("area_day", column, ["date_local"], area_id="UA80")[where]

    def night(column, area, weapon, date):
        return run.cells("strike_night", column, ["date_local"], area_id=area, part="night", weapon=weapon)[date,]

    spell = {start: {c: run.cells("cold_spell", c, ["start_date"], area_id="UA80", rule_id="tmean_lt_m10_5d")[start,]
                     for c in ("end_date", "days", "tmin_min_c")}
             for start in run.cells("cold_spell", "days", ["start_date"], area_id="UA80", rule_id="tmean_lt_m10_5d")
             for start in start}
    january = min(kyiv("tmin_c", day(1, d)) for d in range(1, 32))
    for fact, got, want in (
        ("nights down to −20 °C: at most −19.4 in January", january <= -19.4, True),
        ("−19.5 on the 15th", kyiv("tmin_c", day(1, 15)), -19.5),
        ("one spell from 10 January, by its end", spell[day(1, 10)]["end_date"], day(1, 21)),
        ("of 12 days", spell[day(1, 10)]["days"], 12),
        ("no other spell began before 31 January", sorted(d for d in spell if day(1, 1) <= d < day(1, 31)), [day(1, 10)]),
        ("−3.7 on 28 January", kyiv("tmin_c", day(1, 28)), -3.7),
        ("−2.2 on 29 January", kyiv("tmin_c", day(1, 29)), -2.2),
        ("means above −1 on both", min(kyiv("tmean_c", day(1, 28)), kyiv("tmean_c", day(1, 29))) > -1, True),
        ("a second spell from 31 January, by its end", spell[day(1, 31)]["end_date"], day(2, 4)),
        ("its minimum", spell[day(1, 31)]["tmin_min_c"], -22.5),
        ("on 2 February", kyiv("tmin_c", day(2, 2)), -22.5),
        ("night to 30 January: one ballistic missile", night("launched", "UA", "ballistic", day(1, 30)), 1),
        ("111 drones", night("launched", "UA", "drone", day(1, 30)), 111),
        ("until 08:00 in Kyiv", night("window_end_utc", "UA", "all", day(1, 30)).astimezone(UTC), local(day(1, 30), 8 * 60)),
        ("strikes at 15 locations", night("impacts", "UA", "all", day(1, 30)), 15),
        ("night to 3 February: 450 drones", night("launched", "UA", "drone", day(2, 3)), 450),
        ("plus missiles", night("launched", "UA", "ballistic", day(2, 3)) + night("launched", "UA", "cruise", day(2, 3)) > 0, True),
        ("rows that name Kyiv oblast", night("rows_named", "UA32", "all", day(2, 3)), 3),
    ):
        checks.equal(fact, got, want)
    for area in ("UA80", "UA32"):
        named = [night("rows_named", area, "all", d) for d in (day(1, 29), day(1, 30), day(1, 31), day(2, 1), day(2, 2))]
        checks.that(f"none of the rows of the nights to 29 January – 2 February names {area}", named == [0] * 5, named)
    shown = run.table("fact")
    unknown = [m for m, v in zip(shown["measure"], shown["shown"]) if v is None]
    checks.that("every measure of the table fact has a number", not unknown, unknown)
    checks.equal("facts of the news report", len(set(shown["fact_id"])), 7)
