"""A workbook whose numbers are formulas: cells that know their place, stored values, one colour for inputs.

Every figure is written twice over: as a formula, and as the value that the library found for it, so that a
viewer that works nothing out still shows numbers. A text is always typed as text and can never run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from partnership.intake._formats import BLUE, GREY_RULE, INK, WASH, Formats
from partnership.intake._values import write_text
from partnership.wording import MINUS

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format

__all__ = ["LiveBook", "LiveSheet", "Value", "a1", "absolute", "letter"]

Value = Decimal | Fraction | float | int | str

TINT = "#e3edf6"
"""The one colour of an input cell."""

_NUMBERS = {
    "pounds": f"£#,##0.00;{MINUS}£#,##0.00",
    "number": "General",
    "running": f"#,##0.00####;{MINUS}#,##0.00####",
    "whole": f"#,##0;{MINUS}#,##0",
    "year": "0",
    "factor": f"0.00000000;{MINUS}0.00000000",
    "share": f"0.0###%;{MINUS}0.0###%",
    "ratio": f"0.00;{MINUS}0.00",
    "month": "mmm yyyy",
}
_FAR = 1_048_575


def letter(column: int) -> str:
    """Return the letters of a column, counted from 0.

    Examples
    --------
    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def a1(row: int, column: int, *, fix_row: bool = False, fix_column: bool = False) -> str:
    """Return the name of a cell, rows and columns counted from 0.

    Examples
    --------
    >>> a1(0, 0), a1(4, 2, fix_row=True)
    ('A1', 'C$5')
    """
    return f"{'$' if fix_column else ''}{letter(column)}{'$' if fix_row else ''}{row + 1}"


def absolute(row: int, column: int) -> str:
    """Return the name of a cell that stays when a formula is copied.

    Examples
    --------
    >>> absolute(4, 2)
    '$C$5'
    """
    return a1(row, column, fix_row=True, fix_column=True)


def _plain(value: Value | None) -> Any:
    if isinstance(value, Decimal | Fraction):
        return float(value)
    return "" if value is None else value


def _right(kind: str) -> dict[str, Any]:
    """Return the shape of a figure: to the right, clear of the text beside it, at the top of its row."""
    return {"num_format": _NUMBERS[kind], "align": "right", "indent": 1, "valign": "top"}


