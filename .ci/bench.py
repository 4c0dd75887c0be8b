"""python bench.py PROGRAM BENCH WORK SIZE [TURNS]: the comparison workload, the program and its peers in turns.

Equal work is the two tables that the workload asks for, and the daily one alone; the whole run, with findings, report and
notebooks, stands beside DuckDB's whole job. BENCH is the folder with the workload's generator and DuckDB's statements. Every answer is compared
with DuckDB's, row by row; what takes how long is printed and asserted nowhere.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

AREAS = {"S": 100, "M": 1000, "L": 5000, "XL": 25000}

CONFIG = """
out: ./out
period: {from: 2020-10-15, to: 2025-04-01}
areas: {from_data: true, tz: UTC}
exposure_day: true
sources:
  - {name: temps,   table: temperature,     format: parquet, files: [temps.parquet],   columns: {area_id: area, time_utc: ts, t_c: temp_c}}
  - {name: outages, table: outage_interval, format: parquet, files: [outages.parquet], columns: {area_id: area, start_utc: start_utc, end_utc: end_utc, customers: customers_out}}
  - {name: strikes, table: strike,          format: parquet, files: [strikes.parquet], columns: {area_id: area, start_utc: time, target_class: category}}
"""

# Each job is what the program makes, and the peers' job beside it.
JOBS = {
    "area_day and exposure_day": (["--only", "area_day,exposure_day"], "tables"),
    "the same, rows by hour": (["--only", "area_day,exposure_day", "-c", "hours/job.yaml"], None),
    "the same, held in memory": (["--only", "area_day,exposure_day", "--max-memory", "0"], None),
    "area_day alone": (["--only", "area_day"], "daily"),
    "the whole run": ([], "job"),
}

# The daily table alone: what area_day has of the workload.
DAILY = """
CREATE TEMP VIEW strikes AS SELECT area, epoch_us("time")//3600000000 AS h, category FROM '${DATA}/strikes.parquet';
CREATE TEMP TABLE sday AS SELECT area, (h//24)::INT d, count(*) n, count(*) FILTER (category='energy') ne FROM strikes GROUP BY ALL;
CREATE TEMP TABLE tday AS SELECT area, (epoch_us(ts)//86400000000)::INT d, count(temp_c) temp_n, avg(temp_c) temp_mean, min(temp_c) temp_min, sum(greatest(0, 18-temp_c)) hdh
  FROM '${DATA}/temps.parquet' GROUP BY ALL;
CREATE TEMP TABLE oday AS
 WITH o AS (SELECT area, epoch_us(start_utc)//1000000 s, epoch_us(end_utc)//1000000 e, customers_out c FROM '${DATA}/outages.parquet'),
 u AS (SELECT area, s, e, c, unnest(range(s//86400, (e+86399)//86400)) d FROM o)
 SELECT area, d::INT d, sum(c*(least(e,(d+1)*86400)-greatest(s,d*86400)))::BIGINT cust_s FROM u GROUP BY ALL;
COPY (SELECT coalesce(t.area, o.area, s.area) area, (DATE '1970-01-01' + coalesce(t.d, o.d, s.d)) AS day, temp_n, temp_mean, temp_min, hdh, cust_s, s.n strikes, s.ne strikes_energy
  FROM tday t FULL JOIN oday o ON o.area=t.area AND o.d=t.d FULL JOIN sday s ON s.area=coalesce(t.area, o.area) AND s.d=coalesce(t.d, o.d))
  TO '${OUT}/daily.parquet' (FORMAT parquet, COMPRESSION zstd)
"""

# Each check is a name, the rows that it is of, and the difference that must be (near) 0.
CHECKS = [
    ("temp_n", "true", "w.temp_n - t_n_present", 0),
    ("temp_mean", "tmean_c IS NOT NULL", "w.temp_mean - tmean_c", 1e-9),
    ("temp_min", "tmin_c IS NOT NULL", "w.temp_min - tmin_c", 0),
    ("hdh", "dh18_kh IS NOT NULL", "(w.hdh - dh18_kh * t_n_present / hours_in_day) / greatest(1, w.hdh)", 1e-9),
    ("cust_s", "out_ch_hi IS NOT NULL", "(w.cust_s / 3600 - out_ch_hi) / greatest(1, w.cust_s / 3600)", 1e-9),
    ("cust_s where null", "out_ch_hi IS NULL", "w.cust_s", 0),
    ("strikes lo", "strikes_n_lo IS NOT NULL", "w.strikes - strikes_n_lo", 0),
    ("strikes hi", "strikes_n_hi IS NOT NULL", "w.strikes - strikes_n_hi", 0),
    ("strikes where null", "strikes_n_hi IS NULL", "w.strikes", 0),
    ("strikes_energy", "strikes_energy_lo IS NOT NULL", "w.strikes_energy - strikes_energy_lo", 0),
    # Hours without a temperature are not cold in the statements; here they widen the bounds.
    ("cold_s, all hours known", "t_n_present = 24 AND out_ch_le_m10_hi IS NOT NULL", "(w.cold_s / 3600 - out_ch_le_m10_hi) / greatest(1, w.cold_s / 3600)", 1e-9),
    ("cold_s at most", "out_ch_le_m10_hi IS NOT NULL", "greatest(0, (w.cold_s / 3600 - out_ch_le_m10_hi) / greatest(1, w.cold_s / 3600))", 1e-9),
    ("cold_s at least", "out_ch_le_m10_lo IS NOT NULL", "greatest(0, (out_ch_le_m10_lo - w.cold_s / 3600) / greatest(1, w.cold_s / 3600))", 1e-9),
    ("strikes_prev72 lo", "strikes_prev72_hi IS NOT NULL", "w.strikes_prev72 - strikes_prev72_lo", 0),
    ("strikes_prev72 hi", "strikes_prev72_hi IS NOT NULL", "w.strikes_prev72 - strikes_prev72_hi", 0),
] + [
    (f"w{k}", f"out_ch_x_strikes_{k}h IS NOT NULL", f"(w.w{k} / 3600 - out_ch_x_strikes_{k}h) / greatest(1, w.w{k} / 3600)", 1e-9)
    for k in (6, 24, 72)
]


def measured(command, cwd, ok=(0,)):
    """Runs a command alone and returns seconds, CPU seconds and the peak of memory in MiB."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ok:
        sys.exit(f"{command}: ended with {process.returncode}\n{output}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


STATEMENTS = """
import sys, duckdb
db = duckdb.connect()
db.execute("SET threads=%s" % sys.argv[2])
for statement in open(sys.argv[1]).read().split(";"):
    if statement.strip():
        db.execute(statement)
"""


def job(bench, data, out):
    """DuckDB's best form of the whole job, correlations pooled, and of its daily table; cold as area_day has it, at or below."""
    sql = (bench / "duckdb_job.sql").read_text()
    sql, pooled = re.subn(r"SELECT x\.area, corr\((.*?)\n  GROUP BY x\.area\)", r"SELECT corr(\1)", sql, flags=re.S)
    sql, cold = re.subn(r"temp_c < -10", "temp_c <= -10", sql)
    if (pooled, cold) != (1, 1):
        sys.exit("duckdb_job.sql is not as this script knows it")
    sql = sql.replace("${DATA}", str(data)).replace("${OUT}", str(out))
    return sql, sql[: sql.rindex("COPY")]


def joined(data, tables):
    """Puts the program's tables beside DuckDB's, as j."""
    db = duckdb.connect()
    db.execute(f"CREATE VIEW w AS SELECT * FROM '{data}/duckdb/day.parquet'")
    db.execute(f"CREATE VIEW a AS SELECT * FROM '{tables}/area_day.parquet'")
    lost = db.execute("SELECT count(*) FROM w WHERE day <= (SELECT max(date_local) FROM a) AND NOT EXISTS (SELECT 1 FROM a WHERE area_id = area AND date_local = day)").fetchall()[0][0]
    if lost:
        sys.exit(f"{lost} area-days are not there")
    db.execute(f"CREATE TABLE j AS SELECT * FROM w JOIN a ON a.area_id = w.area AND a.date_local = w.day LEFT JOIN '{tables}/exposure_day.parquet' e USING (area_id, date_local)")
    return db


def compare(data, tables):
    """Compares the program's tables with DuckDB's, and returns whether any cell differs."""
    db = joined(data, tables)
    rows, unpublished = db.execute("SELECT count(*), (SELECT count(*) FROM w) - count(*) FROM j").fetchall()[0]
    short = db.execute("SELECT count(*) FROM j WHERE tmean_c IS NULL AND temp_mean IS NOT NULL").fetchall()[0][0]
    print(f"{rows} area-days compared; {unpublished} lie within the publication lag; {short} have too few hours for the day's temperatures")
    bad = rows == 0
    for job in ("tables", "daily"):
        columns = [c for c, *_ in db.execute(f"DESCRIBE SELECT * EXCLUDE (area, day) FROM '{data}/polars/{job}.parquet'").fetchall()]
        off = " + ".join(f"(coalesce(abs(p.{c} - d.{c}) / greatest(1, abs(d.{c})), CASE WHEN p.{c} IS NULL AND d.{c} IS NULL THEN 0 ELSE 1 END) > 1e-9)::INT" for c in columns)
        theirs = "day" if job == "tables" else job
        n, differing = db.execute(f"SELECT count(*), sum({off}) FROM '{data}/polars/{job}.parquet' p FULL JOIN '{data}/duckdb/{theirs}.parquet' d USING (area, day)").fetchall()[0]
        print(f"  Polars against DuckDB, {job}: {n} rows, {differing} cells differ")
        bad = bad or differing != 0
    hours = str(tables).replace("out-0", "out-1")
    for name in ("area_day", "exposure_day"):
        rows = db.execute(f"SELECT count(*) FROM ((FROM '{tables}/{name}.parquet' EXCEPT ALL FROM '{hours}/{name}.parquet') UNION ALL (FROM '{hours}/{name}.parquet' EXCEPT ALL FROM '{tables}/{name}.parquet'))").fetchall()[0][0]
        print(f"  {name} of rows by hour: {rows} rows differ")
        bad = bad or rows != 0
    rows, differing = db.execute(f"""
        SELECT count(*), sum((abs(coalesce(d.cust_s, 0) / 3600 - coalesce(out_ch_hi, 0)) > 1e-9 * greatest(1, d.cust_s / 3600) OR coalesce(d.strikes, 0) <> coalesce(strikes_n_hi, 0))::INT)
        FROM a LEFT JOIN '{data}/duckdb/daily.parquet' d ON d.area = area_id AND d.day = date_local
        WHERE NOT EXISTS (SELECT 1 FROM w WHERE w.area = area_id AND w.day = date_local)""").fetchall()[0]
    print(f"  days without any temperature: {rows} rows, {differing} differ in outages or strikes")
    return check(db) or bad or differing != 0


def check(db):
    """Compares the joined tables j and returns whether any cell differs."""
    bad = False
    for name, where, difference, tolerance in CHECKS:
        n, worst = db.execute(f"SELECT count(*), max(abs({difference})) FROM j AS w WHERE {where}").fetchall()[0]
        wrong = n > 0 and (worst is None or worst > tolerance) or n == 0 and "null" not in name
        bad = bad or wrong
        print(f"  {name:24} {n:9} cells, greatest difference {worst}{'   DIFFERS' if wrong else ''}")
    return bad


def by_hour(data):
    """Puts the workload beside itself with all areas of an hour together. Another process sorts: a child's peak is at least its parent's."""
    hours = data / "hours"
    hours.mkdir(exist_ok=True)
    if not (hours / "temps.parquet").exists():
        (data / "hours.sql").write_text(f"COPY (SELECT * FROM '{data}/temps.parquet' ORDER BY ts, area) TO '{hours}/part.parquet' (FORMAT parquet, COMPRESSION zstd)")
        subprocess.run([sys.executable, "statements.py", "hours.sql", str(os.cpu_count())], cwd=data, check=True)
        (hours / "part.parquet").rename(hours / "temps.parquet")
    for name in ("outages.parquet", "strikes.parquet"):
        if not (hours / name).exists():
            os.link(data / name, hours / name)
    (hours / "job.yaml").write_text(CONFIG)


# Another process measures: a child's peak is at least its parent's, and this one is large.
PEAK = """
import os, resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_maxrss // 1024, time.monotonic() - began, used.ru_utime + used.ru_stime)
print(done.stdout.splitlines()[-1])
"""


def watched(program, data, out, *flags):
    """A run: its exit code, MiB at its peak, seconds, CPU seconds, and bytes that it kept on disk."""
    subprocess.run(["rm", "-rf", str(data / out)], check=True)
    done = subprocess.run([sys.executable, "-c", PEAK, program, "run", "--json", "-c", "job.yaml", "--out", out, *flags], cwd=data, stdout=subprocess.PIPE, text=True, check=True)
    first, last = done.stdout.splitlines()
    code, peak, seconds, cpu = first.split()
    return int(code), int(peak), float(seconds), float(cpu), json.loads(last).get("spilled_bytes", 0)


def within_memory(program, data):
    """The whole run again with little memory: it keeps rows on disk, gives the same tables, and takes no more than it may."""
    def sums(out):
        return [line for line in (data / out / "latest/SHA256SUMS").read_text().splitlines() if "tables/" in line]

    bad = False
    for limit, spills in ((96, True), (192, False)):
        out = f"out-{limit}MiB"
        code, peak, _, _, spilled = watched(program, data, out, "--max-memory", f"{limit}MiB")
        same = code in (0, 3) and sums(out) == sums(f"out-{len(JOBS) - 1}")
        wrong = not same or (spilled > 0) != spills or peak > limit
        bad = bad or wrong
        print(f"  --max-memory {limit}MiB: {spilled:,} bytes on disk, peak {peak} MiB, tables {'the same' if same else 'DIFFER'}{'   WRONG' if wrong else ''}")
    return bad


def large(program, bench, data, rows):
    """The two tables without a limit, and the whole run within 1 GiB, where DuckDB would need more than the machine has: it makes a sample of the areas, and the checks are of those."""
    for what, flags in ("area_day and exposure_day", ("--only", "area_day,exposure_day")), ("the whole run, --max-memory 1GiB", ("--max-memory", "1GiB")):
        code, peak, seconds, cpu, spilled = watched(program, data, "out", *flags)
        print(f"{rows:,} rows, {os.cpu_count()} cores, {what}: {seconds:.0f} s, {cpu:.0f} CPU s, {rows / seconds / 1e6:.2f} million rows/s, peak {peak} MiB, {spilled:,} bytes on disk")
    sample = data / "sample"
    (sample / "duckdb").mkdir(parents=True, exist_ok=True)
    db = duckdb.connect()
    for name in ("temps", "outages", "strikes"):
        db.execute(f"COPY (SELECT * FROM '{data}/{name}.parquet' WHERE area LIKE '%77') TO '{sample}/{name}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    for statement in job(bench, sample, sample / "duckdb")[1].split(";"):
        if statement.strip():
            db.execute(statement)
    db = joined(sample, data / "out/latest/tables")
    areas, days = db.execute("SELECT count(DISTINCT area), count(*) FROM j").fetchone()
    print(f"{areas} areas, {days} of their days compared")
    return check(db) or areas == 0 or code not in (0, 3) or peak > 1024


def copy_rate():
    """Bytes a second at which one thread copies memory."""
    a = np.ones(32 << 20)
    b = np.empty_like(a)
    best = min(timed(lambda: np.copyto(b, a)) for _ in range(5))
    return a.nbytes / best


def zstd_rate(data):
    """Bytes a second that one thread makes of what zstd has packed: the workload's temperatures as they are stored, one after the other."""
    temperatures = duckdb.sql(f"SELECT temp_c FROM '{data}/temps.parquet' WHERE temp_c IS NOT NULL LIMIT 4000000").fetchnumpy()["temp_c"].tobytes()
    packed = pa.compress(temperatures, codec="zstd", asbytes=True)
    best = min(timed(lambda: pa.decompress(packed, len(temperatures), codec="zstd")) for _ in range(5))
    return len(temperatures) / best


def pages(data, tables):
    """Seconds and CPU seconds of what no run can be without: to hash the files, to unpack what is read, to pack what is written and to unpack it again."""
    read = ",".join(str(data / f"{name}.parquet") for name in ("temps", "outages", "strikes"))
    written = ",".join(str(tables / f"{name}.parquet") for name in ("area_day", "exposure_day"))
    command = ["go", "test", "-run", "^$", "-bench", "^BenchmarkPages$", "-benchtime", "3x", "-count", "3", "./pipeline/parquetfile", "-args", "-read", read, "-written", written]
    printed = subprocess.run(command, cwd=Path(__file__).parent.parent, check=True, capture_output=True, text=True).stdout
    return min((float(ns) / 1e9, float(cpu)) for ns, cpu in re.findall(r"([\d.]+) ns/op\s+([\d.]+) CPU-s/op", printed))


def timed(f):
    began = time.monotonic()
    f()
    return time.monotonic() - began


def warm(data):
    """Reads the workload, so that all who are measured find it in memory."""
    for name in ("temps", "outages", "strikes"):
        with open(data / f"{name}.parquet", "rb") as file:
            while file.read(1 << 20):
                pass


def workload(bench, work, size):
    """Makes the workload of a size, unless it is there, and returns its folder and its rows."""
    data = work / size
    data.mkdir(parents=True, exist_ok=True)
    data = data.resolve()
    if not (data / "strikes.parquet").exists():
        subprocess.run(["go", "run", ".", "-areas", str(AREAS[size]), "-codec", "zstd", "-out", str(data)], cwd=bench / "gen", check=True)
    (data / "job.yaml").write_text(CONFIG)
    rows = sum(duckdb.sql(f"SELECT count(*) FROM '{data}/{name}.parquet'").fetchall()[0][0] for name in ("temps", "outages", "strikes"))
    return data, rows


def growth(program, bench, work, sizes):
    """Prints how much longer the first job takes of a larger workload, both in turns: the medians of three."""
    of = {size: workload(bench, work, size) for size in sizes}
    seconds = {size: [] for size in sizes}
    for data, _ in of.values():
        warm(data)
    for _ in range(3):
        for size, (data, _) in of.items():
            subprocess.run(["rm", "-rf", str(data / "out-0")], check=True)
            seconds[size].append(measured([program, "run", "-q", "-c", "job.yaml", "--out", data / "out-0", *JOBS["area_day and exposure_day"][0]], data, (0, 3))[0])
    few, many = (sorted(seconds[size])[1] for size in sizes)
    print(f"\n{sizes[0]} and {sizes[1]} in turns: {few:.2f} and {many:.2f} s, {many / few:.1f} times the time for {of[sizes[1]][1] / of[sizes[0]][1]:.1f} times the rows")


def main(program, bench, work, size, turns="1"):
    bench, work = Path(bench).resolve(), Path(work)
    data, rows = workload(bench, work, size)
    if size == "XL":
        return large(program, bench, data, rows)
    (data / "duckdb").mkdir(exist_ok=True)
    (data / "statements.py").write_text(STATEMENTS)
    for name, statements in zip(("job.sql", "tables.sql"), job(bench, data, data / "duckdb")):
        (data / name).write_text(statements)
    by_hour(data)
    (data / "polars").mkdir(exist_ok=True)
    polars = Path(__file__).with_name("benchpolars.py")
    (data / "daily.sql").write_text(DAILY.replace("${DATA}", str(data)).replace("${OUT}", str(data / "duckdb")))
    threads = str(os.cpu_count())
    warm(data)
    figures = {}
    for _ in range(int(turns)):
        for number, (what, (flags, peer)) in enumerate(JOBS.items()):
            runs = [("hardship", [program, "run", "-q", "-c", "job.yaml", "--out", data / f"out-{number}", *flags], (0, 3))]
            if peer:
                runs.append(("DuckDB " + duckdb.__version__, [sys.executable, "statements.py", f"{peer}.sql", threads], (0,)))
            if peer in ("tables", "daily"):
                runs.append(("Polars " + version("polars"), [sys.executable, polars, peer, data, data / "polars", threads], (0,)))
            for tool, command, ok in runs:
                if tool == "hardship":
                    subprocess.run(["rm", "-rf", str(data / f"out-{number}")], check=True)
                figures.setdefault((what, tool), []).append(measured(command, data, ok))
    bad = compare(data, data / "out-0/latest/tables")
    if size == "S":  # of larger ones other limits hold
        bad = within_memory(program, data) or bad
    copied, unpacked = copy_rate(), zstd_rate(data)
    print(f"\n{size}: {rows:,} rows, {threads} cores, best of {turns}; one of them copies memory at {copied / 1e9:.1f} GB/s and unpacks zstd at {unpacked / 1e9:.1f} GB/s")
    print("| job | tool | s | CPU s | peak MiB | million rows/s | share of the copy rate | of the zstd rate | ratio |")
    print("|---|---|---|---|---|---|---|---|---|")
    s, cpu = pages(data, (data / "out-0/latest/tables").resolve())
    peer = min(figures["area_day and exposure_day", "DuckDB " + duckdb.__version__])[0]
    print(f"| hashing, unpacking and packing of the next line alone | hardship | {s:.2f} | {cpu:.2f} |  | {rows / s / 1e6:.1f} | {100 * rows * 24 / s / copied:.1f} % | {100 * rows * 24 / s / unpacked:.1f} % | DuckDB takes {peer / s:.0f} times that |")
    for what in JOBS:
        ours = min(figures[what, "hardship"])[0]
        for (job_name, tool), list_ in figures.items():
            if job_name == what:
                s, cpu, peak = min(list_)
                print(f"| {what} | {tool} | {s:.2f} | {cpu:.2f} | {peak:.0f} | {rows / s / 1e6:.1f} | {100 * rows * 24 / s / copied:.1f} % | {100 * rows * 24 / s / unpacked:.1f} % | {s / ours:.1f} |")
    if size in ("M", "L"):
        growth(program, bench, work, ("S", "M") if size == "M" else ("M", "L"))
    return bad


resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.exit(main(*sys.argv[1:]))
