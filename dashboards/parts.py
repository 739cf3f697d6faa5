"""The parts that every page is made of: panels with a sentence for a title, pictures, tables, states, notes.

A rule, not a box. A page arranges these; it makes no other mark-up of its own unless nothing here will do.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from dash import dcc, html

from dashboards.urls import State, download_address, rows_address
from partnership import wording
from partnership.charts.theme import CONFIG, alternative, picture_of
from partnership.errors import PartnershipError

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl

    from dashboards.data import Partner

__all__ = [
    "Col",
    "aria",
    "badge",
    "cols",
    "download_links",
    "empty",
    "failed",
    "failures",
    "guarded",
    "note",
    "panel",
    "picture",
    "rows_link",
    "say",
    "source_line",
    "state_word",
    "table",
    "twin",
]

Child = Any
logger = logging.getLogger(__name__)

_DAY = re.compile(r"(\d{1,2} )?[A-Z][a-z]{2,8} \d{4}")
_GOOD = ("on plan", "kept on time", "closing", "improving", "on time", "better")
_BAD = ("off plan", "overdue", "widening", "stale", "kept late", "worse")
_MISSING = (
    "withheld",
    "no answer",
    "no reading",
    "not provided",
    "too early",
    "suppressed",
    "partial",
    "blank",
    "no return",
)


def aria(**said: object) -> dict[str, Any]:
    """Return what assistive technology is told, as attributes of a component.

    Examples
    --------
    >>> aria(label="Pages", current=None)
    {'aria-label': 'Pages'}
    """
    return {f"aria-{name}": value for name, value in said.items() if value is not None}


# ---- words ----
def say(*children: Child, then: Child = None) -> html.Div:
    """Return the sentence that a page opens with, and the one after it."""
    return html.Div(
        [html.P(list(children), className="say"), *([html.P(then, className="then")] if then else [])]
    )


def note(*children: Child, partial: bool = False, role: str | None = None) -> html.Div:
    """Return a remark with a bar at its left: ink, or hatched when something is missing."""
    more: dict[str, Any] = {"role": role} if role else {}
    return html.Div(list(children), className="note partial" if partial else "note", **more)


def state_class(word: str) -> str:
    """Return the shape and colour of a state's word: good, bad, flat, prov or none.

    Examples
    --------
    >>> [state_class(w) for w in ("off plan 3 months", "on plan", "withheld", "provisional", "no change")]
    ['bad', 'good', 'none', 'prov', 'flat']
    """
    lower = word.casefold()
    for name, words in (("prov", ("provisional",)), ("bad", _BAD), ("good", _GOOD), ("none", _MISSING)):
        if any(lower.startswith(w) for w in words):
            return name
    return "flat"


def state_word(word: str, kind: str | None = None) -> html.Span:
    """Return a state in words, with its shape; ``kind`` overrules what the word says."""
    return html.Span(word, className=f"state {kind or state_class(word)}")


def badge(partner: Partner) -> html.Abbr:
    """Return an agency's badge: hue of its sector, its code, its name for those who ask."""
    hue, fill = (partner.mark_name or "grey full").split(" ")[:2]
    return html.Abbr(partner.code, className=f"ag {hue} {fill}", title=partner.name)


def rows_link(children: Child, state: State, view: str, /, **filters: object) -> dcc.Link:
    """Return a number as a link to the rows that make it."""
    return dcc.Link(
        children,
        href=rows_address(state, view, **filters),
        className="open",
        title="Open the rows behind this",
    )


