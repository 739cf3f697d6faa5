"""All the work as a table: functions across, populations down, a tile for each piece of work."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.urls import address
from partnership import wording
from partnership.charts.blueprint import Tile
from partnership.wording import count_of, listing

if TYPE_CHECKING:
    from dashboards.data import Partner
    from dashboards.urls import State
    from partnership._workflows.picturing import Pictured
    from partnership.blueprint import WorkItem

__all__ = ["key", "percent", "table", "tile_of", "where"]

NOT_SAID = "not said"


def percent(share: Fraction | None) -> str:
    """Write an exact share as a percentage."""
    return wording.percent(None if share is None else float(share))


def where(item: WorkItem) -> tuple[str, str]:
    """Return where an item is done: its class, and in words."""
    if item.shared_now:
        return "in", "In the shared system" if item.shared_future else "In the shared system, to leave it"
    if item.shared_future:
        return "tobe", "To be shared"
    return ("out", "Ends") if item.habit == "stop" else ("out", "Stays local")


def tile_of(item: WorkItem, partners: Mapping[str, Partner]) -> Tile:
    """Return an item as pictures draw it."""
    lead = partners.get(item.lead_agency_id or "")
    place = {"in": "in", "tobe": "to be", "out": "local"}[where(item)[0]]
    return Tile(
        item.id, item.title, item.habit, item.function or "", item.population or "",
        lead.code if lead else None, lead.mark if lead else None, place, tuple(item.depends_on),
    )  # fmt: skip


def key() -> html.Ul:
    """Return what the outlines of tiles mean."""
    said = (
        ("wk in", "in the shared system now"),
        ("wk tobe", "to be shared"),
        ("wk", "stays local, or ends"),
        ("wk tobe nolead", "nobody leads"),
    )
    return html.Ul(
        [html.Li(html.Span(words, className=f"{look} sample")) for look, words in said], className="key"
    )


def table(picture: Pictured, partners: Mapping[str, Partner], state: State) -> html.Div:
    """Return the table, its last rows the shares of hours and of cases in one shared place."""
    functions = [*picture.functions, *([NOT_SAID] if any(not i.function for i in picture.items) else [])]
    populations = [
        *picture.populations,
        *([NOT_SAID] if any(not i.population for i in picture.items) else []),
    ]
    head = html.Thead(
        html.Tr(
            [
                html.Th(html.Span("Population", className="sr"), scope="col", className="first"),
                *(html.Th(f, scope="col") for f in functions),
            ]
        )
    )
    body = [_row(picture, partners, state, population, functions) for population in populations]
    made = html.Table(
        [
            html.Caption("Work items by population and function", className="sr"),
            head,
            html.Tbody(body),
            _coverage(picture, functions),
        ],
        className="bp",
        style={"minWidth": f"{max(460, 132 + 152 * len(functions))}px"},
    )
    return html.Div(
        made, className="scroll", tabIndex="0", role="region", **parts.aria(label="Blueprint of the work")
    )


def _row(
    picture: Pictured, partners: Mapping[str, Partner], state: State, population: str, functions: list[str]
) -> html.Tr:
    own = [i for i in picture.items if (i.population or NOT_SAID) == population]
    cells = []
    for function in functions:
        here = [i for i in own if (i.function or NOT_SAID) == function]
        tiles = [_tile(i, partners, state) for i in here]
        cells.append(html.Td(tiles or html.Span("nothing shared", className="gapcell")))
    head = html.Th([population, html.Small(count_of(len(own), "item"))], scope="row")
    return html.Tr([head, *cells])


def _tile(item: WorkItem, partners: Mapping[str, Partner], state: State) -> dcc.Link:
    look, words = where(item)
    lead = partners.get(item.lead_agency_id or "")
    chosen = state.extra.get("item") == item.id
    classes = " ".join(["wk", look, *(["nolead"] if lead is None else []), *(["chosen"] if chosen else [])])
    top = html.Span(
        [html.Span(item.habit.upper(), className="hab"), parts.badge(lead) if lead else html.B("No lead")],
        className="top",
    )
    told = f". {words}. Lead: {lead.name if lead else 'nobody'}"
    return dcc.Link(
        [top, f"{item.id} {item.title}", html.Span(told, className="sr")],
        href=f"{address(state, item=None if chosen else item.id)}#item",
        className=classes,
    )


def _coverage(picture: Pictured, functions: list[str]) -> html.Tfoot:
    """Return the shares of hours, and of cases, that are dealt with in one shared place: now and as planned."""
    by_name = {c.name: c for c in picture.by_function}
    shown = [by_name.get(f) for f in functions]
    hours = [
        _share("no hours known", f"{f}, hours", *((c.share_now, c.share_after, c.without_hours) if c else (None, None, ())))
        for f, c in zip(functions, shown, strict=True)
    ]  # fmt: skip
    rows = [html.Tr([html.Th("Hours in one shared place", scope="row"), *hours])]
    if picture.whole.volume_share_now is not None:
        cases = [
            _share("no cases known", f"{f}, cases",
                   *((c.volume_share_now, c.volume_share_after, c.without_volume) if c else (None, None, ())))
            for f, c in zip(functions, shown, strict=True)
        ]  # fmt: skip
        rows.append(html.Tr([html.Th("Cases in one shared place", scope="row"), *cases]))
    return html.Tfoot(rows)


def _share(
    nothing: str, what: str, now: Fraction | None, after: Fraction | None, without: tuple[str, ...]
) -> html.Td:
    if now is None:
        return html.Td(html.Span(nothing, className="gapcell"))
    planned = percent(after) if after is not None else "no figure"
    ticks = [html.B(style={"left": f"{float(after):.1%}"})] if after is not None else []
    bar = html.Span(
        [html.I(style={"width": f"{float(now):.1%}"}), *ticks],
        className="cover",
        role="img",
        **parts.aria(label=f"{what}: {percent(now)} now, {planned} as planned"),
    )
    partial = html.Small(f"partial: without {listing(without)}") if without else None
    return html.Td([bar, html.Span([html.B(percent(now)), f" now, {planned} as planned"]), partial])


def title_of(picture: Pictured) -> Any:
    """Return the title of the table."""
    ends = [f.casefold() for f in (picture.functions[:1] + picture.functions[-1:])]
    return f"The work, from {ends[0]} to {ends[-1]}" if len(picture.functions) > 1 else "The work"
