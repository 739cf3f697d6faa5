"""Fields typed into a form or a grid: read, scanned and limited by the rules of a sheet's cells.

What is understood in the workbook is understood here: "1,250", "31 March 2027" and "yes" mean what they
mean there, and a text that points at a person is refused without being repeated.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from partnership.errors import Finding, InvalidInput, UnknownName, shown
from partnership.intake._export import row_keys
from partnership.intake._layout import is_money
from partnership.intake._limits import limits_of
from partnership.intake._rules import broken_fields, broken_records, with_defaults
from partnership.intake.cells import parse_as, polars_type
from partnership.intake.raw import RawColumn
from partnership.personal_data import finding_for, says_nhs_number, scan_numbers, scan_text
from partnership.tables import Column, columns_of, record_type, schema_of

__all__ = ["Filled", "fill"]

_LONGEST_SHORT_TEXT = 300
_NUMBERS = ("money", "quantity", "percent", "share", "whole", "year")
_CONTEXT = "NHS number"


@dataclass(frozen=True, slots=True)
class Filled:
    """A row as a form would leave it.

    Parameters
    ----------
    row : polars.DataFrame or None
        One row: the columns of ``schema_of`` and ``row_key``; None when anything rejects it.
    findings : tuple[Finding, ...]
        What was found, each at the field it was typed into; none holds a value that points at a person.
    """

    row: pl.DataFrame | None
    findings: tuple[Finding, ...]


def fill(table: str, typed: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> Filled:
    """Read the fields that somebody typed, over the row as it stood; what was not typed stays.

    Parameters
    ----------
    table : str
        The record type's table.
    typed : Mapping[str, Any]
        Field to what was typed: text, a number, a day or None for a field that was cleared.
    base : Mapping[str, Any], optional
        The row that it changes, in the store's columns; a new row when left out.

    Returns
    -------
    Filled
        The whole row, or findings that say field by field what to mend.

    Raises
    ------
    UnknownName
        If the record type has no such field.
    InvalidInput
        If a value is of a kind that no form sends.

    Examples
    --------
    >>> typed = {"goal_id": "G1", "agency_id": "POL", "gives": "An officer at triage"}
    >>> fill("goal_partners", typed).row["row_key"].to_list()
    ['G1|POL']
    >>> [str(f) for f in fill("goal_partners", {**typed, "gives": "jo@example.org"}).findings][0][:28]
    'Gives: This looks like an e-'
    """
    columns = {c.name: c for c in columns_of(table)}
    for name in typed:
        if name not in columns:
            raise UnknownName("field", name, columns)
    texts = {name: _text(columns[name], value) for name, value in typed.items()}
    people = _people(columns, texts)
    series, faults, unread = _parsed(columns, texts, table)
    row = _row(table, series, base)
    kind = record_type(table)

    def place(name: str, _: int) -> str:
        return columns[name].header

    broken = broken_fields(row, kind, {name: {0} for name in unread}, place)
    if not faults and not broken:
        broken = broken_records(row, kind, place)
    rules = [b.finding for b in broken]
    secret = {f.place for f in people if f.severity == "quarantine"}
    findings = [*people, *(f for f in (*faults, *rules) if f.place not in secret)]
    rejected = any(f.rejects for f in findings)
    return Filled(None if rejected else row.drop("_row"), tuple(findings))


def _text(column: Column, value: Any) -> str | None:
    """Return what was typed as a cell's text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | Decimal | Fraction):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    what = shown(type(value).__name__)
    msg = f"{column.header} holds {what}: a form sends text, numbers and days, and nothing else."
    raise InvalidInput(msg)


def _people(columns: Mapping[str, Column], texts: Mapping[str, str | None]) -> list[Finding]:
    announced = any(says_nhs_number(t) for t in texts.values() if t)
    findings = []
    for name, text in texts.items():
        column = columns[name]
        if not text:
            continue
        hits = scan_text(text, context=column.header)
        if column.kind in _NUMBERS and (number := _number(text)) is not None:
            named = scan_numbers([number], context=column.header, is_money=is_money(column))
            hits = scan_text(f"{number:.0f}", context=_CONTEXT) if named else []
        if announced and not hits and not says_nhs_number(text):
            hits = [h for h in scan_text(text, context=_CONTEXT) if h.code.startswith("H2")]
        findings += [finding_for(hit, column.header) for hit in hits]
    return findings


def _number(text: str) -> float | None:
    plain = re.sub(r"[£,\s]", "", text)
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def _parsed(
    columns: Mapping[str, Column], texts: Mapping[str, str | None], table: str
) -> tuple[dict[str, pl.Series], list[Finding], set[str]]:
    """Return the typed series, the faults of cells at their fields, and the fields that could not be read."""
    series: dict[str, pl.Series] = {}
    faults: list[Finding] = []
    unread: set[str] = set()
    for name, text in texts.items():
        column = columns[name]
        longest = limits_of(table)[name].longest or 0
        kind = "notes" if column.kind == "text" and longest > _LONGEST_SHORT_TEXT else column.kind
        raw = RawColumn.from_text([text], column.header)
        parsed = parse_as(raw, kind, name, choices=column.choices)
        series |= {s.name: s for s in parsed.series}
        faults += [
            Finding(code=f.code, severity=f.severity, place=column.header, found=f.found, do=f.do)
            for f in parsed.findings
        ]
        if parsed.refused.any():
            unread.add(name)
    return series, faults, unread


def _row(table: str, series: Mapping[str, pl.Series], base: Mapping[str, Any] | None) -> pl.DataFrame:
    made = []
    for column in columns_of(table):
        for (name, _), dtype in zip(column.sql, polars_type(column.kind), strict=True):
            if name in series:
                made.append(series[name])
            else:
                made.append(pl.Series(name, [None if base is None else base[name]], dtype=dtype))
    row = with_defaults(pl.DataFrame(made), table).select(n for n, _ in schema_of(table))
    return row.with_columns(row_keys(row, record_type(table)), pl.lit(0, dtype=pl.Int64).alias("_row"))
