"""Board overview: five questions, five answers, and what is asked of the board; one sheet of paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.investing import Choices
from dashboards.pages._board_asks import ALERT_VIEWS, alert_panel, asks, href_of
from dashboards.pages._board_numbers import numbers_table
from dashboards.pages._expectation_common import names_of, with_short_names
from dashboards.urls import address
from partnership import wording
from partnership._reports import board_words as words
from partnership._reports.benefit_words import is_partial, prices_of
from partnership._reports.board_section import drawn_payers, goal_said, largest_payer, realised_said
from partnership._reports.gap_words import ends
from partnership.charts import board as charts
from partnership.disclosure import NOTICE
from partnership.errors import InvalidInput

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from dashboards.data import Data
    from dashboards.urls import State

TITLE = LABEL = "Board overview"
SHOWS_STORE_ONLY = True
FILTERS = ("agency", "goal", "as_of")
VIEWS = (
    "plan_summary",
    "gap_totals",
    "expectation_gaps",
    "benefit_totals",
    "benefit_realisation",
    "payers_and_gainers",
    "promise_totals",
    "promises",
    "off_plan",
)

Row = Mapping[str, Any]


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    goal = data.summary(state)
    if not goal:
        return _nothing(state)
    board = last_board(data, state)
    _prefetch(data, state, board)
    return html.Div(
        [
            parts.guarded(lambda: _goal(data, state, goal, board), "aim"),
            parts.guarded(lambda: _gaps(data, state, board), "q-gaps"),
            parts.guarded(lambda: _benefit(data, state, board), "q-benefit"),
            parts.guarded(lambda: _payers(data, state, board), "q-payers"),
            parts.guarded(lambda: _promises(data, state, board), "q-promises"),
            parts.guarded(lambda: _asked(data, state), "asked"),
            parts.guarded(lambda: alert_panel(data, state), "alerts"),
            parts.source_line(_money_words(data, state, goal), NOTICE),
            parts.guarded(lambda: _numbers(data, state, board), "numbers"),
        ],
        className="board-page",
    )


def actions(state: State) -> list[Any]:
    """Return what can be done with this page: the board pack, as one page that any browser prints."""
    file = html.A(
        "Board pack",
        href=address(state, "/download/board-pack.html"),
        className="btn",
        download="",
        title="The whole pack as a page to print; takes up to a minute. PDF: partnership pack --out pack.pdf",
    )
    return [file]


def _prefetch(data: Data, state: State, board: dt.date | None) -> None:
    own: tuple[str, ...] = (
        "talks",
        "expectation_gaps",
        "expectation_rates",
        "gap_totals",
        "promises",
        "promise_totals",
    )
    own += (*(v for v in ALERT_VIEWS if v not in own),)
    own += ("benefit_totals", "benefit_realisation", "benefit_register", "benefit_by_agency")
    compared = ("gap_totals", "benefit_totals", "promise_totals")
    whole: dict[str, object] = {"agency_id": None}
    wanted: list[tuple[str, dict[str, object]]] = [*((n, {}) for n in own), ("payers_and_gainers", whole)]
    if board is not None:
        wanted += [(n, {"as_of": board}) for n in compared]
        wanted.append(("payers_and_gainers", {**whole, "as_of": board}))
    data.prefetch(state, *wanted)


def last_board(data: Data, state: State) -> dt.date | None:
    """Return the day of the last board, if it lies before the day shown."""
    board, _ = data.boards(state)
    return board if board is not None and board < (state.as_of or data.today()) else None


def _nothing(state: State) -> html.Div:
    load = dcc.Link("Get or load a workbook", href=address(state, "/data"), className="btn")
    return html.Div(
        [
            parts.say("No plan yet.", then="Load the partnership's workbook; this page then shows it."),
            html.P(load),
        ]
    )


def _money_words(data: Data, state: State, goal: Row) -> str:
    said = prices_of(data.table("benefits", state), goal["price_year"])
    year = f", {said}" if said else "; no price year is stated"
    return f"Every figure opens its rows. Money: as entered{year}, not discounted. "


# ---- a question and its answer ----
def _question(
    key: str,
    label: str,
    href: str | None,
    answer: Any,
    caveat: Any,
    figure: go.Figure | None,
    change: words.Change,
) -> html.Section:
    heading = dcc.Link(label, href=href) if href else label
    drawn = parts.picture(figure, key=f"{key}-picture") if figure is not None else html.Div()
    said = [html.H2(heading, className="lab", id=f"{key}-title"), html.P(answer, className="ans")]
    return html.Section(
        [html.Div([*said, *([html.P(caveat, className="cav")] if caveat else [])]), drawn, _change(change)],
        className="q",
        id=key,
        **parts.aria(labelledby=f"{key}-title"),
    )


def _change(change: words.Change) -> html.P:
    return html.P([html.B(change.head), change.text], className="chg")


def _quiet(key: str, label: str, href: str | None, sentence: str) -> html.Section:
    """Return a question that has no answer yet, in words."""
    return _question(key, label, href, sentence, None, None, words.Change("", ""))


# ---- the five ----
def _goal(data: Data, state: State, goal: Row, board: dt.date | None) -> html.Section:
    own = {"measure_id": goal["bhag_measure_id"] or "", "own": "yes"}
    readings = data.view("measure_readings", state, agency_id=None, goal_id=None, **own)
    whole = readings.filter(readings["agency_id"].is_null())
    caveat = parts.rows_link(
        words.goal_caveat(goal), state, "measure_readings", measure_id=goal["bhag_measure_id"]
    )
    drawable = whole.height or (goal["baseline_on"] and goal["target_on"])
    drawn = (
        parts.picture(charts.goal_line(whole, goal, goal_said(goal)), key="aim-picture")
        if drawable
        else html.Div()
    )
    sentence = [
        html.H2("Does the goal we share come nearer?", className="lab", id="aim-title"),
        html.P(goal["bhag"], className="bhag"),
        html.P(caveat if goal["bhag_measure_id"] else words.goal_caveat(goal), className="cav"),
    ]
    change = _change(words.goal_change(goal, board))
    return html.Section(
        [html.Div(sentence), drawn, change], className="aim", id="aim", **parts.aria(labelledby="aim-title")
    )


def _gaps(data: Data, state: State, board: dt.date | None) -> html.Section:
    label, href = "Do we expect the same thing?", address(state, "/expectation-gaps")
    gaps, now = data.view("expectation_gaps", state), data.row("gap_totals", state)
    if not gaps.height:
        return _quiet("q-gaps", label, href, "No expectations yet.")
    row = gaps.row(0, named=True)
    name = names_of(data, state)
    then = data.row("gap_totals", state, as_of=board) if board else {}
    caveat, change = words.gap_caveat(now), words.gap_change(now, then, board)
    if row["ratio"] is None:
        return _question(
            "q-gaps",
            label,
            href,
            html.Strong("No two partners have answered on the same measure."),
            caveat,
            None,
            change,
        )
    rates = data.view("expectation_rates", state)
    of_row = rates.filter(
        (rates["measure_id"] == row["measure_id"])
        & (rates["goal_id"] == row["goal_id"])
        & rates["counterpart_id"].is_null()
    )
    unit = wording.unit_per(row["measure_unit"], row["measure_per"])
    marks = {key: p.mark for key, p in data.partners(state).items()}
    figure = charts.gap_line(with_short_names(of_row, name), row, marks, unit)
    return _question("q-gaps", label, href, html.Strong(ends(row, name)), caveat, figure, change)


def _benefit(data: Data, state: State, board: dt.date | None) -> html.Section:
    label, href = "Is the benefit real?", address(state, "/benefits")
    now = data.row("benefit_totals", state)
    months = data.view("benefit_realisation", state)
    if not now or now["latest_period"] is None or not now["planned_gbp"]:
        sentence = (
            "No benefit has been read yet."
            if now and now.get("plan_total_gbp")
            else "No benefit is planned yet."
        )
        return _quiet("q-benefit", label, href, sentence)
    then = data.row("benefit_totals", state, as_of=board) if board else {}
    bold, rest = words.benefit_answer(now)
    caveat = words.benefit_caveat(now)
    answer = [html.Strong(parts.rows_link(bold, state, "benefit_realisation")), rest]
    shown = [parts.state_word("Partial"), f": {caveat}"] if is_partial(now) else caveat
    found = data.view("off_plan", state)
    off_plan = found.filter(found["months_off_plan"] >= 3).height
    change = words.benefit_change(now, then, board, off_plan)
    return _question(
        "q-benefit", label, href, answer, shown, charts.realised_line(months, realised_said(now)), change
    )


def _payers(data: Data, state: State, board: dt.date | None) -> html.Section:
    label, href = "Who pays, and who gains?", address(state, "/investment-and-return")
    rows = data.view("payers_and_gainers", state, agency_id=None)
    if not rows.height or not (rows["paid_gbp"].sum() or rows["gained_gbp"].sum()):
        return _quiet("q-payers", label, href, "No contributions and no benefits are planned yet.")
    partners = data.partners(state)
    most = largest_payer(rows, state.agency_id, [p.id for p in partners.values() if p.is_member])
    before = data.view("payers_and_gainers", state, agency_id=None, as_of=board) if board else None
    then = (
        next(iter(before.filter(before["agency_id"] == most["agency_id"]).iter_rows(named=True)), None)
        if before is not None
        else None
    )
    marks = {key: p.mark for key, p in partners.items()}
    paid, gained, twice = (Decimal(rows[k].sum()) for k in ("paid_gbp", "gained_gbp", "twice_gained_gbp"))
    unit = wording.unit_of(paid, gained)
    shown = drawn_payers(with_short_names(rows, names_of(data, state)), most["agency_id"])
    drawn = charts.pays_and_gains(shown, marks, unit)
    answer = parts.rows_link(
        words.payers_answer(most, partners[most["agency_id"]].short), state, "payers_and_gainers"
    )
    years = rows.row(0, named=True)
    span = (years["first_year"], years["last_year"])
    caveat = words.payers_caveat(paid, gained, span, _headline(data, state), twice)
    change = words.payers_change(most, then, board, unit)
    return _question("q-payers", label, href, html.Strong(answer), caveat, drawn, change)


def _headline(data: Data, state: State) -> str | None:
    """Return the appraisal's headline, of the agency chosen or of all; None where its basis is not whole."""
    try:
        done = data.appraised(state, Choices())
    except InvalidInput:
        return None
    result = done.agencies.get(state.agency_id or "", done.whole)
    return result.headline if result.gate.is_open else None


