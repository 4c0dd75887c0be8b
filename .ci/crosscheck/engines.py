"""Every table read by DuckDB, pandas and Polars, and the promises about the files (ecosystem.md 4, 5)."""

import hashlib
import math

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .check import close

# Words for a type: by datapackage.json, DuckDB, pandas with pyarrow, Polars.
TYPES = {
    "boolean": ("BOOLEAN", "bool[pyarrow]", pl.Boolean),
    "integer": ({"INTEGER", "BIGINT"}, {"int32[pyarrow]", "int64[pyarrow]"}, (pl.Int32, pl.Int64)),
    "number": ("DOUBLE", "double[pyarrow]", pl.Float64),
    "string": ("VARCHAR", "string", pl.String),
    "date": ("DATE", "date32[day][pyarrow]", pl.Date),
    "datetime": ("TIMESTAMP WITH TIME ZONE", "timestamp[us, tz=UTC][pyarrow]", pl.Datetime("us", "UTC")),
}
SUMMED = {"integer", "number", "boolean"}
FORBIDDEN = {"lat", "lon", "geom", "address", "facility", "station", "point"}


def by_duckdb(path, fields):
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    types = [row[1] for row in db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()]
    names = [row[0] for row in db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()]
    rows = db.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()[0]
    found = {}
    for f in fields:
        c, kind = f'"{f["name"]}"', f["type"]
        text = c if kind in ("integer", "number", "string") else f"{c}::INT" if kind == "boolean" else f"epoch_us({c})"
        total = f"sum({c}::INT)" if kind == "boolean" else f"fsum({c})" if kind == "number" else f"sum({c})" if kind == "integer" else "NULL"
        found[f["name"]] = db.execute(f"SELECT count(*) - count({c}), min({text}), max({text}), {total} FROM read_parquet(?)", [str(path)]).fetchone()
    return names, types, rows, found


