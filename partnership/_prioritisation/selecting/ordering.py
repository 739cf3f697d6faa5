"""A good plan by trying orders: each item in turn starts as early as it fits, and the order is annealed.

Where finishing sooner is never worth less, some order gives a best plan, so the search is over orders alone; each
is turned into a plan in some microseconds. What it gives is only ever offered: the exact rules are checked apart.

Source: serial schedule generation and its completeness for regular measures, Kolisch, "Serial and parallel
resource-constrained project scheduling methods revisited", EJOR 90 (1996); annealing over such lists, Bouleimen
and Lecocq, EJOR 149 (2003).
"""

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


def _kernel() -> Any:
    from partnership._prioritisation.selecting.ordering_pass import anneal

    return anneal


@cache
def getting_ready() -> threading.Event:
    """Compile the loop, or load it from where it was kept, beside other work; the event is set when it is there."""
    ready = threading.Event()

    def load() -> None:
        one = Problem((Candidate("a", 1, (1.0,)),))
        list(annealed(one, [("a",)], 0.01, 1, lambda: True))
        ready.set()

    threading.Thread(target=load, daemon=True).start()
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
