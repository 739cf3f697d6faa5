# ruff: noqa: E501 - a sentence stays on one line
"""Draws: what every column of a model comes to in each of many draws, the same whatever the chunks and threads.

A number's draw is a hash (splitmix64) of the seed, the number's name and the draw's number: nothing is handed
on from one draw to the next. So any part can be drawn alone, in any order, by any number of threads, and has
the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from partnership._roi.distributions import pert_table
from partnership._roi.draw_model import Array, DrawLine, DrawModel
from partnership.errors import InvalidInput, PartnershipError

__all__ = ["Cancelled", "Drawn", "chances_of", "draw", "warm"]

_CHUNK_BLOCKS = 8
_KINDS = {"fixed": 2, "triangular": 1, "uniform": 2, "normal": 3, "lognormal": 4, "PERT": 5, "whole years": 6}


class Cancelled(PartnershipError):
    """The draws were called off before they were done; nothing of them is kept."""


@dataclass(frozen=True)
class Drawn:
    """Every column in every draw.

    Parameters
    ----------
    model : DrawModel
        What was drawn.
    seed, first : int
        Seed, and number of the first draw.
    values : numpy.ndarray
        Columns x draws, in the columns' unit.
    """

    model: DrawModel
    seed: int
    first: int
    values: Array

    @property
    def draws(self) -> int:
        """How many draws."""
        return int(self.values.shape[1])

    def column(self, name: str) -> Array:
        """Return one column."""
        return np.asarray(self.values[self.model.columns.index(name)])


def draw(
    model: DrawModel,
    draws: int,
    *,
    seed: int = 1,
    first: int = 0,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Drawn:
    """Draw every column of a model.

    Present value of a line in a draw = constant x product of (offset + scale x number) x what its years are
    worth; a column = base + sum of lines x shares. One compiled pass, float64.

    Parameters
    ----------
    model : DrawModel
        Numbers, lines and columns.
    draws : int
        How many, 1 to 100 million.
    seed : int
        Any whole number; the same seed gives the same bytes.
    first : int
        Number of the first draw: 0 to 99 and 100 to 199 are together 0 to 199.
    threads : int, optional
        How many at once; the machine's processors when left out. Results do not depend on it.
    progress : callable, optional
        Called with the draws done and the draws asked for.
    cancelled : callable, optional
        Asked now and then; when it says True the draws stop.

    Returns
    -------
    Drawn
        All columns in all draws: 8 bytes a column and draw; beyond that a few megabytes.

    Raises
    ------
    InvalidInput
        If the draws are not between 1 and 100 million.
    Cancelled
        If ``cancelled`` said so.

    Source
    ------
    Steele, Lea and Flood, *Fast splittable pseudorandom number generators* (2014); Salmon et al., *Parallel
    random numbers: as easy as 1, 2, 3* (2011), for numbers that are functions of a counter.
    """
    if not 1 <= draws <= 100_000_000 or first < 0:
        msg = f"{draws} draws from number {first} cannot be made. Give 1 to 100,000,000 from 0 on."
        raise InvalidInput(msg)
    from partnership._roi.draws_kernel import BLOCK, fused

    packed = _packed(model, seed)
    out = np.empty((len(model.columns), draws))
    opening, closing = first // BLOCK, -(-(first + draws) // BLOCK)
    jobs = [(b, min(b + _CHUNK_BLOCKS, closing)) for b in range(opening, closing, _CHUNK_BLOCKS)]

    def run(job: tuple[int, int]) -> int:
        start, end = max(job[0] * BLOCK, first), min(job[1] * BLOCK, first + draws)
        room = np.empty((len(model.columns), (job[1] - job[0]) * BLOCK))
        fused(*job, *packed, room)  # type: ignore[call-arg]
        out[:, start - first : end - first] = room[:, start - job[0] * BLOCK : end - job[0] * BLOCK]
        return end - start

    _through(jobs, run, draws, threads or os.cpu_count() or 1, progress, cancelled)
    return Drawn(model, seed, first, out)


def _through(
    jobs: list[tuple[int, int]],
    run: Callable[[tuple[int, int]], int],
    draws: int,
    threads: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    """Run jobs, some at once; tell how far it is, and stop when asked to."""
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, draws)
        if cancelled is not None and cancelled():
            msg = f"Called off after {done:,} of {draws:,} draws. Nothing of them is kept."
            raise Cancelled(msg)

    if threads == 1 or len(jobs) == 1:
        for job in jobs:
            tell(run(job))
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(run, job) for job in jobs]
        try:
            for ended in as_completed(waiting):
                tell(ended.result())
        finally:
            for job_left in waiting:
                job_left.cancel()


def warm() -> None:
    """Compile the inner loop, or load it from where it was kept, so that the first draws do not wait for it."""
    draw(DrawModel((), (), ("nothing",), (0.0,)), 1, threads=1)


def _mixed(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Splitmix64's finaliser."""
    with np.errstate(over="ignore"):
        words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return words ^ (words >> np.uint64(31))


def _seeds(model: DrawModel, seed: int) -> npt.NDArray[np.uint64]:
    start = _mixed(np.array([(int(seed) + 0x9E3779B97F4A7C15) % 2**64], dtype=np.uint64))
    return _mixed(model.keys ^ start)


