import json

for row in json.loads((RUN / "results.json").read_text())["rate_ratios"]["evaluable"]:
    print(f"{row['area_id']} {row['season']} {row['weapon']}: ratio {row['rr']:.3f}")
