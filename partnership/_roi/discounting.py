"""Discount factors by dated schedule, and present values with the year-0 convention as a visible switch."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from partnership._roi.guards import finite
from partnership.errors import InvalidInput
from partnership.parameters import discount_schedule

__all__ = ["Year0", "annuity_factor", "discount_factor", "equivalent_annual_value", "net_present_value"]

Year0 = Literal["first flow is today", "first flow is at the end of year 1"]
"""Green Book: the first flow is today and is not discounted. WSIPP and Excel's NPV: it is a year away."""

GREEN_BOOK: Year0 = "first flow is today"
END_OF_YEAR: Year0 = "first flow is at the end of year 1"


def discount_factor(year: int, *, schedule: str = "standard", vintage: str | None = None) -> Decimal:
    """Return what one real pound in a later year is worth today.

    Product over years 1 … t of 1 / (1 + rate of that year). The rates fall in steps; a lower rate is never
    applied back to year 0: factor[31] = factor[30] / 1.03. Year 0 is 1.

    Parameters
    ----------
    year : int
        Years from today; 0 or more.
    schedule : {"standard", "health", "reduced"}
        Which schedule of the vintage; "health" is for life and health effects, not for pounds of the NHS.
    vintage : str, optional
        Which edition; the one in force by default.

    Returns
    -------
    Decimal
        Factor between 0 and 1, not rounded.

    Raises
    ------
    InvalidInput
        If the year is negative or beyond the schedule's last band.

    Source
    ------
    HM Treasury, *The Green Book*, declining long-term discount rates.

    Examples
    --------
    >>> [round(discount_factor(y), 4) for y in (0, 30, 31, 75)]
    [Decimal('1.0000'), Decimal('0.3563'), Decimal('0.3459'), Decimal('0.0942')]
    """
    if year < 0:
        msg = f"Year {year} lies before today. Give a year of 0 or more."
        raise InvalidInput(msg)
    factor, reached = Decimal(1), 0
    for last, rate in discount_schedule(schedule, vintage).bands:
        years = min(year, last) - reached
        factor /= (1 + rate) ** years
        reached += years
        if reached == year:
            return factor
    msg = f"The schedule {schedule!r} ends at year {reached}; year {year} is beyond it. Shorten the horizon."
    raise InvalidInput(msg)


def net_present_value(flows: Sequence[Decimal], rate: Decimal, *, year0: Year0 = GREEN_BOOK) -> Decimal:
    """Return the value today of yearly flows at one rate.

    Sum over t of flow[t] / (1 + rate)**t, with t = 0 for the first flow by the Green Book's convention and t
    = 1 by that of WSIPP and of Excel's NPV; the two differ by exactly 1 + rate. No flow is worth 0.

    Parameters
    ----------
    flows : Sequence[Decimal]
        Pounds a year, costs negative; all real or all nominal.
    rate : Decimal
        Yearly rate as a fraction, above -1, of the same base as the flows.
    year0 : Year0
        When the first flow falls.

    Returns
    -------
    Decimal
        Pounds of today, not rounded.

    Raises
    ------
    InvalidInput
        If the rate is -1 or less, or a number is not finite.

    Source
    ------
    HM Treasury, *The Green Book*; for the other convention Aos, *WSIPP benefit-cost model* (2013).

    Examples
    --------
    >>> flows = [Decimal(x) for x in (-10000, 3000, 4200, 6800)]
    >>> round(net_present_value(flows, Decimal("0.1")), 2)
    Decimal('1307.29')
    >>> round(net_present_value(flows, Decimal("0.1"), year0=END_OF_YEAR), 2)
    Decimal('1188.44')
    """
    finite("rate", [rate])
    finite("flow", flows)
    if rate <= -1:
        msg = f"A rate of {rate} leaves nothing to divide by. Give a fraction above -1: 0.035."
        raise InvalidInput(msg)
    start = 0 if year0 == GREEN_BOOK else 1
    return sum((f / (1 + rate) ** t for t, f in enumerate(flows, start)), Decimal(0))


def annuity_factor(years: int, rate: Decimal) -> Decimal:
    """Return the present value of a pound a year, paid at the end of each: (1 - (1 + r)**-n) / r.

    Examples
    --------
    >>> round(annuity_factor(5, Decimal("0.035")), 4)
    Decimal('4.5151')
    """
    finite("rate", [rate])
    if years < 1:
        msg = f"{years} years make no annuity. Give 1 or more."
        raise InvalidInput(msg)
    return sum((1 / (1 + rate) ** t for t in range(1, years + 1)), Decimal(0))


def equivalent_annual_value(present_value: Decimal, years: int, rate: Decimal) -> Decimal:
    """Return the level yearly amount that has a present value over some years: PV / annuity factor.

    Source
    ------
    HM Treasury, *The Green Book*, equivalent annual net value.

    Examples
    --------
    >>> flows = [Decimal(x) for x in (-100, 30, 30, 30, 30, 30)]
    >>> round(equivalent_annual_value(net_present_value(flows, Decimal("0.035")), 5, Decimal("0.035")), 4)
    Decimal('7.8519')
    """
    finite("present value", [present_value])
    return present_value / annuity_factor(years, rate)
