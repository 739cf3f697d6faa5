"""Prioritisation against what it could cost: ratios of times measured in one run, best of a few.

Drawing the weights alone is measured twice: by numpy, as anybody would draw them (one thread, standard
exponentials brought to one), and by the compiled pass itself with the threads it has. The runs take turns, so
that other work on the machine weighs on all alike. Run ``python benchmarks/prioritisation.py``; it ends with 1
where a promise is not kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from partnership._prioritisation import smaa, smaa_pass
from partnership._prioritisation.weighting import draw_simplex

ITEMS, CRITERIA, DRAWS = 100, 8, 100_000
REPEATS = 60
PROMISED = {
    "of numpy drawing the weights alone": (0.0, 3.0),
    "times faster than the loop": (20.0, float("inf")),
}


def best_of(*works: Callable[[], Any], repeats: int = REPEATS) -> list[float]:
    """Return the shortest of several runs of each, in seconds; they take turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [min(taken) for taken in times]


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
    smaa_pass.drawn(CRITERIA, DRAWS, 1)
    ours, drawn, own = best_of(
        lambda: smaa.of_matrix(matrix, draws=DRAWS),
        lambda: draw_simplex([0] * CRITERIA, DRAWS, np.random.default_rng(1)),
        lambda: smaa_pass.drawn(CRITERIA, DRAWS, 1),
    )
    few = DRAWS // 20
    start = time.perf_counter()
    ranks, _, pairs = naive(matrix, few)
    loop = (time.perf_counter() - start) * DRAWS / few
    assert np.abs(ranks - found.ranks).max() < 0.05
    assert np.abs(pairs - found.pairwise).max() < 0.05
    return {
        "seconds": ours,
        "times faster than the loop": loop / ours,
        "milliseconds of numpy drawing them": drawn * 1e3,
        "of numpy drawing the weights alone": ours / drawn,
        "of its own way of drawing them": ours / own,
    }


PARTS: dict[str, Callable[[], dict[str, float]]] = {"acceptability": acceptability}
"""Part of the benchmark to what measures it."""


def main() -> int:
    """Run every part and print its ratios; 1 where a promise is not kept."""
    kept = True
    for name, part in PARTS.items():
        print(name)
        for what, value in part().items():
            least, most = PROMISED.get(what, (0.0, float("inf")))
            kept &= least <= value <= most
            print(f"  {what:<36}{value:>12.3f}{'' if least <= value <= most else '   promise not kept'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
