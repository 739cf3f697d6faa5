-- Title: Readings
-- Question: What was read, month by month, and what is missing and why?
-- Unit: each measure's own
-- Source: readings and measures
-- Columns: measure_id measure_name unit polarity counts_people benefit_id item_id agency_id agency_code agency_name period period_index value
--   numerator denominator label missing missing_note state source
-- Definition: Readings as they were handed in. Where only a numerator and a denominator were, the value is the one over the other (times 100 when
--   the unit is %). Counts of 1 to 5 people are withheld when this is fetched: primary suppression only. An empty agency is the partnership as a whole.
--   With own set, only readings of the measure itself: none that belongs to a benefit or a work item.
SELECT
    r.measure_id,
    m.name AS measure_name,
    m.unit,
    m.polarity,
    m.counts_people,
    r.benefit_id,
    r.item_id,
    r.agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    r.period,
    r.period_index,
    COALESCE(
        r.value,
        CAST(
            CASE WHEN m.unit = '%' THEN 100 ELSE 1 END * CAST(r.numerator AS DOUBLE) / NULLIF(CAST(r.denominator AS DOUBLE), 0) AS DECIMAL(18,4)
        )
    ) AS value,
    r.numerator,
    r.denominator,
    r.label,
    CASE WHEN r.value IS NULL AND r.numerator IS NULL AND r.label IS NULL THEN COALESCE(r.missing, 'blank') ELSE r.missing END AS missing,
    r.missing_note,
    r.state,
    r.source
FROM readings AS r
JOIN measures AS m ON m.id = r.measure_id
CROSS JOIN asked
LEFT JOIN agencies AS a ON a.id = r.agency_id
LEFT JOIN benefits AS b ON b.id = r.benefit_id
WHERE (asked.measure_id IS NULL OR r.measure_id = asked.measure_id)
  AND (asked.own IS NULL OR (r.benefit_id IS NULL AND r.item_id IS NULL))
  AND (asked.agency_id IS NULL OR r.agency_id = asked.agency_id)
  AND (asked.benefit_class IS NULL OR b.benefit_class = asked.benefit_class)
  AND (
      asked.goal_id IS NULL
      OR b.goal_id = asked.goal_id
      OR EXISTS (
          SELECT 1 FROM goals AS g WHERE g.id = asked.goal_id AND (g.measure_id = r.measure_id OR g.leading_measure_id = r.measure_id)
      )
  )
ORDER BY r.measure_id ASC NULLS LAST, r.benefit_id ASC NULLS FIRST, r.item_id ASC NULLS FIRST, a.code ASC NULLS FIRST, r.period_index ASC NULLS LAST
