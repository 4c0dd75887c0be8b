"""python sources.py PROGRAM DATA WORK: files of the publishers that are not in the shipped set.

`hardship validate` must count their rows as known, `hardship normalize` must
write as many alerts as pandas finds areas and starts and the monthly figures
that pandas reads, and a run on CEK's schedules must show the 15th of December
2025 as PROVENANCE.md 5 has it.
"""

import datetime as dt
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

CONFIG = """
root: {data}
out: {out}
period: {{from: 2025-12-01, to: 2026-01-01}}
max_rejected_share: 0.1
sources:
  - {{name: cek, table: outage_schedule, format: cek_schedules, tz: Europe/Kyiv, place: UA12, files: [{cek}], options: {{operator: cek, groups_known: "12"}}, to: cek.parquet}}
  - {{name: tracker, table: temperature, format: capital_tracker, place: UA80, files: [{tracker_1}, {tracker_2}], to: tracker.csv}}
  - {{name: official, table: alert, format: sirens_official, files: [{official}], to: official.parquet}}
  - {{name: volunteer, table: alert, format: sirens_volunteer, files: [{volunteer}], to: volunteer.csv}}
  - {{name: kyiv_months, format: gsom, place: UA80, files: [{kyiv_months}], to: kyiv_months.csv}}
  - {{name: odesa_months, format: gsom, place: UA51, files: [{odesa_months}], to: odesa_months.csv}}
"""
FILES = {
    "cek": "outages_dnipro_cek/schedule_versions.jsonl.gz",
    "tracker_1": "temperature_kyiv_capital_tracker/Ukraine-Kiev_2025-09_2025-10.csv",
    "tracker_2": "temperature_kyiv_capital_tracker/Ukraine-Kiev_2025-11.csv",
    "official": "alerts_oblast/official_data_en_to_2024-04-22.csv.gz",
    "volunteer": "alerts_oblast/volunteer_data_en_to_2024-10-09.csv.gz",
    "kyiv_months": "temperature_ghcn_monthly/UPM00033345.csv",
    "odesa_months": "temperature_ghcn_monthly/UPM00033837.csv",
}
# rows read, kept, rejected; of the sirens one has a raion in the column of oblasts
KNOWN = {"tracker_1": (241, 241, 0), "tracker_2": (120, 120, 0), "official": (43031, 43030, 1), "volunteer": (54514, 54514, 0), "kyiv_months": (1574, 1574, 0), "odesa_months": (1317, 1317, 0)}
# what a month's summary has of temperature; of the last four, whose first flag is how many days are missing, only whole months count
ELEMENTS = {"TAVG": "c", "TMAX": "c", "TMIN": "c", "EMXT": "c", "EMNT": "c", "HTDD": "cd", "DX32": "d", "DT32": "d", "DT00": "d"}


def impossible_days(path):
    """Days of CEK's versions that lie more than a day after their commit: the scraper was broken."""
    wrong = 0
    with gzip.open(path, "rt") as f:
        for version in map(json.loads, f):
            committed = dt.datetime.fromisoformat(version["commit_time_utc"])
            wrong += sum(dt.datetime.fromtimestamp(int(day), dt.timezone.utc) > committed + dt.timedelta(days=2) for day in version["fact"]["data"])
    return wrong


def monthly_figures(path):
    """Figures of a month's summary, by measure and first day, as the table context must have them."""
    months, figures = pd.read_csv(path), {}
    for element, unit in ELEMENTS.items():
        kept = months[element].notna()
        if unit != "c":
            kept &= months[f"{element}_ATTRIBUTES"].fillna("").str.split(",").str[0] == ""
        figures |= {(f"gsom_{element.lower()}_{unit}", f"{month}-01"): v for month, v in zip(months["DATE"][kept], months[element][kept])}
    return figures


def run(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)


def main(program, data, work):
    data, work = Path(data).resolve(), Path(work)
    work.mkdir(parents=True, exist_ok=True)
    config = work / "sources.yaml"
    config.write_text(CONFIG.format(data=data, out=(work / "out").resolve(), **FILES))
    wrong = []

    done = run(program, "validate", "--json", "-c", config)
    counts = {i["file"]: (i["rows_read"], i["rows_kept"], i["rows_rejected"]) for i in json.loads(done.stdout.splitlines()[-1])["inputs"]}
    if done.returncode != 4:
        wrong.append(f"validate: exit code {done.returncode}")
    wrong += [f"{FILES[name]}: {counts.get(FILES[name])}, not {known}" for name, known in KNOWN.items() if counts.get(FILES[name]) != known]
    rejected, impossible = counts.get(FILES["cek"], (0, 0, 0))[2], impossible_days(data / FILES["cek"])
    if rejected != impossible:
        wrong.append(f"{FILES['cek']}: {rejected} days rejected, {impossible} are impossible")

    done = run(program, "normalize", "-c", config, "--to", work / "tables")
    if done.returncode not in (0, 3):
        wrong.append(f"normalize: exit code {done.returncode}: {done.stderr}")
    else:
        official, volunteer = pd.read_csv(data / FILES["official"]), pd.read_csv(data / FILES["volunteer"])
        official = official[~official["oblast"].str.contains("raion")]
        for name, want, got in (
            ("official", official.groupby(["oblast", "started_at"]).ngroups, pq.read_metadata(work / "tables/official.parquet").num_rows),
            ("volunteer", volunteer.groupby(["region", "started_at"]).ngroups, len(pd.read_csv(work / "tables/volunteer.csv"))),
        ):
            print(f"{name}: {got} alerts")
            if got != want:
                wrong.append(f"{name}: {got} alerts, pandas finds {want}")

        for name in ("kyiv_months", "odesa_months"):
            got = pd.read_csv(work / f"tables/{name}.csv")
            got = dict(zip(zip(got["measure"], got["period_start_date"]), got["figure"]))
            print(f"{name}: {len(got)} figures")
            if got != monthly_figures(data / FILES[name]):
                wrong.append(f"{name}: its figures are not those of the file")

    done = run(program, "run", "-q", "-c", config)
    if done.returncode not in (0, 3):
        wrong.append(f"run: exit code {done.returncode}: {done.stderr}")
    else:
        queues = pd.read_parquet(work / "out/latest/tables/queue_day.parquet")
        day = queues[queues["date_local"].astype(str).str[:10] == "2025-12-15"]
        print(f"CEK on 15 December 2025: {day['sched_off_h_lo'].sum()} to {day['sched_off_h_hi'].sum()} queue-hours of {len(day)} queues")
        if (len(day), day["sched_off_h_lo"].sum()) != (12, 147.5):
            wrong.append("CEK on 15 December 2025: 147.5 queue-hours slot by slot, of 12 queues")
    print("\n".join(wrong) or f"rows of {len(counts)} files are as known")
    return bool(wrong)


sys.exit(main(*sys.argv[1:]))
