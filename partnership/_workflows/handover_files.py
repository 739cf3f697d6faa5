"""A handover pack as a page that needs nothing else, and as a workbook."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Any

from partnership import wording
from partnership._workflows.handing_over import Pack, Section
from partnership.disclosure import NOTICE

__all__ = ["pack_html", "pack_xlsx"]

_STYLE = """
body{font:16px/1.45 Arial,Helvetica,sans-serif;color:#0b0c0c;max-width:1120px;margin:32px auto;padding:0 20px}
h1{font-size:30px;margin:0}
h2{font-size:20px;border-top:2px solid #0b0c0c;padding-top:8px;margin:36px 0 8px}
.say{font-size:20px;max-width:44em}
.sub{color:#3b4650}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0}
th,td{border-bottom:1px solid #d4dae0;overflow-wrap:anywhere}
thead th{border-bottom:1px solid #0b0c0c}
tbody th{font-weight:400;min-width:8em}
.box{overflow-x:auto}
@page{size:A4 landscape;margin:14mm}
@media print{body{margin:0;font-size:12px}.seal{font-size:11px}}
@media print{table{font-size:11px}tr{break-inside:avoid}h2{break-after:avoid}}
"""


def pack_html(pack: Pack) -> str:
    """Return the pack as one page, readable on screen, on paper and by a screen reader.

    Parameters
    ----------
    pack : Pack
        What to write. The same pack gives the same text.
    """
    title = f"Handover: {pack.role}"
    day = wording.day(pack.known_on)
    where = f"{escape(pack.partnership)}. " if pack.partnership else ""
    parts = [
        f'<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8"><title>{escape(title)}</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_STYLE}</style></head>\n<body><main>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="sub">{where}As known on {escape(day)}.</p>',
        f'<p class="say">{escape(pack.opening)}</p>',
        *(_section(n, s) for n, s in enumerate(pack.sections)),
        f'<p class="sub">{escape(NOTICE)}</p>',
        f'<p class="sub seal">{escape(pack.seal)}</p>',
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def _section(number: int, section: Section) -> str:
    head = f'<section aria-labelledby="s{number}"><h2 id="s{number}">{escape(section.title)}</h2>'
    if not section.rows:
        return f"{head}<p>{escape(section.none)}</p></section>"
    headings = "".join(f'<th scope="col">{escape(h)}</th>' for h in section.headings)
    rows = "\n".join(_row(r) for r in section.rows)
    box = f'<div class="box" tabindex="0" role="group" aria-labelledby="s{number}">'
    table = f"<table><thead><tr>{headings}</tr></thead><tbody>\n{rows}\n</tbody></table>"
    return f"{head}{box}{table}</div></section>"


def _row(row: tuple[str, ...]) -> str:
    first, *rest = (escape(c) for c in row)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{c}</td>" for c in rest)}</tr>'


def pack_xlsx(pack: Pack) -> bytes:
    """Return the pack as a workbook, a sheet a section; every cell is text, nothing is a formula.

    Parameters
    ----------
    pack : Pack
        What to write.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        large = book.add_format({"bold": True, "font_size": 14})
        first = book.add_worksheet("Handover")
        first.set_column(0, 0, 110, wrap)
        known = f"As known on {wording.day(pack.known_on)}."
        lines = (f"Handover: {pack.role}", pack.opening, known, NOTICE, pack.seal)
        for n, line in enumerate(lines):
            first.write_string(n, 0, line, large if n == 0 else wrap)
        names: set[str] = {"handover"}
        for section in pack.sections:
            _sheet(book, section, _name(section.title, names), bold, wrap, large)
    return out.getvalue()


def _sheet(book: Any, section: Section, name: str, bold: Any, wrap: Any, large: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, section.title, large)
    sheet.freeze_panes(2, 0)
    for column, heading in enumerate(section.headings):
        longest = max([len(heading), *(len(r[column]) for r in section.rows)])
        sheet.set_column(column, column, min(max(longest + 2, 10), 60), wrap)
        sheet.write_string(1, column, heading, bold)
    for at, row in enumerate(section.rows or ((section.none,),), start=2):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, cell, wrap)


def _name(title: str, taken: set[str]) -> str:
    """Return a name for a sheet: its first words, at most 31 characters, its own."""
    plain = re.sub(r"[\[\]:*?/\\']", "", title)[:27].rsplit(" ", 1)[0].rstrip(", ")
    name, n = plain, 2
    while name.casefold() in taken:
        name, n = f"{plain} {n}", n + 1
    taken.add(name.casefold())
    return name
