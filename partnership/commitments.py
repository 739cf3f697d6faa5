"""Decisions, promises and deliveries: the partnership's memory of what was said and what was done.

The face over ``_commitments/``, a subject a file: how long promises take; whether they are kept; what followed
from information shared; clocks; who held which role; what only one person is named on; finding words again.
Records load with this module; a method's room loads when its name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from partnership._commitments.clock_rule import ClockRule
from partnership.records import Day, Id, Notes, Record, Ref, Since, Title

if TYPE_CHECKING:
    from partnership._commitments.clock_checks import WrongRule, wrong_rules
    from partnership._commitments.clock_files import read_clock_rules
    from partnership._commitments.clocks import Clocks, allowed_by, clocks, clocks_of_rules, standing_of
    from partnership._commitments.following import Followed, followed
    from partnership._commitments.keeping import AgeBand, Kept, Outcome, kept, open_by_age
    from partnership._commitments.knowledge import Carried, Carrier, carriers
    from partnership._commitments.searching import Entry, Match, find
    from partnership._commitments.survival import Spell, Step, TimeToDone, time_to_done
    from partnership._commitments.tenure import Holding, OwnerGap, RoleHistory, role_histories
    from partnership._commitments.working_time import Allowed, Week, runs_out, working_days

_ROOMS: dict[str, str] = {
    "WrongRule": "clock_checks", "wrong_rules": "clock_checks", "read_clock_rules": "clock_files",
    "Clocks": "clocks", "allowed_by": "clocks", "clocks": "clocks", "clocks_of_rules": "clocks", "standing_of": "clocks",
    "Followed": "following", "followed": "following",
    "AgeBand": "keeping", "Kept": "keeping", "Outcome": "keeping", "kept": "keeping", "open_by_age": "keeping",
    "Carried": "knowledge", "Carrier": "knowledge", "carriers": "knowledge",
    "Entry": "searching", "Match": "searching", "find": "searching",
    "Spell": "survival", "Step": "survival", "TimeToDone": "survival", "time_to_done": "survival",
    "Holding": "tenure", "OwnerGap": "tenure", "RoleHistory": "tenure", "role_histories": "tenure",
    "Allowed": "working_time", "Week": "working_time", "runs_out": "working_time", "working_days": "working_time",
}  # fmt: skip

__all__ = [
    "AgeBand", "Allowed", "Carried", "Carrier", "ClockRule", "Clocks", "Commitment", "Decision", "Delivery", "DueChange", "Entry",
    "Followed", "Holding", "Kept", "Match", "Outcome", "OwnerGap", "RoleHistory", "SharedInformation", "Spell", "Step",
    "TimeToDone", "Week", "WrongRule", "allowed_by", "carriers", "clocks", "clocks_of_rules", "find", "followed", "kept", "open_by_age",
    "read_clock_rules", "role_histories", "runs_out", "standing_of", "time_to_done", "working_days", "wrong_rules",
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
