"""Ranks with the chance of each place, and the talks to hold before anybody scores again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages._prioritisation_words import lower, tenth
from dashboards.parts import Col, aria
from dashboards.urls import address
from partnership._workflows.place_words import bands, place_of
from partnership.charts.prioritisation import share_words
from partnership.wording import capital, chances, count_of, listing, percent

if TYPE_CHECKING:
    from dashboards.urls import State
    from partnership._workflows.prioritised_values import Prioritised, PrioritisedItem

__all__ = ["rank_panel", "talks_panel"]


_INKS = ("b1", "b2", "b3", "b4")
_LEAST_WORDS = 0.09
"""Share of a bar from which its number has room in it."""


# ---- ranks ----
def rank_panel(state: State, done: Prioritised, items: Sequence[PrioritisedItem]) -> Any:
    """Return every item's place, the chance of each band of places, its agreement and what would flip it."""
    ranked = [i for i in items if i.rank is not None]
    unscored = [f"{i.item_id} {i.title}" for i in items if i.rank is None]
    every = bands(len(done.ranked))
    head = ["Rank", "Item", "Score", "", "Chance of its place", "Agreement", "Changes places with"]
    table = html.Table(
        [
            html.Thead(
                html.Tr([html.Th(h or html.Span("How sure", className="sr"), scope="col") for h in head])
            ),
            html.Tbody([_rank_row(state, i, every) for i in ranked]),
        ],
        className="ranks",
    )
    key = [
        html.Li([html.Span(className=f"sw {ink}"), name])
        for (name, _, _), ink in zip(every, _INKS, strict=False)
    ]
    left = (
        [parts.note(f"Not scored, so without a place: {listing(unscored)}.", partial=True)]
        if unscored
        else []
    )
    sure = f"{done.draws:,} draws of weights and scorers" if ranked else "draws"
    return parts.panel(
        _rank_title(done),
        html.Ul(key, className="key"),
        html.Div(
            table, className="scroll", tabIndex="0", role="group", **aria(label="Ranks and how sure they are")
        ),
        *left,
        parts.twin(_rank_numbers(done, ranked, every)),
        key="ranks",
        sub=f"Score, and the share of {sure} in which each item takes each place.",
        source=" ".join(
            s
            for s in (
                done.weights_words,
                done.agreement.sentence if done.agreement else "",
                done.orders.sentence if done.orders else "",
                _stable(done),
            )
            if s
        ),
    )


def _stable(done: Prioritised) -> str:
    moved = done.stability
    if moved is None or moved.within_one is None:
        return ""
    return (
        f"Since the round before, {percent(moved.within_one)} of {moved.pairs} scores moved by one "
        f"point or less; scores came closer on {count_of(moved.nearer, 'item')} and further "
        f"apart on {moved.further}."
    )


def _rank_title(done: Prioritised) -> str:
    if not done.ranked:
        return "No item has a place yet"
    first, last = done.ranked[0], done.close_calls[0] if done.close_calls else None
    chance = chances(first.acceptability[0]) if first.acceptability else "all"
    said = f"First in {chance} draws: {lower(first.title)}"
    if first.close_call:
        said = f"No clear first: {lower(first.title)} leads a close call"
    if last is not None and not first.close_call:
        said += f". Places {last[0]} to {last[1]} are too close to call"
    return said


