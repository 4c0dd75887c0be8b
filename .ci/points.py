"""python points.py PROGRAM DATA WORK: areas of real points, against a computation of its own.

The 24 cities of the Open-Meteo archive with their coordinates, and the outlines of
geoBoundaries: each city must lie in the area that datasets/normalize.yaml gives it,
by a ray cast here; inverse distances and the nearest city of every area's centroid
must give the temperatures that `hardship normalize` writes.
"""

import csv
import gzip
import json
import math
import re
import subprocess
import sys
from pathlib import Path

BOUNDARIES = "reference/geoboundaries_ukr_adm1_simplified.geojson"
CITIES = "temperature_openmeteo_cities"
HOURS = 24 * 40
CONFIG = """
root: {root}
period: {{from: 2022-01-01, to: 2022-02-10}}
areas: {{boundaries: {{file: boundaries.geojson, property: shapeISO}}}}
sources:
  - {{name: places, table: strike, format: csv, files: [cities.csv], columns: {{lat: lat, lon: lon, strike_id: city}}, to: places.csv}}
  - {{name: idw, table: point_temperature, format: csv, files: [temps.csv], weights: idw, to: idw.csv}}
  - {{name: nearest, table: point_temperature, format: csv, files: [temps.csv], weights: nearest, to: nearest.csv}}
"""


def rings(feature):
    g = feature["geometry"]
    polygons = [g["coordinates"]] if g["type"] == "Polygon" else g["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def holds(feature, lon, lat):
    inside = False
    for ring in rings(feature):
        for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:]):
            if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
    return inside


def centroid(feature):
    """In the plane of longitude and latitude; holes run the other way round in this file, as RFC 7946 asks."""
    a = x = y = 0.0
    for ring in rings(feature):
        for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:]):
            cross = x1 * y2 - x2 * y1
            a, x, y = a + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (3 * a), y / (3 * a)


def km(lon1, lat1, lon2, lat2):
    p1, p2, half = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1) / 2
    return 2 * 6371.0088 * math.asin(math.sqrt(math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(half) ** 2))


def main(program, data, work, top):
    data, work = Path(data).resolve(), Path(work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    (work / "boundaries.geojson").write_bytes((data / BOUNDARIES).read_bytes())
    features = {f["properties"]["shapeISO"]: f for f in json.loads((data / BOUNDARIES).read_text())["features"]}
    areas = {r["iso3166_2"]: r["area_id"] for r in csv.DictReader(open(Path(top) / "datasets/areas/area.csv", encoding="utf-8")) if r["iso3166_2"]}
    shipped = dict(re.findall(r"([\w-]+)_weather\.csv=(UA\d\d)", (Path(top) / "datasets/normalize.yaml").read_text()))
    cities = {r["city"].lower(): (float(r["lon"]), float(r["lat"])) for r in csv.DictReader(open(data / CITIES / "list_of_cities.csv", encoding="utf-8"))}
    cities = {name: at for name, at in cities.items() if name in shipped}
    temps = {}
    for name in cities:
        with gzip.open(data / CITIES / f"{name}_weather.csv.gz", "rt") as f:
            temps[name] = [(r["date"], float(r["temperature_2m"])) for r, _ in zip(csv.DictReader(f), range(HOURS))]
    with open(work / "cities.csv", "w") as f:
        f.write("city,lat,lon,start_utc\n")
        f.writelines(f"{name},{lat},{lon},2022-01-15T00:00:00Z\n" for name, (lon, lat) in cities.items())
    with open(work / "temps.csv", "w") as f:
        f.write("point_id,lat,lon,time_utc,t_c\n")
        f.writelines(f"{name},{cities[name][1]},{cities[name][0]},{date},{t}\n" for name in temps for date, t in temps[name])
    (work / "points.yaml").write_text(CONFIG.format(root=work))
    done = subprocess.run([program, "normalize", "-c", work / "points.yaml", "--to", work / "tables"], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"FAILED normalize: exit code {done.returncode}: {done.stderr}")
        return True

    wrong = []
    found = {r["strike_id"]: r["area_id"] for r in csv.DictReader(open(work / "tables/places.csv"))}
    for name, (lon, lat) in cities.items():
        cast = [areas[iso] for iso, f in features.items() if holds(f, lon, lat)]
        if not [found.get(name)] == cast == [shipped[name]]:
            wrong.append(f"{name}: hardship {found.get(name)}, rays {cast}, shipped {shipped[name]}")
    print(f"{len(found)} cities lie in the areas that the shipped set gives them")

    for method in ("idw", "nearest"):
        want = {}
        for iso, f in features.items():
            near = sorted((km(*centroid(f), *at), name) for name, at in cities.items())
            near = [(d, name) for d, name in near if d <= 100][: 8 if method == "idw" else 1]
            if near:
                total = sum(d**-2 for d, _ in near)
                for i, (date, _) in enumerate(temps[near[0][1]]):
                    want[areas[iso], date[:13].replace(" ", "T")] = sum(d**-2 * temps[name][i][1] for d, name in near) / total
        got = {(r["area_id"], r["time_utc"][:13]): float(r["t_c"]) for r in csv.DictReader(open(work / f"tables/{method}.csv"))}
        worst = max((abs(got[k] - want[k]) for k in got.keys() & want.keys()), default=math.inf)
        print(f"{method}: {len(got)} hours of {len({a for a, _ in got})} areas, at most {worst:.1e} °C apart")
        if got.keys() != want.keys() or worst > 1e-9:
            wrong.append(f"{method}: {len(got)} hours, {len(want)} expected, {worst} °C apart")
    print("\n".join("FAILED " + w for w in wrong), end="\n" if wrong else "")
    return bool(wrong)


sys.exit(main(*sys.argv[1:]))
