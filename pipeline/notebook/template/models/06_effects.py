for row in table("model_term"):
    if row["estimate"] is not None:
        print(f"{row['model_id']} {row['term']}: {row['effect_scale']} {number(row['effect'], 2)} ({number(row['effect_lo'], 2)} to {number(row['effect_hi'], 2)}), p {number(row['p_bh'], 3)}, error {number(row['se'] / row['se_naive'], 1)} times")
