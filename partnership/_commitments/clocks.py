"""Clocks: how much time there is for what, which limit held when something began, and by whose word.

What began before a clock changed is timed by the limit then in force: a limit never reaches back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf

from partnership._commitments.clock_rule import ClockRule
from partnership._commitments.working_time import WEEKDAYS, Allowed, Week, runs_out
from partnership.errors import UnknownName
from partnership.periods import LONDON

__all__ = [
    "CHECK_LOCALLY",
    "ENDED",
    "FOLLOWED",
    "NOT_YET",
    "OFFICE",
    "SHARED",
    "STEP",
    "Clocks",
    "allowed_by",
    "clocks",
    "clocks_of_rules",
    "standing_of",
]

FOLLOWED = "shared-followed"
"""The clock of information that was shared."""

STEP, SHARED, OFFICE = "a step of the work", "information shared", "office week"
"""What a clock times; the others are kinds of promises."""

CHECK_LOCALLY = "check locally"
"""What a limit is labelled with whose source or day of effect is not held, or that holds elsewhere."""

NOT_YET, ENDED = "not yet in effect", "ended"
"""How a limit stands before its first day of effect, and after its last."""


def standing_of(rule: ClockRule, on: dt.date) -> str:
    """Return how a limit stands on a day; one without a source or a day of effect is never in force.

    Examples
    --------
    >>> (assessment,) = clocks().of("assessment")
    >>> standing_of(assessment, dt.date(2026, 11, 23)), standing_of(assessment, dt.date(2023, 1, 1))
    ('check locally', 'not yet in effect')
    """
    if rule.effective_from is not None and rule.effective_from > on:
        return NOT_YET
    if rule.effective_to is not None and rule.effective_to < on:
        return ENDED
    sourced = bool(rule.source) and rule.effective_from is not None
    return rule.standing if sourced else CHECK_LOCALLY


def allowed_by(rule: ClockRule) -> Allowed | None:
    """Return how much time a limit gives; None for no limit.

    Examples
    --------
    >>> allowed_by(clocks().of("shared-followed")[0])
    Allowed(amount=30, counts='days')
    """
    return None if rule.allows is None else Allowed(rule.allows, rule.counts)


@dataclass(frozen=True)
class Clocks:
    """The limits of every clock: those that ship, and over them a partnership's own.

    ``rules`` holds both, in the order in which they are shown. A limit that ships ends the day before the
    first of a partnership's own for the same clock, or the same kind of thing, takes effect.
    """

    rules: tuple[ClockRule, ...]
    own: frozenset[str] = frozenset()
    """Ids of the rows that are a partnership's own."""

    def of(self, clock_id: str) -> tuple[ClockRule, ...]:
        """Return the limits of a clock, whenever they hold.

        Raises
        ------
        UnknownName
            If there is no such clock.
        """
        found = tuple(r for r in self.rules if r.clock_id == clock_id)
        if not found:
            raise UnknownName("clock", clock_id, dict.fromkeys(r.clock_id for r in self.rules))
        return found

    def in_force(self, on: dt.date) -> tuple[ClockRule, ...]:
        """Return the limit of each clock and colour that holds on a day: the one that took effect last."""
        latest: dict[tuple[str, str | None], ClockRule] = {}
        for rule in self.rules:
            key = (rule.clock_id, rule.colour)
            if _covers(rule, on) and (key not in latest or _begins(rule) >= _begins(latest[key])):
                latest[key] = rule
        return tuple(r for r in self.rules if latest.get((r.clock_id, r.colour)) is r)

    def timing(self, times: str, begun: dt.date) -> ClockRule | None:
        """Return the limit for a kind of thing that began on a day; None where no clock times it."""
        return next((r for r in self._held(begun) if r.times == times), None)

    def week(self, on: dt.date, rule: ClockRule | None = None) -> Week:
        """Return a limit's working week on a day: its own, and the office week's where it says nothing."""
        office = self.timing(OFFICE, on)
        said = [
            *([rule] if rule is not None else []),
            *([office] if office is not None else []),
            _shipped()[0],
        ]

        def first(name: str) -> str:
            return str(next(v for r in said if (v := getattr(r, name)) is not None))

        days = frozenset(WEEKDAYS.index(d) + 1 for d in first("works_on").split())
        begins, ends = (dt.time.fromisoformat(first(n)) for n in ("works_from", "works_until"))
        return Week(days, begins, ends, first("bank_holidays"))

    def due(self, rule: ClockRule, begun: dt.date) -> dt.date | None:
        """Return the last day of what began on a day; None for no limit."""
        allowed = allowed_by(rule)
        if allowed is None:
            return None
        started = dt.datetime.combine(begun, dt.time(0), LONDON)
        return runs_out(allowed, started, self.week(begun, rule)).date()

    def _held(self, on: dt.date) -> tuple[ClockRule, ...]:
        if on not in self._by_day:
            self._by_day[on] = self.in_force(on)
        return self._by_day[on]

    @cached_property
    def _by_day(self) -> dict[dt.date, tuple[ClockRule, ...]]:
        return {}


