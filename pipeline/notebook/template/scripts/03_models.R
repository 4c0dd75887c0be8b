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
