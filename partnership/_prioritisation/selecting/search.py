"""Choose and phase: the best plan found within a time, with a bound that says how much better any could be.

Two processes share the work. One searches the whole problem and proves the bound. If it is not done after a
moment, the best plan in hand is improved beside it: first the order is annealed in which items are taken; then a
second process frees some items (by chance, or those near one quarter), holds the others where they are, and
solves the small problem that is left. The best of the plans and the lowest of the bounds are the answer.

Source: large neighbourhood search, Shaw, "Using constraint programming and local search methods to solve
vehicle routing problems", CP98 (1998); relaxation-free variant as in Fischetti & Lodi, "Local branching" (2003).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from partnership._prioritisation.selecting.formulation import Programme, by_finish, programme
from partnership._prioritisation.selecting.model import Problem, checked
from partnership._prioritisation.selecting.ordering import annealed, getting_ready
from partnership._prioritisation.selecting.plans import finishes, from_the_top, value_of, violations
from partnership._prioritisation.selecting.solver import Answer, Cancelled, Solver
from partnership.errors import InvalidInput

__all__ = ["Outcome", "phase"]

Status = Literal["optimal", "best found", "infeasible", "nothing found"]

_HEAD_START = 1.5
"""Seconds that the whole problem gets before the second process begins to improve."""
_ORDERS_SHARE, _ORDERS_MOST = 0.4, 12.0
"""Share of the time, and seconds at most, for trying orders before parts of the plan are solved anew."""
_EQUAL = 1e-6
"""Share of a value below which two are the same."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the search gave.

    Parameters
    ----------
    problem : Problem
        What was asked.
    status : str
        "optimal": proved that no plan is worth more. "best found": time ran out or somebody stopped it.
        "infeasible": proved that no plan keeps every rule. "nothing found": neither plan nor proof in time.
    starts : Mapping[str, int]
        Chosen item to the quarter in which it starts.
    value : float or None
        Worth of the plan.
    bound : float or None
        What no plan can exceed.
    seconds : float
        Wall-clock time that was used.
    stopped : str or None
        Why it ended before the proof: "limit" or "called off".
    nodes : int
        Nodes of the search tree.
    """

    problem: Problem
    status: Status
    starts: Mapping[str, int] = field(default_factory=dict)
    value: float | None = None
    bound: float | None = None
    seconds: float = 0.0
    stopped: Literal["limit", "called off"] | None = None
    nodes: int = 0

    @property
    def gap(self) -> float | None:
        """How much better a plan might be, as a share of this one's worth; None where it has none."""
        if self.value is None or self.bound is None or not self.value > 0:
            return 0.0 if self.status == "optimal" else None
        return max(0.0, (self.bound - self.value) / self.value)

    @property
    def finishes(self) -> dict[str, int]:
        """Chosen item to the quarter at whose end it is finished."""
        return finishes(self.problem, self.starts)


def phase(
    problem: Problem,
    *,
    limit: float = 30.0,
    cancel: threading.Event | None = None,
    start_from: Mapping[str, int] | None = None,
    seed: int = 20261123,
) -> Outcome:
    """Choose items and their quarters so that the plan is worth most and keeps every rule.

    Parameters
    ----------
    problem : Problem
        What is to be chosen, and the rules.
    limit : float
        Wall-clock seconds; kept whatever the solver does.
    cancel : threading.Event, optional
        Set it from another thread to stop; the best plan found so far is returned.
    start_from : Mapping, optional
        A plan to begin with; used if it keeps the rules.
    seed : int
        Of the chance by which items are freed.

    Returns
    -------
    Outcome
        With the plan, its bound, and whether it is proved.

    Raises
    ------
    UnknownName, InvalidInput
        If the problem cannot be asked, or the solver returns what breaks a rule.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> from partnership._prioritisation.selecting.model import Candidate
    >>> need = {("POL", "days"): (F(3),)}
    >>> p = Problem((Candidate("a", 1, (2.0,), need), Candidate("b", 1, (3.0,), need)), 1, {("POL", "days"): (F(5),)})
    >>> found = phase(p, limit=20)
    >>> dict(found.starts), found.value, found.status
    ({'b': 0}, 3.0, 'optimal')
    """
    return _Search(checked(problem), limit, cancel or threading.Event(), random.Random(seed)).run(start_from)  # noqa: S311 - chance for a search, not for secrets


