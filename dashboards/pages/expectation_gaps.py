"""Expectation gaps: what each partner means by the same words, how far apart, and who must talk to whom."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
from dash import dcc, html

from dashboards import parts
from dashboards.pages import _expectation_editing as writing
from dashboards.pages._expectation_common import (
    Row,
    all_rows,
    apart,
    bounds_of,
    files_of,
    key_of,
    names_of,
    with_short_names,
)
from dashboards.pages._expectation_offers import dates_panel, offers_panel
from dashboards.pages._expectation_pairs import pairs_panel
from dashboards.pages._expectation_reviews import history_panel, results_panel, reviews_of
from dashboards.parts import Col
from dashboards.urls import address
from partnership import wording
from partnership._reports import gap_words as words
from partnership.charts import expectations as charts

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

TITLE = LABEL = "Expectation gaps"
SHOWS_STORE_ONLY = True
FILTERS = ("agency", "goal", "as_of")
VIEWS = (
    "expectation_gaps",
    "expectation_rates",
    "expectation_pairs",
    "talks",
    "first_results",
    "expectation_history",
    "goal_offers",
    "date_gaps",
)

_SAYS = {"gives": "would give", "gets": "expects to get"}
_TALKS = 6


register = writing.register
"""Callbacks of the page: what is written down and mended."""


def actions(state: State) -> list[Any]:
    """Return the way to where expectations are written."""
    del state
    return [html.A("Write down an answer", href="#editing", className="btn")]


def tally(data: Data, state: State) -> tuple[int, str]:
    """Return how many measures must be re-defined."""
    return data.row("gap_totals", state).get("redefine", 0), "to re-define"


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    data.prefetch(state, *((name, {}) for name in (*VIEWS, "gap_totals")))
    gaps = data.view("expectation_gaps", state)
    if not gaps.height:
        return _nothing(data, state)
    chosen = _chosen(gaps, state)
    return html.Div(
        [
            _opening(data, state, chosen),
            parts.guarded(lambda: _gap(data, state, chosen), "gap"),
            parts.guarded(lambda: _measures(data, state, gaps, chosen), "measures"),
            parts.cols(
                parts.guarded(lambda: pairs_panel(data, state, chosen), "pairs"),
                parts.guarded(lambda: _talks(data, state, gaps), "talks"),
            ),
            parts.cols(
                parts.guarded(lambda: results_panel(data, state), "results"),
                parts.guarded(lambda: history_panel(data, state, gaps), "history"),
            ),
            parts.cols(
                parts.guarded(lambda: offers_panel(data, state), "offers", span="c7"),
                parts.guarded(lambda: dates_panel(data, state), "dates", span="c5"),
            ),
            parts.guarded(lambda: writing.panel(data, state), "editing"),
        ]
    )


def _nothing(data: Data, state: State) -> html.Div:
    narrowed = state.agency_id or state.goal_id
    if narrowed and data.view("expectation_gaps", state, agency_id=None, goal_id=None).height:
        everything = dcc.Link(
            "Show all agencies and goals", href=address(state, agency_id=None, goal_id=None), className="btn"
        )
        return html.Div(
            [parts.say("No expectations here: nobody has said what it expects of this."), html.P(everything)]
        )
    return html.Div(
        [
            parts.say(
                "No expectations yet.",
                then="Send each partner the sheet Expectations, or enter the first answer there.",
            ),
            html.P(dcc.Link("Get or load a workbook", href=address(state, "/data"), className="btn")),
            parts.guarded(lambda: writing.panel(data, state), "editing") if data.version() else None,
        ]
    )


def _chosen(gaps: pl.DataFrame, state: State) -> Row:
    """Return the measure that the address names, under the goal it names, or the widest apart."""
    named = gaps.filter(gaps["measure_id"] == state.extra.get("measure", ""))
    under = named.filter(named["goal_id"] == state.extra.get("under", ""))
    return next(some for some in (under, named, gaps) if some.height).row(0, named=True)


def _rates_of(data: Data, state: State, row: Row) -> pl.DataFrame:
    rates = data.view("expectation_rates", state)
    mine = (rates["measure_id"] == row["measure_id"]) & (rates["goal_id"] == row["goal_id"])
    return rates.filter(mine & rates["counterpart_id"].is_null())


# ---- the sentence ----
def _opening(data: Data, state: State, chosen: Row) -> html.Div:
    totals = data.row("gap_totals", state)
    _, redefine = bounds_of(data, state)
    after = words.summary(totals, redefine, chosen)
    if chosen["ratio"] is None:
        return parts.say(html.Strong(f"{chosen['measure_name']}: {chosen['band']}."), then=after)
    if chosen["least_agency_id"] == chosen["most_agency_id"] or chosen["ratio"] == 1:
        return parts.say(
            html.Strong(f"All who answered mean the same by “{chosen['measure_name']}”."), then=after
        )
    return parts.say(
        html.Strong(words.ends(chosen, names_of(data, state))), " ", words.agreed_to(chosen), then=after
    )


# ---- one measure ----
def _gap(data: Data, state: State, chosen: Row) -> Any:
    name = names_of(data, state)
    rates = with_short_names(_rates_of(data, state, chosen), name)
    unit = wording.unit_per(chosen["measure_unit"], chosen["measure_per"])
    marks = {key: p.mark for key, p in data.partners(state).items()}
    figure = charts.gap(rates, chosen["ratio"], marks, unit, emphasis=state.agency_id)
    rate = "a common yearly rate" if chosen["measure_per"] == "year" else f"a common rate, {unit}"
    sub = f"{chosen['measure_name']}, brought to {rate}. What a partner would give or expects to get."
    return parts.panel(
        words.gap_title(chosen, list(rates.iter_rows(named=True))),
        html.P(f"{wording.times(chosen['ratio'])} apart", className="apart") if chosen["ratio"] else None,
        parts.picture(figure, key="gap-picture", wide=960),
        parts.twin(_rates_table(rates, chosen, unit), files=files_of(state, "expectation_rates", chosen)),
        key="gap",
        sub=sub,
        source=_returns(data, state),
    )


def _returns(data: Data, state: State) -> str:
    discuss, redefine = bounds_of(data, state)
    said = data.view("expectation_rates", state)["stated_on"].max()
    until = f" to {wording.month(said)}" if isinstance(said, dt.date) else ""
    bands = f"{wording.number(discuss)} and {wording.number(redefine)}"
    return (
        f"Source: expectation returns{until}, own words kept. Method: largest over smallest on a common "
        f"rate; bands at {bands} are this partnership’s own choice."
    )


def _rates_table(rates: pl.DataFrame, chosen: Row, unit: str) -> html.Div:
    columns = [
        Col("agency_name", "Partner"),
        Col("direction", "Says", row=_says),
        Col("quantity", "As said", row=_as_said, numeric=True),
        Col("common_rate", wording.capital(unit), row=_on_common_rate, numeric=True),
        Col("definition_note", "What it counts"),
    ]
    ordered = rates.sort("common_rate", "agency_name", descending=[True, False], nulls_last=True)
    return parts.table(ordered, columns, caption=chosen["measure_name"])


def _says(row: Row) -> str:
    return _SAYS.get(row["direction"], "") if row["answer"] == "answered" else str(row["answer"])


def _as_said(row: Row) -> str:
    return "" if row["quantity"] is None else wording.rate(row["quantity"], row["per"], row["unit"] or "")


def _on_common_rate(row: Row) -> Any:
    if row["common_rate"] is None:
        return parts.state_word(row["answer"] if row["answer"] != "answered" else "not comparable")
    return wording.number(row["common_rate"])


# ---- all measures ----
def _measures(data: Data, state: State, gaps: pl.DataFrame, chosen: Row) -> Any:
    name = names_of(data, state)
    rates = data.view("expectation_rates", state)
    rates = with_short_names(rates.filter(rates["counterpart_id"].is_null()), name)
    marks = {key: p.mark for key, p in data.partners(state).items()}
    discuss, redefine = bounds_of(data, state)
    _, last = reviews_of(data, state)
    board, _ = data.boards(state)
    moved = words.moved(last, list(gaps.iter_rows(named=True)), board if last else None)
    return parts.panel(
        words.measures_title(data.row("gap_totals", state)),
        parts.picture(
            charts.measures(gaps, rates, marks, discuss, redefine), key="measures-picture", wide=960
        ),
        _others(gaps, state, chosen),
        parts.twin(_matrix(data, state, gaps, rates), files=all_rows(state, "expectation_gaps")),
        key="measures",
        sub="Each mark is a partner. Bars run from the smallest expectation to the largest, so equal length "
        "means equal disagreement whatever the unit.",
        source=moved or None,
    )


def _others(gaps: pl.DataFrame, state: State, chosen: Row) -> html.P | None:
    if gaps.height < 2:
        return None
    links: list[Any] = []
    twice = set(gaps.filter(gaps["measure_id"].is_duplicated())["measure_id"])

    def name(row: Row) -> str:
        goal = f" ({row['goal_title']})" if row["measure_id"] in twice else ""
        return f"{row['measure_name']}{goal}"

    for row in gaps.iter_rows(named=True):
        under = row["goal_id"] if row["measure_id"] in twice else None
        link = dcc.Link(name(row), href=address(state, measure=row["measure_id"], under=under))
        if key_of(row) != key_of(chosen):
            links.append(link)
    drawn = html.B(f"{name(chosen)}. ")
    return html.P(["Drawn above: ", drawn, "Draw instead: ", *links], className="files")


def _matrix(data: Data, state: State, gaps: pl.DataFrame, rates: pl.DataFrame) -> html.Div:
    asked = set(rates["agency_id"])
    partners = [p for p in data.partners(state).values() if p.id in asked]
    said = {(r["goal_id"], r["measure_id"], r["agency_id"]): r for r in rates.iter_rows(named=True)}

    def cell(row: Row, agency: str) -> Any:
        found = said.get((row["goal_id"], row["measure_id"], agency))
        if found is None:
            return ""
        return found["answer"] if found["common_rate"] is None else wording.number(found["common_rate"])

    def name_and_unit(row: Row) -> list[Any]:
        return [row["measure_name"], html.Small(wording.unit_per(row["measure_unit"], row["measure_per"]))]

    columns = [
        Col("measure_name", "Measure", row=name_and_unit),
        *(Col(p.id, parts.badge(p), row=partial(cell, agency=p.id), numeric=True) for p in partners),
        Col("ratio", "Times apart", row=lambda r: apart(r["ratio"]) or r["band"], numeric=True),
    ]
    return parts.table(gaps, columns, caption="What each partner expects, on one common rate")


# ---- talks ----
def _talks(data: Data, state: State, gaps: pl.DataFrame) -> Any:
    rows = data.view("talks", state)
    if not rows.height:
        return parts.empty(
            "Nobody has to talk",
            "Every shared measure is aligned, and every partner has answered.",
            key="talks",
            span="c5",
        )
    kinds = {(r["goal_id"], r["measure_id"]): r["kind_of_gap"] for r in gaps.iter_rows(named=True)}
    name = names_of(data, state)
    items = []
    for row in _mixed(rows):
        heading, said, behind = words.talk(row, name, kinds)
        first = html.P([html.Strong(heading), f" {said}"])
        items.append(html.Li(html.Div([first, html.P(behind)] if behind else [first])))
    left = rows.height - len(items)
    more = (
        html.P(parts.rows_link(f"All {rows.height} talks", state, "talks", measure=None), className="files")
        if left > 0
        else None
    )
    return parts.panel(
        "Who must talk to whom, most serious first",
        html.Ol(items, className="talk"),
        more,
        key="talks",
        sub="First what must be re-defined, then offers that do not match, then answers that are missing; "
        "in each, the most money first.",
        span="c5",
    )


def _mixed(rows: pl.DataFrame) -> list[Row]:
    """Return the first talks of each kind: what is silent must not be pushed off the list by what is loud."""
    silent = list(rows.filter(rows["subject"] == "no answer").iter_rows(named=True))
    loud = list(rows.filter(rows["subject"] != "no answer").iter_rows(named=True))
    return (
        [*loud[: _TALKS - min(len(silent), 2)], *silent[:2]]
        if len(loud) + len(silent) > _TALKS
        else [*loud, *silent]
    )
