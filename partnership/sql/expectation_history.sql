-- Title: Expectation gaps over time
-- Question: Are the gaps closing or widening from review to review?
-- Unit: times (greatest over least, on the common rate)
-- Source: every statement of expectations, old ones too, and measures
-- Columns: goal_id goal_title measure_id measure_name review_on least_rate most_rate ratio change
-- Definition: Reviews: in each month in which partners said something, the last day on which they did; the last board; and the day shown,
--   which stands for their latest statements. At each, the latest statements of that day count, by the same rules as for the gap itself.
--   Change compares a review with the one before as the two ratios are printed (whole from 10 on, else one decimal): closing, widening or no
--   change. A measure with fewer than two numbers has no ratio at that review.
WITH statements AS (
    SELECT s.* FROM expectation_statements AS s WHERE s.counterpart_id IS NULL
),
-- The day shown stands for the latest statements, so that its change is against the review before them.
days AS (
    SELECT MAX(s.stated_on) AS review_on
    FROM statements AS s
    WHERE s.stated_on < (SELECT MAX(stated_on) FROM statements)
    GROUP BY YEAR(s.stated_on), MONTH(s.stated_on)
    UNION
    SELECT p.last_board_on
    FROM partnership AS p
    CROSS JOIN asked
    WHERE p.last_board_on <= asked.today AND p.last_board_on >= (SELECT MIN(stated_on) FROM statements)
    UNION
    SELECT asked.today FROM asked
),
known AS (
    SELECT
        d.review_on,
        s.*,
        ROW_NUMBER() OVER (
            PARTITION BY d.review_on, s.goal_id, s.measure_id, s.agency_id, s.direction
            ORDER BY s.stated_on DESC NULLS LAST, s.expectation_id DESC NULLS LAST
        ) AS turn
    FROM days AS d
    JOIN statements AS s ON s.stated_on <= d.review_on
),
at_review AS (
    SELECT
        goal_id,
        goal_title,
        measure_id,
        measure_name,
        review_on,
        MIN(common_rate) AS least_rate,
        MAX(common_rate) AS most_rate
    FROM known
    WHERE turn = 1
    GROUP BY goal_id, goal_title, measure_id, measure_name, review_on
),
apart AS (
    SELECT l.review_on, l.goal_id, l.measure_id, MAX(h.common_rate / NULLIF(l.common_rate, 0)) AS ratio
    FROM known AS l
    JOIN known AS h
        ON h.review_on = l.review_on AND h.goal_id = l.goal_id AND h.measure_id = l.measure_id AND h.agency_id <> l.agency_id
    WHERE l.turn = 1 AND h.turn = 1 AND l.common_rate > 0 AND h.common_rate > 0
    GROUP BY l.review_on, l.goal_id, l.measure_id
),
printed AS (
    SELECT
        r.*,
        a.ratio,
        CASE WHEN a.ratio >= 10 THEN ROUND(a.ratio, 0) ELSE ROUND(a.ratio, 1) END AS as_printed
    FROM at_review AS r
    LEFT JOIN apart AS a ON a.review_on = r.review_on AND a.goal_id = r.goal_id AND a.measure_id = r.measure_id
),
compared AS (
    SELECT
        p.*,
        LAG(p.as_printed) OVER (PARTITION BY p.goal_id, p.measure_id ORDER BY p.review_on ASC NULLS LAST) AS printed_before
    FROM printed AS p
),
answered_by_asked AS (
    SELECT DISTINCT k.goal_id, k.measure_id
    FROM known AS k
    JOIN asked ON k.agency_id = asked.agency_id AND k.review_on = asked.today
    WHERE k.turn = 1 AND k.answer <> 'no answer'
)
SELECT
    c.goal_id,
    c.goal_title,
    c.measure_id,
    c.measure_name,
    c.review_on,
    c.least_rate,
    c.most_rate,
    c.ratio,
    CASE
        WHEN c.as_printed IS NULL OR c.printed_before IS NULL THEN NULL
        WHEN c.as_printed < c.printed_before THEN 'closing'
        WHEN c.as_printed > c.printed_before THEN 'widening'
        ELSE 'no change'
    END AS change
FROM compared AS c
CROSS JOIN asked
LEFT JOIN answered_by_asked AS b ON b.goal_id = c.goal_id AND b.measure_id = c.measure_id
WHERE (asked.goal_id IS NULL OR c.goal_id = asked.goal_id) AND (asked.agency_id IS NULL OR b.goal_id IS NOT NULL)
ORDER BY c.measure_name ASC NULLS LAST, c.goal_id ASC NULLS LAST, c.review_on ASC NULLS LAST
