-- Title: Everything that partners said they expect
-- Question: What did each partner say, when, and what is that on the common rate?
-- Unit: the measure's unit per the measure's period
-- Source: expectations and measures
-- Columns: expectation_id goal_id goal_title measure_id measure_name measure_unit measure_per agency_id agency_code agency_name direction counterpart_id
--   answer quantity unit per common_rate definition_id scope definition_note expected_by stated_on
-- Definition: Common rate: the quantity times the periods a year of what was said (day 365, week 52, month 12, quarter 4, year 1), over
--   the periods a year on which the measure is compared. "In all" is compared with "in all" only; any other mix has no common
--   rate. A quantity of 0 is the answer "expects none". An agency that has left no longer counts.
WITH a_year AS (
    SELECT per, periods FROM (VALUES ('day', 365), ('week', 52), ('month', 12), ('quarter', 4), ('year', 1)) AS t(per, periods)
)
SELECT
    e.id AS expectation_id,
    e.goal_id,
    g.title AS goal_title,
    e.measure_id,
    m.name AS measure_name,
    m.unit AS measure_unit,
    m.per AS measure_per,
    e.agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    e.direction,
    e.counterpart_id,
    CASE
        WHEN e.answer = 'answered' AND e.quantity IS NULL THEN 'no answer'
        WHEN e.answer = 'answered' AND e.quantity = 0 THEN 'expects none'
        ELSE e.answer
    END AS answer,
    e.quantity,
    COALESCE(e.unit, m.unit) AS unit,
    e.per,
    CASE
        WHEN e.answer <> 'answered' OR e.quantity = 0 THEN NULL
        WHEN e.per = 'in all' AND m.per = 'in all' THEN CAST(e.quantity AS DOUBLE)
        ELSE CAST(e.quantity AS DOUBLE) * said.periods / NULLIF(common.periods, 0)
    END AS common_rate,
    COALESCE(e.definition_id, m.definition_id) AS definition_id,
    e.scope,
    e.definition_note,
    e.expected_by,
    e.stated_on
FROM expectations AS e
CROSS JOIN asked
JOIN measures AS m ON m.id = e.measure_id
JOIN agencies AS a ON a.id = e.agency_id
LEFT JOIN goals AS g ON g.id = e.goal_id
LEFT JOIN a_year AS said ON said.per = e.per
LEFT JOIN a_year AS common ON common.per = m.per
WHERE e.stated_on <= asked.today AND (a.left_on IS NULL OR a.left_on > asked.today)
ORDER BY e.stated_on ASC NULLS LAST, e.id ASC NULLS LAST
