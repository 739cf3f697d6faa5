"""Whether promises are kept on time, how late they are, and how old the open ones are."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from partnership.errors import InvalidInput

__all__ = ["AgeBand", "Kept", "Outcome", "kept", "open_by_age"]

_Z95 = statistics.NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a promise stands, as the view ``promises`` says: its state, and days late where it is.

    ``fell_due`` is true of one that was taken back only after it fell due: it was due, and not kept.
    """

    state: str
    days_late: int | None = None
    fell_due: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of promises by state. ``due`` are those kept on time or late, overdue, or taken back too late.

    ``share`` is kept on time of due, ``low`` to ``high`` its 95% interval; all None with nothing due.
    ``median_late`` and ``most_late`` are days, over those kept late and those overdue.
    """

    made: int
    due: int
    on_time: int
    late: int
    overdue: int
    not_yet_due: int
    withdrawn: int
    share: Fraction | None
    low: float | None
    high: float | None
    median_late: float | None
    most_late: int | None


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Open promises of an age: from so many days since they were made, to below so many (None: no end)."""

    from_days: int
    below_days: int | None
    count: int


_STATES = ("kept on time", "kept late", "overdue", "not yet due", "withdrawn")


def kept(outcomes: Iterable[Outcome]) -> Kept:
    """Count promises by state, with the share kept on time and how sure so few can be.

    ``share = on time / (on time + late + overdue + taken back after it fell due)``; the interval is Wilson's,
    which keeps inside 0 and 1 and says honestly that two of two is not certainty.

    Parameters
    ----------
    outcomes : Iterable[Outcome]
        Of one agency, one kind or all.

    Raises
    ------
    InvalidInput
        If a state is not one of the five.

    Notes
    -----
    Wilson (1927), Journal of the American Statistical Association 22, 209 to 212.

    Examples
    --------
    >>> found = kept([Outcome("kept on time"), Outcome("kept on time"), Outcome("overdue", 9)])
    >>> found.share, round(found.low, 2), round(found.high, 2), found.median_late
    (Fraction(2, 3), 0.21, 0.94, 9)
    """
    known = list(outcomes)
    strange = next((o.state for o in known if o.state not in _STATES), None)
    if strange is not None:
        msg = f"A promise is in the state {strange!r}. Give one of: {', '.join(_STATES)}."
        raise InvalidInput(msg)
    on_time, late, overdue, not_yet, withdrawn = (sum(o.state == s for o in known) for s in _STATES)
    due = on_time + late + overdue + sum(o.state == "withdrawn" and o.fell_due for o in known)
    days = [o.days_late for o in known if o.days_late is not None and o.state in ("kept late", "overdue")]
    low, high = _wilson(on_time, due) if due else (None, None)
    return Kept(
        len(known), due, on_time, late, overdue, not_yet, withdrawn,
        Fraction(on_time, due) if due else None, low, high,
        statistics.median(days) if days else None, max(days, default=None),
    )  # fmt: skip


def _wilson(hits: int, count: int) -> tuple[float, float]:
    share, z2 = hits / count, _Z95 * _Z95
    middle = share + z2 / (2 * count)
    reach = _Z95 * math.sqrt(share * (1 - share) / count + z2 / (4 * count * count))
    return max((middle - reach) / (1 + z2 / count), 0.0), min((middle + reach) / (1 + z2 / count), 1.0)


def open_by_age(ages: Iterable[int], ends: Sequence[int] = (30, 90, 180)) -> tuple[AgeBand, ...]:
    """Count open promises by their days since they were made.

    Parameters
    ----------
    ages : Iterable[int]
        Days since each open promise was made.
    ends : Sequence[int]
        Where one band ends and the next begins, rising.

    Examples
    --------
    >>> [(b.from_days, b.below_days, b.count) for b in open_by_age([3, 30, 500])]
    [(0, 30, 1), (30, 90, 1), (90, 180, 0), (180, None, 1)]
    """
    if list(ends) != sorted(set(ends)) or any(e <= 0 for e in ends):
        msg = f"The bands of age end at {list(ends)}. Give days above 0, each larger than the one before."
        raise InvalidInput(msg)
    known = list(ages)
    firsts, lasts = [0, *ends], [*ends, None]
    return tuple(
        AgeBand(a, b, sum(a <= age and (b is None or age < b) for age in known))
        for a, b in zip(firsts, lasts, strict=True)
    )
