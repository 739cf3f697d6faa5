"""How the workbook looks: ink, one blue, a rule instead of a box, Arial; and how each kind of value is shown.

The tokens are those of the pages. Blue marks a header that must be filled and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from partnership.intake._layout import is_money
from partnership.tables import Column

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

__all__ = ["BLUE", "GREY_RULE", "INK", "WASH", "Formats", "number_format", "width_of"]

INK, INK_2, INK_3 = "#0b0c0c", "#3b4650", "#56616b"
GREY_RULE, WASH, TINT = "#d4dae0", "#f3f5f7", "#cfdbe6"
BLUE = "#12436d"

_NUMBER_FORMATS = {
    "money": "£#,##0.00;−£#,##0.00",
    "quantity": "#,##0.####;−#,##0.####",
    "whole": "0",
    "day": "d mmm yyyy",
    "month": "mmm yyyy",
}
WHOLE_QUANTITY = "#,##0;−#,##0"
"""Shown instead of a quantity's own format when it is whole, so that 5000 is 5,000 and not 5,000."""

_WIDTHS = {
    "id": 15, "ids": 20, "title": 34, "notes": 46, "text": 15, "money": 17, "quantity": 14, "percent": 13,
    "share": 12, "whole": 12, "year": 13, "flag": 12, "day": 15, "month": 13,
}  # fmt: skip

_LINES_OF_DESCRIPTION = 5


def number_format(column: Column) -> str:
    """Return Excel's number format for a column.

    Text, ids and everything that Excel would turn into something else (1/3 into the first of March, 007 into
    7, 2011/12 into December) is shown, and kept, as text.
    """
    if is_money(column):
        return _NUMBER_FORMATS["money"]
    return _NUMBER_FORMATS.get(column.kind, "@")


def width_of(column: Column) -> float:
    """Return a column's width in characters: for its values, its header, a few lines of description."""
    width = _WIDTHS.get(column.kind, 15)
    if column.choices:
        width = max(11, max(map(len, column.choices)) + 4)
    longest_word = max(map(len, column.header.split()))
    header = max(longest_word + 4, -(-len(column.header) // 2) + 5)
    return max(width, header, -(-len(column.description) // _LINES_OF_DESCRIPTION) * 0.86)


def description_lines(column: Column) -> int:
    """Return how many lines a column's description needs at its width."""
    characters = int(width_of(column) * 1.12)
    lines, used = 1, 0
    for word in column.description.split():
        if used + len(word) > characters:
            lines, used = lines + 1, 0
        used += len(word) + 1
    return lines + (1 if column.required else 0)


class Formats:
    """The formats of one workbook, each made once.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook that owns them.
    """

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """Return a format in Arial 10, ink, with these properties on top."""
        full = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "vcenter", **properties}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(full)
        return self._made[key]

    def title(self) -> Format:
        """Return the format of a sheet's title."""
        return self(bold=True, font_size=16)

    def lead(self) -> Format:
        """Return the format of the sentence under a title."""
        return self(font_color=INK_2)

    def small(self, **properties: Any) -> Format:
        """Return the format of small grey print."""
        indent = 1 if properties.get("align") == "right" else 0
        return self(font_size=9, font_color=INK_3, indent=indent, **properties)

    def link(self, **properties: Any) -> Format:
        """Return the format of a link to another sheet."""
        return self(font_color=BLUE, underline=1, **properties)

    def header(self, *, required: bool, align: str = "left", has_filter: bool = True) -> Format:
        """Return the format of a header: blue where the column must be filled; an ink rule below either."""
        colours = {"bg_color": BLUE, "font_color": "#ffffff"} if required else {}
        room = 2 if align == "right" and has_filter else 0  # the filter's button stands at the right
        return self(
            bold=True,
            text_wrap=True,
            align=align,
            indent=room,
            valign="bottom",
            bottom=2,
            bottom_color=INK,
            **colours,
        )

    def input(self, column: Column) -> Format:
        """Return the format of a column's input cells: unlocked, a thin rule below, numbers to the right."""
        return self(
            locked=False,
            bottom=1,
            bottom_color=GREY_RULE,
            valign="top",
            num_format=number_format(column),
            align=align_of(column),
            indent=1 if align_of(column) == "right" else 0,
            text_wrap=column.kind in ("title", "notes"),
        )


def align_of(column: Column) -> str:
    """Return the side on which a column's values stand: numbers and dates to the right."""
    return (
        "right"
        if column.kind in ("money", "quantity", "percent", "share", "whole", "day", "month", "year")
        else "left"
    )
