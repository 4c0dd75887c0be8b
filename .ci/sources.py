"""python sources.py PROGRAM DATA WORK: files of the publishers that are not in the shipped set.

`hardship validate` must count their rows as known, and `hardship normalize`
must write as many alerts as pandas finds areas and starts.
"""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

CONFIG = """
root: {data}
period: {{from: 2022-01-01, to: 2026-09-01}}
sources:
  - {{name: official, table: alert, format: sirens_official, files: [{official}], to: official.parquet}}
  - {{name: volunteer, table: alert, format: sirens_volunteer, files: [{volunteer}], to: volunteer.csv}}
"""
OFFICIAL = "alerts_oblast/official_data_en_to_2024-04-22.csv.gz"
VOLUNTEER = "alerts_oblast/volunteer_data_en_to_2024-10-09.csv.gz"
# file: rows read, kept, rejected; the rejected one has a raion in the column of oblasts
KNOWN = {OFFICIAL: (43031, 43030, 1), VOLUNTEER: (54514, 54514, 0)}


def main(program, data, work):
    data, work = Path(data).resolve(), Path(work)
    work.mkdir(parents=True, exist_ok=True)
    config = work / "sources.yaml"
    config.write_text(CONFIG.format(data=data, official=OFFICIAL, volunteer=VOLUNTEER))
    wrong = []

    done = subprocess.run([program, "validate", "--json", "-c", config], capture_output=True, text=True)
    result = json.loads(done.stdout.splitlines()[-1])
    found = {i["file"]: (i["rows_read"], i["rows_kept"], i["rows_rejected"]) for i in result["inputs"]}
    if (done.returncode, found) != (4, KNOWN):
        wrong.append(f"validate: exit code {done.returncode}, {found}")

    done = subprocess.run([program, "normalize", "-c", config, "--to", work / "tables"], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        wrong.append(f"normalize: exit code {done.returncode}: {done.stderr}")
    else:
        official = pd.read_csv(data / OFFICIAL)
        official = official[official["oblast"].str.endswith((" oblast", "City")) & ~official["oblast"].str.contains("raion")]
        volunteer = pd.read_csv(data / VOLUNTEER)
        for name, want, got in (
            ("official", official.groupby(["oblast", "started_at"]).ngroups, pq.read_metadata(work / "tables/official.parquet").num_rows),
            ("volunteer", volunteer.groupby(["region", "started_at"]).ngroups, len(pd.read_csv(work / "tables/volunteer.csv"))),
        ):
            print(f"{name}: {got} alerts")
            if got != want:
                wrong.append(f"{name}: {got} alerts, pandas finds {want}")
    print("\n".join(wrong) or "rows of both files are as known")
    return bool(wrong)


sys.exit(main(*sys.argv[1:]))
