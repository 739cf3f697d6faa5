"""The words of the data page: where a file stands, what was found, what would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from partnership.periods import name_moment
from partnership.tables import RECORD_TYPES
from partnership.wording import capital, count_of, day, in_words, listing, month, number, pounds

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.uploads import Held
    from dashboards.urls import State
    from partnership.plan import DayRead
    from partnership.store import Receipt
    from partnership.workflows import CheckResult

KIND_LABELS: Mapping[str, str] = {
    "workbook": "Our workbook",
    "gmpp": "Government major projects return",
    "unit-costs": "Published unit costs",
    "clocks": "Clocks as a file beside the store",
}
"""What a file may be read as."""

PRIVACY = (
    "Files are looked through for NHS numbers, names, dates of birth and full postcodes before anything "
    "else. A file with any is refused whole, and nothing of it is kept."
)

FORGOTTEN = (
    "The file that this address names is no longer held here: files are kept for 45 minutes. Choose it again."
)

_STEPS = ("File read", "Findings", "What would change", "Accept, whole or not at all")


def opening(held: Held | None, version: int) -> list[Any]:
    """Return the page's sentence: the fact, and what it means."""
    fact, rest = _standing(held) if held is not None else _nothing_in_hand(version)
    return [html.Strong(fact), f" {rest}"]


def _nothing_in_hand(version: int) -> tuple[str, str]:
    if not version:
        return "Nothing is loaded yet.", "Get an empty workbook, fill it in, and choose it below."
    return "Choose a file to see what it would change.", "Nothing is stored until you accept it, whole."


def _standing(held: Held) -> tuple[str, str]:
    check, nothing = held.check, "Nothing has been stored yet."
    if held.receipt is not None:
        return "This file was accepted.", accepted_words(held.receipt)
    if any(f.severity == "quarantine" for f in check.findings):
        return (
            "This file holds personal data, so nothing of it is kept.",
            "Take it out and bring the file again.",
        )
    if check.batch is None:
        return "This file could not be read.", "Nothing has been stored."
    rejecting = sum(f.rejects for f in check.findings)
    if rejecting:
        return (
            f"{count_of(rejecting, 'thing')} must be fixed before this {_noun(held)} can be accepted.",
            nothing,
        )
    return _comparing(held, nothing)


def _comparing(held: Held, nothing: str) -> tuple[str, str]:
    preview = held.check.preview
    if preview and preview.stale:
        stale = count_of(len(preview.stale), "row")
        return f"{stale} in this {_noun(held)} changed since it was made.", nothing
    total = preview.total if preview else None
    if total is None or not (total.new or total.changed):
        return "This file changes nothing.", "Every row in it is stored already."
    counts = ((total.new, "new"), (total.changed, "changed"))
    said = listing([f"{number(n)} {word}" for n, word in counts if n])
    noun = "row" if total.new + total.changed == 1 else "rows"
    return f"This {_noun(held)} can be accepted: {said} {noun}.", nothing


def _noun(held: Held) -> str:
    return "workbook" if held.kind == "workbook" else "file"


def step_of(held: Held | None) -> int:
    """Return at which of the four steps a file stands: 0 before any, 5 when it is accepted."""
    if held is None:
        return 0
    if held.receipt is not None:
        return 5
    return 4 if held.check.acceptable else 2


def steps(held: Held | None) -> html.Ol:
    """Return the four steps, the present one marked."""
    now = step_of(held)
    items = []
    for i, label in enumerate(_STEPS, start=1):
        current = i == max(now, 1) and now < 5
        look = "done" if i < now else "now" if current else None
        items.append(
            html.Li(
                [html.Span(str(i), className="n"), label],
                className=look,
                **parts.aria(current="step" if current else None),
            )
        )
    return html.Ol(items, className="steps", **parts.aria(label="Steps of loading"))


def about_file(held: Held | None) -> list[Any]:
    """Return the file's name and what was read of it."""
    if held is None:
        return [
            html.Strong("No file chosen"),
            html.Br(),
            html.Span(
                "An Excel workbook or a CSV file of at most 15 MB. Drop it here, or choose it.",
                className="detail",
            ),
        ]
    batch = held.check.batch
    at = f"read on {name_moment(held.read_at)}"
    if batch is None:
        return [html.Strong(held.name), html.Br(), html.Span(f"Not read: {at}.", className="detail")]
    sheets = sum(1 for f in batch.frames.values() if f.height)
    said = f"{count_of(batch.rows_read, 'row')} on {count_of(sheets, 'sheet')}, {at}."
    kept = f" {number(batch.rows_kept)} kept"
    skipped = f", {number(len(batch.skipped))} skipped" if batch.skipped else ""
    blank = f", {number(batch.rows_blank)} blank" if batch.rows_blank else ""
    return [
        html.Strong(held.name),
        html.Br(),
        html.Span(f"{said}{kept}{skipped}{blank}.", className="detail"),
    ]


def findings_title(rows: Sequence[Mapping[str, str]]) -> str:
    """Return how many findings there are of each kind.

    Examples
    --------
    >>> findings_title([{"kind": "Must fix"}, {"kind": "Check"}, {"kind": "Check"}])
    '3 findings: 1 to fix, 2 to check'
    """
    fix = sum(r["kind"] != "Check" for r in rows)
    check = len(rows) - fix
    parts = [f"{number(fix)} to fix" if fix else "", f"{number(check)} to check" if check else ""]
    return f"{count_of(len(rows), 'finding')}: {', '.join(p for p in parts if p)}"


