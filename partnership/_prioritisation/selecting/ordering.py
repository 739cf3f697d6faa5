"""A good plan by trying orders: each item in turn starts as early as it fits, and the order is annealed.

Where finishing sooner is never worth less, some order gives a best plan, so the search is over orders alone; each
is turned into a plan in some microseconds. What it gives is only ever offered: the exact rules are checked apart.

Source: serial schedule generation and its completeness for regular measures, Kolisch, "Serial and parallel
resource-constrained project scheduling methods revisited", EJOR 90 (1996); annealing over such lists, Bouleimen
and Lecocq, EJOR 149 (2003).
"""

# ruff: noqa: PLR0912, PLR0915 - compiled loops: cut in pieces they would not be one pass
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from partnership._prioritisation.selecting.model import Candidate, Problem

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["annealed", "getting_ready"]

_CHUNK = 0.2
"""Seconds of annealing between two looks at whether to go on."""
_COLD = 0.01
"""Temperature at the end, as a share of what an item is worth on the mean; it begins at a quarter."""


@cache
def _kernel() -> Any:
    import numba

    @numba.njit(nogil=True, cache=True)
    def decoded(order: Any, m: Any, demands: Any, left: Any, start: Any) -> Any:  # pragma: no cover
        lengths, first, last, need, cap, value, before, barred, wanted, in_order, together, bonus = m
        must, early, count, felt = demands
        n, resources = order.size, cap.shape[0]
        left[:] = cap
        start[:] = -1
        worth, placed = 0.0, 1
        while placed:
            placed = 0
            for a in range(n):
                i = order[a]
                if start[i] >= 0 or not wanted[i]:
                    continue
                s, ready = first[i], True
                for b in range(n):
                    if before[i, b]:
                        if start[b] < 0:
                            ready = False
                            break
                        if in_order:
                            s = max(s, start[b] + lengths[b])
                    if barred[i, b] and start[b] >= 0:
                        ready = False
                        break
                while ready and s + lengths[i] - 1 <= last[i]:
                    fits = True
                    for k in range(lengths[i]):
                        for r in range(resources):
                            if need[i, r, k] > left[r, s + k] + 1e-9:
                                fits = False
                                break
                        if not fits:
                            break
                    if fits:
                        start[i] = s
                        worth += value[i, s + lengths[i] - 1]
                        placed += 1
                        for k in range(lengths[i]):
                            for r in range(resources):
                                left[r, s + k] -= need[i, r, k]
                        break
                    s += 1
        for g in range(together.shape[0]):
            end, whole = -1, True
            for i in range(n):
                if together[g, i]:
                    whole = whole and start[i] >= 0
                    end = max(end, start[i] + lengths[i] - 1)
            if whole:
                worth += bonus[g, end]
        lacking = 0
        wins = 0
        for i in range(n):
            if must[i] and start[i] < 0:
                lacking += 1
            if start[i] >= 0 and start[i] + lengths[i] <= early:
                wins += 1
        lacking += max(0, count - wins)
        for c in range(felt.shape[0]):
            some = False
            for i in range(n):
                some = some or (felt[c, i] and start[i] >= 0 and start[i] + lengths[i] <= early)
            lacking += not some
        return worth - lacking * 1e6 * (1.0 + abs(worth))

    @numba.njit(nogil=True, cache=True)
    def moved(order: Any, a: int, b: int, shift: bool) -> None:  # pragma: no cover
        item = order[a]
        if not shift:
            order[a] = order[b]
        elif a < b:
            for j in range(a, b):
                order[j] = order[j + 1]
        else:
            for j in range(a, b, -1):
                order[j] = order[j - 1]
        order[b] = item

    @numba.njit(nogil=True, cache=True)
    def anneal(
        order: Any, now: float, steps: int, warm: float, cold: float, seed: int, m: Any, demands: Any,
        best: Any, most: float,
    ) -> Any:  # fmt: skip  # pragma: no cover
        np.random.seed(seed)
        n = order.size
        left, start = m[4].copy(), np.empty(n, np.int64)
        if steps == 0:
            now = decoded(order, m, demands, left, start)
            best[:] = start
            return now, now
        for k in range(steps):
            heat = warm * (cold / warm) ** (k / steps)
            a, b = np.random.randint(n), np.random.randint(n)
            shift = np.random.random() < 0.5
            moved(order, a, b, shift)
            then = decoded(order, m, demands, left, start)
            if then >= now or np.random.random() < np.exp((then - now) / heat):
                now = then
                if now > most:
                    most = now
                    best[:] = start
            elif shift:
                moved(order, b, a, True)
            else:
                moved(order, a, b, False)
        return now, most

    return anneal


