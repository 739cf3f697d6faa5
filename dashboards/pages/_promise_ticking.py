"""Ticking a promise with its evidence, or moving its due date with a reason, through the one door."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import polars as pl
from dash import Input, Output, State, dcc, html, no_update

from dashboards import editing, parts
from dashboards.saving import Edit, Saved
from dashboards.urls import State as Now
from dashboards.urls import address
from partnership import wording

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

__all__ = ["open_promises", "panel", "register"]

_SUB = (
    "Nobody logs in yet: who saves is declared, stored as declared and shown so. The first due date stays "
    "and late counts from it. Every text passes the same look for personal data as a workbook does."
)


def open_promises(data: Data, state: PageState) -> list[dict[str, Any]]:
    """Return the promises that are open, overdue first."""
    rows = data.view("promises", state)
    return rows.filter(pl.col("state").is_in(["overdue", "not yet due"])).to_dicts()


def panel(data: Data, state: PageState) -> Any:
    """Return the panel in which promises are ticked and dates moved, or why they cannot be."""
    shut = editing.closed(data, state, "ticking")
    if shut is not None:
        return shut
    if state.extra.get("open") != "tick":
        link = dcc.Link(
            "Tick a promise or move a date", href=f"{address(state, open='tick')}#ticking", className="btn"
        )
        return parts.panel(
            "Is one of these kept by now?",
            html.P(link, className="files"),
            key="ticking",
            sub="Tick it with what shows it, or move its date with a reason; the first date is kept.",
        )
    rows = open_promises(data, state)
    if not rows:
        return parts.empty(
            "Nothing is left to tick", "Every promise shown is kept or taken back.", key="ticking"
        )
    choices = [
        {
            "value": r["commitment_id"],
            "label": f"{r['title']} ({r['agency_name']}, due {wording.short_day(r['due_on'])})",
        }
        for r in rows
    ]
    select: dict[str, Any] = {
        "data": choices,
        "searchable": True,
        "nothingFoundMessage": "No such promise",
        "withCheckIcon": False,
        "comboboxProps": editing.COMBO,
        "className": "wide",
    }
    today = data.today().isoformat()
    tick = [
        dmc.Select(id="tick-which", label="Promise that was kept", **select),
        dmc.TextInput(id="tick-on", label="Kept on, as in 2026-11-23", value=today),
        dmc.TextInput(
            id="tick-evidence",
            label="Evidence: what shows it, without names of people",
            value="",
            className="wide",
        ),
        html.Button("Tick as kept", id="tick-save", type="button", className="btn primary"),
    ]
    move = [
        dmc.Select(id="tick-moved", label="Promise whose date moves", **select),
        dmc.TextInput(id="tick-new", label="New due date, as in 2026-12-18", value=""),
        dmc.TextInput(id="tick-reason", label="Why it moves", value="", className="wide"),
        html.Button("Move the date", id="tick-move", type="button", className="btn"),
    ]
    return parts.panel(
        "Tick a promise that was kept, or move a date with its reason",
        editing.signature(data, "tick", "Told at the meeting"),
        html.Div(id="tick-said", role="status", className="saved"),
        html.Details(
            [html.Summary("A promise was kept"), html.Div(tick, className="form")],
            className="twin write",
            open=True,
        ),
        html.Details(
            [html.Summary("A due date moves"), html.Div(move, className="form")],
            className="twin write",
            open=False,
        ),
        editing.refresh_button("tick"),
        dcc.Store(id="tick-once", data=str(time.monotonic_ns())),
        dcc.Store(id="tick-seen", data=_seen(data, rows)),
        key="ticking",
        sub=_SUB,
    )


def _seen(data: Data, rows: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Return, by promise, its version and how many deliveries and moves the page showed."""
    versions = dict(data.table("commitments", Now()).select("id", "row_version").iter_rows())
    counts = _counts(data)
    return {
        key: [versions.get(key, 0), *counts.get(key, (0, 0))]
        for key in (str(r["commitment_id"]) for r in rows)
    }


def _counts(data: Data) -> dict[str, tuple[int, int]]:
    found: dict[str, list[int]] = {}
    for place, table in enumerate(("deliveries", "due_changes")):
        frame = data.table(table, Now())
        for key in frame["commitment_id"].to_list() if frame.height else []:
            found.setdefault(key, [0, 0])[place] += 1
    return {k: (v[0], v[1]) for k, v in found.items()}


