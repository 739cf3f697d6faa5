-- Title: When each partner needs to see results
-- Question: By when does each partner need to see first results?
-- Unit: days
-- Source: gives and gets of each partner by goal
-- Columns: agency_id agency_code agency_name first_results_by
-- Definition: The earliest day that the partner gave on any goal shown. An empty day: it has not answered. Partners only, without those that left.
SELECT a.id AS agency_id, a.code AS agency_code, a.name AS agency_name, MIN(p.first_results_by) AS first_results_by
FROM agencies AS a
CROSS JOIN asked
LEFT JOIN goal_partners AS p ON p.agency_id = a.id AND (asked.goal_id IS NULL OR p.goal_id = asked.goal_id)
WHERE a.duty <> 'outside'
  AND (a.left_on IS NULL OR a.left_on > asked.today)
  AND (asked.agency_id IS NULL OR a.id = asked.agency_id)
GROUP BY a.id, a.code, a.name
ORDER BY MIN(p.first_results_by) ASC NULLS LAST, a.name ASC NULLS LAST
