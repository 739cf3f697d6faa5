"""What a settlement is made of: cash that may pay, routes, transfers and what stays unpaid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from partnership.errors import InvalidInput
from partnership.money import round_pounds

__all__ = [
    "INDICATIVE", "NATURES", "NOT_PAYABLE", "NO_ROUTE", "PAYABLE", "ROUTES", "SURE", "Balance", "Cash", "Contract", "Nature", "NotPaid", "Route",
    "Settlement", "SettlementYear", "Transfer",
]  # fmt: skip

INDICATIVE = "Indicative, not an invoice."
NOT_PAYABLE = "Not payable until turned into cash"
NO_ROUTE = "no route"
ROUTES = ("pooled fund", "transfer agreement", "grant", "recharge")
"""Ways by which money may pass between public bodies."""

Nature = Literal["revenue", "capital"]
NATURES: tuple[Nature, ...] = ("revenue", "capital")
PAYABLE = "cash-releasing"
SURE = ("realised", "contracted")


@dataclass(frozen=True, slots=True)
class Cash:
    """A benefit of one agency in one financial year, as it may or may not fund a transfer.

    Parameters
    ----------
    amount_gbp : Decimal
        Pounds of the day, or of the settlement's price year when ``is_real``; negative for a dis-benefit.
    benefit_class : str
        Of the appraisal. Only cash-releasing is paid.
    state : {"realised", "contracted", "forecast"}
        Only realised and contracted cash is paid; a dis-benefit counts whatever its state.
    ring_fenced : bool
        True for money that a grant's conditions tie to one purpose.
    source : str
        What brings it: the benefit's title.
    """

    agency_id: str
    financial_year: int
    amount_gbp: Decimal
    benefit_class: str = PAYABLE
    state: Literal["realised", "contracted", "forecast"] = "forecast"
    nature: Nature = "revenue"
    ring_fenced: bool = False
    is_real: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """By what arrangement one agency may pay another, where that stands, and from when to when.

    Parameters
    ----------
    name : str
        One of ``ROUTES``.
    nature : {"revenue", "capital"} or None
        The money it lets pass; None: both.
    starts_on, ends_on : datetime.date or None
        First and last day; None: no bound. It serves every financial year of which it holds a day.
    agreement_id : str
        The plan's agreement that has it; empty where it was given otherwise.
    """

    payer_id: str
    receiver_id: str
    name: str
    reference: str = ""
    nature: Nature | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    agreement_id: str = ""

    def __post_init__(self) -> None:
        """Refuse a route that is none of the four."""
        if self.name not in ROUTES:
            msg = f"{self.name!r} is no route. Choose {', '.join(ROUTES)}, or leave it out: 'no route'."
            raise InvalidInput(msg)

    def serves(self, payer_id: str, receiver_id: str, nature: str, year: int) -> bool:
        """Tell whether money of a nature may pass by it from one agency to another in a financial year.

        Examples
        --------
        >>> pool = Route("POL", "COU", "pooled fund", nature="revenue", starts_on=dt.date(2027, 7, 1))
        >>> [pool.serves("POL", "COU", "revenue", year) for year in (2026, 2027)]
        [False, True]
        """
        parties = (self.payer_id, self.receiver_id) == (payer_id, receiver_id)
        starts = self.starts_on is None or self.starts_on < dt.date(year + 1, 4, 1)
        ends = self.ends_on is None or self.ends_on >= dt.date(year, 4, 1)
        return parties and self.nature in (None, nature) and starts and ends


@dataclass(frozen=True, slots=True)
class Contract:
    """How much of an agency's part of a cash-releasing benefit is under contract in one financial year.

    Parameters
    ----------
    share : Fraction
        Of the year's cash.
    amount_gbp : Decimal
        Beside the share, real pounds of the settlement's prices.
    """

    share: Fraction = Fraction(0)
    amount_gbp: Decimal = Decimal(0)

    def of(self, cash_gbp: Decimal) -> Decimal:
        """Return the part of a year's cash that is under contract: never more than there is, never below nil.

        Examples
        --------
        >>> Contract(Fraction(1, 2)).of(Decimal("100.01")), Contract(amount_gbp=Decimal(70)).of(Decimal(50))
        (Decimal('50.01'), Decimal('50'))
        """
        exact = Fraction(cash_gbp) * self.share
        sure = round_pounds(Decimal(exact.numerator) / Decimal(exact.denominator)) + self.amount_gbp
        return max(Decimal(0), min(cash_gbp, sure))


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment: nominal pounds, with the same in real pounds and the step between them."""

    financial_year: int
    nature: str
    payer_id: str
    receiver_id: str
    amount_gbp: Decimal
    real_gbp: Decimal
    price_step: Decimal
    route: str
    reference: str
    agreement_id: str = ""

    @property
    def has_route(self) -> bool:
        """False when no arrangement lets the money pass."""
        return self.route != NO_ROUTE


@dataclass(frozen=True, slots=True)
class Balance:
    """An agency in one year and nature: what its cash could fund, what it pays (negative) or receives."""

    financial_year: int
    nature: str
    agency_id: str
    available_gbp: Decimal
    amount_gbp: Decimal


@dataclass(frozen=True, slots=True)
class SettlementYear:
    """A year's two steps from present value to cash: discount factor, and prices of the day per real pound."""

    financial_year: int
    discount_factor: Decimal
    price_step: Decimal
    paid_gbp: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class NotPaid:
    """Benefit that informs the shares and is never paid: how much, of whom, in which year, and why."""

    agency_id: str
    financial_year: int
    amount_gbp: Decimal
    source: str
    reason: str


@dataclass(frozen=True)
class Settlement:
    """A schedule of transfers.

    Parameters
    ----------
    transfers : tuple[Transfer, ...]
        By year, revenue before capital, the largest first; none of nothing.
    balances : tuple[Balance, ...]
        They sum to zero in each year and nature.
    years : tuple[SettlementYear, ...]
        The steps from present value over real pounds to pounds of the day.
    unfunded_pv_gbp : Mapping[str, Decimal]
        What each agency would still receive (positive) or owe at the end, at present value; sums to zero.
    not_paid : tuple[NotPaid, ...]
        Benefit that may not fund a transfer.
    sentences : tuple[str, ...]
        What must stand on every copy.
    unpriced_years : tuple[int, ...]
        Years with neither a published deflator nor a stated inflation. Where there are any, every amount of the
        schedule is in real pounds and nothing is payable.
    """

    transfers: tuple[Transfer, ...]
    balances: tuple[Balance, ...]
    years: tuple[SettlementYear, ...]
    unfunded_pv_gbp: Mapping[str, Decimal]
    not_paid: tuple[NotPaid, ...]
    sentences: tuple[str, ...]
    unpriced_years: tuple[int, ...] = ()

    @property
    def is_payable(self) -> bool:
        """False where amounts are real pounds: real pounds are no cash."""
        return not self.unpriced_years

    @property
    def total_gbp(self) -> Decimal:
        """All transfers, pounds of the day; real pounds where nothing is payable."""
        return sum((t.amount_gbp for t in self.transfers), Decimal(0))

    @property
    def without_route(self) -> tuple[Transfer, ...]:
        """Transfers that no arrangement yet lets pass."""
        return tuple(t for t in self.transfers if not t.has_route)
