"""The frame around every page: navigation, head with its stamp, filters, live line; and what fills it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards import libraries, own, parts
from dashboards.keeping import can_be_written_in
from dashboards.pages import GROUPS, HOME, PAGES
from dashboards.parts import aria
from dashboards.urls import State, address
from partnership import wording
from partnership.charts.theme import FONT, TOKENS
from partnership.disclosure import NOTICE

if TYPE_CHECKING:
    from types import ModuleType

    from dashboards.data import Data

__all__ = ["MISSING_PAGE", "THEME", "filled", "frame", "shows_store_only"]

logger = logging.getLogger(__name__)

LOCAL = "No login yet: this copy answers on this computer only."


def _shades(*pairs: tuple[int, str], light: str, dark: str) -> list[str]:
    ends = dict(pairs)
    return [ends.get(i, light if i < 5 else dark) for i in range(10)]


THEME: dict[str, Any] = {
    "fontFamily": FONT,
    "fontFamilyMonospace": "ui-monospace, 'Liberation Mono', Consolas, monospace",
    "black": TOKENS["ink"],
    "primaryColor": "blue",
    "primaryShade": 8,
    "defaultRadius": 4,
    "focusRing": "never",
    "fontSizes": {"xs": "13px", "sm": "14px", "md": "16px", "lg": "17px", "xl": "20px"},
    "spacing": {"xs": "4px", "sm": "8px", "md": "12px", "lg": "16px", "xl": "24px"},
    "headings": {
        "fontFamily": FONT,
        "fontWeight": "700",
        "sizes": {"h1": {"fontSize": "30px"}, "h2": {"fontSize": "20px"}},
    },
    "colors": {
        "gray": [
            TOKENS["wash"],
            TOKENS["grey-tint"],
            TOKENS["grey-tint"],
            TOKENS["line"],
            TOKENS["line"],
            TOKENS["grey"],
            TOKENS["edge"],
            TOKENS["ink-3"],
            TOKENS["ink-2"],
            TOKENS["ink"],
        ],
        "blue": _shades((8, TOKENS["blue"]), light=TOKENS["blue-tint"], dark=TOKENS["blue"]),
        "teal": _shades((6, TOKENS["turquoise"]), light=TOKENS["turquoise-tint"], dark=TOKENS["turquoise"]),
        "pink": _shades((8, TOKENS["pink"]), light=TOKENS["pink-tint"], dark=TOKENS["pink"]),
        "orange": _shades((6, TOKENS["orange"]), light=TOKENS["orange-tint"], dark=TOKENS["orange"]),
    },
}
"""Mantine's theme from the tokens."""


def frame() -> dmc.MantineProvider:
    """Return the frame of the app, the same for every page; :func:`filled` fills it."""
    return dmc.MantineProvider(
        theme=THEME,
        forceColorScheme="light",
        children=[
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="changed", data=0),
            dcc.Store(id="head"),
            html.A("Skip to the page", href="#main", className="skip"),
            html.Div(id="mobile"),
            html.Div(
                [
                    html.Header(id="side", className="side"),
                    html.Main(
                        [
                            _page_head(),
                            html.Div(id="unanswered", hidden=True, role="status"),
                            _moved_on(),
                            html.Div(html.Div(className="first-wait"), id="page"),
                        ],
                        id="main",
                        tabIndex="-1",
                    ),
                ],
                className="frame",
            ),
            html.Div(id="live", className="sr", role="status", **aria(live="polite")),
        ],
    )


def _moved_on() -> html.Div:
    """Return the line that offers to show what others changed since; ``news.js`` fills and shows it."""
    show = html.Button("Show it", id="show-news", type="button", className="btn small")
    return html.Div([html.Span(role="status"), show], id="moved-on", hidden=True)


def _page_head() -> html.Header:
    title = html.Div(
        [
            html.H1("One moment", id="title"),
            html.P(id="stamp", className="stamp"),
            html.P(id="printed", className="printed"),
        ],
        className="ttl",
    )
    filters = html.Div(
        [_select("agency", "Agency"), _select("goal", "Goal"), _select("as-of", "As known on", wide=True)],
        id="filters",
        className="filters none",
        role="group",
        **aria(label="What is shown"),
    )
    actions = html.Div(id="head-actions", className="head-actions")
    return html.Header([title, html.Div([filters, actions], className="head-tools")], className="pagehead")


