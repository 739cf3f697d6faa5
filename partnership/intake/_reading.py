"""One record sheet, in: headers, rows, values, rules, keys; every fault found in one pass.

A row is kept only if nothing about it is refused. Rows read = rows kept + rows skipped, each skipped one
with its reason; blank rows are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from partnership.errors import Finding
from partnership.intake._export import row_keys
from partnership.intake._headers import Headers, match_headers
from partnership.intake._limits import limits_of
from partnership.intake._people import scan_sheet
from partnership.intake._rules import Broken, Place, broken_fields, broken_records, with_defaults
from partnership.intake._verdict import quoted
from partnership.intake.cells import Parsed, parse_as, polars_type
from partnership.intake.raw import column_letter
from partnership.intake.sheets import structure_findings
from partnership.plan import DayRead, FormulaCell, Skipped
from partnership.tables import Column, RecordType, columns_of, schema_of

if TYPE_CHECKING:
    from partnership.intake.sheets import Sheet

__all__ = ["SheetRows", "read_sheet"]

_TOTAL_WORDS = ("total", "totals", "grand total", "sub-total", "subtotal", "sum")
_LONGEST_SHORT_TEXT = 300


@dataclass(frozen=True)
class SheetRows:
    """What one sheet holds.

    Parameters
    ----------
    frame : polars.DataFrame
        Columns of ``schema_of``, ``row_key`` and ``_row``; only rows that nothing refuses.
    findings : list[Finding]
        Everything found, in the order of the sheet.
    read, blank : int
        Rows that hold something, and blank rows between them.
    skipped : tuple[Skipped, ...]
        Rows that were not kept.
    keys : frozenset[str]
        Keys of all rows, kept or not, that could be worked out.
    cells : dict[str, str]
        Field to the letters of its column.
    formulas : tuple[FormulaCell, ...]
        Kept values that a formula had worked out.
    days : tuple[DayRead, ...]
        Dates that were not given as such, and how each was read.
    """

    frame: pl.DataFrame
    findings: list[Finding]
    read: int = 0
    blank: int = 0
    skipped: tuple[Skipped, ...] = ()
    keys: frozenset[str] = field(default_factory=frozenset)
    cells: dict[str, str] = field(default_factory=dict)
    formulas: tuple[FormulaCell, ...] = ()
    days: tuple[DayRead, ...] = ()


def read_sheet(sheet: Sheet, record_type: RecordType) -> SheetRows:
    """Read a sheet as the rows of a record type.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    record_type : RecordType
        What it holds.
    """
    headers, findings = match_headers(sheet, record_type)
    people = scan_sheet(sheet, headers, record_type.table)
    structure = structure_findings(
        sheet, row_limit=record_type.row_limit, header_row=headers.row if headers else 1
    )
    findings = [*people, *structure, *findings]
    if headers is None or any(f.code.startswith("A6") for f in structure):
        return SheetRows(_empty(record_type), _without_secrets(findings, people))
    cells = {name: column_letter(number) for name, number in headers.numbers.items()}
    rows = sheet.filled_rows(after=headers.row, columns=headers.numbers.values())
    if not len(rows):
        return SheetRows(_empty(record_type), _without_secrets(findings, people), cells=cells)
    typed, unread, faults, days = _typed(sheet, headers, record_type, rows)
    totals = _rows_of_totals(sheet, headers, record_type, rows)
    faults = [f for f in faults if _row_of(f.place) not in totals or not f.rejects]

    def place(name: str, row: int) -> str:
        return sheet.place(row, headers.numbers.get(name, 1))

    candidates = typed.filter(~pl.col("_row").is_in(list(totals)))
    broken = [_total_row(place(record_type.key[0], row), row, word) for row, word in totals.items()]
    broken += broken_fields(candidates, record_type, unread, place)
    bad = {*unread_rows(unread), *(b.row for b in broken)}
    broken += broken_records(candidates.filter(~pl.col("_row").is_in(list(bad))), record_type, place)
    broken += _same_keys(candidates, record_type, unread, place)
    reasons = _reasons(sheet, [*people, *faults, *(b.finding for b in broken)])
    if absent := [
        c.header for c in columns_of(record_type.table) if c.required and c.name not in headers.numbers
    ]:
        reasons = dict.fromkeys(typed["_row"], f"There is no column {absent[0]!r}.") | reasons
    kept = typed.filter(~pl.col("_row").is_in(list(reasons)))
    return SheetRows(
        kept,
        _without_secrets([*findings, *faults, *_in_order(broken)], people),
        read=len(rows),
        blank=int(rows[-1]) - headers.row - len(rows),
        skipped=tuple(Skipped(f"{sheet.name}!{row}:{row}", why) for row, why in sorted(reasons.items())),
        keys=frozenset(candidates["row_key"]),
        cells=cells,
        formulas=_formulas(sheet, headers, record_type, kept),
        days=_without_secret_days(days, people),
    )


def _formulas(
    sheet: Sheet, headers: Headers, record_type: RecordType, kept: pl.DataFrame
) -> tuple[FormulaCell, ...]:
    """Return the formulas behind the values of the kept rows, for the entry in the log of changes."""
    found = sheet.cells.filter(
        pl.col("formula").is_not_null()
        & (pl.col("kind") != "blank")
        & pl.col("column").is_in(list(headers.numbers.values()))
    )
    if not found.height:
        return ()
    fields = {number: name for name, number in headers.numbers.items()}
    keyed = found.with_columns(pl.col("row").cast(pl.Int64)).join(
        kept.select("_row", "row_key"), left_on="row", right_on="_row", maintain_order="left"
    )
    return tuple(
        FormulaCell(record_type.table, key, fields[column], sheet.place(row, column), formula)
        for row, column, key, formula in keyed.select("row", "column", "row_key", "formula").iter_rows()
    )


def _without_secret_days(days: list[DayRead], people: list[Finding]) -> tuple[DayRead, ...]:
    """Show no date back from a column in which a cell looks like data about a person."""
    secret = {f.place.rstrip("0123456789") for f in people if f.severity == "quarantine"}
    return tuple(d for d in days if d.place.rstrip("0123456789") not in secret)


def _typed(
    sheet: Sheet, headers: Headers, record_type: RecordType, rows: pl.Series
) -> tuple[pl.DataFrame, dict[str, set[int]], list[Finding], list[DayRead]]:
    """Return the typed rows, by field the rows not read, the cells' findings, and how dates were read."""
    series: list[pl.Series] = []
    days: list[DayRead] = []
    unread: dict[str, set[int]] = {}
    faults: list[Finding] = []
    filled = set(sheet.cells.filter(pl.col("row") > headers.row)["column"].unique())
    for column in columns_of(record_type.table):
        number = headers.numbers.get(column.name)
        if number is None or number not in filled:
            types = zip(column.sql, polars_type(column.kind), strict=True)
            series += [pl.Series(name, [None] * len(rows), dtype=dtype) for (name, _), dtype in types]
            if number is None and column.required:
                unread[column.name] = set(rows)
            continue
        parsed = _parsed(sheet, column, number, headers.texts[column.name], rows, record_type)
        series += parsed.series
        faults += parsed.findings
        days += parsed.days
        if parsed.refused.any():
            unread[column.name] = set(rows.filter(parsed.refused))
    typed = with_defaults(pl.DataFrame([*series, rows.cast(pl.Int64).alias("_row")]), record_type.table)
    typed = typed.with_columns(row_keys(typed, record_type))
    typed = typed.select(*(n for n, _ in schema_of(record_type.table)), "row_key", "_row")
    return typed, unread, faults, days


