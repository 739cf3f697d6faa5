"""Picture of a phased plan: items on quarters in the colour of the agency that leads, the small-wins window shaded.

A bar says who leads; beside it stands what it waits for and, for a small win, who feels it. An item that nobody
leads is hatched: missing is drawn as missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from partnership.charts._axes import clear, left_label
from partnership.charts.theme import TOKENS, Mark, Sketch, hatch, mark_of, safe, text
from partnership.periods import add_months, financial_year, name_financial_year, name_month
from partnership.wording import capital, count_of, listing

__all__ = ["timeline"]

_ROW, _TOP, _LABELS = 34, 56, 300
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def timeline(
    rows: Sequence[Mapping[str, Any]],
    quarters: Sequence[dt.date],
    marks: Mapping[str, Mark],
    codes: Mapping[str, str],
    window: int,
) -> go.Figure:
    """Draw the chosen items over the quarters of a plan.

    Parameters
    ----------
    rows : Sequence of Mapping
        Chosen items in the order to be drawn: ``item_id``, ``title``, ``lead_agency_id``, ``first`` and
        ``last`` (quarters counted from 0), ``is_small_win``, ``felt_by`` and ``waits_for``.
    quarters : Sequence of date
        First day of each quarter.
    marks, codes : Mapping[str, Mark], Mapping[str, str]
        How each agency is drawn, and its badge.
    window : int
        Quarters of the small-wins rule; 0 draws none.

    Returns
    -------
    plotly.graph_objects.Figure
        Trace "Runs": one bar an item from its first quarter, as long as it runs.
    """
    height = _TOP + _ROW * max(len(rows), 1) + 10
    sketch = Sketch(
        _alt(rows, quarters, codes), height=height, margin=(_LABELS, 8, _TOP, 10),
        xaxis={"range": [0, len(quarters)], "showticklabels": False},
        yaxis={"range": [-0.5, len(rows) - 0.5], "showticklabels": False},
        barmode="overlay",
    )  # fmt: skip
    _frame(sketch, len(rows), quarters, window)
    at = list(range(len(rows)))[::-1]
    for y, row in zip(at, rows, strict=True):
        _bar(sketch, y, row, marks, codes)
        _words(sketch, y, row, marks, codes, len(quarters))
    return sketch.figure()


def _frame(sketch: Sketch, count: int, quarters: Sequence[dt.date], window: int) -> None:
    low, high = -0.5, count - 0.5
    if window:
        sketch.add_shape(
            type="rect", x0=0, x1=min(window, len(quarters)), y0=low, y1=high, layer="below",
            fillcolor=TOKENS["wash"], line={"width": 0},
        )  # fmt: skip
    for q in range(len(quarters) + 1):
        strong = 0 < q < len(quarters) and quarters[q].month == 4
        colour = TOKENS["edge"] if strong else TOKENS["line"]
        sketch.add_shape(
            type="line", x0=q, x1=q, y0=low, y1=high, layer="below", line={"color": colour, "width": 1}
        )
    for y in range(count):
        sketch.add_shape(
            type="line", xref="x", x0=0, x1=len(quarters), y0=y - 0.5, y1=y - 0.5, layer="below",
            line={"color": TOKENS["line"], "width": 1},
        )  # fmt: skip
    narrow = len(quarters) > 9
    above = 1 + 28 / (_ROW * max(count, 1))
    for q, quarter in enumerate(quarters):
        first, last = _MONTHS[quarter.month - 1], _MONTHS[quarter.month + 1]
        said = f"{first}–{last}" if narrow else f"{first} to {last}"  # noqa: RUF001 - a range of months
        sketch.add_annotation(
            **text(said, size=13 if narrow else 14, colour="ink-2"),
            x=q + 0.5,
            y=high,
            yanchor="bottom",
            yshift=4,
        )
    for year, group in groupby(range(len(quarters)), key=lambda q: financial_year(quarters[q])):
        span = list(group)
        sketch.add_annotation(
            **text(name_financial_year(year), size=14, bold=True), x=(span[0] + span[-1] + 1) / 2, y=high,
            yanchor="bottom", yshift=31,
        )  # fmt: skip
        sketch.add_shape(
            type="line", xref="x", yref="paper", x0=span[0] + 0.05, x1=span[-1] + 0.95, y0=above, y1=above,
            line={"color": TOKENS["ink"], "width": 1.5},
        )  # fmt: skip


def _bar(
    sketch: Sketch, y: int, row: Mapping[str, Any], marks: Mapping[str, Mark], codes: Mapping[str, str]
) -> None:
    lead = row["lead_agency_id"]
    mark = marks.get(str(lead)) or mark_of(None)
    look = {"color": mark.fill, "line": {"color": mark.edge, "width": mark.width}} if lead else hatch()
    length = row["last"] - row["first"] + 1
    who = codes.get(str(lead), str(lead)) if lead else "nobody leads"
    sketch.add_trace(
        {
            "type": "bar", "name": "Runs", "orientation": "h", "base": [row["first"] + 0.04], "x": [length - 0.08],
            "y": [y], "width": [0.64], "marker": look, "hoverinfo": "text", "showlegend": False,
            "hovertext": [safe(f"{row['item_id']} {row['title']}: {who}, {count_of(length, 'quarter')}")],
        }
    )  # fmt: skip


def _words(
    sketch: Sketch,
    y: int,
    row: Mapping[str, Any],
    marks: Mapping[str, Mark],
    codes: Mapping[str, str],
    quarters: int,
) -> None:
    lead = row["lead_agency_id"]
    mark = marks.get(str(lead)) or mark_of(None)
    bold = ("<b>", "</b>") if row["is_small_win"] else ("", "")
    name = f"{row['item_id']} {row['title']}"
    name = name if len(name) <= 40 else f"{name[:39].rstrip()}…"
    sketch.add_annotation(**left_label(f"{bold[0]}{safe(name)}{bold[1]}", y, _LABELS))
    who = codes.get(str(lead), str(lead)) if lead else "nobody leads"
    sketch.add_annotation(
        text=f"<b>{safe(who)}</b>", font={"size": 14, "color": mark.ink if lead else TOKENS["ink"]}, x=row["first"],
        xanchor="left", xshift=10, y=y, **({} if lead else {"bgcolor": clear(0.85)}),
    )  # fmt: skip
    said = []
    if row["is_small_win"]:
        felt = [codes.get(a, a) for a in row["felt_by"]]
        said.append(f"small win, felt by {', '.join(felt)}" if felt else "small win, felt by nobody in hours")
    if row["waits_for"]:
        said.append(f"after {listing(row['waits_for'])}")
    if said:
        words = "; ".join(said)
        right = row["last"] + 1
        fits = quarters - right >= 1 or row["last"] - row["first"] < 1
        place = (
            {"x": right, "xanchor": "left", "xshift": 8, "bgcolor": clear(0.85)}
            if fits
            else {"x": row["first"], "xanchor": "left", "xshift": 56}
        )
        colour = TOKENS["ink"] if fits else mark.ink
        sketch.add_annotation(text=safe(words), font={"size": 14, "color": colour}, y=y, **place)


def _alt(rows: Sequence[Mapping[str, Any]], quarters: Sequence[dt.date], codes: Mapping[str, str]) -> str:
    if not rows or not quarters:
        return "No item is in the plan."
    said = []
    for row in rows:
        start, end = quarters[row["first"]], add_months(quarters[row["last"]], 2)
        who = codes.get(str(row["lead_agency_id"]), "nobody") if row["lead_agency_id"] else "nobody"
        small = ", a small win" if row["is_small_win"] else ""
        said.append(f"{row['title']}: {name_month(start)} to {name_month(end)}, led by {who}{small}")
    over = f"over {count_of(len(quarters), 'quarter', words=True)} from {name_month(quarters[0])}"
    return f"Timeline of {count_of(len(rows), 'item', words=True)} {over}. {capital('. '.join(said))}."
