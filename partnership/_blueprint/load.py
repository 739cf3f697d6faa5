"""Load: hours, meetings, travel and repeat keying of each agency today, and what the change should free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnership.blueprint import ItemAgency, WorkItem

__all__ = ["Load", "load_by_agency"]


@dataclass(frozen=True, slots=True)
class Load:
    """What the work takes of one agency.

    Parameters
    ----------
    agency_id : str
        The agency.
    hours_now, hours_after : Decimal
        Hours a week, over the items where both are known, so that they can be held against each other.
    meetings_a_month, travel_hours_a_month : Decimal or None
        Today; None where the agency says nothing of them.
    keyed_again : int or None
        How often the same facts are keyed again, all items together.
    items, leads : int
        Pieces of work in which it has a part, and which it leads.
    hours_only_now : Decimal
        Hours a week of items whose hours after the change are not known: in neither of the two above.
    without_hours : tuple[str, ...]
        Items in which it has a part and says no hours, or only one of the two.
    freed_by_item : Mapping[str, Decimal]
        Item to the hours a week it is expected to free; negative where it takes more.
    """

    agency_id: str
    hours_now: Decimal
    hours_after: Decimal
    meetings_a_month: Decimal | None
    travel_hours_a_month: Decimal | None
    keyed_again: int | None
    items: int
    leads: int
    hours_only_now: Decimal
    without_hours: tuple[str, ...]
    freed_by_item: Mapping[str, Decimal]

    @property
    def freed(self) -> Decimal:
        """Hours a week that the change is expected to free; negative where it takes more."""
        return self.hours_now - self.hours_after


def load_by_agency(items: Sequence[WorkItem], parts: Iterable[ItemAgency]) -> tuple[Load, ...]:
    """Return the load of each agency that has a part in the work, by hours now, most first.

    Hours freed are ``now - after`` summed over items where the agency says both; hours of which only one is
    known are kept apart, since a missing "after" is not a saving of everything. Expected, not realised: what
    is really freed is read month by month as a benefit, and counted there once.

    Examples
    --------
    >>> from partnership.blueprint import ItemAgency, WorkItem
    >>> item = WorkItem(id="W1", title="List", lead_agency_id="A")
    >>> hours = {"hours_a_week_now": "8", "hours_a_week_after": "3"}
    >>> one = ItemAgency(item_id="W1", agency_id="A", part="accountable", **hours)
    >>> load = load_by_agency([item], [one])[0]
    >>> load.freed, load.leads, load.meetings_a_month
    (Decimal('5'), 1, None)
    """
    wanted = {i.id: i for i in items}
    by_agency: dict[str, list[ItemAgency]] = {}
    for part in parts:
        if part.item_id in wanted:
            by_agency.setdefault(part.agency_id, []).append(part)
    leads = [i.lead_agency_id for i in items]
    for agency in leads:
        if agency:
            by_agency.setdefault(agency, [])
    made = [_load(agency, own, leads.count(agency)) for agency, own in by_agency.items()]
    return tuple(sorted(made, key=lambda one: (-one.hours_now, one.agency_id)))


def _load(agency: str, own: Sequence[ItemAgency], leads: int) -> Load:
    both = [p for p in own if p.hours_a_week_now is not None and p.hours_a_week_after is not None]
    only_now = [p.hours_a_week_now for p in own if p.hours_a_week_now is not None and p not in both]
    return Load(
        agency,
        sum((p.hours_a_week_now or Decimal(0) for p in both), Decimal(0)),
        sum((p.hours_a_week_after or Decimal(0) for p in both), Decimal(0)),
        _known([p.meetings_a_month_now for p in own]),
        _known([p.travel_hours_a_month for p in own]),
        None if (again := _known([p.keyed_again for p in own])) is None else int(again),
        len(own),
        leads,
        sum((h for h in only_now if h is not None), Decimal(0)),
        tuple(p.item_id for p in own if p not in both),
        {p.item_id: (p.hours_a_week_now or Decimal(0)) - (p.hours_a_week_after or Decimal(0)) for p in both},
    )


def _known(values: Iterable[Decimal | int | None]) -> Decimal | None:
    said = [Decimal(v) for v in values if v is not None]
    return sum(said, Decimal(0)) if said else None
