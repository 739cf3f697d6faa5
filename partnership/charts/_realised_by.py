"""What is realised to date by agency or by goal, against what was planned to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from partnership.charts._axes import amounts, left_label, money_words, wrapped
from partnership.charts.theme import TOKENS, Mark, blank_figure, hatch, safe, text
from partnership.wording import capital, percent, pounds, unread

__all__ = ["realised_by"]

_BAR = 0.42
"""Height of a bar as a share of its row."""
_ROW, _TALL_ROW = 38, 46
_LINE, _SMALL_LINE = 23, 27
_ROOM = 0.55


def realised_by(
    rows: Sequence[Mapping[str, Any]],
    marks: Mapping[str, Mark] | None = None,
    *,
    key: str = "agency_id",
    name: str = "agency_name",
) -> go.Figure:
    """Draw what is realised to date by agency or by goal.

    A bar for what is real, a black tick for what was planned to date, the share at the right. What has no
    reading is hatched, of the length that was planned, and named.

    Parameters
    ----------
    rows : Sequence of Mapping
        Rows of ``benefit_by_agency`` or ``benefit_by_goal`` in the order to be drawn; pounds.
    marks : Mapping[str, Mark], optional
        How each agency is drawn; without it bars are grey.
    key, name : str
        Columns with the id and with the name.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Realised to date", "Planned to date" and "No reading"; x is pounds.
    """
    marks = marks or {}
    names = [str(r[name] or "No one named") for r in rows]
    low, high = _span(rows)
    unread = [_unread_words(r) for r in rows]
    under = [bool(w) and not _has_room(r, low, high) for w, r in zip(unread, rows, strict=True)]
    labels = [_label(n, w if u else "") for n, w, u in zip(names, unread, under, strict=True)]
    label_width = min(176, 16 + max((7.6 * min(len(n), 22) for n in names), default=0))
    label_width = 176 if any(under) else label_width
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    row_height = max(_ROW if lines == 1 else _TALL_ROW, 12 + 17 * lines)
    height = 26 + row_height * len(rows) + 40
    figure = blank_figure(
        _by_alt(rows, names), height=height, margin=(int(label_width), 64, 26, 40), showlegend=True
    )
    if not rows:
        return figure
    at = list(range(len(rows)))[::-1]
    _by_axes(figure, rows, len(rows))
    _by_bars(figure, rows, names, at, [_bar(marks.get(str(r[key]))) for r in rows])
    figure.update_traces(customdata=[r[key] for r in rows], selector={"meta": "real"})
    shares = [r["realised_share"] for r in rows if r["realised_share"] is not None]
    for y, row, label, words, is_under in zip(at, rows, labels, unread, under, strict=True):
        figure.add_annotation(**left_label(label, y, int(label_width)))
        lowest = len(shares) > 1 and row["realised_share"] == min(shares)
        _by_words(figure, y, row, lowest=lowest, words="" if is_under else words)
    figure.add_annotation(
        **text("realised", size=14, colour="ink-2"),
        x=1,
        xref="paper",
        xshift=60,
        xanchor="right",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=3,
    )
    return figure


def _bar(mark: Mark | None) -> dict[str, Any]:
    if mark is None or mark.edge == TOKENS["edge"]:
        return {"fill": TOKENS["grey-tint"], "edge": TOKENS["edge"]}
    return {"fill": mark.fill, "edge": mark.edge}


def _values(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    return [float(r[c] or 0) for r in rows for c in ("realised_gbp", "planned_gbp", "compared_gbp")]


def _span(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Return the least and the greatest amount that the axis shows."""
    values = _values(rows) or [0.0]
    span = max(values) - min([0.0, *values]) or 1.0
    return min([0.0, *values]) - (0.02 * span if min(values) < 0 else 0), max(values) + 0.04 * span


def _has_room(row: Mapping[str, Any], low: float, high: float) -> bool:
    """Tell whether words have room behind a row's bar; else they stand under its name, not under it."""
    return (_end(row) - low) / (high - low) <= _ROOM


def _end(row: Mapping[str, Any]) -> float:
    return max(float(row["planned_gbp"] or 0), float(row["compared_gbp"] or 0), 0.0)


def _label(name: str, words: str) -> str:
    """Return a row's name, and under it what of the row was not read."""
    named = wrapped(safe(name), _LINE)
    if not words:
        return named
    small = f"font-size:13px;color:{TOKENS['ink-2']}"
    return f"{named}<br><span style='{small}'>{wrapped(safe(words), _SMALL_LINE)}</span>"


