"""The forecast at completion as a picture: what is real, the current plan, and the range of what may come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from partnership.charts._axes import amounts, money_words, months_axis
from partnership.charts.theme import TOKENS, blank_figure, safe, text
from partnership.wording import month, pounds

if TYPE_CHECKING:
    from partnership.benefits import Forecast

__all__ = ["forecast_chart"]


def forecast_chart(
    months: Sequence[Mapping[str, Any]],
    found: Forecast,
    ahead: Sequence[dt.date],
    *,
    height: int = 380,
) -> go.Figure:
    """Draw the running total of what is real, the plan beside it, and the forecast with its 80% range.

    Parameters
    ----------
    months : Sequence of mappings
        Rows of the view ``benefit_realisation``.
    found : Forecast
        As worked out; nothing is worked out here.
    ahead : Sequence of date
        The months that it forecasts, as many as its path has.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Original plan", "Current plan", "Real", "Forecast", "Range"; y is pounds.
    """
    rows = sorted(months, key=lambda r: r["period"])
    figure = blank_figure(forecast_alt(found, ahead), height=height, margin=(64, 208, 16, 50))
    if not rows:
        return figure
    real = [r for r in rows if r["cum_realised_gbp"] is not None]
    path = list(zip(ahead, found.path, strict=True))
    values = [float(r[c]) for r in rows for c in ("cum_original_gbp", "cum_planned_gbp") if r[c] is not None]
    values += [float(r["cum_realised_gbp"]) for r in real] + [v for _, span in path for v in span]
    ticks = amounts(values)
    figure.update_layout(
        xaxis=months_axis([r["period"] for r in rows]),
        yaxis={
            "range": [min(ticks[0], *values), max(ticks[-1], *values)],
            "showgrid": True,
            "zeroline": True,
            "tickvals": ticks,
            "ticktext": money_words(ticks),
            "ticklabelstandoff": 8,
        },
    )
    lines = (
        ("Original plan", rows, "cum_original_gbp", {"color": TOKENS["grey"], "width": 2, "dash": "2px 5px"}),
        ("Current plan", rows, "cum_planned_gbp", {"color": TOKENS["blue"], "width": 2.5, "dash": "8px 6px"}),
        ("Real", real, "cum_realised_gbp", {"color": TOKENS["blue"], "width": 4}),
    )
    for name, some, column, line in lines:
        figure.add_scatter(
            x=[r["period"] for r in some],
            y=[r[column] for r in some],
            mode="lines",
            name=name,
            line=line,
            hovertext=[safe(f"{name}, {month(r['period'])}: {pounds(r[column])}") for r in some],
            hoverinfo="text",
        )
    if path and real:
        _coming(figure, next((r for r in reversed(real) if r["period"] < ahead[0]), real[-1]), path)
    last = rows[-1]
    figure.add_annotation(
        **text(f"Plan {pounds(last['cum_planned_gbp'])}", size=14),
        x=last["period"],
        y=float(last["cum_planned_gbp"] or 0),
        xanchor="left",
        xshift=10,
    )
    return figure


def _coming(
    figure: go.Figure,
    real: Mapping[str, Any],
    path: Sequence[tuple[dt.date, tuple[float, float, float]]],
) -> None:
    start = (real["period"], (float(real["cum_realised_gbp"]),) * 3)
    whole = [start, *path]
    figure.add_scatter(
        x=[p for p, _ in whole] + [p for p, _ in reversed(whole)],
        y=[s[0] for _, s in whole] + [s[2] for _, s in reversed(whole)],
        fill="toself",
        fillcolor=TOKENS["blue-tint"],
        line={"width": 0},
        opacity=0.6,
        name="Range",
        hoverinfo="skip",
        mode="lines",
    )
    figure.add_scatter(
        x=[p for p, _ in whole],
        y=[s[1] for _, s in whole],
        mode="lines",
        name="Forecast",
        line={"color": TOKENS["blue"], "width": 2, "dash": "2px 3px"},
        hovertext=[
            safe(f"Forecast, {month(p)}: {pounds(s[1])}, 8 in 10 from {pounds(s[0])} to {pounds(s[2])}")
            for p, s in whole
        ],
        hoverinfo="text",
    )
    end, (low, middle, high) = path[-1]
    figure.add_scatter(
        x=[end, end],
        y=[low, high],
        mode="lines+markers",
        name="80% range",
        line={"color": TOKENS["blue"], "width": 3},
        marker={"symbol": "line-ew-open", "size": 14, "color": TOKENS["blue"]},
        hoverinfo="skip",
    )
    for words, shift, is_bold in (
        (f"Forecast {pounds(middle)}", 9, True),
        (f"80% range {pounds(low, 'm')} to {pounds(high, 'm')}", -10, False),
    ):
        figure.add_annotation(
            **text(words, size=14, bold=is_bold),
            x=end,
            y=middle,
            xanchor="left",
            xshift=14,
            yshift=shift,
        )


def forecast_alt(found: Forecast, ahead: Sequence[dt.date]) -> str:
    """Return the forecast in words."""
    if found.middle is None or found.low is None or found.high is None or not ahead:
        return f"No forecast is made: {found.why_not or 'nothing is left to come.'}"
    return (
        f"Forecast for {month(ahead[-1])}: {pounds(found.middle)}, "
        f"80% range {pounds(found.low)} to {pounds(found.high)}; real so far {pounds(found.real_to_date)}."
    )
