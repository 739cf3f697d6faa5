-- Title: All that is given, against the target
-- Question: Does all that partners would give to a goal add up to what the goal asks?
-- Unit: the measure's unit per the measure's period; share of the target
-- Source: expectations towards the whole partnership, measures, and the goals' targets
-- Columns: goal_id goal_title measure_id measure_name measure_unit measure_per givers partners_unanswered definitions given_rate target_value
--   given_share standing
-- Definition: What each partner would give to the goal towards the whole partnership, on its measure and on the common rate, added up. Pairs are left
--   out: they say again who gives it to whom. Unanswered: partners that said nothing or no answer; the sum is then partial.
--
--   Standing, the first that is true: not to be added (a share or a rating); nothing offered; cannot be added (givers use more than one
--   definition or unit, or one that has no common rate: a sum of different things is no number); no target; falls short (below the target); more than asked (from the partnership's
--   own ratio for discussing on: a sign that the same cases are counted twice); adds up.
WITH offers AS (
    SELECT r.goal_id, r.measure_id, r.agency_id, r.definition_id, r.compared_unit AS unit, r.common_rate
    FROM expectation_rates AS r
    WHERE r.counterpart_id IS NULL AND r.direction = 'gives' AND r.answer = 'answered'
),
added AS (
    SELECT
        goal_id,
        measure_id,
        COUNT(DISTINCT agency_id) AS givers,
        COUNT(DISTINCT COALESCE(definition_id, '')) AS definitions,
        COUNT(DISTINCT unit) AS units,
        SUM(common_rate) AS given_rate,
        COUNT(CASE WHEN common_rate IS NULL THEN 1 END) AS not_comparable
    FROM offers
    GROUP BY goal_id, measure_id
),
unanswered AS (
    SELECT r.goal_id, r.measure_id, COUNT(DISTINCT r.agency_id) AS partners_unanswered
    FROM expectation_rates AS r
    WHERE r.counterpart_id IS NULL AND r.answer = 'no answer'
    GROUP BY r.goal_id, r.measure_id
),
offer_bounds AS (
    SELECT COALESCE(CAST(MAX(gap_discuss_ratio) AS DOUBLE), 2) AS discuss_from FROM partnership
),
held AS (
    SELECT
        g.id AS goal_id,
        g.title AS goal_title,
        m.id AS measure_id,
        m.name AS measure_name,
        m.unit AS measure_unit,
        m.per AS measure_per,
        COALESCE(a.givers, 0) AS givers,
        COALESCE(u.partners_unanswered, 0) AS partners_unanswered,
        COALESCE(a.definitions, 0) AS definitions,
        a.given_rate,
        g.target_value,
        CASE
            WHEN m.kind NOT IN ('count', 'amount') THEN 'not to be added'
            WHEN a.givers IS NULL THEN 'nothing offered'
            WHEN a.definitions > 1 OR a.units > 1 OR a.not_comparable > 0 THEN 'cannot be added'
            WHEN g.target_value IS NULL OR g.target_value = 0 THEN 'no target'
            WHEN a.given_rate < CAST(g.target_value AS DOUBLE) THEN 'falls short'
            WHEN a.given_rate >= CAST(g.target_value AS DOUBLE) * b.discuss_from THEN 'more than asked'
            ELSE 'adds up'
        END AS standing
    FROM goals AS g
    JOIN measures AS m ON m.id = g.measure_id
    CROSS JOIN offer_bounds AS b
    LEFT JOIN added AS a ON a.goal_id = g.id AND a.measure_id = m.id
    LEFT JOIN unanswered AS u ON u.goal_id = g.id AND u.measure_id = m.id
    CROSS JOIN asked
    WHERE (g.closed_on IS NULL OR g.closed_on > asked.today) AND (asked.goal_id IS NULL OR g.id = asked.goal_id)
)
SELECT
    goal_id,
    goal_title,
    measure_id,
    measure_name,
    measure_unit,
    measure_per,
    givers,
    partners_unanswered,
    definitions,
    CASE WHEN standing NOT IN ('not to be added', 'cannot be added', 'nothing offered') THEN given_rate END AS given_rate,
    target_value,
    CASE
        WHEN standing IN ('falls short', 'more than asked', 'adds up') THEN given_rate / NULLIF(CAST(target_value AS DOUBLE), 0)
    END AS given_share,
    standing
FROM held
ORDER BY goal_title ASC NULLS LAST, goal_id ASC NULLS LAST
