"""Memory: what was decided and why, who held which role, what hangs on one person, what was known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, dcc, html, no_update
from dash import State as Given

from dashboards import parts
from dashboards.pages import _memory_pack as packs
from dashboards.pages import _memory_panels as panels
from dashboards.urls import address, query_of
from partnership.errors import InvalidInput, UnknownName
from partnership.wording import capital, count_of, in_words

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.remembering import Remembered

TITLE = LABEL = "Memory"
FILTERS = ("agency", "goal", "as_of")
VIEWS = ("promises", "changes")


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    found = data.memory.remembered(state)
    if not (found.decisions or found.begun or found.events):
        link = dcc.Link("Go to Data", href=address(state, "/data"), className="btn")
        return html.Div(
            [
                parts.say("Nothing is remembered yet."),
                parts.empty(
                    "No decision and no role is written down",
                    "Decisions come with the sheet Decisions, people with the sheet RoleHolders.",
                    key="decisions",
                    link=link,
                ),
            ]
        )
    guarded = parts.guarded
    return html.Div(
        [
            _opening(found),
            guarded(lambda: _search(data, state), "search"),
            guarded(lambda: panels.decisions_panel(found), "decisions"),
            guarded(lambda: panels.tenure_panel(data, state, found), "tenure"),
            parts.cols(
                guarded(lambda: panels.gaps_panel(data, state, found), "owner-gaps", span="c6"),
                guarded(lambda: panels.single_panel(found), "single", span="c6"),
            ),
            guarded(lambda: _handover(data, state, found), "handover"),
            parts.cols(
                guarded(lambda: packs.known_panel(data, state, _then(data, state)), "known", span="c6"),
                guarded(lambda: packs.lately_panel(data, state, found), "lately", span="c6"),
            ),
        ]
    )


def _opening(found: Remembered) -> html.Div:
    empty = [r for r in found.begun if r.open_gap is not None]
    alone = [c for c in found.carriers if c.person is not None]
    roles = count_of(len(found.begun), "role")
    if empty:
        verb = "has" if len(empty) == 1 else "have"
        fact = f"{capital(in_words(len(empty)))} of {roles} {verb} nobody named today."
    else:
        fact = f"Somebody is named in every one of {roles}." if found.begun else "No role is written down."
    rest = ""
    if alone:
        most = alone[0]
        rest = f" {most.person} is the only one named on {count_of(len(most.alone_on), 'thing', words=True)}."
    many = count_of(len(found.decisions), "decision", words=True)
    whole = sum(not d.lacks for d in found.decisions)
    kept = f"{capital(many)} {'is' if len(found.decisions) == 1 else 'are'} kept"
    then = (
        f"{kept}, {in_words(whole)} with reason, options, who decided and who disagreed."
        if found.decisions
        else None
    )
    return parts.say(html.Strong(fact), rest, then=then)


def _search(data: Data, state: State) -> Any:
    asked = state.extra.get("q", "")
    form = html.Div(
        [
            dmc.TextInput(
                id="memory-q",
                label="Words of a decision, a promise, a reason or a note",
                value=asked,
                className="wide",
            ),
            html.Button("Find", id="memory-find", type="button", className="btn primary"),
        ],
        className="form",
        role="search",
    )
    if not asked:
        return parts.panel(
            "Find what was said",
            form,
            key="search",
            sub="Every word must stand there; a phrase goes between quotation marks.",
        )
    try:
        matches = data.memory.search(state, asked)
    except InvalidInput as fault:
        return parts.panel("Find what was said", form, parts.note(str(fault), role="status"), key="search")
    return panels.search_panel(form, asked, matches)


def _handover(data: Data, state: State, found: Remembered) -> Any:
    asked = state.extra.get("role", "")
    choices = [
        {"value": r.holdings[-1].id, "label": found.labels[r.holdings[-1].id]}
        for r in found.begun
        if r.holdings
    ]
    form = html.Div(
        dmc.Select(
            id="memory-role",
            label="Role that somebody takes over",
            data=choices,
            placeholder="Choose a role",
            value=asked if asked in {c["value"] for c in choices} else None,
            searchable=True,
            withCheckIcon=False,
            comboboxProps={"shadow": None, "transitionProps": {"duration": 0}},
            className="wide",
        ),
        className="form",
    )
    if not asked:
        return parts.panel(
            "What a newcomer needs, as one pack",
            form,
            key="handover",
            sub=(
                "Goals and gaps of the agency, open promises, decisions "
                "with reasons, who is who, what changed lately."
            ),
        )
    try:
        pack = data.memory.handover(state, asked)
    except UnknownName as fault:
        return parts.panel(
            "What a newcomer needs, as one pack", form, parts.note(str(fault), role="status"), key="handover"
        )
    return packs.pack_panel(state, form, pack, asked)


def _then(data: Data, state: State) -> dt.date | None:
    """Return the day that is set beside the one shown: as the address asks, else the last board."""
    shown = state.as_of or data.today()
    try:
        asked = dt.date.fromisoformat(state.extra.get("on", ""))
    except ValueError:
        asked = None
    if asked is not None and asked < shown:
        return asked
    board, _ = data.boards(state)
    return board if board is not None and board < shown else None


def register(app: Dash, data: Data) -> None:
    """Add the callbacks: words, a role and a day go into the address; and the route of the pack."""
    search = Output("url", "search", allow_duplicate=True)
    where = [Given("url", "pathname"), Given("url", "search")]

    def asked(path: Any, found: Any, **extra: Any) -> Any:
        state = data.state(path, found)
        kept = {**state.extra, **{k: v for k, v in extra.items() if v}}
        for name in (k for k, v in extra.items() if not v):
            kept.pop(name, None)
        return f"?{query_of(replace(state, extra=kept))}"

    @app.callback(
        search,
        Input("memory-find", "n_clicks"),
        Input("memory-q", "n_submit"),
        Given("memory-q", "value"),
        *where,
        prevent_initial_call=True,
    )
    def find(clicks: Any, sent: Any, words: Any, path: Any, found: Any) -> Any:
        if not clicks and not sent:
            return no_update
        return asked(path, found, q=words.strip() if isinstance(words, str) and words.strip() else None)

    @app.callback(search, Input("memory-role", "value"), *where, prevent_initial_call=True)
    def choose(role: Any, path: Any, found: Any) -> Any:
        state = data.state(path, found)
        same = not isinstance(role, str) or role == state.extra.get("role")
        return no_update if same else asked(path, found, role=role)

    @app.callback(search, Input("memory-on", "value"), *where, prevent_initial_call=True)
    def on_day(day: Any, path: Any, found: Any) -> Any:
        state = data.state(path, found)
        same = not isinstance(day, str) or not day or day == state.extra.get("on")
        return no_update if same else asked(path, found, on=day)

    packs.add_pack_route(app, data)
