"""A whole workbook, in: the file, its sheets, its version, and one batch of rows for the store to compare."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from partnership.errors import Finding, nearest, shown
from partnership.intake._layout import META_SHEET, OUR_SHEETS
from partnership.intake._meta import Meta, read_meta
from partnership.intake._people import scan_sheet
from partnership.intake._reading import SheetRows, read_sheet
from partnership.intake.sheets import hidden_sheet_findings, open_workbook, same_name, structure_findings
from partnership.plan import Batch
from partnership.tables import RECORD_TYPES, RecordType

if TYPE_CHECKING:
    from partnership.intake.sheets import Workbook

__all__ = ["read_workbook"]

_FEW = 3
_NOT_A_SHEET = 10**9

_SCORING = {"Scoring", "_scoring"}
"""Sheets of an agency's scoring sheet."""


def read_workbook(data: bytes, name: str) -> tuple[Batch | None, list[Finding]]:
    """Read a workbook made from our template, every fault in one pass.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        The name it was handed in under; only ever shown, escaped.

    Returns
    -------
    tuple[Batch | None, list[Finding]]
        None if the file cannot be opened at all. A batch may come with findings that reject it; nobody may
        then store it.

    Examples
    --------
    >>> batch, findings = read_workbook(b"", "plan.xlsx")
    >>> batch is None, findings[0].code
    (True, 'A1-empty-file')
    """
    book, findings = open_workbook(data, name)
    if book is None:
        return None, findings
    meta, version = read_meta(book)
    findings = [*findings, *version, *hidden_sheet_findings(book, own=(META_SHEET,))]
    sheets: dict[str, SheetRows] = {}
    damaged = 0
    known = {same_name(t.sheet): t for t in RECORD_TYPES}
    for given in book.sheet_names:
        record_type = known.get(same_name(given))
        if record_type is None:
            findings += _other_sheet(book, given)
            continue
        sheet, damage = book.read(given)
        findings += damage
        damaged += bool(damage)
        if not damage:
            sheets[record_type.table] = read_sheet(sheet, record_type)
            findings += sheets[record_type.table].findings
    if sheets or not damaged:
        findings += [*_presence(book, sheets, meta), *_strangers(book, sheets, meta)]
    return _batch(sheets, meta, book.name, hashlib.sha256(data).hexdigest()), findings


def _batch(sheets: dict[str, SheetRows], meta: Meta, name: str, sha256: str) -> Batch:
    frames: dict[str, pl.DataFrame] = {}
    gone: dict[str, tuple[str, ...]] = {}
    for table, rows in sheets.items():
        stored = meta.of(table)
        frames[table] = rows.frame.join(stored, on="row_key", how="left", maintain_order="left")
        lost = [key for key in stored["row_key"] if key not in rows.keys]
        if lost and rows.cells:
            gone[table] = tuple(lost)
    skipped = tuple(s for rows in sheets.values() for s in rows.skipped)
    kept = sum(rows.frame.height for rows in sheets.values())
    return Batch(
        frames=frames,
        rows_read=sum(rows.read for rows in sheets.values()),
        rows_kept=kept,
        rows_blank=sum(rows.blank for rows in sheets.values()),
        skipped=skipped,
        gone=gone,
        cells={table: rows.cells for table, rows in sheets.items() if rows.cells},
        formulas=tuple(f for rows in sheets.values() for f in rows.formulas),
        days=tuple(d for rows in sheets.values() for d in rows.days),
        source_name=name,
        sha256=sha256,
        kind="workbook",
    )


def _other_sheet(book: Workbook, given: str) -> list[Finding]:
    """Look at a sheet that holds no records (ours, empty or unknown): personal data is refused anywhere."""
    if same_name(given) == same_name(META_SHEET):
        return []
    sheet, damage = book.read(given)
    people = [*damage, *scan_sheet(sheet)]
    pictures = [f for f in structure_findings(sheet, row_limit=_NOT_A_SHEET) if f.severity == "quarantine"]
    ours = same_name(given) in map(same_name, OUR_SHEETS)
    if ours or damage or not sheet.cells.height:
        return [*people, *pictures]
    close = nearest(given, [t.sheet for t in RECORD_TYPES], 2)
    meant = f"Did you mean {' or '.join(repr(c) for c in close)}? Rename it" if close else "Rename it"
    do = f"{meant}, or delete it: nothing on it would be read."
    found = f"There is no sheet {shown(given)!r} in the template, and it holds values."
    unknown = Finding(code="B2-unknown-sheet", severity="error", place=shown(given), found=found, do=do)
    return [*people, *pictures, unknown]


