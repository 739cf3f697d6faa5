"""How an appraisal is made: every choice, each with a sentence that is printed on every output."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from partnership._roi.discounting import discount_factor
from partnership.errors import InvalidInput
from partnership.parameters import discount_schedule
from partnership.periods import name_financial_year

__all__ = ["Convention", "OptimismRule", "Settings"]

Convention = Literal["green-book", "end-of-year", "sroi"]
"""Which flow is the first to be discounted: the visible switch of year 0."""

OptimismRule = Literal["worst grade", "own grade", "mean of grades"]
"""How the grades of several pieces of evidence make one correction."""


@dataclass(frozen=True)
class Settings:
    """How an appraisal is made. Each choice has a sentence, and all of them stand on every output.

    Parameters
    ----------
    first_year : int
        Financial year of the first flow, 2025 for 2025/26.
    horizon_years : int
        Years appraised, 1 to 100.
    price_year : str
        Financial year of the prices, ``"2025/26"``.
    vintage, schedule : str
        Edition and name of the discount rates; None for the edition in force.
    convention : Convention
        Which flow is discounted first.
    optimism_rule : OptimismRule
        How several grades make one correction.
    cost_grade : int or None
        Grade by which costs are lifted; None: costs as the finance officers state them.
    capital_kind : str or None
        Kind of capital project for HM Treasury's upper bound; capital costs only.
    mitigation : Decimal
        Share of the upper bound that has been dealt with, 0 to 1.
    deflator_vintage : str or None
        Release of the GDP deflator; None for the newest.
    inflation : Decimal or None
        Yearly inflation for years the deflator does not know; None: such amounts are left out and named.
    cost_stage : {"planned", "actual then planned"}
        Which contributions are the cost.
    value_bands : bool
        Whether the Department for Transport's value-for-money words are shown.
    tax_cost_uplift : Decimal
        Cost of raising public funds as a fraction; 0: off, as in the Green Book of 2026.
    """

    first_year: int
    horizon_years: int = 5
    price_year: str = ""
    vintage: str | None = None
    schedule: str = "standard"
    convention: Convention = "green-book"
    optimism_rule: OptimismRule = "worst grade"
    cost_grade: int | None = None
    capital_kind: str | None = None
    mitigation: Decimal = Decimal(0)
    deflator_vintage: str | None = None
    inflation: Decimal | None = None
    cost_stage: Literal["planned", "actual then planned"] = "planned"
    value_bands: bool = False
    tax_cost_uplift: Decimal = Decimal(0)
    as_of: dt.date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.horizon_years <= 100:
            msg = f"A horizon of {self.horizon_years} years cannot be appraised. Give 1 to 100 years."
            raise InvalidInput(msg)
        if self.convention not in ("green-book", "end-of-year", "sroi"):
            msg = f"{self.convention!r} is no convention. Choose green-book, end-of-year or sroi."
            raise InvalidInput(msg)
        if not re.fullmatch(r"\d{4}/\d{2}", self.price_year or name_financial_year(self.first_year)):
            msg = f"{self.price_year!r} is no price year. Write it as 2025/26."
            raise InvalidInput(msg)
        if not self.mitigation.is_finite() or not 0 <= self.mitigation <= 1:
            msg = f"A mitigation of {self.mitigation} is no share. Give 0 to 1."
            raise InvalidInput(msg)
        if not self.tax_cost_uplift.is_finite() or self.tax_cost_uplift < 0:
            msg = f"A tax-cost uplift of {self.tax_cost_uplift} is no fraction. Give 0 (off) or more: 0.2."
            raise InvalidInput(msg)
        if self.inflation is not None and not (self.inflation.is_finite() and -1 < self.inflation < 1):
            msg = f"An inflation of {self.inflation} a year cannot be used. Give a fraction: 0.02."
            raise InvalidInput(msg)

    @property
    def prices(self) -> str:
        """The price year, the first year's where none is set."""
        return self.price_year or name_financial_year(self.first_year)

    @property
    def years(self) -> range:
        """The financial years appraised."""
        return range(self.first_year, self.first_year + self.horizon_years)

    @property
    def vintage_name(self) -> str:
        """The edition in use, by name."""
        return discount_schedule(self.schedule, self.vintage).vintage

    @cached_property
    def cost_factors(self) -> tuple[Decimal, ...]:
        """Discount factor of each year's cost."""
        return self._factors(1 if self.convention == "end-of-year" else 0)

    @cached_property
    def benefit_factors(self) -> tuple[Decimal, ...]:
        """Discount factor of each year's benefit; by the SROI Guide the first year's is discounted once."""
        return self._factors(0 if self.convention == "green-book" else 1)

    def _factors(self, first: int) -> tuple[Decimal, ...]:
        return tuple(
            discount_factor(t + first, schedule=self.schedule, vintage=self.vintage)
            for t in range(self.horizon_years)
        )
