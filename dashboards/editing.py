"""What pages that change rows are made of: who and why, locked columns, both values, the way back.

Nothing here writes. A page reads what a browser sent, asks :meth:`dashboards.data.Data.save` and shows what
came of it with :func:`outcome`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import polars as pl
from dash import Input, Output, dcc, html, no_update

from dashboards import grids, parts
from dashboards.parts import Col
from dashboards.urls import State
from partnership.periods import name_moment
from partnership.store import Actor

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.saving import Saved

__all__ = [
    "COMBO",
    "EditCol",
    "closed",
    "declared",
    "edit_grid",
    "grid_edits",
    "outcome",
    "recent",
    "refresh_button",
    "register_refresh",
    "role_choices",
    "signature",
]

COMBO: dict[str, Any] = {"shadow": None, "transitionProps": {"duration": 0}}
"""How lists open everywhere: at once, without a shadow."""

_LONGEST_NAME = 120


# ---- who and why ----
def role_choices(data: Data) -> dict[str, str]:
    """Return the roles held today: id to role."""
    rows = data.table("role_holders", State())
    if not rows.height:
        return {}
    held = rows.filter(pl.col("ended_on").is_null() | (pl.col("ended_on") >= data.today()))
    return {r["id"]: r["role"] for r in held.sort("role").iter_rows(named=True)}


def declared(data: Data, value: Any) -> Actor | None:
    """Return who a person says to be: one of the roles held today, or a name where the plan has no roles."""
    if not isinstance(value, str) or not value.strip():
        return None
    choices = role_choices(data)
    if choices:
        return Actor(choices[value], "declared") if value in choices else None
    return Actor("".join(c for c in value.strip() if c.isprintable())[:_LONGEST_NAME], "declared")


def signature(data: Data, key: str, why: str) -> html.Div:
    """Return the two fields that every change needs; who is asked once and kept for the visit.

    Parameters
    ----------
    data : Data
        Knows the roles.
    key : str
        Prefix of the ids: ``<key>-who`` and ``<key>-why``.
    why : str
        What stands in "why" until somebody writes something better.
    """
    choices = role_choices(data)
    kept: dict[str, Any] = {"persistence": True, "persistence_type": "session"}
    who: Any = (
        dmc.Select(
            id=f"{key}-who",
            label="Who saves: your role",
            placeholder="Choose your role",
            data=[{"value": i, "label": r} for i, r in choices.items()],
            searchable=True,
            nothingFoundMessage="No such role",
            withCheckIcon=False,
            comboboxProps=COMBO,
            **kept,
        )
        if choices
        else dmc.TextInput(
            id=f"{key}-who", label="Who saves: your role, as you would sign it", value="", **kept
        )
    )
    return html.Div(
        [who, dmc.TextInput(id=f"{key}-why", label="Why: a few words", value=why, className="wide")],
        className="form",
    )


# ---- the grid ----
@dataclass(frozen=True, slots=True)
class EditCol:
    """A column of a grid that can be written in, or that is locked.

    Parameters
    ----------
    name, label : str
        Field of the row, and heading.
    editable : bool
        False: locked.
    choices : tuple[str, ...]
        The words allowed, where there are only some.
    numeric : bool
        Set right.
    least : int
        Pixels below which it does not shrink.
    """

    name: str
    label: str
    editable: bool = False
    choices: tuple[str, ...] = ()
    numeric: bool = False
    least: int = 110


def edit_grid(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[EditCol], *, key: str, label: str
) -> html.Div:
    """Return a grid in which the open columns can be written; the others are locked and look so.

    Parameters
    ----------
    rows : Sequence of Mapping
        ``_id`` (the row's key), ``_version`` (the version shown), and the columns' values as text.
    columns : Sequence[EditCol]
        What stands in it.
    key : str
        Id of the grid; its property ``cellValueChanged`` tells what was written.
    label : str
        Its name for those who do not see it.
    """
    auto = len(rows) <= 16
    made = dag.AgGrid(
        id=key,
        rowData=[dict(r) for r in rows],
        columnDefs=[_column(c) for c in columns],
        defaultColDef=grids.COLUMN,
        dashGridOptions={
            "theme": {"function": grids.THEME},
            "domLayout": "autoHeight" if auto else "normal",
            "suppressMovableColumns": True,
            "ensureDomOrder": True,
            "animateRows": False,
            "stopEditingWhenCellsLoseFocus": True,
            "enableCellTextSelection": True,
        },
        getRowId="params.data._id",
        className="",
        style={"width": "100%", "height": None if auto else "520px"},
    )
    return html.Div(made, className="grid-screen editable", role="group", **parts.aria(label=label))


def _column(column: EditCol) -> dict[str, Any]:
    made: dict[str, Any] = {
        "field": column.name,
        "headerName": column.label if column.editable else f"{column.label} (locked)",
        "editable": column.editable,
        "minWidth": column.least,
        "flex": 1,
        "cellClass": " ".join(
            c
            for c in ("num" if column.numeric else "", "open-cell" if column.editable else "locked-cell")
            if c
        ),
        "tooltipField": column.name,
    }
    if column.choices:
        made |= {"cellEditor": "agSelectCellEditor", "cellEditorParams": {"values": list(column.choices)}}
    return made


def grid_edits(changed: Any) -> list[dict[str, Any]]:
    """Return what was written in a grid, row by row, as :func:`dashboards.saving.edits_of` reads it.

    Examples
    --------
    >>> grid_edits([{"rowId": "E1", "colId": "quantity", "value": "60", "data": {"_version": 2}}])
    [{'row_key': 'E1', 'version': 2, 'values': {'quantity': '60'}}]
    """
    rows: dict[str, dict[str, Any]] = {}
    for cell in changed if isinstance(changed, list) else []:
        if not isinstance(cell, dict):
            continue
        shown = cell.get("data")
        version = shown.get("_version") if isinstance(shown, dict) else None
        key = str(cell.get("rowId"))
        row = rows.setdefault(key, {"row_key": key, "version": version, "values": {}})
        row["values"][str(cell.get("colId"))] = cell.get("value")
    return list(rows.values())


# ---- what came of it ----
def outcome(saved: Saved | None, key: str) -> Any:
    """Return what to show of a save: words, faults at their fields, or both values to choose between.

    Parameters
    ----------
    saved : Saved or None
        None shows nothing.
    key : str
        Prefix of ids: the button ``<key>-mine`` writes over what somebody else saved.
    """
    if saved is None:
        return []
    made: list[Any] = [html.P(saved.words, className="said")]
    told = [f for f in saved.findings if f.rejects or saved.done]
    if told and saved.done:
        made.append(html.P("It is stored. Look again at:", className="said"))
    if told:
        made.append(
            html.Ul(
                [html.Li([html.B(f"{f.place}: "), f"{f.found} {f.do}"]) for f in told], className="faults"
            )
        )
    if saved.conflicts:
        made += [_both(saved), _choice(key)]
    return made


def _both(saved: Saved) -> html.Div:
    rows = [
        {"row": c.row_key, "field": c.field, "theirs": c.theirs, "yours": c.yours} for c in saved.conflicts
    ]
    columns = [
        Col("field", "What"),
        Col("row", "Row"),
        Col("theirs", "Stored now"),
        Col("yours", "You were writing"),
    ]
    return parts.table(rows, columns, label="Both values")


def _choice(key: str) -> html.Div:
    mine = html.Button("Write mine over it", id=f"{key}-mine", type="button", className="btn")
    return html.Div([mine, html.Span(" or leave it: theirs stands.")], className="choice")


def recent(data: Data, state: State, table: str, key: str, what: Any, most: int = 6) -> Any:
    """Return the latest changes by hand with a button to take each back, latest first.

    Parameters
    ----------
    data, state : Data, State
        What is shown.
    table : str
        The record type's table.
    key : str
        Type of the buttons' ids: ``{"type": <key>, "row": ..., "version": ...}``.
    what : Callable
        From a row to the words that name it.
    most : int
        How many.
    """
    changes = data.view("changes", state)
    edits = set(changes.filter(changes["what"] == "edit")["seq"].to_list()) if changes.height else set()
    if not edits:
        return html.P("Nothing was changed by hand yet.", className="empty")
    versions = data.history(table)
    latest = versions.filter(pl.col("row_version") == pl.col("row_version").max().over("row_key"))
    rows = (
        latest.filter(pl.col("change_seq").is_in(list(edits)))
        .sort("change_seq", "row_key", descending=True)
        .head(most)
    )
    if not rows.height:
        return html.P("Nothing was changed by hand here yet.", className="empty")
    return html.Ul([html.Li(_recent(r, key, what)) for r in rows.iter_rows(named=True)], className="recent")


def _recent(row: Mapping[str, Any], key: str, what: Any) -> list[Any]:
    done = {"put": "new" if row["row_version"] == 1 else "changed", "remove": "taken out"}[row["op"]]
    when = name_moment(row["recorded_at"])
    said = f"{what(row)}: {done} by {row['actor']}, {when}. {row['change_reason']} "
    button = html.Button(
        "Undo",
        id={"type": key, "row": row["row_key"], "version": row["row_version"]},
        type="button",
        className="btn small",
        **parts.aria(label=f"Undo: {what(row)}"),
    )
    return [said, button]


def refresh_button(key: str) -> html.P:
    """Return the button that fills the page anew, so that what was saved shows above it."""
    button = html.Button("Show the changes above", id=f"{key}-refresh", type="button", className="btn")
    return html.P(button, className="files")


def register_refresh(app: Dash, key: str) -> None:
    """Add the callback of that button."""

    @app.callback(
        Output("changed", "data", allow_duplicate=True),
        Input(f"{key}-refresh", "n_clicks"),
        prevent_initial_call=True,
    )
    def refresh(clicks: Any) -> Any:
        return time.monotonic_ns() if clicks else no_update


def closed(data: Data, state: State, key: str, title: str = "Nothing can be changed here") -> Any:
    """Return the panel that says why nothing can be changed here; None where it can."""
    words = data.why_not(state)
    return parts.panel(title, parts.note(words), key=key) if words else None


def keeper(key: str) -> dcc.Store:
    """Return the place in which a page keeps the edit that met another one, until the person chooses."""
    return dcc.Store(id=f"{key}-kept")
