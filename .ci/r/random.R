# The regressions, correlations, epochs and levels of the random data, by glm, glm.nb, gnm, sandwich and splines.
suppressPackageStartupMessages({library(sandwich); library(splines); library(gnm); library(MASS); library(strucchange)})
work <- commandArgs(TRUE)[1]
day <- read.csv(file.path(work, "area_day.csv"))
day$date <- as.Date(day$date_local)
whole <- day[day$area_id != "XX", ]
day <- day[day$area_id != "XX" & day$date >= as.Date("2024-11-01") & day$date <= as.Date("2025-03-31"), ]
day <- day[order(day$area_id, day$date), ]
stopifnot(!anyNA(day$tmin_c), !anyNA(day$alerts_n), nrow(day) == 12 * 151)
out <- data.frame()
put <- function(name, key, value) out <<- rbind(out, data.frame(name = name, key = key, value = value))
G <- function(f, d) glm(f, family = poisson, data = d, epsilon = 1e-15, maxit = 100)
NW <- function(m, lags = 7) NeweyWest(m, lag = lags, prewhite = FALSE, adjust = TRUE)
# As many lags as the days bear, and the degrees of freedom at which Student's t has the quantile of fixed-b asymptotics for them.
lags_of <- function(n) max(min(7, n - 1), min(ceiling(3 * sqrt(n)), (n - 1) %/% 2))
df_of <- function(n) {
  b <- (lags_of(n) + 1) / n
  exp(uniroot(function(x) qt(.975, exp(x)) - (1.96 + 2.9694 * b + .416 * b^2 - .5324 * b^3), c(0, log(1e6)), tol = 1e-14)$root)
}

e_value <- function(ratio) { ratio <- max(ratio, 1 / ratio); ratio + sqrt(ratio * (ratio - 1)) }

# Effect of w of the exposure, 10 degrees less, summed over the coefficients in `at`; beside is the errors to compare.
term <- function(key, m, V, at, df, beside, name = "se_nw7", w = -10, link = exp) {
  b <- w * sum(coef(m)[at]); se <- abs(w) * sqrt(sum(V[at, at]))
  put("term.estimate", key, b); put("term.se", key, se); put(paste0("term.", name), key, abs(w) * sqrt(sum(beside[at, at])))
  put("term.se_naive", key, abs(w) * sqrt(sum(vcov(m)[at, at])))
  put("term.effect_lo", key, link(b - qt(.975, df) * se)); put("term.effect_hi", key, link(b + qt(.975, df) * se))
  put("term.p_value", key, 2 * pt(-abs(b / se), df))
  if (identical(link, exp) && w == -10) {
    put("term.e_value", key, e_value(exp(b)))
    near <- if (b > 0) max(1, exp(b - qt(.975, df) * se)) else min(1, exp(b + qt(.975, df) * se))
    put("term.e_value_limit", key, e_value(near))
  }
  2 * pt(-abs(b / se), df)
}
# The same of one area without gaps, n days of it in the fit.
single <- function(key, m, at, n = nobs(m), link = exp) term(key, m, NW(m, lags_of(n)), at, df_of(n), NW(m), link = link)
curve <- function(key, w, m, V, at) {
  put("curve.fit", key, sum(w * coef(m)[at])); put("curve.se", key, sqrt(drop(t(w) %*% V[at, at] %*% w)))
}
L <- function(x, k) c(rep(NA, k), head(x, length(x) - k))

