"""The memory of a stored plan: decisions and what came of them, roles, what hangs on one person, search."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._workflows.phasing_settings import options_in_words
from partnership.commitments import (
    Carried,
    Carrier,
    Entry,
    Holding,
    Match,
    RoleHistory,
    carriers,
    find,
    role_histories,
)
from partnership.errors import InvalidInput
from partnership.periods import local_day
from partnership.personal_data import scan_text

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["Decided", "Event", "Remembered", "remembered", "role_labels", "search_memory"]

_QUARTER_DAYS = 92


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what it is about, and the promises that follow from it with their states."""

    id: str
    title: str
    decided_on: dt.date
    meeting: str | None
    decided_by: str | None
    why: str | None
    options: str | None
    dissent: str | None
    goal_id: str | None
    goal_title: str | None
    item_id: str | None
    item_title: str | None
    promises: tuple[tuple[str, str, str], ...]
    rests_on: tuple[str, ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        """What a newcomer would ask and not find: why, options, who decided, whether anybody disagreed."""
        asked = (
            ("why", self.why),
            ("options", self.options),
            ("who decided", self.decided_by),
            ("dissent", self.dissent),
        )
        return tuple(name for name, text in asked if not text)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a day, what kind of thing, its title, and more in a few words."""

    on: dt.date
    kind: str
    title: str
    more: str
    agency_id: str | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the Memory page, the pack and the command say.

    ``labels`` names a role by the id of any holding of it; ``people`` says by label who holds it now.
    """

    on: dt.date
    since: dt.date
    decisions: tuple[Decided, ...]
    roles: tuple[RoleHistory, ...]
    carriers: tuple[Carrier, ...]
    events: tuple[Event, ...]
    labels: Mapping[str, str]
    people: Mapping[str, str | None]

    @property
    def begun(self) -> tuple[RoleHistory, ...]:
        """The roles that somebody has begun in by the day shown; what begins later is none of that day's."""
        return tuple(r for r in self.roles if r.standing != "not begun")


def remembered(
    store: Store,
    *,
    as_of: dt.date | None = None,
    today: dt.date | None = None,
    agency_id: str | None = None,
    goal_id: str | None = None,
) -> Remembered:
    """Gather what the partnership remembers.

    Parameters
    ----------
    store : Store
        Where the plan is.
    as_of, today : date, optional
        As known on that day, and the day it is judged on.
    agency_id : str, optional
        Roles, people and events of this agency; decisions are everybody's and are not narrowed by it.
    goal_id : str, optional
        Decisions about this goal or about work that serves it.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))
    plan = store.plan(as_of=as_of)
    own = next(iter(plan["partnership"]), None)
    board = own.last_board_on if own is not None else None
    since = board if board and board < on else on - dt.timedelta(days=_QUARTER_DAYS)
    holdings = [
        Holding(h.id, h.agency_id, h.role, h.holder, h.started_on, h.ended_on) for h in plan["role_holders"]
    ]
    roles = role_histories(holdings, on)
    labels, people = role_labels(holdings, roles)
    states = {
        r["commitment_id"]: r["state"] for r in store.fetch("promises", as_of=as_of, today=on).to_dicts()
    }
    lives = store.fetch("benefit_lives", as_of=as_of, today=on).to_dicts()
    money = {r["benefit_id"]: r["plan_total_gbp"] for r in lives if not r["is_disbenefit"]}
    things = list(_carried(plan, states, money, labels, on, agency_id))
    return Remembered(
        on=on,
        since=since,
        decisions=tuple(_decisions(plan, states, on, goal_id)),
        roles=tuple(r for r in roles if agency_id in (None, r.agency_id)),
        carriers=carriers(things, people),
        events=tuple(_events(plan, since, on, agency_id)),
        labels=labels,
        people=people,
    )


def role_labels(
    holdings: Iterable[Holding], roles: Iterable[RoleHistory]
) -> tuple[dict[str, str], dict[str, str | None]]:
    """Return each holding's role by a name of its own, and who holds each role now.

    A role that two agencies have is named with the agency's id.
    """
    known = list(roles)
    often = Counter(r.role.casefold() for r in known)
    by_role = {
        (r.agency_id, " ".join(r.role.casefold().split())): (
            r.role if often[r.role.casefold()] == 1 else f"{r.role} ({r.agency_id})"
        )
        for r in known
    }
    labels = {h.id: by_role[h.agency_id, " ".join(h.role.casefold().split())] for h in holdings}
    people = {
        by_role[r.agency_id, " ".join(r.role.casefold().split())]: r.current.holder if r.current else None
        for r in known
    }
    return labels, people


def _carried(
    plan: Any,
    states: Mapping[str, str],
    money: Mapping[str, Decimal | None],
    labels: Mapping[str, str],
    on: dt.date,
    agency_id: str | None,
) -> Iterator[Carried]:
    def named(*roles: str | None) -> frozenset[str]:
        return frozenset(labels[r] for r in roles if r is not None and r in labels)

    owned_by = {h.id: h.agency_id for h in plan["role_holders"]}
    for goal in plan["goals"]:
        if agency_id in (None, goal.owner_agency_id) and not (goal.closed_on and goal.closed_on <= on):
            yield Carried("goal", goal.id, goal.title, named(goal.owner_role_id))
    for benefit in plan["benefits"]:
        if agency_id in (None, owned_by.get(benefit.owner_role_id or "")):
            roles = named(benefit.owner_role_id, benefit.validator_role_id)
            yield Carried("benefit", benefit.id, benefit.title, roles, money.get(benefit.id))
    for promise in plan["commitments"]:
        mine = agency_id in (None, promise.agency_id)
        if mine and states.get(promise.id) in ("overdue", "not yet due"):
            yield Carried("promise", promise.id, promise.title, named(promise.role_id))
    for measure in plan["measures"]:
        if agency_id is None and measure.owner_role_id:
            yield Carried("measure", measure.id, measure.name, named(measure.owner_role_id))


def _decisions(plan: Any, states: Mapping[str, str], on: dt.date, goal_id: str | None) -> Iterator[Decided]:
    goals = {g.id: g.title for g in plan["goals"]}
    items = {i.id: i for i in plan["work_items"]}
    followed_by, rests = defaultdict(list), defaultdict(list)
    for promise in plan["commitments"]:
        if promise.decision_id and promise.id in states:
            followed_by[promise.decision_id].append((promise.id, promise.title, states[promise.id]))
    for given in plan["shared_information"]:
        if given.decision_id and given.given_on <= on:
            rests[given.decision_id].append(given.title)
    for one in sorted(plan["decisions"], key=lambda d: (d.decided_on, d.id), reverse=True):
        item = items.get(one.item_id) if one.item_id else None
        goal = one.goal_id or (item.goal_id if item else None)
        if one.decided_on > on or goal_id not in (None, goal):
            continue
        yield Decided(
            one.id, one.title, one.decided_on, one.meeting, one.decided_by, one.why,
            options_in_words(one.id, one.options), one.dissent,
            goal, goals.get(goal) if goal else None, one.item_id, item.title if item else None,
            tuple(followed_by[one.id]), tuple(rests[one.id]),
        )  # fmt: skip


def _events(plan: Any, since: dt.date, on: dt.date, agency_id: str | None) -> list[Event]:
    found: list[Event] = [
        Event(d.decided_on, "decision", d.title, d.decided_by or "", None) for d in plan["decisions"]
    ]
    made = {c.id: c for c in plan["commitments"]}
    found += [Event(c.made_on, "promise made", c.title, "", c.agency_id) for c in made.values()]
    found += [
        Event(c.withdrawn_on, "promise taken back", c.title, "", c.agency_id)
        for c in made.values()
        if c.withdrawn_on
    ]
    for move in plan["due_changes"]:
        promise = made[move.commitment_id]
        found.append(Event(move.changed_on, "due date moved", promise.title, move.reason, promise.agency_id))
    for done in plan["deliveries"]:
        promise = made[done.commitment_id]
        found.append(
            Event(done.delivered_on, "promise kept", promise.title, done.evidence or "", promise.agency_id)
        )
    for given in plan["shared_information"]:
        found.append(Event(given.given_on, "information shared", given.title, "", given.agency_id))
    for held in plan["role_holders"]:
        who = held.holder or "nobody named"
        if held.started_on:
            found.append(Event(held.started_on, "role taken up", held.role, who, held.agency_id))
        if held.ended_on:
            found.append(Event(held.ended_on, "role left", held.role, who, held.agency_id))
    recent = [e for e in found if since < e.on <= on and agency_id in (None, e.agency_id)]
    return sorted(recent, key=lambda e: (-e.on.toordinal(), e.kind, e.title))


def search_memory(
    store: Store, query: str, *, as_of: dt.date | None = None, today: dt.date | None = None
) -> tuple[Match, ...]:
    """Find words in decisions, promises, what moved and why, evidence, information shared, notes and reviews.

    Only text that people wrote, and that passed the scan when it was stored, is looked at; readings are not.
    A search that itself looks like personal data is refused: it would stand in an address.

    Raises
    ------
    InvalidInput
        If there is no word in it, it is too long, or it looks like personal data.
    """
    hits = scan_text(query)
    if hits:
        msg = (
            f"The search looks like personal data ({hits[0].kind}). "
            "Search for a word of a decision, a promise or a note."
        )
        raise InvalidInput(msg)
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))
    return find(query, _entries(store.plan(as_of=as_of), on))


def _said(**texts: str | None) -> dict[str, str]:
    return {name.replace("_", " "): text for name, text in texts.items() if text}


def _entries(plan: Any, on: dt.date) -> Iterator[Entry]:
    yield from _decision_entries(plan, on)
    yield from _promise_entries(plan, on)
    for a in plan["annotations"]:
        if a.period <= on:
            yield Entry("note", a.id, a.text, a.period, _said(detail=a.detail))
    for g in plan["goals"]:
        yield Entry("goal", g.id, g.title, g.last_reviewed_on, _said(description=g.description))
    for w in plan["work_items"]:
        texts = _said(description=w.description, evidence=w.habit_evidence)
        yield Entry("work", w.id, w.title, w.starts_on, texts)
    for n, r in enumerate(plan["delivery_confidence"]):
        if r.stated_on <= on and r.reason:
            yield Entry("review", f"{r.benefit_id}-{n}", r.reason, r.stated_on, {})


def _decision_entries(plan: Any, on: dt.date) -> Iterator[Entry]:
    for d in plan["decisions"]:
        if d.decided_on <= on:
            texts = _said(
                why=d.why,
                options=options_in_words(d.id, d.options),
                dissent=d.dissent,
                decided_by=d.decided_by,
                meeting=d.meeting,
            )
            yield Entry("decision", d.id, d.title, d.decided_on, texts)


def _promise_entries(plan: Any, on: dt.date) -> Iterator[Entry]:
    moved, evidence = defaultdict(list), defaultdict(list)
    for m in plan["due_changes"]:
        if m.changed_on <= on:
            moved[m.commitment_id].append(m.reason)
    for f in plan["deliveries"]:
        if f.delivered_on <= on and f.evidence:
            evidence[f.commitment_id].append(f.evidence)
    for c in plan["commitments"]:
        if c.made_on <= on:
            reasons, shown = "; ".join(moved[c.id]), "; ".join(evidence[c.id])
            yield Entry(
                "promise", c.id, c.title, c.made_on, _said(note=c.note, why_it_moved=reasons, evidence=shown)
            )
    for s in plan["shared_information"]:
        if s.given_on <= on:
            yield Entry("information shared", s.id, s.title, s.given_on, {})
