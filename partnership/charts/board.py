"""The small pictures of the board overview: one beside each question, 340 pixels wide.

Planned is dashed, real is solid, provisional is hollow; promises are counted in squares, not as percentages.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from partnership import wording
from partnership.charts._axes import amounts, money_words
from partnership.charts._board_parts import line as _line
from partnership.charts._board_parts import value_axis as _value_axis
from partnership.charts._board_parts import write as _write
from partnership.charts._marks import Decades, furthest, ink_bar, mark_traces
from partnership.charts.expectations import gap_words
from partnership.charts.lettering import cut, width_of
from partnership.charts.theme import TOKENS, Mark, Sketch, checked, mark_of, outlined, safe, scatter

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "BOARD_STATES",
    "WIDTH",
    "gap_line",
    "goal_line",
    "pays_and_gains",
    "promise_squares",
    "realised_line",
]

WIDTH = 340
"""Width of each picture, in pixels."""

Row = Mapping[str, Any]


# ---- the shared goal ----
def goal_line(readings: pl.DataFrame, goal: Row, unit_words: Mapping[str, str]) -> go.Figure:
    """Draw the shared goal's measure: planned dashed from the baseline to the target, read solid.

    Parameters
    ----------
    readings : polars.DataFrame
        ``measure_readings`` of the goal's measure for the partnership as a whole: ``period``, ``value``.
    goal : Mapping
        The row of ``plan_summary``: baseline, target and their days.
    unit_words : Mapping[str, str]
        How the baseline, the latest value, the target and the axis' ticks are written:
        "baseline", "latest", "target", "top".
    """
    checked(readings, "period", "value")
    read = readings.filter(readings["value"].is_not_null()).sort("period")
    periods, values = read["period"].to_list(), [float(v) for v in read["value"]]
    start, end = goal["baseline_on"], goal["target_on"]
    base, target = _number(goal["baseline_value"]), _number(goal["target_value"])
    known = [v for v in (base, target, *values) if v is not None] or [0.0]
    ticks = amounts(known, most=2)
    days = [d for d in (start, end, *periods) if d is not None]
    figure = Sketch(
        _goal_words(goal, unit_words, periods, values), height=100, margin=(40, 46, 12, 22), width=WIDTH,
        xaxis={"type": "date", "range": [min(days), max(days)] if days else None, "visible": False},
        yaxis=_value_axis(ticks, [_tick(t, unit_words["unit"]) for t in ticks]),
    )  # fmt: skip
    if base is not None and target is not None and start and end:
        figure.add_trace(_line([start, end], [base, target], "planned", width=2, dash="5px,4px"))
    if values:
        figure.add_trace(_line(periods, values, "read"))
        figure.add_trace(
            scatter(x=periods[-1:], y=values[-1:], mode="markers", name="latest", hoverinfo="skip",
                       cliponaxis=False, marker={"size": 9, "color": TOKENS["blue"]})
        )  # fmt: skip
        _write(figure, unit_words["latest"], periods[-1], values[-1], bold=True, left=8, up=12, halo=True)
    if base is not None and start:
        _write(figure, unit_words["baseline"], start, base, bold=True, left=3, up=9, halo=True)
    if target is not None and end:
        figure.add_trace(
            scatter(x=[end], y=[target], mode="markers", name="target", hoverinfo="skip", cliponaxis=False,
                       marker={"symbol": "line-ns", "size": 14, "line": {"color": TOKENS["ink"], "width": 3}})
        )  # fmt: skip
        _write(figure, unit_words["target"], end, target, bold=True, left=7)
    _ends(figure, days)
    return figure.figure()


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _tick(value: float, unit: str) -> str:
    if unit == "%":
        return f"{wording.number(value)}%" if value else "0"
    return money_words([value])[0] if unit == "£" else wording.number(value)


_APART = 0.66
"""Share of a small picture's width that two months in words take."""


def _ends(figure: Sketch, days: Sequence[dt.date], across: Sequence[dt.date] = ()) -> None:
    """Name the first and the last month under the axis; the last alone where the two would touch."""
    if not days:
        return
    first, last, axis = min(days), max(days), across or days
    is_close = last - first < _APART * (max(axis) - min(axis))
    named = ((last, "left"),) if is_close else ((first, "left"), (last, "right"))
    for day, anchor in named:
        figure.add_annotation(
            text=wording.short_month(day), x=day, xref="x", xanchor=anchor, y=0, yref="paper", yanchor="top",
            yshift=-4, font={"size": 13, "color": TOKENS["ink-3"]},
        )  # fmt: skip


