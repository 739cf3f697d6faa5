"""The impact and effort board: a button for each item, placed by its score; of the group, or of one scorer.

The browser keeps no truth of its own: what it places and what it goes back to is in ``board-known``, which
the server writes anew after every save.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages._prioritisation_words import board_title, tenth
from dashboards.parts import Col, aria
from dashboards.urls import address
from partnership._workflows.board_moves import OwnScore, place_on
from partnership.wording import capital, chances, count_of

if TYPE_CHECKING:
    from dashboards.scoring_work import Own, Scorer
    from dashboards.urls import State
    from partnership._prioritisation.rounds import RoundState
    from partnership._workflows.prioritised_values import Prioritised, PrioritisedItem

__all__ = ["group_board", "known_of_group", "known_of_own", "own_board", "own_of"]

Known = dict[str, Any]


def own_of(own: Own, item_id: str) -> dict[str, OwnScore]:
    """Return a scorer's scores of one item, by criterion."""
    return {c: s for (i, c), s in own.items() if i == item_id}


def known_of_group(done: Prioritised, chosen: str | None) -> Known:
    """Return where the board's buttons stand by the agencies' means."""
    items = {i.item_id: {"impact": i.impact, "effort": i.effort} for i in done.items}
    return {"mode": "group", "chosen": chosen, "items": items}


def known_of_own(
    items: Sequence[PrioritisedItem],
    criteria: Sequence[Any],
    own: Own,
    scorer: Scorer,
    round_id: str,
    chosen: str | None,
    answered: str | None = None,
) -> Known:
    """Return where the buttons stand by a scorer's own scores, with the versions that were seen.

    Parameters
    ----------
    items, criteria : Sequence
        What is scored, on what.
    own : Own
        The scorer's own scores of the round.
    scorer, round_id
        Whose, and of which round.
    chosen : str or None
        The item that is open.
    answered : str, optional
        Key of the move that this answers: stored, refused or stale, the board then shows what is stored.
    """
    out = {}
    for item in items:
        found = own_of(own, item.item_id)
        spot = {axis: place_on(axis, criteria, found) for axis in ("impact", "effort")}
        versions = {c.id: found[c.id].version if c.id in found else 0 for c in criteria}
        out[item.item_id] = {a: None if v is None else float(v) for a, v in spot.items()} | {
            "versions": versions
        }
    return {
        "mode": "own", "round": round_id, "scorer": scorer.role_id, "chosen": chosen, "items": out,
        "answered": answered,
    }  # fmt: skip


def group_board(
    state: State,
    done: Prioritised,
    items: Sequence[PrioritisedItem],
    chosen: PrioritisedItem | None,
    why: Sequence[Any],
) -> Any:
    """Return the board of a revealed round, which nobody moves; ``why`` says so."""
    number = done.round.number if done.round else None
    sub = (
        f"Each button stands at its mean score in round {number}, from fixed anchors, 0 to 10. "
        if number
        else "No round has been revealed yet. "
    )
    known = known_of_group(done, chosen.item_id if chosen else None)
    return parts.panel(
        board_title(items),
        parts.note(*why),
        _plot(state, items, known, chosen, moves=False),
        _key(moves=False),
        parts.twin(_group_table(items), summary="Show the board as a table"),
        key="board",
        sub=f"{sub}Choose one to see what each agency said.",
        source=_source(done),
    )


def own_board(
    state: State,
    items: Sequence[PrioritisedItem],
    known: Known,
    scorer: Scorer,
    round_state: RoundState,
    said: Any,
) -> Any:
    """Return the board on which one scorer places items."""
    placed = sum(v["impact"] is not None and v["effort"] is not None for v in known["items"].values())
    chosen = next((i for i in items if i.item_id == known["chosen"]), None)
    return parts.panel(
        f"{capital(scorer.agency)} scores round {round_state.number}: {placed} of "
        f"{count_of(len(known['items']), 'item')} placed",
        said,
        _plot(state, items, known, chosen, moves=True),
        _key(moves=True),
        key="board",
        sub="Only your own scores are shown: the round is blind until it is revealed. Move a button with the "
        "mouse, a finger or the arrow keys (a tenth; with Shift a whole point). Enter saves, Escape undoes. "
        "The form and the grid below do the same.",
    )


