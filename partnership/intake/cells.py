"""Columns of raw cells into typed columns, with a finding for every cell that cannot be read.

Each different cell of a column is read once, by the rules of ``_cell_numbers``, ``_cell_days`` and
``_cell_text`` (their documentation is the list of accepted spellings), and the results are joined back, so
that a hundred thousand rows cost little more than their different values. Number cells in columns of numbers
do not even take that road: they are cast in one stroke, and the cast is checked to be exact.

Use::

    parsed = parse(raw, column)          # column: partnership.tables.Column parsed.series
    # one polars Series per entry of column.sql, named and typed as the store has it parsed.findings
    # errors for each cell, warnings once a kind with a count parsed.refused                       # True
    where a filled cell was refused (its value is null)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from partnership.errors import Finding, shown
from partnership.intake import _cell_days, _cell_numbers, _cell_text
from partnership.intake._verdict import Refusal, Verdict
from partnership.intake.raw import RawColumn
from partnership.periods import name_day, name_month
from partnership.plan import DayRead
from partnership.tables import Column

__all__ = ["Parsed", "parse", "parse_as", "polars_type"]

_EXACT_BELOW = 1e11
"""Below this a double tells all decimals of four places apart, so a cast that round-trips is exact."""

_FEW = 1_000
"""Up to so many rows a column is read cell by cell: frames would cost more than they save."""

_FORMULA_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column as the store will hold it.

    Parameters
    ----------
    series : tuple[polars.Series, ...]
        One for each store column (a share has two, a month brings its index), as long as the raw column.
    findings : list[Finding]
        One error for each refused cell; one warning for each kind of remark, at its first cell, with the
        count.
    refused : polars.Series
        True where a cell held something that was refused.
    days : tuple[DayRead, ...]
        Of a column of days or months: what was not given as a date, and how it was read.
    """

    series: tuple[pl.Series, ...]
    findings: list[Finding]
    refused: pl.Series
    days: tuple[DayRead, ...] = ()


def parse(raw: RawColumn, column: Column) -> Parsed:
    """Read a column of raw cells as a column of a record type.

    Blank cells are null; whether they may be is for the caller, who knows which rows are meant.

    Parameters
    ----------
    raw : RawColumn
        The cells.
    column : Column
        The field: its kind decides the rules, its name the series' names.

    Returns
    -------
    Parsed
        Series, findings, and which cells were refused.

    Examples
    --------
    >>> from partnership.tables import columns_of
    >>> planned = next(c for c in columns_of("benefit_profile") if c.name == "planned_gbp")
    >>> parsed = parse(RawColumn.from_text(["£1,200.50", "(500)", ""], "Planned (£)"), planned)
    >>> parsed.series[0].to_list(), [f.place for f in parsed.findings]
    ([Decimal('1200.50'), None, None], ['line 3, Planned (£)'])
    """
    return parse_as(raw, column.kind, column.name, choices=column.choices)


def parse_as(raw: RawColumn, kind: str, name: str, *, choices: Sequence[str] = ()) -> Parsed:
    """Read a column of raw cells as a kind of column: the road for tables that are not ours.

    Parameters
    ----------
    raw : RawColumn
        The cells.
    kind : str
        id, ids, title, notes, text, choice, money, quantity, percent, share, whole, year, flag, day or month.
    name : str
        Name of the resulting column; ``<name>_numerator`` and ``<name>_denominator`` for a share, ``<name>``
        and ``<name>_index`` for a month.
    choices : Sequence[str]
        The words allowed in a choice.

    Examples
    --------
    >>> parse_as(RawColumn.from_text(["1/3"], "Share"), "share", "share").series[1].to_list()
    [3]
    """
    cells = raw.cells
    if cells.height <= _FEW:
        parsed = _few(raw, kind, name, _reader(kind, raw.date_1904, choices))
        return replace(parsed, days=_days_read(raw, kind, parsed.series[0]))
    typed, fast = _numbers_at_once(cells, kind)
    todo = (cells["kind"] != "blank") & ~fast & (cells["text"].fill_null("") != "")
    values, refused, findings = _one_by_one(
        raw, cells, todo, _reader(kind, raw.date_1904, choices), name, kind
    )
    if typed is not None:
        values = (typed.zip_with(fast, values[0]),)
    named = tuple(s.alias(n) for s, n in zip(values, _names(kind, name), strict=True))
    findings += _formula_findings(raw, cells)
    refused = refused | ((cells["kind"] == "blank") & cells["formula"].is_not_null())
    return Parsed(named, findings, refused, _days_read(raw, kind, named[0]))


