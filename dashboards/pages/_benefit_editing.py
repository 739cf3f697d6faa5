"""Writing to a chart: a note on a month, which may restart the limits, and readings mended in a grid."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import polars as pl
from dash import Input, Output, State, dcc, html, no_update

from dashboards import editing, parts
from dashboards.editing import EditCol
from dashboards.saving import Edit, Saved, edits_of
from dashboards.urls import address
from partnership import wording
from partnership.errors import InvalidInput
from partnership.tables import columns_of

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = ["OPEN", "editing_panels", "reading_rows", "register"]

OPEN = ("value", "numerator", "denominator", "missing", "missing_note", "state", "source")
"""Fields of a reading that may be mended; what was read by whom for which month is locked."""

_MOST = 240
_LABELS = {
    "value": "Value",
    "numerator": "Above the line",
    "denominator": "Below the line",
    "missing": "Kind of missing",
    "missing_note": "Reason as given",
    "state": "State",
    "source": "Source",
}


def editing_panels(data: Data, state: PageState, measure: Mapping[str, Any]) -> list[Any]:
    """Return the panel in which notes and readings are written, or why they cannot be."""
    refused = data.why_not(state)
    if refused:
        return [parts.panel("Nothing can be changed here", parts.note(refused), key="signal-editing")]
    return [
        parts.panel(
            "Note what happened in a month, or mend a reading",
            editing.signature(data, "signal", "As handed in"),
            html.Div(id="signal-said", role="status", className="saved"),
            html.Details(
                [html.Summary("Note what happened in a month"), _note_form()],
                className="twin write",
                open=False,
            ),
            _mending(data, state, measure),
            editing.keeper("signal"),
            dcc.Store(id="signal-measure", data=measure["id"]),
            dcc.Store(id="signal-tick"),
            dcc.Store(id="signal-once", data=str(time.monotonic_ns())),
            html.P(
                html.Button("Show the changes above", id="signal-refresh", type="button", className="btn"),
                className="files",
            ),
            key="signal-editing",
            sub="Nobody logs in yet: who saves is declared, stored as declared and shown so. Every text "
            "passes the same look for personal data as a workbook does.",
        )
    ]


def _note_form() -> html.Div:
    return html.Div(
        [
            dmc.TextInput(id="signal-period", label="Month, as in 2026-02", value=""),
            dmc.TextInput(id="signal-text", label="What happened, in one line", value="", className="wide"),
            dmc.Select(
                id="signal-restarts",
                label="Limits",
                data=[
                    {"value": "no", "label": "go on"},
                    {"value": "yes", "label": "start afresh: the process changed for good"},
                ],
                value="no",
                allowDeselect=False,
                withCheckIcon=False,
                comboboxProps=editing.COMBO,
            ),
            html.Button("Save the note", id="signal-save", type="button", className="btn primary"),
        ],
        className="form",
    )


def _mending(data: Data, state: PageState, measure: Mapping[str, Any]) -> Any:
    if state.extra.get("open") != "readings":
        href = f"{address(state, open='readings', measure=measure['id'])}#signal-editing"
        return html.P(dcc.Link("Mend readings", href=href, className="btn"), className="files")
    choices = {c.name: c.choices for c in columns_of("readings")}
    columns = [
        EditCol("month", "Month", least=140),
        EditCol("who", "Agency", least=150),
        *(
            EditCol(
                n,
                _LABELS[n],
                editable=True,
                choices=choices[n],
                numeric=n in OPEN[:3],
                least=190 if "note" in n else 120,
            )
            for n in OPEN
        ),
    ]
    rows = reading_rows(data, state, measure["id"])
    return html.Div(
        [
            html.H3("Mend readings"),
            html.P(
                "Enter or two clicks opens a cell, Enter saves it, Escape leaves it. A withheld count of 1 "
                f"to 5 stays withheld. Latest first, {_MOST} at most.",
                className="sub",
            ),
            editing.edit_grid(rows, columns, key="signal-grid", label="Readings of this measure"),
        ],
        className="mending",
    )


def reading_rows(data: Data, state: PageState, measure_id: str) -> list[dict[str, Any]]:
    """Return the readings of a measure as text, latest first, each with its key and version."""
    table = data.table("readings", state)
    if not table.height:
        return []
    wanted = table.filter((pl.col("measure_id") == measure_id) & pl.col("benefit_id").is_null())
    if state.agency_id:
        wanted = wanted.filter(pl.col("agency_id") == state.agency_id)
    partners = data.partners(state)
    return [
        {
            "_id": row["row_key"],
            "_version": row["row_version"],
            "month": wording.month(row["period"]),
            "who": partners[row["agency_id"]].short if row["agency_id"] in partners else "the partnership",
            **{n: _text(row[n]) for n in OPEN},
        }
        for row in wanted.sort("period", "row_key", descending=[True, False])
        .head(_MOST)
        .iter_rows(named=True)
    ]


def _text(value: Any) -> str:
    return (
        "" if value is None else wording.number(value, places=4) if isinstance(value, Decimal) else str(value)
    )


# ---- callbacks ----
def register(app: Dash, data: Data) -> None:
    """Add the callbacks: a note is saved, a reading is mended, mine over theirs."""
    places = (("said", "children"), ("tick", "data"), ("kept", "data"))
    shown = [Output(f"signal-{name}", what, allow_duplicate=True) for name, what in places]
    where = [State("url", "pathname"), State("url", "search")]
    signed = [State("signal-who", "value"), State("signal-why", "value"), *where]

    @app.callback(*shown, Input("signal-grid", "cellValueChanged"), *signed, prevent_initial_call=True)
    def mend(changed: Any, who: Any, why: Any, path: Any, search: Any) -> Any:
        return _mended(data, data.state(path, search), editing.grid_edits(changed), who, why)

    @app.callback(
        *shown,
        Input("signal-mine", "n_clicks"),
        State("signal-kept", "data"),
        *signed,
        prevent_initial_call=True,
    )
    def over(clicks: Any, kept: Any, who: Any, why: Any, path: Any, search: Any) -> Any:
        return _mended(data, data.state(path, search), kept, who, why) if clicks else [no_update] * 3

    @app.callback(
        *shown,
        Output("signal-once", "data"),
        Input("signal-save", "n_clicks"),
        State("signal-period", "value"),
        State("signal-text", "value"),
        State("signal-restarts", "value"),
        State("signal-measure", "data"),
        State("signal-once", "data"),
        *signed,
        prevent_initial_call=True,
    )
    def note(clicks: Any, *given: Any) -> Any:
        return _noted(data, *given) if clicks else [no_update] * 4

    @app.callback(
        Output("changed", "data", allow_duplicate=True),
        Input("signal-refresh", "n_clicks"),
        prevent_initial_call=True,
    )
    def refresh(clicks: Any) -> Any:
        return time.monotonic_ns() if clicks else no_update

    @app.callback(
        Output("signal-grid", "rowData"),
        Input("signal-tick", "data"),
        State("signal-measure", "data"),
        *where,
        prevent_initial_call=True,
    )
    def renew(tick: Any, measure: Any, path: Any, search: Any) -> Any:
        return reading_rows(data, data.state(path, search), str(measure)) if tick else no_update


def _mended(data: Data, state: PageState, sent: Any, who: Any, why: Any) -> list[Any]:
    if not sent:
        return [no_update] * 3
    try:
        edits = edits_of(sent, OPEN)
    except InvalidInput as fault:
        return [editing.outcome(Saved(str(fault)), "signal"), no_update, None]
    saved = data.save(state, "readings", edits, actor=editing.declared(data, who), reason=why)
    kept = None
    if saved.conflicts:
        found = {c.row_key: c.version for c in saved.conflicts}
        kept = [
            {"row_key": e.row_key, "version": found.get(e.row_key or "", e.version), "values": dict(e.values)}
            for e in edits
        ]
    return [editing.outcome(saved, "signal"), time.monotonic_ns(), kept]


def _noted(
    data: Data,
    period: Any,
    said: Any,
    restarts: Any,
    measure: Any,
    once: Any,
    who: Any,
    why: Any,
    path: Any,
    search: Any,
) -> list[Any]:
    state = data.state(path, search)
    first = _month(period)
    if first is None:
        refused = Saved(f"{wording.capital('the month must be written as in 2026-02')}: nothing was stored.")
        return [editing.outcome(refused, "signal"), no_update, None, no_update]
    values = {
        "period": first,
        "measure_id": measure if isinstance(measure, str) else None,
        "text": said if isinstance(said, str) else None,
        "restarts_limits": "yes" if restarts == "yes" else "no",
    }
    key = once if isinstance(once, str) else None
    saved = data.save(
        state, "annotations", [Edit(values)], actor=editing.declared(data, who), reason=why, once=key
    )
    again = str(time.monotonic_ns()) if saved.done else no_update
    return [editing.outcome(saved, "signal"), time.monotonic_ns(), None, again]


def _month(text: Any) -> dt.date | None:
    """Return the first day of a month as typed: 2026-02; None for anything else.

    Examples
    --------
    >>> _month("2026-02"), _month("February")
    (datetime.date(2026, 2, 1), None)
    """
    if not isinstance(text, str) or len(text.strip()) != len("2026-02"):
        return None
    try:
        return dt.date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        return None
