"""Phasing: what is done when, small wins first, within what each agency offers; and how sure the plan is.

The plan is worked out when the page asks for it, in a process of its own: the frame and the questions stand
at once, the answers fill in. All that can be chosen is in the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, dcc, html

from dashboards import parts
from dashboards.pages import _phasing_beyond, _phasing_panels
from dashboards.pages._phasing_words import BASES, QUARTERS, WINS, asked
from dashboards.parts import aria
from dashboards.phasing_work import SECONDS
from dashboards.urls import address, query_of
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
            html.Div(parts.say(waiting), id="phasing-say"),
            _questions(state, settings),
            html.Div(id="phasing-plan"),
            html.Div(id="phasing-more"),
        ],
        className="phasing-page",
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
    """Add the answers: first the plan, then how firm it is and what more days would buy."""

    @app.callback(
        Output("phasing-say", "children"), Output("phasing-plan", "children"), Input("phasing-asked", "data")
    )
    def plan(search: Any) -> Any:
        state = data.state(PATH, search)
        return answer(data, state)

    @app.callback(Output("phasing-more", "children"), Input("phasing-asked", "data"))
    def more(search: Any) -> Any:
        state = data.state(PATH, search)
        return beyond(data, state)


def answer(data: Data, state: State) -> tuple[Any, Any]:
    """Return the sentence and the plan's panels."""
    settings, _ = asked(state.extra)
    try:
        done = data.phasing.plan(state.as_of, settings)
    except InvalidInput as error:
        return parts.say("No plan can be made."), parts.note(str(error), role="alert")
    return _phasing_panels.opening(done), _phasing_panels.plan(data, state, done)


def beyond(data: Data, state: State) -> Any:
    """Return what is asked after there is a plan."""
    settings, _ = asked(state.extra)
    try:
        done: Phased = data.phasing.plan(state.as_of, settings)
    except InvalidInput:
        return None
    if not done.has_plan or not done.chosen:
        return None
    return _phasing_beyond.beyond(data, state, done, settings)