# ---- panels ----
def panel(
    title: Child, *children: Child, key: str, sub: Child = None, source: Child = None, span: str | None = None
) -> html.Section | html.Div:
    """Return a panel: a rule, a sentence, a picture, its source.

    Parameters
    ----------
    title : str or component
        One sentence computed from data.
    *children
        The picture or table, then its twin.
    key : str
        Id of the panel on its page, without blanks.
    sub, source : str or component, optional
        What is shown; where it comes from and how it is worked out.
    span : str, optional
        Columns of twelve it takes inside :func:`cols`: "c6".
    """
    below = [source_line(source)] if source else []
    picture_first = [c for c in children if c is not None and not _is_twin(c)]
    twins = [c for c in children if _is_twin(c)]
    sub_line = [html.P(sub, className="sub")] if sub else []
    section = html.Section(
        [html.H2(title, id=f"{key}-title"), *sub_line, *picture_first, *below, *twins],
        className="panel",
        id=key,
        **aria(labelledby=f"{key}-title"),
    )
    return html.Div(section, className=span) if span else section


def _is_twin(child: Child) -> bool:
    return isinstance(child, html.Details) and getattr(child, "className", "") == "twin"


def cols(*children: Child) -> html.Div:
    """Return panels side by side, in twelve columns; one under another on a phone."""
    return html.Div([c for c in children if c is not None], className="cols")


def source_line(*children: Child) -> html.P:
    """Return the line that says where a picture comes from."""
    return html.P(list(children), className="source")


def empty(
    title: Child, sentence: Child, *, key: str, link: Child = None, span: str | None = None
) -> html.Section | html.Div:
    """Return a panel that has nothing to show: rule, title, one sentence, one button; no axes."""
    return panel(title, html.P(sentence, className="empty"), link, key=key, span=span)


_thread = threading.local()


def failures() -> int:
    """Return how many parts of pages could not be made in this thread: a page with one is not kept."""
    return getattr(_thread, "failures", 0)


def failed(sentence: str = "This picture could not be made.") -> html.Div:
    """Return what stands in place of a picture that could not be made; the rest of the page lives."""
    _thread.failures = failures() + 1
    return note(html.P(sentence), role="alert")


def guarded(
    make: Callable[[], Child],
    key: str,
    title: str = "This part of the page could not be made",
    span: str | None = None,
) -> Child:
    """Return what ``make`` returns; if it fails, a panel that says so, with nothing of the data in it."""
    try:
        return make()
    except Exception as error:
        logger.exception("Panel %s failed", key)
        return panel(title, failed(why(error)), key=key, span=span)


def why(error: Exception) -> str:
    """Return what a reader may be told of a failure: never a value of the data."""
    kind = (
        "The store could not be read" if isinstance(error, PartnershipError) else "Something in it went wrong"
    )
    log = "The rest of the page is right; what happened is in the server's log."
    return f"{kind}: {type(error).__name__}. {log}"


# ---- pictures ----
def picture(
    figure: go.Figure, *, key: str, wide: int | None = None, style: Mapping[str, Any] | None = None
) -> html.Figure:
    """Return a figure with its alternative text.

    Parameters
    ----------
    figure : plotly Figure
        From ``partnership.charts``; its height and alternative text are its own.
    key : str
        Id of the graph, without blanks.
    wide : int, optional
        Width in pixels below which it does not shrink: it then scrolls in a box of its own, never the page.
    style : Mapping, optional
        More style for the graph.
    """
    height = figure.layout.height or 320
    alt = alternative(figure)
    graph = dcc.Graph(
        id=key,
        figure=picture_of(figure),
        config=cast(Any, dict(CONFIG)),
        responsive=True,
        style={
            "height": f"{height}px",
            "width": "100%",
            **({"minWidth": f"{wide}px"} if wide else {}),
            **(style or {}),
        },
    )
    drawn = html.Div(graph, className="picture", role="img", **aria(label=alt))
    if wide is None:
        return html.Figure(drawn)
    return html.Figure(
        html.Div(
            drawn,
            className="scroll",
            tabIndex="0",
            role="group",
            **aria(label=f"Picture: {_first_sentence(alt)}"),
        )
    )


def _first_sentence(alt: str) -> str:
    return re.split(r"(?<=[.:])\s", alt, maxsplit=1)[0].rstrip(".:")


