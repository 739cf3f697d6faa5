"""Promises of a stored plan: kept or late, how long they take, what they hold up, what was shared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._commitments.clocks import SHARED
from partnership._workflows.clock_standing import Standing, standings
from partnership._workflows.own_clocks import clocks_of
from partnership.commitments import (
    AgeBand,
    ClockRule,
    Clocks,
    Followed,
    Kept,
    Outcome,
    Spell,
    TimeToDone,
    followed,
    kept,
    open_by_age,
    time_to_done,
    working_days,
)
from partnership.periods import local_day

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = ["Move", "Promised", "Shared", "Wait", "kept_on", "promised"]

Row = Mapping[str, Any]

_OPEN = ("overdue", "not yet due")


@dataclass(frozen=True, slots=True)
class Move:
    """A due date that was moved: when, from which day to which, and why."""

    changed_on: dt.date
    from_due_on: dt.date
    new_due_on: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A piece of information that was given, what came of it, and the limit that timed it."""

    id: str
    title: str
    agency_id: str
    to_agency_id: str | None
    given_on: dt.date
    led_to: str | None
    came: Followed
    clock: ClockRule | None


@dataclass(frozen=True, slots=True)
class Wait:
    """A benefit that waits for overdue promises, the one due first first; money and months counted once."""

    benefit_id: str
    title: str
    held_up_gbp: Decimal
    months: int
    promises: tuple[str, ...]
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promised:
    """What a page or a command says of promises.

    ``rows`` are those of the view ``promises``. ``by_agency`` and ``by_kind`` go by id and by kind,
    ``by_both`` by the two. ``working_late`` and ``moves`` go by the promise's id; ``too_early`` counts
    deliveries dated before their promise was made, taken as done on the day it was made. ``clocks_from`` says
    where the clocks come from; ``standings`` how each limit was kept.
    """

    on: dt.date
    rows: tuple[Row, ...]
    whole: Kept
    by_agency: Mapping[str, Kept]
    by_kind: Mapping[str, Kept]
    by_both: Mapping[tuple[str, str], Kept]
    time: TimeToDone
    ages: tuple[AgeBand, ...]
    waits: tuple[Wait, ...]
    shared: tuple[Shared, ...]
    working_late: Mapping[str, int]
    moves: Mapping[str, tuple[Move, ...]]
    too_early: int
    clocks: Clocks
    clocks_from: str = ""
    standings: tuple[Standing, ...] = ()

    @property
    def shared_clocks(self) -> tuple[ClockRule, ...]:
        """Limits that timed what was shared, in the order of their days of effect; else that of the day."""
        used = {s.clock.id: s.clock for s in self.shared if s.clock is not None}
        today = self.clocks.timing(SHARED, self.on)
        found = used or ({today.id: today} if today is not None else {})
        return tuple(sorted(found.values(), key=lambda r: r.effective_from or dt.date.min))

    @property
    def nothing_followed(self) -> tuple[Shared, ...]:
        """Information after which nothing followed in the time allowed, longest ago first."""
        found = [s for s in self.shared if s.came.state == "nothing followed"]
        return tuple(sorted(found, key=lambda s: (s.given_on, s.id)))


def promised(
    store: Store,
    *,
    as_of: dt.date | None = None,
    today: dt.date | None = None,
    agency_id: str | None = None,
    goal_id: str | None = None,
    kind: str | None = None,
    own_clocks: Clocks | None = None,
) -> Promised:
    """Work out what stands beside the view of promises.

    Parameters
    ----------
    store : Store
        Where the plan is.
    as_of : date, optional
        As known on that day.
    today : date, optional
        The day it is judged on; ``as_of`` or the present day when left out.
    agency_id : str, optional
        Promises by or to this agency, and information that it gave or got.
    goal_id : str, optional
        Promises that serve this goal. Information shared names no goal and is not narrowed.
    kind : str, optional
        Promises of this kind.
    own_clocks : Clocks, optional
        To try out; when left out those of the plan, else of the file beside its store, else those that ship.
    """
    on = today or as_of or local_day(dt.datetime.now(dt.UTC))
    frame = store.fetch("promises", as_of=as_of, today=on, agency_id=agency_id, goal_id=goal_id)
    rows = tuple(r for r in frame.to_dicts() if kind in (None, r["kind"]))
    plan = store.plan(as_of=as_of)
    timing, whence = (own_clocks, "") if own_clocks is not None else clocks_of(store, plan)
    back = {c.id: c.withdrawn_on for c in plan["commitments"] if c.withdrawn_on}
    shared = tuple(_shared(plan, on, agency_id, timing))
    spells = [_spell(r, back.get(r["commitment_id"]), on) for r in rows]
    return Promised(
        on=on,
        rows=rows,
        whole=_kept(rows),
        by_agency=_by(rows, lambda r: r["agency_id"]),
        by_kind=_by(rows, lambda r: r["kind"]),
        by_both=_by(rows, lambda r: (r["agency_id"], r["kind"])),
        time=time_to_done(Spell(max(s.days, 0), s.is_done) for s in spells),
        ages=open_by_age((on - r["made_on"]).days for r in rows if r["state"] in _OPEN),
        waits=_waits(rows),
        shared=shared,
        working_late={
            r["commitment_id"]: working_days(
                r["due_on"], r["delivered_on"] or on, timing.week(min(r["due_on"], on))
            )
            for r in rows
            if r["state"] in ("overdue", "kept late")
        },
        moves=_moves(plan, {r["commitment_id"]: r["due_on"] for r in rows}, on),
        too_early=sum(s.days < 0 for s in spells),
        clocks=timing,
        clocks_from=whence,
        standings=standings(
            timing, on, ((s.clock, s.came) for s in shared), rows, *_measured(store, plan, timing, as_of, on)
        ),
    )


