# ruff: noqa: E501 - a sentence stays on one line
"""Picture of whose money buys whose benefit: payers left, gainers right, a band for each pair.

Only the bands of the story take the gainer's colour, with pence of each pound on them; the rest is grey. A
band is as thick as the benefit it stands for, so a column's height is benefit, not cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from partnership.charts._axes import spread
from partnership.charts.theme import TOKENS, Mark, Sketch, safe, scatter, text
from partnership.wording import capital, listing, pounds

__all__ = ["Band", "End", "flows"]

_HEIGHT, _TOP, _FOOT = 450, 34, 10
_LEFT, _RIGHT = 300, 280
_GREY = "rgba(195,202,209,0.42)"
_THIN = 17  # pixels under which a band carries no words


@dataclass(frozen=True, slots=True)
class End:
    """A payer or a gainer: its id, its name, its amounts in words, how it is drawn."""

    id: str
    name: str
    amount: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Band:
    """What one payer's money buys for one gainer, in pounds above nil."""

    payer_id: str
    gainer_id: str
    gbp: float


def flows(
    bands: Sequence[Band], payers: Sequence[End], gainers: Sequence[End], story: Mapping[tuple[str, str], str]
) -> go.Figure:
    """Draw the flows from payers to gainers.

    Parameters
    ----------
    bands : Sequence[Band]
        One for each pair; all above nil.
    payers, gainers : Sequence[End]
        From top to bottom, each once.
    story : Mapping[tuple[str, str], str]
        Payer and gainer to the words on their band: these take the gainer's colour.

    Returns
    -------
    plotly.graph_objects.Figure
        Trace "Flows": one point a band, in the order given.
    """
    total = sum(b.gbp for b in bands)
    most = max(len(payers), len(gainers))
    gap = 0.018 if most < 20 else 0.3 / most
    span = 1 + gap * (most - 1)
    pixel = span / (_HEIGHT - _TOP - _FOOT)
    left = _column(
        payers, {p.id: sum(b.gbp for b in bands if b.payer_id == p.id) / total for p in payers}, gap, span
    )
    right = _column(
        gainers, {g.id: sum(b.gbp for b in bands if b.gainer_id == g.id) / total for g in gainers}, gap, span
    )
    labels = {
        at: spread([sum(tops[e.id]) / 2 for e in ends], 21 * pixel)
        for at, ends, tops in ((0.0, payers, left), (1.0, gainers, right))
    }
    every = [*labels[0.0], *labels[1.0]]
    low, high = min(-span, *every) - 10 * pixel, max(0.0, *every) + 4 * pixel
    sketch = Sketch(
        _alt(bands, payers, gainers, story), height=_HEIGHT, margin=(_LEFT, _RIGHT, _TOP, _FOOT),
        xaxis={"range": [0, 1], "visible": False}, yaxis={"range": [low, high], "visible": False},
    )  # fmt: skip
    places = _bands(sketch, bands, payers, gainers, left, right, total, story)
    named = {e.id: e.name for e in (*payers, *gainers)}
    sketch.add_trace(
        scatter(
            x=[0.5] * len(bands), y=[(a + b) / 2 for a, b in places], mode="markers", name="Flows",
            marker={"size": 12, "opacity": 0}, hoverinfo="text",
            hovertext=[safe(f"{named[b.payer_id]} to {named[b.gainer_id]}: {pounds(round(b.gbp))}") for b in bands],
        )
    )  # fmt: skip
    for ends, tops, at, anchor in ((payers, left, 0.0, "right"), (gainers, right, 1.0, "left")):
        _ends(sketch, ends, tops, labels[at], anchor, pixel)
    _said_on_bands(sketch, bands, places, gainers, total, pixel, story)
    for x, anchor, shift, said in (
        (0, "right", -10, "Whose money: pays, and buys"), (1, "left", 10, "Whose benefit"),
    ):  # fmt: skip
        sketch.add_annotation(
            **text(said, size=14, colour="ink-2"), x=x, xref="paper", xanchor=anchor, xshift=shift, y=1,
            yref="paper", yanchor="bottom", yshift=10,
        )  # fmt: skip
    return sketch.figure()


def _column(
    ends: Sequence[End], sizes: Mapping[str, float], gap: float, span: float
) -> dict[str, tuple[float, float]]:
    """Return top and bottom of each end; a shorter column stands in the middle."""
    at = -(span - sum(sizes.values()) - gap * (len(ends) - 1)) / 2
    out = {}
    for end in ends:
        out[end.id] = (at, at - sizes[end.id])
        at -= sizes[end.id] + gap
    return out


