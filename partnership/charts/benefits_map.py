"""The benefits map as a picture: from what is done on the left to what it is for on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from partnership.charts._axes import wrapped
from partnership.charts.theme import TOKENS, blank_figure, safe, text
from partnership.wording import count_of, pounds

if TYPE_CHECKING:
    from partnership.benefits import BenefitsMap, MapNode

__all__ = ["benefits_map_chart"]

HEADINGS = ("Enablers", "Changes", "Intermediate benefits", "End benefits and dis-benefits", "Objectives")
_WIDTH, _ROW, _CHARACTERS = 0.86, 46, 24
_FILL = {
    "enabler": TOKENS["wash"],
    "change": TOKENS["paper"],
    "intermediate benefit": TOKENS["blue-tint"],
    "end benefit": TOKENS["blue-tint"],
    "dis-benefit": TOKENS["orange-tint"],
    "objective": TOKENS["paper"],
}


def benefits_map_chart(found: BenefitsMap, flagged: Sequence[str] = ()) -> go.Figure:
    """Draw the map: a column for each kind, a box for each thing, arrows from cause to effect.

    Benefits are tinted, dis-benefits orange with a dashed edge, objectives have a thick edge, and a box that
    breaks a rule carries an ink triangle. Empty columns are left out.

    Parameters
    ----------
    found : BenefitsMap
        Boxes and arrows as worked out.
    flagged : Sequence of str
        Keys of the boxes that break a rule.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace "Arrows", one "Boxes" with a point for each box; x is the column, y from 0 to 1.
    """
    used = sorted({n.layer for n in found.nodes})
    column = {layer: n for n, layer in enumerate(used)}
    rows = max((sum(n.layer == layer for n in found.nodes) for layer in used), default=1)
    figure = blank_figure(map_alt(found), height=max(rows * _ROW + 60, 220), margin=(8, 8, 40, 8))
    if not found.nodes:
        return figure
    at = {n.key: (float(column[n.layer]), 1 - n.place) for n in found.nodes}
    _arrows(figure, found.arrows, at)
    for node in found.nodes:
        _box(figure, node, at[node.key], rows, is_flagged=node.key in flagged)
    figure.add_scatter(
        x=[at[n.key][0] for n in found.nodes],
        y=[at[n.key][1] for n in found.nodes],
        mode="markers",
        name="Boxes",
        marker={"size": 26, "opacity": 0},
        hovertext=[safe(_hover(n)) for n in found.nodes],
        hoverinfo="text",
    )
    for layer, place in column.items():
        figure.add_annotation(
            **text(HEADINGS[layer], size=15), x=place, y=1, yref="paper", yanchor="bottom", yshift=8
        )
    figure.update_layout(
        xaxis={"range": [-0.5, len(used) - 0.5], "visible": False, "fixedrange": True},
        yaxis={"range": [0, 1], "visible": False, "fixedrange": True},
    )
    return figure


def _arrows(
    figure: go.Figure, arrows: Sequence[tuple[str, str]], at: Mapping[str, tuple[float, float]]
) -> None:
    half = _WIDTH / 2
    xs: list[float | None] = []
    ys: list[float | None] = []
    for cause, effect in arrows:
        (x0, y0), (x1, y1) = at[cause], at[effect]
        same = x0 == x1
        xs += [x0 + half, x1 + half if same else x1 - half, None]
        ys += [y0, y1, None]
    figure.add_scatter(
        x=xs,
        y=ys,
        mode="lines",
        name="Arrows",
        line={"color": TOKENS["grey"], "width": 1.2},
        hoverinfo="skip",
    )


def _box(figure: go.Figure, node: MapNode, at: tuple[float, float], rows: int, *, is_flagged: bool) -> None:
    x, y = at
    tall = min(0.42 / rows, 0.09)
    figure.add_shape(
        type="rect",
        x0=x - _WIDTH / 2,
        x1=x + _WIDTH / 2,
        y0=y - tall,
        y1=y + tall,
        fillcolor=_FILL[node.kind],
        line={
            "color": TOKENS["ink"] if node.kind == "objective" else TOKENS["edge"],
            "width": 2 if node.kind == "objective" else 1,
            "dash": "dash" if node.kind == "dis-benefit" else "solid",
        },
    )
    label = text(node.title, size=13)
    figure.add_annotation(**{**label, "text": wrapped(str(label["text"]), _CHARACTERS)}, x=x, y=y)
    if is_flagged:
        figure.add_annotation(
            **text("▲", size=13), x=x + _WIDTH / 2, y=y + tall, xanchor="right", yanchor="top", xshift=-2
        )


def _hover(node: MapNode) -> str:
    money = f", {pounds(node.money_gbp)} in a full year" if node.money_gbp is not None else ""
    who = f" ({', '.join(node.agencies)})" if node.agencies else ""
    return f"{node.title}: {node.kind}{money}{who}"


def map_alt(found: BenefitsMap) -> str:
    """Return the map in words."""
    if not found.nodes:
        return "The map is empty: no work, benefits or goals yet."
    kinds: dict[str, int] = {}
    for node in found.nodes:
        kinds[node.kind] = kinds.get(node.kind, 0) + 1
    counted = ", ".join(count_of(n, k if k != "dis-benefit" else "dis-benefit") for k, n in kinds.items())
    rules = count_of(len(found.findings), "broken rule") if found.findings else "no rule is broken"
    return f"Benefits map: {counted}; {count_of(len(found.arrows), 'arrow')}; {rules}."
