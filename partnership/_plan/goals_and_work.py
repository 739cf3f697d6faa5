"""Goals have measures, numbers and partners that give and get; work items have one lead; expectations are whole."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from partnership._expectations.units import conversion
from partnership._plan.fault import Fault, fault
from partnership.periods import name_day

Records = Mapping[str, tuple[Any, ...]]


def faults(plan: Records, today: dt.date | None) -> Iterator[Fault]:
    """Yield the faults of this room."""
    yield from _goals(plan)
    yield from _closed_goals(plan, today)
    yield from _leads(plan)
    yield from _expectations(plan)


def _goals(plan: Records) -> Iterator[Fault]:
    for goal in plan["goals"]:
        if not goal.measure_id:
            yield fault(
                "plan-goal-measure", goal, "measure_id", f"Goal “{goal.title}” has no measure: nobody could tell when it is reached.",
                "Choose a measure, or add one to the sheet Measures.",
            )  # fmt: skip
        elif goal.target_value is None or goal.baseline_value is None:
            yield fault(
                "plan-goal-number", goal, "target_value", f"Goal “{goal.title}” has no baseline or no target.",
                "Write where its measure stood, and where it shall stand.",
            )  # fmt: skip
        elif goal.target_value == goal.baseline_value:
            yield fault(
                "plan-goal-number", goal, "target_value", f"The target of “{goal.title}” is its baseline, {goal.target_value:f}.",
                "Write a target that differs, or close the goal.",
            )  # fmt: skip
    names = {a.id: a.name for a in plan["agencies"]}
    for part in plan["goal_partners"]:
        lacking = [word for word in ("gives", "gets") if not getattr(part, word)]
        if lacking:
            what = {"gives": "give to", "gets": "get from"}[lacking[0]]
            yield fault(
                "plan-goal-gives-gets", part, lacking[0],
                f"{names.get(part.agency_id, part.agency_id)} has nothing to {what} goal {part.goal_id}.",
                "Ask the partner, and write it in one line.",
            )  # fmt: skip


def _comparable(said: Any, measure: Any) -> Iterator[Fault]:
    if conversion(said.unit, measure.unit) is None:
        yield fault(
            "plan-expectation-unit", said, "unit", f"{said.unit} cannot be compared with {measure.unit}, the unit of “{measure.name}”.",
            f"Write the number in {measure.unit} and clear the unit, or choose another measure; until then it has no part in the gap.",
        )  # fmt: skip
    elif (said.per == "in all") != (measure.per == "in all"):
        yield fault(
            "plan-expectation-unit", said, "per", f"“{_per(said.per)}” cannot be compared with “{_per(measure.per)}”, the period of “{measure.name}”.",
            "Say it for the period of the measure; until then it has no part in the gap.",
        )  # fmt: skip


def _per(period: str) -> str:
    return period if period == "in all" else f"a {period}"


def _closed_goals(plan: Records, today: dt.date | None) -> Iterator[Fault]:
    closed = {g.id: g for g in plan["goals"] if g.closed_on and (today is None or g.closed_on <= today)}
    if not closed:
        return
    for table in ("work_items", "benefits", "commitments"):
        for record in plan[table]:
            done = getattr(record, "done_on", None) or getattr(record, "withdrawn_on", None)
            if record.goal_id in closed and not done:
                day = name_day(closed[record.goal_id].closed_on)
                yield fault(
                    "plan-goal-closed", record, "goal_id", f"Goal {record.goal_id} was closed on {day}.",
                    "Point it at a goal that is open, or say when it ended.",
                )  # fmt: skip


def _leads(plan: Records) -> Iterator[Fault]:
    accountable: dict[str, list[Any]] = defaultdict(list)
    for part in plan["item_agencies"]:
        if part.part == "accountable":
            accountable[part.item_id].append(part)
    for item in plan["work_items"]:
        parts = accountable[item.id]
        leads = {p.agency_id for p in parts} | ({item.lead_agency_id} if item.lead_agency_id else set())
        if not leads:
            yield fault(
                "plan-item-lead", item, "lead_agency_id", f"Nobody leads {item.id}, “{item.title}”.",
                "Name the one agency that is accountable.",
            )  # fmt: skip
        elif len(leads) > 1:
            record = parts[-1]
            yield fault(
                "plan-item-two-leads", record, "part", f"{item.id} has {len(leads)} accountable agencies: {', '.join(sorted(leads))}.",
                "Keep one, and make the others responsible or consulted.",
            )  # fmt: skip


def _expectations(plan: Records) -> Iterator[Fault]:
    measures = {m.id: m for m in plan["measures"]}
    for said in plan["expectations"]:
        measure = measures.get(said.measure_id)
        if measure and said.answer == "answered" and said.quantity:
            yield from _comparable(said, measure)
        if said.answer == "answered" and said.quantity is None:
            yield fault(
                "plan-expectation-answer", said, "quantity", "The partner has answered, but there is no quantity.",
                "Write the number, or choose “no answer” or “expects none”.",
            )  # fmt: skip
        elif said.answer != "answered" and said.quantity:
            yield fault(
                "plan-expectation-answer", said, "answer", f"The answer is “{said.answer}”, but the quantity is {said.quantity:f}.",
                "Choose “answered”, or clear the quantity.",
            )  # fmt: skip
        elif said.answer == "answered" and said.quantity == 0:
            yield fault(
                "plan-expectation-answer", said, "quantity", "The quantity is 0: no ratio can be made with it.",
                "Choose “expects none” as the answer and clear the quantity.",
            )  # fmt: skip
