"""Decisions, promises and deliveries: the partnership's memory of what was said and what was done.

The face over ``_commitments/``, a subject a file: how long promises take; whether they are kept; what followed
from information shared; clocks; who held which role; what only one person is named on; finding words again.
Records load with this module; a method's room loads when its name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from partnership.records import Day, Id, Notes, Record, Ref, Since, Title, Whole

if TYPE_CHECKING:
    from partnership._commitments.clocks import (
        Allowed,
        Clock,
        Clocks,
        Week,
        clock_text,
        clocks,
        read_clocks,
        runs_out,
        working_days,
    )
    from partnership._commitments.following import Followed, followed
    from partnership._commitments.keeping import AgeBand, Kept, Outcome, kept, open_by_age
    from partnership._commitments.knowledge import Carried, Carrier, carriers
    from partnership._commitments.searching import Entry, Match, find
    from partnership._commitments.survival import Spell, Step, TimeToDone, time_to_done
    from partnership._commitments.tenure import Holding, OwnerGap, RoleHistory, role_histories

_ROOMS: dict[str, str] = {
    "Allowed": "clocks", "Clock": "clocks", "Clocks": "clocks", "Week": "clocks", "clocks": "clocks",
    "clock_text": "clocks",
    "read_clocks": "clocks", "runs_out": "clocks", "working_days": "clocks",
    "Followed": "following", "followed": "following",
    "AgeBand": "keeping", "Kept": "keeping", "Outcome": "keeping", "kept": "keeping", "open_by_age": "keeping",
    "Carried": "knowledge", "Carrier": "knowledge", "carriers": "knowledge",
    "Entry": "searching", "Match": "searching", "find": "searching",
    "Spell": "survival", "Step": "survival", "TimeToDone": "survival", "time_to_done": "survival",
    "Holding": "tenure", "OwnerGap": "tenure", "RoleHistory": "tenure", "role_histories": "tenure",
}  # fmt: skip

__all__ = [
    "AgeBand", "Allowed", "Carried", "Carrier", "Clock", "ClockRule", "Clocks", "Commitment", "Decision", "Delivery", "DueChange", "Entry",
    "Followed", "Holding", "Kept", "Match", "Outcome", "OwnerGap", "RoleHistory", "SharedInformation", "Spell", "Step",
    "TimeToDone", "Week", "carriers", "clock_text", "clocks", "find", "followed", "kept", "open_by_age", "read_clocks", "role_histories",
    "runs_out", "time_to_done", "working_days",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Fetch a method from its room on first use, so that records load without lifelines."""
    if name in _ROOMS:
        return getattr(import_module(f"partnership._commitments.{_ROOMS[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


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


class ClockRule(Record):
    """One limit of a clock: what it times, how long there is, from when to when, and by whose word."""

    id: Id = Field(description="Id of the row")
    clock_id: Id = Field(
        description="Which clock: its colours, and what it was before and after a change, share this. The id of one that ships takes its place"
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
        description="What it times. Information shared: until a decision or a promise follows; a promise: from made to kept; the office week only says when work is done",
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