def _select(key: str, label: str, *, wide: bool = False) -> dmc.Select:
    return dmc.Select(
        id=f"f-{key}",
        label=label,
        data=[{"value": "all", "label": "All"}],
        value="all",
        allowDeselect=False,
        searchable=False,
        comboboxProps={
            "shadow": None,
            "transitionProps": {"duration": 0},
            "width": "max-content",
            "position": "bottom-start",
        },
        maxDropdownHeight=420,
        className="wide" if wide else "",
        withCheckIcon=False,
    )


# ---- filling it ----
MISSING_PAGE = "There is no page at this address"


def filled(data: Data, state: State) -> dict[str, Any]:
    """Return everything the frame shows for a state: the outputs of the app's one callback.

    A page that fails says so in its place; the frame lives.
    """
    before = parts.failures()
    with data.at_one_moment():
        made = _filled(data, state)
    if shows_store_only(state.path) and parts.failures() == before:
        own.is_whole()
    return made


def shows_store_only(path: str) -> bool:
    """Tell whether the page at a path shows nothing but the store, its address and the day."""
    page = PAGES.get(HOME if path == "/" else path)
    return bool(getattr(page, "SHOWS_STORE_ONLY", False))


def _filled(data: Data, state: State) -> dict[str, Any]:
    page = PAGES.get(HOME if state.path == "/" else state.path)
    title = page.TITLE if page else MISSING_PAGE
    summary = data.summary(state)
    name = summary.get("name") or "Partnership"
    wanted = page.FILTERS if page else ()
    known, known_on = data.known(state.as_of), state.as_of or data.today()
    body = parts.guarded(lambda: _body(data, state, page), "page-failed", "This page could not be made")
    narrowed = data.narrowed(state)
    here = replace(state, path=HOME) if state.path == "/" else state
    return {
        "title": title,
        "stamp": page.stamp(data, state) if page and hasattr(page, "stamp") else _stamp(data, state, summary),
        "printed": f"Shown: {narrowed}. Address: {address(here)}",
        "filters": "filters" if wanted else "filters none",
        "agency": _choices(known.agencies, "agencies", known.outside),
        "agency_value": state.agency_id or "all",
        "goal": _choices(known.goals, "goals"),
        "goal_value": state.goal_id or "all",
        "as_of": _days(data, state),
        "as_of_value": state.as_of.isoformat() if state.as_of else "now",
        "actions": _actions(state, page),
        "side": _side(data, state, name, summary),
        "mobile": _mobile(data, state, name),
        "page": body,
        "live": f"{title}. Shown: {narrowed}.",
        "head": {
            "title": f"{title} - {name}",
            "path": state.path,
            "version": data.version(),
            "footer": f"{name}. As known on {wording.day(known_on)}. Primary suppression only.",
        },
    }


def _body(data: Data, state: State, page: ModuleType | None) -> list[Any]:
    if page is None:
        links = [html.Li(dcc.Link(m.LABEL, href=address(state, path))) for path, m in PAGES.items()]
        return [
            parts.say("Nothing was lost.", then="These are the pages there are:"),
            html.Ul(links, className="pages"),
        ]
    libraries.load(getattr(page, "LIBRARIES", ()))
    notes = [parts.note(" ".join(state.notes), role="status")] if state.notes else []
    if not getattr(page, "SHOWS_STORE_ONLY", False):
        return [*notes, page.layout(data, state)]
    before = parts.failures()

    def may_be_kept(made: Any) -> bool:
        return parts.failures() == before and not can_be_written_in(made)

    return [*notes, data.keep_page(state, page.layout, may_be_kept)]


