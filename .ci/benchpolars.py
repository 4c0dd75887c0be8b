"""python benchpolars.py JOB DATA OUT THREADS: the comparison workload in Polars, streaming.

JOB is tables (a row for each area and day of winter, with all columns) or daily (those of the daily
table alone). The columns are those of the DuckDB statements beside this script.
"""

import datetime
import os
import sys
from pathlib import Path

job, data, out, threads = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
os.environ["POLARS_MAX_THREADS"] = threads

import polars as pl  # noqa: E402, it reads the number of threads when it is loaded

HOUR, DAY = 3600, 86400
EPOCH = datetime.date(1970, 1, 1)


def winter_days():
    """Days of 15 October to before 1 April, since 1970, for five winters."""
    for year in range(2020, 2025):
        yield range((datetime.date(year, 10, 15) - EPOCH).days, (datetime.date(year + 1, 4, 1) - EPOCH).days)


def seconds(column):
    return pl.col(column).dt.epoch("us") // 1_000_000


def scan(name):
    return pl.scan_parquet(data / f"{name}.parquet")


def collected(frame):
    return frame.collect(engine="streaming").lazy()


def hours_of(outages):
    """A row for each hour that an outage touches, with its customer-seconds in it."""
    return (
        outages.with_columns(h=pl.int_ranges(pl.col("s") // HOUR, (pl.col("e") + HOUR - 1) // HOUR))
        .explode("h")
        .with_columns(cs=pl.col("c") * (pl.min_horizontal("e", (pl.col("h") + 1) * HOUR) - pl.max_horizontal("s", pl.col("h") * HOUR)), d=pl.col("h") // 24)
    )


strikes = collected(scan("strikes").select("area", h=seconds("time") // HOUR, energy=(pl.col("category") == "energy")))
sday = collected(strikes.group_by("area", d=pl.col("h") // 24).agg(strikes=pl.len().cast(pl.Int64), strikes_energy=pl.col("energy").sum().cast(pl.Int64)))
temps = scan("temps")
tday = collected(
    temps.group_by("area", d=seconds("ts") // DAY).agg(
        temp_n=pl.col("temp_c").count().cast(pl.Int64),
        temp_mean=pl.col("temp_c").mean(),
        temp_min=pl.col("temp_c").min(),
        hdh=(18 - pl.col("temp_c")).clip(lower_bound=0).sum(),
    )
)
outages = scan("outages").select("area", s=seconds("start_utc"), e=seconds("end_utc"), c=pl.col("customers_out").cast(pl.Int64))

if job == "daily":
    days = outages.with_columns(d=pl.int_ranges(pl.col("s") // DAY, (pl.col("e") + DAY - 1) // DAY)).explode("d")
    oday = days.group_by("area", "d").agg(cust_s=(pl.col("c") * (pl.min_horizontal("e", (pl.col("d") + 1) * DAY) - pl.max_horizontal("s", pl.col("d") * DAY))).sum())
    key = ["area", "d"]
    day = tday.join(collected(oday), on=key, how="full", coalesce=True).join(sday, on=key, how="full", coalesce=True)
else:
    cold = collected(temps.filter(pl.col("temp_c") <= -10).select("area", h=seconds("ts") // HOUR, cold=pl.lit(True)))
    lags = (
        strikes.group_by("area", "h").agg(n=pl.len().cast(pl.Int64)).with_columns(k=pl.int_ranges(1, 73)).explode("k")
        .group_by("area", h=pl.col("h") + pl.col("k")).agg(*[pl.col("n").filter(pl.col("k") <= hours).sum().alias(f"n{hours}") for hours in (6, 24, 72)])
    )
    clipped = []
    for w in winter_days():
        first, end = w.start * DAY, w.stop * DAY
        inside = outages.filter((pl.col("s") < end) & (pl.col("e") > first))
        clipped.append(inside.with_columns(s=pl.max_horizontal("s", pl.lit(first)), e=pl.min_horizontal("e", pl.lit(end))))
    oday = (
        hours_of(pl.concat(clipped)).join(cold, on=["area", "h"], how="left").join(collected(lags), on=["area", "h"], how="left")
        .group_by("area", "d").agg(cust_s=pl.col("cs").sum(), cold_s=pl.col("cs").filter(pl.col("cold")).sum(), **{f"w{k}": (pl.col("cs") * pl.col(f"n{k}")).sum() for k in (6, 24, 72)})
    )
    areas = temps.select("area").unique()
    all_days = pl.LazyFrame({"d": [d for w in winter_days() for d in w]}, schema={"d": pl.Int64})
    key = ["area", "d"]
    day = areas.join(all_days, how="cross").join(tday, on=key, how="left").join(collected(oday), on=key, how="left").join(sday, on=key, how="left")
    for k in (1, 2, 3):
        day = day.join(sday.select("area", d=pl.col("d") + k, **{f"l{k}": pl.col("strikes")}), on=key, how="left")
    zero = ["temp_n", "cust_s", "cold_s", "w6", "w24", "w72", "strikes", "strikes_energy", "l1", "l2", "l3"]
    day = day.with_columns(pl.col(zero).fill_null(0)).with_columns(strikes_prev72=pl.col("l1") + pl.col("l2") + pl.col("l3")).drop("l1", "l2", "l3")
day.with_columns(day=pl.col("d").cast(pl.Int32).cast(pl.Date)).drop("d").sink_parquet(out / f"{job}.parquet", compression="zstd", engine="streaming")
