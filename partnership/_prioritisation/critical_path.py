"""Earliest and latest times of activities that wait for each other, and the path without slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from partnership.errors import InvalidInput, UnknownName, shown

__all__ = ["Activity", "CriticalPath", "critical_path"]


@dataclass(frozen=True, slots=True)
class Activity:
    """Times of one activity, in the unit of the durations.

    Parameters
    ----------
    earliest_start, earliest_finish, latest_start, latest_finish : float
        Counted from 0.
    slack : float
        How much it may slip without moving the end.
    free_float : float
        How much it may slip without moving any other activity's earliest start.
    """

    earliest_start: float
    earliest_finish: float
    latest_start: float
    latest_finish: float
    slack: float
    free_float: float


@dataclass(frozen=True)
class CriticalPath:
    """The whole: its duration, the activities without slack in order, and every activity's times."""

    duration: float
    critical: tuple[str, ...]
    activities: Mapping[str, Activity]


def critical_path(durations: Mapping[str, float], waits_for: Mapping[str, Sequence[str]]) -> CriticalPath:
    """Return the times of activities that wait for others.

    Parameters
    ----------
    durations : Mapping[str, float]
        How long each takes; nought is a milestone.
    waits_for : Mapping[str, Sequence[str]]
        What must be finished before each starts.

    Raises
    ------
    UnknownName
        If an activity waits for one that is not there.
    InvalidInput
        If activities wait for each other in a ring, which is printed, or a duration is below nought.

    Source
    ------
    Kelley and Walker, Critical-path planning and scheduling, 1959.

    Examples
    --------
    >>> found = critical_path({"a": 2, "b": 3, "c": 1}, {"b": ["a"]})
    >>> found.duration, found.critical
    (5, ('a', 'b'))
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(durations)
    for name, before in waits_for.items():
        for other in (name, *before):
            if other not in durations:
                raise UnknownName("activity", other, durations)
        graph.add_edges_from((b, name) for b in before)
    for name, long in durations.items():
        if not long >= 0:
            msg = f"{shown(name)} takes {shown(long)}. A duration is nought or more."
            raise InvalidInput(msg)
    if not nx.is_directed_acyclic_graph(graph):
        ring = [edge[0] for edge in nx.find_cycle(graph)]
        msg = (
            f"These wait for each other in a ring: {' > '.join([*ring, ring[0]])}. Take one of the waits out."
        )
        raise InvalidInput(msg)
    order = list(nx.lexicographical_topological_sort(graph))
    start: dict[str, float] = {}
    for name in order:
        start[name] = max((start[b] + durations[b] for b in graph.predecessors(name)), default=0)
    end = max((start[n] + durations[n] for n in order), default=0)
    finish: dict[str, float] = {}
    for name in reversed(order):
        finish[name] = min((finish[s] - durations[s] for s in graph.successors(name)), default=end)
    out = {}
    for name in durations:
        early = start[name] + durations[name]
        late = finish[name] - durations[name]
        following = min((start[s] for s in graph.successors(name)), default=end)
        out[name] = Activity(start[name], early, late, finish[name], late - start[name], following - early)
    critical = sorted(
        (n for n in order if abs(out[n].slack) < 1e-9), key=lambda n: (out[n].earliest_start, order.index(n))
    )
    return CriticalPath(end, tuple(critical), out)
