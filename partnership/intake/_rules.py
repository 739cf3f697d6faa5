"""The rules of a record, held against whole columns: what must be filled, how large, how long, what shape.

The limits come from the record's own fields (:mod:`partnership.intake._limits`), so that a column of 100,000
readings is checked at once and by the same rules as one record. Records that have rules of their own beyond
their fields, and every small table, are made one by one as well: the class has the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic import ValidationError

from partnership.errors import Finding
from partnership.intake._limits import Limits, limits_of
from partnership.intake._validation import typing_rule
from partnership.intake._verdict import quoted
from partnership.tables import Column, RecordType, columns_of, record_from_row

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["Broken", "broken_fields", "broken_records", "with_defaults"]

Place = Callable[[str, int], str]
"""From a field and a row's number to a place: ``Goals!C7``."""

_REQUIRED = "rule-required"
_ROWS_ALWAYS_MADE = 50_000
"""Tables that may hold more rows are made one by one only where the class has rules of its own."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a row breaks: the row's number, and the finding that says so."""

    row: int
    finding: Finding


def with_defaults(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return rows with the blanks filled that have a default: a habit that is not said is kept.

    Parameters
    ----------
    rows : polars.DataFrame
        Columns of ``schema_of``, and any others.
    table : str
        The record type.
    """
    filled = [
        pl.col(c.name).fill_null(pl.lit(c.default).cast(rows.schema[c.name]))
        for c in columns_of(table)
        if c.default is not None and c.kind not in ("ids", "share")
    ]
    return rows.with_columns(filled)


def broken_fields(
    rows: pl.DataFrame, record_type: RecordType, unread: dict[str, set[int]], place: Place
) -> list[Broken]:
    """Return what the limits of the fields refuse, column by column.

    Parameters
    ----------
    rows : polars.DataFrame
        Typed rows with ``_row``.
    record_type : RecordType
        Whose rules.
    unread : dict[str, set[int]]
        For each field, the rows whose value could not be read: they are reported already.
    place : Callable
        From a field and a row's number to a place.
    """
    tests = [
        (column, limits_of(record_type.table)[column.name], *test)
        for column in columns_of(record_type.table)
        for test in _tests(column, limits_of(record_type.table)[column.name])
    ]
    is_broken = rows.select(wrong.any().alias(str(i)) for i, (_, _, wrong, _, _) in enumerate(tests)).row(0)
    found: list[Broken] = []
    for (column, limits, wrong, code, words), broken in zip(tests, is_broken, strict=True):
        if not broken:
            continue
        skip = unread.get(column.name, set()) if code == _REQUIRED else set()
        for row, value in rows.filter(wrong).select("_row", _stored_name(column)).iter_rows():
            if row not in skip:
                given = f"{column.header!r}" if code == _REQUIRED else quoted(str(value))
                found.append(_refused(row, column, limits, place, code, f"{given} {words}."))
    return found


def _stored_name(column: Column) -> str:
    return f"{column.name}_numerator" if column.kind == "share" else column.name


def _tests(column: Column, limits: Limits) -> Iterator[tuple[pl.Expr, str, str]]:
    """Each test as an expression that is true where it is broken, a code, and words after the value."""
    value = pl.col(column.name)
    if column.required:
        yield pl.col(_stored_name(column)).is_null(), _REQUIRED, "is blank and must be filled"
    if column.kind in ("money", "quantity", "percent", "whole", "year", "day", "month"):
        yield from _number_tests(value, limits)
    elif column.kind == "share":
        numerator, denominator = pl.col(f"{column.name}_numerator"), pl.col(f"{column.name}_denominator")
        yield (numerator < 0) | (numerator > denominator), "C8-share", "is not a share from 0 to 100%"
    elif column.kind == "ids":
        # A list of ids is short: each id is looked at by the record itself.
        return
    else:
        yield from _text_tests(value, limits)


def _number_tests(value: pl.Expr, limits: Limits) -> Iterator[tuple[pl.Expr, str, str]]:
    if limits.least is not None:
        yield value < pl.lit(limits.least), "rule-too-small", f"is less than {_plain(limits.least)}"
    if limits.above is not None:
        yield value <= pl.lit(limits.above), "rule-too-small", f"is not above {_plain(limits.above)}"
    if limits.most is not None:
        yield value > pl.lit(limits.most), "rule-too-large", f"is more than {_plain(limits.most)}"


def _text_tests(value: pl.Expr, limits: Limits) -> Iterator[tuple[pl.Expr, str, str]]:
    length = value.str.len_chars()
    if limits.longest is not None:
        yield length > limits.longest, "E6-too-long", f"is longer than {limits.longest:,} characters"
    if limits.shortest is not None:
        yield length < limits.shortest, "rule-too-short", "is too short"
    if limits.pattern is not None:
        yield ~value.str.contains(limits.pattern), "rule-shape", "does not have the shape that is asked for"


def _plain(bound: Any) -> str:
    from partnership.periods import name_day

    return name_day(bound) if hasattr(bound, "month") else f"{bound:,}"


def _refused(row: int, column: Column, limits: Limits, place: Place, code: str, found: str) -> Broken:
    return Broken(row, _error(code, place(column.name, row), found, _do(column, limits)))


def _do(column: Column, limits: Limits) -> str:
    return f"{typing_rule(column, limits)} {column.description}."


def broken_records(rows: pl.DataFrame, record_type: RecordType, place: Place) -> list[Broken]:
    """Return what the record class refuses, row by row, in plain words.

    A large table is made row by row only if its class has validators beyond its fields' limits.

    Parameters
    ----------
    rows : polars.DataFrame
        Typed rows with ``_row`` that no field's limit refuses.
    record_type : RecordType
        Whose rules.
    place : Callable
        From a field and a row's number to a place.
    """
    if record_type.row_limit > _ROWS_ALWAYS_MADE and not _has_own_rules(record_type):
        return []
    found: list[Broken] = []
    for row in rows.iter_rows(named=True):
        try:
            record_from_row(record_type.table, row)
        except ValidationError as error:
            found += [_broken(row, detail, record_type, place) for detail in error.errors()]
    return found


def _has_own_rules(record_type: RecordType) -> bool:
    rules = record_type.record.__pydantic_decorators__
    return bool(rules.model_validators or rules.field_validators or rules.root_validators or rules.validators)


def _broken(row: dict[str, Any], detail: ErrorDetails, record_type: RecordType, place: Place) -> Broken:
    columns = {c.name: c for c in columns_of(record_type.table)}
    column = columns.get(str(detail["loc"][0]) if detail["loc"] else "")
    reason = detail.get("ctx", {}).get("error")
    if column is None:
        found = _sentence(str(reason)) if reason else "These values do not go together."
        at = place(record_type.key[0], row["_row"])
        return Broken(row["_row"], _error("rule-record", at, found, record_type.purpose))
    limits = limits_of(record_type.table)[column.name]
    found = _sentence(str(reason)) if reason else f"{quoted(str(detail['input']))} is not accepted here."
    return Broken(
        row["_row"], _error("rule-record", place(column.name, row["_row"]), found, _do(column, limits))
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _error(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)
