"""The day by which each partner needs to see first results."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from partnership import wording
from partnership.charts._marks import Row, write
from partnership.charts.lettering import cut
from partnership.charts.theme import TOKENS, Mark, Sketch, checked, mark_of, outlined, safe, scatter

if TYPE_CHECKING:
    import polars as pl

__all__ = ["first_results"]

_NAMES = 190


def first_results(frame: pl.DataFrame, today: dt.date, marks: Mapping[str, Mark]) -> go.Figure:
    """Draw the day by which each partner needs to see first results, earliest first.

    Parameters
    ----------
    frame : polars.DataFrame
        ``first_results``: ``agency_id``, ``agency_name``, ``first_results_by``; rows without a day
        are left out.
    today : date
        The day as known on which it is shown: a dotted line.
    marks : Mapping[str, Mark]
        How each agency is drawn.
    """
    checked(frame, "agency_id", "agency_name", "first_results_by")
    dated = frame.filter(frame["first_results_by"].is_not_null()).sort("first_results_by", "agency_name")
    rows = list(dated.iter_rows(named=True))
    days = [r["first_results_by"] for r in rows] or [today]
    first, last = dt.date(min(*days, today).year, 1, 1), dt.date(max(*days, today).year + 1, 1, 1)
    high = 27 * len(rows) + 20
    figure = Sketch(
        _results_words(rows, today), height=high + 40, margin=(_NAMES, 24, 4, 34),
        xaxis={"type": "date", "range": [first, last], "tickvals": _years(first, last),
               "ticktext": [str(d.year) for d in _years(first, last)], "showgrid": True, "tickangle": 0},
        yaxis={"range": [0, high], "visible": False},
    )  # fmt: skip
    for number, row in enumerate(rows):
        _result(
            figure,
            row,
            high - 32 - 27 * number,
            first,
            last,
            today,
            marks,
            is_end=number in (0, len(rows) - 1),
        )
    figure.add_trace(
        scatter(x=[today, today], y=[0, high], mode="lines", hoverinfo="skip", name="today",
                   line={"color": TOKENS["ink"], "width": 1.5, "dash": "2px,3px"})
    )  # fmt: skip
    figure.add_annotation(
        text="today", x=today, y=high - 6, xanchor="left", yanchor="middle", xshift=4,
        font={"size": 14, "color": TOKENS["ink"]}, bgcolor=TOKENS["paper"],
    )  # fmt: skip
    return figure.figure()


def _years(first: dt.date, last: dt.date) -> list[dt.date]:
    step = max(1, math.ceil((last.year - first.year) / 6))
    return [dt.date(y, 1, 1) for y in range(first.year, last.year + 1, step)]


def _results_words(rows: Sequence[Row], today: dt.date) -> str:
    said = (
        f"{r['agency_name']} {wording.month(r['first_results_by'])}{_past(r['first_results_by'], today)}"
        for r in rows
    )
    return (
        f"When each partner needs first results. {wording.listing(said)}."
        if rows
        else "No partner has said when."
    )


def _past(day: dt.date, today: dt.date) -> str:
    return ", already past" if day < today else ""


def _result(
    figure: Sketch, row: Row, at: float, first: dt.date, last: dt.date, today: dt.date,
    marks: Mapping[str, Mark], *, is_end: bool,
) -> None:  # fmt: skip
    day = row["first_results_by"]
    write(figure, cut(row["agency_name"], _NAMES - 10, 15), 0, at, beside=-_NAMES)
    figure.add_trace(
        scatter(x=[first, day], y=[at, at], mode="lines", hoverinfo="skip", name="since",
                   line={"color": TOKENS["line"], "width": 1})
    )  # fmt: skip
    mark = marks.get(row["agency_id"], mark_of(None))
    name = safe(row["agency_name"])
    figure.add_trace(
        scatter(x=[day], y=[at], mode="markers", cliponaxis=False, name=name, marker=outlined(mark, 15),
                   hovertemplate=f"{name}: {wording.day(day)}<extra></extra>")
    )  # fmt: skip
    if is_end:
        late = (day - first) > (last - first) * 0.6
        figure.add_annotation(
            text=f"{wording.month(day)}{_past(day, today)}", x=day, y=at, xshift=-14 if late else 14,
            yanchor="middle", xanchor="right" if late else "left", bgcolor=TOKENS["paper"],
            font={"size": 14, "color": TOKENS["ink"], "weight": 700},
        )  # fmt: skip
