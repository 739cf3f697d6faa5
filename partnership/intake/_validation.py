"""The validations of the input cells, with words that say what to type.

A validation helps while somebody types; it is a guard rail and no check. Everything is checked again when
the workbook is read. What only may be wrong (an id that will be added later) is a question, what must be
wrong is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from partnership.intake._layout import FIRST_ROW, a1, list_name
from partnership.intake._limits import Limits, limits_of
from partnership.periods import name_financial_year
from partnership.tables import Column, RecordType, columns_of, record_type

__all__ = ["typing_rule", "validation_of"]

_LIST_LENGTH = 255
_TITLE_LENGTH = 32
_PRICE_YEAR = r"^\d{4}/\d{2}$"
_YEARS_BEFORE, _YEARS_AFTER = 8, 21
_FIRST_DAY, _LAST_DAY = dt.date(1900, 3, 1), dt.date(2200, 12, 31)
_LARGEST = {"money": 9_999_999_999_999, "quantity": 99_999_999_999_999, "whole": 1_000_000_000}


def typing_rule(column: Column, limits: Limits) -> str:
    """Return one plain sentence that says what to type into a column.

    Examples
    --------
    >>> share = columns_of("benefit_shares")[2]
    >>> typing_rule(share, limits_of("benefit_shares")["share"])
    'A share of the whole in per cent or as a fraction: 40, 12.5 or 1/3.'
    """
    if column.choices:
        return f"One of: {', '.join(column.choices)}."
    if column.refers_to and column.kind != "ids":
        return f"An id from the sheet {record_type(column.refers_to).sheet}."
    if limits.pattern == _PRICE_YEAR:
        return "A financial year, as in 2026/27."
    return {
        "ids": f"Ids from the sheet {record_type(column.refers_to).sheet if column.refers_to else ''}, "
        "parted by semicolons: W01; W02.",
        "id": f"An id of your own, up to {limits.longest or 60} letters and digits, as in B07. Each id once.",
        "money": f"Pounds and pence{_between(limits)}: 1250 or 1,250.50.",
        "quantity": f"A number{_between(limits)}: 12 or 12.5.",
        "percent": f"A number of per cent{_between(limits)}: 40 means 40%.",
        "share": "A share of the whole in per cent or as a fraction: 40, 12.5 or 1/3.",
        "whole": f"A whole number{_between(limits)}.",
        "year": "A financial year, as in 2026/27.",
        "flag": "yes or no.",
        "day": "A date, as in 4 May 2026 or 04/05/2026 (day first).",
        "month": "A month, as in May 2026.",
    }.get(column.kind, f"Text, up to {limits.longest or 300} characters.")


def _between(limits: Limits) -> str:
    if limits.least is not None and limits.most is not None:
        return f" from {limits.least} to {limits.most}"
    if limits.above is not None:
        most = f", at most {limits.most}" if limits.most is not None else ""
        return f" above {limits.above}{most}"
    if limits.least is not None:
        return f", {limits.least} or more"
    return f", at most {limits.most}" if limits.most is not None else ""


def validation_of(record_type: RecordType, column: Column, made_on: dt.date) -> dict[str, Any]:
    """Return the validation of a column as xlsxwriter takes it.

    Parameters
    ----------
    record_type : RecordType
        The sheet.
    column : Column
        The column.
    made_on : datetime.date
        Day on which the workbook is made: financial years to pick from lie around it.
    """
    limits = limits_of(record_type.table)[column.name]
    rule = _rule(record_type, column, limits, made_on)
    words = typing_rule(column, limits)
    error_type = rule.pop("error_type", "stop")
    question = " Keep it all the same?" if error_type == "warning" else ""
    rule.update(
        ignore_blank=True,
        error_type=error_type,
        error_title=_cut(column.header, _TITLE_LENGTH),
        error_message=_cut(f"{words}{question}", _LIST_LENGTH),
    )
    if column.kind in ("share", "ids", "month", "year", "percent") or (
        column.kind == "id" and column.refers_to is None
    ):
        rule.update(input_title=_cut(column.header, _TITLE_LENGTH), input_message=_cut(words, _LIST_LENGTH))
    return rule


def _rule(sheet: RecordType, column: Column, limits: Limits, made_on: dt.date) -> dict[str, Any]:
    if column.choices or column.kind == "flag":
        return {"validate": "list", "source": list(column.choices) or ["yes", "no"]}
    if column.kind == "year" or limits.pattern == _PRICE_YEAR:
        around = range(made_on.year - _YEARS_BEFORE, made_on.year + _YEARS_AFTER)
        return {
            "validate": "list",
            "source": [name_financial_year(y) for y in around],
            "error_type": "warning",
        }
    if column.refers_to and column.kind == "id":
        return {"validate": "list", "source": f"={list_name(column.refers_to)}", "error_type": "warning"}
    if column.kind in ("money", "quantity", "whole"):
        return _number_rule(column, limits)
    cell = a1(FIRST_ROW, [c.name for c in columns_of(sheet.table)].index(column.name))
    return _KIND_RULES.get(column.kind, _length_rule)(cell, limits)


def _number_rule(column: Column, limits: Limits) -> dict[str, Any]:
    largest = _LARGEST[column.kind]
    least = limits.least if limits.least is not None else limits.above
    return {
        "validate": "integer" if column.kind == "whole" else "decimal",
        "criteria": "between",
        "minimum": float(least) if least is not None else -largest,
        "maximum": float(limits.most) if limits.most is not None else largest,
    }


def _date_rule(_cell: str, _limits: Limits) -> dict[str, Any]:
    return {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}


def _share_rule(cell: str, _limits: Limits) -> dict[str, Any]:
    number = f'VALUE(SUBSTITUTE({cell},"%",""))'
    within = f"IFERROR(AND({number}>=0,{number}<=100),FALSE)"
    return {"validate": "custom", "value": f'=IF(ISNUMBER(FIND("/",{cell})),TRUE,{within})'}


def _length_rule(_cell: str, limits: Limits) -> dict[str, Any]:
    longest = limits.longest or _short_pattern(limits.pattern) or 300
    return {"validate": "length", "criteria": "between", "minimum": 1, "maximum": longest}


_KIND_RULES: dict[str, Callable[[str, Limits], dict[str, Any]]] = {
    "day": _date_rule,
    "month": _date_rule,
    "share": _share_rule,
    "percent": _share_rule,
    "ids": lambda _cell, _limits: {"validate": "any"},
}


def _short_pattern(pattern: str | None) -> int | None:
    """Longest text that a pattern such as ``^[A-Z]{2,5}$`` allows, where it says so itself."""
    found = re.fullmatch(r"\^\[[^\]]+\]\{\d+,(\d+)\}\$", pattern or "")
    return int(found[1]) if found else None


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip(" ,;") + "…"
