"""Gathering what the SMART rules and the lineage look at from a plan, and judging every goal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._goals.facts import LETTERS, CapacityFact, GoalFacts
from partnership._goals.lineage import Lineage, LineageItem, lineage, path_of
from partnership._goals.smart import RULES, Judged, judge
from partnership.expectations import periods_a_year
from partnership.periods import local_day

if TYPE_CHECKING:
    import polars as pl

    from partnership.plan import Plan
    from partnership.store import Store

__all__ = ["GoalsJudged", "as_json", "judge_goals", "judge_plan"]

_QUARTER_DAYS = 92


@dataclass(frozen=True, slots=True)
class GoalsJudged:
    """Every open goal against every rule, and the way from work to the big goal."""

    goals: tuple[Judged, ...]
    lineage: Lineage
    facts: Mapping[str, GoalFacts]


def judge_goals(store: Store, *, as_of: dt.date | None = None, today: dt.date | None = None) -> GoalsJudged:
    """Judge the goals of a stored plan.

    Parameters
    ----------
    store : Store
        Where the plan is.
    as_of : date, optional
        As known on that day.
    today : date, optional
        The day it is judged on; ``as_of`` or the present day when left out.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))
    series = store.fetch("measure_series", as_of=as_of, today=on)
    return judge_plan(store.plan(as_of=as_of), series, today=on)


def judge_plan(plan: Plan, series: pl.DataFrame, *, today: dt.date) -> GoalsJudged:
    """Judge the goals of a plan.

    Parameters
    ----------
    plan : Plan
        The records.
    series : polars.DataFrame
        Rows of the view ``measure_series``.
    today : date
        The day it is judged on.
    """
    goals = {g.id: g for g in plan["goals"]}
    closed = frozenset(g.id for g in goals.values() if g.closed_on and g.closed_on <= today)
    items = _open_items(plan, today)
    facts = {
        goal.id: _facts(plan, goal, goals, items, series, today)
        for goal in goals.values()
        if goal.id not in closed
    }
    return GoalsJudged(tuple(judge(one) for one in facts.values()), _lineage(plan, today, closed), facts)


def _open_items(plan: Plan, today: dt.date) -> list[Any]:
    return [i for i in plan["work_items"] if i.done_on is None or i.done_on > today]


def _facts(
    plan: Plan,
    goal: Any,
    goals: Mapping[str, Any],
    items: Sequence[Any],
    series: pl.DataFrame,
    today: dt.date,
) -> GoalFacts:
    measures = {m.id: m for m in plan["measures"]}
    roles = {r.id: r for r in plan["role_holders"]}
    own = plan["partnership"][0] if plan["partnership"] else None
    partners = {
        a.id: a.short_name or a.name
        for a in plan["agencies"]
        if a.duty != "outside"
        and not (a.left_on and a.left_on <= today)
        and not (a.joined_on and a.joined_on > today)
    }
    role = roles.get(goal.owner_role_id or "")
    measure, leading = measures.get(goal.measure_id or ""), measures.get(goal.leading_measure_id or "")
    mine = [i for i in items if i.goal_id == goal.id]
    until = max((i.due_on for i in mine if i.due_on), default=None)
    path, fault = path_of(goal.id, goals)
    readings, partial = _readings(series, measure)
    return GoalFacts(
        goal=goal,
        today=today,
        measure=measure,
        leading=leading,
        owner=role.role if role else None,
        owner_agency_id=role.agency_id if role else None,
        owner_left_on=role.ended_on if role and role.ended_on and role.ended_on < today else None,
        plan_starts_on=own.plan_starts_on if own else None,
        plan_ends_on=own.plan_ends_on if own else None,
        reviewed_since=_reviewed_since(own, today),
        partners=partners,
        parts={p.agency_id: (p.gives, p.gets) for p in plan["goal_partners"] if p.goal_id == goal.id},
        definitions=_definitions(plan, goal, partners, today),
        early_dates=_early_dates(plan, goal, today),
        items=len(mine),
        items_without_days=_without_days(plan, mine),
        capacity=_capacity(plan, mine, items, partners, until, today),
        capacity_until=until,
        readings=readings,
        partial_readings=partial,
        reading_target=_per_reading(goal.target_value, measure),
        reading_baseline=_per_reading(goal.baseline_value, measure),
        path=tuple(goals[i].title for i in path),
        path_fault=fault,
    )


def _reviewed_since(own: Any, today: dt.date) -> dt.date | None:
    if own is None:
        return None
    if own.last_board_on and own.last_board_on <= today:
        day: dt.date = own.last_board_on
        return day
    return today - dt.timedelta(days=_QUARTER_DAYS)


def _latest(plan: Plan, today: dt.date) -> list[Any]:
    """Return the latest statement of each partner on each thing."""
    latest: dict[tuple[Any, ...], Any] = {}
    for said in sorted(plan["expectations"], key=lambda e: (e.stated_on, e.id)):
        if said.stated_on <= today:
            latest[said.goal_id, said.measure_id, said.agency_id, said.direction, said.counterpart_id] = said
    return list(latest.values())


def _definitions(plan: Plan, goal: Any, partners: Mapping[str, str], today: dt.date) -> dict[str, str | None]:
    agreed = next((m.definition_id for m in plan["measures"] if m.id == goal.measure_id), None)
    return {
        partners[e.agency_id]: e.definition_id or agreed
        for e in _latest(plan, today)
        if e.goal_id == goal.id and e.measure_id == goal.measure_id and e.counterpart_id is None
        and e.answer == "answered" and e.agency_id in partners
    }  # fmt: skip


