"""Files made wrong on purpose, each by one change to the small plan's workbook."""

from __future__ import annotations

import functools
import io
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import openpyxl
import polars as pl
from openpyxl.cell.cell import Cell

_TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(_TESTS / "plans"), str(_TESTS / "intake")]

import hostile  # noqa: E402
import workbook_plan  # noqa: E402
from small_plan import MADE_AT, small_frames  # noqa: E402

from partnership.intake.raw import column_letter  # noqa: E402
from partnership.intake.workbook import write_workbook  # noqa: E402
from partnership.tables import columns_of, record_from_row, row_key  # noqa: E402

__all__ = [
    "Text",
    "book",
    "edited",
    "first_sheet",
    "good",
    "hostile",
    "in_cell",
    "lean",
    "letter",
    "member_of",
    "picture",
    "rows",
]

Cells = Mapping[str, Any]


class Text(str):
    """A text that stays one in the cell, though it looks like a formula, a number or an error."""

    __slots__ = ()


@functools.cache
def good() -> bytes:
    """The small plan as our workbook, every sheet."""
    frames = {}
    for table, rows_ in small_frames().items():
        keys = [row_key(record_from_row(table, row)) for row in rows_.iter_rows(named=True)]
        frames[table] = rows_.with_columns(pl.Series("row_key", keys, dtype=pl.String))
    buffer = io.BytesIO()
    versions = {table: dict.fromkeys(rows_["row_key"], 1) for table, rows_ in frames.items()}
    write_workbook(frames, buffer=buffer, versions=versions, made_at=MADE_AT)
    return buffer.getvalue()


@functools.cache
def lean(*sheets: str) -> bytes:
    """The same with these sheets only: quick to change and to read.

    The other sheets are emptied in the file before a spreadsheet's reader sees them: reading them is what costs.
    """
    names = sheet_names(good())
    kept = {*sheets, "Guide", "_meta"}
    members = {f"xl/worksheets/sheet{n}.xml" for n, name in enumerate(names, 1) if name not in kept}
    return workbook_plan.lean(hostile.changed(good(), dict.fromkeys(members, lambda _: EMPTY_SHEET)), *sheets)


EMPTY_SHEET = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet '
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)


@functools.cache
def sheet_names(data: bytes) -> list[str]:
    """The sheets of a workbook, in order, without reading one."""
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").decode()
    return [unescape(name) for name in re.findall(r'<sheet [^>]*?\bname="([^"]*)"', xml)]


def book(change: Callable[[openpyxl.Workbook], None] | None = None, /, **cells: Cells) -> bytes:
    """The workbook with cells changed; ``Goals={"C5": "x"}``, ``_`` in a name stands for a blank."""
    given = {name if name == "_meta" else name.replace("_", " "): values for name, values in cells.items()}
    made = openpyxl.load_workbook(io.BytesIO(lean(*(name for name in given if name != "_meta"))))
    for sheet, values in given.items():
        for address, value in values.items():
            _put(made[sheet][address], value)
    if change is not None:
        change(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _put(cell: Cell, value: Any) -> None:
    if isinstance(value, tuple):
        value, cell.number_format = value
    cell.value = str(value) if isinstance(value, Text) else value
    if isinstance(value, Text):
        cell.data_type = "s"


def letter(table: str, field: str) -> str:
    """The letters of a field's column in the template."""
    return column_letter([c.name for c in columns_of(table)].index(field) + 1)


def rows(first: int, column: str, values: list[Any], **constant: Any) -> dict[str, Any]:
    """Rows alike but for one column and the id in column A; a callable constant is given the row's number."""
    cells: dict[str, Any] = {}
    for number, value in enumerate(values, first):
        cells[f"A{number}"] = f"new-{number}"
        cells |= {f"{c}{number}": v(number) if callable(v) else v for c, v in constant.items()}
        cells[f"{column}{number}"] = value
    return cells


def member_of(data: bytes, sheet: str) -> str:
    """The part of a workbook in which a sheet stands."""
    return f"xl/worksheets/sheet{sheet_names(data).index(sheet) + 1}.xml"


def edited(data: bytes, sheet: str, *changes: tuple[bytes, bytes]) -> bytes:
    """The workbook with pieces of a sheet's XML replaced."""

    def edit(xml: bytes) -> bytes:
        for old, new in changes:
            assert old in xml, old
            xml = xml.replace(old, new, 1)
        return xml

    return hostile.changed(data, {member_of(data, sheet): edit})


def first_sheet(new: bytes, *, before: bytes = b"<worksheet", data: bytes | None = None) -> bytes:
    """The workbook with something put before a piece of the XML of Contributions."""
    return edited(data or lean("Contributions"), "Contributions", (before, new + before))


def in_cell(sheet: str, address: str, xml: str) -> bytes:
    """The workbook in which one text cell's XML text is exactly what is given, however odd."""
    old = "PLACEHOLDER"
    data = book(**{sheet.replace(" ", "_"): {address: old}})
    source = zipfile.ZipFile(io.BytesIO(data))
    part = next(name for name in source.namelist() if old.encode() in source.read(name))
    return hostile.changed(data, {part: lambda text: text.replace(old.encode(), xml.encode(), 1)})


def picture() -> bytes:
    """One dot, as a PNG."""

    def chunk(tag: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    size = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + dot + chunk(b"IEND", b"")
