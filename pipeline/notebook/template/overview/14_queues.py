observed = [row for row in table("queue_day") if row["observed_off_h"] is not None]
for row in observed:
    marks = " typed in by hand" * row["typed_in"]
    print(f"{row['date_local']} {row['group_id']}: announced {number(row['sched_off_h_lo'])} to {number(row['sched_off_h_hi'])} h, observed {number(row['observed_off_h'])} h, n = {row['observed_points']}{marks}")
if not observed:
    print("no log of any household")
