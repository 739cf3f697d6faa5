-- What the partners have written down of how sure they are, and of how money may pass: which assumptions move together, by what
-- route one agency may pay another, and how far each cost may go beside what is stated.
--
-- New tables and new columns only: no stored row changes, and a column without a value is not part of a row's digest.

CREATE TABLE "h_correlations" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "assumption_a" VARCHAR,
    "assumption_b" VARCHAR,
    "rank_correlation" DECIMAL(18,4),
    "source" VARCHAR,
    "note" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_correlations" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "assumption_a" VARCHAR,
    "assumption_b" VARCHAR,
    "rank_correlation" DECIMAL(18,4),
    "source" VARCHAR,
    "note" VARCHAR
);

CREATE TABLE "h_agreements" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "payer_agency_id" VARCHAR,
    "receiver_agency_id" VARCHAR,
    "route" VARCHAR,
    "nature" VARCHAR,
    "reference" VARCHAR,
    "benefit_id" VARCHAR,
    "contracted_gbp" DECIMAL(18,2),
    "financial_year" INTEGER,
    "contracted_share_numerator" BIGINT,
    "contracted_share_denominator" BIGINT,
    "starts_on" DATE,
    "review_on" DATE,
    "ends_on" DATE,
    "ring_fenced" BOOLEAN,
    "reinvestment" VARCHAR,
    "reinvested_share_numerator" BIGINT,
    "reinvested_share_denominator" BIGINT,
    "source" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_agreements" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "payer_agency_id" VARCHAR,
    "receiver_agency_id" VARCHAR,
    "route" VARCHAR,
    "nature" VARCHAR,
    "reference" VARCHAR,
    "benefit_id" VARCHAR,
    "contracted_gbp" DECIMAL(18,2),
    "financial_year" INTEGER,
    "contracted_share_numerator" BIGINT,
    "contracted_share_denominator" BIGINT,
    "starts_on" DATE,
    "review_on" DATE,
    "ends_on" DATE,
    "ring_fenced" BOOLEAN,
    "reinvestment" VARCHAR,
    "reinvested_share_numerator" BIGINT,
    "reinvested_share_denominator" BIGINT,
    "source" VARCHAR
);

ALTER TABLE "h_contributions" ADD COLUMN "range_low" DECIMAL(18,4);
ALTER TABLE "h_contributions" ADD COLUMN "range_high" DECIMAL(18,4);
ALTER TABLE "h_contributions" ADD COLUMN "distribution" VARCHAR;
ALTER TABLE "h_contributions" ADD COLUMN "shared_name" VARCHAR;
ALTER TABLE "h_contributions" ADD COLUMN "range_source" VARCHAR;

ALTER TABLE "c_contributions" ADD COLUMN "range_low" DECIMAL(18,4);
ALTER TABLE "c_contributions" ADD COLUMN "range_high" DECIMAL(18,4);
ALTER TABLE "c_contributions" ADD COLUMN "distribution" VARCHAR;
ALTER TABLE "c_contributions" ADD COLUMN "shared_name" VARCHAR;
ALTER TABLE "c_contributions" ADD COLUMN "range_source" VARCHAR;
