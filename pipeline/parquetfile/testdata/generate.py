"""Writes the sample files of this folder. See README.md."""
import datetime as dt
import math
from decimal import Context, Decimal

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 50
START = dt.datetime(2022, 11, 1)
CONTEXT = Context(prec=38)


def column(type, f, every=0):
    """One value a row; null in each row before a multiple of every."""
    return pa.array([None if every and i % every == every - 1 else f(i) for i in range(ROWS)], type)


def micros(i):
    return (START - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1) + i * 3_600_000_001


numbers = {
    "flag": column(pa.bool_(), lambda i: i % 3 == 0, 5),
    "i8": column(pa.int8(), lambda i: i - 25, 7),
    "i16": column(pa.int16(), lambda i: 1000 * (i - 25), 7),
    "i32": column(pa.int32(), lambda i: 10**7 * (i - 25)),
    "i64": column(pa.int64(), lambda i: 10**16 * (i - 25), 7),
    "u8": column(pa.uint8(), lambda i: 255 - i),
    "u16": column(pa.uint16(), lambda i: 65535 - i, 7),
    "u32": column(pa.uint32(), lambda i: 2**32 - 1 - i),
    "u64": column(pa.uint64(), lambda i: 2**63 - 1 - i, 7),
    "f32": column(pa.float32(), lambda i: i / 4, 7),
    "f64": column(pa.float64(), lambda i: i / 10, 7),
    "zero": column(pa.float64(), lambda i: 0.0, 2),
}
others = {
    "area": column(pa.string(), lambda i: f"область {i % 4}", 6),
    "note": column(pa.string(), lambda i: f"note {i}" * (i % 3)),
    "nothing": column(pa.string(), lambda i: "", 1),
    "day": column(pa.date32(), lambda i: START.date() + dt.timedelta(days=i), 7),
    "at_ms": column(pa.timestamp("ms", "UTC"), lambda i: micros(i) // 1000, 7),
    "at_us": column(pa.timestamp("us", "UTC"), micros),
    "at_ns": column(pa.timestamp("ns", "UTC"), lambda i: micros(i) * 1000 + i, 7),
    "old_ns": column(pa.timestamp("ns", "UTC"), lambda i: -1 - i, 7),
    "local_us": column(pa.timestamp("us"), micros),
}
table = pa.table(numbers | others)


def write(name, t=table, **options):
    pq.write_table(t, f"{name}.parquet", **({"store_schema": False, "version": "2.6"} | options))


write("pyarrow_snappy_v1", compression="snappy", row_group_size=20)
write("pyarrow_zstd_v2", compression="zstd", data_page_version="2.0", row_group_size=20)
write("pyarrow_gzip_v1", compression="gzip")
write("pyarrow_brotli_v2", compression="brotli", data_page_version="2.0")
write("pyarrow_lz4_v2", compression="lz4", data_page_version="2.0")
write("pyarrow_plain", compression="none", use_dictionary=False, write_page_checksum=True)
write("pyarrow_small_pages", compression="zstd", data_page_size=64, write_batch_size=8, write_page_index=True)
write("pyarrow_int96", table.select(["area", "at_us", "at_ns", "old_ns"]), version="1.0", use_deprecated_int96_timestamps=True, flavor="spark")

delta = {n: "DELTA_BINARY_PACKED" for n in ["i8", "i16", "i32", "i64", "u32", "u64", "day", "at_us", "old_ns"]}
split = {n: "BYTE_STREAM_SPLIT" for n in ["f32", "f64", "at_ns", "u8"]}
text = {"area": "DELTA_BYTE_ARRAY", "note": "DELTA_LENGTH_BYTE_ARRAY", "nothing": "DELTA_BYTE_ARRAY", "flag": "RLE"}
for version in "1.0", "2.0":
    write(f"pyarrow_delta_v{version[0]}", compression="snappy", data_page_version=version, use_dictionary=False,
          column_encoding=delta | split | text)

# A dictionary of a few entries, then plain pages in the same chunk.
unique = pa.table({"text": [f"text {i * 7919 % 400}" if i % 9 else None for i in range(1200)],
                   "number": [i * 7919 % 400 / 8 for i in range(1200)]})
write("pyarrow_fallback", unique, dictionary_pagesize_limit=900, data_page_size=512, write_batch_size=50, compression="zstd")

write("pyarrow_other_types", pa.table({
    "before": column(pa.int64(), lambda i: i),
    "list": column(pa.list_(pa.int32()), lambda i: list(range(i % 4)), 7),
    "struct": column(pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string()))]), lambda i: {"a": i, "b": ["x"] * (i % 3)}, 7),
    "map": column(pa.map_(pa.string(), pa.int32()), lambda i: {"k": i}),
    "decimal": column(pa.decimal256(60, 2), lambda i: i),
    "fixed": column(pa.binary(3), lambda i: b"abc"),
    "half": column(pa.float16(), float),
    "time": column(pa.time64("us"), lambda i: i),
    "null": pa.nulls(ROWS),
    "after": column(pa.string(), lambda i: f"row {i}"),
}))

