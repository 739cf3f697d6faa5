-- Title: What was handed in, by agency
-- Question: How many readings did each agency hand in, and of what kind are the missing ones?
-- Unit: readings; share from 0 to 1
-- Source: readings
-- Columns: agency_id agency_code agency_name expected_cells read_cells withheld_cells not_provided_cells too_early_cells suppressed_cells blank_cells
--   provisional_cells read_share
-- Definition: Expected: rows handed in for months that have begun, with or without a value. Read: those with a value. Read of
--   expected counts the suppressed ones too: they were handed in and are only not shown. The kinds of missing are
--   counted apart; none is zero. A row without an agency is the partnership as a whole.
WITH counted AS (
    SELECT
        r.agency_id,
        r.state,
        CASE WHEN r.value IS NOT NULL OR r.numerator IS NOT NULL OR r.label IS NOT NULL THEN 'read' ELSE COALESCE(r.missing, 'blank') END AS got
    FROM readings AS r
    CROSS JOIN asked
    WHERE r.period <= asked.today AND (asked.agency_id IS NULL OR r.agency_id = asked.agency_id)
),
by_agency AS (
    SELECT
        agency_id,
        COUNT(*) AS expected_cells,
        COUNT(CASE WHEN got = 'read' THEN 1 END) AS read_cells,
        COUNT(CASE WHEN got = 'withheld' THEN 1 END) AS withheld_cells,
        COUNT(CASE WHEN got = 'not provided' THEN 1 END) AS not_provided_cells,
        COUNT(CASE WHEN got = 'too early' THEN 1 END) AS too_early_cells,
        COUNT(CASE WHEN got = 'suppressed' THEN 1 END) AS suppressed_cells,
        COUNT(CASE WHEN got = 'blank' THEN 1 END) AS blank_cells,
        COUNT(CASE WHEN got = 'read' AND state <> 'approved' THEN 1 END) AS provisional_cells
    FROM counted
    GROUP BY agency_id
)
SELECT
    b.agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    b.expected_cells,
    b.read_cells,
    b.withheld_cells,
    b.not_provided_cells,
    b.too_early_cells,
    b.suppressed_cells,
    b.blank_cells,
    b.provisional_cells,
    CAST(b.read_cells + b.suppressed_cells AS DOUBLE) / NULLIF(b.expected_cells, 0) AS read_share
FROM by_agency AS b
LEFT JOIN agencies AS a ON a.id = b.agency_id
ORDER BY a.name ASC NULLS LAST, b.agency_id ASC NULLS LAST
