-- Title: Who holds what an agency held
-- Question: Which agency carries an agency's benefits, payments and open promises from which day?
-- Unit: days
-- Source: agencies (left on, succeeded by)
-- Columns: agency_id holder_id from_on to_on
-- Definition: What falls to an agency falls to its successor from the day on which it left; a month belongs to whoever holds
--   on its first day. What was delivered or withdrawn before stays with the agency that did it. An agency that left without a
--   successor keeps its rows. Up to four successions one after another are followed.
WITH handover AS (
    SELECT
        id,
        CASE WHEN left_on IS NOT NULL THEN succeeded_by_id END AS successor_id,
        CASE WHEN succeeded_by_id IS NOT NULL AND left_on IS NOT NULL THEN left_on ELSE CAST('9999-12-31' AS DATE) END AS ends_on
    FROM agencies
),
step_0 AS (
    SELECT id AS agency_id, id AS holder_id, CAST('0001-01-01' AS DATE) AS from_on, ends_on AS to_on, successor_id
    FROM handover
),
step_1 AS (
    SELECT s.agency_id, h.id AS holder_id, s.to_on AS from_on, GREATEST(s.to_on, h.ends_on) AS to_on, h.successor_id
    FROM step_0 AS s
    JOIN handover AS h ON h.id = s.successor_id
),
step_2 AS (
    SELECT s.agency_id, h.id AS holder_id, s.to_on AS from_on, GREATEST(s.to_on, h.ends_on) AS to_on, h.successor_id
    FROM step_1 AS s
    JOIN handover AS h ON h.id = s.successor_id
),
step_3 AS (
    SELECT s.agency_id, h.id AS holder_id, s.to_on AS from_on, GREATEST(s.to_on, h.ends_on) AS to_on, h.successor_id
    FROM step_2 AS s
    JOIN handover AS h ON h.id = s.successor_id
),
step_4 AS (
    SELECT s.agency_id, h.id AS holder_id, s.to_on AS from_on, CAST('9999-12-31' AS DATE) AS to_on, h.successor_id
    FROM step_3 AS s
    JOIN handover AS h ON h.id = s.successor_id
),
every_step AS (
    SELECT agency_id, holder_id, from_on, to_on FROM step_0 WHERE from_on < to_on
    UNION ALL
    SELECT agency_id, holder_id, from_on, to_on FROM step_1 WHERE from_on < to_on
    UNION ALL
    SELECT agency_id, holder_id, from_on, to_on FROM step_2 WHERE from_on < to_on
    UNION ALL
    SELECT agency_id, holder_id, from_on, to_on FROM step_3 WHERE from_on < to_on
    UNION ALL
    SELECT agency_id, holder_id, from_on, to_on FROM step_4 WHERE from_on < to_on
)
SELECT agency_id, holder_id, from_on, to_on
FROM every_step
ORDER BY agency_id ASC NULLS LAST, from_on ASC NULLS LAST
