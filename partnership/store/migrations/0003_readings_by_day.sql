-- What each change added to the sums of readings and took away from them, with the day from which that counts: sums "as
-- known on a day" are then read here alone. Worked out of the readings that are there; nothing else is touched, and
-- verify-store holds it against the history.

CREATE TABLE "m_reading_days" (
    "seq" BIGINT,
    "day" DATE,
    "series" INTEGER,
    "period" DATE,
    "period_index" INTEGER,
    "state" VARCHAR,
    "is_small" BOOLEAN,
    "readings" INTEGER,
    "read_cells" INTEGER,
    "number_cells" INTEGER,
    "value_cells" INTEGER,
    "pair_cells" INTEGER,
    "label_cells" INTEGER,
    "withheld_cells" INTEGER,
    "not_provided_cells" INTEGER,
    "too_early_cells" INTEGER,
    "suppressed_cells" INTEGER,
    "blank_cells" INTEGER,
    "value_total" DECIMAL(38,4),
    "numerator_total" DECIMAL(38,4),
    "denominator_total" DECIMAL(38,4)
);

-- Earlier versions may be of a series that no current reading has.

INSERT INTO "m_reading_series" ("series", "measure_id", "benefit_id", "agency_id", "is_of_item")
SELECT (SELECT COALESCE(MAX("series"), 0) FROM "m_reading_series") + ROW_NUMBER() OVER (ORDER BY d."measure_id" ASC
    NULLS FIRST, d."benefit_id" ASC NULLS FIRST, d."agency_id" ASC NULLS FIRST, d."is_of_item" ASC NULLS FIRST),
    d."measure_id", d."benefit_id", d."agency_id", d."is_of_item"
FROM (SELECT DISTINCT "measure_id", "benefit_id", "agency_id", "is_of_item" FROM (
    SELECT "measure_id", "benefit_id", "agency_id", "item_id" IS NOT NULL AS "is_of_item" FROM "p_readings"
) AS moved) AS d
WHERE NOT EXISTS (SELECT 1 FROM "m_reading_series" AS k WHERE k."measure_id" IS NOT DISTINCT FROM d."measure_id" AND
    k."benefit_id" IS NOT DISTINCT FROM d."benefit_id" AND k."agency_id" IS NOT DISTINCT FROM d."agency_id" AND
    k."is_of_item" IS NOT DISTINCT FROM d."is_of_item");

