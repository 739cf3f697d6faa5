-- Title: Benefits by agency and month
-- Question: What was planned and what is real, row by row?
-- Unit: £, dis-benefits negative, in the price base of each benefit
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: benefit_id title goal_id benefit_class is_disbenefit is_counted agency_id agency_code agency_name named_agency_id period
--   period_index original_gbp planned_gbp realised_gbp compared_gbp not_read_gbp missing state is_to_date is_claimed_again
-- Narrowed: agency_id=agency_id goal_id=goal_id benefit_class=benefit_class
-- Definition: One row for each benefit, agency that it falls to (and agency named in the plan, where another has taken over), and month:
--   the rows behind every benefit number. Planned where read is the plan of months to date that have a value; not read is the rest of the
--   plan to date, with the kind of missing. Provisional: a reading that its validator has not approved.
--
--   In the totals: fiscal benefits, and others only if they are marked as additive; economic and social value of the same outcome
--   is never added to the fiscal saving.
--
--   Claims what another benefit claims: of the benefits of one category that name the same avoided outcome and are not marked as
--   additive, all but the one with the largest full-year value. They stand in the gross totals and not in those net of double counting.
WITH claims AS (
    SELECT
        id,
        ROW_NUMBER() OVER (PARTITION BY outcome_key, category ORDER BY full_year_gbp DESC NULLS LAST, id ASC NULLS LAST) AS place
    FROM benefits
    WHERE outcome_key IS NOT NULL AND NOT additive AND NOT is_disbenefit
)
SELECT
    l.benefit_id,
    b.title,
    b.goal_id,
    b.benefit_class,
    b.is_disbenefit,
    b.category = 'fiscal' OR b.additive AS is_counted,
    l.agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    l.named_agency_id,
    l.period,
    l.period_index,
    l.original_gbp,
    l.planned_gbp,
    l.realised_gbp,
    l.compared_gbp,
    l.not_read_gbp,
    l.missing,
    l.state,
    l.is_to_date,
    COALESCE(d.place > 1, FALSE) AS is_claimed_again
FROM benefit_ledger AS l
JOIN benefits AS b ON b.id = l.benefit_id
LEFT JOIN claims AS d ON d.id = b.id
LEFT JOIN agencies AS a ON a.id = l.agency_id
CROSS JOIN asked
WHERE (asked.agency_id IS NULL OR l.agency_id = asked.agency_id)
  AND (asked.goal_id IS NULL OR b.goal_id = asked.goal_id)
  AND (asked.benefit_class IS NULL OR b.benefit_class = asked.benefit_class)
ORDER BY l.benefit_id ASC NULLS LAST, l.period_index ASC NULLS LAST, a.code ASC NULLS LAST,
    l.named_agency_id ASC NULLS LAST
