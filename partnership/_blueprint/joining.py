"""Joining up: what is done twice when populations or themes are served apart, and what joining would free."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Literal

from partnership.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from partnership.blueprint import ItemAgency, WorkItem

__all__ = ["Apart", "BeforeAfter", "JoinedFunction", "JoinedUp", "join_up"]

By = Literal["population", "theme"]
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Hours a week and meetings a month of one agency in the functions that are done twice.

    Parameters
    ----------
    agency_id : str
        The agency.
    hours_before, hours_after : Decimal
        Hours a week, apart and joined.
    meetings_before, meetings_after : Decimal or None
        Meetings a month; None where it says nothing of them.
    """

    agency_id: str
    hours_before: Decimal
    hours_after: Decimal
    meetings_before: Decimal | None
    meetings_after: Decimal | None

    @property
    def hours_freed(self) -> Decimal:
        """Hours a week that joining would free for it."""
        return self.hours_before - self.hours_after


@dataclass(frozen=True, slots=True)
class JoinedFunction:
    """A function that is done apart for several of the groups that are to be joined."""

    function: str
    items: tuple[str, ...]
    agencies: tuple[BeforeAfter, ...]

    @property
    def hours_before(self) -> Decimal:
        """Hours a week of all agencies, apart."""
        return sum((a.hours_before for a in self.agencies), Decimal(0))

    @property
    def hours_after(self) -> Decimal:
        """Hours a week of all agencies, joined."""
        return sum((a.hours_after for a in self.agencies), Decimal(0))


@dataclass(frozen=True, slots=True)
class Apart:
    """An item that cannot be joined with another, and why."""

    item_id: str
    why: str


@dataclass(frozen=True, slots=True)
class JoinedUp:
    """What joining groups of work would come to.

    Parameters
    ----------
    groups : tuple[str, ...]
        The populations or themes.
    overlap : Decimal
        The share of cases that come up in both, on which what is freed rests.
    functions : tuple[JoinedFunction, ...]
        Functions done apart for more than one group.
    apart : tuple[Apart, ...]
        What cannot be joined and why.
    agencies : tuple[BeforeAfter, ...]
        All functions together, what is freed most first.
    without_hours : tuple[str, ...]
        Joined items in which an agency says no hours: what is freed is then partial.
    """

    groups: tuple[str, ...]
    overlap: Decimal
    functions: tuple[JoinedFunction, ...]
    apart: tuple[Apart, ...]
    agencies: tuple[BeforeAfter, ...]
    without_hours: tuple[str, ...]

    @property
    def hours_freed(self) -> Decimal:
        """Hours a week that joining would free for all agencies."""
        return sum((a.hours_freed for a in self.agencies), Decimal(0))


def join_up(
    items: Sequence[WorkItem],
    parts: Iterable[ItemAgency],
    groups: Collection[str],
    *,
    by: By = "population",
    overlap: Decimal = Decimal(1),
) -> JoinedUp:
    r"""Return what joining the work for several populations or themes would free, and for whom.

    .. math:: h'_a = \sum_i h_{ai} - q \left(\sum_i h_{ai} - \max_i h_{ai}\right)

    for each agency :math:`a` and function done apart for more than one group: an agency that sits in several
    today sits once, in the longest of them, for the share :math:`q` of cases that come up in more than one.
    :math:`q = 1` is the most that joining can free; say the share that was counted. The rule is our design
    and is printed with every result. Expected, not realised.

    Parameters
    ----------
    items, parts
        The work, and who does what in it.
    groups : Collection[str]
        Two or more populations, or themes, as the items name them.
    by : {"population", "theme"}
        What the groups are.
    overlap : Decimal
        Share of cases that come up in more than one group, 0 to 1.

    Raises
    ------
    InvalidInput
        If there are fewer than two groups, or the share is not between 0 and 1.
    UnknownName
        If no item names a group.

    Examples
    --------
    >>> from partnership.blueprint import ItemAgency, WorkItem
    >>> items = [WorkItem(id=i, title=g, function="Triage", population=g, shared_future=True)
    ...          for i, g in (("W1", "Adults"), ("W2", "Children"))]
    >>> parts = [ItemAgency(item_id=i, agency_id="A", part="accountable", hours_a_week_now=h)
    ...          for i, h in (("W1", 6), ("W2", 10))]
    >>> join_up(items, parts, ["Adults", "Children"]).hours_freed
    Decimal('6.0')
    >>> join_up(items, parts, ["Adults", "Children"], overlap=Decimal("0.5")).hours_freed
    Decimal('3.0')
    """
    if not 0 <= overlap <= 1:
        msg = f"The share of cases in more than one group is {overlap}. Give a share from 0 to 1."
        raise InvalidInput(msg)
    known = [g for g in dict.fromkeys(_group(i, by) for i in items) if g]
    chosen = tuple(dict.fromkeys(groups))
    for name in chosen:
        if name not in known:
            raise UnknownName(by, name, known)
    if len(chosen) < 2:
        msg = f"{len(chosen)} {by} to join. Choose two or more of: {', '.join(known) or 'none are named'}."
        raise InvalidInput(msg)
    mine = [i for i in items if _group(i, by) in chosen]
    why = {i.id: _why_apart(i, mine, by) for i in mine}
    pairs: dict[str, list[WorkItem]] = {}
    for item in mine:
        if not why[item.id]:
            pairs.setdefault(item.function or "", []).append(item)
    by_item: dict[str, list[ItemAgency]] = {}
    for part in parts:
        by_item.setdefault(part.item_id, []).append(part)
    functions = []
    for function, same in pairs.items():
        if len({_group(i, by) for i in same}) < 2:
            for item in same:
                why[item.id] = "no other group's item can be joined with it"
            continue
        agencies = _agencies(same, by_item, overlap)
        functions.append(JoinedFunction(function, tuple(i.id for i in same), agencies))
    joined = {i for f in functions for i in f.items}
    return JoinedUp(
        chosen,
        overlap,
        tuple(functions),
        tuple(Apart(i.id, why[i.id]) for i in mine if i.id not in joined),
        _together(functions),
        tuple(sorted(i for i in joined if _lacks_hours(by_item.get(i, ())))),
    )


