"""What a section of a pack is made of: sentences, pictures, tables, notes and lists, as plain values.

A section says nothing of HTML, so the same one can be written as a page, printed, or asked by a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = [
    "FULL",
    "HALF",
    "Beside",
    "Block",
    "Items",
    "Note",
    "Picture",
    "Question",
    "Say",
    "Section",
    "Source",
    "Table",
]

FULL, HALF = 1256, 608
"""Width in pixels of a picture over a whole sheet of a pack, and over half of it; paper shows them at 0.82."""


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence; ``strong`` is set in bold before the rest."""

    strong: str = ""
    rest: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A remark with a bar at its left, hatched where something is missing."""

    text: str
    partial: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from and how they are worked out."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure of ``partnership.charts`` at a width in pixels, and a height where it is not the figure's own."""

    figure: go.Figure = field(repr=False)
    wide: int = FULL
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts: columns ``numeric`` are set right, ``tight`` never break; rows ``strong`` are bold."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    strong: frozenset[int] = frozenset()
    tight: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Items:
    """A list: each a few words in bold and what follows them.

    ``small`` ones stand in two columns of small print, those ``across`` side by side.
    """

    title: str
    items: Sequence[tuple[str, str]]
    ordered: bool = False
    small: bool = False
    across: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the board: its answer, what limits it, a small picture, and what changed."""

    label: str
    answer: Say
    caveat: str
    figure: go.Figure | None = field(repr=False)
    change: tuple[str, str]
    is_goal: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Two columns."""

    left: Sequence[Any]
    right: Sequence[Any]


Block = Say | Note | Source | Picture | Table | Items | Question | Beside


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a pack: it begins on a new sheet.

    Parameters
    ----------
    key, label : str
        Name by which it is chosen; its name over the sentence.
    title : str
        Its finding, one sentence worked out from data.
    blocks : Sequence
        What stands under it.
    views : tuple[str, ...]
        The views that it is made of: their definitions are printed, their rows are the workbook's sheets.
    quiet : bool
        Its name and title are told to those who do not see it, and are not shown.
    """

    key: str
    label: str
    title: str
    blocks: Sequence[Block]
    views: tuple[str, ...] = ()
    quiet: bool = False
