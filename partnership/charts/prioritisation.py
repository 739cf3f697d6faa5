"""Pictures of scores: what agencies said of one item, and how sure the place of each item is.

A mean never stands without the scores that it is made of: two camps with a mean between them look like that. Nor does
a place stand without the chance of the other places, and where it is too close to call, words say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from partnership.charts._axes import left_label
from partnership.charts.lettering import cut
from partnership.charts.theme import TOKENS, Mark, Sketch, mark_of, outlined, safe, scatter, text
from partnership.errors import InvalidInput
from partnership.wording import capital, count_of, listing, percent

__all__ = ["Placed", "places_taken", "scores_apart", "share_words"]

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


# ---- how sure a place is ----
_BAND_ROW, _BAND_NAMES, _BAND_PLACES, _BAND_TOP, _BAND_FOOT = 30, 330, 150, 34, 26
_LEAST_WORDS = 0.07
"""Share of a bar from which its number has room in it."""
_SURE = 0.995
"""From here a share reads 100%, which draws never show: the words are "more than 99%"."""
_LOOKS = (("blue", "paper"), ("grey", "ink"), ("blue-tint", "ink"), ("paper", "ink"))
"""Fill and ink of each run of places, the first ones the darkest; an outline parts them for every eye and printer."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One item: its name, its place ("2", or "3 to 5" where that is too close to call), and its share of each band."""

    name: str
    place: str
    is_close: bool
    shares: Sequence[float]


def places_taken(rows: Sequence[Placed], bands: Sequence[str]) -> go.Figure:
    """Draw in what share of draws each item takes each run of places: a bar an item, which adds to one.

    Parameters
    ----------
    rows : Sequence[Placed]
        In the order to be drawn, the first on top; shares 0 to 1, one a band.
    bands : Sequence[str]
        Runs of places from the first on, as "1st to 3rd"; four at most.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace a band, named like it: horizontal bars, in per cent.

    Raises
    ------
    InvalidInput
        If there are more bands than can be told apart, or a row's shares do not fit the bands.

    Source
    ------
    Rank acceptability: Lahdelma and Salminen, SMAA-2, Operations Research 49(3), 2001.

    Examples
    --------
    >>> figure = places_taken([Placed("Triage", "1", False, (0.8, 0.2))], ["1st", "2nd"])
    >>> [(trace.name, trace.x[0]) for trace in figure.data]
    [('1st', 80.0), ('2nd', 20.0)]
    """
    if len(bands) > len(_LOOKS):
        msg = f"{len(bands)} runs of places cannot be told apart in a bar. Put them together into {len(_LOOKS)} or fewer."
        raise InvalidInput(msg)
    for row in rows:
        if len(row.shares) != len(bands) or abs(sum(row.shares) - 1) > 1e-6:
            msg = f"Shares of places of {row.name} are {list(row.shares)}: give one a run of places, adding to 1."
            raise InvalidInput(msg)
    height = _BAND_TOP + _BAND_ROW * max(len(rows), 1) + _BAND_FOOT
    sketch = Sketch(
        _places_words(rows, bands), height=height, margin=(_BAND_NAMES, _BAND_PLACES, _BAND_TOP, _BAND_FOOT),
        barmode="stack", showlegend=bool(rows),
        xaxis={"range": [0, 100], "tickvals": [0, 25, 50, 75, 100],
               "ticktext": ["0%", "25%", "50%", "75%", "100%"], "fixedrange": True},
        yaxis={"range": [-len(rows) + 0.5, 0.5], "visible": False, "fixedrange": True},
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal",
            "font": {"size": 14, "color": TOKENS["ink-2"]}, "itemclick": False, "itemdoubleclick": False,
        },
    )  # fmt: skip
    for at, (band, (fill, ink)) in enumerate(zip(bands, _LOOKS, strict=False)):
        shares = [row.shares[at] for row in rows]
        sketch.add_trace(
            {
                "type": "bar", "name": safe(band), "orientation": "h", "x": [100 * s for s in shares],
                "y": [-i for i in range(len(rows))], "width": 0.66,
                "marker": {"color": TOKENS[fill], "line": {"color": TOKENS["ink-2"], "width": 1}},
                "text": [share_words(s) if s >= _LEAST_WORDS else "" for s in shares], "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0, "constraintext": "none", "cliponaxis": False,
                "insidetextfont": {"size": 13, "color": TOKENS[ink]}, "hoverinfo": "text",
                "hovertext": [safe(f"{r.name}: {band} in {share_words(r.shares[at])} of draws") for r in rows],
            }
        )  # fmt: skip
    for i, row in enumerate(rows):
        sketch.add_annotation(**left_label(safe(cut(row.name, _BAND_NAMES - 14, 15)), -i, _BAND_NAMES))
        said = f"{row.place}, close call" if row.is_close else row.place
        sketch.add_annotation(
            **text(said, size=14, bold=not row.is_close), x=1, xref="paper", xanchor="left", xshift=10, y=-i
        )
    if rows:
        sketch.add_annotation(
            **text("Place", size=14, colour="ink-2"), x=1, xref="paper", xanchor="left", xshift=10, y=1,
            yref="paper", yanchor="bottom", yshift=6,
        )  # fmt: skip
    return sketch.figure()


def share_words(share: float) -> str:
    """Write a share of draws: all of them is no certainty, and fewer than one in two hundred is not none.

    Examples
    --------
    >>> share_words(0.9999), share_words(0.6), share_words(0.004), share_words(0.0)
    ('more than 99%', '60%', 'under 1%', '0%')
    """
    if share >= _SURE:
        return "more than 99%"
    return "under 1%" if 0 < share < 1 - _SURE else percent(share)


def _places_words(rows: Sequence[Placed], bands: Sequence[str]) -> str:
    if not rows:
        return "No item has a place yet."
    said = []
    for row in rows:
        each = listing(f"{b} in {share_words(s)}" for b, s in zip(bands, row.shares, strict=True) if s > 0)
        close = ", too close to call" if row.is_close else ""
        said.append(f"{row.name}: place {row.place}{close}; {each} of draws.")
    return f"Chance of each place for {count_of(len(rows), 'item', words=True)}. {' '.join(said)}"
