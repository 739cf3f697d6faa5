"""Pictures of promises: how late the overdue ones are and what they hold up, and every promise as a square.

Few promises are counted, not charted as percentages. The mark is the agency that promised; a state is never
coloured by agency, and an agency is never coloured by state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from partnership.charts._axes import clear, left_label, wrapped
from partnership.charts.theme import TOKENS, Mark, blank_figure, mark_of, outlined, safe, text
from partnership.wording import capital, count_of, day, days_late, pounds, short_day

__all__ = ["days_overdue", "unit_squares"]

_BARS = (0.325, 0.79)
"""Where the bars stand across the picture: titles are at their left, money at their right."""

_LATE_ROW, _SQUARE_ROW = 48, 36


def days_overdue(rows: Sequence[Mapping[str, Any]], marks: Mapping[str, Mark]) -> go.Figure:
    """Draw each overdue promise as a bar of the days since its first due date, with what it holds up.

    Parameters
    ----------
    rows : Sequence of Mapping
        Overdue rows of the view ``promises``, in the order to be drawn.
    marks : Mapping[str, Mark]
        How each agency is drawn.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Days late", one bar a promise, and "Who promised".
    """
    height = 34 + _LATE_ROW * len(rows) + 8
    figure = blank_figure(_late_alt(rows), height=height, margin=(12, 12, 34, 8))
    if not rows:
        return figure
    at = list(range(len(rows)))[::-1]
    longest = max(r["days_late"] for r in rows)
    step = next(s for s in (10, 30, 60, 90, 180, 365, 730) if longest / s <= 6 or s == 730)
    ticks = list(range(0, longest + 1, step))
    figure.update_layout(
        xaxis={
            "side": "top",
            "domain": list(_BARS),
            "range": [0, max(longest * 1.2, step)],
            "showgrid": True,
            "zeroline": True,
            "zerolinewidth": 1.5,
            "tickvals": ticks,
            "ticktext": ["due", *(f"{t} days" for t in ticks[1:])],
            "tickangle": 0,
        },
        xaxis2={
            "domain": [0, 0.02],
            "range": [0, 1],
            "showticklabels": False,
            "fixedrange": True,
            "anchor": "y",
        },
        yaxis={"range": [-0.5, len(rows) - 0.5], "showticklabels": False},
    )
    figure.add_scatter(
        name="Who promised",
        mode="markers",
        xaxis="x2",
        x=[0] * len(rows),
        y=at,
        cliponaxis=False,
        hoverinfo="skip",
        marker=_marks([marks.get(str(r["agency_id"])) or mark_of(None) for r in rows]),
    )
    figure.add_bar(
        name="Days late",
        orientation="h",
        x=[r["days_late"] for r in rows],
        y=at,
        width=0.26,
        marker={"color": TOKENS["ink"], "line": {"width": 0}},
        hovertext=[safe(f"{r['title']}: {days_late(r['days_late'])}") for r in rows],
        hoverinfo="text",
    )
    for y, row in zip(at, rows, strict=True):
        _late_words(figure, y, row)
    for words, shift, x in (("Promise, and who waits for it", -12, 0), ("Holds up", 16, _BARS[1])):
        figure.add_annotation(
            **text(words, size=14, colour="ink-2"),
            x=x,
            xref="paper",
            xanchor="left",
            xshift=shift,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=5,
        )
    return figure


def unit_squares(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Draw every promise of every agency as one square: on time, late, overdue, not yet due.

    Parameters
    ----------
    rows : Sequence of Mapping
        Rows of the view ``promises_by_agency``, in the order to be drawn.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace a state, one point a promise.
    """
    height = 8 + _SQUARE_ROW * len(rows) + 56
    names = [str(r["agency_name"]) for r in rows]
    margin = min(176, 16 + int(max((7.6 * min(len(n), 22) for n in names), default=0)))
    figure = blank_figure(_squares_alt(rows), height=height, margin=(margin, 64, 8, 56), showlegend=True)
    if not rows:
        return figure
    at = list(range(len(rows)))[::-1]
    most = max(13, *(sum(r[c] for c, _, _ in _SQUARES) for r in rows))
    figure.update_layout(
        xaxis={"range": [-0.5, most - 0.5], "showticklabels": False},
        yaxis={"range": [-0.5, len(rows) - 0.5], "showticklabels": False},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 0,
            "xanchor": "left",
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": 14, "color": TOKENS["ink-2"]},
        },
    )
    shrink = min(1.0, 14 / most)
    begun = [0] * len(rows)
    for column, word, look in _SQUARES:
        x: list[Any] = []
        y: list[Any] = []
        for i, row in enumerate(rows):
            x += [begun[i] + n for n in range(row[column])]
            y += [at[i]] * row[column]
            begun[i] += row[column]
        marker = {**look, "size": look["size"] * shrink, "opacity": 1}
        if x or column != "withdrawn":
            figure.add_scatter(
                name=word, mode="markers", x=x or [None], y=y or [None], marker=marker, hoverinfo="skip"
            )
    for y_row, row, label in zip(at, rows, names, strict=True):
        figure.add_annotation(**left_label(wrapped(safe(label), 23), y_row, margin))
        due = f"{row['kept_on_time']} of {row['due']}" if row["due"] else "none due"
        figure.add_annotation(**text(due), x=1, xref="paper", xanchor="right", xshift=60, y=y_row)
        figure.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            y0=y_row - 0.5,
            y1=y_row - 0.5,
            line={"color": TOKENS["line"], "width": 1},
        )
    return figure


