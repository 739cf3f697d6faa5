"""One sheet of a workbook as raw cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import polars as pl

from partnership.intake._sheet_xml import SheetFacts
from partnership.intake.raw import KINDS, RawColumn, column_letter

__all__ = ["Sheet", "SheetState"]

SheetState = Literal["visible", "hidden", "veryHidden"]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells that hold anything, and what could hide or confuse them.

    Parameters
    ----------
    name : str
        Name as given.
    state : {"visible", "hidden", "veryHidden"}
        Whether people see it.
    cells : polars.DataFrame
        One row a cell that holds a value or a formula, by row and column: ``row``, ``column`` (both from 1),
        ``kind``, ``text``, ``formula``, as in :class:`~partnership.intake.raw.RawColumn`. A formula without a
        stored value is ``blank``.
    facts : SheetFacts
        Merged ranges, hidden rows and columns with values, cells given twice.
    pictures : int
        Pictures on the sheet, its background among them.
    comments : int
        Cells with a comment; comments are never read.
    date_1904 : bool
        True when serial numbers count from 1 January 1904.
    """

    name: str
    state: SheetState
    cells: pl.DataFrame
    facts: SheetFacts
    pictures: int = 0
    comments: int = 0
    date_1904: bool = False

    @property
    def last_row(self) -> int:
        """The last row that holds anything; 0 for an empty sheet."""
        return int(self.cells["row"].max() or 0)  # type: ignore[arg-type]

    @property
    def last_column(self) -> int:
        """The last column that holds anything; 0 for an empty sheet."""
        return int(self.cells["column"].max() or 0)  # type: ignore[arg-type]

    def place(self, row: int, column: int) -> str:
        """Return a cell's full name: ``Readings!G12``."""
        return f"{self.name}!{column_letter(column)}{row}"

    def row(self, number: int) -> dict[int, str]:
        """Return the texts of one row by column number, as given and untrimmed; empty cells are left out."""
        found = self.cells.filter(
            (pl.col("row") == number) & (pl.col("kind") != "blank") & (pl.col("text") != "")
        )
        return dict(found.select("column", "text").iter_rows())

    def filled_rows(self, *, after: int = 0, columns: Iterable[int] | None = None) -> pl.Series:
        """Return the numbers of the rows below ``after`` that hold a value or a formula, in order.

        Parameters
        ----------
        after : int
            The header's row.
        columns : Iterable[int], optional
            Only rows that hold something in one of these columns.
        """
        wanted = (pl.col("row") > after) & (pl.col("text").fill_null("=").str.strip_chars() != "")
        if columns is not None:
            wanted &= pl.col("column").is_in(list(columns))
        return self.cells.filter(wanted)["row"].unique().sort()

    def column(self, number: int, rows: pl.Series, *, header: str = "") -> RawColumn:
        """Return one column, one entry for each of ``rows``, for :func:`partnership.intake.cells.parse`."""
        part = self._by_column.get(number)
        frame = pl.DataFrame({"row": rows.cast(pl.Int32)})
        if part is None:
            frame = frame.with_columns(
                pl.lit("blank").cast(KINDS).alias("kind"),
                pl.lit(None, dtype=pl.String).alias("text"),
                pl.lit(None, dtype=pl.String).alias("formula"),
            )
        else:
            frame = frame.join(part, on="row", how="left", maintain_order="left")
            frame = frame.with_columns(pl.col("kind").fill_null(pl.lit("blank").cast(KINDS)))
        return RawColumn(self.name, number, header, frame, self.date_1904)

    @cached_property
    def _by_column(self) -> dict[int, pl.DataFrame]:
        parts = self.cells.partition_by("column", as_dict=True, include_key=False)
        once = bool(self.facts.repeated)
        return {
            int(key[0]): part.unique("row", keep="first", maintain_order=True) if once else part
            for key, part in parts.items()
        }
