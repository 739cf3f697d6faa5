"""Pictures of expectations: one measure's gap, all measures divided by their smallest, and first results.

The axis is logarithmic, because a ratio is what is compared: equal length is equal disagreement. The ratio stands
in the largest type and comes from the view. No mean is drawn. The vertical axis counts pixels, so that what is
written keeps its distance from what is drawn.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from partnership import wording
from partnership.charts.lettering import Label, Placed, cut, place, width_of
from partnership.charts.theme import TOKENS, Mark, blank_figure, checked, mark_of, outlined, safe

if TYPE_CHECKING:
    import polars as pl

__all__ = ["WIDTH", "Decades", "first_results", "gap", "gap_words", "ink_bar", "mark_traces", "measures"]

Row = dict[str, Any]

WIDTH = 1010
"""Width in pixels for which labels are placed; a picture is never drawn narrower than 960."""

_SAYS = {"gives": "would give", "gets": "expects to get"}
_TIER = 40


@dataclass(frozen=True, slots=True)
class Decades:
    """A logarithmic axis over whole decades, from 10 to the power ``low`` to 10 to the power ``high``."""

    low: int
    high: int

    @classmethod
    def around(cls, values: Sequence[float]) -> Decades:
        """Return the decades that hold all values: at least one.

        Examples
        --------
        >>> Decades.around([5, 5000]), Decades.around([4])
        (Decades(low=0, high=4), Decades(low=0, high=1))
        """
        if not values:
            return cls(0, 1)
        low = math.floor(math.log10(min(values)) + 1e-9)
        return cls(low, max(low + 1, math.ceil(math.log10(max(values)) - 1e-9)))

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the left end, 1 at the right."""
        return (math.log10(value) - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        """The decade lines."""
        return [10.0**i for i in range(self.low, self.high + 1)]

    def axis(self, *, pad: float = 0.0, **more: Any) -> dict[str, Any]:
        """Return the axis for a figure's layout; ``pad`` is room at both ends, in decades."""
        return {
            "type": "log",
            "range": [self.low - pad, self.high + pad],
            "tickvals": self.ticks,
            "ticktext": [wording.number(t, places=6) for t in self.ticks],
            "tickfont": {"size": 15, "color": TOKENS["ink-2"]},
            "tickangle": 0,
            **more,
        }


# ---- one measure ----
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
    decades = Decades.around([float(r["common_rate"]) for r in answered])
    left = 168 if silent or none else 24
    labels = _labels(answered, decades, WIDTH - left - 34, emphasis)
    tiers = max((placed.tier for _, placed, _ in labels), default=0) + 1
    high = 126 + _TIER * tiers
    figure = blank_figure(
        gap_words(answered, silent, none, ratio, unit),
        height=high + 52,
        margin=(left, 34, 4, 48),
        xaxis=decades.axis(pad=0.02),
        yaxis={"range": [0, high], "visible": False},
    )
    figure.add_trace(_grid(decades.ticks, 0, high - 58))
    if len(answered) > 1:
        figure.add_trace(ink_bar(answered[0]["common_rate"], answered[-1]["common_rate"], high - 92, 16))
        _bracket(figure, answered, ratio, high)
    for row, placed, middle in labels:
        _label(figure, row, placed, middle, high, bold=_is_bold(row, answered, emphasis))
    figure.add_traces(mark_traces(answered, marks, high - 92, 17, unit))
    _beside(figure, silent, "no answer yet", high - 92, left, hatched=True)
    _beside(figure, none, "expects none", high - 92 - (84 if silent else 0), left, hatched=False)
    figure.add_annotation(
        text=f"{safe(unit)}, log axis: each step is ten times the last",
        x=1, xref="paper", xanchor="right", y=0, yref="paper", yanchor="top", yshift=-28,
        font={"size": 14, "color": TOKENS["ink-3"]},
    )  # fmt: skip
    return figure


def gap_words(
    answered: Sequence[Row], silent: Sequence[str], none: Sequence[str], ratio: float | None, unit: str
) -> str:
    """Return what the picture of a gap shows, for those who do not see it."""
    said = wording.listing(f"{r['agency_name']} {wording.number(r['common_rate'])}" for r in answered)
    apart = f"The ends are {wording.times(ratio)} apart." if ratio is not None else ""
    parts = [
        f"Gap chart, log axis, {unit}. {apart}".strip(),
        f"What each partner expects: {said}." if said else "No partner has answered.",
        f"No answer: {wording.listing(silent)}." if silent else "",
        f"Expects none: {wording.listing(none)}." if none else "",
    ]
    return " ".join(p for p in parts if p)


def _is_bold(row: Row, answered: Sequence[Row], emphasis: str | None) -> bool:
    ends = (answered[0]["agency_id"], answered[-1]["agency_id"])
    return row["agency_id"] == emphasis or (len(answered) > 1 and row["agency_id"] in ends)


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


def _label(figure: go.Figure, row: Row, placed: Placed, middle: float, high: float, *, bold: bool) -> None:
    top = high - 118 - _TIER * placed.tier
    figure.add_trace(
        go.Scatter(
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


def _bracket(figure: go.Figure, answered: Sequence[Row], ratio: float | None, high: float) -> None:
    least, most = answered[0]["common_rate"], answered[-1]["common_rate"]
    figure.add_trace(
        go.Scatter(
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
    figure: go.Figure, names: Sequence[str], words: str, middle: float, left: int, *, hatched: bool
) -> None:
    """Draw a box left of the axis for the partners who have no place on it."""
    if not names:
        return
    figure.add_shape(
        type="path", path=_hatching(118, 32) if hatched else "M0,0L118,0L118,32L0,32Z", xref="paper", xanchor=0,
        xsizemode="pixel", yref="y", yanchor=middle - 16, ysizemode="pixel", line={"color": TOKENS["edge"], "width": 1},
    )  # fmt: skip
    figure.layout.shapes[-1].path = _shifted(figure.layout.shapes[-1].path, 4 - left)
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


# ---- shared strokes ----
def ink_bar(least: float, most: float, at: float, width: float, colour: str = "ink") -> go.Scatter:
    """Return the bar from the smallest expectation to the largest."""
    return go.Scatter(
        x=[least, most], y=[at, at], mode="lines", hoverinfo="skip", name="from least to most",
        line={"color": TOKENS[colour], "width": width},
    )  # fmt: skip


def _grid(values: Sequence[float], low: float, high: float) -> go.Scatter:
    """Return the decade lines, from one height to another."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for value in values:
        xs += [value, value, None]
        ys += [low, high, None]
    return go.Scatter(
        x=xs, y=ys, mode="lines", hoverinfo="skip", name="decades", line={"color": TOKENS["line"], "width": 1}
    )


def _ties(rows: Sequence[Row], step: float) -> list[float]:
    """Return how far each row's mark moves up or down, so that equal answers all show."""
    count = Counter(float(r["common_rate"]) for r in rows)
    seen: Counter[float] = Counter()
    moved = []
    for row in rows:
        value = float(row["common_rate"])
        moved.append((seen[value] - (count[value] - 1) / 2) * -step)
        seen[value] += 1
    return moved


def mark_traces(
    rows: Sequence[Row], marks: Mapping[str, Mark], at: float, size: float, unit: str, *, tie: float = 12
) -> list[go.Scatter]:
    """Return a mark for each partner on its common rate, with a white edge to part it from its neighbours."""
    traces = []
    for row, moved in zip(rows, _ties(rows, tie), strict=True):
        mark = marks.get(row["agency_id"], mark_of(None))
        grown = size * (1.2 if row is rows[0] or row is rows[-1] else 1.0)
        place = {"x": [row["common_rate"]], "y": [at + moved], "mode": "markers", "cliponaxis": False}
        halo = Mark(TOKENS["paper"], TOKENS["paper"], TOKENS["ink"], mark.symbol, 4)
        said = f"{safe(row['agency_name'])}: {wording.number(row['common_rate'])} {safe(unit)}<extra></extra>"
        traces.append(go.Scatter(**place, hoverinfo="skip", name="edge", marker=outlined(halo, grown + 2)))
        traces.append(
            go.Scatter(
                **place, name=safe(row["agency_name"]), hovertemplate=said, marker=outlined(mark, grown)
            )
        )
    return traces


# ---- all measures ----
_ROW = 52
_TEXT, _SIDE = 420, 300


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
    widest = max((r["ratio"] for r in rows if r["ratio"] is not None), default=redefine)
    decades = Decades(0, max(1, math.ceil(math.log10(max(widest, redefine)) - 1e-9)))
    high = _ROW * len(rows) + 44
    figure = blank_figure(
        _measures_words(rows), height=high + 8, margin=(_TEXT, _SIDE, 4, 4),
        xaxis=decades.axis(visible=False), yaxis={"range": [0, high], "visible": False},
    )  # fmt: skip
    figure.add_trace(_grid(decades.ticks, 0, high - 36))
    _bands(figure, decades, discuss, redefine, high)
    said = rates.filter(rates["common_rate"].is_not_null()).sort("common_rate", "agency_name")
    for number, row in enumerate(rows):
        of_row = list(said.filter(said["measure_id"] == row["measure_id"]).iter_rows(named=True))
        _measure(figure, row, of_row, marks, high - 44 - _ROW * number, discuss, redefine)
    return figure


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


def _bands(figure: go.Figure, decades: Decades, discuss: float, redefine: float, high: float) -> None:
    for edge in (discuss, redefine):
        figure.add_trace(
            go.Scatter(
                x=[edge, edge], y=[0, high - 36], mode="lines", hoverinfo="skip", name="band",
                line={"color": TOKENS["ink"], "width": 1, "dash": "2px,3px"},
            )
        )  # fmt: skip
    top = 10.0**decades.high
    words = (("aligned", 1.0, discuss), ("discuss", discuss, redefine), ("stop and re-define", redefine, top))
    for text, low, end in words:
        if end > low:
            _write(figure, text, math.log10(low * end) / 2, high - 9, size=14, bold=True)
    ticks = sorted({1.0, discuss, redefine, *decades.ticks})
    for tick in ticks:
        text = "same" if tick == 1 else wording.number(tick) + (" times" if tick == ticks[-1] else "")
        _write(figure, text, math.log10(tick), high - 27, size=13, colour="ink-2")
    _write(figure, "Ratio", 1, high - 27, size=13, colour="ink-2", beside=54)
    _write(figure, "Why they differ", 1, high - 27, size=13, colour="ink-2", beside=172)


def _write(
    figure: go.Figure, text: str, x: float, y: float, *, size: int = 15, colour: str = "ink",
    bold: bool = False, beside: int | None = None,
) -> None:  # fmt: skip
    """Write at a place of the log axis, or so many pixels beside the plot's right (x is 1) or left (0) end."""
    figure.add_annotation(
        text=safe(text), x=x, xref="x" if beside is None else "paper", xshift=beside or 0,
        xanchor="center" if beside is None else "left", y=y, yanchor="middle",
        font={"size": size, "color": TOKENS[colour], "weight": 700 if bold else 400},
    )  # fmt: skip


def _measure(
    figure: go.Figure, row: Row, said: Sequence[Row], marks: Mapping[str, Mark], top: float,
    discuss: float, redefine: float,
) -> None:  # fmt: skip
    ratio = row["ratio"]
    stop = ratio is not None and ratio >= redefine
    figure.add_shape(
        type="line", xref="paper", x0=-_TEXT / 10, x1=1 + _SIDE / 10, y0=top, y1=top, layer="below",
        line={"color": TOKENS["line"], "width": 1},
    )  # fmt: skip
    _write(figure, cut(row["measure_name"], _TEXT - 40, 15, bold=stop), 0, top - 17, bold=stop, beside=-_TEXT)
    _write(figure, _span(row, said), 0, top - 36, size=14, colour="ink-2", beside=-_TEXT)
    middle = top - _ROW / 2
    if ratio is None:
        _write(figure, row["band"], 0, middle, colour="ink-2", beside=8)
        return
    least = float(row["least_rate"])
    scaled = [
        {**r, "common_rate": float(r["common_rate"]) / least, "said": r["common_rate"]}
        for r in said
        if r["common_rate"]
    ]
    colour = "ink" if ratio >= discuss else "edge"
    figure.add_trace(ink_bar(1.0, ratio, middle, 10 if stop else 6, colour))
    figure.add_traces(mark_traces(scaled, marks, middle, 13, "times the smallest", tie=10))
    _write(figure, wording.times(ratio), 1, middle, size=18 if stop else 16, bold=stop, beside=54)
    kind = row["kind_of_gap"]
    _write(
        figure,
        kind if kind == "near agreement" else f"different {kind}",
        1,
        middle,
        colour="ink-2",
        beside=172,
    )


def _span(row: Row, said: Sequence[Row]) -> str:
    silent = row["partners_unanswered"] or 0
    missing = f"; {silent:,} not answered" if silent else ""
    if row["least_rate"] is None:
        return f"{row['measure_unit']}{missing}"
    per = said[0]["measure_per"] if said else "in all"
    most = wording.rate(row["most_rate"], per, row["measure_unit"])
    return cut(f"{wording.number(row['least_rate'])} to {most}{missing}", _TEXT - 30, 14)


# ---- first results ----
_NAMES = 190


def first_results(frame: pl.DataFrame, today: dt.date, marks: Mapping[str, Mark]) -> go.Figure:
    """Draw the day by which each partner needs to see first results, earliest first.

    Parameters
    ----------
    frame : polars.DataFrame
        ``first_results``: ``agency_id``, ``agency_name``, ``first_results_by``; rows without a day are left out.
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
    figure = blank_figure(
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
        go.Scatter(x=[today, today], y=[0, high], mode="lines", hoverinfo="skip", name="today",
                   line={"color": TOKENS["ink"], "width": 1.5, "dash": "2px,3px"})
    )  # fmt: skip
    figure.add_annotation(
        text="today", x=today, y=high - 6, xanchor="left", yanchor="middle", xshift=4,
        font={"size": 14, "color": TOKENS["ink"]}, bgcolor=TOKENS["paper"],
    )  # fmt: skip
    return figure


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
    figure: go.Figure, row: Row, at: float, first: dt.date, last: dt.date, today: dt.date,
    marks: Mapping[str, Mark], *, is_end: bool,
) -> None:  # fmt: skip
    day = row["first_results_by"]
    _write(figure, cut(row["agency_name"], _NAMES - 10, 15), 0, at, beside=-_NAMES)
    figure.add_trace(
        go.Scatter(x=[first, day], y=[at, at], mode="lines", hoverinfo="skip", name="since",
                   line={"color": TOKENS["line"], "width": 1})
    )  # fmt: skip
    mark = marks.get(row["agency_id"], mark_of(None))
    name = safe(row["agency_name"])
    figure.add_trace(
        go.Scatter(x=[day], y=[at], mode="markers", cliponaxis=False, name=name, marker=outlined(mark, 15),
                   hovertemplate=f"{name}: {wording.day(day)}<extra></extra>")
    )  # fmt: skip
    if is_end:
        late = (day - first) > (last - first) * 0.6
        figure.add_annotation(
            text=f"{wording.month(day)}{_past(day, today)}", x=day, y=at, xshift=-14 if late else 14, yanchor="middle",
            xanchor="right" if late else "left", bgcolor=TOKENS["paper"],
            font={"size": 14, "color": TOKENS["ink"], "weight": 700},
        )  # fmt: skip
