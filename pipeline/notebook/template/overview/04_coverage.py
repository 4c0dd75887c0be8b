best = {}
for row in table("coverage"):
    key = (row["measure"], row["area_id"], row["month_local"])
    best[key] = max(best.get(key, 0.0), row["coverage"] or 0.0)
for measure in sorted({key[0] for key in best}):
    months = [share for key, share in best.items() if key[0] == measure]
    covered = {key[1] for key, share in best.items() if key[0] == measure and share > 0}
    areas = {key[1] for key in best if key[0] == measure}
    print(f"{measure:14} {len(covered):3} of {len(areas):3} areas   {100 * math.fsum(months) / len(months):5.1f} % of area-months")
