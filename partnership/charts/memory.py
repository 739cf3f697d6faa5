"""Pictures of memory: how many promises are still open after so many days, and who held which role when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from partnership.charts._axes import clear, left_label
from partnership.charts.theme import TOKENS, Mark, Sketch, hatch, mark_of, safe, text
from partnership.commitments import RoleHistory, TimeToDone
from partnership.wording import capital, count_of, day, percent

__all__ = ["still_open", "tenures"]

_ROW, _TOP, _LABELS = 34, 34, 300
_LEAST_DAYS = 30


def still_open(time: TimeToDone) -> go.Figure:
    """Draw the share of promises still open by days since they were made, with its interval as steps.

    Parameters
    ----------
    time : TimeToDone
        From :func:`partnership.commitments.time_to_done`; without steps the picture is empty.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Interval" and "Still open"; the day by which half are done is ruled in.
    """
    far = max(time.watched_to, _LEAST_DAYS)
    step = next(s for s in (10, 30, 60, 90, 180, 365, 730) if far / s <= 5 or s == 730)
    ticks = list(range(0, far + 1, step))
    sketch = Sketch(
        _open_alt(time),
        height=300,
        margin=(52, 96, 12, 56),
        xaxis={
            "range": [0, far],
            "tickvals": ticks,
            "ticktext": ["0", *(f"{t} days" for t in ticks[1:])],
            "tickangle": 0,
            "showline": True,
            "title": {
                "text": "Days since the promise was made",
                "font": {"size": 14, "color": TOKENS["ink-2"]},
            },
        },
        yaxis={
            "range": [0, 1.04],
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0", "50%", "100%"],
            "showgrid": True,
        },
    )
    if not time.steps:
        return sketch.figure()
    days = [0, *(s.day for s in time.steps)]
    shares = [1.0, *(s.open_share for s in time.steps)]
    band = [s for s in time.steps if s.low is not None and s.high is not None]
    if band:
        low, high = [1.0, *(s.low for s in band)], [1.0, *(s.high for s in band)]
        at = [0, *(s.day for s in band)]
        edge = {"type": "scatter", "mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
        sketch.add_traces(
            [
                {**edge, "name": "Upper end", "x": at, "y": high},
                {
                    **edge,
                    "name": "Interval",
                    "x": at,
                    "y": low,
                    "fill": "tonexty",
                    "fillcolor": TOKENS["blue-tint"],
                },
            ]
        )
    sketch.add_trace(
        {
            "type": "scatter",
            "name": "Still open",
            "mode": "lines",
            "x": days,
            "y": shares,
            "line": {"shape": "hv", "width": 3, "color": TOKENS["blue"]},
            "hovertemplate": "after %{x} days %{y:.0%} are open<extra></extra>",
        }
    )
    if time.half_done_in is not None:
        _half(sketch, time.half_done_in, far)
    _end(sketch, time)
    return sketch.figure()


def _half(sketch: Sketch, half: int, far: int) -> None:
    line = {"color": TOKENS["ink"], "width": 1.5, "dash": "dot"}
    sketch.add_shape(type="line", x0=0, x1=half, y0=0.5, y1=0.5, line=line)
    sketch.add_shape(type="line", x0=half, x1=half, y0=0, y1=0.5, line=line)
    side = "left" if half < far * 0.55 else "right"
    sketch.add_annotation(
        **text(f"half are done in {count_of(half, 'day')}", bold=True, size=14), x=half, y=0.5,
        xanchor=side, yanchor="bottom", xshift=10 if side == "left" else -10, yshift=4, bgcolor=clear(0.9),
    )  # fmt: skip


def _end(sketch: Sketch, time: TimeToDone) -> None:
    last = time.steps[-1]
    at = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": last.open_share, "align": "left"}
    sketch.add_annotation(**text(f"{percent(last.open_share)} open", bold=True, size=14), **at, yshift=8)
    sketch.add_annotation(
        **text(f"at {count_of(last.day, 'day')}", size=14, colour="ink-2"), **at, yshift=-10
    )


def _open_alt(time: TimeToDone) -> str:
    if not time.steps:
        return "No promise was made yet, so there is no curve."
    half = (
        f"half are done in {count_of(time.half_done_in, 'day')}"
        if time.half_done_in is not None
        else "fewer than half are done by the longest time that was watched"
    )
    last = time.steps[-1]
    return (
        f"Share of {count_of(time.promises, 'promise')} still open by days since they were made: {half}, "
        f"{percent(last.open_share)} are open at {count_of(last.day, 'day')}. "
        f"{capital(count_of(time.still_open, 'promise'))} still open, counted as open."
    )


def tenures(
    roles: Sequence[RoleHistory],
    first: dt.date,
    today: dt.date,
    marks: Mapping[str, Mark],
    codes: Mapping[str, str],
) -> go.Figure:
    """Draw who held each role from when to when; an empty box: nobody; hatched: nobody named.

    Parameters
    ----------
    roles : Sequence[RoleHistory]
        In the order to be drawn.
    first, today : date
        Where the picture begins and ends; what began before runs in from the left.
    marks, codes : Mapping[str, Mark], Mapping[str, str]
        How each agency is drawn, and its badge.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Held", "Nobody named" and "Vacant", a bar a stretch of time.
    """
    span = max((today - first).days, 1)
    years = [dt.date(y, 1, 1) for y in range(first.year + 1, today.year + 1)]
    sketch = Sketch(
        _tenure_alt(roles, today),
        height=_TOP + _ROW * max(len(roles), 1) + 8,
        margin=(_LABELS, 12, _TOP, 8),
        barmode="overlay",
        xaxis={
            "side": "top",
            "range": [0, span],
            "tickvals": [(y - first).days for y in years],
            "ticktext": [str(y.year) for y in years],
            "showgrid": True,
            "tickangle": 0,
        },
        yaxis={"range": [-0.5, len(roles) - 0.5], "showticklabels": False},
    )
    bars: dict[str, list[tuple[int, int, int, str, Any]]] = {"Held": [], "Nobody named": [], "Vacant": []}
    for y, role in enumerate(reversed(roles)):
        label = left_label(safe(_cut(role.role, 40)), y, _LABELS)
        sketch.add_annotation(**{k: v for k, v in label.items() if k != "showarrow"})
        sketch.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=y - 0.5, y1=y - 0.5,
            line={"color": TOKENS["line"], "width": 1},
        )  # fmt: skip
        mark = marks.get(role.agency_id) or mark_of(None)
        for kind, begins, ends, who in _stretches(role, first, today):
            from_day, to_day = max((begins - first).days, 0), (ends - first).days
            if to_day > from_day:
                bars[kind].append((y, from_day, to_day - from_day, who, mark))
    for kind, found in bars.items():
        _bars(sketch, kind, found, span)
    return sketch.figure()


def _stretches(role: RoleHistory, first: dt.date, today: dt.date) -> list[tuple[str, dt.date, dt.date, str]]:
    found = []
    for held in role.holdings:
        begins, ends = held.started_on or first, min(held.ended_on or today, today)
        kind = "Held" if held.holder else "Nobody named"
        found.append((kind, begins, ends, held.holder or "nobody named"))
    for gap in role.gaps:
        if gap.kind == "vacant" and gap.from_on is not None:
            found.append(("Vacant", gap.from_on, gap.until or today, "vacant"))
    return found


def _bars(sketch: Sketch, kind: str, found: Sequence[tuple[int, int, int, str, Any]], span: int) -> None:
    if not found:
        return
    look: dict[str, Any] = (
        hatch()
        if kind != "Held"
        else {
            "color": [m.fill for *_, m in found],
            "line": {"color": [m.edge for *_, m in found], "width": 1.5},
        }
    )
    if kind == "Vacant":
        look = {"color": TOKENS["paper"], "line": {"color": TOKENS["ink"], "width": 1.5}}
    sketch.add_trace(
        {
            "type": "bar",
            "name": kind,
            "orientation": "h",
            "y": [f[0] for f in found],
            "base": [f[1] for f in found],
            "x": [f[2] for f in found],
            "width": 0.56,
            "marker": look,
            "hovertext": [safe(f"{f[3]}: {count_of(f[2], 'day')} shown") for f in found],
            "hoverinfo": "text",
        }
    )
    for y, begins, days, who, mark in found:
        if days >= span * 0.011 * max(len(who), 6):
            ink = mark.ink if kind == "Held" else TOKENS["ink"]
            sketch.add_annotation(
                text=safe(who), font={"size": 13, "color": ink}, x=begins, y=y, xanchor="left", xshift=5,
                **({"bgcolor": TOKENS["paper"]} if kind == "Nobody named" else {}),
            )  # fmt: skip


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"


def _tenure_alt(roles: Sequence[RoleHistory], today: dt.date) -> str:
    if not roles:
        return "No role is written down yet."
    said = []
    for role in roles:
        gap = role.open_gap
        if gap is not None:
            since = f" since {day(gap.from_on)}" if gap.from_on else ""
            said.append(f"{role.role}: {gap.kind}{since}")
        elif role.current is not None:
            months = f" for {count_of(role.months, 'month')}" if role.months is not None else ""
            said.append(f"{role.role}: {role.current.holder}{months}")
    return f"Who held each role, to {day(today)}. {'. '.join(said)}."
