-- Title: Totals over work items
-- Question: What do the readings of all work items come to, and how much of the total cannot be seen?
-- Unit: each measure's own
-- Source: readings that belong to a work item
-- Columns: measure_id measure_name unit period period_index items total_value read_cells withheld_cells not_provided_cells too_early_cells
--   suppressed_cells blank_cells read_share is_partial
-- Definition: The sum of the values of one measure in one period over the work items that report it; counts and amounts only, for a share or
--   a rating cannot be added. Partial: at least one item has no value; the kinds of missing are counted apart and none is zero. Measures in
--   pounds of different price bases are different measures and are not added to each other. On choosing an agency, the items that it leads
--   and the readings of its own.
WITH item_readings AS (
    SELECT
        r.measure_id,
        r.period,
        r.period_index,
        r.item_id,
        r.value,
        CASE WHEN r.value IS NOT NULL THEN 'read' ELSE COALESCE(r.missing, 'blank') END AS got
    FROM readings AS r
    CROSS JOIN asked
    LEFT JOIN work_items AS w ON w.id = r.item_id
    WHERE r.item_id IS NOT NULL
      AND r.period <= asked.today
      AND (asked.agency_id IS NULL OR r.agency_id = asked.agency_id OR w.lead_agency_id = asked.agency_id)
      AND (asked.goal_id IS NULL OR w.goal_id = asked.goal_id)
),
-- Items that several agencies read, or for several benefits: only theirs may have two readings of one month. To count the others month by
-- month would be to tell millions of readings apart that are apart already.
read_by AS (
    SELECT measure_id, item_id, agency_id, benefit_id
    FROM readings
    WHERE item_id IS NOT NULL
    GROUP BY measure_id, item_id, agency_id, benefit_id
),
read_by_several AS (
    SELECT measure_id, item_id
    FROM read_by
    GROUP BY measure_id, item_id
    HAVING COUNT(*) > 1
),
read_again AS (
    SELECT r.measure_id, r.period_index, COUNT(*) - COUNT(DISTINCT r.item_id) AS readings
    FROM item_readings AS r
    JOIN read_by_several AS s ON s.measure_id = r.measure_id AND s.item_id = r.item_id
    GROUP BY r.measure_id, r.period_index
),
counted AS (
    SELECT
        measure_id,
        period,
        period_index,
        COUNT(*) AS expected_cells,
        SUM(value) AS total_value,
        COUNT(CASE WHEN got = 'read' THEN 1 END) AS read_cells,
        COUNT(CASE WHEN got = 'withheld' THEN 1 END) AS withheld_cells,
        COUNT(CASE WHEN got = 'not provided' THEN 1 END) AS not_provided_cells,
        COUNT(CASE WHEN got = 'too early' THEN 1 END) AS too_early_cells,
        COUNT(CASE WHEN got = 'suppressed' THEN 1 END) AS suppressed_cells,
        COUNT(CASE WHEN got = 'blank' THEN 1 END) AS blank_cells
    FROM item_readings
    GROUP BY measure_id, period, period_index
)
SELECT
    c.measure_id,
    m.name AS measure_name,
    m.unit,
    c.period,
    c.period_index,
    c.expected_cells - COALESCE(a.readings, 0) AS items,
    CAST(c.total_value AS DECIMAL(18,4)) AS total_value,
    c.read_cells,
    c.withheld_cells,
    c.not_provided_cells,
    c.too_early_cells,
    c.suppressed_cells,
    c.blank_cells,
    CAST(c.read_cells AS DOUBLE) / NULLIF(c.expected_cells, 0) AS read_share,
    c.read_cells < c.expected_cells AS is_partial
FROM counted AS c
JOIN measures AS m ON m.id = c.measure_id AND m.kind IN ('count', 'amount') AND m.unit <> '%'
LEFT JOIN read_again AS a ON a.measure_id = c.measure_id AND a.period_index = c.period_index
ORDER BY measure_name ASC NULLS LAST, measure_id ASC NULLS LAST, period_index ASC NULLS LAST
