-- Title: Who pays and who gains
-- Question: Which agencies put in more than falls to them?
-- Unit: £, not discounted, as planned; shares from 0 to 1
-- Source: planned contributions, benefit profile, re-baselines and benefit shares
-- Columns: agency_id agency_code agency_name paid_gbp gained_gbp net_gbp twice_gained_gbp net_gained_gbp net_position_gbp
--   not_agreed_gbp paid_share gained_share first_year last_year
-- Definition: The financial years for which the current plan of benefits has months, from the first to the last: money paid in other years
--   has nothing to be held against, and is left out. Pays in: planned contributions of these years, in cash and in kind, agreed or not;
--   not yet agreed is the part that its finance officer has not agreed. Gains: the current plan of the benefits that fall to the agency, all months, dis-benefits netted; fiscal
--   benefits and those marked as additive, gross of double counting.
--   Pounds are as entered and are not discounted. Shares are of all agencies together, gross.
--
--   Counted twice: what falls to the agency of benefits that claim the same avoided outcome as a larger benefit of the same category;
--   empty where none does. Gains and gains less pays are given net of that too. Which of the claims is left out is a rule, not a finding of
--   who avoided it.
WITH years AS (
    SELECT
        CAST(FLOOR((MIN(period_index) - 3) / 12.0) AS INTEGER) AS first_year,
        CAST(FLOOR((MAX(period_index) - 3) / 12.0) AS INTEGER) AS last_year
    FROM benefit_ledger
    WHERE planned_gbp IS NOT NULL
),
paid AS (
    SELECT
        COALESCE(h.holder_id, c.agency_id) AS agency_id,
        SUM(c.amount_gbp) AS paid_gbp,
        SUM(CASE WHEN c.agreed <> 'agreed' THEN c.amount_gbp END) AS not_agreed_gbp
    FROM contributions AS c
    CROSS JOIN asked
    CROSS JOIN years AS y
    LEFT JOIN work_items AS w ON w.id = c.item_id
    LEFT JOIN agency_holders AS h
        ON h.agency_id = c.agency_id
        AND h.from_on <= MAKE_DATE(c.financial_year, 4, 1)
        AND h.to_on > MAKE_DATE(c.financial_year, 4, 1)
    WHERE c.stage = 'planned'
      AND (y.first_year IS NULL OR c.financial_year BETWEEN y.first_year AND y.last_year)
      AND (asked.goal_id IS NULL OR COALESCE(c.goal_id, w.goal_id) = asked.goal_id)
    GROUP BY COALESCE(h.holder_id, c.agency_id)
),
-- The rule of benefit_months, which keeps to the agency that is chosen; here all are needed for the shares.
claims AS (
    SELECT
        id,
        ROW_NUMBER() OVER (PARTITION BY outcome_key, category ORDER BY full_year_gbp DESC NULLS LAST, id ASC NULLS LAST) AS place
    FROM benefits
    WHERE outcome_key IS NOT NULL AND NOT additive AND NOT is_disbenefit
),
gained AS (
    SELECT
        l.agency_id,
        SUM(l.planned_gbp) AS gained_gbp,
        SUM(CASE WHEN d.place > 1 THEN l.planned_gbp END) AS twice_gained_gbp
    FROM benefit_ledger AS l
    JOIN benefits AS b ON b.id = l.benefit_id
    LEFT JOIN claims AS d ON d.id = b.id
    CROSS JOIN asked
    WHERE (b.category = 'fiscal' OR b.additive)
      AND (asked.goal_id IS NULL OR b.goal_id = asked.goal_id)
      AND (asked.benefit_class IS NULL OR b.benefit_class = asked.benefit_class)
    GROUP BY l.agency_id
),
totals AS (
    SELECT
        (SELECT SUM(paid_gbp) FROM paid) AS paid_gbp,
        (SELECT SUM(gained_gbp) FROM gained) AS gained_gbp
)
SELECT
    a.id AS agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    CAST(COALESCE(p.paid_gbp, 0) AS DECIMAL(18,2)) AS paid_gbp,
    CAST(COALESCE(g.gained_gbp, 0) AS DECIMAL(18,2)) AS gained_gbp,
    CAST(COALESCE(g.gained_gbp, 0) - COALESCE(p.paid_gbp, 0) AS DECIMAL(18,2)) AS net_gbp,
    CAST(g.twice_gained_gbp AS DECIMAL(18,2)) AS twice_gained_gbp,
    CAST(COALESCE(g.gained_gbp, 0) - COALESCE(g.twice_gained_gbp, 0) AS DECIMAL(18,2)) AS net_gained_gbp,
    CAST(COALESCE(g.gained_gbp, 0) - COALESCE(g.twice_gained_gbp, 0) - COALESCE(p.paid_gbp, 0) AS DECIMAL(18,2)) AS net_position_gbp,
    CAST(COALESCE(p.not_agreed_gbp, 0) AS DECIMAL(18,2)) AS not_agreed_gbp,
    CAST(COALESCE(p.paid_gbp, 0) AS DOUBLE) / NULLIF(CAST(t.paid_gbp AS DOUBLE), 0) AS paid_share,
    CAST(COALESCE(g.gained_gbp, 0) AS DOUBLE) / NULLIF(CAST(t.gained_gbp AS DOUBLE), 0) AS gained_share,
    y.first_year,
    y.last_year
FROM agencies AS a
CROSS JOIN asked
CROSS JOIN totals AS t
CROSS JOIN years AS y
LEFT JOIN paid AS p ON p.agency_id = a.id
LEFT JOIN gained AS g ON g.agency_id = a.id
WHERE (p.agency_id IS NOT NULL OR g.agency_id IS NOT NULL)
  AND (asked.agency_id IS NULL OR a.id = asked.agency_id)
ORDER BY COALESCE(p.paid_gbp, 0) DESC NULLS LAST, a.name ASC NULLS LAST
