"""How firm a choice is: what it would cost to leave an item out, or to put one in; and the other good plans.

Each item of the plan is forbidden in turn and each other one forced in, and the problem is solved again. The
best plan without the item says what the item is worth to the whole; if even the bound of that problem lies
below the threshold, the item is proved to be in every good plan. Counting items in a handful of alternatives
proves nothing of the kind, so both are given: the proof, and the plans.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from partnership._prioritisation.selecting.formulation import Programme, programme
from partnership._prioritisation.selecting.plans import value_of, violations
from partnership._prioritisation.selecting.search import Outcome
from partnership._prioritisation.selecting.solver import Cancelled, Solver
from partnership.errors import InvalidInput

__all__ = ["Alternative", "Choices", "Standing", "choices"]

Firmness = Literal["in every good plan", "in some good plans", "in no good plan", "not settled"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another good plan: what is chosen, when it starts, and its worth."""

    starts: Mapping[str, int]
    value: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands among the good plans.

    Parameters
    ----------
    item : str
        Its id.
    firmness : str
        Proved to be in every good plan, or in none; found in some but not all; or not settled in time.
    chosen : bool
        Whether it is in the plan.
    other : float or None
        Worth of the best plan found in which it is the other way round; None: no such plan exists, or none
        was found.
    other_bound : float or None
        What no such plan can exceed.
    """

    item: str
    firmness: Firmness
    chosen: bool
    other: float | None
    other_bound: float | None


@dataclass(frozen=True, slots=True)
class Choices:
    """All that was learned about the choice.

    Parameters
    ----------
    threshold : float
        Worth from which a plan is good.
    standings : tuple[Standing, ...]
        One for each item, in the problem's order.
    alternatives : tuple[Alternative, ...]
        Good plans that differ in what is chosen, best first; the plan itself is the first.
    is_complete : bool
        False when time ran out: there may be more good plans, and some items are not settled.
    better : Alternative or None
        A better plan than the given one, if the search met one.
    """

    threshold: float
    standings: tuple[Standing, ...]
    alternatives: tuple[Alternative, ...]
    is_complete: bool
    better: Alternative | None = None

    def count_in(self, item: str) -> int:
        """Count the good plans that were found with an item in them."""
        return sum(item in a.starts for a in self.alternatives)


def choices(
    found: Outcome,
    *,
    within: float = 0.03,
    most: int = 12,
    limit: float = 60.0,
    cancel: threading.Event | None = None,
) -> Choices:
    """Try every item the other way round, then look for more good plans.

    Parameters
    ----------
    found : Outcome
        The plan, from :func:`phase`.
    within : float
        How much less a good plan may be worth, as a share: 0.03 for 3%.
    most : int
        How many plans to list at most.
    limit : float
        Wall-clock seconds for all of it.
    cancel : threading.Event, optional
        Set it to stop; what was not tried yet is not settled.

    Raises
    ------
    InvalidInput
        If there is no plan to compare with.
    """
    if found.value is None:
        msg = "There is no plan whose choices could be tried. Find one first."
        raise InvalidInput(msg)
    return _Trying(found, within, most, time.perf_counter() + limit).run(cancel)


class _Trying:
    def __init__(self, found: Outcome, within: float, most: int, until: float) -> None:
        self.found, self.problem, self.most, self.until = found, found.problem, most, until
        self.best = found.value or 0.0
        self.threshold = self.best - within * abs(self.best)
        self.made: Programme = programme(found.problem)
        self.plans: dict[frozenset[str], Alternative] = {
            frozenset(found.starts): Alternative(dict(found.starts), self.best)
        }
        self.is_complete = True

    def run(self, cancel: threading.Event | None) -> Choices:
        standings: list[Standing] = []
        if self.made.size:
            try:
                with Solver(cancel) as solver:
                    solver.load(self.made)
                    standings += (self._stand(i, solver) for i in self.problem.ids)
                    self._more(solver)
            except Cancelled:
                self.is_complete = False
                standings += (self._untried(i) for i in self.problem.ids[len(standings) :])
        good = sorted(
            (p for p in self.plans.values() if p.value >= self.threshold - 1e-9), key=lambda p: -p.value
        )
        best = good[0] if good and good[0].value > self.best * (1 + 1e-9) + 1e-9 else None
        firm = [self._settled(s, good) for s in standings]
        return Choices(self.threshold, tuple(firm), tuple(good[: self.most]), self.is_complete, best)

    def _untried(self, item: str) -> Standing:
        return Standing(item, "not settled", item in self.found.starts, None, None)

    def _left(self, share: float = 1.0) -> float:
        return max(0.0, (self.until - time.perf_counter()) * share)

    def _stand(self, item: str, solver: Solver) -> Standing:
        chosen = item in self.found.starts
        if item not in self.made.first:
            return Standing(item, "in no good plan", chosen, None, None)
        steps = [k for (i, _), k in self.made.index.items() if i == item]
        done = len(self.problem.ids)
        seconds = self._left(2.0 / done)
        if seconds < 0.02:
            self.is_complete = False
            return self._untried(item)
        answer = solver.solve(seconds, noughts=steps) if chosen else solver.solve(seconds, ones=[steps[-1]])
        if answer.status == "infeasible":
            firm: Firmness = "in every good plan" if chosen else "in no good plan"
            return Standing(item, firm, chosen, None, None)
        other = self._keep(answer.ones)
        bound = answer.bound
        if bound is None or bound >= self.threshold:
            firm = "in some good plans" if other is not None and other >= self.threshold else "not settled"
        else:
            firm = "in every good plan" if chosen else "in no good plan"
        self.is_complete &= firm != "not settled"
        return Standing(item, firm, chosen, other, bound)

    def _keep(self, ones: frozenset[int] | None) -> float | None:
        if ones is None:
            return None
        plan = self.made.plan_of(ones)
        if violations(self.problem, plan):
            return None
        value = value_of(self.problem, plan)
        key = frozenset(plan)
        if key not in self.plans or self.plans[key].value < value:
            self.plans[key] = Alternative(plan, value)
        return value

    def _settled(self, standing: Standing, good: Sequence[Alternative]) -> Standing:
        """Settle by what was seen: an item both in and out of good plans is in some of them."""
        inside = sum(standing.item in p.starts for p in good)
        if standing.firmness == "not settled" and 0 < inside < len(good):
            return Standing(
                standing.item, "in some good plans", standing.chosen, standing.other, standing.other_bound
            )
        return standing

    def _more(self, solver: Solver) -> None:
        """Forbid each choice already met, and ask for the next best, until none is good enough."""
        while sum(p.value >= self.threshold for p in self.plans.values()) < self.most:
            seconds = self._left(0.5)
            if seconds < 0.05:
                self.is_complete = False
                return
            rows = [self._other_than(chosen) for chosen in self.plans]
            answer = solver.solve(seconds, rows=rows, at_least=self.threshold)
            if answer.status == "infeasible":
                return
            if self._keep(answer.ones) is None:
                self.is_complete = False
                return
        self.is_complete = False

    def _other_than(self, chosen: frozenset[str]) -> dict[str, Any]:
        """Return the row that no plan with exactly this choice can keep."""
        last: dict[str, int] = {}
        for (item, _), k in self.made.index.items():
            last[item] = max(k, last.get(item, k))
        return {
            "columns": list(last.values()), "data": [1.0 if i in chosen else -1.0 for i in last],
            "low": float("-inf"), "high": len(chosen & last.keys()) - 1.0,
        }  # fmt: skip