def _goal_words(goal: Row, words: Mapping[str, str], periods: Sequence[Any], values: Sequence[float]) -> str:
    parts = [f"Line chart. {goal['bhag_measure_name'] or 'The shared goal'}:"]
    if goal["baseline_on"]:
        parts.append(f"{words['baseline']} in {wording.month(goal['baseline_on'])},")
    parts.append(f"{words['latest']} at the latest reading," if values and periods else "no reading yet,")
    if goal["target_on"]:
        parts.append(f"target {words['target']} in {wording.month(goal['target_on'])}.")
    return " ".join(parts).rstrip(",") + ("" if goal["target_on"] else ".")


# ---- expectations ----
def gap_line(rates: pl.DataFrame, row: Row, marks: Mapping[str, Mark], unit: str) -> go.Figure:
    """Draw the widest gap small: a bar from least to most on a log axis, and the two ends by name.

    Parameters
    ----------
    rates : polars.DataFrame
        ``expectation_rates`` of one measure, towards the whole partnership.
    row : Mapping
        The measure's row of ``expectation_gaps``.
    marks : Mapping[str, Mark]
        How each agency is drawn.
    unit : str
        Unit and period of the common rate.
    """
    checked(rates, "agency_id", "agency_name", "answer", "common_rate")
    said = rates.sort("common_rate", "agency_name", nulls_last=True)
    rows = list(said.iter_rows(named=True))
    answered = [r for r in rows if r["common_rate"]]
    decades = Decades.around([float(r["common_rate"]) for r in answered])
    axis = decades.axis(pad=0.06, tickfont={"size": 13, "color": TOKENS["ink-3"]}, showgrid=True)
    figure = Sketch(
        gap_words(answered, [], [], row["ratio"], unit), height=100, margin=(10, 26, 28, 40), width=WIDTH,
        xaxis=axis, yaxis={"range": [0, 32], "visible": False},
    )  # fmt: skip
    if len(answered) > 1:
        least, most = furthest(answered)
        figure.add_trace(ink_bar(least["common_rate"], most["common_rate"], 16, 8))
    figure.add_traces(mark_traces(answered, marks, 16, 11, unit, tie=8))
    ends = furthest(answered) if len(answered) > 1 else answered
    for number, end in enumerate(ends):
        _end_name(figure, end, decades, is_right=number == 1)
    figure.add_annotation(
        text=f"{safe(unit)}, each step ten times the last", x=0.5, xref="paper", y=0, yref="paper",
        yanchor="top", yshift=-21, font={"size": 13, "color": TOKENS["ink-3"]},
    )  # fmt: skip
    return figure.figure()


def _end_name(figure: Sketch, row: Row, decades: Decades, *, is_right: bool) -> None:
    name = f"{cut(row['agency_name'], 110, 14, bold=True)} {wording.number(row['common_rate'])}"
    at = decades.share(float(row["common_rate"])) * 304
    half = width_of(name, 14, bold=True) / 2
    shift = max(half - at - 10, 0) if not is_right else min(330 - at - half, 0)
    x = math.log10(row["common_rate"])
    _write(figure, name, x, 1, bold=True, left=shift, up=12, anchor="center", y_ref="paper")


# ---- benefit ----
def realised_line(months: pl.DataFrame, words: Mapping[str, str]) -> go.Figure:
    """Draw the benefit small: the running plan dashed, what is real solid, provisional months hollow.

    Parameters
    ----------
    months : polars.DataFrame
        ``benefit_realisation``: ``period``, ``cum_planned_gbp``, ``cum_realised_gbp``, ``is_provisional``.
    words : Mapping[str, str]
        How the ends are written: "planned", "real".
    """
    checked(months, "period", "cum_planned_gbp", "cum_realised_gbp", "is_provisional")
    ordered = months.sort("period")
    periods = ordered["period"].to_list()
    planned = [_number(v) for v in ordered["cum_planned_gbp"]]
    real = ordered.filter(ordered["cum_realised_gbp"].is_not_null())
    months_read, values = real["period"].to_list(), [float(v) for v in real["cum_realised_gbp"]]
    firm = [not p for p in real["is_provisional"]]
    ticks = amounts([v for v in (*planned, *values) if v is not None] or [0.0], most=2)
    figure = Sketch(
        f"Cumulative benefit. Planned, dashed: {words['planned']}. Real, solid: {words['real']}.",
        height=100, margin=(56, 88, 10, 22), width=WIDTH,
        xaxis={"type": "date", "range": [periods[0], periods[-1]], "visible": False},
        yaxis=_value_axis(ticks, money_words(ticks)),
    )  # fmt: skip
    figure.add_trace(_line(periods, planned, "planned", width=2, dash="5px,4px"))
    figure.add_trace(_line(months_read, values, "real", width=1.5))
    steady = _firm_months(firm)
    figure.add_trace(_line(months_read[:steady], values[:steady], "real, approved"))
    figure.add_trace(
        scatter(
            x=[p for p, f in zip(months_read, firm, strict=True) if not f],
            y=[v for v, f in zip(values, firm, strict=True) if not f],
            mode="markers", name="provisional", hoverinfo="skip", cliponaxis=False,
            marker={"size": 8, "color": TOKENS["paper"], "line": {"color": TOKENS["blue"], "width": 2}},
        )
    )  # fmt: skip
    if planned and planned[-1] is not None:
        _write(figure, "planned", periods[-1], planned[-1], left=6)
    if values:
        _write(figure, words["label"], months_read[-1], values[-1], bold=True, left=9, up=-6, halo=True)
    _ends(figure, [periods[0], months_read[-1]] if values else [periods[0], periods[-1]], periods)
    return figure.figure()