# Levels by exact partition, a column of costs at a time; held to what is known of two records first.
levels_of <- function(x, penalty, cost) {
  n <- length(x); best <- c(-penalty, rep(Inf, n)); from <- integer(n)
  for (j in 1:n) {
    all <- best[1:j] + sapply(1:j, function(i) cost(x[i:j])) + penalty
    best[j + 1] <- min(all); from[j] <- which.min(all)
  }
  starts <- c(); j <- n
  while (j > 0) { starts <- c(from[j], starts); j <- from[j] - 1 }
  starts
}
poisson_cost <- function(x) { s <- sum(x); if (s == 0) 0 else -2 * (s * log(s / length(x)) - s) }
coal <- scan(quiet = TRUE, text = "4 5 4 1 0 4 3 4 0 6 3 3 4 0 2 6 3 3 5 4 5 3 1 4 4 1 5 5 3 4 2 5 2 2 3 4 2 1 3 2 2 1 1 1 1 3 0 0 1 0 1 1 0 0 3 1 0 3 2 2 0 1 1 1 0 1 0 1 0 0 0 2 1 0 0 0 1 1 0 2 3 3 1 1 2 1 1 1 1 2 3 3 0 0 0 1 4 0 0 0 1 0 0 0 0 0 1 0 0 1 0 1")
stopifnot(levels_of(coal, 2 * log(112), poisson_cost) == c(1, 42, 98), breakpoints(Nile ~ 1, breaks = 1)$breakpoints == 28)
squares <- function(x) sum((x - mean(x))^2)
stopifnot(levels_of(as.numeric(Nile), 2 * log(100) * var(Nile), squares) == c(1, 29))

