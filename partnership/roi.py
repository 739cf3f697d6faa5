"""Investment and return per agency: what each pays, gains, risks and fairly owes.

The face over ``_roi/``, a subject a file. The method, in one breath: a benefit's chain of assumptions gives
the pounds of a full year; what would have happened anyway and optimism are taken off; lag, ramp-up, duration
and drop-off spread it over years; shares split it to agencies to the penny; the schedule in force discounts
it. Contributions are the cost. Three fiscal classes, economic and social value stand apart; dis-benefits are
netted and shown; nothing is counted twice; and no headline is made while something it needs is missing.

Records load with this module; a method's room loads when its name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from partnership._roi.library import refuse_double_count, safe_total
from partnership._roi.prices import at_prices_of, inflation_rate, nominal_rate, real_rate
from partnership.records import (
    Day,
    FinancialYear,
    Flag,
    Id,
    Kind,
    Pounds,
    Quantity,
    Record,
    Ref,
    Share,
    Title,
    Unit,
)

if TYPE_CHECKING:
    from partnership._roi.agreement import Agreement, agreement_of, cash_of, price_steps, spent_by_nature
    from partnership._roi.appraisal import WHOLE, Appraisal, Result, appraise
    from partnership._roi.chain import additionality, chain_of, corrected, lifted, upper_bound
    from partnership._roi.claims import Gate
    from partnership._roi.coalitions import Derived, derive
    from partnership._roi.correlation import nearest_correlation, rank_of_score, score_of_rank
    from partnership._roi.counting import FISCAL_CLASSES, class_of, counted
    from partnership._roi.discounting import discount_factor, equivalent_annual_value, net_present_value
    from partnership._roi.distributions import Distribution
    from partnership._roi.draw_model import DrawLine, DrawModel, Factor, Number, Shape
    from partnership._roi.draws import Cancelled, Drawn, draw
    from partnership._roi.explaining import Explanation, explain
    from partnership._roi.fair_shares import SideBySide, share
    from partnership._roi.games import game_from_list
    from partnership._roi.ledger import CLASSES, ledger, payer_gainer
    from partnership._roi.model import AgencyRef, AppraisalModel, Assumed, Cost, Line, Settings
    from partnership._roi.moments import Moments, Withheld, exact_moments
    from partnership._roi.public_value import (
        distributional_weight,
        social_return,
        switching_share,
        value_band,
    )
    from partnership._roi.returns import internal_rates, modified_internal_rate, payback, unique_internal_rate
    from partnership._roi.sensitivity import sobol, tornado, worth_of_knowing
    from partnership._roi.settlement import Cash, Route, Settlement, settle
    from partnership._roi.sharing import METHODS
    from partnership._roi.sustainability import Sustainability, sustainability
    from partnership._roi.uncertain_model import Ranges, Uncertain, uncertain_model
    from partnership._roi.uncertainty import FanYear, Spread
    from partnership._roi.variance import Actual, Drivers, Variance, compare_line, drivers_of, variance
    from partnership._roi.vintages import difference

_ROOMS: dict[str, str] = {
    "nearest_correlation": "correlation", "rank_of_score": "correlation", "score_of_rank": "correlation",
    "Distribution": "distributions", "DrawLine": "draw_model", "DrawModel": "draw_model", "Factor": "draw_model",
    "Number": "draw_model", "Shape": "draw_model", "Cancelled": "draws", "Drawn": "draws", "draw": "draws",
    "Moments": "moments", "Withheld": "moments", "exact_moments": "moments", "sobol": "sensitivity", "tornado": "sensitivity",
    "worth_of_knowing": "sensitivity", "Ranges": "uncertain_model", "Uncertain": "uncertain_model",
    "uncertain_model": "uncertain_model", "FanYear": "uncertainty", "Spread": "uncertainty",
    "WHOLE": "appraisal", "Appraisal": "appraisal", "Result": "appraisal", "appraise": "appraisal",
    "additionality": "chain", "chain_of": "chain", "corrected": "chain", "lifted": "chain", "upper_bound": "chain",
    "Gate": "claims", "FISCAL_CLASSES": "counting", "class_of": "counting", "counted": "counting",
    "discount_factor": "discounting", "equivalent_annual_value": "discounting", "net_present_value": "discounting",
    "Explanation": "explaining", "explain": "explaining", "CLASSES": "ledger", "ledger": "ledger", "payer_gainer": "ledger",
    "AgencyRef": "model", "AppraisalModel": "model", "Assumed": "model", "Cost": "model", "Line": "model", "Settings": "model",
    "distributional_weight": "public_value", "social_return": "public_value", "switching_share": "public_value", "value_band": "public_value",
    "internal_rates": "returns", "modified_internal_rate": "returns", "payback": "returns", "unique_internal_rate": "returns",
    "difference": "vintages", "Derived": "coalitions", "derive": "coalitions", "SideBySide": "fair_shares", "share": "fair_shares",
    "game_from_list": "games", "METHODS": "sharing", "Cash": "settlement", "Route": "settlement", "Settlement": "settlement",
    "settle": "settlement", "Agreement": "agreement", "agreement_of": "agreement", "cash_of": "agreement", "price_steps": "agreement",
    "spent_by_nature": "agreement", "Sustainability": "sustainability", "sustainability": "sustainability", "Actual": "variance",
    "Drivers": "variance", "Variance": "variance", "compare_line": "variance", "drivers_of": "variance", "variance": "variance",
}  # fmt: skip

__all__ = [
    "CLASSES", "FISCAL_CLASSES", "METHODS", "WHOLE", "Actual", "AgencyRef", "Agreement", "Appraisal",
    "AppraisalModel", "Assumed", "Cancelled", "Cash", "Contribution", "Correlation", "Cost", "Derived", "Distribution", "DrawLine",
    "DrawModel", "Drawn", "Drivers", "Explanation", "Factor", "FanYear", "FundingAgreement", "Gate", "Line", "Moments", "Number",
    "Ranges", "Result", "Route", "Settings", "Settlement", "Shape", "SideBySide", "Spread", "Sustainability",
    "Uncertain", "UnitCost", "Variance", "Withheld", "additionality", "agreement_of", "appraise", "at_prices_of",
    "cash_of", "chain_of", "class_of", "compare_line", "corrected", "counted", "derive", "difference",
    "discount_factor", "distributional_weight", "draw", "drivers_of", "equivalent_annual_value", "exact_moments",
    "explain", "game_from_list", "inflation_rate", "internal_rates", "ledger", "lifted", "modified_internal_rate",
    "nearest_correlation", "net_present_value", "nominal_rate", "payback", "payer_gainer", "price_steps",
    "rank_of_score", "real_rate", "refuse_double_count", "safe_total", "score_of_rank", "settle", "share", "sobol",
    "social_return", "spent_by_nature", "sustainability", "switching_share", "tornado", "uncertain_model",
    "unique_internal_rate", "upper_bound", "value_band", "variance", "worth_of_knowing",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Fetch a method from its room on first use, so that records load without scipy."""
    if name in _ROOMS:
        return getattr(import_module(f"partnership._roi.{_ROOMS[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


class Contribution(Record):
    """What an agency puts in, in one financial year."""

    id: Id = Field(description="Id of the contribution")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency that pays")
    item_id: Annotated[Id | None, Ref("work_items")] = Field(None, description="Work item it pays for")
    goal_id: Annotated[Id | None, Ref("goals")] = Field(
        None, description="Goal it pays for, where there is no item"
    )
    financial_year: FinancialYear = Field(description="Financial year")
    stage: Literal["planned", "actual"] = Field(description="Planned, or paid")
    entry: Literal["payment", "correction"] = Field(
        "payment", description="A payment, or a correction of one: only a correction may be negative"
    )
    amount_gbp: Pounds = Field(description="Amount; negative only for a correction")
    form: Literal["cash", "in kind"] = Field(description="Money, or people and things")
    nature: Literal["revenue", "capital"] = Field("revenue", description="Revenue or capital")
    funding: Literal["core", "pump-priming", "grant", "reserve"] = Field(
        "core", description="Where it comes from; anything but core ends"
    )
    price_base: Literal["nominal", "real"] = Field(
        "nominal", description="Pounds of the day, or of the price year"
    )
    price_year: Annotated[str | None, Field(pattern=r"^\d{4}/\d{2}$")] = Field(
        None, description="Price year of a real amount, 2025/26"
    )
    agreed: Literal["agreed", "asked", "not yet"] = Field(
        "agreed", description="Whether the agency's finance officer has agreed"
    )
    funding_ends_on: Day | None = Field(None, description="When this funding ends, if it does")
    note: Title | None = Field(None, description="Anything a reader should know")
    range_low: Annotated[Quantity | None, Unit("% of the amount")] = Field(
        None, ge=0, description="Least it may come to: 95 for 5% less; blank: as stated"
    )
    range_high: Annotated[Quantity | None, Unit("% of the amount")] = Field(
        None, ge=0, description="Most it may come to: 120 for a fifth more; blank: as stated"
    )
    distribution: Literal["fixed", "triangular", "PERT", "uniform", "normal", "lognormal"] | None = Field(
        None, description="How it is spread; blank: triangular"
    )
    shared_name: Id | None = Field(
        None, description="One name for costs that move together: one draw for all that carry it"
    )
    range_source: Title | None = Field(None, description="Where the range comes from")


_AssumptionName = Annotated[str, Kind("title"), StringConstraints(min_length=1, max_length=400)]


class Correlation(Record):
    """Two assumptions that move together, and how closely."""

    id: Id = Field(description="Id of the correlation")
    assumption_a: _AssumptionName = Field(
        description="Shared name of an assumption or a cost; without one: benefit|step|name, or cost|contribution id"
    )
    assumption_b: _AssumptionName = Field(description="The other one, named alike")
    rank_correlation: Quantity = Field(
        ge=-1,
        le=1,
        description="Spearman's: 1 they rise together, -1 one falls as the other rises, 0 not tied",
    )
    source: Title | None = Field(None, description="Where it comes from")
    note: Title | None = Field(None, description="Anything a reader should know")


class FundingAgreement(Record):
    """A way by which one agency may pay another, and the released cash that is under contract for it."""

    id: Id = Field(description="Id of the agreement")
    payer_agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency that pays")
    receiver_agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency that receives")
    route: Literal["pooled fund", "transfer agreement", "grant", "recharge"] = Field(
        description="By what arrangement money passes"
    )
    nature: Literal["revenue", "capital"] | None = Field(
        None, description="The money it lets pass; blank: revenue and capital"
    )
    reference: Title | None = Field(None, description="Minute, clause or number under which it stands")
    benefit_id: Annotated[Id | None, Ref("benefits")] = Field(
        None,
        description="Cash-releasing benefit of the payer that is under contract; blank: none, a route alone",
    )
    contracted_gbp: Pounds | None = Field(
        None, gt=0, description="Cash under contract in the financial year, pounds of the day"
    )
    financial_year: FinancialYear | None = Field(None, description="Financial year of that cash")
    contracted_share: Share | None = Field(
        None, description="Share of the payer's part of the benefit; blank, with no amount: all of it"
    )
    starts_on: Day | None = Field(None, description="First day; blank: in force")
    review_on: Day | None = Field(None, description="When it is looked at again")
    ends_on: Day | None = Field(None, description="Last day; blank: no end is agreed")
    ring_fenced: Flag = Field(
        False, description="Whether the benefit's cash is tied to one purpose: then it never crosses"
    )
    reinvestment: Title | None = Field(
        None, description="What happens to money released, in the parties' words"
    )
    reinvested_share: Share | None = Field(
        None, description="Share of released cash that goes back into the work"
    )
    source: Title | None = Field(None, description="Where it is written down")


class UnitCost(Record):
    """What one event costs whom, from a published library of unit costs.

    A headline and its constituents are the same money: ``parent_id`` ties them, and no total may hold both.
    """

    id: Id = Field(description="Code in the publisher's library and edition")
    parent_id: Annotated[Id | None, Ref("unit_costs")] = Field(
        None, description="Headline that this entry is a part of"
    )
    edition: Title | None = Field(None, description="Library and edition")
    theme: Title | None = Field(None, description="Theme or sheet")
    outcome: Title | None = Field(None, description="Outcome")
    cost: Annotated[str, Field(max_length=1000)] | None = Field(None, description="What is costed")
    unit: Title | None = Field(None, description="Per what: per incident, per year")
    agency_bearing: Title | None = Field(None, description="Agency bearing the cost, first level")
    agency_bearing_detail: Title | None = Field(None, description="Agency bearing the cost, second level")
    fiscal_gbp: Pounds | None = Field(None, description="Fiscal cost at its own price year")
    fiscal_price_year: Title | None = Field(None, description="Price year of the fiscal cost")
    fiscal_uprated_gbp: Pounds | None = Field(
        None, description="The publisher's own uprating of the fiscal cost"
    )
    economic_gbp: Pounds | None = Field(
        None,
        description="Economic value at its own price year; never added to the fiscal cost unless marked additive",
    )
    economic_price_year: Title | None = Field(None, description="Price year of the economic value")
    economic_uprated_gbp: Pounds | None = Field(
        None, description="The publisher's own uprating of the economic value"
    )
    social_gbp: Pounds | None = Field(None, description="Social value at its own price year")
    social_price_year: Title | None = Field(None, description="Price year of the social value")
    social_uprated_gbp: Pounds | None = Field(
        None, description="The publisher's own uprating of the social value"
    )
    level: Literal["headline", "subsidiary", "constituent"] | None = Field(
        None, description="Place in the publisher's outline"
    )
    confidence: Literal["red", "amber", "green"] | None = Field(None, description="The publisher's grade")
    source: Annotated[str, Field(max_length=5000)] | None = Field(None, description="Original source")
