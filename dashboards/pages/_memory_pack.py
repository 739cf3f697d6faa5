"""More panels of memory: the pack of a role, what was known on a day, what changed lately."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import dcc, html
from flask import Response, request

from dashboards import parts
from dashboards.editing import COMBO
from dashboards.parts import Col
from dashboards.security import words as refused
from dashboards.urls import address
from partnership.errors import UnknownName
from partnership.wording import capital, count_of, day, in_words, number, percent, pounds, short_day

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._workflows.handing_over import Pack
    from partnership._workflows.remembering import Remembered

__all__ = ["add_pack_route", "known_panel", "lately_panel", "pack_panel"]

_MOST_LATELY = 12
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pack_panel(state: State, form: Any, pack: Pack, role: str) -> Any:
    """Return the pack of a role on the page, with its files."""
    query = urlencode({"role": role, **({"as_of": state.as_of.isoformat()} if state.as_of else {})})
    files = html.P(
        [
            "Take it along: ",
            html.A(
                "page (HTML)",
                href=f"/handover.html?{query}",
                download="",
                **parts.aria(label="Download the pack as HTML"),
            ),
            html.A(
                "workbook (XLSX)",
                href=f"/handover.xlsx?{query}",
                download="",
                **parts.aria(label="Download the pack as XLSX"),
            ),
        ],
        className="files",
    )
    sections = []
    for section in pack.sections:
        body: Any = html.P(section.none)
        if section.rows:
            rows = [{str(n): cell for n, cell in enumerate(r)} for r in section.rows]
            body = parts.table(
                rows, [Col(str(n), h) for n, h in enumerate(section.headings)], label=section.title
            )
        sections.append(html.Details([html.Summary(section.title), body], className="twin pack"))
    return parts.panel(
        f"Handover: {pack.role}",
        form,
        html.P(pack.opening, className="opening"),
        files,
        *sections,
        key="handover",
        sub=f"{pack.agency}, as known on {day(pack.known_on)}.",
    )


def known_panel(data: Data, state: State, then: dt.date | None) -> Any:
    """Return what was known on an earlier day beside what is known on the day shown."""
    shown = state.as_of or data.today()
    days = sorted(
        {
            d
            for d in (*data.changed_days(), *data.boards(state), *_month_starts(shown), then)
            if d and d < shown
        },
        reverse=True,
    )
    pick = html.Div(
        dmc.Select(
            id="memory-on",
            label="What did we know on",
            value=then.isoformat() if then else None,
            placeholder="Choose a day",
            data=[{"value": d.isoformat(), "label": day(d)} for d in days],
            searchable=True,
            allowDeselect=False,
            withCheckIcon=False,
            comboboxProps=COMBO,
        ),
        className="form",
    )
    if then is None:
        return parts.panel("What did we know on a day?", pick, key="known", span="c6")
    before, now = _known(data, replace(state, as_of=then)), _known(data, state)
    rows = [{"what": k, "then": before[k], "now": now[k]} for k in now]
    moved = sum(r["then"] != r["now"] for r in rows)
    rebuilt = data.rebuilt(replace(state, as_of=then))
    return parts.panel(
        f"Since {day(then)}, {in_words(moved) if moved else 'none'} of {in_words(len(rows))} figures changed",
        pick,
        parts.table(
            rows,
            [
                Col("what", "What"),
                Col("then", "Known then", str, numeric=True),
                Col("now", "Known now", str, numeric=True),
            ],
            label="Known then and now",
        ),
        html.P(
            dcc.Link(
                "See every page as known then",
                href=address(state, "/board-overview", as_of=then),
                className="btn",
            ),
            className="files",
        ),
        key="known",
        sub="Judged on each day with what the store held on it.",
        source=rebuilt or None,
        span="c6",
    )


def _known(data: Data, state: State) -> dict[str, str]:
    promises, benefits, gaps = (
        data.row(v, state) for v in ("promise_totals", "benefit_totals", "gap_totals")
    )
    found = data.memory.remembered(state)
    share, real = promises.get("on_time_share"), benefits.get("realised_gbp")
    return {
        "Decisions": number(len(found.decisions)),
        "Promises made": number(promises.get("made") or 0),
        "Kept on time, of those due": percent(share) if share is not None else "none due",
        "Promises overdue": number(promises.get("overdue") or 0),
        "Benefit real": pounds(real) if real is not None else "nothing read",
        "Measures to re-define": number(gaps.get("redefine") or 0),
        "Roles with nobody named": number(sum(r.open_gap is not None for r in found.begun)),
    }


def _month_starts(shown: dt.date) -> list[dt.date]:
    first = shown.year * 12 + shown.month - 1
    return [dt.date((first - n) // 12, (first - n) % 12 + 1, 1) for n in range(13)]


def lately_panel(data: Data, state: State, found: Remembered) -> Any:
    """Return what happened since the last board."""
    since = day(found.since)
    if not found.events:
        return parts.empty(
            f"Nothing happened since {since}",
            "No decision, promise or role changed.",
            key="lately",
            span="c6",
        )
    partners = data.partners(state)
    rows = [
        {
            "on": short_day(e.on),
            "kind": capital(e.kind),
            "title": e.title,
            "more": e.more,
            "who": partners[e.agency_id].code if e.agency_id in partners else "all",
        }
        for e in found.events
    ]
    columns = [Col("title", "What"), Col("kind", "Kind"), Col("who", "Who"), Col("on", "On")]
    left = len(rows) - _MOST_LATELY
    more: Any = None
    if left > 0:
        more = parts.twin(
            parts.table(rows[_MOST_LATELY:], columns, caption="Earlier changes"),
            summary=f"Show the {in_words(left)} before",
        )
    return parts.panel(
        f"{capital(count_of(len(rows), 'change', words=True))} since {since}",
        parts.table(rows[:_MOST_LATELY], columns, label="What changed lately"),
        more,
        key="lately",
        sub="Decisions, promises, information and people, latest first.",
        span="c6",
    )


def add_pack_route(app: Dash, data: Data) -> None:
    """Add the route of the pack as a file: ``/handover.html?role=R-HUB`` or ``.xlsx``."""

    def pack(kind: str) -> Response:
        from partnership._workflows.handover_files import pack_html, pack_xlsx

        state = data.state("/memory", request.query_string.decode("utf-8", "replace"))
        role: Mapping[str, str] = state.extra
        if kind not in ("html", "xlsx") or not role.get("role"):
            return refused(404)
        try:
            found = data.memory.handover(state, role["role"])
        except UnknownName:
            return refused(404)
        body = pack_xlsx(found) if kind == "xlsx" else pack_html(found).encode()
        answer = Response(body, content_type=_XLSX if kind == "xlsx" else "text/html; charset=utf-8")
        name = re.sub(r"[^a-z0-9]+", "-", found.role.casefold()).strip("-") or "role"
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="handover_{name}_{found.known_on}.{kind}"'
        )
        return answer

    app.server.add_url_rule("/handover.<kind>", endpoint="handover_pack", view_func=pack)
