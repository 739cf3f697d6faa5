"""What is given against the target, dates apart, kinds of capacity and silence, measures as a whole."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from partnership.benefits import Reading
from partnership.blueprint import Capacity, ItemAgency, WorkItem

MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def county(bench):
    bench.partnership()
    for code in ("COU", "ICB", "POL"):
        bench.agency(code)
    bench.goal("G", title="Share cases", measure_id="M", target_value=Decimal(1000))
    bench.measure("M", name="Cases", unit="cases", per="year", definition_id="D")
    return bench


# ---- what is given ----
@pytest.mark.parametrize(
    ("police", "standing", "share"),
    [
        (200, "falls short", 0.8),
        (400, "adds up", 1.0),
        (1399, "adds up", 1.999),
        (1400, "more than asked", 2.0),
    ],
)
def test_what_is_given_towards_all_is_held_against_the_target(county, police, standing, share):
    county.says("COU", 50, per="month")
    county.says("POL", police)
    county.says("POL", 9999, counterpart_id="COU")
    county.says("ICB", 7777, direction="gets")
    row = county.one("goal_offers")
    assert (row["standing"], row["givers"], row["given_rate"]) == (standing, 2, pytest.approx(600 + police))
    assert row["given_share"] == pytest.approx(share)


def test_different_definitions_and_units_are_never_added(county):
    county.says("COU", 600, definition_id="D")
    county.says("POL", 5, definition_id="D-POL")
    row = county.one("goal_offers")
    assert (row["standing"], row["given_rate"], row["given_share"], row["definitions"]) == (
        "cannot be added",
        None,
        None,
        2,
    )


def test_different_units_are_never_added(county):
    county.says("COU", 600)
    county.says("POL", 5, unit="people")
    assert county.one("goal_offers")["standing"] == "cannot be added"


def test_goals_without_offers_targets_or_sums_say_so(bench):
    bench.agency("COU")
    bench.measure("M", per="year")
    bench.measure("S", kind="share", unit="%")
    bench.goal("G", measure_id="M")
    bench.goal("A", measure_id="S", target_value=Decimal(10))
    bench.goal("N", measure_id="M", target_value=Decimal(10))
    bench.goal("X")
    bench.goal("Z", measure_id="M", closed_on=MARCH)
    bench.says("COU", 4)
    assert {r["goal_id"]: r["standing"] for r in bench.ask("goal_offers")} == {
        "G": "no target", "A": "not to be added", "N": "nothing offered",
    }  # fmt: skip


# ---- dates ----
def test_dates_are_whole_months_apart_and_their_partners_named(county):
    county.says("COU", 5, expected_by=dt.date(2027, 3, 31))
    county.says("POL", 5, expected_by=dt.date(2028, 1, 1))
    county.says("ICB", None)
    row = county.one("date_gaps")
    assert (row["months_apart"], row["earliest_agency_id"], row["latest_agency_id"]) == (10, "COU", "POL")
    assert (row["earliest_on"], row["latest_on"], row["partners_answered"]) == (
        dt.date(2027, 3, 31), dt.date(2028, 1, 1), 2,
    )  # fmt: skip


# ---- kinds ----
def _work(bench, days, offered):
    bench.put(
        WorkItem(id="W", title="Open the hub", goal_id="G", due_on=dt.date(2027, 3, 31)),
        ItemAgency(item_id="W", agency_id="COU", part="accountable", effort_days=Decimal(days)),
        Capacity(agency_id="COU", quarter_starts_on=dt.date(2026, 7, 1), days=Decimal(500)),
        Capacity(agency_id="COU", quarter_starts_on=dt.date(2026, 10, 1), days=Decimal(offered)),
    )


@pytest.mark.parametrize(
    ("days", "direction", "kind"),
    [(31, "gives", "capacity"), (30, "gives", "ambition"), (31, "gets", "ambition")],
)
def test_least_that_has_no_days_left_is_a_gap_of_capacity(county, days, direction, kind):
    _work(county, days, 30)
    county.says("COU", 10, direction=direction)
    county.says("POL", 50)
    assert county.one("expectation_gaps")["kind_of_gap"] == kind


def test_silence_and_expecting_none_are_kinds_of_their_own(county):
    county.says("COU", 10)
    assert county.one("expectation_gaps")["kind_of_gap"] == "unanswered"
    county.says("POL", None, answer="expects none")
    county.says("ICB", 12)
    assert county.one("expectation_gaps")["kind_of_gap"] == "expects none"


# ---- a measure as a whole ----
def test_counts_are_added_and_shares_are_sums_over_sums(bench):
    for code in ("COU", "POL"):
        bench.agency(code)
    bench.measure("M", unit="cases")
    bench.measure("S", unit="%", kind="share")
    bench.read(None, "COU", MARCH, 10, 20, measure_id="M")
    bench.read(None, "POL", MARCH, 5, "withheld", measure_id="M")
    for agency, above, below in (("COU", 1, 10), ("POL", 30, 40)):
        bench.put(
            Reading(
                measure_id="S",
                agency_id=agency,
                period=MARCH,
                numerator=Decimal(above),
                denominator=Decimal(below),
            )
        )
    rows = {(r["measure_id"], r["period"]): r for r in bench.ask("measure_series")}
    april = dt.date(2026, 4, 1)
    assert [(r["value"], r["is_partial"]) for r in (rows["M", MARCH], rows["M", april])] == [
        (15, False),
        (20, True),
    ]
    assert (rows["S", MARCH]["value"], rows["S", MARCH]["numerator"], rows["S", MARCH]["denominator"]) == (
        62,
        31,
        50,
    )


def test_reading_of_the_whole_stands_before_the_sum_of_its_parts(bench):
    bench.agency("COU")
    bench.measure("M", unit="cases")
    bench.read(None, "COU", MARCH, 10, measure_id="M")
    bench.read(None, None, MARCH, 17, measure_id="M")
    bench.read("B1", "COU", MARCH, 999, measure_id="M")
    assert [r["value"] for r in bench.ask("measure_series")] == [17]
