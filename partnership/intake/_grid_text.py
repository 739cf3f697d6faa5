"""Text files as a sheet: any usual encoding, and the separator that makes most sense to the reader."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator

from partnership.errors import Finding, shown
from partnership.intake._grids import Row, Sheet, refusal, warning
from partnership.intake._return_values import is_blank

__all__ = ["decode", "text_sheets"]

SEPARATORS = (",", ";", "\t", "|")

_CELL_LIMIT = 2**20
_LOSSY = "\N{REPLACEMENT CHARACTER}"
_UNDEFINED = 0xDC00
"""Where the bytes that Windows-1252 does not define wait, as lone surrogates, until they are reported."""
_STRAY = re.compile("[\udc80-\udcff]")


def decode(data: bytes) -> tuple[str | None, list[Finding]]:
    r"""Return the text of a file: UTF-8 or UTF-16 with or without a mark, else Windows-1252, even mixed.

    Every byte that is no UTF-8 is taken as Windows-1252; the five that it does not define are kept as marks
    and reported, each with its line and its value: real returns have them, and one must not cost the rest.

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
            refusal(
                "file-nul",
                f"Byte {data.index(0) + 1} is a NUL, which no text file holds.",
                do,
                f"line {line}",
            )
        ]
    stray = [
        (number, ord(letter) - _UNDEFINED)
        for number, line in enumerate(text.split("\n"), 1)
        for letter in _STRAY.findall(line)
    ]
    if not stray:
        return text, []
    where = ", ".join(f"line {line} byte 0x{byte:02X}" for line, byte in stray[:5])
    more = f" and {len(stray) - 5:,} more" if len(stray) > 5 else ""
    what = "1 byte is no letter" if len(stray) == 1 else f"{len(stray):,} bytes are no letters"
    found = f"{what} in UTF-8 or Windows-1252 ({where}{more}); each is kept as {_LOSSY}."
    do = "Look at those lines if the wording matters."
    return _STRAY.sub(_LOSSY, text), [warning("file-stray-bytes", found, do, f"line {stray[0][0]}")]


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read one byte that is no UTF-8 as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start]
    letter = bytes([byte]).decode("cp1252", "ignore") or chr(_UNDEFINED + byte)
    return letter, error.start + 1


_FALLBACK = "partnership.windows-1252"
codecs.register_error(_FALLBACK, _as_windows)


def _strict(data: bytes, encoding: str) -> tuple[str | None, list[Finding]]:
    try:
        return data.decode(encoding).lstrip("\ufeff"), []
    except UnicodeDecodeError as error:
        found = f"The text looks like UTF-16 and breaks at byte {error.start + 1}."
        return None, [refusal("file-encoding", found, "Save the file again as UTF-8.")]


def text_sheets(data: bytes, fit: Callable[[Sheet], int]) -> tuple[list[Sheet], list[Finding]]:
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
                refusal("file-csv", f"The text cannot be read as a table ({error}).", "Save it again as CSV.")
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
                found.append(refusal("file-open-quote", what, do, sheet.place(row.number)))
    return found
