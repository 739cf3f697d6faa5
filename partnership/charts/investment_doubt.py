# ruff: noqa: E501 - a sentence stays on one line
"""Picture of which assumption carries how much of the doubt: Sobol indices with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from partnership.charts._axes import left_label
from partnership.charts.theme import TOKENS, Sketch, safe, scatter

__all__ = ["Doubt", "doubt"]

_ROW, _NAMES = 36, 300


@dataclass(frozen=True, slots=True)
class Doubt:
    """One assumption's share of the variance: alone, and with all it works together with; shares from 0 to 1.

    Parameters
    ----------
    name : str
        The assumption, or the assumptions that correlations tie.
    first, first_error, total, total_error : float
        Each index with half its 95% interval, as estimated.
    """

    name: str
    first: float
    first_error: float
    total: float
    total_error: float


def doubt(rows: Sequence[Doubt]) -> go.Figure:
    """Draw each assumption's total index as a light bar, its first-order index as a mark, both with 95% intervals.

    Parameters
    ----------
    rows : Sequence[Doubt]
        The largest first. What is estimated below nil is drawn at nil: it is noise.
    """
    top = 40
    height = top + _ROW * max(len(rows), 1) + 8
    most = max([r.total + r.total_error for r in rows] + [r.first + r.first_error for r in rows] + [0.05])
    step = next(s for s in (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0) if most / s <= 6 or s == 1.0)
    ticks = [round(i * step, 4) for i in range(int(most / step) + 2)]
    said = [f"{r.name}: alone {_percent(r.first)}, in all {_percent(r.total)}" for r in rows]
    sketch = Sketch(
        f"Shares of the doubt. {'; '.join(said)}.", height=height, margin=(_NAMES, 24, top, 8),
        xaxis={"range": [0, ticks[-1]], "tickvals": ticks, "ticktext": [_percent(t) for t in ticks], "side": "top", "showgrid": True},
        yaxis={"range": [-len(rows) + 0.5, 0.5], "visible": False},
    )  # fmt: skip
    at = [-i for i in range(len(rows))]
    words = [safe(w) for w in said]
    sketch.add_trace(
        {
            "type": "bar", "orientation": "h", "name": "In all", "x": [max(0.0, r.total) for r in rows], "y": at, "width": [0.5] * len(rows),
            "hoverinfo": "text", "hovertext": words, "marker": {"color": TOKENS["blue-tint"], "line": {"color": TOKENS["blue"], "width": 1}},
        }
    )  # fmt: skip
    for name, shift, pick in (("Interval in all", 0.14, True), ("Interval alone", -0.14, False)):
        for row, y in zip(rows, at, strict=True):
            middle, error = (row.total, row.total_error) if pick else (row.first, row.first_error)
            sketch.add_trace(
                scatter(
                    x=[max(0.0, middle - error), max(0.0, middle + error)], y=[y + shift] * 2, mode="lines", name=name, hoverinfo="skip",
                    line={"color": TOKENS["ink-3"] if pick else TOKENS["blue"], "width": 1.5},
                )
            )  # fmt: skip
    sketch.add_trace(
        scatter(
            x=[max(0.0, r.first) for r in rows], y=[y - 0.14 for y in at], mode="markers", name="Alone", hoverinfo="text", hovertext=words,
            marker={"color": TOKENS["blue"], "size": 11, "symbol": "circle"},
        )
    )  # fmt: skip
    for row, y in zip(rows, at, strict=True):
        name = row.name if len(row.name) <= 40 else f"{row.name[:39].rstrip()}…"
        sketch.add_annotation(**left_label(safe(name), y, _NAMES))
    return sketch.figure()


def _percent(share: float) -> str:
    return f"{max(0.0, share) * 100:.0f}%"
