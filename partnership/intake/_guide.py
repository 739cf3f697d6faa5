"""The guide sheet, the control totals and the very hidden sheet that knows where each row came from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from partnership.disclosure import NOTICE
from partnership.intake._formats import BLUE, GREY_RULE, INK, WASH, Formats
from partnership.intake._layout import (
    CONTROL_SHEET,
    GUIDE_SHEET,
    HEADER_ROW,
    META_CELL_LENGTH,
    META_HEADERS,
    META_ROWS_START,
    META_SHEET,
    TotalLine,
    is_money,
    name_of,
)
from partnership.intake._sheets_out import protect
from partnership.intake._values import write_text
from partnership.periods import name_day
from partnership.tables import RECORD_TYPES

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

__all__ = ["add_control_totals", "add_guide", "add_meta"]

_STEPS = (
    "Start with Partnership and Agencies, then Measures and Goals: the other sheets pick ids from them.",
    "Fill one row for each thing. A blue header must be filled; any other may stay blank.",
    "Every row that has an id needs an id of its own. Keep ids from year to year: they tell rows apart.",
    "You may insert, delete, sort, filter and widen. Sheets may stay empty. Leave the headers as they are.",
    "Look at Control totals before you send it: rows and pounds on every sheet, worked out live.",
    "Send it back. Nothing is stored until every finding is settled, and you see first what would change.",
)
_RULES = (
    (
        "Money",
        "Pounds and pence as a number: 1250 or 1,250.50. Negative with a minus sign. Never £1.2m or 5k.",
    ),
    ("Dates", "4 May 2026, 04/05/2026 (day first, always) or 2026-05-04."),
    ("Months", "May 2026 or 05/2026. A quarter or a year is entered as its first month."),
    ("Financial years", "2026/27: from 1 April 2026 to 31 March 2027."),
    ("Shares", "Per cent or a fraction: 40, 12.5 or 1/3. The shares of one benefit make 100."),
    ("Yes or no", "yes or no."),
    ("Several ids", "Parted by semicolons: W01; W02."),
    (
        "Not known",
        "Never a zero: leave the value blank and say why: withheld, not provided, too early, suppressed.",
    ),
    (
        "Text",
        "Titles up to 300 characters, notes up to 5,000. What you type stays text, even if it starts with =.",
    ),
    (
        "People",
        "No personal data about anybody served: no names, dates of birth, NHS numbers or addresses. "
        "A workbook that holds any is refused whole.",
    ),
)
_PAGE = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6}


_LINE_LENGTH = 104
"""Characters that fit on one line of the guide's wide column."""


def _page(sheet: Worksheet, *widths: float) -> None:
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(**_PAGE)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8&A&R&8Page &P of &N")
    protect(sheet, is_input=False)


