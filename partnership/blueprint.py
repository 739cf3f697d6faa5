"""The blueprint: a simple picture of all the work to be done, who does what, and which habits to keep, stop or start.

The face over ``_blueprint/``, a subject a file: how much is done in one shared place; the hours it takes and
frees; who is accountable; what waits for what; what could be joined; whether habits have really changed.
Records load with this module; a method's room loads when its name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from partnership.records import Day, Flag, Id, Ids, Notes, Quantity, Record, Ref, Title, Unit, Whole

if TYPE_CHECKING:
    from partnership._blueprint.clarity import Beyond, Unclear, asked_too_often, beyond_capacity, unclear
    from partnership._blueprint.coverage import Coverage, coverage, coverage_by, from_contact_to_review
    from partnership._blueprint.dependencies import Dependencies, dependencies_of
    from partnership._blueprint.habits import HabitShown, habits_of
    from partnership._blueprint.joining import JoinedUp, join_up
    from partnership._blueprint.load import Load, load_by_agency

_ROOMS: dict[str, str] = {
    "Coverage": "coverage", "coverage": "coverage", "coverage_by": "coverage", "from_contact_to_review": "coverage",
    "Load": "load", "load_by_agency": "load",
    "Beyond": "clarity", "Unclear": "clarity", "asked_too_often": "clarity", "beyond_capacity": "clarity", "unclear": "clarity",
    "Dependencies": "dependencies", "dependencies_of": "dependencies",
    "JoinedUp": "joining", "join_up": "joining",
    "HabitShown": "habits", "habits_of": "habits",
}  # fmt: skip

__all__ = [
    "Beyond", "Capacity", "Coverage", "Dependencies", "Habit", "HabitShown", "ItemAgency", "JoinedUp", "Load", "Unclear",
    "WorkItem", "asked_too_often", "beyond_capacity", "coverage", "coverage_by", "dependencies_of", "from_contact_to_review",
    "habits_of", "join_up", "load_by_agency", "unclear",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Fetch a method from its room on first use, so that records load without networkx."""
    if name in _ROOMS:
        return getattr(import_module(f"partnership._blueprint.{_ROOMS[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


Habit = Literal["keep", "stop", "start", "change"]


class WorkItem(Record):
    """A piece of work that the partners do, or will do, together."""

    id: Id = Field(description="Id of the item")
    title: Title = Field(description="Name of the work")
    description: Notes | None = Field(None, description="What it is")
    function: Title | None = Field(
        None, description="Where in the work it sits, from first contact to review"
    )
    population: Title | None = Field(None, description="Whom it is for")
    theme: Title | None = Field(None, description="Theme it belongs to")
    goal_id: Annotated[Id | None, Ref("goals")] = Field(None, description="Goal it serves")
    lead_agency_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="The one agency that is accountable; blank: nobody leads"
    )
    habit: Habit = Field("keep", description="Keep, stop, start or change")
    habit_evidence: Title | None = Field(None, description="Why")
    shared_now: Flag = Field(False, description="Whether it is done in the shared system now")
    shared_future: Flag = Field(False, description="Whether it shall be")
    depends_on: Annotated[Ids, Ref("work_items")] = Field((), description="Items that must be done first")
    excludes: Annotated[Ids, Ref("work_items")] = Field((), description="Items that cannot be done beside it")
    volume_a_year: Annotated[Quantity | None, Unit("cases a year")] = Field(
        None, ge=0, description="Volume of the work"
    )
    starts_on: Day | None = Field(None, description="Planned start")
    due_on: Day | None = Field(None, description="Planned end")
    expected_on: Day | None = Field(
        None, description="When it is now expected to be done, if not on the planned end"
    )
    done_on: Day | None = Field(None, description="When it was done")
    status: Title | None = Field(None, description="Where it stands, in words")


class ItemAgency(Record):
    """What one agency does in one item."""

    item_id: Annotated[Id, Ref("work_items")] = Field(description="The item")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency")
    part: Literal["accountable", "responsible", "consulted", "informed"] = Field(
        description="Its part: exactly one agency is accountable"
    )
    effort_days: Annotated[Quantity | None, Unit("days")] = Field(
        None, ge=0, description="Days of effort to make the change"
    )
    hours_a_week_now: Annotated[Quantity | None, Unit("hours")] = Field(
        None, ge=0, description="Hours a week it spends on this work now"
    )
    hours_a_week_after: Annotated[Quantity | None, Unit("hours")] = Field(
        None, ge=0, description="Hours a week after the change"
    )
    meetings_a_month_now: Annotated[Quantity | None, Unit("meetings")] = Field(
        None, ge=0, description="Meetings a month now"
    )
    travel_hours_a_month: Annotated[Quantity | None, Unit("hours")] = Field(
        None, ge=0, description="Hours of travel a month now"
    )
    keyed_again: Annotated[Whole | None, Unit("times")] = Field(
        None, ge=0, description="How often the same facts are keyed again"
    )


class Capacity(Record):
    """What an agency offers for the work in one quarter."""

    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The agency")
    quarter_starts_on: Day = Field(description="First day of the quarter")
    days: Annotated[Quantity | None, Unit("days")] = Field(None, ge=0, description="Days offered")
    money_gbp: Annotated[Quantity | None, Unit("£")] = Field(None, ge=0, description="Money offered")
