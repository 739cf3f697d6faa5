"""Benefits that start later because the work behind them slips, and results too late for a partner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import networkx as nx

from partnership.errors import InvalidInput
from partnership.periods import months_between

__all__ = ["Horizon", "Slip", "expected_ends", "horizons", "slips"]


@dataclass(frozen=True, slots=True)
class Slip:
    """A benefit and the work that holds it up.

    ``item_id`` is the item that ends latest after its planned end, by ``item_months``. While nothing is real
    the start moves by as much, and not before the present month; once something is, the start is the first
    real month, and a slipping item holds up what is still to come. ``months`` is how far the start moved.
    """

    benefit_id: str
    planned_start: dt.date | None
    expected_start: dt.date | None
    months: int
    item_id: str | None
    item_months: int
    has_begun: bool


def expected_ends(items: Iterable[Any], today: dt.date) -> dict[str, dt.date]:
    """Return when each item is now expected to end: done, as its people expect, or not before today.

    An item that waits for others ends no earlier than they do, plus its own planned length where its
    planned start would come before their end. An item without a planned end has none here.

    Raises
    ------
    InvalidInput
        If items wait for each other in a ring.
    """
    by_id = {i.id: i for i in items}
    graph: nx.DiGraph = nx.DiGraph()
    graph.add_nodes_from(by_id)
    graph.add_edges_from((d, i.id) for i in by_id.values() for d in i.depends_on if d in by_id)
    if not nx.is_directed_acyclic_graph(graph):
        msg = "Work items wait for each other in a ring. Take one “depends on” away, then ask again."
        raise InvalidInput(msg)
    out: dict[str, dt.date] = {}
    for key in nx.topological_sort(graph):
        item = by_id[key]
        if item.done_on is not None:
            out[key] = item.done_on
            continue
        if item.due_on is None:
            continue
        end = item.expected_on or item.due_on
        end = max(end, today) if end < today else end
        before = [out[d] for d in graph.predecessors(key) if d in out]
        if before and item.starts_on is not None and max(before) > item.starts_on:
            end = max(end, max(before) + (item.due_on - item.starts_on))
        out[key] = end
    return out


def slips(
    benefits: Iterable[Any],
    items: Iterable[Any],
    today: dt.date,
    begun: Mapping[str, dt.date] = MappingProxyType({}),
) -> list[Slip]:
    """Return, for each benefit, how far its start moves because its items end later than planned.

    months = the greatest number of whole months, begun ones counted, by which an item that it names ends
    after its planned end. An item that ends early moves nothing forward.
    """
    planned = {i.id: i for i in items}
    ends = expected_ends(planned.values(), today)
    out: list[Slip] = []
    for benefit in benefits:
        late = [
            (months_late(planned[i].due_on, ends[i]), i)
            for i in benefit.item_ids
            if i in ends and planned[i].due_on is not None
        ]
        months, item = max(late, default=(0, None), key=lambda pair: (pair[0], str(pair[1])))
        start, first = benefit.starts_on, begun.get(benefit.id)
        if start is None or first is not None:
            moved = first
        else:
            moved = _later(start, months)
            moved = max(moved, today.replace(day=1)) if moved < today else moved
        late_by = 0 if start is None or moved is None else max(months_between(start, moved), 0)
        out.append(
            Slip(benefit.id, start, moved, late_by, item if months else None, months, first is not None)
        )
    return out


def months_late(due: dt.date, end: dt.date) -> int:
    """Return the months from the due day to the end, a begun month counted whole; 0 when in time.

    Examples
    --------
    >>> due = dt.date(2027, 3, 31)
    >>> months_late(due, dt.date(2027, 4, 10)), months_late(due, dt.date(2027, 3, 1))
    (1, 0)
    """
    if end <= due:
        return 0
    whole = months_between(due.replace(day=1), end.replace(day=1))
    return whole + (1 if end.day > due.day else 0) if whole else 1


def _later(start: dt.date, months: int) -> dt.date:
    first = start.month - 1 + months
    return dt.date(start.year + first // 12, first % 12 + 1, 1) if months else start


@dataclass(frozen=True, slots=True)
class Horizon:
    """By when a partner needs first results, and when it first read any of its own.

    ``state`` is "in time", "late", "still to come", "too late" (the day has passed and nothing is real) or
    "no answer".
    """

    agency_id: str
    needed_by: dt.date | None
    first_real: dt.date | None
    first_planned: dt.date | None
    state: str


def horizons(
    needed: Mapping[str, dt.date | None],
    first_real: Mapping[str, dt.date],
    first_planned: Mapping[str, dt.date],
    today: dt.date,
) -> list[Horizon]:
    """Hold early results against each partner's own horizon.

    Parameters
    ----------
    needed : Mapping of agency to day
        By when it needs to see first results; None where it has not answered.
    first_real, first_planned : Mapping of agency to month
        First month in which benefit that falls to it was read above zero, and was planned.
    today : datetime.date
        The day it is.
    """
    out: list[Horizon] = []
    for agency, by in needed.items():
        real, plan = first_real.get(agency), first_planned.get(agency)
        if by is None:
            state = "no answer"
        elif real is not None:
            state = "in time" if real <= by else "late"
        elif by < today:
            state = "too late"
        else:
            state = "still to come" if plan is None or plan <= by else "planned too late"
        out.append(Horizon(agency, by, real, plan, state))
    return sorted(out, key=lambda h: (h.needed_by or dt.date.max, h.agency_id))
