"""Callbacks of the board: a move, the form, the grid, mine over theirs, undo, who, rounds, weights."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import ALL, ClientsideFunction, Input, Output, State, ctx, html, no_update

from dashboards import editing
from dashboards.pages import _prioritisation_given as given
from dashboards.pages import _prioritisation_scoring as scoring
from dashboards.pages._prioritisation_board import known_of_own, own_of
from dashboards.pages._prioritisation_words import asked
from dashboards.saving import Saved
from dashboards.urls import address
from partnership._workflows.board_moves import OwnScore, moved_scores
from partnership._workflows.scoring import GivenScore
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.scoring_work import Scorer
    from dashboards.urls import State as PageState
    from partnership._prioritisation.rounds import RoundState
    from partnership._workflows.prioritised_values import Prioritised, PrioritisedItem

__all__ = ["Scoring", "register", "scoring_of"]

_KEY = re.compile(r"^board-[a-z0-9-]{1,60}$")


@dataclass(frozen=True)
class Scoring:
    """One role that scores in the open round: all that its board is made of."""

    done: Prioritised
    scorer: Scorer
    round: RoundState

    @property
    def items(self) -> tuple[PrioritisedItem, ...]:
        """All items, scored by the group or not."""
        return self.done.items

    @property
    def criteria(self) -> tuple[Any, ...]:
        """The criteria that have a weight, those of impact first."""
        return tuple(c for c in self.done.criteria if c.share_of_axis > 0)


def members(data: Data, state: PageState) -> dict[str, str]:
    """Return the partners by id, with their short names."""
    return {i: p.short for i, p in data.partners(state).items() if p.is_member}


def scoring_of(data: Data, state: PageState) -> Scoring | None:
    """Return who scores now, by the address; None where nobody does, or nothing can be changed."""
    if data.why_not(state):
        return None
    done = data.scoring.prioritised(None)
    wanted = asked(state, done.rounds, done.criteria, data.scoring.scorers(members(data, state)))
    if done.open_round is None or wanted.scorer is None:
        return None
    return Scoring(done, wanted.scorer, done.open_round)


def register(app: Dash, data: Data) -> None:
    """Add the callbacks."""
    where = [State("url", "pathname"), State("url", "search")]
    why = State("board-why", "value")
    places = (("said", "children"), ("known", "data"), ("back", "children"), ("kept", "data"))
    shown = [Output(f"board-{name}", what, allow_duplicate=True) for name, what in places]

    place: Any = app.clientside_callback
    place(ClientsideFunction("board", "place"), Output("board-placed", "data"), Input("board-known", "data"))

    @app.callback(*shown, Input("board-move", "data"), why, *where, prevent_initial_call=True)
    def move(moved: Any, reason: Any, path: Any, search: Any) -> Any:
        return _moved(data, data.state(path, search), moved, reason) if moved else [no_update] * 4

    @app.callback(
        *shown, Input("board-form-save", "n_clicks"), State("board-form-seen", "data"),
        State({"type": "score-field", "criterion": ALL, "field": ALL}, "value"),
        State({"type": "score-field", "criterion": ALL, "field": ALL}, "id"), why, *where,
        prevent_initial_call=True,
    )  # fmt: skip
    def write(clicks: Any, seen: Any, values: Any, ids: Any, reason: Any, path: Any, search: Any) -> Any:
        if not clicks:
            return [no_update] * 4
        state = data.state(path, search)
        return _saved(data, state, lambda own: given.given_of_form(seen, ids, values, own), reason)

    @app.callback(*shown, Input("board-grid", "cellValueChanged"), why, *where, prevent_initial_call=True)
    def mend(changed: Any, reason: Any, path: Any, search: Any) -> Any:
        if not changed:
            return [no_update] * 4
        return _saved(data, data.state(path, search), lambda own: given.given_of_grid(changed, own), reason)

    @app.callback(
        *shown,
        Input("board-mine", "n_clicks"),
        State("board-kept", "data"),
        why,
        *where,
        prevent_initial_call=True,
    )
    def over(clicks: Any, kept: Any, reason: Any, path: Any, search: Any) -> Any:
        if not clicks:
            return [no_update] * 4
        return _saved(data, data.state(path, search), lambda own: _kept(kept), reason)

    @app.callback(
        *shown,
        Input({"type": "board-undo", "seq": ALL, "at": ALL}, "n_clicks"),
        *where,
        prevent_initial_call=True,
    )
    def undo(clicks: Any, path: Any, search: Any) -> Any:
        which = ctx.triggered_id
        if not any(clicks or ()) or not isinstance(which, dict):
            return [no_update] * 4
        return _undone(data, data.state(path, search), which.get("seq"))

    _register_steps(app, data, where)


def _register_steps(app: Dash, data: Data, where: Sequence[Any]) -> None:
    @app.callback(
        Output("board-form", "children"), Input("board-known", "data"), *where, prevent_initial_call=True
    )
    def form_follows(known: Any, path: Any, search: Any) -> Any:
        return _form(data, data.state(path, search), known)

    @app.callback(
        Output("board-grid", "rowData"), Input("board-known", "data"), *where, prevent_initial_call=True
    )
    def grid_follows(known: Any, path: Any, search: Any) -> Any:
        return _grid(data, data.state(path, search), known)

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("board-scorer", "value"),
        *where,
        prevent_initial_call=True,
    )
    def who(role: Any, path: Any, search: Any) -> Any:
        return _search(data.state(path, search), scorer=role if isinstance(role, str) and role else None)

    @app.callback(
        Output("url", "search", allow_duplicate=True), Input("weights-try", "n_clicks"),
        State({"type": "weight", "name": ALL}, "value"), State({"type": "weight", "name": ALL}, "id"), *where,
        prevent_initial_call=True,
    )  # fmt: skip
    def tried(clicks: Any, values: Any, ids: Any, path: Any, search: Any) -> Any:
        if not clicks:
            return no_update
        given = {i["name"]: v for i, v in zip(ids, values, strict=True) if isinstance(v, str) and v.strip()}
        text = ",".join(f"{n}:{v.strip()}" for n, v in given.items())
        return _search(data.state(path, search), weights=text or None)

    @app.callback(
        Output("round-said", "children"), Output("changed", "data", allow_duplicate=True),
        Input({"type": "round-step", "step": ALL, "round": ALL}, "n_clicks"),
        State("round-who", "value"), State("round-why", "value"),
        State({"type": "round-rule", "name": ALL}, "value"),
        *where, prevent_initial_call=True,
    )  # fmt: skip
    def step(clicks: Any, role: Any, why: Any, rules: Any, path: Any, search: Any) -> Any:
        which = ctx.triggered_id
        if not any(clicks or ()) or not isinstance(which, dict):
            return no_update, no_update
        return _stepped(data, data.state(path, search), which, role, why, rules)


def _search(state: PageState, **changes: Any) -> str:
    _, mark, query = address(state, **changes).partition("?")
    return f"{mark}{query}"


def _stepped(data: Data, state: PageState, which: Mapping[str, Any], role: Any, why: Any, rules: Any) -> Any:
    refused = data.why_not(state)
    step, round_id = which.get("step"), which.get("round")
    if refused or step not in ("open", "close", "reveal") or not isinstance(round_id, str):
        return html.P(refused or "The button did not come through. Load the page again."), no_update
    rule = next(iter(rules or ()), None)
    saved = data.scoring.take_step(step, round_id, editing.declared(data, role), why, rule)
    return editing.outcome(saved, "round"), time.monotonic_ns() if saved.done else no_update


def _moved(data: Data, state: PageState, moved: Any, reason: Any) -> list[Any]:
    """Store where an item was moved to; whatever comes of it, answer with what is stored."""
    key = moved.get("key") if isinstance(moved, dict) else None
    key = key if isinstance(key, str) and _KEY.match(key) else None

    def scores(own: Mapping[tuple[str, str], OwnScore]) -> list[GivenScore]:
        now = scoring_of(data, state)
        if not isinstance(moved, dict):
            raise InvalidInput(_LOST)
        item, seen = moved.get("item"), moved.get("versions")
        spot = {a: moved.get(a) for a in ("effort", "impact")}
        if now is None or not isinstance(item, str) or not isinstance(seen, dict):
            raise InvalidInput(_LOST)
        if (moved.get("round"), moved.get("scorer")) != (now.round.id, now.scorer.role_id):
            msg = "Nothing was stored: the round or the role has changed since. Load the page again."
            raise InvalidInput(msg)
        if item not in {i.item_id for i in now.items}:
            raise InvalidInput(_LOST)
        if any(isinstance(v, bool) or not isinstance(v, int | float) for v in spot.values()):
            raise InvalidInput(_LOST)
        stands = {
            c: OwnScore(o.score, o.abstained, o.confidence, o.note, _version(seen.get(c, 0)))
            for c, o in own_of(own, item).items()
        }
        places = {a: Decimal(str(v)) for a, v in spot.items() if any(c.axis == a for c in now.criteria)}
        return moved_scores(item, places, now.criteria, stands)

    return _saved(data, state, scores, reason, key)


def _version(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(_LOST)
    return value


_LOST = "Nothing was stored: the move did not come through whole. Load the page again."


def _saved(data: Data, state: PageState, read: Any, reason: Any, key: str | None = None) -> list[Any]:
    now = scoring_of(data, state)
    if now is None:
        words = data.why_not(state) or "Nothing was stored: no round is open for you. Load the page again."
        return [editing.outcome(Saved(words), "board"), no_update, no_update, None]
    own = data.scoring.own(now.scorer, now.round.id)
    kept = None
    try:
        scores = read(own)
    except InvalidInput as fault:
        saved = Saved(str(fault))
    else:
        saved = data.scoring.save(now.scorer, now.round.id, scores, reason, key)
        if saved.conflicts:
            found = {c.row_key: c.version for c in saved.conflicts}
            kept = [_as_data(g, found.get(_row_key(g, now), g.version)) for g in scores]
    return _answer(data, now, state, saved, kept, key)


def _row_key(one: GivenScore, now: Scoring) -> str:
    return "|".join((one.item_id, one.criterion_id, now.round.id, now.scorer.role_id))


def _as_data(one: GivenScore, version: int | None) -> dict[str, Any]:
    return {
        "item": one.item_id, "criterion": one.criterion_id,
        "score": None if one.score is None else str(one.score), "abstained": one.abstained,
        "confidence": one.confidence, "note": one.note, "version": version,
    }  # fmt: skip


def _kept(kept: Any) -> list[GivenScore]:
    """Read the scores that met somebody else's, as the page kept them."""
    out = []
    for one in kept if isinstance(kept, list) else []:
        try:
            out.append(
                GivenScore(
                    str(one["item"]), str(one["criterion"]),
                    None if one["score"] is None else Decimal(str(one["score"])),
                    abstained=one["abstained"] is True, confidence=one["confidence"], note=one["note"],
                    version=_version(one["version"]),
                )
            )  # fmt: skip
        except (ArithmeticError, KeyError, TypeError):
            raise InvalidInput(_LOST) from None
    return out


