-- Title: Chain of assumptions of a benefit
-- Question: From how many people, through which links, do the pounds come?
-- Unit: each assumption's own
-- Source: assumptions
-- Columns: benefit_id title step name value unit low high distribution source confidence_grade
-- Definition: Links in the order from people to pounds, with their ranges. Evidence: 1 is best, 6 is uncorroborated judgement.
WITH links AS (
    SELECT step, place
    FROM (
        VALUES
            ('target population', 1), ('affected', 2), ('take-up', 3), ('retention', 4), ('impact', 5), ('deadweight', 6), ('displacement', 7),
            ('leakage', 8), ('substitution', 9), ('attribution', 10), ('unit value', 11), ('optimism bias', 12), ('ramp-up', 13), ('other', 14)
    ) AS t(step, place)
)
SELECT s.benefit_id, b.title, s.step, s.name, s.value, s.unit, s.low, s.high, s.distribution, s.source, s.confidence_grade
FROM assumptions AS s
JOIN benefits AS b ON b.id = s.benefit_id
CROSS JOIN asked
LEFT JOIN links AS k ON k.step = s.step
WHERE (asked.benefit_id IS NULL OR s.benefit_id = asked.benefit_id)
  AND (asked.goal_id IS NULL OR b.goal_id = asked.goal_id)
  AND (asked.benefit_class IS NULL OR b.benefit_class = asked.benefit_class)
ORDER BY s.benefit_id ASC NULLS LAST, k.place ASC NULLS LAST, s.name ASC NULLS LAST