def _early_dates(plan: Plan, goal: Any, today: dt.date) -> tuple[dt.date, ...]:
    steps = [m.due_on for m in plan["goal_milestones"] if m.goal_id == goal.id]
    expected = [
        e.expected_by
        for e in _latest(plan, today)
        if e.goal_id == goal.id and e.measure_id == goal.leading_measure_id and e.expected_by
    ]
    return tuple(sorted([*steps, *expected]))


def _without_days(plan: Plan, mine: Sequence[Any]) -> int:
    said = {p.item_id for p in plan["item_agencies"] if p.effort_days is not None}
    return sum(i.id not in said for i in mine)


def _capacity(
    plan: Plan,
    mine: Sequence[Any],
    items: Sequence[Any],
    partners: Mapping[str, str],
    until: dt.date | None,
    today: dt.date,
) -> tuple[CapacityFact, ...]:
    """Set the days that open items ask against the days offered from this quarter on until the last is due.

    Items without an end are in no plan of work yet: what they ask falls in no quarter.
    """
    if until is None:
        return ()
    dated = {i.id for i in items if i.due_on and i.due_on <= until}
    own_ids = {i.id for i in mine} & dated
    asked: dict[str, Decimal] = defaultdict(Decimal)
    own: dict[str, Decimal] = defaultdict(Decimal)
    for part in plan["item_agencies"]:
        days = part.effort_days or Decimal(0)
        if part.item_id in dated:
            asked[part.agency_id] += days
        if part.item_id in own_ids:
            own[part.agency_id] += days
    offered: dict[str, Decimal] = {}
    for row in plan["capacity"]:
        ends = row.quarter_starts_on + dt.timedelta(days=_QUARTER_DAYS)
        if row.days is not None and ends > today and row.quarter_starts_on <= until:
            offered[row.agency_id] = offered.get(row.agency_id, Decimal(0)) + row.days
    return tuple(
        CapacityFact(partners.get(i, i), own[i], asked[i], offered.get(i)) for i in sorted(own) if own[i] > 0
    )


def _readings(series: pl.DataFrame, measure: Any) -> tuple[tuple[Decimal | None, ...], int]:
    """Return the measure period by period, and how many periods lack somebody.

    A count without everybody is too small, so that period has no value. A share without everybody is still a
    share of those who were read, as long as three in four were; it is said to be partial.
    """
    if measure is None or not series.height:
        return (), 0
    rows = series.filter(series["measure_id"] == measure.id).sort("period_index")
    step = {"month": 1, "quarter": 3, "year": 12}[measure.frequency]
    known: dict[int, Decimal | None] = {}
    partial = 0
    for row in rows.iter_rows(named=True):
        enough = row["read_cells"] * 4 >= row["expected_cells"] * 3
        keeps = not row["is_partial"] or (row["denominator"] is not None and enough)
        known[row["period_index"]] = row["value"] if keeps else None
        partial += bool(row["is_partial"] and keeps and row["value"] is not None)
    if not known:
        return (), 0
    return tuple(known.get(i) for i in range(min(known), max(known) + 1, step)), partial


def _per_reading(value: Decimal | None, measure: Any) -> Decimal | None:
    """Bring a yearly target of a count to the period in which it is read; a share or a stock stays."""
    if value is None or measure is None:
        return None
    if measure.kind not in ("count", "amount") or measure.per == "in all":
        return value
    return value * periods_a_year(measure.per) / periods_a_year(measure.frequency)


def _lineage(plan: Plan, today: dt.date, closed: frozenset[str]) -> Lineage:
    to_items: dict[str, Decimal] = {}
    to_goals: dict[str, Decimal] = {}
    for paid in plan["contributions"]:
        if paid.stage != "planned":
            continue
        if paid.item_id:
            to_items[paid.item_id] = to_items.get(paid.item_id, Decimal(0)) + paid.amount_gbp
        elif paid.goal_id:
            to_goals[paid.goal_id] = to_goals.get(paid.goal_id, Decimal(0)) + paid.amount_gbp
    items = [
        LineageItem(
            i.id, i.title, i.goal_id, to_items.get(i.id), i.done_on is not None and i.done_on <= today
        )
        for i in plan["work_items"]
    ]
    return lineage(items, plan["goals"], to_goals, closed=closed)


def as_json(judged: GoalsJudged) -> dict[str, Any]:
    """Return the judgement as plain data."""
    return {
        "rules": [
            {"id": r.id, "letter": r.letter, "word": LETTERS[r.letter], "looks_at": r.looks_at} for r in RULES
        ],
        "goals": [
            {
                "goal_id": one.goal.id,
                "title": one.goal.title,
                "letters": {
                    s.letter: {"met": s.met, "asked": s.asked, "cannot_tell": s.cannot_tell}
                    for s in one.letters
                },
                "verdicts": [
                    {
                        "rule": v.rule.id,
                        "letter": v.rule.letter,
                        "outcome": v.outcome,
                        "found": v.found,
                        "do": v.do,
                    }
                    for v in one.verdicts
                ],
            }
            for one in judged.goals
        ],
        "lineage": [
            {
                "item_id": k.item.id,
                "title": k.item.title,
                "path": list(k.path),
                "fault": k.fault,
                "planned_gbp": _text(k.item.planned_gbp),
            }
            for k in judged.lineage.links
        ],
        "orphans": [k.item.id for k in judged.lineage.orphans],
        "goals_without_work": [g.id for g in judged.lineage.unserved],
        "goals_without_money": [g.id for g in judged.lineage.unfunded],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
