"""XmR charts: what is signal and what is noise in the readings of one measure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from partnership.charts._axes import clear, months_axis, nice_ticks
from partnership.charts._run_chart import missing_columns, run_note
from partnership.charts.theme import TOKENS, blank_figure, safe, text
from partnership.wording import count_of, month, number, pounds

if TYPE_CHECKING:
    from partnership.spc import Point, Segment, Xmr

__all__ = ["VERDICT_WORDS", "xmr_chart"]

VERDICT_WORDS = {
    "read": "Read, no limits",
    "no special cause": "No special cause",
    "improvement": "Improvement",
    "concern": "Concern",
    "rise": "Rise, neither good nor bad",
    "fall": "Fall, neither good nor bad",
}
_MARKERS: dict[str, dict[str, Any]] = {
    "read": {"color": TOKENS["ink-2"], "symbol": "circle", "size": 9},
    "no special cause": {"color": TOKENS["grey"], "symbol": "circle", "size": 9},
    "improvement": {"color": TOKENS["blue"], "symbol": "circle", "size": 10},
    "concern": {"color": TOKENS["orange"], "symbol": "diamond", "size": 12},
    "rise": {"color": TOKENS["ink-2"], "symbol": "triangle-up", "size": 11},
    "fall": {"color": TOKENS["ink-2"], "symbol": "triangle-down", "size": 11},
}


def xmr_chart(
    cells: Sequence[Mapping[str, Any]],
    chart: Xmr,
    unit: str,
    notes: Iterable[tuple[dt.date, str]] = (),
    *,
    height: int = 360,
) -> go.Figure:
    """Draw an XmR chart: points named by their verdict, mean and limits of each segment, target, notes.

    Common cause is grey; improvement blue, concern an orange diamond; where neither way is better a rise or
    fall is a grey triangle. Provisional points are hollow, missing ones hatched with their word. Without
    limits there is no verdict and no line but the target.

    Parameters
    ----------
    cells : Sequence of mappings
        ``period``, ``value``, ``missing``, ``state``, one for each point of the chart.
    chart : Xmr
        As worked out by :mod:`partnership.spc`; nothing is worked out here.
    unit : str
        The measure's unit.
    notes : Iterable of (date, str)
        What happened in which month.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Joined", one for each verdict met, "Provisional", and for each segment "Mean", "Upper limit",
        "Lower limit"; y is in the measure's unit.
    """
    figure = blank_figure(xmr_alt(cells, chart, unit), height=height, margin=(56, 112, 14, 44))
    points = [(c, p) for c, p in zip(cells, chart.points, strict=True) if p.value is not None]
    if not points:
        return figure
    drawn = [s for s in chart.segments if s.lower is not None]
    lines = [v for s in drawn for v in (s.lower, s.upper) if v is not None]
    values = [float(p.value or 0) for _, p in points] + lines
    low, high, ticks = nice_ticks(
        values + ([] if chart.target is None else [chart.target]), whole_share=unit == "%"
    )
    figure.update_layout(
        xaxis=months_axis([c["period"] for c in cells], pad=True, narrow=True),
        yaxis={
            "range": [low, high],
            "showgrid": True,
            "tickvals": ticks,
            "ticktext": [quantity(t, unit) for t in ticks],
            "ticklabelstandoff": 6,
        },
    )
    missing_columns(figure, cells, low, high)
    for segment in drawn:
        _lines(figure, cells, segment)
    figure.add_scatter(
        x=[c["period"] for c in cells],
        y=[p.value for p in chart.points],
        mode="lines",
        connectgaps=False,
        name="Joined",
        hoverinfo="skip",
        line={"color": TOKENS["edge"], "width": 1.2},
    )
    judged = frozenset(n for n, s in enumerate(chart.segments) if s.lower is not None)
    _points(figure, points, judged, unit)
    _labels(figure, drawn[-1] if drawn and drawn[-1] is chart.segments[-1] else None, chart.target, unit)
    known = [{"period": c["period"], "value": p.value} for c, p in points]
    for period, note in notes:
        run_note(figure, known, period, note)
    return figure


def quantity(value: Any, unit: str) -> str:
    """Write a value with its unit, where the unit is a sign."""
    if unit == "£":
        return pounds(Decimal(str(value)))
    said = number(Decimal(str(value)), places=1)
    return f"{said}%" if unit == "%" else said


def _lines(figure: go.Figure, cells: Sequence[Mapping[str, Any]], segment: Segment) -> None:
    half = dt.timedelta(days=12)
    ends = [cells[segment.first]["period"] - half, cells[segment.last]["period"] + half]
    solid = {"color": TOKENS["edge"], "width": 1.5}
    dotted = {"color": TOKENS["edge"], "width": 1.5, "dash": "2px 4px"}
    for name, value, line in (
        ("Mean", segment.mean, solid),
        ("Upper limit", segment.upper, dotted),
        ("Lower limit", segment.lower, dotted),
    ):
        figure.add_scatter(x=ends, y=[value, value], mode="lines", name=name, line=line, hoverinfo="skip")


def _named(point: Point, judged: frozenset[int]) -> str:
    return point.verdict if point.segment in judged else "read"


def _points(
    figure: go.Figure, points: Sequence[tuple[Mapping[str, Any], Point]], judged: frozenset[int], unit: str
) -> None:
    for verdict, marker in _MARKERS.items():
        for soft in (False, True):
            some = [
                (c, p)
                for c, p in points
                if _named(p, judged) == verdict and (c["state"] != "approved") == soft
            ]
            if not some:
                continue
            shape = {**marker, "opacity": 1}
            if soft:
                shape |= {"color": TOKENS["paper"], "line": {"color": marker["color"], "width": 2.5}}
            figure.add_scatter(
                x=[c["period"] for c, _ in some],
                y=[p.value for _, p in some],
                mode="markers",
                name=f"{VERDICT_WORDS[verdict]}, provisional" if soft else VERDICT_WORDS[verdict],
                marker=shape,
                hovertext=[safe(_hover(c, p, verdict, unit)) for c, p in some],
                hoverinfo="text",
            )


def _hover(cell: Mapping[str, Any], point: Point, verdict: str, unit: str) -> str:
    rules = ", ".join(s.rule for s in point.signals)
    said = f"{month(cell['period'])}: {quantity(point.value, unit)}, {verdict}"
    return f"{said} ({rules})" if rules else said


def _labels(figure: go.Figure, segment: Segment | None, target: float | None, unit: str) -> None:
    said: list[tuple[float, str]] = []
    if target is not None:
        figure.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            y0=target,
            y1=target,
            line={"color": TOKENS["ink"], "width": 1.5, "dash": "8px 5px"},
        )
        said.append((target, f"target {quantity(target, unit)}"))
    if segment is not None:
        for value, word in ((segment.mean, "mean"), (segment.upper, "limit"), (segment.lower, "limit")):
            if value is not None:
                said.append((value, f"{word} {quantity(round(value, 1), unit)}"))
    low, high = figure.layout.yaxis.range
    gap = (high - low) * 0.06
    placed: float | None = None
    for value, words in sorted(said):
        at = value if placed is None else max(value, placed + gap)
        placed = at
        figure.add_annotation(
            **text(words, size=14), x=1, xref="paper", xanchor="left", xshift=8, y=at, bgcolor=clear(0.9)
        )


def xmr_alt(cells: Sequence[Mapping[str, Any]], chart: Xmr, unit: str) -> str:
    """Return the chart in words."""
    points = [(c, p) for c, p in zip(cells, chart.points, strict=True) if p.value is not None]
    if not points:
        return "Nothing has been read yet."
    (first, one), (last, now) = points[0], points[-1]
    said = [
        f"{count_of(len(points), 'reading')} from {month(first['period'])}, {quantity(one.value, unit)}, "
        f"to {month(last['period'])}, {quantity(now.value, unit)}."
    ]
    segment = chart.latest
    if segment is None or segment.lower is None:
        said.append(f" No limits: {chart.standing}.")
    else:
        spread = (
            f"{quantity(round(segment.lower, 1), unit)} to {quantity(round(segment.upper or 0, 1), unit)}"
        )
        said.append(f" Mean {quantity(round(segment.mean or 0, 1), unit)}, limits {spread}.")
        said.append(f" Latest: {now.verdict}.")
    if chart.target is not None:
        said.append(f" Target {quantity(chart.target, unit)}.")
    return "".join(said)