def changes_title(held: Held, version: int) -> tuple[str, str]:
    """Return the heading of what would change, and against what."""
    against = (
        f"Against the plan as it stands today, in version {version}."
        if version
        else "Against an empty store: every row is new."
    )
    if held.receipt is not None:
        return "What it changed", "Counted against the plan as it stood before."
    return ("What would change" if held.check.acceptable else "What would change once it is mended"), against


def stale_words(gone: bool) -> str:
    """Return what the columns of the table mean."""
    said = (
        "Stale: someone else changed the row after your workbook was made; both values are shown, you choose."
    )
    return (
        f"{said} Not in the file: rows that were in it when it was made; they stay as they are."
        if gone
        else said
    )


def stale_title(count: int) -> str:
    """Return how many rows somebody else changed."""
    verb = "was" if count == 1 else "were"
    return f"{capital(count_of(count, 'row', words=True))} {verb} changed by somebody else meanwhile"


def cell(value: Any) -> str:
    """Return a stored value as words."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, Decimal | int | float):
        return number(value, places=4)
    return str(value)


def why_not(check: CheckResult) -> str:
    """Return why a file cannot be accepted, and what to do."""
    rejecting = sum(f.rejects for f in check.findings)
    if rejecting:
        things = count_of(rejecting, "thing")
        return f"Mend the {things} above in the file, then choose the mended file. Nothing has been stored."
    return (
        "Rows in it were changed by somebody else meanwhile. Export the plan again, or write the values you "
        "want into the file, then choose it again."
    )


def accepted_title(receipt: Receipt) -> str:
    """Return which change a file became."""
    return f"Accepted as plan version {receipt.seq}"


def accepted_words(receipt: Receipt) -> str:
    """Return what was written."""
    total = receipt.total
    said = [
        f"{number(n)} {what}"
        for n, what in ((total.new, "new"), (total.changed, "changed"), (total.removed, "removed"))
        if n
    ]
    return (
        f"{listing(said)} rows are stored, with who and why."
        if said
        else "No row was different, so none was written."
    )


def counts(data: Data, state: State) -> list[tuple[str, int]]:
    """Return how many rows each sheet of the plan has, in the order of the workbook."""
    return [(t.sheet, data.table(t.table, state).height) for t in RECORD_TYPES]


def fresh_state(row: Mapping[str, Any]) -> str:
    """Return how fresh one agency's readings are, since when.

    Examples
    --------
    >>> fresh_state({"state": "withheld", "since_period": dt.date(2026, 6, 1)})
    'withheld since June 2026'
    """
    state, since = row["state"], row["since_period"]
    if state == "stale" and since:
        what = f"{row['stale_measure']}, " if row.get("stale_measure") else ""
        return f"stale: {what}{month(since)}"
    return f"{state} since {month(since)}" if state == "withheld" and since else str(state)


def fresh_title(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how many agencies are on time, in a sentence."""
    fresh = sum(r["state"] not in ("stale", "withheld", "no readings") for r in rows)
    if fresh == len(rows):
        return "Every agency’s readings are on time"
    verb = "is" if fresh == 1 else "are"
    return f"{capital(in_words(fresh))} of {in_words(len(rows))} agencies {verb} on time"


def what_changed(row: Mapping[str, Any]) -> str:
    """Return what a change or a refusal was, with its counts.

    Examples
    --------
    >>> counts = {"new_rows": 0, "changed_rows": 0, "removed_rows": 0, "formula_cells": 0}
    >>> what_changed({"what": "refusal", "source_name": "plan.xlsx", "refused_findings": 7, **counts})
    'Refused plan.xlsx: 7 findings'
    >>> what_changed({"what": "refusal", "source_name": "plan.xlsx", "refused_findings": None, **counts})
    'Refused plan.xlsx: it was not read'
    """
    if row["what"] == "refusal":
        found = row.get("refused_findings")
        why = count_of(found, "finding") if found else "rows that somebody else had changed"
        why = "it was not read" if found is None else why
        return f"Refused {row.get('source_name') or ('a file' if found is None else 'a change')}: {why}"
    counted = [
        f"{number(n)} {w}"
        for n, w in (
            (row["new_rows"], "new"),
            (row["changed_rows"], "changed"),
            (row["removed_rows"], "removed"),
        )
        if n
    ]
    if row.get("formula_cells"):
        counted.append(f"{number(row['formula_cells'])} worked out by formulas")
    source = f" from {row['source_name']}" if row.get("source_name") else ""
    head = capital(str(row["what"] or "change"))
    return f"{head}{source}: {', '.join(counted)}" if counted else f"{head}{source}"


def cells_of(day: DayRead) -> str:
    """Return the cells of a date that was read: the first one, and how many more say the same."""
    return f"{day.place} and {count_of(day.cells - 1, 'more cell')}" if day.cells > 1 else day.place


def dates_title(count: int) -> str:
    """Return how many dates are shown back.

    Examples
    --------
    >>> dates_title(1)
    'One date to look at, as it was read'
    """
    noun = "it was" if count == 1 else "they were"
    return f"{capital(count_of(count, 'date', words=True))} to look at, as {noun} read"


def money(value: Any) -> str:
    """Return pounds, or nothing where there are none."""
    return "" if value is None else pounds(value)
