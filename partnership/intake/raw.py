"""Cells as they were found: what kind of cell each is and its text, before anybody says what it means.

A workbook's sheet and a text file are both brought to this shape, so that one set of rules (``cells.py``)
reads both. The kind is what the file says, never a guess: a text cell ``007`` is text, a number cell with a
date format is a date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

__all__ = ["KINDS", "RAW_SCHEMA", "RawColumn", "column_letter", "column_number"]

KINDS = pl.Enum(["blank", "text", "number", "percent", "date", "flag", "error"])
"""Kinds of cell. ``percent`` is a number shown with %, ``date`` a number shown as a date."""

RAW_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.Int32,
    "kind": KINDS,
    "text": pl.String,
    "formula": pl.String,
}
"""Columns of :attr:`RawColumn.cells`."""


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column of a sheet or text file, one entry a row, in the order of the rows.

    Parameters
    ----------
    source : str
        Name of the sheet; empty for a text file.
    number : int
        Position of the column, 1 for A.
    header : str
        Header as given.
    cells : polars.DataFrame
        Columns ``row`` (number in the sheet, 1 for the first; line number in a text file), ``kind`` (one of
        :data:`KINDS`), ``text`` (null when blank; a number as the file writes it; a flag as ``1`` or ``0``;
        an error as ``#REF!``) and ``formula`` (text of the formula, null when there is none).
    date_1904 : bool
        True when serial numbers count from 1 January 1904.
    """

    source: str
    number: int
    header: str
    cells: pl.DataFrame
    date_1904: bool = False

    @classmethod
    def from_text(
        cls, values: Sequence[str | None], header: str, *, number: int = 1, lines: Sequence[int] | None = None
    ) -> RawColumn:
        """Return a column of a text file: every filled value is text.

        Parameters
        ----------
        values : Sequence[str | None]
            The values; null and blank count as empty.
        header : str
            Header of the column, used in places.
        number : int
            Position of the column, 1 for the first.
        lines : Sequence[int], optional
            Line of the file on which each value's row starts; 2, 3 … when left out.

        Examples
        --------
        >>> RawColumn.from_text(["7", ""], "Cost").cells["kind"].to_list()
        ['text', 'blank']
        """
        text = pl.Series("text", values, dtype=pl.String)
        filled = (text.str.strip_chars() != "").fill_null(value=False)
        cells = pl.DataFrame(
            {"row": lines if lines is not None else range(2, len(text) + 2), "text": text}
        ).select(
            pl.col("row").cast(pl.Int32),
            pl.when(filled).then(pl.lit("text")).otherwise(pl.lit("blank")).cast(KINDS).alias("kind"),
            pl.when(filled).then(pl.col("text")).alias("text"),
            pl.lit(None, dtype=pl.String).alias("formula"),
        )
        return cls("", number, header, cells)

    def place(self, row: int) -> str:
        """Return where a row's value stands: ``Readings!G12``, or ``line 12, Cost`` in a text file."""
        return (
            f"{self.source}!{column_letter(self.number)}{row}"
            if self.source
            else f"line {row}, {self.header}"
        )


@cache
def column_letter(number: int) -> str:
    """Return the letters of a column's number.

    Examples
    --------
    >>> column_letter(1), column_letter(27), column_letter(16_384)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column's letters.

    Examples
    --------
    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
