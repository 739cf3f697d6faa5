"""One record sheet: descriptions, headers, input cells, validations, names, protection, print setup."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from partnership.intake._formats import WHOLE_QUANTITY as WHOLE
from partnership.intake._formats import Formats, align_of, description_lines, width_of
from partnership.intake._layout import (
    BLANK_ROWS,
    FIRST_ROW,
    GUIDE_SHEET,
    HEADER_ROW,
    a1,
    input_range,
    is_money,
    list_name,
    name_of,
)
from partnership.intake._validation import validation_of
from partnership.intake._values import cell_writer
from partnership.tables import Column, RecordType, columns_of

if TYPE_CHECKING:
    import polars as pl
    import xlsxwriter
    from xlsxwriter.format import Format

__all__ = ["add_record_sheet", "define_names", "protect"]

_CHARACTERS_ON_A_PAGE = 135
_FROZEN_CHARACTERS = 52
_COLUMNS_OF_A_SHEET = 16_384
_LINES_SHOWN = 4
_LINE_HEIGHT = 13
_CHARACTERS_A_WIDTH = 1.2
_SHEET_RIGHTS = {
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
}


def define_names(book: xlsxwriter.Workbook, record_type: RecordType) -> None:
    """Name every column's input range, and the list of ids that other sheets pick from."""
    for index, column in enumerate(columns_of(record_type.table)):
        book.define_name(name_of(record_type.table, column.name), f"={input_range(record_type, index)}")
    if record_type.key == ("id",):
        whole = input_range(record_type, 0)
        first = whole.split(":")[0]
        last_used = f'IFERROR(MATCH(REPT("z",60),{whole}),1)'  # the last text in the range, gaps and all
        book.define_name(list_name(record_type.table), f"={first}:INDEX({whole},MAX(1,{last_used}))")


