fits, plans = table("model_fit"), {}
for row in fits:
    plans.setdefault(row["plan_id"], []).append(row)
for plan, rows in plans.items():
    first = rows[0]
    print(f"{plan}: {first['family_name']}, compared within {first['adjusted_for']}, lags to {first['lags_d']} d: {sum(row['evaluable'] for row in rows)} of {len(rows)} evaluable")
    for row in rows:
        if row["evaluable"]:
            print(f"    {row['area_id']}, areas {row['areas_n']}: {row['n']} of {row['n_expected']} days, dispersion {number(row['disp'], 2)}; left out: {row['dropped_reason'] or 'none'}")
