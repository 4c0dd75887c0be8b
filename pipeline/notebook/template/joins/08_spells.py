spells = {}
for row in table("cold_spell"):
    spells.setdefault((row["area_id"], row["rule_id"]), []).append((row["start_date"], row["end_date"]))
country = sorted({area for area, _, _ in parts})
first, last = next(row["assumed"].split(" to ") for row in table("assumption") if row["assumption_name"] == "season")
months = [datetime.date(2000, month, 1).strftime("%B") for month in range(1, 13)]
first, last = months.index(first) + 1, months.index(last) + 1


def winter(date):
    """The label of the winter that a day is in; None outside the season."""
    begun = date.year if date.month >= first else date.year - 1
    inside = first <= date.month <= last if first <= last else date.month >= first or date.month <= last
    return f"{begun}-{(begun + 1) % 100:02}" if inside and first > last else f"{date.year}" if inside else None


for row in table("rate_ratio"):
    if not row["evaluable"]:
        continue
    counts, n = [0, 0], [0, 0]
    for day in days:
        munitions = launched.get((country[0], row["weapon"], day["date_local"]))
        if day["area_id"] != row["area_id"] or winter(day["date_local"]) != row["season"] or day["tmean_c"] is None or munitions is None:
            continue
        cold = any(start <= day["date_local"] <= end for start, end in spells.get((row["area_id"], row["rule_id"]), []))
        counts[cold] += munitions
        n[cold] += 1
    print(f"{row['area_id']} {row['season']} {row['weapon']}: {counts[1]} on {n[1]} cold-spell days, {counts[0]} on {n[0]} others, ratio {counts[1] / n[1] / (counts[0] / n[0]):.3f}")
