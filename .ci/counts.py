"""python counts.py datasets/counts.csv: rows of every publisher's file, as PROVENANCE.md and the readers' own counts have them."""

import csv
import sys

CITIES = 24
# file: rows read, kept, rejected
KNOWN = {
    "strikes_missile_attacks/missile_attacks_daily.csv": (3701, 3699, 2),  # two name only places in Russia
    "strikes_viina_energy/viina_energy_2022_2025.csv": (414, 414, 0),
    "temperature_kyiv_weatherapi/hourly_versions_kyiv.csv.gz": (94165, 94153, 12),  # hours that the clocks skip
    "alerts_oblast/alerts_events_labeled.parquet": (74675, 74675, 0),
    "outages_kyiv_dtek_yasno/event_log.json": (48, 48, 0),
    "outages_kyiv_dtek_yasno/last_schedules_versions.jsonl.gz": (276, 276, 0),
    "outages_kyiv_dtek_yasno/schedule_history.json": (13, 13, 0),
    "outages_dnipro_city/schedule_versions_to_2026-03-31.jsonl.gz": (5584, 5580, 4),
    "outages_dnipro_cek/schedule_versions.jsonl.gz": (3023, 2987, 36),  # queue-days that its broken January dates wrong
    "us_eaglei_cook_county/MCC.csv": (3234, 3234, 0),  # with the total
    "us_eaglei_cook_county/eaglei_cook_2018_2021_ffilled.csv.gz": (139876, 139876, 0),
    "temperature_chicago_daily/ghcn_daily_2018_2021.csv": (1461, 1461, 0),
    "claims/march_2025.yaml": (3, 3, 0),
    "claims/january_2026.yaml": (7, 7, 0),
    "reference/iso_codes_ua_subdivisions.csv": (27, 27, 0),
    "reference/kse_oblast.csv": (27, 27, 0),
    "reference/kse_ua-pop-2022_hromada.csv": (1470, 1470, 0),
}


def main(path):
    with open(path, newline="") as f:
        found = {row["file"]: tuple(int(row["rows_" + c]) for c in ("read", "kept", "rejected")) for row in csv.DictReader(f)}
    wrong = [f"{name}: {found.get(name)}, not {want}" for name, want in KNOWN.items() if found.get(name) != want]
    cities = [counts for name, counts in found.items() if name.startswith("temperature_openmeteo_cities/")]
    if cities != [(18240, 18240, 0)] * CITIES:
        wrong.append(f"Open-Meteo: {cities}")
    print("\n".join(wrong) or f"rows of {len(found)} files are as known")
    return bool(wrong)


sys.exit(main(sys.argv[1]))