@cache
def getting_ready() -> threading.Event:
    """Compile the loop, or load it from where it was kept, beside other work; the event is set when it is there."""
    ready = threading.Event()

    def load() -> None:
        one = Problem((Candidate("a", 1, (1.0,)),))
        list(annealed(one, [("a",)], 0.01, 1, lambda: True))
        ready.set()

    threading.Thread(target=load).start()
    return ready


def _as_arrays(problem: Problem) -> tuple[Any, Any]:
    items, n, quarters = problem.candidates, len(problem.candidates), problem.quarters
    at = {c.id: k for k, c in enumerate(items)}
    longest = max(c.quarters for c in items)
    resources = list(problem.offers)
    need = np.zeros((n, max(len(resources), 1), longest))
    cap = np.full((max(len(resources), 1), quarters), np.inf)
    for r, resource in enumerate(resources):
        cap[r] = [np.inf if x is None else float(x) for x in problem.offers[resource]]
        for i, c in enumerate(items):
            for k, amount in enumerate(c.needs.get(resource, ())):
                need[i, r, k] = float(amount)
    before, barred = np.zeros((n, n), np.bool_), np.zeros((n, n), np.bool_)
    for a, b in problem.requires:
        before[at[a], at[b]] = True
    for a, b in problem.excludes:
        barred[at[a], at[b]] = barred[at[b], at[a]] = True
    together = np.zeros((len(problem.synergies), n), np.bool_)
    for g, one in enumerate(problem.synergies):
        together[g, [at[i] for i in one.items]] = True
    bonus = np.array([s.bonus for s in problem.synergies]).reshape(-1, quarters)
    must = np.array([c.id in problem.must_do for c in items])
    wins = problem.small_wins
    felt = np.zeros((len(wins.agencies) if wins else 0, n), np.bool_)
    for line, agency in enumerate(wins.agencies if wins else ()):
        felt[line] = [agency in (wins.felt.get(i.id, ()) if wins else ()) for i in items]
    wanted = np.array([max(c.values) > 0 for c in items]) | must | together.any(axis=0) | felt.any(axis=0)
    while (more := before[wanted].any(axis=0) & ~wanted).any():
        wanted |= more
    last = [quarters - 1 if c.latest is None else min(c.latest, quarters - 1) for c in items]
    model = (
        np.array([c.quarters for c in items]), np.array([c.earliest for c in items]), np.array(last), need, cap,
        np.array([c.values for c in items]), before, barred, wanted, problem.in_order, together, bonus,
    )  # fmt: skip
    return model, (must, wins.quarters if wins else 0, wins.count if wins else 0, felt)


def annealed(
    problem: Problem,
    orders: Sequence[Sequence[str]],
    seconds: float,
    seed: int,
    go_on: Callable[[], bool],
) -> Iterator[Mapping[str, int]]:
    """Give better and better plans: item to start; none of them is checked by the exact rules yet.

    Parameters
    ----------
    problem : Problem
        A checked problem with at least one item.
    orders : Sequence of Sequence
        Orders to begin with, each in turn; items that are in none of them are tried last.
    seconds : float
        Wall-clock time for all.
    seed : int
        Where chance starts.
    go_on : Callable
        Asked several times a second.
    """
    anneal, (model, demands) = _kernel(), _as_arrays(problem)
    ids = problem.ids
    at = {i: k for k, i in enumerate(ids)}
    worth = float(np.mean(np.abs(model[5]).max(axis=1))) or 1.0
    begun = time.perf_counter()
    known, overall, turn, pace = -np.inf, -np.inf, 0, 0.0
    while time.perf_counter() - begun < seconds and go_on():
        order = np.array([at[i] for i in dict.fromkeys([*orders[turn % len(orders)], *ids])])
        best = np.empty(len(ids), np.int64)
        now, most = anneal(order, 0.0, 0, 1.0, 1.0, seed, model, demands, best, 0.0)
        share, done = seconds / 3, 0.0
        warm, cold = worth / 4, worth * _COLD
        while done < share and go_on():
            chunk = time.perf_counter()
            steps = max(200, int(pace * _CHUNK))
            heats = [warm * (cold / warm) ** min(1.0, d / share) for d in (done, done + _CHUNK)]
            now, most = anneal(order, now, steps, *heats, seed + turn, model, demands, best, most)
            took = time.perf_counter() - chunk
            pace, done, turn = steps / max(took, 1e-6), done + took, turn + 1
            if most > max(known, overall):
                known = most
                yield _plan(ids, best)
        overall = max(overall, known)


def _plan(ids: Sequence[str], starts: npt.NDArray[np.int64]) -> dict[str, int]:
    return {i: int(s) for i, s in zip(ids, starts, strict=True) if s >= 0}
