-- Title: Promises by agency
-- Question: Which partners keep what they promise?
-- Unit: promises; £; share from 0 to 1
-- Source: commitments, due date changes, deliveries, and the profiles of the benefits that wait
-- Columns: agency_id agency_code agency_name made due kept_on_time kept_late overdue not_yet_due withdrawn on_time_share held_up_gbp
-- Definition: Counts by the agency that promised (its successor, for an open promise of one that left). Due: also what was withdrawn
--   only after it fell due. Few promises: read shares with care.
SELECT
    agency_id,
    agency_code,
    agency_name,
    COUNT(*) AS made,
    COUNT(CASE WHEN state IN ('kept on time', 'kept late', 'overdue') OR withdrawn_on > due_on THEN 1 END) AS due,
    COUNT(CASE WHEN state = 'kept on time' THEN 1 END) AS kept_on_time,
    COUNT(CASE WHEN state = 'kept late' THEN 1 END) AS kept_late,
    COUNT(CASE WHEN state = 'overdue' THEN 1 END) AS overdue,
    COUNT(CASE WHEN state = 'not yet due' THEN 1 END) AS not_yet_due,
    COUNT(CASE WHEN state = 'withdrawn' THEN 1 END) AS withdrawn,
    CAST(COUNT(CASE WHEN state = 'kept on time' THEN 1 END) AS DOUBLE)
        / NULLIF(COUNT(CASE WHEN state IN ('kept on time', 'kept late', 'overdue') OR withdrawn_on > due_on THEN 1 END), 0) AS on_time_share,
    CAST(COALESCE(SUM(held_up_gbp), 0) AS DECIMAL(18,2)) AS held_up_gbp
FROM promises
GROUP BY agency_id, agency_code, agency_name
ORDER BY COUNT(*) DESC NULLS LAST, agency_name ASC NULLS LAST
