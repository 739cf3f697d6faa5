"""Coverage: how much of the work that partners do is done in one shared place, now and as planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnership.blueprint import ItemAgency, WorkItem

__all__ = ["Coverage", "coverage", "coverage_by", "from_contact_to_review"]

_STEPS = (
    ("contact", "referral", "front door", "report", "identif"),
    ("triage", "screen", "sort", "alloc"),
    ("assess", "enquir", "understand"),
    ("plan", "decide", "agree"),
    ("act", "deliver", "treat", "support", "intervene", "do "),
    ("review", "learn", "audit", "evaluat"),
    ("clos", "end", "step down", "exit"),
)
"""Stems by which a function's place is known, from first contact to review and closing: our design."""

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of some work is done in one shared place.

    Parameters
    ----------
    name : str
        What the work has in common: a function, a population, or all of it.
    items : int
        Pieces of work.
    hours_now, shared_hours_now, hours_after, shared_hours_after : Decimal
        Hours a week, over the items whose hours are known.
    volume, shared_volume_now, shared_volume_after : Decimal
        Cases a year, over the items whose volume is known.
    without_hours, without_volume : tuple[str, ...]
        Items that say nothing of theirs: the shares are partial where there are any.
    """

    name: str
    items: int
    hours_now: Decimal
    shared_hours_now: Decimal
    hours_after: Decimal
    shared_hours_after: Decimal
    volume: Decimal
    shared_volume_now: Decimal
    shared_volume_after: Decimal
    without_hours: tuple[str, ...]
    without_volume: tuple[str, ...]

    @property
    def share_now(self) -> Fraction | None:
        """Share of today's hours that are worked in one shared place; None where no hours are known."""
        return _share(self.shared_hours_now, self.hours_now)

    @property
    def share_after(self) -> Fraction | None:
        """Share of the hours that remain after the change, once everything is shared that shall be."""
        return _share(self.shared_hours_after, self.hours_after)

    @property
    def volume_share_now(self) -> Fraction | None:
        """Share of cases that are dealt with in one shared place now."""
        return _share(self.shared_volume_now, self.volume)

    @property
    def volume_share_after(self) -> Fraction | None:
        """Share of cases, once everything is shared that shall be."""
        return _share(self.shared_volume_after, self.volume)

    @property
    def is_partial(self) -> bool:
        """True when an item's hours are not known."""
        return bool(self.without_hours)


def from_contact_to_review(names: Iterable[str]) -> tuple[str, ...]:
    """Return functions in the order of the work, from first contact to review.

    A function stands where the first stem in its name stands; one without any stands after those, in the
    order in which it was first named.

    Examples
    --------
    >>> from_contact_to_review(["Triage", "Assess and plan", "Finance", "First contact", "Review and learn"])
    ('First contact', 'Triage', 'Assess and plan', 'Review and learn', 'Finance')
    """
    named = list(dict.fromkeys(names))

    def place(name: str) -> tuple[int, int]:
        lower = name.casefold()
        at = [
            (lower.find(stem), step) for step, stems in enumerate(_STEPS) for stem in stems if stem in lower
        ]
        return (min(at)[1] if at else len(_STEPS), named.index(name))

    return tuple(sorted(named, key=place))


def _share(part: Decimal, whole: Decimal) -> Fraction | None:
    return Fraction(part) / Fraction(whole) if whole else None


def coverage(items: Sequence[WorkItem], parts: Iterable[ItemAgency], name: str = "All the work") -> Coverage:
    r"""Return how much of some work is done in one shared place.

    .. math:: s = \frac{\sum_{i \in \text{shared}} h_i}{\sum_i h_i}

    with :math:`h_i` the hours a week of all agencies in item :math:`i`. Now: today's hours, items that are in
    the shared system. As planned: the hours after the change, items that shall be (an item that is in it and
    shall not stay in it counts as leaving). The same with cases a year. Hours are effort; cases are people:
    the two shares answer different questions and are never mixed.

    Parameters
    ----------
    items : Sequence[WorkItem]
        The work.
    parts : Iterable[ItemAgency]
        Who does what in it, with hours a week now and after; those of other items are passed over.
    name : str
        What to call it.

    Examples
    --------
    >>> from partnership.blueprint import ItemAgency, WorkItem
    >>> items = [WorkItem(id="W1", title="Audit", shared_now=True, shared_future=True),
    ...          WorkItem(id="W2", title="List")]
    >>> parts = [ItemAgency(item_id="W1", agency_id="A", part="accountable", hours_a_week_now="6"),
    ...          ItemAgency(item_id="W2", agency_id="A", part="accountable", hours_a_week_now="2")]
    >>> made = coverage(items, parts)
    >>> made.share_now, made.share_after, made.without_hours
    (Fraction(3, 4), None, ('W1', 'W2'))
    """
    wanted = {i.id for i in items}
    now: dict[str, Decimal] = defaultdict(Decimal)
    after: dict[str, Decimal] = defaultdict(Decimal)
    lacking: set[str] = set()
    told: set[str] = set()
    for part in parts:
        if part.item_id not in wanted:
            continue
        before, later = part.hours_a_week_now, part.hours_a_week_after
        if before is None and later is None:
            continue
        told.add(part.item_id)
        now[part.item_id] += before or _NONE
        after[part.item_id] += later or _NONE
        if before is None or later is None:
            lacking.add(part.item_id)
    volume = {i.id: i.volume_a_year for i in items if i.volume_a_year is not None}
    return Coverage(
        name,
        len(items),
        sum(now.values(), _NONE),
        sum((now[i.id] for i in items if i.shared_now), _NONE),
        sum(after.values(), _NONE),
        sum((after[i.id] for i in items if i.shared_future), _NONE),
        sum(volume.values(), _NONE),
        sum((volume.get(i.id, _NONE) for i in items if i.shared_now), _NONE),
        sum((volume.get(i.id, _NONE) for i in items if i.shared_future), _NONE),
        tuple(i.id for i in items if i.id in lacking or i.id not in told),
        tuple(i.id for i in items if i.id not in volume),
    )


def coverage_by(
    items: Sequence[WorkItem],
    parts: Sequence[ItemAgency],
    key: Callable[[WorkItem], str | None],
    unnamed: str = "not said",
) -> tuple[Coverage, ...]:
    """Return the coverage of each part of the work, in the order in which the items first name it.

    For functions, :func:`from_contact_to_review` gives the order of the work.

    Parameters
    ----------
    items, parts
        As for :func:`coverage`.
    key : Callable
        From an item to what it is counted under: ``lambda i: i.function``.
    unnamed : str
        What items without one are counted under.
    """
    groups: dict[str, list[WorkItem]] = {}
    for item in items:
        groups.setdefault(key(item) or unnamed, []).append(item)
    return tuple(coverage(group, parts, name) for name, group in groups.items())
