-- Title: Whole life of each benefit
-- Question: Which benefits have run their course, and what did they come to?
-- Unit: £ over the whole plan
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: benefit_id title benefit_class is_disbenefit first_planned_period first_real_period plan_end_period
--   original_total_gbp plan_total_gbp realised_gbp unread_months
-- Definition: Sums over all months of a benefit. Months not read: months of the plan without a value, for any agency, up to the end of the plan;
--   a benefit that has run its course has none left and its last month lies behind.
SELECT
    benefit_id,
    title,
    benefit_class,
    is_disbenefit,
    MIN(CASE WHEN planned_gbp IS NOT NULL THEN period END) AS first_planned_period,
    MIN(CASE WHEN realised_gbp <> 0 THEN period END) AS first_real_period,
    MAX(CASE WHEN planned_gbp IS NOT NULL THEN period END) AS plan_end_period,
    CAST(SUM(original_gbp) AS DECIMAL(18,2)) AS original_total_gbp,
    CAST(SUM(planned_gbp) AS DECIMAL(18,2)) AS plan_total_gbp,
    CAST(SUM(realised_gbp) AS DECIMAL(18,2)) AS realised_gbp,
    COUNT(CASE WHEN planned_gbp IS NOT NULL AND compared_gbp IS NULL THEN 1 END) AS unread_months
FROM benefit_months
GROUP BY benefit_id, title, benefit_class, is_disbenefit
ORDER BY benefit_id ASC NULLS LAST
