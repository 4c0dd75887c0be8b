parts = {}
for row in table("strike_night"):
    if row["rows_named"] is None:
        parts.setdefault((row["area_id"], row["weapon"], row["date_local"]), []).append(row)
launched = {}
for key, rows in parts.items():
    if any(row["part"] != "day" for row in rows) and all(row["launched"] is not None for row in rows):
        launched[key] = sum(row["launched"] for row in rows)
years = {}
for (area, weapon, date), n in launched.items():
    if weapon == "all":
        years.setdefault((area, date.year), []).append(n)
for area, year in sorted(years):
    print(f"{area} {year}: {sum(years[area, year])} launched on {len(years[area, year])} days that are known")
