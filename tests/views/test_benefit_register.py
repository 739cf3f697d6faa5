"""States of the benefits in the register, and what is off plan."""

from __future__ import annotations

import datetime as dt

import pytest

from partnership.partners import RoleHolder

JUNE = dt.date(2026, 6, 1)


@pytest.fixture
def county(bench):
    bench.partnership(off_plan_share=80)
    for code in ("COU", "ICB"):
        bench.agency(code)
    bench.money_measure()
    # Something read in October, so that "to date" reaches October for all.
    bench.benefit("LAST")
    bench.planned("LAST", "COU", JUNE, 1, 1, 1, 1, 1)
    bench.read("LAST", "COU", JUNE, 1, 1, 1, 1, 1)
    return bench


def state(bench, benefit_id="B", **params):
    rows = {r["benefit_id"]: r for r in bench.ask("benefit_register", **params)}
    return rows[benefit_id]["state"], rows[benefit_id]["months_off_plan"]


def test_register_of_an_empty_plan_has_no_rows(bench):
    assert bench.ask("benefit_register") == []
    assert bench.ask("off_plan") == []


def test_benefit_at_its_share_of_the_plan_is_on_plan(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100, 100, 100, 100)
    county.read("B", "COU", JUNE, 80, 80, 80, 80, 80)
    assert state(county) == ("on plan", 0)


def test_benefit_a_penny_below_its_share_is_off_plan(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100, 100, 100, 100)
    county.read("B", "COU", JUNE, 80, 80, 80, 80, 79.99)
    assert state(county) == ("off plan", 1)


def test_benefit_off_plan_counts_the_months_running(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100, 100, 100, 100)
    # Running totals over plan: 0.9, 0.85, 0.733, 0.7, 0.7
    county.read("B", "COU", JUNE, 90, 80, 50, 60, 70)
    assert state(county) == ("off plan 3 months", 3)


def test_benefit_that_came_back_is_not_off_plan(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100, 100, 100, 100)
    county.read("B", "COU", JUNE, 10, 10, 200, 100, 100)
    assert state(county) == ("on plan", 0)


def test_months_off_plan_pass_over_months_without_a_reading(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100, 100, 100, 100)
    county.read("B", "COU", JUNE, 90, 50, "not provided", 50, 50)
    assert state(county) == ("off plan 3 months", 3)


def test_off_plan_share_is_the_partnerships_own_choice(bench):
    bench.partnership(off_plan_share=50)
    bench.money_measure()
    bench.benefit("B")
    bench.planned("B", "COU", JUNE, 100)
    bench.read("B", "COU", JUNE, 60)
    assert state(bench) == ("on plan", 0)
    assert state(bench)[0] != "off plan"
    bench.connection.execute("UPDATE partnership SET off_plan_share = 61")
    assert state(bench) == ("off plan", 1)


def test_benefit_whose_latest_month_is_withheld_is_withheld(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100, 100, 100, 100)
    county.read("B", "COU", JUNE, 100, 100, "withheld", "withheld", "withheld")
    assert state(county)[0] == "withheld"


def test_benefit_without_any_reading_says_so(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100)
    assert state(county) == ("no reading", 0)
    row = next(r for r in county.ask("benefit_register") if r["benefit_id"] == "B")
    assert (row["missing"], row["realised_gbp"], row["not_read_gbp"]) == ("blank", None, 200)


def test_benefit_whose_plan_begins_later_has_not_started(county):
    county.benefit("B")
    county.planned("B", "COU", dt.date(2026, 11, 1), 100)
    assert state(county) == ("not started", 0)


def test_benefit_with_a_later_first_month_and_no_plan_has_not_started(county):
    county.benefit("B", starts_on=dt.date(2027, 1, 1))
    assert state(county) == ("not started", 0)


def test_benefit_whose_latest_reading_may_change_is_provisional(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100, 100)
    county.read("B", "COU", JUNE, 100)
    county.read("B", "COU", dt.date(2026, 7, 1), 90, state="provisional")
    assert state(county) == ("provisional", 0)


def test_off_plan_comes_before_provisional(county):
    county.benefit("B")
    county.planned("B", "COU", JUNE, 100)
    county.read("B", "COU", JUNE, 10, state="provisional")
    assert state(county) == ("off plan", 1)


