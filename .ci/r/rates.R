# Rate ratios of the table `ratio`, with the central exact interval of poisson.test; calls put.
for (i in seq_len(nrow(ratio))) with(ratio[i, ], if (evaluable == "True") {
  ci <- poisson.test(c(x1, x0), c(t1_d, t0_d))$conf.int
  key <- paste(area_id, season, weapon)
  put("ratio.rr", key, if (x0 > 0) (x1 / t1_d) / (x0 / t0_d) else NA)
  put("ratio.ci_naive_lo", key, ci[1]); put("ratio.ci_naive_hi", key, if (is.finite(ci[2])) ci[2] else NA)
})
