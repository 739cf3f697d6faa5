"""The small value by which benefits, contributions and appraisal meet: money of one agency in one month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["CashFlow"]


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Pounds that one agency pays (negative) or gains (positive) in one period.

    Parameters
    ----------
    agency_id : str
        Whose money.
    period : datetime.date
        First day of the period.
    amount_gbp : Decimal
        Pounds; costs negative, returns positive.
    price_year : str or None
        None for pounds of the day, else the financial year of the prices, ``"2025/26"``.
    """

    agency_id: str
    period: dt.date
    amount_gbp: Decimal
    price_year: str | None = None
