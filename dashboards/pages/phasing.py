"""Phasing: what is done when, small wins first, within what each agency offers; and how sure the plan is.

The plan is worked out when the page asks for it, in a process of its own: the frame and the questions stand
at once, the answers fill in. All that can be chosen is in the address.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from dash import Input, Output, dcc, html
from dash import State as Given

from dashboards import parts
from dashboards.pages import _phasing_beyond, _phasing_keeping, _phasing_panels
from dashboards.pages._phasing_words import BASES, QUARTERS, WINS, asked
from dashboards.parts import aria
from dashboards.phasing_work import FIRM_SECONDS, MORE_SECONDS, SECONDS
from dashboards.still import still
from dashboards.urls import address, query_of
from dashboards.working import name_of_ask
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.phasing import Phased, PhasingSettings

TITLE = LABEL = "Phasing"
FILTERS = ("agency", "goal", "as_of")
VIEWS: tuple[str, ...] = ()
PATH = "/phasing"


def layout(data: Data, state: State) -> Any:
    """Return the page: what may be asked, and places for the answers."""
    if not data.table("work_items", state).height or not data.table("capacity", state).height:
        return _nothing_yet(data, state)
    settings, notes = asked(state.extra)
    waiting = f"Working out the plan: at most {SECONDS:g} seconds."
    return html.Div(
        [
            *([parts.note(" ".join(notes), role="status")] if notes else []),
            dcc.Store(id="phasing-asked", data=f"?{query_of(state)}"),
            dcc.Store(id="phasing-ask", data=uuid.uuid4().hex),
            dcc.Store(id="phasing-kept"),
            html.Div(parts.say(waiting), id="phasing-say"),
            _working(),
            _questions(state, settings),
            html.Div(id="phasing-plan"),
            html.Div(id="phasing-keep"),
            html.Div(id="phasing-more"),
            html.Div(id="phasing-since"),
        ],
        className="phasing-page",
    )


def _working() -> html.Div:
    """Return what stands there while something is worked out: how long at most, and the way to stop it."""
    most = SECONDS + MORE_SECONDS + FIRM_SECONDS
    return html.Div(
        [
            html.Span(
                f"Still working out the plan, how firm it is and what more days would buy: {most:g} seconds at most. "
            ),
            html.Button(
                "Stop: show what was found so far", id="phasing-stop", type="button", className="btn small"
            ),
            html.Span(id="phasing-stopped", role="status"),
        ],
        id="phasing-working",
        className="working",
        hidden=True,
    )


def _nothing_yet(data: Data, state: State) -> Any:
    has_items = data.table("work_items", state).height
    absent, sheet = (
        ("Nobody has said what it offers", "Capacity: the days of each agency in each quarter")
        if has_items
        else (
            "There is no work to phase",
            "Work items and Item agencies: the work, and the days it asks of each agency",
        )
    )
    return html.Div(
        [
            parts.say("No plan yet."),
            parts.empty(
                absent, f"Write on the sheet {sheet}.", key="timeline",
                link=dcc.Link("Go to Data", href=address(state, "/data"), className="btn"),
            ),
        ]
    )  # fmt: skip


def _questions(state: State, settings: PhasingSettings) -> html.Div:
    """Return what may be asked, as links: each is an address."""
    quarters = str(settings.quarters) if settings.quarters else "all"
    groups = (
        ("Value by", "value", [(b, b, None if b == "score" else b) for b in BASES], settings.value),
        ("Quarters", "quarters", [("all", "as offered", None), *((q, q, q) for q in QUARTERS)], quarters),
        (
            "Small wins in six months", "wins",
            [(w, "no rule" if w == "0" else w, None if w == "3" else w) for w in WINS], str(settings.small_wins),
        ),
    )  # fmt: skip
    return html.Div(
        [
            html.Div(
                [
                    html.Span(label, id=f"ask-{name}"),
                    html.Ul(
                        [
                            html.Li(
                                dcc.Link(said, href=address(state, **{name: value})),
                                **(aria(current="true") if key == chosen else {}),
                            )
                            for key, said, value in options
                        ],
                        **aria(labelledby=f"ask-{name}"),
                    ),
                ],
                className="ask",
            )
            for label, name, options, chosen in groups
        ],
        className="asks",
        role="group",
        **aria(label="What the plan is asked for"),
    )


def register(app: Dash, data: Data) -> None:
    """Add the answers: the plan, how firm it is, what moved since; the way to stop, and the way to keep."""

    @app.callback(
        Output("phasing-say", "children"), Output("phasing-plan", "children"), Output("phasing-keep", "children"),
        Input("phasing-asked", "data"), Given("phasing-ask", "data"),
    )  # fmt: skip
    def plan(search: Any, ask: Any) -> Any:
        return still(answer(data, data.state(PATH, search), name_of_ask(ask)))

    @app.callback(
        Output("phasing-more", "children"), Input("phasing-asked", "data"), Given("phasing-ask", "data"),
        running=[(Output("phasing-working", "hidden"), False, True)],
    )  # fmt: skip
    def more(search: Any, ask: Any) -> Any:
        return still(beyond(data, data.state(PATH, search), name_of_ask(ask)))

    @app.callback(
        Output("phasing-since", "children"), Input("phasing-asked", "data"), Input("phasing-kept", "data"),
        Given("phasing-ask", "data"),
    )  # fmt: skip
    def since(search: Any, kept: Any, ask: Any) -> Any:
        del kept
        return still(moved(data, data.state(PATH, search), name_of_ask(ask)))

    @app.callback(
        Output("phasing-stopped", "children"),
        Input("phasing-stop", "n_clicks"),
        Given("phasing-ask", "data"),
        prevent_initial_call=True,
    )
    def stop(clicks: Any, ask: Any) -> str:
        return stopped(data, name_of_ask(ask)) if clicks else ""

    _phasing_keeping.register(app, data)


def stopped(data: Data, ask: str) -> str:
    """End what runs for a page, and say what comes of it."""
    if ask and data.phasing.stop(ask):
        return " Stopped. What was found so far is shown as that."
    return " Nothing runs for this page alone: an answer that others wait for goes on to its end."


def answer(data: Data, state: State, ask: str = "") -> tuple[Any, Any, Any]:
    """Return the sentence, the plan's panels, and the place in which the plan is kept."""
    settings, _ = asked(state.extra)
    try:
        seq, done = data.phasing.plan_at(state.as_of, settings, ask)
    except InvalidInput as error:
        return parts.say("No plan can be made."), parts.note(str(error), role="alert"), None
    keep = parts.guarded(lambda: _phasing_keeping.panel(data, state, seq, done), "keep")
    return _phasing_panels.opening(done), _phasing_panels.plan(data, state, done), keep


def beyond(data: Data, state: State, ask: str = "") -> Any:
    """Return what is asked after there is a plan."""
    settings, done = _planned(data, state, ask)
    return _phasing_beyond.beyond(data, state, done, settings, ask) if done else None


def moved(data: Data, state: State, ask: str = "") -> Any:
    """Return what moved since the plan that was decided last."""
    settings, done = _planned(data, state, ask)
    if done is None:
        return None
    return parts.guarded(lambda: _phasing_beyond.since(data, state, settings, ask), "since")


def _planned(data: Data, state: State, ask: str) -> tuple[PhasingSettings, Phased | None]:
    settings, _ = asked(state.extra)
    try:
        done: Phased = data.phasing.plan(state.as_of, settings, ask)
    except InvalidInput:
        return settings, None
    return settings, done if done.has_plan and done.chosen else None
