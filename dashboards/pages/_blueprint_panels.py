"""What stands under the picture of the work: one item, hours, what is told, what waits, joining, habits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards import parts
from dashboards.pages._blueprint_table import tile_of, where
from dashboards.parts import Col
from dashboards.urls import address
from partnership._workflows import picture_words
from partnership.charts import blueprint as charts
from partnership.wording import capital, count_of, day, days_late, in_words, listing, number

if TYPE_CHECKING:
    from dashboards.data import Data, Partner
    from dashboards.urls import State
    from partnership._workflows.picturing import Pictured

__all__ = ["habits_panel", "hours_panel", "item_panel", "told_panel", "total", "waiting_panel"]


def item_panel(data: Data, state: State, picture: Pictured) -> Any:
    """Return one item: what it is, who does what in it, and what waits for it; None when none is chosen."""
    chosen = state.extra.get("item")
    item = picture.item(chosen) if chosen else None
    if item is None:
        return None
    partners = data.partners(state)
    rows = data.view("blueprint_parts", state, agency_id=None, goal_id=None)
    waits = listing(picture_words.named(picture, i) for i in item.depends_on) or "nothing"
    behind = listing(picture.dependencies.waiting.get(item.id, ())) or "nothing"
    until = (
        f"{day(item.starts_on)} to {day(item.due_on)}" if item.starts_on and item.due_on else "No dates yet"
    )
    lead = partners.get(item.lead_agency_id or "")
    facts = [
        f"{capital(item.habit)}. {where(item)[1]}. Lead: {lead.name if lead else 'nobody'}.",
        f"{until}. Waits for {waits}; {behind} waits for it.",
        item.habit_evidence and f"Why: {item.habit_evidence}.",
        item.status and f"Where it stands: {item.status}.",
    ]
    columns = [
        Col("agency_name", "Agency"),
        Col("part", "Part"),
        Col("hours_now", "Hours a week now", numeric=True),
        Col("hours_after", "After", numeric=True),
        Col("effort_days", "Days of effort", numeric=True),
        Col("meetings_a_month", "Meetings a month", numeric=True),
        Col("travel_hours_a_month", "Travel hours a month", numeric=True),
        Col("keyed_again", "Keyed again", numeric=True),
    ]
    own = rows.filter(rows["item_id"] == item.id)
    shown = (
        parts.table(own, columns, caption="Who does what; a blank is not said, and not zero")
        if own.height
        else html.P("Nobody's part is written down.", className="empty")
    )
    return parts.panel(
        f"{item.id} {item.title}",
        *(html.P(f) for f in facts if f),
        shown,
        parts.twin(
            files=parts.download_links(state, "blueprint_parts", item_id=item.id), summary="The rows as files"
        ),
        html.P(dcc.Link("Close", href=address(state, item=None), className="btn")),
        key="item",
    )


def hours_panel(data: Data, state: State, picture: Pictured, span: str) -> Any:
    """Return the hours of each agency, and what the change is expected to free."""
    partners = data.partners(state)
    loads = [one for one in picture.loads if one.hours_now or one.hours_after]
    if not loads:
        sentence = "Write the hours a week, now and after the change, on the sheet Item agencies."
        return parts.empty(
            "No agency has said its hours both now and after", sentence, key="hours", span=span
        )
    drawn = [
        charts.Hours(picture.agencies.get(one.agency_id, one.agency_id), partners[one.agency_id].mark,
                     float(one.hours_now), float(one.hours_after))
        for one in loads if one.agency_id in partners
    ]  # fmt: skip
    lacking = sorted({i for one in picture.loads for i in one.without_hours})
    partial = f" Partial: hours are missing in {listing(lacking)}." if lacking else ""
    feeds = listing(f"“{title}”" for _, title in picture.feeds)
    columns = [
        Col("agency", "Agency"),
        Col("hours_now", "Now", numeric=True),
        Col("hours_after", "After", numeric=True),
        Col("freed", "Freed", numeric=True),
        Col("meetings", "Meetings a month", numeric=True),
        Col("travel", "Travel hours a month", numeric=True),
        Col("again", "Keyed again", numeric=True),
        Col("leads", "Leads", numeric=True),
    ]
    rows: list[dict[str, Any]] = [
        {"agency": picture.agencies.get(one.agency_id, one.agency_id), "hours_now": one.hours_now, "hours_after": one.hours_after,
         "freed": one.freed, "meetings": one.meetings_a_month, "travel": one.travel_hours_a_month, "again": one.keyed_again, "leads": one.leads}
        for one in picture.loads
    ]  # fmt: skip
    foot = [
        "All of them",
        *(
            total(rows, c)
            for c in ("hours_now", "hours_after", "freed", "meetings", "travel", "again", "leads")
        ),
    ]
    return parts.panel(
        picture_words.load_title(picture),
        parts.picture(charts.hours(drawn), key="hours-picture", wide=520),
        parts.twin(
            parts.table(
                rows, columns, caption="What the work takes of each agency; a blank is not said", foot=foot
            ),
            files=parts.download_links(state, "blueprint_parts"),
        ),
        key="hours",
        span=span,
        sub="Hours a week in multi-agency work: solid after the change, dashed freed by it. Expected, not realised.",
        source=(f"Feeds {feeds}; counted there once." if feeds else "No benefit counts these hours yet.")
        + partial,
    )


def total(rows: list[dict[str, Any]], column: str) -> str:
    """Write a column's total; one over anything that is not said is called partial."""
    said = [r[column] for r in rows if r[column] is not None]
    if not said:
        return "not said"
    return number(sum(said)) + (" partial" if len(said) < len(rows) else "")


