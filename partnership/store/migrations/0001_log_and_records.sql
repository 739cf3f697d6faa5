-- The log of changes, the record tables with their history, and what the store knows of itself.
--
-- h_<table> is append-only: every version of every row, with the number of the change that wrote it.
-- c_<table> is the current state, maintained by the same transaction.
-- p_ and m_ tables are worked out from the readings, and maintained by the same transaction too.
-- There are no indexes and no foreign keys on purpose: the writer lock and the checks of `verify-store` hold what they would,
-- and DuckDB's write-ahead log has had faults with indexes in schema changes.

CREATE TABLE "actor" (
    "actor_id" BIGINT NOT NULL,
    "name" VARCHAR NOT NULL,
    "kind" VARCHAR NOT NULL
);

CREATE TABLE "change" (
    "seq" BIGINT NOT NULL,
    "recorded_at" TIMESTAMP NOT NULL,
    "actor_id" BIGINT NOT NULL,
    "what" VARCHAR NOT NULL,
    "reason" VARCHAR NOT NULL,
    "source_name" VARCHAR,
    "source_sha256" VARCHAR,
    "source_kind" VARCHAR,
    "rows_read" BIGINT,
    "rows_kept" BIGINT,
    "new_rows" BIGINT NOT NULL,
    "changed_rows" BIGINT NOT NULL,
    "removed_rows" BIGINT NOT NULL,
    "counts" VARCHAR NOT NULL,
    "idempotency_key" VARCHAR,
    "request_sha256" VARCHAR,
    "clock_went_back" BOOLEAN NOT NULL,
    "entry" VARCHAR NOT NULL,
    "entry_hash" VARCHAR NOT NULL,
    CHECK ("what" IN ('load', 'edit', 'refusal'))
);

-- What a formula had worked out in an accepted file, cell by cell: the value is in the history, its formula here.
-- Its digest is part of the entry of its change.
CREATE TABLE "formula" (
    "seq" BIGINT NOT NULL,
    "table_name" VARCHAR NOT NULL,
    "row_key" VARCHAR NOT NULL,
    "field" VARCHAR NOT NULL,
    "place" VARCHAR NOT NULL,
    "formula" VARCHAR NOT NULL
);

CREATE TABLE "copied" (
    "taken_at" TIMESTAMP NOT NULL,
    "seq" BIGINT NOT NULL,
    "purpose" VARCHAR NOT NULL
);

CREATE TABLE "h_partnership" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "name" VARCHAR,
    "bhag" VARCHAR,
    "bhag_measure_id" VARCHAR,
    "bhag_baseline_value" DECIMAL(18,4),
    "bhag_baseline_on" DATE,
    "bhag_target_value" DECIMAL(18,4),
    "bhag_target_on" DATE,
    "plan_starts_on" DATE,
    "plan_ends_on" DATE,
    "last_board_on" DATE,
    "next_board_on" DATE,
    "price_year" VARCHAR,
    "gap_discuss_ratio" DECIMAL(18,4),
    "gap_redefine_ratio" DECIMAL(18,4),
    "off_plan_share" DECIMAL(18,4),
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_partnership" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "name" VARCHAR,
    "bhag" VARCHAR,
    "bhag_measure_id" VARCHAR,
    "bhag_baseline_value" DECIMAL(18,4),
    "bhag_baseline_on" DATE,
    "bhag_target_value" DECIMAL(18,4),
    "bhag_target_on" DATE,
    "plan_starts_on" DATE,
    "plan_ends_on" DATE,
    "last_board_on" DATE,
    "next_board_on" DATE,
    "price_year" VARCHAR,
    "gap_discuss_ratio" DECIMAL(18,4),
    "gap_redefine_ratio" DECIMAL(18,4),
    "off_plan_share" DECIMAL(18,4)
);

CREATE TABLE "h_agencies" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "code" VARCHAR,
    "name" VARCHAR,
    "short_name" VARCHAR,
    "sector" VARCHAR,
    "duty" VARCHAR,
    "joined_on" DATE,
    "left_on" DATE,
    "succeeded_by_id" VARCHAR,
    "mark" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_agencies" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "code" VARCHAR,
    "name" VARCHAR,
    "short_name" VARCHAR,
    "sector" VARCHAR,
    "duty" VARCHAR,
    "joined_on" DATE,
    "left_on" DATE,
    "succeeded_by_id" VARCHAR,
    "mark" VARCHAR
);

