"""Offered against expected in things other than cases: hours, data feeds, seats and money, in a small plan."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from dashboards.data import Data
from dashboards.pages import expectation_gaps as page
from partnership.cli import app
from partnership.expectations import Expectation
from partnership.goals import Goal, Measure
from partnership.store import Actor, open_store
from tests.plans import small_plan

FIRE, PARISH = "fire-and-rescue", "parish/union"
THINGS = {  # measure: unit, kind, per, target, what fire gives in all, offered to the parish, expected by it
    "hours": ("hours", "amount", "week", 20, (45, "month"), (2, "week"), (26, "quarter")),
    "feeds": ("data feeds", "count", "in all", 4, (1, "in all"), (1, "in all"), (3, "in all")),
    "seats": ("seats", "count", "in all", 10, (10, "in all"), (10, "in all"), (None, "in all")),
    "money": ("£", "amount", "year", 40000, (10000, "quarter"), (500, "month"), (60000, "year")),
}


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory):
    goals, measures, said = [], [], []
    for thing, (unit, kind, per, target, given, offered, expected) in THINGS.items():
        measures.append(Measure(id=thing, name=f"Shared {thing}", unit=unit, kind=kind, per=per))
        goals.append(
            Goal(id=f"g/{thing}", title=f"Share {thing}", measure_id=thing, target_value=Decimal(target))
        )
        for agency, direction, other, (quantity, each) in (
            (FIRE, "gives", None, given),
            (FIRE, "gives", PARISH, offered),
            (PARISH, "gets", FIRE, expected),
        ):
            said.append(
                Expectation(
                    id=f"E{len(said):03}",
                    goal_id=f"g/{thing}",
                    measure_id=thing,
                    agency_id=agency,
                    direction=direction,
                    counterpart_id=other,
                    quantity=None if quantity is None else Decimal(quantity),
                    answer="expects none" if quantity is None else "answered",
                    per=each,
                    stated_on=dt.date(2027, 5, 4),
                )
            )
    own = small_plan._RECORDS
    records = {
        **own,
        "measures": (*own["measures"], *measures),
        "goals": (*own["goals"], *goals),
        "expectations": tuple(said),
    }
    path = tmp_path_factory.mktemp("things") / "things.duckdb"
    with open_store(path, mode="create") as store:
        made = {t: f for t, f in small_plan._frames(records).items() if f.height}
        store.accept(made, actor=Actor("Test"), reason="Things exchanged")
        yield path, Data(store, lambda: small_plan.TODAY)


def test_pairs_are_held_on_one_rate_whatever_is_exchanged(exchanged):
    _, data = exchanged
    rows = data.view("expectation_pairs", data.state("/expectation-gaps", ""))
    found = {r["measure_id"]: r for r in rows.to_dicts()}
    shorts = {k: (r["offered_rate"], r["expected_rate"], r["short"]) for k, r in found.items()}
    weeks = 26 / (365.25 / 7 / 4)
    assert shorts["hours"] == (2, pytest.approx(weeks, rel=0.01), "agrees")
    assert shorts["feeds"] == (1, 3, "offers less")
    assert shorts["money"] == (6000, 60000, "offers less")
    assert found["money"]["ratio"] == 10
    assert shorts["seats"] == (10, 0, "offers more")
    assert found["seats"]["ratio"] is None, "against none there is no ratio"


def test_sums_are_held_against_each_target_in_its_own_unit(exchanged):
    _, data = exchanged
    rows = data.view("goal_offers", data.state("/expectation-gaps", ""))
    found = {r["measure_id"]: r for r in rows.to_dicts()}
    assert [found[t]["standing"] for t in THINGS] == ["falls short", "falls short", "adds up", "adds up"]
    assert found["money"]["given_rate"] == 40000
    assert found["hours"]["given_rate"] == pytest.approx(45 * 12 / (365.25 / 7), rel=0.01)


def test_page_says_each_thing_in_its_unit_and_leads_to_the_others(exchanged):
    _, data = exchanged
    for thing, words in {
        "hours": ("hours a week", "20 hours a week"),
        "feeds": ("Data feeds: what the row offers", "4 data feeds"),
        "seats": ("Seats: what the row offers", "10 seats"),
        "money": ("£ a year: what the row offers", "£40,000 a year"),
    }.items():
        made = str(page.layout(data, data.state("/expectation-gaps", f"?measure={thing}")))
        assert "could not be made" not in made
        assert all(w in made for w in words), thing
        for other in THINGS:
            assert f"measure={other}" in made or other == thing, "every other thing is one step away"
    assert "10×" in str(page.layout(data, data.state("/expectation-gaps", "?measure=money")))


def test_command_says_the_same(exchanged):
    path, data = exchanged
    data.store.publish_snapshot()
    result = CliRunner().invoke(app, ["gaps", "--as-of", "2027-11-09", "--json", "--store", str(path)])
    assert result.exit_code == 0, result.output
    said = json.dumps(json.loads(result.output))
    assert all(f"Shared {thing}" in said for thing in THINGS)
