"""What is shown, as files: CSV, XLSX, JSON, Parquet and a table for the terminal.

Every file says above its rows what it is, what it was narrowed to, on which day it was known, what is
withheld, where it comes from and what each figure means. No cell can become a formula: in XLSX a text is
typed as text; CSV has no types, so a text that a spreadsheet would run is given an apostrophe.

Source: OWASP ASVS 5.0, 1.2.10 (formula injection).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnership import wording
from partnership.disclosure import NOTICE
from partnership.errors import InvalidInput, UnknownName
from partnership.periods import LONDON
from partnership.views import View, view

if TYPE_CHECKING:
    import polars as pl

    from partnership.store import Store

__all__ = ["FORMS", "Extract", "render_view", "safe_text", "to_csv", "to_json", "to_terminal", "to_xlsx"]

FORMS = ("table", "csv", "json", "parquet", "xlsx")
"""The forms that a view can be written in."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?$")
_FORBIDDEN_IN_SHEET = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Extract:
    """A view's rows and what must be said with them.

    Parameters
    ----------
    view : View
        What it is.
    frame : polars.DataFrame
        Its rows, small counts already withheld.
    shown : str
        What it is narrowed to, in words: "Police, all five goals".
    known_on : date
        The day as known on which it is shown.
    remark : str
        Anything else a reader must know: that the day was worked out from later loads.
    """

    view: View
    frame: pl.DataFrame
    shown: str
    known_on: dt.date
    remark: str = ""

    @property
    def head(self) -> list[tuple[str, str]]:
        """What stands above the rows."""
        lines = [
            ("Title", self.view.title),
            ("Question", self.view.question),
            ("Shown", self.shown),
            ("As known on", wording.day(self.known_on) + (f". {self.remark}" if self.remark else "")),
            ("Withheld", NOTICE),
            ("Unit", self.view.unit),
            ("Source", self.view.source),
        ]
        return lines + [("Definition", text) for text in self.view.definition.splitlines() if text]

    @property
    def headings(self) -> list[str]:
        """The columns' headings, with their units."""
        return [f"{c.label} ({c.unit})" if c.unit else c.label for c in self.view.columns]

    def rows(self) -> Iterable[tuple[Any, ...]]:
        """Return the rows, in the order of the view's columns."""
        return self.frame.select([c.name for c in self.view.columns]).iter_rows()


def safe_text(text: str) -> str:
    """Return a text as it may stand in CSV: what a spreadsheet would run is given an apostrophe.

    Examples
    --------
    >>> safe_text("=1+1"), safe_text("@SUM(A1)"), safe_text("-12.5"), safe_text("Police")
    ("'=1+1", "'@SUM(A1)", '-12.5', 'Police')
    """
    if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS):
        return text if _NUMBER.match(text) else f"'{text}"
    return text


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return _london(value).isoformat(sep=" ", timespec="seconds")
    return str(value)


def _london(moment: dt.datetime) -> dt.datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return aware.astimezone(LONDON).replace(tzinfo=None)


def to_csv(extract: Extract) -> bytes:
    """Return an extract as CSV: what it is, a blank line, headings, rows; UTF-8 with a mark, for the £.

    Parameters
    ----------
    extract : Extract
        What to write.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerows([safe_text(part) for part in line] for line in extract.head)
    writer.writerow([])
    writer.writerow([safe_text(h) for h in extract.headings])
    writer.writerows([_csv_cell(v) for v in row] for row in extract.rows())
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(extracts: Sequence[Extract]) -> bytes:
    """Return extracts as one workbook: a sheet each, and a sheet that says what every column means.

    Parameters
    ----------
    extracts : Sequence[Extract]
        What to write, in order.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        formats = _formats(book)
        used: set[str] = set()
        for extract in extracts:
            _sheet(book.add_worksheet(_sheet_name(extract.view.title, used)), extract, formats)
        _definitions(book.add_worksheet(_sheet_name("Definitions", used)), extracts, formats)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    font = {"font_name": "Arial", "font_size": 10}
    kinds: dict[str, dict[str, Any]] = {
        "text": {},
        "bold": {"bold": True},
        "title": {"bold": True, "font_size": 14},
        "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
        "wrap": {"text_wrap": True, "valign": "top"},
        "date": {"num_format": "d mmmm yyyy", "align": "left"},
        "month": {"num_format": "mmmm yyyy", "align": "left"},
        "moment": {"num_format": "d mmmm yyyy hh:mm", "align": "left"},
        "pounds": {"num_format": "£#,##0.00;[Black]-£#,##0.00"},
        "share": {"num_format": "0.0%"},
        "number": {"num_format": "#,##0.####"},
        "whole": {"num_format": "#,##0"},
    }
    return {name: book.add_format({**font, **more}) for name, more in kinds.items()}


def _sheet_name(title: str, used: set[str]) -> str:
    """Return a name that a sheet may have: 31 characters, none of them forbidden, none twice.

    Examples
    --------
    >>> _sheet_name("Offered against expected, pair by pair", set())
    'Offered against expected, pair '
    """
    base = _FORBIDDEN_IN_SHEET.sub(" ", title)[:31]
    name, number = base, 2
    while name.casefold() in used:
        name, number = f"{base[:28]} {number}", number + 1
    used.add(name.casefold())
    return name


