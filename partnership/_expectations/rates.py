"""One common rate: 1,250 a quarter and 5,000 a year are the same thing said twice."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from partnership.errors import UnknownName

__all__ = ["PERIODS", "common_rate", "months_between", "periods_a_year"]

PERIODS: dict[str, int] = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
"""How often each period comes in a year, as the views count them."""


def periods_a_year(per: str) -> int:
    """Return how often a period comes in a year.

    Raises
    ------
    UnknownName
        If it is no period: a stock ("in all") has none.

    Examples
    --------
    >>> periods_a_year("quarter")
    4
    """
    if per not in PERIODS:
        raise UnknownName("period", per, PERIODS)
    return PERIODS[per]


def common_rate(quantity: Decimal | Fraction | float, per: str, compared_per: str) -> Fraction | None:
    """Bring a quantity to the period in which it is compared, exactly.

    rate = quantity × periods a year of what was said / periods a year of what is compared. "In all" goes with
    "in all" only; any other mix has no common rate, which is None.

    Parameters
    ----------
    quantity : Decimal, Fraction or float
        What was said, 0 or more, in the measure's unit.
    per, compared_per : str
        The period that it was said for, and the one that partners are compared on.

    Examples
    --------
    >>> common_rate(1250, "quarter", "year") == common_rate(5000, "year", "year")
    True
    >>> common_rate(5, "in all", "year") is None
    True
    """
    if per == "in all" or compared_per == "in all":
        return Fraction(quantity) if per == compared_per else None
    return Fraction(quantity) * periods_a_year(per) / periods_a_year(compared_per)


def months_between(first: object, last: object) -> int:
    """Return the whole months from one day's month to another's: never a false precision of days.

    Examples
    --------
    >>> import datetime as dt
    >>> months_between(dt.date(2026, 6, 30), dt.date(2029, 3, 31))
    33
    """
    years = int(getattr(last, "year")) - int(getattr(first, "year"))  # noqa: B009 - any day will do
    return years * 12 + int(getattr(last, "month")) - int(getattr(first, "month"))  # noqa: B009
