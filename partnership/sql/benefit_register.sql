-- Title: Benefits register
-- Question: Which benefits are on plan, which are not, and since when?
-- Unit: £ to date; months
-- Source: benefits, benefit profile, re-baselines, benefit shares, role holders, and readings in £ that belong to a benefit
-- Columns: benefit_id title goal_id benefit_class category is_disbenefit is_counted falls_to full_year_gbp planned_gbp compared_gbp
--   realised_gbp not_read_gbp realised_share missing state months_off_plan owner_role validator_role last_reviewed_on
--   whole_life_gbp whole_life_missing
-- Definition: State, the first that is true. Not started: no plan yet in the months to date and no reading. Withheld: the latest month
--   of the plan to date is withheld. No reading: nothing was read. Off plan: real to date is below the partnership's own share (the
--   "off plan share") of the plan where read; with the number of months running in which the running totals were, when more than
--   one. For a dis-benefit, off plan is a harm greater than planned by as much; else it is as expected. Provisional: the latest reading
--   may still change. Else on plan.
--
--   Planned, real and not read are to date, and those of the chosen agency where one is chosen; the values in a full year and over
--   the whole life are always the whole benefit's. Furthest from plan first.
WITH thresholds AS (
    SELECT MAX(off_plan_share) / 100 AS share FROM partnership
),
to_date AS (
    SELECT
        benefit_id,
        SUM(planned_gbp) AS planned_gbp,
        SUM(compared_gbp) AS compared_gbp,
        SUM(realised_gbp) AS realised_gbp,
        SUM(not_read_gbp) AS not_read_gbp
    FROM benefit_months
    WHERE is_to_date
    GROUP BY benefit_id
),
kinds AS (
    SELECT
        benefit_id,
        missing,
        ROW_NUMBER() OVER (PARTITION BY benefit_id ORDER BY ABS(SUM(COALESCE(not_read_gbp, 0))) DESC NULLS LAST, COUNT(*) DESC NULLS LAST, missing DESC NULLS LAST) AS place
    FROM benefit_months
    WHERE is_to_date AND missing IS NOT NULL
    GROUP BY benefit_id, missing
),
-- The latest month to date that the plan or a reading speaks of, and the latest that was read.
latest_cells AS (
    SELECT
        benefit_id,
        MAX(period_index) AS last_index,
        MAX(CASE WHEN realised_gbp IS NOT NULL THEN period_index END) AS last_read_index
    FROM benefit_months
    WHERE is_to_date AND (planned_gbp IS NOT NULL OR realised_gbp IS NOT NULL OR missing IS NOT NULL)
    GROUP BY benefit_id
),
at_latest AS (
    SELECT
        l.benefit_id,
        MIN(CASE WHEN m.period_index = l.last_index AND m.realised_gbp IS NULL AND m.missing = 'withheld' THEN 1 WHEN m.period_index = l.last_index THEN 0 END) AS withheld,
        MAX(CASE WHEN m.period_index = l.last_read_index AND m.state = 'provisional' THEN 1 ELSE 0 END) AS provisional
    FROM latest_cells AS l
    JOIN benefit_months AS m ON m.benefit_id = l.benefit_id AND m.is_to_date
    GROUP BY l.benefit_id
),
-- Running totals by month that was read; below is 1 in a month in which they are off plan.
running AS (
    SELECT
        benefit_id,
        period_index,
        SUM(realised_gbp) OVER (PARTITION BY benefit_id ORDER BY period_index ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS realised_gbp,
        SUM(compared_gbp) OVER (PARTITION BY benefit_id ORDER BY period_index ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS compared_gbp,
        is_read
    FROM (
        SELECT
            benefit_id,
            period_index,
            SUM(COALESCE(realised_gbp, 0)) AS realised_gbp,
            SUM(COALESCE(compared_gbp, 0)) AS compared_gbp,
            MAX(CASE WHEN realised_gbp IS NOT NULL THEN 1 ELSE 0 END) AS is_read
        FROM benefit_months
        WHERE is_to_date
        GROUP BY benefit_id, period_index
    ) AS by_month
),
judged AS (
    SELECT
        r.benefit_id,
        r.period_index,
        CASE
            WHEN r.compared_gbp < 0 AND r.realised_gbp < r.compared_gbp * (2 - t.share) THEN 1
            WHEN r.compared_gbp >= 0 AND r.realised_gbp < r.compared_gbp * t.share THEN 1
            ELSE 0
        END AS below
    FROM running AS r
    CROSS JOIN thresholds AS t
    WHERE r.is_read = 1
),
off_months AS (
    SELECT j.benefit_id, COUNT(CASE WHEN j.period_index > COALESCE(f.last_fine_index, 0) THEN 1 END) AS months_off_plan
    FROM judged AS j
    LEFT JOIN (
        SELECT benefit_id, MAX(CASE WHEN below = 0 THEN period_index END) AS last_fine_index FROM judged GROUP BY benefit_id
    ) AS f ON f.benefit_id = j.benefit_id
    GROUP BY j.benefit_id
),
-- To whom it falls: the agencies named by the shares or, where there are none, by the plan; today's holder for one that left.
falls AS (
    SELECT f.benefit_id, h.holder_id AS agency_id, MAX(f.weight) AS weight
    FROM (
        SELECT benefit_id, agency_id, CAST(share_numerator AS DOUBLE) / NULLIF(share_denominator, 0) AS weight
        FROM benefit_shares
        WHERE share_numerator > 0
        UNION ALL
        SELECT benefit_id, named_agency_id, CAST(SUM(ABS(planned_gbp)) AS DOUBLE) * 0.000000000001
        FROM benefit_ledger
        WHERE named_agency_id IS NOT NULL AND planned_gbp <> 0
        GROUP BY benefit_id, named_agency_id
    ) AS f
    CROSS JOIN asked
    JOIN agency_holders AS h ON h.agency_id = f.agency_id AND h.from_on <= asked.today AND h.to_on > asked.today
    GROUP BY f.benefit_id, h.holder_id
),
ranked AS (
    SELECT
        f.benefit_id,
        f.agency_id,
        a.code,
        ROW_NUMBER() OVER (PARTITION BY f.benefit_id ORDER BY f.weight DESC NULLS LAST, a.code ASC NULLS LAST) AS place
    FROM falls AS f
    JOIN agencies AS a ON a.id = f.agency_id
),
partners AS (
    SELECT a.id
    FROM agencies AS a
    CROSS JOIN asked
    WHERE a.duty <> 'outside' AND (a.left_on IS NULL OR a.left_on > asked.today)
),
badges AS (
    SELECT
        r.benefit_id,
        CASE
            WHEN COUNT(p.id) > 1 AND COUNT(p.id) = MAX(n.partners) AND COUNT(*) = COUNT(p.id) THEN 'all partners'
            ELSE MAX(CASE WHEN r.place = 1 THEN r.code END)
                || COALESCE(', ' || MAX(CASE WHEN r.place = 2 THEN r.code END), '')
                || COALESCE(', ' || MAX(CASE WHEN r.place = 3 THEN r.code END), '')
                || COALESCE(', ' || MAX(CASE WHEN r.place = 4 THEN r.code END), '')
                || COALESCE(', ' || MAX(CASE WHEN r.place = 5 THEN r.code END), '')
                || CASE WHEN COUNT(*) > 5 THEN ' and ' || CAST(COUNT(*) - 5 AS VARCHAR) || ' more' ELSE '' END
        END AS falls_to
    FROM ranked AS r
    LEFT JOIN partners AS p ON p.id = r.agency_id
    CROSS JOIN (SELECT COUNT(*) AS partners FROM partners) AS n
    GROUP BY r.benefit_id
),
states AS (
    SELECT
        b.*,
        g.falls_to,
        d.planned_gbp,
        d.compared_gbp,
        d.realised_gbp,
        d.not_read_gbp,
        k.missing,
        COALESCE(o.months_off_plan, 0) AS months_off_plan,
        CASE
            WHEN d.benefit_id IS NULL AND (p.benefit_id IS NOT NULL OR b.starts_on > asked.today) THEN 'not started'
            WHEN l.withheld = 1 THEN 'withheld'
            WHEN d.realised_gbp IS NULL THEN 'no reading'
            WHEN o.months_off_plan > 1 THEN 'off plan ' || CAST(o.months_off_plan AS VARCHAR) || ' months'
            WHEN o.months_off_plan = 1 THEN 'off plan'
            WHEN b.is_disbenefit THEN 'as expected'
            WHEN l.provisional = 1 THEN 'provisional'
            ELSE 'on plan'
        END AS state
    FROM benefits AS b
    CROSS JOIN asked
    LEFT JOIN to_date AS d ON d.benefit_id = b.id
    LEFT JOIN (SELECT DISTINCT benefit_id FROM benefit_months WHERE planned_gbp IS NOT NULL) AS p ON p.benefit_id = b.id
    LEFT JOIN kinds AS k ON k.benefit_id = b.id AND k.place = 1
    LEFT JOIN at_latest AS l ON l.benefit_id = b.id
    LEFT JOIN off_months AS o ON o.benefit_id = b.id
    LEFT JOIN badges AS g ON g.benefit_id = b.id
    WHERE (asked.goal_id IS NULL OR b.goal_id = asked.goal_id)
      AND (asked.benefit_class IS NULL OR b.benefit_class = asked.benefit_class)
      AND (asked.agency_id IS NULL OR EXISTS (SELECT 1 FROM falls AS f WHERE f.benefit_id = b.id AND f.agency_id = asked.agency_id))
)
SELECT
    s.id AS benefit_id,
    s.title,
    s.goal_id,
    s.benefit_class,
    s.category,
    s.is_disbenefit,
    s.category = 'fiscal' OR s.additive AS is_counted,
    s.falls_to,
    s.full_year_gbp,
    CAST(s.planned_gbp AS DECIMAL(18,2)) AS planned_gbp,
    CAST(s.compared_gbp AS DECIMAL(18,2)) AS compared_gbp,
    CAST(s.realised_gbp AS DECIMAL(18,2)) AS realised_gbp,
    CAST(s.not_read_gbp AS DECIMAL(18,2)) AS not_read_gbp,
    CAST(s.realised_gbp AS DOUBLE) / NULLIF(CAST(s.compared_gbp AS DOUBLE), 0) AS realised_share,
    s.missing,
    s.state,
    s.months_off_plan,
    o.role AS owner_role,
    v.role AS validator_role,
    s.last_reviewed_on,
    s.whole_life_gbp,
    s.whole_life_missing
FROM states AS s
LEFT JOIN role_holders AS o ON o.id = s.owner_role_id
LEFT JOIN role_holders AS v ON v.id = s.validator_role_id
ORDER BY
    CASE WHEN s.months_off_plan > 0 THEN 0 ELSE 1 END,
    CAST(s.realised_gbp AS DOUBLE) / NULLIF(CAST(s.compared_gbp AS DOUBLE), 0) ASC NULLS LAST,
    s.full_year_gbp DESC NULLS LAST,
    s.id ASC NULLS LAST
