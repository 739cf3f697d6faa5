-- Title: Who approved the readings of each benefit
-- Question: Was every reading in pounds approved by somebody, and by somebody other than its owner?
-- Unit: readings
-- Source: benefits, role holders, and readings in £ that belong to a benefit
-- Columns: benefit_id title owner_role validator_role read_cells approved_cells unnamed_cells owner_approved_cells provisional_cells
-- Definition: Readings with a value, for months that have begun. Approved by nobody named: the state says approved and no role stands beside it.
--   Approved by its owner: the role that approved is the benefit's own owner. Provisional: not yet approved by the validator.
WITH cells AS (
    SELECT r.benefit_id, r.state, r.approved_by_role_id, b.owner_role_id
    FROM readings AS r
    JOIN benefits AS b ON b.id = r.benefit_id
    CROSS JOIN asked
    WHERE r.period <= asked.today AND r.value IS NOT NULL
)
SELECT
    b.id AS benefit_id,
    b.title,
    o.role AS owner_role,
    v.role AS validator_role,
    COUNT(c.benefit_id) AS read_cells,
    COUNT(CASE WHEN c.state = 'approved' THEN 1 END) AS approved_cells,
    COUNT(CASE WHEN c.state = 'approved' AND c.approved_by_role_id IS NULL THEN 1 END) AS unnamed_cells,
    COUNT(CASE WHEN c.state = 'approved' AND c.approved_by_role_id = c.owner_role_id THEN 1 END) AS owner_approved_cells,
    COUNT(CASE WHEN c.state <> 'approved' THEN 1 END) AS provisional_cells
FROM benefits AS b
LEFT JOIN cells AS c ON c.benefit_id = b.id
LEFT JOIN role_holders AS o ON o.id = b.owner_role_id
LEFT JOIN role_holders AS v ON v.id = b.validator_role_id
GROUP BY b.id, b.title, o.role, v.role
ORDER BY COUNT(CASE WHEN c.state <> 'approved' THEN 1 END) DESC NULLS LAST, b.id ASC NULLS LAST
