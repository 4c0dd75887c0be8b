results = [row for row in table("pause_result") if row["is_primary_baseline"]]
for pause in dict.fromkeys(row["pause_id"] for row in readings):
    kept = [row for row in readings if row["pause_id"] == pause and row["is_kept"]]
    unknown = {row["reading_id"] for row in results if row["pause_id"] == pause and row["reason"] == "targets unknown"}
    print(f"{pause}: {len(unknown)} of {len(kept)} readings are about targets that no source tells")
