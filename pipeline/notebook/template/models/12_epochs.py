epochs, last = table("epoch"), None
for row in epochs:
    if not row["evaluable"]:
        continue
    if row["model_id"] != last:
        last = row["model_id"]
        print(f"{last}: {row['events_n']} events, {row['event_rule']}: difference {number(row['difference'], 2)}, p {number(row['p_placebo'], 3)} and {number(row['p_placebo_less'], 3)} (smallest {number(row['p_smallest'], 3)})")
    print(f"    day {row['lag_d']:+d}: mean {number(row['mean'], 2)}, against the days before {number(row['anomaly'], 2)}")
print(f"{len({row['model_id'] for row in epochs if row['evaluable']})} of {len({row['model_id'] for row in epochs})} evaluable")
