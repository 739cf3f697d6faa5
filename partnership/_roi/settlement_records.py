"""What a settlement is made of: cash that may pay, routes, transfers and what stays unpaid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from partnership.errors import InvalidInput

__all__ = [
    "INDICATIVE", "NATURES", "NOT_PAYABLE", "NO_ROUTE", "PAYABLE", "ROUTES", "SURE", "Balance", "Cash", "Nature", "NotPaid", "Route",
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
    """By what arrangement one agency may pay another, and where that stands."""

    payer_id: str
    receiver_id: str
    name: str
    reference: str = ""
    nature: Nature | None = None

    def __post_init__(self) -> None:
        """Refuse a route that is none of the four."""
        if self.name not in ROUTES:
            msg = f"{self.name!r} is no route. Choose {', '.join(ROUTES)}, or leave it out: 'no route'."
            raise InvalidInput(msg)


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
