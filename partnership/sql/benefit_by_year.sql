-- Title: Benefits to date by financial year
-- Question: How much of each year's benefit is real?
-- Unit: £ to date; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: financial_year planned_gbp compared_gbp realised_gbp not_read_gbp realised_share
-- Definition: Financial years from 1 April to 31 March, named by the year in which they start. To date: months up to the latest
--   month with any reading in £ in the whole partnership, so the latest year may not be whole; dis-benefits are netted. The rows add up to the
--   benefit totals to the penny.
WITH months AS (
    SELECT
        CAST(FLOOR((period_index - 3) / 12) AS BIGINT) AS financial_year,
        planned_gbp,
        compared_gbp,
        realised_gbp,
        not_read_gbp
    FROM benefit_months
    WHERE is_counted AND is_to_date
)
SELECT
    financial_year,
    CAST(SUM(planned_gbp) AS DECIMAL(18,2)) AS planned_gbp,
    CAST(SUM(compared_gbp) AS DECIMAL(18,2)) AS compared_gbp,
    CAST(SUM(realised_gbp) AS DECIMAL(18,2)) AS realised_gbp,
    CAST(SUM(not_read_gbp) AS DECIMAL(18,2)) AS not_read_gbp,
    CAST(SUM(realised_gbp) AS DOUBLE) / NULLIF(CAST(SUM(compared_gbp) AS DOUBLE), 0) AS realised_share
FROM months
GROUP BY financial_year
ORDER BY financial_year ASC NULLS LAST
