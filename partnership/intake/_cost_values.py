"""Price years and editions as a unit cost library writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from partnership.errors import InvalidInput
from partnership.intake._cost_layout import CostTable
from partnership.intake._grids import Sheet
from partnership.intake._return_values import is_blank, words
from partnership.periods import name_financial_year, parse_financial_year

__all__ = ["edition_of", "price_year"]

_VERSION = re.compile(r"\b(?:version|ver|v)\.?\s*(\d+(?:\.\d+){1,3})", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<![a-z0-9])v[_ .-]?(\d+(?:[._-]\d+){1,3})(?![0-9])", re.IGNORECASE)
_LIBRARY = re.compile(r"\bunit cost (?:data ?base|library)\b", re.IGNORECASE)
_RANGE = re.compile(r"^((?:19|20)\d{2})\s*[/-]\s*((?:19|20)?\d{1,2})$")


def price_year(cell: Any) -> tuple[str | None, bool]:
    """Return a price year in one spelling, and whether it was plain what it is.

    A financial year is written 2008/09. A year alone stays alone. A day is what Excel makes of 2008/09 when
    it is typed into a cell, and is turned back only where day and month say so.

    Examples
    --------
    >>> price_year("2008-09"), price_year(2013), price_year("2008/9"), price_year("")
    (('2008/09', True), ('2013', True), ('2008/09', True), (None, True))
    >>> price_year(dt.datetime(2008, 9, 1)), price_year("various")
    (('2008/09', True), ('various', False))
    """
    if is_blank(cell):
        return None, True
    if isinstance(cell, dt.date):
        is_year = cell.day == 1 and cell.month == (cell.year + 1) % 100
        return (name_financial_year(cell.year) if is_year else cell.isoformat()[:10]), is_year
    text = words(cell)
    if re.fullmatch(r"(?:19|20)\d{2}(?:\.0)?", text):
        return text[:4], True
    if (found := _RANGE.match(text)) and int(found[2]) % 100 == (int(found[1]) + 1) % 100:
        return name_financial_year(int(found[1])), True
    try:
        return name_financial_year(parse_financial_year(text)), True
    except InvalidInput:
        return text[:300], False


def edition_of(sheets: Iterable[Sheet], tables: Sequence[CostTable], name: str) -> tuple[str | None, bool]:
    """Return the library and edition, and whether the file itself says it.

    A text that names the library and a version decides; else the highest version that any text outside the
    tables names; else the file's name.
    """
    themes = {t.sheet.name for t in tables if t.sheet.name}
    texts = [
        words(c)
        for s in sheets
        if s.name not in themes
        for r in s.rows
        for c in r.cells
        if isinstance(c, str)
    ]
    texts = [t for table in tables for t in table.above] + (texts if themes else [])
    titled = [m[1] for t in texts if _LIBRARY.search(t) and len(t) < 400 for m in _VERSION.finditer(t)]
    anywhere = [m[1] for t in texts for m in _VERSION.finditer(t)]
    is_known = any(_LIBRARY.search(t) for t in texts)
    if versions := titled or anywhere:
        newest = max(versions, key=lambda v: [int(n) for n in v.split(".")])
        return f"{'GMCA Unit Cost Database' if is_known else 'Unit costs'} v{newest}{_uprated(tables)}", True
    if found := _IN_NAME.search(name):
        return f"Unit costs v{re.sub(r'[_-]', '.', found[1])}{_uprated(tables)}", False
    return None, False


def _uprated(tables: Sequence[CostTable]) -> str:
    """Say to which prices the publisher uprated, where the headings say one year."""
    years = {
        h.price_year
        for t in tables
        for f, (_, h, _) in t.columns.items()
        if f.endswith("_uprated") and h.price_year
    }
    return f", uprated to {years.pop()}" if len(years) == 1 else ""
