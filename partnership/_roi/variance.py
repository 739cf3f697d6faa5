"""Forecast, actual and re-forecast of one line: a variance split into volume, price, timing and attribution.

A year's amount is volume x price x timing x attribution: how many outcomes a full year brings, pounds for
each, the part of a full year that falls in this one, and the share that is the partnership's own doing. The
parts of a variance add up to it exactly, to the penny; what no driver explains is named, not spread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from partnership._roi.games import exact
from partnership._roi.model import DEDUCTIONS, Line, Settings
from partnership._roi.sharing import to_the_penny
from partnership.errors import InvalidInput
from partnership.money import round_pounds
from partnership.periods import name_financial_year

__all__ = [
    "DRIVERS",
    "UNEXPLAINED",
    "Actual",
    "Comparison",
    "Drivers",
    "Variance",
    "compare_line",
    "drivers_of",
    "variance",
]

DRIVERS = ("volume", "price", "timing", "attribution")
"""Drivers of an amount, in the order in which a sequential split takes them."""

UNEXPLAINED = "not explained"

_CREDIT = (*DEDUCTIONS, "optimism bias")


@dataclass(frozen=True, slots=True)
class Drivers:
    """What makes a year's amount.

    Parameters
    ----------
    volume : Fraction
        Outcomes in a full year.
    price : Fraction
        Pounds for each; negative for a dis-benefit.
    timing : Fraction
        Full years' worth that falls in this year: lag, ramp-up, drop-off and months.
    attribution : Fraction
        Share credited: what would have happened anyway, what is due to others, and optimism taken off.
    """

    volume: Fraction
    price: Fraction
    timing: Fraction
    attribution: Fraction

    @property
    def amount(self) -> Fraction:
        """Pounds, unrounded: volume x price x timing x attribution."""
        return self.volume * self.price * self.timing * self.attribution


@dataclass(frozen=True, slots=True)
class Actual:
    """What was read of a line in a year: its money, and those drivers that were read too.

    Parameters
    ----------
    amount_gbp : Decimal or None
        None: not read, for the reason in ``missing``; never taken for nothing.
    """

    amount_gbp: Decimal | None
    volume: Decimal | None = None
    price: Decimal | None = None
    timing: Decimal | None = None
    attribution: Decimal | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Variance:
    """The difference of two amounts, and its parts, to the penny.

    Parameters
    ----------
    from_gbp, to_gbp, total_gbp : Decimal
        ``total_gbp`` = to - from.
    parts_gbp : Mapping[str, Decimal]
        By driver, and what none explains; they make the total exactly.
    note : str
        How it was split, and what was not read.
    not_read : tuple[str, ...]
        Drivers that were not read and are held at the forecast: their part is no finding.
    """

    from_gbp: Decimal
    to_gbp: Decimal
    total_gbp: Decimal
    parts_gbp: Mapping[str, Decimal]
    note: str
    not_read: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Forecast, actual and re-forecast of one line in one year; a variance is None where one side is missing."""

    line_id: str
    title: str
    financial_year: int
    forecast_gbp: Decimal
    actual_gbp: Decimal | None
    reforecast_gbp: Decimal | None
    actual_variance: Variance | None
    reforecast_variance: Variance | None
    missing: str | None


def drivers_of(line: Line, settings: Settings, year: int) -> Drivers:
    """Return the drivers of a line in a financial year; their product is the line's amount that year.

    A line without a chain has a volume of one and its full year's value as price.

    Raises
    ------
    InvalidInput
        If the year is not appraised, or the line has no value.

    Examples
    --------
    >>> import datetime as dt
    >>> line = Line("B", "b", "fiscal", "no release", {}, dt.date(2025, 10, 1), 24, full_year_gbp=Decimal(100))
    >>> float(drivers_of(line, Settings(2025), 2025).amount)
    50.0
    """
    if year not in settings.years:
        msg = f"{name_financial_year(year)} is not appraised. Choose {name_financial_year(settings.years[0])} to {name_financial_year(settings.years[-1])}."
        raise InvalidInput(msg)
    if line.missing:
        msg = f"“{line.title}” has no value: {line.missing}. Give it one before it is compared."
        raise InvalidInput(msg)
    bias = 1 + line.optimism_bias if line.is_disbenefit else 1 - line.optimism_bias
    weights = line.year_weights(settings.first_year, settings.horizon_years)
    timing = Fraction(weights[year - settings.first_year])
    if line.unit_value is None:
        return Drivers(Fraction(1), Fraction(line.full_year_gbp or 0), timing, Fraction(bias))
    volume, credit = Fraction(1), Fraction(bias)
    for assumed in line.chain:
        if assumed.step in _CREDIT:
            credit *= Fraction(assumed.factor)
        else:
            volume *= Fraction(assumed.factor)
    return Drivers(volume, line.sign * Fraction(line.unit_value.factor), timing, credit)


