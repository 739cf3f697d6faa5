"""Prioritisation: agencies score impact against effort, see where they differ, and how sure each place is.

The board is a picture of the last round that was revealed, and, while a round is open, the place where one
role scores, blind. Nobody logs in yet: a role is declared in the address, and stored as who scored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import editing, parts
from dashboards.pages import (
    _prioritisation_answers,
    _prioritisation_board,
    _prioritisation_item,
    _prioritisation_panels,
    _prioritisation_ranks,
    _prioritisation_scoring,
)
from dashboards.pages._prioritisation_answers import Scoring, members
from dashboards.pages._prioritisation_words import Asked, asked, opening
from dashboards.urls import address
from partnership.wording import day

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.prioritised_values import Prioritised, PrioritisedItem

TITLE = LABEL = "Prioritisation"
FILTERS = ("agency", "goal", "as_of")
VIEWS: tuple[str, ...] = ()


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    agreed = data.scoring.prioritised(state.as_of)
    if not agreed.items:
        return _nothing_yet(state)
    scorers = data.scoring.scorers(members(data, state)) if not data.why_not(state) else {}
    wanted = asked(state, agreed.rounds, agreed.criteria, scorers)
    done = data.scoring.prioritised(
        state.as_of, round_id=wanted.round_id, weights=wanted.weights or None, kept=wanted.kept
    )
    items = _narrowed(done, state)
    scoring = _scoring(data, state, done, wanted)
    chosen = _chosen(done, items, state, scores=scoring is not None)
    first, then = opening(done)
    panels = _prioritisation_panels
    open_now = done.open_round if not data.why_not(state) else None
    return html.Div(
        [
            parts.say(html.Strong(first), then=then or None),
            panels.steps(state, done, _deciding(data, state)),
            *([parts.note(" ".join(wanted.notes), role="status")] if wanted.notes else []),
            *([_prioritisation_scoring.who_panel(scorers, wanted.scorer, open_now)] if open_now else []),
            *(
                [parts.guarded(lambda: _own(data, state, scoring, items), "board")]
                if scoring
                else [
                    parts.cols(
                        html.Div(
                            parts.guarded(lambda: _group(data, state, done, items, chosen), "board"),
                            className="c8",
                        ),
                        html.Div(
                            parts.guarded(
                                lambda: _prioritisation_item.item_panel(data, state, done, chosen), "item"
                            )
                            if chosen
                            else [],
                            className="c4",
                        ),
                    )
                ]
            ),
            parts.guarded(lambda: _prioritisation_ranks.rank_panel(state, done, items), "ranks"),
            parts.guarded(lambda: _prioritisation_ranks.talks_panel(state, done, items), "talks"),
            parts.guarded(lambda: panels.weights_panel(state, done, wanted, agreed), "weights"),
            parts.guarded(lambda: panels.round_panel(data, state, done), "round"),
            dcc.Store(id="board-move"),
        ],
        className="prioritisation-page",
    )


def _nothing_yet(state: State) -> Any:
    link = dcc.Link("Go to Data", href=address(state, "/data"), className="btn")
    sentence = "Write the work on the sheet Work items, and what it is scored on, with anchors, on the sheet Criteria."
    return html.Div(
        [
            parts.say("No work yet."),
            parts.empty("There is nothing to score", sentence, key="board", link=link),
        ]
    )


def _narrowed(done: Prioritised, state: State) -> tuple[PrioritisedItem, ...]:
    """Return the items that the agency leads, and that serve the goal; places are among all."""
    return tuple(
        i
        for i in done.items
        if state.agency_id in (None, i.lead_agency_id) and state.goal_id in (None, i.goal_id)
    )


def _chosen(done: Prioritised, items: tuple[PrioritisedItem, ...], state: State, *, scores: bool) -> Any:
    """Return the item that the address names; failing that, the one that most needs a talk."""
    shown = {i.item_id: i for i in items}
    if state.extra.get("item") in shown:
        return shown[state.extra["item"]]
    if scores:
        return None
    first = next((t.item for t in done.talks if t.item in shown), None)
    return shown[first] if first else next(iter(items), None)


def _scoring(data: Data, state: State, done: Prioritised, wanted: Asked) -> Scoring | None:
    if done.open_round is None or wanted.scorer is None or data.why_not(state):
        return None
    return Scoring(done, wanted.scorer, done.open_round)


def _deciding(data: Data, state: State) -> str:
    _, coming = data.boards(state)
    return f"The board meets {day(coming)}" if coming else ""


def _group(
    data: Data, state: State, done: Prioritised, items: tuple[PrioritisedItem, ...], chosen: Any
) -> Any:
    refused = data.why_not(state)
    sealed = next((r for r in done.rounds if r.is_sealed), None)
    shown = "What is shown here is of the last round revealed."
    why: list[Any] = [refused]
    if not refused and sealed is None:
        link = html.A("Open a round", href="#round")
        why = ["No round is open, so the board is to be looked at only. ", link, " to score."]
    elif not refused and sealed is not None:
        say = " Say above who you are, to score." if sealed.takes_scores else ""
        why = [f"{sealed.words}.{say} {shown}"]
    return _prioritisation_board.group_board(state, done, items, chosen, why)


def _own(data: Data, state: State, scoring: Scoring, items: tuple[PrioritisedItem, ...]) -> Any:
    own = data.scoring.own(scoring.scorer, scoring.round.id)
    history = data.scoring.steps(scoring.scorer, scoring.round.id)
    chosen = state.extra.get("item")
    board = _prioritisation_board
    known = board.known_of_own(scoring.items, scoring.criteria, own, scoring.scorer, scoring.round.id, chosen)
    item = next((i for i in items if i.item_id == chosen), None)
    said = html.Div(id="board-said", role="status", className="saved board-said")
    form = _prioritisation_scoring
    placed = board.own_board(state, items, known, scoring.scorer, scoring.round, said)
    return html.Div(
        [
            parts.cols(
                html.Div(placed, className="c8"),
                html.Div(
                    parts.panel(
                        "Score by a form, criterion by criterion",
                        form.scoring_panel(item, scoring.criteria, own),
                        key="scoring",
                    ),
                    className="c4",
                ),
            ),
            parts.panel(
                "All your scores, and who moved what last",
                form.grid(state, scoring.criteria, own, items),
                html.H3("Take back a change"),
                html.Div(form.steps_list(history, scoring.items, scoring.criteria), id="board-back"),
                editing.keeper("board"),
                key="all-scores",
            ),
        ]
    )


def register(app: Dash, data: Data) -> None:
    """Add the callbacks of the board, the form, the grid, the rounds and the weights."""
    _prioritisation_answers.register(app, data)
