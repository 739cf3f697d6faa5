"""The look of every picture: one template from the tokens, marks of agencies, escaping, alternatives.

Colour belongs to the agency or to the state, never to both in one picture. A picture has no title inside (its
panel has one), no mode bar, and no way to send its data anywhere.

Source: Government Analysis Function, colours in data visualisation (the palette); each pair has contrast 3:1.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import plotly.io as pio

from partnership.charts.script import DRAWN
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "CONFIG",
    "FONT",
    "HUES",
    "PATTERN",
    "SYMBOL_AREA",
    "TEMPLATE",
    "TOKENS",
    "Sketch",
    "Mark",
    "alternative",
    "blank_figure",
    "checked",
    "hatch",
    "mark_of",
    "outlined",
    "picture_of",
    "safe",
    "scatter",
    "text",
]

TOKENS: dict[str, str] = {
    "ink": "#0b0c0c",
    "ink-2": "#3b4650",
    "ink-3": "#56616b",
    "edge": "#77828c",
    "grey": "#8c969f",
    "line": "#d4dae0",
    "wash": "#f3f5f7",
    "paper": "#ffffff",
    "blue": "#12436d",
    "blue-tint": "#cfdbe6",
    "turquoise": "#28a197",
    "turquoise-tint": "#cdebe8",
    "pink": "#801650",
    "pink-tint": "#ead0de",
    "orange": "#f46a25",
    "orange-tint": "#fde0d2",
    "grey-tint": "#e3e7eb",
}
"""The tokens of the style sheet, so that a picture and its page cannot differ."""

FONT = '"Helvetica Neue", Arial, "Liberation Sans", sans-serif'

HUES: dict[str, tuple[str, str]] = {
    "blue": (TOKENS["blue"], TOKENS["blue-tint"]),
    "turquoise": (TOKENS["turquoise"], TOKENS["turquoise-tint"]),
    "pink": (TOKENS["pink"], TOKENS["pink-tint"]),
    "orange": (TOKENS["orange"], TOKENS["orange-tint"]),
    "grey": (TOKENS["edge"], TOKENS["grey-tint"]),
}
"""Hue of a sector: its full colour and its tint."""

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showAxisDragHandles": False,
    "showTips": False,
    "editable": False,
    "staticPlot": False,
    "locale": "en-GB",
}
"""Configuration of every picture, on a page, in a notebook and in a file: nothing is sent anywhere."""

for _name in pio.renderers:
    if hasattr(
        pio.renderers[_name], "config"
    ):  # a notebook shows a figure by a renderer of plotly's, with its own button
        pio.renderers[_name].config = CONFIG

SYMBOL_AREA: dict[str, float] = {
    "square": 0.95,
    "diamond": 1.08,
    "circle": 1.0,
    "pentagon": 1.08,
    "triangle-up": 1.15,
    "triangle-down": 1.15,
    "hexagon": 1.08,
    "hexagon2": 1.08,
    "star": 1.12,
}
"""Sizes that make the shapes look equally large."""

PATTERN: dict[str, Any] = {
    "shape": "/",
    "size": 6,
    "solidity": 0.28,
    "fgcolor": TOKENS["edge"],
    "bgcolor": TOKENS["paper"],
}
"""Hatching: missing is drawn as missing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How an agency is drawn, on every picture the same: fill, outline, shape, and the ink on its fill.

    Parameters
    ----------
    fill, edge, ink : str
        Colours.
    symbol : str
        A plotly marker symbol.
    width : float
        Width of the outline in pixels.
    """

    fill: str
    edge: str
    ink: str
    symbol: str
    width: float


def mark_of(mark: str | None) -> Mark:
    """Return how an agency is drawn from what the register keeps of it: "pink tint triangle-down".

    An agency without a mark is a grey circle, as a body outside the partnership is.

    Examples
    --------
    >>> mark_of("blue full square").fill, mark_of("blue tint diamond").edge, mark_of(None).symbol
    ('#12436d', '#12436d', 'circle')
    """
    hue, fill, symbol = (mark or "grey full circle").split(" ", 2)
    full, tint = HUES.get(hue, HUES["grey"])
    if fill == "full":
        ink = TOKENS["paper"] if hue in ("blue", "pink") else TOKENS["ink"]
        return Mark(full, full, ink, symbol, 2)
    return Mark(tint, full, TOKENS["ink"], symbol, 4 if fill == "thick" else 2)


def outlined(mark: Mark, size: float) -> dict[str, Any]:
    """Return the marker of an agency at a size in pixels, for ``go.Scatter(marker=…)``."""
    grown = size * SYMBOL_AREA.get(mark.symbol, 1.0)
    return {
        "symbol": mark.symbol,
        "size": grown,
        "color": mark.fill,
        "opacity": 1,
        "line": {"color": mark.edge, "width": mark.width},
    }


def hatch() -> dict[str, Any]:
    """Return the marker of a bar that stands for something missing."""
    return {"color": TOKENS["paper"], "pattern": dict(PATTERN), "line": {"color": TOKENS["edge"], "width": 1}}


def safe(value: object) -> str:
    """Escape what a user typed, for any text in a picture: plotly reads tags and links in its texts.

    Examples
    --------
    >>> safe("R&D <b>hub</b>")
    'R&amp;D &lt;b&gt;hub&lt;/b&gt;'
    """
    return html.escape(str(value), quote=False).replace("%{", "%&#123;")


def text(value: object, *, size: int = 15, colour: str = "ink", bold: bool = False) -> dict[str, Any]:
    """Return an escaped text with its font, for an annotation."""
    return {
        "text": safe(value),
        "font": {"size": size, "color": TOKENS[colour], "weight": 700 if bold else 400},
    }


def checked(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return the frame if it has the columns a picture needs.

    Raises
    ------
    InvalidInput
        Naming every column that is not there.

    Examples
    --------
    >>> import polars as pl
    >>> checked(pl.DataFrame({"a": [1]}), "a").columns
    ['a']
    """
    absent = [c for c in columns if c not in frame.columns]
    if absent:
        needs, has = (", ".join(map(repr, names)) for names in (absent, frame.columns))
        msg = f"The picture needs column {needs}, and the frame has {has}. Give it the view it is made for."
        raise InvalidInput(msg)
    return frame


