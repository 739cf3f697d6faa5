"""Benefits realisation: what is real of what was planned, for whom, and what is missing from the answer."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, dcc, html, no_update

from dashboards import grids, parts
from dashboards.pages import _benefit_editing, _benefit_judging, _benefit_money
from dashboards.pages._benefit_bars import by_agency, by_class, by_goal
from dashboards.pages._benefit_chain import chain
from dashboards.pages._benefit_forecast import forecast_panels, forecast_sentence
from dashboards.pages._benefit_map import map_panels
from dashboards.pages._benefit_measure import measure_panel
from dashboards.pages._benefit_register import register_panels
from dashboards.pages._benefit_signal import signal_panels
from dashboards.pages._benefit_tabs import chosen_tab, tabs
from dashboards.urls import address
from partnership import views
from partnership._reports import benefit_words as words
from partnership.charts import benefits as charts
from partnership.wording import pounds, short_month

if TYPE_CHECKING:
    import polars as pl
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

logger = logging.getLogger(__name__)

TITLE = "Benefits realisation"
LABEL = "Benefits"
LIBRARIES = ("statsmodels.tsa.exponential_smoothing.ets",)
SHOWS_STORE_ONLY = True
FILTERS = ("agency", "goal", "as_of")
VIEWS = (
    "benefit_totals",
    "benefit_realisation",
    "benefit_by_agency",
    "benefit_by_class",
    "benefit_by_goal",
    "benefit_register",
    "benefit_by_function",
    "benefit_by_year",
    "benefits_and_harms",
    "first_benefits",
    "reading_approvals",
)

_SHORT_REGISTER = 8
_OUT_OF_PLAN = 0.9


def tally(data: Data, state: PageState) -> tuple[int, str]:
    """Return how many benefits are off plan three months running."""
    rows = data.view("benefit_register", state.on("/benefits"))
    return sum((n or 0) >= 3 for n in rows["months_off_plan"].to_list()), "off plan three months running"


def layout(data: Data, state: PageState) -> Any:
    """Return the page."""
    register = data.view("benefit_register", state)
    if not register.height and not data.known(state.as_of).classes:
        return html.Div(
            [
                parts.say("No benefits yet."),
                parts.empty(
                    "The register is empty",
                    "No benefits yet. Fill the Benefits sheet of the workbook and load it.",
                    key="register",
                    link=dcc.Link("Go to Data", href=address(state, "/data"), className="btn"),
                ),
            ]
        )
    totals = data.row("benefit_totals", state)
    agencies = data.view("benefit_by_agency", state).to_dicts()
    chosen = state.extra.get("benefit")
    tab = chosen_tab(state)
    if tab != "realisation":
        return html.Div(
            [
                _opening(data, state, totals, agencies),
                tabs(state),
                *_part(tab, data, state, register),
                parts.guarded(lambda: chain(data, state, register, chosen), "chain") if chosen else None,
                dcc.Store(id="benefit-opened", data="chain" if chosen else None),
            ],
            className=f"part part-{tab}",
        )
    return html.Div(
        [
            _opening(data, state, totals, agencies),
            tabs(state),
            parts.guarded(lambda: _curve(data, state, totals), "curve"),
            parts.cols(
                parts.guarded(lambda: by_agency(data, state, totals, agencies), "by-agency", span="c6"),
                parts.guarded(lambda: measure_panel(data, state), "measure", span="c6"),
            ),
            parts.cols(
                parts.guarded(lambda: by_class(data, state), "by-class", span="c6"),
                parts.guarded(lambda: by_goal(data, state), "by-goal", span="c6"),
            ),
            parts.guarded(lambda: _register(data, state, register), "register"),
            parts.guarded(lambda: chain(data, state, register, chosen), "chain") if chosen else None,
            dcc.Store(id="benefit-opened", data="chain" if chosen else None),
        ]
    )


def _part(tab: str, data: Data, state: PageState, rows: pl.DataFrame) -> list[Any]:
    """Return the panels of a part of the page; one that fails says so and the others live."""
    if tab == "register":
        return [
            parts.guarded(lambda: _register(data, state, rows), "register"),
            *register_panels(data, state),
        ]
    made = {"signal": signal_panels, "map": map_panels, "forecast": forecast_panels}[tab]
    return [parts.guarded(lambda: html.Div(made(data, state), className="panels"), tab)]


def register(app: Dash, data: Data) -> None:
    """Add the callbacks: a measure picked, a bar clicked, a row opened, a note or reading written."""
    for desk in (_benefit_editing, _benefit_money, _benefit_judging):
        desk.register(app, data)

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("benefits-measure", "value"),
        State("benefits-measure-shown", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def pick_measure(measure: Any, already: Any, search: Any) -> Any:
        state = data.state("/benefits", search)
        return (
            _search(state, measure=measure) if isinstance(measure, str) and measure != already else no_update
        )

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("benefits-by-agency", "clickData"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def pick_agency(clicked: Any, search: Any) -> Any:
        return _narrowed(data.state("/benefits", search), "agency_id", clicked)

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("benefits-by-goal", "clickData"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def pick_goal(clicked: Any, search: Any) -> Any:
        return _narrowed(data.state("/benefits", search), "goal_id", clicked)

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("opened", "show"),
        Output("benefit-opened", "data", allow_duplicate=True),
        Input("benefit-opened", "data"),
        prevent_initial_call="initial_duplicate",
    )


def _search(state: PageState, **changes: object) -> str:
    moved = address(state, **changes)
    return f"?{moved.split('?', 1)[1]}" if "?" in moved else ""


def _narrowed(state: PageState, name: str, clicked: Any) -> Any:
    """Return the address narrowed to the bar that was clicked; clicking it again takes that away."""
    points = clicked.get("points") if isinstance(clicked, dict) else None
    chosen = (
        points[0].get("customdata")
        if isinstance(points, list) and points and isinstance(points[0], dict)
        else None
    )
    if not isinstance(chosen, str):
        return no_update
    return _search(state, **{name: None if getattr(state, name) == chosen else chosen})


# ---- the panels ----
def _opening(
    data: Data, state: PageState, totals: Mapping[str, Any], agencies: Sequence[Mapping[str, Any]]
) -> html.Div:
    fact, rest, whole = words.opening(totals)
    soft = data.view("provisional_months", state)["period"].to_list()
    partial, again = words.partial_words(totals, agencies, soft), words.double_counting(totals)
    lead = html.Strong("Partial total. ") if words.is_partial(totals) else html.Strong("May still change. ")
    link = parts.rows_link(html.Strong(fact), state, "benefit_months") if rest else html.Strong(fact)
    return html.Div(
        [
            parts.say(link, rest, then=whole or None),
            _sentence(data, state),
            parts.note(lead, partial, partial=words.is_partial(totals)) if partial else None,
            parts.note(html.Strong("Counted twice. "), again, partial=True) if again else None,
        ],
        className="opening",
    )


def _sentence(data: Data, state: PageState) -> Any:
    """Return the forecast in words; the page's own sentence stands without it, should it fail."""
    try:
        return forecast_sentence(data, state)
    except Exception as error:
        logger.exception("The forecast failed")
        return html.P(["No forecast could be made. ", parts.why(error)], className="then")


