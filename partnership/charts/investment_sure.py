# ruff: noqa: E501 - a sentence stays on one line
"""Pictures of how sure a position is: who is worse off how often, the fan by year, what moves it most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from partnership.charts._axes import amounts, left_label, money_words, spread
from partnership.charts.lettering import cut
from partnership.charts.theme import TOKENS, Mark, Sketch, outlined, safe, scatter, text
from partnership.wording import capital, chances, listing, pounds

__all__ = ["FanPoint", "Moved", "Position", "fan", "fans", "of_draws", "tornado", "worse_off"]

_ROW, _NAMES = 36, 210
_SQUARES = 20


@dataclass(frozen=True, slots=True)
class Position:
    """One agency's net position: 10th, 50th and 90th percentile in pounds, and its chance of being worse off."""

    name: str
    mark: Mark
    p10: float
    p50: float
    p90: float
    chance: float
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class FanPoint:
    """Net position of one year: 10th, 25th, 50th, 75th and 90th percentile in pounds."""

    year: str
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float


@dataclass(frozen=True, slots=True)
class Moved:
    """One assumption: what the net is at its low and at its high end, and these ends in words."""

    name: str
    low: str
    high: str
    at_low: float
    at_high: float


def of_draws(share: float) -> str:
    """Write a chance that draws gave: that none, or every one, fell so is no certainty.

    Examples
    --------
    >>> of_draws(1.0), of_draws(0.0), of_draws(0.4)
    ('more than 99 in 100', 'fewer than 1 in 100', '40 in 100')
    """
    return chances(min(max(share, 1e-9), 1 - 1e-9))


def worse_off(rows: Sequence[Position]) -> go.Figure:
    """Draw a row an agency: P10 to P90 with a mark at the median, and of 20 squares how many are worse off.

    Parameters
    ----------
    rows : Sequence[Position]
        In the order to be drawn.

    Returns
    -------
    plotly.graph_objects.Figure
        Trace "Range" and trace "Middle" for each row; trace "Worse off": the filled squares.
    """
    top, foot = 48, 8
    height = top + _ROW * max(len(rows), 1) + foot
    ticks = amounts([v for r in rows for v in (r.p10, r.p90)] or [0.0], 6)
    span = (ticks[-1] - ticks[0]) or 1.0
    sketch = Sketch(
        _worse_words(rows), height=height, margin=(_NAMES, 120, top, foot),
        xaxis={"range": [ticks[0] - 0.02 * span, ticks[-1] + 0.02 * span], "domain": [0, 0.68], "showgrid": True,
               "tickvals": ticks, "ticktext": money_words(ticks), "side": "top"},
        xaxis2={"range": [-0.6, _SQUARES], "domain": [0.73, 1], "visible": False},
        yaxis={"range": [-len(rows) + 0.5, 0.5], "visible": False},
    )  # fmt: skip
    sketch.add_shape(
        type="line", x0=0, x1=0, yref="paper", y0=0, y1=1, line={"color": TOKENS["ink"], "width": 1.5}
    )
    for words, anchor, shift in (("worse off", "right", -6), ("better off", "left", 6)):
        sketch.add_annotation(
            text=f"<b>{words}</b>", font={"size": 14}, x=0, xanchor=anchor, xshift=shift, y=1, yref="paper",
            yanchor="bottom", yshift=24,
        )  # fmt: skip
    sketch.add_annotation(
        **text("Of 100 futures, worse off in", size=14, colour="ink-2"), x=-0.6, xref="x2", xanchor="left", y=1,
        yref="paper", yanchor="bottom", yshift=6,
    )  # fmt: skip
    for i, row in enumerate(rows):
        _position(sketch, -i, row)
    return sketch.figure()


def _position(sketch: Sketch, y: int, row: Position) -> None:
    sketch.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=y - 0.5, y1=y - 0.5, layer="below",
        line={"color": TOKENS["line"], "width": 1},
    )  # fmt: skip
    name = safe(row.name)
    sketch.add_annotation(**left_label(f"<b>{name}</b>" if row.is_strong else name, y, _NAMES))
    said = safe(
        f"{row.name}: {pounds(round(row.p10))} to {pounds(round(row.p90))} in 8 of 10, middle {pounds(round(row.p50))}"
    )
    line = {"color": row.mark.edge, "width": 5}
    sketch.add_trace(
        scatter(x=[row.p10, row.p90], y=[y, y], mode="lines", name="Range", line=line, hoverinfo="skip")
    )
    sketch.add_trace(
        scatter(x=[row.p50], y=[y], mode="markers", name="Middle", marker=outlined(row.mark, 15), hoverinfo="text",
                hovertext=[said], cliponaxis=False)
    )  # fmt: skip
    full = round(row.chance * _SQUARES)
    for name_, count, start, fill in (
        ("Worse off", full, 0, TOKENS["ink"]), ("Not worse off", _SQUARES - full, full, TOKENS["paper"]),
    ):  # fmt: skip
        sketch.add_trace(
            scatter(
                x=[start + i for i in range(count)], y=[y] * count, xaxis="x2", mode="markers", name=name_,
                hoverinfo="skip", marker={"symbol": "square", "size": 9, "color": fill,
                                          "line": {"color": TOKENS["ink-2"], "width": 1}},
            )
        )  # fmt: skip
    sketch.add_annotation(
        text=f"<b>{of_draws(row.chance).removesuffix(' in 100')}</b>", font={"size": 15}, x=1, xref="paper",
        xanchor="left", xshift=8, y=y,
    )  # fmt: skip


