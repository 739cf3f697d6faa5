-- Title: Benefits realisation by month
-- Question: Is the benefit real, month by month, against the first and the current plan?
-- Unit: £, running totals beside the month's own
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: period period_index original_gbp planned_gbp realised_gbp compared_gbp not_read_gbp is_provisional cum_original_gbp
--   cum_planned_gbp cum_realised_gbp cum_compared_gbp has_reading
-- Definition: Dis-benefits are netted. Running totals of what is real, and of the plan it can be compared with, stop at the latest
--   month with a reading, and are empty before the first. A month is provisional when any of its readings still is.
WITH months AS (
    SELECT
        period,
        period_index,
        SUM(original_gbp) AS original_gbp,
        SUM(planned_gbp) AS planned_gbp,
        SUM(realised_gbp) AS realised_gbp,
        SUM(compared_gbp) AS compared_gbp,
        SUM(not_read_gbp) AS not_read_gbp,
        MAX(CASE WHEN state = 'provisional' THEN 1 ELSE 0 END) AS provisional,
        MAX(CASE WHEN is_to_date THEN 1 ELSE 0 END) AS to_date
    FROM benefit_months
    WHERE is_counted
    GROUP BY period, period_index
)
SELECT
    period,
    period_index,
    CAST(original_gbp AS DECIMAL(18,2)) AS original_gbp,
    CAST(planned_gbp AS DECIMAL(18,2)) AS planned_gbp,
    CAST(realised_gbp AS DECIMAL(18,2)) AS realised_gbp,
    CAST(compared_gbp AS DECIMAL(18,2)) AS compared_gbp,
    CAST(not_read_gbp AS DECIMAL(18,2)) AS not_read_gbp,
    provisional = 1 AS is_provisional,
    CAST(SUM(original_gbp) OVER (ORDER BY period_index ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS DECIMAL(18,2)) AS cum_original_gbp,
    CAST(SUM(planned_gbp) OVER (ORDER BY period_index ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS DECIMAL(18,2)) AS cum_planned_gbp,
    CASE WHEN to_date = 1 THEN CAST(SUM(realised_gbp) OVER (ORDER BY period_index ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS DECIMAL(18,2)) END AS cum_realised_gbp,
    CASE WHEN to_date = 1 THEN CAST(SUM(compared_gbp) OVER (ORDER BY period_index ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS DECIMAL(18,2)) END AS cum_compared_gbp,
    realised_gbp IS NOT NULL AS has_reading
FROM months
ORDER BY period_index ASC NULLS LAST
