"""SMART rules: each says what was found and how to mend it; letters are never added up; the lineage finds loose ends."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.goals import (
    LETTERS,
    RULES,
    CapacityFact,
    Goal,
    GoalFacts,
    LineageItem,
    Measure,
    judge,
    lineage,
    path_of,
)

TODAY = dt.date(2026, 11, 23)
BOARD = dt.date(2026, 9, 3)
MEASURE = Measure(id="M", name="Repeat referrals", unit="%", polarity="lower", kind="share", source="Front door", definition_id="D1")  # fmt: skip
LEADING = Measure(id="L", name="Decided in a day", unit="%", polarity="higher")
GOAL = Goal(
    id="G", title="Halve the referrals that come back", measure_id="M", leading_measure_id="L",
    baseline_value=Decimal(24), baseline_on=dt.date(2025, 3, 31), target_value=Decimal(12),
    target_on=dt.date(2029, 3, 31), starts_on=dt.date(2025, 4, 1), owner_agency_id="COU", owner_role_id="R1",
    last_reviewed_on=BOARD,
)  # fmt: skip
STEADY = tuple(Decimal(v) for v in (24, 25, 23, 24, 26, 24, 23, 25, 24, 24, 25, 23, 24))
WHOLE = GoalFacts(
    goal=GOAL, today=TODAY, measure=MEASURE, leading=LEADING, owner="Director", owner_agency_id="COU",
    plan_starts_on=dt.date(2025, 4, 1), plan_ends_on=dt.date(2030, 3, 31), reviewed_since=BOARD,
    partners={"COU": "Council", "POL": "Police"}, parts={"COU": ("Triage", "Fewer"), "POL": ("An officer", "Time")},
    definitions={"Council": "D1", "Police": "D1"}, early_dates=(dt.date(2026, 6, 30),), items=2,
    capacity=(CapacityFact("Police", Decimal(10), Decimal(30), Decimal(40)),), capacity_until=dt.date(2027, 6, 30),
    readings=STEADY, reading_target=Decimal(12), reading_baseline=Decimal(24), path=("Halve",),
)  # fmt: skip


def verdict(facts, rule):
    return next(v for v in judge(facts).verdicts if v.rule.id == rule)


def goal_with(**changed):
    return replace(WHOLE, goal=GOAL.model_copy(update=changed))


def test_whole_goal_meets_every_rule_and_every_letter_is_full():
    judged = judge(WHOLE)
    assert {v.outcome for v in judged.verdicts} == {"met"}
    assert judged.to_mend == ()
    assert [(s.letter, s.met, s.asked) for s in judged.letters] == [("S", 2, 2), ("M", 6, 6), ("A", 3, 3), ("R", 2, 2), ("T", 3, 3)]  # fmt: skip
    assert all(s.full for s in judged.letters)


def test_every_rule_has_an_id_a_letter_and_what_it_looks_at_and_is_asked_once():
    assert len({r.id for r in RULES}) == len(RULES) == 16
    assert {r.letter for r in RULES} == set(LETTERS)
    assert [v.rule for v in judge(WHOLE).verdicts] == list(RULES)


@pytest.mark.parametrize(("facts", "rule", "outcome", "says"), [
    (goal_with(owner_role_id=None), "smart-owner", "not met", "No role answers"),
    (replace(WHOLE, owner=None), "smart-owner", "not met", "no role in the plan"),
    (replace(WHOLE, owner_left_on=dt.date(2026, 1, 31)), "smart-owner", "not met", "since 31 January 2026"),
    (replace(WHOLE, owner_agency_id="POL"), "smart-owner", "not met", "belongs to Police, the goal to Council"),
    (goal_with(title="Referrals"), "smart-verb", "not met", "does not say"),
    (goal_with(title="Better outcomes for families"), "smart-verb", "cannot tell", "list of verbs"),
    (replace(WHOLE, measure=None), "smart-measure", "not met", "no measure"),
    (replace(WHOLE, measure=MEASURE.model_copy(update={"polarity": "neither"})), "smart-polarity", "not met", "neither higher nor lower"),
    (replace(WHOLE, measure=MEASURE.model_copy(update={"source": None})), "smart-source", "not met", "where its readings come from"),
    (goal_with(baseline_value=None), "smart-baseline", "not met", "no value"),
    (goal_with(baseline_on=None), "smart-baseline", "not met", "no day"),
    (goal_with(target_value=None), "smart-target", "not met", "no target"),
    (goal_with(target_value=Decimal(24)), "smart-target", "not met", "is the baseline, 24"),
    (goal_with(target_value=Decimal(30)), "smart-target", "not met", "Better is lower"),
    (replace(WHOLE, definitions={"Council": "D1", "Police": "D2"}), "smart-definition", "not met", "two definitions"),
    (replace(WHOLE, measure=MEASURE.model_copy(update={"definition_id": None})), "smart-definition", "not met", "no agreed definition"),
    (replace(WHOLE, definitions={"Police": "D9"}), "smart-definition", "not met", "Police uses another definition"),
    (replace(WHOLE, reading_target=Decimal(23)), "smart-limits", "not met", "by itself"),
    (replace(WHOLE, readings=STEADY[:11]), "smart-limits", "cannot tell", "only eleven whole readings"),
    (replace(WHOLE, readings=()), "smart-limits", "cannot tell", "no whole reading"),
    (replace(WHOLE, capacity=(CapacityFact("Police", Decimal(10), Decimal(50), Decimal(40)),)), "smart-capacity", "not met", "asked for 50 days by 30 June 2027 (10 of them for this goal) and offers 40"),
    (replace(WHOLE, capacity=(CapacityFact("Police", Decimal(10), Decimal(10), None),)), "smart-capacity", "cannot tell", "has not said"),
    (replace(WHOLE, items_without_days=1), "smart-capacity", "cannot tell", "One open item without the days"),
    (replace(WHOLE, items=0), "smart-capacity", "does not apply", "No open item"),
    (replace(WHOLE, parts={"COU": ("Triage", "Fewer"), "POL": ("An officer", None)}), "smart-gives-gets", "not met", "Police gets nothing from it"),
    (replace(WHOLE, parts={"COU": ("Triage", "Fewer")}), "smart-gives-gets", "not met", "Police gives nothing and gets nothing"),
    (replace(WHOLE, path=(), path_fault="Goal G9 is not in the plan."), "smart-path", "not met", "G9"),
    (replace(WHOLE, items=0), "smart-work", "not met", "No open item"),
    (goal_with(target_on=None), "smart-dates", "not met", "no date"),
    (goal_with(target_on=dt.date(2024, 3, 31)), "smart-dates", "not met", "before it starts"),
    (goal_with(target_on=dt.date(2031, 3, 31)), "smart-dates", "not met", "beyond the plan"),
    (replace(WHOLE, leading=None), "smart-leading", "not met", "no leading measure"),
    (replace(WHOLE, leading=MEASURE), "smart-leading", "not met", "is its measure"),
    (replace(WHOLE, early_dates=(dt.date(2029, 3, 31),)), "smart-leading", "not met", "Nothing says by when"),
    (goal_with(last_reviewed_on=dt.date(2026, 3, 5)), "smart-reviewed", "not met", "before the board of 3 September 2026"),
    (goal_with(last_reviewed_on=None), "smart-reviewed", "not met", "never looked at it"),
])  # fmt: skip
def test_rule_says_what_it_found_and_how_to_mend_it(facts, rule, outcome, says):
    found = verdict(facts, rule)
    assert (found.outcome, says in found.found) == (outcome, True), found
    assert found.do or outcome == "does not apply"


def test_rule_that_cannot_tell_is_asked_and_not_met_and_one_that_does_not_apply_is_not_asked():
    (achievable,) = (s for s in judge(replace(WHOLE, readings=(), items=0)).letters if s.letter == "A")
    assert (achievable.met, achievable.asked, achievable.cannot_tell) == (1, 2, 1)
    assert not achievable.full


@given(st.integers(-5, 5), st.integers(1, 400))
def test_process_limits_move_with_the_readings_and_the_verdict_stays(shift, step):
    moved = replace(WHOLE, readings=tuple(v + shift * step for v in STEADY), reading_target=12 + Decimal(shift * step), reading_baseline=24 + Decimal(shift * step))  # fmt: skip
    assert verdict(moved, "smart-limits").outcome == "met"


GOALS = (
    Goal(id="G1", title="Share"),
    Goal(id="G2", title="Train", parent_goal_id="G1"),
    Goal(id="G3", title="Stop"),
)


def test_lineage_follows_work_up_and_finds_orphans_idle_and_unpaid_goals():
    items = [
        LineageItem("W1", "Train staff", "G2", Decimal(100)),
        LineageItem("W2", "Lost", None),
        LineageItem("W3", "Astray", "G9"),
        LineageItem("W4", "Done", "G3", is_done=True),
    ]
    found = lineage(items, GOALS)
    assert [(k.item.id, k.path) for k in found.links if not k.fault] == [
        ("W1", ("G2", "G1")),
        ("W4", ("G3",)),
    ]
    assert {k.item.id: k.fault for k in found.orphans} == {
        "W2": "It names no goal.",
        "W3": "Goal G9 is not in the plan.",
    }
    assert [g.id for g in found.unserved] == ["G3"]
    assert found.unfunded == ()
    assert lineage([items[0]], GOALS, closed=frozenset({"G3"})).unserved == ()
    unpaid = lineage([replace(items[0], planned_gbp=None)], GOALS)
    assert [g.id for g in unpaid.unfunded] == ["G1", "G2"]
    assert lineage([replace(items[0], planned_gbp=None)], GOALS, {"G2": Decimal(5)}).unfunded == ()


def test_ring_of_goals_reaches_nothing_and_is_named():
    ring = {
        g.id: g
        for g in (Goal(id="A", title="x", parent_goal_id="B"), Goal(id="B", title="y", parent_goal_id="A"))
    }
    assert path_of("A", ring) == ((), "Goals A, B, A wait for each other in a ring.")
