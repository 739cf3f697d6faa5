"""Other people's files as sheets of cells. What a file is, is told by its first bytes, never by its name."""

from __future__ import annotations

from collections.abc import Callable

from partnership.errors import Finding, has_errors
from partnership.intake._grid_books import calamine_sheets, zipped_sheets
from partnership.intake._grid_people import scan_grids
from partnership.intake._grid_text import text_sheets
from partnership.intake._grids import Sheet, refusal
from partnership.intake._ole import OLE_MAGIC, stream_names

__all__ = ["read_sheets"]


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
        No sheet when the file cannot be opened, or holds data about a person; the findings then say why.
    """
    sheets, findings = _opened(data, fit)
    people = scan_grids(sheets)
    return ([], people) if has_errors(people) else (sheets, [*findings, *people])


def _opened(data: bytes, fit: Callable[[Sheet], int]) -> tuple[list[Sheet], list[Finding]]:
    if not data.strip(b"\0 \r\n\t"):
        return [], [
            refusal("file-empty", "The file is empty.", "Choose the file again, or download it again.")
        ]
    if data.startswith(b"PK\x03\x04"):
        return zipped_sheets(data)
    if data.startswith(OLE_MAGIC):
        if "EncryptedPackage" in stream_names(data):
            return [], [
                refusal(
                    "file-locked",
                    "The workbook is under a password.",
                    "Save it without one and load it again.",
                )
            ]
        return calamine_sheets(data)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for start, what in (
        (b"%pdf", "a PDF"),
        (b"<!doctype", "a web page"),
        (b"<html", "a web page"),
        (b"<?xml", "an XML file"),
    ):
        if head.startswith(start):
            do = "Download the data file itself (csv, xlsx, xls or ods)."
            return [], [refusal("file-kind", f"The file is {what}, not a table.", do)]
    return text_sheets(data, fit)