def _rank_row(state: State, item: PrioritisedItem, every: Sequence[tuple[str, int, int]]) -> html.Tr:
    shares = [(name, item.share_of_places(low, high)) for name, low, high in every]
    spoken = ", ".join(f"{n} {share_words(s)}" for n, s in shares)
    bar = html.Div(
        [
            html.Span(
                share_words(s) if s >= _LEAST_WORDS else "", className=ink, style={"width": f"{100 * s:.3f}%"}
            )
            for (_, s), ink in zip(shares, _INKS, strict=False)
            if s > 0
        ],
        className="shares",
        role="img",
        **aria(label=spoken),
    )
    kind = item.disagreement.kind
    agreement = html.B(kind) if item.disagreement.disagrees else kind
    name = dcc.Link(f"{item.item_id} {item.title}", href=address(state, item=item.item_id), className="open")
    return html.Tr(
        [
            html.Td(
                html.B(place_of(item)) if item.close_call or item.rank == 1 else place_of(item),
                className="place-no",
            ),
            html.Th(name, scope="row"),
            html.Td(tenth(item.score), className="num"),
            html.Td("close call" if item.close_call else "", className="close"),
            html.Td(bar),
            html.Td(agreement),
            html.Td(item.flip_words, className="flip"),
        ]
    )


def _rank_numbers(
    done: Prioritised, ranked: Sequence[PrioritisedItem], every: Sequence[tuple[str, int, int]]
) -> Any:
    named = {c.id: c.name for c in done.criteria}
    rows = []
    for item in ranked:
        central = item.central_weights
        rows.append(
            {
                "item": f"{item.item_id} {item.title}",
                "score": tenth(item.score),
                "first": chances(item.acceptability[0]) if item.acceptability else "–",
                **{n: share_words(item.share_of_places(low, high)) for n, low, high in every},
                "expected": tenth(item.expected_rank),
                "central": listing(f"{named.get(c, c)} {percent(w)}" for c, w in central.items())
                if central
                else "never first",
                "sure": share_words(item.confidence_factor) if item.confidence_factor is not None else "–",
                "score_flip": _one_score(done, item),
            }
        )
    columns = [
        Col("item", "Item"),
        Col("score", "Score", numeric=True, show=str),
        Col("first", "First", numeric=True, show=str),
        *(Col(n, n, numeric=True, show=str) for n, _, _ in every),
        Col("expected", "Mean place", numeric=True, show=str),
        Col("central", "Weights under which it is first"),
        Col("sure", "First under them", numeric=True, show=str),
        Col("score_flip", "One agency’s score that would change it, and with what"),
    ]
    return parts.table(rows, columns, caption="Chance of each place")


def _one_score(done: Prioritised, item: PrioritisedItem) -> str:
    flip = item.score_flip
    if flip is None:
        return "none"
    about = lower(next(c.name for c in done.criteria if c.id == flip.criterion))
    way = "higher" if flip.change > 0 else "lower"
    return f"{about}: {tenth(abs(flip.change))} {way}, {flip.other}"


# ---- talks ----
def talks_panel(state: State, done: Prioritised, items: Sequence[PrioritisedItem]) -> Any:
    """Return who should talk to whom about what, the most useful talk first."""
    shown = {i.item_id for i in items}
    talks = [t for t in done.talks if t.item in shown and t.kind != "not enough scores"]
    if not talks:
        return parts.panel("Nobody needs to talk before the next step", html.P(
            "No item that is shown divides the agencies.", className="empty"), key="talks")  # fmt: skip
    lines = [
        html.Li(
            html.Div(
                [
                    html.P([_open(state, t.item), " ", done.talk_words(t)]),
                    html.P(f"{capital(t.kind)}. {t.because}{_at_stake(t)}"),
                ]
            )
        )
        for t in talks
    ]  # fmt: skip
    return parts.panel(
        f"{capital(count_of(len(talks), 'talk', words=True))} to hold before anybody scores again",
        html.Ol(lines, className="talk"),
        key="talks",
        sub="The most useful first: what one side’s scores alone would change.",
    )


def _open(state: State, item_id: str) -> dcc.Link:
    return dcc.Link(item_id, href=address(state, item=item_id), className="open")


def _at_stake(talk: Any) -> str:
    if talk.places is None or talk.places[0] == talk.places[1]:
        return ""
    return (
        f" By one side alone it would be in place {talk.places[0]}, by the other in place {talk.places[1]}."
    )
