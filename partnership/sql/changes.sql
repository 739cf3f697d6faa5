-- Title: Changes that were accepted
-- Question: What was changed when, by whom and why?
-- Unit: rows
-- Source: the store's own record of changes
-- Columns: seq recorded_at actor actor_kind what reason source_name new_rows changed_rows removed_rows
-- Definition: One row for each change that was accepted, or refused, latest first. "Declared" actors said who they are; nobody checked.
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
    CAST(removed_rows AS BIGINT) AS removed_rows
FROM changes
ORDER BY seq DESC NULLS LAST
