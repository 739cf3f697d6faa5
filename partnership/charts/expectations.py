"""Pictures of expectations: one measure's gap; all measures divided by their smallest; first results.

The axis is logarithmic, because a ratio is what is compared: equal length is equal disagreement. The ratio stands
in the largest type and comes from the view. No mean is drawn. The vertical axis counts pixels, so that what is
written keeps its distance from what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from partnership import wording
from partnership.charts._first_results import first_results
from partnership.charts._marks import Decades, Row, furthest, grid, ink_bar, mark_traces
from partnership.charts._measures import measures
from partnership.charts.lettering import Label, Placed, cut, place, width_of
from partnership.charts.theme import TOKENS, Mark, Sketch, checked, safe, scatter

if TYPE_CHECKING:
    import polars as pl

__all__ = ["WIDTH", "first_results", "gap", "gap_words", "measures"]

WIDTH = 1010
"""Width in pixels for which labels are placed; a picture is never drawn narrower than 960."""

_SAYS = {"gives": "would give", "gets": "expects to get"}
_TIER = 40


def gap(
    rates: pl.DataFrame,
    ratio: float | None,
    marks: Mapping[str, Mark],
    unit: str,
    *,
    emphasis: str | None = None,
) -> go.Figure:
    """Draw what each partner expects of one measure, and how far apart the ends are.

    Parameters
    ----------
    rates : polars.DataFrame
        Rows of ``expectation_rates`` for one measure, towards the whole partnership: ``agency_id``,
        ``agency_name``, ``direction``, ``answer``, ``common_rate``.
    ratio : float or None
        Largest over smallest, from ``expectation_gaps``; None when there are not two answers.
    marks : Mapping[str, Mark]
        How each agency is drawn.
    unit : str
        Unit and period of the common rate: "cases a year".
    emphasis : str, optional
        Id of an agency to set in bold, besides the two at the ends.

    Returns
    -------
    plotly Figure
        A log axis with a bar from least to most, a mark for each partner, and the ratio in words.
    """
    checked(rates, "agency_id", "agency_name", "direction", "answer", "common_rate")
    rows = list(rates.sort("common_rate", "agency_name", nulls_last=True).iter_rows(named=True))
    answered = [r for r in rows if r["common_rate"]]
    silent = [r["agency_name"] for r in rows if r["answer"] == "no answer"]
    none = [r["agency_name"] for r in rows if r["answer"] == "expects none" or r["common_rate"] == 0]
    strange = [r["agency_name"] for r in rows if r["answer"] == "answered" and r["common_rate"] is None]
    decades = Decades.around([float(r["common_rate"]) for r in answered])
    left = 168 if silent or none or strange else 24
    labels = _labels(answered, decades, WIDTH - left - 34, emphasis)
    tiers = max((placed.tier for _, placed, _ in labels), default=0) + 1
    boxes = sum(bool(names) for names in (silent, none, strange))
    high = max(126 + _TIER * tiers, 92 + 84 * boxes)
    figure = Sketch(
        gap_words(answered, silent, none, ratio, unit, strange),
        height=high + 52,
        margin=(left, 34, 4, 48),
        xaxis=decades.axis(pad=0.02),
        yaxis={"range": [0, high], "visible": False},
    )
    figure.add_trace(grid(decades.ticks, 0, high - 58))
    if len(answered) > 1:
        least, most = furthest(answered)
        figure.add_trace(ink_bar(least["common_rate"], most["common_rate"], high - 92, 16))
        _bracket(figure, answered, ratio, high)
    for row, placed, middle in labels:
        _label(figure, row, placed, middle, high, bold=_is_bold(row, answered, emphasis))
    figure.add_traces(mark_traces(answered, marks, high - 92, 17, unit))
    _beside(figure, silent, "no answer yet", high - 92, left, hatched=True)
    _beside(figure, none, "expects none", high - 92 - (84 if silent else 0), left, hatched=False)
    above = sum(84 for names in (silent, none) if names)
    _beside(figure, strange, "not comparable", high - 92 - above, left, hatched=True)
    figure.add_annotation(
        text=f"{safe(unit)}, log axis: each step is ten times the last",
        x=1, xref="paper", xanchor="right", y=0, yref="paper", yanchor="top", yshift=-28,
        font={"size": 14, "color": TOKENS["ink-3"]},
    )  # fmt: skip
    return figure.figure()


def gap_words(
    answered: Sequence[Row],
    silent: Sequence[str],
    none: Sequence[str],
    ratio: float | None,
    unit: str,
    strange: Sequence[str] = (),
) -> str:
    """Return what the picture of a gap shows, for those who do not see it."""
    said = wording.listing(f"{r['agency_name']} {wording.number(r['common_rate'])}" for r in answered)
    apart = f"The ends are {wording.times(ratio)} apart." if ratio is not None else ""
    parts = [
        f"Gap chart, log axis, {unit}. {apart}".strip(),
        f"What each partner expects: {said}." if said else "No partner has answered.",
        f"No answer: {wording.listing(silent)}." if silent else "",
        f"Expects none: {wording.listing(none)}." if none else "",
        f"Not comparable: {wording.listing(strange)}." if strange else "",
    ]
    return " ".join(p for p in parts if p)


def _is_bold(row: Row, answered: Sequence[Row], emphasis: str | None) -> bool:
    is_end = len(answered) > 1 and any(row is end for end in furthest(answered))
    return row["agency_id"] == emphasis or is_end


def _labels(
    answered: Sequence[Row], decades: Decades, width: float, emphasis: str | None
) -> list[tuple[Row, Placed, float]]:
    """Place a label of two lines under each mark; the third value is its middle's distance from the mark."""
    wanted = []
    for row in answered:
        bold = _is_bold(row, answered, emphasis)
        lines = (cut(row["agency_name"], 190, 15, bold=bold), _said(row))
        wanted.append(
            Label(
                decades.share(float(row["common_rate"])) * width,
                max(width_of(line, 15, bold=bold) for line in lines),
            )
        )
    placed = place(wanted, -10, width + 26)
    middles = (p.left + label.width / 2 - label.at for p, label in zip(placed, wanted, strict=True))
    return list(zip(answered, placed, middles, strict=True))


