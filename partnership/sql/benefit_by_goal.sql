-- Title: Benefits to date by goal
-- Question: Which goals bring the benefit that they promised?
-- Unit: £ to date; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: goal_id goal_title planned_gbp compared_gbp realised_gbp not_read_gbp realised_share missing hidden_gbp
--   twice_planned_gbp twice_compared_gbp twice_realised_gbp net_planned_gbp net_compared_gbp net_realised_gbp
-- Definition: To date: months up to the latest month with any reading in £ in the whole partnership; dis-benefits are netted. Real
--   of planned compares what was read with the plan of the same months. Why missing: the kind of missing that hides most of the
--   plan; real is empty, never zero, where nothing was read. The rows add up to the
--   benefit totals to the penny; a row without a goal is benefit that serves none.
--
--   Gross and net of double counting: the other columns are gross. Counted twice: what stands here of benefits that claim the same
--   avoided outcome as a larger benefit of the same category (the rows of benefit_months say which); empty where none does. Net is gross
--   less that, and adds up to the net totals. Which of the claims is left out is a rule, not a finding of who avoided it.
WITH to_date AS (
    SELECT
        goal_id,
        SUM(planned_gbp) AS planned_gbp,
        SUM(compared_gbp) AS compared_gbp,
        SUM(realised_gbp) AS realised_gbp,
        SUM(not_read_gbp) AS not_read_gbp,
        SUM(ABS(not_read_gbp)) AS hidden_gbp,
        SUM(CASE WHEN is_claimed_again THEN planned_gbp END) AS twice_planned_gbp,
        SUM(CASE WHEN is_claimed_again THEN compared_gbp END) AS twice_compared_gbp,
        SUM(CASE WHEN is_claimed_again THEN realised_gbp END) AS twice_realised_gbp
    FROM benefit_months
    WHERE is_counted AND is_to_date
    GROUP BY goal_id
),
kinds AS (
    SELECT
        goal_id,
        missing,
        ROW_NUMBER() OVER (PARTITION BY goal_id ORDER BY SUM(ABS(COALESCE(not_read_gbp, 0))) DESC NULLS LAST, COUNT(*) DESC NULLS LAST, missing DESC NULLS LAST) AS place
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
    k.missing,
    CAST(t.hidden_gbp AS DECIMAL(18,2)) AS hidden_gbp,
    CAST(t.twice_planned_gbp AS DECIMAL(18,2)) AS twice_planned_gbp,
    CAST(t.twice_compared_gbp AS DECIMAL(18,2)) AS twice_compared_gbp,
    CAST(t.twice_realised_gbp AS DECIMAL(18,2)) AS twice_realised_gbp,
    CAST(t.planned_gbp - COALESCE(t.twice_planned_gbp, 0) AS DECIMAL(18,2)) AS net_planned_gbp,
    CAST(t.compared_gbp - COALESCE(t.twice_compared_gbp, 0) AS DECIMAL(18,2)) AS net_compared_gbp,
    CAST(t.realised_gbp - COALESCE(t.twice_realised_gbp, 0) AS DECIMAL(18,2)) AS net_realised_gbp
FROM to_date AS t
LEFT JOIN kinds AS k ON COALESCE(k.goal_id, '') = COALESCE(t.goal_id, '') AND k.place = 1
LEFT JOIN goals AS g ON g.id = t.goal_id
ORDER BY t.planned_gbp DESC NULLS LAST, g.title ASC NULLS LAST
