"""Investment and return per agency: what each pays in. The methods of appraisal join this room later."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from partnership._roi.library import refuse_double_count, safe_total
from partnership._roi.prices import at_prices_of, inflation_rate, nominal_rate, real_rate
from partnership.records import Day, FinancialYear, Id, Pounds, Record, Ref, Title

__all__ = ["Contribution", "UnitCost", "at_prices_of", "inflation_rate", "nominal_rate", "real_rate", "refuse_double_count", "safe_total"]


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
