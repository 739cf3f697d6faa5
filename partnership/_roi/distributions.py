# ruff: noqa: E501 - a sentence stays on one line
"""How an assumption is spread over its range: six distributions, each with its parametrisation stated.

fixed: the value itself. triangular, PERT: low and high are the ends, the value is the most likely. uniform:
low
and high are the ends, the value used plays no part. normal, lognormal: the value is the mean, low and high
are the
10th and 90th percentiles as far as the shape allows. A normal or lognormal is cut where values are impossible
(below nil; above 100% of a share) and what is left is spread over the whole again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from partnership._roi.guards import finite
from partnership.errors import InvalidInput, UnknownName

__all__ = ["KINDS", "Z90", "Distribution", "lognormal_of", "pert_shape", "pert_table"]

Array = npt.NDArray[np.float64]

KINDS = ("fixed", "triangular", "PERT", "uniform", "normal", "lognormal", "whole years")
"""Kinds of distribution; whole years are equally likely from low to high, for a lag."""

Z90 = 1.2815515655446004
"""Standard normal quantile of 0.9: half the distance from the 10th to the 90th percentile, in standard deviations."""

TABLE_FROM, TABLE_STEP, TABLE_SIZE = -8.5, 1 / 64, 1089
"""Grid of normal quantiles on which a PERT's inverse is tabulated: -8.5 to 8.5."""


