-- Joins by hand: queues to areas, nights to days, days to cold spells.
-- In the folder of the run: duckdb < notebooks/02_joins.sql
-- Every line is one that 02_joins.ipynb prints, and says why each join is as it is.

-- A queue without a schedule in force all day has a row, 0 to 24 h, and was not seen.
WITH seen AS (
  SELECT area_id, date_local, avg(sched_off_h_lo) AS lo, avg(sched_off_h_hi) AS hi FROM 'tables/queue_day.parquet'
  WHERE contains(status, 'normal') OR contains(status, 'emergency') GROUP BY area_id, date_local
), unknown AS (
  SELECT area_id, count(*) AS n FROM 'tables/area_day.parquet' WHERE sched_off_h_lo IS NULL GROUP BY area_id
)
SELECT format('{}: {} days, announced {:.1f} to {:.1f} h, the mean over queues; {} days unknown', area_id, count(*), fsum(lo), fsum(hi), coalesce(any_value(n), 0)) AS line
FROM seen LEFT JOIN unknown USING (area_id) GROUP BY area_id ORDER BY area_id;

-- A day is known if its night has a bulletin and every part states a number.
CREATE OR REPLACE TEMP VIEW launches AS
SELECT area_id, weapon, date_local, sum(launched) AS launched FROM 'tables/strike_night.parquet' WHERE rows_named IS NULL
GROUP BY area_id, weapon, date_local HAVING bool_or(part <> 'day') AND count(launched) = count(*);

SELECT format('{} {}: {} launched on {} days that are known', area_id, year(date_local), sum(launched)::BIGINT, count(*)) AS line
FROM launches WHERE weapon = 'all' GROUP BY area_id, year(date_local) ORDER BY area_id, year(date_local);

-- A winter is November to March, as in the shipped settings: see assumption, season.
WITH days AS (
  SELECT r.area_id, r.season, r.weapon, l.launched, EXISTS (
      SELECT 1 FROM 'tables/cold_spell.parquet' AS s WHERE s.area_id = r.area_id AND s.rule_id = r.rule_id AND d.date_local BETWEEN s.start_date AND s.end_date
    ) AS cold
  FROM 'tables/rate_ratio.parquet' AS r
  JOIN 'tables/area_day.parquet' AS d ON d.area_id = r.area_id AND d.tmean_c IS NOT NULL AND (month(d.date_local) >= 11 OR month(d.date_local) <= 3)
    AND r.season = format('{}-{:02}', year(d.date_local + INTERVAL 2 MONTH) - 1, year(d.date_local + INTERVAL 2 MONTH) % 100)
  JOIN launches AS l ON l.date_local = d.date_local AND l.weapon = r.weapon AND l.area_id = (SELECT min(area_id) FROM launches)
  WHERE r.evaluable
)
SELECT format('{} {} {}: {} on {} cold-spell days, {} on {} others, ratio {:.3f}', area_id, season, weapon,
    (sum(launched) FILTER (cold))::BIGINT, count(*) FILTER (cold), (sum(launched) FILTER (NOT cold))::BIGINT, count(*) FILTER (NOT cold),
    (sum(launched) FILTER (cold) / count(*) FILTER (cold)) / (sum(launched) FILTER (NOT cold) / count(*) FILTER (NOT cold))) AS line
FROM days GROUP BY area_id, season, weapon ORDER BY area_id, season, weapon;
