"""The panels of the data page about one file: the file, its findings, what it would change, accepting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import polars as pl
from dash import dcc, html

from dashboards import parts
from dashboards.pages import _data_words as words
from dashboards.uploads import Held, finding_rows
from dashboards.urls import State as PageState
from dashboards.urls import address
from partnership.tables import columns_of
from partnership.wording import count_of, number

if TYPE_CHECKING:
    from dashboards.data import Data

__all__ = ["accept", "changes", "dates", "drop", "findings", "role_choices", "stale"]

_MOST_FINDINGS = 200
_MOST_STALE = 50
_MOST_DATES = 100


def drop(held: Held | None) -> html.Div:
    """Return the box in which a file is chosen or dropped, with what is known of it."""
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
        accept=".xlsx,.csv,.toml",
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


def findings(held: Held) -> Any:
    """Return everything that was found, worst first."""
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
        sub="Every finding in one pass, in the order of the sheets within each kind. Each says where, what "
        "was found, and what to do.",
        source=words.PRIVACY,
    )


def dates(held: Held) -> Any:
    """Return every date back that the file did not give as one, as it was read, with its cell."""
    days = held.check.batch.days if held.check.batch else ()
    rows = [{"where": words.cells_of(d), "given": d.given, "read_as": d.read_as} for d in days[:_MOST_DATES]]
    more = len(days) - len(rows)
    return parts.panel(
        words.dates_title(len(days)),
        parts.table(
            rows,
            [
                parts.Col("where", "Where", lambda v: html.Span(v, className="place")),
                parts.Col("given", "In the file"),
                parts.Col("read_as", "Read as"),
            ],
            label="Dates as they were read",
        ),
        html.P(f"And {number(more)} more: `partnership check --json` lists them all.") if more > 0 else None,
        key="dates",
        sub="These stand in the file as text or as a bare number. Dates are read day first, as in the United "
        "Kingdom: look whether each is the day that was meant.",
    )


def changes(held: Held, data: Data) -> Any:
    """Return what would change, sheet by sheet."""
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


def stale(held: Held) -> Any:
    """Return both values of every row that somebody else changed."""
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
        sub="Somebody else changed these rows after your workbook was made. Export the plan again, or write "
        "the value you want into your file, and bring it again.",
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


def accept(data: Data, state: PageState, held: Held) -> Any:
    """Return the way to accept the file, or why it cannot be accepted."""
    if held.receipt is not None:
        return parts.panel(
            words.accepted_title(held.receipt),
            html.P(words.accepted_words(held.receipt), className="empty"),
            dcc.Link("See it on the board overview", href=address(state, "/board-overview"), className="btn"),
            key="accept-panel",
        )
    total = held.check.preview.total if held.check.preview else None
    if held.check.acceptable and (total is None or not (total.new or total.changed)):
        return parts.panel(
            "There is nothing to accept",
            html.P("Every row of the file is stored already, as it is.", className="empty"),
            key="accept-panel",
        )
    if not held.check.acceptable:
        return parts.panel(
            "This file cannot be accepted yet",
            html.P(words.why_not(held.check), className="empty"),
            key="accept-panel",
        )
    choices = role_choices(data, held)
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
            dmc.TextInput(id="accept-reason", label="Why: a few words", value="", className="wide"),
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


def role_choices(data: Data, held: Held | None) -> dict[str, str]:
    """Return the roles that may act: those held today; in an empty store, those that the file brings."""
    rows = data.table("role_holders", PageState())
    if not rows.height and held is not None and held.check.batch is not None:
        rows = held.check.batch.frames.get("role_holders", rows)
    on = data.today()
    current = rows.filter(pl.col("ended_on").is_null() | (pl.col("ended_on") >= on)) if rows.height else rows
    return {r["id"]: r["role"] for r in current.sort("role").iter_rows(named=True)} if rows.height else {}
