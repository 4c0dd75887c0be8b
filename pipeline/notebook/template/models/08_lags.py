curves = table("lag_curve")
for row in curves:
    if row["fit"] is not None:
        at = "sum to" if row["cumulative"] else "lag"
        print(f"{row['model_id']} {row['term']} {number(row['x_value'], 1)}: {at} {row['lag_d']} d: {number(row['fit'], 3)} ({number(row['fit_lo'], 3)} to {number(row['fit_hi'], 3)})")
if not curves:
    print("no curve")
