"""Reading a file as what it is said to be, fitting it to what is stored, crossing the would-be records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from partnership.errors import Finding
from partnership.partners import assign_marks
from partnership.periods import name_moment
from partnership.plan import LARGE_TABLES, Batch, Fault, Plan, check, findings_of, overlay
from partnership.store import Store
from partnership.tables import RECORD_TYPES, columns_of, record_type, schema_of

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "KINDS",
    "FileKind",
    "crossed",
    "fitted",
    "plan_guard",
    "read",
    "seen_before",
    "stored",
    "with_marks",
]

FileKind = Literal["workbook", "gmpp", "unit-costs", "clocks"]
KINDS: tuple[FileKind, ...] = ("workbook", "gmpp", "unit-costs", "clocks")


def read(
    data: bytes, name: str, kind: FileKind, store: Store | None, year: int | None
) -> tuple[Batch | None, list[Finding]]:
    """Read a file by the reader of its kind."""
    if kind == "workbook":
        from partnership.intake.workbook import read_workbook

        return read_workbook(data, name)
    if kind == "gmpp":
        from partnership.intake.returns import read_gmpp

        has_partnership = store is not None and store.table("partnership").height > 0
        return read_gmpp(data, name, year=year, with_partnership=not has_partnership)
    if kind == "clocks":
        from partnership.intake.clock_file import read_clock_file

        return read_clock_file(data, name)
    from partnership.intake.unit_costs import read_unit_costs

    return read_unit_costs(data, name)


def fitted(batch: Batch, stored: Mapping[str, pl.DataFrame]) -> Batch:
    """Fit another body's table to what is stored: one id a project, the newest word, editions kept apart."""
    if batch.kind == "gmpp":
        from partnership.intake.returns import reconcile_gmpp

        return reconcile_gmpp(batch, stored)
    if batch.kind == "unit-costs":
        from partnership.intake.unit_costs import reconcile_unit_costs

        return reconcile_unit_costs(batch, stored)
    return batch


def seen_before(store: Store | None, sha256: str) -> list[Finding]:
    """Say when these very bytes were imported before, and by whom."""
    for load in store.loads_of(sha256) if store else ():
        at = name_moment(load["recorded_at"])
        found = f"This very file was already imported on {at} by {load['actor']}."
        do = "Nothing to do: rows that are the same are not written again."
        return [Finding(code="A15-seen-before", severity="warning", place="file", found=found, do=do)]
    return []


def stored(store: Store | None, frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return what is stored: every small table, and the large ones that the file touches."""
    if store is None:
        return {}
    needed = [t.table for t in RECORD_TYPES if t.table not in LARGE_TABLES or t.table in frames]
    return {name: store.table(name, raw=True) for name in needed}


def with_marks(frames: Mapping[str, pl.DataFrame], store: Store | None) -> dict[str, pl.DataFrame]:
    """Give new agencies the mark they keep for ever, as a load would store it."""
    import polars as pl

    out = dict(frames)
    given = out.get("agencies")
    if given is None or not given.height:
        return out
    stored = store.table("agencies", raw=True) if store else None
    known = dict(stored.select("id", "mark").iter_rows()) if stored is not None and stored.height else {}
    kept = given.with_columns(
        pl.col("mark").fill_null(pl.col("id").replace_strict(known, default=None, return_dtype=pl.String))
    )
    columns = [c for c, _ in schema_of("agencies")]
    absent = (
        []
        if stored is None
        else list(
            stored.filter(~pl.col("id").is_in(kept["id"].to_list())).select(columns).iter_rows(named=True)
        )
    )
    plan = Plan({"agencies": [*_records("agencies", kept), *_records_of("agencies", absent)]})
    marks = {a.id: a.mark for a in assign_marks(plan["agencies"])}
    out["agencies"] = kept.with_columns(
        pl.col("id").replace_strict(marks, return_dtype=pl.String).alias("mark")
    )
    return out


def _records(table: str, rows: pl.DataFrame) -> list[Any]:
    return _records_of(table, rows.select([c for c, _ in schema_of(table)]).iter_rows(named=True))


def _records_of(table: str, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    from partnership.tables import record_from_row

    return [record_from_row(table, row) for row in rows]


def crossed(
    batch: Batch, stored: Mapping[str, pl.DataFrame], rows: Mapping[str, Mapping[str, int]], today: dt.date
) -> list[Finding]:
    """Cross the records of the plan as it would stand, and place each fault in the file."""
    would_be = overlay(stored, batch.frames)
    small = {t: f for t, f in would_be.items() if t not in LARGE_TABLES}
    large = {t: f for t, f in would_be.items() if t in LARGE_TABLES}
    faults = check(Plan.from_frames(small), large, today=today)
    if batch.kind != "workbook":
        own = ("unit_costs", "readings", "clocks")
        faults = [f for f in faults if f.severity == "error" or f.table in own]
    return findings_of(faults, _placer(batch, rows))


def _placer(batch: Batch, rows: Mapping[str, Mapping[str, int]]) -> Callable[[Fault], str]:
    from partnership.plan import default_place

    large: dict[str, dict[str, int]] = {}

    def place(fault: Fault) -> str:
        table = fault.table
        if table in LARGE_TABLES and table in batch.frames and table not in large:
            given = batch.frames[table]
            large[table] = (
                dict(given.select("row_key", "_row").iter_rows()) if "_row" in given.columns else {}
            )
        number = (large.get(table) or rows.get(table) or {}).get(fault.row_key)
        if number is None or batch.kind != "workbook":
            return default_place(fault)
        column = (batch.cells.get(table) or _letters(table)).get(fault.field, "A")
        return f"{record_type(table).sheet}!{column}{number}"

    return place


def _letters(table: str) -> dict[str, str]:
    from openpyxl.utils import get_column_letter

    return {c.name: get_column_letter(i) for i, c in enumerate(columns_of(table), start=1)}


def plan_guard(
    changed: Mapping[str, pl.DataFrame], warnings: list[Finding] | None = None
) -> Callable[[Store], list[Finding]]:
    """Return the check that runs inside the writer's lock: the errors of the plan as it would stand.

    ``warnings`` is filled with what the rows that are changed are asked to look at; it keeps nothing out.
    """
    touched = set(changed)

    def guard(would_be: Store) -> list[Finding]:
        frames = {t: would_be.table(t, raw=True) for t in LARGE_TABLES if t in touched}
        faults = tuple(check(would_be.plan(), frames))
        if warnings is not None:
            rows = {t: set(frame["row_key"]) for t, frame in changed.items()}
            own = (f for f in faults if f.severity == "warning" and f.row_key in rows.get(f.table, ()))
            warnings[:] = findings_of(own)
        return [
            *_removed_agencies(would_be),
            *findings_of(f for f in faults if f.severity == "error"),
        ]

    return guard


def _removed_agencies(would_be: Store) -> list[Finding]:
    """Refuse to remove an agency: it is end-dated, since its history is part of everybody's totals."""
    return [
        Finding(
            code="F5-agency-removed",
            severity="error",
            place=f"Agencies, {key}",
            found=f"Agency {key} would be removed, with all that it gave and promised.",
            do="Write the day on which it left, and its successor, instead.",
        )
        for key in would_be.removing.get("agencies", ())
    ]
