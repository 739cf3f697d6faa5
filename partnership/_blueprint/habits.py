"""Habits: what is kept, stopped, started and changed, on what evidence, by whom, by when, and has it been."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from partnership.blueprint import Habit, WorkItem

__all__ = ["HABITS", "HabitShown", "State", "habits_of"]

HABITS: tuple[Habit, ...] = ("keep", "stop", "start", "change")

State = Literal["runs", "done", "done late", "overdue", "under way", "not yet begun", "no date"]


@dataclass(frozen=True, slots=True)
class HabitShown:
    """One habit, and what stands behind it.

    Parameters
    ----------
    item_id, title : str
        The item.
    habit : {"keep", "stop", "start", "change"}
        What shall happen.
    lead_agency_id : str or None
        Who leads; None: nobody.
    due_on, done_on : date or None
        By when, and when it was done.
    state : str
        Whether it has really changed since.
    days_late : int
        Days past the planned end: until done, or until today.
    said : str or None
        The evidence that the plan gives.
    evidence : tuple[str, ...]
        What scores, selection and load say.
    hours_freed : Decimal or None
        Hours a week that it is expected to free.
    seen : str or None
        What readings say since, in words; None where nobody looked.
    """

    item_id: str
    title: str
    habit: Habit
    lead_agency_id: str | None
    due_on: dt.date | None
    done_on: dt.date | None
    state: State
    days_late: int
    said: str | None
    evidence: tuple[str, ...]
    hours_freed: Decimal | None
    seen: str | None = None


def habits_of(
    items: Sequence[WorkItem],
    today: dt.date,
    freed: Mapping[str, Decimal] | None = None,
    evidence: Mapping[str, Iterable[str]] | None = None,
    seen: Mapping[str, str] | None = None,
) -> tuple[HabitShown, ...]:
    """Return every habit with its evidence, its owner, its date, and whether it has really changed.

    A habit that is to be kept runs until somebody writes that it has ended. One that is to stop, start or
    change has changed when the item has an end that lies behind; a planned end that has passed without one is
    overdue, and that is said in days.

    Parameters
    ----------
    items : Sequence[WorkItem]
        The work.
    today : date
        The day it is seen from.
    freed : Mapping[str, Decimal], optional
        Item to hours a week that it is expected to free.
    evidence : Mapping[str, Iterable[str]], optional
        Item to what scores, selection and load say of it.
    seen : Mapping[str, str], optional
        Item to what readings say of it since: a date alone proves nothing.

    Examples
    --------
    >>> import datetime as dt
    >>> from partnership.blueprint import WorkItem
    >>> item = WorkItem(id="W1", title="Paper list", habit="stop", due_on="2026-03-31")
    >>> [(h.state, h.days_late) for h in habits_of([item], dt.date(2026, 4, 10))]
    [('overdue', 10)]
    """
    freed, evidence, seen = freed or {}, evidence or {}, seen or {}
    made = [
        HabitShown(
            item.id,
            item.title,
            item.habit,
            item.lead_agency_id,
            item.due_on,
            item.done_on if item.done_on and item.done_on <= today else None,
            *_state(item, today),
            item.habit_evidence,
            tuple(evidence.get(item.id, ())),
            freed.get(item.id),
            seen.get(item.id),
        )
        for item in items
    ]
    return tuple(
        sorted(made, key=lambda h: (HABITS.index(h.habit), -h.days_late, h.due_on or dt.date.max, h.item_id))
    )


def _state(item: WorkItem, today: dt.date) -> tuple[State, int]:
    if item.done_on and item.done_on <= today:
        late = (item.done_on - item.due_on).days if item.due_on else 0
        return ("done late", late) if late > 0 else ("done", 0)
    if item.due_on and item.due_on < today:
        return "overdue", (today - item.due_on).days
    if item.habit == "keep":
        return "runs", 0
    if item.starts_on and item.starts_on <= today:
        return "under way", 0
    return ("not yet begun", 0) if item.starts_on or item.due_on else ("no date", 0)
