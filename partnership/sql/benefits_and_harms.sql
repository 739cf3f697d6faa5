-- Title: Benefits and dis-benefits to date
-- Question: What is gained, what harm or moved cost comes with it, and what is left?
-- Unit: £ to date, dis-benefits negative; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: is_disbenefit benefits planned_gbp compared_gbp realised_gbp not_read_gbp realised_share
-- Definition: Benefits and dis-benefits apart; the two rows add up to the benefit totals to the penny, which net them. To date: months up to the
--   latest month with any reading in £ in the whole partnership.
SELECT
    is_disbenefit,
    COUNT(DISTINCT benefit_id) AS benefits,
    CAST(SUM(planned_gbp) AS DECIMAL(18,2)) AS planned_gbp,
    CAST(SUM(compared_gbp) AS DECIMAL(18,2)) AS compared_gbp,
    CAST(SUM(realised_gbp) AS DECIMAL(18,2)) AS realised_gbp,
    CAST(SUM(not_read_gbp) AS DECIMAL(18,2)) AS not_read_gbp,
    CAST(SUM(realised_gbp) AS DOUBLE) / NULLIF(CAST(SUM(compared_gbp) AS DOUBLE), 0) AS realised_share
FROM benefit_months
WHERE is_counted AND is_to_date
GROUP BY is_disbenefit
ORDER BY is_disbenefit ASC NULLS LAST
