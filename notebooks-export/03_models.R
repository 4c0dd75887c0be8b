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

# The effects of the declared regressions: associations, never causes. Every line is one that 03_models.ipynb prints.

terms <- read_table("model_term")
known <- terms[!is.na(terms$estimate), ]
say("%s %s: %s %s (%s to %s), p %s, error %s times", known$model_id, known$term, known$effect_scale, number(known$effect, 2), number(known$effect_lo, 2),
    number(known$effect_hi, 2), number(known$p_bh, 3), number(known$se / known$se_naive, 1))
for (name in c("model_fit", "model_term")) {
  rows <- read_table(name)
  for (code in sorted(rows$reason_code[!is.na(rows$reason_code)])) {
    of <- rows[rows$reason_code %in% code, ]
    say("%s: %s, %d rows, such as: %s", name, code, nrow(of), of$reason[1])
  }
}