def _said(row: Row) -> str:
    return f"{_SAYS.get(row['direction'], 'expects')} {wording.number(row['common_rate'])}"


def _label(figure: Sketch, row: Row, placed: Placed, middle: float, high: float, *, bold: bool) -> None:
    top = high - 118 - _TIER * placed.tier
    figure.add_trace(
        scatter(
            x=[row["common_rate"], row["common_rate"]],
            y=[high - 102, top],
            mode="lines",
            hoverinfo="skip",
            line={"color": TOKENS["edge"], "width": 1},
        )
    )
    lines = ((cut(row["agency_name"], 190, 15, bold=bold), "ink"), (_said(row), "ink" if bold else "ink-2"))
    for number, (line, colour) in enumerate(lines):
        figure.add_annotation(
            text=safe(line), x=math.log10(row["common_rate"]), y=top - 9 - 18 * number, xshift=middle,
            xanchor="center", yanchor="middle", bgcolor=TOKENS["paper"], borderpad=0,
            font={"size": 15, "color": TOKENS[colour], "weight": 700 if bold else 400},
        )  # fmt: skip


def _bracket(figure: Sketch, answered: Sequence[Row], ratio: float | None, high: float) -> None:
    least, most = (end["common_rate"] for end in furthest(answered))
    figure.add_trace(
        scatter(
            x=[least, least, most, most], y=[high - 50, high - 32, high - 32, high - 50], mode="lines",
            hoverinfo="skip", line={"color": TOKENS["ink"], "width": 2},
        )
    )  # fmt: skip
    if ratio is None:
        return
    figure.add_annotation(
        text=f"{wording.times(ratio)} apart", x=(math.log10(least) + math.log10(most)) / 2, y=high - 32,
        xanchor="center", yanchor="middle", bgcolor=TOKENS["paper"], borderpad=4, name="ratio",
        font={"size": 34, "color": TOKENS["ink"], "weight": 700},
    )  # fmt: skip


def _beside(
    figure: Sketch, names: Sequence[str], words: str, middle: float, left: int, *, hatched: bool
) -> None:
    """Draw a box left of the axis for the partners who have no place on it."""
    if not names:
        return
    box = _hatching(118, 32) if hatched else "M0,0L118,0L118,32L0,32Z"
    figure.add_shape(
        type="path", path=_shifted(box, 4 - left), xref="paper", xanchor=0, xsizemode="pixel", yref="y",
        yanchor=middle - 16, ysizemode="pixel", line={"color": TOKENS["edge"], "width": 1},
    )  # fmt: skip
    who = cut(wording.listing(names, most=1) if len(names) > 2 else wording.listing(names), left - 22, 15)
    for number, (line, colour) in enumerate(((who, "ink"), (words, "ink-2"))):
        figure.add_annotation(
            text=safe(line), x=0, xref="paper", xanchor="left", xshift=4 - left, y=middle - 34 - 18 * number,
            yanchor="middle", font={"size": 15, "color": TOKENS[colour]},
        )  # fmt: skip


def _hatching(width: int, height: int, step: int = 9) -> str:
    """Return the outline of a box filled with strokes, as one path in pixels from its lower left corner."""
    strokes = [f"M0,0L{width},0L{width},{height}L0,{height}Z"]
    for start in range(step - height, width, step):
        x0, y0 = (start, 0) if start >= 0 else (0, -start)
        x1 = min(start + height, width)
        strokes.append(f"M{x0},{y0}L{x1},{x1 - start}")
    return "".join(strokes)


def _shifted(path: str, by: int) -> str:
    """Move a path sideways: plotly takes sizes in pixels from one anchor only."""
    out, pairs = [], path.replace("Z", " Z").replace("M", " M").replace("L", " L").split()
    for pair in pairs:
        if pair == "Z":
            out.append(pair)
            continue
        x, y = pair[1:].split(",")
        out.append(f"{pair[0]}{int(x) + by},{y}")
    return "".join(out)
