"""A plan, its worth, and whether it keeps every rule: worked out without the solver, in exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from partnership._prioritisation.selecting.model import Candidate, Problem, Resource

__all__ = ["Breach", "finishes", "from_the_top", "load_of", "value_of", "violations"]

Starts = Mapping[str, int]
"""Chosen item to the quarter in which it starts."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a plan does not keep, in words."""

    rule: str
    words: str

    def __str__(self) -> str:
        return self.words


def finishes(problem: Problem, starts: Starts) -> dict[str, int]:
    """Return the quarter at whose end each chosen item is finished."""
    items = problem.by_id
    return {i: s + items[i].quarters - 1 for i, s in starts.items()}


def value_of(problem: Problem, starts: Starts) -> float:
    """Return the worth of a plan: of each item when it is finished, and of what items give together.

    A synergy counts from the quarter in which the last of its items is finished.
    """
    ends, items = finishes(problem, starts), problem.by_id
    alone = sum(items[i].values[f] for i, f in ends.items())
    together = sum(
        s.bonus[max(ends[i] for i in s.items)] for s in problem.synergies if s.items <= ends.keys()
    )
    return alone + together


def load_of(problem: Problem, starts: Starts) -> dict[Resource, tuple[Fraction, ...]]:
    """Return what a plan asks of each agency in each quarter, by kind."""
    items = problem.by_id
    load = {r: [Fraction(0)] * problem.quarters for r in problem.offers}
    for item, start in starts.items():
        for resource, needs in items[item].needs.items():
            for k, amount in enumerate(needs):
                load[resource][start + k] += amount
    return {r: tuple(x) for r, x in load.items()}


def violations(problem: Problem, starts: Starts) -> tuple[Breach, ...]:
    """Return every rule that a plan breaks; an empty tuple is a plan that can be carried.

    Examples
    --------
    >>> p = Problem((Candidate("a", 1, (1.0,), {("POL", "days"): (Fraction(3),)}),), 1, {("POL", "days"): (Fraction(2),)})
    >>> [str(b) for b in violations(p, {"a": 0})]
    ['POL is asked for 3 days in quarter 1 and offers 2.']
    """
    items = problem.by_id
    out_of_time = [
        Breach("window", f"{i} runs from quarter {s + 1} for {c.quarters}, outside its time.")
        for i, s in starts.items()
        for c in [items[i]]
        if s < c.earliest or s + c.quarters - 1 > _last(problem, c)
    ]
    if out_of_time:
        return tuple(out_of_time)
    return (*_over(problem, starts), *_order(problem, starts), *_demands(problem, starts))


def _last(problem: Problem, one: Candidate) -> int:
    return problem.quarters - 1 if one.latest is None else min(one.latest, problem.quarters - 1)


def _over(problem: Problem, starts: Starts) -> Iterator[Breach]:
    for (agency, kind), asked in load_of(problem, starts).items():
        for q, (amount, offered) in enumerate(zip(asked, problem.offers[agency, kind], strict=True)):
            if offered is not None and amount > offered:
                yield Breach(
                    f"{agency} {kind}",
                    f"{agency} is asked for {_n(amount)} {kind} in quarter {q + 1} and offers {_n(offered)}.",
                )


def _n(amount: Fraction) -> str:
    return str(amount.numerator) if amount.denominator == 1 else f"{float(amount):.4g}"


def _order(problem: Problem, starts: Starts) -> Iterator[Breach]:
    ends = finishes(problem, starts)
    for a, b in problem.requires:
        if a in starts and b not in ends:
            yield Breach("requires", f"{a} needs {b}, which is not chosen.")
        elif a in starts and problem.in_order and ends[b] >= starts[a]:
            yield Breach("requires", f"{a} starts before {b} is finished.")
    for a, b in problem.excludes:
        if a in starts and b in starts:
            yield Breach("excludes", f"{a} and {b} cannot be done beside each other.")


def _demands(problem: Problem, starts: Starts) -> Iterator[Breach]:
    ends = finishes(problem, starts)
    for item in sorted(problem.must_do - starts.keys()):
        yield Breach("must do", f"{item} must be done and is not in the plan.")
    rule = problem.small_wins
    if rule is None:
        return
    early = {i for i, f in ends.items() if f < rule.quarters}
    if len(early) < rule.count:
        yield Breach(
            "small wins",
            f"{len(early)} items are finished in the first {rule.quarters} quarters, and {rule.count} must be.",
        )
    for agency in rule.agencies:
        if not any(agency in rule.felt.get(i, ()) for i in early):
            yield Breach(
                "small wins", f"{agency} feels no item finished in the first {rule.quarters} quarters."
            )


def from_the_top(
    problem: Problem, order: Sequence[str], *, again: bool = True, begun: Starts | None = None
) -> dict[str, int]:
    """Return the plan of one who takes a ranked list from the top.

    Each item in turn starts in the first quarter in which it fits what is left of everybody's offer and its
    prerequisites are finished; what does not fit is passed over. Must-dos and the small-wins rule are not
    looked at: a list knows nothing of them.

    Parameters
    ----------
    problem : Problem
        What must be kept.
    order : Sequence[str]
        Ids, best first.
    again : bool
        Go through the list again until nothing more fits, so that an item whose prerequisite stands lower
        gets its turn; False is one pass.
    begun : Mapping, optional
        A plan that keeps the offers, to be filled up: what it holds stays where it is.

    Returns
    -------
    dict[str, int]
        Item to start.
    """
    items = problem.by_id
    left = {r: list(x) for r, x in problem.offers.items()}
    starts: dict[str, int] = dict(begun or {})
    for item, at in starts.items():
        _take(items[item], at, left)
    needed: dict[str, list[str]] = {}
    barred: dict[str, set[str]] = {}
    for a, b in problem.requires:
        needed.setdefault(a, []).append(b)
    for a, b in problem.excludes:
        barred.setdefault(a, set()).add(b)
        barred.setdefault(b, set()).add(a)
    while True:
        placed = 0
        for item in order:
            if item in starts or barred.get(item, set()) & starts.keys():
                continue
            if not all(b in starts for b in needed.get(item, ())):
                continue
            one = items[item]
            ends = (starts[b] + items[b].quarters for b in needed.get(item, ()))
            ready = max(ends, default=0) if problem.in_order else 0
            start = _first_fit(problem, one, max(ready, one.earliest), left)
            if start is not None:
                starts[item] = start
                placed += 1
                _take(one, start, left)
        if not placed or not again:
            return starts


def _first_fit(
    problem: Problem, one: Candidate, ready: int, left: Mapping[Resource, Sequence[Fraction | None]]
) -> int | None:
    for start in range(ready, _last(problem, one) - one.quarters + 2):
        if all(
            (room := left[r][start + k]) is None or amount <= room
            for r, needs in one.needs.items()
            for k, amount in enumerate(needs)
        ):
            return start
    return None


def _take(one: Candidate, start: int, left: Mapping[Resource, list[Fraction | None]]) -> None:
    for r, needs in one.needs.items():
        for k, amount in enumerate(needs):
            room = left[r][start + k]
            if room is not None:
                left[r][start + k] = room - amount
