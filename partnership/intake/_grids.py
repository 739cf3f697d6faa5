"""Other people's files as sheets of cells: text of any usual encoding and separator, workbooks old and new.

What a file is, is told by its first bytes, never by its name. A sheet keeps only the rows that hold
something, each with its number, so that a stray cell a million rows down costs nothing. Which separator a
text file uses is decided by whoever reads it: the one under which it makes the most sense.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from partnership.errors import Finding, shown
from partnership.intake._ole import OLE_MAGIC, stream_names
from partnership.intake._return_values import is_blank
from partnership.intake.raw import column_letter

__all__ = ["Row", "Sheet", "read_sheets"]

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LARGEST_UNPACKED = 400 * 2**20
"""A workbook that unpacks to more bytes than this is refused before it is opened."""

_CELL_LIMIT = 2**20
_LOSSY = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something: its number in the sheet (or the line it starts on) and its cells."""

    number: int
    cells: tuple[Any, ...]

    def cell(self, column: int) -> Any:
        """Return the cell of a column (0 is the first), None beyond the last."""
        return self.cells[column] if 0 <= column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, or a whole text file (whose name is then empty).

    Parameters
    ----------
    name : str
        Name of the sheet as it stands in the file.
    rows : tuple[Row, ...]
        Rows that hold something.
    is_hidden : bool
        Whether the sheet is hidden.
    merged : tuple[tuple[int, int, int, int], ...]
        First row, first column, last row, last column of each merged area, counted from 1.
    hidden_rows : frozenset[int]
        Numbers of hidden rows.
    uncached : frozenset[tuple[int, int]]
        Row and column, from 1, of formulas whose result was never saved.
    outline : Mapping[int, int]
        How deep a row stands in the sheet's outline, where it stands in one.
    blank_rows : int
        Rows without anything, up to the last row that holds something.
    separator : str
        What parts the cells of a text file.
    """

    name: str
    rows: tuple[Row, ...]
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    uncached: frozenset[tuple[int, int]] = frozenset()
    outline: Mapping[int, int] = field(default_factory=dict)
    blank_rows: int = 0
    separator: str = field(default="", compare=False)

    def place(self, row: int, column: int | None = None) -> str:
        """Return where a cell stands; ``column`` counts from 0.

        Examples
        --------
        >>> Sheet("Crime ", ()).place(7, 3), Sheet("", ()).place(7)
        ('Crime!D7', 'line 7')
        """
        if not self.name:
            return f"line {row}" if column is None else f"line {row}, column {column + 1}"
        letter = "" if column is None else column_letter(column + 1)
        return f"{self.name.strip()}!{letter}{row}" if letter else f"{self.name.strip()}, row {row}"


def read_sheets(data: bytes, fit: Callable[[Sheet], int]) -> tuple[list[Sheet], list[Finding]]:
    """Return the sheets of a file, and what was found while opening it.

    Parameters
    ----------
    data : bytes
        The file.
    fit : callable
        How much sense a sheet makes to the reader (number of headings it knows); settles the separator of a
        text file.

    Returns
    -------
    tuple[list[Sheet], list[Finding]]
        No sheet when the file cannot be opened; the findings then say why.
    """
    if not data.strip(b"\0 \r\n\t"):
        return [], [
            _refusal("file-empty", "The file is empty.", "Choose the file again, or download it again.")
        ]
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(OLE_MAGIC):
        if "EncryptedPackage" in stream_names(data):
            return [], [
                _refusal(
                    "file-locked",
                    "The workbook is under a password.",
                    "Save it without one and load it again.",
                )
            ]
        return _calamine(data)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for start, what in (
        (b"%pdf", "a PDF"),
        (b"<!doctype", "a web page"),
        (b"<html", "a web page"),
        (b"<?xml", "an XML file"),
    ):
        if head.startswith(start):
            do = "Download the data file itself (csv, xlsx, xls or ods)."
            return [], [_refusal("file-kind", f"The file is {what}, not a table.", do)]
    return _text(data, fit)


def _refusal(code: str, found: str, do: str, place: str = "file") -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def _warning(code: str, found: str, do: str, place: str = "file") -> Finding:
    return Finding(code=code, severity="warning", place=place, found=found, do=do)


# --- text


def decode(data: bytes) -> tuple[str | None, list[Finding]]:
    r"""Return the text of a file: UTF-8 or UTF-16 with or without a mark, else Windows-1252, even mixed.

    Every byte that is no UTF-8 is taken as Windows-1252; the five that it does not define are kept as marks
    and reported.

    Examples
    --------
    >>> [decode("£1".encode(e))[0] for e in ("utf-8-sig", "cp1252", "utf-16")]
    ['£1', '£1', '£1']
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(data, encoding)
    zeros = [data[:4096:2].count(0), data[1:4096:2].count(0)]
    if max(zeros) > len(data[:4096]) // 5:
        return _strict(data, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", _FALLBACK)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        do = "Save the file again from the program it came from."
        return None, [
            _refusal(
                "file-nul",
                f"Byte {data.index(0) + 1} is a NUL, which no text file holds.",
                do,
                f"line {line}",
            )
        ]
    lines = [n for n, line in enumerate(text.split("\n"), 1) if _LOSSY in line]
    if not lines:
        return text, []
    where = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
    count = text.count(_LOSSY)
    found = f"{count} bytes are no letter in UTF-8 or Windows-1252 (lines {where}); each is kept as {_LOSSY}."
    return text, [
        _warning("file-stray-bytes", found, "Look at those lines if the wording matters.", f"line {lines[0]}")
    ]


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read one byte that is no UTF-8 as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", "replace"), error.start + 1


_FALLBACK = "partnership.windows-1252"
codecs.register_error(_FALLBACK, _as_windows)


def _strict(data: bytes, encoding: str) -> tuple[str | None, list[Finding]]:
    try:
        return data.decode(encoding).lstrip("\ufeff"), []
    except UnicodeDecodeError as error:
        found = f"The text looks like UTF-16 and breaks at byte {error.start + 1}."
        return None, [_refusal("file-encoding", found, "Save the file again as UTF-8.")]


def _text(data: bytes, fit: Callable[[Sheet], int]) -> tuple[list[Sheet], list[Finding]]:
    text, findings = decode(data)
    if text is None:
        return [], findings
    tries = []
    for separator in SEPARATORS:
        try:
            records = list(_records(text, separator))
            while records and not records[-1].cells:
                records.pop()
            filled = tuple(r for r in records if r.cells)
            sheet = Sheet("", filled, separator=separator, blank_rows=len(records) - len(filled))
        except csv.Error as error:
            findings.append(
                _refusal(
                    "file-csv", f"The text cannot be read as a table ({error}).", "Save it again as CSV."
                )
            )
            return [], findings
        tries.append((fit(sheet), sum(len(r.cells) for r in sheet.rows), sheet))
    best = max(tries, key=lambda t: t[:2])[2]
    return [best], findings + _runaway(best)


def _records(text: str, separator: str) -> Iterator[Row]:
    limit = csv.field_size_limit(max(csv.field_size_limit(), _CELL_LIMIT))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        start = 1
        for record in reader:
            yield Row(start, tuple(record) if any(not is_blank(cell) for cell in record) else ())
            start = reader.line_num + 1
    finally:
        csv.field_size_limit(limit)


def _runaway(sheet: Sheet) -> list[Finding]:
    """Find a quotation mark that was never closed: one cell holds many lines with a row's separators."""
    widest = max((len(r.cells) for r in sheet.rows), default=0)
    if widest < 4:
        return []
    found = []
    for row in sheet.rows:
        for cell in row.cells:
            if (
                cell.count("\n") >= 2
                and sum(line.count(sheet.separator) >= widest - 2 for line in cell.splitlines()) >= 2
            ):
                what = (
                    f"A cell that starts {shown(cell, 40)!r} holds whole rows: a quotation mark stays open."
                )
                do = "Close the quotation mark in the file, or save it again from the workbook."
                found.append(_refusal("file-open-quote", what, do, sheet.place(row.number)))
    return found


# --- workbooks


def _zipped(data: bytes) -> tuple[list[Sheet], list[Finding]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return [], [
            _refusal(
                "file-broken", "The workbook is broken: its archive cannot be opened.", "Download it again."
            )
        ]
    if sum(m.file_size for m in members) > LARGEST_UNPACKED:
        size = LARGEST_UNPACKED // 2**20
        return [], [
            _refusal(
                "file-too-large", f"The workbook unpacks to more than {size} MB.", "Save only the data in it."
            )
        ]
    names = {m.filename for m in members}
    if "xl/workbook.xml" not in names:
        if "content.xml" in names or "xl/workbook.bin" in names:
            return _calamine(data)
        return [], [
            _refusal("file-kind", "The archive is not a workbook.", "Unpack it, and load the table in it.")
        ]
    return _openpyxl(data)


def _openpyxl(data: bytes) -> tuple[list[Sheet], list[Finding]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False)
        except Exception as error:  # noqa: BLE001 - openpyxl raises whatever the broken part makes it raise
            found = f"The workbook cannot be read ({shown(error)})."
            return [], [
                _refusal(
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


def _calamine(data: bytes) -> tuple[list[Sheet], list[Finding]]:
    import python_calamine as calamine

    sheets = []
    try:
        with calamine.CalamineWorkbook.from_object(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                part = book.get_sheet_by_name(meta.name)
                if part.start is None:
                    sheets.append(Sheet(meta.name, ()))
                    continue
                top, left = part.start
                rows = []
                for offset, cells in enumerate(part.to_python()):
                    kept = [None] * left + [None if c == "" else c for c in cells]
                    if any(not is_blank(c) for c in kept):
                        rows.append(Row(top + offset + 1, tuple(kept)))
                merged = tuple(
                    (a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in part.merged_cell_ranges or ()
                )
                hidden = meta.visible != calamine.SheetVisibleEnum.Visible
                blank = (rows[-1].number if rows else 0) - len(rows)
                sheets.append(
                    Sheet(meta.name, tuple(rows), is_hidden=hidden, merged=merged, blank_rows=blank)
                )
    except calamine.CalamineError as error:
        found = f"The workbook cannot be read ({shown(error)})."
        return [], [
            _refusal("file-broken", found, "Open it in Excel or LibreOffice, save it as xlsx, and load that.")
        ]
    return sheets, []
