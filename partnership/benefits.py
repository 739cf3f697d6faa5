"""Benefits: register, assumptions, profile, readings. From the promise to the proof.

Fields follow the HM Treasury Green Book benefits register (2022, Box 9), widened by the benefit profile of
MSP and the Australian ATAP register. Classes are never added into one headline.

Records load with this module; the methods of ``_benefits/`` load when their name is first used: the tests of
a register, the benefits map, running and partial totals, forecast at completion, the reference class of
finished benefits, starts that slip, results against each partner's horizon.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from partnership.records import (
    Day,
    Flag,
    Id,
    Ids,
    MissingKind,
    Month,
    Notes,
    Percent,
    Pounds,
    Quantity,
    Record,
    Ref,
    Share,
    Since,
    Title,
    Unit,
    Whole,
)

if TYPE_CHECKING:
    from partnership._benefits.benefits_map import LAYERS, BenefitsMap, MapNode, benefits_map
    from partnership._benefits.forecast import Backtest, Forecast, forecast, holt
    from partnership._benefits.reference_class import Finished, ReferenceClass, reference_class, uplift_at
    from partnership._benefits.register_tests import RegisterTest, findings_of_tests, register_tests
    from partnership._benefits.running import Cell, PartialTotal, Running, partial_total, running_totals
    from partnership._benefits.slips import Horizon, Slip, expected_ends, horizons, slips

__all__ = [
    "Assumption",
    "Backtest",
    "Benefit",
    "BenefitClass",
    "BenefitShare",
    "BenefitsMap",
    "Cell",
    "DeliveryConfidence",
    "Finished",
    "FinishedBenefit",
    "Forecast",
    "Horizon",
    "LAYERS",
    "MapNode",
    "PartialTotal",
    "ProfileMonth",
    "Reading",
    "Rebaseline",
    "ReferenceClass",
    "RegisterTest",
    "Running",
    "Slip",
    "benefits_map",
    "expected_ends",
    "findings_of_tests",
    "forecast",
    "holt",
    "horizons",
    "partial_total",
    "reference_class",
    "register_tests",
    "running_totals",
    "slips",
    "uplift_at",
]

_ROOMS: dict[str, str] = {
    "BenefitsMap": "benefits_map",
    "LAYERS": "benefits_map",
    "MapNode": "benefits_map",
    "benefits_map": "benefits_map",
    "Backtest": "forecast",
    "Forecast": "forecast",
    "forecast": "forecast",
    "holt": "forecast",
    "Finished": "reference_class",
    "ReferenceClass": "reference_class",
    "reference_class": "reference_class",
    "uplift_at": "reference_class",
    "RegisterTest": "register_tests",
    "findings_of_tests": "register_tests",
    "register_tests": "register_tests",
    "Cell": "running",
    "PartialTotal": "running",
    "Running": "running",
    "partial_total": "running",
    "running_totals": "running",
    "Horizon": "slips",
    "Slip": "slips",
    "expected_ends": "slips",
    "horizons": "slips",
    "slips": "slips",
}


def __getattr__(name: str) -> Any:
    """Fetch a method from its room on first use, so that records load without networkx."""
    if name in _ROOMS:
        return getattr(import_module(f"partnership._benefits.{_ROOMS[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


BenefitClass = Literal[
    "cash-releasing",
    "capacity released",
    "no release",
    "cost avoidance",
    "quantified",
    "qualitative",
    "societal",
]


class Benefit(Record):
    """One benefit in the register."""

    id: Id = Field(description="Id of the benefit")
    title: Title = Field(description="Change word and measure: fewer repeat referrals")
    description: Notes | None = Field(None, description="What changes for whom, and what gives rise to it")
    goal_id: Annotated[Id | None, Ref("goals")] = Field(None, description="Goal it serves")
    item_ids: Annotated[Ids, Ref("work_items")] = Field((), description="Work items that bring it about")
    leads_to: Annotated[Ids, Ref("benefits")] = Field(
        (), description="Benefits that this one leads to; blank: it is an end in itself"
    )
    measure_id: Annotated[Id | None, Ref("measures")] = Field(None, description="Measure that shows it")
    category: Literal["fiscal", "economic", "social"] = Field(
        "fiscal", description="Who is better off: public purse, economy, society"
    )
    benefit_class: BenefitClass = Field(description="What it releases; classes are never mixed in one total")
    is_disbenefit: Flag = Field(
        False, description="Yes for a harm or a cost moved to somebody: its money is negative"
    )
    additive: Flag = Field(
        False,
        description="Yes only if this value may be added to another category's value of the same outcome",
    )
    outcome_key: Id | None = Field(
        None, description="Id of the avoided outcome; two benefits with one key claim the same outcome"
    )
    owner_role_id: Annotated[Id | None, Ref("role_holders")] = Field(
        None, description="Benefit owner: the role that answers for it"
    )
    validator_role_id: Annotated[Id | None, Ref("role_holders")] = Field(
        None, description="Role in finance that validates it"
    )
    driver_agency_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="Agency whose work drives the demand"
    )
    baseline_value: Quantity | None = Field(None, description="Where the measure stood, in its unit")
    baseline_on: Day | None = Field(None, description="Day of the baseline")
    baseline_source: Title | None = Field(None, description="Where the baseline comes from")
    target_value: Quantity | None = Field(None, description="Where it shall stand, in its unit")
    target_on: Day | None = Field(None, description="By when")
    full_year_gbp: Pounds | None = Field(None, description="Value in a full year; negative for a dis-benefit")
    whole_life_gbp: Pounds | None = Field(
        None, description="Value over its whole life, where only that is known"
    )
    whole_life_missing: MissingKind | None = Field(None, description="Why the whole-life value is not known")
    price_base: Literal["nominal", "real"] = Field(
        "real", description="Pounds of the day, or of the price year"
    )
    price_year: Annotated[str | None, Field(pattern=r"^\d{4}/\d{2}$")] = Field(
        None, description="Price year, 2025/26"
    )
    unit_cost_id: Annotated[Id | None, Ref("unit_costs")] = Field(
        None, description="Unit cost used, from the library"
    )
    unit_cost_gbp: Pounds | None = Field(None, description="Unit cost used")
    confidence_grade: Whole | None = Field(
        None, ge=1, le=6, description="1 best evidence to 6 uncorroborated judgement"
    )
    starts_on: Day | None = Field(None, description="First month of benefit")
    lag_months: Annotated[Whole | None, Unit("months")] = Field(
        None, ge=0, description="Months from spending to the first benefit"
    )
    duration_months: Annotated[Whole | None, Unit("months")] = Field(
        None, ge=0, description="How long it lasts"
    )
    drop_off: Annotated[Percent | None, Unit("% a year")] = Field(None, description="What is lost each year")
    step_gbp: Pounds | None = Field(
        None, ge=0, description="Cash can be released only in steps of this size; blank: no step"
    )
    risk: Title | None = Field(None, description="What could stop it")
    evidence: Title | None = Field(None, description="Where the evidence lies")
    status: Title | None = Field(None, description="Where it stands")
    last_reviewed_on: Day | None = Field(None, description="When owner and validator last looked at it")


class BenefitShare(Record):
    """What share of a benefit falls to one agency. The shares of a benefit make 100%."""

    benefit_id: Annotated[Id, Ref("benefits")] = Field(description="The benefit")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency it falls to")
    share: Share = Field(description="Its share: 40, 12.5 or 1/3")


class Assumption(Record):
    """One link in the chain from people to pounds, with its range."""

    benefit_id: Annotated[Id, Ref("benefits")] = Field(description="The benefit")
    step: Literal[
        "target population",
        "affected",
        "take-up",
        "retention",
        "impact",
        "deadweight",
        "displacement",
        "leakage",
        "substitution",
        "attribution",
        "unit value",
        "optimism bias",
        "ramp-up",
        "other",
    ] = Field(description="Which link of the chain")
    name: Title = Field(description="What is assumed")
    value: Quantity = Field(description="The value used")
    unit: Title | None = Field(None, description="Its unit")
    low: Quantity | None = Field(None, description="Low end of its range")
    high: Quantity | None = Field(None, description="High end of its range")
    distribution: Literal["fixed", "triangular", "PERT", "uniform", "normal", "lognormal"] = Field(
        "triangular", description="How it is spread over the range"
    )
    shared_name: Id | None = Field(None, description="One name for one assumption used in several benefits")
    source: Title | None = Field(None, description="Where it comes from")
    confidence_grade: Whole | None = Field(
        None, ge=1, le=6, description="1 best evidence to 6 uncorroborated judgement"
    )


class Rebaseline(Record):
    """A new plan for a benefit: the old one is kept and both are shown."""

    benefit_id: Annotated[Id, Ref("benefits")] = Field(description="The benefit")
    version: Whole = Field(ge=2, description="Number of the new plan; the original is 1")
    agreed_on: Annotated[Day, Since()] = Field(description="When it was agreed")
    agreed_by_role_id: Annotated[Id | None, Ref("role_holders")] = Field(None, description="Who agreed")
    reason: Title = Field(description="Why")


class DeliveryConfidence(Record):
    """How sure one person is, on one day, that a benefit will come as planned: its owner, or a reviewer."""

    benefit_id: Annotated[Id, Ref("benefits")] = Field(description="The benefit")
    rated_by: Literal["owner", "reviewer"] = Field(
        description="The benefit owner, or somebody who looks from outside; both are kept, none is averaged"
    )
    stated_on: Annotated[Day, Since()] = Field(description="When it was said")
    confidence: Literal["green", "amber/green", "amber", "amber/red", "red"] = Field(
        description="Green highly likely, amber/green probable, amber feasible, amber/red in doubt, red unachievable"
    )
    role_id: Annotated[Id | None, Ref("role_holders")] = Field(None, description="Role that said it")
    reason: Title | None = Field(None, description="Why")


class FinishedBenefit(Record):
    """A benefit of earlier work that has run its course: planned and real value, for all its life."""

    id: Id = Field(description="Id")
    title: Title = Field(description="What it was")
    programme: Title | None = Field(None, description="Programme or project that it came from")
    benefit_class: BenefitClass = Field(description="What it released")
    finished_on: Day = Field(description="Last day of its life")
    planned_gbp: Pounds = Field(gt=0, description="Planned value over its whole life, when it was approved")
    realised_gbp: Pounds = Field(
        description="Value that was real over its whole life, in prices of the same year"
    )
    source: Title | None = Field(None, description="Review or report that says so")
    reviewed_on: Annotated[Day | None, Since()] = Field(None, description="When that was looked at")


class ProfileMonth(Record):
    """What a benefit is planned to bring in one month, in one version of the plan."""

    benefit_id: Annotated[Id, Ref("benefits")] = Field(description="The benefit")
    agency_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="Agency it falls to; blank: split by the benefit's shares"
    )
    version: Whole = Field(1, ge=1, description="1 for the original plan, 2 and on for re-baselined ones")
    period: Month = Field(description="Month")
    planned_gbp: Pounds = Field(description="Planned value in the month; negative for a dis-benefit")


class Reading(Record):
    """What was read: a value, two parts of a share, or the kind of missing. A blank is never zero."""

    measure_id: Annotated[Id, Ref("measures")] = Field(
        description="Measure that was read; for a benefit's money, the measure in £"
    )
    benefit_id: Annotated[Id | None, Ref("benefits")] = Field(
        None, description="Benefit it belongs to, when it is the money of a benefit"
    )
    item_id: Annotated[Id | None, Ref("work_items")] = Field(
        None, description="Work item it belongs to, where the measure is read for each item"
    )
    agency_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="Agency it belongs to; blank: the partnership as a whole"
    )
    period: Month = Field(description="Month, quarter or year it is for")
    value: Quantity | None = Field(None, description="The value, in the measure's unit")
    numerator: Quantity | None = Field(None, description="Above the line, for a share")
    denominator: Quantity | None = Field(None, ge=0, description="Below the line, for a share")
    label: Title | None = Field(None, description="The value as published, where it is a word: Amber")
    missing: MissingKind | None = Field(None, description="Why there is no value")
    missing_note: Title | None = Field(None, description="The reason as given: Exempt under Section 43")
    state: Literal["approved", "provisional", "not yet approved"] = Field(
        "approved", description="Approved by the validator, or may still change"
    )
    approved_by_role_id: Annotated[Id | None, Ref("role_holders")] = Field(
        None, description="Role that approved it"
    )
    source: Title | None = Field(None, description="Return or system it came from")
    read_on: Annotated[Day | None, Since()] = Field(None, description="Day on which it was handed in")
