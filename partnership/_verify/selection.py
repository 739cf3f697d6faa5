"""Adapters of selection: knapsacks, choice under several limits (mknap1), portfolios of agencies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib.resources import files
from itertools import combinations
from typing import Any

from partnership._prioritisation.selecting.choices import choices
from partnership._prioritisation.selecting.model import Candidate, Problem, Synergy
from partnership._prioritisation.selecting.more import more_of
from partnership._prioritisation.selecting.plans import from_the_top, value_of, violations
from partnership._prioritisation.selecting.search import Outcome, phase
from partnership._verify.base import (
    Adapter,
    Answer,
    NotCovered,
    decimal_of,
    first_of,
    not_covered,
    numbers_of,
)
from partnership.errors import InvalidInput, shown

__all__ = ["ADAPTERS"]

_LIMIT = 120.0
_ENUMERATED = 16
"""Up to so many items every subset is tried as well."""


def _portfolio(inputs: Mapping[str, Any]) -> Any:
    if "base" in inputs:
        return _more(inputs)
    if isinstance(inputs.get("items"), Sequence) and not isinstance(inputs.get("items"), str):
        return _agencies(inputs)
    if first_of(inputs, "constraints", "rows", "weights_by_resource") is not None:
        return _resources(inputs)
    if first_of(inputs, "weights", "efforts") is not None:
        return _knapsack(inputs)
    raise not_covered("portfolio", inputs)


def _proved(problem: Problem) -> Outcome:
    found = phase(problem, limit=_LIMIT)
    if found.status != "optimal":
        msg = f"Not proved best in {_LIMIT:g} seconds: {found.status}."
        raise InvalidInput(msg)
    return found


def _whole(value: float) -> float | int:
    near = round(value)
    return near if abs(value - near) < 1e-9 * max(1.0, abs(value)) else value


def _knapsack(inputs: Mapping[str, Any]) -> Any:
    weights = numbers_of(first_of(inputs, "weights", "efforts"))
    capacity = first_of(inputs, "capacity", "budget", "limit")
    return _answer_of(inputs, [weights], [decimal_of(capacity)])


def _resources(inputs: Mapping[str, Any]) -> Any:
    rows = [numbers_of(r) for r in first_of(inputs, "constraints", "rows", "weights_by_resource")]
    return _answer_of(inputs, rows, numbers_of(first_of(inputs, "capacities", "capacity", "limits")))


def _answer_of(inputs: Mapping[str, Any], rows: Sequence[Sequence[Any]], capacities: Sequence[Any]) -> Any:
    values = numbers_of(first_of(inputs, "values", "profits", "value"))
    if any(len(r) != len(values) for r in rows) or len(rows) != len(capacities):
        msg = "Every row needs one number for each item, and one capacity."
        raise InvalidInput(msg)
    names = [f"{i:04}" for i in range(len(values))]
    candidates = tuple(
        Candidate(n, 1, (float(v),), {(f"{r}", "units"): (Fraction(row[i]),) for r, row in enumerate(rows)})
        for i, (n, v) in enumerate(zip(names, values, strict=True))
    )
    offers: dict[Any, tuple[Fraction | None, ...]] = {
        (f"{r}", "units"): (Fraction(c),) for r, c in enumerate(capacities)
    }
    problem = Problem(candidates, 1, offers)
    found = _proved(problem)
    chosen = [i for i, n in enumerate(names) if n in found.starts]
    top = _greedy(problem)
    worth = _whole(found.value or 0.0)
    return Answer(
        worth, optimum=worth, optimal_value=worth, value=worth, selection_index0=chosen,
        weight=sum(rows[0][i] for i in chosen), greedy_value_per_effort=_whole(value_of(problem, top)),
        greedy=_whole(value_of(problem, top)), feasible=not violations(problem, found.starts),
    )  # fmt: skip


def _greedy(problem: Problem) -> dict[str, int]:
    """Take items by value for each unit of effort, once through the list."""
    order = sorted(
        problem.candidates,
        key=lambda c: -c.values[0] / float(c.total_need) if c.total_need else float("-inf"),
    )
    return from_the_top(problem, [c.id for c in order], again=False)


def _problem(inputs: Mapping[str, Any]) -> tuple[Problem, list[str]]:
    capacity = first_of(inputs, "capacity", "capacities")
    if not isinstance(capacity, Mapping):
        raise not_covered("portfolio", inputs)
    order = [str(i["id"]) for i in inputs["items"]]
    candidates = tuple(
        Candidate(
            str(i["id"]), 1, (float(decimal_of(i["value"])),),
            {(str(a), "units"): (Fraction(decimal_of(e)),) for a, e in (i.get("effort") or i.get("efforts") or {}).items()},
        )
        for i in inputs["items"]
    )  # fmt: skip
    offers: dict[Any, tuple[Fraction | None, ...]] = {
        (str(a), "units"): (Fraction(decimal_of(c)),) for a, c in capacity.items()
    }
    synergies = tuple(
        Synergy(
            frozenset(map(str, first_of(s, "pair", "items", "set"))),
            (float(decimal_of(first_of(s, "bonus", "value"))),),
        )
        for s in inputs.get("synergy") or inputs.get("synergies") or ()
    )
    problem = Problem(
        candidates, 1, offers, _named_pairs(inputs, "requires", "prerequisites"), _named_pairs(inputs, "excludes", "exclusions"), synergies,
        frozenset(map(str, inputs.get("must_do") or inputs.get("must") or ())), in_order=False,
    )  # fmt: skip
    return problem, order


def _named_pairs(inputs: Mapping[str, Any], *names: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(a), str(b)) for a, b in first_of(inputs, *names, default=()))


def _agencies(inputs: Mapping[str, Any]) -> Any:
    problem, order = _problem(inputs)
    found = _proved(problem)
    worth = _whole(found.value or 0.0)
    selections = [[i for i in order if i in chosen] for chosen in _all_best(found)]
    top = _greedy(problem)
    out = Answer(
        worth, optimum=worth, value=worth, selections=sorted(selections), selection=selections[0],
        greedy_ratio_value=_whole(value_of(problem, top)), greedy_selection=[i for i in order if i in top],
        is_unique=len(selections) == 1,
    )  # fmt: skip
    if len(order) <= _ENUMERATED:
        out["feasible_portfolios"] = _feasible(problem, order)
    if isinstance(inputs.get("extra_capacity"), Sequence):
        out["gain_by_agency"] = _gains(found, inputs)
    return out


def _all_best(found: Outcome) -> list[frozenset[str]]:
    """Return every choice that is worth as much as the best."""
    others = choices(found, within=1e-9, most=64, limit=_LIMIT)
    return [frozenset(a.starts) for a in others.alternatives]


def _feasible(problem: Problem, order: Sequence[str]) -> int:
    """Count the choices that keep every rule, trying all of them."""
    return sum(
        not violations(problem, dict.fromkeys(chosen, 0))
        for size in range(len(order) + 1)
        for chosen in combinations(order, size)
    )


def _more(inputs: Mapping[str, Any]) -> Any:
    base = inputs["base"]
    if not isinstance(base, Mapping):
        shipped = json.loads(
            files("partnership").joinpath("golden", "prioritisation.json").read_text(encoding="utf-8")
        )
        base = next((c["inputs"] for c in shipped["cases"] if c["id"] == base), None)
    if base is None:
        msg = f"The case on which this one rests, {shown(inputs['base'])}, is not shipped. Give its inputs as base."
        raise NotCovered(msg)
    problem, _ = _problem(base)
    gains = _gains(_proved(problem), inputs)
    return Answer(gains, gain_by_agency=gains)


def _gains(found: Outcome, inputs: Mapping[str, Any]) -> dict[str, list[float | int]]:
    steps = [Fraction(x) for x in numbers_of(inputs["extra_capacity"])]
    gains = more_of(found, list(found.problem.offers), steps, limit=_LIMIT)
    out: dict[str, list[float | int]] = {a: [] for a, _ in found.problem.offers}
    for gain in gains:
        if not gain.is_exact:
            msg = f"What more of {gain.resource[0]} buys was not proved in time."
            raise InvalidInput(msg)
        out[gain.resource[0]].append(_whole(gain.gain))
    return out


ADAPTERS: dict[str, Adapter] = {"portfolio": _portfolio}
"""Category of a case to the call that answers it."""
