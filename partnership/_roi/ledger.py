"""The agency ledger: what each pays and receives, by year and class; and whose money buys whose benefit.

Every amount is real, at the settings' prices. A year's benefit is rounded to the penny once and split by
largest remainder, so that agencies, classes and years add up to the whole without a penny lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from partnership._roi.chain import correction_of, lifted, upper_bound
from partnership._roi.counting import FISCAL_CLASSES, class_of
from partnership._roi.model import AppraisalModel, Cost, Line, Settings
from partnership.money import round_pounds, split

__all__ = [
    "CLASSES", "Flow", "LedgerRow", "MatrixCell", "counted_costs", "flows_of", "ledger", "lifted_cost",
    "payer_gainer", "pv_of_cost", "pv_of_line",
]  # fmt: skip

CLASSES = (*FISCAL_CLASSES, "economic", "social")
"""Classes of an appraisal, in the order in which they are shown."""

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Flow:
    """What a line brings in each year of the appraisal in one class, unrounded, real.

    Parameters
    ----------
    line : Line
        The benefit or dis-benefit.
    appraisal_class : str
        One of ``CLASSES``.
    amounts : tuple[Decimal, ...]
        Pounds by year of the appraisal; negative for a dis-benefit.
    """

    line: Line
    appraisal_class: str
    amounts: tuple[Decimal, ...]

    def present_value(self, settings: Settings) -> Decimal:
        """Return the present value, rounded to the penny once."""
        total = sum((a * f for a, f in zip(self.amounts, settings.benefit_factors, strict=True) if a), _ZERO)
        return round_pounds(total)


def flows_of(line: Line, settings: Settings) -> tuple[Flow, ...]:
    """Return a line's yearly amounts by class: level x year's weight.

    A cash-releasing line with a step releases whole steps only: of a year's amount, the whole multiples of
    the step are cash and the rest is capacity released; below one step all of it is capacity.

    Examples
    --------
    >>> import datetime as dt
    >>> line = Line(
    ...     "B", "b", "fiscal", "cash-releasing", {}, dt.date(2026, 4, 1), 24,
    ...     full_year_gbp=Decimal(250), step_gbp=Decimal(100),
    ... )
    >>> [(f.appraisal_class, [int(a) for a in f.amounts]) for f in flows_of(line, Settings(2026, 2))]
    [('cash-releasing', [200, 200]), ('capacity released', [50, 50])]
    """
    level = line.level
    amounts = tuple(level * w for w in line.year_weights(settings.first_year, settings.horizon_years))
    kind = class_of(line)
    if kind not in CLASSES:
        return ()
    if kind != "cash-releasing" or not line.step_gbp or line.is_disbenefit:
        return (Flow(line, kind, amounts),)
    cash = tuple(a // line.step_gbp * line.step_gbp for a in amounts)
    rest = tuple(a - c for a, c in zip(amounts, cash, strict=True))
    out = [Flow(line, kind, cash)] if any(cash) else []
    return (*out, *((Flow(line, "capacity released", rest),) if any(rest) or not out else ()))


def pv_of_line(line: Line, settings: Settings) -> Decimal:
    """Return a line's present value over all classes, unrounded: level x sum of weight x factor."""
    weights = line.year_weights(settings.first_year, settings.horizon_years)
    return line.level * sum(
        (w * f for w, f in zip(weights, settings.benefit_factors, strict=True) if w), _ZERO
    )


def counted_costs(model: AppraisalModel) -> tuple[Cost, ...]:
    """Return the contributions that make the cost: planned, or what was paid in years that have actuals."""
    usable = [c for c in model.costs if c.real_gbp is not None and c.financial_year in model.settings.years]
    if model.settings.cost_stage == "planned":
        return tuple(c for c in usable if c.stage == "planned")
    paid_years = {(c.agency_id, c.financial_year) for c in usable if c.stage == "actual"}
    return tuple(
        c for c in usable if (c.stage == "actual") == ((c.agency_id, c.financial_year) in paid_years)
    )


def lifted_cost(cost: Cost, settings: Settings) -> Decimal:
    """Return a cost at the settings' prices, with the uplift for optimism that the settings choose."""
    amount = cost.real_gbp or _ZERO
    if settings.capital_kind and cost.nature == "capital":
        return lifted(amount, upper_bound(settings.capital_kind), settings.mitigation)
    if settings.cost_grade is not None:
        return amount * (1 + correction_of(settings.cost_grade))
    return amount


def pv_of_cost(cost: Cost, settings: Settings) -> Decimal:
    """Return a cost's present value, rounded to the penny once."""
    factor = settings.cost_factors[cost.financial_year - settings.first_year]
    return round_pounds(lifted_cost(cost, settings) * factor)


@dataclass(frozen=True)
class LedgerRow:
    """One agency in one financial year, real pounds to the penny.

    Parameters
    ----------
    agency_id : str
        The agency.
    financial_year : int
        The year, 2026 for 2026/27.
    paid : Mapping[str, Decimal]
        Planned cost by form, nature and funding: the keys cash, in kind; revenue, capital; core,
        pump-priming, grant, reserve; each trio of keys sums to ``paid_gbp``.
    paid_gbp, paid_actual_gbp, not_agreed_gbp : Decimal
        The cost counted; what was really paid; the part that no finance officer has agreed.
    received : Mapping[str, Decimal]
        Benefit by class, net of dis-benefits.
    disbenefit : Mapping[str, Decimal]
        The dis-benefits in it, by class: negative.
    moved_gbp : Decimal
        Of these, fiscal costs that another agency's work moves here: negative.
    """

    agency_id: str
    financial_year: int
    paid: Mapping[str, Decimal]
    paid_gbp: Decimal
    paid_actual_gbp: Decimal
    not_agreed_gbp: Decimal
    received: Mapping[str, Decimal]
    disbenefit: Mapping[str, Decimal]
    moved_gbp: Decimal

    @property
    def fiscal_gbp(self) -> Decimal:
        """Fiscal benefit of all three classes, net of dis-benefits."""
        return sum((self.received[c] for c in FISCAL_CLASSES), _ZERO)

    @property
    def net_gbp(self) -> Decimal:
        """Fiscal benefit less cost."""
        return self.fiscal_gbp - self.paid_gbp

    @property
    def net_cash_gbp(self) -> Decimal:
        """Cash-releasing benefit less what is paid in cash."""
        return self.received["cash-releasing"] - self.paid["cash"]


