"""What each agency offers each other, against what that one expects: the matrix of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from dash import dcc, html

from dashboards import parts
from dashboards.pages._expectation_common import (
    Row,
    apart,
    bounds_of,
    files_of,
    names_of,
)
from dashboards.parts import Col
from dashboards.urls import address
from partnership import wording
from partnership._reports import gap_words as words

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State


def pairs_panel(data: Data, state: State, chosen: Row) -> Any:
    every = data.view("expectation_pairs", state)
    pairs = every.filter(
        (every["measure_id"] == chosen["measure_id"]) & (every["goal_id"] == chosen["goal_id"])
    )
    if not pairs.height:
        sentence = f"Nobody has said yet whom it gives “{chosen['measure_name']}” to or gets it from."
        return parts.empty(
            "Offered against expected",
            sentence,
            key="pairs",
            link=_exchanged(every, state, chosen),
            span="c7",
        )
    source = (
        "▾ offers less than is expected, ▴ offers more. Blank: nothing exchanged. Hatched: one side has not "
        "answered, or in a unit that does not compare. Point at a cell, or read the rows, for both figures."
    )
    return parts.panel(
        words.pairs_title(pairs["short"].to_list()),
        html.Figure(_pair_matrix(data, state, pairs, chosen)),
        _exchanged(every, state, chosen),
        parts.twin(_pair_rows(data, state, pairs), files=files_of(state, "expectation_pairs", chosen)),
        key="pairs",
        sub="Read along a row: what that agency offers each other agency.",
        source=source,
        span="c7",
    )


def _exchanged(every: pl.DataFrame, state: State, chosen: Row) -> html.P | None:
    """Return links to what else is exchanged between two partners: cases, hours, feeds, money, seats."""
    other = every.filter(every["measure_id"] != chosen["measure_id"])
    if not other.height:
        return None
    things = other.group_by("measure_id", "measure_name", "measure_unit", maintain_order=True).len()
    links: list[Any] = []
    for measure, name, unit, count in things.iter_rows():
        said = f"{name} ({unit}, {wording.count_of(count, 'pair')})"
        links += [dcc.Link(said, href=address(state, measure=measure, under=None)), " "]
    return html.P(["Exchanged as well: ", *links], className="files")


def _pair_matrix(data: Data, state: State, pairs: pl.DataFrame, chosen: Row) -> html.Div:
    partners = data.partners(state)
    named = set(pairs["giver_id"]) | set(pairs["getter_id"])
    shown = [
        p
        for p in partners.values()
        if p.id in named or (p.is_member and len(partners) <= 10 and not state.agency_id)
    ]
    cells = {(r["giver_id"], r["getter_id"]): r for r in pairs.iter_rows(named=True)}
    bounds = bounds_of(data, state)
    unit = wording.capital(wording.unit_per(chosen["measure_unit"], chosen["measure_per"]))
    caption = html.Caption(
        f"{unit}: what the row offers against what the column expects from it, as the larger over the smaller"
    )
    corner = html.Th(
        [
            "Gives ",
            html.Span("↓", **parts.aria(hidden="true")),
            " Gets ",
            html.Span("→", **parts.aria(hidden="true")),
        ],
        scope="col",
    )
    head = html.Tr([corner, *(html.Th(parts.badge(p), scope="col", className="c") for p in shown)])
    body = []
    for giver in shown:
        of_row = (_pair_cell(cells.get((giver.id, g.id)), giver.id == g.id, bounds) for g in shown)
        body.append(html.Tr([html.Th(giver.short, scope="row"), *of_row]))
    table = html.Table([caption, html.Thead(head), html.Tbody(body)], className="pm")
    return html.Div(
        table, className="scroll", tabIndex="0", role="group", **parts.aria(label="Offered against expected")
    )


def _pair_cell(row: Row | None, same: bool, bounds: tuple[float, float]) -> html.Td:
    if row is None:
        unseen = html.Span("same agency" if same else "nothing exchanged", className="sr")
        return html.Td(unseen, className="c self" if same else "c")
    both = f"offers {_figure(row['offered_rate'])}, {_figure(row['expected_rate'])} expected"
    if row["short"] in ("no answer", "not comparable"):
        return html.Td([row["short"], html.Span(f": {both}", className="sr")], className="c none", title=both)
    ratio = "none" if row["ratio"] is None else f"{apart(row['ratio'])}×"
    if row["short"] == "agrees":
        return html.Td([ratio, html.Span(f": {both}", className="sr")], className="c", title=both)
    stop = row["ratio"] is None or row["ratio"] >= bounds[1]
    arrow = html.Span(" ▾" if row["short"] == "offers less" else " ▴", **parts.aria(hidden="true"))
    said = html.Span(f" {row['short']}: {both}", className="sr")
    return html.Td([ratio, arrow, said], className="c stop" if stop else "c disc", title=both)


def _figure(rate: float | None) -> str:
    return "no answer" if rate is None else wording.number(rate)


def _pair_rows(data: Data, state: State, pairs: pl.DataFrame) -> html.Div:
    name = names_of(data, state)
    columns = [
        Col("giver_name", "Gives", row=lambda r: name(r["giver_id"])),
        Col("getter_name", "Gets", row=lambda r: name(r["getter_id"])),
        Col("offered_rate", "Offered", show=_figure, numeric=True),
        Col("expected_rate", "Expected", show=_figure, numeric=True),
        Col("ratio", "Times apart", show=apart, numeric=True),
        Col("short", "Who falls short"),
    ]
    return parts.table(pairs, columns, caption="What is offered and what is expected, pair by pair")
