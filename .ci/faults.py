"""python faults.py PROGRAM DATASETS WORK KILLS: what goes wrong must not harm what is published (ecosystem.md 7, promises 1 to 4, 7 and 12).

After every fault `latest` must lead to a whole run, and the next run must
succeed and leave no temporary file.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

SEED = 20260130
OK, FAILED, USAGE, WARNINGS, LOCKED = 0, 1, 2, 3, 11
LONGEST = 60  # seconds that a run may take


class Faults:
    def __init__(self, program, datasets, work):
        self.program, self.datasets, self.work = program, Path(datasets), Path(work)
        self.random = random.Random(SEED)
        self.passed = self.failed = 0
        self.work.mkdir(parents=True, exist_ok=True)
        self.day = 0

    def that(self, name, ok, detail=""):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print(f"  FAILED {name}: {detail}", flush=True)
        return ok

    def command(self, out, *arguments):
        return [self.program, "run", "-q", "--out", str(out), *map(str, arguments)]

    def run(self, out, *arguments, prefix=()):
        return subprocess.run([*prefix, *self.command(out, *arguments)], capture_output=True, text=True, timeout=LONGEST)

    def other_period(self):
        """Flags that no run before has had, so that there is something to publish."""
        self.day += 1
        day = time.strftime("%Y-%m-%d", time.gmtime(1735689600 + 86400 * self.day))  # from 2025-01-02
        return "--from", "2024-10-01", "--to", day

    def publishes(self, name, out, *arguments, code=OK):
        done = self.run(out, *(arguments or self.other_period()))
        self.that(f"{name}: exit code", done.returncode == code, f"{done.returncode}, not {code}: {done.stderr[-1500:]}")
        self.whole(name, out)
        left = [p.name for folder in (out, out / "runs") if folder.exists() for p in folder.iterdir() if p.name.startswith(".tmp")]
        self.that(f"{name}: nothing temporary is left", not left, left)
        return done

    def whole(self, name, out):
        """latest leads to a run whose every file is as SHA256SUMS and the manifest say."""
        run = out / "latest"
        try:
            manifest = json.loads((run / "manifest.json").read_text())
        except (OSError, ValueError) as fault:
            return self.that(f"{name}: manifest", False, fault)
        self.that(f"{name}: latest leads to the run of the manifest", os.readlink(run) == "runs/" + manifest["run"], os.readlink(run))
        sums = subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=run, capture_output=True, text=True)
        self.that(f"{name}: SHA256SUMS", sums.returncode == 0, sums.stdout + sums.stderr)
        found = {p.relative_to(run).as_posix() for p in run.rglob("*") if p.is_file()}
        listed = {o["path"] for o in manifest["outputs"]} | {"manifest.json", "SHA256SUMS"}
        return self.that(f"{name}: files", found == listed, found ^ listed)

    def stands(self, name, out, before, done, *codes):
        """After a failure the last run is the one before."""
        self.that(f"{name}: exit code", done.returncode in codes, f"{done.returncode}, not {codes}: {done.stderr[-1500:]}")
        self.that(f"{name}: says why", done.stderr.strip(), "nothing on standard error")
        self.that(f"{name}: latest stands", os.readlink(out / "latest") == before, os.readlink(out / "latest"))
        self.whole(name, out)

    def kills(self, count):
        out = self.work / "kills"
        began = time.monotonic()
        self.publishes("first", out)
        length = time.monotonic() - began
        interrupted = left = 0
        for i in range(count):
            process = subprocess.Popen(self.command(out, *self.other_period()), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if i % 2:
                self.wait_for(process, out / "runs/.tmp-run")  # half of them while it publishes
                time.sleep(self.random.uniform(0, 0.12) * length)
            else:
                time.sleep(self.random.uniform(0, 0.9) * length)
            process.kill()
            interrupted += process.wait() == -signal.SIGKILL
            left += any(p.name.startswith(".tmp") for folder in (out, out / "runs") for p in folder.iterdir())
            self.whole(f"kill {i}", out)
            self.publishes(f"after kill {i}", out)
        print(f"  {count} kills, {interrupted} of a run at work, {left} left something behind; a run takes {length:.1f} s")
        self.that("kills hit runs at work, and some while they publish", interrupted >= count / 3 and left > 0, (interrupted, left))
        for run in (out / "runs").iterdir():
            sums = subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=run, capture_output=True)
            self.that(f"run {run.name}", sums.returncode == 0, sums.stdout)

    @staticmethod
    def wait_for(process, path):
        """Until the path is there or the process has ended."""
        while not path.exists() and process.poll() is None:
            time.sleep(0.001)

    def signals(self):
        out = self.work / "signals"
        self.publishes("signals", out)
        for which, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            before = os.readlink(out / "latest")
            for delay in (0.3, 0.2, 0.1, 0.05):  # until it comes before the end
                process = subprocess.Popen(self.command(out, *self.other_period()), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(delay)
                process.send_signal(which)
                got = process.wait()
                if got != OK:
                    break
                before = os.readlink(out / "latest")
            self.that(f"{which.name}: exit code", got == code, got)
            self.that(f"{which.name}: nothing is published", os.readlink(out / "latest") == before)
            self.publishes(f"after {which.name}", out)

    def at_once(self):
        out = self.work / "at_once"
        processes = [subprocess.Popen(self.command(out, *self.other_period()), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(8)]
        codes = sorted(p.wait() for p in processes)
        self.that("eight runs at once: one publishes, the rest find the lock or what it published", set(codes) <= {OK, LOCKED} and OK in codes, codes)
        print(f"  eight at once end with {codes}")
        self.whole("eight runs at once", out)

    def full_disk(self):
        out = self.work / "full"
        out.mkdir(exist_ok=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", out], capture_output=True, text=True)
        if mounted.returncode:
            print("  full disk: skipped, mounting is not permitted here; the tests of package store inject the error")
            return
        try:
            self.publishes("tmpfs", out)
            used = shutil.disk_usage(out).used
            size = sum(p.stat().st_size for p in (out / "latest/").rglob("*") if p.is_file())
            for tenths in range(0, 10, 2):
                before = os.readlink(out / "latest")
                self.resize(out, used + size * tenths // 10)
                self.stands(f"tmpfs with {tenths}0 % of the space", out, before, self.run(out, *self.other_period()), FAILED)
                self.resize(out, 256 << 20)
                self.publishes("tmpfs with space again", out)
                used = shutil.disk_usage(out).used
            self.full_while_spilling(out)
        finally:
            subprocess.run(["umount", "-l", out], check=True)

    def full_while_spilling(self, out):
        """With little memory rows lie in the output folder while a run works."""
        before, used, little = os.readlink(out / "latest"), shutil.disk_usage(out).used, ("--max-memory", "72MiB")
        for mebi in (1, 4):
            self.resize(out, used + (mebi << 20))
            done = self.run(out, *self.other_period(), *little)
            self.stands(f"{mebi} MiB for rows", out, before, done, FAILED)
            self.that(f"{mebi} MiB for rows: it says what the disk is for", "cannot be kept on disk" in done.stderr, done.stderr[-800:])
            self.that(f"{mebi} MiB for rows: no row is left on disk", shutil.disk_usage(out).used <= used + (64 << 10), (shutil.disk_usage(out).used, used))
        self.resize(out, 256 << 20)
        self.publishes("rows on disk with space again", out, *self.other_period(), *little)

    @staticmethod
    def resize(out, size):
        subprocess.run(["mount", "-o", f"remount,size={max(size, 4096)}", out], check=True)

    def read_only(self):
        out = self.work / "read_only"
        self.publishes("read-only folder", out)
        before = os.readlink(out / "latest")
        prefix = []
        if os.geteuid() == 0:  # whom no mode stops
            prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            if subprocess.run([*prefix, self.program, "version"], capture_output=True).returncode:
                print("  read-only folder: skipped, another user cannot reach the program here")
                return
        else:
            for p in (out, out / "runs"):
                p.chmod(0o555)
        self.stands("read-only folder", out, before, self.run(out, *self.other_period(), prefix=prefix), FAILED)
        for p in (out, out / "runs"):
            p.chmod(0o755)
        self.publishes("folder that can be written again", out)

    def damaged_run(self):
        """A run that was damaged since is not taken for done."""
        out = self.work / "damaged_run"
        period = self.other_period()
        self.publishes("before damage", out, *period)
        for name in ("tables/area_day.parquet", "manifest.json", "SHA256SUMS"):
            path = (out / "latest" / name).resolve()
            flip(path, self.random)
            self.publishes(f"after damage to {name}", out, *period)

    def damaged_inputs(self):
        copy, out = self.work / "inputs", self.work / "damaged_inputs"
        shutil.copytree(self.datasets, copy, dirs_exist_ok=True)
        config = copy / "hardship.yaml"
        self.publishes("copies of the inputs", out, "-c", config)
        sound = tables(out)
        temperature = copy / "temperature_openmeteo_cities/temperature.parquet"
        strikes = copy / "strikes_missile_attacks/strike.csv"

        def cut(path):
            path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])

        def break_row(path):
            lines = path.read_text().splitlines(keepends=True)
            lines[10] = lines[10].replace("20", "2O", 1)
            path.write_text("".join(lines))

        for name, path, damage in (
            ("a table cut short", temperature, cut),
            ("an empty table", temperature, lambda p: p.write_bytes(b"")),
            ("a table that is missing", temperature, Path.unlink),
            ("a text that is not a table", temperature, lambda p: p.write_text("PAR1 no more PAR1")),
            ("a CSV with a broken row", strikes, break_row),
            ("a CSV without its header", strikes, lambda p: p.write_text("".join(p.read_text().splitlines(keepends=True)[1:]))),
            ("a CSV of zero bytes", strikes, lambda p: p.write_bytes(bytes(10_000))),
        ):
            kept = path.read_bytes()
            damage(path)
            done = self.publishes(name, out, "-c", config, code=WARNINGS)
            self.that(f"{name}: the file is named", path.name in done.stderr or path.parent.name in done.stderr or "bulletins" in done.stderr or "openmeteo" in done.stderr, done.stderr[-800:])
            path.write_bytes(kept)

        unnoticed = 0
        for i in range(12):
            path = (temperature, copy / "alerts_oblast/alert.parquet")[i % 2]
            kept = path.read_bytes()
            flip(path, self.random)
            done = self.run(out, "-c", config)
            path.write_bytes(kept)
            self.that(f"flip {i} in {path.name}: exit code", done.returncode in (OK, WARNINGS), f"{done.returncode}: {done.stderr[-1500:]}")
            if done.returncode == OK:
                unnoticed += 1
                wrong = [n for n, h in tables(out).items() if n != "provenance" and h != sound[n]]
                self.that(f"flip {i} in {path.name}: not noticed, so no number may differ", not wrong, wrong)
        print(f"  12 bits flipped in inputs: {12 - unnoticed} noticed, {unnoticed} without effect")

        self.publishes("sound inputs again", out, "-c", config)
        before = os.readlink(out / "latest")
        text = config.read_text()
        config.write_text(text + "\nfrobnicate: yes\n")
        self.stands("an unknown key", out, before, self.run(out, "-c", config), USAGE)
        config.write_text(text)
        self.stands("an as-of after the clock", out, before, self.run(out, "-c", config, "--as-of", "2999-01-01"), FAILED, USAGE)
        for folder in copy.iterdir():
            if folder.is_dir() and folder.name != "areas":
                shutil.rmtree(folder)
        self.stands("no input at all", out, before, self.run(out, "-c", config), FAILED)


def flip(path, rng):
    """Turns one bit of a file."""
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def tables(out):
    return {p.stem: hashlib.sha256(columns(p)).hexdigest() for p in (out / "latest/tables").glob("*.parquet")}


def columns(path):
    """A table without its footer, which names the hash of the inputs."""
    content = path.read_bytes()
    return content[: -8 - int.from_bytes(content[-8:-4], "little")]


def main(program, datasets, work, kills):
    f = Faults(program, datasets, work)
    for name, stage in (("kills", lambda: f.kills(int(kills))), ("signals", f.signals), ("at once", f.at_once), ("full disk", f.full_disk),
                        ("read-only", f.read_only), ("damaged run", f.damaged_run), ("damaged inputs", f.damaged_inputs)):
        began, passed, failed = time.monotonic(), f.passed, f.failed
        stage()
        print(f"{name}: {f.passed - passed} passed, {f.failed - failed} failed, {time.monotonic() - began:.1f} s", flush=True)
    return f.failed > 0


sys.exit(main(*sys.argv[1:]))
