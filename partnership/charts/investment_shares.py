# ruff: noqa: E501 - a sentence stays on one line
"""Pictures of who should pay what, and of what is unpaid when funding ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from partnership.charts._axes import amounts, left_label, money_words
from partnership.charts.theme import TOKENS, Sketch, safe, scatter, text
from partnership.wording import capital, pounds, unit_of

__all__ = ["RunOn", "Shared", "run_on", "sharing"]

_ROW, _NAMES = 38, 200
_OTHERS = ("square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")


@dataclass(frozen=True, slots=True)
class Shared:
    """One agency: what it pays now, and what it would pay by each method."""

    name: str
    now: float
    by_method: Mapping[str, float]
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class RunOn:
    """One year of recurring cost in pounds: who pays, and what cash-releasing benefit comes in."""

    year: str
    core: float
    funded: float
    gap: float
    cashable: float
    is_planned: bool


def sharing(rows: Sequence[Shared], chosen: str) -> go.Figure:
    """Draw a row an agency: an ink tick for what it pays now, a mark for each method, a line over their range.

    Parameters
    ----------
    rows : Sequence[Shared]
        In the order to be drawn; each with the same methods.
    chosen : str
        The method that is settled: drawn large in blue, the others small and grey.

    Returns
    -------
    plotly.graph_objects.Figure
        A trace for each method, named by it, and "Pays now".
    """
    methods = list(rows[0].by_method) if rows else []
    values = [v for r in rows for v in (r.now, *r.by_method.values())] or [0.0]
    ticks = amounts(values, 4)
    top, foot = 34, 10
    unit = unit_of(*(round(v) for v in values))
    height = top + _ROW * max(len(rows), 1) + foot
    span = (ticks[-1] - ticks[0]) or 1.0
    said = "; ".join(
        f"{r.name} pays {pounds(round(r.now), unit)} now"
        + (f", {pounds(round(r.by_method[chosen]), unit)} by {chosen}" if chosen in r.by_method else "")
        for r in rows
    )
    sketch = Sketch(
        f"What each agency pays now and would pay by each way of sharing. {capital(said)}.", height=height,
        margin=(_NAMES, 14, top, foot),
        xaxis={"range": [ticks[0] - 0.02 * span, ticks[-1] + 0.02 * span], "side": "top", "showgrid": True,
               "tickvals": ticks, "ticktext": money_words(ticks)},
        yaxis={"range": [-len(rows) + 0.5, 0.5], "visible": False},
    )  # fmt: skip
    sketch.add_shape(
        type="line", x0=0, x1=0, yref="paper", y0=0, y1=1, line={"color": TOKENS["ink"], "width": 1}
    )
    at = [-i for i in range(len(rows))]
    for y, row in zip(at, rows, strict=True):
        name = safe(row.name)
        sketch.add_annotation(**left_label(f"<b>{name}</b>" if row.is_strong else name, y, _NAMES))
        every = [row.now, *row.by_method.values()]
        sketch.add_shape(
            type="line",
            x0=min(every),
            x1=max(every),
            y0=y,
            y1=y,
            layer="below",
            line={"color": TOKENS["edge"], "width": 1.5},
        )
        sketch.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=y - 0.5, y1=y - 0.5, layer="below",
            line={"color": TOKENS["line"], "width": 1},
        )  # fmt: skip
    others = [m for m in methods if m != chosen]
    for i, method in enumerate([*others, *([chosen] if chosen in methods else [])]):
        is_chosen = method == chosen
        marker = {
            "symbol": "circle" if is_chosen else _OTHERS[i % len(_OTHERS)], "size": 14 if is_chosen else 8,
            "color": TOKENS["blue"] if is_chosen else TOKENS["grey"], "line": {"color": TOKENS["paper"], "width": 1},
        }  # fmt: skip
        sketch.add_trace(
            scatter(
                x=[r.by_method[method] for r in rows], y=at, mode="markers", name=safe(method), marker=marker, hoverinfo="text",
                hovertext=[safe(f"{r.name}, {method}: {pounds(round(r.by_method[method]))}") for r in rows], cliponaxis=False,
            )
        )  # fmt: skip
    sketch.add_trace(
        scatter(
            x=[r.now for r in rows], y=at, mode="markers", name="Pays now", cliponaxis=False, hoverinfo="text",
            hovertext=[safe(f"{r.name} pays {pounds(round(r.now))} now") for r in rows],
            marker={"symbol": "line-ns", "size": 22, "line": {"color": TOKENS["ink"], "width": 3.5}},
        )
    )  # fmt: skip
    return sketch.figure()


def run_on(years: Sequence[RunOn], ends_after: str | None = None) -> go.Figure:
    """Draw recurring cost by year: agreed full, grant tint, unfunded dashed; cash-releasing benefit across.

    Parameters
    ----------
    years : Sequence[RunOn]
        In order; those that nobody planned are drawn light.
    ends_after : str, optional
        The last year with funding that ends.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Agreed", "Grant", "No funder" and "Cash-releasing benefit".
    """
    tops = [y.core + y.funded + y.gap for y in years]
    ticks = amounts([*tops, *(y.cashable for y in years)] or [0.0], 4)
    high = max(ticks[-1], max(tops, default=0.0) * 1.12) or 1.0
    low = min(0.0, *(y.cashable for y in years)) if years else 0.0
    said = "; ".join(
        f"{y.year} {pounds(round(y.core))} agreed, {pounds(round(y.funded))} grant, {pounds(round(y.gap))} without a funder, "
        f"{pounds(round(y.cashable))} released in cash"
        for y in years
    )
    names = [y.year if y.is_planned else f"{y.year}*" for y in years]
    sketch = Sketch(
        f"Recurring cost by year and who pays it. {said}.", height=330, margin=(88, 12, 26, 42), barmode="stack", bargap=0.38,
        xaxis={"type": "category", "tickangle": 0, "ticklabelstandoff": 8, "tickfont": {"size": 13, "color": TOKENS["ink-2"]}},
        yaxis={"range": [low, high], "showgrid": True, "tickvals": ticks, "ticktext": money_words(ticks)},
    )  # fmt: skip
    looks = (
        (
            "Agreed",
            [y.core for y in years],
            {"color": TOKENS["blue"], "line": {"color": TOKENS["blue"], "width": 1}},
        ),
        (
            "Grant",
            [y.funded for y in years],
            {"color": TOKENS["blue-tint"], "line": {"color": TOKENS["blue"], "width": 1.5}},
        ),
        ("No funder", [y.gap for y in years], {"color": TOKENS["paper"], "line": {"width": 0}}),
    )
    for name, amounts_of, marker in looks:
        sketch.add_trace(
            {
                "type": "bar", "name": name, "x": names, "y": amounts_of, "hoverinfo": "text",
                "marker": {**marker, "opacity": [1 if y.is_planned else 0.55 for y in years]},
                "hovertext": [safe(f"{y.year}, {name.lower()}: {pounds(round(a))}") for y, a in zip(years, amounts_of, strict=True)],
            }
        )  # fmt: skip
    for i, year in enumerate(years):
        if year.gap > 0:
            base = year.core + year.funded
            sketch.add_shape(
                type="rect", x0=i - 0.31, x1=i + 0.31, y0=base, y1=base + year.gap, fillcolor="rgba(0,0,0,0)",
                line={"color": TOKENS["ink"], "width": 2, "dash": "dash"},
            )  # fmt: skip
            short = (
                pounds(round(year.gap))
                if len(years) <= 5
                else f"£{round(year.gap / 1000):,}k"
                if year.gap >= 10_000
                else pounds(round(year.gap))
            )
            sketch.add_annotation(
                text=f"<b>{short}</b>", font={"size": 14}, x=i, y=base + year.gap, yanchor="bottom", yshift=3
            )
    for i, year in enumerate(years):
        sketch.add_shape(
            type="line",
            x0=i - 0.42,
            x1=i + 0.42,
            y0=year.cashable,
            y1=year.cashable,
            line={"color": TOKENS["ink"], "width": 4},
        )
    sketch.add_trace(
        scatter(
            x=names, y=[y.cashable for y in years], mode="markers", name="Cash-releasing benefit", hoverinfo="text",
            marker={"size": 10, "opacity": 0}, hovertext=[safe(f"{y.year}, cash released: {pounds(round(y.cashable))}") for y in years],
        )
    )  # fmt: skip
    ended = [y.year for y in years]
    if ends_after in ended and ended.index(ends_after) + 1 < len(ended):
        x = ended.index(ends_after) + 0.5
        sketch.add_shape(
            type="line",
            x0=x,
            x1=x,
            yref="paper",
            y0=0,
            y1=1,
            line={"color": TOKENS["ink"], "width": 1.5, "dash": "dot"},
        )
        sketch.add_annotation(
            **text("funding ends", size=14),
            x=x,
            xanchor="right",
            xshift=-4,
            y=1,
            yref="paper",
            yanchor="bottom",
        )
    return sketch.figure()
