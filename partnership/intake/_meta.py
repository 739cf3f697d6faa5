"""What the very hidden sheet says: the template's version, and which row of the store each row was."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from partnership.errors import Finding, shown
from partnership.intake._layout import META_HEADERS, META_SHEET, SCHEMA_VERSION

if TYPE_CHECKING:
    from partnership.intake.sheets import Workbook

__all__ = ["Meta", "read_meta"]

_ROWS = {"table": pl.String, "row_key": pl.String, "version": pl.Int64}


@dataclass(frozen=True)
class Meta:
    """Where a workbook came from.

    Parameters
    ----------
    rows : polars.DataFrame
        ``table``, ``row_key`` and ``version`` (null where unknown) of every row that was written.
    facts : dict[str, str]
        ``schema_version``, ``made_at``, ``change_seq``, ``partnership``.
    """

    rows: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_ROWS))
    facts: dict[str, str] = field(default_factory=dict)

    def of(self, table: str) -> pl.DataFrame:
        """Return ``row_key`` and ``_revision`` of one table's rows."""
        rows = self.rows.filter(pl.col("table") == table).unique("row_key", keep="first", maintain_order=True)
        return rows.select("row_key", pl.col("version").alias("_revision"))


def read_meta(book: Workbook) -> tuple[Meta, list[Finding]]:
    """Return what ``_meta`` says, and a finding where the workbook is of another version or has lost it."""
    if book.find(META_SHEET) is None:
        found = "The workbook has lost its hidden sheet _meta, or was not made from the template."
        do = "It is read all the same, but a row that somebody else has changed since cannot be told apart."
        return Meta(), [_finding("B5-no-version", "warning", book.name, found, do)]
    sheet, damage = book.read(META_SHEET)
    if damage:
        return Meta(), damage
    rows: dict[int, dict[int, str]] = {}
    for row, column, text in sheet.cells.select("row", "column", "text").iter_rows():
        rows.setdefault(row, {})[column] = text
    facts: dict[str, str] = {}
    tables: list[pl.DataFrame] = []
    for row in rows.values():
        if len(row) >= len(META_HEADERS) and row.get(1) != META_HEADERS[0]:
            tables.append(_listed(row))
        elif 1 in row and 2 in row:
            facts[row[1]] = row[2]
    known = pl.concat(tables) if tables else pl.DataFrame(schema=_ROWS)
    return Meta(known, facts), _version_findings(facts.get("schema_version"), book.name)


def _listed(row: dict[int, str]) -> pl.DataFrame:
    """Return the rows of one line of lists; none where somebody has spoilt it."""
    try:
        keys, versions = json.loads(row[2]), json.loads(row[3])
        return pl.DataFrame(
            {"table": [row[1]] * len(keys), "row_key": keys, "version": versions}, schema=_ROWS
        )
    except (KeyError, ValueError, TypeError, pl.exceptions.PolarsError):
        return pl.DataFrame(schema=_ROWS)


def _version_findings(given: str | None, name: str) -> list[Finding]:
    try:
        version = int(float(given or ""))
    except (ValueError, OverflowError):
        found = f"The hidden sheet _meta gives no template version ({shown(given)!r})." if given else (
            "The hidden sheet _meta gives no template version."
        )  # fmt: skip
        return [_finding("B5-no-version", "error", name, found, _ANEW)]
    if version == SCHEMA_VERSION:
        return []
    found = f"This workbook is of template version {version}; this toolkit reads version {SCHEMA_VERSION}."
    if version > SCHEMA_VERSION:
        return [
            _finding(
                "B5-newer-version", "error", name, found, "Update the toolkit, or ask who made the workbook."
            )
        ]
    return [_finding("B5-older-version", "error", name, found, _ANEW)]


_ANEW = (
    "Write it anew with `partnership export plan.xlsx` (holds what is stored) or "
    "`partnership template plan.xlsx` (empty), and copy your changes into that."
)


def _finding(code: str, severity: str, place: str, found: str, do: str) -> Finding:
    return Finding(
        code=code, severity="warning" if severity == "warning" else "error", place=place, found=found, do=do
    )
