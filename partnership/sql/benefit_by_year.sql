-- Title: Benefits to date by financial year
-- Question: How much of each year's benefit is real?
-- Unit: £ to date; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: financial_year planned_gbp compared_gbp realised_gbp not_read_gbp realised_share
--   twice_planned_gbp twice_compared_gbp twice_realised_gbp net_planned_gbp net_compared_gbp net_realised_gbp
-- Definition: Financial years from 1 April to 31 March, named by the year in which they start. To date: months up to the latest
--   month with any reading in £ in the whole partnership, so the latest year may not be whole; dis-benefits are netted. The rows add up to the
--   benefit totals to the penny.
--
--   Gross and net of double counting: the other columns are gross. Counted twice: what stands here of benefits that claim the same
--   avoided outcome as a larger benefit of the same category (the rows of benefit_months say which); empty where none does. Net is gross
--   less that, and adds up to the net totals. Which of the claims is left out is a rule, not a finding of who avoided it.
WITH months AS (
    SELECT
        CAST(FLOOR((period_index - 3) / 12) AS BIGINT) AS financial_year,
        planned_gbp,
        compared_gbp,
        realised_gbp,
        not_read_gbp,
        is_claimed_again
    FROM benefit_months
    WHERE is_counted AND is_to_date
)
SELECT
    financial_year,
    CAST(SUM(planned_gbp) AS DECIMAL(18,2)) AS planned_gbp,
    CAST(SUM(compared_gbp) AS DECIMAL(18,2)) AS compared_gbp,
    CAST(SUM(realised_gbp) AS DECIMAL(18,2)) AS realised_gbp,
    CAST(SUM(not_read_gbp) AS DECIMAL(18,2)) AS not_read_gbp,
    CAST(SUM(realised_gbp) AS DOUBLE) / NULLIF(CAST(SUM(compared_gbp) AS DOUBLE), 0) AS realised_share,
    CAST(SUM(CASE WHEN is_claimed_again THEN planned_gbp END) AS DECIMAL(18,2)) AS twice_planned_gbp,
    CAST(SUM(CASE WHEN is_claimed_again THEN compared_gbp END) AS DECIMAL(18,2)) AS twice_compared_gbp,
    CAST(SUM(CASE WHEN is_claimed_again THEN realised_gbp END) AS DECIMAL(18,2)) AS twice_realised_gbp,
    CAST(SUM(planned_gbp) - COALESCE(SUM(CASE WHEN is_claimed_again THEN planned_gbp END), 0) AS DECIMAL(18,2)) AS net_planned_gbp,
    CAST(SUM(compared_gbp) - COALESCE(SUM(CASE WHEN is_claimed_again THEN compared_gbp END), 0) AS DECIMAL(18,2)) AS net_compared_gbp,
    CAST(SUM(realised_gbp) - COALESCE(SUM(CASE WHEN is_claimed_again THEN realised_gbp END), 0) AS DECIMAL(18,2)) AS net_realised_gbp
FROM months
GROUP BY financial_year
ORDER BY financial_year ASC NULLS LAST
