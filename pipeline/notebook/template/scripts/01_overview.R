# Overview of a run: how much is known, and the longest cold spells. Every line is one that 01_overview.ipynb prints.

coverage <- read_table("coverage")
coverage$coverage[is.na(coverage$coverage)] <- 0
best <- aggregate(coverage ~ measure + area_id + month_local, coverage, max)
for (measure in sorted(best$measure)) {
  of <- best[best$measure == measure, ]
  say("%-14s %3d of %3d areas   %5.1f %% of area-months", measure, length(unique(of$area_id[of$coverage > 0])), length(unique(of$area_id)), 100 * sum(of$coverage) / nrow(of))
}

spells <- read_table("cold_spell")
say("%d spells; the longest:", nrow(spells))
longest <- head(spells[order(-spells$days, spells$tmin_min_c, spells$area_id, spells$rule_id, spells$start_date, method = "radix"), ], 12)
say("%-8s %-18s %s to %s  %2d days  minimum %s °C%s%s", longest$area_id, longest$rule_id, longest$start_date, longest$end_date, longest$days,
    number(longest$tmin_min_c), ifelse(longest$censored, " censored", ""), ifelse(longest$touches_gap, " touches_gap", ""))
