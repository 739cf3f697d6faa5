-- Title: Values that a formula had worked out
-- Question: Which stored values came out of a formula in somebody's workbook, and which formula was it?
-- Unit: cells
-- Source: the store's own record of changes
-- Columns: seq recorded_at actor source_name cell record_key field formula
-- Definition: One row for each cell of an accepted workbook that carried a formula: its stored value was taken, and the formula is
--     kept with the change, latest change first. "As in H5" means that the formula was filled from that cell.
SELECT
    CAST(seq AS BIGINT) AS seq,
    CAST(recorded_at AS TIMESTAMP) AS recorded_at,
    actor,
    source_name,
    place AS cell,
    row_key AS record_key,
    field,
    formula
FROM formula_cells
ORDER BY seq DESC NULLS LAST, place NULLS LAST
