"""The compiled inner loop of the draws: numbers, products, years and agencies in one pass over 512 draws at a time.

Loaded only when draws are made; the machine code is kept beside this file (and is kept for this file alone: what it
calls must stand in it). Draw d of a number is a hash of (seed, number, d) and of nothing else, and a block always holds
the same 512 draws, so that chunks and threads cannot change a byte. Numbers are float64.
"""

# ruff: noqa: E501, PLR0912, PLR0914, PLR0915 - one pass over a block: cut in pieces it would not be one
from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from partnership._roi.distributions import TABLE_FROM, TABLE_SIZE, TABLE_STEP

__all__ = ["BLOCK", "fused"]

BLOCK = 512
"""Draws of a block; the grid of blocks is fixed, whatever is asked for."""

_U = np.uint64
_GOLDEN, _MIX1, _MIX2 = _U(0x9E3779B97F4A7C15), _U(0xBF58476D1CE4E5B9), _U(0x94D049BB133111EB)
_S30, _S27, _S31, _S12 = _U(30), _U(27), _U(31), _U(12)
_ONE, _HALF_STEP = _U(0x3FF0000000000000), 1 - 2.0**-53
_FROM, _STEP, _LAST = TABLE_FROM, TABLE_STEP, TABLE_SIZE - 2
_WIDE, _ROWS = 4, 4  # draws of a row, and rows whose steps are done in turn
_ROOT2 = math.sqrt(2)
_FAST = {"contract", "nsz", "nnan", "ninf"}


def _in_all_lanes(builder: Any, value: Any, row: Any) -> Any:
    """Return a row with one value in all its lanes."""
    one = builder.insert_element(row(ir.Undefined), value, ir.IntType(32)(0))
    return builder.shuffle_vector(
        one, row(ir.Undefined), ir.VectorType(ir.IntType(32), row.count)([0] * row.count)
    )


@intrinsic
def _as_float(_context: Any, _bits: Any) -> Any:
    """Read 64 bits as a float."""

    def generate(_c: Any, builder: Any, _s: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.uint64), generate


@njit(inline="always")
def _chance(state: Any) -> Any:
    """Return a chance: splitmix64 finaliser, then 52 bits as the middle of a step: never 0, never 1."""
    state = (state ^ (state >> _S30)) * _MIX1
    state = (state ^ (state >> _S27)) * _MIX2
    state = state ^ (state >> _S31)
    return _as_float((state >> _S12) | _ONE) - _HALF_STEP  # type: ignore[call-arg]


