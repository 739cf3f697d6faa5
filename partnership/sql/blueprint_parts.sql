-- Title: Who does what in the work
-- Question: What does each agency do in each piece of work, and what does it take of it?
-- Unit: hours a week; days; meetings a month; hours a month; times
-- Source: what each agency does in the work items
-- Columns: agency_id agency_code agency_name item_id title part hours_now hours_after hours_freed effort_days meetings_a_month
--   travel_hours_a_month keyed_again
-- Definition: As each agency said; a blank is not said and not zero. Freed: hours now less hours after, where both are said. Expected, not
--   realised: what is really freed is read as a benefit and counted there once.
SELECT
    p.agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    p.item_id,
    w.title,
    p.part,
    CAST(p.hours_a_week_now AS DECIMAL(18,4)) AS hours_now,
    CAST(p.hours_a_week_after AS DECIMAL(18,4)) AS hours_after,
    CAST(p.hours_a_week_now - p.hours_a_week_after AS DECIMAL(18,4)) AS hours_freed,
    CAST(p.effort_days AS DECIMAL(18,4)) AS effort_days,
    CAST(p.meetings_a_month_now AS DECIMAL(18,4)) AS meetings_a_month,
    CAST(p.travel_hours_a_month AS DECIMAL(18,4)) AS travel_hours_a_month,
    p.keyed_again
FROM item_agencies AS p
CROSS JOIN asked
JOIN work_items AS w ON w.id = p.item_id
LEFT JOIN agencies AS a ON a.id = p.agency_id
WHERE (asked.agency_id IS NULL OR p.agency_id = asked.agency_id)
  AND (asked.goal_id IS NULL OR w.goal_id = asked.goal_id)
ORDER BY a.name ASC NULLS LAST, p.agency_id ASC NULLS LAST, p.item_id ASC NULLS LAST