@dataclass
class _Tally:
    paid: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    total: Decimal = _ZERO
    actual: Decimal = _ZERO
    not_agreed: Decimal = _ZERO
    received: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    harm: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    moved: Decimal = _ZERO


_PAID_KEYS = ("cash", "in kind", "revenue", "capital", "core", "pump-priming", "grant", "reserve")


def ledger(model: AppraisalModel, lines: Sequence[Line]) -> tuple[LedgerRow, ...]:
    """Return the ledger: a row for each agency and year, also where nothing happens.

    Parameters
    ----------
    model : AppraisalModel
        Costs, agencies and settings.
    lines : Sequence[Line]
        The lines that count, as ``counting.counted`` keeps them.
    """
    settings = model.settings
    tallies: dict[tuple[str, int], _Tally] = {
        (a.id, y): _Tally() for a in model.agencies for y in settings.years
    }
    for cost in counted_costs(model):
        row, amount = tallies[cost.agency_id, cost.financial_year], round_pounds(lifted_cost(cost, settings))
        for key in (cost.form, cost.nature, cost.funding):
            row.paid[key] += amount
        row.total += amount
        row.not_agreed += amount if cost.agreed != "agreed" else _ZERO
    for cost in model.costs:
        if cost.stage == "actual" and cost.real_gbp is not None and cost.financial_year in settings.years:
            tallies[cost.agency_id, cost.financial_year].actual += round_pounds(cost.real_gbp)
    for line in lines:
        for flow in flows_of(line, settings):
            _receive(flow, tallies, settings)
    return tuple(
        LedgerRow(
            agency, year, {k: t.paid.get(k, _ZERO) for k in _PAID_KEYS}, t.total, t.actual, t.not_agreed,
            {c: t.received.get(c, _ZERO) for c in CLASSES}, {c: t.harm.get(c, _ZERO) for c in CLASSES},
            t.moved,
        )
        for (agency, year), t in tallies.items()
    )  # fmt: skip


def _receive(flow: Flow, tallies: Mapping[tuple[str, int], _Tally], settings: Settings) -> None:
    line = flow.line
    for year, amount in zip(settings.years, flow.amounts, strict=True):
        if not amount:
            continue
        for agency, part in split(round_pounds(amount), line.shares).items():
            row = tallies[agency, year]
            row.received[flow.appraisal_class] += part
            if line.is_disbenefit:
                row.harm[flow.appraisal_class] += part
                if flow.appraisal_class in FISCAL_CLASSES and line.driver_agency_id not in (None, agency):
                    row.moved += part


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Present value that one agency's money buys for another, in one class, by whose work drives the demand.

    Parameters
    ----------
    driver_id : str or None
        Agency whose work drives the demand; None: not stated.
    payer_id : str or None
        Agency whose money buys it; None: nobody paid for it.
    gainer_id : str
        Agency it falls to.
    appraisal_class : str
        One of ``CLASSES``.
    pv_gbp : Decimal
        To the penny.
    """

    driver_id: str | None
    payer_id: str | None
    gainer_id: str
    appraisal_class: str
    pv_gbp: Decimal


_NOBODY = ""


def payer_gainer(model: AppraisalModel, lines: Sequence[Line]) -> tuple[MatrixCell, ...]:
    """Return driver x payer x gainer by class; sum over the driver for the payer x gainer matrix.

    Each line's present value is split to its gainers by its shares, and each part to payers in proportion to
    the present value of what they pay for the line's items. A line without items, or whose items nobody pays
    for, follows the money of its goal, then all the money there is.

    Source
    ------
    GMCA, *Cost benefit analysis*, on flows between those who invest and those who benefit.
    """
    settings = model.settings
    paid = [(c, pv_of_cost(c, settings)) for c in counted_costs(model)]
    cells: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    for line in sorted(lines, key=lambda x: x.id):
        payers = payers_of(line, paid)
        for flow in flows_of(line, settings):
            for gainer, part in split(flow.present_value(settings), line.shares).items():
                for payer, amount in split(part, payers).items():
                    if amount:
                        cells[line.driver_agency_id or _NOBODY, payer, gainer, flow.appraisal_class] += amount
    return tuple(
        MatrixCell(d or None, p or None, g, k, amount)
        for (d, p, g, k), amount in sorted(cells.items())
        if amount
    )


def payers_of(line: Line, paid: Iterable[tuple[Cost, Decimal]]) -> dict[str, Fraction]:
    """Return who pays for a line, as weights by agency; nobody where there is no money at all."""
    costs = list(paid)
    items = set(line.item_ids)
    for chosen in (
        [(c, v) for c, v in costs if c.item_id in items],
        [(c, v) for c, v in costs if line.goal_id and c.goal_id == line.goal_id],
        costs,
    ):
        weights: dict[str, Decimal] = defaultdict(Decimal)
        for cost, value in chosen:
            weights[cost.agency_id] += value
        positive = {agency: Fraction(w) for agency, w in sorted(weights.items()) if w > 0}
        if positive:
            return positive
    return {_NOBODY: Fraction(1)}