CREATE TABLE "h_role_holders" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "agency_id" VARCHAR,
    "role" VARCHAR,
    "holder" VARCHAR,
    "started_on" DATE,
    "ended_on" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_role_holders" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "agency_id" VARCHAR,
    "role" VARCHAR,
    "holder" VARCHAR,
    "started_on" DATE,
    "ended_on" DATE
);

CREATE TABLE "h_measures" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "name" VARCHAR,
    "unit" VARCHAR,
    "polarity" VARCHAR,
    "kind" VARCHAR,
    "numerator" VARCHAR,
    "denominator" VARCHAR,
    "per" VARCHAR,
    "frequency" VARCHAR,
    "source" VARCHAR,
    "definition_id" VARCHAR,
    "definition" VARCHAR,
    "counts_people" BOOLEAN,
    "owner_role_id" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_measures" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "name" VARCHAR,
    "unit" VARCHAR,
    "polarity" VARCHAR,
    "kind" VARCHAR,
    "numerator" VARCHAR,
    "denominator" VARCHAR,
    "per" VARCHAR,
    "frequency" VARCHAR,
    "source" VARCHAR,
    "definition_id" VARCHAR,
    "definition" VARCHAR,
    "counts_people" BOOLEAN,
    "owner_role_id" VARCHAR
);

CREATE TABLE "h_chart_rules" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "measure_id" VARCHAR,
    "shift_points" BIGINT,
    "trend_points" BIGINT,
    "two_in_three" BOOLEAN,
    "limit_factor" DECIMAL(18,4),
    "screens_ranges" BOOLEAN,
    "screen_factor" DECIMAL(18,4),
    "least_readings" BIGINT,
    "baseline_readings" BIGINT,
    "least_average_count" DECIMAL(18,4),
    "reason" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_chart_rules" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "measure_id" VARCHAR,
    "shift_points" BIGINT,
    "trend_points" BIGINT,
    "two_in_three" BOOLEAN,
    "limit_factor" DECIMAL(18,4),
    "screens_ranges" BOOLEAN,
    "screen_factor" DECIMAL(18,4),
    "least_readings" BIGINT,
    "baseline_readings" BIGINT,
    "least_average_count" DECIMAL(18,4),
    "reason" VARCHAR
);

CREATE TABLE "h_goals" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "title" VARCHAR,
    "description" VARCHAR,
    "parent_goal_id" VARCHAR,
    "measure_id" VARCHAR,
    "leading_measure_id" VARCHAR,
    "baseline_value" DECIMAL(18,4),
    "baseline_on" DATE,
    "baseline_source" VARCHAR,
    "target_value" DECIMAL(18,4),
    "target_on" DATE,
    "starts_on" DATE,
    "owner_agency_id" VARCHAR,
    "owner_role_id" VARCHAR,
    "last_reviewed_on" DATE,
    "closed_on" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_goals" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "title" VARCHAR,
    "description" VARCHAR,
    "parent_goal_id" VARCHAR,
    "measure_id" VARCHAR,
    "leading_measure_id" VARCHAR,
    "baseline_value" DECIMAL(18,4),
    "baseline_on" DATE,
    "baseline_source" VARCHAR,
    "target_value" DECIMAL(18,4),
    "target_on" DATE,
    "starts_on" DATE,
    "owner_agency_id" VARCHAR,
    "owner_role_id" VARCHAR,
    "last_reviewed_on" DATE,
    "closed_on" DATE
);

CREATE TABLE "h_goal_milestones" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "goal_id" VARCHAR,
    "due_on" DATE,
    "title" VARCHAR,
    "target_value" DECIMAL(18,4),
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_goal_milestones" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "goal_id" VARCHAR,
    "due_on" DATE,
    "title" VARCHAR,
    "target_value" DECIMAL(18,4)
);

