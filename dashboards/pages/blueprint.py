"""Blueprint: all the work in one picture, what it takes, what waits for what, what could be joined, and habits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages import _blueprint_panels as panels
from dashboards.pages import _blueprint_table as picture_table
from dashboards.pages._blueprint_joining import join_panel
from dashboards.urls import address
from partnership._workflows import picture_words

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.picturing import Pictured

TITLE = LABEL = "Blueprint"
SHOWS_STORE_ONLY = True
FILTERS = ("agency", "goal", "as_of")
VIEWS = ("blueprint_items", "blueprint_parts")

_HABITS = ("keep", "stop", "start", "change")


def layout(data: Data, state: State) -> Any:
    """Return the page."""
    picture = data.pictured(state)
    if not picture.items and not _narrowed(state):
        sentence = "Write the work on the sheet Work items: what is done, for whom, and who leads."
        link = dcc.Link("Go to Data", href=address(state, "/data"), className="btn")
        return html.Div(
            [
                parts.say("No work yet."),
                parts.empty("Nothing is in the blueprint", sentence, key="work", link=link),
            ]
        )
    first, then = picture_words.headline(picture)
    if not picture.items:
        first, then = "No work is left under these filters.", ""
    return html.Div(
        [
            parts.say(html.Strong(first), then=then or None),
            parts.guarded(lambda: _picture(data, state, picture), "work"),
            parts.guarded(lambda: panels.item_panel(data, state, picture), "item"),
            parts.cols(
                parts.guarded(lambda: panels.hours_panel(data, state, picture, "c6"), "hours", span="c6"),
                parts.guarded(lambda: panels.told_panel(state, picture, "c6"), "told", span="c6"),
            ),
            parts.guarded(lambda: panels.waiting_panel(data, state, picture), "waits"),
            parts.guarded(lambda: join_panel(data, state, picture), "join"),
            parts.guarded(lambda: panels.habits_panel(data, state, picture), "habits"),
        ],
        className="blueprint-page",
    )


def _narrowed(state: State) -> bool:
    return bool(state.agency_id or state.goal_id or state.extra.get("theme") or state.extra.get("habit"))


def _picture(data: Data, state: State, picture: Pictured) -> Any:
    return parts.panel(
        picture_table.title_of(picture),
        _filters(state, picture),
        picture_table.key(),
        picture_table.table(picture, data.partners(state), state),
        parts.twin(files=parts.download_links(state, "blueprint_items"), summary="The rows as files"),
        key="work",
        sub="One tile a piece of work: what happens to the habit, who leads, and where it is done.",
        source="Source: work items and who does what in them. Hours: all agencies' hours a week, now and after the change; cases: a year. "
        "A dark line marks what is planned: once everything is shared that shall be.",
    )


def _filters(state: State, picture: Pictured) -> Any:
    theme, habit = state.extra.get("theme"), state.extra.get("habit")
    themes = [_link(state, t, t == theme, theme=t) for t in picture.themes]
    habits = [_link(state, h.upper(), h == habit, habit=h) for h in _HABITS]
    return html.Div(
        [
            html.P(["Theme: ", _link(state, "all", theme is None, theme=None), *themes], className="choices"),
            html.P(["Habit: ", _link(state, "all", habit is None, habit=None), *habits], className="choices"),
        ],
        className="head-tools",
    )


def _link(state: State, words: str, is_on: bool, **changes: Any) -> Any:
    if is_on:
        return html.Span(words, className="choice on", **parts.aria(current="true"))
    return dcc.Link(words, href=address(state, **changes), className="choice")