_SQUARES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "kept_on_time",
        "on time",
        {"symbol": "square", "size": 17, "color": TOKENS["blue"], "line": {"width": 0}},
    ),
    (
        "kept_late",
        "late",
        {
            "symbol": "square",
            "size": 15,
            "color": TOKENS["blue-tint"],
            "line": {"width": 2, "color": TOKENS["blue"]},
        },
    ),
    (
        "overdue",
        "overdue",
        {
            "symbol": "diamond",
            "size": 20,
            "color": TOKENS["orange"],
            "line": {"width": 1.5, "color": TOKENS["ink"]},
        },
    ),
    (
        "not_yet_due",
        "not yet due",
        {
            "symbol": "square",
            "size": 15,
            "color": TOKENS["paper"],
            "line": {"width": 1.5, "color": TOKENS["edge"]},
        },
    ),
    (
        "withdrawn",
        "taken back",
        {
            "symbol": "x-thin",
            "size": 12,
            "color": TOKENS["edge"],
            "line": {"width": 2, "color": TOKENS["edge"]},
        },
    ),
)


def _late_words(figure: go.Figure, y: int, row: Mapping[str, Any]) -> None:
    to = row["to_agency_name"] or "all partners"
    who = row["agency_name"] + (", by succession" if to == row["agency_name"] else f" to {to}")
    below = f"{who}, due {short_day(row['due_on'])}"
    small = f"<span style='font-size:14px;color:{TOKENS['ink-2']}'>"
    figure.add_annotation(
        **left_label(
            f"<b>{_cut(row['title'], 42)}</b><br>{small}{_cut(below, 52)}</span>",
            y,
            -18,
        )
    )
    figure.add_annotation(
        **text(count_of(row["days_late"], "day"), bold=row["days_late"] >= 60),
        x=row["days_late"],
        xanchor="left",
        xshift=8,
        y=y,
        bgcolor=clear(0.9),
    )
    held = row["held_up_gbp"]
    words = text(pounds(held), bold=True) if held else text("nothing in money", size=14, colour="ink-2")
    figure.add_annotation(**words, x=_BARS[1], xref="paper", xanchor="left", xshift=16, y=y)
    figure.add_shape(
        type="line",
        xref="paper",
        x0=0,
        x1=1,
        y0=y - 0.5,
        y1=y - 0.5,
        line={"color": TOKENS["line"], "width": 1},
    )


def _marks(marks: Sequence[Mark]) -> dict[str, Any]:
    """Return one marker for several agencies, each drawn its own way."""
    each = [outlined(m, 15) for m in marks]
    return {
        "symbol": [m["symbol"] for m in each],
        "size": [m["size"] for m in each],
        "color": [m["color"] for m in each],
        "opacity": 1,
        "line": {"color": [m["line"]["color"] for m in each], "width": [m["line"]["width"] for m in each]},
    }


def _cut(words: str, length: int) -> str:
    return safe(words if len(words) <= length else f"{words[: length - 1].rstrip()}…")


def _late_alt(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "No promise is overdue."
    said = [
        f"{r['title']}, {r['agency_name']}, due {day(r['due_on'])}, {days_late(r['days_late'])}, "
        + (f"holds up {pounds(r['held_up_gbp'])}" if r["held_up_gbp"] else "holds up nothing in money")
        for r in rows
    ]
    return (
        f"{capital(count_of(len(rows), 'overdue promise', words=True))} by days late. "
        + ". ".join(said)
        + "."
    )


def _squares_alt(rows: Sequence[Mapping[str, Any]]) -> str:
    said = [
        f"{r['agency_name']} {r['kept_on_time']} on time of {r['due']} due, "
        f"{r['kept_late']} late, {r['overdue']} overdue"
        for r in rows
    ]
    return (
        "Promises by agency, one square a promise. " + ". ".join(said) + "." if rows else "No promises yet."
    )
