"""Workbooks made wrong on purpose, each by one change to a good one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import xlsxwriter

from partnership.intake.sheets import Sheet, open_workbook

SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["goal_id", "agency", "year", "amount", "share", "start", "title"]
ROW = ["G1", "LA", 2025, 100.0, 100, "2025-04-01", "Keep families together"]


def book(
    rows: Sequence[Sequence[Any]] = (ROW,), header: Sequence[str] = HEADER, sheet: str = "Contributions"
) -> bytes:
    """A workbook as openpyxl writes it: texts in the cells, formulas without values."""
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in [header, *rows]:
        made.active.append(list(row))
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def written(fill: Callable[[xlsxwriter.Workbook], None], **options: Any) -> bytes:
    """A workbook as xlsxwriter writes it: shared strings, Excel's escapes."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, **options})
    fill(made)
    made.close()
    return out.getvalue()


def changed(
    data: bytes,
    edits: Mapping[str, Callable[[bytes], bytes]] | None = None,
    *,
    without: Sequence[str] = (),
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    """The same workbook with some parts edited, left out or added; an edit that changes nothing is a mistake."""
    source = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name in without:
                continue
            content = source.read(name)
            if edits and name in edits:
                edited = edits[name](content)
                assert edited != content, name
                content = edited
            target.writestr(name, content)
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def in_sheet(old: bytes, new: bytes, data: bytes | None = None, member: str = SHEET) -> bytes:
    """The workbook with one piece of a sheet's XML replaced."""
    return changed(data if data is not None else book(), {member: lambda xml: xml.replace(old, new, 1)})


def one_byte_wrong(data: bytes, member: str = SHEET) -> bytes:
    """The workbook with one byte flipped in the middle of a part."""
    info = zipfile.ZipFile(io.BytesIO(data)).getinfo(member)
    damaged = bytearray(data)
    damaged[info.header_offset + 30 + len(member) + info.compress_size // 2] ^= 255
    return bytes(damaged)


def ole(*streams: str) -> bytes:
    """An OLE file whose directory holds these streams: one allocation table, one directory, nothing in the streams."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[26:28], header[28:30] = (3).to_bytes(2, "little"), b"\xfe\xff"
    header[30:32], header[32:34] = (9).to_bytes(2, "little"), (6).to_bytes(2, "little")
    header[44:48], header[48:52] = (1).to_bytes(4, "little"), (1).to_bytes(4, "little")
    header[76:] = (0).to_bytes(4, "little") + b"\xff" * 432
    names = ["Root Entry", *streams]
    sectors = -(-len(names) // 4)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = b"".join(n.to_bytes(4, "little") for n in chain).ljust(512, b"\xff")
    directory = bytearray(512 * sectors)
    for i, name in enumerate(names):
        encoded = (name + "\0").encode("utf-16-le")
        directory[i * 128 : i * 128 + len(encoded)] = encoded
        directory[i * 128 + 64 : i * 128 + 66] = len(encoded).to_bytes(2, "little")
        directory[i * 128 + 66] = 5 if i == 0 else 2
    return bytes(header) + table + bytes(directory)


def opened_sheet(data: bytes, name: str = "Contributions") -> Sheet:
    """A sheet of a workbook that must open without a finding."""
    workbook, findings = open_workbook(data, "plan.xlsx")
    assert findings == []
    assert workbook is not None
    sheet, damage = workbook.read(name)
    assert damage == []
    return sheet