CREATE TABLE "h_goal_partners" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "goal_id" VARCHAR,
    "agency_id" VARCHAR,
    "gives" VARCHAR,
    "gets" VARCHAR,
    "first_results_by" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_goal_partners" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "goal_id" VARCHAR,
    "agency_id" VARCHAR,
    "gives" VARCHAR,
    "gets" VARCHAR,
    "first_results_by" DATE
);

CREATE TABLE "h_expectations" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "goal_id" VARCHAR,
    "measure_id" VARCHAR,
    "agency_id" VARCHAR,
    "direction" VARCHAR,
    "counterpart_id" VARCHAR,
    "answer" VARCHAR,
    "quantity" DECIMAL(18,4),
    "unit" VARCHAR,
    "per" VARCHAR,
    "expected_by" DATE,
    "definition_id" VARCHAR,
    "scope" VARCHAR,
    "definition_note" VARCHAR,
    "stated_on" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_expectations" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "goal_id" VARCHAR,
    "measure_id" VARCHAR,
    "agency_id" VARCHAR,
    "direction" VARCHAR,
    "counterpart_id" VARCHAR,
    "answer" VARCHAR,
    "quantity" DECIMAL(18,4),
    "unit" VARCHAR,
    "per" VARCHAR,
    "expected_by" DATE,
    "definition_id" VARCHAR,
    "scope" VARCHAR,
    "definition_note" VARCHAR,
    "stated_on" DATE
);

CREATE TABLE "h_work_items" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "title" VARCHAR,
    "description" VARCHAR,
    "function" VARCHAR,
    "population" VARCHAR,
    "theme" VARCHAR,
    "goal_id" VARCHAR,
    "lead_agency_id" VARCHAR,
    "habit" VARCHAR,
    "habit_evidence" VARCHAR,
    "shared_now" BOOLEAN,
    "shared_future" BOOLEAN,
    "depends_on" VARCHAR,
    "excludes" VARCHAR,
    "volume_a_year" DECIMAL(18,4),
    "starts_on" DATE,
    "due_on" DATE,
    "expected_on" DATE,
    "done_on" DATE,
    "status" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_work_items" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "title" VARCHAR,
    "description" VARCHAR,
    "function" VARCHAR,
    "population" VARCHAR,
    "theme" VARCHAR,
    "goal_id" VARCHAR,
    "lead_agency_id" VARCHAR,
    "habit" VARCHAR,
    "habit_evidence" VARCHAR,
    "shared_now" BOOLEAN,
    "shared_future" BOOLEAN,
    "depends_on" VARCHAR,
    "excludes" VARCHAR,
    "volume_a_year" DECIMAL(18,4),
    "starts_on" DATE,
    "due_on" DATE,
    "expected_on" DATE,
    "done_on" DATE,
    "status" VARCHAR
);

CREATE TABLE "h_item_agencies" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "item_id" VARCHAR,
    "agency_id" VARCHAR,
    "part" VARCHAR,
    "effort_days" DECIMAL(18,4),
    "hours_a_week_now" DECIMAL(18,4),
    "hours_a_week_after" DECIMAL(18,4),
    "meetings_a_month_now" DECIMAL(18,4),
    "travel_hours_a_month" DECIMAL(18,4),
    "keyed_again" BIGINT,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_item_agencies" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "item_id" VARCHAR,
    "agency_id" VARCHAR,
    "part" VARCHAR,
    "effort_days" DECIMAL(18,4),
    "hours_a_week_now" DECIMAL(18,4),
    "hours_a_week_after" DECIMAL(18,4),
    "meetings_a_month_now" DECIMAL(18,4),
    "travel_hours_a_month" DECIMAL(18,4),
    "keyed_again" BIGINT
);

CREATE TABLE "h_capacity" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "agency_id" VARCHAR,
    "quarter_starts_on" DATE,
    "days" DECIMAL(18,4),
    "money_gbp" DECIMAL(18,4),
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_capacity" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "agency_id" VARCHAR,
    "quarter_starts_on" DATE,
    "days" DECIMAL(18,4),
    "money_gbp" DECIMAL(18,4)
);

