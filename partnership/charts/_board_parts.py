"""What the small pictures of the board overview share: words beside a point, a line, an axis of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partnership.charts.theme import TOKENS, Sketch, safe, scatter

__all__ = ["line", "value_axis", "write"]


def write(
    figure: Sketch, text: str, x: Any, y: Any, *, size: int = 14, colour: str = "ink", bold: bool = False,
    left: float = 0, up: float = 0, anchor: str = "left", ref: str = "x", y_ref: str = "y",
    halo: bool = False,
) -> None:  # fmt: skip
    """Write beside a point, or beside the plot when ``ref`` or ``y_ref`` is "paper"."""
    figure.add_annotation(
        text=safe(text),
        x=x,
        y=y,
        xref=ref,
        yref=y_ref,
        xanchor=anchor,
        yanchor="middle",
        xshift=left,
        yshift=up,
        font={"size": size, "color": TOKENS[colour], "weight": 700 if bold else 400},
        bgcolor=TOKENS["paper"] if halo else None,
        borderpad=1,
    )


def line(x: Sequence[Any], y: Sequence[Any], name: str, **look: Any) -> dict[str, Any]:
    """Return a line without marks."""
    style = {"color": TOKENS["blue"], "width": 3, **look}
    return scatter(x=x, y=y, mode="lines", name=name, line=style, hoverinfo="skip", cliponaxis=False)


def value_axis(ticks: Sequence[float], words: Sequence[str]) -> dict[str, Any]:
    """Return an axis from the first tick to a little beyond the last."""
    return {
        "range": [ticks[0], ticks[-1] * 1.04 if ticks[-1] > 0 else ticks[-1]],
        "tickvals": list(ticks),
        "ticktext": list(words),
        "showgrid": True,
        "zeroline": True,
        "tickfont": {"size": 13, "color": TOKENS["ink-3"]},
        "ticklabelstandoff": 6,
    }
