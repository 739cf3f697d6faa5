"""How a partnership stood against its clocks, colour by colour: in time, late, not over yet, or uncounted.

A clock is counted where the plan holds what starts and stops it: information shared and what followed, or
a measure of the partnership that counts what was done in time, named for the clock in the file of clocks. A
clock with neither is said to be uncounted: nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from partnership._commitments.clocks import FOLLOWED
from partnership.commitments import Allowed, Clock, Clocks, Followed

__all__ = ["FOLLOWED", "MONTHS", "Standing", "standings"]

MONTHS = 12
"""Months of readings over which a clock is counted: those up to the latest one read."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """One colour of a clock: what was kept in time, what was late, and what it was counted from.

    ``kept`` and ``late`` are None where nothing is counted; ``why_not`` then says why. ``running`` is what is
    neither yet. ``first`` and ``last`` are the months counted, of which ``partial`` are not whole
    and ``provisional`` may still change.
    """

    clock: Clock
    colour: str
    allowed: Allowed
    kept: int | None = None
    late: int | None = None
    running: int = 0
    counted: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    partial: int = 0
    provisional: int = 0
    why_not: str = ""

    @property
    def share(self) -> Fraction | None:
        """Kept of what was kept or late; None where nothing is counted or nothing fell due."""
        if self.kept is None or self.late is None or not self.kept + self.late:
            return None
        return Fraction(self.kept, self.kept + self.late)


def standings(
    timing: Clocks, came: Iterable[Followed], series: Sequence[Row], measures: Mapping[str, Row]
) -> tuple[Standing, ...]:
    """Return how each colour of each clock was kept, in the order of the clocks.

    Parameters
    ----------
    timing : Clocks
        The clocks that hold.
    came : Iterable[Followed]
        What came of each piece of information that was shared.
    series : Sequence of Mapping
        Rows of the view ``measure_series``, months in order, with ``is_provisional`` where one may change.
    measures : Mapping[str, Mapping]
        Measures by id, with ``name``, ``kind`` and ``polarity``.

    Examples
    --------
    >>> from partnership.commitments import clocks, followed
    >>> day = dt.date
    >>> late = followed(day(2026, 8, 4), (day(2026, 9, 10), None), day(2026, 11, 23))
    >>> first, second, *_ = standings(clocks(), [late], [], {})
    >>> first.kept, first.late, second.kept, second.colour
    (0, 1, None, 'red')
    """
    states: Counter[str] = Counter(one.state for one in came)
    return tuple(
        _shared(clock, allowed, states)
        if clock.id == FOLLOWED and not colour
        else _measured(clock, colour, allowed, series, measures)
        for clock in timing.by_id.values()
        for colour, allowed in clock.allows.items()
    )


def _shared(clock: Clock, allowed: Allowed, states: Mapping[str, int]) -> Standing:
    return Standing(
        clock, "", allowed,
        kept=states.get("followed", 0),
        late=states.get("followed late", 0) + states.get("nothing followed", 0),
        running=states.get("too early", 0),
        counted="information shared",
    )  # fmt: skip


def _measured(
    clock: Clock, colour: str, allowed: Allowed, series: Sequence[Row], measures: Mapping[str, Row]
) -> Standing:
    named = clock.measured_by.get(colour)
    if named is None:
        return Standing(clock, colour, allowed, why_not="nothing in the plan counts it")
    measure = measures.get(named)
    if measure is None:
        return Standing(clock, colour, allowed, why_not=f"the plan has no measure {named}")
    if measure["kind"] != "share" or measure["polarity"] not in ("higher", "lower"):
        why = f"“{measure['name']}” is not a share of which more, or less, is better"
        return Standing(clock, colour, allowed, why_not=why)
    months = [r for r in series if r["measure_id"] == named]
    read = [r for r in months if r["numerator"] is not None and r["denominator"] is not None]
    if not read:
        why = f"no number above and below the line was read for “{measure['name']}”"
        return Standing(clock, colour, allowed, why_not=why)
    newest = read[-1]["period_index"]
    used = [r for r in read if r["period_index"] > newest - MONTHS]
    above, below = (int(sum(r[n] for r in used)) for n in ("numerator", "denominator"))
    kept = above if measure["polarity"] == "higher" else below - above
    return Standing(
        clock, colour, allowed, kept, below - kept, 0, measure["name"], used[0]["period"], used[-1]["period"],
        sum(bool(r["is_partial"]) for r in used),
        sum(bool(r.get("is_provisional")) for r in used),
    )  # fmt: skip
