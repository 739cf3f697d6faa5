-- Title: Benefits to date by agency
-- Question: To which agency does the benefit fall, and how much of it is real?
-- Unit: £ to date; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: agency_id agency_code agency_name planned_gbp compared_gbp realised_gbp not_read_gbp realised_share missing hidden_gbp
--   twice_planned_gbp twice_compared_gbp twice_realised_gbp net_planned_gbp net_compared_gbp net_realised_gbp
-- Definition: To date: months up to the latest month with any reading in £ in the whole partnership; dis-benefits are netted. Real
--   of planned compares what was read with the plan of the same months. Why missing: the kind of missing that hides most of the
--   plan; real is empty, never zero, where nothing was read. A row without an
--   agency is benefit that nobody has shared out yet. The rows add up to the benefit totals to the penny.
--
--   Gross and net of double counting: the other columns are gross. Counted twice: what stands here of benefits that claim the same
--   avoided outcome as a larger benefit of the same category (the rows of benefit_months say which); empty where none does. Net is gross
--   less that, and adds up to the net totals. Which of the claims is left out is a rule, not a finding of who avoided it.
WITH to_date AS (
    SELECT
        agency_id,
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
    GROUP BY agency_id
),
kinds AS (
    SELECT
        agency_id,
        missing,
        ROW_NUMBER() OVER (PARTITION BY agency_id ORDER BY SUM(ABS(COALESCE(not_read_gbp, 0))) DESC NULLS LAST, COUNT(*) DESC NULLS LAST, missing DESC NULLS LAST) AS place
    FROM benefit_months
    WHERE is_counted AND is_to_date AND missing IS NOT NULL
    GROUP BY agency_id, missing
)
SELECT
    t.agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
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
LEFT JOIN kinds AS k ON COALESCE(k.agency_id, '') = COALESCE(t.agency_id, '') AND k.place = 1
LEFT JOIN agencies AS a ON a.id = t.agency_id
ORDER BY t.planned_gbp DESC NULLS LAST, a.name ASC NULLS LAST