# Unscaled values of up to as many digits as their types have.
decimals = pa.table({name: column(pa.decimal128(precision, scale), lambda i: Decimal(unscaled(i)).scaleb(-scale, CONTEXT), every)
                     for name, precision, scale, unscaled, every in [
    ("d2", 2, 1, lambda i: i - 25, 7),
    ("d4", 4, 2, lambda i: i % 4 * 3333 - 5000, 0),
    ("d9", 9, 0, lambda i: 10**7 * i + i, 7),
    ("d18", 18, 3, lambda i: 3 * 10**16 * (i - 25) + i, 0),
    ("d38", 38, 4, lambda i: 3 * 10**36 * (i - 25) + i, 7),
    ("d38_fine", 38, 30, lambda i: (-7) ** (i % 45), 0)]})
write("pyarrow_decimal_v1", decimals, compression="snappy", row_group_size=20)
write("pyarrow_decimal_v2", decimals, compression="zstd", data_page_version="2.0", store_decimal_as_integer=True)
write("pyarrow_decimal_split", decimals, compression="snappy", use_dictionary=False,
      column_encoding={"d2": "DELTA_BYTE_ARRAY", "d4": "BYTE_STREAM_SPLIT", "d9": "PLAIN", "d18": "DELTA_BYTE_ARRAY", "d38": "BYTE_STREAM_SPLIT"})
write("pyarrow_decimal_delta", decimals, compression="snappy", use_dictionary=False, store_decimal_as_integer=True, data_page_version="2.0",
      column_encoding={"d2": "BYTE_STREAM_SPLIT", "d4": "DELTA_BINARY_PACKED", "d9": "DELTA_BINARY_PACKED", "d18": "DELTA_BINARY_PACKED"})

write("pyarrow_no_rows", table.slice(0, 0))
write("pyarrow_nan", pa.table({"x": column(pa.float64(), lambda i: math.nan if i % 4 == 1 else i, 6),
                               "y": column(pa.float32(), lambda i: math.nan)}))
write("pyarrow_too_large", pa.table({"u64": pa.array([1, 2**63], pa.uint64()), "fine": [1, 2],
                                     "at_ms": pa.array([0, 2**62], pa.timestamp("ms", "UTC"))}))
write("pyarrow_not_utf8", pa.table({"coded": pa.array([b"a", b"\xff\xfe"], pa.binary())}))

con = duckdb.connect()
con.execute("set timezone = 'UTC'")
for name, options in {"duckdb_v1": "parquet_version v1", "duckdb_v2": "parquet_version v2, compression zstd"}.items():
    con.execute(f"copy (select * from 'pyarrow_zstd_v2.parquet') to '{name}.parquet' (format parquet, {options})")
    con.execute(f"copy (select * from 'pyarrow_decimal_v1.parquet') to '{name.replace('_', '_decimal_')}.parquet' (format parquet, {options})")
con.execute("""copy (select 1768449600 + 0.5 * i as s, -12.5 as t_c, n::decimal(32,1) as n, n::decimal(32,1)::double as n_float, 50.45 as lat, 30.52 as lon, 80::decimal(5,0) as code
    from (values (0, 1200), (1, 1.5), (2, null), (3, 1e30), (4, -1e30), (5, -1), (6, 2000000000), (7, 2000000001)) v(i, n)) to 'duckdb_decimal_rows.parquet' (format parquet)""")
pl.from_arrow(decimals).write_parquet("polars_decimal.parquet")
pl.from_arrow(table).write_parquet("polars.parquet")
