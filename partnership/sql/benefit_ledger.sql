-- Title: Money of every benefit, by agency and month
-- Question: What was planned at first, what is planned now and what was read, for each benefit, agency and month?
-- Unit: £, dis-benefits negative, in the price base of each benefit
-- Source: benefit profile, re-baselines, benefit shares, and readings in £ that belong to a benefit
-- Columns: benefit_id agency_id named_agency_id period period_index original_gbp planned_gbp realised_gbp compared_gbp
--   not_read_gbp missing state is_to_date latest_index
-- Definition: Original plan: version 1 of the profile. Current plan: its highest version that was agreed by the day shown
--   (version 1, or one with a re-baseline).
--
--   Amounts that name no agency are split by the benefit's shares in whole pence: each agency gets the pence below its exact
--   share, then the pence left over go one each to the largest remainders, ties in order of the agency's id. So the parts
--   make the whole to the penny; a negative amount is split as its positive. Shares that do not make a whole split nothing:
--   the amount stays with no agency. What falls to an agency that left falls to its successor from then on.
--
--   Real: readings in £ of the benefit for months that have begun. A quarter's or a year's reading stands in the last of its
--   months and answers for all of them. To date: months up to the latest month with any value in the whole partnership.
--
--   Planned where read: the current plan of months to date that have a value; not read: the rest of the plan to date, with the kind of
--   missing (withheld, suppressed, not provided, too early, blank: no reading at all). Where only the plan or only the reading names
--   agencies, one value answers for the benefit's whole month.
WITH whole_shares AS (
    SELECT benefit_id
    FROM benefit_shares
    GROUP BY benefit_id
    HAVING ABS(SUM(CAST(share_numerator AS DOUBLE) / NULLIF(share_denominator, 0)) - 1) < 0.000000001
),
shares AS (
    SELECT s.benefit_id, s.agency_id, CAST(s.share_numerator AS DECIMAL(19,0)) AS above, CAST(s.share_denominator AS DECIMAL(19,0)) AS below
    FROM benefit_shares AS s
    JOIN whole_shares AS w ON w.benefit_id = s.benefit_id
    WHERE s.share_numerator > 0
),
current_versions AS (
    SELECT p.benefit_id, MAX(p.version) AS version
    FROM (SELECT DISTINCT benefit_id, version FROM benefit_profile) AS p
    CROSS JOIN asked
    LEFT JOIN rebaselines AS r ON r.benefit_id = p.benefit_id AND r.version = p.version AND r.agreed_on <= asked.today
    WHERE p.version = 1 OR r.version IS NOT NULL
    GROUP BY p.benefit_id
),
-- The months that one reading answers for: (step 0, the first) up to the length of the measure's period.
steps AS (
    SELECT step FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) AS t(step)
),
money_readings AS (
    SELECT
        r.benefit_id,
        r.agency_id,
        r.period_index,
        CASE m.frequency WHEN 'year' THEN 12 WHEN 'quarter' THEN 3 ELSE 1 END AS months,
        CAST(ROUND(r.value, 2) AS DECIMAL(18,2)) AS gbp,
        CASE
            WHEN r.value IS NOT NULL THEN 0
            WHEN r.missing = 'withheld' THEN 1
            WHEN r.missing = 'suppressed' THEN 2
            WHEN r.missing = 'not provided' THEN 3
            WHEN r.missing = 'too early' THEN 4
            ELSE 5
        END AS kind,
        CASE WHEN r.state = 'approved' THEN 0 ELSE 1 END AS provisional
    FROM readings AS r
    JOIN measures AS m ON m.id = r.measure_id AND LOWER(TRIM(m.unit)) IN ('£', 'gbp', 'pounds')
    CROSS JOIN asked
    WHERE r.benefit_id IS NOT NULL AND r.period <= asked.today
),
amounts AS (
    SELECT benefit_id, agency_id, period_index, what, SUM(gbp) AS gbp, MAX(is_value) AS is_value, MIN(kind) AS kind, MAX(provisional) AS provisional
    FROM (
        SELECT
            p.benefit_id, p.agency_id, p.period_index, 'original' AS what, p.planned_gbp AS gbp,
            0 AS is_value, CAST(NULL AS INTEGER) AS kind, CAST(NULL AS INTEGER) AS provisional
        FROM benefit_profile AS p
        WHERE p.version = 1
        UNION ALL
        SELECT p.benefit_id, p.agency_id, p.period_index, 'planned', p.planned_gbp, 0, CAST(NULL AS INTEGER), CAST(NULL AS INTEGER)
        FROM benefit_profile AS p
        JOIN current_versions AS v ON v.benefit_id = p.benefit_id AND v.version = p.version
        UNION ALL
        SELECT
            r.benefit_id, r.agency_id, r.period_index + s.step, 'realised', CASE WHEN s.step = r.months - 1 THEN r.gbp END,
            CASE WHEN r.kind = 0 THEN 1 ELSE 0 END, NULLIF(r.kind, 0), r.provisional
        FROM money_readings AS r
        JOIN steps AS s ON s.step < r.months
    ) AS every_amount
    GROUP BY benefit_id, agency_id, period_index, what
),
-- Splitting to the penny. Whole numbers of at most 38 digits throughout; (a - a % b) / b is the floor of a / b exactly, as long as
-- the floor has fewer than 15 digits, and only the order of the remainders is taken from a DOUBLE.
quotas AS (
    SELECT
        a.benefit_id, a.period_index, a.what, a.gbp, a.is_value, a.kind, a.provisional, s.agency_id, s.below,
        CAST(ABS(a.gbp) * 100 AS DECIMAL(18,0)) AS pence,
        CAST(ABS(a.gbp) * 100 AS DECIMAL(18,0)) * s.above AS product,
        (CAST(ABS(a.gbp) * 100 AS DECIMAL(18,0)) * s.above) % s.below AS remainder
    FROM amounts AS a
    JOIN shares AS s ON s.benefit_id = a.benefit_id
    WHERE a.agency_id IS NULL
),
floors AS (
    SELECT
        benefit_id, period_index, what, gbp, is_value, kind, provisional, agency_id, pence,
        CAST(ROUND(CAST(product - remainder AS DOUBLE) / NULLIF(CAST(below AS DOUBLE), 0)) AS BIGINT) AS floor_pence,
        ROW_NUMBER() OVER (
            PARTITION BY benefit_id, period_index, what
            ORDER BY CAST(remainder AS DOUBLE) / NULLIF(CAST(below AS DOUBLE), 0) DESC NULLS LAST, agency_id ASC NULLS LAST
        ) AS turn
    FROM quotas
),
parts AS (
    SELECT
        benefit_id, agency_id, period_index, what, is_value, kind, provisional,
        CASE
            WHEN gbp IS NULL THEN NULL
            ELSE CAST(
                (floor_pence + CASE WHEN turn <= pence - SUM(floor_pence) OVER (PARTITION BY benefit_id, period_index, what) THEN 1 ELSE 0 END)
                * CASE WHEN gbp < 0 THEN -1 ELSE 1 END AS DECIMAL(18,0)
            ) * CAST(0.01 AS DECIMAL(3,2))
        END AS gbp
    FROM floors
),
shared_out AS (
    SELECT benefit_id, agency_id, period_index, what, gbp, is_value, kind, provisional FROM parts
    UNION ALL
    SELECT a.benefit_id, a.agency_id, a.period_index, a.what, a.gbp, a.is_value, a.kind, a.provisional
    FROM amounts AS a
    LEFT JOIN whole_shares AS w ON w.benefit_id = a.benefit_id
    WHERE a.agency_id IS NOT NULL OR w.benefit_id IS NULL
),
cells AS (
    SELECT
        benefit_id,
        agency_id AS named_agency_id,
        period_index,
        MAKE_DATE(CAST(FLOOR(period_index / 12) AS INTEGER), CAST(period_index % 12 + 1 AS INTEGER), 1) AS period,
        SUM(CASE WHEN what = 'original' THEN gbp END) AS original_gbp,
        SUM(CASE WHEN what = 'planned' THEN gbp END) AS planned_gbp,
        SUM(CASE WHEN what = 'realised' THEN gbp END) AS realised_gbp,
        MAX(is_value) AS is_value,
        MIN(kind) AS kind,
        MAX(provisional) AS provisional
    FROM shared_out
    GROUP BY benefit_id, agency_id, period_index
),
answered AS (
    SELECT
        c.*,
        CASE
            WHEN c.is_value = 1 THEN 1
            WHEN c.named_agency_id IS NULL THEN MAX(c.is_value) OVER (PARTITION BY c.benefit_id, c.period_index)
            ELSE COALESCE(MAX(CASE WHEN c.named_agency_id IS NULL THEN c.is_value END) OVER (PARTITION BY c.benefit_id, c.period_index), 0)
        END AS is_answered,
        CASE
            WHEN c.kind IS NOT NULL THEN c.kind
            WHEN c.named_agency_id IS NULL THEN MIN(c.kind) OVER (PARTITION BY c.benefit_id, c.period_index)
            ELSE MIN(CASE WHEN c.named_agency_id IS NULL THEN c.kind END) OVER (PARTITION BY c.benefit_id, c.period_index)
        END AS known_kind,
        MAX(CASE WHEN c.is_value = 1 THEN c.period_index END) OVER () AS latest_index
    FROM cells AS c
)
SELECT
    a.benefit_id,
    COALESCE(h.holder_id, a.named_agency_id) AS agency_id,
    a.named_agency_id,
    a.period,
    CAST(a.period_index AS INTEGER) AS period_index,
    CAST(a.original_gbp AS DECIMAL(18,2)) AS original_gbp,
    CAST(a.planned_gbp AS DECIMAL(18,2)) AS planned_gbp,
    CAST(a.realised_gbp AS DECIMAL(18,2)) AS realised_gbp,
    CAST(CASE WHEN a.is_answered = 1 AND a.period_index <= a.latest_index THEN a.planned_gbp END AS DECIMAL(18,2)) AS compared_gbp,
    CAST(CASE WHEN a.is_answered = 0 AND a.period_index <= a.latest_index THEN a.planned_gbp END AS DECIMAL(18,2)) AS not_read_gbp,
    CASE
        WHEN a.kind = 1 OR (a.is_answered = 0 AND a.known_kind = 1) THEN 'withheld'
        WHEN a.kind = 2 OR (a.is_answered = 0 AND a.known_kind = 2) THEN 'suppressed'
        WHEN a.kind = 3 OR (a.is_answered = 0 AND a.known_kind = 3) THEN 'not provided'
        WHEN a.kind = 4 OR (a.is_answered = 0 AND a.known_kind = 4) THEN 'too early'
        WHEN a.kind = 5 OR (a.is_answered = 0 AND a.period_index <= a.latest_index) THEN 'blank'
    END AS missing,
    CASE WHEN a.provisional = 1 THEN 'provisional' WHEN a.provisional = 0 THEN 'approved' END AS state,
    COALESCE(a.period_index <= a.latest_index, FALSE) AS is_to_date,
    CAST(a.latest_index AS INTEGER) AS latest_index
FROM answered AS a
LEFT JOIN agency_holders AS h ON h.agency_id = a.named_agency_id AND h.from_on <= a.period AND h.to_on > a.period
ORDER BY
    a.benefit_id ASC NULLS LAST, a.period_index ASC NULLS LAST, COALESCE(h.holder_id, a.named_agency_id) ASC NULLS LAST,
    a.named_agency_id ASC NULLS LAST
