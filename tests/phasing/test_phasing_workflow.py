"""A plan's records phased: asked and offered by a second sum, what is missing said, decided and planned again."""

import datetime as dt
import json
import shutil
from decimal import Decimal
from fractions import Fraction

import pytest
from typer.testing import CliRunner

from partnership._prioritisation.selecting.plain import digest_of, problem_from_plain, problem_to_plain
from partnership._prioritisation.selecting.plans import violations
from partnership._workflows.appraising import appraise_plan
from partnership._workflows.editing import Edit, save_rows
from partnership._workflows.phasing import PhasingSettings, conflict_words, headline, phased
from partnership._workflows.phasing_decision import compare_with, save_plan, saved_plans
from partnership._workflows.phasing_model import asked_of
from partnership._workflows.phasing_values import worth_of
from partnership._workflows.picturing import pictured
from partnership.cli import app
from partnership.errors import InvalidInput, UnknownName
from partnership.plan import Plan
from partnership.store import Actor, open_store
from sample_data.make_wendleshire import records

TODAY = dt.date(2026, 11, 23)
SETTINGS = PhasingSettings(limit=60)


@pytest.fixture(scope="module")
def plan():
    return Plan(records())


@pytest.fixture(scope="module")
def done(plan):
    return phased(plan, SETTINGS, today=TODAY)


def with_records(plan, table, change):
    made = {t: list(plan[t]) for t in plan}
    made[table] = change(made[table])
    return Plan(made)


def test_county_plan_asks_nobody_for_more_than_it_offered_by_a_second_sum(plan, done):
    """Days by agency and quarter, added up from the records themselves."""
    offered = {(c.agency_id, c.quarter_starts_on): Fraction(c.days) for c in plan["capacity"]}
    asked = dict.fromkeys(offered, Fraction(0))
    for row in plan["item_agencies"]:
        item = next((i for i in done.chosen if i.item_id == row.item_id), None)
        if item is not None and row.effort_days:
            for q in range(item.first, item.last + 1):
                asked[row.agency_id, done.quarters[q]] += Fraction(row.effort_days) / item.quarters
    assert all(asked[k] <= offered[k] for k in offered)
    assert {(c.agency_id, c.quarter): (c.asked, c.offered) for c in done.load} == {
        k: (asked[k], offered[k]) for k in offered
    }
    assert violations(done.asked.problem, done.outcome.starts) == ()


def test_county_plan_keeps_dates_prerequisites_and_small_wins(plan, done):
    items = {i.item_id: i for i in done.chosen}
    for record in plan["work_items"]:
        for before in record.depends_on:
            if record.id in items:
                assert items[before].ends_on < items[record.id].starts_on
        if record.id in items and record.starts_on and record.due_on:
            quarters = (
                (record.due_on.year - record.starts_on.year) * 4
                + (record.due_on.month - 1) // 3
                - (record.starts_on.month - 1) // 3
                + 1
            )
            assert items[record.id].quarters == quarters
    wins = [i for i in done.chosen if i.ends_on <= dt.date(2027, 6, 30)]
    assert {i.item_id for i in wins} == {i.item_id for i in done.small_wins}
    assert len(wins) >= 3
    members = {a.id for a in plan["agencies"] if a.duty != "outside" and a.left_on is None}
    assert members <= {a for i in wins for a in i.felt_by}
    assert done.outcome.status == "optimal"
    assert "Proved" in done.proof_words
    assert headline(done).startswith(f"{len(done.chosen)} of {len(done.items)} items fit")


def test_value_by_score_is_the_impact_of_the_revealed_round(plan, done):
    revealed = max(
        (r for r in plan["scoring_rounds"] if r.revealed_on and r.revealed_on <= TODAY),
        key=lambda r: r.opened_on,
    )
    for item in done.items:
        given = [
            float(s.score)
            for s in plan["scores"]
            if s.round_id == revealed.id
            and s.item_id == item.item_id
            and s.criterion_id == "IMPACT"
            and s.score is not None
        ]
        assert item.score == pytest.approx(sum(given) / len(given))
    total = sum(i.score * (1 - 0.02 * i.last) for i in done.chosen)
    assert done.outcome.value == pytest.approx(total)


