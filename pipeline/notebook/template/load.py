import datetime, hashlib, math, os, pathlib

from IPython.display import Image, display


def find_run():
    if "HARDSHIP_RUN" in os.environ:
        return pathlib.Path(os.environ["HARDSHIP_RUN"])
    for folder in (pathlib.Path(".."), pathlib.Path("../out/latest")):
        if (folder / "manifest.json").exists():
            return folder
    raise SystemExit("no run found: run `hardship run`, or set HARDSHIP_RUN")


def read_parquet(path):
    """The rows of a Parquet file as a list of dicts, None for null."""
    try:
        import polars
        return polars.read_parquet(path).to_dicts()
    except ImportError:
        pass
    try:
        import duckdb
        query = duckdb.connect().execute("SET TimeZone = 'UTC'").execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in query.description]
        return [dict(zip(names, row)) for row in query.fetchall()]
    except ImportError:
        pass
    import pyarrow.parquet
    return pyarrow.parquet.read_table(path).to_pylist()


RUN = find_run()
SUMS = dict(reversed(line.split(maxsplit=1)) for line in (RUN / "SHA256SUMS").read_text().splitlines())


def table(name):
    """A published table, after its hash was compared with the run's."""
    path = f"tables/{name}.parquet"
    if hashlib.sha256((RUN / path).read_bytes()).hexdigest() != SUMS[path]:
        raise SystemExit(f"{path} is not the file that the run published")
    return read_parquet(RUN / path)


def number(value, digits=1):
    return "not known" if value is None else f"{value:.{digits}f}"
