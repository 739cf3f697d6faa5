"""Scoring by one role: who you are, the form, the grid, what came of a save, and the way back.

Every way in ends in one place: :meth:`dashboards.scoring_work.ScoringWork.save`. Every answer is the board as
it is stored, so that board, form and grid never tell different things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards import editing, parts
from dashboards.editing import COMBO, EditCol
from dashboards.pages._prioritisation_board import own_of
from dashboards.pages._prioritisation_given import YES
from dashboards.pages._prioritisation_words import tenth
from dashboards.saving import Saved
from dashboards.urls import address
from partnership._workflows.board_moves import OwnScore, place_on
from partnership.periods import name_moment
from partnership.wording import count_of, listing

if TYPE_CHECKING:
    from dashboards.scoring_work import Own, Scorer, Step
    from dashboards.urls import State
    from partnership._prioritisation.rounds import RoundState
    from partnership._workflows.prioritised_values import PrioritisedItem

__all__ = ["grid", "grid_rows", "scoring_panel", "steps_list", "told", "who_panel"]

_LABELS = {
    "score": "Score, 0 to 10",
    "abstained": "Abstains",
    "confidence": "Confidence, 1 to 5",
    "note": "Note",
}


# ---- who ----
def who_panel(scorers: Mapping[str, Scorer], scorer: Scorer | None, round_state: RoundState) -> Any:
    """Return the place in which somebody says who they are."""
    title = (
        f"You score as {scorer.role}, for {scorer.agency}"
        if scorer
        else f"Round {round_state.number} is open: say who you are, to score"
    )
    if not scorers:
        words = "Nobody holds a role today, so nobody can score. Write them on the sheet Role holders."
        return parts.panel(f"Round {round_state.number} is open", parts.note(words), key="who")
    return parts.panel(
        title,
        dmc.Select(
            id="board-scorer",
            label="Your role",
            placeholder="Choose your role",
            data=[{"value": s.role_id, "label": f"{s.agency}: {s.role}"} for s in scorers.values()],
            value=scorer.role_id if scorer else None,
            searchable=True,
            clearable=True,
            clearButtonProps={"aria-label": "Nobody: show what all may see"},
            nothingFoundMessage="No such role",
            withCheckIcon=False,
            comboboxProps=COMBO,
            className="who-field",
        ),
        key="who",
        sub="There is no login yet. Who says that they are a role is believed, shown that agency’s own "
        "scores and no other’s, and stored as who scored: so score as yourself.",
    )


# ---- the form and the grid ----
def scoring_panel(item: PrioritisedItem | None, criteria: Sequence[Any], own: Own) -> Any:
    """Return why, which every way of scoring needs, and the form of the chosen item."""
    return html.Div(
        [
            dmc.TextInput(
                id="board-why", label="Why: a few words", value="Scored on the board", className="wide"
            ),
            html.Div(form(item, criteria, own), id="board-form"),
        ],
        className="scoring",
    )


def form(item: PrioritisedItem | None, criteria: Sequence[Any], own: Own) -> Any:
    """Return the fields of one item: a score, abstention, confidence and note for each criterion."""
    if item is None:
        return html.P(
            "Choose an item on the board to score it by a form, criterion by criterion.", className="empty"
        )
    found = own_of(own, item.item_id)
    made: list[Any] = [html.H3(f"Score {item.item_id} {item.title}")]
    for criterion in criteria:
        was = found.get(criterion.id, OwnScore())
        anchors = [html.Li([html.B(str(n)), f" {words}"]) for n, words in criterion.anchors.items()]

        def field(name: str, criterion_id: str = criterion.id) -> dict[str, str]:
            return {"type": "score-field", "criterion": criterion_id, "field": name}

        made.append(
            html.Fieldset(
                [
                    html.Legend(f"{criterion.name} ({criterion.axis})"),
                    html.Ul(anchors, className="anchors"),
                    html.Div(
                        [
                            dmc.TextInput(
                                id=field("score"),
                                label=_LABELS["score"],
                                value=_plain(was.score),
                            ),
                            dmc.Select(
                                id=field("abstained"),
                                label="Answer",
                                data=[
                                    {"value": "", "label": "a score"},
                                    {"value": YES, "label": "we abstain"},
                                ],
                                value=YES if was.abstained else "",
                                allowDeselect=False,
                                withCheckIcon=False,
                                comboboxProps=COMBO,
                            ),
                            dmc.Select(
                                id=field("confidence"),
                                label="Confidence",
                                data=[
                                    {"value": "", "label": "not said"},
                                    *({"value": str(n), "label": w} for n, w in _CONFIDENCE.items()),
                                ],
                                value=str(was.confidence) if was.confidence is not None else "",
                                allowDeselect=False,
                                withCheckIcon=False,
                                comboboxProps=COMBO,
                            ),
                            dmc.TextInput(
                                id=field("note"),
                                label="Note, in one line",
                                value=was.note or "",
                                className="wide",
                            ),
                        ],
                        className="form",
                    ),
                ]
            )
        )
    versions = {c.id: found[c.id].version if c.id in found else 0 for c in criteria}
    made += [
        dcc.Store(id="board-form-seen", data={"item": item.item_id, "versions": versions}),
        html.Button("Save these scores", id="board-form-save", type="button", className="btn primary"),
    ]
    return made


_CONFIDENCE = {1: "1 a guess", 2: "2 unsure", 3: "3 fairly sure", 4: "4 sure", 5: "5 certain"}


def grid(state: State, criteria: Sequence[Any], own: Own, items: Sequence[PrioritisedItem]) -> Any:
    """Return the grid of all own scores once it is asked for: it is heavy, and the board may do."""
    if state.extra.get("open") != "grid":
        link = dcc.Link(
            "Show the scores as a grid you can edit", href=f"{address(state, open='grid')}", className="btn"
        )
        return html.P(link, className="files")
    columns = [
        EditCol("item", "Item", least=240),
        EditCol("criterion", "Criterion", least=190),
        EditCol("score", _LABELS["score"], editable=True, numeric=True, least=120),
        EditCol("abstained", _LABELS["abstained"], editable=True, choices=("", YES), least=110),
        EditCol(
            "confidence",
            _LABELS["confidence"],
            editable=True,
            choices=("", *map(str, _CONFIDENCE)),
            least=140,
        ),
        EditCol("note", _LABELS["note"], editable=True, least=220),
    ]
    return html.Div(
        [
            html.P(
                "Enter or two clicks opens a cell, Enter saves it, Escape leaves it. The board follows.",
                className="sub",
            ),
            editing.edit_grid(
                grid_rows(criteria, own, items), columns, key="board-grid", label="Your own scores"
            ),
        ],
        className="mending",
    )


def grid_rows(criteria: Sequence[Any], own: Own, items: Sequence[PrioritisedItem]) -> list[dict[str, Any]]:
    """Return a row for each item and criterion, as text, with the version shown."""
    rows = []
    for item in items:
        for criterion in criteria:
            was = own.get((item.item_id, criterion.id), OwnScore())
            rows.append(
                {
                    "_id": f"{item.item_id}|{criterion.id}",
                    "_version": was.version,
                    "item": f"{item.item_id} {item.title}",
                    "criterion": criterion.name,
                    "score": _plain(was.score),
                    "abstained": YES if was.abstained else "",
                    "confidence": "" if was.confidence is None else str(was.confidence),
                    "note": was.note or "",
                }
            )
    return rows


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


# ---- what came of it ----
def told(
    saved: Saved | None, steps: Sequence[Step], items: Sequence[PrioritisedItem], criteria: Sequence[Any]
) -> Any:
    """Return what to show of a save: what moved from where to where, by whom, its undo; or both values."""
    if saved is None or saved.receipt is None:
        return editing.outcome(_named(saved, items, criteria), "board")
    step = next((s for s in steps if s.seq == saved.receipt.seq), None)
    if step is None:
        return editing.outcome(saved, "board")
    titles = {i.item_id: f"{i.item_id} {i.title}" for i in items}
    said = f"Saved: {_moved(step, titles, criteria)}, by {step.actor}, {_at(step)}. "
    return [html.P([said, _undo(step, titles, "said")], className="said")]


def _named(saved: Saved | None, items: Sequence[PrioritisedItem], criteria: Sequence[Any]) -> Saved | None:
    """Return what came of a save with items and criteria by their names instead of keys."""
    if saved is None or not saved.conflicts:
        return saved
    titles = {i.item_id: f"{i.item_id} {i.title}" for i in items}
    names = {c.id: f"{c.name} ({c.axis})" for c in criteria}
    out = []
    for one in saved.conflicts:
        item, criterion, *_ = (*one.row_key.split("|"), "", "")
        row = f"{titles.get(item, item)}: {names.get(criterion, criterion)}"
        out.append(replace(one, row_key=row))
    return replace(saved, conflicts=tuple(out))


def steps_list(
    steps: Sequence[Step], items: Sequence[PrioritisedItem], criteria: Sequence[Any], most: int = 8
) -> Any:
    """Return the latest changes of a scorer in this round, each with the way back."""
    if not steps:
        return html.P("Nothing was scored in this round yet.", className="empty")
    titles = {i.item_id: f"{i.item_id} {i.title}" for i in items}
    lines = [
        html.Li([f"{_moved(s, titles, criteria)}, by {s.actor}, {_at(s)}. ", _undo(s, titles, "list")])
        for s in steps[:most]
    ]
    rest = len(steps) - most
    more = (
        [html.P(f"{count_of(rest, 'earlier change')} in the history of the store.", className="sub")]
        if rest > 0
        else []
    )
    return html.Div([html.Ul(lines, className="recent"), *more])


def _at(step: Step) -> str:
    return name_moment(step.recorded_at)


def _moved(step: Step, titles: Mapping[str, str], criteria: Sequence[Any]) -> str:
    """Say which item moved on which axis from where to where; for many items, how many."""
    names = list(dict.fromkeys(item for item, *_ in step.rows))
    if len(names) > 1:
        return f"{count_of(len(names), 'item')} scored"
    axis_of = {c.id: c.axis for c in criteria}
    said = []
    for axis in ("effort", "impact"):
        rows = [r for r in step.rows if axis_of.get(r[1]) == axis]
        if rows and all(was.score != now.score or was.abstained != now.abstained for *_, was, now in rows):
            on = [c for c in criteria if c.axis == axis]
            whole = len(rows) == len(on)
            before = {criterion: was for _, criterion, was, _ in rows}
            after = {criterion: now for _, criterion, _, now in rows}
            pair = [place_on(axis, on, b) if whole else next(iter(b.values())).score for b in (before, after)]
            if rows[0][3].abstained:
                said.append(f"{axis} abstained from")
            elif pair[1] is None:
                said.append(f"{axis} {tenth(pair[0])} taken back")
            elif pair[0] is None:
                said.append(f"{axis} {tenth(pair[1])}")
            else:
                said.append(f"{axis} {tenth(pair[0])} to {tenth(pair[1])}")
    return f"{titles.get(names[0], names[0])}, {listing(said) if said else 'confidence or note'}"


def _undo(step: Step, titles: Mapping[str, str], at: str) -> Any:
    if not step.is_latest:
        return html.Span("Changed again since.", className="since")
    item = titles.get(step.rows[0][0], step.rows[0][0])
    return html.Button(
        "Undo",
        id={"type": "board-undo", "seq": step.seq, "at": at},
        type="button",
        className="btn small",
        **parts.aria(label=f"Undo change {step.seq}: {item}"),
    )
