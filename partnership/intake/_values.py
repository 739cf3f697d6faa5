"""How a stored value is spelt in a cell, and how a text is written so that it comes back byte for byte.

A number that Excel cannot hold exactly (more than 15 digits) is written as text; the reader takes it back as
the number it is. Shares, percentages and financial years are text on purpose: Excel would turn 1/3 into the
first of March and 2011/12 into December.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from partnership.errors import InvalidInput
from partnership.periods import name_day, name_financial_year
from partnership.tables import Column

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["cell_writer", "is_exact", "spell_share", "write_text"]

_EXACT_DIGITS = 15
_FIRST_EXCEL_DAY = dt.date(1900, 3, 1)
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPES_THAT_MEET = re.compile(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")

CellWriter = Callable[["Worksheet", int, int, Any], None]


def write_text(sheet: Worksheet, row: int, column: int, text: str, *style: Any) -> None:
    """Write a text as a text, whatever it looks like: ``=1+1``, ``_x000D_``, ``<r>x</r>``.

    The writing library passes a text that looks like its own mark-up, ``<r>…</r>``, into the file as
    mark-up, and spells two escapes that share an underscore wrongly. Both are spelt out here instead.
    """
    is_markup = text.startswith("<r>") and text.endswith("</r>")
    if is_markup or _ESCAPES_THAT_MEET.search(text):
        escaped = _CONTROL.sub(lambda m: f"_x{ord(m[0]):04X}_", _ESCAPE.sub("_x005F_", text))
        text = f'<r><t xml:space="preserve">{escape(escaped).replace("_", "&#95;")}</t></r>'
    sheet.write_string(row, column, text, *style)


def spell_share(numerator: int, denominator: int) -> str:
    """Return a share as people write it: in per cent where that is exact to four places, else as a fraction.

    Examples
    --------
    >>> spell_share(2, 5), spell_share(1, 8), spell_share(1, 3)
    ('40', '12.5', '1/3')
    """
    per_cent = Fraction(numerator, denominator) * 100
    if (per_cent * 10_000).denominator == 1:
        return f"{Decimal(per_cent.numerator) / Decimal(per_cent.denominator):f}"
    return f"{numerator}/{denominator}"


def cell_writer(column: Column) -> CellWriter:
    """Return the function that writes one value of a column; the column's own format stands already.

    Raises
    ------
    InvalidInput
        From that function, when a number is not a number (NaN) or infinite.
    """
    if column.kind in ("money", "quantity"):
        return _write_number
    return {
        "percent": _write_plain,
        "whole": lambda sheet, row, at, value: sheet.write_number(row, at, value),
        "flag": lambda sheet, row, at, value: sheet.write_string(row, at, "yes" if value else "no"),
        "year": lambda sheet, row, at, value: sheet.write_string(row, at, name_financial_year(value)),
        "day": _write_day,
        "month": _write_day,
        "share": lambda sheet, row, at, value: sheet.write_string(row, at, spell_share(*value)),
    }.get(column.kind, write_text)


def is_exact(number: Decimal) -> bool:
    """Tell whether Excel can hold a number exactly; otherwise it is written as text and counts in no formula.

    Examples
    --------
    >>> is_exact(Decimal("1250.50")), is_exact(Decimal("1234567890123456.78"))
    (True, False)
    """
    return len(number.normalize().as_tuple().digits) <= _EXACT_DIGITS


def _write_number(sheet: Worksheet, row: int, at: int, value: Decimal | float) -> None:
    number = Decimal(str(value))
    if not number.is_finite():
        msg = f"Row {row + 1} holds {value}, which no workbook can hold as a number. Correct it in the store."
        raise InvalidInput(msg)
    if is_exact(number):
        sheet.write_number(row, at, float(number))
    else:
        sheet.write_string(row, at, f"{number:f}")


def _write_plain(sheet: Worksheet, row: int, at: int, value: Decimal) -> None:
    sheet.write_string(row, at, f"{value.normalize():f}")


def _write_day(sheet: Worksheet, row: int, at: int, value: dt.date) -> None:
    if value < _FIRST_EXCEL_DAY:
        sheet.write_string(row, at, name_day(value))
    else:
        sheet.write_datetime(row, at, value)