def _parsed(
    sheet: Sheet, column: Column, number: int, header: str, rows: pl.Series, record_type: RecordType
) -> Parsed:
    longest = limits_of(record_type.table)[column.name].longest or 0
    kind = "notes" if column.kind == "text" and longest > _LONGEST_SHORT_TEXT else column.kind
    return parse_as(sheet.column(number, rows, header=header), kind, column.name, choices=column.choices)


def unread_rows(unread: dict[str, set[int]]) -> set[int]:
    """Return the rows in which anything could not be read."""
    return set().union(*unread.values()) if unread else set()


def _rows_of_totals(
    sheet: Sheet, headers: Headers, record_type: RecordType, rows: pl.Series
) -> dict[int, str]:
    """Rows whose id, or whose first cell, says Total."""
    first = [headers.numbers.get(record_type.key[0], 0), min(headers.numbers.values())]
    texts = sheet.cells.filter(
        (pl.col("row") > headers.row) & pl.col("column").is_in(first) & (pl.col("kind") == "text")
    )
    found = texts.filter(pl.col("text").str.strip_chars(" :").str.to_lowercase().is_in(_TOTAL_WORDS))
    if not found.height:
        return {}
    wanted = set(rows)
    return {row: text for row, text in found.select("row", "text").iter_rows() if row in wanted}


