shares = {}
for row in table("calibration"):
    if (row["is_default"] or row["is_naive"]) and row["aim_met"] is not None:
        key = row["is_naive"], row["method_id"], row["record_d"]
        shares.setdefault(key, []).append(row["false_positive_share"])
for naive, method, days in sorted(shares):
    lo, hi = min(shares[naive, method, days]), max(shares[naive, method, days])
    print(f"{method}{' (naive)' if naive else ''}, {days} days: {number(100 * lo, 1)} to {number(100 * hi, 1)} %")
if not shares:
    print("this run has no calibration")
