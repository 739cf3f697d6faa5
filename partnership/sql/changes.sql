-- Title: Changes and refusals
-- Question: What was changed when, by whom and why, and what was refused?
-- Unit: rows
-- Source: the store's own record of changes
-- Columns: seq recorded_at actor actor_kind what reason source_name new_rows changed_rows removed_rows
--     formula_cells refused_findings
-- Definition: One row for each change that was accepted, or refused, latest first. "Declared" actors said who they are; nobody checked.
--     A refusal changed nothing and keeps nothing of its file but its name, its hash and the number of findings.
--     Worked out by a formula: cells of the file whose stored value was taken; view worked_out has their formulas.
SELECT
    CAST(seq AS BIGINT) AS seq,
    CAST(recorded_at AS TIMESTAMP) AS recorded_at,
    actor,
    actor_kind,
    what,
    reason,
    source_name,
    CAST(new_rows AS BIGINT) AS new_rows,
    CAST(changed_rows AS BIGINT) AS changed_rows,
    CAST(removed_rows AS BIGINT) AS removed_rows,
    CAST(formula_cells AS BIGINT) AS formula_cells,
    CAST(refused_findings AS BIGINT) AS refused_findings
FROM changes
ORDER BY seq DESC NULLS LAST