def _firm_months(firm: Sequence[bool]) -> int:
    """Return how many months stand at the front before the first that is provisional."""
    return next((i for i, f in enumerate(firm) if not f), len(firm))


# ---- who pays, who gains ----
def pays_and_gains(rows: pl.DataFrame, marks: Mapping[str, Mark], unit: str | None = None) -> go.Figure:
    """Draw what agencies pay in (a tick) against what falls to them (their mark), and the net in words.

    Parameters
    ----------
    rows : polars.DataFrame
        ``payers_and_gainers``, at most five rows, in the order to draw: ``agency_id``, ``agency_name``,
        ``paid_gbp``, ``gained_gbp``, ``net_gbp``. A row without ``agency_id`` stands for several.
    marks : Mapping[str, Mark]
        How each agency is drawn.
    unit : {"m", ""}, optional
        The unit that the page's comparison shares, from ``wording.unit_of``; by default that of the nets.
    """
    checked(rows, "agency_id", "agency_name", "paid_gbp", "gained_gbp", "net_gbp")
    drawn = list(rows.iter_rows(named=True))
    top = max((float(max(r["paid_gbp"], r["gained_gbp"])) for r in drawn), default=0.0) or 1.0
    low = min((float(min(r["paid_gbp"], r["gained_gbp"], 0)) for r in drawn), default=0.0)
    high = 21 * len(drawn)
    shared = wording.unit_of(*(r["net_gbp"] for r in drawn)) if unit is None else unit
    figure = Sketch(
        _pays_words(drawn), height=high + 20, margin=(118, 74, 0, 20), width=WIDTH,
        xaxis={"range": [low, top * 1.04], "visible": False}, yaxis={"range": [0, high], "visible": False},
    )  # fmt: skip
    for number, row in enumerate(drawn):
        _payer(figure, row, high - 11 - 21 * number, marks, (low, top), shared)
    _pays_key(figure)
    return figure.figure()


def _payer(
    figure: Sketch, row: Row, at: float, marks: Mapping[str, Mark], span: tuple[float, float], unit: str
) -> None:
    paid, gained = float(row["paid_gbp"]), float(row["gained_gbp"])
    grey = Mark(TOKENS["edge"], TOKENS["edge"], TOKENS["ink"], "circle", 1)
    mark = marks.get(row["agency_id"], mark_of(None)) if row["agency_id"] else grey
    name = safe(row["agency_name"])
    figure.add_trace(_line(list(span), [at, at], "scale", color=TOKENS["line"], width=1))
    figure.add_trace(_line([paid, gained], [at, at], f"{name}, net", color=TOKENS["ink"], width=3))
    tick = {"symbol": "line-ns", "size": 16, "line": {"color": TOKENS["ink"], "width": 3}}
    ends = ((paid, "pays in", tick), (gained, "gains", outlined(mark, 11)))
    halo = outlined(Mark(TOKENS["paper"], TOKENS["paper"], TOKENS["ink"], mark.symbol, 3), 13)
    figure.add_trace(scatter(x=[gained], y=[at], mode="markers", name="edge", hoverinfo="skip", marker=halo))
    for value, verb, marker in ends:
        figure.add_trace(
            scatter(
                x=[value], y=[at], mode="markers", name=f"{name}, {verb}", cliponaxis=False, marker=marker,
                hovertemplate=f"{name} {verb} {wording.pounds(value)}<extra></extra>",
            )
        )  # fmt: skip
    _write(figure, cut(row["agency_name"], 112, 14), 0, at, left=-118, ref="paper")
    net = wording.pounds(row["net_gbp"], unit, plus=True)
    _write(figure, net, 1, at, bold=True, left=74, anchor="right", ref="paper")


