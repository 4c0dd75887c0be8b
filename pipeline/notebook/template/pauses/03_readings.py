readings = table("pause_reading")
for pause, claim in dict.fromkeys((row["pause_id"], row["claim_id"]) for row in readings):
    rows = [row for row in readings if (row["pause_id"], row["claim_id"]) == (pause, claim)]
    nights = [row["nights_whole"] for row in rows if row["is_kept"]]
    without = ", ".join(sorted({row["reason"] for row in rows if not row["is_kept"]}))
    print(f"{claim}, {rows[0]['stance']}: {len(nights)} readings, {min(nights)} to {max(nights)} whole nights" if nights else f"{claim}, {rows[0]['stance']}: {without}")
