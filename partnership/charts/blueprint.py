"""Pictures of the work: hours now and after the change by agency, what waits for what, and all the work as tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from partnership.charts._axes import amounts, left_label, wrapped
from partnership.charts.theme import PATTERN, TOKENS, Mark, Sketch, mark_of, safe, scatter, text
from partnership.wording import listing, number

__all__ = ["Hours", "Tile", "depths", "hours", "tiles", "waiting"]

_LABELS = 180
_ROW = 36


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours a week of one agency: ``now`` today, ``after`` once the change is made."""

    name: str
    mark: Mark
    now: float
    after: float


@dataclass(frozen=True, slots=True)
class Tile:
    """One piece of work as it is drawn.

    Parameters
    ----------
    id, title, habit, function, population : str
        As in the plan; an empty text where it is not said.
    lead_code, lead_mark : str or None
        Badge and mark of the agency that leads; None: nobody.
    place : {"in", "to be", "local"}
        In the shared system now, to be in it, or local.
    depends_on : tuple[str, ...]
        What it waits for.
    """

    id: str
    title: str
    habit: str
    function: str
    population: str
    lead_code: str | None
    lead_mark: Mark | None
    place: str
    depends_on: tuple[str, ...] = ()


def hours(rows: Sequence[Hours]) -> go.Figure:
    """Draw the hours of each agency: solid after the change, dashed what is freed, an ink outline what is added.

    Parameters
    ----------
    rows : Sequence[Hours]
        In the order to be drawn; hours a week.
    """
    said = listing(f"{r.name} {number(r.now)} to {number(r.after)}" for r in rows)
    ticks = amounts([r.now for r in rows] + [r.after for r in rows], most=4) if rows else [0.0]
    sketch = Sketch(
        f"Hours a week in the work that partners do together, now and after the change: {said or 'none are known'}.",
        height=40 + _ROW * len(rows), margin=(_LABELS, 96, 28, 6),
        xaxis={"side": "top", "range": [0, (ticks[-1] or 1) * 1.02], "tickvals": ticks, "showgrid": True, "zeroline": True,
               "ticktext": [number(t) if t == 0 else f"{number(t)} hours" for t in ticks], "tickangle": 0},
        yaxis={"range": [-0.6, len(rows) - 0.4], "tickvals": [], "showticklabels": False}, barmode="overlay",
    )  # fmt: skip
    most = max((r.now - r.after for r in rows), default=0.0)
    for n, row in enumerate(rows):
        y = len(rows) - 1 - n
        _hours_row(sketch, row, y, strong=row.now - row.after == most and most > 0)
    return sketch.figure()


def _hours_row(sketch: Sketch, row: Hours, y: int, *, strong: bool) -> None:
    mark = row.mark
    words = f"{row.name}: {number(row.now)} hours a week now, {number(row.after)} after the change"
    sketch.add_trace(
        {"type": "bar", "orientation": "h", "x": [min(row.now, row.after)], "y": [y], "width": 0.44, "name": "after",
         "hovertext": [safe(words)], "hoverinfo": "text", "showlegend": False,
         "marker": {"color": mark.fill, "line": {"color": mark.edge, "width": 1.5}}}
    )  # fmt: skip
    low, high = sorted((row.now, row.after))
    if high > low:
        frees = row.now > row.after
        sketch.add_shape(
            type="rect", x0=low, x1=high, y0=y - 0.22, y1=y + 0.22, fillcolor=TOKENS["paper"],
            line={"color": mark.edge if frees else TOKENS["ink"], "width": 1.5, "dash": "4px,3px" if frees else "solid"},
        )  # fmt: skip
    sketch.add_annotation(**left_label(wrapped(safe(row.name), 23), y, _LABELS))
    freed = row.now - row.after
    word = f"{number(freed)} hours" if freed >= 0 else f"{number(-freed)} more"
    sketch.add_annotation(
        text=safe(word), x=1, xref="paper", xshift=92, xanchor="right", y=y,
        font={"size": 15, "color": TOKENS["ink"], "weight": 700 if strong else 400},
    )  # fmt: skip


def depths(items: Sequence[Tile]) -> dict[str, int]:
    """Return how many steps lie before each item: the longest way to it from what waits for nothing.

    Items in a ring, which never start, stand at the depth of what comes before the ring.

    Examples
    --------
    >>> def one(key, *first):
    ...     return Tile(key, key, "start", "", "", None, None, "to be", first)
    >>> depths([one("C", "B", "A"), one("A"), one("B", "A")])
    {'C': 2, 'A': 0, 'B': 1}
    """
    by_id = {i.id: i for i in items}
    found: dict[str, int] = {}

    def depth(key: str, on_the_way: frozenset[str]) -> int:
        if key in found:
            return found[key]
        before = [f for f in by_id[key].depends_on if f in by_id and f not in on_the_way and f != key]
        return max((depth(f, on_the_way | {key}) + 1 for f in before), default=0)

    for item in items:
        found[item.id] = depth(item.id, frozenset({item.id}))
    return found


