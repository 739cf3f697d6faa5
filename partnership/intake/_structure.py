"""What is wrong with the build of a data sheet, whatever its values mean."""

from __future__ import annotations

import polars as pl

from partnership.errors import Finding
from partnership.intake._sheet import Sheet
from partnership.intake.raw import column_letter

__all__ = ["MOST_COLUMNS", "structure_findings"]

MOST_COLUMNS = 256
"""The most columns a sheet may reach to."""


def structure_findings(sheet: Sheet, *, row_limit: int = 50_000, header_row: int = 1) -> list[Finding]:
    """Return what is wrong with a data sheet's build, whatever its values mean.

    Too many rows or columns (A6), cells given twice or out of order (A12), merged cells, hidden rows and
    columns (A18), comments, and pictures (H6).

    Parameters
    ----------
    sheet : Sheet
        A sheet that holds data; not a guide.
    row_limit : int
        The most rows of data it may have.
    header_row : int
        Rows up to this one are not data.
    """
    return [
        *_size_findings(sheet, row_limit + header_row, row_limit),
        *_order_findings(sheet),
        *_hidden_findings(sheet),
    ]


def _size_findings(sheet: Sheet, last: int, row_limit: int) -> list[Finding]:
    findings = []
    if sheet.last_row > last:
        found = f"The sheet has {sheet.last_row:,} rows; at most {row_limit:,}."
        do = "Delete the rows that are not needed, or split the file."
        findings.append(_error("A6-too-many-rows", sheet.place(sheet.last_row, 1), found, do))
    if sheet.last_column > MOST_COLUMNS:
        reached, most = column_letter(sheet.last_column), column_letter(MOST_COLUMNS)
        found = f"The sheet reaches to column {reached}; at most {most}."
        row = sheet.cells.filter(pl.col("column") == sheet.last_column)["row"][0]
        findings.append(
            _error(
                "A6-too-many-columns", sheet.place(row, sheet.last_column), found, "Delete the cells far out."
            )
        )
    return findings


def _order_findings(sheet: Sheet) -> list[Finding]:
    do = "Open the file in Excel, check the rows, save it, and hand that in."
    findings = [
        _error("A12-cell-twice", f"{sheet.name}!{cell}", f"Cell {cell} is given twice in the file.", do)
        for cell in sheet.facts.repeated
    ]
    if sheet.facts.disordered and not sheet.facts.repeated:
        place = f"{sheet.name}!{sheet.facts.disordered}"
        found = f"The rows are out of order in the file, from cell {sheet.facts.disordered} on."
        findings.append(_error("A12-out-of-order", place, found, do))
    return findings


def _hidden_findings(sheet: Sheet) -> list[Finding]:
    findings = [
        _error(
            "A18-merged-cells",
            f"{sheet.name}!{area}",
            f"Cells {area} are merged.",
            "Unmerge them and fill each cell.",
        )
        for area in sheet.facts.merged
    ]
    rows, columns = sheet.facts.hidden_rows, sheet.facts.hidden_columns
    if rows:
        found = _counted(len(rows), "row with values is hidden.", "rows with values are hidden.")
        do = "They are read like all others: unhide and check them."
        findings.append(_warning("A18-hidden-rows", sheet.place(rows[0], 1), found, do))
    if columns:
        found = _counted(len(columns), "column with values is hidden.", "columns with values are hidden.")
        do = "They are read like all others: unhide and check them."
        findings.append(_warning("A18-hidden-columns", sheet.place(1, columns[0]), found, do))
    if sheet.comments:
        found = _counted(
            sheet.comments, "comment is not read and not kept.", "comments are not read and not kept."
        )
        findings.append(
            _warning("A18-comments", sheet.name, found, "Put what matters into a column of notes.")
        )
    if sheet.pictures:
        held = _counted(sheet.pictures, "picture", "pictures")
        found = f"The sheet holds {held}, which can show a person."
        findings.append(
            Finding(
                code="H6-picture",
                severity="quarantine",
                place=sheet.name,
                found=found,
                do="Delete every picture.",
            )
        )
    return findings


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _error(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def _warning(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="warning", place=place, found=found, do=do)
