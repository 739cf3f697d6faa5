"""Limits of single readings, and of the time between rare events; all by exact arithmetic."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership._spc.settings import Rules
from partnership.errors import InvalidInput, shown

__all__ = ["Limits", "exact", "exact_limits", "limits", "time_between_limits"]

_NELSON = 3.6
"""Power whose root makes exponential times between events nearly normal (Nelson 1994)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Mean, process limits, average moving range, and how many moving ranges were screened out."""

    mean: Fraction
    lower: Fraction
    upper: Fraction
    average_range: Fraction
    screened: int


def limits(
    values: Sequence[Any],
    *,
    factor: Any = Decimal("2.66"),
    screen_factor: Any = Decimal("3.267"),
) -> Limits:
    """Return the mean and the process limits of single readings.

    limits = mean ± factor × average moving range; a moving range is the distance between two readings that
    follow each other. With screening, ranges at or above screen_factor × their average are left out once. A
    missing reading (None) has no moving range on either side.

    Parameters
    ----------
    values : Sequence of numbers or None
        Readings in order of time, in one unit.
    factor, screen_factor : number
        See :class:`Rules`; screen_factor None screens nothing.

    Returns
    -------
    Limits
        Exact, in the readings' unit.

    Raises
    ------
    InvalidInput
        If no two readings follow each other, or one is not a finite number.

    Examples
    --------
    >>> found = limits([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> [round(float(x), 2) for x in (found.mean, found.lower, found.upper)], found.screened
    ([1.94, -0.72, 4.6], 2)
    """
    return exact_limits([exact(v) for v in values], exact(factor), exact(screen_factor))


def exact_limits(
    values: Sequence[Fraction | None], factor: Fraction | None, screen: Fraction | None
) -> Limits:
    """Return limits of exact numbers."""
    known = [v for v in values if v is not None]
    ranges = [abs(b - a) for a, b in zip(values, values[1:], strict=False) if a is not None and b is not None]
    if not ranges or factor is None:
        msg = f"{len(known)} readings, none next to another, make no moving range. Give two or more."
        raise InvalidInput(msg)
    average = Fraction(sum(ranges), len(ranges))
    kept = ranges if screen is None or average == 0 else [r for r in ranges if r < screen * average]
    if not kept:
        kept = ranges
    used = Fraction(sum(kept), len(kept))
    mean = Fraction(sum(known), len(known))
    return Limits(mean, mean - factor * used, mean + factor * used, used, len(ranges) - len(kept))


def exact(value: Any) -> Fraction | None:
    """Return a number by its digits: 0.1 is a tenth."""
    if value is None:
        return None
    flag = isinstance(value, bool)
    if isinstance(value, Fraction) or (isinstance(value, int) and not isinstance(value, bool)):
        return Fraction(value)
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, numbers.Real) and not flag and math.isfinite(value):
        return Fraction(str(float(value)))
    msg = f"{shown(value)} is not a finite number. Give readings as numbers, and None where there is none."
    raise InvalidInput(msg)


def time_between_limits(days: Sequence[float], rules: Rules | None = None) -> tuple[float, float, float]:
    """Return centre and limits for the days between rare events: lower limit, centre, upper limit in days.

    Each time is taken to the power 1/3.6, limits are those of :func:`limits`, and they are taken back to
    days. It is the chart for counts that are too few for XmR: a longer time between harms is better, a
    shorter one is worse.

    Parameters
    ----------
    days : Sequence of float
        Days from each event to the next, in order; more than 0.

    Raises
    ------
    InvalidInput
        If there are fewer than two, or one is not above 0.

    Source
    ------
    Nelson, L. S. (1994), A control chart for parts-per-million nonconforming items, Journal of Quality
    Technology 26; Montgomery, Introduction to Statistical Quality Control, section on time-between-events
    charts.

    Examples
    --------
    >>> [round(x, 1) for x in time_between_limits([30.0, 45.0, 20.0, 60.0])]
    [1.9, 36.5, 179.9]
    """
    used = rules or Rules()
    if len(days) < 2 or min(days) <= 0:
        least = min(days, default=0)
        msg = f"{len(days)} times between events, the shortest {least} days. Give two or more, all above 0."
        raise InvalidInput(msg)
    roots = [float(day) ** (1 / _NELSON) for day in days]
    found = limits(roots, factor=used.limit_factor, screen_factor=used.screen_factor)
    low, middle, high = (max(float(x), 0.0) ** _NELSON for x in (found.lower, found.mean, found.upper))
    return low, middle, high