@dataclass(frozen=True)
class Distribution:
    """An uncertain number.

    Parameters
    ----------
    kind : str
        One of ``KINDS``.
    low, value, high : float
        In the number's own unit; their meaning by kind is said at the head of this file.
    least, most : float
        Values beyond these are impossible: a normal or lognormal is cut there.

    Source
    ------
    Kotz and van Dorp, *Beyond Beta* (2004), for the triangular and the PERT; Malcolm et al. (1959) for its
    means.

    Examples
    --------
    >>> skewed = Distribution("triangular", 10, 20, 60)
    >>> round(skewed.mean, 4), round(skewed.variance, 4), round(skewed.quantile(0.5), 4)
    (30.0, 116.6667, 28.3772)
    >>> Distribution("PERT", 10, 20, 60).mean
    25.0
    """

    kind: str
    low: float
    value: float
    high: float
    least: float = -math.inf
    most: float = math.inf

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        finite("range", (self.low, self.value, self.high))
        if self.kind not in KINDS:
            what = "distribution"
            raise UnknownName(what, self.kind, KINDS)
        if not self.low <= self.value <= self.high and self.kind not in ("uniform", "whole years"):
            msg = f"{self.value} lies outside its range of {self.low} to {self.high}. Give low <= value <= high."
            raise InvalidInput(msg)
        if self.low > self.high:
            msg = f"The range {self.low} to {self.high} is upside down. Give the low end first."
            raise InvalidInput(msg)
        if self.kind == "lognormal" and self.low <= 0:
            msg = f"A lognormal cannot begin at {self.low}. Give a low end above nil."
            raise InvalidInput(msg)

    @property
    def is_fixed(self) -> bool:
        """True when every draw is the same."""
        return self.kind == "fixed" or self.low == self.high

    @cached_property
    def location(self) -> float:
        """Mean of a normal; mean of the logarithm of a lognormal."""
        return self.value if self.kind == "normal" else math.log(self.value) - self.scale**2 / 2

    @cached_property
    def scale(self) -> float:
        """Standard deviation of a normal, or of the logarithm of a lognormal: range / (2 x 1.2816)."""
        width = self.high - self.low if self.kind == "normal" else math.log(self.high / self.low)
        return width / (2 * Z90)

    @cached_property
    def shape(self) -> tuple[float, float]:
        """The two exponents of a PERT."""
        return pert_shape(self.low, self.value, self.high)

    @cached_property
    def cut(self) -> tuple[float, float]:
        """Probability below the least possible value, and probability kept."""
        if self.kind not in ("normal", "lognormal") or self.is_fixed:
            return 0.0, 1.0
        below, above = special.ndtr(self._standard(self.least)), special.ndtr(-self._standard(self.most))
        return float(below), float(1 - below - above)

    def _standard(self, x: float) -> float:
        if self.kind == "lognormal":
            x = -math.inf if x <= 0 else (math.log(x) if math.isfinite(x) else x)
        return (x - self.location) / self.scale

    def inverse(self, chance: Any) -> Array:
        """Return the value below which a draw falls with a chance from 0 to 1 (inverse cumulative distribution).

        Examples
        --------
        >>> Distribution("uniform", 0, 0, 10).inverse([0.25, 0.5]).tolist()
        [2.5, 5.0]
        """
        u = np.asarray(chance, dtype=np.float64)
        if self.is_fixed:
            return np.full(u.shape, self.value if self.kind == "fixed" else self.low)
        return self._inverses()[self.kind](u)

    def quantile(self, chance: float) -> float:
        """Return one value of ``inverse``."""
        return float(self.inverse(chance))

    def _inverses(self) -> dict[str, Callable[[Array], Array]]:
        low, high, width = self.low, self.high, self.high - self.low

        def triangular(u: Array) -> Array:
            turn = (self.value - low) / width
            rising = low + np.sqrt(u * width * (self.value - low))
            return np.where(u < turn, rising, high - np.sqrt((1 - u) * width * (high - self.value)))

        def standard(u: Array) -> Array:
            below, kept = self.cut
            z: Array = special.ndtri(below + u * kept)
            return self.location + self.scale * z

        def pert(u: Array) -> Array:
            found: Array = low + width * special.betaincinv(*self.shape, u)
            return found

        return {
            "triangular": triangular, "uniform": lambda u: low + u * width, "PERT": pert, "normal": standard,
            "lognormal": lambda u: np.exp(standard(u)),
            "whole years": lambda u: np.minimum(low + np.floor(u * (width + 1)), high),
        }  # fmt: skip

    @cached_property
    def moments(self) -> tuple[float, float]:
        """Mean, and mean of the square; exact, cut included."""
        low, mode, high = self.low, self.value, self.high
        if self.is_fixed:
            only = self.value if self.kind == "fixed" else low
            return only, only * only
        if self.kind == "triangular":
            square = (low * low + mode * mode + high * high + low * mode + low * high + mode * high) / 6
            return (low + mode + high) / 3, square
        if self.kind == "uniform":
            return (low + high) / 2, (low * low + low * high + high * high) / 3
        if self.kind == "PERT":
            a, b = self.shape
            mean = (low + 4 * mode + high) / 6
            return mean, mean**2 + (high - low) ** 2 * a * b / ((a + b) ** 2 * (a + b + 1))
        if self.kind == "whole years":
            count = high - low + 1
            return (low + high) / 2, ((low + high) / 2) ** 2 + (count * count - 1) / 12
        return self._cut_moments()

    def _cut_moments(self) -> tuple[float, float]:
        """Moments of a normal or lognormal between its least and its most."""
        first, last, kept = self._standard(self.least), self._standard(self.most), self.cut[1]
        mu, sd = self.location, self.scale
        if self.kind == "lognormal":
            one, two = (
                math.exp(k * mu + (k * sd) ** 2 / 2) * (special.ndtr(last - k * sd) - special.ndtr(first - k * sd)) / kept
                for k in (1, 2)
            )  # fmt: skip
            return float(one), float(two)

        def density(z: float) -> float:
            return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) if math.isfinite(z) else 0.0

        def edge(z: float) -> float:
            return z * density(z) if math.isfinite(z) else 0.0

        shift = (density(first) - density(last)) / kept
        spread = 1 + (edge(first) - edge(last)) / kept - shift**2
        mean = mu + sd * shift
        return mean, mean**2 + sd**2 * spread

    @property
    def mean(self) -> float:
        """Mean of the draws; by no means always the value used."""
        return self.moments[0]

    @property
    def variance(self) -> float:
        """Variance of the draws."""
        return max(0.0, self.moments[1] - self.moments[0] ** 2)

    def nodes(self, count: int = 24) -> tuple[Array, Array]:
        """Return points and weights with which smooth functions of the number are averaged without draws.

        Exact for polynomials of the number up to 2 x count - 1 where the range is bounded (and piece by
        piece for
        a triangular); for a normal or lognormal over 8.5 standard deviations each way, or up to the cut.

        Examples
        --------
        >>> points, weights = Distribution("triangular", 10, 20, 60).nodes(4)
        >>> round(float(weights @ points), 9), round(float(weights @ points**2), 6)
        (30.0, 1016.666667)
        """
        if self.is_fixed:
            return np.array([self.mean]), np.ones(1)
        low, mode, high = self.low, self.value, self.high
        if self.kind == "whole years":
            years = np.arange(low, high + 1)
            return years, np.full(len(years), 1 / len(years))
        if self.kind == "PERT":
            a, b = self.shape
            x, w = special.roots_jacobi(count, b - 1, a - 1)
            return low + (high - low) * (x + 1) / 2, w / w.sum()
        if self.kind in ("normal", "lognormal"):
            first, last = max(self._standard(self.least), -8.5), min(self._standard(self.most), 8.5)
            z, w = _legendre(first, last, max(count, 48))
            w = w * np.exp(-z * z / 2)
            x = self.location + self.scale * z
            return (np.exp(x) if self.kind == "lognormal" else x), w / w.sum()
        if self.kind == "uniform":
            x, w = _legendre(low, high, count)
            return x, w / w.sum()
        parts = [(low, mode, low), (mode, high, high)]
        points, weights = [], []
        for start, end, foot in parts:
            if end > start:
                x, w = _legendre(start, end, count)
                points.append(x)
                weights.append(w * np.abs(x - foot) / (end - start))
        w = np.concatenate(weights)
        return np.concatenate(points), w / w.sum()