def add_guide(
    sheet: Worksheet,
    formats: Formats,
    *,
    name: str,
    made_at: dt.datetime,
    rows: Mapping[str, int],
    is_template: bool,
) -> None:
    """Write the guide: what this is, how to fill it, the colours, the rules and the sheets.

    Parameters
    ----------
    sheet, formats
        The sheet and the workbook's formats.
    name : str
        Name of the partnership, or "".
    made_at : datetime.datetime
        When the workbook was made.
    rows : Mapping[str, int]
        Rows by table, shown beside each sheet as a live formula.
    is_template : bool
        True where there is nothing in it yet.
    """
    _page(sheet, 19, 88, 11)
    heading = formats(bold=True, font_size=13, top=2, top_color=INK, valign="bottom")
    rule = formats(top=2, top_color=INK)
    body, label, key = (
        formats(text_wrap=True, valign="top"),
        formats(bold=True, valign="top"),
        formats(indent=1),
    )
    sheet.set_row(0, 30)
    write_text(
        sheet,
        0,
        0,
        f"{name}: the plan" if name else "The partnership's plan",
        formats(bold=True, font_size=20),
    )
    what = (
        "A workbook to fill in: one sheet for each kind of record, from the big goal to the promises kept."
        if is_template
        else "The plan as it is stored: change what has changed, add what is new, and send it back."
    )
    sheet.write_string(1, 0, f"{what} Made on {name_day(made_at.date())}.", formats.lead())

    def section(row: int, title: str) -> int:
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, title, heading)
        sheet.write_blank(row, 1, None, rule)
        sheet.write_blank(row, 2, None, rule)
        return row + 1

    def lines(row: int, pairs: Sequence[tuple[str, str]]) -> int:
        for text, words in pairs:
            sheet.set_row(row, 14 * -(-len(words) // _LINE_LENGTH) + 2)
            sheet.write_string(row, 0, text, label)
            sheet.write_string(row, 1, words, body)
            row += 1
        return row

    row = section(3, "How to fill it")
    row = lines(row, [(f"Step {number}", step) for number, step in enumerate(_STEPS, 1)])
    row = section(row + 1, "Colours")
    for style, text, words in (
        (formats.header(required=True), "Blue header", "Must be filled in every row."),
        (
            formats.header(required=False),
            "Plain header",
            "May stay blank; the line above it says what it means.",
        ),
        (formats(locked=False, bottom=1, bottom_color=GREY_RULE), "White cell", "Yours to fill."),
        (
            formats(bg_color=WASH, bottom=1, bottom_color=GREY_RULE),
            "Grey cell",
            "Worked out by a formula, locked.",
        ),
    ):
        sheet.set_row(row, 20)
        sheet.write_string(row, 0, text, style)
        sheet.write_string(row, 1, words, key)
        row += 1
    row = section(row + 1, "What to type")
    row = lines(row, _RULES)
    row = section(row + 1, "Sheets")
    sheet.write_string(
        row - 1, 2, "Rows now", formats(bold=True, top=2, top_color=INK, align="right", valign="bottom")
    )
    for record_type in RECORD_TYPES:
        sheet.write_url(row, 0, f"internal:'{record_type.sheet}'!A1", formats.link(), record_type.sheet)
        sheet.write_string(row, 1, record_type.purpose, formats())
        formula = f"=COUNTA({name_of(record_type.table, record_type.key[0])})"
        counted = formats(bg_color=WASH, num_format="#,##0", align="right")
        sheet.write_formula(row, 2, formula, counted, rows.get(record_type.table, 0))
        row += 1
    sheet.write_url(row, 0, f"internal:'{CONTROL_SHEET}'!A1", formats.link(), CONTROL_SHEET)
    sheet.write_string(
        row, 1, "Rows and pounds on every sheet, live, beside what they were when this was made.", formats()
    )
    if not is_template:
        sheet.write_string(row + 2, 0, NOTICE, formats.small())
    sheet.fit_to_pages(1, 1)
    sheet.set_tab_color(INK)


def add_control_totals(
    sheet: Worksheet,
    formats: Formats,
    lines: Sequence[tuple[TotalLine, Decimal, Decimal]],
    made_at: dt.datetime,
) -> None:
    """Write the control totals: each as it was when the workbook was made, as it is now, and the difference.

    Parameters
    ----------
    sheet, formats
        The sheet and the workbook's formats.
    lines : Sequence[tuple[TotalLine, Decimal, Decimal]]
        What is totalled, its total in the rows that are written, and what the live formula makes of them (an
        amount of more than 15 digits is text to Excel).
    made_at : datetime.datetime
        When the workbook was made.
    """
    _page(sheet, 24, 40, 21, 21, 21)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, CONTROL_SHEET, formats.title())
    sheet.write_url(1, 0, f"internal:'{GUIDE_SHEET}'!A1", formats.link(), "← Guide")
    sheet.write_string(
        1, 1, "What this workbook holds, to set against your ledger and against the store.", formats.lead()
    )
    sheet.set_row(HEADER_ROW, 20)
    heads = ("Sheet", "What", f"Made {name_day(made_at.date())}", "Now", "Difference")
    for index, text in enumerate(heads):
        sheet.write_string(
            HEADER_ROW,
            index,
            text,
            formats.header(required=False, align="left" if index < 2 else "right", has_filter=False),
        )
    last_sheet = ""
    for row, (line, total, now) in enumerate(lines, HEADER_ROW + 1):
        is_new = line.record_type.sheet != last_sheet
        last_sheet = line.record_type.sheet
        edge = {"top": 1, "top_color": GREY_RULE} if is_new else {}
        pounds = is_money(line.column) and line.is_sum
        shape = {"num_format": "£#,##0.00;−£#,##0.00" if pounds else "#,##0;−#,##0", "align": "right", **edge}
        name = name_of(line.record_type.table, line.column.name)
        live = f"=ROUND(SUM({name}),2)" if line.is_sum else f"=COUNTA({name})"
        if is_new:
            link = formats.link(**edge)
            sheet.write_url(row, 0, f"internal:'{line.record_type.sheet}'!A1", link, line.record_type.sheet)
        sheet.write_string(row, 1, line.words, formats(**edge))
        sheet.write_number(row, 2, float(total), formats(**shape))
        sheet.write_formula(row, 3, live, formats(bg_color=WASH, **shape), float(now))
        difference = f"=ROUND(D{row + 1}-C{row + 1},2)"
        sheet.write_formula(row, 4, difference, formats(bg_color=WASH, **shape), float(now - total))
    last = HEADER_ROW + len(lines)
    changed = {"type": "cell", "criteria": "!=", "value": 0, "format": formats(bold=True, font_color=BLUE)}
    sheet.conditional_format(HEADER_ROW + 1, 4, last, 4, changed)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)


def add_meta(
    book: xlsxwriter.Workbook,
    facts: Mapping[str, str | int],
    rows: Mapping[str, Sequence[tuple[str, int | None]]],
) -> None:
    """Add the very hidden sheet: version, when made, and each row's key and version in the store.

    Keys and versions stand in lists, some hundred a cell, so that a workbook of 100,000 rows is not twice as
    slow to read for a sheet that nobody sees.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook.
    facts : Mapping[str, str | int]
        Schema version, when made, the store's change number.
    rows : Mapping[str, Sequence[tuple[str, int | None]]]
        For each table, the key and version of every row written.
    """
    sheet = book.add_worksheet(META_SHEET)
    for row, (name, value) in enumerate(facts.items()):
        sheet.write_string(row, 0, name)
        if isinstance(value, int):
            sheet.write_number(row, 1, value)
        else:
            write_text(sheet, row, 1, value)
    for column, head in enumerate(META_HEADERS):
        sheet.write_string(META_ROWS_START, column, head)
    lists = [(table, some) for table, known in rows.items() for some in _by_the_cell(known)]
    for row, (table, some) in enumerate(lists, META_ROWS_START + 1):
        sheet.write_string(row, 0, table)
        write_text(sheet, row, 1, f"[{', '.join(key for key, _ in some)}]")
        sheet.write_string(row, 2, json.dumps([version for _, version in some]))
    sheet.very_hidden()


def _by_the_cell(known: Sequence[tuple[str, int | None]]) -> Iterator[list[tuple[str, int | None]]]:
    """Part keys, spelt for JSON, and versions into lists that a cell can hold."""
    some: list[tuple[str, int | None]] = []
    length = 0
    for key, version in known:
        spelt = json.dumps(key, ensure_ascii=False)
        if some and length + len(spelt) > META_CELL_LENGTH:
            yield some
            some, length = [], 0
        some.append((spelt, version))
        length += len(spelt) + 2
    if some:
        yield some
