"""Rates of return and payback of yearly flows: every root, a headline only when it is the only one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

import numpy as np
from scipy.optimize import brentq

from partnership._roi.guards import finite
from partnership.errors import InvalidInput

__all__ = [
    "Payback",
    "dated_present_value",
    "dated_rate",
    "internal_rates",
    "modified_internal_rate",
    "payback",
    "unique_internal_rate",
]

_GRID = np.concatenate([np.linspace(-0.999999, 1, 4001), np.geomspace(1.0001, 1e6, 2000)])


def internal_rates(flows: Sequence[float]) -> tuple[float, ...]:
    """Return every real rate above -100% at which the flows are worth nothing.

    The roots of sum of flow[t] / (1 + r)**t = 0, as roots of the polynomial in 1 / (1 + r). Flows that never
    change sign have none. By Descartes' rule there are at most as many roots as changes of sign.

    Parameters
    ----------
    flows : Sequence[float]
        Pounds a year, the first today; costs negative.

    Returns
    -------
    tuple[float, ...]
        Rates as fractions, ascending; empty when there is none.

    Raises
    ------
    InvalidInput
        If a flow is not finite.

    Source
    ------
    Brealey, Myers and Allen, *Principles of Corporate Finance*, on multiple rates of return.

    Examples
    --------
    >>> [round(r, 6) for r in internal_rates([-100, 230, -132])]
    [0.1, 0.2]
    >>> internal_rates([-1, -2, -3])
    ()
    """
    amounts = np.trim_zeros(np.asarray(flows, dtype=float))
    if not np.isfinite(amounts).all():
        msg = "A flow is not a finite number. Give pounds for every year."
        raise InvalidInput(msg)
    if amounts.size < 2 or (amounts > 0).all() or (amounts < 0).all() or _changes_of_sign(amounts) == 0:
        return ()
    factors = np.roots(amounts[::-1])
    near = factors[np.abs(factors.imag) < 1e-7 * np.maximum(1, np.abs(factors.real))].real
    rates = [_polished(1 / v - 1, amounts) for v in near if v > 0]
    distinct: list[float] = []
    for rate in sorted(r for r in rates if r is not None):
        if not distinct or abs(rate - distinct[-1]) > 1e-7 * (1 + abs(rate)):
            distinct.append(rate)
    return tuple(distinct)


def _changes_of_sign(amounts: np.ndarray) -> int:
    signs = np.sign(amounts[amounts != 0])
    return int((signs[1:] != signs[:-1]).sum())


def _polished(rate: float, amounts: np.ndarray) -> float | None:
    """Bring a root to machine precision by Newton's steps; None if it turns out to be no root."""
    factor = 1 / (1 + rate)
    value, slope = np.polynomial.Polynomial(amounts), np.polynomial.Polynomial(amounts).deriv()
    for _ in range(50):
        steep = slope(factor)
        if steep == 0:
            break
        step = value(factor) / steep
        factor -= step
        if abs(step) < 1e-15 * abs(factor):
            break
    scale = float(np.abs(amounts * factor ** np.arange(amounts.size)).sum())
    return float(1 / factor - 1) if factor > 0 and abs(value(factor)) <= 1e-9 * scale else None


def unique_internal_rate(flows: Sequence[float]) -> float | None:
    """Return the internal rate of return if there is exactly one, else None: several roots make no headline.

    Examples
    --------
    >>> round(unique_internal_rate([-70000, 12000, 15000, 18000, 21000]), 4)
    -0.0212
    >>> unique_internal_rate([-100, 230, -132]) is None
    True
    """
    rates = internal_rates(flows)
    return rates[0] if len(rates) == 1 else None


def modified_internal_rate(flows: Sequence[float], finance_rate: float, reinvest_rate: float) -> float | None:
    """Return the modified internal rate of return; None unless there are both costs and returns.

    (FV of returns at the reinvestment rate / PV of costs at the finance rate)**(1 / n) - 1, n periods from
    the first flow to the last.

    Source
    ------
    Lin, "The modified internal rate of return and investment criterion", *The Engineering Economist* (1976).

    Examples
    --------
    >>> round(modified_internal_rate([-120000, 39000, 30000, 21000, 37000, 46000], 0.10, 0.12), 6)
    0.126094
    """
    finite("flow", flows)
    finite("rate", (finance_rate, reinvest_rate))
    amounts = np.asarray(flows, dtype=float)
    years = np.arange(amounts.size)
    costs = -(np.minimum(amounts, 0) / (1 + finance_rate) ** years).sum()
    returns = (np.maximum(amounts, 0) * (1 + reinvest_rate) ** (amounts.size - 1 - years)).sum()
    if costs <= 0 or returns <= 0:
        return None
    return float((returns / costs) ** (1 / (amounts.size - 1)) - 1)


