-- Title: Benefits to date by function
-- Question: Where in the work does the benefit come from, from first contact to review?
-- Unit: £ to date; shares from 0 to 1
-- Source: benefit profile, re-baselines, benefit shares, work items, and readings in £ that belong to a benefit
-- Columns: function planned_gbp compared_gbp realised_gbp not_read_gbp realised_share
--   twice_planned_gbp twice_compared_gbp twice_realised_gbp net_planned_gbp net_compared_gbp net_realised_gbp
-- Definition: A benefit stands under the function of the work item that it names first, so that none is counted twice; a row without a
--   function is benefit that names no item, or an item without one. To date: months up to the latest month with any reading in £ in the
--   whole partnership; dis-benefits are netted. The rows add up to the benefit totals to the penny.
--
--   Gross and net of double counting: the other columns are gross. Counted twice: what stands here of benefits that claim the same
--   avoided outcome as a larger benefit of the same category (the rows of benefit_months say which); empty where none does. Net is gross
--   less that, and adds up to the net totals. Which of the claims is left out is a rule, not a finding of who avoided it.
WITH placed AS (
    SELECT b.id AS benefit_id, i.function
    FROM benefits AS b
    LEFT JOIN work_items AS i ON i.id = TRIM(SPLIT_PART(b.item_ids, ';', 1))
)
SELECT
    p.function,
    CAST(SUM(m.planned_gbp) AS DECIMAL(18,2)) AS planned_gbp,
    CAST(SUM(m.compared_gbp) AS DECIMAL(18,2)) AS compared_gbp,
    CAST(SUM(m.realised_gbp) AS DECIMAL(18,2)) AS realised_gbp,
    CAST(SUM(m.not_read_gbp) AS DECIMAL(18,2)) AS not_read_gbp,
    CAST(SUM(m.realised_gbp) AS DOUBLE) / NULLIF(CAST(SUM(m.compared_gbp) AS DOUBLE), 0) AS realised_share,
    CAST(SUM(CASE WHEN m.is_claimed_again THEN m.planned_gbp END) AS DECIMAL(18,2)) AS twice_planned_gbp,
    CAST(SUM(CASE WHEN m.is_claimed_again THEN m.compared_gbp END) AS DECIMAL(18,2)) AS twice_compared_gbp,
    CAST(SUM(CASE WHEN m.is_claimed_again THEN m.realised_gbp END) AS DECIMAL(18,2)) AS twice_realised_gbp,
    CAST(SUM(m.planned_gbp) - COALESCE(SUM(CASE WHEN m.is_claimed_again THEN m.planned_gbp END), 0) AS DECIMAL(18,2)) AS net_planned_gbp,
    CAST(SUM(m.compared_gbp) - COALESCE(SUM(CASE WHEN m.is_claimed_again THEN m.compared_gbp END), 0) AS DECIMAL(18,2)) AS net_compared_gbp,
    CAST(SUM(m.realised_gbp) - COALESCE(SUM(CASE WHEN m.is_claimed_again THEN m.realised_gbp END), 0) AS DECIMAL(18,2)) AS net_realised_gbp
FROM benefit_months AS m
JOIN placed AS p ON p.benefit_id = m.benefit_id
WHERE m.is_counted AND m.is_to_date
GROUP BY p.function
ORDER BY SUM(m.planned_gbp) DESC NULLS LAST, p.function ASC NULLS LAST
