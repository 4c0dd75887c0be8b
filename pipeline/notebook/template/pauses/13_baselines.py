for row in table("pause_sensitivity"):
    if row["n_evaluable"] and row["targets_are"] == "known":
        mark = " (primary)" * row["is_primary_baseline"]
        print(f"{row['pause_id']} {row['metric']:18} {row['baseline_id']:6} {row['verdict']}, {row['n_evaluable']} of {row['n_readings']}{mark}")