def waiting(items: Sequence[Tile], critical: Sequence[str] = ()) -> go.Figure:
    """Draw what waits for what: from left to right, the longest chain in thick ink.

    Parameters
    ----------
    items : Sequence[Tile]
        Items that wait for something or that something waits for.
    critical : Sequence[str]
        Ids along the longest chain, in order.
    """
    at, rows = _places(items)
    steps = max((x for x, _ in at.values()), default=0) + 1
    chain = " then ".join(critical)
    pairs = listing(f"{i.id} waits for {listing(i.depends_on)}" for i in items if i.depends_on)
    sketch = Sketch(
        f"What waits for what: {pairs or 'nothing waits'}." + (f" The longest chain is {chain}." if chain else ""),
        height=24 + 66 * max(rows, 1), margin=(8, 8, 8, 8),
        xaxis={"range": [-0.05, steps - 0.12], "visible": False}, yaxis={"range": [-0.6, rows - 0.4], "visible": False},
    )  # fmt: skip
    along = set(zip(critical, critical[1:], strict=False))
    for item in items:
        for first in item.depends_on:
            if first in at:
                _edge(sketch, at[first], at[item.id], thick=(first, item.id) in along)
    for item in items:
        _node(sketch, item, *at[item.id], strong=item.id in critical)
    return sketch.figure()


def _places(items: Sequence[Tile]) -> tuple[dict[str, tuple[float, float]], int]:
    """Return each item's place, column by column, and the number of rows."""
    deep = depths(items)
    columns: dict[int, list[Tile]] = {}
    for item in sorted(items, key=lambda i: i.id):
        columns.setdefault(deep[item.id], []).append(item)
    rows = max((len(c) for c in columns.values()), default=0)
    at: dict[str, tuple[float, float]] = {}
    for column in sorted(columns):
        own = columns[column]
        heights = {i.id: _wanted(i, at, n) for n, i in enumerate(own)}
        order = sorted(own, key=lambda i: (-heights[i.id], i.id))
        offset = (rows - len(order)) / 2
        for n, item in enumerate(order):
            at[item.id] = (column, rows - 1 - n - offset)
    return at, rows


def _wanted(item: Tile, at: Mapping[str, tuple[float, float]], n: int) -> float:
    """Return the height at which an item stands nearest to what it waits for."""
    before = [at[f][1] for f in item.depends_on if f in at]
    return sum(before) / len(before) if before else -n


_WIDE, _TALL = 0.74, 0.36


def _edge(sketch: Sketch, start: tuple[float, float], end: tuple[float, float], *, thick: bool) -> None:
    x0, y0, x1, y1 = start[0] + _WIDE, start[1], end[0], end[1]
    middle = x0 + (x1 - x0) * 0.5
    colour, width = (TOKENS["ink"], 4) if thick else (TOKENS["edge"], 2)
    sketch.add_trace(
        scatter(x=[x0, middle, middle, x1], y=[y0, y0, y1, y1], mode="lines", hoverinfo="skip", name="waits",
                line={"color": colour, "width": width, "shape": "linear"}, showlegend=False)
    )  # fmt: skip
    sketch.add_trace(
        scatter(x=[x1], y=[y1], mode="markers", hoverinfo="skip", name="to", showlegend=False,
                marker={"symbol": "triangle-right", "size": 11, "color": colour})
    )  # fmt: skip


def _node(sketch: Sketch, item: Tile, x: float, y: float, *, strong: bool) -> None:
    mark = item.lead_mark or mark_of(None)
    sketch.add_shape(
        type="rect", x0=x, x1=x + _WIDE, y0=y - _TALL, y1=y + _TALL,
        fillcolor=TOKENS["wash"] if item.place == "in" else TOKENS["paper"],
        line={"color": TOKENS["ink"] if item.place != "local" else TOKENS["edge"], "width": 3 if strong else 1.5,
              "dash": "4px,3px" if item.place == "to be" and not strong else "solid"},
    )  # fmt: skip
    sketch.add_annotation(
        text=safe(item.lead_code or "No lead"), x=x, y=y, xshift=30, font={"size": 13, "color": mark.ink, "weight": 700},
        bgcolor=mark.fill if item.lead_code else TOKENS["paper"], bordercolor=mark.edge, borderwidth=2, borderpad=2,
    )  # fmt: skip
    sketch.add_annotation(
        text=wrapped(safe(f"{item.id} {item.title}"), 24), x=x, y=y, xanchor="left", xshift=58, align="left",
        font={"size": 14, "color": TOKENS["ink"]},
    )  # fmt: skip


