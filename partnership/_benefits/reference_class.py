"""What our own history says: realised over planned of finished benefits, as a reference class."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from partnership.errors import InvalidInput

__all__ = ["LEAST_FINISHED", "Finished", "ReferenceClass", "reference_class", "uplift_at"]

LEAST_FINISHED = 10
"""Fewer finished benefits than this propose nothing: one in ten could not even be told from the worst of
them."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One benefit that has run its course, in pounds over its whole life."""

    id: str
    benefit_class: str
    planned_gbp: Decimal
    realised_gbp: Decimal

    @property
    def ratio(self) -> Fraction:
        """Realised over planned."""
        return Fraction(self.realised_gbp) / Fraction(self.planned_gbp)


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """What a class of finished benefits came to, and what it proposes for a new one.

    Parameters
    ----------
    name : str
        The class, or "all classes" where the class alone is too small.
    size, least : int
        Finished benefits in it, and the least that proposes anything.
    pooled : float or None
        All realised pounds over all planned pounds: large benefits count more.
    low, middle, high : float or None
        Ratio that one in ten, half and nine in ten stayed below (P10, P50, P90); None below ``least``.
    middle_low, middle_high : float or None
        Range that holds the true median with a chance of at least 90 in 100, from order statistics.
    bias : float or None
        Optimism bias proposed: what to take off a new plan so that it comes short in one of two cases.
    prudent_bias : float or None
        The same for one in five.
    came_short : int
        How many realised less than planned.
    """

    name: str
    size: int
    least: int
    pooled: float | None
    low: float | None
    middle: float | None
    high: float | None
    middle_low: float | None
    middle_high: float | None
    bias: float | None
    prudent_bias: float | None
    came_short: int


def reference_class(
    finished: Sequence[Finished], benefit_class: str | None = None, *, least: int = LEAST_FINISHED
) -> ReferenceClass:
    """Return what finished benefits propose for a new one of a class.

    The class alone is used when it has ``least`` finished benefits, else all classes together; below
    ``least`` nothing is proposed. Quantiles are those of the ratios realised / planned, linear between
    order statistics (Hyndman and Fan's type 7). Optimism bias = 1 - quantile; below 0 it is 0, as history
    gives no reason to promise more.

    Parameters
    ----------
    finished : Sequence of Finished
        Benefits whose whole life is over and read.
    benefit_class : str, optional
        Class of the new benefit; None: all.
    least : int
        The least number that proposes anything.

    Raises
    ------
    InvalidInput
        If a plan is not above 0 or ``least`` is below 2.

    Source
    ------
    Flyvbjerg and COWI (2004), Procedures for dealing with optimism bias in transport planning, Department
    for Transport; HM Treasury, Green Book, optimism bias from an organisation's own evidence.

    Examples
    --------
    >>> some = [Finished(str(n), "cash-releasing", Decimal(100), Decimal(50 + 5 * n)) for n in range(10)]
    >>> found = reference_class(some)
    >>> found.size, found.middle, round(found.bias, 3), round(found.prudent_bias, 3), found.came_short
    (10, 0.725, 0.275, 0.41, 10)
    >>> reference_class(some[:9]).bias is None
    True
    """
    if least < 2 or any(f.planned_gbp <= 0 for f in finished):
        msg = "A reference class needs plans above £0 and a least number of 2 or more. Leave others out."
        raise InvalidInput(msg)
    own = [f for f in finished if benefit_class is None or f.benefit_class == benefit_class]
    is_own = benefit_class is not None and len(own) >= least
    used = own if is_own or benefit_class is None else list(finished)
    name = benefit_class if is_own and benefit_class else "all classes"
    ratios = sorted(f.ratio for f in used)
    planned = sum((f.planned_gbp for f in used), Decimal(0))
    pooled = (
        float(Fraction(sum((f.realised_gbp for f in used), Decimal(0))) / Fraction(planned)) if used else None
    )
    short = sum(r < 1 for r in ratios)
    if len(used) < least:
        return ReferenceClass(name, len(used), least, pooled, *(None,) * 7, short)
    low, prudent, middle, high = (_quantile(ratios, Fraction(q, 10)) for q in (1, 2, 5, 9))
    left, right = _median_range(len(ratios))
    return ReferenceClass(
        name,
        len(used),
        least,
        pooled,
        low,
        middle,
        high,
        float(ratios[left]),
        float(ratios[right]),
        max(1 - middle, 0.0),
        max(1 - prudent, 0.0),
        short,
    )


def _quantile(ordered: Sequence[Fraction], chance: Fraction) -> float:
    """Return the type 7 quantile, worked out exactly and rounded once."""
    place = chance * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def _median_range(count: int, chance: float = 0.9) -> tuple[int, int]:
    """Return the order statistics between which the median lies with at least this chance."""
    weights = [math.comb(count, k) / 2**count for k in range(count + 1)]
    left, right = 0, count - 1
    while left + 1 < right - 1 and sum(weights[left + 2 : right]) >= chance:
        left, right = left + 1, right - 1
    return left, right


def uplift_at(curve: Mapping[float, float], acceptable_chance: float) -> float:
    """Return the uplift on a published curve for the chance of an overrun that is acceptable.

    Parameters
    ----------
    curve : Mapping of float to float
        Acceptable chance of an overrun (0 to 1) to the uplift (0.57 is 57%).
    acceptable_chance : float
        Between the least and the greatest chance of the curve.

    Raises
    ------
    InvalidInput
        If the curve is empty or the chance lies outside it: a curve is not drawn on beyond its ends.

    Source
    ------
    Flyvbjerg (2006), From Nobel Prize to project management, Project Management Journal 37(3): Edinburgh
    Tram Line 2.

    Examples
    --------
    >>> uplift_at({0.5: 0.40, 0.2: 0.57}, 0.2)
    0.57
    """
    chances = sorted(curve)
    if not chances or not chances[0] <= acceptable_chance <= chances[-1]:
        ends = f"{chances[0]} to {chances[-1]}" if chances else "nothing"
        msg = f"The curve covers chances from {ends}, not {acceptable_chance}. Choose one inside it."
        raise InvalidInput(msg)
    return float(np.interp(acceptable_chance, chances, [curve[c] for c in chances]))