def _stamp(data: Data, state: State, summary: Mapping[str, Any]) -> list[Any]:
    shown_on = f"Shown as known on {wording.day(state.as_of or data.today())}."
    days = data.changed_days()
    loaded = [d for d in days if state.as_of is None or d <= state.as_of]
    loaded_words = f"loaded {wording.day(loaded[0])}" if loaded else ""
    data_to = summary.get("data_to")
    rebuilt = data.rebuilt(state)
    after = f"{', ' + loaded_words if loaded_words else ''}. {shown_on}{' ' + rebuilt if rebuilt else ''}"
    return (
        [f"No readings yet{after}"] if data_to is None else ["Data to ", html.B(wording.day(data_to)), after]
    )


def _choices(known: Mapping[str, str], many: str, outside: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return what a filter offers: all, each partner or goal, and apart from them the bodies outside."""
    named = [{"value": i, "label": name} for i, name in known.items() if i not in outside]
    beyond = [{"value": i, "label": name} for i, name in known.items() if i in outside]
    everything = f"All {wording.in_words(len(named))}" if len(named) > 1 else f"All {many}"
    made: list[dict[str, Any]] = [{"value": "all", "label": everything}, *named]
    return [*made, {"group": "Outside the partnership", "items": beyond}] if beyond else made


def _days(data: Data, state: State) -> list[dict[str, str]]:
    """Return the days to look back to: now, the last board, the address's own, the latest changes."""
    today = data.today()
    last, _ = data.boards(state)
    found: dict[str, str] = {"now": wording.short_day(today)}
    if last and last <= today:
        found[last.isoformat()] = f"{wording.short_day(last, year=last.year != today.year)}, last board"
    if state.as_of:
        found.setdefault(state.as_of.isoformat(), wording.short_day(state.as_of))
    for changed in data.changed_days()[:12]:
        if changed < today:
            found.setdefault(changed.isoformat(), f"{wording.short_day(changed)}, change")
    return [{"value": value, "label": label} for value, label in found.items()]


def _actions(state: State, page: ModuleType | None) -> list[Any]:
    made: list[Any] = list(page.actions(state)) if page and hasattr(page, "actions") else []
    if page and page.VIEWS:
        name = next(path for path, m in PAGES.items() if m is page).strip("/")
        made.append(
            html.A(
                "Download",
                href=address(state, f"/download/{name}.xlsx"),
                className="btn",
                download="",
                title="What this page shows, as a workbook",
            )
        )
    return [*made, html.Button("Print", id="print-page", type="button", className="btn")]


def _links(data: Data, state: State) -> list[Any]:
    here = HOME if state.path == "/" else state.path
    made: list[Any] = []
    for heading, paths in GROUPS:
        items = [
            html.Li(_link(data, state, path), **(aria(current="page") if path == here else {}))
            for path in paths
            if path in PAGES
        ]
        if items:
            made += [html.H2(heading), html.Ul(items)]
    return made


def _link(data: Data, state: State, path: str) -> dcc.Link:
    page = PAGES[path]
    count, words = _tally(data, state, page)
    label: list[Any] = [page.LABEL]
    if count:
        label.append(html.Span([str(count), html.Span(f" {words}", className="sr")], className="tally"))
    return dcc.Link(label, href=address(state, path))


def _tally(data: Data, state: State, page: ModuleType) -> tuple[int, str]:
    if not hasattr(page, "tally"):
        return 0, ""
    try:
        count, words = page.tally(data, state)
    except Exception:
        logger.exception("Tally of %s failed", page.TITLE)
        parts.failed()
        return 0, ""
    return int(count), str(words)


def _side(data: Data, state: State, name: str, summary: Mapping[str, Any]) -> list[Any]:
    board: dt.date | None = summary.get("next_board_on")
    who = html.P([name, html.Span(f"Board {wording.day(board)}") if board else None], className="who")
    return [
        who,
        html.Nav(_links(data, state), **aria(label="Pages")),
        html.P([LOCAL, html.Br(), NOTICE], className="local"),
    ]


def _mobile(data: Data, state: State, name: str) -> html.Details:
    nav = html.Nav(
        [*_links(data, state), html.P(LOCAL, className="local")], **aria(label="Pages, small screen")
    )
    return html.Details([html.Summary([name, html.Span("Menu", className="m")]), nav], className="mobile-nav")