def _worse_words(rows: Sequence[Position]) -> str:
    said = [f"{r.name} worse off in {of_draws(r.chance)}, middle {pounds(round(r.p50))}" for r in rows]
    return (
        f"Net position of each agency with its range. {capital('; '.join(said))}."
        if said
        else "No position to draw."
    )


def fan(points: Sequence[FanPoint], what: str, *, sums: bool = False) -> go.Figure:
    """Draw the net position by year: a line at the middle, a band for half and a band for eight of ten futures.

    Parameters
    ----------
    points : Sequence[FanPoint]
        By year.
    what : str
        Whose position, for those who do not see it.
    sums : bool
        The position is that of all years up to the year's end.
    """
    ticks = amounts([v for p in points for v in (p.p10, p.p90)] or [0.0], 5)
    last = points[-1] if points else None
    up_to = " up to its end" if sums else ""
    alt = (
        f"Fan of the net position of {what} by financial year{up_to}, middle and range of eight in ten. "
        + "; ".join(
            f"{p.year} {pounds(round(p.p50))}, {pounds(round(p.p10))} to {pounds(round(p.p90))}"
            for p in points
        )
    )
    sketch = Sketch(
        f"{alt}.", height=330, margin=(84, 130, 10, 42),
        xaxis={"type": "category", "range": [-0.35, max(len(points) - 1, 1) + 0.35], "ticklabelstandoff": 8},
        yaxis={"range": [ticks[0], ticks[-1]] if len(ticks) > 1 else None, "showgrid": True, "tickvals": ticks,
               "ticktext": money_words(ticks)},
    )  # fmt: skip
    _bands_of(sketch, points, "x", "y")
    sketch.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=0, y1=0, line={"color": TOKENS["ink"], "width": 1.5}
    )
    if last is not None:
        gap = (ticks[-1] - ticks[0]) * 0.075 if len(ticks) > 1 else 1.0
        for y, words, bold in _apart(
            [(last.p90, "P90", False), (last.p50, "P50", True), (last.p10, "P10", False)], gap
        ):
            sketch.add_annotation(
                **text(words, size=14, bold=bold),
                x=1,
                xref="paper",
                xanchor="left",
                xshift=4,
                y=y,
                yanchor="middle",
            )
    return sketch.figure()


def _apart(ends: list[tuple[float, str, bool]], gap: float) -> list[tuple[float, str, bool]]:
    places = spread([e[0] for e in ends], gap)
    return [
        (y, f"{name} {pounds(round(value))}", bold)
        for y, (value, name, bold) in zip(places, ends, strict=True)
    ]


def _bands_of(sketch: Sketch, points: Sequence[FanPoint], x: str, y: str, mark: Mark | None = None) -> None:
    years = [p.year for p in points]
    outer = mark.edge if mark else TOKENS["blue"]
    for name, low, high, opacity in (
        ("P10 to P90", [p.p10 for p in points], [p.p90 for p in points], 0.18),
        ("P25 to P75", [p.p25 for p in points], [p.p75 for p in points], 0.30),
    ):
        sketch.add_trace(
            scatter(
                x=years + years[::-1], y=high + low[::-1], xaxis=x, yaxis=y, fill="toself", fillcolor=_tinted(outer, opacity),
                line={"width": 0, "color": outer}, mode="lines", name=name, hoverinfo="skip",
            )
        )  # fmt: skip
    sketch.add_trace(
        scatter(
            x=years, y=[p.p50 for p in points], xaxis=x, yaxis=y, mode="lines+markers", name="Middle",
            line={"color": outer, "width": 3}, marker={"size": 6, "color": outer}, hoverinfo="text",
            hovertext=[safe(f"{p.year}: {pounds(round(p.p50))}, 8 in 10 from {pounds(round(p.p10))} to {pounds(round(p.p90))}") for p in points],
        )
    )  # fmt: skip


