-- Title: Promises
-- Question: Who promised what to whom by when, was it kept, and what does it hold up?
-- Unit: days; £
-- Source: commitments, due date changes, deliveries, and the profile of the benefit that waits
-- Columns: commitment_id title kind agency_id agency_code agency_name taken_over_from to_agency_id to_agency_code to_agency_name made_on due_on
--   current_due_on times_moved delivered_on state days_late benefit_id benefit_title goal_id held_up_gbp held_up_months evidence withdrawn_on
-- Narrowed: agency_id=agency_id|to_agency_id goal_id=goal_id
-- Definition: Late counts from the first due date agreed; a later date is shown, and moves no lateness. Kept on time: first delivered on or
--   before that day. Kept late: delivered after it. Withdrawn: taken back before any delivery. Overdue: the day shown is past it. Else not
--   yet due. Days late run to the delivery or, when overdue, to the day shown.
--
--   Holds up: the current plan of the benefit that waits, in the months from the one in which the promise fell due to the one of the day
--   shown, while it is overdue. Each benefit's money is counted once, with the promise due first. Nothing in money where no benefit is named,
--   or where it is a dis-benefit.
--
--   An open promise of, or to, an agency that has left is shown with its successor.
WITH moves AS (
    SELECT
        d.commitment_id,
        d.new_due_on,
        COUNT(*) OVER (PARTITION BY d.commitment_id) AS times_moved,
        ROW_NUMBER() OVER (PARTITION BY d.commitment_id ORDER BY d.changed_on DESC NULLS LAST) AS turn
    FROM due_changes AS d
    CROSS JOIN asked
    WHERE d.changed_on <= asked.today
),
first_deliveries AS (
    SELECT
        d.commitment_id,
        d.delivered_on,
        d.evidence,
        ROW_NUMBER() OVER (PARTITION BY d.commitment_id ORDER BY d.delivered_on ASC NULLS LAST) AS turn
    FROM deliveries AS d
    CROSS JOIN asked
    WHERE d.delivered_on <= asked.today
),
stated AS (
    SELECT
        c.*,
        asked.today,
        COALESCE(m.new_due_on, c.due_on) AS current_due_on,
        COALESCE(m.times_moved, 0) AS times_moved,
        f.delivered_on,
        f.evidence,
        COALESCE(c.goal_id, w.goal_id, b.goal_id) AS served_goal_id,
        b.title AS benefit_title,
        b.benefit_class,
        COALESCE(b.is_disbenefit, TRUE) AS holds_nothing,
        CASE
            WHEN f.delivered_on <= c.due_on THEN 'kept on time'
            WHEN f.delivered_on IS NOT NULL THEN 'kept late'
            WHEN c.withdrawn_on <= asked.today THEN 'withdrawn'
            WHEN asked.today > c.due_on THEN 'overdue'
            ELSE 'not yet due'
        END AS state
    FROM commitments AS c
    CROSS JOIN asked
    LEFT JOIN moves AS m ON m.commitment_id = c.id AND m.turn = 1
    LEFT JOIN first_deliveries AS f ON f.commitment_id = c.id AND f.turn = 1
    LEFT JOIN work_items AS w ON w.id = c.item_id
    LEFT JOIN benefits AS b ON b.id = c.benefit_id
    WHERE c.made_on <= asked.today
),
-- Days as whole numbers, so that one can be taken from another on any engine: counted from 1 March of year 0.
calendar_days AS (
    SELECT due_on AS on_day FROM stated
    UNION
    SELECT delivered_on FROM stated WHERE delivered_on IS NOT NULL
    UNION
    SELECT asked.today FROM asked
),
from_march AS (
    SELECT
        on_day,
        YEAR(on_day) - CASE WHEN MONTH(on_day) < 3 THEN 1 ELSE 0 END AS years,
        MONTH(on_day) + CASE WHEN MONTH(on_day) < 3 THEN 9 ELSE -3 END AS months
    FROM calendar_days
),
numbered AS (
    SELECT
        on_day,
        CAST(
            DAY(on_day) + FLOOR((153 * months + 2) / 5) + 365 * years + FLOOR(years / 4) - FLOOR(years / 100) + FLOOR(years / 400) AS BIGINT
        ) AS day_number
    FROM from_march
),
waiting AS (
    SELECT
        s.id,
        s.benefit_id,
        YEAR(s.due_on) * 12 + MONTH(s.due_on) - 1 AS from_index,
        YEAR(s.today) * 12 + MONTH(s.today) - 1 AS to_index,
        ROW_NUMBER() OVER (PARTITION BY s.benefit_id ORDER BY s.due_on ASC NULLS LAST, s.id ASC NULLS LAST) AS turn
    FROM stated AS s
    WHERE s.state = 'overdue' AND NOT s.holds_nothing
),
held_up AS (
    SELECT
        w.id,
        CASE WHEN w.turn = 1 THEN COALESCE(SUM(l.planned_gbp), 0) ELSE 0 END AS held_up_gbp,
        COUNT(DISTINCT CASE WHEN l.planned_gbp > 0 THEN l.period_index END) AS held_up_months
    FROM waiting AS w
    LEFT JOIN benefit_ledger AS l ON l.benefit_id = w.benefit_id AND l.period_index >= w.from_index AND l.period_index <= w.to_index
    GROUP BY w.id, w.turn
),
holders AS (
    SELECT h.agency_id, h.holder_id
    FROM agency_holders AS h
    CROSS JOIN asked
    WHERE h.from_on <= asked.today AND h.to_on > asked.today
),
held AS (
    SELECT
        s.*,
        CASE WHEN s.state IN ('overdue', 'not yet due') THEN COALESCE(p.holder_id, s.agency_id) ELSE s.agency_id END AS by_id,
        CASE WHEN s.state IN ('overdue', 'not yet due') THEN COALESCE(g.holder_id, s.to_agency_id) ELSE s.to_agency_id END AS for_id
    FROM stated AS s
    LEFT JOIN holders AS p ON p.agency_id = s.agency_id
    LEFT JOIN holders AS g ON g.agency_id = s.to_agency_id
)
SELECT
    h.id AS commitment_id,
    h.title,
    h.kind,
    h.by_id AS agency_id,
    b.code AS agency_code,
    b.name AS agency_name,
    CASE WHEN h.by_id <> h.agency_id THEN first_by.name END AS taken_over_from,
    h.for_id AS to_agency_id,
    f.code AS to_agency_code,
    f.name AS to_agency_name,
    h.made_on,
    h.due_on,
    h.current_due_on,
    h.times_moved,
    h.delivered_on,
    h.state,
    CASE h.state WHEN 'kept late' THEN done.day_number - due.day_number WHEN 'overdue' THEN now.day_number - due.day_number END AS days_late,
    h.benefit_id,
    h.benefit_title,
    h.served_goal_id AS goal_id,
    CAST(u.held_up_gbp AS DECIMAL(18,2)) AS held_up_gbp,
    u.held_up_months,
    h.evidence,
    CASE WHEN h.state = 'withdrawn' THEN h.withdrawn_on END AS withdrawn_on
FROM held AS h
CROSS JOIN asked
JOIN numbered AS due ON due.on_day = h.due_on
JOIN numbered AS now ON now.on_day = h.today
LEFT JOIN numbered AS done ON done.on_day = h.delivered_on
LEFT JOIN held_up AS u ON u.id = h.id
LEFT JOIN agencies AS b ON b.id = h.by_id
LEFT JOIN agencies AS f ON f.id = h.for_id
LEFT JOIN agencies AS first_by ON first_by.id = h.agency_id
WHERE (asked.agency_id IS NULL OR h.by_id = asked.agency_id OR h.for_id = asked.agency_id)
  AND (asked.goal_id IS NULL OR h.served_goal_id = asked.goal_id)
  AND (asked.benefit_class IS NULL OR h.benefit_class = asked.benefit_class)
ORDER BY
    CASE h.state WHEN 'overdue' THEN 1 WHEN 'not yet due' THEN 2 WHEN 'kept late' THEN 3 WHEN 'kept on time' THEN 4 ELSE 5 END,
    h.due_on ASC NULLS LAST,
    h.id ASC NULLS LAST
