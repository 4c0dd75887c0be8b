ratios = table("rate_ratio")
print(f"launches on cold-spell days against other days: {sum(row['evaluable'] for row in ratios)} of {len(ratios)} rows evaluable")
for row in ratios:
    if row["evaluable"]:
        lower, upper = ("unbounded" if row[end] is None else number(row[end], 2) for end in ("ci_shift_lo", "ci_shift_hi"))
        print(f"{row['area_id']} {row['season']} {row['weapon']:10} ratio {number(row['rr'], 2)} ({lower} to {upper}), p {number(row['p_shift'], 3)} (smallest {number(row['p_smallest'], 3)})")
pairs = table("ccf")
print(f"lagged correlations: {sum(row['evaluable'] for row in pairs)} of {len(pairs)} rows evaluable")
reasons = {}
for row in ratios + pairs:
    if not row["evaluable"]:
        key = "".join("N" if c.isdigit() else c for c in row["reason"])
        while "NN" in key:
            key = key.replace("NN", "N")
        reasons[key] = reasons.get(key, 0) + 1
for reason in sorted(reasons, key=lambda r: (-reasons[r], r)):
    print(f"not evaluable: {reason}: {reasons[reason]} rows")