def _days_read(raw: RawColumn, kind: str, days: pl.Series) -> tuple[DayRead, ...]:
    """Return how each different text or bare number of a column of days or months was read.

    A text that is written as it is shown back says nothing new and is left out.
    """
    if kind not in ("day", "month"):
        return ()
    given = raw.cells.select("row", "kind", "text", day=days).filter(
        pl.col("kind").is_in(["text", "number"]) & pl.col("day").is_not_null()
    )
    if not given.height:
        return ()
    different = given.group_by("text", "day", maintain_order=True).agg(
        pl.col("row").first(), pl.len().alias("cells")
    )
    name = name_day if kind == "day" else name_month
    return tuple(
        DayRead(raw.place(row), shown(text.strip()), name(day), cells)
        for text, day, row, cells in different.select("text", "day", "row", "cells").iter_rows()
        if text.strip() != name(day)
    )


def polars_type(kind: str) -> tuple[pl.DataType | type[pl.DataType], ...]:
    """Return the polars types of a kind of column, one for each column of the store.

    Examples
    --------
    >>> polars_type("money")
    (Decimal(precision=18, scale=2),)
    """
    return _TYPES.get(kind, (pl.String,))


_TYPES: dict[str, tuple[pl.DataType | type[pl.DataType], ...]] = {
    "money": (pl.Decimal(18, 2),),
    "quantity": (pl.Decimal(18, 4),),
    "percent": (pl.Decimal(7, 4),),
    "share": (pl.Int64, pl.Int64),
    "whole": (pl.Int64,),
    "year": (pl.Int32,),
    "flag": (pl.Boolean,),
    "day": (pl.Date,),
    "month": (pl.Date, pl.Int32),
}

_PARTS: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "share": (lambda f: f.numerator, lambda f: f.denominator),
    "month": (lambda d: d, lambda d: d.year * 12 + d.month - 1),
}


def _names(kind: str, name: str) -> tuple[str, ...]:
    return {"share": (f"{name}_numerator", f"{name}_denominator"), "month": (name, f"{name}_index")}.get(
        kind, (name,)
    )


def _reader(kind: str, date_1904: bool, choices: Sequence[str]) -> Callable[[str, str], Verdict]:  # noqa: FBT001 - passed through
    """Return the function that reads one cell of a kind of column."""
    readers: dict[str, Callable[[str, str], Verdict]] = {
        "id": _cell_text.id_from,
        "ids": _cell_text.ids_from,
        "choice": partial(_cell_text.choice_from, choices=choices),
        "flag": _cell_text.flag_from,
        "money": partial(_cell_numbers.number_from, column="money"),
        "quantity": partial(_cell_numbers.number_from, column="quantity"),
        "percent": _cell_numbers.percent_from,
        "share": _cell_numbers.share_from,
        "whole": _cell_numbers.whole_from,
        "year": _cell_days.year_from,
        "day": partial(_cell_days.day_from, date_1904=date_1904),
        "month": partial(_cell_days.month_from, date_1904=date_1904),
    }
    return readers.get(
        kind, partial(_cell_text.text_from, column=kind if kind in _cell_text.MOST_CHARACTERS else "text")
    )


def _numbers_at_once(cells: pl.DataFrame, kind: str) -> tuple[pl.Series | None, pl.Series]:
    """Cast plain number cells of a column of amounts; False where the cast is not known to be exact."""
    none = pl.repeat(value=False, n=cells.height, dtype=pl.Boolean, eager=True)
    if kind not in ("money", "quantity", "whole") or not cells.height:
        return None, none
    (wanted,) = polars_type(kind)
    number = cells.select(
        pl.when(pl.col("kind") == "number").then(pl.col("text")).cast(pl.Float64, strict=False)
    ).to_series()
    safe = (number.abs() < _EXACT_BELOW).fill_null(value=False)
    number = number.zip_with(safe, pl.Series([None], dtype=pl.Float64))
    typed = number.cast(wanted, strict=False)
    exact = (typed.cast(pl.Float64) == number).fill_null(value=False)
    return typed, exact


def _few(raw: RawColumn, kind: str, name: str, read: Callable[[str, str], Verdict]) -> Parsed:
    """Read a short column cell by cell; what comes out is what the long road gives."""
    values: list[Any] = []
    refused: list[bool] = []
    findings: list[Finding] = []
    counts: dict[str, int] = {}
    first: dict[str, Finding] = {}
    has_formula = False
    for row, of_kind, text, formula in raw.cells.select("row", "kind", "text", "formula").iter_rows():
        value, bad = None, of_kind == "blank" and formula is not None
        has_formula |= formula is not None
        if of_kind != "blank" and text:
            try:
                verdict = read(of_kind, text)
            except Refusal as fault:
                bad, place = True, raw.place(row)
                findings.append(
                    Finding(code=fault.code, severity="error", place=place, found=fault.found, do=fault.do)
                )
            else:
                value = verdict.value
                for code, found, do in verdict.notes:
                    counts[code] = counts.get(code, 0) + 1
                    if code not in first:
                        place = raw.place(row)
                        first[code] = Finding(code=code, severity="warning", place=place, found=found, do=do)
        values.append(value)
        refused.append(bad)
    findings += [_with_more(f, counts[code] - 1) for code, f in first.items()]
    if has_formula:
        findings += _formula_findings(raw, raw.cells)
    parts = _PARTS.get(kind, (lambda v: v,))
    series = tuple(
        pl.Series(column, [None if v is None else part(v) for v in values], dtype=wanted)
        for column, part, wanted in zip(_names(kind, name), parts, polars_type(kind), strict=True)
    )
    return Parsed(series, findings, pl.Series("refused", refused, dtype=pl.Boolean))