def test_scores_of_a_sealed_round_are_not_used(plan):
    sealed = with_records(
        plan,
        "scoring_rounds",
        lambda rows: [
            r.model_copy(update={"revealed_on": dt.date(2027, 1, 10)}) if r.id == "R2" else r for r in rows
        ],
    )
    changed = with_records(
        sealed,
        "scores",
        lambda rows: [
            s.model_copy(update={"score": Decimal(0)}) if s.round_id == "R2" and s.score is not None else s
            for s in rows
        ],
    )
    first, second = (
        worth_of(p, ["W01", "W03"], (dt.date(2027, 1, 1),), SETTINGS, TODAY) for p in (sealed, changed)
    )
    assert first.round_id == "R1"
    assert first.values == second.values
    assert all(v[0] > 0 for v in first.values.values())


def test_benefit_of_items_finished_before_the_register_starts_is_the_appraisal(plan):
    """All items' parts together are the fiscal benefit of the lines that items bring about."""
    items = [i.id for i in plan["work_items"]]
    worth = worth_of(plan, items, (dt.date(2015, 1, 1),), PhasingSettings(value="benefit"), TODAY)
    appraisal = appraise_plan(plan).appraisal
    brought = {b.id for b in plan["benefits"] if b.item_ids}
    expected = sum(
        v.pv_gbp
        for v in appraisal.lines
        if v.line_id in brought
        and v.appraisal_class in ("cash-releasing", "capacity released", "no release")
        and v.line_id not in {a.line_id for a in appraisal.set_aside}
    )
    assert float(sum(b[0] for b in worth.benefits.values())) == pytest.approx(float(expected), abs=0.2)
    shared = sum(sum(s[0].values()) for s in worth.benefit_shares.values())
    assert float(shared) == pytest.approx(float(expected), abs=0.2)


