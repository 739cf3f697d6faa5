"""Workbooks as sheets: Excel's own format, the old binary one, and OpenDocument.

Only values are taken: macros, links and objects in a workbook are never looked at.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import Any

from partnership.errors import Finding, shown
from partnership.intake._grids import Row, Sheet, refusal
from partnership.intake._return_values import is_blank
from partnership.intake.files import MOST_BYTES

__all__ = ["calamine_sheets", "zipped_sheets"]

_MOST_CELLS = 20_000_000
_SAVE_AGAIN = "Open it in Excel or LibreOffice, save it as .xlsx, and load that."

Sheets = tuple[list[Sheet], list[Finding]]


def zipped_sheets(data: bytes) -> Sheets:
    """Return the sheets of a workbook that is a zip, after its sizes and prologues have been looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(m.file_size for m in members) > MOST_BYTES:
                return [], [
                    refusal(
                        "file-too-large", f"The workbook unpacks to over {MOST_BYTES:,} bytes.", _SAVE_AGAIN
                    )
                ]
            names = {m.filename for m in members}
            xml = [n for n in names if n.endswith((".xml", ".rels"))]
            if any(b"<!DOCTYPE" in archive.open(n).read(65_536) for n in xml):
                return [], [
                    refusal(
                        "file-doctype", "The workbook declares a DOCTYPE, which attacks use.", _SAVE_AGAIN
                    )
                ]
            if "content.xml" in names:
                return _open_document(data, archive.read("content.xml"))
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        OSError,
        RuntimeError,
        EOFError,
        NotImplementedError,
        ValueError,
    ) as error:
        found = f"The workbook is broken: its archive cannot be opened ({shown(error)})."
        return [], [refusal("file-broken", found, "Download it again.")]
    if "xl/workbook.xml" not in names:
        what = "a binary workbook (.xlsb)" if "xl/workbook.bin" in names else "no workbook"
        return [], [refusal("file-kind", f"The archive is {what}.", _SAVE_AGAIN)]
    return _openpyxl(data)


_ROW = re.compile(rb"<table:table-row\b[^>]*?(?:/>|>.*?</table:table-row>)", re.DOTALL)
_ROWS_AGAIN = re.compile(rb'number-rows-repeated="(\d+)"')
_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(/>|>.*?</table:(?:covered-)?table-cell>)", re.DOTALL
)
_CELLS_AGAIN = re.compile(rb'number-columns-repeated="(\d+)"')


def _open_document(data: bytes, content: bytes) -> Sheets:
    """Return the sheets of an OpenDocument file whose filled area is one that a table has."""
    for table in content.split(b"<table:table ")[1:]:
        row = last_row = last_column = 0
        for part in _ROW.finditer(table):
            again = _ROWS_AGAIN.search(part[0].split(b">", 1)[0])
            row += int(again[1]) if again else 1
            column = 0
            for cell in _CELL.finditer(part[0]):
                repeated = _CELLS_AGAIN.search(cell[1])
                column += int(repeated[1]) if repeated else 1
                if cell[2] != b"/>":
                    last_row, last_column = row, max(last_column, column)
        if last_row * last_column > _MOST_CELLS:
            found = f"A sheet reaches to row {last_row:,} and column {last_column:,}: a stray cell far away."
            return [], [refusal("file-too-large", found, "Delete the stray cell, or save the file as .xlsx.")]
    return calamine_sheets(data)


def _openpyxl(data: bytes) -> tuple[list[Sheet], list[Finding]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
            formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
        except Exception as error:  # noqa: BLE001 - openpyxl raises whatever the broken part makes it raise
            found = f"The workbook cannot be read ({shown(error)})."
            return [], [
                refusal(
                    "file-broken", found, "Open it in Excel or LibreOffice, save it again, and load that."
                )
            ]
    return [_sheet_of(values[ws.title], ws) for ws in formulas.worksheets], []


def _sheet_of(sheet: Any, formulas: Any) -> Sheet:
    """Read a sheet's own cells only: what openpyxl calls its dimensions may reach far past the data."""
    by_row: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet._cells.items():
        if not is_blank(cell.value):
            by_row.setdefault(row, {})[column] = cell.value
    uncached = {
        (row, column)
        for (row, column), cell in formulas._cells.items()
        if cell.data_type == "f" and column not in by_row.get(row, {})
    }
    rows = []
    for number in sorted(by_row):
        held = by_row[number]
        rows.append(Row(number, tuple(held.get(c) for c in range(1, max(held) + 1))))
    return Sheet(
        name=sheet.title,
        rows=tuple(rows),
        is_hidden=sheet.sheet_state != "visible",
        merged=tuple((r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges),
        hidden_rows=frozenset(n for n, d in sheet.row_dimensions.items() if d.hidden and n in by_row),
        uncached=frozenset(uncached),
        outline={
            n: d.outlineLevel for n, d in sheet.row_dimensions.items() if d.outlineLevel and n in by_row
        },
        blank_rows=max(by_row, default=0) - len(by_row),
    )


def calamine_sheets(data: bytes) -> Sheets:
    """Return the sheets of an old binary workbook, or of an OpenDocument file that was looked at."""
    import python_calamine as calamine

    sheets = []
    try:
        with calamine.CalamineWorkbook.from_object(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                    is_hidden = meta.visible != calamine.SheetVisibleEnum.Visible
                    sheets.append(_calamine_sheet(book.get_sheet_by_name(meta.name), is_hidden=is_hidden))
    except calamine.CalamineError as error:
        return [], [refusal("file-broken", f"The workbook cannot be read ({shown(error)}).", _SAVE_AGAIN)]
    return sheets, []


def _calamine_sheet(part: Any, *, is_hidden: bool) -> Sheet:
    if part.start is None:
        return Sheet(part.name, (), is_hidden=is_hidden)
    top, left = part.start
    rows = []
    for number, cells in enumerate(part.to_python(), top + 1):
        kept = [None] * left + [None if c == "" else c for c in cells]
        if any(not is_blank(c) for c in kept):
            rows.append(Row(number, tuple(kept)))
    areas = part.merged_cell_ranges or ()
    merged = tuple((a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in areas)
    blank = (rows[-1].number if rows else 0) - len(rows)
    return Sheet(part.name, tuple(rows), is_hidden=is_hidden, merged=merged, blank_rows=blank)
