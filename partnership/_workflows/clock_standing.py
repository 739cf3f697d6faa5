"""How a partnership stood against its clocks, limit by limit: in time, late, not over yet, or uncounted.

A limit is counted where the plan holds what starts and stops it: information shared and what followed, a
promise and its delivery, or a measure of the partnership that counts what was done in time, named for it. A
limit with none of these is said to be uncounted: nothing is guessed. What began before a clock changed is
counted with the limit then in force.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from partnership._commitments.clocks import OFFICE, SHARED, STEP
from partnership.commitments import ClockRule, Clocks, Followed

__all__ = ["MONTHS", "Standing", "standings"]

MONTHS = 12
"""Months of readings over which a limit is counted: those up to the latest one read."""

Row = Mapping[str, Any]
_PROMISED = "promised "


@dataclass(frozen=True, slots=True)
class Standing:
    """One limit of a clock: what was kept in time, what was late, and what it was counted from.

    ``kept`` and ``late`` are None where nothing is counted; ``why_not`` then says why. ``running`` is what is
    neither yet. ``first`` and ``last`` are the months counted, of which ``partial`` are not whole
    and ``provisional`` may still change.
    """

    clock: ClockRule
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
    timing: Clocks,
    on: dt.date,
    came: Iterable[tuple[ClockRule | None, Followed]] = (),
    promises: Iterable[Row] = (),
    series: Sequence[Row] = (),
    measures: Mapping[str, Row] | None = None,
) -> tuple[Standing, ...]:
    """Return how each limit was kept that holds on a day, or that timed something before; clock by clock.

    Parameters
    ----------
    timing : Clocks
        The clocks.
    on : date
        The day shown.
    came : Iterable of ClockRule or None and Followed
        What came of each piece of information that was shared, with the limit that timed it.
    promises : Iterable of Mapping
        Rows of the view ``promises``.
    series : Sequence of Mapping
        Rows of the view ``measure_series``, months in order, with ``is_provisional`` where one may change.
    measures : Mapping[str, Mapping], optional
        Measures by id, with ``name``, ``kind`` and ``polarity``.

    Examples
    --------
    >>> from partnership.commitments import clocks, followed
    >>> day = dt.date
    >>> late = followed(day(2026, 8, 4), (day(2026, 9, 10), None), day(2026, 11, 23))
    >>> thirty = clocks().timing("information shared", day(2026, 8, 4))
    >>> first, second, *_ = standings(clocks(), day(2026, 11, 23), [(thirty, late)])
    >>> first.kept, first.late, second.kept, second.clock.colour
    (0, 1, None, 'red')
    """
    states = Counter((rule.id, one.state) for rule, one in came if rule is not None)
    kept = Counter(_promised(timing, on, promises))
    held = {rule.id for rule in timing.in_force(on)}
    timed = {key for key, _ in (*states, *kept)}
    found = []
    for rule in timing.rules:
        if rule.times == OFFICE or not (rule.id in held or rule.id in timed):
            continue
        if rule.times == SHARED:
            late = states[rule.id, "followed late"] + states[rule.id, "nothing followed"]
            done, open_ = states[rule.id, "followed"], states[rule.id, "too early"]
            what = str(rule.times)
        elif rule.times == STEP:
            found.append(_measured(rule, series, measures or {}))
            continue
        else:
            done, late, open_ = (kept[rule.id, s] for s in ("kept", "late", "running"))
            what = f"promises: {rule.times.removeprefix(_PROMISED)}"
        found.append(Standing(rule, done, late, open_, what))
    return tuple(found)


def _promised(timing: Clocks, on: dt.date, promises: Iterable[Row]) -> Iterable[tuple[str, str]]:
    """Say of each promise whether it was kept within the limit that held when it was made."""
    for row in promises:
        rule = timing.timing(f"{_PROMISED}{row['kind']}", row["made_on"])
        due = timing.due(rule, row["made_on"]) if rule is not None else None
        if rule is None or due is None:
            continue
        done = row["delivered_on"]
        if done is None and row["state"] == "withdrawn":
            continue
        if done is None:
            yield rule.id, "late" if on > due else "running"
        else:
            yield rule.id, "kept" if done <= due else "late"


def _measured(rule: ClockRule, series: Sequence[Row], measures: Mapping[str, Row]) -> Standing:
    if rule.allows is None:
        return Standing(rule, why_not="no limit, so nothing can be late")
    if rule.measure_id is None:
        return Standing(rule, why_not="nothing in the plan counts it")
    measure = measures.get(rule.measure_id)
    if measure is None:
        return Standing(rule, why_not=f"the plan has no measure {rule.measure_id}")
    if measure["kind"] != "share" or measure["polarity"] not in ("higher", "lower"):
        why = f"“{measure['name']}” is not a share of which more, or less, is better"
        return Standing(rule, why_not=why)
    read = [r for r in series if r["measure_id"] == rule.measure_id and _whole(r) and _within(rule, r)]
    if not read:
        why = f"no number above and below the line was read for “{measure['name']}” while it held"
        return Standing(rule, why_not=why)
    newest = read[-1]["period_index"]
    used = [r for r in read if r["period_index"] > newest - MONTHS]
    above, below = (int(sum(r[n] for r in used)) for n in ("numerator", "denominator"))
    kept = above if measure["polarity"] == "higher" else below - above
    return Standing(
        rule, kept, below - kept, 0, measure["name"], used[0]["period"], used[-1]["period"],
        sum(bool(r["is_partial"]) for r in used),
        sum(bool(r.get("is_provisional")) for r in used),
    )  # fmt: skip


def _whole(row: Row) -> bool:
    return row["numerator"] is not None and row["denominator"] is not None


def _within(rule: ClockRule, row: Row) -> bool:
    """Tell whether a limit held on the first day of a month: what began in it was timed by it."""
    first = rule.effective_from or dt.date.min
    last = rule.effective_to or dt.date.max
    return bool(first <= row["period"] <= last)
