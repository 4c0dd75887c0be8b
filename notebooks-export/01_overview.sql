-- Overview of a run: how much is known, the longest cold spells, the largest nights.
-- In the folder of the run: duckdb < notebooks/01_overview.sql
-- Every line is one that 01_overview.ipynb prints.

WITH best AS (
  SELECT measure, area_id, month_local, max(coalesce(coverage, 0)) AS share FROM 'tables/coverage.parquet' GROUP BY measure, area_id, month_local
)
SELECT format('{:14} {:3} of {:3} areas   {:5.1f} % of area-months', measure, count(DISTINCT area_id) FILTER (share > 0), count(DISTINCT area_id), 100 * fsum(share) / count(*)) AS line
FROM best GROUP BY measure ORDER BY measure;

SELECT format('{} spells; the longest:', count(*)) AS line FROM 'tables/cold_spell.parquet';

SELECT format('{:8} {:18} {} to {}  {:2} days  minimum {} °C{}{}', area_id, rule_id, CAST(start_date AS VARCHAR), CAST(end_date AS VARCHAR), days,
    coalesce(format('{:.1f}', tmin_min_c), 'not known'), CASE WHEN censored THEN ' censored' ELSE '' END, CASE WHEN touches_gap THEN ' touches_gap' ELSE '' END) AS line
FROM 'tables/cold_spell.parquet' ORDER BY days DESC, tmin_min_c, area_id, rule_id, start_date LIMIT 12;

-- The country's nights: a night without a bulletin has no row, and is not quiet.
SELECT format('night to {}: {} launched, {} bulletin rows', CAST(date_local AS VARCHAR), launched, events_hi) AS line
FROM 'tables/strike_night.parquet' WHERE weapon = 'all' AND rows_named IS NULL AND part = 'night' AND launched IS NOT NULL
ORDER BY launched DESC, date_local LIMIT 8;
