"""Information that was shared, and whether a decision or a promise followed from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from partnership.errors import InvalidInput

__all__ = ["Followed", "Following", "followed"]

Following = Literal["followed", "followed late", "nothing followed", "too early", "not timed"]


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of one piece of information.

    ``days`` are from the giving to what followed, or to the day shown while nothing has. ``points_back`` says
    that it names only something older than itself, which did not follow from it.
    """

    state: Following
    days: int
    followed_on: dt.date | None
    points_back: bool


def followed(
    given_on: dt.date, led_to: tuple[dt.date | None, ...], today: dt.date, within_days: int | None = 30
) -> Followed:
    """Say whether anything followed from information that was given.

    *Followed*: a decision or promise that it names was made on the day it was given or later, within the days
    allowed. *Followed late*: after them. *Too early*: nothing yet, and the days are not over. *Nothing
    followed*: nothing, and they are. *Not timed*: nothing, and no clock was in force when it was given.

    Parameters
    ----------
    given_on : date
        When it was given.
    led_to : tuple of date or None
        Days of the decision and the promise that it names; None for neither.
    today : date
        The day shown: what is later is not known yet.
    within_days : int or None
        Calendar days allowed; None where no clock was in force.

    Raises
    ------
    InvalidInput
        If it was given after the day shown, or fewer than 0 days are allowed.

    Examples
    --------
    >>> day = dt.date
    >>> followed(day(2026, 8, 4), (None, None), day(2026, 11, 23))
    Followed(state='nothing followed', days=111, followed_on=None, points_back=False)
    >>> followed(day(2026, 8, 4), (day(2026, 9, 10), None), day(2026, 11, 23)).state
    'followed late'
    """
    if within_days is not None and within_days < 0:
        msg = f"{within_days} days are allowed for something to follow. Give 0 or more."
        raise InvalidInput(msg)
    if given_on > today:
        msg = f"It was given on {given_on}, after the day shown, {today}. Ask on a later day."
        raise InvalidInput(msg)
    known = [d for d in led_to if d is not None and d <= today]
    after = min((d for d in known if d >= given_on), default=None)
    if after is not None:
        days = (after - given_on).days
        in_time = within_days is None or days <= within_days
        return Followed("followed" if in_time else "followed late", days, after, points_back=False)
    days = (today - given_on).days
    state: Following = "not timed"
    if within_days is not None:
        state = "too early" if days <= within_days else "nothing followed"
    return Followed(state, days, None, points_back=bool(known))
