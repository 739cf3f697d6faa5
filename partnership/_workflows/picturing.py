"""The blueprint of a plan: the picture of all the work, and what it tells.

One call, :func:`pictured`, gives the page, the command line and a notebook the same values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

from partnership._blueprint.clarity import Beyond, Unclear, asked_too_often, beyond_capacity, unclear
from partnership._blueprint.coverage import Coverage, coverage, coverage_by, from_contact_to_review
from partnership._blueprint.dependencies import Dependencies, dependencies_of
from partnership._blueprint.habits import HabitShown, habits_of
from partnership._blueprint.joining import JoinedUp, join_up
from partnership._blueprint.load import Load, load_by_agency
from partnership._workflows.habits_seen import seen_in
from partnership._workflows.phasing_settings import PACKED
from partnership.errors import PartnershipError
from partnership.periods import local_day
from partnership.wording import day

if TYPE_CHECKING:
    from partnership.blueprint import ItemAgency, WorkItem
    from partnership.store import Store

__all__ = ["Pictured", "evidence_of", "picture", "pictured"]

Records = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Pictured:
    """The picture of all the work.

    Parameters
    ----------
    items : tuple[WorkItem, ...]
        The work that is shown.
    parts : tuple[ItemAgency, ...]
        Who does what in it.
    functions, populations, themes : tuple[str, ...]
        In the order in which the plan first names them: functions from first contact to review.
    whole : Coverage
        All of it.
    by_function : tuple[Coverage, ...]
        One for each function.
    loads : tuple[Load, ...]
        One for each agency.
    dependencies : Dependencies
        Of the whole plan, whatever is shown.
    unclear : tuple[Unclear, ...]
        Who does what is not clear.
    often_asked : tuple[tuple[str, tuple[str, ...]], ...]
        Agencies that are consulted on too many items, with the items.
    beyond : tuple[Beyond, ...]
        Quarters in which the plan asks more of an agency than it offers.
    habits : tuple[HabitShown, ...]
        Keep, stop, start, change.
    feeds : tuple[tuple[str, str], ...]
        Benefits (id, title) that count freed hours of these items, so that they are counted there once.
    goals, agencies : Mapping[str, str]
        Id to title, and id to name.
    """

    items: tuple[WorkItem, ...]
    parts: tuple[ItemAgency, ...]
    functions: tuple[str, ...]
    populations: tuple[str, ...]
    themes: tuple[str, ...]
    whole: Coverage
    by_function: tuple[Coverage, ...]
    loads: tuple[Load, ...]
    dependencies: Dependencies
    unclear: tuple[Unclear, ...]
    often_asked: tuple[tuple[str, tuple[str, ...]], ...]
    beyond: tuple[Beyond, ...]
    habits: tuple[HabitShown, ...]
    feeds: tuple[tuple[str, str], ...]
    goals: Mapping[str, str]
    agencies: Mapping[str, str]
    today: dt.date

    @property
    def freed(self) -> Decimal:
        """Hours a week that the change is expected to free, over the items where both hours are known."""
        return sum((one.freed for one in self.loads), Decimal(0))

    def item(self, item_id: str) -> WorkItem | None:
        """Return an item that is shown, or None."""
        return next((i for i in self.items if i.id == item_id), None)

    def join(self, groups: Sequence[str], overlap: Decimal = Decimal(1), by: str = "population") -> JoinedUp:
        """Return what joining populations or themes would free; see ``_blueprint.joining.join_up``."""
        return join_up(self.items, self.parts, groups, by=by, overlap=overlap)  # type: ignore[arg-type]

    def best_join(self) -> JoinedUp | None:
        """Return the two populations whose joining could free most hours; None when nothing is done twice.

        A population that is named as all of them is no group to be joined with one of them.
        """
        groups = [p for p in self.populations if p.casefold().split(" ")[0] != "all"]
        tried = [self.join(pair) for pair in combinations(groups, 2)]
        freeing = [one for one in tried if one.hours_freed > 0]
        return max(freeing, key=lambda one: (one.hours_freed, one.groups), default=None)


def picture(
    store: Store, *, as_of: dt.date | None = None, today: dt.date | None = None, **narrowed: Any
) -> Pictured:
    """Return the picture of a stored plan, as known on a day; see :func:`pictured`."""
    plan: Any = store.plan(as_of=as_of)
    register = store.fetch("benefit_register", as_of=as_of).to_dicts()
    return pictured(plan, today=today or as_of, register=register, **narrowed)


def pictured(
    plan: Records,
    *,
    today: dt.date | None = None,
    agency_id: str | None = None,
    goal_id: str | None = None,
    theme: str | None = None,
    habit: str | None = None,
    register: Iterable[Mapping[str, Any]] | None = None,
) -> Pictured:
    """Return the picture of all the work in a plan, and what it tells.

    Parameters
    ----------
    plan : Plan
        As ``store.plan()`` gives it.
    today : date, optional
        The day it is seen from; the present day when left out.
    agency_id, goal_id, theme, habit : str, optional
        Narrow the picture: to what an agency leads or has a part in, a goal's items, a theme, a habit.
        Dependencies are those of the whole plan: what waits does not stop at a filter.
    register : Iterable[Mapping], optional
        Rows of the view ``benefit_register``, from which habits say what is real since.
    """
    on = today or local_day(dt.datetime.now(dt.UTC))
    every = tuple(plan["work_items"])
    roles = tuple(plan["item_agencies"])
    own = {p.item_id for p in roles if p.agency_id == agency_id}
    shown = tuple(
        i
        for i in every
        if (agency_id is None or i.lead_agency_id == agency_id or i.id in own)
        and goal_id in (None, i.goal_id)
        and theme in (None, i.theme)
        and habit in (None, i.habit)
    )
    ids = {i.id for i in shown}
    parts = tuple(p for p in roles if p.item_id in ids)
    open_goals = {g.id for g in plan["goals"] if not (g.closed_on and g.closed_on <= on)}
    loads = load_by_agency(shown, parts)
    freed: dict[str, Decimal] = {}
    for one in loads:
        for item, hours in one.freed_by_item.items():
            freed[item] = freed.get(item, Decimal(0)) + hours
    feeding = [
        (b.id, b.title)
        for b in plan["benefits"]
        if b.benefit_class == "capacity released" and ids & set(b.item_ids) and not b.is_disbenefit
    ]
    mine = tuple(p for p in parts if agency_id in (None, p.agency_id))
    functions = from_contact_to_review(_named(shown, "function"))
    order = {name: n for n, name in enumerate(functions)}
    by_function = coverage_by(shown, parts, lambda i: i.function)
    since = None if register is None else seen_in(shown, plan["benefits"], register)
    return Pictured(
        shown, parts,
        functions, _named(shown, "population"), _named(every, "theme"),
        coverage(shown, parts), tuple(sorted(by_function, key=lambda c: order.get(c.name, len(order)))),
        loads if agency_id is None else tuple(one for one in loads if one.agency_id == agency_id),
        dependencies_of(every, open_goals, on),
        unclear(shown, parts), asked_too_often(shown, parts),
        beyond_capacity(shown, mine, plan["capacity"]),
        habits_of(shown, on, freed, evidence_of(plan, shown, freed, on), since),
        tuple(feeding),
        {g.id: g.title for g in plan["goals"]},
        {a.id: a.short_name or a.name for a in plan["agencies"]},
        on,
    )  # fmt: skip


def _named(items: Iterable[WorkItem], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for i in items if (v := getattr(i, field))))


def evidence_of(
    plan: Records, items: Sequence[WorkItem], freed: Mapping[str, Decimal], today: dt.date
) -> dict[str, tuple[str, ...]]:
    """Return what scores, selection and load say of each item, in words.

    Scores: quadrant and place in the latest revealed round. Selection: whether the latest decided plan
    chose it; while none is, its own date. Load: the hours that it is expected to free.
    """
    places, selected = _places(plan, today), _selected(plan, today)
    said: dict[str, tuple[str, ...]] = {}
    for item in items:
        lines = []
        if item.id in places:
            lines.append(f"Scores: {places[item.id]}.")
        if selected is None:
            dated = f"its date is {day(item.starts_on)}" if item.starts_on else "no date"
            if item.habit in ("start", "change") or item.starts_on:
                lines.append(f"Selection: no plan decided; {dated}.")
        elif item.id in selected[1]:
            lines.append(f"Selection: in the plan of {day(selected[0])}.")
        elif item.habit in ("start", "change"):
            lines.append(f"Selection: not in the plan of {day(selected[0])}.")
        hours = freed.get(item.id)
        if hours:
            verb = "frees" if hours > 0 else "takes"
            lines.append(f"Load: {verb} {abs(hours):,.0f} hours a week.")
        said[item.id] = tuple(lines)
    return said


def _selected(plan: Records, today: dt.date) -> tuple[dt.date, frozenset[str]] | None:
    """Return the day and the items of the latest plan that was decided; None where none was."""
    if not any((d.options or "").startswith(PACKED) for d in plan["decisions"]):
        return None
    from partnership._workflows.phasing_decision import saved_plans

    kept = next((s for s in saved_plans(plan) if s.decided_on <= today), None)
    return (kept.decided_on, frozenset(kept.starts)) if kept else None


def _places(plan: Records, today: dt.date) -> dict[str, str]:
    from partnership._workflows.prioritising import prioritised

    if not plan["scores"]:
        return {}
    try:
        ranking = prioritised(plan, today=today)
    except PartnershipError:
        return {}
    return {i.item_id: _place(i) for i in ranking.ranked}


def _place(item: Any) -> str:
    first, last = item.places or (item.rank, item.rank)
    place = f"place {item.rank}" if first == last else f"place {first} to {last}, close call"
    return f"{item.quadrant}, {place}" if item.quadrant else place