CREATE TABLE "h_criteria" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "axis" VARCHAR,
    "name" VARCHAR,
    "weight" DECIMAL(18,4),
    "anchor_0" VARCHAR,
    "anchor_5" VARCHAR,
    "anchor_10" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_criteria" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "axis" VARCHAR,
    "name" VARCHAR,
    "weight" DECIMAL(18,4),
    "anchor_0" VARCHAR,
    "anchor_5" VARCHAR,
    "anchor_10" VARCHAR
);

CREATE TABLE "h_scoring_rounds" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "opened_on" DATE,
    "revealed_on" DATE,
    "closed_on" DATE,
    "stopping_rule" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_scoring_rounds" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "opened_on" DATE,
    "revealed_on" DATE,
    "closed_on" DATE,
    "stopping_rule" VARCHAR
);

CREATE TABLE "h_scores" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "item_id" VARCHAR,
    "criterion_id" VARCHAR,
    "round_id" VARCHAR,
    "agency_id" VARCHAR,
    "scorer_role_id" VARCHAR,
    "score" DECIMAL(18,4),
    "abstained" BOOLEAN,
    "confidence" BIGINT,
    "note" VARCHAR,
    "scored_on" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_scores" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "item_id" VARCHAR,
    "criterion_id" VARCHAR,
    "round_id" VARCHAR,
    "agency_id" VARCHAR,
    "scorer_role_id" VARCHAR,
    "score" DECIMAL(18,4),
    "abstained" BOOLEAN,
    "confidence" BIGINT,
    "note" VARCHAR,
    "scored_on" DATE
);

CREATE TABLE "h_contributions" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "agency_id" VARCHAR,
    "item_id" VARCHAR,
    "goal_id" VARCHAR,
    "financial_year" INTEGER,
    "stage" VARCHAR,
    "entry" VARCHAR,
    "amount_gbp" DECIMAL(18,2),
    "form" VARCHAR,
    "nature" VARCHAR,
    "funding" VARCHAR,
    "price_base" VARCHAR,
    "price_year" VARCHAR,
    "agreed" VARCHAR,
    "funding_ends_on" DATE,
    "note" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_contributions" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "agency_id" VARCHAR,
    "item_id" VARCHAR,
    "goal_id" VARCHAR,
    "financial_year" INTEGER,
    "stage" VARCHAR,
    "entry" VARCHAR,
    "amount_gbp" DECIMAL(18,2),
    "form" VARCHAR,
    "nature" VARCHAR,
    "funding" VARCHAR,
    "price_base" VARCHAR,
    "price_year" VARCHAR,
    "agreed" VARCHAR,
    "funding_ends_on" DATE,
    "note" VARCHAR
);

CREATE TABLE "h_benefits" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "title" VARCHAR,
    "description" VARCHAR,
    "goal_id" VARCHAR,
    "item_ids" VARCHAR,
    "leads_to" VARCHAR,
    "measure_id" VARCHAR,
    "category" VARCHAR,
    "benefit_class" VARCHAR,
    "is_disbenefit" BOOLEAN,
    "additive" BOOLEAN,
    "outcome_key" VARCHAR,
    "owner_role_id" VARCHAR,
    "validator_role_id" VARCHAR,
    "driver_agency_id" VARCHAR,
    "baseline_value" DECIMAL(18,4),
    "baseline_on" DATE,
    "baseline_source" VARCHAR,
    "target_value" DECIMAL(18,4),
    "target_on" DATE,
    "full_year_gbp" DECIMAL(18,2),
    "whole_life_gbp" DECIMAL(18,2),
    "whole_life_missing" VARCHAR,
    "price_base" VARCHAR,
    "price_year" VARCHAR,
    "unit_cost_id" VARCHAR,
    "unit_cost_gbp" DECIMAL(18,2),
    "confidence_grade" BIGINT,
    "starts_on" DATE,
    "lag_months" BIGINT,
    "duration_months" BIGINT,
    "drop_off" DECIMAL(7,4),
    "step_gbp" DECIMAL(18,2),
    "risk" VARCHAR,
    "evidence" VARCHAR,
    "status" VARCHAR,
    "last_reviewed_on" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_benefits" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "title" VARCHAR,
    "description" VARCHAR,
    "goal_id" VARCHAR,
    "item_ids" VARCHAR,
    "leads_to" VARCHAR,
    "measure_id" VARCHAR,
    "category" VARCHAR,
    "benefit_class" VARCHAR,
    "is_disbenefit" BOOLEAN,
    "additive" BOOLEAN,
    "outcome_key" VARCHAR,
    "owner_role_id" VARCHAR,
    "validator_role_id" VARCHAR,
    "driver_agency_id" VARCHAR,
    "baseline_value" DECIMAL(18,4),
    "baseline_on" DATE,
    "baseline_source" VARCHAR,
    "target_value" DECIMAL(18,4),
    "target_on" DATE,
    "full_year_gbp" DECIMAL(18,2),
    "whole_life_gbp" DECIMAL(18,2),
    "whole_life_missing" VARCHAR,
    "price_base" VARCHAR,
    "price_year" VARCHAR,
    "unit_cost_id" VARCHAR,
    "unit_cost_gbp" DECIMAL(18,2),
    "confidence_grade" BIGINT,
    "starts_on" DATE,
    "lag_months" BIGINT,
    "duration_months" BIGINT,
    "drop_off" DECIMAL(7,4),
    "step_gbp" DECIMAL(18,2),
    "risk" VARCHAR,
    "evidence" VARCHAR,
    "status" VARCHAR,
    "last_reviewed_on" DATE
);