def kept_on(
    store: Store,
    on: dt.date,
    *,
    as_of: dt.date | None = None,
    agency_id: str | None = None,
    goal_id: str | None = None,
) -> Kept:
    """Count how promises stood on an earlier day, by what is known now or was on ``as_of``."""
    frame = store.fetch("promises", as_of=as_of, today=on, agency_id=agency_id, goal_id=goal_id)
    return _kept(frame.to_dicts())


def _measured(
    store: Store, plan: Any, timing: Clocks, as_of: dt.date | None, on: dt.date
) -> tuple[list[Row], dict[str, Row]]:
    """Return the months of the measures by which clocks are counted, and those measures."""
    named = {r.measure_id for r in timing.rules if r.measure_id}
    if not named:
        return [], {}
    asked: dict[str, Any] = {"as_of": as_of, "today": on}
    series = [r for r in store.fetch("measure_series", **asked).to_dicts() if r["measure_id"] in named]
    soft = {
        (m, r["period_index"])
        for m in named
        for r in store.fetch("measure_readings", measure_id=m, **asked).to_dicts()
        if r["state"] == "provisional"
    }
    measures: dict[str, Row] = {m.id: m.model_dump() for m in plan["measures"] if m.id in named}
    months: list[Row] = [
        {**r, "is_provisional": (r["measure_id"], r["period_index"]) in soft} for r in series
    ]
    return months, measures


def _spell(row: Row, withdrawn_on: dt.date | None, on: dt.date) -> Spell:
    if row["delivered_on"] is not None:
        return Spell((row["delivered_on"] - row["made_on"]).days, is_done=True)
    seen = min(withdrawn_on, on) if withdrawn_on else on
    return Spell(max((seen - row["made_on"]).days, 0), is_done=False)


def _kept(rows: Iterable[Row]) -> Kept:
    return kept(
        Outcome(r["state"], r["days_late"], bool(r["withdrawn_on"] and r["withdrawn_on"] > r["due_on"]))
        for r in rows
    )


def _by(rows: Sequence[Row], key: Any) -> dict[Any, Kept]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {k: _kept(v) for k, v in groups.items()}


def _waits(rows: Iterable[Row]) -> tuple[Wait, ...]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["state"] == "overdue" and row["benefit_id"] and row["held_up_months"]:
            groups[row["benefit_id"]].append(row)
    found = []
    for benefit, group in groups.items():
        first, *_ = those = sorted(group, key=lambda r: (r["due_on"], r["commitment_id"]))
        money = sum((r["held_up_gbp"] or Decimal(0) for r in those), Decimal(0))
        who = tuple(dict.fromkeys(r["agency_name"] for r in those))
        months = max(r["held_up_months"] for r in those)
        ids = tuple(r["commitment_id"] for r in those)
        found.append(Wait(benefit, first["benefit_title"], money, months, ids, who))
    return tuple(sorted(found, key=lambda w: (-w.held_up_gbp, w.benefit_id)))


def _shared(plan: Any, on: dt.date, agency_id: str | None, timing: Clocks) -> Iterable[Shared]:
    decided = {d.id: d for d in plan["decisions"]}
    made = {c.id: c for c in plan["commitments"]}
    for one in sorted(plan["shared_information"], key=lambda s: (s.given_on, s.id)):
        mine = agency_id in (None, one.agency_id, one.to_agency_id) or one.to_agency_id is None
        if one.given_on > on or not mine:
            continue
        decision, promise = decided.get(one.decision_id), made.get(one.commitment_id)
        days = (decision.decided_on if decision else None, promise.made_on if promise else None)
        clock = timing.timing(SHARED, one.given_on)
        over = timing.due(clock, one.given_on) if clock is not None else None
        came = followed(one.given_on, days, on, None if over is None else (over - one.given_on).days)
        led = next((x.title for x in (decision, promise) if x is not None), None)
        yield Shared(
            one.id, one.title, one.agency_id, one.to_agency_id, one.given_on,
            led if came.followed_on else None, came, clock,
        )  # fmt: skip


def _moves(plan: Any, first_due: Mapping[str, dt.date], on: dt.date) -> dict[str, tuple[Move, ...]]:
    found: dict[str, list[Move]] = defaultdict(list)
    for move in sorted(plan["due_changes"], key=lambda m: m.changed_on):
        if move.commitment_id in first_due and move.changed_on <= on:
            before = found[move.commitment_id]
            was = before[-1].new_due_on if before else first_due[move.commitment_id]
            before.append(Move(move.changed_on, was, move.new_due_on, move.reason))
    return {k: tuple(v) for k, v in found.items()}
