# Writes the Parquet files of this folder with pyarrow: made-up alerts in the
# publisher's layout (snappy, dictionaries, one row group, format 2.6), and the
# same with times of no zone.
#
#     python3 make.py
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq

UTC = dt.timezone.utc


def t(day, hour, minute=0):
    return dt.datetime(2031, 1, day, hour, minute, 7, 250000, tzinfo=UTC)


rows = [
    # region, started_at, finished_at, n_subalerts
    ("Kyiv City", t(5, 16), t(5, 17, 30), 1),
    ("Kharkivska oblast", t(5, 16), t(5, 16) + dt.timedelta(days=604), 7412),  # chained
    ("Kyivska oblast", t(5, 18), None, 2),
    ("Kyivska oblast", t(5, 19), t(5, 19), None),
    ("Kyivska oblast", t(6, 1), t(5, 23), 1),  # ends before
    (None, t(6, 2), t(6, 3), 1),
    ("Kyivska oblast", None, t(6, 3), 1),
    ("Kyivska oblast", t(6, 4), t(6, 5), -1),
    ("Kyivska oblast", t(6, 6), t(6, 7), 3_000_000_000),
    ("Sumska oblast", t(6, 6), t(6, 7), 3),
]


def table(zone):
    stamp = pa.timestamp("us", tz=zone)
    start = [r[1] and (r[1] if zone else r[1].replace(tzinfo=None)) for r in rows]
    end = [r[2] and (r[2] if zone else r[2].replace(tzinfo=None)) for r in rows]
    return pa.table({
        "region": pa.array([r[0] for r in rows], pa.string()),
        "started_at": pa.array(start, stamp),
        "finished_at": pa.array(end, stamp),
        "n_subalerts": pa.array([r[3] for r in rows], pa.int64()),
        "duration_minutes": pa.array([None] * len(rows), pa.float64()),
        "date": pa.array(["2031-01-05"] * len(rows), pa.string()),
        "hour_of_day": pa.array([18] * len(rows), pa.int32()),
        "is_anomaly_duration": pa.array([False] * len(rows), pa.bool_()),
    })


pq.write_table(table("UTC"), "events.parquet", compression="snappy")
pq.write_table(table(None), "local.parquet", compression="snappy")
