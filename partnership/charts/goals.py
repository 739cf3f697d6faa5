"""Pictures of goals: the shared goal's way to its target, and the milestones of every goal on one time axis.

Planned is dashed, read is solid, provisional is hollow, a milestone is a tick: filled where its day is past.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from partnership import wording
from partnership.charts._axes import amounts, wrapped
from partnership.charts._first_results import _years
from partnership.charts._marks import write
from partnership.charts.lettering import cut
from partnership.charts.theme import TOKENS, Sketch, checked, safe, scatter

if TYPE_CHECKING:
    import polars as pl

__all__ = ["milestones", "path"]

Row = Mapping[str, Any]
_NAMES = 250


def path(readings: pl.DataFrame, goal: Row, unit: str) -> go.Figure:
    """Draw the shared goal's measure on its way from the baseline to the target.

    Parameters
    ----------
    readings : polars.DataFrame
        Rows of ``measure_series`` of that measure: ``period``, ``value``, ``is_partial``.
    goal : Mapping
        The row of ``plan_summary``: baseline, target, latest and planned value with their days.
    unit : str
        Unit of the measure, as in "%".
    """
    checked(readings, "period", "value", "is_partial")
    rows = list(readings.filter(readings["value"].is_not_null()).sort("period").iter_rows(named=True))
    start, end = goal["baseline_on"], goal["target_on"]
    ends = [
        (d, float(v))
        for d, v in ((start, goal["baseline_value"]), (end, goal["target_value"]))
        if d and v is not None
    ]
    known = [*(v for _, v in ends), *(float(r["value"]) for r in rows)] or [0.0]
    days = [*(d for d, _ in ends), *(r["period"] for r in rows)]
    ticks = amounts(known, most=5)
    first, last = (min(days), max(days)) if days else (dt.date(2000, 1, 1), dt.date(2001, 1, 1))
    years = [d for d in _years(first, dt.date(last.year + 1, 1, 1)) if first <= d <= last]
    figure = Sketch(
        path_words(goal, rows, unit), height=300, margin=(64, 150, 12, 36),
        xaxis={"type": "date", "range": [first, last], "tickvals": years,
               "ticktext": [str(d.year) for d in years], "tickangle": 0},
        yaxis={"range": [ticks[0], ticks[-1] * 1.04 if ticks[-1] > 0 else ticks[-1]], "tickvals": ticks,
               "ticktext": [_in_unit(t, unit) for t in ticks], "showgrid": True, "zeroline": True},
    )  # fmt: skip
    if len(ends) == 2:
        figure.add_trace(
            scatter(x=[d for d, _ in ends], y=[v for _, v in ends], mode="lines", name="planned",
                    hoverinfo="skip", line={"color": TOKENS["blue"], "width": 2, "dash": "5px,4px"})
        )  # fmt: skip
    if rows:
        figure.add_trace(_read(rows, unit))
        figure.add_trace(_points(rows, unit))
        _beside(
            figure,
            rows[-1]["period"],
            float(rows[-1]["value"]),
            f"{_shortly(rows[-1]['value'], unit)}, {wording.short_month(rows[-1]['period'])}",
            up=16,
        )
    if goal["target_value"] is not None and end:
        figure.add_trace(
            scatter(x=[end], y=[float(goal["target_value"])], mode="markers", name="target", hoverinfo="skip",
                    cliponaxis=False,
                    marker={"symbol": "line-ns", "size": 18, "line": {"color": TOKENS["ink"], "width": 4}})
        )  # fmt: skip
        _beside(
            figure,
            end,
            float(goal["target_value"]),
            f"{_in_unit(goal['target_value'], unit)} by {wording.short_month(end)}",
            left=10,
        )
    if goal["baseline_value"] is not None and start:
        _beside(
            figure,
            start,
            float(goal["baseline_value"]),
            f"{_in_unit(goal['baseline_value'], unit)} at the start",
            up=14,
            left=4,
        )
    return figure.figure()


def _read(rows: Sequence[Row], unit: str) -> dict[str, Any]:
    del unit
    return scatter(
        x=[r["period"] for r in rows], y=[float(r["value"]) for r in rows], mode="lines", name="read",
        hoverinfo="skip", line={"color": TOKENS["blue"], "width": 4},
    )  # fmt: skip


def _points(rows: Sequence[Row], unit: str) -> dict[str, Any]:
    """Mark the readings: hollow where somebody is missing from them."""
    words = [
        f"{wording.month(r['period'])}: {_in_unit(r['value'], unit)}{', partial' if r['is_partial'] else ''}"
        for r in rows
    ]
    fills = [TOKENS["paper"] if r["is_partial"] else TOKENS["blue"] for r in rows]
    return scatter(
        x=[r["period"] for r in rows], y=[float(r["value"]) for r in rows], mode="markers", name="readings",
        cliponaxis=False, text=words, hovertemplate="%{text}<extra></extra>",
        marker={"size": 8, "color": fills, "line": {"color": TOKENS["blue"], "width": 2}},
    )  # fmt: skip


def _beside(figure: Sketch, x: dt.date, y: float, words: str, *, left: float = 8, up: float = 0) -> None:
    figure.add_annotation(
        text=safe(words), x=x, y=y, xanchor="left", yanchor="middle", xshift=left, yshift=up,
        bgcolor=TOKENS["paper"], borderpad=1, font={"size": 15, "color": TOKENS["ink"], "weight": 700},
    )  # fmt: skip


def _shortly(value: Any, unit: str) -> str:
    """Return a value as a label says it: a share whole from 10% on."""
    return (
        f"{wording.number(value, places=0)}%" if unit == "%" and abs(value) >= 10 else _in_unit(value, unit)
    )  # noqa: PLR2004


def _in_unit(value: Any, unit: str) -> str:
    if unit == "%":
        return f"{wording.number(value)}%"
    return wording.pounds(value) if unit == "£" else wording.number(value)


def path_words(goal: Row, rows: Sequence[Row], unit: str) -> str:
    """Return what the picture of the shared goal shows, for those who do not see it."""
    said = [f"Line chart. {goal['bhag_measure_name'] or 'The shared goal'}:"]
    if goal["baseline_value"] is not None and goal["baseline_on"]:
        said.append(f"{_in_unit(goal['baseline_value'], unit)} in {wording.month(goal['baseline_on'])},")
    if rows:
        said.append(f"{_in_unit(rows[-1]['value'], unit)} in {wording.month(rows[-1]['period'])},")
    if goal["target_value"] is not None and goal["target_on"]:
        said.append(f"target {_in_unit(goal['target_value'], unit)} in {wording.month(goal['target_on'])}.")
    return " ".join(said).rstrip(",").rstrip(".") + "."


def milestones(goals: Sequence[Row], steps: Sequence[Row], today: dt.date) -> go.Figure:
    """Draw the milestones of every goal on one time axis: filled where the day is past, hollow where it is to come.

    Parameters
    ----------
    goals : Sequence of Mapping
        ``id``, ``title``, ``starts_on``, ``target_on``, in the order in which they stand.
    steps : Sequence of Mapping
        Milestones: ``goal_id``, ``due_on``, ``title``.
    today : date
        The day as known on which it is shown: a dotted line.
    """
    days = [d for g in goals for d in (g["starts_on"], g["target_on"]) if d] + [s["due_on"] for s in steps]
    first = dt.date(min([*days, today]).year, 1, 1)
    last = dt.date(max([*days, today]).year + 1, 1, 1)
    years = _years(first, last)
    high = 44 * len(goals) + 18
    figure = Sketch(
        _milestone_words(goals, steps), height=high + 44, margin=(_NAMES, 24, 4, 34),
        xaxis={"type": "date", "range": [first, last], "tickvals": years,
               "ticktext": [str(d.year) for d in years], "showgrid": True, "tickangle": 0},
        yaxis={"range": [0, high], "visible": False},
    )  # fmt: skip
    figure.add_trace(
        scatter(x=[today, today], y=[0, high], mode="lines", hoverinfo="skip", name="today",
                line={"color": TOKENS["ink"], "width": 1.5, "dash": "2px,3px"})
    )  # fmt: skip
    figure.add_annotation(
        text="today", x=today, y=high - 6, xanchor="left", yanchor="middle", xshift=4,
        font={"size": 14, "color": TOKENS["ink"]}, bgcolor=TOKENS["paper"],
    )  # fmt: skip
    for number, goal in enumerate(goals):
        own = sorted((s for s in steps if s["goal_id"] == goal["id"]), key=lambda s: s["due_on"])
        _row(figure, goal, own, high - 40 - 44 * number, today)
    return figure.figure()


def _row(figure: Sketch, goal: Row, steps: Sequence[Row], at: float, today: dt.date) -> None:
    lines = wrapped(str(goal["title"]), 32).split("<br>")[:2]
    for number, line in enumerate(lines):
        write(
            figure,
            cut(line, _NAMES - 12, 15),
            0,
            at + (9 if len(lines) > 1 else 0) - 18 * number,
            beside=-_NAMES,
        )
    if goal["starts_on"] and goal["target_on"]:
        figure.add_trace(
            scatter(x=[goal["starts_on"], goal["target_on"]], y=[at, at], mode="lines", hoverinfo="skip",
                    name="planned", line={"color": TOKENS["edge"], "width": 2})
        )  # fmt: skip
    if not steps:
        return
    past = [s["due_on"] <= today for s in steps]
    figure.add_trace(
        scatter(
            x=[s["due_on"] for s in steps], y=[at] * len(steps), mode="markers", cliponaxis=False,
            name=safe(goal["title"]), text=[f"{wording.day(s['due_on'])}: {safe(s['title'])}" for s in steps],
            hovertemplate="%{text}<extra></extra>",
            marker={"size": 13, "symbol": "diamond",
                    "color": [TOKENS["ink"] if p else TOKENS["paper"] for p in past],
                    "line": {"color": TOKENS["ink"], "width": 2}},
        )
    )  # fmt: skip


def _milestone_words(goals: Sequence[Row], steps: Sequence[Row]) -> str:
    said = [
        f"{g['title']}: "
        + wording.listing(
            wording.month(s["due_on"])
            for s in sorted(steps, key=lambda s: s["due_on"])
            if s["goal_id"] == g["id"]
        )
        for g in goals
        if any(s["goal_id"] == g["id"] for s in steps)
    ]
    return f"Milestones on one time axis. {'; '.join(said)}." if said else "No goal has a milestone yet."
