-- Title: Benefits to date by goal
-- Question: Which goals bring the benefit that they promised?
-- Unit: £ to date; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: goal_id goal_title planned_gbp compared_gbp realised_gbp not_read_gbp realised_share missing
-- Definition: To date: months up to the latest month with any reading in £ in the whole partnership; dis-benefits are netted. Real
--   of planned compares what was read with the plan of the same months. Why missing: the kind of missing that hides most of the
--   plan; real is empty, never zero, where nothing was read. The rows add up to the
--   benefit totals to the penny; a row without a goal is benefit that serves none.
WITH to_date AS (
    SELECT
        goal_id,
        SUM(planned_gbp) AS planned_gbp,
        SUM(compared_gbp) AS compared_gbp,
        SUM(realised_gbp) AS realised_gbp,
        SUM(not_read_gbp) AS not_read_gbp
    FROM benefit_months
    WHERE is_counted AND is_to_date
    GROUP BY goal_id
),
kinds AS (
    SELECT
        goal_id,
        missing,
        ROW_NUMBER() OVER (PARTITION BY goal_id ORDER BY ABS(SUM(COALESCE(not_read_gbp, 0))) DESC NULLS LAST, COUNT(*) DESC NULLS LAST, missing DESC NULLS LAST) AS place
    FROM benefit_months
    WHERE is_counted AND is_to_date AND missing IS NOT NULL
    GROUP BY goal_id, missing
)
SELECT
    t.goal_id,
    g.title AS goal_title,
    CAST(t.planned_gbp AS DECIMAL(18,2)) AS planned_gbp,
    CAST(t.compared_gbp AS DECIMAL(18,2)) AS compared_gbp,
    CAST(t.realised_gbp AS DECIMAL(18,2)) AS realised_gbp,
    CAST(t.not_read_gbp AS DECIMAL(18,2)) AS not_read_gbp,
    CAST(t.realised_gbp AS DOUBLE) / NULLIF(CAST(t.compared_gbp AS DOUBLE), 0) AS realised_share,
    k.missing
FROM to_date AS t
LEFT JOIN kinds AS k ON COALESCE(k.goal_id, '') = COALESCE(t.goal_id, '') AND k.place = 1
LEFT JOIN goals AS g ON g.id = t.goal_id
ORDER BY t.planned_gbp DESC NULLS LAST, g.title ASC NULLS LAST
