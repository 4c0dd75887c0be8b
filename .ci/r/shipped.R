# What R can say of the shipped tables: exact intervals of every rate ratio and pause result, and p adjusted within families.
work <- commandArgs(TRUE)[1]
out <- list()
put <- function(name, key, value) out[[length(out) + 1]] <<- data.frame(name = name, key = key, value = value)
ratio <- read.csv(file.path(work, "rate_ratio.csv"))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "rates.R"))

# The interval of bounded counts: the lower end at the fewest of the window against the most of the baseline, and the other way round.
pause <- read.csv(file.path(work, "pause_result.csv"))
pause <- pause[!is.na(pause$ci_lo) & pause$counted_in != "h", ]
ci <- function(x1, t1, x0, t0) poisson.test(c(x1, x0), c(t1, t0))$conf.int
for (i in seq_len(nrow(pause))) with(pause[i, ], {
  key <- paste(pause_id, reading_id, metric, baseline_id)
  lo <- ci(obs_lo, t1_h, x0_hi, t0_h)[1]; hi <- ci(obs_hi, t1_h, x0_lo, t0_h)[2]
  put("pause.ci_lo", key, lo); put("pause.ci_hi", key, if (is.finite(hi)) hi else NA)
})

term <- read.csv(file.path(work, "model_term.csv"))
for (family in unique(term$family_id)) {
  t <- term[term$family_id == family & !is.na(term$p_value), ]
  adjusted <- p.adjust(t$p_value, "BH")
  for (i in seq_len(nrow(t))) put("term.p_bh", if (sum(term$model_id == t$model_id[i]) == 1) t$model_id[i] else paste(t$model_id[i], t$term[i]), adjusted[i])
}
write.csv(do.call(rbind, out), file.path(work, "expected.csv"), row.names = FALSE)
