"""Who pays and who gains; the agencies themselves; the chain behind a benefit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from partnership.benefits import Assumption
from partnership.blueprint import WorkItem
from partnership.roi import Contribution

JUNE = dt.date(2026, 6, 1)


def pays(bench, number, agency, amount, year=2026, **fields):
    given = {
        "id": f"K{number}",
        "agency_id": agency,
        "financial_year": year,
        "stage": "planned",
        "form": "cash",
    }
    bench.put(Contribution.model_validate(given | {"amount_gbp": Decimal(amount)} | fields))


@pytest.fixture
def county(bench):
    for code in ("COU", "ICB", "POL"):
        bench.agency(code)
    pays(bench, 1, "COU", 300, agreed="agreed")
    pays(bench, 2, "COU", 120, agreed="asked")
    pays(bench, 5, "COU", 7777, year=2027)
    pays(bench, 6, "COU", 7777, year=2025)
    pays(bench, 3, "ICB", 580, goal_id="G")
    pays(bench, 4, "COU", 9999, stage="actual")
    bench.benefit("B1", goal_id="G")
    bench.benefit("B2", goal_id="G", benefit_class="capacity released", is_disbenefit=True)
    bench.benefit("B3", category="social")
    bench.planned("B1", "ICB", JUNE, 900, 300)
    bench.planned("B1", "COU", JUNE, 100)
    bench.planned("B2", "ICB", JUNE, -200)
    bench.planned("B3", "POL", JUNE, 5000)
    return bench


def test_payers_of_an_empty_plan_have_no_rows(bench):
    assert bench.ask("payers_and_gainers") == []


def test_payers_and_gainers_are_planned_money_with_disbenefits_netted(county):
    rows = {r["agency_id"]: r for r in county.ask("payers_and_gainers")}
    assert {k: (r["paid_gbp"], r["gained_gbp"], r["net_gbp"]) for k, r in rows.items()} == {
        "ICB": (580, 1000, 420), "COU": (420, 100, -320),
    }  # fmt: skip
    assert rows["COU"]["paid_share"] == pytest.approx(0.42)
    assert rows["ICB"]["gained_share"] == pytest.approx(1000 / 1100)


def test_payers_not_yet_agreed_are_shown_apart(county):
    rows = {r["agency_id"]: r["not_agreed_gbp"] for r in county.ask("payers_and_gainers")}
    assert rows["COU"] == 120


def test_payers_of_one_agency_keep_their_share_of_all(county):
    (row,) = county.ask("payers_and_gainers", agency_id="COU")
    assert row["paid_share"] == pytest.approx(0.42)


def test_payers_of_one_goal_come_by_contribution_or_item(county):
    county.put(WorkItem(id="W", title="Hub", goal_id="G"))
    pays(county, 5, "POL", 20, item_id="W")
    rows = {
        r["agency_id"]: (r["paid_gbp"], r["gained_gbp"])
        for r in county.ask("payers_and_gainers", goal_id="G")
    }
    assert rows == {"ICB": (580, 1000), "COU": (0, 100), "POL": (20, 0)}


def test_gains_of_one_class(county):
    rows = {
        r["agency_id"]: r["gained_gbp"]
        for r in county.ask("payers_and_gainers", benefit_class="capacity released")
    }
    assert rows["ICB"] == -200


def test_what_an_agency_that_left_was_to_pay_falls_to_its_successor(bench):
    bench.agency("PCT", left_on=dt.date(2027, 4, 1), succeeded_by_id="ICB")
    bench.agency("ICB")
    for number, year in enumerate((2025, 2026, 2027, 2028)):
        pays(bench, number, "PCT", 10**number, year=year)
    assert {r["agency_id"]: r["paid_gbp"] for r in bench.ask("payers_and_gainers")} == {
        "PCT": 11,
        "ICB": 1100,
    }


def test_agencies_are_partners_first_in_order_of_joining(bench):
    bench.agency("NAT", duty="outside", sector="national")
    bench.agency("OLD", left_on=JUNE, succeeded_by_id="ICB", joined_on=dt.date(2020, 1, 1))
    bench.agency("ICB", joined_on=dt.date(2025, 1, 1), short_name="Care board")
    bench.agency("COU", joined_on=dt.date(2024, 1, 1))
    rows = bench.ask("agency_list")
    assert [(r["agency_id"], r["is_partner"]) for r in rows] == [
        ("COU", True),
        ("ICB", True),
        ("OLD", False),
        ("NAT", False),
    ]
    assert (rows[2]["succeeded_by_name"], rows[1]["short_name"], rows[0]["short_name"]) == (
        "Agency ICB",
        "Care board",
        "Agency COU",
    )


def test_holders_follow_a_chain_of_successions(bench):
    bench.agency("A", left_on=dt.date(2024, 4, 1), succeeded_by_id="B")
    bench.agency("B", left_on=dt.date(2025, 4, 1), succeeded_by_id="C")
    bench.agency("C")
    spans = {
        (r["agency_id"], r["holder_id"]): (r["from_on"].year, r["to_on"].year)
        for r in bench.ask("agency_holders")
    }
    assert spans == {
        ("A", "A"): (1, 2024), ("A", "B"): (2024, 2025), ("A", "C"): (2025, 9999), ("B", "B"): (1, 2025), ("B", "C"): (2025, 9999),
        ("C", "C"): (1, 9999),
    }  # fmt: skip


def test_holder_skips_a_successor_that_had_left_before(bench):
    bench.agency("A", left_on=dt.date(2026, 4, 1), succeeded_by_id="B")
    bench.agency("B", left_on=dt.date(2025, 4, 1), succeeded_by_id="C")
    bench.agency("C")
    of_a = [r["holder_id"] for r in bench.ask("agency_holders") if r["agency_id"] == "A"]
    assert sorted(of_a) == ["A", "C"]


def test_chain_runs_from_people_to_pounds(county):
    for step, value in (
        ("unit value", 500),
        ("take-up", 0.4),
        ("target population", 900),
        ("attribution", 0.5),
    ):
        county.put(
            Assumption(
                benefit_id="B1", step=step, name=f"By {step}", value=Decimal(str(value)), confidence_grade=2
            )
        )
    county.put(Assumption(benefit_id="B2", step="other", name="Else", value=Decimal(1)))
    rows = county.ask("benefit_chain", benefit_id="B1")
    assert [r["step"] for r in rows] == ["target population", "take-up", "attribution", "unit value"]
    assert [r["value"] for r in rows] == [900, Decimal("0.4"), Decimal("0.5"), 500]
    assert len(county.ask("benefit_chain")) == 5


def test_payers_only_in_years_that_have_planned_benefits(county):
    rows = county.ask("payers_and_gainers")
    assert {(r["first_year"], r["last_year"]) for r in rows} == {(2026, 2026)}


def test_payers_without_any_planned_benefit_are_shown_for_all_years(bench):
    bench.agency("COU")
    pays(bench, 1, "COU", 300)
    pays(bench, 2, "COU", 200, year=2028)
    assert [r["paid_gbp"] for r in bench.ask("payers_and_gainers")] == [500]
