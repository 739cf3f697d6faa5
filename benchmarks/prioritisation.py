"""Prioritisation against what it could cost: ratios of times measured in one run, best of a few.

python benchmarks/prioritisation.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from partnership._prioritisation import smaa
from partnership._prioritisation.weighting import draw_simplex

ITEMS, CRITERIA, DRAWS = 100, 8, 100_000
REPEATS = 5


def best_of(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Return the shortest of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def naive(matrix: Any, draws: int) -> tuple[Any, Any, Any]:
    """The loop that anybody would write first: ranks, first places' weights and pairwise wins, a draw at a time."""
    rng = np.random.default_rng(1)
    n, k = matrix.shape
    ranks, pairs, first = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, k))
    for _ in range(draws):
        weights = rng.dirichlet(np.ones(k))
        value = matrix @ weights
        order = np.argsort(-value)
        ranks[order, np.arange(n)] += 1
        first[order[0]] += weights
        pairs += value[:, None] > value[None, :]
    return ranks / draws, first, pairs / draws


def acceptability() -> dict[str, float]:
    """100 items by 8 criteria by 100,000 draws: against the naive loop, and against drawing the weights alone."""
    matrix = np.random.default_rng(0).uniform(0, 10, (ITEMS, CRITERIA))
    found = smaa.of_matrix(matrix, draws=DRAWS)  # the first run compiles, unless it has been kept
    assert np.allclose(found.ranks.sum(axis=0), 1)
    assert np.allclose(found.ranks.sum(axis=1), 1)
    drawn = best_of(lambda: draw_simplex([0] * CRITERIA, DRAWS, np.random.default_rng(1)))
    ours = best_of(lambda: smaa.of_matrix(matrix, draws=DRAWS))
    few = DRAWS // 20
    start = time.perf_counter()
    ranks, _, pairs = naive(matrix, few)
    loop = (time.perf_counter() - start) * DRAWS / few
    assert np.abs(ranks - found.ranks).max() < 0.05
    assert np.abs(pairs - found.pairwise).max() < 0.05
    return {
        "seconds": ours,
        "times faster than the loop": loop / ours,
        "of drawing the weights alone": ours / drawn,
    }


PARTS: dict[str, Callable[[], dict[str, float]]] = {"acceptability": acceptability}
"""Part of the benchmark to what measures it."""


def main() -> None:
    """Run every part and print its ratios."""
    for name, part in PARTS.items():
        print(name)
        for what, value in part().items():
            print(f"  {what:<36}{value:>12.3f}")


if __name__ == "__main__":
    main()
