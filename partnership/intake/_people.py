"""Personal data in a sheet's cells: looked for before anything else, in every column, known or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from partnership.errors import Finding
from partnership.intake._layout import is_money
from partnership.personal_data import finding_for, says_nhs_number, scan_numbers, scan_text, scan_texts
from partnership.tables import columns_of

if TYPE_CHECKING:
    from partnership.intake._headers import Headers
    from partnership.intake.sheets import Sheet

__all__ = ["scan_sheet"]

_TEN_DIGITS = 10.0**9


def scan_sheet(sheet: Sheet, headers: Headers | None = None, table: str | None = None) -> list[Finding]:
    """Return a finding for every cell that looks like data about a person; none holds the value.

    Parameters
    ----------
    sheet : Sheet
        Any sheet, ours or not.
    headers : Headers, optional
        Where its headers are, if it has any: a column's header is context for its values.
    table : str, optional
        The record type, if it has one: ten digits are less suspect in a column of pounds.
    """
    titles = sheet.row(headers.row) if headers else {}
    pounds = (
        {headers.numbers.get(c.name) for c in columns_of(table) if is_money(c)}
        if headers and table
        else set()
    )
    findings = [*_in_texts(sheet, titles), *_in_formulas(sheet)]
    for number in _columns_of_long_numbers(sheet):
        findings += _in_numbers(sheet, number, titles.get(number, ""), is_pounds=number in pounds)
    return findings


def _in_texts(sheet: Sheet, titles: dict[int, str]) -> list[Finding]:
    texts = sheet.cells.filter(pl.col("kind").is_in(["text", "error"]) & pl.col("text").is_not_null())
    different: dict[int, list[str]] = {}
    for number, text in texts.select("column", "text").unique(maintain_order=True).iter_rows():
        different.setdefault(number, []).append(text)
    hits = {n: scan_texts(given, context=titles.get(n, "")) for n, given in different.items()}
    findings = [
        finding_for(hit, sheet.place(row, number))
        for number, found in hits.items()
        if found
        for row, text in _cells_with(texts, number, list(found))
        for hit in found[text]
    ]
    announced = [text for given in different.values() for text in given if says_nhs_number(text)]
    return findings + (_beside(sheet, texts, announced) if announced else [])


def _in_formulas(sheet: Sheet) -> list[Finding]:
    """Look through the formulas as well: their text is kept with the change."""
    formulas = sheet.cells.filter(pl.col("formula").is_not_null()).select("row", "column", "formula")
    if not formulas.height:
        return []
    hits = scan_texts(formulas["formula"].unique(maintain_order=True).to_list())
    return [
        finding_for(hit, sheet.place(row, column))
        for row, column, formula in formulas.filter(pl.col("formula").is_in(list(hits))).iter_rows()
        for hit in hits[formula]
        if hit.severity == "quarantine"
    ]


def _beside(sheet: Sheet, texts: pl.DataFrame, announced: list[str]) -> list[Finding]:
    """Find ten digits, the last one right or wrong, in a row where a cell announces an NHS number."""
    saying = texts.filter(pl.col("text").is_in(announced)).select("row", said="column")
    beside = sheet.cells.join(saying, on="row").filter(
        (pl.col("column") != pl.col("said")) & pl.col("kind").is_in(["text", "number"])
    )
    return [
        finding_for(hit, sheet.place(row, column))
        for row, column, text in beside.select("row", "column", "text")
        .unique(maintain_order=True)
        .iter_rows()
        for hit in scan_text(text, context="NHS number")
        if hit.code.startswith("H2")
    ]


def _cells_with(texts: pl.DataFrame, number: int, wanted: list[str]) -> list[tuple[int, str]]:
    cells = texts.filter((pl.col("column") == number) & pl.col("text").is_in(wanted))
    return cells.select("row", "text").rows()


def _columns_of_long_numbers(sheet: Sheet) -> list[int]:
    long = pl.col("text").cast(pl.Float64, strict=False) >= _TEN_DIGITS
    return sheet.cells.filter((pl.col("kind") == "number") & long)["column"].unique().sort().to_list()


def _in_numbers(sheet: Sheet, number: int, context: str, *, is_pounds: bool) -> list[Finding]:
    numbers = sheet.cells.filter((pl.col("column") == number) & (pl.col("kind") == "number")).select(
        "row", pl.col("text").cast(pl.Float64, strict=False)
    )
    positions = scan_numbers(numbers["text"].to_list(), context=context, is_money=is_pounds)
    return [
        finding_for(hit, sheet.place(numbers["row"][position], number))
        for position in positions
        for hit in scan_text(f"{numbers['text'][position]:.0f}", context="NHS number")
    ]
