# Disputed pauses: what every statement can mean, and the verdicts over all of it. Every line is one that 04_pauses.ipynb prints.
# A verdict is about counts in a window, not about intent.

readings <- read_table("pause_reading")
for (claim in unique(readings$claim_id)) {
  of <- readings[readings$claim_id == claim, ]
  kept <- of$nights_whole[of$is_kept]
  what <- if (length(kept)) sprintf("%d readings, %d to %d whole nights", length(kept), min(kept), max(kept)) else paste(sorted(of$reason), collapse = ", ")
  say("%s, %s: %s", claim, of$stance[1], what)
}
verdicts <- read_table("pause_summary")
for (i in which(verdicts$n_readings > 0 & verdicts$targets_are == "known")) {
  v <- verdicts[i, ]
  say("%s %s: %s, %d of %d readings evaluable", v$pause_id, v$metric, v$verdict, v$n_evaluable, v$n_readings)
  largest <- if (is.na(v$rr_largest)) "unbounded" else number(v$rr_largest, 2)
  if (v$n_evaluable > 0) say("    ratio %s, %s, %s; fewer would likely show from %s down", number(v$rr_smallest, 2), number(v$rr_median, 2), largest, number(v$rr_detectable80, 2))
}
