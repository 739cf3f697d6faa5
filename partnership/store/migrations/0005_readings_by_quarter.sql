-- The sums of readings by quarter: what stands month by month, added up once more, for questions by quarter, by financial
-- year and over all time. Worked out of the sums that are there; nothing else is touched, and verify-store holds them
-- against the months.

CREATE TABLE "m_reading_quarters" (
    "series" INTEGER,
    "quarter_index" INTEGER,
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

CREATE TABLE "m_reading_quarter_days" (
    "seq" BIGINT,
    "day" DATE,
    "series" INTEGER,
    "quarter_index" INTEGER,
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

INSERT INTO "m_reading_quarters"
SELECT "series", CAST("period_index" // 3 AS INTEGER) AS "quarter_index", "is_small", CAST(SUM("readings") AS INTEGER)
    AS "readings", CAST(SUM("read_cells") AS INTEGER) AS "read_cells", CAST(SUM("number_cells") AS INTEGER) AS
    "number_cells", CAST(SUM("value_cells") AS INTEGER) AS "value_cells", CAST(SUM("pair_cells") AS INTEGER) AS
    "pair_cells", CAST(SUM("label_cells") AS INTEGER) AS "label_cells", CAST(SUM("withheld_cells") AS INTEGER) AS
    "withheld_cells", CAST(SUM("not_provided_cells") AS INTEGER) AS "not_provided_cells", CAST(SUM("too_early_cells")
    AS INTEGER) AS "too_early_cells", CAST(SUM("suppressed_cells") AS INTEGER) AS "suppressed_cells",
    CAST(SUM("blank_cells") AS INTEGER) AS "blank_cells", CAST(COALESCE(SUM("value_total"), 0) AS DECIMAL(38,4)) AS
    "value_total", CAST(COALESCE(SUM("numerator_total"), 0) AS DECIMAL(38,4)) AS "numerator_total",
    CAST(COALESCE(SUM("denominator_total"), 0) AS DECIMAL(38,4)) AS "denominator_total"
FROM "m_reading_months" AS m  GROUP BY 1, 2, 3 ORDER BY "series", "quarter_index";

INSERT INTO "m_reading_quarter_days"
SELECT "seq", "day", "series", CAST("period_index" // 3 AS INTEGER) AS "quarter_index", "is_small",
    CAST(SUM("readings") AS INTEGER) AS "readings", CAST(SUM("read_cells") AS INTEGER) AS "read_cells",
    CAST(SUM("number_cells") AS INTEGER) AS "number_cells", CAST(SUM("value_cells") AS INTEGER) AS "value_cells",
    CAST(SUM("pair_cells") AS INTEGER) AS "pair_cells", CAST(SUM("label_cells") AS INTEGER) AS "label_cells",
    CAST(SUM("withheld_cells") AS INTEGER) AS "withheld_cells", CAST(SUM("not_provided_cells") AS INTEGER) AS
    "not_provided_cells", CAST(SUM("too_early_cells") AS INTEGER) AS "too_early_cells", CAST(SUM("suppressed_cells")
    AS INTEGER) AS "suppressed_cells", CAST(SUM("blank_cells") AS INTEGER) AS "blank_cells",
    CAST(COALESCE(SUM("value_total"), 0) AS DECIMAL(38,4)) AS "value_total", CAST(COALESCE(SUM("numerator_total"), 0)
    AS DECIMAL(38,4)) AS "numerator_total", CAST(COALESCE(SUM("denominator_total"), 0) AS DECIMAL(38,4)) AS
    "denominator_total"
FROM "m_reading_days" AS d GROUP BY 1, 2, 3, 4, 5 ORDER BY "series", "quarter_index";
