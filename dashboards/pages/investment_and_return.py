# ruff: noqa: E501 - a sentence stays on one line
"""Investment and return: what each agency pays, gains and risks, and what it would fairly owe.

What needs no draws stands at once; what needs them fills in. Every choice is in the address, and every
headline number opens the chain behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, dcc, html, no_update
from dash import State as Given

from dashboards import appraisal_files, parts
from dashboards.investing import Choices
from dashboards.own import once
from dashboards.pages import _investment_flows as paid
from dashboards.pages import _investment_shares as fair
from dashboards.pages import _investment_sure as sure
from dashboards.pages._investment_choices import asked, basis
from dashboards.pages._investment_explained import explained
from dashboards.pages._investment_ledger import ledger
from dashboards.pages._investment_more import (
    More,
    asked_more,
    doubted,
    more,
    offered,
    reached,
    stopped,
    until_then,
    working,
)
from dashboards.still import still
from dashboards.urls import address, query_of
from dashboards.working import name_of_ask
from partnership.errors import InvalidInput
from partnership.parameters import discount_schedule, discount_vintages
from partnership.wording import pounds, the

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.appraising import Appraised

TITLE = LABEL = "Investment and return"
SHOWS_STORE_ONLY = True
FILTERS = ("agency", "goal", "as_of")
VIEWS = ("payers_and_gainers",)
PATH = "/investment-and-return"


def layout(data: Data, state: State) -> Any:
    """Return the page: what needs no draws, and places for what does."""
    choices, notes = asked(state.extra)
    try:
        done, own = data.appraised(state, choices), data.appraised(state, Choices())
    except InvalidInput as error:
        return _nothing(state, str(error))
    appraisal = done.appraisal
    if state.goal_id:
        notes.append(
            "Agencies are appraised over all goals together: the goal that was picked narrows nothing here."
        )
    if state.agency_id and state.agency_id not in appraisal.agencies:
        notes.append("The agency that was picked is not appraised. All agencies are shown.")
    wanted, unheard = asked_more(state, data.today())
    notes += unheard
    scope = paid.scope_of(state, appraisal)
    drawn = appraisal.result(scope).gate.is_open
    waiting = parts.source_line(f"Working out {choices.draws:,} futures.") if drawn else None
    return html.Div(
        [
            *([parts.note(" ".join(notes), role="status")] if notes else []),
            dcc.Store(id="investment-asked", data=f"?{query_of(state)}"),
            paid.opening(state, appraisal),
            html.Div(waiting, id="investment-chance"),
            basis(state, choices, appraisal.model.settings, own.appraisal.model.settings),
            parts.guarded(lambda: explained(data, state, choices), "explain"),
            parts.guarded(lambda: paid.flow(data, state, choices, appraisal), "flows"),
            html.Div(id="investment-sure"),
            parts.guarded(lambda: ledger(data, state, done), "ledger"),
            parts.cols(
                parts.guarded(lambda: fair.running_on(data, state, choices, appraisal), "run-on", span="c6"),
                html.Div(
                    parts.guarded(lambda: paid.drivers(data, state, choices, appraisal), "drivers"),
                    className="c6",
                ),
            ),
            *_each(lambda: fair.shared(data, state, choices, appraisal), "sharing"),
            html.Div(id="investment-doubt"),
            offered(state, wanted, appraisal, data.today()),
            *_asking(wanted),
            html.Div(until_then(wanted, "doubt"), id="investment-doubt-shares", **parts.aria(live="polite")),
            html.Div(until_then(wanted, "compared"), id="investment-more", **parts.aria(live="polite")),
            parts.guarded(lambda: _vintages(data, state, choices, done), "vintages"),
            _how(done),
        ],
        className="investment-page",
    )


def _asking(wanted: More) -> list[Any]:
    """Return what asks for the shares of the doubt, and tells how far they are; nothing where nobody asked."""
    if not wanted.samples:
        return []
    tick = dcc.Interval(id="doubt-tick", interval=1000, disabled=True)
    return [dcc.Store(id="doubt-ask", data=once()), tick, working(wanted)]


def _each(make: Any, key: str) -> list[Any]:
    made = parts.guarded(make, key)
    return made if isinstance(made, list) else [made]


def _nothing(state: State, why: str) -> html.Div:
    return html.Div(
        [
            parts.say("No return is shown."),
            parts.empty(
                "There is nothing to appraise yet", why, key="flows",
                link=dcc.Link("Go to Data", href=address(state, "/data"), className="btn"),
            ),
        ]
    )  # fmt: skip


def _vintages(data: Data, state: State, choices: Choices, done: Appraised) -> Any:
    """Return what would differ under the other editions of discount rates: a what-if, never a headline."""
    appraisal = done.appraisal
    others = [v for v in discount_vintages() if v != appraisal.vintage]
    scope = paid.scope_of(state, appraisal)
    if not others or not appraisal.whole.pv_cost_gbp:
        return None
    other = others[0]
    labels = {
        "pv_cost_gbp": "Pays", "pv_fiscal_gbp": "Fiscal benefit", "pv_cashable_gbp": "of it cash-releasing",
        "net_fiscal_gbp": "Net", "net_public_value_gbp": "Net public value",
    }  # fmt: skip
    is_open = appraisal.result(scope).gate.is_open
    rows: list[dict[str, Any]] = [
        {"c": c, "what": labels[c.measure]}
        for c in data.under(state, choices, other)
        if c.scope == scope and (is_open or not c.measure.startswith("net"))
    ]
    fiscal = next(r["c"] for r in rows if r["c"].measure == "pv_fiscal_gbp")
    status = discount_schedule(vintage=other).status
    whose = "" if scope == "whole" else f" of {the(appraisal.agencies[scope].name)}"
    return parts.panel(
        f"Under {other}, the fiscal benefit{whose} would be {pounds(abs(fiscal.change_gbp))} {'more' if fiscal.change_gbp >= 0 else 'less'}",
        parts.table(
            rows,
            [
                parts.Col("what", "Present value"),
                parts.Col("c", appraisal.vintage, lambda c: pounds(c.before, pence=True), numeric=True),
                parts.Col("c", other, lambda c: pounds(c.after, pence=True), numeric=True),
                parts.Col("c", "Difference", lambda c: pounds(c.change_gbp, plus=True, pence=True), numeric=True),
            ],
            label="Two editions of discount rates",
        ),
        key="vintages",
        sub=f"A what-if: {other} is {status}.",
    )  # fmt: skip


def _how(done: Appraised) -> html.Details:
    rows = [{"choice": k.capitalize(), "said": v} for k, v in done.appraisal.sentences.items()]
    rows += [
        {"choice": f"Optimism by {rule}", "said": f"Fiscal benefit would be {pounds(value)}."}
        for rule, value in done.appraisal.optimism_alternatives.items()
    ]
    rows += [{"choice": f.place, "said": f"{f.found} {f.do}"} for f in done.findings]
    return parts.twin(
        parts.table(
            rows,
            [parts.Col("choice", "Choice"), parts.Col("said", "As made here")],
            label="How it is worked out",
        ),
        summary="Show how it is worked out, and what was left out",
    )


def register(app: Dash, data: Data) -> None:
    """Add what needs draws: the chance, the positions, what moves them; and the workbooks."""
    appraisal_files.register(app, data)

    @app.callback(
        Output("investment-chance", "children"), Output("investment-sure", "children"),
        Output("investment-doubt", "children"), Input("investment-asked", "data"),
    )  # fmt: skip
    def draw(search: Any) -> Any:
        return still(drawn(data, data.state(PATH, search)))

    @app.callback(Output("investment-more", "children"), Input("investment-asked", "data"))
    def extra(search: Any) -> Any:
        state = data.state(PATH, search)
        return _in_words(lambda: more(data, state, asked(state.extra)[0], asked_more(state, data.today())[0]))

    @app.callback(
        Output("investment-doubt-shares", "children"), Input("doubt-ask", "data"), Given("investment-asked", "data"),
        running=[(Output("doubt-working", "hidden"), False, True), (Output("doubt-tick", "disabled"), False, True)],
    )  # fmt: skip
    def doubt(ask: Any, search: Any) -> Any:
        if not name_of_ask(ask):
            return no_update
        state = data.state(PATH, search)
        wanted, _ = asked_more(state, data.today())
        return _in_words(lambda: doubted(data, state, asked(state.extra)[0], wanted, name_of_ask(ask)))

    @app.callback(
        Output("doubt-reached", "children"), Input("doubt-tick", "n_intervals"), Given("doubt-ask", "data"),
        Given("investment-asked", "data"), prevent_initial_call=True,
    )  # fmt: skip
    def tick(ticks: Any, ask: Any, search: Any) -> Any:
        del ticks
        return reached(data, name_of_ask(ask), asked_more(data.state(PATH, search), data.today())[0])

    @app.callback(
        Output("doubt-stopped", "children"), Input("doubt-stop", "n_clicks"), Given("doubt-ask", "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def stop(clicks: Any, ask: Any) -> str:
        return stopped(data, name_of_ask(ask)) if clicks else ""


def _in_words(make: Any) -> Any:
    try:
        return still(make())
    except InvalidInput as error:
        return parts.note(str(error), role="alert")


def drawn(data: Data, state: State) -> tuple[Any, Any, Any]:
    """Return the line under the headline and the panels that need draws."""
    choices, _ = asked(state.extra)
    try:
        found = data.uncertain(state, choices)
    except InvalidInput as error:
        return None, parts.note(str(error), role="alert"), None
    return (
        parts.guarded(lambda: sure.chance(state, found), "chance"),
        _each(lambda: sure.sure(data, state, choices, found), "worse-off"),
        _each(lambda: sure.drivers_of_doubt(data, state, found), "tornado"),
    )