CREATE TABLE "h_benefit_shares" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "benefit_id" VARCHAR,
    "agency_id" VARCHAR,
    "share_numerator" BIGINT,
    "share_denominator" BIGINT,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_benefit_shares" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "benefit_id" VARCHAR,
    "agency_id" VARCHAR,
    "share_numerator" BIGINT,
    "share_denominator" BIGINT
);

CREATE TABLE "h_assumptions" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "benefit_id" VARCHAR,
    "step" VARCHAR,
    "name" VARCHAR,
    "value" DECIMAL(18,4),
    "unit" VARCHAR,
    "low" DECIMAL(18,4),
    "high" DECIMAL(18,4),
    "distribution" VARCHAR,
    "shared_name" VARCHAR,
    "source" VARCHAR,
    "confidence_grade" BIGINT,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_assumptions" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "benefit_id" VARCHAR,
    "step" VARCHAR,
    "name" VARCHAR,
    "value" DECIMAL(18,4),
    "unit" VARCHAR,
    "low" DECIMAL(18,4),
    "high" DECIMAL(18,4),
    "distribution" VARCHAR,
    "shared_name" VARCHAR,
    "source" VARCHAR,
    "confidence_grade" BIGINT
);

CREATE TABLE "h_rebaselines" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "benefit_id" VARCHAR,
    "version" BIGINT,
    "agreed_on" DATE,
    "agreed_by_role_id" VARCHAR,
    "reason" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_rebaselines" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "benefit_id" VARCHAR,
    "version" BIGINT,
    "agreed_on" DATE,
    "agreed_by_role_id" VARCHAR,
    "reason" VARCHAR
);

CREATE TABLE "h_delivery_confidence" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "benefit_id" VARCHAR,
    "rated_by" VARCHAR,
    "stated_on" DATE,
    "confidence" VARCHAR,
    "role_id" VARCHAR,
    "reason" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_delivery_confidence" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "benefit_id" VARCHAR,
    "rated_by" VARCHAR,
    "stated_on" DATE,
    "confidence" VARCHAR,
    "role_id" VARCHAR,
    "reason" VARCHAR
);

CREATE TABLE "h_finished_benefits" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "title" VARCHAR,
    "programme" VARCHAR,
    "benefit_class" VARCHAR,
    "finished_on" DATE,
    "planned_gbp" DECIMAL(18,2),
    "realised_gbp" DECIMAL(18,2),
    "source" VARCHAR,
    "reviewed_on" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_finished_benefits" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "title" VARCHAR,
    "programme" VARCHAR,
    "benefit_class" VARCHAR,
    "finished_on" DATE,
    "planned_gbp" DECIMAL(18,2),
    "realised_gbp" DECIMAL(18,2),
    "source" VARCHAR,
    "reviewed_on" DATE
);

