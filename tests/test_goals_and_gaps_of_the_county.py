"""Goals and gaps of the county by the method, the views and the commands, and after a change: one truth."""

import datetime as dt
import json
import shutil
from fractions import Fraction

import pytest
from typer.testing import CliRunner

from partnership._workflows.editing import Edit, save_rows
from partnership._workflows.gaps import gap_report
from partnership._workflows.goal_checks import judge_goals
from partnership.cli import app
from partnership.expectations import adds_up, common_rate
from partnership.store import Actor, open_store

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def path(tmp_path_factory, county_file):
    """A copy of the county that one test at the end writes to."""
    path = tmp_path_factory.mktemp("goals") / "county.duckdb"
    shutil.copy(county_file, path)
    return path


@pytest.fixture(scope="module")
def shown(path):
    with open_store(path, mode="write") as store:
        yield gap_report(store, today=TODAY), judge_goals(store, today=TODAY), store.plan()


def ran(path, *words):
    result = CliRunner().invoke(app, [*words, "--store", str(path)])
    assert result.exit_code == 0, result.output
    return result.output


def test_method_and_view_agree_on_every_gap(shown):
    report, _, _ = shown
    assert len(report.gaps) == 7
    for one in report.gaps:
        assert one.typed.gap.ratio == pytest.approx(one.row["ratio"], rel=1e-12)
        assert (one.typed.gap.band, one.typed.kind) == (one.row["band"], one.row["kind_of_gap"])
        assert one.typed.definitions == one.row["definitions"]
        assert len(one.typed.gap.unanswered) == one.row["partners_unanswered"]
        assert (one.typed.gap.geometric_mean is None) == (one.row["kind_of_gap"] == "definition")


def test_sums_of_what_is_given_are_those_of_the_method_over_the_records(shown):
    report, _, plan = shown
    measures = {m.id: m for m in plan["measures"]}
    members = {a.id for a in plan["agencies"] if a.duty != "outside"}
    for row in report.offers.iter_rows(named=True):
        measure = measures[row["measure_id"]]
        latest = {}
        for said in sorted(plan["expectations"], key=lambda e: (e.stated_on, e.id)):
            if (said.goal_id, said.measure_id, said.counterpart_id) == (
                row["goal_id"],
                row["measure_id"],
                None,
            ):
                latest[said.agency_id, said.direction] = said
        offers = {}
        for (agency, direction), said in latest.items():
            if said.answer == "no answer":
                offers[agency] = (None, None)
            elif direction == "gives":
                rate = common_rate(said.quantity, said.per, measure.per)
                offers[agency] = (rate, said.definition_id or measure.definition_id)
        target = next(g.target_value for g in plan["goals"] if g.id == row["goal_id"])
        found = adds_up(offers, Fraction(target), additive=measure.kind in ("count", "amount"))
        assert row["standing"] == found.standing
        assert row["given_rate"] == (
            None
            if found.given is None or found.standing == "nothing offered"
            else pytest.approx(float(found.given))
        )
        assert set(offers) <= members


def test_goals_are_judged_and_every_piece_of_work_reaches_the_big_goal(shown):
    _, judged, plan = shown
    assert [one.goal.id for one in judged.goals] == [g.id for g in plan["goals"]]
    assert len(judged.lineage.links) == len(plan["work_items"])
    assert judged.lineage.orphans == ()
    paid = sum(c.amount_gbp for c in plan["contributions"] if c.stage == "planned")
    assert sum(judged.lineage.planned_gbp.values()) == paid
    first = {v.rule.id: v for v in judged.goals[0].verdicts}
    assert first["smart-definition"].outcome == "not met"
    assert "seven definitions" in first["smart-definition"].found


def test_command_line_says_what_the_workflows_say(shown, path):
    report, judged, _ = shown
    said = json.loads(ran(path, "gaps", "--json", "--as-of", "2026-11-23"))
    assert [g["ratio"] for g in said["gaps"]] == pytest.approx([one.row["ratio"] for one in report.gaps])
    assert said["bands"]["discuss_from"] == report.discuss_from
    assert said["gaps"][0]["geometric_mean"] is None
    one_goal = json.loads(ran(path, "gaps", "--goal", "G4", "--json", "--as-of", "2026-11-23"))
    assert {g["goal_id"] for g in one_goal["gaps"]} == {"G4"}
    words = ran(path, "gaps", "--as-of", "2026-11-23")
    assert "our own design" in words
    assert "1,000 times apart" in words
    goals = json.loads(ran(path, "goals", "--json", "--as-of", "2026-11-23"))
    assert [g["goal_id"] for g in goals["goals"]] == [one.goal.id for one in judged.goals]
    assert goals["goals"][0]["letters"]["M"]["met"] == judged.goals[0].letters[1].met
    assert "smart-definition" in ran(path, "goals", "--goal", "G1", "--as-of", "2026-11-23")
    assert CliRunner().invoke(app, ["gaps", "--goal", "G77", "--store", str(path)]).exit_code == 2


def test_answer_that_a_partner_gives_moves_the_gap_and_the_history_keeps_both(path, shown):
    del shown
    with open_store(path, mode="write") as store:
        before = next(g for g in gap_report(store, today=TODAY).gaps if g.row["measure_id"] == "M-USERS")
        values = {"goal_id": "G1", "measure_id": "M-USERS", "agency_id": "YTH", "direction": "gives", "quantity": "240",
                  "per": "in all", "expected_by": "31 March 2027", "stated_on": TODAY}  # fmt: skip
        save_rows(store, "expectations", [Edit(values)], Actor("Hub manager"), "Said at the board")
        after = next(g for g in gap_report(store, today=TODAY).gaps if g.row["measure_id"] == "M-USERS")
        assert (before.row["least_agency_id"], after.row["least_agency_id"]) == ("YTH", "PRO")
        assert after.row["ratio"] < before.row["ratio"]
        assert after.change == "closing"
        rows = store.table("expectations").filter(agency_id="YTH", measure_id="M-USERS")
        assert rows.height == 4
