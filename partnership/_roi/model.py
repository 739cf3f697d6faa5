"""What an appraisal is made of: assumptions, benefit lines, costs and agencies.

Nothing here computes a result. Every assumption is an affine factor, offset + scale x value, so that a level
of benefit is a product of factors and years vanish into weights: the exact appraisal, the draws and the
workbook all read the same numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from partnership._roi.guards import finite
from partnership._roi.settings import Convention, OptimismRule, Settings
from partnership.errors import InvalidInput
from partnership.periods import add_months, financial_year, month_index

__all__ = [
    "DEDUCTIONS", "QUANTITIES", "SHARES", "STEPS",
    "AgencyRef", "AppraisalModel", "Assumed", "Convention", "Cost", "Line",
    "OptimismRule", "Settings", "Tie", "affine",
]  # fmt: skip

STEPS = (
    "target population", "affected", "take-up", "retention", "impact", "deadweight", "displacement",
    "leakage", "substitution", "attribution", "other", "unit value", "optimism bias", "ramp-up", "drop-off",
)  # fmt: skip
"""Steps of the chain in the order in which they are applied and shown."""

QUANTITIES = ("target population", "affected", "impact", "other")
"""Steps that may be a count; with a unit of per cent they are shares."""

SHARES = ("take-up", "retention")
"""Steps that are a share of what stood before."""

DEDUCTIONS = ("deadweight", "displacement", "leakage", "substitution", "attribution")
"""Steps that are taken off, each as 1 - value. Attribution is what is due to others, as in the SROI Guide."""

_PER_YEAR = (("a day", 365), ("a week", 52), ("a month", 12), ("a quarter", 4))


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption of a chain, with its range.

    Parameters
    ----------
    name : str
        What is assumed, in words.
    step : str
        Which link of the chain, one of ``STEPS``.
    value, low, high : Decimal
        In the assumption's own unit: 62 for 62%. Equal when nothing is known of a range.
    distribution : str
        fixed, triangular, PERT, uniform, normal or lognormal.
    shared_name : str or None
        One name for one assumption that several lines use: one draw for all of them.
    source, unit : str or None
        Where it comes from; its unit.
    confidence_grade : int or None
        1 (best evidence) to 6.
    scale, offset : Decimal
        The factor is offset + scale x value: 0.01 and 0 for a share in per cent, -0.01 and 1 for a deduction.
    """

    name: str
    step: str
    value: Decimal
    low: Decimal
    high: Decimal
    distribution: str = "fixed"
    shared_name: str | None = None
    source: str | None = None
    unit: str | None = None
    confidence_grade: int | None = None
    scale: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        finite("value assumed", (self.value, self.low, self.high, self.scale, self.offset))

    @property
    def factor(self) -> Decimal:
        """What the level is multiplied by: offset + scale x value."""
        return self.offset + self.scale * self.value

    @property
    def is_uncertain(self) -> bool:
        """True when a draw could differ from the value used."""
        return self.distribution != "fixed" and self.low < self.high

    def with_value(self, value: Decimal) -> Assumed:
        """Return the same assumption at another value."""
        return replace(self, value=value)


