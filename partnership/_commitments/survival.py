"""How long promises take, with those still open counted as still open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partnership.errors import InvalidInput

__all__ = ["Spell", "Step", "TimeToDone", "time_to_done"]

_HALF = 0.5
_HAIR = 1e-12
_FEW = 5


@dataclass(frozen=True, slots=True)
class Spell:
    """Days from the making of a promise to its delivery, or to the last day on which it was seen open."""

    days: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which something was done or left the watch.

    ``at_risk`` were open just before; ``done`` delivered on that day, ``left`` last seen open then.
    ``open_share`` is still open after it, between ``low`` and ``high`` at the level asked; None where the
    interval has no value.
    """

    day: int
    at_risk: int
    done: int
    left: int
    open_share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class TimeToDone:
    """The curve of promises still open by days since they were made.

    ``half_done_in`` is the first day by which half are done, with its interval; None where the curve never
    falls that far. ``watched_to`` is the longest that any was watched: nothing is said beyond it.
    """

    promises: int
    done: int
    still_open: int
    level: float
    steps: tuple[Step, ...]
    half_done_in: int | None
    half_low: int | None
    half_high: int | None
    watched_to: int

    @property
    def is_too_few(self) -> bool:
        """True below five promises: they are counted, and nothing is said of how long promises take."""
        return self.promises < _FEW

    def open_after(self, day: int) -> float | None:
        """Return the share still open after so many days; None beyond what was watched."""
        if not self.steps or day > self.watched_to:
            return None
        return next((s.open_share for s in reversed(self.steps) if s.day <= day), 1.0)


def time_to_done(spells: Iterable[Spell], level: float = 0.95) -> TimeToDone:
    """Estimate how many promises are still open after so many days, by Kaplan and Meier.

    ``S(t) = product over days d <= t of (1 - done(d) / at_risk(d))``. A promise that is still open, or was
    taken back, was at risk until the day it was last seen and is never counted as done. The interval is
    Greenwood's on the log-minus-log scale, so it stays between 0 and 1.

    Parameters
    ----------
    spells : Iterable[Spell]
        One a promise; days are calendar days, 0 and more.
    level : float
        Level of the interval, between 0 and 1.

    Returns
    -------
    TimeToDone
        Empty, with no curve, where there is no promise.

    Raises
    ------
    InvalidInput
        If a spell is shorter than 0 days, or the level is not between 0 and 1.

    Notes
    -----
    Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457 to 481; computed with
    lifelines.

    Examples
    --------
    >>> found = time_to_done([Spell(10, True), Spell(20, True), Spell(30, False), Spell(40, True)])
    >>> [(s.day, s.at_risk, round(s.open_share, 3)) for s in found.steps]
    [(10, 4, 0.75), (20, 3, 0.5), (30, 2, 0.5), (40, 1, 0.0)]
    >>> found.half_done_in, found.still_open, round(found.open_after(15), 2), found.open_after(99)
    (20, 1, 0.75, None)
    """
    known = list(spells)
    if not 0 < level < 1:
        msg = f"The level of the interval is {level}. Give a number between 0 and 1, such as 0.95."
        raise InvalidInput(msg)
    short = [s.days for s in known if s.days < 0]
    if short:
        msg = f"A promise was delivered {-short[0]} days before it was made. Mend one of the two days."
        raise InvalidInput(msg)
    done = sum(s.is_done for s in known)
    if not known:
        return TimeToDone(0, 0, 0, level, (), None, None, None, 0)
    steps = _steps(known, level)
    return TimeToDone(
        promises=len(known),
        done=done,
        still_open=len(known) - done,
        level=level,
        steps=steps,
        half_done_in=_first(steps, [s.open_share for s in steps]),
        half_low=_first(steps, [s.low for s in steps]),
        half_high=_first(steps, [s.high for s in steps]),
        watched_to=max(s.days for s in known),
    )


def _steps(spells: Sequence[Spell], level: float) -> tuple[Step, ...]:
    from lifelines import KaplanMeierFitter

    fitted = KaplanMeierFitter(alpha=1 - level).fit([s.days for s in spells], [s.is_done for s in spells])
    table, curve, bounds = fitted.event_table, fitted.survival_function_, fitted.confidence_interval_
    rows = zip(
        table.index, table["at_risk"], table["observed"], table["censored"],
        curve.iloc[:, 0], bounds.iloc[:, 0], bounds.iloc[:, 1], strict=True,
    )  # fmt: skip
    return tuple(
        Step(int(day), int(at_risk), int(observed), int(left), float(share), _number(low), _number(high))
        for day, at_risk, observed, left, share, low, high in rows
        if observed or left
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _first(steps: Sequence[Step], shares: Sequence[float | None]) -> int | None:
    """Return the first day on which a share is a half or below."""
    return next(
        (s.day for s, v in zip(steps, shares, strict=True) if v is not None and v <= _HALF + _HAIR), None
    )
