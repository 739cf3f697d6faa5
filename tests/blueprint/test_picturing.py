"""The picture of whole plans: the sample county's own figures, a plan of another shape, and no plan at all."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from partnership._workflows.picture_words import headline, load_title, told
from partnership._workflows.picturing import picture, pictured
from partnership.cli import app

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def store(county_file):
    from partnership.store import open_store

    store = open_store(county_file, mode="read")
    yield store
    store.close()


@pytest.fixture(scope="module")
def plan(store):
    return store.plan()


@pytest.fixture(scope="module")
def seen(plan):
    return pictured(plan, today=TODAY)


def test_county_hours_are_those_of_its_diaries(seen):
    now = {one.agency_id: (one.hours_now, one.hours_after) for one in seen.loads}
    assert now == {
        "COU": (410, 298), "POL": (262, 190), "ICB": (184, 131), "MHT": (120, 96), "SCH": (88, 70), "PRO": (74, 66), "DAC": (61, 52), "YTH": (40, 36),
    }  # fmt: skip
    assert seen.freed == 300
    assert load_title(seen) == "The change is expected to free 300 hours a week, 112 of them the council’s"


def test_county_headline_and_what_it_tells(seen, plan):
    first, then = headline(seen)
    assert (
        first
        == "31% of the hours we work together are worked in one shared place; as planned it will be 88%."
    )
    assert "no lead" in then
    said = [i for i in plan["work_items"] if i.volume_a_year is not None]
    now, planned = (
        100 * sum(i.volume_a_year for i in said if getattr(i, where)) / sum(i.volume_a_year for i in said)
        for where in ("shared_now", "shared_future")
    )
    assert then.startswith(
        f"Counted by cases it is {now:.1f}% now and {planned:.0f}% as planned, of the 14 of 16 items"
    )
    kinds = [t.kind for t in told(seen)]
    assert kinds[0] == "nobody leads"
    assert {"single point of failure", "starts too early", "least shared", "done twice"} <= set(kinds)
    assert seen.functions == (
        "First contact",
        "Triage",
        "Assess and plan",
        "Act together",
        "Review and learn",
    )


def test_every_habit_has_evidence_from_scores_selection_or_load(seen):
    changing = [h for h in seen.habits if h.habit != "keep"]
    assert len(changing) == 13
    assert all(h.evidence for h in changing)
    assert all("no plan decided" in " ".join(h.evidence) for h in changing)
    assert any("quick win" in " ".join(h.evidence) for h in changing)


def test_habit_says_what_is_real_of_its_benefits_since(plan, store):
    habits = {h.item_id: h.seen for h in picture(store, today=TODAY, theme=None).habits}
    register = {r["benefit_id"]: r for r in store.fetch("benefit_register").to_dicts()}
    titles = {b.id: b.title for b in plan["benefits"]}
    read = register["B10"]["realised_gbp"] / register["B10"]["compared_gbp"]
    assert habits["W06"] == f"Readings: “{titles['B10']}” is at {read:.0%} of its plan."
    assert habits["W07"] == f"Readings: “{titles['B03']}” is not read."
    assert habits["W13"] == f"Readings: “{titles['B06']}” is at 95% of its plan (partial)."
    assert habits["W15"] == "No benefit is tied to it, so no reading can show it."
    assert f"“{titles['B07']}” (a harm) is at 100% of its plan" in habits["W01"]


def test_readings_stand_beside_habits_that_have_begun_alone():
    from dashboards.pages._blueprint_panels import _changed

    row = {"state": "runs", "seen": "Readings: some.", "days_late": 0, "done_on": None}
    assert "Readings: some." in str(_changed(row))
    assert "Readings" not in str(_changed({**row, "state": "not yet begun"}))
    assert "Readings: some." in str(_changed({**row, "state": "overdue", "days_late": 3}))


def test_narrowed_picture_keeps_what_waits_beyond_the_filter(plan):
    police = pictured(plan, today=TODAY, agency_id="POL", habit="change")
    assert {i.habit for i in police.items} == {"change"}
    assert [one.agency_id for one in police.loads] == ["POL"]
    assert len(police.dependencies.waiting["W03"]) == 4


def test_order_of_items_changes_nothing(plan, seen):
    tables = ("work_items", "item_agencies", "goals", "benefits", "capacity", "agencies", "scores")

    class Turned(dict):
        def __missing__(self, key):
            return plan[key]

    turned = Turned({t: tuple(reversed(plan[t])) for t in tables})
    again = pictured(turned, today=TODAY)
    assert again.whole.share_now == seen.whole.share_now
    assert again.dependencies.critical_days == seen.dependencies.critical_days
    assert [h.item_id for h in again.habits] == [h.item_id for h in seen.habits]


def test_plan_without_work_gives_words():
    class Empty(dict):
        def __missing__(self, key):
            return ()

    none = pictured(Empty(), today=TODAY)
    assert headline(none) == ("No work is in the plan yet.", "")
    assert (none.loads, none.best_join(), told(none)) == ((), None, ())


def test_command_tells_and_joins(county_file):
    def run(*words):
        return CliRunner().invoke(app, ["blueprint", "--store", str(county_file), *words])

    join = ["--join", "Children and families", "--join", "Domestic abuse, MARAC"]
    said = json.loads(run(*join, "--overlap", "0.38", "--json").output)
    assert said["critical_path"] == ["W03", "W01", "W02"]
    assert {a["item_id"] for a in said["joined"]["apart"]} == {"W04", "W06", "W15"}
    assert 0 < float(said["joined"]["hours_freed"]) < 121
    assert "W14 Review after closing has no lead." in run().output
    assert run("--agency", "XYZ").exit_code == 2
    assert run("--join", "Adults").exit_code == 2
