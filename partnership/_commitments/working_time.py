"""Working time: the week that is worked, bank holidays, and the moment at which a limit of time runs out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from partnership.errors import InvalidInput

__all__ = ["WEEKDAYS", "Allowed", "Week", "knows_bank_holidays", "runs_out", "working_days"]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_LONDON = ZoneInfo("Europe/London")
_ANY_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Week:
    """A working week: its days (Monday is 1), its hours, and whose bank holidays it keeps (``GB-ENG``)."""

    days: frozenset[int]
    begins: dt.time
    ends: dt.time
    bank_holidays: str

    def works_on(self, day: dt.date) -> bool:
        """Tell whether a day is worked: a day of the week that is, and no bank holiday."""
        return day.isoweekday() in self.days and day not in _holidays(self.bank_holidays, day.year)


@dataclass(frozen=True, slots=True)
class Allowed:
    """How much time there is: so many of what is counted."""

    amount: int
    counts: Literal["hours", "working hours", "days", "working days"]


def runs_out(allowed: Allowed, started: dt.datetime, week: Week) -> dt.datetime:
    """Return the moment at which a limit of time runs out.

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
    >>> week = Week(frozenset({1, 2, 3, 4, 5}), dt.time(9), dt.time(17), "GB-ENG")
    >>> friday = dt.datetime(2026, 12, 24, 15, 30, tzinfo=_LONDON)
    >>> runs_out(Allowed(6, "working hours"), friday, week).isoformat()
    '2026-12-29T13:30:00+00:00'
    >>> runs_out(Allowed(2, "hours"), friday, week).isoformat()
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
    >>> week = Week(frozenset({1, 2, 3, 4, 5}), dt.time(9), dt.time(17), "GB-ENG")
    >>> working_days(dt.date(2026, 12, 24), dt.date(2026, 12, 29), week)
    1
    """
    span = range(1, max((until - after).days, 0) + 1)
    return sum(week.works_on(after + dt.timedelta(days=n)) for n in span)


def knows_bank_holidays(of: str) -> bool:
    """Tell whether the library ``holidays`` knows a country, or a part of one.

    Examples
    --------
    >>> knows_bank_holidays("GB-SCT"), knows_bank_holidays("GB-XYZ")
    (True, False)
    """
    try:
        _holidays(of, _ANY_YEAR)
    except InvalidInput:
        return False
    return True


@cache
def _holidays(of: str, year: int) -> frozenset[dt.date]:
    import holidays

    country, _, part = of.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError as error:
        msg = f"No bank holidays are known for {of}: {error}. Write it as GB-ENG."
        raise InvalidInput(msg) from None
