"""The inner loop of acceptability, compiled: numba is loaded only when there is enough to count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["count_places"]

_WIDE = 64


@cache
def _kernel() -> Any:
    import numba

    @numba.njit(nogil=True, cache=True, fastmath=False)
    def count(values: Any, ranks: Any, pairs: Any, places: Any) -> None:  # pragma: no cover - compiled
        n, size = values.shape
        own = np.empty((n, _WIDE), np.int32)
        for start in range(0, size, _WIDE):
            width = min(_WIDE, size - start)
            own[:, :] = 0
            for i in range(n):
                for j in range(i + 1, n):
                    wins = np.int32(0)
                    for d in range(width):
                        win = np.int32(values[i, start + d] > values[j, start + d])
                        own[j, d] += win
                        own[i, d] += np.int32(1) - win
                        wins += win
                    pairs[i, j] += wins
                    pairs[j, i] += width - wins
            for i in range(n):
                for d in range(width):
                    ranks[i, own[i, d]] += 1
                    if own[i, d] == 0:
                        places[start + d] = i

    return count


def count_places(
    values: Floats, weights: Floats, ranks: Floats, pairs: Floats, first: Floats, first_weights: Floats
) -> None:
    """Add a block's places, pairwise wins and first places to the counts.

    Parameters
    ----------
    values : numpy.ndarray
        Item by draw.
    weights : numpy.ndarray
        Draw by criterion.
    ranks, pairs, first, first_weights : numpy.ndarray
        Counts, added to in place.
    """
    count = _kernel()
    narrow = np.ascontiguousarray(values, dtype=np.float32)
    n, size = narrow.shape
    places = np.zeros(size, dtype=np.int64)
    half = size // 2 // _WIDE * _WIDE
    parts = [(0, half), (half, size)] if half else [(0, size)]
    own = [(np.zeros((n, n), np.int64), np.zeros((n, n), np.int64)) for _ in parts]

    def run(part: tuple[int, int], counts: tuple[Any, Any]) -> None:
        count(np.ascontiguousarray(narrow[:, part[0] : part[1]]), *counts, places[part[0] : part[1]])

    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(run, parts, own))
    for r, p in own:
        ranks += r
        pairs += p
    first += np.bincount(places, minlength=n)
    for k in range(weights.shape[1]):
        first_weights[:, k] += np.bincount(places, weights=weights[:, k], minlength=n)