def test_benefit_falls_when_an_item_is_finished_later(plan):
    quarters = tuple(dt.date(2027 + n // 4, 1 + 3 * (n % 4), 1) for n in range(8))
    worth = worth_of(plan, ["W04", "W07"], quarters, PhasingSettings(value="benefit"), TODAY)
    for values in worth.values.values():
        assert list(values) == sorted(values, reverse=True)
        assert values[0] > values[-1] > 0


def test_both_brings_points_and_pounds_together_and_says_the_exchange(plan):
    found = asked_of(plan, PhasingSettings(value="both"), TODAY)
    assert found.worth.gbp_per_point > 0
    assert any("One point of score counts as much as £" in f.found for f in found.findings)
    given = asked_of(plan, PhasingSettings(value="both", gbp_per_point=50_000.0), TODAY)
    one = given.worth
    assert one.values["W04"][1] == pytest.approx(
        one.scores["W04"] * 0.98 + float(one.benefits["W04"][1]) / 50_000
    )


def test_money_that_an_agency_offers_in_a_quarter_binds(plan):
    """The council pays for one item: with enough it stands, a pound short in any quarter it cannot, and none is asked."""
    cash = sum(
        Fraction(c.amount_gbp)
        for c in plan["contributions"]
        if (c.item_id, c.agency_id, c.stage, c.form) == ("W01", "COU", "planned", "cash")
    )
    first = phased(plan, PhasingSettings(limit=60, small_wins=0), today=TODAY)
    one = next(i for i in first.chosen if i.item_id == "W01")
    each = -(-cash // one.quarters)

    def offering(amount):
        rows = [
            c.model_copy(update={"money_gbp": Decimal(int(amount))}) if c.agency_id == "COU" else c
            for c in plan["capacity"]
        ]
        made = {t: list(plan[t]) for t in plan} | {"capacity": rows}
        return phased(Plan(made), PhasingSettings(limit=60, small_wins=0), today=TODAY)

    enough, short = offering(each), offering(each - 1)
    asked = [c for c in enough.load if (c.agency_id, c.kind) == ("COU", "money")]
    assert sum(c.asked for c in asked) == cash
    assert all(c.asked <= c.offered == each for c in asked)
    assert "W01" in enough.outcome.starts
    assert "W01" not in short.outcome.starts
    assert {c.asked for c in short.load if c.kind == "money"} == {0}
    assert violations(enough.asked.problem, enough.outcome.starts) == ()
    assert any(b.rule == "COU money" for b in violations(short.asked.problem, enough.outcome.starts))


# ---- what is missing ----
def test_agency_that_has_not_said_what_it_offers_is_asked_for_nothing(plan):
    silent = with_records(plan, "capacity", lambda rows: [c for c in rows if c.agency_id != "PRO"])
    found = phased(silent, PhasingSettings(limit=60, small_wins=0), today=TODAY)
    assert all(c.asked == 0 and c.offered is None for c in found.load if c.agency_id == "PRO")
    assert any("PRO has not said what days it offers" in f.found for f in found.findings)
    assert "W03" not in found.outcome.starts


def test_nobody_offers_anything_is_said_in_words(plan):
    with pytest.raises(InvalidInput, match="No agency has said what it offers"):
        phased(with_records(plan, "capacity", lambda _: []), SETTINGS, today=TODAY)


def test_item_that_waits_for_what_cannot_be_planned_is_set_aside_with_its_reason(plan):
    unknown = with_records(
        plan,
        "item_agencies",
        lambda rows: [r.model_copy(update={"effort_days": None}) if r.item_id == "W03" else r for r in rows],
    )
    found = asked_of(unknown, SETTINGS, TODAY)
    why = {a.item_id: a.why for a in found.aside}
    assert why["W03"] == "nobody has said what days it asks"
    assert why["W01"].startswith("waits for W03")
    assert why["W02"].startswith("waits for W01")
    assert not {"W01", "W02", "W03"} & set(found.problem.ids)


def test_ring_of_prerequisites_in_records_is_printed(plan):
    ring = with_records(
        plan,
        "work_items",
        lambda rows: [r.model_copy(update={"depends_on": ("W02",)}) if r.id == "W03" else r for r in rows],
    )
    with pytest.raises(InvalidInput, match="W01 needs W03 needs W02 needs W01: a ring"):
        asked_of(ring, SETTINGS, TODAY)


def test_item_under_way_goes_on_with_what_is_left_of_its_days(plan):
    found = asked_of(plan, PhasingSettings(starts_on=dt.date(2027, 7, 1)), dt.date(2027, 6, 15))
    one = found.problem.by_id["W01"]
    assert (one.quarters, one.earliest, one.latest) == (3, 0, 2)
    assert one.needs["COU", "days"] == (Fraction(20),) * 3
    assert "W01" in found.problem.must_do
    assert "under way" in found.assumed["W01"]


def test_must_dos_that_cannot_be_are_named_with_what_stands_in_their_way(plan):
    found = phased(plan, PhasingSettings(must_do=frozenset({"W01", "W11"}), limit=60), today=TODAY)
    assert found.outcome.status == "infeasible"
    assert not found.has_plan
    assert [r.about for r in found.conflict.demands] == [("W11",)]
    assert (
        conflict_words(found)
        == "That W11 must be done cannot be kept because of what Probation offers in days. W11 alone: Police is asked for 28 "
        "days a quarter and offers at most 26; Probation is asked for 22 days a quarter and offers at most 6. Leave it "
        "out, or find what it lacks."
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "luck"},
        {"quarters": 0},
        {"waiting": 0.5},
        {"limit": 0},
        {"gbp_per_point": -1.0},
        {"must_do": frozenset("a"), "left_out": frozenset("a")},
    ],
)
def test_settings_that_cannot_be_asked_are_refused(wrong):
    with pytest.raises(InvalidInput):
        PhasingSettings(**wrong)


def test_settings_that_name_an_unknown_item_are_refused(plan):
    with pytest.raises(UnknownName, match="W99"):
        asked_of(plan, PhasingSettings(must_do=frozenset({"W99"})), TODAY)


def test_settings_are_written_and_read_back():
    given = PhasingSettings(
        quarters=6,
        starts_on=dt.date(2027, 4, 1),
        value="both",
        gbp_per_point=1e4,
        must_do=frozenset({"a"}),
        latest={"b": dt.date(2028, 1, 1)},
        runs={"c": 2},
        together=((("a", "b"), 1.5),),
    )
    assert PhasingSettings.from_text(given.as_text()) == given
    with pytest.raises(InvalidInput):
        PhasingSettings.from_text("{]")


def test_problem_goes_through_plain_data_and_back(plan):
    problem = asked_of(plan, SETTINGS, TODAY).problem
    again = problem_from_plain(json.loads(json.dumps(problem_to_plain(problem))))
    assert digest_of(again) == digest_of(problem)
    assert again.offers == problem.offers
    assert [c.needs for c in again.candidates] == [c.needs for c in problem.candidates]


def test_digest_tells_any_change_of_what_is_asked(plan):
    one = digest_of(asked_of(plan, SETTINGS, TODAY).problem)
    assert one == digest_of(asked_of(Plan(records()), SETTINGS, TODAY).problem)
    fewer = with_records(
        plan, "capacity", lambda rows: [rows[0].model_copy(update={"days": rows[0].days - 1}), *rows[1:]]
    )
    assert one != digest_of(asked_of(fewer, SETTINGS, TODAY).problem)


# ---- decided, made again, planned again; and the command ----
@pytest.fixture(scope="module")
def store_path(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("phasing") / "county.duckdb"
    shutil.copy(county_file, path)
    return path


def test_plan_is_kept_as_a_decision_made_again_and_what_moved_is_explained(store_path, done):
    store = open_store(store_path, mode="write")
    known_on = store.changes()["recorded_at"].to_list()[-1].date()
    plan_now = store.plan()
    first = phased(plan_now, SETTINGS, today=TODAY)
    assert first.outcome.starts == done.outcome.starts
    with pytest.raises(InvalidInput, match="needs a reason"):
        save_plan(store, first, Actor("Board"), " ")
    with pytest.raises(InvalidInput, match="records changed"):
        save_plan(store, first, Actor("Board"), "why", seq=store.last_seq - 1)
    decision, receipt = save_plan(
        store,
        first,
        Actor("Board"),
        "Small wins first.",
        known_on=max(known_on, TODAY),
        title="Plan for 2027 and 2028",
    )
    assert receipt.seq == store.last_seq
    kept = saved_plans(store.plan())
    assert [s.decision_id for s in kept] == [decision.id]
    assert kept[0].starts == dict(first.outcome.starts)
    assert "Proved" in decision.why
    told = {h.item_id: " ".join(h.evidence) for h in pictured(store.plan(), today=kept[0].decided_on).habits}
    chosen = {i for i, said in told.items() if "Selection: in the plan of" in said}
    assert chosen == set(first.outcome.starts)
    assert "Selection: not in the plan of" in told["W05"]

    same = compare_with(store, decision.id, today=TODAY)
    assert same.still_kept
    assert same.change.moves == ()
    assert same.change.old_value_now == pytest.approx(first.outcome.value)

    rows = store.table("capacity", raw=True)
    police = rows.filter(
        (rows["agency_id"] == "POL") & (rows["quarter_starts_on"] == dt.date(2027, 1, 1))
    ).row(0, named=True)
    save_rows(
        store,
        "capacity",
        [Edit({"days": "14"}, police["row_key"], police["row_version"])],
        Actor("Police"),
        "Fewer days",
    )
    moved = compare_with(store, decision.id, today=TODAY)
    assert (
        not moved.is_same_input
    )  # the day's records were changed after the decision: its own problem is used
    assert any("POL offers 14 days in quarter 1, not 22" in c for c in moved.change.changed)
    assert any("POL is asked for" in b for b in moved.change.broken)
    assert moved.change.old_value_now is None
    assert moved.change.moves
    assert all(m.why for m in moved.change.moves)
    with pytest.raises(UnknownName):
        compare_with(store, "D99", today=TODAY)
    with pytest.raises(InvalidInput, match="holds no phased plan"):
        compare_with(store, "D01", today=TODAY)
    store.close()


def run(*words, status=0):
    result = CliRunner().invoke(app, ["phase", *map(str, words)])
    assert result.exit_code == status, result.output
    return result.output


def test_command_prints_the_plan_and_saves_it(store_path):
    where = ("--store", store_path, "--limit", 60)
    said = json.loads(
        run(
            "--quarters",
            8,
            "--small-wins",
            3,
            "--months",
            9,
            "--json",
            "--save",
            "--reason",
            "Tried",
            "--actor",
            "Test",
            *where,
        )
    )
    assert said["status"] == "optimal"
    assert said["decision"]["id"]
    for cell in said["load"]:
        assert Fraction(cell["asked"]) <= Fraction(cell["offered"])
    words = run("--months", 9, "--against", said["decision"]["id"], *where)
    assert "Proved: no plan that keeps these rules is worth more." in words
    assert "Nothing moved." in words
    assert "Days asked of days offered" in words


def test_command_names_what_cannot_be_kept_and_ends_with_one(store_path):
    assert "That W11 must be done cannot be kept" in run(
        "--must", "W11", "--small-wins", 0, "--store", store_path, status=1
    )
    assert "There is no item 'W99'" in run("--must", "W99", "--store", store_path, status=2)
    assert "no pair" in run("--runs", "W05", "--store", store_path, status=2)