def _total_row(place: str, row: int, word: str) -> Broken:
    found = f"Row {row} says {quoted(word)}: a row of totals is no data."
    do = "Delete the row; the totals stand on the sheet Control totals."
    return Broken(row, Finding(code="B4-total-row", severity="error", place=place, found=found, do=do))


def _same_keys(
    rows: pl.DataFrame, record_type: RecordType, unread: dict[str, set[int]], place: Place
) -> list[Broken]:
    """Rows that have the same key as an earlier one, also in other capitals; never the last one wins."""
    unknown: set[int] = set().union(*(unread.get(k, set()) for k in record_type.key))
    given = rows.filter(~pl.col("_row").is_in(list(unknown)) & pl.col(record_type.key[0]).is_not_null())
    folded = pl.col("row_key").str.to_lowercase()
    again = given.filter(folded.is_duplicated()).with_columns(
        pl.col("_row").first().over(folded).alias("first"),
        pl.col("row_key").first().over(folded).alias("first_key"),
    )
    later = again.filter(pl.col("_row") != pl.col("first")).select("_row", "row_key", "first", "first_key")
    return [
        Broken(row, _same_key(record_type, place(record_type.key[0], row), (first, first_key), (row, key)))
        for row, key, first, first_key in later.iter_rows()
    ]


def _same_key(record_type: RecordType, place: str, first: tuple[int, str], again: tuple[int, str]) -> Finding:
    headers = {c.name: c.header for c in columns_of(record_type.table)}
    what = " and ".join(headers[k] for k in record_type.key)
    (row, key), (other_row, other_key) = first, again
    if key == other_key:
        found = f"Rows {row} and {other_row} have the same {what}: {quoted(_key_words(key))}."
    else:
        words = f"{row} ({quoted(_key_words(key))}) and {other_row} ({quoted(_key_words(other_key))})"
        found = f"Rows {words} differ only in capitals: {what}."
    do = "Keep one of them, or give one another id." if record_type.key == ("id",) else "Keep one of them."
    return Finding(code="F1-same-key", severity="error", place=place, found=found, do=do)


def _key_words(key: str) -> str:
    return ", ".join(part or "(blank)" for part in key.split("|"))


def _reasons(sheet: Sheet, findings: Iterable[Finding]) -> dict[int, str]:
    """Return the rows that a rejecting finding stands on, each with the first reason."""
    reasons: dict[int, str] = {}
    for finding in findings:
        row = _row_of(finding.place)
        if finding.rejects and row:
            reasons.setdefault(row, finding.found)
    return reasons


def _row_of(place: str) -> int:
    """Return the row of ``Goals!C7``; 0 where the place is no cell."""
    digits = place.rpartition("!")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits.isdecimal() else 0


def _without_secrets(findings: list[Finding], people: list[Finding]) -> list[Finding]:
    """Leave out what was said about a cell that holds personal data: only that it does may be said."""
    secret = {f.place for f in people if f.severity == "quarantine"}
    return [f for f in findings if f.place not in secret or f.severity == "quarantine"]


def _in_order(broken: list[Broken]) -> list[Finding]:
    return [b.finding for b in sorted(broken, key=lambda b: b.row)]


def _empty(record_type: RecordType) -> pl.DataFrame:
    types = {
        name: dtype
        for column in columns_of(record_type.table)
        for (name, _), dtype in zip(column.sql, polars_type(column.kind), strict=True)
    }
    return pl.DataFrame(schema={**types, "row_key": pl.String, "_row": pl.Int64})
