"""Rates of return and payback of net fiscal flows, with words for what has no number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from partnership._roi.ledger import LedgerRow
from partnership._roi.returns import internal_rates, modified_internal_rate, payback
from partnership._roi.settings import Settings
from partnership.parameters import discount_schedule
from partnership.wording import count_of

__all__ = ["Returns", "returns_of"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Returns:
    """Rates of return and payback of a scope's yearly net fiscal flows, real.

    Parameters
    ----------
    flows : tuple[Decimal, ...]
        Fiscal benefit less cost by year.
    rates : tuple[float, ...]
        All real internal rates of return above -100%, ascending.
    rate : float or None
        The headline: only when there is exactly one and the cost comes first.
    rate_words : str
        The rate, or why there is no headline.
    modified_rate : float or None
        With the first year's discount rate for finance and reinvestment.
    payback_years, discounted_payback_years : Decimal or None
        Interpolated within the year; None: not within the horizon.
    payback_whole_years : int or None
        The first year at whose end the sum is not below zero.
    reverses : bool
        True when the sum falls below zero again after the first crossing.
    payback_words : str
        One sentence.
    """

    flows: tuple[Decimal, ...]
    rates: tuple[float, ...]
    rate: float | None
    rate_words: str
    modified_rate: float | None
    payback_years: Decimal | None
    payback_whole_years: int | None
    discounted_payback_years: Decimal | None
    reverses: bool
    payback_words: str


def returns_of(rows: Sequence[LedgerRow], settings: Settings) -> Returns:
    """Return rates and payback of the net fiscal flows of some rows of the ledger.

    The discounted payback discounts costs and benefits each by their own factors, so that it follows the
    convention for year 0.
    """
    by_year: dict[int, Decimal] = dict.fromkeys(settings.years, _ZERO)
    benefit: dict[int, Decimal] = dict.fromkeys(settings.years, _ZERO)
    for row in rows:
        by_year[row.financial_year] += row.net_gbp
        benefit[row.financial_year] += row.fiscal_gbp
    flows = tuple(by_year.values())
    rates = internal_rates([float(f) for f in flows])
    lends = next((f > 0 for f in flows if f), False)
    rate = rates[0] if len(rates) == 1 and not lends else None
    first = float(discount_schedule(settings.schedule, settings.vintage).bands[0][1])
    has_both = any(f > 0 for f in flows) and any(f < 0 for f in flows)
    plain = payback(flows)
    present = [
        b * fb - (b - n) * fc
        for n, b, fb, fc in zip(
            flows, benefit.values(), settings.benefit_factors, settings.cost_factors, strict=True
        )
    ]
    discounted = payback(present)
    pays = any(f < 0 for f in flows)
    return Returns(
        flows, rates, rate, _rate_words(rates, flows),
        modified_internal_rate([float(f) for f in flows], first, first) if has_both else None,
        plain.interpolated_years if pays else None, plain.whole_years if pays else None,
        discounted.interpolated_years if pays else None, plain.reverses and pays,
        _payback_words(flows, plain.reverses, plain.interpolated_years),
    )  # fmt: skip


def _rate_words(rates: tuple[float, ...], flows: Sequence[Decimal]) -> str:
    if len(rates) == 1 and next(f > 0 for f in flows if f):
        return "No headline: the gain comes first and the cost after it, so a rate would be that of a loan."
    if len(rates) == 1:
        return f"{rates[0]:.1%} a year, real"
    if len(rates) > 1:
        listed = ", ".join(f"{r:.1%}" for r in rates)
        return f"No headline: {count_of(len(rates), 'rate')} fit ({listed}). Use the net present value."
    if not any(flows):
        return "None: there is no money."
    signs = {f > 0 for f in flows if f}
    return "None: the flows never change sign." if len(signs) == 1 else "None: no real rate fits."


def _payback_words(flows: Sequence[Decimal], reverses: bool, years: Decimal | None) -> str:
    if not any(flows):
        return "There is no money to pay back."
    if all(f >= 0 for f in flows) or min(accumulate(flows)) >= 0:
        return "Never in the red: there is nothing to pay back."
    if years is None:
        return f"Not paid back within {count_of(len(flows), 'year')}."
    words = f"Paid back after {years:.1f} years." if years else "In the black from the first year."
    return f"{words} It falls below nil again later: the first crossing misleads." if reverses else words