@dataclass(frozen=True, slots=True)
class Payback:
    """When the money is back.

    Parameters
    ----------
    interpolated_years : Decimal or None
        Years to the first crossing, as if flows came evenly through the year; None: never.
    whole_years : int or None
        The first year at whose end the sum is not below zero.
    reverses : bool
        True when the sum falls below zero again later: the first crossing then misleads.
    cumulative_end : Decimal
        Where the sum ends.
    """

    interpolated_years: Decimal | None
    whole_years: int | None
    reverses: bool
    cumulative_end: Decimal


def payback(flows: Sequence[Decimal], *, rate: Decimal = Decimal(0)) -> Payback:
    """Return when the cumulative flow first stops being negative.

    Interpolated: t - 1 + (-cumulative[t - 1]) / flow[t]. Discounted when a rate is given.

    Parameters
    ----------
    flows : Sequence[Decimal]
        Pounds a year, the first today.
    rate : Decimal
        Yearly rate at which flows are discounted first; 0 for the undiscounted payback.

    Source
    ------
    Brigham and Houston, *Fundamentals of Financial Management*.

    Examples
    --------
    >>> p = payback([Decimal(x) for x in (-1000, 500, 400, 300, 100)])
    >>> round(p.interpolated_years, 2), p.whole_years
    (Decimal('2.33'), 3)
    >>> payback([Decimal(x) for x in (-100, 120, 0, -50)]).reverses
    True
    """
    finite("flow", flows)
    finite("rate", [rate])
    present = [f / (1 + rate) ** t for t, f in enumerate(flows)]
    sums = list(accumulate(present, initial=Decimal(0)))[1:]
    end = sums[-1] if sums else Decimal(0)
    crossing = next((t for t, total in enumerate(sums) if total >= 0), None)
    if crossing is None:
        return Payback(None, None, reverses=False, cumulative_end=end)
    later = any(total < 0 for total in sums[crossing:])
    exact = Decimal(0) if crossing == 0 else crossing - 1 + (-sums[crossing - 1]) / present[crossing]
    return Payback(exact, crossing, reverses=later, cumulative_end=end)


def dated_present_value(amounts: Sequence[float], dates: Sequence[dt.date], rate: float) -> float:
    """Return the value of dated flows on the first date, by actual days over 365 (as Excel's XNPV).

    Examples
    --------
    >>> days = [dt.date.fromisoformat(d) for d in ("2008-01-01", "2008-03-01", "2008-10-30")]
    >>> round(dated_present_value([-10000, 2750, 4250], days, 0.09), 2)
    -3332.1
    """
    if len(amounts) != len(dates) or not amounts:
        msg = f"There are {len(amounts)} amounts and {len(dates)} dates. Give one date for each amount."
        raise InvalidInput(msg)
    finite("flow", amounts)
    finite("rate", [rate])
    return float(
        sum(a / (1 + rate) ** ((d - dates[0]).days / 365) for a, d in zip(amounts, dates, strict=True))
    )


def dated_rate(amounts: Sequence[float], dates: Sequence[dt.date]) -> float | None:
    """Return the only rate at which dated flows are worth nothing (as Excel's XIRR); None if none or several.

    Examples
    --------
    >>> dated_rate([-1, -2], [dt.date(2026, 1, 1), dt.date(2027, 1, 1)]) is None
    True
    """

    def value(rate: float) -> float:
        return dated_present_value(amounts, dates, rate)

    values = np.array([value(float(r)) for r in _GRID])
    signs = np.sign(values)
    brackets = [
        (float(a), float(b))
        for (a, b), (s, t) in zip(pairwise(_GRID), pairwise(signs), strict=True)
        if s * t < 0
    ]
    return float(brentq(value, *brackets[0], xtol=1e-13)) if len(brackets) == 1 else None
