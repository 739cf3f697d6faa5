-- Clocks are rows of the plan: how long there is for what, in whose working hours, from when to when and by whose word. They
-- stood in a file beside the store, of which no history was kept; that file is read until there are rows here.
--
-- New tables only: no stored row changes.

CREATE TABLE "h_clocks" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "clock_id" VARCHAR,
    "name" VARCHAR,
    "times" VARCHAR,
    "colour" VARCHAR,
    "allows" BIGINT,
    "counts" VARCHAR,
    "works_on" VARCHAR,
    "works_from" VARCHAR,
    "works_until" VARCHAR,
    "bank_holidays" VARCHAR,
    "measure_id" VARCHAR,
    "source" VARCHAR,
    "effective_from" DATE,
    "effective_to" DATE,
    "standing" VARCHAR,
    "decided_on" DATE,
    "note" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_clocks" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "clock_id" VARCHAR,
    "name" VARCHAR,
    "times" VARCHAR,
    "colour" VARCHAR,
    "allows" BIGINT,
    "counts" VARCHAR,
    "works_on" VARCHAR,
    "works_from" VARCHAR,
    "works_until" VARCHAR,
    "bank_holidays" VARCHAR,
    "measure_id" VARCHAR,
    "source" VARCHAR,
    "effective_from" DATE,
    "effective_to" DATE,
    "standing" VARCHAR,
    "decided_on" DATE,
    "note" VARCHAR
);
