-- Title: Benefits to date
-- Question: How much of the benefit that was planned by now is real, and how much of the plan can be seen?
-- Unit: £; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: latest_period realised_gbp compared_gbp behind_gbp planned_gbp not_read_gbp realised_share coverage_share
--   provisional_months provisional_gbp withheld_gbp not_provided_gbp too_early_gbp suppressed_gbp blank_gbp plan_end_period
--   plan_total_gbp original_total_gbp year_end_period year_planned_gbp year_original_gbp
--   hidden_gbp twice_planned_gbp twice_compared_gbp twice_realised_gbp twice_plan_total_gbp
--   net_planned_gbp net_compared_gbp net_realised_gbp net_plan_total_gbp
-- Definition: To date: months up to the latest month with any reading in £ in the whole partnership. Real of planned: what was read
--   over the plan of the same months and agencies. What is planned but not read is never counted as zero: it is shown by the kind of
--   missing. Dis-benefits are netted. An empty share means that there is nothing to divide by.
--
--   Read of planned: plan that has a reading over the whole plan to date, both with dis-benefits as large as benefits, so that what is not read of
--   the one cannot hide what is not read of the other. Below 1 the total is partial. Plan that cannot be seen: the rest, counted alike.
--
--   Gross and net of double counting: all other columns are gross. Counted twice: what benefits say that claim the same avoided
--   outcome as a larger benefit of the same category (see the rows in benefit_months); empty where none does. Net is gross less that.
WITH to_date AS (
    SELECT
        SUM(realised_gbp) AS realised_gbp,
        SUM(compared_gbp) AS compared_gbp,
        SUM(planned_gbp) AS planned_gbp,
        SUM(not_read_gbp) AS not_read_gbp,
        SUM(ABS(not_read_gbp)) AS hidden_gbp,
        SUM(ABS(compared_gbp)) AS seen_gbp,
        SUM(ABS(planned_gbp)) AS whole_gbp,
        COUNT(DISTINCT CASE WHEN state = 'provisional' THEN period_index END) AS provisional_months,
        SUM(CASE WHEN state = 'provisional' THEN realised_gbp END) AS provisional_gbp,
        SUM(CASE WHEN missing = 'withheld' THEN not_read_gbp END) AS withheld_gbp,
        SUM(CASE WHEN missing = 'not provided' THEN not_read_gbp END) AS not_provided_gbp,
        SUM(CASE WHEN missing = 'too early' THEN not_read_gbp END) AS too_early_gbp,
        SUM(CASE WHEN missing = 'suppressed' THEN not_read_gbp END) AS suppressed_gbp,
        SUM(CASE WHEN missing = 'blank' THEN not_read_gbp END) AS blank_gbp,
        SUM(CASE WHEN is_claimed_again THEN planned_gbp END) AS twice_planned_gbp,
        SUM(CASE WHEN is_claimed_again THEN compared_gbp END) AS twice_compared_gbp,
        SUM(CASE WHEN is_claimed_again THEN realised_gbp END) AS twice_realised_gbp
    FROM benefit_months
    WHERE is_counted AND is_to_date
),
-- The latest month and the end of its financial year belong to the whole partnership, whatever is shown.
calendar AS (
    SELECT
        MAX(latest_index) AS latest_index,
        MAX(latest_index) + (14 - MAX(latest_index) % 12) % 12 AS year_end_index
    FROM benefit_ledger
),
whole AS (
    SELECT
        MAX(CASE WHEN m.planned_gbp IS NOT NULL THEN m.period END) AS plan_end_period,
        SUM(m.planned_gbp) AS plan_total_gbp,
        SUM(m.original_gbp) AS original_total_gbp,
        SUM(CASE WHEN m.period_index <= c.year_end_index THEN m.planned_gbp END) AS year_planned_gbp,
        SUM(CASE WHEN m.period_index <= c.year_end_index THEN m.original_gbp END) AS year_original_gbp,
        SUM(CASE WHEN m.is_claimed_again THEN m.planned_gbp END) AS twice_plan_total_gbp
    FROM benefit_months AS m
    CROSS JOIN calendar AS c
    WHERE m.is_counted
)
SELECT
    MAKE_DATE(CAST(FLOOR(c.latest_index / 12) AS INTEGER), CAST(c.latest_index % 12 + 1 AS INTEGER), 1) AS latest_period,
    CAST(t.realised_gbp AS DECIMAL(18,2)) AS realised_gbp,
    CAST(t.compared_gbp AS DECIMAL(18,2)) AS compared_gbp,
    CAST(t.compared_gbp - t.realised_gbp AS DECIMAL(18,2)) AS behind_gbp,
    CAST(t.planned_gbp AS DECIMAL(18,2)) AS planned_gbp,
    CAST(t.not_read_gbp AS DECIMAL(18,2)) AS not_read_gbp,
    CAST(t.realised_gbp AS DOUBLE) / NULLIF(CAST(t.compared_gbp AS DOUBLE), 0) AS realised_share,
    CAST(COALESCE(t.seen_gbp, 0) AS DOUBLE) / NULLIF(CAST(t.whole_gbp AS DOUBLE), 0) AS coverage_share,
    t.provisional_months,
    CAST(t.provisional_gbp AS DECIMAL(18,2)) AS provisional_gbp,
    CAST(t.withheld_gbp AS DECIMAL(18,2)) AS withheld_gbp,
    CAST(t.not_provided_gbp AS DECIMAL(18,2)) AS not_provided_gbp,
    CAST(t.too_early_gbp AS DECIMAL(18,2)) AS too_early_gbp,
    CAST(t.suppressed_gbp AS DECIMAL(18,2)) AS suppressed_gbp,
    CAST(t.blank_gbp AS DECIMAL(18,2)) AS blank_gbp,
    w.plan_end_period,
    CAST(w.plan_total_gbp AS DECIMAL(18,2)) AS plan_total_gbp,
    CAST(w.original_total_gbp AS DECIMAL(18,2)) AS original_total_gbp,
    MAKE_DATE(CAST(FLOOR(c.year_end_index / 12) AS INTEGER), CAST(c.year_end_index % 12 + 1 AS INTEGER), 1) AS year_end_period,
    CAST(w.year_planned_gbp AS DECIMAL(18,2)) AS year_planned_gbp,
    CAST(w.year_original_gbp AS DECIMAL(18,2)) AS year_original_gbp,
    CAST(t.hidden_gbp AS DECIMAL(18,2)) AS hidden_gbp,
    CAST(t.twice_planned_gbp AS DECIMAL(18,2)) AS twice_planned_gbp,
    CAST(t.twice_compared_gbp AS DECIMAL(18,2)) AS twice_compared_gbp,
    CAST(t.twice_realised_gbp AS DECIMAL(18,2)) AS twice_realised_gbp,
    CAST(w.twice_plan_total_gbp AS DECIMAL(18,2)) AS twice_plan_total_gbp,
    CAST(t.planned_gbp - COALESCE(t.twice_planned_gbp, 0) AS DECIMAL(18,2)) AS net_planned_gbp,
    CAST(t.compared_gbp - COALESCE(t.twice_compared_gbp, 0) AS DECIMAL(18,2)) AS net_compared_gbp,
    CAST(t.realised_gbp - COALESCE(t.twice_realised_gbp, 0) AS DECIMAL(18,2)) AS net_realised_gbp,
    CAST(w.plan_total_gbp - COALESCE(w.twice_plan_total_gbp, 0) AS DECIMAL(18,2)) AS net_plan_total_gbp
FROM to_date AS t
CROSS JOIN whole AS w
CROSS JOIN calendar AS c
