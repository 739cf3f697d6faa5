"""A sheet of another body's file, brought to rows of cells with their places.

A sheet keeps only the rows that hold something, each with its number, so that a stray cell a million rows
down costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from partnership.errors import Finding
from partnership.intake.raw import column_letter

__all__ = ["Row", "Sheet", "refusal", "warning"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something: its number in the sheet (or the line it starts on) and its cells."""

    number: int
    cells: tuple[Any, ...]

    def cell(self, column: int) -> Any:
        """Return the cell of a column (0 is the first), None beyond the last."""
        return self.cells[column] if 0 <= column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, or a whole text file (whose name is then empty).

    Parameters
    ----------
    name : str
        Name of the sheet as it stands in the file.
    rows : tuple[Row, ...]
        Rows that hold something.
    is_hidden : bool
        Whether the sheet is hidden.
    merged : tuple[tuple[int, int, int, int], ...]
        First row, first column, last row, last column of each merged area, counted from 1.
    hidden_rows : frozenset[int]
        Numbers of hidden rows.
    uncached : frozenset[tuple[int, int]]
        Row and column, from 1, of formulas whose result was never saved.
    outline : Mapping[int, int]
        How deep a row stands in the sheet's outline, where it stands in one.
    blank_rows : int
        Rows without anything, up to the last row that holds something.
    separator : str
        What parts the cells of a text file.
    """

    name: str
    rows: tuple[Row, ...]
    is_hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    uncached: frozenset[tuple[int, int]] = frozenset()
    outline: Mapping[int, int] = field(default_factory=dict)
    blank_rows: int = 0
    separator: str = field(default="", compare=False)

    def place(self, row: int, column: int | None = None) -> str:
        """Return where a cell stands; ``column`` counts from 0.

        Examples
        --------
        >>> Sheet("Crime ", ()).place(7, 3), Sheet("", ()).place(7)
        ('Crime!D7', 'line 7')
        """
        if not self.name:
            return f"line {row}" if column is None else f"line {row}, column {column + 1}"
        letter = "" if column is None else column_letter(column + 1)
        return f"{self.name.strip()}!{letter}{row}" if letter else f"{self.name.strip()}, row {row}"


def refusal(code: str, found: str, do: str, place: str = "file") -> Finding:
    """Return a finding that rejects the file."""
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def warning(code: str, found: str, do: str, place: str = "file") -> Finding:
    """Return a finding that must be seen and does not reject the file."""
    return Finding(code=code, severity="warning", place=place, found=found, do=do)
