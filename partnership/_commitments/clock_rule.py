"""The record of a clock's limit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from partnership.records import Day, Id, Record, Ref, Since, Title, Whole

__all__ = ["ClockRule"]


class ClockRule(Record):
    """One limit of a clock: what it times, how long there is, from when to when, and by whose word."""

    id: Id = Field(description="Id of the row")
    clock_id: Id = Field(
        description="Which clock: its colours, and what it was before and after a change, share this. "
        "The id of one that ships takes its place"
    )
    name: Title = Field(description="What the clock is called")
    times: Literal[
        "a step of the work",
        "information shared",
        "promised action",
        "promised information",
        "promised money",
        "promised staff",
        "promised decision",
        "office week",
    ] = Field(
        "a step of the work",
        description="What it times. Information shared: until a decision or a promise follows; a promise: "
        "from made to kept; the office week only says when work is done",
    )
    colour: Annotated[str | None, StringConstraints(min_length=1, max_length=40)] = Field(
        None, description="Colour of a step that has colours, as red; blank: no colours"
    )
    allows: Annotated[Whole | None, Field(ge=0, le=100_000)] = Field(
        None, description="How much time there is; blank: no limit, as for the office week"
    )
    counts: Literal["hours", "working hours", "days", "working days"] = Field(
        "working days", description="What is counted; hours run round the clock"
    )
    works_on: Annotated[
        str | None, Field(pattern=r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)( (Mon|Tue|Wed|Thu|Fri|Sat|Sun))*$")
    ] = Field(None, description="Days worked, as Mon Tue Wed Thu Fri; blank: those of the office week")
    works_from: Annotated[str | None, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = Field(
        None, description="Work begins at, as 09:00; blank: as the office week"
    )
    works_until: Annotated[str | None, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = Field(
        None, description="Work ends at, as 17:00; blank: as the office week"
    )
    bank_holidays: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = Field(
        None, description="Whose bank holidays are kept, as GB-ENG; blank: as the office week"
    )
    measure_id: Annotated[Id | None, Ref("measures")] = Field(
        None, description="Measure that counts what was done in time; blank: nobody counts it"
    )
    source: Title | None = Field(None, description="Where it is written; blank: not known, so check locally")
    effective_from: Day | None = Field(
        None, description="First day of effect; blank: not known, so check locally"
    )
    effective_to: Day | None = Field(None, description="Last day of effect; blank: until another begins")
    standing: Literal["check locally", "in force"] = Field(
        "check locally", description="In force only where the source was read and has a day of effect"
    )
    decided_on: Annotated[Day | None, Since()] = Field(None, description="When it was decided")
    note: Title | None = Field(None, description="Anything a reader should know")
