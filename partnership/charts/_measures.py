"""All measures on one axis: each one's answers divided by the smallest of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from partnership import wording
from partnership.charts._marks import Decades, Row, grid, ink_bar, mark_traces, write
from partnership.charts.lettering import cut, width_of
from partnership.charts.theme import TOKENS, Mark, Sketch, checked, scatter

if TYPE_CHECKING:
    import polars as pl

__all__ = ["measures"]

_ROW = 52
_WIDTH, _TEXT, _SIDE = 1010, 420, 300
_LONG = 10_000
"""Ratios from which on the words of it need more room."""


def measures(
    gaps: pl.DataFrame, rates: pl.DataFrame, marks: Mapping[str, Mark], discuss: float, redefine: float
) -> go.Figure:
    """Draw every measure's answers divided by the smallest of them, widest gap first.

    Parameters
    ----------
    gaps : polars.DataFrame
        ``expectation_gaps``.
    rates : polars.DataFrame
        ``expectation_rates``, towards the whole partnership.
    marks : Mapping[str, Mark]
        How each agency is drawn.
    discuss, redefine : float
        The partnership's own bands, in times.

    Returns
    -------
    plotly Figure
        A row a measure on one log axis of ratios; x of a mark is its rate over the measure's smallest.
    """
    checked(gaps, "measure_id", "measure_name", "measure_unit", "least_rate", "most_rate", "ratio", "band",
            "kind_of_gap", "partners_unanswered")  # fmt: skip
    checked(rates, "measure_id", "agency_id", "agency_name", "common_rate", "measure_per")
    rows = list(
        gaps.sort("ratio", "measure_name", descending=[True, False], nulls_last=True).iter_rows(named=True)
    )
    said = rates.filter(rates["common_rate"].is_not_null()).sort("common_rate", "agency_name")
    answers = [_answers(said, row) for row in rows]
    widest = max(
        (float(a[-1]["common_rate"]) / float(a[0]["common_rate"]) for a in answers if a), default=redefine
    )
    decades = Decades(0, max(1, math.ceil(math.log10(max(widest, redefine)) - 1e-9)))
    high = _ROW * len(rows) + 44
    figure = Sketch(
        _measures_words(rows), height=high + 8, margin=(_TEXT, _SIDE, 4, 4),
        xaxis=decades.axis(visible=False), yaxis={"range": [0, high], "visible": False},
    )  # fmt: skip
    figure.add_trace(grid(decades.ticks, 0, high - 36))
    _bands(figure, decades, discuss, redefine, high)
    for number, (row, of_row) in enumerate(zip(rows, answers, strict=True)):
        _measure(figure, row, of_row, marks, high - 44 - _ROW * number, discuss, redefine)
    return figure.figure()


def _answers(said: pl.DataFrame, row: Row) -> list[Row]:
    """Return what partners said of one measure of one goal, least first: two goals may share a measure."""
    mine = said["measure_id"] == row["measure_id"]
    if "goal_id" in said.columns and "goal_id" in row:
        mine &= said["goal_id"] == row["goal_id"]
    return list(said.filter(mine & (said["common_rate"] > 0)).iter_rows(named=True))


def _measures_words(rows: Sequence[Row]) -> str:
    said = [f"{r['measure_name']}, {wording.times(r['ratio'])}" for r in rows if r["ratio"] is not None]
    without = [r["measure_name"] for r in rows if r["ratio"] is None]
    first = (
        f"{wording.capital(wording.count_of(len(rows), 'measure', words=True))} as bars of the ratio between "
        "the largest and the smallest expectation, log axis from the same"
    )
    parts = [
        f"{first}. Widest first: {wording.listing(said)}." if said else f"{first}.",
        f"No ratio: {wording.listing(without)}." if without else "",
    ]
    return " ".join(p for p in parts if p)


def _bands(figure: Sketch, decades: Decades, discuss: float, redefine: float, high: float) -> None:
    for edge in (discuss, redefine):
        figure.add_trace(
            scatter(
                x=[edge, edge], y=[0, high - 36], mode="lines", hoverinfo="skip", name="band",
                line={"color": TOKENS["ink"], "width": 1, "dash": "2px,3px"},
            )
        )  # fmt: skip
    top = 10.0**decades.high
    words = (("aligned", 1.0, discuss), ("discuss", discuss, redefine), ("stop and re-define", redefine, top))
    decade = (_WIDTH - _TEXT - _SIDE) / decades.high
    free = float("inf")
    for text, low, end in reversed(words):  # a word that would lie on the one right of it is left out
        at, half = math.log10(low * end) / 2, width_of(text, 14, bold=True) / 2
        if end > low and at * decade + 0.85 * half < free:
            write(figure, text, at, high - 9, size=14, bold=True)
            free = at * decade - 0.85 * half
    ticks = sorted({1.0, discuss, redefine, *decades.ticks})
    for tick in ticks:
        text = "same" if tick == 1 else wording.number(tick) + (" times" if tick == ticks[-1] else "")
        write(figure, text, math.log10(tick), high - 27, size=13, colour="ink-2")
    write(figure, "Ratio", 1, high - 27, size=13, colour="ink-2", beside=54)
    write(figure, "Why they differ", 1, high - 27, size=13, colour="ink-2", beside=172)


def _measure(
    figure: Sketch, row: Row, said: Sequence[Row], marks: Mapping[str, Mark], top: float,
    discuss: float, redefine: float,
) -> None:  # fmt: skip
    ratio = row["ratio"]
    stop = ratio is not None and ratio >= redefine
    figure.add_shape(
        type="line", xref="paper", x0=-_TEXT / 10, x1=1 + _SIDE / 10, y0=top, y1=top, layer="below",
        line={"color": TOKENS["line"], "width": 1},
    )  # fmt: skip
    write(figure, cut(row["measure_name"], _TEXT - 40, 15, bold=stop), 0, top - 17, bold=stop, beside=-_TEXT)
    write(figure, _span(row, said), 0, top - 36, size=14, colour="ink-2", beside=-_TEXT)
    middle = top - _ROW / 2
    if ratio is None:
        write(figure, row["band"], 0, middle, colour="ink-2", beside=8)
        return
    least = min((float(r["common_rate"]) for r in said), default=float(row["least_rate"]))
    scaled = [
        {**r, "common_rate": float(r["common_rate"]) / least, "said": r["common_rate"]}
        for r in said
        if r["common_rate"]
    ]
    colour = "ink" if ratio >= discuss else "edge"
    start = float(row["least_rate"]) / least
    figure.add_trace(ink_bar(start, start * ratio, middle, 10 if stop else 6, colour))
    figure.add_traces(mark_traces(scaled, marks, middle, 13, "times the smallest", tie=10))
    size = 16 if not stop or ratio >= _LONG else 18
    write(figure, wording.times(ratio), 1, middle, size=size, bold=stop, beside=40 if ratio >= _LONG else 54)
    kind = row["kind_of_gap"]
    write(
        figure,
        _why(kind),
        1,
        middle,
        colour="ink-2",
        beside=172,
    )


def _why(kind: str | None) -> str:
    """Return why partners differ, in the few words that fit beside a bar."""
    own = {"near agreement": "near agreement", "expects none": "one expects none", "capacity": "no days left"}
    return own.get(kind or "", f"different {kind}" if kind else "")


def _span(row: Row, said: Sequence[Row]) -> str:
    silent = row["partners_unanswered"] or 0
    missing = f"; {silent:,} not answered" if silent else ""
    if row["least_rate"] is None:
        return f"{row['measure_unit']}{missing}"
    per = said[0]["measure_per"] if said else "in all"
    most = wording.rate(row["most_rate"], per, row["measure_unit"])
    return cut(f"{wording.number(row['least_rate'])} to {most}{missing}", _TEXT - 30, 14)
