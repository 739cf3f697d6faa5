"""The partnership, its shared goal, and the readings behind it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from partnership.benefits import Reading
from partnership.disclosure import withhold_readings

MARCH_2025, MARCH_2030 = dt.date(2025, 3, 1), dt.date(2030, 3, 31)


@pytest.fixture
def county(bench):
    bench.partnership(
        bhag_measure_id="STORY", bhag_baseline_value=61, bhag_baseline_on=dt.date(2025, 3, 31), bhag_target_value=10,
        bhag_target_on=MARCH_2030, last_board_on=dt.date(2026, 9, 3), next_board_on=dt.date(2026, 12, 3), price_year="2025/26",
    )  # fmt: skip
    bench.measure("STORY", name="People who repeat their story", unit="%", polarity="lower")
    return bench


def whole(bench, first, *values, **fields):
    bench.read(None, None, first, *values, measure_id="STORY", **fields)


def test_summary_of_an_empty_plan_has_no_row(bench):
    assert bench.ask("plan_summary") == []


def test_summary_of_a_partnership_alone_says_who_it_is(bench):
    bench.partnership(name="Three agencies")
    row = bench.one("plan_summary")
    assert (row["name"], row["agencies"], row["goals"], row["benefits"]) == ("Three agencies", 0, 0, 0)
    assert (row["latest_value"], row["planned_value"], row["data_to"]) == (None, None, None)


def test_summary_sets_the_latest_value_against_the_straight_line(county):
    whole(county, dt.date(2026, 3, 1), 52, 50, 47, step=3)
    row = county.one("plan_summary")
    assert (row["latest_value"], row["latest_period"], row["latest_state"]) == (
        47,
        dt.date(2026, 9, 1),
        "approved",
    )
    # 18 of 60 months from 61 to 10.
    assert row["planned_value"] == pytest.approx(61 - 51 * 18 / 60)


@pytest.mark.parametrize(
    ("month", "planned"), [(dt.date(2024, 6, 1), 61), (dt.date(2025, 3, 1), 61), (dt.date(2026, 9, 1), 45.7)]
)
def test_straight_line_starts_at_the_baseline(county, month, planned):
    whole(county, month, 50)
    assert county.one("plan_summary")["planned_value"] == pytest.approx(planned)


def test_straight_line_ends_at_the_target(county):
    whole(county, dt.date(2031, 1, 1), 50)
    assert county.one("plan_summary", today=dt.date(2031, 2, 1))["planned_value"] == pytest.approx(10)


def test_nothing_is_planned_by_now_before_anything_was_read(county):
    assert county.one("plan_summary")["planned_value"] is None


def test_value_at_the_last_board_is_what_had_been_handed_in_by_then(county):
    whole(county, dt.date(2026, 6, 1), 50, read_on=dt.date(2026, 7, 10))
    whole(county, dt.date(2026, 7, 1), 49, read_on=dt.date(2026, 9, 4))
    whole(county, dt.date(2026, 9, 1), 47, read_on=dt.date(2026, 10, 10))
    row = county.one("plan_summary")
    assert (row["last_board_value"], row["last_board_period"]) == (50, dt.date(2026, 6, 1))


def test_value_at_the_last_board_goes_by_the_months_end_where_no_day_is_known(county):
    whole(county, dt.date(2026, 8, 1), 50, 47)
    assert county.one("plan_summary")["last_board_value"] == 50


def test_latest_value_is_of_the_whole_partnership_and_passes_over_missing_months(county):
    county.agency("COU")
    whole(county, dt.date(2026, 8, 1), 50, "withheld", "too early")
    county.read(None, "COU", dt.date(2026, 9, 1), 33, measure_id="STORY")
    assert county.one("plan_summary")["latest_value"] == 50


def test_latest_value_may_come_from_a_numerator_and_a_denominator(county):
    reading = {
        "measure_id": "STORY",
        "period": dt.date(2026, 9, 1),
        "numerator": Decimal(47),
        "denominator": Decimal(200),
    }
    county.put(Reading.model_validate(reading))
    assert county.one("plan_summary")["latest_value"] == Decimal("23.5")


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (1, None), (5, None), (6, 6)])
def test_small_counts_of_people_are_withheld_in_the_summary(county, value, shown):
    county.connection.execute("UPDATE measures SET counts_people = TRUE, unit = 'people'")
    whole(county, dt.date(2026, 8, 1), value)
    row = county.one("plan_summary")
    assert (row["latest_value"], row["last_board_value"]) == (shown, shown)
    assert row["latest_missing"] == (None if shown == value else "suppressed")


def test_value_withheld_before_the_view_shows_as_suppressed_and_not_as_an_older_month(county):
    whole(county, dt.date(2026, 7, 1), 50, "suppressed")
    row = county.one("plan_summary")
    assert (row["latest_value"], row["latest_period"], row["latest_missing"]) == (
        None,
        dt.date(2026, 8, 1),
        "suppressed",
    )


def test_counts_are_of_partners_and_open_goals(county):
    county.agency("COU")
    county.agency("OLD", left_on=dt.date(2026, 1, 1))
    county.agency("NAT", duty="outside", sector="national")
    county.goal("G1")
    county.goal("G2", closed_on=dt.date(2026, 1, 1))
    county.benefit("B1")
    row = county.one("plan_summary")
    assert (row["agencies"], row["goals"], row["benefits"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("frequency", "first", "data_to"),
    [
        ("month", dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        ("quarter", dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        ("quarter", dt.date(2026, 10, 1), dt.date(2026, 11, 23)),
        ("year", dt.date(2025, 4, 1), dt.date(2026, 3, 31)),
    ],
)
def test_data_reach_to_the_end_of_the_latest_period_but_not_past_today(bench, frequency, first, data_to):
    bench.partnership()
    bench.money_measure(frequency=frequency)
    bench.read(None, None, first, 1)
    assert bench.one("plan_summary")["data_to"] == data_to


def test_data_reach_over_values_only(bench):
    bench.partnership()
    bench.money_measure()
    bench.read(None, None, dt.date(2026, 9, 1), 1, "withheld", "too early")
    assert bench.one("plan_summary")["data_to"] == dt.date(2026, 9, 30)


# ---------------------------------------------------------------------- readings


@pytest.fixture
def read(bench):
    bench.agency("COU", name="Council")
    bench.agency("MHT")
    bench.measure("REF", name="Referrals", unit="referrals", polarity="neither")
    bench.measure("SHARE", name="In one day", unit="%", kind="share", polarity="higher", counts_people=True)
    bench.goal("G", measure_id="REF", leading_measure_id="SHARE")
    bench.read(None, "COU", dt.date(2026, 9, 1), 40, 44, measure_id="REF")
    bench.read(
        None,
        "MHT",
        dt.date(2026, 9, 1),
        "withheld",
        "too early",
        measure_id="REF",
        missing_note="Asked in June",
    )
    share = {"measure_id": "SHARE", "agency_id": "COU", "period": dt.date(2026, 9, 1)}
    bench.put(Reading.model_validate(share | {"numerator": Decimal(3), "denominator": Decimal(12)}))
    return bench


def test_readings_of_an_empty_plan_have_no_rows(bench):
    assert bench.ask("measure_readings") == []


def test_readings_keep_values_and_kinds_of_missing_apart(read):
    rows = read.ask("measure_readings", measure_id="REF")
    assert [(r["agency_id"], r["value"], r["missing"]) for r in rows] == [
        ("COU", 40, None), ("COU", 44, None), ("MHT", None, "withheld"), ("MHT", None, "too early"),
    ]  # fmt: skip
    assert rows[2]["missing_note"] == "Asked in June"
    assert {r["polarity"] for r in rows} == {"neither"}


def test_reading_of_nothing_at_all_is_blank(bench):
    bench.measure("REF")
    bench.put(Reading(measure_id="REF", period=dt.date(2026, 9, 1)))
    assert bench.one("measure_readings")["missing"] == "blank"


def test_readings_of_the_measure_itself_leave_out_those_of_a_benefit(read):
    alone = read.ask("measure_readings", measure_id="REF")
    of_item = {"measure_id": "REF", "item_id": "W01", "period": dt.date(2026, 9, 1), "value": Decimal(7)}
    read.put(Reading.model_validate(of_item))
    assert len(read.ask("measure_readings", measure_id="REF")) == len(alone) + 1 == 5
    assert read.ask("measure_readings", measure_id="REF", own="yes") == alone


def test_reading_of_a_share_is_divided_and_can_be_withheld(read):
    row = read.one("measure_readings", measure_id="SHARE")
    assert (row["value"], row["counts_people"]) == (25, True)
    held = withhold_readings(pl.DataFrame([row], infer_schema_length=None)).row(0, named=True)
    assert (held["value"], held["numerator"], held["denominator"], held["missing"]) == (
        None,
        None,
        None,
        "suppressed",
    )


def test_readings_by_agency_and_by_the_goals_measures(read):
    assert {r["agency_name"] for r in read.ask("measure_readings", agency_id="COU")} == {"Council"}
    assert len(read.ask("measure_readings", goal_id="G")) == 5
    assert read.ask("measure_readings", goal_id="H") == []


def test_readings_by_the_goal_and_class_of_their_benefit(read):
    read.money_measure()
    read.benefit("B", goal_id="H", benefit_class="no release")
    read.read("B", "COU", dt.date(2026, 9, 1), 5)
    assert read.one("measure_readings", goal_id="H")["value"] == 5
    assert read.one("measure_readings", benefit_class="no release")["value"] == 5