def _undone(data: Data, state: PageState, seq: Any) -> list[Any]:
    now = scoring_of(data, state)
    if now is None or isinstance(seq, bool) or not isinstance(seq, int):
        return [no_update] * 4
    return _answer(data, now, state, data.scoring.take_back(now.scorer, now.round.id, seq), None, None)


def _answer(
    data: Data, now: Scoring, state: PageState, saved: Saved, kept: Any, key: str | None
) -> list[Any]:
    """Return what all places then show: words, the board as stored, what can be undone, what is kept."""
    own = data.scoring.own(now.scorer, now.round.id)
    steps = data.scoring.steps(now.scorer, now.round.id)
    chosen = state.extra.get("item")
    answered = key or f"board-{time.monotonic_ns()}"
    known = known_of_own(now.items, now.criteria, own, now.scorer, now.round.id, chosen, answered)
    said = scoring.told(saved, steps, now.items, now.criteria)
    return [said, known, scoring.steps_list(steps, now.items, now.criteria), kept]


def _form(data: Data, state: PageState, known: Any) -> Any:
    """Return the form as it is stored, after a save from anywhere."""
    now = scoring_of(data, state) if _is_answer(known) else None
    if now is None:
        return no_update
    item = next((i for i in now.items if i.item_id == state.extra.get("item")), None)
    return scoring.form(item, now.criteria, data.scoring.own(now.scorer, now.round.id))


def _grid(data: Data, state: PageState, known: Any) -> Any:
    """Return the grid's rows as they are stored, after a save from anywhere."""
    now = scoring_of(data, state) if _is_answer(known) else None
    if now is None:
        return no_update
    return scoring.grid_rows(now.criteria, data.scoring.own(now.scorer, now.round.id), now.items)


def _is_answer(known: Any) -> bool:
    return isinstance(known, dict) and bool(known.get("answered"))
