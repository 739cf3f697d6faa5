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
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from partnership._prioritisation.smaa_network import network, runs

__all__ = ["BLOCK", "counted", "drawn"]

BLOCK = 256
"""Draws counted side by side."""
_LANES = 64
"""Draws sorted side by side: as many as keep their keys in the nearest memory."""
_BLOCKS = 14
"""Blocks of a job: fixed, so that sums do not depend on the threads; 31 at most, as a tally is a byte."""
_FEW = 14
"""Rows sorted at once: as many as the processor's vector registers hold."""
_LONGEST = 7
"""Rows that one row is compared with in turn: 256 items have no more."""
_ABREAST = 4
"""Items against which an item's places are held at once."""
_FINEST = 2.0**24
"""Steps of a key: as many as a single-precision number tells apart."""
_U = np.uint64
_GOLDEN, _MIX1, _MIX2 = _U(0x9E3779B97F4A7C15), _U(0xBF58476D1CE4E5B9), _U(0x94D049BB133111EB)
_S30, _S27, _S31, _S32 = _U(30), _U(27), _U(31), _U(32)
_STEP = np.float32(2.0**-32)
_FAST = {"contract", "nsz", "nnan", "ninf"}


def _row_at(builder: Any, address: Any, offset: int, row: Any) -> Any:
    """Return where a row of lanes stands, so many bytes behind an address."""
    return builder.inttoptr(builder.add(address, ir.Constant(ir.IntType(64), offset)), row.as_pointer())


def _in_all_lanes(builder: Any, value: Any, row: Any) -> Any:
    """Return a row with one value in all its lanes."""
    nothing = ir.Constant(row, ir.Undefined)
    one = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    first = ir.Constant(ir.VectorType(ir.IntType(32), row.count), [0] * row.count)
    return builder.shuffle_vector(one, nothing, first)


def _cases(builder: Any, count: Any, most: int, body: Any) -> None:
    """Write the code of every count from 1 to ``most``, and the switch that chooses one."""
    end = builder.append_basic_block("end")
    switch = builder.switch(count, end)
    for case in range(1, most + 1):
        block = builder.append_basic_block(f"case{case}")
        switch.add_case(count.type(case), block)
        builder.position_at_end(block)
        body(case)
        builder.branch(end)
    builder.position_at_end(end)


