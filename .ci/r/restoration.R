# Quartiles of the hours until supply returned, customers as frequencies, by survfit.
library(survival)
work <- commandArgs(TRUE)[1]
d <- read.csv(file.path(work, "durations.csv"))
d <- d[d$customers > 0, ]
rows <- lapply(split(d, list(d$area, d$winter), drop = TRUE), function(g) {
  q <- quantile(survfit(Surv(hours, restored) ~ 1, data = g, weights = customers), c(.25, .5, .75), conf.int = FALSE)
  data.frame(area = g$area[1], winter = g$winter[1], q25 = q[[1]], q50 = q[[2]], q75 = q[[3]])
})
out <- do.call(rbind, rows)
for (c in c("q25", "q50", "q75")) out[[c]] <- ifelse(is.na(out[[c]]), "NA", sprintf("%.17g", out[[c]]))
write.csv(out, file.path(work, "quartiles.csv"), row.names = FALSE, quote = FALSE)