@lru_cache(maxsize=64)
def _roots(count: int) -> tuple[Array, Array]:
    x, w = np.polynomial.legendre.leggauss(count)
    return np.asarray(x), np.asarray(w)


def _legendre(start: float, end: float, count: int) -> tuple[Array, Array]:
    x, w = _roots(count)
    half = (end - start) / 2
    return start + half * (x + 1), w * half


def pert_shape(low: float, mode: float, high: float) -> tuple[float, float]:
    """Return the exponents of a PERT: 1 + 4 (mode - low) / range and 1 + 4 (high - mode) / range.

    Examples
    --------
    >>> pert_shape(10, 20, 60)
    (1.8, 4.2)
    """
    if not low < high:
        msg = f"A PERT from {low} to {high} has no width. Give low < high."
        raise InvalidInput(msg)
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


def lognormal_of(mean: float, variation: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm, from the mean and the coefficient of variation.

    sigma**2 = ln(1 + variation**2); mu = ln(mean) - sigma**2 / 2.

    Examples
    --------
    >>> [round(x, 5) for x in lognormal_of(100, 0.5)]
    [4.4936, 0.47238]
    """
    finite("lognormal", (mean, variation))
    if mean <= 0 or variation <= 0:
        msg = f"A lognormal of mean {mean} and variation {variation} is none. Give both above nil."
        raise InvalidInput(msg)
    sigma = math.sqrt(math.log1p(variation**2))
    return math.log(mean) - sigma**2 / 2, sigma


@lru_cache(maxsize=4096)
def pert_table(first: float, second: float) -> tuple[Array, Array]:
    """Return a PERT's inverse (from 0 to 1) and its slope on a grid of normal quantiles.

    As a function of the normal quantile the inverse is smooth to its ends, so that cubic pieces on this grid
    are right to some 1e-10 of the range: what draws use in place of a search.
    """
    z = TABLE_FROM + TABLE_STEP * np.arange(TABLE_SIZE)
    lower = special.ndtr(z)
    x = np.where(
        z < 0, special.betaincinv(first, second, lower), special.betainccinv(first, second, special.ndtr(-z))
    )
    rest = np.where(z < 0, 1 - x, special.betaincinv(second, first, special.ndtr(-z)))
    log_density = (second - 1) * np.log(np.maximum(rest, 1e-300))
    log_density = log_density + (first - 1) * np.log(np.maximum(x, 1e-300)) - special.betaln(first, second)
    slope = np.exp(-z * z / 2 - math.log(math.sqrt(2 * math.pi)) - log_density)
    return x, slope
