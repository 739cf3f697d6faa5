"""Clocks: which hold, from when and by whose word, how each was kept, and the way to change one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages import _promise_clock_editing as editing
from dashboards.parts import Col
from partnership._commitments.clocks import CHECK_LOCALLY, ENDED, NOT_YET, OFFICE, standing_of
from partnership._workflows.clock_words import effect, held_as, limit
from partnership.periods import name_month
from partnership.wording import capital, count_of, in_words, listing, number, percent, short_day

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.clock_standing import Standing
    from partnership._workflows.promising import Promised
    from partnership.commitments import ClockRule

__all__ = ["clocks_panel"]

_STANDS = {CHECK_LOCALLY: "none", NOT_YET: "flat", ENDED: "flat"}


def clocks_panel(data: Data, found: Promised, state: State) -> Any:
    """Return the clocks with how each was kept, under it every limit with its source, and the forms."""
    return parts.panel(
        _title(found),
        *(html.P(words, className="sub") for words in _kept_words(found)),
        _table(found),
        parts.twin(_limits(data, found, state), summary="Show whose word each clock is, and change one"),
        *editing.clock_forms(data, found, state),
        key="clocks",
        sub=_sub(found, state),
        source=(
            f"{found.clocks_from} {_week_words(found)} A clock without a source that was read, or without a "
            f"day of effect, says “{CHECK_LOCALLY}”. What began before a clock changed keeps the time it had."
        ),
    )


def _title(found: Promised) -> str:
    """Return how many clocks hold, and how many wait for somebody to look."""
    held: dict[str, list[str]] = {}
    for rule in found.clocks.in_force(found.on):
        if rule.times != OFFICE:
            held.setdefault(rule.clock_id, []).append(held_as(rule, found.on))
    ahead = {r.clock_id for r in found.clocks.rules if held_as(r, found.on) == NOT_YET and r.times != OFFICE}
    check = sum(CHECK_LOCALLY in stands for stands in held.values())
    holds = len(held) - check
    said = [f"{in_words(holds) if holds else 'none'} in force"]
    said += [f"{in_words(check)} to check locally"] if check else []
    said += [f"{in_words(len(ahead))} with a change still to come"] if ahead else []
    return f"{capital(count_of(len(held), 'clock', words=True))}: {listing(said)}"


def _sub(found: Promised, state: State) -> str:
    every = {s.clock.clock_id for s in found.standings}
    counted = len({s.clock.clock_id for s in found.standings if s.kept is not None})
    words = (
        f"{capital(in_words(counted)) if counted else 'None'} of the {in_words(len(every))} "
        f"{'is' if counted <= 1 else 'are'} counted: the plan holds what starts and stops "
        f"{'it' if counted <= 1 else 'them'}."
    )
    if state.agency_id or state.goal_id:
        words += " What is counted from a measure is of the whole partnership, whatever is chosen above."
    return words


def _week_words(found: Promised) -> str:
    """Return the office week with whose word it is."""
    week, rule = found.clocks.week(found.on), found.clocks.timing(OFFICE, found.on)
    whose = f": {rule.source or 'no source is given'}; {held_as(rule, found.on)}" if rule else ""
    return (
        f"The office week runs from {week.begins:%H:%M} to {week.ends:%H:%M}, bank holidays of "
        f"{week.bank_holidays} left out{whose}."
    )


def _kept_words(found: Promised) -> list[str]:
    """Return a sentence for each limit that is counted."""
    out = []
    for one in found.standings:
        if one.kept is None or one.late is None:
            continue
        total, share = one.kept + one.late, one.share
        colour = f", {one.clock.colour}" if one.clock.colour else ""
        name = f"{one.clock.name}{colour} ({effect(one.clock)}; {held_as(one.clock, found.on)})"
        if share is None:
            running = f"; {number(one.running)} may still be" if one.running else ""
            out.append(f"{name}: nothing has run out yet{running}.")
            continue
        over = f", {_months(one)}" if one.first else ""
        flaws = ((one.partial, "not whole"), (one.provisional, "provisional"))
        partial = "".join(
            f" {capital(count_of(n, 'month', words=True))} of these {'is' if n == 1 else 'are'} {what}."
            for n, what in flaws
            if n
        )
        out.append(
            f"{name}: {number(one.kept)} of {number(total)} within {limit(one.clock)}, "
            f"{percent(float(share))}{over}.{partial}"
        )
    return out


def _months(one: Standing) -> str:
    assert one.first is not None  # noqa: S101 - told to the type checker: both months or neither
    assert one.last is not None  # noqa: S101 - the same
    return (
        name_month(one.first)
        if one.first == one.last
        else f"{name_month(one.first)} to {name_month(one.last)}"
    )


def _table(found: Promised) -> html.Div:
    rows = [
        {
            "name": one.clock.name,
            "colour": one.clock.colour or "all",
            "allows": limit(one.clock),
            "stands": held_as(one.clock, found.on),
            "since": effect(one.clock, short=True),
            "kept": "" if one.kept is None else number(one.kept),
            "late": "" if one.late is None else number(one.late),
            "running": number(one.running) if one.kept is not None and one.running else "",
            "share": "" if one.share is None else percent(float(one.share)),
            "from": f"{one.counted}, {_months(one)}" if one.first else one.counted,
            "why_not": one.why_not,
        }
        for one in found.standings
    ]
    return parts.table(
        rows,
        [
            Col("name", "Clock"),
            Col("colour", "Colour"),
            Col("allows", "Allows"),
            Col("stands", "Standing", row=_standing),
            Col("since", "In effect"),
            Col("kept", "In time", str, numeric=True),
            Col("late", "Late", str, numeric=True),
            Col("running", "Not over", str, numeric=True),
            Col("share", "Kept", str, numeric=True),
            Col("from", "Counted from", row=_from),
        ],
        label="Clocks and how they were kept",
    )


def _standing(row: dict[str, Any]) -> Any:
    return parts.state_word(row["stands"], _STANDS.get(row["stands"], "good"))


def _from(row: dict[str, Any]) -> Any:
    return parts.state_word(f"not counted: {row['why_not']}", "none") if row["why_not"] else row["from"]


def _limits(data: Data, found: Promised, state: State) -> html.Div:
    """Return every limit, also of before and to come, with its source and the way to change it.

    One that ships, was replaced and timed nothing is left out.
    """
    shown = {s.clock.id for s in found.standings} | found.clocks.own
    rows = [
        {
            "name": f"{r.name}, {r.colour}" if r.colour else r.name,
            "allows": "says when work is done" if r.times == OFFICE else limit(r),
            "stands": held_as(r, found.on),
            "since": effect(r, short=True),
            "hours": _hours(r),
            "source": r.source or "none given",
            "decided": short_day(r.decided_on) if r.decided_on else "",
            "change": _change(data, found, state, r),
        }
        for r in found.clocks.rules
        if r.id in shown or standing_of(r, found.on) != ENDED
    ]
    columns = [
        Col("name", "Clock"),
        Col("allows", "Allows"),
        Col("stands", "Standing", row=_standing),
        Col("since", "In effect"),
        Col("hours", "Hours of its own"),
        Col("source", "Source"),
        Col("decided", "Decided on"),
    ]
    if editing.may_change(data, state):
        columns.append(Col("change", "Change it", row=lambda row: row["change"]))
    return parts.table(rows, columns, caption="Every limit, and whose word it is")


def _hours(rule: ClockRule) -> str:
    hours = f"{rule.works_from or ''}–{rule.works_until or ''}".strip("–")
    return ", ".join(x for x in (rule.works_on, hours, rule.bank_holidays) if x) or "the office week’s"


def _change(data: Data, found: Promised, state: State, rule: ClockRule) -> Any:
    if not editing.may_change(data, state):
        return ""
    own = rule.id in found.clocks.own
    words = "Change" if own else "Set our own"
    named = f"{rule.name}, {rule.colour}" if rule.colour else rule.name
    return dcc.Link(
        [words, html.Span(f" {named}, {effect(rule)}", className="sr")],
        href=editing.change_address(state, rule),
    )
