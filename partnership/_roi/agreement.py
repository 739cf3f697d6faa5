"""What a settlement takes from an appraisal, and the fields of an investment agreement that go with it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from partnership._roi.counting import class_of, counted
from partnership._roi.ledger import counted_costs, flows_of, lifted_cost
from partnership._roi.model import AppraisalModel, Line, Settings
from partnership._roi.public_value import Ratio, ratio
from partnership._roi.settlement_records import INDICATIVE, NATURES, PAYABLE, Cash, Contract, Nature
from partnership.errors import InvalidInput
from partnership.money import round_pounds, split
from partnership.parameters import deflator
from partnership.periods import name_financial_year, parse_financial_year

__all__ = [
    "Agreement",
    "Stream",
    "agreement_of",
    "cash_of",
    "known_price_steps",
    "price_steps",
    "spent_by_nature",
    "under_contract",
]

Contracts = Mapping[tuple[str, str, int], Contract]
"""By line, agency and financial year: how much of the year's cash is under contract."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of funding, and what each party puts into it, at the settings' prices."""

    nature: str
    funding: str
    form: str
    by_agency_gbp: Mapping[str, Decimal]

    @property
    def total_gbp(self) -> Decimal:
        """All parties together."""
        return sum(self.by_agency_gbp.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The fields of a community-budget investment agreement.

    Parameters
    ----------
    parties : tuple[str, ...]
        Agency ids of those who put money or people in, or take part in the settlement.
    streams : tuple[Stream, ...]
        Funding by nature, source and form.
    appraised_return, current_return : Ratio
        Cash-releasing benefit per pound of cost: as appraised, and as realised so far.
    method : str
        Way of sharing agreed, by its name; ``floor`` says whether none may be worse off.
    reinvestment : str
        What happens to money released: repayment, reinvestment, or kept, in the parties' words.
    reinvested_share : Decimal or None
        Share of released cash that goes back into the work, 0 to 1.
    starts_on, review_on, ends_on : datetime.date or None
        Term, and when it is looked at again.
    note : str
        Indicative, not an invoice.
    """

    parties: tuple[str, ...]
    streams: tuple[Stream, ...]
    appraised_return: Ratio
    current_return: Ratio
    method: str
    floor: bool = False
    reinvestment: str = ""
    reinvested_share: Decimal | None = None
    starts_on: dt.date | None = None
    review_on: dt.date | None = None
    ends_on: dt.date | None = None
    note: str = INDICATIVE

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that the parties have yet to fill in, in words."""
        wanted = {
            "what happens to money released": self.reinvestment,
            "first day": self.starts_on,
            "day of review": self.review_on,
            "last day": self.ends_on,
        }
        return tuple(name for name, value in wanted.items() if not value)


def price_steps(settings: Settings) -> dict[int, Decimal]:
    """Return pounds of the day for a pound of the price year, by year of the appraisal.

    The GDP deflator where it knows both years, else (1 + inflation) ** years apart: the inverse of the step
    by which contributions of the day become real.

    Raises
    ------
    InvalidInput
        If the deflator does not know a year and the settings state no inflation.

    Source
    ------
    As ``Settings.deflator_vintage``: HM Treasury, *GDP deflators at market prices*.

    Examples
    --------
    >>> steps = price_steps(Settings(2025, 3, inflation=Decimal("0.02")))
    >>> [str(steps[y]) for y in (2025, 2026, 2027)]
    ['1', '1.02', '1.0404']
    """
    out = known_price_steps(settings)
    for year in settings.years:
        if year not in out:
            vintage = deflator(settings.deflator_vintage).vintage
            msg = f"{name_financial_year(year)} cannot be brought from {settings.prices} prices to pounds of the day: the deflator {vintage} lacks a year. State an inflation rate."
            raise InvalidInput(msg)
    return out


def known_price_steps(settings: Settings) -> dict[int, Decimal]:
    """Return the steps of ``price_steps`` for those years of the appraisal that have one, and for no other.

    Examples
    --------
    >>> sorted(known_price_steps(Settings(2025, 3)))
    [2025]
    """
    base, index = parse_financial_year(settings.prices), deflator(settings.deflator_vintage)
    out: dict[int, Decimal] = {}
    for year in settings.years:
        if year == base:
            out[year] = Decimal(1)
        elif year in index.values and base in index.values:
            out[year] = index.ratio(base, year)
        elif settings.inflation is not None:
            out[year] = (1 + settings.inflation) ** (year - base)
    return out


def cash_of(
    model: AppraisalModel,
    *,
    realised: Mapping[tuple[str, str, int], Decimal] | None = None,
    contracted: Collection[str] = (),
    contracts: Contracts | None = None,
    capital: Collection[str] = (),
    ring_fenced: Collection[str | tuple[str, str]] = (),
) -> tuple[Cash, ...]:
    """Return every benefit of a model as cash that may, or may not, fund a transfer.

    Parameters
    ----------
    model : AppraisalModel
        Its counted lines.
    realised : Mapping[tuple[str, str, int], Decimal], optional
        Line, agency and financial year to what was read, pounds of the day. It stands in for the forecast of
        that line, agency and year; the class stays the line's own, so read capacity is not paid either.
    contracted : Collection[str]
        Lines whose saving is under contract: decommissioned, or taken out of a budget.
    contracts : Mapping[tuple[str, str, int], Contract], optional
        By line, agency and financial year: the part that is under contract; the rest stays a forecast.
    capital, ring_fenced : Collection
        Lines that release capital; lines, or lines of one agency, whose money is tied to one purpose.
    """
    read = dict(realised or {})
    held = contracts or {}
    out: list[Cash] = []
    for line in sorted(counted(model.lines)[0], key=lambda x: x.id):
        for flow in flows_of(line, model.settings):
            for year, amount in zip(model.settings.years, flow.amounts, strict=True):
                for agency, part in split(round_pounds(amount), line.shares).items():
                    key = (line.id, agency, year)
                    if part and key not in read:
                        kind, sure = flow.appraisal_class, Decimal(0)
                        if line.id in contracted:
                            sure = part
                        elif key in held and kind == PAYABLE and not line.is_disbenefit:
                            sure = held[key].of(part)
                        states: tuple[tuple[Literal["contracted", "forecast"], Decimal], ...] = (
                            ("contracted", sure), ("forecast", part - sure),
                        )  # fmt: skip
                        out.extend(
                            _cash(line, agency, year, amount, kind, state, capital, ring_fenced)
                            for state, amount in states
                            if amount
                        )
        for (line_id, agency, year), amount in read.items():
            if line_id == line.id:
                out.extend(
                    _cash(line, agency, year, part, kind, "realised", capital, ring_fenced)
                    for kind, part in _by_step(line, amount)
                    if part
                )
    return tuple(out)


def under_contract(model: AppraisalModel, contracts: Contracts) -> dict[tuple[str, str, int], Decimal]:
    """Return the cash under contract by line, agency and financial year, real pounds, whatever was read of it."""
    found: dict[tuple[str, str, int], Decimal] = {}
    for line in counted(model.lines)[0]:
        if any(key[0] == line.id for key in contracts) and not line.is_disbenefit:
            for flow in flows_of(line, model.settings):
                if flow.appraisal_class != PAYABLE:
                    continue
                for year, amount in zip(model.settings.years, flow.amounts, strict=True):
                    for agency, part in split(round_pounds(amount), line.shares).items():
                        if (key := (line.id, agency, year)) in contracts:
                            found[key] = contracts[key].of(part)
    return found


def _by_step(line: Line, amount: Decimal) -> tuple[tuple[str, Decimal], ...]:
    """Return what was read by class: of a cash-releasing line with a step only whole steps are cash."""
    kind = class_of(line)
    if kind != PAYABLE or not line.step_gbp or line.is_disbenefit:
        return ((kind, amount),)
    steps = amount // line.step_gbp * line.step_gbp
    return ((kind, steps), ("capacity released", amount - steps))


def _cash(
    line: Line, agency: str, year: int, amount: Decimal, kind: str, state: Literal["realised", "contracted", "forecast"],
    capital: Collection[str], ring_fenced: Collection[str | tuple[str, str]],
) -> Cash:  # fmt: skip
    nature: Nature = "capital" if line.id in capital else "revenue"
    fenced = line.id in ring_fenced or (line.id, agency) in ring_fenced
    return Cash(agency, year, amount, kind, state, nature, fenced, state != "realised", line.title)


def spent_by_nature(model: AppraisalModel) -> dict[str, dict[str, Decimal]]:
    """Return what each agency's own money is spent on: revenue and capital, without ring-fenced grant."""
    out: dict[str, dict[str, Decimal]] = {}
    for cost in counted_costs(model):
        if cost.funding != "grant":
            mine = out.setdefault(cost.agency_id, dict.fromkeys(NATURES, Decimal(0)))
            mine[cost.nature] += round_pounds(lifted_cost(cost, model.settings))
    return out