@njit(nogil=True, cache=True, error_model="numpy")
def _score(p: Any) -> Any:
    """Return the standard normal quantile: Wichura's AS 241, PPND16, right to some 1e-16."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
            + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608) / (((((((5226.495278852545925 * r
            + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r
            + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0)  # fmt: skip
    r = math.sqrt(-math.log(p if q < 0 else 1 - p))
    if r <= 5:
        r -= 1.6
        z = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
            + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
            + 4.6303378461565452959) * r + 1.42343711074968357734) / (((((((1.05075007164441684324e-9 * r
            + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
            + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5
        z = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
            + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
            + 5.4637849111641143699) * r + 6.6579046435011037772) / (((((((2.04426310338993978564e-15 * r
            + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
            + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    return -z if q < 0 else z


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def _fill(kind: Any, p: Any, tables: Any, state: Any, key: Any, ready: Any, out: Any) -> None:
    """Fill ``out`` with a number's draws; from chances that stand there already where ``ready``."""
    if not ready:
        for i in range(BLOCK):
            out[i] = _chance(state[i] + key)
    low, two, three, four, five = p[0], p[1], p[2], p[3], p[4]
    if kind == 1:
        for i in range(BLOCK):
            u = out[i]
            below = u < three
            root = np.sqrt(u * four if below else (1 - u) * five)
            out[i] = low + root if below else two - root
    elif kind == 2:
        for i in range(BLOCK):
            out[i] = low + two * out[i]
    elif kind == 6:
        for i in range(BLOCK):
            out[i] = min(low + np.floor(two * out[i]), three)
    else:
        if kind != 5:
            for i in range(BLOCK):
                out[i] = three + four * out[i]
        for i in range(BLOCK):
            out[i] = _score(out[i])
        if kind == 5:
            value, slope = tables[int(three), 0], tables[int(three), 1]
            for i in range(BLOCK):
                at = (out[i] - _FROM) / _STEP
                j = min(int(at), _LAST)
                f = at - j
                a = (2 * f - 3) * f * f
                x = value[j] + a * (value[j] - value[j + 1])
                x += _STEP * (f * (f - 1) * (f - 1) * slope[j] + f * f * (f - 1) * slope[j + 1])
                out[i] = low + two * x
        else:
            for i in range(BLOCK):
                out[i] = low + two * out[i]
            if kind == 4:
                for i in range(BLOCK):
                    out[i] = math.exp(out[i])


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def _fill_common(
    state: Any, seeds: Any, kinds: Any, pack: Any, tables: Any, common: Any, tied: Any, mixing: Any, drawn: Any
) -> None:  # fmt: skip
    """Draw what lines share, correlations put in."""
    scores = np.empty((max(len(tied), 1), BLOCK))
    for k in range(len(tied)):
        for i in range(BLOCK):
            scores[k, i] = _score(_chance(state[i] + seeds[tied[k]]))
    for c in range(len(common)):
        m, place = common[c], -1
        for k in range(len(tied)):
            if tied[k] == m:
                place = k
        if place >= 0:
            for i in range(BLOCK):
                z = 0.0
                for k in range(place + 1):
                    z += mixing[place, k] * scores[k, i]
                drawn[c, i] = min(max(0.5 * math.erfc(-z / _ROOT2), 1e-16), 1 - 1.2e-16)
        _fill(kinds[m], pack[m], tables, state, seeds[m], place >= 0, drawn[c])


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def _take(
    m: Any, at: Any, drawn: Any, kinds: Any, pack: Any, tables: Any, state: Any, seeds: Any, out: Any
) -> None:
    """Fill ``out`` with number ``m``: from row ``at`` of what was drawn before all lines, or drawn now if that is -1."""
    if at >= 0:
        out[:] = drawn[at]
    else:
        _fill(kinds[m], pack[m], tables, state, seeds[m], False, out)


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def _closed(q: Any, v: Any, t: Any, soonest: int, reach: int, years: int, start: int, worth: Any) -> None:
    """Fill ``worth`` with v**(t + start) x (1 - q**(years - t)) / (1 - q): years vanish into a power."""
    power = years - reach
    for i in range(BLOCK):
        b = q[i]
        b2 = b * b
        b4 = b2 * b2
        b8 = b4 * b4
        r = (b if power & 1 else 1.0) * (b2 if power & 2 else 1.0) * (b4 if power & 4 else 1.0)
        worth[i] = r * (b8 if power & 8 else 1.0) * (b8 * b8 if power & 16 else 1.0)
    for _ in range(power // 32):
        for i in range(BLOCK):
            b2 = q[i] * q[i]
            b4 = b2 * b2
            b8 = b4 * b4
            b16 = b8 * b8
            worth[i] *= b16 * b16
    for late in range(soonest, reach):
        for i in range(BLOCK):
            worth[i] *= q[i] if t[i] <= late else 1.0
    for i in range(BLOCK):
        gone = 1 - q[i]
        worth[i] = years - t[i] if abs(gone) < 1e-9 else (1 - worth[i]) / gone
    for late in range(1, reach + 1):
        for i in range(BLOCK):
            worth[i] *= v[i] if t[i] >= late else 1.0
    for _ in range(start):
        for i in range(BLOCK):
            worth[i] *= v[i]


@intrinsic
def _triangular_abreast(
    _context: Any, _x: Any, _state: Any, _key: Any, _low: Any, _high: Any, _turn: Any, _rise: Any, _fall: Any, _sign: Any
) -> Any:  # fmt: skip
    """Multiply 16 draws at an address by a triangular number: four rows of four, each step done for all rows in turn.

    The steps of one draw wait for each other; with those of others between them the processor does not. Bytes are those
    of :func:`_chance` and of low + root where u < turn, high - root elsewhere.
    """

    def generate(_c: Any, b: Any, _s: Any, args: Any) -> Any:
        whole, real = ir.VectorType(ir.IntType(64), _WIDE), ir.VectorType(ir.DoubleType(), _WIDE)
        key = _in_all_lanes(b, args[2], whole)
        low, high, turn, rise, fall, sign = (_in_all_lanes(b, a, real) for a in args[3:])

        def at(base: Any, row: int, kind: Any) -> Any:
            step = ir.Constant(ir.IntType(64), 8 * _WIDE * row)
            return b.inttoptr(b.add(base, step), kind.as_pointer())

        def folded(words: list[Any], by: int, times: Any) -> list[Any]:
            mixed = [b.xor(w, b.lshr(w, whole([by] * _WIDE))) for w in words]
            return [b.mul(w, whole([int(times)] * _WIDE)) for w in mixed]

        words = [b.add(b.load(at(args[1], row, whole), align=8), key) for row in range(_ROWS)]
        words = folded(folded(words, 30, _MIX1), 27, _MIX2)
        words = [b.xor(b.lshr(w, whole([12] * _WIDE)), b.lshr(w, whole([43] * _WIDE))) for w in words]
        words = [b.or_(w, whole([int(_ONE)] * _WIDE)) for w in words]
        chances = [b.fsub(b.bitcast(w, real), real([_HALF_STEP] * _WIDE)) for w in words]
        below = [b.fcmp_ordered("<", u, turn) for u in chances]
        rest = [b.fsub(fall, b.fmul(u, fall, flags=["contract"]), flags=["contract"]) for u in chances]
        squares = [b.select(m, b.fmul(u, rise), r) for m, u, r in zip(below, chances, rest, strict=True)]
        root = cgutils.get_or_insert_function(
            b.module, ir.FunctionType(real, [real]), f"llvm.sqrt.v{_WIDE}f64"
        )  # type: ignore[no-untyped-call]
        roots = [b.fmul(b.call(root, [square]), sign, flags=["contract"]) for square in squares]
        for row, (m, r) in enumerate(zip(below, roots, strict=True)):
            value = b.select(m, b.fadd(low, r, flags=["contract"]), b.fsub(high, r, flags=["contract"]))
            place = at(args[0], row, real)
            b.store(b.fmul(b.load(place, align=8), value), place, align=8)
        return ir.Constant(ir.IntType(64), 0)

    takes = (types.uint64, types.uint64, types.uint64, *[types.float64] * 6)
    return types.int64(*takes), generate


@njit(nogil=True, cache=True, error_model="numpy")
def _times_triangular(
    x: Any, state: Any, key: Any, low: Any, high: Any, turn: Any, rise: Any, fall: Any, sign: Any
) -> None:
    """Multiply ``x`` by a triangular number of its own: drawn, turned and multiplied in one pass."""
    at, words = _U(x.ctypes.data), _U(state.ctypes.data)
    for i in range(0, 8 * BLOCK, 8 * _WIDE * _ROWS):
        _triangular_abreast(at + _U(i), words + _U(i), key, low, high, turn, rise, fall, sign)  # type: ignore[call-arg]


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def _is_flat(q: Any) -> Any:
    """Tell whether in some draw nothing is lost and nothing discounted: a sum of ones, which 1 / (1 - q) cannot give."""
    flat = 0
    for i in range(BLOCK):
        flat += abs(1 - q[i]) < 1e-9
    return flat > 0


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def _times_closed(x: Any, v: Any, q: Any, t: Any, reach: Any, power: Any) -> None:
    """Multiply ``x`` by v**t x (1 - q**(power + reach - t)) / (1 - q): a lag ``t`` of three years at most, no q of one.

    A lag is only compared: cutting it to a whole number, and a choice within a choice, would be done draw by draw.
    """
    reach1, reach2, reach3 = float(reach), float(reach - 1), float(reach - 2)
    for i in range(BLOCK):
        b, w, lag = q[i], v[i], t[i]
        b2 = b * b
        b4 = b2 * b2
        b8 = b4 * b4
        r = (b if power & 1 else 1.0) * (b2 if power & 2 else 1.0) * (b4 if power & 4 else 1.0)
        r *= (b8 if power & 8 else 1.0) * (b8 * b8 if power & 16 else 1.0)
        left = b if lag < reach1 else 1.0
        left = b2 if lag < reach2 else left
        left = b2 * b if lag < reach3 else left
        late = w if lag >= 1.0 else 1.0
        late = w * w if lag >= 2.0 else late
        late = w * w * w if lag >= 3.0 else late
        x[i] *= late * (1 - r * left) / (1 - b)


@njit(nogil=True, cache=True, fastmath=_FAST, error_model="numpy")
def fused(
    first: Any, last: Any, seeds: Any, kinds: Any, pack: Any, tables: Any, common: Any, tied: Any, mixing: Any, rate: Any,
    base: Any, starts: Any, numbers: Any, offset: Any, scale: Any, shapes: Any, weights: Any, ramps: Any, falls_from: Any,
    falls_to: Any, falls_share: Any, out: Any,
) -> None:  # fmt: skip
    """Fill ``out`` (columns x draws) with blocks ``first`` up to ``last``; ``draws._packed`` says what is what."""
    n, columns = BLOCK, base.shape[0]
    x, q, v, worth, t, f = np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    state = np.empty(n, np.uint64)
    drawn = np.empty((max(len(common), 1), n))
    total = np.empty((columns, n))
    where = np.full(len(kinds) + 1, -1, np.int64)
    for c in range(len(common)):
        where[common[c]] = c
    for block in range(first, last):
        for i in range(n):
            state[i] = (_U(block) * _U(n) + _U(i)) * _GOLDEN
        _fill_common(state, seeds, kinds, pack, tables, common, tied, mixing, drawn)
        for i in range(n):
            v[i] = 1.0
        if rate >= 0:
            given = drawn[where[rate]]
            for i in range(n):
                v[i] = 1 / (1 + given[i])
        for a in range(columns):
            for i in range(n):
                total[a, i] = base[a]
        for line in range(len(starts) - 1):
            constant = scale[starts[line]]  # the first entry of a line is its constant
            for i in range(n):
                x[i] = constant
            for entry in range(starts[line] + 1, starts[line + 1]):
                m, o, s = numbers[entry], offset[entry], scale[entry]
                if where[m] < 0 and kinds[m] == 1:
                    low, high, turn = o + s * pack[m, 0], o + s * pack[m, 1], pack[m, 2]
                    rise, fall, key = s * s * pack[m, 3], s * s * pack[m, 4], seeds[m]
                    _times_triangular(x, state, key, low, high, turn, rise, fall, 1.0 if s >= 0 else -1.0)
                else:
                    _take(m, where[m], drawn, kinds, pack, tables, state, seeds, f)
                    for i in range(n):
                        x[i] *= o + s * f[i]
            form, keep, lag, years, start = shapes[line]
            if form:
                for i in range(n):
                    q[i] = v[i]
                if keep >= 0:
                    m, o, s = numbers[keep], offset[keep], scale[keep]
                    if m < 0:
                        f[:] = 0.0
                    else:
                        _take(m, where[m], drawn, kinds, pack, tables, state, seeds, f)
                    for i in range(n):
                        q[i] *= o + s * f[i]
            if form == 1:
                reach, soonest = 0, 0
                t[:] = 0.0
                if lag >= 0:
                    reach, soonest = int(pack[lag, 2]), int(pack[lag, 0])
                    _take(lag, where[lag], drawn, kinds, pack, tables, state, seeds, t)
                if start == 0 and reach <= 3 and 0 <= years - reach < 32 and not _is_flat(q):
                    _times_closed(x, v, q, t, reach, years - reach)
                    form = 0
                else:
                    _closed(q, v, t, soonest, reach, years, start, worth)
            elif form == 2:
                worth[:] = 0.0
                for i in range(n):
                    t[i] = v[i] ** start if rate >= 0 else 1.0
                for j in range(years):
                    now, then, ramp = weights[lag + j, 0], weights[lag + j, 1], ramps[lag + j]
                    o, s = 1.0, 0.0
                    f[:] = 0.0
                    if ramp >= 0:
                        m, o, s = numbers[ramp], offset[ramp], scale[ramp]
                        _take(m, where[m], drawn, kinds, pack, tables, state, seeds, f)
                    for i in range(n):
                        worth[i] += (o + s * f[i]) * t[i] * (now + then * v[i])
                        t[i] *= q[i]
            if form:
                for i in range(n):
                    x[i] *= worth[i]
            for k in range(falls_from[line], falls_from[line + 1]):
                a, share = falls_to[k], falls_share[k]
                for i in range(n):
                    total[a, i] += share * x[i]
        at = (block - first) * n
        for a in range(columns):
            for i in range(n):
                out[a, at + i] = total[a, i]