def told_panel(state: State, picture: Pictured, span: str) -> Any:
    """Return what the picture tells, the biggest consequence first."""
    told = picture_words.told(picture)
    if not told:
        return parts.empty(
            "Nothing stands out",
            "Every item has one lead, a goal, and nothing waits in a ring.",
            key="told",
            span=span,
        )
    entries = [
        html.Li(
            html.Div(
                [
                    html.P(html.Strong(one.what)),
                    html.P([one.then, *_items_links(state, picture, one.items[:1])]),
                ]
            )
        )
        for one in told
    ]
    things = count_of(len(told), "thing", words=True)
    return parts.panel(
        f"{capital(things)} the picture tells",
        html.Ol(entries, className="talk"),
        key="told",
        span=span,
        sub="Found by the checks that read the blueprint, the biggest consequence first.",
    )


def _items_links(state: State, picture: Pictured, items: tuple[str, ...]) -> list[Any]:
    return [
        html.Span([" ", dcc.Link(f"Open {i}", href=f"{address(state, item=i)}#item", className="open")])
        for i in items
        if picture.item(i)
    ]


def waiting_panel(data: Data, state: State, picture: Pictured) -> Any:
    """Return what waits for what, with the longest chain and the single points of failure."""
    found = picture.dependencies
    chained = {i for edge in found.edges for i in edge} & {i.id for i in picture.items}
    if not chained:
        return parts.empty(
            "Nothing waits for anything", "Write what must be done first in “Depends on”.", key="waits"
        )
    partners = data.partners(state)
    tiles = [tile_of(i, partners) for i in picture.items if i.id in chained]
    if found.rings:
        title = f"{listing(found.rings[0])} wait for each other in a ring: none of them can start"
    elif len(found.critical_path) > 1:
        title = f"The longest chain is {in_words(len(found.critical_path))} items and {count_of(found.critical_weeks, 'week')} of work"
    else:
        title = "What waits for what"
    lacking = f" Without dates, so counted as no time: {listing(found.undated)}." if found.undated else ""
    rows = [
        {"item": picture_words.named(picture, i.id), "waits": listing(picture_words.named(picture, f) for f in i.depends_on),
         "held": listing(found.waiting.get(i.id, ())), "critical": "yes" if i.id in found.critical_path else ""}
        for i in picture.items if i.id in chained
    ]  # fmt: skip
    columns = [
        Col("item", "Item"),
        Col("waits", "Waits for"),
        Col("held", "What waits for it, also through others"),
        Col("critical", "On the longest chain"),
    ]
    critical = tuple(i for i in found.critical_path if i in chained)
    return parts.panel(
        title,
        parts.picture(charts.waiting(tiles, critical), key="waits-picture", wide=860),
        parts.twin(
            parts.table(rows, columns, caption="What waits for what"),
            files=parts.download_links(state, "blueprint_items"),
        ),
        key="waits",
        sub="From left to right: the right one waits for the left one. The longest chain in thick ink.",
        source=f"Source: the blueprint's own dates; days from planned start to planned end, waiting not counted.{lacking}",
    )


