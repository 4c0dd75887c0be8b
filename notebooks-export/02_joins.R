# In the folder of a run: Rscript notebooks/NAME.R
# Tables are read with arrow or nanoparquet; without either, from CSV files of the same names
# in the folder that HARDSHIP_CSV names, such as duckdb writes them:
#   COPY 'tables/area_day.parquet' TO 'csv/area_day.csv'
options(stringsAsFactors = FALSE)

read_table <- function(name) {
  path <- file.path("tables", paste0(name, ".parquet"))
  rows <- if (nzchar(Sys.getenv("HARDSHIP_CSV"))) {
    read.csv(file.path(Sys.getenv("HARDSHIP_CSV"), paste0(name, ".csv")), na.strings = "", check.names = FALSE, encoding = "UTF-8")
  } else if (requireNamespace("arrow", quietly = TRUE)) {
    as.data.frame(arrow::read_parquet(path))
  } else if (requireNamespace("nanoparquet", quietly = TRUE)) {
    as.data.frame(nanoparquet::read_parquet(path))
  } else {
    stop("install arrow or nanoparquet, or name a folder of CSV files in HARDSHIP_CSV")
  }
  for (column in names(rows)) {
    cells <- rows[[column]]
    if (inherits(cells, "Date")) rows[[column]] <- format(cells, "%Y-%m-%d")
    if (is.character(cells) && all(cells %in% c("true", "false", NA))) rows[[column]] <- cells == "true"
  }
  rows
}

number <- function(x, digits = 1) ifelse(is.na(x), "not known", sprintf(paste0("%.", digits, "f"), x))
sorted <- function(x) sort(unique(x), method = "radix") # whatever the locale
say <- function(...) cat(sprintf(...), sep = "\n")

# Joins by hand: queues to areas, nights to days, days to cold spells. Every line is one that 02_joins.ipynb prints.

# A queue without a schedule in force all day has a row, 0 to 24 h, and was not seen.
queues <- read_table("queue_day")
seen <- queues[grepl("normal|emergency", queues$status), ]
mean_of <- aggregate(cbind(sched_off_h_lo, sched_off_h_hi) ~ area_id + date_local, seen, mean)
days <- read_table("area_day")
for (area in sorted(mean_of$area_id)) {
  of <- mean_of[mean_of$area_id == area, ]
  say("%s: %d days, announced %.1f to %.1f h, the mean over queues; %d days unknown", area, nrow(of), sum(of$sched_off_h_lo), sum(of$sched_off_h_hi),
      sum(days$area_id == area & is.na(days$sched_off_h_lo)))
}

# A day is known if its night has a bulletin and every part states a number: sum() of an NA is NA.
nights <- read_table("strike_night")
nights <- nights[is.na(nights$rows_named), ]
key <- paste(nights$area_id, nights$weapon, nights$date_local, sep = "|")
total <- tapply(nights$launched, key, sum)
by_night <- tapply(nights$part != "day", key, any)
launched <- total[by_night & !is.na(total)]
part <- do.call(rbind, strsplit(names(launched), "|", fixed = TRUE))
for (area in sorted(part[, 1])) for (year in sorted(substr(part[part[, 1] == area, 3], 1, 4))) {
  of <- part[, 1] == area & part[, 2] == "all" & substr(part[, 3], 1, 4) == year
  if (any(of)) say("%s %s: %d launched on %d days that are known", area, year, sum(launched[of]), sum(of))
}

# A winter is November to March, as in the shipped settings: see assumption, season.
year <- as.integer(substr(days$date_local, 1, 4))
month <- as.integer(substr(days$date_local, 6, 7))
begun <- ifelse(month >= 11, year, year - 1)
days$season <- ifelse(month >= 11 | month <= 3, sprintf("%d-%02d", begun, (begun + 1) %% 100), NA)
spells <- read_table("cold_spell")
country <- sorted(part[, 1])[1]
ratios <- read_table("rate_ratio")
ratios <- ratios[ratios$evaluable, ]
for (i in seq_len(nrow(ratios))) {
  r <- ratios[i, ]
  of <- days[days$area_id == r$area_id & days$season %in% r$season & !is.na(days$tmean_c), ]
  n <- launched[paste(country, r$weapon, of$date_local, sep = "|")]
  of <- of[!is.na(n), ]
  n <- n[!is.na(n)]
  s <- spells[spells$area_id == r$area_id & spells$rule_id == r$rule_id, ]
  cold <- vapply(of$date_local, function(d) any(s$start_date <= d & d <= s$end_date), NA)
  say("%s %s %s: %d on %d cold-spell days, %d on %d others, ratio %.3f", r$area_id, r$season, r$weapon, sum(n[cold]), sum(cold), sum(n[!cold]), sum(!cold),
      mean(n[cold]) / mean(n[!cold]))
}