def _by_axes(figure: go.Figure, rows: Sequence[Mapping[str, Any]], count: int) -> None:
    values = _values(rows)
    span = max(values) - min([0.0, *values]) or 1.0
    ticks = [t for t in amounts(values, most=4) if t <= max(values) - 0.06 * span]
    low, high = _span(rows)
    figure.update_layout(
        xaxis={
            "side": "top",
            "range": [low, high],
            "showgrid": True,
            "zeroline": True,
            "tickvals": ticks,
            "ticktext": money_words(ticks),
            "tickangle": 0,
        },
        yaxis={"range": [-0.6, count - 0.4], "showticklabels": False, "tickvals": []},
        barmode="overlay",
        legend={
            "orientation": "h",
            "x": 0,
            "y": 0,
            "xanchor": "left",
            "yanchor": "top",
            "font": {"size": 14, "color": TOKENS["ink-2"]},
            "itemclick": False,
            "itemdoubleclick": False,
            "traceorder": "normal",
        },
    )


def _by_bars(
    figure: go.Figure,
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    at: Sequence[int],
    looks: Sequence[Mapping[str, str]],
) -> None:
    hidden = [(y, r) for y, r in zip(at, rows, strict=True) if r["not_read_gbp"]]
    figure.add_bar(
        name="Realised to date",
        orientation="h",
        meta="real",
        y=list(at),
        x=[r["realised_gbp"] for r in rows],
        width=_BAR,
        showlegend=False,
        marker={
            "color": [k["fill"] for k in looks],
            "line": {"color": [k["edge"] for k in looks], "width": 1.5},
        },
        hovertext=[
            safe(f"{n}: {pounds(r['realised_gbp'])} realised of {pounds(r['planned_gbp'])} planned to date")
            for n, r in zip(names, rows, strict=True)
        ],
        hoverinfo="text",
    )
    figure.add_bar(
        name="No reading",
        orientation="h",
        y=[y for y, _ in hidden],
        x=[r["not_read_gbp"] for _, r in hidden],
        base=[r["compared_gbp"] or 0 for _, r in hidden],
        width=0.46,
        marker=hatch(),
        showlegend=False,
        hovertext=[f"{pounds(r['not_read_gbp'])} planned, {unread(r['missing'])}" for _, r in hidden],
        hoverinfo="text",
    )
    ticked = [(y, r) for y, r in zip(at, rows, strict=True) if r["compared_gbp"]]
    figure.add_scatter(
        name="Planned to date",
        mode="markers",
        x=[r["planned_gbp"] for _, r in ticked],
        y=[y for y, _ in ticked],
        legendrank=1,
        hoverinfo="skip",
        cliponaxis=False,
        marker={
            "symbol": "line-ns",
            "size": 18,
            "opacity": 1,
            "color": TOKENS["ink"],
            "line": {"width": 3, "color": TOKENS["ink"]},
        },
    )
    figure.add_bar(
        name="Realised to date",
        orientation="h",
        x=[None],
        y=[None],
        legendrank=2,
        marker={"color": TOKENS["grey-tint"], "line": {"color": TOKENS["edge"], "width": 1}},
    )


def _by_words(figure: go.Figure, y: int, row: Mapping[str, Any], *, lowest: bool, words: str) -> None:
    if row["realised_share"] is not None:
        figure.add_annotation(
            **text(percent(row["realised_share"]), bold=lowest),
            x=1,
            xref="paper",
            xanchor="right",
            xshift=60,
            y=y,
        )
    if words:
        figure.add_annotation(
            **text(words, size=14, colour="ink-2"), x=_end(row), xanchor="left", xshift=10, y=y
        )


def _unread_words(row: Mapping[str, Any]) -> str:
    """Return what of a row was not read; an empty text where all was."""
    if row["not_read_gbp"]:
        return f"{unread(row['missing'])}, {pounds(row['not_read_gbp'])} planned"
    if row.get("hidden_gbp"):
        return f"{unread(row['missing'])}, {pounds(row['hidden_gbp'])} of benefit and harm"
    return ""


def _by_alt(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    if not rows:
        return "Nothing has been read yet."
    said = [
        f"{n} {percent(r['realised_share'])} of {pounds(r['compared_gbp'])}"
        if r["realised_share"] is not None
        else f"{n} {unread(r['missing'])}, {pounds(r['planned_gbp'])} planned"
        for n, r in zip(names, rows, strict=True)
    ]
    return "Realised to date against planned to date. " + ". ".join(capital(s) for s in said) + "."
