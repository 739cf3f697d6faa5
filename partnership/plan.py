"""The whole plan of a partnership, and the checks that cross records.

A plan is small and travels as records. Readings and benefit profiles can be many millions of rows: they stay
frames, and their checks run on columns. Each check has an id, a severity and a sentence that says what was
found and what to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from partnership._plan import agreed, clocks, goals_and_work, large, money, promises, references
from partnership._plan.fault import CHECKS, CheckInfo, Fault
from partnership.errors import Finding
from partnership.records import Record
from partnership.tables import (
    RECORD_TYPES,
    columns_of,
    frame,
    record_from_row,
    record_type,
    schema_of,
)

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "CHECKS",
    "LARGE_TABLES",
    "Batch",
    "CheckInfo",
    "DayRead",
    "Fault",
    "FormulaCell",
    "Plan",
    "Skipped",
    "check",
    "findings_of",
    "overlay",
]

LARGE_TABLES = ("readings", "benefit_profile")
"""Tables that never travel as records."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that a reader did not keep, and why."""

    place: str
    reason: str


class FormulaCell(NamedTuple):
    """A kept value that a formula had worked out: the record's field, its cell, and the formula's text."""

    table: str
    row_key: str
    field: str
    place: str
    formula: str


class DayRead(NamedTuple):
    """A date that a file gave as text or as a bare number: its first cell, as given, and as it was read.

    ``cells`` counts the cells of the column that say the same.
    """

    place: str
    given: str
    read_as: str
    cells: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What an intake reader hands over: typed frames, and an account of every row.

    Parameters
    ----------
    frames : Mapping[str, polars.DataFrame]
        Table to frame. Columns of ``tables.schema_of`` plus ``row_key``, ``_row`` (row number in the sheet or
        file) and, where the file knows it, ``_revision`` (version of the stored row when the workbook was
        made; null is unknown).
    rows_read, rows_kept, rows_blank : int
        ``rows_read == rows_kept + len(skipped)``; blank rows are counted apart.
    skipped : tuple[Skipped, ...]
        Rows that were not kept, each with its reason.
    gone : Mapping[str, tuple[str, ...]]
        Keys of rows that were in the workbook when it was made and are not in it now.
    cells : Mapping[str, Mapping[str, str]]
        For each table, the letters of the column that each field was read from.
    formulas : tuple[FormulaCell, ...]
        Cells of our workbook whose stored value was taken though a formula stands in them.
    days : tuple[DayRead, ...]
        Dates and months that were not given as such, and how each was read, for whoever checks the file.
    source_name, sha256, kind : str
        The file's name as given, the hash of its bytes, and what it was read as.
    """

    frames: Mapping[str, pl.DataFrame]
    rows_read: int
    rows_kept: int
    rows_blank: int = 0
    skipped: tuple[Skipped, ...] = ()
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formulas: tuple[FormulaCell, ...] = ()
    days: tuple[DayRead, ...] = ()
    source_name: str = ""
    sha256: str = ""
    kind: str = "workbook"


class Plan(Mapping[str, tuple[Record, ...]]):
    """The records of a partnership by table.

    Examples
    --------
    >>> Plan({})["goals"]
    ()
    """

    def __init__(self, records: Mapping[str, Iterable[Record]]) -> None:
        self._records = {name: tuple(rows) for name, rows in records.items()}
        for name in self._records:
            record_type(name)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Plan:
        """Return the plan made of loose records of any types."""
        by_table: dict[str, list[Record]] = {}
        for record in records:
            by_table.setdefault(record_type(type(record)).table, []).append(record)
        return cls(by_table)

    @classmethod
    def from_frames(cls, frames: Mapping[str, pl.DataFrame]) -> Plan:
        """Return the plan that frames of the store or of a batch hold; the large tables are left out."""
        return cls(
            {
                name: [record_from_row(name, row) for row in rows.iter_rows(named=True)]
                for name, rows in frames.items()
                if name not in LARGE_TABLES
            }
        )

    def __getitem__(self, table: str) -> tuple[Any, ...]:
        """Return the records of a table, none where there are none; an unknown table raises UnknownName."""
        return self._records.get(record_type(table).table, ())

    def __iter__(self) -> Iterator[str]:
        """Go through the tables that have records."""
        return iter(self._records)

    def __len__(self) -> int:
        """Count the tables that have records."""
        return len(self._records)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return the plan as one frame a table, every table there."""
        return {t.table: frame(self[t.table], t.table) for t in RECORD_TYPES if t.table not in LARGE_TABLES}


def check(
    plan: Plan,
    large_frames: Mapping[str, pl.DataFrame] | None = None,
    *,
    today: dt.date | None = None,
) -> list[Fault]:
    """Cross the records of a plan and return every fault, worst first and then in the order of the sheets.

    Parameters
    ----------
    plan : Plan
        The plan as it would stand.
    large_frames : Mapping[str, polars.DataFrame], optional
        Readings and profiles as they would stand.
    today : datetime.date, optional
        The day on which a promise counts as overdue; checks that need it are left out without it.

    Returns
    -------
    list[Fault]
        Empty when nothing is wrong.
    """
    faults: list[Fault] = []
    for room in (references, goals_and_work, money, agreed, promises, clocks):
        faults += room.faults(plan, today)
    faults += large.faults(plan, large_frames or {}, today)
    order = {t.table: i for i, t in enumerate(RECORD_TYPES)}
    return sorted(faults, key=lambda f: (f.severity != "error", order[f.table]))


def findings_of(faults: Iterable[Fault], place: Callable[[Fault], str] | None = None) -> list[Finding]:
    """Return faults as findings, placed in a sheet where the caller knows the cell."""
    where = place or default_place
    return [Finding(code=f.code, severity=f.severity, place=where(f), found=f.found, do=f.do) for f in faults]


def default_place(fault: Fault) -> str:
    sheet = record_type(fault.table).sheet
    if not fault.row_key:
        return sheet
    header = next(
        (c.header for c in columns_of(fault.table) if c.name == fault.field),
        fault.field,
    )
    return f"{sheet}, {fault.row_key}, {header}" if header else f"{sheet}, {fault.row_key}"


def overlay(
    stored: Mapping[str, pl.DataFrame],
    changes: Mapping[str, pl.DataFrame],
    removed: Mapping[str, Iterable[str]] = {},
) -> dict[str, pl.DataFrame]:  # noqa: B006 - never written to
    """Return stored frames as they would stand with rows put and rows removed, matched by ``row_key``."""
    import polars as pl

    out = dict(stored)
    for name, new in changes.items():
        columns = [*(c for c, _ in schema_of(name)), "row_key"]
        old = out.get(name)
        fresh = new.select(columns)
        out[name] = (
            fresh
            if old is None
            else pl.concat([old.select(columns).join(fresh, on="row_key", how="anti"), fresh])
        )
    for name, keys in removed.items():
        if name in out:
            out[name] = out[name].filter(~pl.col("row_key").is_in(list(keys)))
    return out