def habits_panel(data: Data, state: State, picture: Pictured) -> Any:
    """Return keep, stop, start and change: evidence, owner, date, and whether it has really changed."""
    partners: Mapping[str, Partner] = data.partners(state)
    if not picture.habits:
        return parts.empty(
            "No habits yet",
            "Each work item says whether it is kept, stopped, started or changed.",
            key="habits",
        )
    columns = [
        Col("habit", "Habit", show=lambda v: html.B(str(v).upper())),
        Col(
            "title",
            "Work",
            row=lambda r: dcc.Link(
                f"{r['item_id']} {r['title']}",
                href=f"{address(state, item=r['item_id'])}#item",
                className="open",
            ),
        ),
        Col(
            "lead",
            "Owner",
            row=lambda r: parts.badge(partners[r["lead"]]) if r["lead"] in partners else "nobody leads",
        ),
        Col("due_on", "By", show=lambda v: day(v) if v else "no date"),
        Col("state", "Has it changed?", row=_changed),
        Col(
            "said",
            "Evidence",
            row=lambda r: [r["said"] or "None is given.", html.Small(" ".join(r["evidence"]))],
        ),
    ]
    rows = [
        {"habit": h.habit, "item_id": h.item_id, "title": h.title, "lead": h.lead_agency_id, "due_on": h.due_on, "state": h.state,
         "days_late": h.days_late, "done_on": h.done_on, "said": h.said, "evidence": h.evidence, "seen": h.seen}
        for h in picture.habits
    ]  # fmt: skip
    return parts.panel(
        _habits_title(picture),
        parts.table(rows, columns, label="Keep, stop, start, change"),
        parts.twin(files=parts.download_links(state, "blueprint_items"), summary="The rows as files"),
        key="habits",
        sub="Keep, stop, start, change: why, who, by when, and whether it has really changed since.",
        source="Source: the blueprint; scores of the latest revealed round; hours as agencies said them. Changed: the item's own end lies behind; what is real of its benefits stands below once it has begun; one benefit may come from several items.",
    )


def _habits_title(picture: Pictured) -> str:
    to_do = [h for h in picture.habits if h.habit != "keep"]
    done = sum(h.state in ("done", "done late") for h in to_do)
    late = sum(h.state == "overdue" for h in picture.habits)
    if not to_do:
        return f"{capital(count_of(len(picture.habits), 'habit', words=True))} to keep"
    have = "has" if done == 1 else "have"
    first = f"{capital(in_words(done)) if done else 'None'} of {count_of(len(to_do), 'habit')} to stop, start or change {have} changed"
    return f"{first}; {in_words(late) if late else 'none'} {'is' if late == 1 else 'are'} overdue"


def _changed(row: Mapping[str, Any]) -> Any:
    """Return how a habit stands; once it has begun, also what the readings of its benefits say."""
    begun = row["state"] not in ("not yet begun", "no date")
    return (
        [_state_said(row), html.Small(row["seen"], className="since")]
        if row["seen"] and begun
        else _state_said(row)
    )


def _state_said(row: Mapping[str, Any]) -> Any:
    state = row["state"]
    if state == "overdue":
        return parts.state_word(days_late(row["days_late"]) if row["days_late"] else "overdue", "bad")
    if state in ("done", "done late"):
        words = f"{state}, {day(row['done_on'])}"
        return parts.state_word(words, "good" if state == "done" else "flat")
    return parts.state_word(state, "good" if state == "runs" else "flat")
