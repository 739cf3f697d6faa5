-- Title: Each measure for the partnership as a whole
-- Question: What did each measure come to, period by period, over everybody who reads it, and is that the whole?
-- Unit: each measure's own
-- Source: readings and measures
-- Columns: measure_id measure_name unit polarity period period_index value numerator denominator read_cells expected_cells is_partial
-- Definition: Where the partnership as a whole was read, that reading. Else counts and amounts are added up over agencies; a share is the sum of
--   what stands above the line over the sum of what stands below it, never an average of shares. Readings that belong to a benefit or a
--   work item are left out where there are others. Partial: somebody who should have been read was not, so the value is of those who were.
WITH levelled AS (
    SELECT
        s.measure_id,
        r.period,
        r.period_index,
        r.value_total,
        r.numerator_total,
        r.denominator_total,
        r.number_cells,
        r.value_cells,
        r.readings AS expected_cells,
        CASE
            WHEN s.benefit_id IS NULL AND NOT s.is_of_item AND s.agency_id IS NULL THEN 1
            WHEN s.benefit_id IS NULL AND NOT s.is_of_item THEN 2
            WHEN NOT s.is_of_item THEN 3
            ELSE 4
        END AS level
    FROM reading_months AS r
    JOIN reading_series AS s ON s.series = r.series
    CROSS JOIN asked
    WHERE r.period <= asked.today
),
best_level AS (
    SELECT measure_id, MIN(level) AS level FROM levelled GROUP BY measure_id
),
summed AS (
    SELECT
        l.measure_id,
        l.period,
        l.period_index,
        SUM(l.value_total) AS value,
        SUM(l.numerator_total) AS numerator,
        SUM(l.denominator_total) AS denominator,
        CAST(SUM(l.number_cells) AS BIGINT) AS read_cells,
        CAST(SUM(l.value_cells) AS BIGINT) AS value_cells,
        CAST(SUM(l.expected_cells) AS BIGINT) AS expected_cells
    FROM levelled AS l
    JOIN best_level AS b ON b.measure_id = l.measure_id AND b.level = l.level
    GROUP BY l.measure_id, l.period, l.period_index
)
SELECT
    s.measure_id,
    m.name AS measure_name,
    m.unit,
    m.polarity,
    s.period,
    s.period_index,
    CAST(
        CASE
            WHEN s.denominator IS NOT NULL
                THEN CAST(s.numerator AS DOUBLE) * CASE WHEN m.unit = '%' THEN 100 ELSE 1 END / NULLIF(s.denominator, 0)
            WHEN m.kind IN ('count', 'amount') OR s.value_cells = 1 THEN s.value
        END AS DECIMAL(18,4)
    ) AS value,
    CAST(s.numerator AS DECIMAL(18,4)) AS numerator,
    CAST(s.denominator AS DECIMAL(18,4)) AS denominator,
    s.read_cells,
    s.expected_cells,
    s.read_cells < s.expected_cells AS is_partial
FROM summed AS s
JOIN measures AS m ON m.id = s.measure_id
CROSS JOIN asked
WHERE asked.goal_id IS NULL
   OR EXISTS (SELECT 1 FROM goals AS g WHERE g.id = asked.goal_id AND (g.measure_id = s.measure_id OR g.leading_measure_id = s.measure_id))
ORDER BY m.name ASC NULLS LAST, s.measure_id ASC NULLS LAST, s.period_index ASC NULLS LAST
