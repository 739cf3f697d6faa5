"""Personal data in a sheet's cells: looked for before anything else, in every column, known or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from partnership.errors import Finding
from partnership.intake._layout import is_money
from partnership.personal_data import finding_for, scan_numbers, scan_text, scan_texts
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
    findings: list[Finding] = []
    for (number,), cells in sheet.cells.partition_by("column", as_dict=True).items():
        context = titles.get(int(number), "")
        findings += _in_texts(sheet, int(number), cells, context)
        findings += _in_numbers(sheet, int(number), cells, context, is_pounds=int(number) in pounds)
    return findings


def _in_texts(sheet: Sheet, number: int, cells: pl.DataFrame, context: str) -> list[Finding]:
    texts = cells.filter(pl.col("kind").is_in(["text", "error"]) & pl.col("text").is_not_null())
    hits = scan_texts(texts["text"].unique().to_list(), context=context)
    if not hits:
        return []
    suspects = texts.filter(pl.col("text").is_in(list(hits)))
    return [
        finding_for(hit, sheet.place(row, number))
        for row, text in suspects.select("row", "text").iter_rows()
        for hit in hits[text]
    ]


def _in_numbers(
    sheet: Sheet, number: int, cells: pl.DataFrame, context: str, *, is_pounds: bool
) -> list[Finding]:
    numbers = cells.filter(pl.col("kind") == "number").select(
        "row", pl.col("text").cast(pl.Float64, strict=False)
    )
    largest = numbers["text"].max()
    if largest is None or largest < _TEN_DIGITS:  # type: ignore[operator]
        return []
    positions = scan_numbers(numbers["text"].to_list(), context=context, is_money=is_pounds)
    return [
        finding_for(hit, sheet.place(numbers["row"][position], number))
        for position in positions
        for hit in scan_text(f"{numbers['text'][position]:.0f}", context="NHS number")
    ]
