-- Title: Who must talk to whom
-- Question: Which partners must talk about what first, and what waits on it?
-- Unit: the measure's unit per the measure's period; times; £
-- Source: expectation gaps, offered against expected, promises, and the benefit profile
-- Columns: place subject goal_id goal_title measure_id measure_name measure_unit measure_per agency_id agency_code agency_name least_rate least_note
--   other_agency_id other_agency_code other_agency_name most_rate most_note ratio missing_answers asked at_stake_gbp linked_overdue
-- Definition: First the gaps that must be re-defined (between the partners at the two ends) and those where a partner expects none, then the pairs
--   whose offer and expectation do not agree (unless the same two already talk about that measure), then the partners that have not answered. Within
--   each, by the benefit that rests on it, then by how many times they are apart, or by answers missing.
--
--   Benefit that rests on it: what the benefits that serve the goal were planned to bring by the latest month read (for a partner that has
--   not answered, of all the goals it is silent on). Overdue promises it waits for: those between the two, or of one of them to all.
WITH at_stake AS (
    SELECT b.goal_id, SUM(l.planned_gbp) AS at_stake_gbp
    FROM benefit_ledger AS l
    JOIN benefits AS b ON b.id = l.benefit_id
    CROSS JOIN asked
    WHERE (b.category = 'fiscal' OR b.additive) AND l.period_index <= COALESCE(l.latest_index, asked.today_index)
    GROUP BY b.goal_id
),
notes AS (
    SELECT
        goal_id,
        measure_id,
        agency_id,
        direction,
        counterpart_id,
        common_rate,
        CASE WHEN answer = 'expects none' THEN 1 ELSE 0 END AS expects_none,
        COALESCE(definition_note, scope) AS note,
        ROW_NUMBER() OVER (
            PARTITION BY goal_id, measure_id, agency_id, CASE WHEN counterpart_id IS NULL THEN 1 ELSE 0 END, common_rate
            ORDER BY stated_on DESC NULLS LAST, direction ASC NULLS LAST
        ) AS turn
    FROM expectation_rates
    WHERE answer <> 'no answer'
),
nobody AS (
    SELECT
        goal_id,
        measure_id,
        agency_id,
        ROW_NUMBER() OVER (PARTITION BY goal_id, measure_id ORDER BY agency_id ASC NULLS LAST) AS turn
    FROM notes
    WHERE counterpart_id IS NULL AND expects_none = 1
),
gap_talks AS (
    SELECT
        1 AS first_by,
        'gap' AS subject,
        g.goal_id,
        g.goal_title,
        g.measure_id,
        g.measure_name,
        g.measure_unit,
        g.measure_per,
        CASE WHEN g.band = 'one partner expects none' THEN n.agency_id ELSE g.least_agency_id END AS agency_id,
        CASE WHEN g.band = 'one partner expects none' THEN 0 ELSE g.least_rate END AS least_rate,
        g.most_agency_id AS other_agency_id,
        g.most_rate,
        g.ratio
    FROM expectation_gaps AS g
    LEFT JOIN nobody AS n ON n.goal_id = g.goal_id AND n.measure_id = g.measure_id AND n.turn = 1
    WHERE g.band IN ('stop and re-define', 'one partner expects none')
),
pair_talks AS (
    SELECT
        2 AS first_by,
        'pair' AS subject,
        p.goal_id,
        p.goal_title,
        p.measure_id,
        p.measure_name,
        p.measure_unit,
        p.measure_per,
        p.giver_id AS agency_id,
        p.offered_rate AS least_rate,
        p.getter_id AS other_agency_id,
        p.expected_rate AS most_rate,
        p.ratio
    FROM expectation_pairs AS p
    LEFT JOIN gap_talks AS g
        ON g.goal_id = p.goal_id
        AND g.measure_id = p.measure_id
        AND ((g.agency_id = p.giver_id AND g.other_agency_id = p.getter_id) OR (g.agency_id = p.getter_id AND g.other_agency_id = p.giver_id))
    WHERE p.short IN ('offers less', 'offers more') AND g.goal_id IS NULL
),
two_sided AS (
    SELECT
        t.*,
        s.at_stake_gbp,
        l.note AS least_note,
        m.note AS most_note
    FROM (SELECT * FROM gap_talks UNION ALL SELECT * FROM pair_talks) AS t
    LEFT JOIN at_stake AS s ON s.goal_id = t.goal_id
    LEFT JOIN notes AS l
        ON l.goal_id = t.goal_id
        AND l.measure_id = t.measure_id
        AND l.agency_id = t.agency_id
        AND l.turn = 1
        AND COALESCE(l.common_rate, 0) = t.least_rate
        AND ((t.subject = 'gap' AND l.counterpart_id IS NULL) OR (t.subject = 'pair' AND l.counterpart_id IS NOT NULL))
    LEFT JOIN notes AS m
        ON m.goal_id = t.goal_id
        AND m.measure_id = t.measure_id
        AND m.agency_id = t.other_agency_id
        AND m.turn = 1
        AND COALESCE(m.common_rate, 0) = t.most_rate
        AND ((t.subject = 'gap' AND m.counterpart_id IS NULL) OR (t.subject = 'pair' AND m.counterpart_id IS NOT NULL))
),
overdue_pairs AS (
    SELECT commitment_id, agency_id, to_agency_id FROM promises WHERE state = 'overdue'
),
linked AS (
    SELECT t.agency_id, t.other_agency_id, COUNT(DISTINCT p.commitment_id) AS linked_overdue
    FROM (SELECT DISTINCT agency_id, other_agency_id FROM two_sided) AS t
    JOIN overdue_pairs AS p
        ON (p.agency_id = t.agency_id AND COALESCE(p.to_agency_id, t.other_agency_id) = t.other_agency_id)
        OR (p.agency_id = t.other_agency_id AND COALESCE(p.to_agency_id, t.agency_id) = t.agency_id)
    GROUP BY t.agency_id, t.other_agency_id
),
goal_answers AS (
    SELECT
        goal_id,
        measure_id,
        agency_id,
        MAX(CASE WHEN answer = 'no answer' THEN 0 ELSE 1 END) AS has_answered
    FROM expectation_rates
    WHERE counterpart_id IS NULL
    GROUP BY goal_id, measure_id, agency_id
),
silences AS (
    SELECT agency_id, COUNT(*) AS asked, COUNT(CASE WHEN has_answered = 0 THEN 1 END) AS missing_answers
    FROM goal_answers
    GROUP BY agency_id
    HAVING COUNT(CASE WHEN has_answered = 0 THEN 1 END) > 0
),
silent_goals AS (
    SELECT g.agency_id, SUM(s.at_stake_gbp) AS at_stake_gbp
    FROM (SELECT DISTINCT agency_id, goal_id FROM goal_answers WHERE has_answered = 0) AS g
    JOIN at_stake AS s ON s.goal_id = g.goal_id
    GROUP BY g.agency_id
),
every_talk AS (
    SELECT
        t.first_by, t.subject, t.goal_id, t.goal_title, t.measure_id, t.measure_name, t.measure_unit, t.measure_per, t.agency_id, t.least_rate, t.least_note,
        t.other_agency_id, t.most_rate, t.most_note, t.ratio, CAST(NULL AS BIGINT) AS missing_answers, CAST(NULL AS BIGINT) AS asked,
        t.at_stake_gbp, COALESCE(l.linked_overdue, 0) AS linked_overdue
    FROM two_sided AS t
    LEFT JOIN linked AS l ON l.agency_id = t.agency_id AND l.other_agency_id = t.other_agency_id
    UNION ALL
    SELECT
        3, 'no answer', NULL, NULL, NULL, NULL, NULL, NULL, s.agency_id, NULL, NULL,
        NULL, NULL, NULL, NULL, s.missing_answers, s.asked, g.at_stake_gbp, 0
    FROM silences AS s
    LEFT JOIN silent_goals AS g ON g.agency_id = s.agency_id
)
SELECT
    ROW_NUMBER() OVER (
        ORDER BY
            e.first_by ASC NULLS LAST, e.at_stake_gbp DESC NULLS LAST, e.ratio DESC NULLS LAST, e.missing_answers DESC NULLS LAST,
            e.measure_id ASC NULLS LAST, a.name ASC NULLS LAST, o.name ASC NULLS LAST, e.goal_id ASC NULLS LAST
    ) AS place,
    e.subject,
    e.goal_id,
    e.goal_title,
    e.measure_id,
    e.measure_name,
    e.measure_unit,
    e.measure_per,
    e.agency_id,
    a.code AS agency_code,
    a.name AS agency_name,
    e.least_rate,
    e.least_note,
    e.other_agency_id,
    o.code AS other_agency_code,
    o.name AS other_agency_name,
    e.most_rate,
    e.most_note,
    e.ratio,
    e.missing_answers,
    e.asked,
    CAST(e.at_stake_gbp AS DECIMAL(18,2)) AS at_stake_gbp,
    CAST(e.linked_overdue AS BIGINT) AS linked_overdue
FROM every_talk AS e
CROSS JOIN asked
JOIN agencies AS a ON a.id = e.agency_id
LEFT JOIN agencies AS o ON o.id = e.other_agency_id
WHERE asked.agency_id IS NULL OR e.agency_id = asked.agency_id OR e.other_agency_id = asked.agency_id
ORDER BY place ASC NULLS LAST