def _plot(
    state: State,
    items: Sequence[PrioritisedItem],
    known: Known,
    chosen: PrioritisedItem | None,
    *,
    moves: bool,
) -> html.Div:
    shown = [i for i in items if i.item_id in known["items"]]
    corners = (("Quick wins", "tl"), ("Big bets", "tr"), ("Fill-ins", "bl"), ("Think again", "br"))
    return html.Div(
        [
            html.Div(
                [
                    *(html.Span(name, className=f"quad {at}", **aria(hidden="true")) for name, at in corners),
                    html.Span("high impact 10", className="axis up-high", **aria(hidden="true")),
                    html.Span("0 low impact", className="axis up-low", **aria(hidden="true")),
                    html.Span("0 little effort", className="axis left", **aria(hidden="true")),
                    html.Span("much effort 10", className="axis right", **aria(hidden="true")),
                    *_range(chosen, moves=moves),
                    html.Div(id="board-dots", **aria(hidden="true")),
                    *(_pill(state, i, known, chosen, moves=moves) for i in shown),
                ],
                id="board-plot",
                className="plot moves" if moves else "plot",
                role="group",
                **aria(label="Impact and effort board", describedby="board-how"),
            ),
            html.P(id="board-how", className="sr", children=_how(moves=moves)),
            html.P("Not placed yet", id="board-tray", className="tray"),
            html.Div(id="board-live", className="live-line", role="status", **aria(live="polite")),
            dcc.Store(id="board-known", data=known),
            dcc.Store(id="board-placed"),
        ],
        className="board-area",
    )


def _how(*, moves: bool) -> str:
    if not moves:
        return "Enter opens what each agency said of an item."
    return "Arrow keys move an item by a tenth, with Shift by a whole point. Enter saves, Escape undoes."


def _range(chosen: PrioritisedItem | None, *, moves: bool) -> list[Any]:
    """Return the dashed box of the chosen item's scores, from the lowest to the highest on both axes."""
    if moves or chosen is None:
        return []
    ends = {a: chosen.axes.get(a) for a in ("impact", "effort")}
    if any(e is None or e.low is None or e.high is None for e in ends.values()):
        return []
    impact, effort = ends["impact"], ends["effort"]
    assert impact is not None and effort is not None  # noqa: S101, PT018 - told to the type checker
    low, high = float(effort.low or 0), float(effort.high or 0)
    bottom, top = float(impact.low or 0), float(impact.high or 0)
    style = {
        "left": f"{low * 10:g}%", "width": f"{(high - low) * 10:g}%",
        "top": f"{100 - top * 10:g}%", "height": f"{(top - bottom) * 10:g}%",
    }  # fmt: skip
    return [html.Div(className="range", style=style, **aria(hidden="true"))]


def _pill(
    state: State, item: PrioritisedItem, known: Known, chosen: PrioritisedItem | None, *, moves: bool
) -> html.Button:
    spot = known["items"][item.item_id]
    differs = not moves and item.disagreement.disagrees
    is_on = chosen is not None and chosen.item_id == item.item_id
    remark = f"{item.disagreement.kind}" if differs else ""
    data: dict[str, Any] = {
        "data-item": item.item_id,
        "data-title": f"{item.item_id} {item.title}",
        "data-remark": remark,
        "data-href": address(state, item=None if is_on else item.item_id),
    }
    where = f"effort {tenth(spot['effort'])}, impact {tenth(spot['impact'])}"
    return html.Button(
        [
            html.B(item.item_id),
            html.Span(item.title, className="name"),
            *([html.Span("⇄", className="two", **aria(hidden="true"))] if differs else []),
            html.Small(where, className="at"),
        ],
        type="button",
        className=" ".join(["pill", *(["differs"] if differs else []), *(["on"] if is_on else [])]),
        **data,
        **aria(pressed="true" if is_on else "false"),
    )


def _key(*, moves: bool) -> html.Ul:
    said = ["A dot marks the true place of a button that was moved aside, by at most one step"]
    if not moves:
        said = [
            "⇄ and a double ring: agencies disagree",
            "Dashed box: from the lowest to the highest score of the chosen item",
            *said,
        ]
    return html.Ul([html.Li(s) for s in said], className="key board-key")


def _source(done: Prioritised) -> str:
    criteria = [
        f"{c.name} ({c.axis}): {', '.join(f'{n} {w}' for n, w in c.anchors.items())}" for c in done.criteria
    ]
    never = "Quadrants are cut at 5, the middle of the scale. Adding an item moves no other."
    return f"{never} {'. '.join(criteria)}." if criteria else never


def _group_table(items: Sequence[PrioritisedItem]) -> Any:
    rows: list[Mapping[str, Any]] = [
        {
            "item": f"{i.item_id} {i.title}",
            "effort": tenth(i.effort),
            "impact": tenth(i.impact),
            "quadrant": capital(i.quadrant) if i.quadrant else "not scored",
            "chance": chances(i.quadrant_chance) if i.quadrant_chance is not None else "–",
            "agreement": i.disagreement.kind,
            "beaten": ", ".join(i.dominated_by[:4]) or "none",
        }
        for i in items
    ]
    columns = [
        Col("item", "Item"),
        Col("effort", "Effort", numeric=True, show=str),
        Col("impact", "Impact", numeric=True, show=str),
        Col("quadrant", "Quadrant"),
        Col("chance", "Chance of it", numeric=True, show=str),
        Col("agreement", "Agreement"),
        Col("beaten", "Beaten on both by"),
    ]
    return parts.table([dict(r) for r in rows], columns, caption="Items with their place on the board")
