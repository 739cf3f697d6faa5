"""The benefits map, from enabler to objective, and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import networkx as nx

from partnership.errors import Finding

__all__ = ["LAYERS", "BenefitsMap", "MapNode", "benefits_map"]

NodeKind = Literal["enabler", "change", "intermediate benefit", "end benefit", "dis-benefit", "objective"]
LAYERS: tuple[tuple[NodeKind, ...], ...] = (
    ("enabler",),
    ("change",),
    ("intermediate benefit",),
    ("end benefit", "dis-benefit"),
    ("objective",),
)
"""Columns of the map, from what is done to what it is for."""

Records = Mapping[str, Iterable[Any]]


@dataclass(frozen=True, slots=True)
class MapNode:
    """One box of the map; ``key`` is its table and id, ``money_gbp`` what it counts in a full year."""

    key: str
    kind: NodeKind
    id: str
    title: str
    layer: int
    place: float
    agencies: tuple[str, ...]
    money_gbp: Decimal | None


@dataclass(frozen=True, slots=True)
class BenefitsMap:
    """Boxes, arrows from cause to effect, and what breaks a rule."""

    nodes: tuple[MapNode, ...]
    arrows: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def benefits_map(plan: Records) -> BenefitsMap:
    """Draw up the map of a plan and check its rules.

    An item that a benefit names is a change; an item that only other items wait for is an enabler; items
    with the habit "keep" that lead to no benefit are left off, as nothing changes. A benefit that leads to
    another is intermediate. The rules: nothing leads back to itself; every benefit rests on work and
    reaches an objective; every benefit has an owner in an agency that receives it; every change has
    somebody accountable or responsible in a receiving agency; no enabler leads nowhere; money is counted
    once on any path.

    Parameters
    ----------
    plan : Mapping of table to records
        ``work_items``, ``item_agencies``, ``benefits``, ``benefit_shares``, ``goals``, ``role_holders``.

    Source
    ------
    Ward and Daniel, Benefits Management (benefits dependency network); Infrastructure and Projects Authority,
    Guide for effective benefits management in major projects (2017).
    """
    items = {i.id: i for i in plan["work_items"]}
    benefits = {b.id: b for b in plan["benefits"]}
    goals = {g.id: g for g in plan["goals"]}
    graph = _graph(items, benefits, goals)
    kinds = _kinds(graph, items, benefits, goals)
    kept = [n for n in graph if n in kinds]
    receives = _receives(plan, benefits)
    places = _places(graph.subgraph(kept), kinds)
    nodes = tuple(
        MapNode(
            key,
            kinds[key],
            key.split(":", 1)[1],
            _record(key, items, benefits, goals).title,
            _layer(kinds[key]),
            places[key],
            _agencies(key, items, goals, receives),
            _money(key, benefits),
        )
        for key in sorted(kept, key=lambda k: (_layer(kinds[k]), places[k]))
    )
    arrows = tuple((a, b) for a, b in sorted(graph.edges) if a in kinds and b in kinds)
    checks = (
        _rings(graph, items, benefits, goals),
        _benefit_rules(graph, benefits, receives, {r.id: r for r in plan["role_holders"]}),
        _change_rules(graph, items, benefits, receives, plan["item_agencies"]),
        _orphans(graph, items),
        _money_twice(graph, benefits),
    )
    return BenefitsMap(nodes, arrows, tuple(f for found in checks for f in found))


def _graph(items: Mapping[str, Any], benefits: Mapping[str, Any], goals: Mapping[str, Any]) -> nx.DiGraph:
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(f"item:{i}" for i in items)
    graph.add_nodes_from(f"benefit:{b}" for b in benefits)
    graph.add_nodes_from(f"goal:{g}" for g in goals)
    for item in items.values():
        graph.add_edges_from((f"item:{d}", f"item:{item.id}") for d in item.depends_on if d in items)
    for benefit in benefits.values():
        here = f"benefit:{benefit.id}"
        graph.add_edges_from((f"item:{i}", here) for i in benefit.item_ids if i in items)
        graph.add_edges_from((here, f"benefit:{b}") for b in benefit.leads_to if b in benefits)
        if benefit.goal_id in goals:
            graph.add_edge(here, f"goal:{benefit.goal_id}")
    for goal in goals.values():
        if goal.parent_goal_id in goals:
            graph.add_edge(f"goal:{goal.id}", f"goal:{goal.parent_goal_id}")
    return graph


def _leads_to_benefit(graph: nx.DiGraph, key: str) -> bool:
    return any(n.startswith("benefit:") for n in nx.descendants(graph, key))


def _kinds(
    graph: nx.DiGraph, items: Mapping[str, Any], benefits: Mapping[str, Any], goals: Mapping[str, Any]
) -> dict[str, NodeKind]:
    out: dict[str, NodeKind] = {}
    for item in items.values():
        key = f"item:{item.id}"
        if any(n.startswith("benefit:") for n in graph.successors(key)):
            out[key] = "change"
        elif item.habit != "keep" or _leads_to_benefit(graph, key):
            out[key] = "enabler"
    for benefit in benefits.values():
        leads = any(b in benefits for b in benefit.leads_to)
        kind: NodeKind = (
            "dis-benefit" if benefit.is_disbenefit else "intermediate benefit" if leads else "end benefit"
        )
        out[f"benefit:{benefit.id}"] = kind
    for goal in goals:
        if graph.pred[f"goal:{goal}"] or not goals[goal].closed_on:
            out[f"goal:{goal}"] = "objective"
    return out


def _layer(kind: NodeKind) -> int:
    return next(n for n, layer in enumerate(LAYERS) if kind in layer)


def _places(graph: nx.DiGraph, kinds: Mapping[str, NodeKind]) -> dict[str, float]:
    """Place boxes up and down in their column, from 0 to 1, next to what they lead to; deterministic."""
    out: dict[str, float] = {}
    for number in reversed(range(len(LAYERS))):
        column = sorted(n for n in graph if _layer(kinds[n]) == number)

        def middle(key: str) -> float:
            ahead = [out[s] for s in graph.successors(key) if s in out]
            return sum(ahead) / len(ahead) if ahead else 2.0

        column.sort(key=lambda k: (middle(k), k))
        for row, key in enumerate(column):
            out[key] = (row + 0.5) / len(column)
    return out


def _record(key: str, *rooms: Mapping[str, Any]) -> Any:
    table, found = key.split(":", 1)
    return rooms[("item", "benefit", "goal").index(table)][found]


def _receives(plan: Records, benefits: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {b: [] for b in benefits}
    for share in plan["benefit_shares"]:
        if share.benefit_id in out and share.share > 0:
            out[share.benefit_id].append(share.agency_id)
    return {b: tuple(sorted(a)) for b, a in out.items()}


def _agencies(
    key: str, items: Mapping[str, Any], goals: Mapping[str, Any], receives: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    table, found = key.split(":", 1)
    if table == "benefit":
        return receives[found]
    who = items[found].lead_agency_id if table == "item" else goals[found].owner_agency_id
    return (who,) if who else ()


def _counts_money(benefit: Any) -> bool:
    counted = benefit.category == "fiscal" or benefit.additive
    return bool(counted and not benefit.is_disbenefit and (benefit.full_year_gbp or benefit.whole_life_gbp))


def _money(key: str, benefits: Mapping[str, Any]) -> Decimal | None:
    benefit = benefits.get(key.removeprefix("benefit:")) if key.startswith("benefit:") else None
    return benefit.full_year_gbp if benefit is not None else None


# ---- the rules ----
def _found(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="warning", place=place, found=found, do=do)


def _rings(graph: nx.DiGraph, *rooms: Mapping[str, Any]) -> Iterator[Finding]:
    for ring in sorted(map(sorted, (c for c in nx.strongly_connected_components(graph) if len(c) > 1))):
        names = ", ".join(f"“{_record(k, *rooms).title}”" for k in ring)
        yield _found(
            "map-ring",
            ring[0].replace(":", ", ", 1),
            f"{names} lead back to themselves.",
            "Take one arrow out: an effect cannot be its own cause.",
        )


def _benefit_rules(
    graph: nx.DiGraph,
    benefits: Mapping[str, Any],
    receives: Mapping[str, tuple[str, ...]],
    roles: Mapping[str, Any],
) -> Iterator[Finding]:
    for benefit in benefits.values():
        key, place = f"benefit:{benefit.id}", f"Benefits, {benefit.id}"
        if not any(n.startswith("goal:") for n in nx.descendants(graph, key)):
            yield _found(
                "map-no-objective",
                place,
                f"“{benefit.title}” leads to no goal.",
                "Name the goal that it serves.",
            )
        if not any(n.startswith("item:") for n in nx.ancestors(graph, key)):
            yield _found(
                "map-no-change",
                place,
                f"“{benefit.title}” rests on no work.",
                "Name the work items that bring it about.",
            )
        owner = roles.get(benefit.owner_role_id or "")
        if owner is None:
            yield _found(
                "map-no-owner",
                place,
                f"“{benefit.title}” has no owner.",
                "Name a role in an agency that receives it.",
            )
        elif (
            receives[benefit.id] and owner.agency_id not in receives[benefit.id] and not benefit.is_disbenefit
        ):
            yield _found(
                "map-owner-elsewhere",
                place,
                f"“{benefit.title}” is owned by {owner.role}, whose agency receives none of it.",
                "Name an owner in an agency that receives it: only that agency can make it real.",
            )


def _change_rules(
    graph: nx.DiGraph,
    items: Mapping[str, Any],
    benefits: Mapping[str, Any],
    receives: Mapping[str, tuple[str, ...]],
    parts: Iterable[Any],
) -> Iterator[Finding]:
    doing: dict[str, set[str]] = {}
    for part in parts:
        if part.part in ("accountable", "responsible"):
            doing.setdefault(part.item_id, set()).add(part.agency_id)
    for benefit in benefits.values():
        before = graph.pred[f"benefit:{benefit.id}"]
        changes = [n.removeprefix("item:") for n in before if n.startswith("item:")]
        hands = {a for c in changes for a in (*doing.get(c, ()), items[c].lead_agency_id) if a}
        if (
            changes
            and receives[benefit.id]
            and not hands & set(receives[benefit.id])
            and not benefit.is_disbenefit
        ):
            yield _found(
                "map-change-elsewhere",
                f"Benefits, {benefit.id}",
                f"No agency that receives “{benefit.title}” is accountable or responsible for its work.",
                "Agree who makes the change in a receiving agency, or how the gain is shared with others.",
            )


def _orphans(graph: nx.DiGraph, items: Mapping[str, Any]) -> Iterator[Finding]:
    for item in items.values():
        if item.habit != "keep" and not _leads_to_benefit(graph, f"item:{item.id}"):
            yield _found(
                "map-orphan",
                f"Work items, {item.id}",
                f"“{item.title}” leads to no benefit.",
                "Name the benefit that needs it, or ask why it is done.",
            )


def _money_twice(graph: nx.DiGraph, benefits: Mapping[str, Any]) -> Iterator[Finding]:
    for benefit in benefits.values():
        ahead = sorted(
            n.removeprefix("benefit:")
            for n in nx.descendants(graph, f"benefit:{benefit.id}")
            if n.startswith("benefit:") and _counts_money(benefits[n.removeprefix("benefit:")])
        )
        if ahead and _counts_money(benefit):
            names = " and ".join(f"“{benefits[b].title}”" for b in ahead)
            amount = benefit.full_year_gbp or benefit.whole_life_gbp
            yield _found(
                "map-money-twice",
                f"Benefits, {benefit.id}",
                f"“{benefit.title}” counts £{amount:,.0f} on the way to {names}, counted too.",
                "Count money once on a path: keep it where it falls last, leave the other without pounds.",
            )
