spells = table("cold_spell")
longest = sorted(spells, key=lambda row: (-row["days"], row["tmin_min_c"], row["area_id"], row["rule_id"], row["start_date"]))[:12]
print(f"{len(spells)} spells; the longest:")
for row in longest:
    marks = " censored" * row["censored"] + " touches_gap" * row["touches_gap"]
    print(f"{row['area_id']:8} {row['rule_id']:18} {row['start_date']} to {row['end_date']}  {row['days']:2} days  minimum {number(row['tmin_min_c'])} °C{marks}")
