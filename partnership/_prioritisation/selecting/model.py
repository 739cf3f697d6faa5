"""What is to be chosen and phased: candidates, what each asks of whom, what agencies offer, and the rules.

Quarters are counted from 0. A plan says of each chosen item in which quarter it starts; it then runs without
a break and is finished at the end of its last quarter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from partnership.errors import InvalidInput, UnknownName, shown

__all__ = ["Candidate", "Problem", "Resource", "SmallWins", "Synergy", "checked", "ring_in"]

Resource = tuple[str, str]
"""An agency and what it gives: ("POL", "days") or ("POL", "money")."""

MOST_ITEMS, MOST_QUARTERS = 2000, 80
"""Above these the model is refused in words; nothing is cut off in silence."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be chosen.

    Parameters
    ----------
    id : str
        Id of the item.
    quarters : int
        How many quarters it runs, at least 1.
    values : tuple[float, ...]
        What it is worth when it is finished at the end of quarter 0, 1, 2 …: one number for each quarter of
        the plan. Its unit is the caller's (points of score, pounds).
    needs : Mapping[Resource, tuple[Fraction, ...]]
        What it asks in its first, second … running quarter, by agency and kind.
    earliest : int
        First quarter in which it may start.
    latest : int or None
        Last quarter in which it may finish; None is the last of the plan.
    """

    id: str
    quarters: int
    values: tuple[float, ...]
    needs: Mapping[Resource, tuple[Fraction, ...]] = field(default_factory=dict)
    earliest: int = 0
    latest: int | None = None

    @property
    def total_need(self) -> Fraction:
        """All that it asks, of all, in days; money is not added to days."""
        return sum(
            (sum(n, Fraction(0)) for (_, kind), n in self.needs.items() if kind != "money"), Fraction(0)
        )


@dataclass(frozen=True, slots=True)
class Synergy:
    """Items that together are worth more (or, with a negative bonus, less) than apart."""

    items: frozenset[str]
    bonus: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SmallWins:
    """The small-wins rule: so many items finished in the first quarters, one of them felt by each agency.

    Parameters
    ----------
    count : int
        Items that must be finished at the end of the window.
    quarters : int
        Length of the window.
    felt : Mapping[str, frozenset[str]]
        Item to the agencies that feel it when it is finished.
    agencies : tuple[str, ...]
        Agencies each of which must feel one.
    """

    count: int
    quarters: int
    felt: Mapping[str, frozenset[str]] = field(default_factory=dict)
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that a plan must keep.

    Parameters
    ----------
    candidates : tuple[Candidate, ...]
        Items that may be chosen.
    quarters : int
        Length of the plan.
    offers : Mapping[Resource, tuple[Fraction | None, ...]]
        What each agency offers in each quarter; None in a quarter: no limit there.
    requires : tuple[tuple[str, str], ...]
        (a, b): a may start only when b is finished.
    in_order : bool
        False where there is no time, as in a choice for a single period: a then only needs b to be chosen too.
    excludes : tuple[tuple[str, str], ...]
        (a, b): not both.
    synergies : tuple[Synergy, ...]
        What several items are worth together, over the sum of each.
    must_do : frozenset[str]
        Items that must be chosen.
    small_wins : SmallWins or None
        The small-wins rule.
    """

    candidates: tuple[Candidate, ...]
    quarters: int = 1
    offers: Mapping[Resource, tuple[Fraction | None, ...]] = field(default_factory=dict)
    requires: tuple[tuple[str, str], ...] = ()
    excludes: tuple[tuple[str, str], ...] = ()
    synergies: tuple[Synergy, ...] = ()
    must_do: frozenset[str] = frozenset()
    small_wins: SmallWins | None = None
    in_order: bool = True

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the candidates, in their order."""
        return tuple(c.id for c in self.candidates)

    @property
    def by_id(self) -> dict[str, Candidate]:
        """Each candidate by its id."""
        return {c.id: c for c in self.candidates}


def ring_in(requires: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a ring of prerequisites if there is one: each needs the next, the last the first; else nothing.

    Examples
    --------
    >>> ring_in([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
    ('a', 'b', 'c')
    >>> ring_in([("a", "b"), ("b", "c")])
    ()
    """
    after: dict[str, list[str]] = {}
    for a, b in sorted(set(requires)):
        after.setdefault(a, []).append(b)
    done: set[str] = set()
    for first in sorted(after):
        path: list[str] = [first]
        on = {first}
        branches = [iter(after.get(first, ()))]
        while branches:
            step = next((b for b in branches[-1] if b not in done), None)
            if step is None:
                branches.pop()
                last = path.pop()
                on.discard(last)
                done.add(last)
            elif step in on:
                ring = path[path.index(step) :]
                least = ring.index(min(ring))
                return (*ring[least:], *ring[:least])
            else:
                path.append(step)
                on.add(step)
                branches.append(iter(after.get(step, ())))
    return ()


