"""One item of the board: what each agency said of it, what kind of disagreement that is, who should talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from dash import html

from dashboards import parts
from dashboards.pages._prioritisation_words import (
    chosen_title,
    lower,
    tenth,
)
from dashboards.parts import Col
from partnership.charts.prioritisation import scores_apart
from partnership.wording import capital, chances, count_of, day, listing

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.prioritised_values import Prioritised, PrioritisedItem

__all__ = ["item_panel"]


# ---- one item ----
def item_panel(data: Data, state: State, done: Prioritised, item: PrioritisedItem) -> Any:
    """Return what each agency said of an item, what kind of disagreement it is, and who should talk."""
    partners = data.partners(state)
    marks, codes = {i: p.mark for i, p in partners.items()}, {i: p.code for i, p in partners.items()}
    kind = item.disagreement
    talk = next((t for t in done.talks if t.item == item.item_id), None)
    title = f"{item.item_id} {item.title}"
    drawn: list[Any] = []
    if any(a.scores for a in item.axes.values()):
        drawn = [
            parts.picture(scores_apart(_axes(done, item), marks, codes, title), key="item-scores"),
            parts.twin(_said(data, state, done, item)),
        ]
    return parts.panel(
        chosen_title(item),
        *drawn,
        *(
            [html.P([html.B("Who should talk: "), done.talk_words(talk)], className="talk-words")]
            if talk
            else []
        ),
        *([html.P(f"{talk.because}", className="sub")] if talk and talk.because != kind.because else []),
        html.Ul([html.Li(t) for t in _told(done, item)], className="told"),
        html.P(_last_scored(data, state, done, item), className="source"),
        key="item",
        sub=[html.Span(f"Chosen: {item.item_id}. ", className="picked"), kind.because],
    )


def _axes(done: Prioritised, item: PrioritisedItem) -> list[dict[str, Any]]:
    out = []
    for axis in ("impact", "effort"):
        found = item.axes.get(axis)
        if found is None:
            continue
        on = [c for c in done.criteria if c.axis == axis]
        alone = on[0] if len(on) == 1 else None
        ends = (alone.anchors.get(0), alone.anchors.get(10)) if alone else (None, None)
        name = f"{capital(axis)}: {lower(alone.name)}" if alone else capital(axis)
        out.append(
            {
                "axis": name,
                "scores": found.scores,
                "mean": found.mean,
                "low": f"0 {_short(ends[0])}".strip(),
                "high": f"{_short(ends[1])} 10".strip(),
            }
        )
    return out


def _short(words: str | None, most: int = 22) -> str:
    text = lower(words or "")
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _told(done: Prioritised, item: PrioritisedItem) -> list[str]:
    said = []
    if item.quadrant_chance is not None:
        said.append(f"{capital(chances(item.quadrant_chance))} that it is a {item.quadrant}.")
    if item.dominated_by:
        names = listing([f"{i} {done.item(i).title}" for i in item.dominated_by], most=3)
        head = "A quick win, yet beaten" if item.dominated_quick_win else "Beaten"
        said.append(f"{head} on impact and effort by {names}.")
    if item.first_for_some_weights is False:
        said.append("Never first, whatever the weights.")
    if item.abstentions:
        said.append(f"{count_of(item.abstentions, 'abstention')}.")
    for agency, criterion, note in item.disagreement.notes:
        name = next((c.name for c in done.criteria if c.id == criterion), criterion)
        said.append(f"{done.agencies.get(agency, agency)} on {lower(name)}: “{note}”")
    return said


def _of_item(data: Data, state: State, done: Prioritised, item: PrioritisedItem) -> pl.DataFrame:
    rows = data.table("scores", state)
    if done.round is None or not rows.height:
        return rows.head(0)
    return rows.filter((pl.col("item_id") == item.item_id) & (pl.col("round_id") == done.round.id))


def _last_scored(data: Data, state: State, done: Prioritised, item: PrioritisedItem) -> str:
    """Say who scored the item last; a revealed round is not scored in any more."""
    rows = _of_item(data, state, done, item)
    if not rows.height:
        return "Nobody has scored it."
    last = rows.sort("scored_on", "row_key").row(-1, named=True)
    latest = rows.filter(pl.col("scored_on") == last["scored_on"])["agency_id"].unique().sort().to_list()
    names = listing([done.agencies.get(a, a) for a in latest], most=3)
    return (
        f"Last scored by {names} on {day(last['scored_on'])}. A revealed score is changed in the next round."
    )


def _said(data: Data, state: State, done: Prioritised, item: PrioritisedItem) -> Any:
    rows = _of_item(data, state, done, item)
    named = {c.id: c.name for c in done.criteria}
    roles = dict(data.table("role_holders", state).select("id", "role").iter_rows())
    shown = [
        {
            "agency": done.agencies.get(r["agency_id"], r["agency_id"]),
            "criterion": named.get(r["criterion_id"], r["criterion_id"]),
            "score": "abstains" if r["abstained"] else tenth(r["score"]),
            "confidence": "not said" if r["confidence"] is None else f"{r['confidence']} of 5",
            "who": f"{roles.get(r['scorer_role_id'], r['scorer_role_id'])}, {day(r['scored_on'])}",
            "note": r["note"] or "",
        }
        for r in rows.sort("criterion_id", "agency_id", descending=[True, False]).iter_rows(named=True)
    ]
    columns = [
        Col("agency", "Agency"),
        Col("criterion", "Criterion"),
        Col("score", "Score", numeric=True, show=str),
        Col("confidence", "Confidence"),
        Col("who", "Who and when"),
        Col("note", "Note"),
    ]
    return parts.table(shown, columns, caption=f"Every score of {item.item_id} {item.title}")
