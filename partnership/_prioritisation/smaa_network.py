"""A network of comparisons that sorts, and the order in which its comparisons cost least."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

__all__ = ["network", "runs"]


@cache
def network(size: int) -> Any:
    """Return the pairs of rows to compare, in order, that sort any column of so many rows.

    Source
    ------
    Batcher's merge exchange, as Knuth, *The Art of Computer Programming* 3, 5.2.2, algorithm M.

    Examples
    --------
    >>> network(3).tolist()
    [[0, 2], [0, 1], [1, 2]]
    """
    pairs: list[tuple[int, int]] = []
    top = 1 << max(0, (size - 1).bit_length() - 1)
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while d > 0:
            pairs += [(i, i + d) for i in range(size - d) if i & p == r]
            d, q, r = q - p, q >> 1, p
        p >>= 1
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@cache
def runs(size: int, at_once: int, longest: int, row_bytes: int) -> Any:
    """Return the comparisons of :func:`network` as they are made: rows far apart first, then run by run.

    A row that is compared with several others in turn is read and written once, so that sorting costs about
    half as many readings and writings as comparing pair by pair. What is compared stays the same.

    Parameters
    ----------
    size : int
        Rows to sort.
    at_once : int
        Rows that the processor can hold and sort at once.
    longest : int
        Rows that one row is compared with in turn, at most.
    row_bytes : int
        Bytes from row to row.

    Returns
    -------
    numpy.ndarray
        In its first line, how far apart rows stand that are sorted at once. In each other line, with how many
        rows one is compared; where that one stands, in bytes; and where each of the others does.

    Examples
    --------
    >>> runs(5, 2, 3, 10).tolist()
    [[4, 0, 0, 0, 0], [1, 0, 20, 0, 0], [1, 10, 30, 0, 0], [1, 20, 40, 0, 0], [1, 0, 10, 0, 0], \
[1, 20, 30, 0, 0], [2, 10, 40, 20, 0], [1, 30, 40, 0, 0]]
    """
    apart = 1
    while -(-size // apart) > at_once:
        apart *= 2
    made: list[tuple[int, ...]] = []
    top, p = 1 << max(0, (size - 1).bit_length() - 1), apart // 2
    while p > 0:
        made += [(i, i + p) for i in range(size - p) if not i & p]
        reaches = [top >> s for s in range(top.bit_length()) if top >> s > p]
        rows = ((i, *(i - p + q for q in reaches if i - p + q < size)) for i in range(size) if i & p)
        made += [run for run in rows if len(run) > 1]
        p //= 2
    table = np.zeros((len(made) + 1, longest + 2), np.int64)
    table[0, 0] = apart
    for line, run in zip(table[1:], made, strict=True):
        line[: len(run) + 1] = len(run) - 1, *(row_bytes * row for row in run)
    return table