def _group(item: WorkItem, by: By) -> str | None:
    return item.population if by == "population" else item.theme


def _why_apart(item: WorkItem, mine: Sequence[WorkItem], by: By) -> str:
    if not item.function:
        return "its function is not named"
    if item.habit == "stop":
        return "it ends"
    if not (item.shared_now or item.shared_future):
        return "it stays local: it shall not be in the shared system"
    same = [i for i in mine if i.function == item.function and _group(i, by) != _group(item, by)]
    if not same:
        return f"only {_group(item, by)} has {item.function}: nothing is done twice"
    against = [i for i in same if i.id in item.excludes or item.id in i.excludes]
    if len(against) == len(same):
        return f"it cannot be done beside {', '.join(i.id for i in against)}"
    return ""


def _agencies(
    same: Sequence[WorkItem], by_item: Mapping[str, Sequence[ItemAgency]], overlap: Decimal
) -> tuple[BeforeAfter, ...]:
    hours: dict[str, list[Decimal]] = {}
    meetings: dict[str, list[Decimal]] = {}
    for item in same:
        for part in by_item.get(item.id, ()):
            if part.hours_a_week_now is not None:
                hours.setdefault(part.agency_id, []).append(part.hours_a_week_now)
            if part.meetings_a_month_now is not None:
                meetings.setdefault(part.agency_id, []).append(part.meetings_a_month_now)
    return tuple(
        BeforeAfter(
            agency,
            sum(own, Decimal(0)),
            _once(own, overlap),
            sum(meetings[agency], Decimal(0)) if agency in meetings else None,
            _once(meetings[agency], overlap) if agency in meetings else None,
        )
        for agency, own in sorted(hours.items())
    )


def _once(values: Sequence[Decimal], overlap: Decimal) -> Decimal:
    total = sum(values, Decimal(0))
    return (total - overlap * (total - max(values))).quantize(_TENTH, ROUND_HALF_EVEN)


def _together(functions: Sequence[JoinedFunction]) -> tuple[BeforeAfter, ...]:
    sums: dict[str, list[BeforeAfter]] = {}
    for one in functions:
        for agency in one.agencies:
            sums.setdefault(agency.agency_id, []).append(agency)
    made = [
        BeforeAfter(
            agency,
            sum((o.hours_before for o in own), Decimal(0)),
            sum((o.hours_after for o in own), Decimal(0)),
            _sum_known([o.meetings_before for o in own]),
            _sum_known([o.meetings_after for o in own]),
        )
        for agency, own in sums.items()
    ]
    return tuple(sorted(made, key=lambda a: (-a.hours_freed, a.agency_id)))


def _sum_known(values: Sequence[Decimal | None]) -> Decimal | None:
    said = [v for v in values if v is not None]
    return sum(said, Decimal(0)) if said else None


def _lacks_hours(parts: Sequence[ItemAgency]) -> bool:
    return not parts or any(p.hours_a_week_now is None for p in parts)