def _tinted(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def fans(panels: Sequence[tuple[str, Mark, Sequence[FanPoint]]], columns: int = 3) -> go.Figure:
    """Draw the fan of each agency small, all on one scale of pounds.

    Parameters
    ----------
    panels : Sequence of (str, Mark, Sequence[FanPoint])
        Name, mark and years of each agency, in the order to be drawn.
    columns : int
        Panels side by side.
    """
    rows = max(1, math.ceil(len(panels) / columns))
    values = [v for _, _, points in panels for p in points for v in (p.p10, p.p90)] or [0.0]
    ticks = amounts(values, 3)
    height = 132 * rows + 34
    layout: dict[str, object] = {}
    tall = 1 / rows
    for i in range(len(panels)):
        column, row = i % columns, i // columns
        n = "" if i == 0 else str(i + 1)
        last = row == rows - 1 or i + columns >= len(panels)
        years = [p.year for p in panels[i][2]]
        layout[f"xaxis{n}"] = {
            "type": "category", "domain": [column / columns, (column + 0.92) / columns], "anchor": f"y{n}",
            "tickvals": [years[0], years[-1]] if last and years else [], "range": [-0.8, max(len(years) - 1, 1) + 0.8],
            "tickfont": {"size": 13, "color": TOKENS["ink-2"]}, "ticklabelstandoff": 4,
        }  # fmt: skip
        layout[f"yaxis{n}"] = {
            "domain": [1 - (row + 0.9) * tall, 1 - (row + 0.24) * tall], "anchor": f"x{n}", "showgrid": True,
            "range": [min(ticks[0], *values), max(ticks[-1], *values)], "tickvals": ticks,
            "ticktext": money_words(ticks), "showticklabels": column == 0, "zeroline": True,
        }  # fmt: skip
    said = [f"{name} {pounds(round(p[-1].p50))} in {p[-1].year}" for name, _, p in panels if p]
    sketch = Sketch(
        f"Fan of the net position of each agency by financial year, on one scale. Middle: {listing(said)}.",
        height=height, margin=(84, 8, 6, 30), **layout,
    )  # fmt: skip
    for i, (name, mark, points) in enumerate(panels):
        n = "" if i == 0 else str(i + 1)
        _bands_of(sketch, points, f"x{n}", f"y{n}", mark)
        sketch.add_annotation(
            **text(cut(name, 145, 14, bold=True), size=14, bold=True), xref="paper", x=(i % columns) / columns, xanchor="left", yref="paper",
            y=1 - (i // columns + 0.22) * tall, yanchor="bottom",
        )  # fmt: skip
    return sketch.figure()


def tornado(bars: Sequence[Moved], used: float, *, unit: str | None = None) -> go.Figure:
    """Draw how far each assumption moves the net, alone: dark at its high end, light at its low end.

    Parameters
    ----------
    bars : Sequence[Moved]
        Widest first.
    used : float
        The net with every assumption as used, in pounds.
    unit : str, optional
        Unit shared by the amounts.
    """
    top, labels = 44, 300
    height = top + 38 * max(len(bars), 1) + 8
    values = [v for b in bars for v in (b.at_low, b.at_high)] + [used]
    low, high = min(values), max(values)
    room = (high - low) * 0.16 or 1.0
    axis = amounts([low - room, high + room], 5)
    ticks = [t for t in axis if low - room <= t <= high + room]
    said = [
        f"{b.name}: {pounds(round(b.at_low), unit)} at {b.low}, {pounds(round(b.at_high), unit)} at {b.high}"
        for b in bars
    ]
    sketch = Sketch(
        f"Tornado around a net of {pounds(round(used), unit)}. {'; '.join(said)}.", height=height,
        margin=(labels, 16, top, 8), barmode="overlay",
        xaxis={"range": [low - room, high + room], "tickvals": ticks, "ticktext": money_words(ticks or [0.0]), "side": "top",
               "showgrid": True},
        yaxis={"range": [-len(bars) + 0.5, 0.5], "visible": False},
    )  # fmt: skip
    for name, ends, fill in (
        ("At its low end", [b.at_low for b in bars], TOKENS["blue-tint"]),
        ("At its high end", [b.at_high for b in bars], TOKENS["blue"]),
    ):
        sketch.add_trace(
            {
                "type": "bar", "orientation": "h", "name": name, "base": [used] * len(bars), "x": [e - used for e in ends],
                "y": [-i for i in range(len(bars))], "width": [0.5] * len(bars), "hoverinfo": "text",
                "hovertext": [safe(w) for w in said], "marker": {"color": fill, "line": {"color": TOKENS["blue"], "width": 1.5}},
            }
        )  # fmt: skip
    for i, bar in enumerate(bars):
        name = bar.name if len(bar.name) <= 40 else f"{bar.name[:39].rstrip()}…"
        sketch.add_annotation(**left_label(safe(name), -i, labels))
        for end, words in ((bar.at_low, bar.low), (bar.at_high, bar.high)):
            before = end < used or (end == used and words == bar.low)
            sketch.add_annotation(
                **text(words, size=13, colour="ink-2"), x=end, y=-i, xanchor="right" if before else "left",
                xshift=-5 if before else 5,
            )  # fmt: skip
    sketch.add_shape(
        type="line", x0=used, x1=used, yref="paper", y0=0, y1=1, line={"color": TOKENS["ink"], "width": 1.5}
    )
    if low - room <= 0 <= high + room:
        sketch.add_shape(
            type="line",
            x0=0,
            x1=0,
            yref="paper",
            y0=0,
            y1=1,
            line={"color": TOKENS["ink"], "width": 1, "dash": "dot"},
        )
    sketch.add_annotation(
        **text(f"as used {pounds(round(used), unit)}", size=14, bold=True),
        x=used,
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=22,
    )
    return sketch.figure()
