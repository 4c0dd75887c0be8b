for row in table("pause_summary"):
    if row["n_readings"] == 0 or row["targets_are"] != "known":
        continue
    print(f"{row['pause_id']} {row['metric']}: {row['verdict']}, {row['n_evaluable']} of {row['n_readings']} readings evaluable")
    if row["n_evaluable"]:
        largest = "unbounded" if row["rr_largest"] is None else number(row["rr_largest"], 2)
        print(f"    ratio {number(row['rr_smallest'], 2)}, {number(row['rr_median'], 2)}, {largest}; fewer would likely show from {number(row['rr_detectable80'], 2)} down")
