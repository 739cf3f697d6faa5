"""Picture of what agencies said of one item: a mark with its code for each, on each axis, the mean as a triangle.

The mean never stands without the scores that it is made of: two camps with a mean between them look like that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from partnership.charts.theme import TOKENS, Mark, Sketch, mark_of, outlined, safe, scatter, text
from partnership.wording import capital, count_of, listing

__all__ = ["scores_apart"]

_ROW = 128
_WIDTH = 350
_PAD = 0.45
_CODE = 38
_SIZE = 14


def scores_apart(
    axes: Sequence[Mapping[str, Any]], marks: Mapping[str, Mark], codes: Mapping[str, str], title: str
) -> go.Figure:
    """Draw agencies' scores of one item, a line for each axis.

    Parameters
    ----------
    axes : Sequence of Mapping
        Each: ``axis`` (its name), ``scores`` (agency to 0 to 10), ``mean`` (0 to 10 or None), ``low`` and
        ``high`` (what the ends of the scale mean).
    marks, codes : Mapping[str, Mark], Mapping[str, str]
        How each agency is drawn, and its badge.
    title : str
        The item, for those who do not see the picture.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces "Scores", one an agency and axis, and "Mean".
    """
    sketch = Sketch(
        _alt(axes, codes, title), height=_ROW * max(len(axes), 1), margin=(4, 4, 4, 4),
        xaxis={"range": [-_PAD, 10 + _PAD], "visible": False, "fixedrange": True},
        yaxis={"range": [-_ROW * len(axes), 0], "visible": False, "fixedrange": True},
        showlegend=False,
    )  # fmt: skip
    for number, axis in enumerate(axes):
        _line(sketch, axis, -_ROW * number, marks, codes)
    return sketch.figure()


def _line(
    sketch: Sketch, axis: Mapping[str, Any], top: float, marks: Mapping[str, Mark], codes: Mapping[str, str]
) -> None:
    at, labels = top - 52, top - 92
    sketch.add_annotation(**text(axis["axis"], bold=True), x=-_PAD, xanchor="left", y=top - 12)
    mean = axis["mean"]
    said = "no score" if mean is None else f"mean {mean + 1e-9:.1f}"
    sketch.add_annotation(**text(said, size=14, colour="ink-2"), x=10 + _PAD, xanchor="right", y=top - 12)
    line = {"color": TOKENS["edge"], "width": 1.5}
    sketch.add_shape(type="line", x0=0, x1=10, y0=at, y1=at, line=line, layer="below")
    for tick in (0, 5, 10):
        sketch.add_shape(type="line", x0=tick, x1=tick, y0=at - 5, y1=at + 5, line=line, layer="below")
    for end, anchor, words in ((0, "left", axis["low"]), (10, "right", axis["high"])):
        sketch.add_annotation(
            **text(words, size=13, colour="ink-2"),
            x=end - (_PAD if end == 0 else -_PAD),
            xanchor=anchor,
            y=top - 114,
        )
    scores = sorted(axis["scores"].items(), key=lambda s: (s[1], s[0]))
    places = _spread([v for _, v in scores])
    for (agency, value), x in zip(scores, places, strict=True):
        sketch.add_trace(
            scatter(
                x=[value, value, x, x], y=[at - 9, at - 13, labels + 13, labels + 9], mode="lines", hoverinfo="skip",
                name="leader", line={"color": TOKENS["edge"], "width": 1},
            )
        )  # fmt: skip
        sketch.add_annotation(**text(codes.get(agency, agency), size=13, bold=True), x=x, y=labels)
    for agency, value in scores:
        mark = marks.get(agency) or mark_of(None)
        place = {"x": [value], "y": [at], "mode": "markers", "cliponaxis": False}
        halo = Mark(TOKENS["paper"], TOKENS["paper"], TOKENS["ink"], mark.symbol, 4)
        sketch.add_trace(scatter(**place, hoverinfo="skip", name="edge", marker=outlined(halo, _SIZE + 3)))
        label = f"{safe(codes.get(agency, agency))}: {value + 1e-9:.1f}<extra></extra>"
        sketch.add_trace(scatter(**place, name="Scores", hovertemplate=label, marker=outlined(mark, _SIZE)))
    if mean is not None:
        sketch.add_trace(
            scatter(
                x=[mean], y=[at + 17], mode="markers", name="Mean", hovertemplate=f"mean {mean + 1e-9:.1f}<extra></extra>",
                marker={"symbol": "triangle-down", "size": 12, "color": TOKENS["ink"]},
            )
        )  # fmt: skip


def _spread(values: Sequence[float]) -> list[float]:
    """Return where codes stand under their marks: in the order of the scores, none upon another."""
    if not values:
        return []
    room = 10 + _PAD
    gap = min(_CODE / _WIDTH * (10 + 2 * _PAD), (10 + 1.2 * _PAD) / max(len(values), 1))
    right: list[float] = []
    for value in values:
        right.append(max(value, right[-1] + gap) if right else value)
    left: list[float] = []
    for value in reversed(values):
        left.append(min(value, left[-1] - gap) if left else value)
    places = [(a + b) / 2 for a, b in zip(right, reversed(left), strict=True)]
    over = max(0.0, places[-1] + gap / 2 - room)
    under = max(0.0, -_PAD + gap / 2 - places[0])
    places = [p - over + under for p in places]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    for i in range(len(places) - 2, -1, -1):
        places[i] = min(places[i], places[i + 1] - gap)
    return places


def _alt(axes: Sequence[Mapping[str, Any]], codes: Mapping[str, str], title: str) -> str:
    said = []
    for axis in axes:
        scores = sorted(axis["scores"].items(), key=lambda s: (s[1], s[0]))
        if not scores:
            said.append(f"{capital(axis['axis'])}: no score.")
            continue
        each = listing(f"{codes.get(a, a)} {v + 1e-9:.1f}" for a, v in scores)
        said.append(f"{capital(axis['axis'])}: {each}; mean {axis['mean'] + 1e-9:.1f}.")
    most = max((len(a["scores"]) for a in axes), default=0)
    return f"Scores of {count_of(most, 'agency', 'agencies', words=True)} for {title}. {' '.join(said)}"
