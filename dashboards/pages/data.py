"""Data: bring a file, see what is found in it and what it would change, accept it whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, html, no_update
from flask import Response

from dashboards import parts
from dashboards.pages import _data_file as file_panels
from dashboards.pages import _data_words as words
from dashboards.uploads import Held, Outcome, finding_rows
from partnership.periods import name_moment
from partnership.tabular import safe_text
from partnership.wording import count_of, day, month, number
from partnership.workflows import Actor, export_workbook, template_workbook

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

TITLE = LABEL = "Data"
FILTERS: tuple[str, ...] = ()
VIEWS: tuple[str, ...] = ()

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def stamp(data: Data, state: PageState) -> list[Any]:
    """Return which version of the plan is shown, and that nobody logs in yet."""
    del state
    days = data.changed_days()
    if not days:
        return ["Nothing is stored yet. No login yet: this copy answers on this computer only."]
    return [
        f"Plan version {data.version()}, accepted ",
        html.B(day(days[0])),
        ". No login yet: this copy answers on this computer only.",
    ]


def tally(data: Data, state: PageState) -> tuple[int, str]:
    """Return how much was found in the file in hand, for the navigation."""
    held = data.uploads.get(state.extra.get("upload"))
    count = len(held.check.findings) if held and held.receipt is None else 0
    return count, "finding" if count == 1 else "findings"


def actions(state: PageState) -> list[Any]:
    """Return the files that can be had here."""
    del state
    return [
        html.A("Get an empty workbook", href="/download/empty-workbook.xlsx", className="btn", download=""),
        html.A("Export the plan", href="/download/plan-workbook.xlsx", className="btn", download=""),
    ]


def layout(data: Data, state: PageState) -> Any:
    """Return the page."""
    key = state.extra.get("upload")
    held = data.uploads.get(key)
    said = words.FORGOTTEN if key and held is None else held.words if held else ""
    return html.Div(
        [
            parts.say(*words.opening(held, data.version())),
            words.steps(held),
            file_panels.drop(held),
            html.Div(id="upload-busy", role="status", className="said"),
            html.Div(said, id="upload-said", role="status", className="note" if said else "said"),
            *(_idle(data, state) if held is None else _in_hand(data, state, held)),
            parts.guarded(lambda: _log(data, state), "log"),
        ]
    )


def _idle(data: Data, state: PageState) -> list[Any]:
    """Return what the page shows while no file is in hand."""
    return [
        parts.cols(
            parts.guarded(lambda: _loaded(data, state), "loaded", span="c6"),
            parts.guarded(lambda: _fresh(data, state), "fresh", span="c6"),
        )
    ]


def _in_hand(data: Data, state: PageState, held: Held) -> list[Any]:
    """Return what the page shows of a file: findings, changes, dates, stale rows, accepting it."""
    dated = held.check.batch is not None and bool(held.check.batch.days)
    stale = held.check.preview is not None and bool(held.check.preview.stale)
    return [
        parts.guarded(lambda: file_panels.findings(held), "findings"),
        parts.cols(
            parts.guarded(lambda: file_panels.changes(held, data), "changes-to-come", span="c6"),
            parts.guarded(lambda: _fresh(data, state), "fresh", span="c6"),
        ),
        parts.guarded(lambda: file_panels.dates(held), "dates") if dated else None,
        parts.guarded(lambda: file_panels.stale(held), "stale") if stale else None,
        parts.guarded(lambda: file_panels.accept(data, state, held), "accept-panel"),
    ]


def register(app: Dash, data: Data) -> None:
    """Add the callbacks (a file comes, a file is accepted) and the files that can be had here."""

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Output("upload-said", "children"),
        Output("upload", "contents"),
        Input("upload", "contents"),
        State("upload", "filename"),
        State("upload-kind", "value"),
        prevent_initial_call=True,
    )
    def bring(contents: Any, name: Any, kind: Any) -> Any:
        outcome = data.uploads.read(data.store, contents, name, kind, data.today()) if contents else None
        return _brought(outcome)

    @app.callback(
        Output("changed", "data", allow_duplicate=True),
        Output("accept-said", "children"),
        Input("accept", "n_clicks"),
        State("upload-id", "data"),
        State("accept-actor", "value"),
        State("accept-reason", "value"),
        running=[(Output("accept", "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def accept(clicks: Any, seen: Any, actor: Any, reason: Any) -> Any:
        return _accepting(data, seen, actor, reason) if clicks else (no_update, no_update)

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("opened", "reading"),
        Output("upload-busy", "children"),
        Input("upload", "contents"),
    )
    app.server.add_url_rule(
        "/download/empty-workbook.xlsx",
        "empty_workbook",
        lambda: _file(template_workbook(), "empty-workbook.xlsx"),
    )
    app.server.add_url_rule(
        "/download/plan-workbook.xlsx",
        "plan_workbook",
        lambda: _file(export_workbook(data.store), "plan.xlsx"),
    )
    app.server.add_url_rule(
        "/download/findings-<key>.csv", "findings_file", lambda key: _findings_file(data, key)
    )


# ---- what the callbacks do ----
def _brought(outcome: Outcome | None) -> tuple[Any, Any, Any]:
    if outcome is None:
        return no_update, no_update, no_update
    if outcome.id is None:
        return no_update, outcome.words, None
    return f"?upload={outcome.id}", "", None


def _accepting(data: Data, seen: Any, actor: Any, reason: Any) -> tuple[Any, Any]:
    """Accept the file that was seen, or say what is wanting. What a browser sends is only ever looked up."""
    key, fingerprint = (seen.get("id"), seen.get("fingerprint")) if isinstance(seen, dict) else (None, None)
    held = data.uploads.get(key if isinstance(key, str) else None)
    who = _declared(file_panels.role_choices(data, held), actor)
    why = reason.strip() if isinstance(reason, str) else ""
    if who is None:
        return no_update, "Say first who accepts this."
    if not why:
        return no_update, "Say first why: a few words, for those who look back."
    outcome = data.uploads.accept(data.store, key, fingerprint, who, why[:300], data.today())
    return time.monotonic_ns() if outcome.id else no_update, outcome.words


def _declared(choices: Mapping[str, str], actor: Any) -> Actor | None:
    if not isinstance(actor, str) or not actor.strip():
        return None
    if choices:
        return Actor(choices[actor], "declared") if actor in choices else None
    return Actor("".join(c for c in actor.strip() if c.isprintable())[:120], "declared")


def _file(body: bytes, name: str) -> Response:
    return Response(
        body, content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _findings_file(data: Data, key: str) -> Response:
    held = data.uploads.get(key)
    if held is None:
        return Response(words.FORGOTTEN, status=404, content_type="text/plain; charset=utf-8")
    import csv
    import io

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Kind", "Where", "What was found", "What to do", "Check"])
    writer.writerows([safe_text(v) for v in row.values()] for row in finding_rows(held.check.findings))
    headers = {"Content-Disposition": 'attachment; filename="findings.csv"'}
    return Response(
        out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers
    )


# ---- the panels ----
def _loaded(data: Data, state: PageState) -> Any:
    summary = data.summary(state)
    if not summary.get("name"):
        return parts.empty(
            "Nothing is loaded yet",
            "Get an empty workbook, fill it in, and choose it here.",
            key="loaded",
            span="c6",
        )
    rows = [(sheet, count) for sheet, count in words.counts(data, state) if count]
    return parts.panel(
        f"What is loaded: {count_of(sum(n for _, n in rows), 'row')} on {count_of(len(rows), 'sheet')}",
        html.Ul(
            [html.Li([html.Span(sheet), " ", html.Span(number(count))]) for sheet, count in rows],
            className="counted",
        ),
        key="loaded",
        sub=f"{summary['name']}, plan version {data.version()}.",
        span="c6",
    )


def _fresh(data: Data, state: PageState) -> Any:
    rows = data.view("freshness", state).to_dicts()
    if not rows:
        return parts.empty(
            "How fresh is what we have?", "No agency has readings yet.", key="fresh", span="c6"
        )
    partners = data.partners(state)

    def who(row: dict[str, Any]) -> Any:
        partner = partners.get(row["agency_id"])
        return html.Span([parts.badge(partner), f" {partner.name}"]) if partner else row["agency_name"]

    return parts.panel(
        words.fresh_title(rows),
        parts.table(
            rows,
            [
                parts.Col("agency_id", "Agency", row=who),
                parts.Col("latest_period", "Latest month", lambda v: month(v) if v else "none"),
                parts.Col("state", "State", row=lambda r: parts.state_word(words.fresh_state(r))),
            ],
            label="Latest accepted reading from each agency",
            class_name="fresh",
        ),
        parts.download_links(state, "freshness", "how fresh"),
        key="fresh",
        sub="Latest accepted reading from each agency.",
        span="c6",
    )


def _log(data: Data, state: PageState) -> Any:
    rows = data.view("changes", state)
    if not rows.height:
        return parts.empty(
            "No file was accepted or refused yet",
            "The first one stands here, with who and why.",
            key="log",
        )
    latest = rows.sort("seq", descending=True)
    shown = latest.head(20).to_dicts()
    return parts.panel(
        "Changes and refusals",
        parts.table(
            shown,
            [
                parts.Col("recorded_at", "When", name_moment),
                parts.Col("what", "What", row=words.what_changed),
                parts.Col("actor", "Actor", row=lambda r: f"{r['actor']} ({r['actor_kind']})"),
                parts.Col("reason", "Why", lambda v: v or ""),
            ],
            label="Changes and refusals, latest first",
        ),
        html.P(f"The latest 20 of {number(latest.height)}; all are in the file.")
        if latest.height > 20
        else None,
        parts.download_links(state, "changes", "the changes"),
        parts.download_links(state, "worked_out", "the formulas") if rows["formula_cells"].sum() else None,
        key="log",
        sub="Each with who and why. A refused file changed nothing: its name, its hash and how much was "
        "found are kept. Any day can be looked back to: choose it under “As known on” elsewhere.",
    )