def _bands(
    sketch: Sketch,
    bands: Sequence[Band],
    payers: Sequence[End],
    gainers: Sequence[End],
    left: Mapping[str, tuple[float, float]],
    right: Mapping[str, tuple[float, float]],
    total: float,
    story: Mapping[tuple[str, str], str],
) -> list[tuple[float, float]]:
    """Draw the bands, the story's over the others; return the middle of each at both ends."""
    from_top = {p.id: left[p.id][0] for p in payers}
    to_top = {g.id: right[g.id][0] for g in gainers}
    marks = {g.id: g.mark for g in gainers}
    rank = {g.id: i for i, g in enumerate(gainers)}
    ranked = {p.id: i for i, p in enumerate(payers)}
    starts, ends = {}, {}
    for band in sorted(bands, key=lambda b: (ranked[b.payer_id], rank[b.gainer_id])):
        size = band.gbp / total
        starts[band] = from_top[band.payer_id]
        from_top[band.payer_id] -= size
    for band in sorted(bands, key=lambda b: (rank[b.gainer_id], ranked[b.payer_id])):
        ends[band] = to_top[band.gainer_id]
        to_top[band.gainer_id] -= band.gbp / total
    for band in sorted(bands, key=lambda b: (b.payer_id, b.gainer_id) in story):
        mark = marks[band.gainer_id]
        told = (band.payer_id, band.gainer_id) in story
        sketch.add_shape(
            type="path", path=_ribbon(starts[band], ends[band], band.gbp / total), layer="below",
            fillcolor=mark.fill if told else _GREY, opacity=0.92 if told else 1,
            line={"width": 1 if told else 0, "color": mark.edge},
        )  # fmt: skip
    return [(starts[b] - b.gbp / total / 2, ends[b] - b.gbp / total / 2) for b in bands]


def _ribbon(start: float, end: float, size: float) -> str:
    x0, x1, xm = 0.014, 0.986, 0.5
    a, b, c, d = (f"{y:.5f}" for y in (start, end, end - size, start - size))
    return f"M{x0},{a} C{xm},{a} {xm},{b} {x1},{b} L{x1},{c} C{xm},{c} {xm},{d} {x0},{d} Z"


def _ends(
    sketch: Sketch,
    ends: Sequence[End],
    tops: Mapping[str, tuple[float, float]],
    labels: Sequence[float],
    anchor: str,
    pixel: float,
) -> None:
    at, inward = (0, 0.012) if anchor == "right" else (1, -0.012)
    for end, y in zip(ends, labels, strict=True):
        top, bottom = tops[end.id]
        sketch.add_shape(
            type="rect", x0=at, x1=at + inward, y0=top, y1=min(bottom, top - 2 * pixel),
            fillcolor=end.mark.fill, line={"color": end.mark.edge, "width": 1.5},
        )  # fmt: skip
        sketch.add_annotation(
            text=f"{safe(end.name)}  <span style='color:{TOKENS['ink-2']}'>{safe(end.amount)}</span>", font={"size": 14},
            x=at, xref="paper", xanchor=anchor, xshift=-10 if at == 0 else 10, y=y,
        )  # fmt: skip


def _said_on_bands(
    sketch: Sketch,
    bands: Sequence[Band],
    places: Sequence[tuple[float, float]],
    gainers: Sequence[End],
    total: float,
    pixel: float,
    story: Mapping[tuple[str, str], str],
) -> None:
    marks = {g.id: g.mark for g in gainers}
    for band, (start, _) in zip(bands, places, strict=True):
        words = story.get((band.payer_id, band.gainer_id))
        if words and band.gbp / total / pixel >= _THIN:
            ink = marks[band.gainer_id].ink
            sketch.add_annotation(
                text=f"<b>{safe(words)}</b>",
                font={"size": 14, "color": ink},
                x=0.025,
                xanchor="left",
                y=start,
            )


def _alt(
    bands: Sequence[Band], payers: Sequence[End], gainers: Sequence[End], story: Mapping[tuple[str, str], str]
) -> str:
    total = sum(b.gbp for b in bands)
    told = listing([f"{words}" for words in story.values()])
    said = f"; of each pound: {told}" if told else ""
    sides = f"{capital(listing([f'{p.name} {p.amount}' for p in payers]))}. To: {listing([f'{g.name} {g.amount}' for g in gainers])}."
    return f"Flow picture from payers to gainers, {pounds(round(total))} of benefit{said}. From: {sides}"
