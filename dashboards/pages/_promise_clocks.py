"""Clocks: which hold, from when and by whose word, how each was kept, and how one is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.parts import Col
from partnership._commitments.clocks import CHECK_LOCALLY, NOT_YET
from partnership.commitments import clock_text
from partnership.periods import name_month
from partnership.wording import capital, count_of, day, in_words, listing, number, percent

if TYPE_CHECKING:
    from dashboards.urls import State
    from partnership._workflows.clock_standing import Standing
    from partnership._workflows.promising import Promised
    from partnership.commitments import Clock

__all__ = ["clocks_panel"]


def clocks_panel(found: Promised, state: State) -> Any:
    """Return the clocks with how each was kept, and under it their sources and how one is changed."""
    week = found.clocks.week
    return parts.panel(
        _title(found),
        *(html.P(words, className="sub") for words in _kept_words(found)),
        _table(found),
        parts.twin(_sources(found), summary="Show whose word each clock is, and where it is changed"),
        html.Details(
            [html.Summary("How a clock is changed"), *_change(found)],
            className="twin",
        ),
        key="clocks",
        sub=_sub(found, state),
        source=(
            f"Working hours {week.begins:%H:%M} to {week.ends:%H:%M} on working days: {week.source}; "
            f"{week.status}. A clock without a source that was read, or without a day of effect, says "
            f"“{CHECK_LOCALLY}”."
        ),
    )


def _title(found: Promised) -> str:
    """Return how many clocks hold, and how many wait for somebody to look."""
    stands = [c.stands(found.on) for c in found.clocks.by_id.values()]
    check, ahead = stands.count(CHECK_LOCALLY), stands.count(NOT_YET)
    holds = len(stands) - check - ahead
    said = [f"{in_words(holds) if holds else 'none'} in force"]
    said += [f"{in_words(check)} to check locally"] if check else []
    said += [f"{in_words(ahead)} not yet in effect"] if ahead else []
    return f"{capital(count_of(len(stands), 'clock', words=True))}: {listing(said)}"


def _sub(found: Promised, state: State) -> str:
    uncounted = len({s.clock.id for s in found.standings if s.kept is None})
    counted = len(found.clocks.by_id) - uncounted
    words = (
        f"{capital(in_words(counted)) if counted else 'None'} of the {in_words(len(found.clocks.by_id))} "
        f"{'is' if counted <= 1 else 'are'} counted: the plan holds what starts and stops "
        f"{'it' if counted <= 1 else 'them'}."
    )
    if state.agency_id or state.goal_id:
        words += " What is counted from a measure is of the whole partnership, whatever is chosen above."
    return words


def _kept_words(found: Promised) -> list[str]:
    """Return a sentence for each colour of a clock that is counted."""
    out = []
    for one in found.standings:
        if one.kept is None or one.late is None:
            continue
        total, share = one.kept + one.late, one.share
        within = _allows(one)
        colour = f", {one.colour}" if one.colour else ""
        if share is None:
            running = f"; {number(one.running)} may still be" if one.running else ""
            out.append(f"{one.clock.name}{colour}: nothing has run out yet{running}.")
            continue
        over = f", {_months(one)}" if one.first else ""
        flaws = ((one.partial, "not whole"), (one.provisional, "provisional"))
        partial = "".join(
            f" {capital(count_of(n, 'month', words=True))} of these {'is' if n == 1 else 'are'} {what}."
            for n, what in flaws
            if n
        )
        out.append(
            f"{one.clock.name}{colour}: {number(one.kept)} of {number(total)} within {within}, "
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


def _allows(one: Standing) -> str:
    return count_of(one.allowed.amount, one.allowed.counts.removesuffix("s"))


def _table(found: Promised) -> html.Div:
    rows = [
        {
            "name": one.clock.name,
            "colour": one.colour or "all",
            "allows": _allows(one),
            "stands": one.clock.stands(found.on),
            "since": day(one.clock.effective_from) if one.clock.effective_from else "not known",
            "kept": "" if one.kept is None else number(one.kept),
            "late": "" if one.late is None else number(one.late),
            "running": number(one.running) if one.kept is not None and one.running else "",
            "share": "" if one.share is None else percent(float(one.share)),
            "from": _counted(one),
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
            Col("since", "In effect from"),
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


_STANDS = {CHECK_LOCALLY: "none", NOT_YET: "flat"}


def _counted(one: Standing) -> str:
    return f"{one.counted}, {_months(one)}" if one.first else one.counted


def _sources(found: Promised) -> html.Div:
    rows = [
        {"name": c.name, "source": c.source or "none given", "where": _where(found, c)}
        for c in found.clocks.by_id.values()
    ]
    return parts.table(
        rows,
        [Col("name", "Clock"), Col("source", "Source"), Col("where", "Where it is changed")],
        caption="Clocks and whose word they are",
    )


def _where(found: Promised, clock: Clock) -> str:
    line = found.clocks_lines.get(clock.id)
    if line:
        return f"line {line} of {found.clocks_file}"
    return f"as it ships: add it to {found.clocks_file}"


def _change(found: Promised) -> list[Any]:
    ships = [c for c in found.clocks.by_id.values() if c.id not in found.clocks_lines]
    said: list[Any] = [
        html.P(
            f"{found.clocks_from} A clock is set in that file, not on this page, so the store keeps no "
            "history of it: an earlier day is shown by the clocks of today. Whoever keeps the store changes "
            "the file, and the pages read it with the next change of the plan, or when they start.",
            className="sub",
        )
    ]
    if ships:
        said += [
            html.P(
                f"{capital(count_of(len(ships), 'clock', words=True))} as shipped. Copy its lines into "
                f"{found.clocks_file}, change what is allowed, and give the source and the day of effect: "
                "with both, its status may be “in force”. A measure that counts what was done in time is "
                'named as measured_by = { "" = "its id" }.',
                className="sub",
            ),
            html.Pre("\n\n".join(clock_text(c) for c in ships), className="lines"),
        ]
    return said
