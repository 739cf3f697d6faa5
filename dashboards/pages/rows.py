"""Rows: what a number is made of, with its sum, its source and its definition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import grids, parts
from dashboards.urls import State, address
from partnership.errors import shown
from partnership.periods import name_moment
from partnership.views import COMMON_PARAMS
from partnership.views import VIEWS as REGISTRY
from partnership.wording import capital, count_of, day, listing, month, number, percent, pounds

if TYPE_CHECKING:
    import polars as pl

    from dashboards.data import Data
    from partnership.views import View, ViewColumn

TITLE = "Rows"
LABEL = "Rows behind a number"
FILTERS = ("agency", "goal", "as_of")
VIEWS: tuple[str, ...] = ()

_MOST_SHOWN = 5000
_CLASS = "benefit_class"


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    name = state.extra.get("view")
    if name is None:
        return _list(state, parts.say("Choose what to see the rows of."))
    if name not in REGISTRY:
        return _list(
            state, parts.say(f"There is no view {shown(name)!r}.", then="These are the views there are:")
        )
    return _view(data, state, REGISTRY[name])


def _list(state: State, opening: Any) -> html.Div:
    links = [
        html.Li(
            [dcc.Link(v.title, href=address(state, "/rows", view=n), className="row-link"), f": {v.question}"]
        )
        for n, v in REGISTRY.items()
    ]
    return html.Div([opening, html.Ul(links, className="views")])


def _view(data: Data, state: State, view: View) -> html.Div:
    frame = data.rows(view.name, state)
    known = {c.name for c in view.columns} | set(view.params)
    ignored = [k for k in state.extra if k not in known and k != "view"]
    filters = {k: v for k, v in state.extra.items() if k in known and k not in COMMON_PARAMS}
    said = [
        parts.say(
            html.Strong(f"{view.title}: {count_of(frame.height, 'row')}."),
            f" {view.question}",
            then=_narrowed(filters),
        ),
        parts.note(
            f"The address asks for {listing(shown(k) for k in ignored)}, which these rows do not have. "
            "It is left out.",
            role="status",
        )
        if ignored
        else None,
    ]
    return html.Div([*said, _back(state, filters), _table(data, state, view, frame), _about(view)])


def _narrowed(filters: Mapping[str, str]) -> str | None:
    if not filters:
        return None
    said = [f"{k.replace('_', ' ')} is “{shown(v)}”" for k, v in filters.items()]
    return f"Only rows whose {listing(said)}."


def _back(state: State, filters: Mapping[str, str]) -> html.P | None:
    if not filters:
        return None
    everything = address(state, **dict.fromkeys(filters))
    return html.P(dcc.Link("Show all rows", href=everything, className="btn"), className="panel-tools")


def _table(data: Data, state: State, view: View, frame: pl.DataFrame) -> Any:
    filters = {k: v for k, v in state.extra.items() if k != "view"}
    files = parts.download_links(state, view.name, "all of these rows", **filters)
    if not frame.height:
        return parts.panel(
            "No rows", html.P("Nothing answers to what is chosen.", className="empty"), files, key="rows"
        )
    rows = frame.head(_MOST_SHOWN).to_dicts()
    columns = [c for c in view.columns if not _is_plumbing(c, view)]
    partners = {p.code: p for p in data.partners(state).values()}
    sums = _sums(frame, view)
    cut = (
        f"The first {number(_MOST_SHOWN)} of {number(frame.height)} rows are shown; the file has all. "
        if frame.height > _MOST_SHOWN
        else ""
    )
    return parts.panel(
        _sum_words(sums, frame.height),
        grids.grid(
            rows,
            [_column(c) for c in columns],
            key="rows-grid",
            label=view.title,
            partners=partners,
            foot=[_foot(sums[0], columns)] if len(sums) == 1 else (),
            caption=view.title,
        ),
        _class_sums(sums, columns) if len(sums) > 1 else None,
        files,
        key="rows",
        sub=_sub(view, sums),
        source=f"{cut}Source: {view.source}.",
    )


def _is_plumbing(column: ViewColumn, view: View) -> bool:
    """Tell whether a column only serves programs: indexes, and ids whose name stands beside them."""
    if column.name == "period_index":
        return True
    stem = column.name.removesuffix("_id")
    return column.name.endswith("_id") and any(
        c.name in (f"{stem}_name", f"{stem}_title") for c in view.columns
    )


def _column(column: ViewColumn) -> grids.GridCol:
    wide = column.type == "VARCHAR" and not column.name.endswith(("_id", "_code"))
    kind: Any = "text"
    if column.name.endswith("_code"):
        kind = "agencies"
    elif column.name == "state":
        kind = "state"
    elif _is_number(column):
        kind = "number"
    label = (
        f"{column.label} ({column.unit})"
        if column.unit and column.unit not in ("£", "share")
        else column.label
    )
    widest = 300 if column.name.endswith("title") else 240
    least = (
        max(96, min(240, 9 * len(label) + 26))
        if not wide
        else max(widest - 60, min(widest, 9 * len(label) + 26))
    )
    return grids.GridCol(
        column.name,
        label,
        _words_for(column),
        kind=kind,
        grow=5 if column.name.endswith("title") else 3 if wide else 1,
        least=least,
    )


def _is_number(column: ViewColumn) -> bool:
    return column.type.startswith("DECIMAL") or column.type in ("DOUBLE", "BIGINT", "INTEGER")


def _words_for(column: ViewColumn) -> Callable[[Any], str]:
    """Return how a column's values are written."""
    if column.unit == "£":
        return lambda v: "" if v is None else _pounds(v)
    if column.unit == "share":
        return lambda v: "" if v is None else percent(v)
    if column.name.endswith("_year"):
        return lambda v: "" if v is None else str(v)
    as_month = column.name.endswith("period")
    return lambda v: _plain(v, as_month=as_month)