# ---- callbacks ----
def register(app: Dash, data: Data) -> None:
    """Add the callbacks: tick, move, show."""
    shown = [
        Output("tick-said", "children", allow_duplicate=True),
        Output("tick-once", "data", allow_duplicate=True),
    ]
    where = [State("url", "pathname"), State("url", "search")]
    signed = [
        State("tick-who", "value"),
        State("tick-why", "value"),
        State("tick-once", "data"),
        State("tick-seen", "data"),
        *where,
    ]

    sheets = (
        ("tick-save", ("tick-which", "tick-on", "tick-evidence"), _ticked),
        ("tick-move", ("tick-moved", "tick-new", "tick-reason"), _moved),
    )
    for button, names, store in sheets:
        fields = [State(name, "value") for name in names]
        _register_sheet(app, data, button, [*fields, *signed], shown, store)
    editing.register_refresh(app, "tick")


def _register_sheet(
    app: Dash,
    data: Data,
    button: str,
    given: list[State],
    shown: list[Output],
    store: Callable[..., list[Any]],
) -> None:
    @app.callback(*shown, Input(button, "n_clicks"), *given, prevent_initial_call=True)
    def saved(clicks: Any, *rest: Any) -> Any:
        return store(data, *rest) if clicks else [no_update] * 2


def _ticked(data: Data, which: Any, on: Any, evidence: Any, *signed: Any) -> list[Any]:
    given = _day(on)
    if not isinstance(evidence, str) or not evidence.strip():
        return _refuse("Say first what shows that it was kept: minutes, a letter, a first file.")
    if given is None or given > data.today():
        return _refuse(
            "The day it was kept must be written as in 2026-11-23, and not lie ahead: nothing was stored."
        )
    values = {"delivered_on": given, "evidence": evidence}
    return _saved(data, "deliveries", which, values, *signed)


def _moved(data: Data, which: Any, on: Any, reason: Any, *signed: Any) -> list[Any]:
    given = _day(on)
    if not isinstance(reason, str) or not reason.strip():
        return _refuse("Say first why the date moves: nothing was stored.")
    if given is None:
        return _refuse("The new due date must be written as in 2026-12-18: nothing was stored.")
    values = {"changed_on": data.today(), "new_due_on": given, "reason": reason}
    return _saved(data, "due_changes", which, values, *signed)


def _saved(
    data: Data,
    table: str,
    which: Any,
    values: Mapping[str, Any],
    who: Any,
    why: Any,
    once: Any,
    seen: Any,
    path: Any,
    search: Any,
) -> list[Any]:
    state = data.state(path, search)
    known = {str(r["commitment_id"]): r for r in open_promises(data, state)}
    shown = seen.get(which) if isinstance(seen, dict) and isinstance(which, str) else None
    if not isinstance(which, str) or shown is None:
        return _refuse("Choose first which promise: nothing was stored.")
    now = _seen(data, [{"commitment_id": which}])[which]
    if which not in known or list(shown) != now:
        return _refuse(
            "Somebody changed this promise while you were writing, and nothing of yours was stored. "
            f"{_stands(data, state, which)} Choose “Show the changes above”, look, and write again."
        )
    key = f"{table}-{once}" if isinstance(once, str) else None
    edit = Edit({"commitment_id": which, **values})
    saved = data.save(state, table, [edit], actor=editing.declared(data, who), reason=why, once=key)
    return [editing.outcome(saved, "tick"), str(time.monotonic_ns()) if saved.done else no_update]


def _stands(data: Data, state: PageState, which: str) -> str:
    """Return what is stored of a promise now: the other one of the two values."""
    rows = data.view("promises", state)
    now = next(rows.filter(pl.col("commitment_id") == which).iter_rows(named=True), None)
    if now is None:
        return "It is not in the plan any more."
    said = [str(now["state"])]
    if now["current_due_on"] and now["current_due_on"] != now["due_on"]:
        said.append(f"moved to {wording.day(now['current_due_on'])}")
    if now["delivered_on"]:
        said.append(f"delivered on {wording.day(now['delivered_on'])}")
    if now["evidence"]:
        said.append(f"evidence “{now['evidence']}”")
    return f"Stored now: {', '.join(said)}."


def _refuse(words: str) -> list[Any]:
    return [editing.outcome(Saved(words), "tick"), no_update]


def _day(text: Any) -> dt.date | None:
    """Return the day as typed: 2026-11-23; None for anything else.

    Examples
    --------
    >>> _day("2026-11-23"), _day("tomorrow")
    (datetime.date(2026, 11, 23), None)
    """
    try:
        return dt.date.fromisoformat(text.strip()) if isinstance(text, str) else None
    except ValueError:
        return None
