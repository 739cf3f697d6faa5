-- Title: Offered against expected, pair by pair
-- Question: Does what one agency offers another match what that one expects from it?
-- Unit: the measure's unit per the measure's period; times
-- Source: expectations that name a counterpart, and measures
-- Columns: goal_id goal_title measure_id measure_name measure_unit measure_per giver_id giver_code giver_name getter_id getter_code getter_name
--   offered_rate expected_rate ratio short
-- Definition: The giver's latest "gives" to the getter against the getter's latest "gets" from the giver, on the common rate. Times apart: the
--   larger over the smaller. They agree below the partnership's own ratio for discussing; else the giver offers less or more. Offered
--   none counts as 0, so there is no ratio. No answer: one of the two has not said. Not comparable: what one said has no common rate with
--   the other (hours against cases).
WITH sides AS (
    SELECT
        goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per,
        CASE WHEN direction = 'gives' THEN agency_id ELSE counterpart_id END AS giver_id,
        CASE WHEN direction = 'gives' THEN counterpart_id ELSE agency_id END AS getter_id,
        direction,
        CASE WHEN answer = 'expects none' THEN 0 ELSE common_rate END AS rate,
        CASE WHEN answer = 'answered' AND common_rate IS NULL THEN 1 ELSE 0 END AS not_comparable
    FROM expectation_rates
    WHERE counterpart_id IS NOT NULL
),
pairs AS (
    SELECT
        goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per, giver_id, getter_id,
        MAX(CASE WHEN direction = 'gives' THEN rate END) AS offered_rate,
        MAX(CASE WHEN direction = 'gets' THEN rate END) AS expected_rate,
        MAX(not_comparable) AS not_comparable
    FROM sides
    GROUP BY goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per, giver_id, getter_id
),
agreement_bounds AS (
    SELECT COALESCE(CAST(MAX(gap_discuss_ratio) AS DOUBLE), 2) AS discuss_from FROM partnership
),
pair_ratios AS (
    SELECT
        p.*,
        b.discuss_from,
        CASE WHEN p.offered_rate > 0 AND p.expected_rate > 0
            THEN GREATEST(p.offered_rate, p.expected_rate) / NULLIF(LEAST(p.offered_rate, p.expected_rate), 0)
        END AS ratio
    FROM pairs AS p
    CROSS JOIN agreement_bounds AS b
)
SELECT
    r.goal_id,
    r.goal_title,
    r.measure_id,
    r.measure_name,
    r.measure_unit,
    r.measure_per,
    r.giver_id,
    v.code AS giver_code,
    v.name AS giver_name,
    r.getter_id,
    t.code AS getter_code,
    t.name AS getter_name,
    r.offered_rate,
    r.expected_rate,
    r.ratio,
    CASE
        WHEN r.not_comparable = 1 THEN 'not comparable'
        WHEN r.offered_rate IS NULL OR r.expected_rate IS NULL THEN 'no answer'
        WHEN r.offered_rate = r.expected_rate OR r.ratio < r.discuss_from THEN 'agrees'
        WHEN r.offered_rate < r.expected_rate THEN 'offers less'
        ELSE 'offers more'
    END AS short
FROM pair_ratios AS r
JOIN agencies AS v ON v.id = r.giver_id
JOIN agencies AS t ON t.id = r.getter_id
ORDER BY r.measure_name ASC NULLS LAST, r.goal_id ASC NULLS LAST, v.name ASC NULLS LAST, t.name ASC NULLS LAST
