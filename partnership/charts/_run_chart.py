"""The readings of one measure over time, as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from partnership.charts._axes import clear, months_axis, nice_ticks
from partnership.charts.theme import TOKENS, blank_figure, checked, hatch, safe, text
from partnership.periods import add_months
from partnership.wording import month, number, pounds

if TYPE_CHECKING:
    import polars as pl

__all__ = ["missing_columns", "run_chart", "run_note"]


def run_chart(
    readings: pl.DataFrame,
    unit: str,
    target: float | Decimal | None = None,
    notes: Iterable[tuple[dt.date, str]] = (),
    *,
    height: int = 330,
) -> go.Figure:
    """Draw the readings of one measure over time, as they are: no limits and no verdict.

    Points are joined thin, provisional ones hollow, the target is a dashed ink line, a missing value is a
    hatched column with its word.

    Parameters
    ----------
    readings : polars.DataFrame
        Rows of the view ``measure_readings`` of one measure and one agency, or of the partnership as a whole.
    unit : str
        The measure's unit.
    target : float or Decimal, optional
        Where the measure shall stand.
    notes : Iterable of (date, str)
        What happened in which month.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Read", "Provisional" and "No reading"; y is in the measure's unit.
    """
    rows = checked(readings, "period", "value", "missing", "state").sort("period").to_dicts()
    wanted = None if target is None else float(target)
    figure = blank_figure(_run_alt(rows, unit, target), height=height, margin=(56, 104, 14, 44))
    known = [r for r in rows if r["value"] is not None]
    if not known:
        return figure
    low, high, ticks = nice_ticks(
        [float(r["value"]) for r in known] + ([] if wanted is None else [wanted]), whole_share=unit == "%"
    )
    figure.update_layout(
        xaxis=months_axis([r["period"] for r in rows], pad=True, narrow=True),
        yaxis={
            "range": [low, high],
            "showgrid": True,
            "tickvals": ticks,
            "ticktext": [_quantity(t, unit) for t in ticks],
            "ticklabelstandoff": 6,
        },
    )
    missing_columns(figure, rows, low, high)
    firm, soft = (
        [r for r in known if r["state"] == "approved"],
        [r for r in known if r["state"] != "approved"],
    )
    figure.add_scatter(
        x=[r["period"] for r in rows],
        y=[r["value"] for r in rows],
        mode="lines",
        connectgaps=False,
        name="Joined",
        hoverinfo="skip",
        line={"color": TOKENS["edge"], "width": 1.2},
    )
    for name, some, marker in (
        ("Read", firm, {"size": 9, "color": TOKENS["ink-2"], "opacity": 1}),
        (
            "Provisional",
            soft,
            {
                "size": 11,
                "color": TOKENS["paper"],
                "opacity": 1,
                "line": {"color": TOKENS["ink-2"], "width": 2.5},
            },
        ),
    ):
        figure.add_scatter(
            x=[r["period"] for r in some],
            y=[r["value"] for r in some],
            mode="markers",
            name=name,
            marker=marker,
            hovertext=[
                safe(f"{month(r['period'])}: {_quantity(r['value'], unit)}, {r['state']}") for r in some
            ],
            hoverinfo="text",
        )
    if wanted is not None:
        figure.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            y0=wanted,
            y1=wanted,
            line={"color": TOKENS["ink"], "width": 1.5, "dash": "8px 5px"},
        )
        figure.add_annotation(
            **text(f"target {_quantity(target, unit)}", size=14),
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=wanted,
        )
    if low:
        figure.add_shape(
            type="path",
            xref="paper",
            yref="paper",
            xsizemode="pixel",
            ysizemode="pixel",
            xanchor=0,
            yanchor=0,
            path="M 2,-2 L -3,3 L 7,7 L 2,12",
            line={"color": TOKENS["edge"], "width": 1},
        )
    for period, note in notes:
        run_note(figure, known, period, note)
    return figure


def _quantity(value: Any, unit: str) -> str:
    if unit == "£":
        return pounds(Decimal(str(value)))
    said = number(Decimal(str(value)), places=1 if unit == "%" else 2)
    return f"{said}%" if unit == "%" else said


def missing_columns(figure: go.Figure, rows: Sequence[Mapping[str, Any]], low: float, high: float) -> None:
    """Hatch the periods without a value, each run with its word."""
    missing = [r for r in rows if r["value"] is None]
    if not missing:
        return
    figure.add_bar(
        name="No reading",
        x=[r["period"] for r in missing],
        y=[high - low] * len(missing),
        base=low,
        width=[26 * 86_400_000] * len(missing),
        marker=hatch(),
        hovertext=[safe(f"{month(r['period'])}: {r['missing'] or 'no reading'}") for r in missing],
        hoverinfo="text",
    )
    for kind, first in _first_of_each(missing):
        figure.add_annotation(
            **text(kind, size=14, colour="ink-2"),
            x=first,
            y=low,
            yanchor="bottom",
            xanchor="left",
            textangle=-90,
            bgcolor=clear(0.9),
        )


def _first_of_each(missing: Sequence[Mapping[str, Any]]) -> list[tuple[str, dt.date]]:
    """Name a run of missing months once, at its first."""
    out: list[tuple[str, dt.date]] = []
    before: tuple[str, dt.date] | None = None
    for row in missing:
        kind = str(row["missing"] or "no reading")
        if before is None or before[0] != kind or add_months(before[1], 1) != row["period"]:
            out.append((kind, row["period"]))
        before = (kind, row["period"])
    return out


def run_note(figure: go.Figure, known: Sequence[Mapping[str, Any]], period: dt.date, note: str) -> None:
    """Write what happened in a month under its point."""
    point = next((r for r in known if r["period"] == period.replace(day=1)), None)
    if point is None:
        return
    low, _ = figure.layout.yaxis.range
    first, last = known[0]["period"], known[-1]["period"]
    share = (point["period"] - first).days / max((last - first).days, 1)
    figure.add_shape(
        type="line",
        x0=point["period"],
        x1=point["period"],
        y0=low,
        y1=point["value"],
        line={"color": TOKENS["ink"], "width": 1},
    )
    figure.add_annotation(
        **text(note, size=14),
        x=point["period"],
        y=low,
        yanchor="bottom",
        yshift=4,
        xanchor="left" if share < 0.25 else "right" if share > 0.75 else "center",
        bgcolor=clear(0.9),
    )


def _run_alt(rows: Sequence[Mapping[str, Any]], unit: str, target: Any) -> str:
    known = [r for r in rows if r["value"] is not None]
    if not known:
        return "Nothing has been read yet."
    first, last = known[0], known[-1]
    soft = [month(r["period"]) for r in known if r["state"] != "approved"]
    gaps = len(rows) - len(known)
    said = [
        f"{number(len(known))} readings from {month(first['period'])}, {_quantity(first['value'], unit)}, ",
        f"to {month(last['period'])}, {_quantity(last['value'], unit)}.",
        f" Provisional: {', '.join(soft)}." if soft else "",
        f" {number(gaps)} without a value." if gaps else "",
        f" Target {_quantity(target, unit)}." if target is not None else "",
    ]
    return "".join(said)
