-- Title: Expectation gaps
-- Question: On which shared measures do partners mean different things, and how far apart are they?
-- Unit: times (greatest over least, on the common rate)
-- Source: expectations, measures, and the partnership's own ratios for discussing and re-defining
-- Columns: goal_id goal_title measure_id measure_name measure_unit measure_per partners_answered partners_unanswered
--   partners_expecting_none least_rate least_agency_id least_agency_name most_rate most_agency_id most_agency_name ratio_numerator
--   ratio_denominator ratio band kind_of_gap definitions units scopes
-- Definition: Times apart: the greatest expectation over the least, on the common rate, between two partners that gave a number above
--   0 towards the whole partnership: what one partner would give and what it expects to get are no gap between partners. A ratio and not an average or a coefficient of variation: those cannot tell 5 against 5,000 from
--   5 against 500,000.
--
--   Band: one partner expects none, when at least one expects none while others give a number (the ratio is then of those others);
--   not enough answers, with fewer than two numbers; else by this partnership's own two ratios: aligned below the first, discuss from
--   it on, stop and re-define from the second on.
--
--   Why they differ, the first that is true: expects none; unanswered (fewer than two numbers, and somebody has not answered); definition, where an
--   answer cannot be brought to the common rate (hours against cases; in all against a year); near
--   agreement (aligned); definition (their definitions or units differ, or only some name a definition); scope (area or group differ); horizon (the month by when differs); capacity
--   (the least is what a partner would give, and its open, dated work asks for more days than it offers from this quarter on); else ambition.
WITH answers AS (
    SELECT r.*
    FROM expectation_rates AS r
    WHERE r.counterpart_id IS NULL
),
partners AS (
    SELECT
        goal_id,
        goal_title,
        measure_id,
        measure_name,
        measure_unit,
        measure_per,
        COUNT(DISTINCT CASE WHEN answer <> 'no answer' THEN agency_id END) AS partners_answered,
        COUNT(DISTINCT agency_id) - COUNT(DISTINCT CASE WHEN answer <> 'no answer' THEN agency_id END) AS partners_unanswered,
        COUNT(DISTINCT CASE WHEN answer = 'expects none' THEN agency_id END) AS partners_expecting_none,
        COUNT(DISTINCT CASE WHEN common_rate > 0 THEN agency_id END) AS partners_with_rate,
        COUNT(DISTINCT CASE WHEN answer = 'answered' THEN definition_id END)
        + CASE
            WHEN COUNT(CASE WHEN answer = 'answered' THEN definition_id END) > 0
                AND COUNT(CASE WHEN answer = 'answered' AND definition_id IS NULL THEN 1 END) > 0
            THEN 1 ELSE 0
        END AS definitions,
        COUNT(DISTINCT CASE WHEN answer = 'answered' THEN compared_unit END) AS units,
        COUNT(CASE WHEN answer = 'answered' AND common_rate IS NULL THEN 1 END) AS not_comparable,
        COUNT(DISTINCT CASE WHEN answer = 'answered' THEN LOWER(TRIM(scope)) END) AS scopes,
        COUNT(DISTINCT CASE WHEN answer = 'answered' THEN YEAR(expected_by) * 12 + MONTH(expected_by) END) AS horizons
    FROM answers
    GROUP BY goal_id, goal_title, measure_id, measure_name, measure_unit, measure_per
),
placed AS (
    SELECT
        goal_id,
        measure_id,
        agency_id,
        agency_name,
        direction,
        common_rate,
        ROW_NUMBER() OVER (PARTITION BY goal_id, measure_id ORDER BY common_rate ASC NULLS LAST, agency_name ASC NULLS LAST, agency_id ASC NULLS LAST) AS from_least,
        ROW_NUMBER() OVER (PARTITION BY goal_id, measure_id ORDER BY common_rate DESC NULLS LAST, agency_name ASC NULLS LAST, agency_id ASC NULLS LAST) AS from_most
    FROM answers
    WHERE common_rate > 0
),
-- The two partners furthest apart; with one partner, its least and its most.
apart AS (
    SELECT
        l.goal_id, l.measure_id, l.agency_id, l.agency_name, l.direction, l.common_rate,
        h.agency_id AS most_agency_id, h.agency_name AS most_agency_name, h.common_rate AS most_rate,
        ROW_NUMBER() OVER (
            PARTITION BY l.goal_id, l.measure_id
            ORDER BY
                CASE WHEN l.agency_id = h.agency_id THEN 1 ELSE 0 END, h.common_rate / NULLIF(l.common_rate, 0) DESC NULLS LAST,
                l.from_least ASC NULLS LAST, h.from_most ASC NULLS LAST
        ) AS turn
    FROM placed AS l
    JOIN placed AS h ON h.goal_id = l.goal_id AND h.measure_id = l.measure_id
),
days_asked AS (
    SELECT i.agency_id, SUM(i.effort_days) AS asked_days
    FROM item_agencies AS i
    CROSS JOIN asked
    JOIN work_items AS w ON w.id = i.item_id AND w.due_on IS NOT NULL AND (w.done_on IS NULL OR w.done_on > asked.today)
    GROUP BY i.agency_id
),
days_offered AS (
    SELECT c.agency_id, SUM(c.days) AS offered_days
    FROM capacity AS c
    CROSS JOIN asked
    WHERE c.days IS NOT NULL AND YEAR(c.quarter_starts_on) * 12 + MONTH(c.quarter_starts_on) - 1 + 2 >= asked.today_index
    GROUP BY c.agency_id
),
without_days AS (
    SELECT a.agency_id
    FROM days_asked AS a
    JOIN days_offered AS o ON o.agency_id = a.agency_id
    WHERE a.asked_days > o.offered_days
),
bounds AS (
    SELECT COALESCE(CAST(MAX(gap_discuss_ratio) AS DOUBLE), 2) AS discuss_from, COALESCE(CAST(MAX(gap_redefine_ratio) AS DOUBLE), 10) AS redefine_from
    FROM partnership
),
ratios AS (
    SELECT
        p.*,
        l.common_rate AS least_rate,
        l.agency_id AS least_agency_id,
        l.agency_name AS least_agency_name,
        l.most_rate,
        l.most_agency_id,
        l.most_agency_name,
        CASE WHEN l.direction = 'gives' AND d.agency_id IS NOT NULL THEN 1 ELSE 0 END AS least_has_no_days,
        CASE WHEN p.partners_with_rate > 1 THEN l.most_rate / NULLIF(l.common_rate, 0) END AS ratio
    FROM partners AS p
    LEFT JOIN apart AS l ON l.goal_id = p.goal_id AND l.measure_id = p.measure_id AND l.turn = 1
    LEFT JOIN without_days AS d ON d.agency_id = l.agency_id
),
banded AS (
    SELECT
        r.*,
        CASE
            WHEN r.partners_expecting_none > 0 AND r.partners_with_rate > 0 THEN 'one partner expects none'
            WHEN r.ratio IS NULL THEN 'not enough answers'
            WHEN r.ratio >= b.redefine_from THEN 'stop and re-define'
            WHEN r.ratio >= b.discuss_from THEN 'discuss'
            ELSE 'aligned'
        END AS band
    FROM ratios AS r
    CROSS JOIN bounds AS b
)
SELECT
    goal_id,
    goal_title,
    measure_id,
    measure_name,
    measure_unit,
    measure_per,
    partners_answered,
    partners_unanswered,
    partners_expecting_none,
    least_rate,
    least_agency_id,
    least_agency_name,
    most_rate,
    most_agency_id,
    most_agency_name,
    CASE WHEN ratio IS NOT NULL THEN most_rate END AS ratio_numerator,
    CASE WHEN ratio IS NOT NULL THEN least_rate END AS ratio_denominator,
    ratio,
    band,
    CASE
        WHEN band = 'one partner expects none' THEN 'expects none'
        WHEN not_comparable > 0 THEN 'definition'
        WHEN band = 'not enough answers' AND partners_unanswered > 0 THEN 'unanswered'
        WHEN band = 'not enough answers' THEN NULL
        WHEN band = 'aligned' THEN 'near agreement'
        WHEN definitions > 1 OR units > 1 THEN 'definition'
        WHEN scopes > 1 THEN 'scope'
        WHEN horizons > 1 THEN 'horizon'
        WHEN least_has_no_days = 1 THEN 'capacity'
        ELSE 'ambition'
    END AS kind_of_gap,
    definitions,
    units,
    scopes
FROM banded
ORDER BY ratio DESC NULLS LAST, measure_name ASC NULLS LAST, goal_id ASC NULLS LAST
