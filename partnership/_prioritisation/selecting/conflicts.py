"""When no plan keeps every rule: which demands cannot be met together, and what stands in their way.

Deletion filter: take the demands one by one; one without which the rest still cannot be met is not part of the
conflict and is left out for good. What remains is a set of demands that cannot be met together although each
smaller set of them can. The same is then done with the limits (an agency's days, a prerequisite, "not both").

Source: Chinneck & Dravnieks, "Locating minimal infeasible constraint sets in linear programs", ORSA Journal on
Computing 3 (1991); the filter holds for any constraints.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from partnership._prioritisation.selecting.formulation import programme
from partnership._prioritisation.selecting.model import Problem, SmallWins, checked
from partnership._prioritisation.selecting.plans import violations
from partnership._prioritisation.selecting.solver import Solver
from partnership.errors import InvalidInput

__all__ = ["Conflict", "Rule", "conflict_in"]

RuleKind = Literal["must do", "small wins", "felt by", "offer", "prerequisite", "not both", "latest finish"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand or limit, by what it is about: ("must do", ("W01",)) or ("offer", ("POL", "days"))."""

    kind: RuleKind
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands that cannot be met together, and the limits that keep them apart.

    Parameters
    ----------
    demands, limits : tuple[Rule, ...]
        Leave out any one of them, and the rest can be kept.
    is_smallest : bool
        False when time ran out before every rule was tried: some of them may then not matter.
    """

    demands: tuple[Rule, ...]
    limits: tuple[Rule, ...]
    is_smallest: bool = True


def conflict_in(
    problem: Problem, *, limit: float = 30.0, cancel: threading.Event | None = None
) -> Conflict | None:
    """Return the demands and limits that cannot all be kept, or None when a plan keeps them all.

    Parameters
    ----------
    problem : Problem
        What is asked.
    limit : float
        Wall-clock seconds for all of it.
    cancel : threading.Event, optional
        Set it to stop.

    Raises
    ------
    InvalidInput
        If it could not be told in time whether a plan keeps every rule.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> from partnership._prioritisation.selecting.model import Candidate
    >>> need = {("POL", "days"): (F(3),)}
    >>> items = tuple(Candidate(i, 1, (1.0,), need) for i in "abc")
    >>> p = Problem(items, 1, {("POL", "days"): (F(5),)}, must_do=frozenset("ab"), requires=(("c", "a"),))
    >>> found = conflict_in(p)
    >>> [r.about for r in found.demands], [r.about for r in found.limits]
    ([('a',), ('b',)], [('POL', 'days')])
    """
    checked(problem)
    until = time.perf_counter() + limit
    with Solver(cancel) as solver:

        def can(asked: Problem) -> bool | None:
            return _feasible(asked, solver, until)

        whole = can(problem)
        if whole is None:
            msg = f"It could not be told in {limit:g} seconds whether a plan keeps every rule. Give more time, or ask for less."
            raise InvalidInput(msg)
        if whole:
            return None
        demands, sure = _filtered(_demands_of(problem), lambda kept: can(_with_demands(problem, kept)))
        narrowed = _with_demands(problem, demands)
        limits, sure_too = _filtered(_limits_of(narrowed), lambda kept: can(_with_limits(narrowed, kept)))
    return Conflict(tuple(demands), tuple(limits), sure and sure_too)


def _filtered(rules: Sequence[Rule], can: Callable[[list[Rule]], bool | None]) -> tuple[list[Rule], bool]:
    kept, sure = list(rules), True
    for rule in rules:
        rest = [r for r in kept if r != rule]
        possible = can(rest)
        if possible is None:
            sure = False
        elif not possible:
            kept = rest
    return kept, sure


def _feasible(problem: Problem, solver: Solver, until: float) -> bool | None:
    if not violations(problem, {}):
        return True
    made = programme(problem)
    if not made.size:
        return False
    left = until - time.perf_counter()
    if left <= 0.05:
        return None
    solver.load(made)
    answer = solver.solve(left, feasible_only=True)
    if answer.ones is not None:
        return not violations(problem, made.plan_of(answer.ones))
    return False if answer.status == "infeasible" else None


def _demands_of(problem: Problem) -> list[Rule]:
    rules = [Rule("must do", (i,)) for i in problem.ids if i in problem.must_do]
    wins = problem.small_wins
    if wins is not None:
        rules += [Rule("small wins", (str(wins.count),))] if wins.count else []
        rules += [Rule("felt by", (a,)) for a in wins.agencies]
    return rules


def _with_demands(problem: Problem, kept: Sequence[Rule]) -> Problem:
    wins = problem.small_wins
    fewer: SmallWins | None = None
    if wins is not None:
        counted = any(r.kind == "small wins" for r in kept)
        felt = tuple(r.about[0] for r in kept if r.kind == "felt by")
        fewer = replace(wins, count=wins.count if counted else 0, agencies=felt)
    must = frozenset(r.about[0] for r in kept if r.kind == "must do")
    return replace(problem, must_do=must, small_wins=fewer)


def _limits_of(problem: Problem) -> list[Rule]:
    return [
        *(Rule("latest finish", (c.id,)) for c in problem.candidates if c.latest is not None),
        *(Rule("prerequisite", pair) for pair in problem.requires),
        *(Rule("not both", pair) for pair in problem.excludes),
        *(Rule("offer", r) for r, x in problem.offers.items() if any(o is not None for o in x)),
    ]


def _with_limits(problem: Problem, kept: Sequence[Rule]) -> Problem:
    on = set(kept)
    return replace(
        problem,
        candidates=tuple(
            c if Rule("latest finish", (c.id,)) in on else replace(c, latest=None) for c in problem.candidates
        ),
        requires=tuple(p for p in problem.requires if Rule("prerequisite", p) in on),
        excludes=tuple(p for p in problem.excludes if Rule("not both", p) in on),
        offers={r: x if Rule("offer", r) in on else (None,) * len(x) for r, x in problem.offers.items()},
    )
