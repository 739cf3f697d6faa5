"""The compiled part of trying orders: from an order to a plan, and annealing the order.

These stand at the head of a module of their own, so that what was compiled is found again by the next process;
inside a function it would be compiled each time. Only :mod:`.ordering` imports it, when it is needed.
"""

# ruff: noqa: PLR0912, PLR0915 - compiled loops: cut in pieces they would not be one pass
from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["anneal"]


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
