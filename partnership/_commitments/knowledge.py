"""What only one person is named on, and what nobody is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Carried", "Carrier", "carriers"]


@dataclass(frozen=True, slots=True)
class Carried:
    """Something that somebody must know (goal, measure, benefit, open promise), and the roles named on it."""

    kind: str
    id: str
    title: str
    roles: frozenset[str]
    planned_gbp: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """A person and what would lose its only name if that person left; no person: what has no name now."""

    person: str | None
    roles: tuple[str, ...]
    alone_on: tuple[Carried, ...]
    named_on: int
    planned_gbp: Decimal


def carriers(things: Iterable[Carried], people: Mapping[str, str | None]) -> tuple[Carrier, ...]:
    """Find single points of knowledge: people who are the only one named on something.

    The people named on a thing are those who hold its roles on the day shown, a person counted once however
    many roles they hold. One person named: that person is alone on it. None: nobody is.

    Parameters
    ----------
    things : Iterable[Carried]
        What runs, with the roles named on it.
    people : Mapping[str, str or None]
        Role to who holds it now; None, or no entry, where nobody is named.

    Returns
    -------
    tuple[Carrier, ...]
        Those alone on most first, then by money; what nobody is named on comes last.

    Examples
    --------
    >>> things = [Carried("goal", "G1", "Share", frozenset({"hub"})),
    ...           Carried("goal", "G2", "See", frozenset({"hub", "nurse"})),
    ...           Carried("goal", "G3", "Stop", frozenset({"gone"}))]
    >>> found = carriers(things, {"hub": "Priya", "nurse": "Ada", "gone": None})
    >>> [(c.person, [t.id for t in c.alone_on], c.named_on) for c in found]
    [('Priya', ['G1'], 2), (None, ['G3'], 0)]
    """
    alone: dict[str | None, list[Carried]] = defaultdict(list)
    named: dict[str, int] = defaultdict(int)
    for thing in things:
        who = {person for role in thing.roles if (person := people.get(role))}
        for person in who:
            named[person] += 1
        if len(who) <= 1:
            alone[next(iter(who), None)].append(thing)
    held: dict[str | None, list[str]] = defaultdict(list)
    for role, person in people.items():
        held[person].append(role)
    found = [
        Carrier(
            person,
            tuple(sorted(held[person])) if person is not None else (),
            tuple(sorted(those, key=lambda t: (t.kind, t.id))),
            named[person] if person is not None else 0,
            sum((t.planned_gbp or Decimal(0) for t in those), Decimal(0)),
        )
        for person, those in alone.items()
    ]
    return tuple(
        sorted(found, key=lambda c: (c.person is None, -len(c.alone_on), -c.planned_gbp, c.person or ""))
    )
