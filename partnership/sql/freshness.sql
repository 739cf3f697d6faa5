-- Title: How fresh the readings are
-- Question: What is the latest that each agency has handed in, and who is late, withholding or provisional?
-- Unit: months
-- Source: readings and measures
-- Columns: agency_id agency_code agency_name latest_period latest_read_on state since_period stale_measure stale_series
-- Definition: A series is what one agency reads of one measure (for one benefit or work item). State, the first that is true. No readings: nothing
--   was ever read. Withheld: the latest reading of one of its series is withheld, since the month shown
--   (the first after the latest month of which it handed anything in, where there is one). Stale: one of its series is more than one of its
--   own periods behind the partnership's latest month; the month shown is the latest that it has. Provisional: readings not yet approved,
--   from the month shown on. Else on time. A suppressed reading was handed in; withheld and
--   "too early" are answers; "not provided" and blank are not.
WITH typed AS (
    SELECT
        r.agency_id,
        r.measure_id,
        r.benefit_id,
        r.item_id,
        r.period_index,
        r.read_on,
        CASE
            WHEN r.value IS NOT NULL OR r.numerator IS NOT NULL OR r.label IS NOT NULL OR r.missing = 'suppressed' THEN 'read'
            WHEN r.missing = 'withheld' THEN 'withheld'
            WHEN r.missing = 'too early' THEN 'answered'
            ELSE 'nothing'
        END AS got,
        r.state
    FROM readings AS r
    CROSS JOIN asked
    WHERE r.agency_id IS NOT NULL AND r.period <= asked.today
),
found AS (
    SELECT
        agency_id,
        measure_id,
        benefit_id,
        item_id,
        MAX(CASE WHEN got = 'read' THEN period_index END) AS read_index,
        MAX(CASE WHEN got IN ('read', 'answered') THEN period_index END) AS answered_index,
        MAX(CASE WHEN got = 'withheld' THEN period_index END) AS withheld_index,
        MIN(CASE WHEN got = 'read' AND state <> 'approved' THEN period_index END) AS provisional_index,
        MAX(CASE WHEN got = 'read' THEN read_on END) AS read_on
    FROM typed
    GROUP BY agency_id, measure_id, benefit_id, item_id
),
series AS (
    SELECT
        f.agency_id,
        f.measure_id,
        COALESCE(f.benefit_id, '') AS benefit_id,
        COALESCE(f.item_id, '') AS item_id,
        f.read_index,
        f.answered_index,
        f.withheld_index,
        f.provisional_index,
        f.read_on,
        CASE m.frequency WHEN 'year' THEN 12 WHEN 'quarter' THEN 3 ELSE 1 END AS months
    FROM found AS f
    JOIN measures AS m ON m.id = f.measure_id
),
by_agency AS (
    SELECT agency_id, MAX(read_index) AS read_index, MAX(read_on) AS read_on, MIN(provisional_index) AS provisional_index
    FROM series
    GROUP BY agency_id
),
-- read by themselves: to hold every reading until they are picked costs more than reading twice
withheld AS (
    SELECT r.agency_id, r.measure_id, COALESCE(r.benefit_id, '') AS benefit_id, COALESCE(r.item_id, '') AS item_id, r.period_index
    FROM readings AS r
    CROSS JOIN asked
    WHERE r.missing = 'withheld' AND r.value IS NULL AND r.numerator IS NULL AND r.label IS NULL
      AND r.agency_id IS NOT NULL AND r.period <= asked.today
),
withheld_since AS (
    SELECT
        t.agency_id,
        COALESCE(MIN(CASE WHEN t.period_index > COALESCE(a.read_index, 0) THEN t.period_index END), MIN(t.period_index)) AS since_index
    FROM withheld AS t
    JOIN by_agency AS a ON a.agency_id = t.agency_id
    JOIN series AS s
        ON s.agency_id = t.agency_id AND s.measure_id = t.measure_id AND s.benefit_id = t.benefit_id AND s.item_id = t.item_id
    WHERE s.withheld_index > COALESCE(s.answered_index, 0) AND t.period_index > COALESCE(s.answered_index, 0)
    GROUP BY t.agency_id
),
latest_month AS (
    SELECT MAX(s.read_index + s.months - 1) AS latest_index
    FROM series AS s
    CROSS JOIN asked
    WHERE s.read_index + s.months - 1 <= asked.today_index
),
stale AS (
    SELECT
        s.agency_id,
        s.measure_id,
        s.answered_index,
        COUNT(*) OVER (PARTITION BY s.agency_id) AS stale_series,
        ROW_NUMBER() OVER (PARTITION BY s.agency_id ORDER BY s.answered_index ASC NULLS LAST, s.measure_id ASC NULLS LAST) AS place
    FROM series AS s
    CROSS JOIN latest_month AS l
    WHERE s.answered_index IS NOT NULL
      AND COALESCE(s.withheld_index, 0) < s.answered_index
      AND l.latest_index - (s.answered_index + s.months - 1) > s.months
),
judged AS (
    SELECT
        a.id,
        a.code,
        a.name,
        b.read_index,
        b.read_on,
        t.measure_id AS stale_measure_id,
        COALESCE(t.stale_series, 0) AS stale_series,
        CASE
            WHEN w.agency_id IS NOT NULL THEN 'withheld'
            WHEN b.read_index IS NULL THEN 'no readings'
            WHEN t.agency_id IS NOT NULL THEN 'stale'
            WHEN b.provisional_index IS NOT NULL THEN 'provisional'
            ELSE 'on time'
        END AS state,
        CASE
            WHEN w.agency_id IS NOT NULL THEN w.since_index
            WHEN b.read_index IS NULL THEN NULL
            WHEN t.agency_id IS NOT NULL THEN t.answered_index
            ELSE b.provisional_index
        END AS since_index
    FROM agencies AS a
    CROSS JOIN asked
    LEFT JOIN by_agency AS b ON b.agency_id = a.id
    LEFT JOIN withheld_since AS w ON w.agency_id = a.id
    LEFT JOIN stale AS t ON t.agency_id = a.id AND t.place = 1
    WHERE (asked.agency_id IS NULL OR a.id = asked.agency_id)
      AND (a.left_on IS NULL OR a.left_on > asked.today)
      AND (a.duty <> 'outside' OR b.agency_id IS NOT NULL)
)
SELECT
    j.id AS agency_id,
    j.code AS agency_code,
    j.name AS agency_name,
    MAKE_DATE(CAST(FLOOR(j.read_index / 12) AS INTEGER), CAST(j.read_index % 12 + 1 AS INTEGER), 1) AS latest_period,
    j.read_on AS latest_read_on,
    j.state,
    MAKE_DATE(CAST(FLOOR(j.since_index / 12) AS INTEGER), CAST(j.since_index % 12 + 1 AS INTEGER), 1) AS since_period,
    m.name AS stale_measure,
    j.stale_series
FROM judged AS j
LEFT JOIN measures AS m ON m.id = j.stale_measure_id
ORDER BY j.name ASC NULLS LAST, j.id ASC NULLS LAST
