"""Dependencies: what waits for what, the longest way through, single points of failure, rings and orphans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnership.blueprint import WorkItem

__all__ = ["Dependencies", "dependencies_of"]

SINGLE_POINT = 2
"""Items that must wait for one before it is called a single point of failure: our design."""

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What waits for what.

    Parameters
    ----------
    edges : tuple[tuple[str, str], ...]
        (first, then): the second waits for the first.
    waiting : Mapping[str, tuple[str, ...]]
        Item to everything that waits for it, directly or through others; only open items.
    single_points : tuple[str, ...]
        Open items that two or more wait for, most first.
    rings : tuple[tuple[str, ...], ...]
        Items that wait for each other in a ring: none of them can start.
    critical_path : tuple[str, ...]
        The longest chain by days of work from planned start to planned end; empty where there is a ring.
    critical_days : int
        Its days of work, waiting not counted.
    undated : tuple[str, ...]
        Items in a chain that lack a start or an end: they count no days, so the path is a lower bound.
    starts_too_early : tuple[tuple[str, str], ...]
        (item, what it waits for): it is planned to start before that is expected to end.
    unserving, unserved : tuple[str, ...]
        Items that serve no goal; goals that no open item serves.
    unknown : tuple[tuple[str, str], ...]
        (item, name): it waits for something that is not in the plan.
    """

    edges: tuple[tuple[str, str], ...]
    waiting: Mapping[str, tuple[str, ...]]
    single_points: tuple[str, ...]
    rings: tuple[tuple[str, ...], ...]
    critical_path: tuple[str, ...]
    critical_days: int
    undated: tuple[str, ...]
    starts_too_early: tuple[tuple[str, str], ...]
    unserving: tuple[str, ...]
    unserved: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]

    @property
    def critical_weeks(self) -> int:
        """Weeks of the longest chain, begun weeks counted whole."""
        return -(-self.critical_days // _WEEK)


def dependencies_of(
    items: Sequence[WorkItem], goals: Collection[str] = (), today: dt.date | None = None
) -> Dependencies:
    """Return what waits for what in a plan.

    The critical path is the longest path in the graph of dependencies, an item weighing its planned days
    (last day - first day + 1), found in topological order. What has ended by ``today`` holds nobody up and is
    left out.

    Parameters
    ----------
    items : Sequence[WorkItem]
        The work.
    goals : Collection[str]
        Ids of the goals that are open.
    today : date, optional
        The day it is seen from.

    Examples
    --------
    >>> from partnership.blueprint import WorkItem
    >>> days = {"starts_on": "2027-01-01", "due_on": "2027-01-14"}
    >>> made = dependencies_of([WorkItem(id="W1", title="Define", **days),
    ...     WorkItem(id="W2", title="Build", depends_on="W1", **days),
    ...     WorkItem(id="W3", title="Test", depends_on="W1; W2")])
    >>> made.critical_path, made.critical_weeks, made.single_points, made.undated
    (('W1', 'W2', 'W3'), 4, ('W1',), ('W3',))

    Source: Kelley and Walker 1959 (critical path); Tarjan 1972 (strongly connected components, by networkx).
    """
    import networkx as nx

    still = {i.id: i for i in items if not (i.done_on and today and i.done_on <= today)}
    done = {i.id for i in items} - set(still)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(still)
    unknown = []
    for item in still.values():
        for first in item.depends_on:
            if first in still:
                graph.add_edge(first, item.id)
            elif first not in done:
                unknown.append((item.id, first))
    rings = tuple(
        sorted(
            tuple(_round(graph, part))
            for part in nx.strongly_connected_components(graph)
            if len(part) > 1 or any(graph.has_edge(n, n) for n in part)
        )
    )
    waiting = {n: tuple(sorted(nx.descendants(graph, n) - {n})) for n in graph if graph.out_degree(n)}
    path = () if rings else _longest(graph, still)
    chained = {n for edge in graph.edges for n in edge}
    return Dependencies(
        tuple(sorted(graph.edges)),
        waiting,
        tuple(
            sorted(
                (n for n, who in waiting.items() if len(who) >= SINGLE_POINT),
                key=lambda n: (-len(waiting[n]), n),
            )
        ),
        rings,
        path,
        sum(_days(still[n]) or 0 for n in path),
        tuple(n for n in still if n in chained and _days(still[n]) is None),
        tuple(sorted((b, a) for a, b in graph.edges if a != b and _too_early(still[a], still[b]))),
        tuple(i.id for i in items if not i.goal_id),
        tuple(sorted(set(goals) - {i.goal_id for i in still.values() if i.goal_id})),
        tuple(unknown),
    )


def _round(graph: object, part: Collection[str]) -> list[str]:
    """Return one walk round a ring, from its first item in the order of ids."""
    import networkx as nx

    within = graph.subgraph(part)  # type: ignore[attr-defined]
    return [a for a, *_ in nx.find_cycle(within, min(part))]


def _days(item: WorkItem) -> int | None:
    if item.starts_on is None or item.due_on is None:
        return None
    return max((item.due_on - item.starts_on).days + 1, 0)


def _longest(graph: object, items: Mapping[str, WorkItem]) -> tuple[str, ...]:
    import networkx as nx

    if not graph.number_of_edges():  # type: ignore[attr-defined]
        return ()
    best: dict[str, tuple[int, int, tuple[str, ...]]] = {}
    for node in nx.lexicographical_topological_sort(graph):
        before = [best[p] for p in sorted(graph.predecessors(node))]  # type: ignore[attr-defined]
        days, steps, path = max(before, key=lambda b: (b[0], b[1]), default=(0, 0, ()))
        best[node] = (days + (_days(items[node]) or 0), steps + 1, (*path, node))
    chains = [b for b in best.values() if b[1] > 1]
    return max(chains, key=lambda b: (b[0], b[1]), default=(0, 0, ()))[2]


def _too_early(first: WorkItem, then: WorkItem) -> bool:
    end = first.expected_on or first.due_on
    return end is not None and then.starts_on is not None and then.starts_on <= end