INSERT INTO "m_reading_days"
WITH all_changes AS (
    SELECT "seq", CAST((("recorded_at" AT TIME ZONE 'UTC') AT TIME ZONE 'Europe/London') AS DATE) AS "own_day"
    FROM "change" WHERE "what" <> 'refusal'
),
known AS (
    SELECT "seq", MIN("own_day") OVER (ORDER BY "seq" ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS "day"
    FROM all_changes
),
known_days AS (
    SELECT "seq", "day", CASE WHEN "seq" = (SELECT MIN("seq") FROM all_changes) THEN DATE '0001-01-01' ELSE "day" END AS "from_day"
    FROM known
)
SELECT "seq", "day", "series", "period", "period_index", "state", "is_small", CAST("readings" AS INTEGER) AS
    "readings", CAST("read_cells" AS INTEGER) AS "read_cells", CAST("number_cells" AS INTEGER) AS "number_cells",
    CAST("value_cells" AS INTEGER) AS "value_cells", CAST("pair_cells" AS INTEGER) AS "pair_cells", CAST("label_cells"
    AS INTEGER) AS "label_cells", CAST("withheld_cells" AS INTEGER) AS "withheld_cells", CAST("not_provided_cells" AS
    INTEGER) AS "not_provided_cells", CAST("too_early_cells" AS INTEGER) AS "too_early_cells", CAST("suppressed_cells"
    AS INTEGER) AS "suppressed_cells", CAST("blank_cells" AS INTEGER) AS "blank_cells", CAST(COALESCE("value_total",
    0) AS DECIMAL(38,4)) AS "value_total", CAST(COALESCE("numerator_total", 0) AS DECIMAL(38,4)) AS "numerator_total",
    CAST(COALESCE("denominator_total", 0) AS DECIMAL(38,4)) AS "denominator_total" FROM (
SELECT d."seq", d."day", k."series", d."period", d."period_index", d."state", d."is_small", d."readings",
    d."read_cells", d."number_cells", d."value_cells", d."pair_cells", d."label_cells", d."withheld_cells",
    d."not_provided_cells", d."too_early_cells", d."suppressed_cells", d."blank_cells", d."value_total",
    d."numerator_total", d."denominator_total"
FROM (
SELECT "seq", "day", "measure_id", "benefit_id", "agency_id", "item_id" IS NOT NULL AS "is_of_item", "period",
    "period_index", "state", "is_small", SUM(CASE WHEN TRUE THEN "sign" ELSE 0 END) AS "readings", SUM(CASE WHEN
    ("value" IS NOT NULL OR "numerator" IS NOT NULL OR "label" IS NOT NULL) THEN "sign" ELSE 0 END) AS "read_cells",
    SUM(CASE WHEN ("value" IS NOT NULL OR "numerator" IS NOT NULL) THEN "sign" ELSE 0 END) AS "number_cells", SUM(CASE
    WHEN "value" IS NOT NULL THEN "sign" ELSE 0 END) AS "value_cells", SUM(CASE WHEN ("numerator" IS NOT NULL AND
    "denominator" IS NOT NULL) THEN "sign" ELSE 0 END) AS "pair_cells", SUM(CASE WHEN "label" IS NOT NULL THEN "sign"
    ELSE 0 END) AS "label_cells", SUM(CASE WHEN NOT ("value" IS NOT NULL OR "numerator" IS NOT NULL OR "label" IS NOT
    NULL) AND missing = 'withheld' THEN "sign" ELSE 0 END) AS "withheld_cells", SUM(CASE WHEN NOT ("value" IS NOT NULL
    OR "numerator" IS NOT NULL OR "label" IS NOT NULL) AND missing = 'not provided' THEN "sign" ELSE 0 END) AS
    "not_provided_cells", SUM(CASE WHEN NOT ("value" IS NOT NULL OR "numerator" IS NOT NULL OR "label" IS NOT NULL)
    AND missing = 'too early' THEN "sign" ELSE 0 END) AS "too_early_cells", SUM(CASE WHEN NOT ("value" IS NOT NULL OR
    "numerator" IS NOT NULL OR "label" IS NOT NULL) AND missing = 'suppressed' THEN "sign" ELSE 0 END) AS
    "suppressed_cells", SUM(CASE WHEN NOT ("value" IS NOT NULL OR "numerator" IS NOT NULL OR "label" IS NOT NULL) AND
    COALESCE(missing, 'blank') = 'blank' THEN "sign" ELSE 0 END) AS "blank_cells", SUM(CASE WHEN "sign" > 0 THEN
    "value" ELSE -("value") END) AS "value_total", SUM(CASE WHEN "sign" > 0 THEN CASE WHEN ("numerator" IS NOT NULL
    AND "denominator" IS NOT NULL) THEN "numerator" END ELSE -(CASE WHEN ("numerator" IS NOT NULL AND "denominator" IS
    NOT NULL) THEN "numerator" END) END) AS "numerator_total", SUM(CASE WHEN "sign" > 0 THEN CASE WHEN ("numerator" IS
    NOT NULL AND "denominator" IS NOT NULL) THEN "denominator" END ELSE -(CASE WHEN ("numerator" IS NOT NULL AND
    "denominator" IS NOT NULL) THEN "denominator" END) END) AS "denominator_total"
FROM (
SELECT 1 AS "sign", "measure_id", "benefit_id", "agency_id", "item_id", "period", "period_index", "state", "value",
    "numerator", "denominator", "label", "missing", "is_small" AS "is_small", CAST("change_seq" AS BIGINT) AS "seq",
    CAST("since_day" AS DATE) AS "day" FROM (SELECT r."measure_id", r."benefit_id", r."item_id", r."agency_id",
    r."period", r."period_index", r."value", r."numerator", r."denominator", r."label", r."missing", r."missing_note",
    r."state", r."approved_by_role_id", r."source", r."read_on", r."change_seq", (COALESCE(ABS(r."numerator") > 0 AND
    ABS(r."numerator") <= 5, FALSE) OR COALESCE(ABS(r."denominator") > 0 AND ABS(r."denominator") <= 5, FALSE) OR
    (r."denominator" IS NULL AND COALESCE(ABS(r."value") > 0 AND ABS(r."value") <= 5, FALSE))) AS "is_small",
    GREATEST(k."from_day", COALESCE(r."read_on", k."from_day")) AS "since_day" FROM "c_readings" AS r JOIN known_days
    AS k ON k."seq" = r."change_seq") AS v
UNION ALL SELECT 1 AS "sign", "measure_id", "benefit_id", "agency_id", "item_id", "period", "period_index", "state",
    "value", "numerator", "denominator", "label", "missing", "is_small" AS "is_small", CAST("change_seq" AS BIGINT) AS
    "seq", CAST("since_day" AS DATE) AS "day" FROM (SELECT r."measure_id", r."benefit_id", r."item_id", r."agency_id",
    r."period", r."period_index", r."value", r."numerator", r."denominator", r."label", r."missing", r."missing_note",
    r."state", r."approved_by_role_id", r."source", r."read_on", r."change_seq", r."is_small", r."next_seq",
    GREATEST(k."from_day", COALESCE(r."read_on", k."from_day")) AS "since_day", GREATEST(GREATEST(k."from_day",
    COALESCE(r."read_on", k."from_day")), r."until") AS "gone_on" FROM "p_readings" AS r JOIN known_days AS k ON
    k."seq" = r."change_seq") AS v
UNION ALL SELECT -1 AS "sign", "measure_id", "benefit_id", "agency_id", "item_id", "period", "period_index", "state",
    "value", "numerator", "denominator", "label", "missing", "is_small" AS "is_small", CAST("next_seq" AS BIGINT) AS
    "seq", CAST("gone_on" AS DATE) AS "day" FROM (SELECT r."measure_id", r."benefit_id", r."item_id", r."agency_id",
    r."period", r."period_index", r."value", r."numerator", r."denominator", r."label", r."missing", r."missing_note",
    r."state", r."approved_by_role_id", r."source", r."read_on", r."change_seq", r."is_small", r."next_seq",
    GREATEST(k."from_day", COALESCE(r."read_on", k."from_day")) AS "since_day", GREATEST(GREATEST(k."from_day",
    COALESCE(r."read_on", k."from_day")), r."until") AS "gone_on" FROM "p_readings" AS r JOIN known_days AS k ON
    k."seq" = r."change_seq") AS v
) AS r GROUP BY "seq", "day", "measure_id", "benefit_id", "agency_id", "item_id" IS NOT NULL, "period", "period_index", "state", "is_small"
) AS d JOIN "m_reading_series" AS k ON k."measure_id" IS NOT DISTINCT FROM d."measure_id" AND k."benefit_id" IS NOT
    DISTINCT FROM d."benefit_id" AND k."agency_id" IS NOT DISTINCT FROM d."agency_id" AND k."is_of_item" IS NOT
    DISTINCT FROM d."is_of_item"
) AS m ORDER BY "series", "period_index";
