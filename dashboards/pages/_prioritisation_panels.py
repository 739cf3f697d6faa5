"""The rounds of scoring with the button that takes them on, and weights to try."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards import editing, parts
from dashboards.pages._prioritisation_words import (
    KEPT,
    lower,
    weights_text,
)
from dashboards.parts import Col, aria
from dashboards.urls import address
from partnership.wording import listing

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.pages._prioritisation_words import Asked
    from dashboards.urls import State
    from partnership._workflows.prioritised_values import Prioritised

__all__ = ["round_panel", "steps", "weights_panel"]


# ---- rounds ----
def steps(state: State, done: Prioritised, deciding: str) -> Any:
    """Return the rounds in their order, each with its state; the one that is shown is marked."""
    lines = []
    for one in done.rounds:
        is_shown = done.round is not None and one.id == done.round.id
        kind = "now" if is_shown else "done" if one.state == "revealed" else ""
        words: Any = one.words
        if one.state == "revealed" and not is_shown:
            words = dcc.Link(one.words, href=address(state, round=one.id))
        current = {"current": "step"} if is_shown else {}
        lines.append(
            html.Li([html.Span(str(one.number), className="n"), words], className=kind, **aria(**current))
        )
    if deciding:
        lines.append(html.Li([html.Span(str(len(lines) + 1), className="n"), deciding]))
    return html.Ol(lines, className="steps", **aria(label="Rounds of scoring"))


def round_panel(data: Data, state: State, done: Prioritised) -> Any:
    """Return the state of the round, who has answered, and the button that takes it on."""
    now = next((r for r in done.rounds if r.is_sealed), None)
    refused = data.why_not(state)
    rule = next((r.stopping_rule for r in done.rounds if r.stopping_rule), None)
    told = (
        f"The rule that ends the scoring, declared before round 1: “{rule}”"
        if rule
        else "No rule was declared yet."
    )
    body: list[Any] = [html.P(told, className="rule")]
    if now is not None and not refused:
        body.append(_progress(data, now.id))
    if refused:
        body.append(parts.note(refused))
    elif not done.criteria or not done.items:
        body.append(
            parts.note("Write criteria with anchors, and work items, first: there is nothing to score.")
        )
    else:
        body += _next_step(data, done)
    title = (
        now.words
        if now
        else "No round is open: nobody can score"
        if done.rounds
        else "No round has been opened"
    )
    return parts.panel(title, *body, key="round")


def _progress(data: Data, round_id: str) -> Any:
    rows = [
        {
            "agency": p.name,
            "answered": f"{p.answered} of {p.asked}",
            "state": "done" if p.done else "not done",
        }
        for p in data.scoring.progress(round_id)
    ]
    columns = [
        Col("agency", "Agency"),
        Col("answered", "Answered", numeric=True, show=str),
        Col("state", "State"),
    ]
    return parts.table(
        rows, columns, caption="How far each agency is; what they said is sealed", class_name="narrow"
    )


_STEPS = {
    "open": ("Open round {n}, blind", "A next round of scoring"),
    "close": ("Close the scoring of round {n}", "The time for scoring is over"),
    "reveal": ("Reveal round {n} to all", "All have scored"),
}


def _next_step(data: Data, done: Prioritised) -> list[Any]:
    now = next((r for r in done.rounds if r.is_sealed and r.state != "to come"), None)
    waiting = next((r for r in done.rounds if r.state == "to come"), None)
    if now is None and waiting is not None:
        return [parts.note(f"{waiting.words}.")]
    kinds = ["close", "reveal"] if now and now.state == "open" else ["reveal"] if now else ["open"]
    number = now.number if now else len(done.rounds) + 1
    round_id = now.id if now else _new_id({r.id for r in done.rounds}, number)
    rule = (
        [
            dmc.TextInput(
                id={"type": "round-rule", "name": "rule"}, className="wide", value="",
                label="The rule that ends the scoring: declared now, and it stays",
            )
        ]
        if not done.rounds
        else []
    )  # fmt: skip
    buttons = [
        html.Button(
            _STEPS[k][0].format(n=number), type="button",
            id={"type": "round-step", "step": k, "round": round_id},
            className="btn primary" if i == len(kinds) - 1 else "btn",
        )
        for i, k in enumerate(kinds)
    ]  # fmt: skip
    words = (
        "While it is open and until it is revealed, each agency sees its own scores only. "
        "A round that was revealed cannot be sealed again."
    )
    return [
        html.P(words, className="sub"),
        editing.signature(data, "round", _STEPS[kinds[-1]][1]),
        *rule,
        html.P(buttons, className="files"),
        html.P(f"The same on the command line: partnership round {kinds[-1]} {round_id}", className="source"),
        html.Div(id="round-said", role="status", className="saved"),
    ]


def _new_id(taken: set[str], number: int) -> str:
    while f"R{number}" in taken:
        number += 1
    return f"R{number}"


# ---- what if ----
_TRIES = (50, 60, 75, 90)


def weights_panel(state: State, done: Prioritised, wanted: Asked, agreed: Prioritised) -> Any:
    """Return the weights that are used, others to try, and what the draws keep of them."""
    if done.weighting is None or agreed.weighting is None:
        return None
    is_tried = bool(wanted.weights) or wanted.kept != "order"
    own = {a: round(100 * w) for a, w in agreed.weighting.axis_weights.items()}
    axes: list[Any] = []
    if set(own) == {"impact", "effort"}:
        choices: list[tuple[str, str | None]] = [(f"as agreed, {own['impact']} to {own['effort']}", None)]
        choices += [
            (f"{n} to {100 - n}", weights_text({"impact": n, "effort": 100 - n}))
            for n in _TRIES
            if n != own["impact"]
        ]
        axes = [_ask("Impact to effort", "weights", choices, weights_text(wanted.weights), state)]
    kept = [
        (w, None if k == "order" else k)
        for k, w in zip(KEPT, ("their order", "nothing", "all: no draws of weights"), strict=True)
    ]
    axes.append(
        _ask(
            "Draws keep of the weights", "kept", kept, None if wanted.kept == "order" else wanted.kept, state
        )
    )
    used = {c.id: 100 * c.weight for c in done.criteria}
    names = {c.id: f"{c.name} ({c.axis})" for c in done.criteria}
    fields = [
        dmc.TextInput(id={"type": "weight", "name": i}, label=names[i], value=f"{w:.4g}")
        for i, w in used.items()
    ]
    used_words = lower(done.weighting.sentence.removeprefix("Weights: "))
    title = f"What if: {used_words}" if is_tried else f"What if the weights were others? Now: {used_words}"
    return parts.panel(
        title,
        *([parts.note(_what_if(done, agreed))] if is_tried else []),
        html.Div(axes, className="asks", role="group", **aria(label="Weights to try")),
        html.Div(
            [*fields, html.Button("Try these weights", id="weights-try", type="button", className="btn")],
            className="form weights-form",
        ),
        key="weights",
        sub="Weights stand in the address and are stored nowhere: send the address to show it to others.",
        source="Weights of criteria are brought to one hundred. The agreed ones are on the sheet Criteria.",
    )


def _what_if(done: Prioritised, agreed: Prioritised) -> Any:
    before = {i.item_id: i.rank for i in agreed.ranked}
    moved = [
        f"{i.item_id} {i.title} from {before[i.item_id]} to {i.rank}"
        for i in done.ranked
        if before.get(i.item_id) != i.rank
    ]
    words = f"{listing(moved, most=6)}." if moved else "No item changes its place."
    return f"Against the agreed weights: {words}"


def _ask(
    label: str, name: str, choices: Sequence[tuple[str, str | None]], chosen: str | None, state: State
) -> html.Div:
    return html.Div(
        [
            html.Span(label, id=f"ask-{name}"),
            html.Ul(
                [
                    html.Li(
                        dcc.Link(said, href=address(state, **{name: value})),
                        **(aria(current="true") if value == chosen else {}),
                    )
                    for said, value in choices
                ],
                **aria(labelledby=f"ask-{name}"),
            ),
        ],
        className="ask",
    )
