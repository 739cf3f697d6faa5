"""An extract as JSON, and as text for a terminal."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from partnership import wording
from partnership._tabular.extract import Extract, csv_cell

__all__ = ["to_json", "to_terminal"]


def to_json(extract: Extract) -> str:
    """Return an extract as JSON: what it is, its columns, its rows by column name.

    Parameters
    ----------
    extract : Extract
        What to write.
    """
    names = [c.name for c in extract.view.columns]
    said = {
        "view": extract.view.name,
        **{label.casefold().replace(" ", "_"): text for label, text in extract.head if label != "Definition"},
        "definition": extract.view.definition,
        "columns": [
            {"name": c.name, "type": c.type, "label": c.label, "unit": c.unit} for c in extract.view.columns
        ],
        "rows": [dict(zip(names, row, strict=True)) for row in extract.rows()],
    }
    return json.dumps(said, default=_json_value, ensure_ascii=False, indent=1)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else str(value)
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def to_terminal(extract: Extract, width: int = 160) -> str:
    """Return an extract as a table of text.

    Parameters
    ----------
    extract : Extract
        What to write; columns of ids are left out where they only repeat a name.
    width : int
        Characters to a line.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    kept = [c for c in extract.view.columns if not c.name.endswith(("_id", "_index"))] or extract.view.columns
    headings = [f"{c.label} ({c.unit})" if c.unit else c.label for c in kept]
    rows = [
        [_said(v, c.unit) for v, c in zip(row, kept, strict=True)]
        for row in extract.frame.select([c.name for c in kept]).iter_rows()
    ]
    out = io.StringIO()
    console = Console(file=out, width=width, no_color=True, highlight=False, emoji=False)
    if _fits(headings, rows, width):
        table = Table(title=escape(extract.view.title), title_justify="left", show_edge=False, pad_edge=False)
        for column, heading in zip(kept, headings, strict=True):
            table.add_column(
                escape(heading), justify="left" if column.type in ("VARCHAR", "DATE") else "right"
            )
        for row in rows:
            table.add_row(*map(escape, row))
        console.print(table)
    else:
        console.print(f"{extract.view.title}\n", markup=False)
        longest = max(map(len, headings))
        for row in rows:
            lines = [f"{h:<{longest}}  {text}" for h, text in zip(headings, row, strict=True) if text]
            console.print("\n".join(lines) + "\n", markup=False)
    for label, text in extract.head[2:]:
        console.print(f"{label}: {text}", markup=False)
    return out.getvalue()


def _fits(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Tell whether a table cuts no number: texts may wrap at 24 characters, headings at their words."""
    needed = 0
    for at, heading in enumerate(headings):
        words = max((len(w) for w in heading.split()), default=1)
        cells = max((min(len(row[at]), 24) for row in rows), default=1)
        needed += max(words, cells) + 3
    return needed <= width


def _said(value: Any, unit: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | dt.datetime | dt.date):
        return csv_cell(value) if isinstance(value, dt.datetime) else str(value)
    if unit == "£":
        return wording.pounds(value, pence=True)
    return wording.percent(value) if unit == "share" else wording.number(value, places=4)
