# ruff: noqa: E501 - a sentence stays on one line
"""An appraisal as draws see it: uncertain numbers, lines that multiply them, and where each line's value falls.

Value of a line in one draw = constant x product of its factors x its shape. A factor is offset + scale x
number. The
shape is a sum over years of benefit of ramp-up x keep**j x weight, discounted; it is a constant folded into
the
weights where nothing in it is uncertain, and one closed form, however many years, for a lag and a yearly
loss.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from partnership._roi.distributions import Distribution
from partnership.errors import InvalidInput

__all__ = ["Array", "DrawLine", "DrawModel", "Factor", "Number", "Shape", "stream_key"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Number:
    """One uncertain number: drawn once in a draw, whoever uses it.

    Parameters
    ----------
    key : str
        Its name for the draws: the shared name, or ``line id|step|name``. The draws hang on it and on the
        seed.
    name, step, unit : str
        What is assumed.
    spread : Distribution
        How it is spread.
    used : float
        The value the appraisal uses.
    line_ids : tuple[str, ...]
        Lines that use it.
    """

    key: str
    name: str
    spread: Distribution
    used: float
    step: str = ""
    unit: str = ""
    line_ids: tuple[str, ...] = ()
    source: str | None = None
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class Factor:
    """offset + scale x number; a number of -1 stands for none: the offset alone."""

    number: int
    offset: float = 0.0
    scale: float = 1.0

    def of(self, numbers: Array) -> Array:
        """Return the factor for rows of numbers."""
        return np.asarray(self.offset + self.scale * numbers[self.number])


@dataclass(frozen=True)
class Shape:
    """What a full year's level is worth over the years.

    Parameters
    ----------
    weights, late : tuple[float, ...]
        By year of benefit: its part in the year of the appraisal in which it begins, and its part in the
        next.
        With the schedule's own rates both are discounted already and ``late`` is nil.
    ramps : Mapping[int, Factor]
        Uncertain ramp-up by year of benefit; a certain one is in the weights.
    keep : Factor or None
        Share that is left after a year; None: certain, and in the weights.
    start : int
        Whole years by which the first year of benefit is discounted, where the rate is uncertain.
    lag : int
        Number that is an uncertain lag in whole years; -1: none. Then the shape is the closed form
        v**lag x (1 - q**(years - lag)) / (1 - q), with q = keep x v, and ``weights`` are not used.
    years : int
        Years of the closed form.
    """

    weights: tuple[float, ...] = (1.0,)
    late: tuple[float, ...] = ()
    ramps: Mapping[int, Factor] = field(default_factory=dict)
    keep: Factor | None = None
    start: int = 0
    lag: int = -1
    years: int = 0

    @property
    def is_closed(self) -> bool:
        """True for the closed form."""
        return self.years > 0

    def is_constant(self, *, rate_varies: bool) -> bool:
        """Tell whether nothing in it is uncertain."""
        return not (rate_varies or self.is_closed or self.ramps or self.keep)


@dataclass(frozen=True)
class DrawLine:
    """A benefit, or the cost of an agency, as a product.

    Parameters
    ----------
    id : str
        The line.
    constant : float
        Sign, certain factors and corrections; pounds where no factor is.
    factors : tuple[Factor, ...]
        Uncertain factors.
    shape : Shape
        Its years.
    falls : Mapping[int, float]
        Column of the result to the share of the line's value that falls there.
    """

    id: str
    constant: float
    factors: tuple[Factor, ...]
    shape: Shape
    falls: Mapping[int, float]


@dataclass(frozen=True)
class DrawModel:
    """All that draws need. The order of lines and numbers does not matter: both are sorted by name.

    Parameters
    ----------
    numbers : tuple[Number, ...]
        Every uncertain number, by key.
    lines : tuple[DrawLine, ...]
        Lines, by id.
    columns : tuple[str, ...]
        Names of the result's columns.
    base : tuple[float, ...]
        Certain pounds of each column, added to every draw.
    rate : int
        Number that is the yearly discount rate; -1: the schedule's own, in the weights.
    tied : tuple[int, ...]
        Numbers tied by correlations.
    mixing : tuple[tuple[float, ...], ...]
        Lower triangle that makes their normal scores out of independent ones.
    kept : dict
        What was worked out of it once already; no part of it.
    """

    numbers: tuple[Number, ...]
    lines: tuple[DrawLine, ...]
    columns: tuple[str, ...]
    base: tuple[float, ...]
    rate: int = -1
    tied: tuple[int, ...] = ()
    mixing: tuple[tuple[float, ...], ...] = ()
    kept: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a model that is not in order."""
        for what, keys in (("line", [x.id for x in self.lines]), ("number", [x.key for x in self.numbers])):
            if keys != sorted(set(keys)):
                msg = f"The {what}s are not in order of their names, or a name is there twice. Sort them."
                raise InvalidInput(msg)
        if any(
            f.number >= len(self.numbers) or (f.number < 0 and f.scale)
            for x in self.lines
            for f in factors_of(x)
        ):
            msg = "A factor names a number that is not there."
            raise InvalidInput(msg)

    @cached_property
    def uses(self) -> Counter[int]:
        """How many factors use each number."""
        used = Counter(f.number for line in self.lines for f in factors_of(line) if f.number >= 0)
        used.update(line.shape.lag for line in self.lines if line.shape.lag >= 0)
        if self.rate >= 0:
            used[self.rate] += 1
        return used

    @cached_property
    def common(self) -> tuple[int, ...]:
        """Numbers used more than once, tied to others, or by all: drawn before the lines."""
        shared = {i for i, count in self.uses.items() if count > 1} | set(self.tied)
        return tuple(sorted(shared | ({self.rate} if self.rate >= 0 else set())))

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        """The stream of each number."""
        return np.array([stream_key(n.key) for n in self.numbers], dtype=np.uint64)

    def value_of(self, line: DrawLine, numbers: Array) -> Array:
        """Return a line's present value for rows of numbers (one row a number, one column a draw)."""
        value = np.full(numbers.shape[1], line.constant)
        for factor in line.factors:
            value = value * factor.of(numbers)
        return value * self.worth(line.shape, numbers)

    def worth(self, shape: Shape, numbers: Array) -> Array:
        """Return what a shape is worth in each draw."""
        draws = numbers.shape[1]
        v = np.ones(draws) if self.rate < 0 else 1 / (1 + numbers[self.rate])
        keep = np.ones(draws) if shape.keep is None else shape.keep.of(numbers)
        q = keep * v
        if shape.is_closed:
            lag = np.zeros(draws) if shape.lag < 0 else numbers[shape.lag]
            count = shape.years - lag
            flat = np.abs(1 - q) < 1e-9  # nothing is lost and nothing is discounted: a sum of ones
            summed = np.where(flat, count, (1 - q**count) / np.where(flat, 1.0, 1 - q))
            return np.asarray(v ** (lag + shape.start) * summed)
        total, power = np.zeros(draws), v**shape.start
        late = shape.late or (0.0,) * len(shape.weights)
        for j, (now, then) in enumerate(zip(shape.weights, late, strict=True)):
            ramp = shape.ramps[j].of(numbers) if j in shape.ramps else 1.0
            total = total + ramp * power * (now + then * v)
            power = power * q
        return total

    def outcomes(self, numbers: Array) -> Array:
        """Return every column for rows of numbers, in plain numpy: what draws and sensitivities agree on."""
        out = np.repeat(np.array(self.base)[:, None], numbers.shape[1], axis=1)
        for line in self.lines:
            value = self.value_of(line, numbers)
            for column, share in line.falls.items():
                out[column] += share * value
        return out

    def spread_out(self, chances: Array) -> Array:
        """Return numbers for rows of independent chances from 0 to 1, correlations put in."""
        from scipy.special import ndtr, ndtri

        chances = np.array(chances, dtype=np.float64)
        if self.tied:
            scores = np.array(self.mixing) @ ndtri(chances[list(self.tied)])
            chances[list(self.tied)] = ndtr(scores)
        return (
            np.stack([n.spread.inverse(row) for n, row in zip(self.numbers, chances, strict=True)])
            if self.numbers
            else chances
        )  # noqa: E501

    def at_used(self) -> Array:
        """Return the values the appraisal uses, as one draw."""
        return np.array([[n.used] for n in self.numbers]).reshape(len(self.numbers), 1)


def factors_of(line: DrawLine) -> tuple[Factor, ...]:
    """Return every factor of a line, ramp-up and keep among them."""
    keep = () if line.shape.keep is None else (line.shape.keep,)
    return (*line.factors, *(f for _, f in sorted(line.shape.ramps.items())), *keep)


def stream_key(name: str) -> int:
    """Return the 64 bits by which a number's draws differ from all others: the BLAKE2 digest of its name.

    Examples
    --------
    >>> stream_key("take-up") == stream_key("take-up") != stream_key("impact")
    True
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
