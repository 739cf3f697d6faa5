"""What moved between two plans, and why: from what changed in what was asked, offered and required."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from partnership._prioritisation.selecting.model import Candidate, Problem
from partnership._prioritisation.selecting.plans import finishes, value_of, violations

__all__ = ["Move", "Replanned", "replanned"]

How = Literal["enters", "leaves", "sooner", "later", "longer", "shorter", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Move:
    """One item that moved, and why.

    Parameters
    ----------
    item : str
        Its id.
    how : str
        "enters" or "leaves" the plan, starts "sooner" or "later", runs "longer" or "shorter"; "new" is
        chosen and was no candidate before, "gone" was chosen and is no candidate now.
    quarters : int
        By how many quarters it starts sooner or later, or runs longer or shorter; 0 where that says nothing.
    before, after : int or None
        Quarter in which it starts.
    why : tuple[str, ...]
        What changed that bears on it; where nothing of its own changed, the items it makes room for or that
        made room for it.
    """

    item: str
    how: How
    quarters: int
    before: int | None
    after: int | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replanned:
    """Two plans compared.

    Parameters
    ----------
    moves : tuple[Move, ...]
        By item.
    broken : tuple[str, ...]
        Rules of today that the old plan would break, in words; empty: it could still be carried.
    old_value_now : float or None
        What the old plan is worth by today's values; None where it cannot be carried.
    changed : tuple[str, ...]
        Every difference of what was asked, offered and required, in words.
    """

    moves: tuple[Move, ...]
    broken: tuple[str, ...]
    old_value_now: float | None
    changed: tuple[str, ...]


def replanned(
    old: Problem,
    old_starts: Mapping[str, int],
    new: Problem,
    new_starts: Mapping[str, int],
    *,
    shift: int = 0,
) -> Replanned:
    """Compare two plans.

    Parameters
    ----------
    old, new : Problem
        What was asked then, and is asked now.
    old_starts, new_starts : Mapping[str, int]
        The plans.
    shift : int
        How many quarters later the new plan begins; the old one's quarters are counted from the new beginning.

    Examples
    --------
    >>> a = Candidate("a", 1, (2.0, 1.0), {("POL", "days"): (Fraction(3),)})
    >>> was = Problem((a,), 2, {("POL", "days"): (Fraction(3), Fraction(3))})
    >>> now = Problem((a,), 2, {("POL", "days"): (Fraction(2), Fraction(3))})
    >>> found = replanned(was, {"a": 0}, now, {"a": 1})
    >>> found.moves[0].how, found.moves[0].quarters, found.moves[0].why
    ('later', 1, ('POL offers 2 days in quarter 1, not 3',))
    """
    then, now = old.by_id, new.by_id
    differences = tuple(_changes(old, new, shift))
    begun = {i: s - shift for i, s in old_starts.items()}
    carried = {i: s for i, s in begun.items() if i in now and s >= 0}
    broken = tuple(str(b) for b in violations(new, carried)) if _same_lengths(carried, then, now) else ()
    broken += tuple(f"{i} is no candidate any more." for i in sorted(begun.keys() - now.keys()))
    moved: list[tuple[str, How, int]] = []
    for item in sorted(begun.keys() | new_starts.keys()):
        step = _step(item, begun, new_starts, then, now)
        if step is not None:
            moved.append((item, *step))
    moves = tuple(
        Move(
            i,
            how,
            n,
            begun.get(i),
            new_starts.get(i),
            _why(i, how, moved, differences, begun, new_starts, old, new),
        )
        for i, how, n in moved
    )
    kept = not broken and carried.keys() == begun.keys()
    return Replanned(
        moves, broken, value_of(new, carried) if kept else None, tuple(w for _, _, w in differences)
    )


def _same_lengths(
    starts: Mapping[str, int], then: Mapping[str, Candidate], now: Mapping[str, Candidate]
) -> bool:
    return all(i in then and then[i].quarters == now[i].quarters for i in starts)


def _step(
    item: str, begun: Mapping[str, int], starts: Mapping[str, int], then: Mapping[str, Candidate], now: Mapping[str, Candidate],
) -> tuple[How, int] | None:  # fmt: skip
    if item not in begun:
        return ("enters" if item in then else "new"), 0
    if item not in starts:
        return ("leaves" if item in now else "gone"), 0
    if begun[item] != starts[item]:
        by = starts[item] - begun[item]
        return ("later" if by > 0 else "sooner"), abs(by)
    longer = now[item].quarters - then[item].quarters if item in then else 0
    if longer:
        return ("longer" if longer > 0 else "shorter"), abs(longer)
    return None


Difference = tuple[frozenset[str], frozenset[str], str]
"""Items it bears on, agencies whose offer it is, and the words."""


def _changes(old: Problem, new: Problem, shift: int) -> Iterator[Difference]:
    then, now = old.by_id, new.by_id
    none: frozenset[str] = frozenset()
    for item in sorted(then.keys() & now.keys()):
        for words in _of_item(then[item], now[item], shift):
            yield frozenset({item}), none, f"{item} {words}"
    for a, b in sorted(set(new.requires) - set(old.requires)):
        yield frozenset({a, b}), none, f"{a} now waits for {b}"
    for a, b in sorted(set(old.requires) - set(new.requires)):
        yield frozenset({a, b}), none, f"{a} no longer waits for {b}"
    for a, b in sorted(set(new.excludes) ^ set(old.excludes)):
        word = "now excludes" if (a, b) in new.excludes else "no longer excludes"
        yield frozenset({a, b}), none, f"{a} {word} {b}"
    for item in sorted(new.must_do ^ old.must_do):
        yield (
            frozenset({item}),
            none,
            f"{item} {'must now be done' if item in new.must_do else 'need not be done any more'}",
        )
    yield from _of_offers(old, new, shift)
    if _rule(old, shift) != _rule(new, 0):
        yield none, none, "the small-wins rule changed"


def _rule(problem: Problem, shift: int) -> tuple[object, ...]:
    wins = problem.small_wins
    return () if wins is None else (wins.count, wins.quarters - shift, wins.agencies)


def _of_item(then: Candidate, now: Candidate, shift: int) -> Iterator[str]:
    if then.quarters != now.quarters:
        yield f"runs {now.quarters} quarters, not {then.quarters}"
    totals = [{r: sum(x, Fraction(0)) for r, x in c.needs.items()} for c in (then, now)]
    for r in sorted(totals[0].keys() | totals[1].keys()):
        was, asks = (t.get(r, Fraction(0)) for t in totals)
        if was != asks:
            yield f"asks {r[0]} for {_n(asks)} {r[1]}, not {_n(was)}"
    first = [max(c.values) for c in (then, now)]
    if abs(first[0] - first[1]) > 1e-6 * max(1.0, abs(first[0])):
        yield f"is worth {first[1]:,.4g}, not {first[0]:,.4g}"
    if now.latest is not None and (then.latest is None or then.latest - shift != now.latest):
        yield f"must be finished by quarter {now.latest + 1}"


def _of_offers(old: Problem, new: Problem, shift: int) -> Iterator[Difference]:
    for r in sorted(old.offers.keys() | new.offers.keys()):
        for q in range(new.quarters):
            was = old.offers.get(r, ())[q + shift] if q + shift < len(old.offers.get(r, ())) else Fraction(0)
            now = new.offers.get(r, ())[q] if q < len(new.offers.get(r, ())) else Fraction(0)
            if was != now and q + shift < old.quarters:
                yield (
                    frozenset(),
                    frozenset({r[0]}),
                    f"{r[0]} offers {_n(now)} {r[1]} in quarter {q + 1}, not {_n(was)}",
                )


def _n(amount: Fraction | None) -> str:
    if amount is None:
        return "any number of"
    return str(amount.numerator) if amount.denominator == 1 else f"{float(amount):.4g}"


def _why(
    item: str, how: How, moved: Sequence[tuple[str, How, int]], differences: Sequence[Difference],
    begun: Mapping[str, int], starts: Mapping[str, int], old: Problem, new: Problem,
) -> tuple[str, ...]:  # fmt: skip
    own = [w for items, _, w in differences if item in items]
    if how in ("new", "gone"):
        own = ["was no candidate before" if how == "new" else "is no candidate any more", *own]
    one = new.by_id.get(item) or old.by_id[item]
    asked = {a for a, _ in one.needs}
    own += [w for _, agencies, w in differences if agencies & asked]
    if own:
        return tuple(own)
    waits = [b for a, b in (*new.requires, *old.requires) if a == item]
    held = sorted({i for i, _, _ in moved if i in waits})
    if held:
        return tuple(f"{b}, for which it waits, moved" for b in held)
    beside = sorted(
        i for i, _, _ in moved
        if i != item and asked & {a for a, _ in (new.by_id.get(i) or old.by_id[i]).needs}
        and _near(item, i, begun, starts, old, new)
    )  # fmt: skip
    if beside:
        return (f"shares days with {', '.join(beside)}, which moved",)
    return ("nothing that bears on it changed: both plans are as good for it",)


def _near(
    one: str, other: str, begun: Mapping[str, int], starts: Mapping[str, int], old: Problem, new: Problem
) -> bool:
    """Tell whether two items run in one quarter, before or after."""
    for plan, problem in ((begun, old), (starts, new)):
        if one in plan and other in plan and one in problem.by_id and other in problem.by_id:
            ends = finishes(problem, {one: plan[one], other: plan[other]})
            if plan[one] <= ends[other] and plan[other] <= ends[one]:
                return True
    return (one in begun) != (one in starts) or (other in begun) != (other in starts)
