"""Appraisal of a partnership: what each agency and the whole pay and gain, by every published measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from partnership._roi.claims import Gate, gate
from partnership._roi.counting import FISCAL_CLASSES, SetAside, counted
from partnership._roi.flow_returns import Returns, returns_of
from partnership._roi.ledger import (
    CLASSES,
    LedgerRow,
    MatrixCell,
    counted_costs,
    flows_of,
    ledger,
    payer_gainer,
    pv_of_cost,
)
from partnership._roi.model import AppraisalModel, Line
from partnership._roi.public_value import (
    Ratio,
    SocialReturn,
    ratio,
    social_return,
    switching_share,
    value_band,
)
from partnership._roi.settings import OptimismRule
from partnership._roi.stating import sentences
from partnership._roi.switching import Switching, switching_values
from partnership.errors import UnknownName
from partnership.money import split
from partnership.wording import is_plural, pounds, the

__all__ = ["WHOLE", "Appraisal", "LineValue", "Result", "appraise"]

WHOLE = "whole"
"""The scope of all agencies together, outside bodies included."""

_ZERO = Decimal(0)
_RULES: tuple[OptimismRule, ...] = ("worst grade", "own grade", "mean of grades")


@dataclass(frozen=True, slots=True)
class LineValue:
    """Present value of one line in one class, and how it falls to agencies, to the penny."""

    line_id: str
    title: str
    appraisal_class: str
    is_disbenefit: bool
    pv_gbp: Decimal
    by_agency: Mapping[str, Decimal]
    moved_gbp: Mapping[str, Decimal]


@dataclass(frozen=True)
class Result:
    """What one agency, or the whole, pays and gains. Pounds are real, at present value, to the penny.

    Parameters
    ----------
    scope, name : str
        Agency id, or ``whole``.
    pv_cost_gbp, pv_cost_cash_gbp, pv_not_agreed_gbp : Decimal
        All cost; its cash part; the part no finance officer has agreed.
    pv_by_class, pv_disbenefit_by_class : Mapping[str, Decimal]
        Benefit net of dis-benefits, and the dis-benefits in it (negative), by class.
    pv_moved_gbp : Decimal
        Of the dis-benefits, fiscal cost that another agency's work moves here: negative.
    net_present_budget_impact_gbp : Decimal
        Cost - fiscal benefit; negative is a saving.
    net_public_value_gbp : Decimal
        Fiscal + economic + social - cost (with the tax-cost uplift if it is on).
    fiscal_return, cash_return, public_value_bcr : Ratio
        Fiscal benefit, cash-releasing benefit, and public value, each per pound of cost.
    switching_benefits : Decimal or None
        Share by which all fiscal benefit may fall before the net is nil.
    switching : tuple[Switching, ...]
        The switching value of each assumption, on net fiscal value.
    value_band : str or None
        The Department for Transport's word, if asked for.
    """

    scope: str
    name: str
    pv_cost_gbp: Decimal
    pv_cost_cash_gbp: Decimal
    pv_not_agreed_gbp: Decimal
    pv_by_class: Mapping[str, Decimal]
    pv_disbenefit_by_class: Mapping[str, Decimal]
    pv_moved_gbp: Decimal
    net_public_value_gbp: Decimal
    fiscal_return: Ratio
    cash_return: Ratio
    public_value_bcr: Ratio
    social_return: SocialReturn
    returns: Returns
    switching_benefits: Decimal | None
    switching: tuple[Switching, ...]
    value_band: str | None
    gate: Gate

    @property
    def pv_fiscal_gbp(self) -> Decimal:
        """Fiscal benefit of the three classes: what it is worth to public services, not what can be spent."""
        return sum((self.pv_by_class[c] for c in FISCAL_CLASSES), _ZERO)

    @property
    def pv_cashable_gbp(self) -> Decimal:
        """Cash-releasing benefit alone."""
        return self.pv_by_class["cash-releasing"]

    @property
    def pv_disbenefit_gbp(self) -> Decimal:
        """Dis-benefits of all classes: negative, and netted in every figure."""
        return sum(self.pv_disbenefit_by_class.values(), _ZERO)

    @property
    def net_fiscal_gbp(self) -> Decimal:
        """Fiscal benefit less cost."""
        return self.pv_fiscal_gbp - self.pv_cost_gbp

    @property
    def net_present_budget_impact_gbp(self) -> Decimal:
        """Cost less fiscal benefit; negative is a saving."""
        return self.pv_cost_gbp - self.pv_fiscal_gbp

    @property
    def headline(self) -> str | None:
        """One sentence, or None while the gate is closed."""
        if not self.gate.is_open:
            return None
        unit = "m" if max(self.pv_cost_gbp, abs(self.pv_fiscal_gbp)) >= 1_000_000 else ""
        paid, gained = pounds(self.pv_cost_gbp, unit), pounds(self.pv_fiscal_gbp, unit)
        if self.scope == WHOLE:
            return f"{paid} buys {gained} of benefit to public services."
        pays, gains = ("pay", "gain") if is_plural(self.name) else ("pays", "gains")
        return f"{the(self.name, start=True)} {pays} {paid} and {gains} {gained}."


@dataclass(frozen=True)
class Appraisal:
    """An appraisal whole: results by scope, the ledger, the matrix, what was set aside, and every choice."""

    model: AppraisalModel
    whole: Result
    agencies: Mapping[str, Result]
    lines: tuple[LineValue, ...]
    ledger: tuple[LedgerRow, ...]
    matrix: tuple[MatrixCell, ...]
    set_aside: tuple[SetAside, ...]
    optimism_alternatives: Mapping[str, Decimal]
    sentences: Mapping[str, str]

    @property
    def vintage(self) -> str:
        """The edition of discount rates in use; it stands on every output."""
        return self.model.settings.vintage_name

    @property
    def scopes(self) -> dict[str, Result]:
        """Every result by scope, the whole first."""
        return {WHOLE: self.whole, **self.agencies}

    def result(self, scope: str) -> Result:
        """Return the result of an agency (by id or code) or of the whole.

        Raises
        ------
        UnknownName
            If there is no such scope.
        """
        codes = {a.code: a.id for a in self.model.agencies}
        found = self.scopes.get(scope) or self.scopes.get(codes.get(scope, ""))
        if found is None:
            kind = "agency"
            raise UnknownName(kind, scope, [WHOLE, *codes])
        return found


def appraise(model: AppraisalModel) -> Appraisal:
    """Appraise a partnership by the published method: exact, without draws.

    Present value of a line = level of a full year x sum over years of weight x discount factor, rounded to
    the penny once and split to agencies by largest remainder; of a contribution, its real pounds x discount
    factor. Every other figure is a sum of these, so agencies and classes make the whole to the penny.

    Parameters
    ----------
    model : AppraisalModel
        Lines, costs, agencies and settings; ``appraising.model_of`` makes it of a plan.

    Returns
    -------
    Appraisal
        Also for an empty plan: all figures nil, ratios undefined in words, and no headline.

    Raises
    ------
    InvalidInput
        If the discount schedule does not reach as far as the horizon.

    Source
    ------
    HM Treasury, *The Green Book* (2026); HM Treasury and New Economy, *Supporting public service
    transformation* (2014), method as understood.
    """
    kept, aside = counted(model.lines)
    values = tuple(v for line in sorted(kept, key=lambda x: x.id) for v in _values(line, model))
    rows = ledger(model, kept)
    results = {a.id: _result(a.id, a.name, model, kept, values, rows) for a in model.agencies}
    whole = _result(WHOLE, "All agencies", model, kept, values, rows)
    return Appraisal(
        model, whole, results, values, rows, payer_gainer(model, kept), aside, _alternatives(model),
        sentences(model.settings),
    )  # fmt: skip


def _values(line: Line, model: AppraisalModel) -> list[LineValue]:
    out = []
    for flow in flows_of(line, model.settings):
        pv = flow.present_value(model.settings)
        parts = split(pv, line.shares)
        is_moved = line.is_disbenefit and flow.appraisal_class in FISCAL_CLASSES and line.driver_agency_id
        moved = {a: p for a, p in parts.items() if is_moved and a != line.driver_agency_id}
        out.append(LineValue(line.id, line.title, flow.appraisal_class, line.is_disbenefit, pv, parts, moved))
    return out


def _alternatives(model: AppraisalModel) -> dict[str, Decimal]:
    """Return what fiscal benefit would be by each rule for combining grades of evidence."""
    out: dict[str, Decimal] = {}
    for rule in _RULES:
        lines = [
            replace(line, optimism_bias=line.optimism_options.get(rule, line.optimism_bias))
            for line in model.lines
        ]
        kept, _ = counted(lines)
        flows = [f for line in kept for f in flows_of(line, model.settings)]
        out[rule] = sum(
            (f.present_value(model.settings) for f in flows if f.appraisal_class in FISCAL_CLASSES), _ZERO
        )
    return out


def _result(
    scope: str,
    name: str,
    model: AppraisalModel,
    kept: Sequence[Line],
    values: Sequence[LineValue],
    rows: Sequence[LedgerRow],
) -> Result:
    settings = model.settings
    agency = None if scope == WHOLE else scope
    costs = [(c, pv_of_cost(c, settings)) for c in counted_costs(model) if agency in (None, c.agency_id)]
    cost = sum((v for _, v in costs), _ZERO)
    by_class: dict[str, Decimal] = defaultdict(Decimal, dict.fromkeys(CLASSES, _ZERO))
    harm: dict[str, Decimal] = defaultdict(Decimal, dict.fromkeys(CLASSES, _ZERO))
    moved = _ZERO
    for value in values:
        part = value.pv_gbp if agency is None else value.by_agency.get(agency, _ZERO)
        by_class[value.appraisal_class] += part
        harm[value.appraisal_class] += part if value.is_disbenefit else _ZERO
        moved += (
            sum(value.moved_gbp.values(), _ZERO) if agency is None else value.moved_gbp.get(agency, _ZERO)
        )
    fiscal = sum((by_class[c] for c in FISCAL_CLASSES), _ZERO)
    public = sum(by_class.values(), _ZERO)
    public_cost = cost * (1 + settings.tax_cost_uplift)
    bcr = ratio(
        public, public_cost, name="public-value BCR",
        rule="fiscal, economic and social value, less dis-benefits / cost of those who hold the budgets",
    )  # fmt: skip
    weights = {
        line.id: Decimal(1)
        if agency is None
        else Decimal(line.shares[agency].numerator) / line.shares[agency].denominator
        for line in kept
        if (agency is None or agency in line.shares)
        and line.category == "fiscal"
        and line.benefit_class != "societal"
    }
    return Result(
        scope=scope, name=name, pv_cost_gbp=cost,
        pv_cost_cash_gbp=sum((v for c, v in costs if c.form == "cash"), _ZERO),
        pv_not_agreed_gbp=sum((v for c, v in costs if c.agreed != "agreed"), _ZERO),
        pv_by_class=dict(by_class), pv_disbenefit_by_class=dict(harm), pv_moved_gbp=moved,
        net_public_value_gbp=public - public_cost,
        fiscal_return=ratio(
            fiscal, cost, name="fiscal return", rule="fiscal benefit, all three classes / cost"
        ),
        cash_return=ratio(
            by_class["cash-releasing"], cost, name="cash return", rule="cash-releasing benefit / cost"
        ),
        public_value_bcr=bcr, social_return=social_return(public, cost),
        returns=returns_of([r for r in rows if agency in (None, r.agency_id)], settings),
        switching_benefits=switching_share(fiscal, cost),
        switching=switching_values(kept, settings, fiscal - cost, weights),
        value_band=value_band(bcr.value) if settings.value_bands and bcr.value is not None else None,
        gate=gate(model, kept, agency, cost),
    )  # fmt: skip