def _promises(data: Data, state: State, board: dt.date | None) -> html.Section:
    label, href = "Do we keep our promises?", address(state, "/promises")
    now = data.row("promise_totals", state)
    if not now or not now["made"]:
        return _quiet("q-promises", label, href, "No promises yet.")
    then = data.row("promise_totals", state, as_of=board) if board else {}
    bold, rest = words.promises_answer(now)
    answer = [
        html.Strong(parts.rows_link(bold, state, "promises", state="overdue") if now["overdue"] else bold),
        rest,
    ]
    counts = {s: int(now[s.replace(" ", "_")] or 0) for s in charts.BOARD_STATES}
    change = words.promises_change(now, then, board)
    return _question(
        "q-promises", label, href, answer, words.promises_caveat(now), charts.promise_squares(counts), change
    )


# ---- what is asked ----
def _asked(data: Data, state: State) -> html.Section:
    asked = asks(data, state)
    items = [
        html.P([html.Strong(dcc.Link(a.what, href=href_of(a, state), className="open")), f" {a.why}"])
        for a in asked
    ]
    if not items:
        items = [
            html.P("Nothing: no measure must be re-defined, no promise is overdue, nothing is withheld.")
        ]
    heading = html.H2("Asked of this board", id="asked-title")
    return html.Section(
        [heading, *items], className="asked", id="asked", **parts.aria(labelledby="asked-title")
    )


def _numbers(data: Data, state: State, board: dt.date | None) -> html.Details:
    table = numbers_table(data, state, board)
    return parts.twin(table, summary="Show the numbers on this page")
