"""Our workbook, out: an empty one to fill in, or the plan as it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from partnership.intake._formats import BLUE, Formats
from partnership.intake._guide import add_control_totals, add_guide, add_meta
from partnership.intake._layout import CONTROL_SHEET, GUIDE_SHEET, SCHEMA_VERSION, TotalLine, total_lines
from partnership.intake._sheets_out import add_record_sheet, define_names
from partnership.intake._values import is_exact
from partnership.tables import RECORD_TYPES, RecordType, frame

if TYPE_CHECKING:
    import polars as pl

    from partnership.plan import Plan

__all__ = ["write_template", "write_workbook"]

_START_HERE = 5
"""Sheets whose tab is blue: the ones to fill first."""


def write_template(path_or_buffer: str | Path | BinaryIO, plan: Plan | None = None) -> None:
    """Write a workbook to fill in.

    Parameters
    ----------
    path_or_buffer : str, Path or BinaryIO
        Where to.
    plan : Plan, optional
        A plan whose records stand in it already, so that ids can be picked; without one every sheet is empty.

    Examples
    --------
    >>> import io
    >>> buffer = io.BytesIO()
    >>> write_template(buffer)
    >>> buffer.getvalue()[:2]
    b'PK'
    """
    frames = {t.table: frame(plan[t.table], t.table) for t in RECORD_TYPES if plan[t.table]} if plan else {}
    write_workbook(frames, buffer=path_or_buffer, versions=None)


def write_workbook(
    frames: Mapping[str, pl.DataFrame],
    *,
    buffer: str | Path | BinaryIO,
    versions: Mapping[str, Mapping[str, int]] | None,
    change_seq: int = 0,
    made_at: dt.datetime | None = None,
) -> None:
    """Write the plan as a workbook that can be changed and read back.

    Parameters
    ----------
    frames : Mapping[str, polars.DataFrame]
        Table to frame with the columns of ``schema_of``, small counts already withheld; tables that are not
        there get an empty sheet.
    buffer : str, Path or BinaryIO
        Where to.
    versions : Mapping[str, Mapping[str, int]] or None
        Version in the store of each row, by table and by row key: what tells a stale change from a fresh one.
        None where the rows do not come from a store.
    change_seq : int
        Number of the store's last change when the frames were taken.
    made_at : datetime.datetime, optional
        When, with its zone; now if not given.

    Raises
    ------
    InvalidInput
        If a number is NaN or infinite.
    """
    import xlsxwriter

    made = made_at or dt.datetime.now(dt.UTC)
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    target = str(buffer) if isinstance(buffer, Path) else buffer
    with xlsxwriter.Workbook(target, options) as book:
        formats = Formats(book)
        name = _name(frames)
        book.set_properties(
            {"title": name or "Partnership plan", "author": name, "created": made.replace(tzinfo=None)}
        )
        book.set_size(2400, 1500)
        guide = book.add_worksheet(GUIDE_SHEET)
        for record_type in RECORD_TYPES:
            define_names(book, record_type)
        for place, record_type in enumerate(RECORD_TYPES):
            sheet = add_record_sheet(book, formats, record_type, frames.get(record_type.table), made.date())
            if place < _START_HERE:
                sheet.set_tab_color(BLUE)
        totals = [(line, *_totals(line, frames)) for line in total_lines()]
        rows = {t.table: frames[t.table].height if t.table in frames else 0 for t in RECORD_TYPES}
        add_guide(guide, formats, name=name, made_at=made, rows=rows, is_template=not any(rows.values()))
        add_control_totals(book.add_worksheet(CONTROL_SHEET), formats, totals, made)
        facts: dict[str, str | int] = {
            "schema_version": SCHEMA_VERSION,
            "made_at": made.isoformat(timespec="seconds"),
            "change_seq": change_seq,
            "partnership": _name(frames, "id"),
        }
        add_meta(book, facts, _keys(frames, versions))
        guide.activate()


def _name(frames: Mapping[str, pl.DataFrame], column: str = "name") -> str:
    rows = frames.get("partnership")
    return "" if rows is None or rows.is_empty() else str(rows[column][0])


def _totals(line: TotalLine, frames: Mapping[str, pl.DataFrame]) -> tuple[Decimal, Decimal]:
    """Return a total of the rows, and what the workbook's formula makes of the cells that hold numbers."""
    rows = frames.get(line.record_type.table)
    if rows is None or not line.is_sum:
        count = Decimal(0 if rows is None else rows.height)
        return count, count
    amounts = [Decimal(str(v)) for v in rows[line.column.name].to_list() if v is not None]
    counted = [v for v in amounts if is_exact(v)]
    pence = Decimal("0.01")
    return sum(amounts, Decimal(0)).quantize(pence), sum(counted, Decimal(0)).quantize(pence)


def _keys(
    frames: Mapping[str, pl.DataFrame], versions: Mapping[str, Mapping[str, int]] | None
) -> dict[str, list[tuple[str, int | None]]]:
    if versions is None:
        return {}
    return {
        t.table: [(key, versions.get(t.table, {}).get(key)) for key in row_keys(frames[t.table], t).to_list()]
        for t in RECORD_TYPES
        if t.table in frames
    }


def row_keys(rows: pl.DataFrame, record_type: RecordType) -> pl.Series:
    """Return the row key of each row of a frame, as :func:`partnership.tables.row_key` makes it.

    Examples
    --------
    >>> import polars as pl
    >>> from partnership.tables import record_type
    >>> rows = pl.DataFrame({"benefit_id": ["B1"], "agency_id": [None]})
    >>> row_keys(rows, record_type("benefit_shares")).to_list()
    ['B1|']
    """
    import polars as pl

    if "row_key" in rows.columns:
        return rows["row_key"]
    parts = [pl.col(k).cast(pl.String).fill_null("") for k in record_type.key]
    return rows.select(pl.concat_str(parts, separator="|").alias("row_key")).to_series()
