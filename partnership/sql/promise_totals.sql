-- Title: Promises in all
-- Question: Do we keep our promises, and what do the overdue ones hold up?
-- Unit: promises; days; £; share from 0 to 1
-- Source: commitments, due date changes, deliveries, and the profiles of the benefits that wait
-- Columns: made due kept_on_time kept_late overdue not_yet_due withdrawn on_time_share held_up_gbp oldest_commitment_id oldest_title oldest_due_on
--   oldest_days_late
-- Definition: Fallen due: kept on time, kept late, overdue, or withdrawn only after it fell due, by the first due date agreed. Promised is all
--   of these, those not yet due and those withdrawn before. On time: kept on time over fallen due. Holds up: planned benefit that waits for overdue promises, each benefit once.
WITH placed AS (
    SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.state ORDER BY p.days_late DESC NULLS LAST, p.commitment_id ASC NULLS LAST) AS place
    FROM promises AS p
)
SELECT
    COUNT(*) AS made,
    COUNT(CASE WHEN state IN ('kept on time', 'kept late', 'overdue') OR withdrawn_on > due_on THEN 1 END) AS due,
    COUNT(CASE WHEN state = 'kept on time' THEN 1 END) AS kept_on_time,
    COUNT(CASE WHEN state = 'kept late' THEN 1 END) AS kept_late,
    COUNT(CASE WHEN state = 'overdue' THEN 1 END) AS overdue,
    COUNT(CASE WHEN state = 'not yet due' THEN 1 END) AS not_yet_due,
    COUNT(CASE WHEN state = 'withdrawn' THEN 1 END) AS withdrawn,
    CAST(COUNT(CASE WHEN state = 'kept on time' THEN 1 END) AS DOUBLE)
        / NULLIF(COUNT(CASE WHEN state IN ('kept on time', 'kept late', 'overdue') OR withdrawn_on > due_on THEN 1 END), 0) AS on_time_share,
    CAST(COALESCE(SUM(held_up_gbp), 0) AS DECIMAL(18,2)) AS held_up_gbp,
    MAX(CASE WHEN state = 'overdue' AND place = 1 THEN commitment_id END) AS oldest_commitment_id,
    MAX(CASE WHEN state = 'overdue' AND place = 1 THEN title END) AS oldest_title,
    MAX(CASE WHEN state = 'overdue' AND place = 1 THEN due_on END) AS oldest_due_on,
    MAX(CASE WHEN state = 'overdue' AND place = 1 THEN days_late END) AS oldest_days_late
FROM placed
