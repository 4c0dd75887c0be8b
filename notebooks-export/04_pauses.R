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
