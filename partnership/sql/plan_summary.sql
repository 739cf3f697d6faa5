-- Title: The partnership and its shared goal
-- Question: Who are we, what is the one goal we share, and does it come nearer?
-- Unit: the shared goal's own
-- Source: partnership, measures, and readings of the shared goal's measure for the partnership as a whole
-- Columns: partnership_id name bhag bhag_measure_id bhag_measure_name bhag_unit bhag_polarity baseline_value baseline_on target_value target_on
--   latest_value latest_period latest_state latest_missing planned_value last_board_value last_board_period last_board_on next_board_on data_to
--   price_year agencies goals benefits
-- Definition: Latest: the latest month in which the shared goal's measure was read for the partnership as a whole. Planned by now: the straight line from the
--   baseline's month to the target's, at the latest month. At the last board: the latest month that had been handed in by that day (where no
--   day of handing in is known, that had ended by then). Counts of 1 to 5 people are withheld: primary suppression only.
--
--   Data to: the last day of the latest month with any value, shown or suppressed. Agencies: partners that have not left. Goals: not closed.
WITH the_partnership AS (
    SELECT
        p.*,
        YEAR(p.bhag_baseline_on) * 12 + MONTH(p.bhag_baseline_on) - 1 AS baseline_index,
        YEAR(p.bhag_target_on) * 12 + MONTH(p.bhag_target_on) - 1 AS target_index
    FROM partnership AS p
),
of_the_whole AS (
    SELECT
        p.id AS partnership_id,
        r.period,
        r.period_index,
        r.state,
        COALESCE(
            r.value,
            CAST(CASE WHEN m.unit = '%' THEN 100 ELSE 1 END * CAST(r.numerator AS DOUBLE) / NULLIF(CAST(r.denominator AS DOUBLE), 0) AS DECIMAL(18,4))
        ) AS value,
        COALESCE(r.read_on, LAST_DAY(r.period)) <= p.last_board_on AS known_at_board,
        r.missing = 'suppressed' OR (
            m.counts_people AND (
                (r.denominator IS NULL AND ABS(r.value) > 0 AND ABS(r.value) <= 5)
                OR (ABS(r.numerator) > 0 AND ABS(r.numerator) <= 5)
                OR (r.denominator > 0 AND r.denominator <= 5)
            )
        ) AS is_small
    FROM the_partnership AS p
    JOIN measures AS m ON m.id = p.bhag_measure_id
    JOIN readings AS r ON r.measure_id = p.bhag_measure_id AND r.agency_id IS NULL AND r.benefit_id IS NULL AND r.item_id IS NULL
    CROSS JOIN asked
    WHERE r.period <= asked.today
      AND (r.value IS NOT NULL OR (r.numerator IS NOT NULL AND r.denominator <> 0) OR r.missing = 'suppressed')
),
placed AS (
    SELECT
        w.*,
        ROW_NUMBER() OVER (PARTITION BY w.partnership_id ORDER BY w.period_index DESC NULLS LAST) AS from_latest,
        ROW_NUMBER() OVER (
            PARTITION BY w.partnership_id ORDER BY CASE WHEN w.known_at_board THEN w.period_index END DESC NULLS LAST
        ) AS from_board
    FROM of_the_whole AS w
),
data_days AS (
    SELECT
        CASE
            WHEN last_index IS NOT NULL
            THEN LEAST(LAST_DAY(MAKE_DATE(CAST(FLOOR(last_index / 12) AS INTEGER), CAST(last_index % 12 + 1 AS INTEGER), 1)), asked.today)
        END AS data_to
    FROM (
        SELECT MAX(r.period_index + CASE m.frequency WHEN 'year' THEN 11 WHEN 'quarter' THEN 2 ELSE 0 END) AS last_index
        FROM reading_months AS r
        JOIN reading_series AS s ON s.series = r.series
        JOIN measures AS m ON m.id = s.measure_id
        CROSS JOIN asked
        WHERE r.period <= asked.today AND r.read_cells + r.suppressed_cells > 0
    ) AS latest
    CROSS JOIN asked
)
SELECT
    p.id AS partnership_id,
    p.name,
    p.bhag,
    p.bhag_measure_id,
    m.name AS bhag_measure_name,
    m.unit AS bhag_unit,
    m.polarity AS bhag_polarity,
    p.bhag_baseline_value AS baseline_value,
    p.bhag_baseline_on AS baseline_on,
    p.bhag_target_value AS target_value,
    p.bhag_target_on AS target_on,
    CASE WHEN COALESCE(l.is_small, FALSE) THEN NULL ELSE l.value END AS latest_value,
    l.period AS latest_period,
    l.state AS latest_state,
    CASE WHEN l.is_small THEN 'suppressed' END AS latest_missing,
    CASE
        WHEN l.period_index IS NOT NULL AND p.target_index > p.baseline_index
        THEN CAST(p.bhag_baseline_value AS DOUBLE)
            + CAST(p.bhag_target_value - p.bhag_baseline_value AS DOUBLE)
            * LEAST(GREATEST(l.period_index - p.baseline_index, 0), p.target_index - p.baseline_index)
            / NULLIF(p.target_index - p.baseline_index, 0)
    END AS planned_value,
    CASE WHEN COALESCE(b.is_small, FALSE) THEN NULL ELSE b.value END AS last_board_value,
    b.period AS last_board_period,
    p.last_board_on,
    p.next_board_on,
    d.data_to,
    p.price_year,
    (
        SELECT COUNT(*)
        FROM agencies AS a
        CROSS JOIN asked
        WHERE a.duty <> 'outside' AND (a.left_on IS NULL OR a.left_on > asked.today)
    ) AS agencies,
    (SELECT COUNT(*) FROM goals AS g CROSS JOIN asked WHERE g.closed_on IS NULL OR g.closed_on > asked.today) AS goals,
    (SELECT COUNT(*) FROM benefits) AS benefits
FROM the_partnership AS p
CROSS JOIN data_days AS d
LEFT JOIN measures AS m ON m.id = p.bhag_measure_id
LEFT JOIN placed AS l ON l.partnership_id = p.id AND l.from_latest = 1
LEFT JOIN placed AS b ON b.partnership_id = p.id AND b.from_board = 1 AND b.known_at_board
