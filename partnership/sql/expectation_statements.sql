-- Title: Everything that partners said they expect
-- Question: What did each partner say, when, and what is that on the common rate?
-- Unit: the measure's unit per the measure's period
-- Source: expectations and measures
-- Columns: expectation_id goal_id goal_title measure_id measure_name measure_unit measure_per agency_id agency_code agency_name direction counterpart_id
--   answer quantity unit per common_rate definition_id scope definition_note expected_by stated_on compared_unit
-- Definition: Common rate: the quantity times the periods a year of what was said (day 365, week 52, month 12, quarter 4, year 1), over
--   the periods a year on which the measure is compared. "In all" is compared with "in all" only; any other mix has no common
--   rate. A quantity of 0 is the answer "expects none". An agency that has left no longer counts.
--
--   Compared unit: £ thousand becomes £, minutes become hours, thousand cases become cases (the known ones are listed in the view), and the
--   common rate is in the measure's unit. Money, time, days and shares do not become each other or a number of things: then there is no
--   common rate. Other words for what is counted (people, cases) are compared one for one, and stand here as they were said.
WITH a_year AS (
    SELECT per, periods FROM (VALUES ('day', 365), ('week', 52), ('month', 12), ('quarter', 4), ('year', 1)) AS t(per, periods)
),
known_units AS (
    SELECT word, kind, size FROM (VALUES
        ('£', 'money', 1.0), ('gbp', 'money', 1.0), ('pounds', 'money', 1.0), ('£k', 'money', 1000.0), ('£000', 'money', 1000.0),
        ('£000s', 'money', 1000.0), ('£ thousand', 'money', 1000.0), ('£m', 'money', 1000000.0), ('£ million', 'money', 1000000.0),
        ('pence', 'money', 0.01), ('hours', 'time', 60.0), ('minutes', 'time', 1.0), ('days', 'days', 1.0),
        ('%', 'share', 1.0), ('per cent', 'share', 1.0), ('percent', 'share', 1.0)
    ) AS t(word, kind, size)
),
worded AS (
    SELECT
        e.id,
        COALESCE(LOWER(TRIM(e.unit)), LOWER(TRIM(m.unit))) AS said_unit,
        LOWER(TRIM(m.unit)) AS own_unit
    FROM expectations AS e
    JOIN measures AS m ON m.id = e.measure_id
),
sized AS (
    SELECT
        w.id,
        w.said_unit,
        w.own_unit,
        CASE
            WHEN w.said_unit = w.own_unit THEN 1
            WHEN w.said_unit = 'hundred ' || w.own_unit THEN 100
            WHEN w.said_unit = 'thousand ' || w.own_unit THEN 1000
            WHEN w.said_unit = 'million ' || w.own_unit THEN 1000000
            WHEN COALESCE(s.kind, '') = COALESCE(o.kind, '') THEN CAST(COALESCE(s.size, 1) AS DOUBLE) / NULLIF(CAST(COALESCE(o.size, 1) AS DOUBLE), 0)
        END AS times,
        s.kind
    FROM worded AS w
    LEFT JOIN known_units AS s ON s.word = w.said_unit
    LEFT JOIN known_units AS o ON o.word = w.own_unit
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
        WHEN e.per = 'in all' AND m.per = 'in all' THEN CAST(e.quantity AS DOUBLE) * z.times
        ELSE CAST(e.quantity AS DOUBLE) * z.times * said.periods / NULLIF(common.periods, 0)
    END AS common_rate,
    COALESCE(e.definition_id, m.definition_id) AS definition_id,
    e.scope,
    e.definition_note,
    e.expected_by,
    e.stated_on,
    CASE WHEN z.times <> 1 OR z.kind IS NOT NULL AND z.times IS NOT NULL THEN z.own_unit ELSE z.said_unit END AS compared_unit
FROM expectations AS e
JOIN sized AS z ON z.id = e.id
CROSS JOIN asked
JOIN measures AS m ON m.id = e.measure_id
JOIN agencies AS a ON a.id = e.agency_id
LEFT JOIN goals AS g ON g.id = e.goal_id
LEFT JOIN a_year AS said ON said.per = e.per
LEFT JOIN a_year AS common ON common.per = m.per
WHERE e.stated_on <= asked.today AND (a.left_on IS NULL OR a.left_on > asked.today)
ORDER BY e.stated_on ASC NULLS LAST, e.id ASC NULLS LAST
