"""Tables that people sort, filter and walk through: AG Grid on the screen, a plain table on paper.

The grid is virtual, so it cannot be printed; the same rows stand beside it as a plain table that only print
shows. Values are written on the server in our own words; the grid sorts by the value behind the words.
Nothing is read as mark-up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import dash_ag_grid as dag
from dash import html

from dashboards import parts
from partnership.charts.theme import FONT, TOKENS

if TYPE_CHECKING:
    from dashboards.data import Partner

__all__ = ["COLUMN", "THEME", "GridCol", "grid"]

_ROW_HEIGHT = 36
_MOST_OPEN = 16
_MOST_PRINTED = 300

COLUMN = {
    "sortable": True,
    "resizable": True,
    "suppressHeaderMenuButton": True,
    "suppressHeaderContextMenu": True,
}
"""What holds for every column of every grid."""

THEME = (
    "themeQuartz.withParams({"
    f"fontFamily: '{FONT.replace(chr(34), '')}', fontSize: 15, headerFontSize: 15, headerFontWeight: 700, "
    f"foregroundColor: '{TOKENS['ink']}', textColor: '{TOKENS['ink']}', headerTextColor: '{TOKENS['ink']}', "
    f"backgroundColor: '{TOKENS['paper']}', headerBackgroundColor: '{TOKENS['paper']}', "
    f"oddRowBackgroundColor: '{TOKENS['paper']}', rowHoverColor: '{TOKENS['wash']}', "
    f"selectedRowBackgroundColor: '{TOKENS['wash']}', borderColor: '{TOKENS['line']}', "
    f"accentColor: '{TOKENS['blue']}', "
    "wrapperBorder: false, wrapperBorderRadius: 0, columnBorder: false, headerColumnBorder: false, "
    "headerColumnResizeHandleColor: 'transparent', "
    f"headerRowBorder: {{style: 'solid', width: 1, color: '{TOKENS['ink']}'}}, "
    f"rowBorder: {{style: 'solid', width: 1, color: '{TOKENS['line']}'}}, "
    f"rowHeight: {_ROW_HEIGHT}, headerHeight: 40, cellHorizontalPadding: 6, spacing: 6"
    "})"
)


@dataclass(frozen=True, slots=True)
class GridCol:
    """A column of a grid.

    Parameters
    ----------
    name : str
        Column of the rows.
    label : str
        Its heading.
    show : Callable, optional
        From the value to the words that stand for it.
    kind : {"text", "number", "link", "state", "agencies"}
        How it is drawn: "link" opens the address in the row's ``_href``, "agencies" draws badges from codes.
    grow : int
        Share of the free width.
    least : int
        Pixels below which it does not shrink.
    tip : str, optional
        What the heading means.
    wrap : bool
        Long words take more lines instead of being cut.
    """

    name: str
    label: str
    show: Callable[[Any], str] | None = None
    kind: Literal["text", "number", "link", "state", "agencies"] = "text"
    grow: int = 1
    least: int = 96
    tip: str | None = None
    wrap: bool = False

    def words(self, row: Mapping[str, Any]) -> str:
        """Return what stands in this column for a row."""
        value = row[self.name]
        if self.show is not None:
            return self.show(value)
        return "" if value is None else str(value)


def grid(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[GridCol],
    *,
    key: str,
    label: str,
    href: Callable[[Mapping[str, Any]], str] | None = None,
    partners: Mapping[str, Partner] | None = None,
    foot: Sequence[Sequence[str]] = (),
    caption: str | None = None,
) -> html.Div:
    """Return a grid of rows with its twin for print.

    Parameters
    ----------
    rows : Sequence of Mapping
        What to show, sorted as it is to stand.
    columns : Sequence[GridCol]
        What stands in it; the first one heads the rows.
    key : str
        Id of the grid, without blanks.
    label : str
        Its name for those who do not see it.
    href : Callable, optional
        Address that a "link" column opens for a row.
    partners : Mapping[str, Partner], optional
        Agencies by badge code, for "agencies" columns.
    foot : Sequence of Sequence of str, optional
        Last rows: totals, one cell a column.
    caption : str, optional
        Caption of the printed table.
    """
    partners = partners or {}
    data = [_row(row, columns, href, partners, i) for i, row in enumerate(rows)]
    auto = len(rows) <= _MOST_OPEN
    pinned = [_foot_row(f, columns, i) for i, f in enumerate(foot)]
    options: dict[str, Any] = {
        "theme": {"function": THEME},
        "domLayout": "autoHeight" if auto else "normal",
        "suppressCellFocus": False,
        "suppressMovableColumns": True,
        "suppressDragLeaveHidesColumns": True,
        "enableCellTextSelection": True,
        "ensureDomOrder": True,
        "tooltipShowDelay": 300,
        "animateRows": False,
        "pinnedBottomRowData": pinned,
        "rowBuffer": 20,
    }
    height = None if auto else f"{40 + _ROW_HEIGHT * (_MOST_OPEN + len(pinned)) + 2}px"
    made = dag.AgGrid(
        id=key,
        rowData=data,
        columnDefs=[_column(c) for c in columns],
        defaultColDef=COLUMN,
        dashGridOptions=options,
        getRowId="params.data._id",
        className="",
        style={"width": "100%", **({"height": height} if height else {"height": None})},
        eventListeners={"cellKeyDown": ["openRowLink(params)"]} if href else {},
    )
    screen = html.Div(made, className="grid-screen", role="group", **parts.aria(label=label))
    return html.Div([screen, _printed(rows, columns, partners, foot, caption or label)])


def _row(
    row: Mapping[str, Any],
    columns: Sequence[GridCol],
    href: Callable[[Mapping[str, Any]], str] | None,
    partners: Mapping[str, Partner],
    number: int,
) -> dict[str, Any]:
    out: dict[str, Any] = {"_id": str(number)}
    if href is not None:
        out["_href"] = href(row)
    for column in columns:
        words = column.words(row)
        out[column.name] = _sortable(row[column.name], words)
        out[f"{column.name}__words"] = words
        if column.kind == "state":
            out[f"{column.name}__state"] = parts.state_class(words)
        if column.kind == "agencies":
            out[f"{column.name}__badges"] = _badges(words, partners)
    return out


def _badges(words: str, partners: Mapping[str, Partner]) -> list[dict[str, str]]:
    out = []
    for code in (w.strip() for w in words.split(",")):
        known = partners.get(code)
        hue = " ".join((known.mark_name or "grey full").split(" ")[:2]) if known else ""
        out.append(
            {"code": code, "look": f"ag {hue}" if known else "", "name": known.name if known else code}
        )
    return out


def _foot_row(cells: Sequence[str], columns: Sequence[GridCol], number: int) -> dict[str, Any]:
    out: dict[str, Any] = {"_id": f"foot{number}"}
    for column, cell in zip(columns, cells, strict=True):
        out[column.name] = cell
        out[f"{column.name}__words"] = cell
    return out


def _sortable(value: Any, words: str) -> Any:
    if isinstance(value, bool) or value is None:
        return words or None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return words


_RENDERERS = {"link": "RowLink", "state": "StateWord", "agencies": "AgencyBadges"}


def _column(column: GridCol) -> dict[str, Any]:
    made: dict[str, Any] = {
        "field": column.name,
        "headerName": column.label,
        **({"flex": column.grow} if column.grow else {"width": column.least}),
        "minWidth": column.least,
        "valueFormatter": {"function": f"params.data ? params.data['{column.name}__words'] : ''"},
    }
    if column.wrap:
        made |= {"wrapText": True, "autoHeight": True}
    elif column.kind == "text":
        made["tooltipField"] = f"{column.name}__words"
    if column.tip:
        made["headerTooltip"] = column.tip
    if column.kind == "number":
        made |= {"type": "rightAligned", "cellClass": "num"}
    if column.kind in _RENDERERS:
        made["cellRenderer"] = _RENDERERS[column.kind]
    return made


def _printed(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[GridCol],
    partners: Mapping[str, Partner],
    foot: Sequence[Sequence[str]],
    caption: str,
) -> html.Div:
    """Return the plain table that print shows instead of the grid."""
    shown = rows[:_MOST_PRINTED]
    rest = len(rows) - len(shown)
    head = html.Tr([html.Th(c.label, scope="col", className=_num(c)) for c in columns])
    body = [
        html.Tr([_printed_cell(c, row, partners, i == 0) for i, c in enumerate(columns)]) for row in shown
    ]
    feet = [
        html.Tr([html.Td(cell, className=_num(c)) for c, cell in zip(columns, f, strict=True)]) for f in foot
    ]
    made: list[Any] = [html.Caption(caption), html.Thead(head), html.Tbody(body)]
    if feet:
        made.append(html.Tfoot(feet))
    more = [html.P(f"{rest:,} more rows are in the file and on the screen.")] if rest > 0 else []
    return html.Div(
        [html.Table(made), *more], className="print-only wide" if len(columns) > 9 else "print-only"
    )


def _printed_cell(
    column: GridCol, row: Mapping[str, Any], partners: Mapping[str, Partner], is_first: bool
) -> Any:
    words: Any = column.words(row)
    if column.kind == "state":
        words = parts.state_word(words)
    if column.kind == "agencies":
        words = [
            parts.badge(partners[w.strip()]) if w.strip() in partners else f"{w.strip()} "
            for w in words.split(",")
        ]
    return html.Th(words, scope="row") if is_first else html.Td(words, className=_num(column))


def _num(column: GridCol) -> str | None:
    return "num" if column.kind == "number" else None
