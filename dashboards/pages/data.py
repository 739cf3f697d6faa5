"""Data: bring a file, see what is found in it and what it would change, accept it whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import polars as pl
from dash import Input, Output, State, dcc, html, no_update
from flask import Response

from dashboards import parts
from dashboards.pages import _data_words as words
from dashboards.uploads import Held, Outcome, finding_rows
from dashboards.urls import address
from partnership.periods import LONDON
from partnership.store import Actor
from partnership.tables import columns_of
from partnership.tabular import safe_text
from partnership.wording import count_of, day, month, number
from partnership.workflows import export_workbook, template_workbook

if TYPE_CHECKING:
    from dash import Dash

    from dashboards.data import Data
    from dashboards.urls import State as PageState

TITLE = LABEL = "Data"
FILTERS: tuple[str, ...] = ()
VIEWS = ("freshness", "changes")

_MOST_FINDINGS = 200
_MOST_STALE = 50
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
            _drop(held),
            html.Div(said, id="upload-said", role="status", className="note" if said else "said"),
            *(_idle(data, state) if held is None else _in_hand(data, state, held)),
            parts.guarded(lambda: _log(data, state), "log"),
        ]
    )


def _idle(data: Data, state: PageState) -> list[Any]:
    """Return what the page shows while no file is in hand."""
    return [
        parts.cols(
            parts.guarded(lambda: _loaded(data, state), "loaded"),
            parts.guarded(lambda: _fresh(data, state), "fresh"),
        )
    ]


def _in_hand(data: Data, state: PageState, held: Held) -> list[Any]:
    """Return what the page shows of a file: findings, changes, both values of stale rows, the way to accept it."""
    stale = held.check.preview is not None and bool(held.check.preview.stale)
    return [
        parts.guarded(lambda: _findings(held), "findings"),
        parts.cols(
            parts.guarded(lambda: _changes(held, data), "changes-to-come"),
            parts.guarded(lambda: _fresh(data, state), "fresh"),
        ),
        parts.guarded(lambda: _stale(held), "stale") if stale else None,
        parts.guarded(lambda: _accept(data, state, held), "accept-panel"),
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
        running=[(Output("upload-said", "children"), "Reading the file and checking every row …", "")],
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
    """Accept the file that was seen, or say what is still wanting. What a browser sends is only ever looked up."""
    key, fingerprint = (seen.get("id"), seen.get("fingerprint")) if isinstance(seen, dict) else (None, None)
    held = data.uploads.get(key if isinstance(key, str) else None)
    who = _declared(_role_choices(data, held), actor)
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


def _role_choices(data: Data, held: Held | None) -> dict[str, str]:
    """Return the roles that may act: those held today; in an empty store, those that the file brings."""
    from dashboards.urls import State as PageState

    rows = data.table("role_holders", PageState())
    if not rows.height and held is not None and held.check.batch is not None:
        rows = held.check.batch.frames.get("role_holders", rows)
    on = data.today()
    current = rows.filter(pl.col("ended_on").is_null() | (pl.col("ended_on") >= on)) if rows.height else rows
    return {r["id"]: r["role"] for r in current.sort("role").iter_rows(named=True)} if rows.height else {}


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
def _drop(held: Held | None) -> html.Div:
    label = (
        "Choose a file"
        if held is None
        else "Choose another file"
        if held.check.acceptable or held.receipt
        else "Choose a mended file"
    )
    about = words.about_file(held)
    button = dcc.Upload(
        html.Button(label, type="button", className="btn primary", id="upload-button"),
        id="upload",
        accept=".xlsx,.csv",
        multiple=False,
        max_size=15_000_000,
        className="upload-button",
        className_active="upload-button",
        style={},
        style_active={},
    )
    kind = dmc.Select(
        id="upload-kind",
        label="Read it as",
        value=held.kind if held else "workbook",
        allowDeselect=False,
        searchable=False,
        withCheckIcon=False,
        data=[{"value": k, "label": v} for k, v in words.KIND_LABELS.items()],
        comboboxProps={"shadow": None, "transitionProps": {"duration": 0}},
    )
    download = (
        [html.A("Download findings", href=f"/download/findings-{held.id}.csv", className="btn", download="")]
        if held and held.check.findings
        else []
    )
    return html.Div(
        [
            html.Div(about),
            html.Div([html.Div(kind, className="panel-tools"), button, *download], className="tools"),
        ],
        className="drop",
        style={"marginTop": "20px"},
    )


def _findings(held: Held) -> Any:
    rows = finding_rows(held.check.findings)
    if not rows:
        return parts.panel(
            "Nothing was found that needs mending",
            key="findings",
            sub="Every row was read and every check was made.",
            source=words.PRIVACY,
        )

    def kind(value: str) -> html.Span:
        return html.Span(value, className="sev w" if value == "Check" else "sev e")

    ordered = sorted(rows, key=lambda r: r["kind"] == "Check")[:_MOST_FINDINGS]
    more = len(rows) - len(ordered)
    return parts.panel(
        words.findings_title(rows),
        parts.table(
            ordered,
            [
                parts.Col("kind", "Kind", kind),
                parts.Col("where", "Where", lambda v: html.Span(v, className="place")),
                parts.Col("found", "What was found"),
                parts.Col("do", "What to do"),
            ],
            label="Findings",
        ),
        html.P(f"And {number(more)} more: they are in the file of findings.") if more > 0 else None,
        key="findings",
        sub="Every finding in one pass, in the order of the sheets within each kind. Each says where, what was found, and what to do.",
        source=words.PRIVACY,
    )


def _changes(held: Held, data: Data) -> Any:
    preview = held.check.preview
    if preview is None:
        return parts.empty(
            "What would change cannot be told",
            "The file could not be read, so nothing of it was compared.",
            key="changes-to-come",
            span="c6",
        )
    title, sub = words.changes_title(held, data.version())

    def count(value: int) -> str:
        return number(value)

    total = preview.total
    shown = [s for s in preview.sheets if s.new or s.changed or s.stale or s.rejected or s.gone] or list(
        preview.sheets
    )
    quiet = [s for s in preview.sheets if s not in shown]
    rows = [
        {
            "sheet": s.sheet,
            "same": s.same,
            "new": s.new,
            "changed": s.changed,
            "stale": s.stale,
            "rejected": s.rejected,
            "gone": s.gone,
        }
        for s in shown
    ]
    if quiet:
        rows.append(
            {
                "sheet": f"{count_of(len(quiet), 'other sheet', words=True).capitalize()}",
                "same": sum(s.same for s in quiet),
                "new": 0,
                "changed": 0,
                "stale": 0,
                "rejected": 0,
                "gone": 0,
            }
        )
    columns = [
        ("same", "Same"),
        ("new", "New"),
        ("changed", "Changed"),
        ("stale", "Stale"),
        ("rejected", "Rejected"),
    ]
    if total.gone:
        columns.append(("gone", "Not in the file"))
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                parts.Col("sheet", "Sheet"),
                *(parts.Col(n, label, count, numeric=True) for n, label in columns),
            ],
            foot=["All sheets", *(number(getattr(total, n)) for n, _ in columns)],
            label="What would change, by sheet",
        ),
        key="changes-to-come",
        sub=sub,
        source=words.stale_words(bool(total.gone)),
        span="c6",
    )


def _stale(held: Held) -> Any:
    preview = held.check.preview
    rows = [] if preview is None else [r for s in preview.stale[:_MOST_STALE] for r in _both_values(s)]
    return parts.panel(
        words.stale_title(len(preview.stale) if preview else 0),
        parts.table(
            rows,
            [
                parts.Col("where", "Where", lambda v: html.Span(v, className="place")),
                parts.Col("field", "What"),
                parts.Col("stored", "Stored now"),
                parts.Col("given", "In your file"),
            ],
            label="Rows that somebody else changed",
            class_name="both-values",
        ),
        key="stale",
        sub="Somebody else changed these rows after your workbook was made. Export the plan again, or write the value you want into your file, and bring it again.",
    )


def _both_values(row: Any) -> list[dict[str, Any]]:
    labels = {n: c.header for c in columns_of(row.table) for n, _ in c.sql}
    different = [n for n in row.given if n in labels and row.stored.get(n) != row.given[n]]
    return [
        {
            "where": row.place,
            "field": labels[n],
            "stored": words.cell(row.stored.get(n)),
            "given": words.cell(row.given[n]),
        }
        for n in different
    ]


def _accept(data: Data, state: PageState, held: Held) -> Any:
    if held.receipt is not None:
        return parts.panel(
            words.accepted_title(held.receipt),
            html.P(words.accepted_words(held.receipt), className="empty"),
            dcc.Link("See it on the board overview", href=address(state, "/board-overview"), className="btn"),
            key="accept-panel",
        )
    if not held.check.acceptable:
        return parts.panel(
            "This file cannot be accepted yet",
            html.P(words.why_not(held.check), className="empty"),
            key="accept-panel",
        )
    choices = _role_choices(data, held)
    who: Any = (
        dmc.Select(
            id="accept-actor",
            label="Who accepts it",
            placeholder="Choose your role",
            data=[{"value": i, "label": r} for i, r in choices.items()],
            searchable=True,
            nothingFoundMessage="No such role",
            withCheckIcon=False,
            className="wide",
            comboboxProps={"shadow": None, "transitionProps": {"duration": 0}},
        )
        if choices
        else dmc.TextInput(
            id="accept-actor",
            label="Who accepts it: your role, as you would sign it",
            value="",
            className="wide",
        )
    )
    form = html.Div(
        [
            who,
            dmc.TextInput(
                id="accept-reason", label="Why: a few words", value="", maxLength=300, className="wide"
            ),
            html.Button("Accept all of it", id="accept", type="button", className="btn primary"),
            dcc.Store(id="upload-id", data={"id": held.id, "fingerprint": held.fingerprint}),
        ],
        className="form",
    )
    return parts.panel(
        "Accept, whole or not at all",
        form,
        html.Div(id="accept-said", role="status", className="said"),
        key="accept-panel",
        sub="Nobody logs in yet, so who accepts is declared, stored as declared and shown so.",
    )


def _loaded(data: Data, state: PageState) -> Any:
    summary = data.summary(state)
    if not summary.get("name"):
        return parts.empty(
            "Nothing is loaded yet",
            "Get an empty workbook, fill it in, and choose it here.",
            key="loaded",
            span="c6",
        )
    rows = [{"sheet": sheet, "rows": n} for sheet, n in words.counts(data, state)]
    return parts.panel(
        f"What is loaded: {count_of(sum(r['rows'] for r in rows), 'row')} on {count_of(sum(1 for r in rows if r['rows']), 'sheet')}",
        parts.table(
            [r for r in rows if r["rows"]],
            [parts.Col("sheet", "Sheet"), parts.Col("rows", "Rows", number, numeric=True)],
            label="What is loaded, by sheet",
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
            "No change was accepted yet",
            "The first file that is accepted stands here, with who and why.",
            key="log",
        )
    latest = rows.sort("seq", descending=True)
    shown = latest.head(20).to_dicts()
    return parts.panel(
        "Changes that were accepted",
        parts.table(
            shown,
            [
                parts.Col("recorded_at", "When", _moment),
                parts.Col("what", "What", row=words.what_changed),
                parts.Col("actor", "Actor", row=lambda r: f"{r['actor']} ({r['actor_kind']})"),
                parts.Col("reason", "Why", lambda v: v or ""),
            ],
            label="Changes that were accepted, latest first",
        ),
        html.P(f"The latest 20 of {number(latest.height)}; all are in the file.")
        if latest.height > 20
        else None,
        parts.download_links(state, "changes", "the changes"),
        key="log",
        sub="Each with who and why. Any can be looked back to: choose its date under “As known on” on the other pages.",
    )


def _moment(value: Any) -> str:
    import datetime as dt

    local = (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"
