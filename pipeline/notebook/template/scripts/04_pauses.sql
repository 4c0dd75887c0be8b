-- Disputed pauses: what every statement can mean, and the verdicts over all of it.
-- In the folder of the run: duckdb < notebooks/04_pauses.sql
-- Every line is one that 04_pauses.ipynb prints. A verdict is about counts in a window, not about intent.

SELECT format('{}, {}: {}', claim_id, any_value(stance), CASE WHEN bool_or(is_kept)
    THEN format('{} readings, {} to {} whole nights', count(*) FILTER (is_kept), min(nights_whole) FILTER (is_kept), max(nights_whole) FILTER (is_kept))
    ELSE string_agg(DISTINCT reason, ', ' ORDER BY reason) END) AS line
FROM 'tables/pause_reading.parquet' GROUP BY pause_id, claim_id ORDER BY pause_id, claim_id;

SELECT format('{} {}: {}, {} of {} readings evaluable', pause_id, metric, verdict, n_evaluable, n_readings) AS line
FROM 'tables/pause_summary.parquet' WHERE n_readings > 0 AND targets_are = 'known' ORDER BY pause_id, metric;

SELECT format('    ratio {:.2f}, {:.2f}, {}; fewer would likely show from {} down', rr_smallest, rr_median, coalesce(format('{:.2f}', rr_largest), 'unbounded'),
    coalesce(format('{:.2f}', rr_detectable80), 'not known')) AS line
FROM 'tables/pause_summary.parquet' WHERE n_evaluable > 0 AND targets_are = 'known' ORDER BY pause_id, metric;
