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
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnership import wording
from partnership._tabular.extract import Extract, csv_cell, safe_text
from partnership._tabular.plain import to_json, to_terminal
from partnership.errors import InvalidInput, UnknownName
from partnership.periods import LONDON, in_london
from partnership.views import view

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.settled import Settled
    from partnership._workflows.uncertainty import UncertainAppraisal
    from partnership.errors import Finding
    from partnership.store import Store

__all__ = [
    "FORMS",
    "Extract",
    "appraisal_workbook",
    "render_view",
    "safe_text",
    "settlement_page",
    "settlement_workbook",
    "to_csv",
    "to_json",
    "to_terminal",
    "to_xlsx",
]

FORMS = ("table", "csv", "json", "parquet", "xlsx")
"""The forms that a view can be written in."""

_FORBIDDEN_IN_SHEET = re.compile(r"[\[\]:*?/\\']")


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
    writer.writerows([csv_cell(v) for v in row] for row in extract.rows())
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
        "moment GMT": {"num_format": 'd mmmm yyyy hh:mm "GMT"', "align": "left"},
        "moment BST": {"num_format": 'd mmmm yyyy hh:mm "BST"', "align": "left"},
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
        local = in_london(value)
        sheet.write_datetime(line, place, local.replace(tzinfo=None), formats[f"moment {local:%Z}"])
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


def appraisal_workbook(
    appraisal: Appraisal,
    *,
    name: str = "",
    findings: Sequence[Finding] = (),
    made_at: dt.datetime | None = None,
    uncertain: UncertainAppraisal | None = None,
    not_drawn: str = "",
) -> bytes:
    """Return an appraisal as a workbook of live formulas, with the values that the library found.

    Parameters
    ----------
    appraisal : Appraisal
        What ``partnership.roi.appraise`` returns.
    name : str
        Name of the partnership.
    findings : Sequence[Finding]
        What could not be used; printed on a sheet of its own.
    made_at : datetime.datetime, optional
        When; now if not given.
    uncertain : UncertainAppraisal, optional
        How sure the same appraisal is, as ``workflows.uncertain_appraisal`` returns it.
    not_drawn : str
        Why nothing was drawn, in words, where that has a reason.
    """
    from partnership._tabular.appraisal_book import appraisal_workbook as write

    return write(
        appraisal, name=name, findings=findings, made_at=made_at, uncertain=uncertain, not_drawn=not_drawn
    )


def settlement_workbook(done: Settled, *, name: str = "", made_at: dt.datetime | None = None) -> bytes:
    """Return a settlement as a workbook: schedule, shares, core test, balances, not paid, agreement."""
    from partnership._tabular.settlement_book import settlement_workbook as write

    return write(done, name=name, made_at=made_at)


def settlement_page(done: Settled, *, name: str = "", made_at: dt.datetime | None = None) -> str:
    """Return a settlement as one HTML page to print, with nothing in it that runs or is fetched."""
    from partnership._tabular.settlement_page import settlement_page as write

    return write(done, name=name, made_at=made_at)
