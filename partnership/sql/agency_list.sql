-- Title: Agencies
-- Question: Who are the partners, who is outside, who has left, and to whom did its duties pass?
-- Unit: none
-- Source: agencies
-- Columns: agency_id agency_code agency_name short_name sector duty mark is_partner joined_on left_on succeeded_by_name
-- Definition: Partner: not outside, has joined and has not left on the day shown. Marks are given once and kept for ever. Partners first.
SELECT
    a.id AS agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    COALESCE(a.short_name, a.name) AS short_name,
    a.sector,
    a.duty,
    a.mark,
    a.duty <> 'outside' AND (a.joined_on IS NULL OR a.joined_on <= asked.today) AND (a.left_on IS NULL OR a.left_on > asked.today) AS is_partner,
    a.joined_on,
    a.left_on,
    s.name AS succeeded_by_name
FROM agencies AS a
CROSS JOIN asked
LEFT JOIN agencies AS s ON s.id = a.succeeded_by_id
ORDER BY
    CASE WHEN a.duty <> 'outside' AND (a.left_on IS NULL OR a.left_on > asked.today) THEN 0 ELSE 1 END,
    a.joined_on ASC NULLS LAST,
    a.id ASC NULLS LAST