def _pays_key(figure: Sketch) -> None:
    """Write the key under the rows: a tick pays, a mark gains."""
    words = (("▎", "ink", -118), ("pays in", "ink-3", -108), ("●", "edge", -50), ("gains", "ink-3", -35))
    for text, colour, left in words:
        _write(figure, text, 0, 0, size=13, colour=colour, left=left, up=-10, ref="paper", y_ref="paper")
    _write(
        figure,
        "net",
        1,
        0,
        size=13,
        colour="ink-3",
        left=74,
        up=-10,
        anchor="right",
        ref="paper",
        y_ref="paper",
    )


def _pays_words(rows: Sequence[Row]) -> str:
    said = (
        f"{r['agency_name']} pays {wording.pounds(r['paid_gbp'])} and gains {wording.pounds(r['gained_gbp'])}"
        for r in rows
    )
    return f"Pays in against gains. {'; '.join(said)}."


# ---- promises ----
BOARD_STATES = ("kept on time", "kept late", "overdue", "not yet due")
"""The states that promises are counted in, in the order they are drawn."""

_SQUARES: dict[str, dict[str, Any]] = {
    "kept on time": {"symbol": "square", "size": 12, "color": TOKENS["blue"]},
    "kept late": {"symbol": "square", "size": 10, "color": TOKENS["blue-tint"],
                  "line": {"color": TOKENS["blue"], "width": 2}},
    "overdue": {"symbol": "diamond", "size": 13, "color": TOKENS["orange"],
                "line": {"color": TOKENS["ink"], "width": 1.5}},
    "not yet due": {"symbol": "square", "size": 10, "color": TOKENS["paper"],
                    "line": {"color": TOKENS["edge"], "width": 1.5}},
}  # fmt: skip
_SAID = {"kept on time": "on time", "kept late": "late", "overdue": "overdue", "not yet due": "not yet due"}


def promise_squares(counts: Mapping[str, int]) -> go.Figure:
    """Draw promises as squares, one each: on time, late, overdue, not yet due.

    Parameters
    ----------
    counts : Mapping[str, int]
        State to number of promises; of more than 138, a square stands for several, and the picture says so.
    """
    total = sum(counts.get(s, 0) for s in BOARD_STATES)
    worth = max(1, math.ceil(total / 138))
    squares = [s for s in BOARD_STATES for _ in range(math.ceil(counts.get(s, 0) / worth))]
    lines = max(1, math.ceil(len(squares) / 23))
    high = 17 * lines + 50
    said = wording.listing(f"{counts.get(s, 0):,} {s}" for s in BOARD_STATES)
    each = f" Each square is {worth} promises." if worth > 1 else ""
    figure = Sketch(
        f"{wording.count_of(total, 'promise')} as squares: {said}.{each}", height=high, width=WIDTH,
        margin=(2, 2, 0, 0), xaxis={"range": [0, WIDTH - 4], "visible": False},
        yaxis={"range": [0, high], "visible": False},
    )  # fmt: skip
    for state in BOARD_STATES:
        places = [i for i, s in enumerate(squares) if s == state]
        figure.add_trace(
            scatter(
                x=[6 + 14.6 * (i % 23) for i in places], y=[high - 10 - 17 * (i // 23) for i in places],
                mode="markers", name=state, hoverinfo="skip", marker=_SQUARES[state], cliponaxis=False,
            )
        )  # fmt: skip
    _squares_key(figure, counts, worth)
    return figure.figure()


def _squares_key(figure: Sketch, counts: Mapping[str, int], worth: int) -> None:
    places = ((0, 33), (117, 33), (0, 11), (117, 11))
    for state, (x, y) in zip(BOARD_STATES, places, strict=True):
        figure.add_trace(
            scatter(x=[x + 6], y=[y], mode="markers", name="key", hoverinfo="skip", marker=_SQUARES[state],
                       cliponaxis=False)
        )  # fmt: skip
        words = f"{counts.get(state, 0):,} {_SAID[state]}"
        _write(figure, words, x + 19, y, bold=state == "overdue" and counts.get(state, 0) > 0)
    if worth > 1:
        _write(figure, f"a square is {worth}", 240, 11, size=13, colour="ink-3")
