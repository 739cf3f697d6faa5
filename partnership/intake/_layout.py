"""Where everything stands in our workbook: what the writer and the reader must agree on.

A record sheet has a title, a line that says what it is for, a row of descriptions, the header row and then
the input rows. The reader finds the header row by itself, so that a sheet made by hand may start with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from partnership.tables import RECORD_TYPES, Column, RecordType, columns_of

__all__ = [
    "BLANK_ROWS",
    "CONTROL_SHEET",
    "FIRST_ROW",
    "GUIDE_SHEET",
    "HEADER_ROW",
    "META_CELL_LENGTH",
    "META_HEADERS",
    "META_ROWS_START",
    "META_SHEET",
    "OUR_SHEETS",
    "SCHEMA_VERSION",
    "TotalLine",
    "a1",
    "column_letters",
    "input_range",
    "is_money",
    "list_name",
    "name_of",
    "sheet_ref",
    "total_lines",
]

SCHEMA_VERSION = 1
"""Version of the template: raised whenever a sheet, a column or a spelling changes."""

GUIDE_SHEET = "Guide"
CONTROL_SHEET = "Control totals"
META_SHEET = "_meta"
OUR_SHEETS = (GUIDE_SHEET, CONTROL_SHEET, META_SHEET)
"""Sheets of ours that hold no records."""

HEADER_ROW = 3
"""Row of the headers in a sheet that we write, counted from 0."""

FIRST_ROW = HEADER_ROW + 1
"""First input row, counted from 0."""

BLANK_ROWS = 25
"""Input rows that an empty sheet shows when it is printed."""

META_ROWS_START = 10
"""Row of ``_meta``, counted from 0, that heads the lists of rows and their versions."""

META_HEADERS = ("table", "row_keys", "versions")
META_CELL_LENGTH = 15_000
"""Characters of keys in one cell of ``_meta``; Excel holds 32,767, and counts some characters twice."""


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One line of the control totals: the rows of a sheet, or the sum of one of its money columns."""

    record_type: RecordType
    column: Column
    is_sum: bool

    @property
    def words(self) -> str:
        """What is totalled, in words."""
        return f"Sum of {self.column.header}" if self.is_sum else "Rows"


def is_money(column: Column) -> bool:
    """Tell whether a column holds pounds."""
    return column.kind == "money" or column.unit == "£"


def total_lines() -> tuple[TotalLine, ...]:
    """Return the lines of the control totals, sheet by sheet."""
    lines: list[TotalLine] = []
    for record_type in RECORD_TYPES:
        columns = columns_of(record_type.table)
        counted = next(c for c in columns if c.name == record_type.key[0])
        lines.append(TotalLine(record_type, counted, is_sum=False))
        lines.extend(TotalLine(record_type, c, is_sum=True) for c in columns if is_money(c))
    return tuple(lines)


def column_letters(index: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(26), column_letters(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, column: int) -> str:
    """Return the address of a cell, row and column counted from 0.

    Examples
    --------
    >>> a1(6, 3)
    'D7'
    """
    return f"{column_letters(column)}{row + 1}"


def sheet_ref(sheet: str) -> str:
    """Return a sheet's name as a formula needs it.

    Examples
    --------
    >>> sheet_ref("Work items"), sheet_ref("Goals")
    ("'Work items'", 'Goals')
    """
    return sheet if re.fullmatch(r"[A-Za-z]+", sheet) else "'" + sheet.replace("'", "''") + "'"


def input_range(record_type: RecordType, index: int) -> str:
    """Return the whole input range of one column, as a formula needs it: ``Goals!$A$5:$A$50004``."""
    letters = column_letters(index)
    last = FIRST_ROW + record_type.row_limit
    return f"{sheet_ref(record_type.sheet)}!${letters}${FIRST_ROW + 1}:${letters}${last}"


def name_of(table: str, column: str) -> str:
    """Return the name that the workbook gives to a column's input range.

    Examples
    --------
    >>> name_of("contributions", "amount_gbp")
    'contributions_amount_gbp'
    """
    return f"{table}_{column}"


def list_name(table: str) -> str:
    """Return the name of the list of ids that a reference to this table is picked from.

    Examples
    --------
    >>> list_name("agencies")
    'list_agencies'
    """
    return f"list_{table}"
