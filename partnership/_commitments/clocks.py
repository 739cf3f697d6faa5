"""Clocks: how much time there is for something, counted in working hours or round the clock."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from partnership import parameters
from partnership.errors import InvalidInput, UnknownName

__all__ = [
    "CHECK_LOCALLY",
    "FOLLOWED",
    "NOT_YET",
    "Allowed",
    "Clock",
    "Clocks",
    "Week",
    "clock_text",
    "clocks",
    "read_clocks",
    "runs_out",
    "working_days",
]

FOLLOWED = "shared-followed"
"""The clock of information that was shared: it judges what the plan holds, so it has no colours."""

CHECK_LOCALLY = "check locally"
"""What a clock is labelled with whose source or day of effect is not held, or that holds elsewhere."""

NOT_YET = "not yet in effect"
"""How a clock stands before its day of effect."""

_LONDON = ZoneInfo("Europe/London")
_ANY_YEAR = 2026
_MOST = 100_000
_COUNTS = ("hours", "working hours", "days", "working days")


@dataclass(frozen=True, slots=True)
class Week:
    """The working week: its days (Monday is 1), its hours, and whose bank holidays it keeps."""

    vintage: str
    days: frozenset[int]
    begins: dt.time
    ends: dt.time
    country: str
    subdivision: str
    source: str
    effective_from: dt.date | None
    status: str

    def works_on(self, day: dt.date) -> bool:
        """Tell whether a day is worked: a day of the week that is, and no bank holiday."""
        return day.isoweekday() in self.days and day not in _bank_holidays(
            self.country, self.subdivision, day.year
        )


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a clock allows for one colour: so many of what it counts."""

    amount: int
    counts: Literal["hours", "working hours", "days", "working days"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit of time, by colour where it has colours (else under ""), with its source and day of effect."""

    id: str
    name: str
    allows: Mapping[str, Allowed]
    source: str
    effective_from: dt.date | None
    status: str
    measured_by: Mapping[str, str] = field(default_factory=dict)
    """By colour, the measure whose readings count what was done in time; no entry: nobody counts it."""

    def stands(self, on: dt.date) -> str:
        """Return how it stands on a day: its standing, or that its day of effect is still to come.

        Examples
        --------
        >>> clocks().clock("assessment").stands(dt.date(2026, 11, 23))
        'check locally'
        """
        later = self.status != CHECK_LOCALLY and self.effective_from is not None and self.effective_from > on
        return NOT_YET if later else self.status


@dataclass(frozen=True, slots=True)
class Clocks:
    """The working week and the clocks by id."""

    week: Week
    by_id: Mapping[str, Clock]

    def clock(self, key: str) -> Clock:
        """Return a clock by its id.

        Raises
        ------
        UnknownName
            If there is none of that id.
        """
        if key not in self.by_id:
            raise UnknownName("clock", key, self.by_id)
        return self.by_id[key]


@cache
def clocks() -> Clocks:
    """Return the clocks that ship with the toolkit.

    Examples
    --------
    >>> clocks().clock("shared-followed").allows[""]
    Allowed(amount=30, counts='days')
    """
    return _clocks(parameters.clock_parameters())


def read_clocks(text: str) -> Clocks:
    """Return a partnership's own clocks from TOML, laid over those that ship: the same id is replaced.

    Parameters
    ----------
    text : str
        ``[[working_week]]`` and ``[[clock]]`` as in ``parameters.toml``.

    Raises
    ------
    InvalidInput
        If it is no TOML, lacks a field, counts in something unknown, or calls a clock in force that has no
        source or no day of effect.
    """
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"The file of clocks cannot be read: {error}. Write it like the clocks of parameters.toml."
        raise InvalidInput(msg) from None
    ours = parameters.clock_parameters()
    week = own.get("working_week") or ours["working_week"]
    try:
        made = _clocks({"working_week": week, "clock": [*ours["clock"], *own.get("clock", [])]})
    except InvalidInput:
        raise
    except (TypeError, ValueError, AttributeError) as fault:
        msg = f"The file of clocks has something of the wrong kind: {fault}. Write it like parameters.toml."
        raise InvalidInput(msg) from None
    _bank_holidays(made.week.country, made.week.subdivision, _ANY_YEAR)
    return made


def _clocks(entries: Mapping[str, Any]) -> Clocks:
    try:
        week = _week(max(entries["working_week"], key=lambda e: str(e["vintage"])))
        found = [_clock(e) for e in entries["clock"]]
    except KeyError as error:
        msg = (
            f"A clock or the working week lacks {error}. Add it; every clock "
            "needs id, name, counts, allows, source, effective_from, status."
        )
        raise InvalidInput(msg) from None
    return Clocks(week, {c.id: c for c in found})


def _week(entry: Mapping[str, Any]) -> Week:
    country, _, subdivision = str(entry["bank_holidays"]).partition("-")
    week = Week(
        entry["vintage"], frozenset(entry["days"]), dt.time.fromisoformat(entry["begins"]),
        dt.time.fromisoformat(entry["ends"]), country, subdivision, entry["source"],
        _effective(entry), entry["status"],
    )  # fmt: skip
    if week.ends <= week.begins or not week.days or not week.days <= set(range(1, 8)):
        msg = (
            "The working week needs days from 1 (Monday) to 7, and must end later in the day than it begins."
        )
        raise InvalidInput(msg)
    return week


def _clock(entry: Mapping[str, Any]) -> Clock:
    own = entry.get("counts_for", {})
    allows = {c: Allowed(int(a), own.get(c, entry["counts"])) for c, a in entry["allows"].items()}
    for one in allows.values():
        if one.counts not in _COUNTS or not 0 <= one.amount <= _MOST:
            msg = (
                f"Clock {entry['id']} allows {one.amount} {one.counts}. "
                f"Give 0 to {_MOST:,} of: {', '.join(_COUNTS)}."
            )
            raise InvalidInput(msg)
    if entry["id"] == FOLLOWED and list(allows) != [""]:
        msg = f'Clock {FOLLOWED} has no colours. Write what it allows as allows = {{ "" = 30 }}.'
        raise InvalidInput(msg)
    measured = {str(c): str(m) for c, m in entry.get("measured_by", {}).items()}
    made = Clock(
        entry["id"], entry["name"], allows, entry["source"], _effective(entry), entry["status"], measured
    )
    for colour in measured:
        if colour not in allows:
            known = ", ".join(repr(c) for c in allows)
            msg = f"Clock {made.id} names a measure for the colour {colour!r}; it allows time for {known}."
            raise InvalidInput(msg)
    if made.status != CHECK_LOCALLY and (not made.source or made.effective_from is None):
        msg = (
            f"Clock {made.id} is called {made.status!r} without a source "
            f"and a day of effect. Give both, or say {CHECK_LOCALLY!r}."
        )
        raise InvalidInput(msg)
    return made


def clock_text(clock: Clock) -> str:
    """Return a clock as lines of TOML, as :func:`read_clocks` reads them.

    Parameters
    ----------
    clock : Clock
        What to write.

    Examples
    --------
    >>> print(clock_text(clocks().clock("assessment")).splitlines()[4])
    allows = { "" = 45 }
    """
    counts = next(iter(clock.allows.values())).counts if clock.allows else "days"
    apart = {c: a.counts for c, a in clock.allows.items() if a.counts != counts}
    lines = [
        "[[clock]]",
        f"id = {_quoted(clock.id)}",
        f"name = {_quoted(clock.name)}",
        f"counts = {_quoted(counts)}",
        f"allows = {_inline({c: str(a.amount) for c, a in clock.allows.items()})}",
    ]
    for name, given in (("counts_for", apart), ("measured_by", clock.measured_by)):
        if given:
            lines.append(f"{name} = {_inline({k: _quoted(v) for k, v in given.items()})}")
    since = clock.effective_from.isoformat() if clock.effective_from else ""
    return "\n".join([
        *lines,
        f"source = {_quoted(clock.source)}",
        f"effective_from = {_quoted(since)}",
        f"status = {_quoted(clock.status)}",
    ])  # fmt: skip


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _inline(pairs: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{_quoted(k)} = {v}' for k, v in pairs.items())} }}"


def _effective(entry: Mapping[str, Any]) -> dt.date | None:
    given = entry["effective_from"]
    return given if isinstance(given, dt.date) else dt.date.fromisoformat(given) if given else None


def runs_out(allowed: Allowed, started: dt.datetime, week: Week) -> dt.datetime:
    """Return the moment at which a clock runs out.

    Hours run round the clock, an hour of the night the clocks change counted as it is. Working hours run
    while the week is worked; one that starts outside them starts with the next. Days and working days end
    with their last day's work or midnight: the day of the start is day 0.

    Parameters
    ----------
    allowed : Allowed
        How much of what.
    started : datetime
        With its time zone.
    week : Week
        The working week.

    Raises
    ------
    InvalidInput
        If the start has no time zone.

    Examples
    --------
    >>> friday = dt.datetime(2026, 12, 24, 15, 30, tzinfo=_LONDON)
    >>> runs_out(Allowed(6, "working hours"), friday, clocks().week).isoformat()
    '2026-12-29T13:30:00+00:00'
    >>> runs_out(Allowed(2, "hours"), friday, clocks().week).isoformat()
    '2026-12-24T17:30:00+00:00'
    """
    if started.tzinfo is None:
        msg = f"The clock starts at {started}, without a time zone. Give one, as in 2026-12-24T15:30+00:00."
        raise InvalidInput(msg)
    if allowed.counts == "hours":
        return (started.astimezone(dt.UTC) + dt.timedelta(hours=allowed.amount)).astimezone(_LONDON)
    local = started.astimezone(_LONDON)
    if allowed.counts == "days":
        return _end_of(local.date() + dt.timedelta(days=allowed.amount), dt.time(23, 59, 59))
    if allowed.counts == "working days":
        return _end_of(_nth_working(local.date(), allowed.amount, week), week.ends)
    return _worked(local, dt.timedelta(hours=allowed.amount), week)


def _end_of(day: dt.date, at: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, at, _LONDON)


def _nth_working(day: dt.date, count: int, week: Week) -> dt.date:
    while count > 0 or not week.works_on(day):
        day += dt.timedelta(days=1)
        count -= week.works_on(day)
    return day


def _worked(local: dt.datetime, left: dt.timedelta, week: Week) -> dt.datetime:
    day, at = local.date(), local.time().replace(tzinfo=None)
    while True:
        if week.works_on(day) and at < week.ends:
            begins = dt.datetime.combine(day, max(at, week.begins), _LONDON)
            open_for = dt.datetime.combine(day, week.ends, _LONDON) - begins
            if left <= open_for:
                return begins + left
            left -= open_for
        day, at = day + dt.timedelta(days=1), dt.time(0)


def working_days(after: dt.date, until: dt.date, week: Week) -> int:
    """Return the working days after one day up to and with another; 0 when it is not later.

    Examples
    --------
    >>> working_days(dt.date(2026, 12, 24), dt.date(2026, 12, 29), clocks().week)
    1
    """
    span = range(1, max((until - after).days, 0) + 1)
    return sum(week.works_on(after + dt.timedelta(days=n)) for n in span)


@cache
def _bank_holidays(country: str, subdivision: str, year: int) -> frozenset[dt.date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError as error:
        msg = f"No bank holidays are known for {country}-{subdivision}: {error}. Write it as GB-ENG."
        raise InvalidInput(msg) from None
