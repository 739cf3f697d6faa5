-- Title: Provisional months
-- Question: Which months may still change, and how much benefit hangs on that?
-- Unit: £; readings
-- Source: readings in £ that belong to a benefit
-- Columns: period period_index provisional_cells agencies provisional_gbp realised_gbp
-- Definition: A month is provisional while any of its readings has not been approved by its validator. Provisional money is part of what
--   is shown as real.
SELECT
    period,
    period_index,
    COUNT(CASE WHEN state = 'provisional' THEN 1 END) AS provisional_cells,
    COUNT(DISTINCT CASE WHEN state = 'provisional' THEN agency_id END) AS agencies,
    CAST(SUM(CASE WHEN state = 'provisional' THEN realised_gbp END) AS DECIMAL(18,2)) AS provisional_gbp,
    CAST(SUM(realised_gbp) AS DECIMAL(18,2)) AS realised_gbp
FROM benefit_months
WHERE is_counted AND is_to_date
GROUP BY period, period_index
HAVING COUNT(CASE WHEN state = 'provisional' THEN 1 END) > 0
ORDER BY period_index ASC NULLS LAST
