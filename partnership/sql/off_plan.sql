-- Title: Benefits off plan
-- Question: Which benefits are below their plan, and for how long?
-- Unit: £ to date; months
-- Source: benefits, benefit profile, re-baselines, benefit shares, role holders, and readings in £ that belong to a benefit
-- Columns: benefit_id title falls_to benefit_class planned_gbp compared_gbp realised_gbp behind_gbp realised_share state months_off_plan owner_role
-- Definition: Benefits of the register whose running total is below the partnership's own "off plan share" of the plan where read,
--   longest first. Behind: the plan where read less what is real.
SELECT
    benefit_id,
    title,
    falls_to,
    benefit_class,
    planned_gbp,
    compared_gbp,
    realised_gbp,
    CAST(compared_gbp - realised_gbp AS DECIMAL(18,2)) AS behind_gbp,
    realised_share,
    state,
    months_off_plan,
    owner_role
FROM benefit_register
WHERE months_off_plan > 0
ORDER BY months_off_plan DESC NULLS LAST, compared_gbp - realised_gbp DESC NULLS LAST, benefit_id ASC NULLS LAST