class _Search:
    def __init__(
        self, problem: Problem, limit: float, cancel: threading.Event, chance: random.Random
    ) -> None:
        if not limit > 0:
            msg = f"The search was given {limit} seconds. Give it more than nought."
            raise InvalidInput(msg)
        self.problem, self.limit, self.cancel, self.chance = problem, limit, cancel, chance
        self.made: Programme = programme(problem)
        self.whole: Programme = by_finish(programme(problem, totals_only=True))
        self.best: dict[str, int] | None = None
        self.value = float("-inf")
        self.relaxed: float | None = None
        self.lock = threading.Lock()
        self.until = 0.0
        self.orders: list[list[str]] = []

    def run(self, start_from: Mapping[str, int] | None) -> Outcome:
        begun = time.perf_counter()
        for plan in self._ready_plans(start_from):
            self._offer(plan)
        if not self.made.size:
            return self._without_choice(begun)
        proved = threading.Event()
        stop = _Either(proved, self.cancel)
        with Solver(self.cancel) as whole, Solver(stop) as small:
            whole.load(self.whole)
            small.load(self.made)
            self._first_answer(whole)
            begun = time.perf_counter()
            self.until = begun + self.limit
            helper = threading.Thread(target=self._improve, args=(small, proved), daemon=True)
            helper.start()
            try:
                answer = whole.solve(self.limit)
                called_off = False
            except Cancelled:
                answer, called_off = Answer("stopped"), True
            proved.set()
            helper.join()
        return self._outcome(answer, time.perf_counter() - begun, called_off=called_off)

    def _first_answer(self, whole: Solver) -> None:
        """Let the process load its libraries and give the relaxation's bound, before the clock starts."""
        try:
            relaxed = whole.solve(max(self.limit, 1.0), relaxed=True)
        except Cancelled:
            return
        if relaxed.status == "optimal":
            self.relaxed = relaxed.bound if relaxed.bound is not None else relaxed.value

    def _ready_plans(self, start_from: Mapping[str, int] | None) -> list[dict[str, int]]:
        """Return plans that are made without the solver: lists by worth, by worth for a day, small wins first."""
        candidates = self.problem.candidates
        by_worth = sorted(candidates, key=lambda c: (-max(c.values), c.id))
        by_need = sorted(candidates, key=lambda c: (-max(c.values) / (float(c.total_need) + 1e-9), c.id))
        self.orders = [[c.id for c in by_worth], [c.id for c in by_need]]
        wins = self.problem.small_wins
        if wins is not None:
            early = [c for c in candidates if c.earliest + c.quarters <= wins.quarters]
            felt = sorted(early, key=lambda c: (-len(wins.felt.get(c.id, ())), float(c.total_need), c.id))
            small = sorted(early, key=lambda c: (float(c.total_need), c.id))
            rest = self.orders[1]
            self.orders += [[*(c.id for c in first), *rest] for first in (felt, small)]
        if self.problem.must_do:
            must = sorted(self.problem.must_do)
            self.orders += [[*must, *order] for order in self.orders]
        plans = [from_the_top(self.problem, list(dict.fromkeys(order))) for order in self.orders]
        given = {i: int(s) for i, s in (start_from or {}).items() if i in self.problem.by_id}
        return [*plans, given] if given else plans

    def _offer(self, plan: dict[str, int]) -> None:
        """Take a plan as the best if it is, and keeps every rule; then fill it up with what still fits."""
        if violations(self.problem, plan):
            return
        full = [from_the_top(self.problem, order, begun=plan) for order in self.orders[:2]]
        for one in (plan, *full):
            value = value_of(self.problem, one)
            with self.lock:
                if value > self.value and (one is plan or not violations(self.problem, one)):
                    self.best, self.value = one, value

    def _without_choice(self, begun: float) -> Outcome:
        seconds = time.perf_counter() - begun
        if violations(self.problem, {}):
            return Outcome(self.problem, "infeasible", seconds=seconds)
        return Outcome(self.problem, "optimal", {}, 0.0, 0.0, seconds)

    def _improve(self, small: Solver, proved: threading.Event) -> None:
        """Free some items, hold the rest, solve what is left; until the whole is proved or time is over."""
        if proved.wait(_HEAD_START) or self.cancel.is_set():
            return
        ready, tried = getting_ready(), False
        share = 0.4
        try:
            if self.best is None:
                self._first_plan(small)
            while self.best is not None and time.perf_counter() < self.until - 0.2:
                if ready.is_set() and not tried:
                    self._try_orders(proved)
                    tried = True
                share = self._one_step(small, share)
        except Cancelled:
            return

    def _try_orders(self, proved: threading.Event) -> None:
        """Anneal the order in which items are taken, for a part of the time."""
        seconds = min((self.until - time.perf_counter()) * _ORDERS_SHARE, _ORDERS_MOST)
        if seconds <= 0:
            return
        seed = self.chance.randrange(2**31)

        def go_on() -> bool:
            return not (proved.is_set() or self.cancel.is_set())

        for plan in annealed(self.problem, self.orders, seconds, seed, go_on):
            self._offer(dict(plan))

    def _first_plan(self, small: Solver) -> None:
        left = self.until - time.perf_counter()
        answer = small.solve(max(left / 2, 0.2), feasible_only=True)
        if answer.ones is not None:
            self._offer(self.made.plan_of(answer.ones))

    def _one_step(self, small: Solver, share: float) -> float:
        with self.lock:
            plan, value = dict(self.best or {}), self.value
        free = self._freed(plan, share)
        on = self.made.steps_of(plan)
        held = [k for (i, _), k in self.made.index.items() if i not in free]
        ones, noughts = [k for k in held if k in on], [k for k in held if k not in on]
        least = value + _EQUAL * max(1.0, abs(value))
        time_left = self.until - time.perf_counter()
        answer = small.solve(max(0.2, min(2.0, time_left)), ones=ones, noughts=noughts, at_least=least)
        if answer.ones is not None:
            self._offer(self.made.plan_of(answer.ones))
        if answer.status == "infeasible":
            return min(0.9, share * 1.05)  # nothing better among these: free more
        return max(0.15, share * 0.93) if answer.status == "stopped" else share

    def _freed(self, plan: Mapping[str, int], share: float) -> set[str]:
        items = list(self.made.first)
        count = max(2, round(share * len(items)))
        if self.chance.random() < 0.5:
            return set(self.chance.sample(items, min(count, len(items))))
        middle = self.chance.uniform(0, self.problem.quarters)
        lengths = self.made.lengths

        def far(item: str) -> float:
            if item not in plan:
                return self.chance.uniform(0, self.problem.quarters)
            return abs(plan[item] + lengths[item] / 2 - middle)

        return set(sorted(items, key=far)[:count])

    def _outcome(self, answer: Answer, seconds: float, *, called_off: bool) -> Outcome:
        if answer.ones is not None:
            plan = self.whole.plan_of(answer.ones)
            broken = violations(self.problem, plan)
            if broken:
                msg = f"The solver's plan breaks a rule: {broken[0]} It is not used. Write to those who keep this software."
                raise InvalidInput(msg)
            self._offer(plan)
        if answer.status == "infeasible":
            return Outcome(self.problem, "infeasible", seconds=seconds, nodes=answer.nodes)
        bounds = [b for b in (answer.bound, self.relaxed) if b is not None]
        bound = min(bounds) if bounds else None
        stopped: Literal["limit", "called off"] | None = "called off" if called_off else "limit"
        if self.best is None:
            return Outcome(self.problem, "nothing found", {}, None, bound, seconds, stopped, answer.nodes)
        near = _EQUAL * max(1.0, abs(self.value))
        if bound is not None and bound <= self.value + near:
            return Outcome(
                self.problem, "optimal", self.best, self.value, self.value, seconds, None, answer.nodes
            )
        return Outcome(
            self.problem, "best found", self.best, self.value, bound, seconds, stopped, answer.nodes
        )


class _Either(threading.Event):
    """Set when either of two events is."""

    def __init__(self, first: threading.Event, second: threading.Event) -> None:
        super().__init__()
        self._first, self._second = first, second

    def is_set(self) -> bool:
        return self._first.is_set() or self._second.is_set()