def checked(problem: Problem) -> Problem:
    """Return the problem if it can be asked.

    Raises
    ------
    UnknownName
        If a rule names an item that is no candidate, or an item asks for what nobody listed.
    InvalidInput
        If prerequisites form a ring (printed), an amount is negative, or a length does not fit.
    """
    ids = problem.ids
    if not 1 <= problem.quarters <= MOST_QUARTERS:
        msg = f"The plan has {problem.quarters} quarters. Give from 1 to {MOST_QUARTERS}."
        raise InvalidInput(msg)
    if len(ids) > MOST_ITEMS:
        msg = f"{len(ids):,} items are more than the {MOST_ITEMS:,} that are planned at once. Narrow to a theme or goal."
        raise InvalidInput(msg)
    twice = sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        msg = f"{', '.join(map(shown, twice))} is listed more than once among the items. Keep one."
        raise InvalidInput(msg)
    _known(problem)
    for one in problem.candidates:
        _fits(one, problem)
    for (agency, kind), offered in problem.offers.items():
        _amounts(offered, f"{agency} offers", f"{kind} in a quarter", problem.quarters)
    ring = ring_in(problem.requires)
    if ring:
        msg = f"{' needs '.join((*ring, ring[0]))}: a ring, so none of them can start. Take one of these prerequisites away."
        raise InvalidInput(msg)
    return problem


def _known(problem: Problem) -> None:
    ids = set(problem.ids)
    named = [
        *problem.must_do, *(i for pair in (*problem.requires, *problem.excludes) for i in pair),
        *(i for s in problem.synergies for i in s.items),
        *(problem.small_wins.felt if problem.small_wins else ()),
    ]  # fmt: skip
    for item in named:
        if item not in ids:
            kind = "item"
            raise UnknownName(kind, item, ids)
    for one in problem.candidates:
        for resource in one.needs:
            if resource not in problem.offers:
                kind = "agency's offer"
                raise UnknownName(kind, " ".join(resource), [" ".join(r) for r in problem.offers])


def _fits(one: Candidate, problem: Problem) -> None:
    if one.quarters < 1 or one.earliest < 0:
        msg = f"Item {shown(one.id)} runs {one.quarters} quarters from quarter {one.earliest}. It needs at least one quarter, from 0 on."
        raise InvalidInput(msg)
    if len(one.values) != problem.quarters:
        msg = f"Item {shown(one.id)} has {len(one.values)} values for {problem.quarters} quarters. Give one for each."
        raise InvalidInput(msg)
    if any(v != v or v in (float("inf"), float("-inf")) for v in one.values):  # noqa: PLR0124 - NaN alone differs from itself
        msg = f"Item {shown(one.id)} has a value that is no number. Give digits."
        raise InvalidInput(msg)
    for (agency, kind), needs in one.needs.items():
        _amounts(needs, f"Item {shown(one.id)} asks {agency}", f"{kind} in a running quarter", one.quarters)


def _amounts(given: Sequence[Fraction | None], who: str, what: str, length: int) -> None:
    if len(given) != length:
        msg = f"{who}: {len(given)} amounts of {what}, and {length} are needed. Give one for each quarter."
        raise InvalidInput(msg)
    if any(x is not None and x < 0 for x in given):
        msg = f"{who} a negative amount of {what}. Give nought or more."
        raise InvalidInput(msg)
