-- Title: What each partner expects
-- Question: What does each partner mean by this measure, in its own words and on one common rate?
-- Unit: the measure's unit per the measure's period
-- Source: expectations and measures
-- Columns: goal_id goal_title measure_id measure_name measure_unit measure_per agency_id agency_code agency_name direction counterpart_id
--   answer quantity unit per common_rate definition_id scope definition_note expected_by stated_on compared_unit
-- Definition: The latest statement of each partner on each goal, measure, direction and counterpart; a blank counterpart means towards the whole
--   partnership. A partner that has said nothing towards the partnership on a measure on which others have shows as "no answer". On
--   choosing an agency, the measures on which it answered are shown, with all partners' answers.
--
--   Common rate: the quantity times the periods a year of what was said (day 365, week 52, month 12, quarter 4, year 1), over
--   the periods a year on which the measure is compared, in the measure's unit (£ thousand becomes £; hours do not become cases). "In all" is compared with "in all" only. "Expects none" is an answer of its own.
WITH latest AS (
    SELECT *
    FROM (
        SELECT
            s.*,
            ROW_NUMBER() OVER (
                PARTITION BY s.goal_id, s.measure_id, s.agency_id, s.direction, s.counterpart_id
                ORDER BY s.stated_on DESC NULLS LAST, s.expectation_id DESC NULLS LAST
            ) AS turn
        FROM expectation_statements AS s
    ) AS in_turn
    WHERE turn = 1
),
shared_measures AS (
    SELECT goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per
    FROM latest
    WHERE counterpart_id IS NULL
    GROUP BY goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per
),
silent AS (
    SELECT m.*, a.id AS agency_id, a.code AS agency_code, a.name AS agency_name
    FROM shared_measures AS m
    CROSS JOIN asked
    JOIN agencies AS a
        ON a.duty <> 'outside'
        AND (a.left_on IS NULL OR a.left_on > asked.today)
        AND (a.joined_on IS NULL OR a.joined_on <= asked.today)
    LEFT JOIN latest AS l
        ON l.goal_id = m.goal_id AND l.measure_id = m.measure_id AND l.agency_id = a.id AND l.counterpart_id IS NULL
    WHERE l.agency_id IS NULL
),
every_answer AS (
    SELECT
        goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per, agency_id, agency_code, agency_name,
        direction, counterpart_id, answer, quantity, unit, per, common_rate, definition_id, scope, definition_note, expected_by, stated_on, compared_unit
    FROM latest
    UNION ALL
    SELECT
        goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per, agency_id, agency_code, agency_name,
        NULL, NULL, 'no answer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM silent
),
answered_by_asked AS (
    SELECT DISTINCT e.goal_id, e.measure_id
    FROM every_answer AS e
    JOIN asked ON e.agency_id = asked.agency_id
    WHERE e.counterpart_id IS NULL AND e.answer <> 'no answer'
)
SELECT e.*
FROM every_answer AS e
CROSS JOIN asked
LEFT JOIN answered_by_asked AS b ON b.goal_id = e.goal_id AND b.measure_id = e.measure_id
WHERE (asked.goal_id IS NULL OR e.goal_id = asked.goal_id)
  AND (
      asked.agency_id IS NULL
      OR (e.counterpart_id IS NULL AND b.goal_id IS NOT NULL)
      OR (e.counterpart_id IS NOT NULL AND (e.agency_id = asked.agency_id OR e.counterpart_id = asked.agency_id))
  )
ORDER BY
    e.measure_name ASC NULLS LAST, e.measure_id ASC NULLS LAST, e.goal_id ASC NULLS LAST,
    e.common_rate ASC NULLS LAST, e.agency_name ASC NULLS LAST, e.direction ASC NULLS LAST, e.counterpart_id ASC NULLS LAST
