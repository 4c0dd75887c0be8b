nights = [row for row in table("strike_night") if row["weapon"] == "all" and row["rows_named"] is None and row["part"] == "night"]
known = [row for row in nights if row["launched"] is not None]
print(f"{len(nights)} nights with a bulletin")
for row in sorted(known, key=lambda row: (-row["launched"], row["date_local"]))[:8]:
    print(f"night to {row['date_local']}: {row['launched']} launched, {row['events_hi']} bulletin rows")
