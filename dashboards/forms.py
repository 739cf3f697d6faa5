"""Forms and grids that write rows of one kind: drawn once, read once, saved through the one door.

A page says which fields of which table may be written, and what it sets itself. What a browser sends is
held against that; who and why, both values of a stale save and the way over it are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html, no_update

from dashboards import editing, parts
from dashboards.forms_sent import once, save_form, save_grid, saved, seen_since, written
from partnership.tables import columns_of

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = [
    "DECLARED",
    "Desk",
    "Field",
    "Form",
    "Grid",
    "choices_of",
    "desk",
    "form_of",
    "refused",
    "register",
    "save_form",
    "save_grid",
]

DECLARED = (
    "Nobody logs in yet: who saves is declared, stored as declared and shown so. Every text passes the same "
    "look for personal data as a workbook does."
)
_MANY = 8


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: a list where ``choices`` says value and label, else a line of text."""

    name: str
    label: str
    choices: Mapping[str, str] | None = None
    value: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form that writes one row.

    Parameters
    ----------
    key : str
        Prefix of its ids.
    table : str
        The record type's table.
    fields : tuple[str, ...]
        What is typed.
    fixed : tuple[str, ...]
        What the page sets and the person sees: which measure, which benefit.
    signs : Callable, optional
        From the values to the field that takes the role of whoever signs; None for none.
    """

    key: str
    table: str
    fields: tuple[str, ...]
    fixed: tuple[str, ...] = ()
    signs: Callable[[Mapping[str, Any]], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid in which rows are mended: its id, table, open fields, and how its rows are made anew."""

    key: str
    table: str
    open: tuple[str, ...]
    rows: Callable[[Data, PageState], list[dict[str, Any]]]
    signs: Callable[[Mapping[str, Any]], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What is signed together: one "who" and "why" over forms and perhaps a grid."""

    key: str
    forms: tuple[Form, ...]
    grid: Grid | None = None

    def may(self, table: Any) -> tuple[str, ...] | None:
        """Return the fields that may be written in a table here; None where the table is not this desk's."""
        sheets = [(f.table, (*f.fields, *f.fixed)) for f in self.forms]
        sheets += [(self.grid.table, self.grid.open)] if self.grid else []
        found = [n for name, names in sheets if name == table for n in names]
        return tuple(found) or None


# ---- what is drawn ----
def refused(data: Data, state: PageState) -> Any:
    """Return the note that says why nothing can be changed here; None where it can."""
    words = data.why_not(state)
    return parts.note(words) if words else None


def desk(data: Data, key: str, why: str, *children: Any) -> html.Div:
    """Return who and why, what came of the last save, the forms, and the way to see the changes above."""
    return html.Div(
        [
            editing.signature(data, key, why),
            html.Div(id=f"{key}-said", role="status", className="saved"),
            *children,
            editing.keeper(key),
            dcc.Store(id=f"{key}-tick"),
            editing.refresh_button(key),
        ],
        className="desk",
    )


def form_of(
    form: Form,
    fields: Sequence[Field],
    *,
    title: str,
    button: str,
    sub: Any = None,
    fixed: Mapping[str, Any] | None = None,
    row: tuple[str, int] | None = None,
    is_open: bool = False,
) -> html.Details:
    """Return a form that opens under its title.

    Parameters
    ----------
    form : Form
        What it writes.
    fields : Sequence[Field]
        How its fields look, in their order.
    title, button : str
        What it is for; what its button does.
    sub : component, optional
        A sentence above the fields.
    fixed : Mapping, optional
        What the page sets.
    row : tuple of str and int, optional
        Key and version of the row that it changes; a new row when left out.
    is_open : bool
        Whether it stands open.
    """
    key, version = row or (None, 0)
    kept = {"row_key": key, "version": version, "fixed": dict(fixed or {}), "once": once()}
    return html.Details(
        [
            html.Summary(title),
            *([html.P(sub, className="sub")] if sub else []),
            html.Div(
                [
                    *(_field(form, f) for f in fields),
                    html.Button(button, id=f"{form.key}-save", type="button", className="btn primary"),
                    dcc.Store(id=f"{form.key}-row", data=kept),
                ],
                className="form",
            ),
        ],
        className="twin write",
        open=is_open,
    )


def _field(form: Form, field: Field) -> Any:
    name = f"{form.key}-{field.name}"
    if field.choices is None:
        return dmc.TextInput(
            id=name, label=field.label, value=field.value, className="wide" if field.wide else ""
        )
    return dmc.Select(
        id=name,
        label=field.label,
        data=[{"value": v, "label": words} for v, words in field.choices.items()],
        value=field.value if field.value in field.choices else None,
        searchable=len(field.choices) > _MANY,
        nothingFoundMessage="Nothing of that name",
        allowDeselect=False,
        withCheckIcon=False,
        comboboxProps=editing.COMBO,
        className="wide" if field.wide else "",
    )


def choices_of(table: str, name: str) -> dict[str, str]:
    """Return the words that a field allows, each under itself.

    Examples
    --------
    >>> choices_of("delivery_confidence", "rated_by")
    {'owner': 'owner', 'reviewer': 'reviewer'}
    """
    return {w: w for c in columns_of(table) if c.name == name for w in c.choices}


# ---- callbacks ----
def register(app: Dash, data: Data, at: Desk) -> None:
    """Add the callbacks of a desk: each form saved, a cell mended, mine over theirs, the changes shown."""
    shown = [
        Output(f"{at.key}-said", "children", allow_duplicate=True),
        Output(f"{at.key}-tick", "data", allow_duplicate=True),
        Output(f"{at.key}-kept", "data", allow_duplicate=True),
    ]
    where = [State("url", "pathname"), State("url", "search")]
    signed = [State(f"{at.key}-who", "value"), State(f"{at.key}-why", "value"), *where]
    for form in at.forms:
        _register_form(app, data, form, shown, signed)

    @app.callback(
        *shown,
        Input(f"{at.key}-mine", "n_clicks"),
        State(f"{at.key}-kept", "data"),
        *signed,
        prevent_initial_call=True,
    )
    def over(clicks: Any, kept: Any, who: Any, why: Any, path: Any, search: Any) -> Any:
        if not clicks or not isinstance(kept, dict) or at.may(kept.get("table")) is None:
            return [no_update] * 3
        allowed = at.may(kept["table"]) or ()
        sheets: list[Form | Grid] = [*at.forms, *([at.grid] if at.grid else [])]
        signs = next((f.signs for f in sheets if f.table == kept["table"]), None)
        out = saved(
            data, at.key, kept["table"], kept.get("rows"), allowed, who, why, path, search, signs=signs
        )
        return out if out[2] is not None else [*out[:2], written(data, kept)]

    editing.register_refresh(app, at.key)

    if at.grid is not None:
        _register_grid(app, data, at.key, at.grid, shown, signed)


def _register_form(app: Dash, data: Data, form: Form, shown: list[Output], signed: list[State]) -> None:
    at = str(shown[0].component_id).removesuffix("-said")

    @app.callback(
        *shown,
        Output(f"{form.key}-row", "data"),
        Input(f"{form.key}-save", "n_clicks"),
        State(f"{form.key}-row", "data"),
        *(State(f"{form.key}-{name}", "value") for name in form.fields),
        *signed,
        prevent_initial_call=True,
    )
    def save(clicks: Any, row: Any, *given: Any) -> Any:
        if not clicks:
            return [no_update] * 4
        typed = dict(zip(form.fields, given, strict=False))
        return save_form(data, at, form, row, typed, *given[len(form.fields) :])

    @app.callback(
        Output(f"{form.key}-row", "data", allow_duplicate=True),
        Input(f"{at}-kept", "data"),
        State(f"{form.key}-row", "data"),
        prevent_initial_call=True,
    )
    def follow(kept: Any, row: Any) -> Any:
        found = seen_since(form.table, kept, row)
        return no_update if found is None else found


def _register_grid(
    app: Dash, data: Data, at: str, grid: Grid, shown: list[Output], signed: list[State]
) -> None:
    @app.callback(*shown, Input(grid.key, "cellValueChanged"), *signed, prevent_initial_call=True)
    def mend(changed: Any, who: Any, why: Any, path: Any, search: Any) -> Any:
        return save_grid(data, at, grid, editing.grid_edits(changed), who, why, path, search)

    @app.callback(
        Output(grid.key, "rowData"), Input(f"{at}-tick", "data"), *signed[-2:], prevent_initial_call=True
    )
    def renew(tick: Any, path: Any, search: Any) -> Any:
        return grid.rows(data, data.state(path, search)) if tick else no_update