def variance(before: Drivers, after: Drivers, *, order: tuple[str, ...] | None = None) -> Variance:
    """Split the difference of two amounts into its drivers.

    By default each driver gets the mean, over all 24 orders of changing one driver after the other, of what
    its change made: no order is preferred and nothing is left over. With an ``order`` drivers change in that
    order only, as in standard costing.

    Parameters
    ----------
    before, after : Drivers
        Forecast, and actual or re-forecast.
    order : tuple[str, ...], optional
        The four drivers in the order in which they change.

    Returns
    -------
    Variance
        Parts that add up exactly; rounded to the penny by largest remainder.

    Raises
    ------
    InvalidInput
        If ``order`` is not the four drivers.

    Source
    ------
    Shorrocks, "Decomposition procedures for distributional analysis", *Journal of Economic Inequality* 11
    (2013); Sun, "Accounting for the changes", *Energy Economics* 20 (1998). Sequential: Horngren, *Cost
    Accounting*.

    Examples
    --------
    >>> was = Drivers(Fraction(100), Fraction(10), Fraction(1), Fraction(1))
    >>> now = Drivers(Fraction(80), Fraction(12), Fraction(1), Fraction(1))
    >>> {k: str(v) for k, v in variance(was, now).parts_gbp.items() if v}
    {'volume': '-220.00', 'price': '180.00'}
    >>> {k: str(v) for k, v in variance(was, now, order=DRIVERS).parts_gbp.items() if v}
    {'volume': '-200.00', 'price': '160.00'}
    """
    if order is not None and sorted(order) != sorted(DRIVERS):
        msg = f"{order!r} is no order of the drivers. Give {', '.join(DRIVERS)} in any order."
        raise InvalidInput(msg)
    orders = [order] if order else list(permutations(DRIVERS))
    parts = dict.fromkeys(DRIVERS, Fraction(0))
    for one in orders:
        at = before
        for driver in one:
            then = replace(at, **{driver: getattr(after, driver)})
            parts[driver] += (then.amount - at.amount) / len(orders)
            at = then
    how = f"One after the other: {', '.join(order)}." if order else "The mean over all orders of change."
    return _in_pence(before.amount, after.amount, parts, how)


def _in_pence(before: Fraction, after: Fraction, parts: Mapping[str, Fraction], note: str) -> Variance:
    """Round both amounts, then the parts so that they make the difference of the rounded amounts."""
    was, now = to_the_penny({"": before})[""], to_the_penny({"": after})[""]
    rounded = to_the_penny(parts)
    odd = now - was - sum(rounded.values(), Decimal(0))
    if odd:
        largest = max(parts, key=lambda k: (abs(parts[k]), k))
        rounded[largest] += odd
    return Variance(was, now, now - was, rounded, note)


def compare_line(
    line: Line,
    settings: Settings,
    year: int,
    *,
    actual: Actual | None = None,
    reforecast: Line | None = None,
    order: tuple[str, ...] | None = None,
) -> Comparison:
    """Set a line's forecast beside what was read and what is now expected.

    A driver that was not read is held at its forecast; where just one was not read and the others are above
    or below 0, it follows from the amount. What is left is "not explained".

    Parameters
    ----------
    line : Line
        The forecast.
    actual : Actual, optional
        What was read, at the settings' prices. A missing amount gives no variance, and never nothing.
    reforecast : Line, optional
        The same benefit as it is now expected.

    Raises
    ------
    InvalidInput
        If the year is not appraised, a line has no value, or the re-forecast is of another line.

    Examples
    --------
    >>> import datetime as dt
    >>> line = Line("B", "b", "fiscal", "no release", {}, dt.date(2025, 4, 1), 24, full_year_gbp=Decimal(100))
    >>> found = compare_line(line, Settings(2025), 2025, actual=Actual(Decimal(80), timing=Decimal("0.75")))
    >>> {k: str(v) for k, v in found.actual_variance.parts_gbp.items() if v}
    {'timing': '-25.00', 'not explained': '5.00'}
    """
    if reforecast is not None and reforecast.id != line.id:
        msg = f"“{reforecast.title}” is not a re-forecast of “{line.title}”. Compare one line with itself."
        raise InvalidInput(msg)
    was = drivers_of(line, settings, year)
    again = drivers_of(reforecast, settings, year) if reforecast is not None else None
    read = None if actual is None else actual.amount_gbp
    return Comparison(
        line.id, line.title, year, to_the_penny({"": was.amount})[""],
        None if read is None else round_pounds(read),
        None if again is None else to_the_penny({"": again.amount})[""],
        None if actual is None or read is None else _of_actual(was, actual, read, order),
        None if again is None else variance(was, again, order=order),
        None if read is not None else (actual.missing if actual and actual.missing else "not read"),
    )  # fmt: skip


def _of_actual(was: Drivers, actual: Actual, amount: Decimal, order: tuple[str, ...] | None) -> Variance:
    whole = exact(round_pounds(amount))
    read = {d: exact(v) for d in DRIVERS if (v := getattr(actual, d)) is not None}
    unread = [d for d in DRIVERS if d not in read]
    rest = Fraction(1)
    for value in read.values():
        rest *= value
    followed = ""
    if len(unread) == 1 and rest:
        read[unread[0]] = whole / rest
        followed = f" {unread[0].capitalize()} follows from the amount."
        unread = []
    after = replace(was, **read)
    found = variance(was, after, order=order)
    held = f" Not read, and held at the forecast: {', '.join(unread)}." if unread else ""
    parts = {**found.parts_gbp, UNEXPLAINED: round_pounds(amount) - found.to_gbp}
    return Variance(
        found.from_gbp,
        round_pounds(amount),
        round_pounds(amount) - found.from_gbp,
        parts,
        found.note + followed + held,
        tuple(unread),
    )
