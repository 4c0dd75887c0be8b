"""python csvpeers.py READERS WORK: the readers of CSV beside DuckDB's and Polars', on the same files and one thread.

READERS is the test program of pipeline/normalize. Its benchmarks write files in
the shapes of EAGLE-I and of the bulletins (made up), and read them into
canonical batches: areas and words looked up, times and numbers checked, every
fault placed. DuckDB and Polars parse the same files into columns and check
nothing else. Seconds of processor time decide, the least of several, since
machines are shared; nothing here fails but a program that does.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"
import duckdb
import polars as pl

SHAPES = ("eagle_i", "bulletins")
TIMES = 3


def processor(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def ours(readers, shape, folder=None):
    """Seconds of one reading: of four less those of one, which hold the making of the file too.

    Each is the least of several before they are compared: the least difference would be that
    of a disturbed one.
    """

    def run(n):
        command = [readers, "-test.run", "^$", "-test.bench", f"^BenchmarkRead$/^{shape}$", "-test.benchtime", f"{n}x", "-test.cpu", "1"]
        before = processor(resource.RUSAGE_CHILDREN)
        subprocess.run(command + (["-keep", folder] if folder else []), check=True, capture_output=True)
        return processor(resource.RUSAGE_CHILDREN) - before

    if folder:
        return run(1)
    return (min(run(4) for _ in range(TIMES)) - min(run(1) for _ in range(TIMES))) / 3


def theirs(read):
    before = processor(resource.RUSAGE_SELF)
    read()
    return processor(resource.RUSAGE_SELF) - before


def main(readers, work):
    folder = Path(work)
    folder.mkdir(parents=True, exist_ok=True)
    engine = duckdb.connect(config={"threads": 1})
    for shape in SHAPES:
        ours(readers, shape, str(folder))
        path = folder / f"{shape}.csv"
        megabytes = path.stat().st_size / 1e6
        best = {
            "hardship": ours(readers, shape),
            "DuckDB": min(theirs(lambda: engine.sql(f"SELECT * FROM read_csv('{path}')").to_arrow_table()) for _ in range(TIMES)),
            "Polars": min(theirs(lambda: pl.read_csv(path, try_parse_dates=True)) for _ in range(TIMES)),
        }
        print(f"{shape}, {megabytes:.1f} MB: " + ", ".join(f"{name} {megabytes / seconds:.0f} MB/s" for name, seconds in best.items()), end="; ")
        print(", ".join(f"{best[name] / best['hardship']:.2f} times as fast as {name}" for name in ("DuckDB", "Polars")))


main(*sys.argv[1:])