def _presence(book: Workbook, sheets: dict[str, SheetRows], meta: Meta) -> list[Finding]:
    """Return what is to be said about sheets without rows, and sheets that are not there."""
    if not sheets and set(book.sheet_names) >= _SCORING:
        found = "This is an agency's scoring sheet, not a plan."
        do = "Load it into the open round, blind: partnership scores, and the name of this file."
        return [Finding(code="B7-scoring-sheet", severity="error", place=book.name, found=found, do=do)]
    if not sheets:
        some = ", ".join(t.sheet for t in RECORD_TYPES[:4])
        do = "Copy your rows into a fresh template: `partnership template plan.xlsx`."
        found = f"None of the template's sheets is in this workbook ({some} …)."
        return [Finding(code="B4-no-sheets", severity="error", place=book.name, found=found, do=do)]
    findings = _without_rows(
        [t for t in RECORD_TYPES if t.table in sheets and _only_headers(sheets[t.table])]
    )
    for record_type in RECORD_TYPES:
        before = meta.rows.filter(pl.col("table") == record_type.table).height
        if before and record_type.table not in sheets:
            rows = f"its {before:,} rows stay" if before > 1 else "its row stays"
            found = f"The sheet {record_type.sheet!r} was in the workbook when it was made: {rows} as stored."
            do = "Nothing, if that is meant."
            findings.append(
                Finding(code="B4-sheet-gone", severity="warning", place=record_type.sheet, found=found, do=do)
            )
    return findings


def _strangers(book: Workbook, sheets: dict[str, SheetRows], meta: Meta) -> list[Finding]:
    """Return warnings where rows are not those the workbook was made with: another plan's, last year's."""
    findings = []
    made_for = meta.facts.get("partnership")
    given = sheets["partnership"].frame["id"].to_list() if "partnership" in sheets else []
    if made_for and given and made_for not in given:
        found = (
            f"This workbook was made for partnership {shown(made_for)!r}, and now says {shown(given[0])!r}."
        )
        do = "Check that it is the right file; the preview shows what would change."
        findings.append(_warning("B6-other-partnership", book.name, found, do))
    for record_type in RECORD_TYPES:
        rows = sheets.get(record_type.table)
        known = meta.of(record_type.table)["row_key"].to_list()
        if rows is None or not rows.keys or len(known) < _FEW or not rows.keys.isdisjoint(known):
            continue
        others = f"{len(rows.keys):,} others are"
        found = f"None of the {len(known):,} rows that this sheet was made with is on it; {others}."
        do = "If these are last year's ids or another agency's, give the rows the ids they had."
        findings.append(_warning("B6-other-rows", record_type.sheet, found, do))
    return findings


def _warning(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="warning", place=place, found=found, do=do)


def _only_headers(rows: SheetRows) -> bool:
    return bool(rows.cells) and not rows.read


def _without_rows(empty: list[RecordType]) -> list[Finding]:
    """One warning a sheet while there are few, else one for all: an unused sheet is no news."""
    do = "Nothing, if there is nothing to say."
    if len(empty) <= _FEW:
        return [
            Finding(
                code="B4-no-rows",
                severity="warning",
                place=t.sheet,
                found="The sheet has its headers and 0 rows.",
                do=do,
            )
            for t in empty
        ]
    names = ", ".join(t.sheet for t in empty)
    found = f"{len(empty)} sheets have their headers and 0 rows: {names}."
    return [
        Finding(
            code="B4-no-rows",
            severity="warning",
            place=f"{empty[0].sheet} and {len(empty) - 1} more",
            found=found,
            do=do,
        )
    ]