def chances_of(model: DrawModel, draws: int, *, seed: int = 1, first: int = 0) -> Array:
    """Return the independent chances behind the draws, a row a number: the same that ``draw`` uses.

    For the plain road in numpy, ``model.outcomes(model.spread_out(chances))``: slower, and equal to some 1e-9.
    """
    with np.errstate(over="ignore"):
        state = np.arange(first, first + draws, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        word = _mixed(state[None, :] + _seeds(model, seed)[:, None])
    return ((word >> np.uint64(12)) | np.uint64(0x3FF0000000000000)).view(np.float64) - (1 - 2.0**-53)


def _packed(model: DrawModel, seed: int) -> tuple[Any, ...]:
    """Return the model as arrays for the compiled loop; all but the seeds are worked out once."""
    if "packed" not in model.kept:
        model.kept["packed"] = _arrays(model)
    return (np.append(_seeds(model, seed), np.uint64(0)), *model.kept["packed"])


def _arrays(model: DrawModel) -> tuple[Any, ...]:
    count = len(model.numbers)
    kinds, pack = np.zeros(count + 1, np.int64), np.zeros((count + 1, 5))
    shapes_of_perts: dict[tuple[float, float], int] = {}
    for m, number in enumerate(model.numbers):
        s = number.spread
        low, width = s.low, s.high - s.low
        kinds[m] = 2 if s.is_fixed else _KINDS[s.kind]
        if s.is_fixed:
            pack[m, :3] = s.mean, 0.0, s.mean  # the third is the latest year of a lag, a certain one too
        elif s.kind == "triangular":
            rise, fall = s.value - s.low, s.high - s.value
            pack[m] = low, s.high, rise / width, width * rise, width * fall
        elif s.kind == "PERT":
            pack[m, :3] = low, width, shapes_of_perts.setdefault(s.shape, len(shapes_of_perts))
        elif s.kind == "uniform":
            pack[m, :2] = low, width
        elif s.kind == "whole years":
            pack[m, :3] = low, width + 1, s.high
        else:
            pack[m, :4] = s.location, s.scale, *s.cut
    tables = (
        np.array([np.stack(pert_table(*shape)) for shape in shapes_of_perts])
        if shapes_of_perts
        else np.zeros((1, 2, 2))
    )  # noqa: E501
    rows = _Rows(model)
    mixing = np.array(model.mixing) if model.tied else np.zeros((1, 1))
    return (
        kinds, pack, tables, np.array(model.common, np.int64),
        np.array(model.tied, np.int64), mixing, model.rate, np.array(model.base), *rows.arrays(),
    )  # fmt: skip


class _Rows:
    """Flattens lines: entries of factors, shapes, weights and columns, one after the other."""

    def __init__(self, model: DrawModel) -> None:
        self.varies = model.rate >= 0
        self.starts, self.numbers, self.offset, self.scale = [0], [], [], []
        self.shapes: list[tuple[int, int, int, int, int]] = []
        self.weights: list[tuple[float, float]] = []
        self.ramps: list[int] = []
        self.falls_from, self.falls_to, self.falls_share = [0], [], []
        self.late: list[tuple[int, float, float]] = []
        for line in model.lines:
            self._line(line)
        self._close()

    numbers: list[int]
    offset: list[float]
    scale: list[float]
    falls_to: list[int]
    falls_share: list[float]

    def _entry(self, number: int, offset: float, scale: float) -> None:
        self.numbers.append(number)
        self.offset.append(offset)
        self.scale.append(scale)

    def _line(self, line: DrawLine) -> None:
        shape = line.shape
        certain = shape.is_constant(rate_varies=self.varies)
        self._entry(-1, 0.0, line.constant * (sum(shape.weights) if certain else 1.0))
        for f in line.factors:
            self._entry(f.number, f.offset, f.scale)
        self.starts.append(len(self.numbers))
        extra = [] if shape.keep is None else [shape.keep]
        keep = self._later(extra)
        if certain:
            self.shapes.append((0, -1, -1, 0, 0))
        elif shape.is_closed:
            self.shapes.append((1, keep, shape.lag, shape.years, shape.start))
        else:
            self.shapes.append((2, keep, len(self.weights), len(shape.weights), shape.start))
            late = shape.late or (0.0,) * len(shape.weights)
            for j, (now, then) in enumerate(zip(shape.weights, late, strict=True)):
                self.weights.append((now, then))
                self.ramps.append(self._later([shape.ramps[j]] if j in shape.ramps else []))
        for column, share in sorted(line.falls.items()):
            if share:
                self.falls_to.append(column)
                self.falls_share.append(share)
        self.falls_from.append(len(self.falls_to))

    def _later(self, factors: list[Any]) -> int:
        """Keep a factor for behind all lines; return minus two minus its place there, or -1."""
        if not factors:
            return -1
        self.late.append((factors[0].number, factors[0].offset, factors[0].scale))
        return -1 - len(self.late)

    def _close(self) -> None:
        """Put the factors kept for later behind the lines, and say where they are."""
        behind = len(self.numbers)
        for number, offset, scale in self.late:
            self._entry(number, offset, scale)

        def place(at: int) -> int:
            return at if at >= -1 else behind - 2 - at

        self.shapes = [(form, place(keep), *rest) for form, keep, *rest in self.shapes]  # type: ignore[misc]
        self.ramps = [place(r) for r in self.ramps]

    def arrays(self) -> tuple[Any, ...]:
        def whole(values: Any) -> npt.NDArray[np.int64]:
            return np.array(values, np.int64)

        def real(values: Any) -> Array:
            return np.array(values, np.float64)

        return (
            whole(self.starts), whole(self.numbers), real(self.offset), real(self.scale),
            whole(self.shapes).reshape(-1, 5), real(self.weights).reshape(-1, 2), whole(self.ramps),
            whole(self.falls_from), whole(self.falls_to), real(self.falls_share),
        )  # fmt: skip