def _ordered(builder: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """Return the smaller and the larger of two rows, lane by lane."""
    is_less = builder.icmp_unsigned("<", low, high)
    return builder.select(is_less, low, high), builder.select(is_less, high, low)


@intrinsic
def _sort_few(_context: Any, _first: Any, _stride: Any, _count: Any) -> Any:
    """Sort up to ``_FEW`` rows, so many bytes apart, that are read and written once."""

    def generate(_c: Any, builder: Any, _s: Any, args: Any) -> Any:
        row = ir.VectorType(ir.IntType(32), 8)
        first, stride, count = args

        def sort(size: int) -> None:
            with cgutils.for_range(builder, ir.Constant(ir.IntType(64), _LANES // 8)) as lanes:
                at = builder.add(first, builder.mul(lanes.index, ir.Constant(ir.IntType(64), 32)))
                ends = [
                    builder.inttoptr(
                        builder.add(at, builder.mul(stride, ir.Constant(ir.IntType(64), i))), row.as_pointer()
                    )
                    for i in range(size)
                ]
                held = [builder.load(end, align=4) for end in ends]
                for low, high in network(size).tolist():
                    held[low], held[high] = _ordered(builder, held[low], held[high])
                for value, end in zip(held, ends, strict=True):
                    builder.store(value, end, align=4)

        _cases(builder, count, _FEW, sort)
        return ir.Constant(ir.IntType(64), 0)

    return types.int64(types.uint64, types.uint64, types.int64), generate


@intrinsic
def _sink(_context: Any, _base: Any, _run: Any, _count: Any) -> Any:
    """Bring the smallest of a run of rows into its first, comparing it with each of the others in turn."""

    def generate(_c: Any, builder: Any, _s: Any, args: Any) -> Any:
        word, row = ir.IntType(64), ir.VectorType(ir.IntType(32), 8)
        base, run, count = args

        def sink(size: int) -> None:
            table = builder.inttoptr(run, word.as_pointer())
            starts = [builder.add(base, builder.load(builder.gep(table, [word(i)]))) for i in range(size + 1)]
            with cgutils.for_range(builder, word(_LANES // 8)) as lanes:
                at = builder.mul(lanes.index, word(32))
                ends = [builder.inttoptr(builder.add(s, at), row.as_pointer()) for s in starts]
                least = builder.load(ends[0], align=4)
                for end in ends[1:]:
                    least, larger = _ordered(builder, least, builder.load(end, align=4))
                    builder.store(larger, end, align=4)
                builder.store(least, ends[0], align=4)

        _cases(builder, count, _LONGEST, sink)
        return ir.Constant(word, 0)

    return types.int64(types.uint64, types.uint64, types.int64), generate


@intrinsic
def _as_keys(
    _context: Any, _scores: Any, _weights: Any, _keys: Any, _criteria: Any, _shift: Any, _item: Any
) -> Any:
    """Make a row of keys of an item's scores and the weights: whole steps, then the bits of the item."""

    def generate(_c: Any, builder: Any, _s: Any, args: Any) -> Any:
        word, real = ir.IntType(64), ir.FloatType()
        row, steps = ir.VectorType(real, 8), ir.VectorType(ir.IntType(32), 8)
        scores, weights, keys, criteria = args[:4]
        shift, item = (_in_all_lanes(builder, a, steps) for a in args[4:])
        first = builder.inttoptr(scores, real.as_pointer())
        sums = [cgutils.alloca_once(builder, row) for _ in range(_LANES // 8)]  # type: ignore[no-untyped-call]
        for value in sums:
            builder.store(ir.Constant(row, [0.0] * 8), value)
        with cgutils.for_range(builder, criteria) as loop:
            score = _in_all_lanes(builder, builder.load(builder.gep(first, [loop.index])), row)
            at = builder.add(weights, builder.mul(loop.index, word(4 * _LANES)))
            for lane, value in enumerate(sums):
                weight = builder.load(_row_at(builder, at, 32 * lane, row), align=4)
                more = builder.fmul(score, weight, flags=("contract",))
                builder.store(builder.fadd(builder.load(value), more, flags=("contract",)), value)
        for lane, value in enumerate(sums):
            key = builder.or_(builder.shl(builder.fptosi(builder.load(value), steps), shift), item)
            builder.store(key, _row_at(builder, keys, 32 * lane, steps), align=4)
        return word(0)

    words = (types.uint64,) * 4
    return types.int64(*words, types.uint32, types.uint32), generate


@intrinsic
def _tally(_context: Any, _mine: Any, _theirs: Any, _tallies: Any) -> Any:
    """Add the draws of a block in which a row of places is smaller than each of the next: 32 sums apiece."""

    def generate(_c: Any, builder: Any, _s: Any, args: Any) -> Any:
        row = ir.VectorType(ir.IntType(8), 32)
        tallies = [_row_at(builder, args[2], 32 * other, row) for other in range(_ABREAST)]
        totals = [builder.load(tally, align=1) for tally in tallies]
        for at in range(0, BLOCK, 32):
            mine = builder.load(_row_at(builder, args[0], at, row), align=1)
            for other in range(_ABREAST):
                theirs = builder.load(_row_at(builder, args[1], BLOCK * other + at, row), align=1)
                is_ahead = builder.sext(builder.icmp_signed("<", mine, theirs), row)
                totals[other] = builder.sub(totals[other], is_ahead)
        for tally, total in zip(tallies, totals, strict=True):
            builder.store(total, tally, align=1)
        return ir.Constant(ir.IntType(64), 0)

    return types.int64(types.uint64, types.uint64, types.uint64), generate


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
def _sort(keys: Any, runs: Any) -> None:
    """Sort every column: rows ``runs[0, 0]`` apart first, then run by run."""
    n = keys.shape[0]
    base, step, apart = _U(keys.ctypes.data), _U(keys.strides[0]), runs[0, 0]
    for r in range(min(apart, n)):
        _sort_few(base + _U(r) * step, _U(apart) * step, (n - r + apart - 1) // apart)  # type: ignore[call-arg]
    at, width = _U(runs.ctypes.data), _U(runs.strides[0])
    for c in range(1, runs.shape[0]):
        _sink(base, at + _U(c) * width + _U(8), runs[c, 0])  # type: ignore[call-arg]


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
def _values(scores: Any, weights: Any, keys: Any, shift: Any) -> None:
    """Fill ``keys`` (item by draw)."""
    n, k = scores.shape
    at, row = _U(scores.ctypes.data), _U(scores.strides[0])
    at_keys, row_of_keys, given = _U(keys.ctypes.data), _U(keys.strides[0]), _U(weights.ctypes.data)
    for i in range(n):
        keys_of_item = at_keys + _U(i) * row_of_keys
        _as_keys(at + _U(i) * row, given, keys_of_item, _U(k), shift, np.uint32(i))  # type: ignore[call-arg]


@njit(nogil=True, cache=True, error_model="numpy")
def _fill(first: Any, count: Any, start: Any, pairs: Any, out: Any) -> None:
    """Fill ``out`` (criterion by draw) with the weights of draws ``first`` on: those that are counted."""
    k = out.shape[0]
    gaps, weights = np.empty((k - 1, _LANES), np.uint32), np.empty((k, _LANES), np.float32)
    for d in range(0, count, _LANES):
        _weights(_U(first + d), start, pairs, gaps, weights)
        width = min(_LANES, count - d)
        out[:, d : d + width] = weights[:, :width]


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
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
    places = np.zeros((n + _ABREAST, BLOCK), np.int8)
    tallies = np.zeros((n, n + _ABREAST, 32), np.uint8)
    at, row = _U(places.ctypes.data), _U(places.strides[0])
    at_tally, row_of_tallies = _U(tallies.ctypes.data), _U(tallies.strides[0])
    low = np.uint32((1 << bits) - 1)
    shift = np.uint32(bits)
    for block in range(first, last):
        left = min(BLOCK, draws - block * BLOCK)
        for part in range(0, BLOCK, _LANES):
            _weights(_U(block * BLOCK + part), start, of_weights, gaps, weights)
            _values(scores, weights, keys, shift)
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
            mine, sums_of_mine = at + _U(i) * row, at_tally + _U(i) * row_of_tallies
            for j in range(i + 1, n, _ABREAST):
                _tally(mine, at + _U(j) * row, sums_of_mine + _U(32 * j))  # type: ignore[call-arg]
    for i in range(n):
        for j in range(i + 1, n):
            for lane in range(32):
                wins[i, j] += tallies[i, j, lane]


def _runs(size: int) -> Any:
    return runs(size, _FEW, _LONGEST, 4 * _LANES)


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
    start, pairs = _start(seed), _runs(criteria - 1)

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
    start, of_weights, of_items = _start(seed), _runs(k - 1), _runs(n)

    jobs = _jobs(draws)
    sums = np.zeros((len(jobs), n, k))  # job by job: the order of adding does not depend on threads
    left = iter(enumerate(jobs))

    def run(_: int) -> tuple[Any, Any]:
        ranks, wins = np.zeros((n, n), np.int32), np.zeros((n, n), np.int32)
        for at, job in left:
            _count(*job, draws, start, scores, of_weights, of_items, bits, ranks, wins, sums[at])
        return ranks, wins

    counts = _through(list(range(min(threads or os.cpu_count() or 1, len(jobs)))), run, threads)
    ranks, wins = (sum(count).astype(np.float64) for count in zip(*counts, strict=True))
    return ranks.T.copy(), wins, sums.sum(axis=0)
