"""References exist, nothing waits for itself, ids and codes are unique, dates are in order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from partnership._plan.fault import Fault, fault
from partnership.errors import nearest, shown
from partnership.periods import name_day
from partnership.records import Record
from partnership.tables import RECORD_TYPES, columns_of, record_type

if TYPE_CHECKING:
    import networkx as nx

Records = Mapping[str, tuple[Any, ...]]

_RINGS = (
    ("work_items", "depends_on"),
    ("goals", "parent_goal_id"),
    ("benefits", "leads_to"),
    ("agencies", "succeeded_by_id"),
    ("unit_costs", "parent_id"),
)

_IN_ORDER: dict[str, tuple[tuple[str, str], ...]] = {
    "partnership": (
        ("plan_starts_on", "plan_ends_on"),
        ("bhag_baseline_on", "bhag_target_on"),
        ("last_board_on", "next_board_on"),
    ),
    "agencies": (("joined_on", "left_on"),),
    "role_holders": (("started_on", "ended_on"),),
    "goals": (("starts_on", "target_on"), ("baseline_on", "target_on")),
    "work_items": (("starts_on", "due_on"), ("starts_on", "done_on")),
    "scoring_rounds": (("opened_on", "revealed_on"), ("opened_on", "closed_on")),
    "benefits": (("baseline_on", "target_on"),),
    "commitments": (("made_on", "due_on"), ("made_on", "withdrawn_on")),
    "clocks": (("effective_from", "effective_to"), ("decided_on", "effective_to")),
    "agreements": (("starts_on", "ends_on"), ("starts_on", "review_on"), ("review_on", "ends_on")),
}


def faults(plan: Records, today: dt.date | None) -> Iterator[Fault]:
    """Yield the faults of this room."""
    del today
    yield from _one_partnership(plan)
    yield from _missing_references(plan)
    yield from _rings(plan)
    yield from _same_codes(plan)
    yield from _dates(plan)


def _one_partnership(plan: Records) -> Iterator[Fault]:
    """Ask for the one partnership row, save of a library of unit costs alone, which is nobody's plan."""
    if not plan["partnership"] and {t for t in plan if plan[t]} == {"unit_costs"}:
        return
    rows = plan["partnership"]
    if not rows:
        yield fault(
            "plan-one-partnership", "partnership", "id", "There are 0 partnership rows.",
            "Fill exactly one row on the Partnership sheet.",
        )  # fmt: skip
    if len(rows) > 1:
        yield fault(
            "plan-one-partnership", rows[-1], "id", f"There are {len(rows)} partnership rows: {', '.join(shown(r.id) for r in rows)}.",
            "Fill exactly one row on the Partnership sheet. A plan that is stored keeps its id.",
        )  # fmt: skip


def _missing_references(plan: Records) -> Iterator[Fault]:
    known = {
        t.table: {r.id for r in plan[t.table]}
        for t in RECORD_TYPES
        if "id" in t.key and t.table in _referred()
    }
    for kind in RECORD_TYPES:
        columns = [c for c in columns_of(kind.table) if c.refers_to]
        for record in plan[kind.table]:
            for column in columns:
                value = getattr(record, column.name)
                targets = value if isinstance(value, tuple) else (value,) if value else ()
                for target in targets:
                    if target not in known[str(column.refers_to)]:
                        yield _no_such(
                            record,
                            column.name,
                            str(column.refers_to),
                            target,
                            known[str(column.refers_to)],
                        )


def _referred() -> set[str]:
    return {c.refers_to for t in RECORD_TYPES for c in columns_of(t.table) if c.refers_to}


def _no_such(record: Record, field: str, table: str, target: str, known: set[str]) -> Fault:
    sheet = record_type(table).sheet
    close = nearest(target, known)
    hint = (
        f"Did you mean {', '.join(close)}?" if close else f"Add it to the sheet {sheet}, or clear the cell."
    )
    return fault(
        "plan-reference",
        record,
        field,
        f"“{shown(target)}” is on no row of the sheet {sheet}.",
        hint,
    )


def _rings(plan: Records) -> Iterator[Fault]:
    import networkx as nx  # here, since it takes longer to import than most commands to run

    for table, field in _RINGS:
        graph: nx.DiGraph[str] = nx.DiGraph()
        records = {r.id: r for r in plan[table]}
        for record in records.values():
            value = getattr(record, field)
            for target in value if isinstance(value, tuple) else (value,) if value else ():
                if target in records:
                    graph.add_edge(record.id, target)
        for group in nx.strongly_connected_components(graph):
            first = min(group)
            if len(group) == 1 and not graph.has_edge(first, first):
                continue
            ring = _ring_through(graph.subgraph(group), first)
            text = " > ".join(ring)
            yield fault(
                "plan-ring", records[first], field, f"These wait for each other in a ring: {text}.",
                "Break the ring: clear one of its links.",
            )  # fmt: skip


def _ring_through(graph: nx.DiGraph[str], start: str) -> list[str]:
    """Return the shortest ring from a node back to itself."""
    if graph.has_edge(start, start):
        return [start, start]
    import networkx as nx

    paths = (nx.shortest_path(graph, n, start) for n in sorted(graph.successors(start)))
    return [start, *min(paths, key=len)]


def _same_codes(plan: Records) -> Iterator[Fault]:
    by_code: dict[str, list[Any]] = defaultdict(list)
    for agency in plan["agencies"]:
        by_code[agency.code].append(agency)
    for code, same in by_code.items():
        if len(same) > 1:
            yield fault(
                "plan-same-code", same[1], "code", f"The code {code} belongs to {same[0].name} and to {same[1].name}.",
                "Give each agency a code of its own.",
            )  # fmt: skip


def _dates(plan: Records) -> Iterator[Fault]:
    for table, pairs in _IN_ORDER.items():
        headers = {c.name: c.header for c in columns_of(table)}
        for record in plan[table]:
            for first, then in pairs:
                a, b = getattr(record, first), getattr(record, then)
                if a and b and b < a:
                    found = f"{headers[then]} ({name_day(b)}) is before {headers[first]} ({name_day(a)})."
                    yield fault(
                        "plan-date-order",
                        record,
                        then,
                        found,
                        f"Correct {headers[first]} or {headers[then]}.",
                    )
    goals = {g.id: g for g in plan["goals"]}
    for step in plan["goal_milestones"]:
        goal = goals.get(step.goal_id)
        if goal and goal.target_on and step.due_on > goal.target_on:
            found = f"The milestone is due {name_day(step.due_on)}, after its goal ends on {name_day(goal.target_on)}."
            yield fault(
                "plan-date-order",
                step,
                "due_on",
                found,
                "Correct the milestone's date or the goal's.",
            )
    made = {c.id: c for c in plan["commitments"]}
    for table, field in (
        ("deliveries", "delivered_on"),
        ("due_changes", "changed_on"),
        ("due_changes", "new_due_on"),
    ):
        for record in plan[table]:
            promise = made.get(record.commitment_id)
            day = getattr(record, field)
            if promise and day < promise.made_on:
                found = f"{name_day(day)} is before the promise was made, {name_day(promise.made_on)}."
                yield fault(
                    "plan-date-order",
                    record,
                    field,
                    found,
                    "Correct one of the two dates.",
                )
