levels = table("changepoint")
for row in levels:
    if row["evaluable"] and row["idx"] == 0:
        dates = [str(other["change_date"]) for other in levels if other["series_id"] == row["series_id"] and other["penalty_rule"] == row["penalty_rule"] and other["idx"] > 0]
        print(f"{row['series_id']}, penalty {row['penalty_rule']}: {row['changes_n']} changes in {row['n']} days, r {number(row['autocorrelation_r1'], 2)}: {', '.join(dates[:6])}{' …' if len(dates) > 6 else ''}")
