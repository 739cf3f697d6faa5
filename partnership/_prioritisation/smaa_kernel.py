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

_WIDE = 512
"""Draws counted side by side: as many as keep the processor's vector units and its nearest memory busy."""


@cache
def _kernel() -> Any:
    import numba

    # Sums of whole numbers far below 2^24 in single precision: exact in any order, so they may be reordered.
    @numba.njit(nogil=True, cache=True, fastmath={"reassoc", "nsz"})
    def count(values: Any, ranks: Any, pairs: Any, places: Any) -> None:  # pragma: no cover - compiled
        n, size = values.shape
        block = np.empty((n, _WIDE), np.float32)
        behind = np.empty((n, _WIDE), np.float32)
        ahead = np.empty(_WIDE, np.float32)
        one, none = np.float32(1.0), np.float32(0.0)
        for start in range(0, size, _WIDE):
            width = min(_WIDE, size - start)
            for i in range(n):
                for d in range(width):
                    block[i, d] = values[i, start + d]
                    behind[i, d] = none
            for i in range(n):
                for d in range(width):
                    ahead[d] = none
                for j in range(i + 1, n):
                    wins = none
                    for d in range(width):
                        win = one if block[i, d] > block[j, d] else none
                        behind[j, d] += win
                        ahead[d] += win
                        wins += win
                    pairs[i, j] += wins
                    pairs[j, i] += width - wins
                for d in range(width):
                    place = int(behind[i, d]) + n - 1 - i - int(ahead[d])
                    ranks[i, place] += 1
                    if place == 0:
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
    own = [(np.zeros((n, n), np.int64), np.zeros((n, n))) for _ in parts]

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
