"""What a cell's number format makes of a number: a date, a percentage, or just a number.

Built-in formats: ECMA-376 part 1, 18.8.30 (numFmt). A format of the workbook's own is a date when, outside
quotes, escapes and brackets, it holds a letter for day, month, year, hour or second.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import polars as pl

__all__ = ["kind_of_format", "read_styles"]

_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)})
_BUILT_IN_PERCENT = frozenset({9, 10, 67, 68})
_NOT_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE_CODE = re.compile(r"[dmyhs]", re.IGNORECASE)


def read_styles(content: bytes) -> pl.Series:
    """Return, for each cell style in order, ``number``, ``percent`` or ``date``."""
    root = ET.fromstring(content)  # noqa: S314 - well-formed and without a DOCTYPE: Package.read_xml made sure
    own: dict[int, str] = {}
    for element in root.iterfind(".//{*}numFmts/{*}numFmt"):
        given = element.get("numFmtId", "")
        if given.isdecimal():
            own[int(given)] = kind_of_format(element.get("formatCode", ""))
    kinds = []
    for style in root.iterfind("./{*}cellXfs/{*}xf"):
        number = int(n) if (n := style.get("numFmtId", "0")).isdecimal() else 0
        kinds.append(own.get(number) or _built_in(number))
    return pl.Series("style", kinds or ["number"], dtype=pl.String)


def kind_of_format(code: str) -> str:
    r"""Return what a number format makes of a number.

    Examples
    --------
    >>> [kind_of_format(c) for c in ("d mmm yyyy", "[h]:mm", "0.0%", '0"%"', '#,##0 "days"', "[Red]0.00")]
    ['date', 'date', 'percent', 'number', 'number', 'number']
    """
    first = _NOT_CODES.sub("", code).split(";", maxsplit=1)[0]
    if "general" in first.casefold():
        return "number"
    if _DATE_CODE.search(first):
        return "date"
    return "percent" if "%" in first else "number"


def _built_in(number: int) -> str:
    if number in _BUILT_IN_DATES:
        return "date"
    return "percent" if number in _BUILT_IN_PERCENT else "number"
