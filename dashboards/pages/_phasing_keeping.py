"""Keeping the plan that the page shows as a decision: who, why, and what it was made from."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from dash import Input, Output, dcc, html, no_update
from dash import State as Given

from dashboards import editing, parts
from dashboards.pages._phasing_words import asked
from dashboards.phasing_work import fingerprint
from dashboards.saving import Saved, reason_of
from dashboards.urls import address
from partnership._workflows.phasing_decision import edit_of
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.phasing import Phased

__all__ = ["kept", "panel", "register"]


def panel(data: Data, state: State, seq: int, done: Phased) -> Any:
    """Return the place in which the plan is kept as a decision, or why it cannot be.

    Parameters
    ----------
    data, state : Data, State
        What is shown.
    seq : int
        Last change of the store that the plan was made from.
    done : Phased
        The plan.
    """
    if not done.has_plan or not done.chosen:
        return None
    shut = editing.closed(data, state, "keep", "This plan cannot be kept here")
    if shut is not None:
        return shut
    return parts.panel(
        "Keep this plan as a decision",
        editing.signature(data, "phasing", ""),
        html.P(
            html.Button("Keep this plan", id="phasing-save", type="button", className="btn primary"),
            className="files",
        ),
        html.Div(id="phasing-said", role="status", className="saved"),
        dcc.Store(id="phasing-seen", data={"seq": seq, "plan": fingerprint(done), "once": uuid.uuid4().hex}),
        key="keep",
        sub="It is kept with all that it was made from, so that it can be made again and compared later. "
        "Nobody logs in yet: who keeps it is declared, stored as declared and shown so.",
        source=f"{done.proof_words} The same on the command line: partnership phase --save.",
    )


def register(app: Dash, data: Data) -> None:
    """Add the button."""

    @app.callback(
        Output("phasing-said", "children"), Output("phasing-kept", "data"),
        Input("phasing-save", "n_clicks"),
        Given("phasing-seen", "data"), Given("phasing-who", "value"), Given("phasing-why", "value"),
        Given("phasing-ask", "data"), Given("url", "pathname"), Given("url", "search"),
        prevent_initial_call=True,
    )  # fmt: skip
    def keep(clicks: Any, seen: Any, role: Any, why: Any, ask: Any, path: Any, search: Any) -> Any:
        if not clicks:
            return no_update, no_update
        state = data.state(path, search)
        saved, said = kept(data, state, seen, role, why, ask if isinstance(ask, str) else "")
        return said, saved.receipt.seq if saved.receipt else no_update


def kept(data: Data, state: State, seen: Any, role: Any, why: Any, ask: str = "") -> tuple[Saved, Any]:
    """Keep the plan that a page showed, through the one door; return what came of it, and what to show.

    Parameters
    ----------
    data, state : Data, State
        What the page shows.
    seen : Mapping
        What the page kept of the plan: the change it was made from, its fingerprint, a key of its own.
    role, why : Any
        Who says that they decide this, and why, as typed.
    ask : str
        The page.
    """
    who, reason = editing.declared(data, role), reason_of(why)
    once = seen.get("once") if isinstance(seen, dict) else None
    key = f"phasing-{once}" if isinstance(once, str) else None
    saved = data.saved_before(key)
    if saved is None:
        saved = _stored(data, state, seen, who, reason, ask, key)
    if saved.receipt is None:
        return saved, editing.outcome(saved, "phasing")
    rows = data.history("decisions")
    number = rows.filter(rows["change_seq"] == saved.receipt.seq)["row_key"].to_list()[-1]
    return saved, html.P(
        [
            f"Kept as decision {number}, change {saved.receipt.seq}. What moves from now on is shown below. ",
            dcc.Link("It stands among the decisions", href=address(state, "/memory")),
            ".",
        ],
        className="said",
    )


def _stored(data: Data, state: State, seen: Any, who: Any, reason: str, ask: str, key: str | None) -> Saved:
    if refused := data.why_not(state):
        return Saved(refused)
    if who is None:
        return Saved("Say first who keeps this plan.")
    if not reason:
        return Saved("Say first why: a decision without a reason helps nobody who looks back.")
    settings, _ = asked(state.extra)
    try:
        decision = data.phasing.decision(settings, seen, who, reason, ask)
    except InvalidInput as fault:
        return Saved(str(fault))
    saved = data.save(state, "decisions", [edit_of(decision)], actor=who, reason=reason, once=key)
    if saved.conflicts:  # somebody else wrote a decision between the look and the save
        return Saved("Another decision was written at the same moment, and nothing of yours. Keep it again.")
    return saved
