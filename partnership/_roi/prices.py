"""Price bases: bringing money of one year to the prices of another, and never mixing real with nominal."""

from __future__ import annotations

from decimal import Decimal

from partnership._roi.guards import finite
from partnership.errors import InvalidInput
from partnership.parameters import deflator

__all__ = ["at_prices_of", "inflation_rate", "nominal_rate", "real_rate"]


def at_prices_of(amount: Decimal, from_year: int, to_year: int, *, vintage: str | None = None) -> Decimal:
    """Bring an amount of money from the prices of one calendar year to those of another.

    amount x index[to_year] / index[from_year], with the GDP deflator at market prices (never the CPI).
    Real-terms uprating only: no allowance for growth in real incomes.

    Parameters
    ----------
    amount : Decimal
        Pounds at the prices of ``from_year``.
    from_year, to_year : int
        Calendar years; a financial year is priced at the calendar year in which it starts.
    vintage : str, optional
        Which release of the deflator; the newest by default.

    Returns
    -------
    Decimal
        Pounds at the prices of ``to_year``, not rounded.

    Raises
    ------
    InvalidInput
        If the deflator has no value for a year.

    Source
    ------
    HM Treasury, *GDP deflators at market prices, and money GDP*, December 2025.

    Examples
    --------
    >>> round(at_prices_of(Decimal(51080), 2013, 2024), 2)
    Decimal('69515.99')
    """
    finite("amount", [amount])
    return amount * deflator(vintage).ratio(from_year, to_year)


def nominal_rate(real: Decimal, inflation: Decimal) -> Decimal:
    """Return the nominal rate that a real rate and inflation make together: (1 + n) = (1 + r)(1 + i).

    Parameters
    ----------
    real, inflation : Decimal
        Yearly rates as fractions, 0.035 for 3.5%.

    Returns
    -------
    Decimal
        Yearly nominal rate as a fraction.

    Raises
    ------
    InvalidInput
        If a rate is -100% or less.

    Source
    ------
    Fisher, *The Theory of Interest* (1930).

    Examples
    --------
    >>> nominal_rate(Decimal("0.035"), Decimal("0.02"))
    Decimal('0.05570')
    """
    _check(real, inflation)
    return (1 + real) * (1 + inflation) - 1


def real_rate(nominal: Decimal, inflation: Decimal) -> Decimal:
    """Return the real rate behind a nominal rate: r = (1 + n) / (1 + i) - 1.

    Examples
    --------
    >>> real_rate(Decimal("0.0557"), Decimal("0.02"))
    Decimal('0.035')
    """
    _check(nominal, inflation)
    return (1 + nominal) / (1 + inflation) - 1


def inflation_rate(nominal: Decimal, real: Decimal) -> Decimal:
    """Return the inflation that lies between a nominal and a real rate: i = (1 + n) / (1 + r) - 1.

    Examples
    --------
    >>> inflation_rate(Decimal("0.0557"), Decimal("0.035"))
    Decimal('0.02')
    """
    _check(nominal, real)
    return (1 + nominal) / (1 + real) - 1


def _check(*rates: Decimal) -> None:
    for rate in rates:
        if not rate.is_finite() or rate <= -1:
            msg = f"A yearly rate of {rate} leaves nothing to divide by. Give a fraction above -1: 0.035."
            raise InvalidInput(msg)
