"""Decisions, promises and deliveries: the partnership's memory of what was said and what was done."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from partnership.records import Day, Id, Notes, Record, Ref, Since, Title

__all__ = ["Commitment", "Decision", "Delivery", "DueChange", "SharedInformation"]


class Decision(Record):
    """What was decided, why, and who disagreed."""

    id: Id = Field(description="Id of the decision")
    title: Title = Field(description="What was decided")
    decided_on: Annotated[Day, Since()] = Field(description="When")
    meeting: Title | None = Field(None, description="Where")
    decided_by: Title | None = Field(None, description="Which board, group or role")
    why: Notes | None = Field(None, description="The reason")
    options: Notes | None = Field(None, description="What else was possible")
    dissent: Notes | None = Field(None, description="Who disagreed, and why")
    goal_id: Annotated[Id | None, Ref("goals")] = Field(None, description="Goal it is about")
    item_id: Annotated[Id | None, Ref("work_items")] = Field(None, description="Work item it is about")


class Commitment(Record):
    """A promise: who promised what to whom by when."""

    id: Id = Field(description="Id of the promise")
    title: Title = Field(description="What was promised")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="Who promised")
    to_agency_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="To whom; blank: to all partners"
    )
    role_id: Annotated[Id | None, Ref("role_holders")] = Field(None, description="Role that promised")
    kind: Literal["action", "information", "money", "staff", "decision"] = Field(
        "action", description="What kind of thing was promised"
    )
    made_on: Annotated[Day, Since()] = Field(description="When")
    due_on: Day = Field(description="First due date agreed; later changes are kept apart")
    decision_id: Annotated[Id | None, Ref("decisions")] = Field(None, description="Decision it follows from")
    goal_id: Annotated[Id | None, Ref("goals")] = Field(None, description="Goal it serves")
    item_id: Annotated[Id | None, Ref("work_items")] = Field(None, description="Work item it serves")
    benefit_id: Annotated[Id | None, Ref("benefits")] = Field(None, description="Benefit that waits for it")
    withdrawn_on: Day | None = Field(None, description="When it was taken back, if it was")
    note: Title | None = Field(None, description="Anything a reader should know")


class DueChange(Record):
    """A due date that was moved: the old one is kept."""

    commitment_id: Annotated[Id, Ref("commitments")] = Field(description="The promise")
    changed_on: Annotated[Day, Since()] = Field(description="When it was moved")
    new_due_on: Day = Field(description="New due date")
    reason: Title = Field(description="Why")


class Delivery(Record):
    """A promise kept: when, and the evidence."""

    commitment_id: Annotated[Id, Ref("commitments")] = Field(description="The promise")
    delivered_on: Annotated[Day, Since()] = Field(description="When")
    evidence: Title | None = Field(None, description="What shows it")
    accepted_by_role_id: Annotated[Id | None, Ref("role_holders")] = Field(
        None, description="Who accepted it as done"
    )


class SharedInformation(Record):
    """Information that one partner gave to another, and what followed from it."""

    id: Id = Field(description="Id")
    title: Title = Field(description="What was shared")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="Who gave it")
    to_agency_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="To whom; blank: to all partners"
    )
    given_on: Annotated[Day, Since()] = Field(description="When")
    decision_id: Annotated[Id | None, Ref("decisions")] = Field(None, description="Decision that followed")
    commitment_id: Annotated[Id | None, Ref("commitments")] = Field(None, description="Promise that followed")
