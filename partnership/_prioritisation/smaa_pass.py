"""Acceptability in one compiled pass: weights, values, places and who beats whom, 256 draws at a time.

A draw is a hash of the seed and its number, so any thread may take any block. Its weights are the gaps
between sorted chances, uniform over all that add to one. An item's value, in whole steps of the widest range
that there can be, and its number make one key; a network of comparisons, the same for every draw, sorts the
keys of many draws side by side. Places are then small whole numbers, of which 32 are compared at once.

Loaded only when there is enough to count; the machine code is kept beside this file.
"""

# ruff: noqa: PLR0912 - one pass over a block: cut in pieces it would not be one
from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["BLOCK", "counted", "drawn", "network"]

BLOCK = 256
"""Draws counted side by side."""
_LANES = 64
"""Draws sorted side by side: as many as keep their keys in the nearest memory."""
_BLOCKS = 16
"""Blocks of a job: fixed, so that sums do not depend on how many threads there are."""
_FINEST = 2.0**24
"""Steps of a key: as many as a single-precision number tells apart."""
_U = np.uint64
_GOLDEN, _MIX1, _MIX2 = _U(0x9E3779B97F4A7C15), _U(0xBF58476D1CE4E5B9), _U(0x94D049BB133111EB)
_S30, _S27, _S31, _S32 = _U(30), _U(27), _U(31), _U(32)
_STEP = np.float32(2.0**-32)


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


def _row_at(builder: Any, address: Any, offset: int, row: Any) -> Any:
    """Return where a row of lanes stands, so many bytes behind an address."""
    return builder.inttoptr(builder.add(address, ir.Constant(ir.IntType(64), offset)), row.as_pointer())


@intrinsic
def _in_order(_context: Any, _low: Any, _high: Any) -> Any:
    """Put the smaller of two keys first, in a row of lanes at each address."""

    def generate(_c: Any, builder: Any, _s: Any, args: Any) -> Any:
        row = ir.VectorType(ir.IntType(32), 8)
        for at in range(0, _LANES * 4, 32):
            ends = [_row_at(builder, a, at, row) for a in args]
            low, high = (builder.load(e, align=4) for e in ends)
            is_less = builder.icmp_unsigned("<", low, high)
            builder.store(builder.select(is_less, low, high), ends[0], align=4)
            builder.store(builder.select(is_less, high, low), ends[1], align=4)
        return ir.Constant(ir.IntType(64), 0)

    return types.int64(types.uint64, types.uint64), generate


@intrinsic
def _ahead(_context: Any, _mine: Any, _theirs: Any) -> Any:
    """Count the draws of a block in which the first place is the smaller one."""

    def generate(_c: Any, builder: Any, _s: Any, args: Any) -> Any:
        row = ir.VectorType(ir.IntType(8), 32)
        wide = ir.VectorType(ir.IntType(16), 32)
        total = ir.Constant(row, [0] * 32)
        for at in range(0, BLOCK, 32):
            mine, theirs = (builder.load(_row_at(builder, a, at, row), align=1) for a in args)
            total = builder.sub(total, builder.sext(builder.icmp_signed("<", mine, theirs), row))
        of = ir.FunctionType(ir.IntType(16), [wide])
        add = cgutils.get_or_insert_function(builder.module, of, "llvm.vector.reduce.add.v32i16")  # type: ignore[no-untyped-call]
        return builder.zext(builder.call(add, [builder.zext(total, wide)]), ir.IntType(64))

    return types.int64(types.uint64, types.uint64), generate


