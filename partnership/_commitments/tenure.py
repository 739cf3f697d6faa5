"""Who held which role from when to when, and when nobody did."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Holding", "OwnerGap", "RoleHistory", "role_histories"]

Standing = Literal["held", "nobody named", "vacant", "not begun"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One person's time in a role; ``holder`` None: nobody is named."""

    id: str
    agency_id: str
    role: str
    holder: str | None
    started_on: dt.date | None
    ended_on: dt.date | None

    def is_held(self, today: dt.date) -> bool:
        """Tell whether it has begun and not ended; the last day in the role still counts."""
        begun = self.started_on is None or self.started_on <= today
        return begun and (self.ended_on is None or self.ended_on >= today)


@dataclass(frozen=True, slots=True)
class OwnerGap:
    """Days on which a role had no holder (vacant) or an unnamed one; ``until`` None: it lasts still."""

    kind: Literal["vacant", "nobody named"]
    from_on: dt.date | None
    until: dt.date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class RoleHistory:
    """A role of an agency through all who held it, earliest first.

    ``months`` is how long the present holder has been in it, whole months; ``changes`` how often it passed on
    in the twelve months before the day shown.
    """

    agency_id: str
    role: str
    holdings: tuple[Holding, ...]
    standing: Standing
    current: Holding | None
    months: int | None
    changes: int
    gaps: tuple[OwnerGap, ...]

    @property
    def open_gap(self) -> OwnerGap | None:
        """The gap that lasts still."""
        return next((g for g in self.gaps if g.until is None), None)


def role_histories(holdings: Iterable[Holding], today: dt.date) -> tuple[RoleHistory, ...]:
    """Put holdings of the same role of the same agency together, and find the days without a holder.

    Two holdings are one role when agency and role read alike, capitals aside. A gap is the days between the
    last day of one holder and the first of the next; a holding without a name is a gap of its own kind, for
    nobody can be asked. What is later than the day shown is left out.

    Parameters
    ----------
    holdings : Iterable[Holding]
        In any order.
    today : date
        The day shown.

    Examples
    --------
    >>> day = dt.date
    >>> hub = [Holding("H1", "COU", "Hub manager", "Tom", day(2025, 4, 1), day(2025, 12, 19)),
    ...        Holding("H2", "COU", "Hub manager", "Priya", day(2026, 2, 2), None)]
    >>> one = role_histories(hub, day(2026, 11, 23))[0]
    >>> one.standing, one.months, [(g.kind, g.days) for g in one.gaps]
    ('held', 9, [('vacant', 44)])
    """
    roles: dict[tuple[str, str], list[Holding]] = defaultdict(list)
    for one in holdings:
        roles[one.agency_id, " ".join(one.role.casefold().split())].append(one)
    return tuple(_history(sorted(found, key=_begins), today) for _, found in sorted(roles.items()))


def _begins(one: Holding) -> tuple[dt.date, str]:
    return one.started_on or dt.date.min, one.id


def _history(holdings: list[Holding], today: dt.date) -> RoleHistory:
    begun = [h for h in holdings if h.started_on is None or h.started_on <= today]
    current = next((h for h in reversed(begun) if h.is_held(today)), None)
    standing: Standing = "not begun" if not begun else "vacant"
    if current is not None:
        standing = "held" if current.holder else "nobody named"
    months = None
    if current is not None and current.started_on is not None:
        months = _months(current.started_on, today)
    year = today - dt.timedelta(days=365)
    changes = sum(
        h.started_on is not None and year < h.started_on <= today and i > 0 for i, h in enumerate(begun)
    )
    last = holdings[-1]
    return RoleHistory(
        last.agency_id,
        last.role,
        tuple(begun),
        standing,
        current,
        months,
        changes,
        tuple(_gaps(begun, today)),
    )


def _gaps(begun: list[Holding], today: dt.date) -> Iterable[OwnerGap]:
    held_to: dt.date | None = None
    for one in begun:
        if held_to is not None and held_to < dt.date.max and one.started_on is not None:
            first = held_to + dt.timedelta(days=1)
            if one.started_on > first:
                yield OwnerGap("vacant", first, one.started_on, (one.started_on - first).days)
        ends = one.ended_on if one.ended_on is not None and one.ended_on < today else None
        if not one.holder:
            until = None if ends is None else ends + dt.timedelta(days=1)
            days = None if one.started_on is None else ((until or today) - one.started_on).days
            yield OwnerGap("nobody named", one.started_on, until, days)
        reach = ends or dt.date.max
        held_to = reach if held_to is None else max(held_to, reach)
    if held_to is not None and held_to < today:
        first = held_to + dt.timedelta(days=1)
        yield OwnerGap("vacant", first, None, (today - first).days)


def _months(start: dt.date, today: dt.date) -> int:
    return (today.year - start.year) * 12 + today.month - start.month - (today.day < start.day)