CREATE TABLE "h_benefit_profile" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "benefit_id" VARCHAR,
    "agency_id" VARCHAR,
    "version" BIGINT,
    "period" DATE,
    "period_index" INTEGER,
    "planned_gbp" DECIMAL(18,2),
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_benefit_profile" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "benefit_id" VARCHAR,
    "agency_id" VARCHAR,
    "version" BIGINT,
    "period" DATE,
    "period_index" INTEGER,
    "planned_gbp" DECIMAL(18,2)
);

CREATE TABLE "h_readings" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "measure_id" VARCHAR,
    "benefit_id" VARCHAR,
    "item_id" VARCHAR,
    "agency_id" VARCHAR,
    "period" DATE,
    "period_index" INTEGER,
    "value" DECIMAL(18,4),
    "numerator" DECIMAL(18,4),
    "denominator" DECIMAL(18,4),
    "label" VARCHAR,
    "missing" VARCHAR,
    "missing_note" VARCHAR,
    "state" VARCHAR,
    "approved_by_role_id" VARCHAR,
    "source" VARCHAR,
    "read_on" DATE,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_readings" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "measure_id" VARCHAR,
    "benefit_id" VARCHAR,
    "item_id" VARCHAR,
    "agency_id" VARCHAR,
    "period" DATE,
    "period_index" INTEGER,
    "value" DECIMAL(18,4),
    "numerator" DECIMAL(18,4),
    "denominator" DECIMAL(18,4),
    "label" VARCHAR,
    "missing" VARCHAR,
    "missing_note" VARCHAR,
    "state" VARCHAR,
    "approved_by_role_id" VARCHAR,
    "source" VARCHAR,
    "read_on" DATE,
    "is_small" BOOLEAN NOT NULL
);

CREATE TABLE "h_decisions" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "title" VARCHAR,
    "decided_on" DATE,
    "meeting" VARCHAR,
    "decided_by" VARCHAR,
    "why" VARCHAR,
    "options" VARCHAR,
    "dissent" VARCHAR,
    "goal_id" VARCHAR,
    "item_id" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_decisions" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "title" VARCHAR,
    "decided_on" DATE,
    "meeting" VARCHAR,
    "decided_by" VARCHAR,
    "why" VARCHAR,
    "options" VARCHAR,
    "dissent" VARCHAR,
    "goal_id" VARCHAR,
    "item_id" VARCHAR
);

CREATE TABLE "h_commitments" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "title" VARCHAR,
    "agency_id" VARCHAR,
    "to_agency_id" VARCHAR,
    "role_id" VARCHAR,
    "kind" VARCHAR,
    "made_on" DATE,
    "due_on" DATE,
    "decision_id" VARCHAR,
    "goal_id" VARCHAR,
    "item_id" VARCHAR,
    "benefit_id" VARCHAR,
    "withdrawn_on" DATE,
    "note" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_commitments" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "title" VARCHAR,
    "agency_id" VARCHAR,
    "to_agency_id" VARCHAR,
    "role_id" VARCHAR,
    "kind" VARCHAR,
    "made_on" DATE,
    "due_on" DATE,
    "decision_id" VARCHAR,
    "goal_id" VARCHAR,
    "item_id" VARCHAR,
    "benefit_id" VARCHAR,
    "withdrawn_on" DATE,
    "note" VARCHAR
);

CREATE TABLE "h_due_changes" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "commitment_id" VARCHAR,
    "changed_on" DATE,
    "new_due_on" DATE,
    "reason" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_due_changes" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "commitment_id" VARCHAR,
    "changed_on" DATE,
    "new_due_on" DATE,
    "reason" VARCHAR
);

CREATE TABLE "h_deliveries" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "commitment_id" VARCHAR,
    "delivered_on" DATE,
    "evidence" VARCHAR,
    "accepted_by_role_id" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_deliveries" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "commitment_id" VARCHAR,
    "delivered_on" DATE,
    "evidence" VARCHAR,
    "accepted_by_role_id" VARCHAR
);

CREATE TABLE "h_shared_information" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "title" VARCHAR,
    "agency_id" VARCHAR,
    "to_agency_id" VARCHAR,
    "given_on" DATE,
    "decision_id" VARCHAR,
    "commitment_id" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_shared_information" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "title" VARCHAR,
    "agency_id" VARCHAR,
    "to_agency_id" VARCHAR,
    "given_on" DATE,
    "decision_id" VARCHAR,
    "commitment_id" VARCHAR
);

