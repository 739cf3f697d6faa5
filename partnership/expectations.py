"""What each partner expects to give and to get, and the gap between partners.

An expectation is one partner's own reading of a goal, in its own words and units, on the day it said so. Two partners who
agreed to "share cases" and mean 5 and 5,000 have not agreed. The gap is compared on a common yearly rate and as a ratio:
differences and coefficients of variation saturate, ratios do not.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from partnership.records import Day, Id, Per, Quantity, Record, Ref, Since, Title

__all__ = ["Answer", "Expectation"]

Answer = Literal["answered", "no answer", "expects none"]


class Expectation(Record):
    """One partner's own reading of what it gives or gets, on the day it said so.

    A partner that says something new gets a new row with a new day: the old row stays, so that the history of a gap can
    be read. The latest day counts.
    """

    id: Id = Field(description="Id of the expectation")
    goal_id: Annotated[Id, Ref("goals")] = Field(description="The goal it is about")
    measure_id: Annotated[Id, Ref("measures")] = Field(description="The measure it is about")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The partner who expects")
    direction: Literal["gives", "gets"] = Field(description="Whether it would give this or expects to get it")
    counterpart_id: Annotated[Id | None, Ref("agencies")] = Field(None, description="To whom it gives or from whom it gets; blank: the partnership as a whole")
    answer: Answer = Field("answered", description="Answered, no answer, or expects none (an answer of its own, not a small number)")
    quantity: Quantity | None = Field(None, ge=0, description="How much; in the measure's unit unless a unit is given")
    unit: Title | None = Field(None, description="Unit in the partner's own words; the measure's unit when blank")
    per: Per = Field("year", description="Per which period; 'in all' for a stock or a total by the date")
    expected_by: Day | None = Field(None, description="By when it expects this")
    definition_id: Id | None = Field(None, description="Id of the definition it uses; another id than its partners' means another thing")
    scope: Title | None = Field(None, description="Area or group it has in mind; other words than its partners' mean another scope")
    definition_note: Title | None = Field(None, description="What it counts, in its own words")
    stated_on: Annotated[Day, Since()] = Field(description="Day on which the partner said so")