def _one_by_one(
    raw: RawColumn,
    cells: pl.DataFrame,
    todo: pl.Series,
    read: Callable[[str, str], Verdict],
    name: str,
    kind: str,
) -> tuple[tuple[pl.Series, ...], pl.Series, list[Finding]]:
    """Read each different cell once and give every row its value."""
    different = cells.filter(todo).select("kind", "text").unique(maintain_order=True).with_row_index("which")
    values: list[Any] = []
    faults: dict[int, Refusal] = {}
    notes: dict[int, tuple[tuple[str, str, str], ...]] = {}
    for which, (of_kind, text) in enumerate(different.select("kind", "text").iter_rows()):
        try:
            verdict = read(of_kind, text)
        except Refusal as refusal:
            faults[which] = refusal
            values.append(None)
            continue
        values.append(verdict.value)
        if verdict.notes:
            notes[which] = verdict.notes
    parts = _PARTS.get(kind, (lambda v: v,))
    typed = [
        pl.Series(name, [None if v is None else part(v) for v in values], dtype=wanted)
        for part, wanted in zip(parts, polars_type(kind), strict=True)
    ]
    which_row = (
        cells.select(pl.when(todo).then(pl.col(key)).alias(key) for key in ("kind", "text"))
        .join(different, on=["kind", "text"], how="left", maintain_order="left")["which"]
    )  # fmt: skip
    series = tuple(
        s.gather(which_row) if len(s) else pl.Series(name, [None] * cells.height, dtype=s.dtype)
        for s in typed
    )
    refused = which_row.is_in(list(faults)).fill_null(value=False)
    return series, refused, _findings(raw, cells["row"], which_row, faults, notes)


def _findings(
    raw: RawColumn,
    rows: pl.Series,
    which_row: pl.Series,
    faults: dict[int, Refusal],
    notes: dict[int, tuple[tuple[str, str, str], ...]],
) -> list[Finding]:
    findings: list[Finding] = []
    if not faults and not notes:
        return findings
    table = pl.DataFrame({"row": rows, "which": which_row}).drop_nulls()
    for row, which in table.filter(pl.col("which").is_in(list(faults))).iter_rows():
        fault = faults[which]
        findings.append(
            Finding(code=fault.code, severity="error", place=raw.place(row), found=fault.found, do=fault.do)
        )
    counts: dict[str, int] = {}
    first: dict[str, Finding] = {}
    for row, which in table.filter(pl.col("which").is_in(list(notes))).iter_rows():
        for code, found, do in notes[which]:
            counts[code] = counts.get(code, 0) + 1
            if code not in first:
                first[code] = Finding(code=code, severity="warning", place=raw.place(row), found=found, do=do)
    return findings + [_with_more(f, counts[code] - 1) for code, f in first.items()]


def _formula_findings(raw: RawColumn, cells: pl.DataFrame) -> list[Finding]:
    """Return an error for each formula without a stored value, and one warning about those with one."""
    formulas = cells.filter(pl.col("formula").is_not_null()).select("row", "kind", "formula")
    if not formulas.height:
        return []
    lost = formulas.filter(pl.col("kind") == "blank")
    findings = [
        Finding(
            code="C11-formula-without-value", severity="error", place=raw.place(row),
            found="The cell holds a formula without a stored value.",
            do="Open the file in Excel and save it.",
        )
        for row in lost["row"]
    ]  # fmt: skip
    kept = formulas.filter(pl.col("kind") != "blank")
    if kept.height:
        row, _, formula = kept.row(0)
        text = re.sub(r"\s+", " ", formula)[:_FORMULA_SHOWN]
        found = f"The value is worked out by a formula ({text}); its stored value is taken."
        warning = Finding(
            code="C12-formula",
            severity="warning",
            place=raw.place(row),
            found=found,
            do="Check that the file was saved after its last change.",
        )
        findings.append(_with_more(warning, kept.height - 1))
    return findings


def _with_more(finding: Finding, more: int) -> Finding:
    """Return a warning at its first place, with the number of other places like it."""
    if not more:
        return finding
    cells = f"{more:,} more cells" if more > 1 else "1 more cell"
    found = f"{finding.found} The same holds for {cells} of the column."
    return Finding(
        code=finding.code, severity=finding.severity, place=finding.place, found=found, do=finding.do
    )