def tiles(items: Sequence[Tile], functions: Sequence[str], populations: Sequence[str]) -> go.Figure:
    """Draw all the work as one picture: functions across, populations down, a tile for each piece of work.

    For a wall (A3), a notebook and a printed pack; on a page the same picture is a table, which reads aloud.

    Parameters
    ----------
    items : Sequence[Tile]
        The work.
    functions, populations : Sequence[str]
        Columns and rows, in order. Items of another function or population stand in a last "not said".
    """
    across = [*functions, *(["not said"] if any(i.function not in functions for i in items) else [])]
    down = [*populations, *(["not said"] if any(i.population not in populations for i in items) else [])]
    cells: dict[tuple[int, int], list[Tile]] = {}
    for item in items:
        column = across.index(item.function) if item.function in functions else len(across) - 1
        row = down.index(item.population) if item.population in populations else len(down) - 1
        cells.setdefault((row, column), []).append(item)
    tall = [
        max((len(cells.get((r, c), ())) for c in range(len(across))), default=1) or 1
        for r in range(len(down))
    ]
    total = sum(tall) or 1
    sketch = Sketch(
        _tiles_words(items, functions), height=48 + 66 * total, margin=(150, 8, 36, 8),
        xaxis={"range": [-0.02, max(len(across), 1)], "visible": False}, yaxis={"range": [0, total], "visible": False},
    )  # fmt: skip
    for c, name in enumerate(across):
        sketch.add_annotation(
            **text(name, bold=True), x=c + 0.02, y=total, xanchor="left", yanchor="bottom", yshift=8
        )
    top = float(total)
    for r, name in enumerate(down):
        sketch.add_shape(
            type="line",
            x0=0,
            x1=1,
            xref="paper",
            y0=top,
            y1=top,
            line={"color": TOKENS["line" if r else "ink"], "width": 1},
        )
        sketch.add_annotation(**left_label(wrapped(safe(name), 18), top - 0.5, 150))
        for c in range(len(across)):
            for n, item in enumerate(cells.get((r, c), ())):
                _tile(sketch, item, c, top - n)
        top -= tall[r]
    return sketch.figure()


def _tile(sketch: Sketch, item: Tile, column: int, top: float) -> None:
    mark = item.lead_mark or mark_of(None)
    strong = item.place in ("in", "to be")
    sketch.add_shape(
        type="rect", x0=column + 0.02, x1=column + 0.97, y0=top - 0.94, y1=top - 0.06,
        fillcolor=TOKENS["wash"] if item.place == "in" else TOKENS["paper"],
        line={"color": TOKENS["ink" if strong else "edge"], "width": 2 if strong else 1, "dash": "4px,3px" if item.place == "to be" else "solid"},
    )  # fmt: skip
    if item.lead_code is None:
        sketch.add_trace(
            {"type": "bar", "x": [column + 0.495], "y": [0.88], "base": [top - 0.94], "width": 0.95, "hoverinfo": "skip", "showlegend": False,
             "marker": {"color": TOKENS["paper"], "pattern": dict(PATTERN), "opacity": 0.5, "line": {"width": 0}}}
        )  # fmt: skip
    sketch.add_annotation(
        text=f"<b>{safe(item.habit.upper())}</b><br>{wrapped(safe(f'{item.id} {item.title}'), 24)}", x=column + 0.05, y=top - 0.5,
        xanchor="left", align="left", font={"size": 13, "color": TOKENS["ink"]},
    )  # fmt: skip
    sketch.add_annotation(
        text=safe(item.lead_code or "No lead"), x=column + 0.95, y=top - 0.24, xanchor="right",
        font={"size": 13, "color": mark.ink if item.lead_code else TOKENS["ink"], "weight": 700},
        bgcolor=mark.fill if item.lead_code else TOKENS["paper"], bordercolor=mark.edge, borderwidth=2, borderpad=2,
    )  # fmt: skip


def _tiles_words(items: Sequence[Tile], functions: Sequence[str]) -> str:
    said = listing(f"{f} {number(sum(i.function == f for i in items))}" for f in functions)
    nobody = [i.id for i in items if i.lead_code is None]
    return f"{number(len(items))} pieces of work by function: {said or 'none is named'}." + (
        f" Nobody leads {listing(nobody)}." if nobody else ""
    )
