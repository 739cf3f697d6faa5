"""What joining two or more populations, or themes, would free: the choice, before and after, and what stays apart."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages._blueprint_panels import total
from dashboards.parts import Col
from dashboards.urls import address
from partnership._workflows import picture_words
from partnership.errors import PartnershipError
from partnership.wording import listing, number

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._blueprint.joining import JoinedUp
    from partnership._workflows.picturing import Pictured

__all__ = ["join_panel"]

_OVERLAPS = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1))
_JOIN = "|"


def join_panel(data: Data, state: State, picture: Pictured) -> Any:
    """Return what joining two or more populations, or themes, would free, and for whom."""
    by = "theme" if state.extra.get("join_by") == "theme" else "population"
    groups = [g for g in (picture.themes if by == "theme" else picture.populations) if g]
    if len(groups) < 2:
        return parts.empty("Nothing to join", f"Fewer than two {by}s are named in the work.", key="join")
    asked = [g for g in (state.extra.get("join") or "").split(_JOIN) if g in groups]
    best = picture.best_join() if by == "population" else None
    chosen = asked if len(asked) > 1 else list(best.groups) if best else groups[:2]
    overlap = _overlap(state.extra.get("overlap"))
    try:
        joined = picture.join(chosen, overlap, by)
    except PartnershipError as error:
        return parts.empty("This cannot be joined", str(error), key="join")
    return parts.panel(
        _join_title(joined),
        _choices(state, groups, chosen, overlap, by),
        *_join_tables(picture, joined),
        key="join",
        sub="An agency that sits in several of them today would sit once, in the longest, for the share of cases that come up in more than one.",
        source="Source: hours and meetings as each agency said them. The rule is our own; expected, not realised. Share of cases in "
        f"more than one: {int(overlap * 100)}%"
        + (", the most that can be" if overlap == 1 else "")
        + "."
        + (
            f" Partial: hours are missing in {listing(joined.without_hours)}." if joined.without_hours else ""
        ),
    )


def _overlap(said: str | None) -> Decimal:
    return next((o for o in _OVERLAPS if str(int(o * 100)) == said), Decimal(1))


def _join_title(joined: JoinedUp) -> str:
    names = listing(joined.groups)
    if not joined.functions:
        return f"{names}: nothing is done twice"
    most = f"{number(joined.hours_freed)} hours a week"
    bound = "up to " if joined.overlap == 1 else ""
    done = listing(f.function.casefold() for f in joined.functions)
    return f"{names} do {done} apart; joined, they would free {bound}{most}"


def _choices(state: State, groups: list[str], chosen: list[str], overlap: Decimal, by: str) -> html.Div:
    links: list[Any] = []
    for group in groups:
        is_in = group in chosen
        wanted = [g for g in groups if (g in chosen) != (g == group)]
        if len(wanted) < 2:  # two at least are joined: another is added before one is taken away
            links.append(html.Span(group, className="choice on"))
            continue
        links.append(
            dcc.Link(
                group,
                href=f"{address(state, join=_JOIN.join(wanted), join_by=by if by == 'theme' else None)}#join",
                className="choice on" if is_in else "choice",
                title="Take out" if is_in else "Add",
            )
        )
    shares = [_choice(state, f"{int(o * 100)}%", o == overlap, overlap=int(o * 100)) for o in _OVERLAPS]
    kinds = [
        _choice(state, word, by == word[:-1], join_by=word[:-1], join=None)
        for word in ("populations", "themes")
    ]
    return html.Div(
        [
            html.P(["Joined (choose to add or to take out): ", *links], className="choices"),
            html.P(["Cases in more than one: ", *shares], className="choices"),
            html.P(["By: ", *kinds], className="choices"),
        ],
        className="head-tools",
    )


def _choice(state: State, words: str, is_on: bool, **changes: Any) -> Any:
    current: dict[str, Any] = parts.aria(current="true") if is_on else {}
    return (
        dcc.Link(
            words,
            href=f"{address(state, **changes)}#join",
            className="choice on" if is_on else "choice",
            **current,
        )
        if not current
        else html.Span(words, className="choice on", **current)
    )


def _join_tables(picture: Pictured, joined: JoinedUp) -> list[Any]:
    columns = [
        Col("agency", "Agency"), Col("before", "Hours a week apart", numeric=True), Col("after", "Joined", numeric=True),
        Col("freed", "Freed", numeric=True), Col("meetings", "Meetings a month apart", numeric=True), Col("joined", "Joined", numeric=True),
    ]  # fmt: skip
    rows = [
        {"agency": picture.agencies.get(a.agency_id, a.agency_id), "before": a.hours_before, "after": a.hours_after, "freed": a.hours_freed,
         "meetings": a.meetings_before, "joined": a.meetings_after}
        for a in joined.agencies
    ]  # fmt: skip
    made: list[Any] = []
    foot = [
        "All of them",
        *(total(rows, c) for c in ("before", "after", "freed", "meetings", "joined")),
    ]
    table = (
        [parts.table(rows, columns, caption="Before and after, by agency; a blank is not said", foot=foot)]
        if rows
        else []
    )
    functions = [
        html.Li(
            f"{f.function}: {listing(picture_words.named(picture, i) for i in f.items)}; {number(f.hours_before)} hours a week apart, {number(f.hours_after)} joined"
        )
        for f in joined.functions
    ]
    if functions:
        made += [html.H3("Done twice"), html.Ul(functions, className="plain")]
    if joined.apart:
        apart = [html.Li(f"{picture_words.named(picture, a.item_id)}: {a.why}.") for a in joined.apart]
        made += [html.H3("What cannot be joined, and why"), html.Ul(apart, className="plain")]
    return [html.Div([html.Div(table), html.Div(made)], className="joined")]