def _pounds(value: Any) -> str:
    return pounds(value, "", pence=isinstance(value, Decimal) and value != value.to_integral_value())


def _plain(value: Any, *, as_month: bool) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, dt.datetime):
        return name_moment(value)
    if isinstance(value, dt.date):
        return month(value) if as_month else day(value)
    return number(value, places=4) if isinstance(value, int | float | Decimal) else str(value)


# ---- the sum ----
def _sums(frame: pl.DataFrame, view: View) -> list[dict[str, str]]:
    """Return the sum line: money that may be added; one line for each class of benefit, never across them."""
    money = [c.name for c in view.columns if c.unit == "£" and not c.name.startswith("cum_")]
    if not money or frame.height < 2:
        return []
    classes = frame[_CLASS].unique().sort().to_list() if _CLASS in frame.columns else [None]
    if len(classes) > 1:
        return [_line(frame.filter(frame[_CLASS].eq_missing(c)), money, c or "no class") for c in classes]
    return [_line(frame, money, "Sum")]


def _sub(view: View, sums: Sequence[Mapping[str, str]]) -> str | None:
    """Return the unit, and the sum in words: the sum line may stand beyond the edge of a small screen."""
    labels = {c.name: c.label for c in view.columns}
    said = [f"In {view.unit}."] if view.unit else []
    if len(sums) == 1 and len(sums[0]) > 1:
        said.append(f"Sum: {'; '.join(f'{labels[n]} {v}' for n, v in sums[0].items() if n in labels)}.")
    return " ".join(said) or None


def _foot(line: Mapping[str, str], columns: Sequence[ViewColumn]) -> list[str]:
    return [line.get(c.name, line["head"] if i == 0 else "") for i, c in enumerate(columns)]


def _class_sums(sums: Sequence[Mapping[str, str]], columns: Sequence[ViewColumn]) -> Any:
    """Return the sums of each class as a table of its own, with no total on purpose."""
    shown = [c for c in columns if any(c.name in line for line in sums)]

    def cell(name: str) -> Any:
        return lambda row: row.get(name, "")

    return parts.table(
        [dict(line) for line in sums],
        [
            parts.Col("head", "Class"),
            *(parts.Col(c.name, c.label, numeric=True, row=cell(c.name)) for c in shown),
        ],
        caption="Sum of each class; no total on purpose",
    )


def _line(frame: pl.DataFrame, money: Sequence[str], head: str) -> dict[str, str]:
    out = {"head": head}
    for name in money:
        values = [v for v in frame[name].to_list() if v is not None]
        if values:
            total = sum(values, Decimal(0))
            out[name] = _pounds(total)
    return out


def _sum_words(sums: Sequence[Mapping[str, str]], height: int) -> str:
    if not sums:
        return capital(count_of(height, "row"))
    if len(sums) > 1:
        return f"{capital(count_of(height, 'row'))}, summed class by class: classes are never added together"
    return f"{capital(count_of(height, 'row'))} and their sum"


def _about(view: View) -> Any:
    paragraphs = [html.P(text, className="then") for text in view.definition.splitlines() if text.strip()]
    return parts.panel(
        "How these rows are worked out", *paragraphs, key="about", source=f"View: {view.name}."
    )
