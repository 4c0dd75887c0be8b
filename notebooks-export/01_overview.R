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
