-- Title: What was handed in, by agency
-- Question: How many readings did each agency hand in, and of what kind are the missing ones?
-- Unit: readings; share from 0 to 1
-- Source: readings
-- Columns: agency_id agency_code agency_name expected_cells read_cells withheld_cells not_provided_cells too_early_cells suppressed_cells blank_cells
--   provisional_cells read_share
-- Definition: Expected: rows handed in for months that have begun, with or without a value. Read: those with a value. Read of
--   expected counts the suppressed ones too: they were handed in and are only not shown. The kinds of missing are
--   counted apart; none is zero. A row without an agency is the partnership as a whole.
WITH by_agency AS (
    SELECT
        s.agency_id,
        CAST(SUM(m.readings) AS BIGINT) AS expected_cells,
        CAST(SUM(m.read_cells) AS BIGINT) AS read_cells,
        CAST(SUM(m.withheld_cells) AS BIGINT) AS withheld_cells,
        CAST(SUM(m.not_provided_cells) AS BIGINT) AS not_provided_cells,
        CAST(SUM(m.too_early_cells) AS BIGINT) AS too_early_cells,
        CAST(SUM(m.suppressed_cells) AS BIGINT) AS suppressed_cells,
        CAST(SUM(m.blank_cells) AS BIGINT) AS blank_cells,
        CAST(SUM(CASE WHEN m.state <> 'approved' THEN m.read_cells ELSE 0 END) AS BIGINT) AS provisional_cells
    FROM reading_months AS m
    JOIN reading_series AS s ON s.series = m.series
    CROSS JOIN asked
    WHERE m.period <= asked.today AND (asked.agency_id IS NULL OR s.agency_id = asked.agency_id)
    GROUP BY s.agency_id
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
