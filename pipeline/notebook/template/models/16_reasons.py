for name in ("model_fit", "model_term", "ccf", "rate_ratio", "epoch", "changepoint"):
    codes = {}
    for row in table(name):
        if row["reason_code"] is not None:
            codes.setdefault(row["reason_code"], []).append(row["reason"])
    for code in sorted(codes):
        print(f"{name}: {code}, {len(codes[code])} rows, such as: {codes[code][0]}")
