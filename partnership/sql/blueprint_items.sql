-- Title: The work
-- Question: What work is there, who leads it, what happens to it, and what hours does it take now and afterwards?
-- Unit: hours a week; cases a year
-- Source: work items, and what each agency does in them
-- Columns: item_id title work_function population theme goal_id goal_title agency_id agency_code agency_name habit habit_evidence
--   is_shared_now is_shared_planned hours_now hours_after hours_freed parts_without_hours volume_a_year starts_on due_on expected_on done_on
--   status
-- Definition: The agency is the one that leads; blank: nobody does. Hours: a week, all agencies that say both the hours now and the hours
--   after the change; the others are counted beside them and make the item's hours partial. Freed is expected, not realised. On choosing an
--   agency, the items that it leads or has a part in.
WITH hours AS (
    SELECT
        item_id,
        CAST(SUM(CASE WHEN hours_a_week_now IS NOT NULL AND hours_a_week_after IS NOT NULL THEN hours_a_week_now END) AS DECIMAL(18,4)) AS hours_now,
        CAST(SUM(CASE WHEN hours_a_week_now IS NOT NULL AND hours_a_week_after IS NOT NULL THEN hours_a_week_after END) AS DECIMAL(18,4)) AS hours_after,
        COUNT(CASE WHEN hours_a_week_now IS NULL OR hours_a_week_after IS NULL THEN 1 END) AS parts_without_hours
    FROM item_agencies
    GROUP BY item_id
),
own AS (
    SELECT p.item_id
    FROM item_agencies AS p
    CROSS JOIN asked
    WHERE p.agency_id = asked.agency_id
    GROUP BY p.item_id
)
SELECT
    w.id AS item_id,
    w.title,
    w.function AS work_function,
    w.population,
    w.theme,
    w.goal_id,
    g.title AS goal_title,
    w.lead_agency_id AS agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    w.habit,
    w.habit_evidence,
    w.shared_now AS is_shared_now,
    w.shared_future AS is_shared_planned,
    h.hours_now,
    h.hours_after,
    CAST(h.hours_now - h.hours_after AS DECIMAL(18,4)) AS hours_freed,
    COALESCE(h.parts_without_hours, 0) AS parts_without_hours,
    w.volume_a_year,
    w.starts_on,
    w.due_on,
    w.expected_on,
    w.done_on,
    w.status
FROM work_items AS w
CROSS JOIN asked
LEFT JOIN goals AS g ON g.id = w.goal_id
LEFT JOIN agencies AS a ON a.id = w.lead_agency_id
LEFT JOIN hours AS h ON h.item_id = w.id
LEFT JOIN own AS o ON o.item_id = w.id
WHERE (asked.agency_id IS NULL OR w.lead_agency_id = asked.agency_id OR o.item_id IS NOT NULL)
  AND (asked.goal_id IS NULL OR w.goal_id = asked.goal_id)
ORDER BY w.id ASC NULLS LAST
