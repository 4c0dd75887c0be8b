-- The effects of the declared regressions: associations, never causes.
-- In the folder of the run: duckdb < notebooks/03_models.sql
-- Every line is one that 03_models.ipynb prints. What has no estimate has its reason in reason_code.

SELECT format('{} {}: {} {} ({} to {}), p {}, error {:.1f} times', model_id, term, effect_scale, coalesce(format('{:.2f}', effect), 'not known'),
    coalesce(format('{:.2f}', effect_lo), 'not known'), coalesce(format('{:.2f}', effect_hi), 'not known'), coalesce(format('{:.3f}', p_bh), 'not known'), se / se_naive) AS line
FROM 'tables/model_term.parquet' WHERE estimate IS NOT NULL ORDER BY model_id, term;

WITH reasons AS (
  SELECT 1 AS place, 'model_fit' AS name, reason_code, reason, file_row_number AS n FROM read_parquet('tables/model_fit.parquet', file_row_number = true)
  UNION ALL SELECT 2, 'model_term', reason_code, reason, file_row_number FROM read_parquet('tables/model_term.parquet', file_row_number = true)
)
SELECT format('{}: {}, {} rows, such as: {}', name, reason_code, count(*), arg_min(reason, n)) AS line
FROM reasons WHERE reason_code IS NOT NULL GROUP BY place, name, reason_code ORDER BY place, reason_code;