def _curve(data: Data, state: PageState, totals: Mapping[str, Any]) -> Any:
    months = data.view("benefit_realisation", state)
    summary = data.summary(state)
    if not months.height:
        return parts.empty(
            "No benefit has a plan by month yet",
            "Fill the sheet Benefit profile: what each benefit is planned to bring, month by month.",
            key="curve",
        )
    figure = charts.realisation(months, totals, _rebaselines(data, state))
    said = words.prices_of(data.table("benefits", state), summary.get("price_year"))
    prices = f"{said}, " if said else ""
    return parts.panel(
        words.curve_title(totals),
        parts.picture(figure, key="benefits-curve", wide=760),
        parts.twin(
            _months_table(months, totals),
            files=parts.download_links(state, "benefit_realisation", "the months"),
        ),
        key="curve",
        sub=f"Cumulative value, {prices}dis-benefits netted. Planned dashed, real solid, provisional hollow.",
        source=f"Source: {views.view('benefit_realisation').source}. {_first(views.view('benefit_totals').definition)}",
    )


def _first(definition: str, sentences: int = 2) -> str:
    flat = " ".join(definition.split())
    return ". ".join(flat.split(". ")[:sentences]).rstrip(".") + "."


def _rebaselines(data: Data, state: PageState) -> list[tuple[dt.date, str]]:
    """Return the days on which plans were changed, with why; what the page is not about is left out."""
    changed = data.table("rebaselines", state)
    if not changed.height:
        return []
    shown = set(data.view("benefit_register", state)["benefit_id"].to_list())
    by_day: dict[dt.date, list[str]] = {}
    for row in changed.sort("agreed_on", "benefit_id").iter_rows(named=True):
        reasons = by_day.setdefault(row["agreed_on"], [])
        if row["benefit_id"] in shown and row["reason"] not in reasons:
            reasons.append(row["reason"])
    return [(on, "; ".join(r)) for on, r in by_day.items() if r]