@pytest.mark.parametrize(
    ("read", "expected"),
    [(-100, "as expected"), (-120, "as expected"), (-121, "off plan"), (-50, "as expected")],
)
def test_disbenefit_is_as_expected_unless_the_harm_is_greater_than_planned(county, read, expected):
    county.benefit("B", is_disbenefit=True)
    county.planned("B", "COU", JUNE, -100)
    county.read("B", "COU", JUNE, read)
    assert state(county)[0] == expected


def test_register_names_to_whom_a_benefit_falls_greatest_share_first(county):
    for code in ("POL", "PRO", "SCH", "DAC", "YTH"):
        county.agency(code)
    county.benefit("B")
    county.shares("B", COU="1/10", ICB="9/10")
    county.benefit("C")
    county.planned("C", "POL", JUNE, 5)
    county.planned("C", "ICB", JUNE, 50)
    county.benefit("D")
    county.shares("D", COU="1/7", ICB="1/7", POL="1/7", PRO="1/7", SCH="1/7", DAC="1/7", YTH="1/7")
    county.benefit("E")
    county.shares("E", COU="1/6", ICB="1/6", POL="1/6", PRO="1/6", SCH="1/6", DAC="1/6")
    county.benefit("F")
    falls = {r["benefit_id"]: r["falls_to"] for r in county.ask("benefit_register")}
    assert falls == {
        "LAST": "COU", "B": "ICB, COU", "C": "ICB, POL", "D": "all partners", "E": "COU, DAC, ICB, POL, PRO and 1 more", "F": None,
    }  # fmt: skip


def test_register_names_the_successor_of_an_agency_that_left(county):
    county.agency("PCT", left_on=dt.date(2026, 8, 1), succeeded_by_id="ICB")
    county.benefit("B")
    county.shares("B", PCT=1)
    assert {r["benefit_id"]: r["falls_to"] for r in county.ask("benefit_register")}["B"] == "ICB"
    assert [r["benefit_id"] for r in county.ask("benefit_register", agency_id="ICB")] == ["B"]


def test_register_names_owner_and_validator(county):
    county.put(RoleHolder(id="R1", agency_id="COU", role="Finance officer, council"))
    county.put(RoleHolder(id="R2", agency_id="ICB", role="Accountant, care board"))
    county.benefit(
        "B", owner_role_id="R1", validator_role_id="R2", full_year_gbp=720000, last_reviewed_on=JUNE
    )
    row = next(r for r in county.ask("benefit_register") if r["benefit_id"] == "B")
    assert (row["owner_role"], row["validator_role"]) == (
        "Finance officer, council",
        "Accountant, care board",
    )
    assert (row["full_year_gbp"], row["last_reviewed_on"]) == (720000, JUNE)


def test_register_shows_a_benefit_of_which_only_the_whole_life_is_known(county):
    county.benefit("B", whole_life_gbp=5_000_000)
    county.benefit("C", whole_life_missing="withheld")
    rows = {r["benefit_id"]: r for r in county.ask("benefit_register")}
    assert (rows["B"]["whole_life_gbp"], rows["B"]["planned_gbp"], rows["B"]["state"]) == (
        5_000_000,
        None,
        "no reading",
    )
    assert (rows["C"]["whole_life_gbp"], rows["C"]["whole_life_missing"]) == (None, "withheld")


def test_register_of_one_agency_shows_that_agencys_part_to_the_penny(county):
    county.benefit("B")
    county.shares("B", COU="1/3", ICB="2/3")
    county.planned("B", None, JUNE, 100)
    county.read("B", None, JUNE, 70)
    parts = [
        r
        for a in ("COU", "ICB")
        for r in county.ask("benefit_register", agency_id=a)
        if r["benefit_id"] == "B"
    ]
    assert [str(p["planned_gbp"]) for p in parts] == ["33.33", "66.67"]
    assert [str(p["realised_gbp"]) for p in parts] == ["23.33", "46.67"]


def test_off_plan_lists_the_longest_first(county):
    for benefit, values in {"B": (10, 10, 10), "C": (100, 100, 10), "D": (100, 100, 100)}.items():
        county.benefit(benefit)
        county.planned(benefit, "COU", JUNE, 100, 100, 100)
        county.read(benefit, "COU", JUNE, *values)
    rows = county.ask("off_plan")
    assert [(r["benefit_id"], r["months_off_plan"], r["behind_gbp"]) for r in rows] == [
        ("B", 3, 270),
        ("C", 1, 90),
    ]
    assert [r["benefit_id"] for r in county.ask("benefit_register")][:2] == ["B", "C"]