@dataclass(frozen=True)
class Line:
    """One benefit or dis-benefit, ready to be valued.

    Level of a full year = product of the chain's factors x unit value, or ``full_year_gbp`` where there is no
    chain; times 1 - optimism bias (1 + for a dis-benefit, whose sign is then negative). The year of benefit j
    (0, 1, …) brings level x ramp_up[j] x (1 - drop_off)**j, spread evenly over its twelve months.

    Parameters
    ----------
    category : str
        fiscal, economic or social.
    benefit_class : str
        The register's class; ``ledger.class_of`` gives the appraisal's.
    shares : Mapping[str, Fraction]
        Agency to its share; they sum to one.
    chain : tuple[Assumed, ...]
        All factors but the unit value, the ramp-up and the drop-off, in the order of ``STEPS``; a stated
        optimism bias is among them, and then ``optimism_bias`` is 0.
    unit_value : Assumed or None
        Pounds for each outcome; its scale brings it to the settings' prices.
    full_year_gbp : Decimal or None
        Level at the settings' prices where there is no chain, negative for a dis-benefit.
    starts_on : datetime.date
        First month of benefit.
    duration_months : int
        How long it lasts.
    optimism_bias : Decimal
        Correction by grade, as a fraction.
    optimism_grade : int or None
        The grade behind it.
    optimism_options : Mapping[str, Decimal]
        What the correction would be by each rule for combining grades.
    unit_cost_ids : tuple[str, ...]
        Entry of the library of unit costs, then the headlines it is a part of, nearest first.
    missing : str or None
        Why it has no value; a line with a reason counts for nothing and is named wherever a total stands.
    """

    id: str
    title: str
    category: str
    benefit_class: str
    shares: Mapping[str, Fraction]
    starts_on: dt.date
    duration_months: int
    is_disbenefit: bool = False
    additive: bool = False
    outcome_key: str | None = None
    goal_id: str | None = None
    item_ids: tuple[str, ...] = ()
    driver_agency_id: str | None = None
    chain: tuple[Assumed, ...] = ()
    unit_value: Assumed | None = None
    full_year_gbp: Decimal | None = None
    price_year: str | None = None
    ramp_up: tuple[Assumed, ...] = ()
    drop_off: Assumed | None = None
    optimism_bias: Decimal = Decimal(0)
    optimism_grade: int | None = None
    confidence_grade: int | None = None
    step_gbp: Decimal | None = None
    unit_cost_ids: tuple[str, ...] = ()
    optimism_options: Mapping[str, Decimal] = field(default_factory=dict)
    has_counterfactual: bool = False
    missing: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        finite("value of a benefit", (self.full_year_gbp, self.step_gbp, self.optimism_bias))

    @property
    def first_year(self) -> int:
        """The financial year of the first month of benefit."""
        return financial_year(self.starts_on)

    @property
    def duration_years(self) -> int:
        """Years of benefit begun."""
        return -(-self.duration_months // 12)

    @property
    def sign(self) -> int:
        """-1 for a dis-benefit, 1 for a benefit."""
        return -1 if self.is_disbenefit else 1

    @property
    def assumptions(self) -> tuple[Assumed, ...]:
        """Every assumption of the line, in the order in which it is applied."""
        tail = tuple(a for a in (self.unit_value, *self.ramp_up, self.drop_off) if a is not None)
        return (*self.chain, *tail)

    @property
    def level(self) -> Decimal:
        """Pounds of a full year before ramp-up and drop-off, after optimism bias, signed. Unrounded."""
        if self.missing:
            return Decimal(0)
        bias = 1 + self.optimism_bias if self.is_disbenefit else 1 - self.optimism_bias
        if self.unit_value is None:
            return (self.full_year_gbp or Decimal(0)) * bias
        amount = self.unit_value.factor
        for assumed in self.chain:
            amount *= assumed.factor
        return self.sign * amount * bias

    def months(self, first_year: int, horizon_years: int) -> tuple[tuple[int, ...], ...]:
        """Return the months of each year of benefit (rows) that fall in each year of the appraisal (columns).

        Examples
        --------
        >>> line = Line("B", "b", "fiscal", "no release", {}, dt.date(2026, 2, 1), 24)
        >>> line.months(2025, 3)
        ((2, 10, 0), (0, 2, 10))
        """
        start = month_index(self.starts_on)
        rows: list[tuple[int, ...]] = []
        for benefit_year in range(self.duration_years):
            low = start + 12 * benefit_year
            high = min(low + 12, start + self.duration_months)
            row = []
            for year in range(first_year, first_year + horizon_years):
                opens = year * 12 + 3
                row.append(max(0, min(high, opens + 12) - max(low, opens)))
            rows.append(tuple(row))
        while rows and not any(rows[-1]):
            rows.pop()
        return tuple(rows)

    def strength(self, benefit_year: int) -> Decimal:
        """Return ramp-up x (1 - drop-off)**j for year of benefit j."""
        ramp = self.ramp_up[benefit_year].factor if benefit_year < len(self.ramp_up) else Decimal(1)
        keep = Decimal(1) if self.drop_off is None else self.drop_off.factor
        return ramp * (keep**benefit_year if benefit_year else 1)

    def year_weights(self, first_year: int, horizon_years: int) -> tuple[Decimal, ...]:
        """Return how many full years' worth of benefit fall in each year of the appraisal.

        Examples
        --------
        >>> line = Line("B", "b", "fiscal", "no release", {}, dt.date(2026, 4, 1), 24)
        >>> line.year_weights(2025, 4)
        (Decimal('0'), Decimal('1'), Decimal('1'), Decimal('0'))
        """
        out = [Decimal(0)] * horizon_years
        for benefit_year, row in enumerate(self.months(first_year, horizon_years)):
            strength = self.strength(benefit_year)
            for year, months in enumerate(row):
                if months:
                    out[year] += strength * months / 12
        return tuple(out)


@dataclass(frozen=True, slots=True)
class Cost:
    """What an agency pays in one financial year, at the settings' prices.

    Parameters
    ----------
    amount_gbp : Decimal
        Pounds as entered; negative only for a correction.
    real_gbp : Decimal or None
        The same at the settings' prices; None where the deflator does not know the year.
    range_low, range_high : Decimal or None
        Least and most it may come to, in per cent of the amount; None: as stated.
    distribution : str
        How it is spread over that range.
    shared_name : str or None
        One name for costs that are one draw.
    range_source : str or None
        Where the range comes from.
    """

    id: str
    agency_id: str
    item_id: str | None
    goal_id: str | None
    financial_year: int
    amount_gbp: Decimal
    form: str = "cash"
    nature: str = "revenue"
    funding: str = "core"
    stage: str = "planned"
    agreed: str = "agreed"
    price_base: str = "real"
    price_year: str | None = None
    entry: str = "payment"
    funding_ends_on: dt.date | None = None
    real_gbp: Decimal | None = None
    missing: str | None = None
    range_low: Decimal | None = None
    range_high: Decimal | None = None
    distribution: str = "triangular"
    shared_name: str | None = None
    range_source: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        finite("contribution", (self.amount_gbp, self.real_gbp, self.range_low, self.range_high))

    @property
    def range_key(self) -> str | None:
        """The name by which its range is drawn, None where it is certain: its shared name, or cost|id."""
        if self.distribution == "fixed" or self.range_low == self.range_high:
            return None
        return self.shared_name or f"cost|{self.id}"


@dataclass(frozen=True, slots=True)
class Tie:
    """Two assumptions that move together: their names as drawn, Spearman's correlation, and who says so."""

    id: str
    first: str
    second: str
    rank_correlation: Decimal
    source: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        finite("rank correlation", (self.rank_correlation,))


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """An agency as an appraisal needs it; an outside body gains or pays but is no partner."""

    id: str
    code: str
    name: str
    duty: str = "relevant"

    @property
    def is_partner(self) -> bool:
        """False for an outside body."""
        return self.duty != "outside"


@dataclass(frozen=True)
class AppraisalModel:
    """All that an appraisal needs: lines, costs, agencies, settings, ties. Order of lines does not matter."""

    lines: tuple[Line, ...]
    costs: tuple[Cost, ...]
    agencies: tuple[AgencyRef, ...]
    settings: Settings
    ties: tuple[Tie, ...] = ()

    @property
    def counted_lines(self) -> tuple[Line, ...]:
        """Lines that have a value."""
        return tuple(line for line in self.lines if line.missing is None)

    @cached_property
    def agency_names(self) -> dict[str, str]:
        """Agency id to name."""
        return {a.id: a.name for a in self.agencies}

    def with_settings(self, settings: Settings) -> AppraisalModel:
        """Return the same lines and costs under other settings (same prices only)."""
        if settings.prices != self.settings.prices:
            msg = "The prices differ: build the model again for another price year."
            raise InvalidInput(msg)
        return replace(self, settings=settings)

    def end_on(self) -> dt.date:
        """Return the day after the last day appraised."""
        return add_months(dt.date(self.settings.first_year, 4, 1), 12 * self.settings.horizon_years)


def affine(step: str, unit: str | None) -> tuple[Decimal, Decimal]:
    """Return scale and offset of a step with a unit: how its value becomes a factor.

    Per cent (and points of per cent) are divided by 100; what is counted a week, month, quarter or day is
    brought to a year (52, 12, 4, 365); deductions and optimism bias are taken from one.

    Examples
    --------
    >>> affine("deadweight", "%")
    (Decimal('-0.01'), Decimal('1'))
    >>> affine("affected", "a week")
    (Decimal('52'), Decimal('0'))
    """
    text = (unit or "").strip().casefold()
    scale = Decimal("0.01") if "%" in text or "per cent" in text or "percent" in text else Decimal(1)
    for words, periods in _PER_YEAR:
        if step in QUANTITIES and re.search(rf"\b{words.replace('a ', '(?:a|per) ')}\b", text):
            scale *= periods
    if step in DEDUCTIONS or step in ("optimism bias", "drop-off"):
        return -scale, Decimal(1)
    return scale, Decimal(0)