class LiveSheet:
    """One sheet: its title, its header, and cells that are written with their place and kind.

    Parameters
    ----------
    book : LiveBook
        The workbook it belongs to.
    name, lead : str
        Name and title; one sentence on what it is.
    widths : Sequence[float]
        Widths of the columns in characters.
    header_row : int
        Row of the header, counted from 0; what stands above and in it stays in view and on every page.
    frozen : int
        Columns that stay in view.
    """

    def __init__(
        self,
        book: LiveBook,
        name: str,
        lead: str,
        widths: Sequence[float],
        *,
        header_row: int = 3,
        frozen: int = 0,
    ) -> None:
        self.book, self.name, self.header_row = book, name, header_row
        self.sheet = book.book.add_worksheet(name)
        for at, width in enumerate(widths):
            self.sheet.set_column(at, at, width)
        self.sheet.set_row(0, 26)
        self.text(0, 0, name, bold=True, font_size=16)
        self.text(1, 0, lead, font_color="#3b4650")
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&8&A&R&8Page &P of &N")
        self.sheet.protect(
            "", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
        )
        if header_row:
            self.sheet.freeze_panes(header_row + 1, frozen)
            self.sheet.repeat_rows(header_row)
            if frozen:
                self.sheet.repeat_columns(0, frozen - 1)

    def ref(self, row: int, column: int) -> str:
        """Return the name of a cell of this sheet as other sheets call it."""
        return f"'{self.name}'!{absolute(row, column)}"

    def span(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """Return the name of a range of this sheet as other sheets call it."""
        return f"'{self.name}'!{absolute(*first)}:{absolute(*last)}"

    def head(self, titles: Iterable[str], *, row: int | None = None, text_columns: int = 99) -> None:
        """Write the header: texts to the left, figures to the right."""
        at = self.header_row if row is None else row
        self.sheet.set_row(at, 40)
        for column, title in enumerate(titles):
            side = "left" if column < text_columns else "right"
            self.text(
                at,
                column,
                title,
                bold=True,
                text_wrap=True,
                align=side,
                valign="bottom",
                bottom=2,
                bottom_color=INK,
            )

    def section(self, row: int, title: str, columns: int) -> None:
        """Write the title of a part, with a rule over it."""
        self.sheet.set_row(row, 22)
        for column in range(columns):
            self.sheet.write_blank(row, column, None, self._style(top=2, top_color=INK))
        self.text(row, 0, title, bold=True, font_size=12, top=2, top_color=INK, valign="bottom")

    def text(self, row: int, column: int, text: str, *, link: str = "", **style: Any) -> None:
        """Write a text; nothing in it can run."""
        if link:
            self._link(row, column, link)
            style = {"font_color": BLUE, "underline": 1, **style}
        write_text(self.sheet, row, column, text, self._style(**{"valign": "top", **style}))

    def across(self, row: int, first: int, last: int, text: str, letters: int) -> None:
        """Write a long text over several columns, as many lines high as its letters need."""
        style = self._style(text_wrap=True, valign="top")
        self.sheet.merge_range(row, first, row, last, "", style)
        write_text(self.sheet, row, first, text, style)
        self.sheet.set_row(row, 14 * max(1, -(-len(text) // letters)) + 3)

    def number(self, row: int, column: int, value: Value, kind: str, **style: Any) -> None:
        """Write a figure that stays as it is."""
        self.sheet.write_number(row, column, _plain(value), self._style(**{**_right(kind), **style}))

    def give(self, row: int, column: int, value: Value | dt.date, kind: str) -> None:
        """Write an input: tinted, unlocked, yours to change."""
        style = {
            "bg_color": TINT,
            "font_color": BLUE,
            "locked": False,
            "bottom": 1,
            "bottom_color": GREY_RULE,
            "valign": "top",
        }
        if isinstance(value, dt.date):
            self.sheet.write_datetime(row, column, value, self._style(**{**_right(kind), **style}))
        elif isinstance(value, str):
            write_text(self.sheet, row, column, value, self._style(**style))
        else:
            self.number(row, column, value, kind, **style)

    def work_out(
        self,
        row: int,
        column: int,
        formula: str,
        value: Value | None,
        kind: str,
        *,
        link: str = "",
        tip: str = "",
        **style: Any,
    ) -> None:
        """Write a formula with the value that the library found; a click leads to where it comes from."""
        if link:
            self._link(row, column, link, tip)
        shape = _right(kind) if kind != "text" else {"valign": "top"}
        self.sheet.write_formula(
            row, column, f"={formula}", self._style(**{"bg_color": WASH, **shape, **style}), _plain(value)
        )

    def choose(self, row: int, column: int, options: Sequence[str]) -> None:
        """Let an input be one of a list only."""
        self.sheet.data_validation(
            row, column, row, column,
            {
                "validate": "list", "source": list(options), "error_title": "Not on the list",
                "error_message": f"Choose {', '.join(options)}.",
            },
        )  # fmt: skip

    def bounded(self, row: int, column: int, low: float, high: float, words: str) -> None:
        """Let an input be a number within bounds only."""
        self.sheet.data_validation(
            row, column, row, column,
            {
                "validate": "decimal", "criteria": "between", "minimum": low, "maximum": high,
                "error_title": "Out of range", "error_message": words[:250],
            },
        )  # fmt: skip

    def _link(self, row: int, column: int, target: str, tip: str = "") -> None:
        self.sheet.write_url(
            row, column, f"internal:{target.replace('$', '')}", None, "", tip[:250] or "Where this comes from"
        )

    def _style(self, **style: Any) -> Format:
        return self.book.formats(**style)

    def good_or_not(self, first_row: int, last_row: int, column: int) -> None:
        """Print in bold blue whatever does not begin with OK."""
        self.sheet.conditional_format(
            first_row, column, last_row, column,
            {
                "type": "text", "criteria": "not containing", "value": "OK",
                "format": self._style(bold=True, font_color=BLUE),
            },
        )  # fmt: skip


class LiveBook:
    """The workbook that is being written: its sheets in order, its formats."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.formats = Formats(book)

    def sheet(self, name: str, lead: str, widths: Sequence[float], **more: int) -> LiveSheet:
        """Add a sheet."""
        return LiveSheet(self, name, lead, widths, **more)