def _months_table(months: pl.DataFrame, totals: Mapping[str, Any]) -> html.Div:
    latest = totals.get("latest_period")

    def money(value: Any) -> str:
        return "" if value is None else pounds(value, "")

    def real(row: dict[str, Any]) -> str:
        past = latest is not None and row["period"] <= latest
        return money(row["cum_realised_gbp"]) if past else ""

    def month_state(row: dict[str, Any]) -> Any:
        if latest is None or row["period"] > latest:
            return "planned"
        if not row["has_reading"]:
            return parts.state_word("no reading")
        return parts.state_word("provisional") if row["is_provisional"] else "approved"

    return parts.table(
        months,
        [
            parts.Col("period", "Month", lambda v: short_month(v).replace(" ", "\N{NO-BREAK SPACE}")),
            parts.Col("cum_original_gbp", "Original plan", money, numeric=True),
            parts.Col("cum_planned_gbp", "Current plan", money, numeric=True),
            parts.Col("cum_compared_gbp", "Planned where read", money, numeric=True),
            parts.Col("cum_realised_gbp", "Real", numeric=True, row=real),
            parts.Col("has_reading", "State", row=month_state),
        ],
        caption="Cumulative, £",
    )


def _register(data: Data, state: PageState, rows: pl.DataFrame) -> Any:
    everything = rows.to_dicts()
    if not everything:
        return parts.empty(
            "No benefit is left under these filters",
            "Nothing in the register answers to what is chosen above.",
            key="register",
            link=dcc.Link(
                "Show all benefits",
                href=address(state, agency_id=None, goal_id=None, benefit_class=None),
                className="btn",
            ),
        )
    all_shown = state.extra.get("show") == "all" or len(everything) <= _SHORT_REGISTER + 2
    shown = everything if all_shown else everything[:_SHORT_REGISTER]
    partners = {p.code: p for p in data.partners(state).values()}
    more = (
        []
        if len(everything) <= _SHORT_REGISTER + 2
        else [
            html.P(
                dcc.Link(
                    f"Show the first {_SHORT_REGISTER}" if all_shown else f"Show all {len(everything)}",
                    href=address(state, show=None if all_shown else "all"),
                    className="btn",
                ),
                className="panel-tools",
            )
        ]
    )
    return parts.panel(
        words.register_title(everything),
        grids.grid(
            shown,
            _register_columns(),
            key="benefits-register",
            label="Benefits register",
            partners=partners,
            href=lambda r: address(state, benefit=r["benefit_id"]),
            caption="Benefits register, furthest from plan first",
        ),
        *more,
        parts.download_links(state, "benefit_register", "the register"),
        key="register",
        sub="The register, furthest from plan first. Open a row for its chain of assumptions, owner, validator and history.",
        source=f"{len(shown)} of {len(everything)} benefits shown. Cash-releasing, capacity released and no release are never added into one headline.",
    )


def _register_columns() -> list[grids.GridCol]:
    def money(value: Any) -> str:
        return "" if value is None else pounds(value, "")

    def real(value: Any) -> str:
        return "no reading" if value is None else pounds(value, "")

    return [
        grids.GridCol("title", "Benefit", kind="link", grow=3, least=200, wrap=True),
        grids.GridCol(
            "falls_to", "Falls to", lambda v: v or "no one named", kind="agencies", least=122, wrap=True
        ),
        grids.GridCol("benefit_class", "Class", least=138),
        grids.GridCol("full_year_gbp", "Full-year value", money, kind="number", grow=0, least=126),
        grids.GridCol("planned_gbp", "Planned to date", money, kind="number", grow=0, least=130),
        grids.GridCol("realised_gbp", "Real to date", real, kind="number", grow=0, least=112),
        grids.GridCol("state", "State", kind="state", least=164),
        grids.GridCol("owner_role", "Benefit owner", lambda v: v or "no one", grow=2, least=180, wrap=True),
    ]
