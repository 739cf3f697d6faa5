"""The benefits map on its page: the picture, the rules it breaks, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from partnership.charts.benefits_map import benefits_map_chart
from partnership.wording import capital, count_of, pounds

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State

__all__ = ["findings_table", "map_panels"]

_PREFIX = {"Benefits": "benefit", "Work items": "item", "benefit": "benefit", "item": "item", "goal": "goal"}


def map_panels(data: Data, state: State) -> list[Any]:
    """Return the map and what breaks its rules."""
    found = data.realised(state).map
    if not found.nodes:
        return [
            parts.empty(
                "The map is empty",
                "Fill the sheets Work items, Benefits and Goals, and name what leads to what.",
                key="map",
            )
        ]
    names = {n.key: n.title for n in found.nodes}
    flagged = {_key(f.place) for f in found.findings}
    into: dict[str, list[str]] = {n: [] for n in names}
    for cause, effect in found.arrows:
        into[effect].append(names[cause])
    rows = [
        {
            "kind": n.kind,
            "title": n.title,
            "rests": "; ".join(into[n.key]) or "nothing",
            "agencies": ", ".join(_code(data, state, a) for a in n.agencies) or "nobody",
            "money": n.money_gbp,
        }
        for n in found.nodes
    ]
    table = parts.table(
        rows,
        [
            parts.Col("title", "What"),
            parts.Col("kind", "Kind"),
            parts.Col("rests", "Rests on"),
            parts.Col("agencies", "Receives or leads"),
            parts.Col("money", "In a full year", lambda v: "" if v is None else pounds(v), numeric=True),
        ],
        caption="The map as a table, from work to objectives",
    )
    count = len(found.findings)
    title = (
        f"The map breaks {count_of(count, 'rule', words=True)}"
        if count
        else "Every benefit rests on work, has an owner who receives it, and reaches an objective"
    )
    drawn = parts.panel(
        title,
        parts.picture(benefits_map_chart(found, sorted(flagged)), key="benefits-map", wide=980),
        parts.twin(table),
        key="map",
        sub="From what is done, on the left, to what it is for. Tinted: benefits; dashed: dis-benefits; "
        "a triangle marks a broken rule. The whole plan is drawn, whatever is chosen above.",
        source="Source: work items, what they wait for, benefits, what they lead to, goals. Rules: no ring, "
        "no orphan, an owner and a hand in a receiving agency, money once on any path.",
    )
    return [drawn, findings_table(found.findings, "What the map asks for", "map-findings")]


def findings_table(findings: Any, title: str, key: str) -> Any:
    """Return findings as a list that asks for something: what was found, then what to do."""
    if not findings:
        return parts.panel(title, html.P("Nothing is lacking.", className="empty"), key=key)
    rows = [{"place": f.place, "found": f.found, "do": f.do} for f in findings]
    return parts.panel(
        capital(title),
        parts.table(
            rows,
            [
                parts.Col("place", "Where"),
                parts.Col("found", "What was found"),
                parts.Col("do", "What to do"),
            ],
            label=title,
        ),
        key=key,
    )


def _key(place: str) -> str:
    table, _, rest = place.partition(", ")
    return f"{_PREFIX.get(table, table)}:{rest.split(', ')[0]}"


def _code(data: Data, state: State, agency_id: str) -> str:
    partner = data.partners(state).get(agency_id)
    return partner.short if partner else agency_id
