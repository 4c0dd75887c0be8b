"""python scripts.py NOTEBOOKS RUN WORK: the SQL and the R beside each notebook print lines of it, and many (ecosystem.md 4).

DuckDB runs the SQL in the folder of the run, R reads the tables as CSV; both are those that the run published.
"""

import subprocess
import sys
from pathlib import Path

import duckdb
import nbformat


def sql(path, run):
    """What a script prints, statement by statement; every one yields lines."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET file_search_path = '{run}'")
    printed = []
    for statement in connection.extract_statements(path.read_text()):
        answer = connection.execute(statement)
        if statement.type == duckdb.StatementType.SELECT:
            printed += [line for (text,) in answer.fetchall() for line in text.split("\n")]
    return printed


def r(path, run, csv):
    done = subprocess.run(["Rscript", "--vanilla", path], cwd=run, env={"PATH": "/usr/bin:/bin", "HARDSHIP_CSV": str(csv), "LC_ALL": "C.UTF-8"}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"FAILED {path.name}: {done.stderr}")
    return done.stdout.splitlines()


def main(notebooks, run, work):
    notebooks, run, csv = Path(notebooks), Path(run).resolve(), Path(work).resolve()
    csv.mkdir(parents=True, exist_ok=True)
    for table in run.glob("tables/*.parquet"):
        duckdb.execute(f"COPY (SELECT * FROM read_parquet('{table}')) TO '{csv / table.stem}.csv'")
    wrong = []
    for notebook in sorted(notebooks.glob("*.ipynb")):
        embedded = [line for cell in nbformat.read(notebook, as_version=nbformat.NO_CONVERT).cells if cell.cell_type == "code"
                    for out in cell.outputs for line in out.get("text", "").splitlines()]
        for ending, prints in ((".sql", lambda path: sql(path, run)), (".R", lambda path: r(path, run, csv))):
            script = notebook.with_suffix(ending)
            if script.read_bytes() != (run / "notebooks" / script.name).read_bytes():
                wrong.append(f"{script.name} is not the one that the run publishes")
            lines = prints((run / "notebooks" / script.name))
            strange = [line for line in lines if line not in embedded]
            wrong += [f"{script.name} prints what {notebook.name} does not: {line}" for line in strange[:5]]
            if len(lines) < 7:
                wrong.append(f"{script.name} prints {len(lines)} lines")
            print(f"{script.name}: {len(lines)} lines, {len(strange)} of them strange")
    print("\n".join("FAILED " + w for w in wrong))
    return bool(wrong)


sys.exit(main(*sys.argv[1:]))
