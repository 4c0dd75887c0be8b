from statistics import NormalDist

z = NormalDist().inv_cdf(0.975)


def end(x1, x0, row, sign):
    ratio = (x1 / row["t1_h"]) / (x0 / row["t0_h"])
    return ratio * math.exp(sign * z * math.sqrt(row["phi"] * (1 / x1 + 1 / x0)))


for row in results:
    if row["evaluable"] and row["decided_by"] == "adjusted" and min(row["obs_lo"], row["x0_lo"]) >= row["phi"]:
        print(f"{row['reading_id']} {row['metric']}: {end(row['obs_lo'], row['x0_hi'], row, -1):.2f} to {end(row['obs_hi'], row['x0_lo'], row, 1):.2f}")
