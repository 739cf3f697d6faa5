-- Title: First results by agency
-- Question: When did each agency first read any benefit of its own, and when was it planned to?
-- Unit: months
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: agency_id agency_code agency_name first_planned_period first_real_period
-- Definition: Benefit that falls to the agency, dis-benefits left out. First real: the earliest month with a reading above £0.
SELECT
    agency_id,
    agency_code,
    agency_name,
    MIN(CASE WHEN planned_gbp > 0 THEN period END) AS first_planned_period,
    MIN(CASE WHEN realised_gbp > 0 THEN period END) AS first_real_period
FROM benefit_months
WHERE agency_id IS NOT NULL AND NOT is_disbenefit
GROUP BY agency_id, agency_code, agency_name
ORDER BY agency_name ASC NULLS LAST, agency_id ASC NULLS LAST
