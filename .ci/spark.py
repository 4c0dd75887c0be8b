"""python spark.py PROGRAM DRIVER WORK [--long]: the pass over areas on a Spark of two executors.

Whatever the number of partitions and whatever dies in the middle, every table must
have the SHA-256 that it has in the single run. That a task was tried again, and that
data went to disk, is read in Spark's event log. Two cores prove that answers are
right and that faults are survived, not that more machines are faster.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

program, driver_file, work = (os.path.abspath(a) for a in sys.argv[1:4])
long = "--long" in sys.argv
work = Path(work)
passed = failed = 0


def that(name, ok, detail=""):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    print(f"  {'ok' if ok else 'FAILED'} {name} {detail if detail or ok else ''}".rstrip(), flush=True)
    return ok


def hardship(*arguments, code=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != code:
        raise SystemExit(f"hardship {' '.join(map(str, arguments))}: {done.returncode}: {done.stderr}")
    return done


def tables(run):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted((run / "latest" / "tables").glob("*.parquet"))}


class Case:
    """A configuration, flags, their single run and what workers need of it."""

    def __init__(self, name, *config, flags=()):
        self.name, self.config, self.flags = name, config, flags
        self.partials, self.merges = work / name / "partials", 0
        hardship("run", "-q", "--warnings-ok", "--out", work / name / "single", *config, *flags)
        self.want = tables(work / name / "single")
        hardship("shard", "context", "-q", "--partials", self.partials, *config, *flags)

    def merged(self, what):
        self.merges += 1
        out = work / self.name / f"merged{self.merges}"
        done = subprocess.run([program, "merge", "-q", "--warnings-ok", "--out", out, *self.config, *self.flags, self.partials], capture_output=True, text=True)
        got = tables(out) if done.returncode == 0 else {}
        that(f"{self.name}, {what}: {len(self.want)} tables have the SHA-256 of the single run", len(self.want) > 20 and got == self.want, done.stderr)
        shutil.rmtree(out, ignore_errors=True)

    def cleared(self):
        shutil.rmtree(self.partials / "result", ignore_errors=True)
        return self


def synthetic(rows):
    """A configuration with hourly temperatures of many areas, which come mixed, so that a shuffle has work to do."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = work / "synthetic-data"
    folder.mkdir(parents=True)
    hours, numbers = 24 * 365 * 2, np.random.default_rng(20260130)
    areas = max(20, rows // hours)
    with pq.ParquetWriter(folder / "temps.parquet", pa.schema([("area", pa.string()), ("ts", pa.timestamp("us", "UTC")), ("temp_c", pa.float64()), ("wind", pa.float64())])) as out:
        for begin in range(0, rows, 500_000):
            n = np.arange(begin, min(begin + 500_000, rows))
            out.write_table(pa.table({
                "area": [f"S{i:05d}" for i in n * 7919 % areas],
                "ts": pa.array(1_600_000_000_000_000 // 3_600_000_000 * 3_600_000_000 + (n // areas % hours) * 3_600_000_000, pa.timestamp("us", "UTC")),
                "temp_c": numbers.normal(-2, 9, len(n)).clip(-40, 40), "wind": numbers.uniform(0, 50, len(n)),
            }, schema=out.schema))
    (folder / "hardship.yaml").write_text("""
period: {from: 2020-09-13, to: 2022-09-20}
areas: {from_data: true, tz: Europe/Kyiv}
sources:
  - {name: temps, table: temperature, format: parquet, files: [temps.parquet], columns: {area_id: area, time_utc: ts, t_c: temp_c, wind_kmh: wind}}
""")
    return folder / "hardship.yaml"


def written_by(spark, config):
    """Rows of a few areas that Spark wrote, with its timestamps of old and of today, give the tables that they give as Arrow wrote them."""
    import pyarrow.parquet as pq

    folder = config.parent
    few = pq.read_table(folder / "temps.parquet", filters=[("area", "<", "S00020")])
    (work / "few").mkdir()
    pq.write_table(few, work / "few/temps.parquet")
    text = config.read_text()
    (work / "few/hardship.yaml").write_text(text)
    rows = {}
    for name, timestamps, codec in (("few", None, None), ("int96", "INT96", "snappy"), ("micros", "TIMESTAMP_MICROS", "zstd")):
        if timestamps:
            spark.conf.set("spark.sql.parquet.outputTimestampType", timestamps)
            frame = spark.read.parquet(str(work / "few/temps.parquet")).repartition(3, "ts")
            frame.write.option("compression", codec).parquet(str(work / name))
            parts = sorted(part.name for part in (work / name).glob("*.parquet"))
            (work / name / "hardship.yaml").write_text(text.replace("[temps.parquet]", json.dumps(parts)))
        hardship("run", "-q", "--warnings-ok", "--only", "area_day", "--out", work / name / "out", "-c", work / name / "hardship.yaml")
        rows[name] = pq.read_table(work / name / "out/latest/tables/area_day.parquet").replace_schema_metadata()
    for name in ("int96", "micros"):
        that(f"files of Spark, {name}", rows[name].equals(rows["few"]) and rows[name].num_rows > 1000, f"{few.num_rows} rows of temperatures, {rows[name].num_rows} area-days")


# A stand-in for the program that does something in its first attempt only: {first}
# is what, {again} what it is from then on.
STAND_IN = """#!/bin/sh
if mkdir {once} 2>/dev/null; then
  {first}
fi
exec {program} "$@"
"""


def stand_in(name, first):
    path = work / f"{name}.sh"
    path.write_text(STAND_IN.format(once=work / f"{name}.once", first=first, program=program))
    path.chmod(0o755)
    return str(path)


def waits(name):
    """A stand-in that says that it has begun, and then waits: it is to be killed."""
    return stand_in(name, f"echo $$ >{work}/{name}.pid.tmp; mv {work}/{name}.pid.tmp {work}/{name}.pid; exec sleep 600")


def parents(pid):
    """The processes above one, with their command lines."""
    while pid > 1:
        status = Path(f"/proc/{pid}/status").read_text()
        pid = int(status.split("PPid:")[1].split()[0])
        yield pid, Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")


def killer(name, of):
    """Waits for the stand-in and kills the process that of names; what it killed is in the list."""
    killed = []

    def kill():
        at = work / f"{name}.pid"
        until = time.time() + 120
        while not at.exists() and time.time() < until:
            time.sleep(0.05)
        pid = of(int(at.read_text()))
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return killed


def executor_of(pid):
    return next(p for p, command in parents(pid) if "CoarseGrainedExecutorBackend" in command)


def events(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("appstatus"):
            with open(path, encoding="utf-8") as f:
                for line in f:
                    yield json.loads(line)


def main():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    spec = importlib.util.spec_from_file_location("driver", driver_file)
    driver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(driver)
    sys.modules["driver"] = driver
    logs = work / "events"
    logs.mkdir(parents=True)

    shipped = Case("shipped")
    rows = 20_000_000 if long else 2_000_000
    config = synthetic(rows)
    large = Case("synthetic", "-c", config, flags=("--from", "2020-10-01"))
    spark = (
        SparkSession.builder.master("local-cluster[2,1,1024]").appName("hardship")
        .config("spark.executor.memory", "512m").config("spark.driver.memory", "1g").config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        .config("spark.eventLog.enabled", "true").config("spark.eventLog.dir", logs.as_uri())
        .config("spark.sql.adaptive.enabled", "false").config("spark.executorEnv.PYTHONDONTWRITEBYTECODE", "1")
        .config("spark.files.useFetchCache", "false").config("spark.local.dir", str(work / "spark"))
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    spark.sparkContext.addPyFile(driver_file_as_module())

    def run(case, what, n, use=program):
        began = time.time()
        spark.sparkContext.setJobDescription(what)
        driver.pass_over(spark, str(case.cleared().partials), use, str(case.config[1]) if case.config else "", n, flags=case.flags)
        print(f"  {what}: {time.time() - began:.1f} s", flush=True)

    for n in (1, 2, 7, 64):
        run(shipped, f"{n} partitions", n)
        shipped.merged(f"{n} partitions")

    name = "executor"
    killed = killer(name, executor_of)
    run(shipped, "an executor is killed", 4, waits(name))
    that("an executor was killed", len(killed) == 1)
    shipped.merged("an executor killed in mid-task")

    name = "worker"
    killed = killer(name, lambda pid: pid)
    run(shipped, "a worker is killed", 4, waits(name))
    that("a worker was killed", len(killed) == 1)
    shipped.merged("a worker killed")

    # The end marker is the last eight bytes; what is before it ends with a whole batch.
    run(shipped, "a stream is cut", 4, stand_in("cut", f'head -c -8 | {program} "$@"; exit $?'))
    shipped.merged("a stream cut before its end marker")

    always = work / "always.sh"
    always.write_text(f'#!/bin/sh\nhead -c -8 | {program} "$@"\n')
    always.chmod(0o755)
    try:
        run(shipped, "every stream is cut", 2, str(always))
        that("streams that are cut are refused", False, "the job has worked")
    except Exception as error:
        that("streams that are cut are refused", "H0401" in str(error), str(error)[:300])
    done = subprocess.run([program, "merge", "-q", "--out", work / "nothing", shipped.partials], capture_output=True, text=True)
    that("without results nothing is published", done.returncode == 1 and "H0406" in done.stderr and not (work / "nothing").exists(), done.stderr)

    spark.sparkContext.setJobDescription("files of Spark")
    written_by(spark, config)
    run(large, f"{rows} rows beyond the memory of an executor", 2)
    large.merged("data that spills")
    spark.stop()

    described, failures, spilled, shuffled, again = {}, {}, 0, 0, {}
    removed = 0
    for e in events(logs):
        if e["Event"] == "SparkListenerJobStart":
            for stage in e["Stage IDs"]:
                described[stage] = e["Properties"].get("spark.job.description", "")
        elif e["Event"] == "SparkListenerTaskEnd":
            what, info, metrics = described.get(e["Stage ID"], ""), e["Task Info"], e.get("Task Metrics") or {}
            if e["Task End Reason"]["Reason"] != "Success":
                failures.setdefault(what, []).append(e["Task End Reason"])
            elif info["Attempt"] > 0 or e["Stage Attempt ID"] > 0:  # with an executor its shuffle files go, and the stage is tried again
                again[what] = again.get(what, 0) + 1
            spilled += metrics.get("Disk Bytes Spilled", 0)
            shuffled += (metrics.get("Shuffle Write Metrics") or {}).get("Shuffle Bytes Written", 0) if "beyond" in what else 0
        elif e["Event"] == "SparkListenerExecutorRemoved":
            removed += 1
    for what, word in (("an executor is killed", "ExecutorLost"), ("a worker is killed", "exit code -9"), ("a stream is cut", "H0401")):
        texts = json.dumps(failures.get(what, []))
        that(f"event log: {what}, and its task was tried again", word in texts and again.get(what, 0) > 0, f"{again.get(what, 0)} tried again; {texts[:300] if word not in texts else ''}")
    that("event log: an executor was lost", removed >= 1)
    that("event log: nothing else had to be tried again", set(failures) <= {"an executor is killed", "a worker is killed", "a stream is cut", "every stream is cut"}, str(set(failures)))
    that("event log: data went to disk", spilled > 0, f"{spilled:,} bytes spilled, {shuffled:,} bytes shuffled, {shuffled / rows:.1f} a row")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


def driver_file_as_module():
    """The driver under the name by which tasks look for its functions."""
    path = work / "driver.py"
    shutil.copyfile(driver_file, path)
    return str(path)


if __name__ == "__main__":
    sys.exit(main())