@njit(nogil=True, cache=True, error_model="numpy")
def _chances(first: Any, start: Any, gaps: Any) -> None:
    """Fill rows of 32-bit chances: a hash (splitmix64) of the seed, the draw and the pair of rows."""
    rows, lanes = gaps.shape
    half = _U((rows + 1) // 2)
    for r in range(0, rows, 2):
        for d in range(lanes):
            state = start + ((first + _U(d)) * half + _U(r // 2)) * _GOLDEN
            state = (state ^ (state >> _S30)) * _MIX1
            state = (state ^ (state >> _S27)) * _MIX2
            state = state ^ (state >> _S31)
            gaps[r, d] = np.uint32(state)
            if r + 1 < rows:
                gaps[r + 1, d] = np.uint32(state >> _S32)


@njit(nogil=True, cache=True, error_model="numpy")
def _sort(keys: Any, pairs: Any) -> None:
    base, step = _U(keys.ctypes.data), _U(keys.strides[0])
    for c in range(pairs.shape[0]):
        _in_order(base + _U(pairs[c, 0]) * step, base + _U(pairs[c, 1]) * step)  # type: ignore[call-arg]


@njit(nogil=True, cache=True, error_model="numpy")
def _weights(first: Any, start: Any, pairs: Any, gaps: Any, weights: Any) -> None:
    """Fill ``weights`` (criterion by draw) with gaps between sorted chances."""
    _chances(first, start, gaps)
    _sort(gaps, pairs)
    rows, lanes = gaps.shape
    if rows == 0:
        weights[0, :] = np.float32(1.0)
        return
    for d in range(lanes):
        weights[0, d] = np.float32(gaps[0, d]) * _STEP
        weights[rows, d] = np.float32(np.uint32(0xFFFFFFFF) - gaps[rows - 1, d]) * _STEP
    for r in range(1, rows):
        for d in range(lanes):
            weights[r, d] = np.float32(gaps[r, d] - gaps[r - 1, d]) * _STEP


@njit(nogil=True, cache=True, error_model="numpy")
def _fill(first: Any, count: Any, start: Any, pairs: Any, out: Any) -> None:
    """Fill ``out`` (criterion by draw) with the weights of draws ``first`` on: those that are counted."""
    k = out.shape[0]
    gaps, weights = np.empty((k - 1, _LANES), np.uint32), np.empty((k, _LANES), np.float32)
    for d in range(0, count, _LANES):
        _weights(_U(first + d), start, pairs, gaps, weights)
        width = min(_LANES, count - d)
        out[:, d : d + width] = weights[:, :width]


@njit(nogil=True, cache=True, fastmath={"contract", "nsz", "nnan", "ninf"}, error_model="numpy")
def _count(
    first: Any, last: Any, draws: Any, start: Any, scores: Any, of_weights: Any, of_items: Any, bits: Any,
    ranks: Any, wins: Any, sums: Any,
) -> None:  # fmt: skip
    """Count the blocks ``first`` up to ``last``.

    Parameters
    ----------
    first, last : int
        Blocks of 256 draws.
    draws : int
        How many draws there are in all; lanes of the last block beyond are not counted.
    start : uint64
        Where chance starts.
    scores : float32 array
        Item by criterion, in steps of the key, the best nearest nought.
    of_weights, of_items : int64 arrays
        Networks that sort chances and items.
    bits : int
        Bits of a key that hold the item.
    ranks, wins : int32 arrays
        Place by item, and item by a later item: added to.
    sums : float64 array
        Item by criterion: weights of draws in which it is first: added to.
    """
    n, k = scores.shape
    gaps, weights = np.empty((k - 1, _LANES), np.uint32), np.empty((k, _LANES), np.float32)
    keys = np.empty((n, _LANES), np.uint32)
    value = np.empty(_LANES, np.float32)
    places = np.empty((n, BLOCK), np.int8)
    at, row = _U(places.ctypes.data), _U(places.strides[0])
    low = np.uint32((1 << bits) - 1)
    shift = np.uint32(bits)
    fours = k // 4 * 4
    for block in range(first, last):
        left = min(BLOCK, draws - block * BLOCK)
        for part in range(0, BLOCK, _LANES):
            _weights(_U(block * BLOCK + part), start, of_weights, gaps, weights)
            for i in range(n):
                value[:] = np.float32(0.0)
                for c in range(0, fours, 4):
                    s, t, u, v = scores[i, c], scores[i, c + 1], scores[i, c + 2], scores[i, c + 3]
                    for d in range(_LANES):
                        value[d] += (s * weights[c, d] + t * weights[c + 1, d]) + (
                            u * weights[c + 2, d] + v * weights[c + 3, d]
                        )
                for c in range(fours, k):
                    s = scores[i, c]
                    for d in range(_LANES):
                        value[d] += s * weights[c, d]
                for d in range(_LANES):
                    keys[i, d] = (np.uint32(np.int32(value[d])) << shift) | np.uint32(i)
            _sort(keys, of_items)
            width = max(0, min(_LANES, left - part))
            for p in range(n):
                place = np.int8(p - 128)
                for d in range(width):
                    item = keys[p, d] & low
                    ranks[p, item] += 1
                    places[item, part + d] = place
            for d in range(width):
                item = keys[0, d] & low
                for c in range(k):
                    sums[item, c] += weights[c, d]
        for d in range(left, BLOCK):
            for i in range(n):
                places[i, d] = 0
        for i in range(n):
            mine = at + _U(i) * row
            for j in range(i + 1, n):
                wins[i, j] += _ahead(mine, at + _U(j) * row)  # type: ignore[call-arg]


def _start(seed: int) -> Any:
    """Return where chance starts for a seed: mixed, so that seeds beside each other share no draw."""
    word = (int(seed) + 0x9E3779B97F4A7C15) % 2**64
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % 2**64
    return np.uint64(word ^ (word >> 31))


def _jobs(draws: int) -> list[tuple[int, int]]:
    blocks = -(-draws // BLOCK)
    return [(b, min(b + _BLOCKS, blocks)) for b in range(0, blocks, _BLOCKS)]


def _through(jobs: list[Any], run: Any, threads: int | None) -> list[Any]:
    with ThreadPoolExecutor(min(threads or os.cpu_count() or 1, len(jobs))) as pool:
        return list(pool.map(run, jobs))


def drawn(criteria: int, draws: int, seed: int, *, threads: int | None = None) -> Any:
    """Return the weights that :func:`counted` draws, criterion by draw."""
    out = np.empty((criteria, draws), np.float32)
    start, pairs = _start(seed), network(criteria - 1)

    def run(job: tuple[int, int]) -> None:
        first, last = job[0] * BLOCK, min(job[1] * BLOCK, draws)
        _fill(first, last - first, start, pairs, out[:, first:last])

    _through(_jobs(draws), run, threads)
    return out


def counted(matrix: Any, draws: int, seed: int, *, threads: int | None = None) -> tuple[Any, Any, Any]:
    """Return places, wins and weights of first places, counted over draws of free weights.

    Parameters
    ----------
    matrix : numpy.ndarray
        Item by criterion, more being better; 256 items at most.
    draws, seed : int
        How many, and where chance starts.
    threads : int, optional
        How many at once; the result does not depend on it.

    Returns
    -------
    tuple of float64 arrays
        Item by place; item by item, draws in which the first is better, for each pair once (above the
        diagonal); item by criterion, the sum of the weights under which the item is first.
    """
    n, k = matrix.shape
    bits = max(1, (n - 1).bit_length())
    best, span = float(matrix.max()), float(matrix.max() - matrix.min()) or 1.0
    finest = min(_FINEST, 2.0 ** (32 - bits)) - 256  # room for rounding
    scores = np.ascontiguousarray((best - matrix) / span * finest, dtype=np.float32)
    start, of_weights, of_items = _start(seed), network(k - 1), network(n)

    def run(job: tuple[int, int]) -> tuple[Any, Any, Any]:
        made = np.zeros((n, n), np.int32), np.zeros((n, n), np.int32), np.zeros((n, k))
        _count(*job, draws, start, scores, of_weights, of_items, bits, *made)
        return made

    ranks, wins, sums = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, k))
    for part in _through(_jobs(draws), run, threads):
        ranks += part[0].T
        wins += part[1]
        sums += part[2]
    return ranks, wins, sums
