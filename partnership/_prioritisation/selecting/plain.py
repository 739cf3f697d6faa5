"""A problem as plain data and back, exactly; and a digest by which two problems are known to be one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from partnership._prioritisation.selecting.model import Candidate, Problem, Resource, SmallWins, Synergy

__all__ = ["digest_of", "problem_from_plain", "problem_to_plain"]

_DIGITS = 9


def problem_to_plain(problem: Problem) -> dict[str, Any]:
    """Return everything that a problem asks as lists and texts; amounts stay exact.

    Examples
    --------
    >>> p = Problem((Candidate("a", 1, (2.0,), {("POL", "days"): (Fraction(1, 3),)}),), 1, {("POL", "days"): (None,)})
    >>> problem_from_plain(problem_to_plain(p)) == p
    True
    """
    wins = problem.small_wins
    return {
        "items": [
            [c.id, c.quarters, [round(v, _DIGITS) for v in c.values], _amounts(c.needs), c.earliest, c.latest]
            for c in problem.candidates
        ],
        "quarters": problem.quarters,
        "offers": _amounts(problem.offers),
        "requires": sorted(map(list, problem.requires)),
        "excludes": sorted(map(list, problem.excludes)),
        "synergies": sorted(
            [sorted(s.items), [round(b, _DIGITS) for b in s.bonus]] for s in problem.synergies
        ),
        "must_do": sorted(problem.must_do),
        "in_order": problem.in_order,
        "small_wins": None
        if wins is None
        else [
            wins.count,
            wins.quarters,
            {i: sorted(a) for i, a in sorted(wins.felt.items())},
            list(wins.agencies),
        ],
    }


def _amounts(given: Mapping[Resource, tuple[Fraction | None, ...]]) -> list[list[Any]]:
    """Return amounts by agency and kind, equal neighbours told once: [agency, kind, [[amount, how often], …]]."""
    out: list[list[Any]] = []
    for (agency, kind), amounts in sorted(given.items()):
        runs: list[list[Any]] = []
        for amount in amounts:
            text = None if amount is None else str(amount)
            if runs and runs[-1][0] == text:
                runs[-1][1] += 1
            else:
                runs.append([text, 1])
        out.append([agency, kind, runs])
    return out


def problem_from_plain(plain: Mapping[str, Any]) -> Problem:
    """Return the problem that :func:`problem_to_plain` wrote."""
    wins = plain["small_wins"]
    return Problem(
        tuple(
            Candidate(i, q, tuple(map(float, values)), _read(needs), earliest, latest)
            for i, q, values, needs, earliest, latest in plain["items"]
        ),
        plain["quarters"],
        _read(plain["offers"]),
        tuple((a, b) for a, b in plain["requires"]),
        tuple((a, b) for a, b in plain["excludes"]),
        tuple(Synergy(frozenset(items), tuple(map(float, bonus))) for items, bonus in plain["synergies"]),
        frozenset(plain["must_do"]),
        None
        if wins is None
        else SmallWins(wins[0], wins[1], {i: frozenset(a) for i, a in wins[2].items()}, tuple(wins[3])),
        plain["in_order"],
    )


def _read(given: list[list[Any]]) -> dict[Resource, Any]:
    return {
        (agency, kind): tuple(
            None if text is None else Fraction(text) for text, count in runs for _ in range(count)
        )
        for agency, kind, runs in given
    }


def digest_of(problem: Problem) -> str:
    """Return a digest of everything that a problem asks; the same problem gives the same digest."""
    return hashlib.sha256(json.dumps(problem_to_plain(problem), sort_keys=True).encode()).hexdigest()
