"""Writing down what a partner says: a form for something new, a grid to mend in, and the way back.

A partner that says something new gets a new row with a new day, so that the history of a gap can be read.
Mending a cell corrects what was typed wrongly; the change log keeps what stood there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update

from dashboards import editing, parts
from dashboards.editing import COMBO, EditCol
from dashboards.forms_sent import to_write_over
from dashboards.own import once
from dashboards.saving import Edit, Saved, edits_of
from dashboards.urls import address
from partnership import wording
from partnership.errors import InvalidInput
from partnership.tables import columns_of

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = ["panel", "register"]

Row = Mapping[str, Any]

TABLE = "expectations"
OPEN = ("answer", "quantity", "unit", "per", "expected_by", "definition_id", "scope", "definition_note")
"""Fields that may be mended; who said what of which measure, and on which day, is locked."""

_FORM = ("about", "agency_id", "direction", "counterpart_id", *OPEN)
_NEW = ("goal_id", "measure_id", "agency_id", "direction", "counterpart_id", "stated_on", *OPEN)
_ALL = "the whole partnership"
_LABELS = {
    "about": "Goal and measure", "agency_id": "Partner", "direction": "Gives or gets",
    "counterpart_id": "To or from whom", "answer": "Answer", "quantity": "How much",
    "unit": "Unit, if not the measure’s", "per": "Per", "expected_by": "By when",
    "definition_id": "Definition id", "scope": "Area or group",
    "definition_note": "What it counts, in its own words",
}  # fmt: skip


def panel(data: Data, state: PageState) -> Any:
    """Return the panel in which expectations are written and mended, or why they cannot be."""
    shut = editing.closed(data, state, "editing")
    if shut is not None:
        return shut
    return parts.panel(
        "Write down what a partner says, or mend what was typed",
        editing.signature(data, "expect", "Heard from the partner"),
        html.Div(id="expect-said", role="status", className="saved"),
        html.Details(
            [html.Summary("A partner says something new"), _form(data, state)],
            className="twin write",
            open=False,
        ),
        _mending(data, state),
        html.Details(
            [html.Summary("Take back a change"), html.Div(_recent(data, state), id="expect-recent")],
            className="twin write",
        ),
        editing.refresh_button("expect"),
        editing.keeper("expect"),
        dcc.Store(id="expect-tick"),
        dcc.Store(id="expect-once", data=once()),
        key="editing",
        sub="Nobody logs in yet: who saves is declared, stored as declared and shown so. Every text passes "
        "the same look for personal data as a workbook does; it cannot find names.",
    )


# ---- the grid ----
def _mending(data: Data, state: PageState) -> Any:
    """Return the grid once it is asked for: it is heavy, and most visits only read."""
    if state.extra.get("open") != "statements":
        href = f"{address(state, open='statements')}#editing"
        return html.P(dcc.Link("Mend what was typed", href=href, className="btn"), className="files")
    return html.Div(
        [
            html.H3("Mend what was typed"),
            html.P(
                "Enter or two clicks opens a cell, Enter saves it, Escape leaves it. Locked columns say who "
                "said it, of what and when: for a new word of a partner, write it down as new.",
                className="sub",
            ),
            editing.edit_grid(
                rows_of(data, state), _columns(), key="expect-grid", label="Expectations as they were said"
            ),
        ],
        className="mending",
    )


def _columns() -> list[EditCol]:
    choices = {c.name: c.choices for c in columns_of(TABLE)}
    locked = [
        EditCol("measure", "Measure", least=210),
        EditCol("partner", "Partner", least=140),
        EditCol("to", "Gives or gets", least=190),
        EditCol("stated_on", "Said on", least=150),
    ]
    return [
        *locked,
        *(
            EditCol(
                n,
                _LABELS[n],
                editable=True,
                choices=choices[n],
                numeric=n == "quantity",
                least=220 if n == "definition_note" else 120,
            )
            for n in OPEN
        ),
    ]


def rows_of(data: Data, state: PageState) -> list[dict[str, Any]]:
    """Return every statement as text, latest first, with its key and version."""
    table = data.table(TABLE, state)
    if not table.height:
        return []
    measures = dict(data.table("measures", state).select("id", "name").iter_rows())
    partners = data.partners(state)
    rows = []
    for row in table.sort("stated_on", "id", descending=[True, False]).iter_rows(named=True):
        if state.goal_id not in (None, row["goal_id"]) or state.agency_id not in (None, row["agency_id"]):
            continue
        other = partners[row["counterpart_id"]].short if row["counterpart_id"] in partners else _ALL
        rows.append(
            {
                "_id": row["row_key"],
                "_version": row["row_version"],
                "measure": measures.get(row["measure_id"], row["measure_id"]),
                "partner": partners[row["agency_id"]].short
                if row["agency_id"] in partners
                else row["agency_id"],
                "to": _direction(row["direction"], other),
                "stated_on": wording.day(row["stated_on"]),
                **{n: _text(row[n]) for n in OPEN},
            }
        )
    return rows


def _direction(direction: str, other: str) -> str:
    whom = other if other == _ALL else wording.the(other)
    return f"{'gives to' if direction == 'gives' else 'gets from'} {whom}"


def _text(value: Any) -> str:
    import datetime as dt
    from decimal import Decimal

    if value is None:
        return ""
    if isinstance(value, dt.date):
        return wording.day(value)
    return wording.number(value) if isinstance(value, Decimal) else str(value)


def _recent(data: Data, state: PageState) -> Any:
    measures = dict(data.table("measures", state).select("id", "name").iter_rows()) if data.version() else {}
    partners = data.partners(state)

    def what(row: Row) -> str:
        who = partners[row["agency_id"]].short if row["agency_id"] in partners else row["agency_id"]
        return f"{who} on “{measures.get(row['measure_id'], row['measure_id'])}”"

    return editing.recent(data, state, TABLE, "expect-undo", what)


# ---- the form ----
def _form(data: Data, state: PageState) -> html.Div:
    choices = {c.name: c.choices for c in columns_of(TABLE)}
    members = [{"value": p.id, "label": p.name} for p in data.partners(state).values() if p.is_member]
    options = {
        "about": _about(data, state),
        "agency_id": members,
        "counterpart_id": [{"value": "", "label": _ALL}, *members],
        **{n: [{"value": w, "label": w} for w in choices[n]] for n in ("direction", "answer", "per")},
    }
    first = {
        "direction": "gives",
        "answer": "answered",
        "per": "year",
        "counterpart_id": "",
        "about": _first(options["about"]),
    }
    fields: list[Any] = []
    for name in _FORM:
        if name in options:
            fields.append(
                dmc.Select(
                    id=f"expect-{name}", label=_LABELS[name], data=options[name], value=first.get(name),
                    allowDeselect=False, searchable=len(options[name]) > 8, withCheckIcon=False,
                    comboboxProps=COMBO,
                )
            )  # fmt: skip
        else:
            wide = "wide" if name in ("scope", "definition_note") else ""
            fields.append(dmc.TextInput(id=f"expect-{name}", label=_LABELS[name], value="", className=wide))
    save = html.Button("Save what it says", id="expect-save", type="button", className="btn primary")
    return html.Div([*fields, save], className="form")


def _first(options: list[dict[str, str]]) -> str | None:
    return options[0]["value"] if options else None


def _about(data: Data, state: PageState) -> list[dict[str, str]]:
    """Return the pairs of goal and measure that a partner can speak of."""
    goals = list(data.table("goals", state).iter_rows(named=True))
    measures = dict(data.table("measures", state).select("id", "name").iter_rows())
    spoken = data.table(TABLE, state)
    pairs = [
        *(
            spoken.select("goal_id", "measure_id").unique(maintain_order=True).iter_rows()
            if spoken.height
            else []
        )
    ]
    pairs += [(g["id"], g[k]) for g in goals for k in ("measure_id", "leading_measure_id") if g[k]]
    titles = {g["id"]: g["title"] for g in goals}
    out = {
        f"{goal}|{measure}": f"{measures[measure]} ({titles[goal]})"
        for goal, measure in pairs
        if goal in titles and measure in measures and state.goal_id in (None, goal)
    }
    return [{"value": k, "label": v} for k, v in out.items()]


# ---- callbacks ----
def register(app: Dash, data: Data) -> None:
    """Add the callbacks: a cell is mended, something new is said, mine over theirs, undone."""
    places = (("said", "children"), ("tick", "data"), ("recent", "children"), ("kept", "data"))
    shown = [Output(f"expect-{name}", what, allow_duplicate=True) for name, what in places]
    where = [State("url", "pathname"), State("url", "search")]
    signed = [State("expect-who", "value"), State("expect-why", "value"), *where]

    @app.callback(*shown, Input("expect-grid", "cellValueChanged"), *signed, prevent_initial_call=True)
    def mend(changed: Any, who: Any, why: Any, path: Any, search: Any) -> Any:
        return _mended(data, data.state(path, search), editing.grid_edits(changed), who, why)

    @app.callback(
        *shown,
        Input("expect-mine", "n_clicks"),
        State("expect-kept", "data"),
        *signed,
        prevent_initial_call=True,
    )
    def over(clicks: Any, kept: Any, who: Any, why: Any, path: Any, search: Any) -> Any:
        rows = kept.get("rows") if isinstance(kept, dict) else None
        return _mended(data, data.state(path, search), rows, who, why) if clicks else [no_update] * 4

    @app.callback(
        *shown,
        Input({"type": "expect-undo", "row": ALL, "version": ALL}, "n_clicks"),
        *signed,
        prevent_initial_call=True,
    )
    def undo(clicks: Any, who: Any, why: Any, path: Any, search: Any) -> Any:
        return (
            _undone(data, data.state(path, search), ctx.triggered_id, who, why)
            if any(clicks or ())
            else [no_update] * 4
        )

    @app.callback(
        *shown, Output("expect-once", "data"), Input("expect-save", "n_clicks"),
        *(State(f"expect-{n}", "value") for n in _FORM),
        State("expect-once", "data"), *signed, prevent_initial_call=True,
        running=[(Output("expect-save", "disabled"), True, False)],
    )  # fmt: skip
    def say(clicks: Any, *given: Any) -> Any:
        return (
            _said(data, dict(zip(_FORM, given, strict=False)), *given[len(_FORM) :])
            if clicks
            else [no_update] * 5
        )

    editing.register_refresh(app, "expect")

    @app.callback(
        Output("expect-grid", "rowData"), Input("expect-tick", "data"), *where, prevent_initial_call=True
    )
    def renew(tick: Any, path: Any, search: Any) -> Any:
        return rows_of(data, data.state(path, search)) if tick else no_update


def _mended(data: Data, state: PageState, sent: Any, who: Any, why: Any) -> list[Any]:
    if not sent:
        return [no_update] * 4
    try:
        edits = edits_of(sent, OPEN)
    except InvalidInput as fault:
        return _answer(data, state, Saved(str(fault)), None)
    saved = data.save(state, TABLE, edits, actor=editing.declared(data, who), reason=why)
    return _answer(data, state, saved, to_write_over(TABLE, edits, saved, OPEN))


def _undone(data: Data, state: PageState, which: Any, who: Any, why: Any) -> list[Any]:
    row, version = (which.get("row"), which.get("version")) if isinstance(which, dict) else (None, None)
    if not isinstance(row, str) or not isinstance(version, int):
        return [no_update] * 4
    del why
    actor = editing.declared(data, who)
    return _answer(
        data, state, data.undo(state, TABLE, {row: version}, actor=actor, reason="Undone by hand"), None
    )


def _said(data: Data, form: Row, sent: Any, who: Any, why: Any, path: Any, search: Any) -> list[Any]:
    state = data.state(path, search)
    about = form.get("about")
    goal, _, measure = about.partition("|") if isinstance(about, str) else ("", "", "")
    values = {n: form[n] for n in _NEW if n in form and form[n] not in ("", None)}
    values |= {"goal_id": goal or None, "measure_id": measure or None, "stated_on": data.today()}
    if any(not isinstance(v, str) for n, v in values.items() if n != "stated_on" and v is not None):
        return [
            *_answer(data, state, Saved("A field did not come through. Load the page again."), None),
            no_update,
        ]
    key = sent if isinstance(sent, str) else None
    saved = data.save(state, TABLE, [Edit(values)], actor=editing.declared(data, who), reason=why, once=key)
    return [*_answer(data, state, saved, None), once() if saved.done else no_update]


def _answer(data: Data, state: PageState, saved: Saved, kept: Any) -> list[Any]:
    """Return what all four places then show: words, a tick for the grid, what can be undone, what is kept."""
    return [editing.outcome(saved, "expect"), time.monotonic_ns(), _recent(data, state), kept]