def agreement_of(
    model: AppraisalModel,
    *,
    method: str,
    realised_gbp: Decimal = Decimal(0),
    paid_gbp: Decimal = Decimal(0),
    floor: bool = False,
    reinvestment: str = "",
    reinvested_share: Decimal | None = None,
    starts_on: dt.date | None = None,
    review_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Agreement:
    """Return the investment agreement that an appraisal and a way of sharing come to.

    Parameters
    ----------
    model : AppraisalModel
        Streams are its counted costs; the appraised return its cash-releasing benefit over them, undiscounted.
    realised_gbp, paid_gbp : Decimal
        Cash-releasing benefit read, and cost paid, to date: the current return.

    Raises
    ------
    InvalidInput
        If the share reinvested is not within 0 to 1.

    Source
    ------
    Greater Manchester community budgets, investment agreement template: parties, funding per stream, appraised
    against current return, and the strategy for reinvestment or repayment.
    """
    if reinvested_share is not None and not 0 <= reinvested_share <= 1:
        msg = f"A reinvested share of {reinvested_share} is no share. Give 0 to 1."
        raise InvalidInput(msg)
    amounts: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for cost in counted_costs(model):
        amounts[cost.nature, cost.funding, cost.form][cost.agency_id] += round_pounds(
            lifted_cost(cost, model.settings)
        )
    streams = tuple(Stream(*key, dict(sorted(by.items()))) for key, by in sorted(amounts.items()))
    cash = sum(
        (c.amount_gbp for c in cash_of(model) if c.benefit_class == PAYABLE),
        Decimal(0),
    )
    rule = "Cash-releasing benefit over cost, not discounted."
    return Agreement(
        tuple(sorted({a for s in streams for a in s.by_agency_gbp} | {a.id for a in model.agencies if a.is_partner})), streams,
        ratio(cash, sum((s.total_gbp for s in streams), Decimal(0)), name="appraised return", rule=rule),
        ratio(realised_gbp, paid_gbp, name="current return", rule=rule),
        method, floor, reinvestment, reinvested_share, starts_on, review_on, ends_on,
    )  # fmt: skip
