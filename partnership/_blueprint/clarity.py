"""Clarity: one who is accountable, not too many who are asked, nobody who leads beyond what it offers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from partnership.periods import add_months, month_index

if TYPE_CHECKING:
    from partnership.blueprint import Capacity, ItemAgency, WorkItem

__all__ = [
    "MOST_ASKED",
    "MOST_CONSULTED",
    "Beyond",
    "Unclear",
    "asked_too_often",
    "beyond_capacity",
    "unclear",
]

MOST_CONSULTED = 4
"""Agencies consulted on one item beyond which it is asked whether all need to be: our design, settable."""

MOST_ASKED = 6
"""Items on which one agency is consulted beyond which it is asked too often: our design, settable."""

Kind = Literal[
    "nobody leads", "nobody accountable", "several accountable", "lead is not accountable", "many consulted"
]


@dataclass(frozen=True, slots=True)
class Unclear:
    """One thing about an item that is not clear."""

    kind: Kind
    item_id: str
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beyond:
    """An agency whose part in the plan is more than it offers in a quarter.

    Parameters
    ----------
    agency_id : str
        The agency.
    quarter_starts_on : date
        First day of the quarter.
    asked_days, led_days : Fraction
        Days that the plan asks of it, and those of them on items that it leads.
    offered_days : Fraction
        Days that it offers.
    items : tuple[str, ...]
        Items that ask for them, the largest first.
    """

    agency_id: str
    quarter_starts_on: dt.date
    asked_days: Fraction
    led_days: Fraction
    offered_days: Fraction
    items: tuple[str, ...]

    @property
    def over_days(self) -> Fraction:
        """Days asked beyond what is offered."""
        return self.asked_days - self.offered_days


def unclear(
    items: Sequence[WorkItem], parts: Iterable[ItemAgency], most_consulted: int = MOST_CONSULTED
) -> tuple[Unclear, ...]:
    """Return what is not clear about who does what: exactly one agency is accountable for each item.

    Source: the responsibility assignment matrix (RACI): exactly one accountable role for each piece of work.

    Examples
    --------
    >>> from partnership.blueprint import ItemAgency, WorkItem
    >>> item = WorkItem(id="W1", title="Review")
    >>> [u.kind for u in unclear([item], [])]
    ['nobody leads']
    >>> two = [ItemAgency(item_id="W1", agency_id=a, part="accountable") for a in ("A", "B")]
    >>> [(u.kind, u.agencies) for u in unclear([item], two)]
    [('several accountable', ('A', 'B'))]
    """
    by_item: dict[str, list[ItemAgency]] = defaultdict(list)
    for part in parts:
        by_item[part.item_id].append(part)
    found: list[Unclear] = []
    for item in items:
        own = by_item[item.id]
        accountable = tuple(p.agency_id for p in own if p.part == "accountable")
        consulted = tuple(p.agency_id for p in own if p.part == "consulted")
        lead = item.lead_agency_id
        if len(accountable) > 1:
            found.append(Unclear("several accountable", item.id, accountable))
        elif lead is None and not accountable:
            found.append(Unclear("nobody leads", item.id, ()))
        elif not accountable:
            found.append(Unclear("nobody accountable", item.id, (lead,) if lead else ()))
        elif lead != accountable[0]:
            both = (*((lead,) if lead else ()), *accountable)
            found.append(Unclear("lead is not accountable", item.id, both))
        if len(consulted) > most_consulted:
            found.append(Unclear("many consulted", item.id, consulted))
    return tuple(found)


def asked_too_often(
    items: Sequence[WorkItem], parts: Iterable[ItemAgency], most_asked: int = MOST_ASKED
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the agencies that are consulted on more items than ``most_asked``, with the items, most first.

    Examples
    --------
    >>> from partnership.blueprint import ItemAgency, WorkItem
    >>> items = [WorkItem(id=f"W{n}", title="x") for n in range(3)]
    >>> parts = [ItemAgency(item_id=i.id, agency_id="A", part="consulted") for i in items]
    >>> asked_too_often(items, parts, most_asked=2)
    (('A', ('W0', 'W1', 'W2')),)
    """
    known = {i.id for i in items}
    by_agency: dict[str, list[str]] = defaultdict(list)
    for part in parts:
        if part.part == "consulted" and part.item_id in known:
            by_agency[part.agency_id].append(part.item_id)
    many = [(a, tuple(sorted(own))) for a, own in by_agency.items() if len(own) > most_asked]
    return tuple(sorted(many, key=lambda one: (-len(one[1]), one[0])))


def beyond_capacity(
    items: Sequence[WorkItem], parts: Iterable[ItemAgency], capacity: Iterable[Capacity]
) -> tuple[Beyond, ...]:
    """Return the quarters in which the plan asks an agency for more days than it offers, worst first.

    An item's days of effort are spread evenly over the calendar months from its planned start to its planned
    end, begun months counted whole; items without both dates ask for nothing yet. Quarters for which an
    agency has said no days are not judged: not said is not nothing.

    Examples
    --------
    >>> from partnership.blueprint import Capacity, ItemAgency, WorkItem
    >>> days = {"starts_on": "2027-04-01", "due_on": "2027-06-30"}
    >>> item = WorkItem(id="W1", title="Build", lead_agency_id="A", **days)
    >>> part = ItemAgency(item_id="W1", agency_id="A", part="accountable", effort_days="30")
    >>> offer = Capacity(agency_id="A", quarter_starts_on="2027-04-01", days="20")
    >>> [(b.agency_id, b.over_days, b.led_days) for b in beyond_capacity([item], [part], [offer])]
    [('A', Fraction(10, 1), Fraction(30, 1))]
    """
    dated = {i.id: i for i in items if i.starts_on and i.due_on and i.due_on >= i.starts_on}
    work = [p for p in parts if p.item_id in dated and p.effort_days]
    found = []
    for offer in capacity:
        if offer.days is None:
            continue
        start = offer.quarter_starts_on
        end = add_months(start, 3) - dt.timedelta(days=1)
        asked: dict[str, Fraction] = {}
        for part in work:
            if part.agency_id == offer.agency_id:
                days = _inside(dated[part.item_id], start, end) * Fraction(part.effort_days or 0)
                if days:
                    asked[part.item_id] = asked.get(part.item_id, Fraction(0)) + days
        total = sum(asked.values(), Fraction(0))
        if total > Fraction(offer.days):
            led = sum(
                (d for i, d in asked.items() if dated[i].lead_agency_id == offer.agency_id), Fraction(0)
            )
            order = tuple(sorted(asked, key=lambda i: (-asked[i], i)))
            found.append(Beyond(offer.agency_id, start, total, led, Fraction(offer.days), order))
    return tuple(sorted(found, key=lambda b: (-b.over_days, b.quarter_starts_on, b.agency_id)))


def _inside(item: WorkItem, start: dt.date, end: dt.date) -> Fraction:
    """Return the share of an item's calendar months that lie in a quarter."""
    if item.starts_on is None or item.due_on is None:
        return Fraction(0)
    first, last = month_index(item.starts_on), month_index(item.due_on)
    both = min(last, month_index(end)) - max(first, month_index(start)) + 1
    return Fraction(max(both, 0), last - first + 1)
