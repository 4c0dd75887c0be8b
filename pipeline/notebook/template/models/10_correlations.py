families = {}
for row in table("ccf"):
    if row["evaluable"]:
        series = row["x_series"].split("[")[0] + " and " + row["y_series"].split("[")[0]
        families.setdefault(series, {})[row["pair_id"], row["season"]] = row["p_family"]
for series in sorted(families):
    p = [v for v in families[series].values() if v is not None]
    print(f"{series}: {len(families[series])} families, {sum(v <= 0.05 for v in p)} with p of 0.05 or less, by chance {number(0.05 * len(p), 1)}")
if not families:
    print("no family is evaluable")