p <- list(); epochs <- c()
for (area in unique(day$area_id)) {
  d <- day[day$area_id == area, ]
  d$weekday <- factor(format(d$date, "%u")); d$trend <- as.numeric(d$date - d$date[1]) / 100
  d$strata <- factor(((seq_along(d$date) - 1) %/% 28) * 7 + (seq_along(d$date) - 1) %% 7)
  m <- G(alerts_n ~ tmin_c, d); key <- paste0("plain.", area)
  p$plain[area] <- single(key, m, 2)
  put("fit.n", key, nobs(m)); put("fit.logl", key, as.numeric(logLik(m))); put("fit.disp", key, sum(residuals(m, "pearson")^2) / m$df.residual)
  put("fit.ljung_box_p", key, Box.test(residuals(m, "pearson"), 7, "Ljung")$p.value)
  m <- G(alerts_n ~ tmin_c + weekday + trend, d); p$weekday[area] <- single(paste0("weekday.", area), m, 2)
  m <- G(alerts_n ~ tmin_c + strata, d)
  # A stratum of one day fits itself: its score is 0, and it counts neither as a day nor as a parameter.
  days <- table(d$strata); n <- sum(days[days > 1]); k <- 1 + sum(days > 1)
  V <- function(lags) NeweyWest(m, lag = lags, prewhite = FALSE, adjust = FALSE) * n / (n - k)
  p$strata[area] <- term(paste0("strata.", area), m, V(lags_of(n)), 2, df_of(n), V(7)); put("fit.n", paste0("strata.", area), n)
  eliminated <- gnm(alerts_n ~ tmin_c, eliminate = strata, family = poisson, data = d, verbose = FALSE, tolerance = 1e-12)
  stopifnot(abs(coef(eliminated)[["tmin_c"]] - coef(m)[["tmin_c"]]) < 1e-8)
  X <- sapply(0:7, function(k) L(d$tmin_c, k))
  m <- G(d$alerts_n ~ X, d); V <- NW(m, lags_of(nobs(m)))
  p$lagged[area] <- single(paste0("lagged.", area), m, 2:9)
  for (k in 0:7) curve(paste0("lagged.", area, " -10 ", k), -10, m, V, 2 + k)
  curve(paste0("lagged.", area, " -10 all"), rep(-10, 8), m, V, 2:9)
  # The surface: products of natural splines of temperature and of lag, against 0 degrees.
  bv <- ns(d$tmin_c, knots = c(-10, -4, 2), Boundary.knots = c(-16, 8)); bl <- ns(0:10, knots = c(1, 4), intercept = TRUE)
  Q <- do.call(cbind, lapply(1:4, function(v) sapply(1:ncol(bl), function(l) rowSums(sapply(0:10, function(k) L(bv[, v], k) * bl[k + 1, l])))))
  m <- G(d$alerts_n ~ Q, d); V <- NW(m, lags_of(nobs(m)))
  for (x in c(-16, -10, -4, 2, 8)) if (x >= min(d$tmin_c) && x <= max(d$tmin_c)) {
    w <- as.vector(predict(bv, x) - predict(bv, 0))
    for (k in 0:10) curve(paste0("surface.", area, " ", x, " ", k), kronecker(w, bl[k + 1, ]), m, V, 2:17)
    curve(paste0("surface.", area, " ", x, " all"), kronecker(w, colSums(bl)), m, V, 2:17)
  }
  m <- lm(alert_h ~ tmin_c + weekday, d); key <- paste0("hours.", area)
  p$hours[area] <- single(key, m, 2, link = identity)
  # A new level and slope from 15 January on: quasi-likelihood with the effective number of days of AR(1).
  d$t <- seq_along(d$date); d$post <- as.numeric(d$date >= as.Date("2025-01-15")); d$after <- pmax(0, as.numeric(d$date - as.Date("2025-01-14")))
  m <- G(alerts_n ~ t + post + after, d); e <- residuals(m, "pearson"); n <- length(e)
  rho <- min(.97, max(0, (mean(e[-1] * e[-n]) / mean(e^2) + 4 / n) / (1 - 6 / n)))
  free <- max(1, n * (1 - rho) / (1 + rho) - 4); V <- vcov(m) * sum(e^2) / free
  p$step_level[area] <- term(paste0("step.", area, " level from 2025-01-15"), m, V, 3, free, NW(m), w = 1)
  p$step_slope[area] <- term(paste0("step.", area, " slope from 2025-01-15"), m, V, 4, free, NW(m), w = 1)
  # Counts that vary more: θ by maximum likelihood, counted as known by the errors.
  # Asked for more digits than there are it warns; the error of θ is that of its last step but one, so θ is sought once more.
  m <- suppressWarnings(glm.nb(alerts_n ~ tmin_c, data = d, control = glm.control(epsilon = 1e-15, maxit = 1000))); key <- paste0("overdispersed.", area)
  p$overdispersed[area] <- single(key, m, 2)
  put("fit.theta", key, m$theta); put("fit.theta_se", key, attr(suppressWarnings(theta.ml(d$alerts_n, fitted(m), limit = 100, eps = 1e-13)), "SE")); put("fit.logl", key, as.numeric(logLik(m)))
  # Hours of alerts by cold, on both scales; predicted differences by the delta method.
  m <- G(alerts_n ~ alert_h * tmin_c, d); V <- NW(m, lags_of(nobs(m))); half <- qt(.975, df_of(nobs(m)))
  at <- function(h, t) c(1, h, t, h * t)
  mean_at <- function(x) exp(sum(x * coef(m)))
  scales <- list("a day with tmin_c at 0" = list(c(1, -1), list(at(4, 0), at(0, 0))), "a day with tmin_c at -10" = list(c(1, -1), list(at(4, -10), at(0, -10))),
    "a day more with tmin_c at -10 than at 0" = list(c(1, -1, -1, 1), list(at(4, -10), at(0, -10), at(4, 0), at(0, 0))))
  for (s in names(scales)) {
    w <- scales[[s]][[1]]; x <- scales[[s]][[2]]
    b <- sum(mapply(function(w, x) w * mean_at(x), w, x)); g <- rowSums(mapply(function(w, x) w * mean_at(x) * x, w, x)); se <- sqrt(drop(t(g) %*% V %*% g))
    key <- paste0("between.", area, " alert_h, ", s)
    put("term.estimate", key, b); put("term.se", key, se); put("term.effect_lo", key, b - half * se); put("term.effect_hi", key, b + half * se)
  }
  b <- -40 * coef(m)[[4]]; se <- 40 * sqrt(V[4, 4]); key <- paste0("between.", area, " alert_h × tmin_c")
  put("term.estimate", key, b); put("term.se", key, se); put("term.effect_lo", key, exp(b - half * se)); put("term.effect_hi", key, exp(b + half * se))
  # Days round the first frost after four days without, against all the winter's days turned.
  cold <- d$tmin_c <= -8; n <- nrow(d)
  first <- Filter(function(i) i > 4 && cold[i] && !any(cold[i - 1:4]), seq_len(n))
  kept <- c()
  for (i in first) if (i > 3 && i + 7 <= n && (length(kept) == 0 || tail(kept, 1) + 7 < i - 3)) kept <- c(kept, i)
  if (length(kept) >= 3) {
    y <- d$alerts_n; of <- function(i, k) y[(i + k - 1) %% n + 1]
    difference <- sapply(0:(n - 1), function(s) mean(sapply(1:4, function(k) mean(of(kept + s, k)))) - mean(sapply(-3:-1, function(k) mean(of(kept + s, k)))))
    greater <- mean(difference >= difference[1] - 1e-10); less <- mean(difference <= difference[1] + 1e-10)
    epochs[area] <- min(1, 2 * min(greater, less))
    before <- rowMeans(sapply(-3:-1, function(k) y[kept + k]))
    for (k in -3:7) {
      key <- paste0("frost.", area, " ", k)
      put("epoch.events_n", key, length(kept)); put("epoch.mean", key, mean(y[kept + k])); put("epoch.anomaly", key, mean(y[kept + k] - before))
      put("epoch.difference", key, difference[1]); put("epoch.p_placebo", key, greater); put("epoch.p_placebo_less", key, less); put("epoch.p_smallest", key, 1 / n)
    }
  }
  # Global means over n, and the effective number of days after Pyper and Peterman.
  n <- nrow(d); r <- ccf(d$alerts_n, d$tmin_c, lag.max = 7, plot = FALSE)
  for (k in 0:7) put("ccf.r", paste(area, paste0("area_day.tmin_c[", area, "]"), paste0("area_day.alerts_n[", area, "]"), "2024-25", k), r$acf[r$lag == k])
}
adjusted <- p.adjust(epochs, "BH")
for (area in names(epochs)) for (k in -3:7) put("epoch.p_bh", paste0("frost.", area, " ", k), adjusted[[area]])
for (area in unique(whole$area_id)) {
  d <- whole[whole$area_id == area, ]; d <- d[order(d$date), ]; d <- d[!is.na(d$alerts_n), ]
  for (times in 2:3) {
    starts <- levels_of(d$alerts_n, times * log(nrow(d)), poisson_cost)
    level <- findInterval(seq_len(nrow(d)), starts)
    for (i in seq_along(starts)) {
      key <- paste0("level.", area, " ", times, " ln n ", i - 1)
      put("level.mean_after", key, mean(d$alerts_n[level == i])); put("level.changes_n", key, length(starts) - 1)
      put("level.first", key, if (i == 1) NA else as.numeric(d$date[starts[i]]))
    }
  }
}
key_of <- function(plan, area) switch(plan, step_level = paste0("step.", area, " level from 2025-01-15"), step_slope = paste0("step.", area, " slope from 2025-01-15"), paste0(plan, ".", area))
for (plan in names(p)) for (area in names(p[[plan]])) put("term.p_bh", key_of(plan, area), p.adjust(p[[plan]], "BH")[[area]])

# Pooled: the panel covariance of Driscoll and Kraay, and areas as clusters beside it.
pooled <- function(key, m) {
  n <- length(unique(day$date))
  V <- vcovPL(m, cluster = day$area_id, order.by = day$date, kernel = "Bartlett", lag = lags_of(n), aggregate = TRUE, adjust = FALSE) * nobs(m) / (nobs(m) - m$rank)
  term(key, m, V, 2, df_of(n), vcovCL(m, cluster = day$area_id, type = "HC0", cadjust = TRUE), "se_area")
}
invisible(pooled("pooled.XX", G(alerts_n ~ tmin_c + factor(area_id), day)))
invisible(pooled("twoway.XX", G(alerts_n ~ tmin_c + factor(area_id) + factor(date_local), day)))

ratio <- read.csv(file.path(work, "rate_ratio.csv"))
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))), "rates.R"))
write.csv(out, file.path(work, "expected.csv"), row.names = FALSE)