def _sheet(sheet: Any, extract: Extract, formats: Mapping[str, Any]) -> None:
    for line, (label, text) in enumerate(extract.head):
        sheet.write_string(line, 0, label, formats["bold"])
        sheet.write_string(line, 1, text, formats["title" if line == 0 else "text"])
    top = len(extract.head) + 1
    for place, heading in enumerate(extract.headings):
        sheet.write_string(top, place, heading, formats["head"])
        sheet.set_column(place, place, 34 if extract.view.columns[place].type == "VARCHAR" else 16)
    last = top
    for last, row in enumerate(extract.rows(), start=top + 1):
        for place, (value, column) in enumerate(zip(row, extract.view.columns, strict=True)):
            _cell(sheet, last, place, value, column.name, column.unit, formats)
    sheet.freeze_panes(top + 1, 1)
    if last > top:
        sheet.autofilter(top, 0, last, len(extract.headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("&L&8Primary suppression only.&R&8&P of &N")


def _cell(
    sheet: Any, line: int, place: int, value: Any, name: str, unit: str | None, formats: Mapping[str, Any]
) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(line, place, value, formats["text"])
    elif isinstance(value, bool):
        sheet.write_string(line, place, "yes" if value else "no", formats["text"])
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(line, place, _london(value), formats["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, value, formats["month" if "period" in name else "date"])
    elif unit == "£":
        sheet.write_number(line, place, value, formats["pounds"])
    elif unit == "share":
        sheet.write_number(line, place, value, formats["share"])
    else:
        sheet.write_number(line, place, value, formats["whole" if isinstance(value, int) else "number"])


def _definitions(sheet: Any, extracts: Sequence[Extract], formats: Mapping[str, Any]) -> None:
    headings = (("Sheet", 34), ("Column", 34), ("Unit", 14), ("Definition", 110))
    for place, (heading, width) in enumerate(headings):
        sheet.write_string(0, place, heading, formats["head"])
        sheet.set_column(place, place, width)
    line = 1
    for extract in extracts:
        sheet.write_string(line, 0, extract.view.title, formats["bold"])
        sheet.write_string(line, 2, extract.view.unit, formats["wrap"])
        sheet.write_string(line, 3, extract.view.definition, formats["wrap"])
        line += 1
        for column in extract.view.columns:
            sheet.write_string(line, 0, extract.view.title, formats["text"])
            sheet.write_string(line, 1, column.label, formats["text"])
            sheet.write_string(line, 2, column.unit or "", formats["text"])
            line += 1
    sheet.freeze_panes(1, 0)


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
        return _csv_cell(value) if isinstance(value, dt.datetime) else str(value)
    if unit == "£":
        return wording.pounds(value, pence=True)
    return wording.percent(value) if unit == "share" else wording.number(value, places=4)


def render_view(
    store: Store,
    name: str,
    *,
    form: str = "table",
    out: Path | None = None,
    as_of: dt.date | None = None,
    **filters: Any,
) -> str | None:
    """Return a view in a form, or write it to a file.

    Parameters
    ----------
    store : Store
        An open store.
    name : str
        Name of the view.
    form : {"table", "csv", "json", "parquet", "xlsx"}
        XLSX and Parquet need a file.
    out : Path, optional
        File to write; the text is then not returned.
    as_of : date, optional
        As known on that day; None is now.
    **filters
        ``agency_id``, ``goal_id``, ``benefit_class``; None is all.

    Returns
    -------
    str or None
        The text; None when it went into a file.

    Raises
    ------
    UnknownName
        If there is no such view or form.
    InvalidInput
        If the form needs a file and there is none.
    """
    if form not in FORMS:
        raise UnknownName("form", form, FORMS)
    if out is None and form in ("parquet", "xlsx"):
        msg = f"{form} cannot be printed. Say where it goes: --out {name}.{form}."
        raise InvalidInput(msg)
    frame = store.fetch(name, as_of=as_of, **filters)
    known_on = as_of or dt.datetime.now(LONDON).date()
    remark = (store.as_of_note(as_of) if as_of else None) or ""
    extract = Extract(view(name), frame, _narrowed(filters), known_on, remark)
    if out is None:
        return _text(extract, form)
    if form == "parquet":
        frame.write_parquet(out)
    else:
        written = to_xlsx([extract]) if form == "xlsx" else to_csv(extract) if form == "csv" else None
        out.write_bytes(_text(extract, form).encode("utf-8") if written is None else written)
    return None


def _text(extract: Extract, form: str) -> str:
    if form == "csv":
        return to_csv(extract).decode("utf-8-sig").replace("\r\n", "\n")
    return to_json(extract) if form == "json" else to_terminal(extract)


def _narrowed(filters: Mapping[str, Any]) -> str:
    kinds = {"agency_id": "agency", "goal_id": "goal", "benefit_class": "class"}
    said = [f"{kinds.get(k, k)} {v}" for k, v in filters.items() if v is not None]
    return wording.listing(said) or "everything"
