-- Title: Expectation gaps in all
-- Question: How many shared measures must be re-defined, discussed, or are aligned, and which is the widest apart?
-- Unit: measures; times
-- Source: expectations, measures, and the partnership's own ratios for discussing and re-defining
-- Columns: gaps redefine discuss aligned expecting_none not_enough widest_ratio goal_id measure_id widest_measure_name widest_unit widest_per
--   widest_least_rate widest_least_name widest_most_rate widest_most_name
-- Definition: Counts of goal and measure by band, and the one that is the most times apart.
WITH ranked_gaps AS (
    SELECT g.*, ROW_NUMBER() OVER (ORDER BY g.ratio DESC NULLS LAST, g.measure_name ASC NULLS LAST, g.goal_id ASC NULLS LAST) AS place
    FROM expectation_gaps AS g
)
SELECT
    COUNT(*) AS gaps,
    COUNT(CASE WHEN band = 'stop and re-define' THEN 1 END) AS redefine,
    COUNT(CASE WHEN band = 'discuss' THEN 1 END) AS discuss,
    COUNT(CASE WHEN band = 'aligned' THEN 1 END) AS aligned,
    COUNT(CASE WHEN band = 'one partner expects none' THEN 1 END) AS expecting_none,
    COUNT(CASE WHEN band = 'not enough answers' THEN 1 END) AS not_enough,
    MAX(CASE WHEN place = 1 THEN ratio END) AS widest_ratio,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN goal_id END) AS goal_id,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN measure_id END) AS measure_id,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN measure_name END) AS widest_measure_name,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN measure_unit END) AS widest_unit,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN measure_per END) AS widest_per,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN least_rate END) AS widest_least_rate,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN least_agency_name END) AS widest_least_name,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN most_rate END) AS widest_most_rate,
    MAX(CASE WHEN place = 1 AND ratio IS NOT NULL THEN most_agency_name END) AS widest_most_name
FROM ranked_gaps
