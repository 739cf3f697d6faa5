"""Which column of a sheet is which field: the header row is found, and every header is matched or reported.

A header may be the label (``Amount (£)``), the label without its unit, or the field's name (``amount_gbp``);
blanks around it, capitals and a star at its end do not matter, and neither does the order of the columns.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import polars as pl

from partnership.errors import Finding, nearest, shown
from partnership.intake.raw import column_letter
from partnership.intake.sheets import Sheet
from partnership.personal_data import finding_for, scan_header
from partnership.tables import Column, RecordType, columns_of

__all__ = ["IGNORED_PREFIX", "Headers", "labels_of", "match_headers"]

IGNORED_PREFIX = "ignore"
"""A column whose header starts with this word is passed over, with a warning."""

_ROWS_LOOKED_AT = 60
_LONGEST_HEADER = 300
_UNIT = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Headers:
    """Where a sheet's columns are.

    Parameters
    ----------
    row : int
        Row of the headers, 1 for the first.
    numbers : dict[str, int]
        Field to column number, 1 for A.
    texts : dict[str, str]
        Field to header as given.
    """

    row: int
    numbers: dict[str, int]
    texts: dict[str, str]


@cache
def labels_of(table: str) -> dict[str, str]:
    """Return every label that a header of this sheet may have, folded, and the field it stands for.

    Examples
    --------
    >>> {label for label, field in labels_of("capacity").items() if field == "money_gbp"} == {
    ...     "money (£)", "money", "money_gbp"}
    True
    """
    labels: dict[str, str] = {}
    for column in columns_of(table):
        for label in (column.header, _UNIT.sub("", column.header), column.name):
            labels.setdefault(_folded(label), column.name)
    return labels


def _without_unit(header: str) -> str:
    return _UNIT.sub("", header[:_LONGEST_HEADER])


@lru_cache(maxsize=10_000)
def _folded(header: str) -> str:
    text = unicodedata.normalize("NFKC", header[:_LONGEST_HEADER])
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(visible.split()).rstrip("* ").casefold()


def match_headers(sheet: Sheet, record_type: RecordType) -> tuple[Headers | None, list[Finding]]:
    """Find the header row of a sheet and match its headers to the fields of a record type.

    Returns
    -------
    tuple[Headers | None, list[Finding]]
        None where there is no header row; findings for headers given twice, unknown, missing or personal.
    """
    labels = labels_of(record_type.table)
    rows = _first_rows(sheet)
    row = _header_row(rows, labels)
    if row is None:
        return None, [_no_headers(sheet, record_type)]
    known: dict[str, list[int]] = {}
    findings: list[Finding] = []
    for number, text in rows[row].items():
        field = labels.get(_folded(text)) or labels.get(_folded(_without_unit(text)))
        place = sheet.place(row, number)
        if field is not None:
            known.setdefault(field, []).append(number)
        elif hits := scan_header(text):
            findings += [finding_for(hit, place) for hit in hits]
        elif _folded(text).startswith(IGNORED_PREFIX):
            findings.append(_ignored(place, text))
        elif _folded(text):
            findings.append(_unknown(place, text, record_type))
    findings += [_twice(sheet, row, rows[row], columns) for columns in known.values() if len(columns) > 1]
    numbers = {field: columns[0] for field, columns in known.items()}
    findings += _missing(sheet, row, record_type, numbers)
    findings += _headless(sheet, row, rows[row])
    return Headers(row, numbers, {f: rows[row][n] for f, n in numbers.items()}), findings


def _first_rows(sheet: Sheet) -> dict[int, dict[int, str]]:
    cells = sheet.cells.filter((pl.col("row") <= _ROWS_LOOKED_AT) & pl.col("text").is_not_null())
    rows: dict[int, dict[int, str]] = {}
    for row, column, text in cells.select("row", "column", "text").iter_rows():
        rows.setdefault(row, {})[column] = text
    return rows


def _header_row(rows: dict[int, dict[int, str]], labels: dict[str, str]) -> int | None:
    """Return the first row in which the most cells are headers: at least two, or the only cell there is."""
    best, most = None, 0
    for row, cells in sorted(rows.items()):
        matches = sum(_folded(text) in labels for text in cells.values())
        enough = matches >= 2 or (matches == 1 and len(cells) <= 2)
        if enough and matches > most:
            best, most = row, matches
    return best


def _no_headers(sheet: Sheet, record_type: RecordType) -> Finding:
    wanted = ", ".join(c.header for c in columns_of(record_type.table) if c.required)
    if not sheet.cells.height:
        found = "The sheet is wholly empty: even its headers are gone."
    else:
        found = "No header row was found in the first 60 rows."
    do = f"Put the headers back ({wanted} …), or copy the sheet from a fresh template: partnership template."
    return _error("B4-no-headers", sheet.name, found, do)


def _missing(sheet: Sheet, row: int, record_type: RecordType, numbers: dict[str, int]) -> list[Finding]:
    absent = [c for c in columns_of(record_type.table) if c.name not in numbers]
    place = f"{sheet.name}!{row}:{row}"
    findings = [
        _error("B2-missing-column", place, f"There is no column {c.header!r}, which must be filled.", _add(c))
        for c in absent
        if c.required
    ]
    optional = [c.header for c in absent if not c.required]
    if optional:
        what = "column is" if len(optional) == 1 else f"{len(optional)} columns are"
        named = shown(", ".join(optional), 200)
        found = f"{what.capitalize()} not there and taken as blank in every row: {named}."
        do = "Put them back if they were deleted by mistake: a stored value would be emptied."
        findings.append(_warning("B2-absent-column", place, found, do))
    return findings


def _add(column: Column) -> str:
    return f"Add a column with that header: {column.description[0].lower()}{column.description[1:]}."


def _twice(sheet: Sheet, row: int, texts: dict[int, str], numbers: list[int]) -> Finding:
    named = " and ".join(f"{column_letter(n)} ({shown(texts[n])!r})" for n in numbers)
    found = f"Columns {named} are the same column."
    return _error("B1-header-twice", sheet.place(row, numbers[1]), found, "Keep one of them.")


def _unknown(place: str, text: str, record_type: RecordType) -> Finding:
    close = nearest(text, [c.header for c in columns_of(record_type.table)], 2)
    meant = f"Did you mean {' or '.join(repr(c) for c in close)}? Else delete" if close else "Delete"
    do = f"{meant} the column, or start its header with the word {IGNORED_PREFIX!r}."
    return _error("B2-unknown-column", place, f"Column {shown(text)!r} is not known on this sheet.", do)


def _ignored(place: str, text: str) -> Finding:
    found = f"Column {shown(text)!r} is passed over, as its header asks."
    return _warning("B2-ignored-column", place, found, "Nothing in it is stored.")


def _headless(sheet: Sheet, row: int, texts: dict[int, str]) -> list[Finding]:
    named = [n for n, text in texts.items() if _folded(text)]
    loose = sheet.cells.filter(
        (pl.col("row") > row)
        & ~pl.col("column").is_in(named)
        & (pl.col("text").fill_null("=").str.strip_chars() != "")
    ).unique("column", keep="first", maintain_order=True)
    return [
        _error(
            "B2-no-header",
            sheet.place(r, c),
            f"Column {column_letter(c)} has values and no header.",
            "Give it a header of this sheet, or delete the values.",
        )
        for r, c in loose.select("row", "column").iter_rows()
    ]


def _error(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def _warning(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="warning", place=place, found=found, do=do)
