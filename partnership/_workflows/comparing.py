"""Comparing a file with what is stored: same, new, changed, stale, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from partnership import disclosure
from partnership.errors import Finding
from partnership.plan import LARGE_TABLES, Batch
from partnership.tables import RECORD_TYPES, record_type, schema_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Preview", "SheetChange", "StaleRow", "preview_of", "with_rejected"]


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A row that somebody changed after the workbook was made: both values, so that a person can choose."""

    table: str
    row_key: str
    place: str
    stored: Mapping[str, Any]
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetChange:
    """What a file would change on one sheet, in rows."""

    table: str
    sheet: str
    same: int
    new: int
    changed: int
    stale: int
    rejected: int
    gone: int

    @property
    def changes(self) -> int:
        """Rows that would be written."""
        return self.new + self.changed


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would change, sheet by sheet, and the rows themselves."""

    sheets: tuple[SheetChange, ...]
    stale: tuple[StaleRow, ...]
    changes: Mapping[str, pl.DataFrame] = field(repr=False)
    expected: Mapping[tuple[str, str], int] = field(repr=False)

    @property
    def total(self) -> SheetChange:
        """All sheets together."""
        names = ("same", "new", "changed", "stale", "rejected", "gone")
        return SheetChange("", "All sheets", *(sum(getattr(s, n) for s in self.sheets) for n in names))


def preview_of(batch: Batch, stored: Mapping[str, pl.DataFrame]) -> tuple[Preview, dict[str, dict[str, int]]]:
    """Compare each sheet with the store; also return each row's number in its sheet."""
    sheets: list[SheetChange] = []
    stale: list[StaleRow] = []
    changes: dict[str, pl.DataFrame] = {}
    expected: dict[tuple[str, str], int] = {}
    rows: dict[str, dict[str, int]] = {}
    people = _measures_of_people(batch, stored)
    for kind in RECORD_TYPES:
        given = batch.frames.get(kind.table)
        if given is None:
            continue
        compared = _compare(kind.table, given, stored.get(kind.table), people)
        state = compared["_state"].value_counts()
        counts = dict(state.iter_rows())
        gone = len(batch.gone.get(kind.table, ()))
        sheets.append(
            SheetChange(
                kind.table,
                kind.sheet,
                counts.get("same", 0),
                counts.get("new", 0),
                counts.get("changed", 0),
                counts.get("stale", 0),
                0,
                gone,
            )  # fmt: skip
        )
        write = compared.filter(compared["_state"].is_in(["new", "changed"]))
        if write.height:
            changes[kind.table] = write.select([*(c for c, _ in schema_of(kind.table)), "row_key"])
            expected |= {
                (kind.table, key): version or 0
                for key, version in write.select("row_key", "_version").iter_rows()
            }
        stale += _stale_rows(kind.table, compared, stored.get(kind.table))
        if "_row" in given.columns:
            rows[kind.table] = (
                dict(given.select("row_key", "_row").iter_rows()) if kind.table not in LARGE_TABLES else {}
            )
    return Preview(tuple(sheets), tuple(stale), changes, expected), rows


def _measures_of_people(batch: Batch, stored: Mapping[str, pl.DataFrame]) -> list[str]:
    import polars as pl

    found: list[str] = []
    for frames in (stored, batch.frames):
        measures = frames.get("measures")
        if measures is not None and measures.height:
            found += measures.filter(pl.col("counts_people"))["id"].to_list()
    return found


def _compare(table: str, given: pl.DataFrame, stored: pl.DataFrame | None, people: list[str]) -> pl.DataFrame:
    """Return the given rows with ``_state`` (new, same, changed, stale) and the stored ``_version``."""
    import polars as pl

    columns = [c for c, _ in schema_of(table)]
    if stored is None or not stored.height:
        return given.with_columns(
            pl.lit("new").alias("_state"), pl.lit(None, dtype=pl.Int64).alias("_version")
        )
    old = stored.select(
        [pl.col(c).alias(f"_old_{c}") for c in columns] + ["row_key", pl.col("row_version").alias("_version")]
    )
    joined = given.join(old, on="row_key", how="left")
    equal = pl.all_horizontal(
        [pl.col(c).eq_missing(pl.col(f"_old_{c}").cast(given.schema[c])) for c in columns]
    )
    if table == "readings":
        equal = equal | _is_withheld_form(people)
    revision = pl.col("_revision") if "_revision" in given.columns else pl.lit(None, dtype=pl.Int64)
    state = (
        pl.when(pl.col("_version").is_null()).then(pl.lit("new"))
        .when(equal).then(pl.lit("same"))
        .when(revision.is_not_null() & (revision < pl.col("_version"))).then(pl.lit("stale"))
        .otherwise(pl.lit("changed"))
    )  # fmt: skip
    return joined.with_columns(state.alias("_state")).select([*given.columns, "_state", "_version"])


def _is_withheld_form(people: list[str]) -> pl.Expr:
    """Tell whether a given reading is the stored one with its small count withheld, as exports write it."""
    import polars as pl

    def small(name: str) -> pl.Expr:
        return ((pl.col(name).abs() > 0) & (pl.col(name).abs() <= disclosure.THRESHOLD)).fill_null(
            value=False
        )

    counted = pl.col("measure_id").is_in(people)
    emptied = pl.col("value").is_null() & pl.col("numerator").is_null() & pl.col("denominator").is_null()
    is_share = pl.col("_old_denominator").is_not_null()
    was_small = (small("_old_value") & ~is_share) | small("_old_numerator") | small("_old_denominator")
    return (
        counted & emptied & (pl.col("missing") == "suppressed") & pl.col("_old_missing").is_null() & was_small
    )


def _stale_rows(table: str, compared: pl.DataFrame, stored: pl.DataFrame | None) -> list[StaleRow]:
    import polars as pl

    rows = compared.filter(pl.col("_state") == "stale")
    if not rows.height or stored is None:
        return []
    columns = [c for c, _ in schema_of(table)]
    theirs = {
        r["row_key"]: r
        for r in stored.filter(pl.col("row_key").is_in(rows["row_key"].to_list())).iter_rows(named=True)
    }
    sheet = record_type(table).sheet
    return [
        StaleRow(
            table,
            r["row_key"],
            f"{sheet}!A{r.get('_row') or '?'}",
            {c: theirs[r["row_key"]][c] for c in columns},
            {c: r[c] for c in columns},
        )  # fmt: skip
        for r in rows.iter_rows(named=True)
    ]


def with_rejected(preview: Preview, findings: Iterable[Finding]) -> Preview:
    """Count, per sheet, the rows that a rejecting finding stands on."""
    places: dict[str, set[str]] = {}
    for finding in findings:
        if finding.rejects and "!" in finding.place:
            sheet, cell = finding.place.rsplit("!", 1)
            places.setdefault(sheet, set()).add("".join(c for c in cell.split(":")[0] if c.isdigit()))
    return replace(
        preview, sheets=tuple(replace(s, rejected=len(places.get(s.sheet, ()))) for s in preview.sheets)
    )