def alternative(figure: go.Figure) -> str:
    """Return what a picture shows, in a sentence or two: for those who do not see it."""
    meta = figure.layout.meta
    return str(meta["alt"]) if isinstance(meta, Mapping) and "alt" in meta else ""


def blank_figure(
    alt: str, *, height: int, margin: tuple[int, int, int, int] = (64, 180, 8, 44), **layout: Any
) -> go.Figure:
    """Return an empty figure in the house style.

    Parameters
    ----------
    alt : str
        What the picture shows, in a sentence or two.
    height : int
        Pixels.
    margin : tuple of int
        Left, right, top, bottom, in pixels; the right one carries the labels at the lines' ends.
    **layout
        Anything else for the layout.
    """
    return go.Figure(layout=_house_layout(alt, height=height, margin=margin, **layout))


def _house_layout(
    alt: str, *, height: int, margin: tuple[int, int, int, int] = (64, 180, 8, 44), **layout: Any
) -> dict[str, Any]:
    left, right, top, bottom = margin
    return {
        "template": TEMPLATE,
        "height": height,
        "meta": {"alt": alt},
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        **layout,
    }


class Sketch:
    """Collects the traces, notes and shapes of a picture, and makes the figure of them once.

    A figure that grows trace by trace checks itself again at every step: eighty marks take ten times as long.

    Parameters
    ----------
    alt, height, margin, **layout
        As for :func:`blank_figure`.
    """

    def __init__(self, alt: str, *, height: int, **layout: Any) -> None:
        self._base = {"alt": alt, "height": height, **layout}
        self._traces: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []
        self._shapes: list[dict[str, Any]] = []

    def add_trace(self, trace: dict[str, Any]) -> None:
        """Add a trace."""
        self._traces.append(trace)

    def add_traces(self, traces: Iterable[dict[str, Any]]) -> None:
        """Add traces, each drawn over those before it."""
        self._traces += traces

    def add_annotation(self, **annotation: Any) -> None:
        """Add a note."""
        self._annotations.append({"showarrow": False, **annotation})

    def add_shape(self, **shape: Any) -> None:
        """Add a shape."""
        self._shapes.append(shape)

    def figure(self) -> go.Figure:
        """Return the picture, checked once as a whole."""
        layout = _house_layout(**self._base)
        return go.Figure(
            data=self._traces,
            layout={**layout, "annotations": self._annotations, "shapes": self._shapes},
        )


def scatter(**trace: Any) -> dict[str, Any]:
    """Return a trace of points or lines."""
    return {"type": "scatter", **trace}


def picture_of(figure: go.Figure) -> dict[str, Any]:
    """Return a figure as a plain dictionary, which a page sends faster than a figure.

    Raises
    ------
    ValueError
        When a trace is of a kind that the pages' script cannot draw: it would be left out without a word.
    """
    plain: dict[str, Any] = figure.to_plotly_json()
    kinds = {trace.get("type", "scatter") for trace in plain["data"]}
    if strange := sorted(kinds - DRAWN):
        msg = f"A picture holds {', '.join(strange)}: the pages' script draws {', '.join(sorted(DRAWN))} only"
        raise ValueError(msg)
    return plain


def _axis(**more: Any) -> dict[str, Any]:
    return {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "linecolor": TOKENS["edge"],
        "gridcolor": TOKENS["line"],
        "gridwidth": 1,
        "zerolinecolor": TOKENS["ink"],
        "zerolinewidth": 1,
        "ticks": "",
        "automargin": False,
        "fixedrange": True,
        "tickfont": {"size": 14, "color": TOKENS["ink-2"]},
        "title": {"font": {"size": 14, "color": TOKENS["ink-2"]}, "standoff": 6},
        **more,
    }


def _template() -> go.layout.Template:
    layout = {
        "font": {"family": FONT, "size": 15, "color": TOKENS["ink"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [TOKENS[c] for c in ("blue", "turquoise", "pink", "orange")],
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "separators": ".,",
        "autosize": True,
        "hoverlabel": {
            "bgcolor": TOKENS["paper"],
            "bordercolor": TOKENS["ink"],
            "font": {"family": FONT, "size": 14, "color": TOKENS["ink"]},
            "align": "left",
        },
        "xaxis": _axis(),
        "yaxis": _axis(),
        "bargap": 0.4,
        "uirevision": "fixed",
        "annotationdefaults": {"showarrow": False, "font": {"size": 15, "color": TOKENS["ink"]}},
        "shapedefaults": {"line": {"color": TOKENS["ink"], "width": 1}},
        "transition": {"duration": 0},
    }
    return go.layout.Template(layout=layout)


def columns_of(frame: pl.DataFrame, names: Iterable[str]) -> list[list[Any]]:
    """Return columns of a frame as lists, in the order asked for."""
    return [frame[name].to_list() for name in names]


TEMPLATE = "partnership"
pio.templates[TEMPLATE] = _template()
