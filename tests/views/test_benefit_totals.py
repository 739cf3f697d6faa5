"""Totals, by month, by agency, by goal and by class: worked out by hand on one small plan."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from partnership._reports.benefit_words import partial_words
from partnership._reports.board_words import benefit_caveat

JUNE = dt.date(2026, 6, 1)


@pytest.fixture
def county(bench):
    """Four benefits from June on; October was read last, by the council."""
    bench.agency("COU", name="Council")
    bench.agency("ICB", name="Care board")
    bench.agency("NAT", name="National budgets", duty="outside", sector="national")
    bench.money_measure()
    bench.goal("G1")
    bench.goal("G2")
    bench.benefit("B1", goal_id="G1")
    bench.benefit("B2", goal_id="G2", benefit_class="capacity released")
    bench.benefit("B3", goal_id="G2", benefit_class="no release", is_disbenefit=True)
    bench.benefit("B4", goal_id="G2", category="social")
    bench.benefit("B5", goal_id="G1", category="economic", additive=True)
    bench.planned("B1", "COU", JUNE, 100, 100, 100, 100, 100, 100, 100)
    bench.planned("B2", "ICB", JUNE, 50, 50, 50, 50, 50, 50)
    bench.planned("B3", "COU", JUNE, -10, -10, -10, -10, -10, -10)
    bench.planned("B4", "NAT", JUNE, 9999, 9999)
    bench.planned("B5", "NAT", JUNE, 5, 5)
    bench.read("B1", "COU", JUNE, 80, 90, 70, 60)
    bench.read("B1", "COU", dt.date(2026, 10, 1), 50, state="provisional")
    bench.read("B2", "ICB", JUNE, 40, "withheld", "withheld", "too early", "not provided")
    bench.read("B3", "COU", JUNE, -10, -12, -10, None, "suppressed")
    bench.read("B4", "NAT", JUNE, 9999, 9999)
    bench.read("B5", "NAT", JUNE, 4, 6)
    return bench


def test_totals_of_an_empty_plan_are_one_row_of_nothing(bench):
    row = bench.one("benefit_totals")
    assert row["provisional_months"] == 0
    assert {v for k, v in row.items() if k != "provisional_months"} == {None}


def test_totals_to_date_say_what_is_real_and_what_cannot_be_seen(county):
    row = county.one("benefit_totals")
    # Planned to October: 5 x 100 + 5 x 50 - 5 x 10 + 2 x 5; read: 500 + 50 - 30 + 10.
    assert row["latest_period"] == dt.date(2026, 10, 1)
    assert row["planned_gbp"] == 710
    assert row["compared_gbp"] == 530
    assert row["realised_gbp"] == (80 + 90 + 70 + 60 + 50) + 40 - 32 + 10
    assert row["behind_gbp"] == 530 - 368
    assert row["not_read_gbp"] == 180
    assert row["realised_share"] == pytest.approx(368 / 530)
    # without sign: 500 + 50 + 30 + 10 was read of 500 + 250 + 50 + 10
    assert (row["coverage_share"], row["hidden_gbp"]) == (pytest.approx(590 / 810), 220)


def test_benefit_and_harm_that_are_both_withheld_do_not_make_a_whole_total(bench):
    bench.agency("COU", name="Council")
    bench.money_measure()
    for benefit, amount in (("B1", 100), ("B2", 300), ("B3", -300)):
        bench.benefit(benefit, is_disbenefit=amount < 0)
        bench.planned(benefit, "COU", JUNE, amount)
        bench.read(benefit, "COU", JUNE, 50 if benefit == "B1" else "withheld")
    row = bench.one("benefit_totals")
    assert (row["compared_gbp"], row["not_read_gbp"], row["hidden_gbp"]) == (100, 0, 600)
    assert row["coverage_share"] == pytest.approx(100 / 700)
    agencies = bench.ask("benefit_by_agency")
    assert partial_words(row, agencies, []) == (
        "Readings cover 14% of the plan by value. The council withholds £600 of benefit and harm together. "
        "Nothing missing is counted as zero."
    )
    assert benefit_caveat(row) == "£600 of benefit and harm together was planned but not read."


def test_totals_keep_the_kinds_of_missing_apart(county):
    row = county.one("benefit_totals")
    kinds = {k: row[f"{k}_gbp"] for k in ("withheld", "not_provided", "too_early", "suppressed", "blank")}
    assert kinds == {"withheld": 100, "not_provided": 50, "too_early": 50, "suppressed": -10, "blank": -10}
    assert sum(kinds.values()) == row["not_read_gbp"]


def test_totals_count_provisional_months_and_their_money(county):
    row = county.one("benefit_totals")
    assert (row["provisional_months"], row["provisional_gbp"]) == (1, 50)


def test_totals_of_the_whole_plan_and_of_its_financial_year(county):
    county.planned("B1", "COU", dt.date(2027, 4, 1), 1000)
    row = county.one("benefit_totals")
    assert row["plan_end_period"] == dt.date(2027, 4, 1)
    assert row["plan_total_gbp"] == 700 + 300 - 60 + 10 + 1000
    assert row["year_end_period"] == dt.date(2027, 3, 1)
    assert row["year_planned_gbp"] == 700 + 300 - 60 + 10


@pytest.mark.parametrize(
    ("latest", "year_end"),
    [
        ((2026, 3), (2026, 3)),
        ((2026, 4), (2027, 3)),
        ((2025, 12), (2026, 3)),
        ((2026, 1), (2026, 3)),
        ((2026, 2), (2026, 3)),
    ],
)
def test_totals_end_the_financial_year_in_march(bench, latest, year_end):
    bench.money_measure()
    bench.benefit("B")
    bench.read("B", "COU", dt.date(*latest, 1), 1)
    assert bench.one("benefit_totals")["year_end_period"] == dt.date(*year_end, 1)


def test_totals_of_one_agency_keep_to_the_partnerships_latest_month(county):
    row = county.one("benefit_totals", agency_id="ICB")
    assert row["latest_period"] == dt.date(2026, 10, 1)
    assert (row["planned_gbp"], row["compared_gbp"], row["realised_gbp"]) == (250, 50, 40)


@pytest.mark.parametrize(("goal", "planned", "realised"), [("G1", 510, 360), ("G2", 200, 8)])
def test_totals_of_one_goal(county, goal, planned, realised):
    row = county.one("benefit_totals", goal_id=goal)
    assert (row["planned_gbp"], row["realised_gbp"]) == (planned, realised)


def test_totals_of_one_class(county):
    row = county.one("benefit_totals", benefit_class="no release")
    assert (row["planned_gbp"], row["compared_gbp"], row["realised_gbp"]) == (-50, -30, -32)


def test_totals_leave_out_social_value_unless_it_is_additive(county):
    assert county.one("benefit_totals", agency_id="NAT")["realised_gbp"] == 10


def test_totals_with_no_reading_have_no_real_money_rather_than_zero(bench):
    bench.benefit("B")
    bench.planned("B", "COU", JUNE, 10)
    row = bench.one("benefit_totals")
    assert (row["realised_gbp"], row["latest_period"], row["plan_total_gbp"]) == (None, None, 10)


@pytest.mark.parametrize("name", ["benefit_by_agency", "benefit_by_goal", "benefit_by_class"])
def test_parts_add_up_to_the_totals_to_the_penny(county, name):
    rows, total = county.ask(name), county.one("benefit_totals")
    for column in ("planned_gbp", "compared_gbp", "realised_gbp", "not_read_gbp"):
        assert sum(r[column] or Decimal(0) for r in rows) == total[column], column


def test_by_agency_shows_the_kind_that_hides_most_and_no_zero_for_it(county):
    rows = {r["agency_id"]: r for r in county.ask("benefit_by_agency")}
    assert rows["ICB"]["missing"] == "withheld"
    assert rows["COU"]["realised_gbp"] == 350 - 32
    assert rows["NAT"]["missing"] is None
    assert [r["agency_id"] for r in county.ask("benefit_by_agency")] == ["COU", "ICB", "NAT"]


def test_by_agency_leaves_real_empty_where_nothing_was_read(bench):
    bench.agency("MHT")
    bench.agency("COU")
    bench.money_measure()
    bench.benefit("B")
    bench.planned("B", "MHT", JUNE, 90)
    bench.planned("B", "COU", JUNE, 10)
    bench.read("B", "MHT", JUNE, "withheld")
    bench.read("B", "COU", JUNE, 5)
    row = bench.ask("benefit_by_agency")[0]
    assert (row["agency_id"], row["realised_gbp"], row["not_read_gbp"], row["missing"]) == (
        "MHT",
        None,
        90,
        "withheld",
    )
    assert row["realised_share"] is None


def test_by_agency_has_a_row_for_what_nobody_shared_out(bench):
    bench.money_measure()
    bench.benefit("B")
    bench.planned("B", None, JUNE, 90)
    bench.read("B", None, JUNE, 45)
    (row,) = bench.ask("benefit_by_agency")
    assert (row["agency_id"], row["agency_name"], row["planned_gbp"], row["realised_share"]) == (
        None,
        None,
        90,
        0.5,
    )


def test_by_goal_has_a_row_for_a_benefit_without_a_goal(bench):
    bench.money_measure()
    bench.goal("G")
    bench.benefit("B")
    bench.benefit("C", goal_id="G")
    bench.read("B", "COU", JUNE, 45)
    bench.read("C", "COU", JUNE, 5)
    assert {r["goal_title"]: r["realised_gbp"] for r in bench.ask("benefit_by_goal")} == {
        None: 45,
        "Goal G": 5,
    }


def test_realisation_runs_totals_up_and_stops_at_the_latest_reading(county):
    rows = county.ask("benefit_realisation")
    assert [r["period"].month for r in rows] == [6, 7, 8, 9, 10, 11, 12]
    assert [r["planned_gbp"] for r in rows] == [145, 145, 140, 140, 140, 140, 100]
    assert [r["cum_planned_gbp"] for r in rows] == [145, 290, 430, 570, 710, 850, 950]
    assert [r["realised_gbp"] for r in rows] == [114, 84, 60, 60, 50, None, None]
    assert [r["cum_realised_gbp"] for r in rows] == [114, 198, 258, 318, 368, None, None]
    assert [r["cum_compared_gbp"] for r in rows] == [145, 240, 330, 430, 530, None, None]
    assert [r["not_read_gbp"] for r in rows] == [None, 50, 50, 40, 40, None, None]
    assert [r["is_provisional"] for r in rows] == [False] * 4 + [True] + [False] * 2
    assert [r["has_reading"] for r in rows] == [True] * 5 + [False] * 2


def test_realisation_is_empty_before_the_first_reading_rather_than_zero(bench):
    bench.money_measure()
    bench.benefit("B")
    bench.planned("B", "COU", JUNE, 10, 10)
    bench.read("B", "COU", JUNE, None, 7)
    rows = bench.ask("benefit_realisation")
    assert [r["cum_realised_gbp"] for r in rows] == [None, 7]
    assert [r["cum_compared_gbp"] for r in rows] == [None, 10]


def test_realisation_of_an_agency_sums_with_the_others_to_the_whole(county):
    parts = [r for a in ("COU", "ICB", "NAT") for r in county.ask("benefit_realisation", agency_id=a)]
    whole = county.ask("benefit_realisation")
    for row in whole:
        for column in ("planned_gbp", "realised_gbp", "compared_gbp", "not_read_gbp"):
            assert sum(p[column] or 0 for p in parts if p["period"] == row["period"]) == (row[column] or 0)


def test_months_are_the_rows_behind_a_number(county):
    rows = county.ask("benefit_months", agency_id="ICB")
    assert [r["missing"] for r in rows] == [None, "withheld", "withheld", "too early", "not provided", None]
    assert {(r["agency_code"], r["agency_name"], r["goal_id"], r["is_counted"]) for r in rows} == {
        ("ICB", "Care board", "G2", True)
    }
    assert {r["is_counted"] for r in county.ask("benefit_months", goal_id="G2", agency_id="NAT")} == {False}


def test_provisional_months_name_their_money(county):
    (row,) = county.ask("provisional_months")
    assert (row["period"], row["provisional_cells"], row["agencies"]) == (dt.date(2026, 10, 1), 1, 1)
    assert (row["provisional_gbp"], row["realised_gbp"]) == (50, 50)


def test_totals_f4_are_both_gross_and_net_of_an_outcome_that_two_benefits_claim(bench):
    for agency in ("COU", "ICB"):
        bench.agency(agency)
    bench.money_measure()
    claim = {"goal_id": "G1", "outcome_key": "O-CARE"}
    bench.goal("G1")
    bench.benefit("B1", full_year_gbp=1200, **claim)
    bench.benefit("B2", full_year_gbp=600, **claim)
    bench.benefit("B3", full_year_gbp=300, additive=True, **claim)
    bench.benefit("B4", full_year_gbp=-60, is_disbenefit=True, **claim)
    bench.benefit("B5", full_year_gbp=9000, category="social", **claim)
    bench.benefit("B6", full_year_gbp=120, goal_id="G1", outcome_key="O-OTHER")
    for benefit, month in (("B1", 100), ("B2", 50), ("B3", 25), ("B4", -5), ("B5", 750), ("B6", 10)):
        bench.planned(benefit, "COU", JUNE, month, month, month)
        bench.read(benefit, "COU", JUNE, month - 1, month - 2)
    row = bench.one("benefit_totals")
    # Two months of 100 + 50 + 25 - 5 + 10; the 50 of B2 stand there twice, those of B3 are additive.
    assert (row["planned_gbp"], row["twice_planned_gbp"], row["net_planned_gbp"]) == (360, 100, 260)
    assert (row["compared_gbp"], row["twice_compared_gbp"], row["net_compared_gbp"]) == (360, 100, 260)
    assert (row["realised_gbp"], row["twice_realised_gbp"], row["net_realised_gbp"]) == (345, 97, 248)
    assert (row["plan_total_gbp"], row["twice_plan_total_gbp"], row["net_plan_total_gbp"]) == (540, 150, 390)
    again = {r["benefit_id"] for r in bench.ask("benefit_months") if r["is_claimed_again"]}
    assert again == {"B2"}


PARTS = ("benefit_by_agency", "benefit_by_goal", "benefit_by_class", "benefit_by_function", "benefit_by_year")
GROSS_AND_NET = [
    f"{part}{c}_gbp" for part in ("", "twice_", "net_") for c in ("planned", "compared", "realised")
]


@pytest.fixture
def claimed(bench):
    """Two goals, classes and agencies; B2 and B4 claim what B1 claims, B4 falls to two agencies."""
    for agency in ("COU", "ICB"):
        bench.agency(agency)
    bench.money_measure()
    for goal in ("G1", "G2"):
        bench.goal(goal)
    bench.benefit("B1", goal_id="G1", full_year_gbp=1200, outcome_key="O")
    bench.benefit("B2", goal_id="G2", full_year_gbp=600, outcome_key="O", benefit_class="capacity released")
    bench.benefit("B3", goal_id="G2", full_year_gbp=120)
    bench.benefit("B4", goal_id="G1", full_year_gbp=300, outcome_key="O")
    bench.planned("B1", "COU", JUNE, 100, 100, 100)
    bench.planned("B2", "ICB", JUNE, 50, 50, 50)
    bench.planned("B3", "ICB", JUNE, 10, 10, 10)
    bench.planned("B4", "COU", JUNE, 20, 20, 20)
    bench.planned("B4", "ICB", JUNE, 5, 5, 5)
    bench.read("B1", "COU", JUNE, 90, 80)
    bench.read("B2", "ICB", JUNE, 40, "withheld")
    bench.read("B4", "COU", JUNE, 21)
    return bench


@pytest.mark.parametrize(
    "asked", [{}, {"agency_id": "ICB"}, {"goal_id": "G1"}, {"benefit_class": "capacity released"}]
)
def test_parts_gross_counted_twice_and_net_add_up_to_the_totals_by_every_path(claimed, asked):
    total = claimed.one("benefit_totals", **asked)
    for name in PARTS:
        rows = claimed.ask(name, **asked)
        for column in GROSS_AND_NET:
            assert sum(r[column] or Decimal(0) for r in rows) == (total[column] or 0), (name, column)
        for row in rows:
            for c in ("planned", "compared", "realised"):
                gross, twice, net = (row[f"{part}{c}_gbp"] for part in ("", "twice_", "net_"))
                assert net == (None if gross is None else gross - (twice or 0)), (name, c)


def test_parts_say_whose_claims_are_counted_twice(claimed):
    rows = {r["agency_id"]: r for r in claimed.ask("benefit_by_agency")}
    # To July, B2 of the care board and both parts of B4 are claims of what B1 claims.
    assert [rows["COU"][f"{p}planned_gbp"] for p in ("", "twice_", "net_")] == [240, 40, 200]
    assert [rows["ICB"][f"{p}planned_gbp"] for p in ("", "twice_", "net_")] == [130, 110, 20]
    assert [rows["ICB"][f"{p}realised_gbp"] for p in ("", "twice_", "net_")] == [40, 40, 0]
    goals = {r["goal_id"]: r["net_planned_gbp"] for r in claimed.ask("benefit_by_goal")}
    assert goals == {"G1": 200, "G2": 20}


def test_gainers_gross_counted_twice_and_net_add_up_to_the_whole_plan(claimed):
    for goal in (None, "G1", "G2"):
        rows, total = (
            claimed.ask("payers_and_gainers", goal_id=goal),
            claimed.one("benefit_totals", goal_id=goal),
        )
        for column, of_total in (
            ("gained_gbp", "plan_total_gbp"),
            ("twice_gained_gbp", "twice_plan_total_gbp"),
            ("net_gained_gbp", "net_plan_total_gbp"),
        ):
            assert sum(r[column] or Decimal(0) for r in rows) == (total[of_total] or 0), (goal, column)
        assert all(r["net_position_gbp"] == r["net_gained_gbp"] - r["paid_gbp"] for r in rows)
    assert {r["agency_id"]: r["twice_gained_gbp"] for r in claimed.ask("payers_and_gainers")} == {
        "COU": 60,
        "ICB": 165,
    }


def test_totals_f4_without_an_outcome_claimed_twice_have_nothing_to_take_off(county):
    row = county.one("benefit_totals")
    assert row["twice_planned_gbp"] is None
    assert (row["net_planned_gbp"], row["net_realised_gbp"]) == (row["planned_gbp"], row["realised_gbp"])


@pytest.mark.parametrize("unit", ["£", "GBP", "Pounds "])
def test_readings_on_any_measure_of_pounds_are_the_benefits_money(bench, unit):
    bench.agency("COU")
    bench.money_measure(unit=unit)
    bench.benefit("B1")
    bench.planned("B1", "COU", JUNE, 100, 100)
    bench.read("B1", "COU", JUNE, 60, 70)
    assert bench.one("benefit_totals")["realised_gbp"] == 130