CREATE TABLE "h_unit_costs" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "parent_id" VARCHAR,
    "edition" VARCHAR,
    "theme" VARCHAR,
    "outcome" VARCHAR,
    "cost" VARCHAR,
    "unit" VARCHAR,
    "agency_bearing" VARCHAR,
    "agency_bearing_detail" VARCHAR,
    "fiscal_gbp" DECIMAL(18,2),
    "fiscal_price_year" VARCHAR,
    "fiscal_uprated_gbp" DECIMAL(18,2),
    "economic_gbp" DECIMAL(18,2),
    "economic_price_year" VARCHAR,
    "economic_uprated_gbp" DECIMAL(18,2),
    "social_gbp" DECIMAL(18,2),
    "social_price_year" VARCHAR,
    "social_uprated_gbp" DECIMAL(18,2),
    "level" VARCHAR,
    "confidence" VARCHAR,
    "source" VARCHAR,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_unit_costs" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "parent_id" VARCHAR,
    "edition" VARCHAR,
    "theme" VARCHAR,
    "outcome" VARCHAR,
    "cost" VARCHAR,
    "unit" VARCHAR,
    "agency_bearing" VARCHAR,
    "agency_bearing_detail" VARCHAR,
    "fiscal_gbp" DECIMAL(18,2),
    "fiscal_price_year" VARCHAR,
    "fiscal_uprated_gbp" DECIMAL(18,2),
    "economic_gbp" DECIMAL(18,2),
    "economic_price_year" VARCHAR,
    "economic_uprated_gbp" DECIMAL(18,2),
    "social_gbp" DECIMAL(18,2),
    "social_price_year" VARCHAR,
    "social_uprated_gbp" DECIMAL(18,2),
    "level" VARCHAR,
    "confidence" VARCHAR,
    "source" VARCHAR
);

CREATE TABLE "h_annotations" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "op" VARCHAR NOT NULL,
    "valid_from" DATE,
    "id" VARCHAR,
    "period" DATE,
    "period_index" INTEGER,
    "measure_id" VARCHAR,
    "benefit_id" VARCHAR,
    "text" VARCHAR,
    "detail" VARCHAR,
    "restarts_limits" BOOLEAN,
    CHECK ("op" IN ('put', 'remove'))
);

CREATE TABLE "c_annotations" (
    "row_key" VARCHAR NOT NULL,
    "row_version" BIGINT NOT NULL,
    "change_seq" BIGINT NOT NULL,
    "id" VARCHAR,
    "period" DATE,
    "period_index" INTEGER,
    "measure_id" VARCHAR,
    "benefit_id" VARCHAR,
    "text" VARCHAR,
    "detail" VARCHAR,
    "restarts_limits" BOOLEAN
);

-- What is worked out from the readings and kept in step by each change: earlier versions with the day until which
-- they counted, a number for each series, and sums by series and month. verify-store holds them against the history.

CREATE TABLE "p_readings" (
    "row_key" VARCHAR,
    "row_version" BIGINT,
    "change_seq" BIGINT,
    "measure_id" VARCHAR,
    "benefit_id" VARCHAR,
    "item_id" VARCHAR,
    "agency_id" VARCHAR,
    "period" DATE,
    "period_index" INTEGER,
    "value" DECIMAL(18,4),
    "numerator" DECIMAL(18,4),
    "denominator" DECIMAL(18,4),
    "label" VARCHAR,
    "missing" VARCHAR,
    "missing_note" VARCHAR,
    "state" VARCHAR,
    "approved_by_role_id" VARCHAR,
    "source" VARCHAR,
    "read_on" DATE,
    "is_small" BOOLEAN,
    "next_seq" BIGINT,
    "until" DATE
);

CREATE TABLE "m_reading_series" (
    "series" INTEGER,
    "measure_id" VARCHAR,
    "benefit_id" VARCHAR,
    "agency_id" VARCHAR,
    "is_of_item" BOOLEAN
);

CREATE TABLE "m_reading_months" (
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
