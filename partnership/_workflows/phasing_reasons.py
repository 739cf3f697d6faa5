"""Why an item is left out of a plan, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from partnership._prioritisation.selecting.plans import load_of
from partnership._prioritisation.selecting.search import Outcome
from partnership._workflows.phasing_model import Asked
from partnership.wording import number

__all__ = ["days_words", "too_much_for", "why_not"]


def why_not(asked: Asked, outcome: Outcome, item: str) -> str:
    """Return why an item is left out: no offer that is large enough, what it waits for, or the others' days."""
    problem = asked.problem
    one = problem.by_id[item]
    for a, b in problem.requires:
        if a == item and b not in outcome.starts:
            return f"waits for {b}, which is left out"
    for a, b in problem.excludes:
        other = b if a == item else a if b == item else None
        if other in outcome.starts:
            return f"cannot be done beside {other}"
    short = too_much_for(asked, item)
    if short:
        return "; ".join(short)
    if one.earliest + one.quarters > problem.quarters:
        return "takes longer than the plan"
    room = _rest(asked, outcome)
    if _fits(one.needs, one.quarters, problem.quarters, room):
        return "would fit, and adds nothing to the plan's value"
    alone = {r: list(x) for r, x in problem.offers.items()}
    return (
        "fits alone, not beside what is chosen"
        if _fits(one.needs, one.quarters, problem.quarters, alone)
        else "no run of quarters has enough days of every agency at once"
    )


def too_much_for(asked: Asked, item: str, names: Mapping[str, str] | None = None) -> list[str]:
    """Return, agency by agency, where an item alone asks for more in a quarter than is offered in any."""
    short, names = [], names or {}
    for (agency, kind), needs in asked.problem.by_id[item].needs.items():
        offered = [x for x in asked.problem.offers[agency, kind] if x is not None]
        if offered and len(offered) == asked.problem.quarters and max(needs) > max(offered):
            wanted, most = days_words(max(needs)), days_words(max(offered))
            short.append(
                f"{names.get(agency, agency)} is asked for {wanted} {kind} a quarter and offers at most {most}"
            )
    return short


def _rest(asked: Asked, outcome: Outcome) -> dict[tuple[str, str], list[Fraction | None]]:
    load = load_of(asked.problem, outcome.starts)
    return {
        r: [None if x is None else x - y for x, y in zip(offered, load[r], strict=True)]
        for r, offered in asked.problem.offers.items()
    }


def _fits(
    needs: Mapping[tuple[str, str], tuple[Fraction, ...]], length: int, quarters: int,
    room: Mapping[tuple[str, str], Sequence[Fraction | None]],
) -> bool:  # fmt: skip
    return any(
        all(
            (left := room[r][s + k]) is None or n <= left
            for r, need in needs.items()
            for k, n in enumerate(need)
        )
        for s in range(quarters - length + 1)
    )


def days_words(amount: Fraction) -> str:
    """Return days in digits, to a tenth."""
    return number(round(Decimal(amount.numerator) / Decimal(amount.denominator), 1))