def by_pandas(path, fields):
    df = pd.read_parquet(path, engine="pyarrow", dtype_backend="pyarrow")
    found = {}
    for f in fields:
        s = df[f["name"]]
        known = s.dropna()
        if f["type"] == "number":
            values = [float(v) for v in known]
            found[f["name"]] = (int(s.isna().sum()), *extremes(values), math.fsum(values) if values else None)
        elif f["type"] in ("integer", "boolean"):
            values = [int(v) for v in known]
            found[f["name"]] = (int(s.isna().sum()), *extremes(values), sum(values) if values else None)
        elif f["type"] == "string":
            found[f["name"]] = (int(s.isna().sum()), *extremes([str(v) for v in known]), None)
        else:
            stamps = pd.to_datetime(known, utc=True)
            micros = [v.value // 1000 for v in stamps]
            found[f["name"]] = (int(s.isna().sum()), *extremes(micros), None)
    return list(df.columns), [str(t).replace("string[pyarrow]", "string") for t in df.dtypes], len(df), found


def by_polars(path, fields):
    df = pl.read_parquet(path)
    found = {}
    for f in fields:
        s = df[f["name"]]
        nulls, s = s.null_count(), s.drop_nulls()
        if f["type"] == "boolean":
            s = s.cast(pl.Int32)
        elif f["type"] in ("date", "datetime"):
            s = s.cast(pl.Datetime("us")).to_physical()
        elif f["type"] == "integer":
            s = s.cast(pl.Int64)
        total = s.sum() if f["type"] in SUMMED and len(s) else None
        found[f["name"]] = (nulls, s.min(), s.max(), total)
    return df.columns, df.dtypes, df.height, found


def extremes(values):
    return (min(values), max(values)) if values else (None, None)


def matches(kind, engine, found):
    allowed = TYPES[kind][engine]
    return found in allowed if isinstance(allowed, (set, tuple)) else found == allowed


def check(checks, run, data):
    checks.that("SHA256SUMS", *sums(run))
    tables = {o["path"]: o for o in run.manifest["outputs"] if "rows" in o}
    on_disk = sorted(p.relative_to(run.path).as_posix() for p in run.path.glob("tables/**/*.parquet"))
    resources = {r["path"]: r for r in run.package["resources"]}
    checks.that("tables of manifest.json, datapackage.json and the folder", sorted(tables) == on_disk == sorted(resources),
                f"{sorted(tables)}, {sorted(resources)}, {on_disk}")
    for path in on_disk:
        check_table(checks, run.path / path, resources[path], tables[path]["rows"], run.manifest["inputs_sha256"])


def sums(run):
    """Every file of the run is listed with its hash, and nothing else."""
    listed = {}
    for line in (run.path / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    found = {p.relative_to(run.path).as_posix(): p for p in run.path.rglob("*") if p.is_file()}
    found.pop("SHA256SUMS", None)
    wrong = [n for n, p in found.items() if hashlib.sha256(p.read_bytes()).hexdigest() != listed.get(n)]
    missing = sorted(set(listed) - set(found))
    return not wrong and not missing and len(found) > 12, f"wrong {wrong}, missing {missing}, {len(found)} files"


def check_table(checks, path, resource, rows, inputs):
    name, fields = resource["name"], resource["schema"]["fields"]
    engines = {"DuckDB": by_duckdb, "pandas": by_pandas, "Polars": by_polars}
    read = {engine: f(path, fields) for engine, f in engines.items()}
    for i, (engine, (names, types, height, _)) in enumerate(read.items()):
        checks.that(f"{name}: columns in {engine}", names == [f["name"] for f in fields], names)
        wrong = [f"{f['name']} is {t}, not {f['type']}" for f, t in zip(fields, types) if not matches(f["type"], i, t)]
        checks.that(f"{name}: types in {engine}", not wrong, wrong)
        checks.equal(f"{name}: rows in {engine}", height, rows)
    wrong = []
    for f in fields:
        cells = {engine: r[3][f["name"]] for engine, r in read.items()}
        first = next(iter(cells.values()))
        if not all(close(a, b) for other in cells.values() for a, b in zip(first, other)):
            wrong.append(f"{f['name']}: {cells}")
        if first[0] and f.get("constraints", {}).get("required"):
            wrong.append(f"{f['name']} is required and has {first[0]} nulls")
    checks.that(f"{name}: nulls, least, most and sum agree", not wrong, "; ".join(wrong))
    check_file(checks, name, path, resource, inputs)


def check_file(checks, name, path, resource, inputs):
    file = pq.ParquetFile(path)
    table, fields, key = file.read(), resource["schema"]["fields"], resource["schema"]["primaryKey"]
    nan = [f["name"] for f in fields if f["type"] == "number" and pc.any(pc.invert(pc.is_finite(table[f["name"]]))).as_py()]
    checks.that(f"{name}: no NaN and no infinity", not nan, nan)

    order = list(zip(*(table[k].to_pylist() for k in key)))
    comparable = [tuple((v is not None, v) for v in row) for row in order]
    wrong = [row for row, after in zip(comparable, comparable[1:]) if not row < after]
    checks.that(f"{name}: sorted by a unique key {key}", key and not wrong, wrong[:3])

    metadata = {k.decode(): v.decode() for k, v in (file.metadata.metadata or {}).items()}
    lacking = [k for k in ("hardship.schema_version", "hardship.inputs") if not metadata.get(k)]
    checks.that(f"{name}: the file names its schema version and inputs", not lacking and metadata["hardship.inputs"] == inputs, metadata.get("hardship.inputs"))
    wrong = [f["name"] for f in fields
             if not f["description"] or metadata.get(f"column.{f['name']}.description") != f["description"]
             or metadata.get(f"column.{f['name']}.unit", "") != f.get("unit", "")
             or metadata.get(f"column.{f['name']}.definition", "") != f.get("definition", "")]
    checks.that(f"{name}: description, unit and definition of every column stand in the file", not wrong, wrong)

    physical = [(c.physical_type, file.metadata.row_group(g).column(i).compression)
                for g in range(file.num_row_groups) for i, c in enumerate(file.schema)]
    checks.that(f"{name}: zstd, no int96", all(t != "INT96" and c == "ZSTD" for t, c in physical), set(physical))
    largest = max((file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)), default=0)
    checks.that(f"{name}: row groups of at most 128k rows", largest <= 128 * 1024, largest)
    nested = [f.name for f in table.schema if pa.types.is_nested(f.type) or pa.types.is_decimal(f.type)
              or pa.types.is_timestamp(f.type) and (f.type.unit, f.type.tz) != ("us", "UTC")]
    checks.that(f"{name}: flat columns, timestamps in microseconds UTC", not nested, nested)
    finer = [f["name"] for f in fields if FORBIDDEN & set(f["name"].split("_"))]
    checks.that(f"{name}: no column of places finer than an area", not finer, finer)
