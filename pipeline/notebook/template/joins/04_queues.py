queues = {}
for row in table("queue_day"):
    if row["status"] is not None and ("normal" in row["status"] or "emergency" in row["status"]):
        queues.setdefault(row["area_id"], {}).setdefault(row["date_local"], []).append(row)
days = table("area_day")
for area in sorted(queues):
    ends = []
    for end in ("sched_off_h_lo", "sched_off_h_hi"):
        ends.append(math.fsum(math.fsum(row[end] for row in rows) / len(rows) for rows in queues[area].values()))
    unknown = sum(row["area_id"] == area and row["sched_off_h_lo"] is None for row in days)
    print(f"{area}: {len(queues[area])} days, announced {ends[0]:.1f} to {ends[1]:.1f} h, the mean over queues; {unknown} days unknown")