def _begins(rule: ClockRule) -> dt.date:
    return rule.effective_from or dt.date.min


def _covers(rule: ClockRule, on: dt.date) -> bool:
    return _begins(rule) <= on <= (rule.effective_to or dt.date.max)


@cache
def clocks() -> Clocks:
    """Return the clocks that ship with the toolkit.

    Examples
    --------
    >>> sorted({r.standing for r in clocks().rules})
    ['check locally']
    """
    return Clocks(_shipped())


def clocks_of_rules(own: Iterable[ClockRule]) -> Clocks:
    """Return a partnership's own limits laid over those that ship.

    Parameters
    ----------
    own : Iterable[ClockRule]
        Rows of the plan, or of a file.

    Examples
    --------
    >>> from partnership.commitments import ClockRule
    >>> row = {"id": "C1", "clock_id": "shared-followed", "name": "Shared", "times": "information shared"}
    >>> ours = ClockRule(**row, allows=21, counts="days", effective_from=dt.date(2026, 10, 1))
    >>> found = clocks_of_rules([ours])
    >>> [found.timing("information shared", dt.date(2026, m, 30)).allows for m in (9, 10)]
    [30, 21]
    """
    rows = tuple(own)
    ships = []
    for rule in _shipped():
        over = [_begins(r) for r in rows if r.clock_id == rule.clock_id or _same_thing(r, rule)]
        until = min(over, default=None)
        if until is None:
            ships.append(rule)
        elif until > _begins(rule):
            ships.append(rule.model_copy(update={"effective_to": until - dt.timedelta(days=1)}))
    return Clocks(tuple(_ordered([*ships, *rows])), frozenset(r.id for r in rows))


def _ordered(rules: list[ClockRule]) -> list[ClockRule]:
    """Put clocks in the order of those that ship, the shortest colour first, then the earlier limit."""
    shipped = {r.clock_id: n for n, r in reversed(list(enumerate(_shipped())))}
    least: dict[tuple[str, str | None], float] = {}
    for rule in rules:
        key, allows = (rule.clock_id, rule.colour), inf if rule.allows is None else rule.allows
        least[key] = min(least.get(key, inf), allows)
    return sorted(
        rules,
        key=lambda r: (
            shipped.get(r.clock_id, len(shipped) + len(rules)),
            r.clock_id,
            least[r.clock_id, r.colour],
            r.colour or "",
            _begins(r),
        ),
    )


def _same_thing(one: ClockRule, other: ClockRule) -> bool:
    return one.times == other.times != STEP


@cache
def _shipped() -> tuple[ClockRule, ...]:
    from partnership import parameters
    from partnership._commitments.clock_files import rules_of

    return rules_of(parameters.clock_parameters())