# ---- tables ----
@dataclass(frozen=True, slots=True)
class Col:
    """A column of a table.

    Parameters
    ----------
    name : str
        Column of the frame.
    label : str
        Its heading.
    show : Callable, optional
        From the value to what is shown; by default text, and nothing where there is none.
    numeric : bool
        Set right, figures under figures.
    row : Callable, optional
        From the whole row to what is shown, instead of ``show``.
    """

    name: str
    label: Child
    show: Callable[[Any], Child] | None = None
    numeric: bool = False
    row: Callable[[dict[str, Any]], Child] | None = None

    def cell(self, row: dict[str, Any]) -> Child:
        """Return what stands in this column for a row."""
        if self.row is not None:
            return self.row(row)
        value = row[self.name]
        if self.show is not None:
            return self.show(value)
        return "" if value is None else wording.number(value) if self.numeric else str(value)


def table(
    rows: pl.DataFrame | Iterable[dict[str, Any]],
    columns: Sequence[Col],
    *,
    caption: Child = None,
    foot: Sequence[Child] | None = None,
    label: str | None = None,
    class_name: str | None = None,
) -> html.Div:
    """Return a table in a box that scrolls sideways by itself; the first column heads the rows.

    Parameters
    ----------
    rows : polars.DataFrame or rows
        What to show, already sorted.
    columns : Sequence[Col]
        What stands in it.
    caption : str or component, optional
        What the table is.
    foot : Sequence, optional
        The cells of a last row: totals.
    label : str, optional
        Name of the box for those who do not see it; the caption by default.
    class_name : str, optional
        More style.
    """
    records = rows if not hasattr(rows, "iter_rows") else rows.iter_rows(named=True)
    kind = ["num" if c.numeric else None for c in columns]
    head = html.Thead(
        html.Tr([html.Th(c.label, scope="col", className=k) for c, k in zip(columns, kind, strict=True)])
    )
    body = html.Tbody([_row(record, columns, kind) for record in records])
    parts: list[Child] = [html.Caption(caption)] if caption else []
    parts += [head, body]
    if foot:
        parts.append(
            html.Tfoot(
                html.Tr(
                    [
                        html.Th(foot[0], scope="row"),
                        *(html.Td(c, className=k) for c, k in zip(foot[1:], kind[1:], strict=True)),
                    ]
                )
            )
        )
    made = html.Table(parts, className=class_name) if class_name else html.Table(parts)
    name = label or (caption if isinstance(caption, str) else "Table")
    return html.Div(made, className="scroll", tabIndex="0", role="group", **aria(label=name))


def _row(record: dict[str, Any], columns: Sequence[Col], kind: Sequence[str | None]) -> html.Tr:
    first, *rest = (c.cell(record) for c in columns)
    return html.Tr(
        [
            html.Th(first, scope="row"),
            *(html.Td(c, className=k or _when(c)) for c, k in zip(rest, kind[1:], strict=True)),
        ]
    )


def _when(cell: Child) -> str | None:
    """Return the style of a cell that is a day or a month and nothing else: it stays on one line.

    Examples
    --------
    >>> _when("3 Sept 2026"), _when("March 2027"), _when("by March 2027")
    ('when', 'when', None)
    """
    return "when" if isinstance(cell, str) and _DAY.fullmatch(cell) else None


def twin(*children: Child, files: Child = None, summary: str = "Show the numbers") -> html.Details:
    """Return a picture's table, closed until it is asked for, with the files of its rows."""
    return html.Details(
        [html.Summary(summary), *children, *([files] if files is not None else [])], className="twin"
    )


def download_links(state: State, view: str, /, what: str = "these rows", **filters: object) -> html.P:
    """Return links to what is shown as files, written on the server."""
    links = [
        html.A(
            kind.upper(),
            href=download_address(state, view, kind, **filters),
            download="",
            **aria(label=f"Download {what} as {kind.upper()}"),
        )
        for kind in ("csv", "xlsx")
    ]
    return html.P([f"Download {what}: ", *links], className="files")
