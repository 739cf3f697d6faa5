-- Title: By when partners expect it
-- Question: How many months lie between the first and the last day by which partners expect the same thing?
-- Unit: months
-- Source: expectations towards the whole partnership
-- Columns: goal_id goal_title measure_id measure_name partners_answered earliest_on earliest_agency_id earliest_agency_name latest_on latest_agency_id
--   latest_agency_name months_apart
-- Definition: The first and the last day that partners gave for a measure towards the whole partnership, and the whole calendar months from the one's
--   month to the other's. Answered: partners that gave a day. Where several gave the same day, the first in the order of the alphabet is named.
WITH dated AS (
    SELECT
        r.goal_id,
        r.goal_title,
        r.measure_id,
        r.measure_name,
        r.agency_id,
        r.agency_name,
        r.expected_by,
        ROW_NUMBER() OVER (
            PARTITION BY r.goal_id, r.measure_id ORDER BY r.expected_by ASC NULLS LAST, r.agency_name ASC NULLS LAST, r.agency_id ASC NULLS LAST
        ) AS from_first,
        ROW_NUMBER() OVER (
            PARTITION BY r.goal_id, r.measure_id ORDER BY r.expected_by DESC NULLS LAST, r.agency_name ASC NULLS LAST, r.agency_id ASC NULLS LAST
        ) AS from_last
    FROM expectation_rates AS r
    WHERE r.counterpart_id IS NULL AND r.answer = 'answered' AND r.expected_by IS NOT NULL
),
ends AS (
    SELECT
        goal_id,
        goal_title,
        measure_id,
        measure_name,
        COUNT(DISTINCT agency_id) AS partners_answered,
        MIN(expected_by) AS earliest_on,
        MAX(CASE WHEN from_first = 1 THEN agency_id END) AS earliest_agency_id,
        MAX(CASE WHEN from_first = 1 THEN agency_name END) AS earliest_agency_name,
        MAX(expected_by) AS latest_on,
        MAX(CASE WHEN from_last = 1 THEN agency_id END) AS latest_agency_id,
        MAX(CASE WHEN from_last = 1 THEN agency_name END) AS latest_agency_name
    FROM dated
    GROUP BY goal_id, goal_title, measure_id, measure_name
)
SELECT
    goal_id,
    goal_title,
    measure_id,
    measure_name,
    partners_answered,
    earliest_on,
    earliest_agency_id,
    earliest_agency_name,
    latest_on,
    latest_agency_id,
    latest_agency_name,
    CAST(YEAR(latest_on) * 12 + MONTH(latest_on) - YEAR(earliest_on) * 12 - MONTH(earliest_on) AS BIGINT) AS months_apart
FROM ends
ORDER BY months_apart DESC NULLS LAST, measure_name ASC NULLS LAST, goal_id ASC NULLS LAST