class _RecordSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose columns to the right of ours are unlocked by one entry and not by sixteen thousand.

    Excel deletes a row of a protected sheet only if every cell of it is unlocked.
    """

    _rest: tuple[int, Format] | None = None

    def unlock_from(self, first: int, style: Format) -> None:
        """Give every column from ``first`` on, counted from 0, this unlocked format."""
        self._rest = (first, style)

    def _xml_end_tag(self, tag: str) -> None:
        if tag == "cols" and self._rest is not None:
            first, style = self._rest
            place = [("min", first + 1), ("max", _COLUMNS_OF_A_SHEET), ("width", 9.140625)]
            self._xml_empty_tag("col", [*place, ("style", style._get_xf_index())])
        super()._xml_end_tag(tag)


def add_record_sheet(
    book: xlsxwriter.Workbook,
    formats: Formats,
    record_type: RecordType,
    rows: pl.DataFrame | None,
    made_on: dt.date,
) -> Worksheet:
    """Add the sheet of one record type, with its rows if there are any.

    Parameters
    ----------
    book, formats
        The workbook and its formats.
    record_type : RecordType
        What the sheet holds.
    rows : polars.DataFrame or None
        Columns of ``schema_of``; others are passed over.
    made_on : datetime.date
        Day on which the workbook is made.
    """
    sheet = book.add_worksheet(record_type.sheet, worksheet_class=_RecordSheet)
    columns = columns_of(record_type.table)
    last = FIRST_ROW + record_type.row_limit - 1
    _head(sheet, formats, record_type, columns)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, width_of(column), formats.input(column))
        sheet.data_validation(FIRST_ROW, index, last, index, validation_of(record_type, column, made_on))
        if column.kind == "quantity" and not is_money(column):
            cell = a1(FIRST_ROW, index)
            whole = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({cell}),{cell}=INT({cell}))",
                "format": book.add_format({"num_format": WHOLE}),
            }
            sheet.conditional_format(FIRST_ROW, index, last, index, whole)
    sheet.unlock_from(len(columns), formats(locked=False))
    sheet.dim_colmax = (
        len(columns) - 1
    )  # else xlsxwriter walks all 16,384 columns of every row: 20 times slower
    count = 0 if rows is None else _write_rows(sheet, columns, rows)
    _furnish(sheet, record_type, columns, count)
    return sheet


def _head(sheet: Worksheet, formats: Formats, record_type: RecordType, columns: tuple[Column, ...]) -> None:
    plain = formats()
    sheet.set_row(0, 26, plain)
    sheet.set_row(1, 18, plain)
    sheet.set_row(2, 12.5 * max(map(description_lines, columns)) + 5, formats.small())
    sheet.set_row(HEADER_ROW, 32, plain)
    sheet.write_string(0, 0, record_type.sheet, formats.title())
    sheet.write_url(1, 0, f"internal:'{GUIDE_SHEET}'!A1", formats.link(), "← Guide")
    sheet.write_string(1, 1, record_type.purpose, formats.lead())
    for index, column in enumerate(columns):
        words = f"Must be filled.\n{column.description}" if column.required else column.description
        small = formats.small(text_wrap=True, valign="bottom", align=align_of(column))
        sheet.write_string(2, index, words, small)
        sheet.write_string(
            HEADER_ROW, index, column.header, formats.header(required=column.required, align=align_of(column))
        )


def _write_rows(sheet: Worksheet, columns: tuple[Column, ...], rows: pl.DataFrame) -> int:
    _set_heights(sheet, columns, rows)
    for at, column in enumerate(columns):
        write = cell_writer(column)
        if column.kind == "share":
            values = zip(rows[f"{column.name}_numerator"], rows[f"{column.name}_denominator"], strict=True)
            for row, value in enumerate(values, FIRST_ROW):
                if value[0] is not None:
                    write(sheet, row, at, value)
            continue
        for row, value in enumerate(rows[column.name].to_list(), FIRST_ROW):
            if value is not None and value != "":
                write(sheet, row, at, value)
    return rows.height


def _set_heights(sheet: Worksheet, columns: tuple[Column, ...], rows: pl.DataFrame) -> None:
    """Give every row the height of its longest wrapped text, up to a few lines; the cell holds all of it.

    Not every program fits rows to their text when it opens a file.
    """
    lines: dict[int, int] = {}
    for column in columns:
        if column.kind in ("title", "notes"):
            on_a_line = width_of(column) * _CHARACTERS_A_WIDTH
            for row, text in enumerate(rows[column.name].to_list(), FIRST_ROW):
                if text and (len(text) > on_a_line or "\n" in text):
                    needed = sum(1 + int(len(part) / on_a_line) for part in text.split("\n"))
                    lines[row] = max(lines.get(row, 1), min(needed, _LINES_SHOWN))
    for row, count in lines.items():
        sheet.set_row(row, _LINE_HEIGHT * count + 2)


def _furnish(sheet: Worksheet, record_type: RecordType, columns: tuple[Column, ...], count: int) -> None:
    last_column = len(columns) - 1
    last_row = FIRST_ROW + (count or BLANK_ROWS) - 1
    sheet.autofilter(HEADER_ROW, 0, max(last_row, FIRST_ROW + record_type.row_limit - 1), last_column)
    sheet.freeze_panes(FIRST_ROW, _frozen(columns))
    text_range = f"A{FIRST_ROW + 1}:{a1(FIRST_ROW + record_type.row_limit - 1, last_column)}"
    sheet.ignore_errors({"number_stored_as_text": text_range})
    sheet.hide_gridlines(2)
    protect(sheet)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.repeat_rows(HEADER_ROW)
    pages = max(1, round(sum(map(width_of, columns)) / _CHARACTERS_ON_A_PAGE))
    if pages > 1:
        sheet.repeat_columns(0, max(0, _frozen(columns) - 1))
    sheet.fit_to_pages(pages, 0)
    sheet.set_footer("&L&8&A&R&8Page &P of &N")
    sheet.set_selection(FIRST_ROW, 0, FIRST_ROW, 0)


def _frozen(columns: tuple[Column, ...]) -> int:
    """Columns that stay in view: the id, and the name beside it."""
    if columns[0].name != "id":
        return 0
    named = columns[1].kind == "title" and width_of(columns[0]) + width_of(columns[1]) <= _FROZEN_CHARACTERS
    return 2 if named else 1


def protect(sheet: Worksheet, *, is_input: bool = True) -> None:
    """Protect a sheet without a password: a guard rail, no lock."""
    sheet.protect("", _SHEET_RIGHTS if is_input else {})
