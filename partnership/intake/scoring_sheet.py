"""A scoring sheet: one agency's sheet for one round, sent out, filled in, and read back.

It holds the items, the written anchors and the agency's own scores; another agency's scores are never in it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership.errors import Finding, shown
from partnership.intake._formats import Formats
from partnership.intake.cells import parse_as
from partnership.intake.sheets import open_workbook, same_name
from partnership.personal_data import finding_for, scan_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from partnership.intake.sheets import Sheet

__all__ = ["FilledRow", "FilledSheet", "SheetRow", "SheetText", "read_scoring_sheet", "write_scoring_sheet"]

_SHEET, _ABOUT = "Scoring", "_scoring"
_FORMAT = "1"
_HEADERS = (
    ("Item id", 12), ("Item", 40), ("Criterion id", 14), ("Criterion", 28), ("0 means", 22), ("5 means", 22),
    ("10 means", 22), ("Score, 0 to 10", 10), ("Abstain", 10), ("Confidence, 1 to 5", 12), ("Note", 44),
    ("Your score, round before", 12),
)  # fmt: skip
_FIELDS = {"Score, 0 to 10": "quantity", "Abstain": "flag", "Confidence, 1 to 5": "whole", "Note": "title"}
_FIRST = 6


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line to fill in: an item and a criterion, with what the agency has said of it so far."""

    item_id: str
    item: str
    criterion_id: str
    criterion: str
    anchors: Mapping[int, str]
    score: Decimal | None = None
    abstained: bool = False
    confidence: int | None = None
    note: str | None = None
    before: Decimal | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class SheetText:
    """What stands above the lines, and whose sheet it is."""

    partnership: str
    agency_id: str
    agency: str
    round_id: str
    round_words: str
    role_id: str
    role: str


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One line as it came back."""

    place: str
    item_id: str
    criterion_id: str
    score: Decimal | None
    abstained: bool
    confidence: int | None
    note: str | None
    version: int


@dataclass(frozen=True)
class FilledSheet:
    """A scoring sheet as it came back: whose, for which round, and its lines."""

    agency_id: str
    round_id: str
    role_id: str
    rows: tuple[FilledRow, ...]
    facts: Mapping[str, str] = field(default_factory=dict)


def write_scoring_sheet(about: SheetText, rows: Sequence[SheetRow]) -> bytes:
    """Return a scoring sheet as a workbook.

    Parameters
    ----------
    about : SheetText
        Whose sheet, for which round.
    rows : Sequence[SheetRow]
        The lines, in the order in which they shall stand.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        formats = Formats(book)
        sheet = book.add_worksheet(_SHEET)
        sheet.write_string(0, 0, f"{about.agency}: scores for {about.round_words}", formats.title())
        lead = (
            "Score every line from 0 to 10 by its anchors, or write yes under Abstain. Nobody else sees your "
            "scores until the round is revealed."
        )
        sheet.write_string(1, 0, lead, formats.lead())
        sheet.write_string(2, 0, f"{about.partnership}. Scored by: {about.role}.", formats.small())
        inputs = list(_FIELDS)
        for column, (header, width) in enumerate(_HEADERS):
            sheet.set_column(column, column, width)
            format_ = formats.header(required=header in inputs, has_filter=False)
            sheet.write_string(_FIRST - 2, column, header, format_)
        for number, row in enumerate(rows):
            _write_row(sheet, _FIRST - 1 + number, row, formats)
        if rows:
            _validate(sheet, len(rows))
        sheet.freeze_panes(_FIRST - 1, 4)
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_FIRST - 2)
        _write_about(book.add_worksheet(_ABOUT), about, rows)
    return buffer.getvalue()


def _write_row(sheet: Worksheet, line: int, row: SheetRow, formats: Formats) -> None:
    told = formats(valign="top", text_wrap=True)
    typed = {"locked": False, "bottom": 1, "bottom_color": "#77828c", "valign": "top"}
    texts = (
        row.item_id,
        row.item,
        row.criterion_id,
        row.criterion,
        *(row.anchors.get(n, "") for n in (0, 5, 10)),
    )
    for column, text in enumerate(texts):
        sheet.write_string(line, column, text, told)
    number = formats(**typed, num_format="0.0###")
    given = (row.score, "yes" if row.abstained else None, row.confidence, row.note)
    for column, value in enumerate(given, start=len(texts)):
        style = number if column == len(texts) else formats(**typed, text_wrap=True)
        if value is None:
            sheet.write_blank(line, column, None, style)
        elif isinstance(value, str):
            sheet.write_string(line, column, value, style)
        else:
            sheet.write_number(line, column, float(value), style)
    if row.before is not None:
        sheet.write_number(
            line, len(_HEADERS) - 1, float(row.before), formats(valign="top", num_format="0.0###")
        )


def _validate(sheet: Worksheet, count: int) -> None:
    last = _FIRST - 2 + count
    anchored = {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 10,
        "input_title": "0 to 10", "input_message": "By the anchors at the left; decimals are welcome.",
        "error_title": "Outside the anchors", "error_message": "A score is a number from 0 to 10, or blank.",
    }  # fmt: skip
    sheet.data_validation(_FIRST - 1, 7, last, 7, anchored)
    sheet.data_validation(_FIRST - 1, 8, last, 8, {"validate": "list", "source": ["yes"]})
    sure = {
        "validate": "integer", "criteria": "between", "minimum": 1, "maximum": 5,
        "input_title": "1 to 5", "input_message": "1 is a guess, 5 is certain; blank is fine.",
    }  # fmt: skip
    sheet.data_validation(_FIRST - 1, 9, last, 9, sure)


def _write_about(sheet: Worksheet, about: SheetText, rows: Sequence[SheetRow]) -> None:
    facts = {
        "format": _FORMAT, "agency_id": about.agency_id, "round_id": about.round_id, "role_id": about.role_id,
    }  # fmt: skip
    for line, (key, value) in enumerate(facts.items()):
        sheet.write_string(line, 0, key)
        sheet.write_string(line, 1, value)
    for line, row in enumerate(rows, start=len(facts)):
        for column, text in enumerate(("version", row.item_id, row.criterion_id, str(row.version))):
            sheet.write_string(line, column, text)
    sheet.very_hidden()


def read_scoring_sheet(data: bytes, name: str) -> tuple[FilledSheet | None, list[Finding]]:
    """Read a scoring sheet that came back, and return it with everything that is wrong with it.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        Its name as given.

    Returns
    -------
    tuple
        The sheet, or None where it is no scoring sheet; and findings, an error for each cell that cannot be
        read. Lines with an error are left out.
    """
    book, findings = open_workbook(data, name)
    if book is None:
        return None, findings
    if book.find(_SHEET) is None or book.find(_ABOUT) is None:
        found = "This is no scoring sheet, or its hidden sheet has been lost."
        do = "Ask for a new one: partnership scoring-sheet --agency X --round R --out sheet.xlsx."
        return None, [*findings, _error("S1-no-scoring-sheet", book.name, found, do)]
    about, damage = book.read(_ABOUT)
    sheet, more = book.read(_SHEET)
    findings += [*damage, *more]
    facts, versions = _facts(about)
    numbers = {same_name(h): c for c, h in sheet.row(_FIRST - 1).items()}
    lacking = [h for h, _ in _HEADERS[:11] if same_name(h) not in numbers]
    if lacking or not {"agency_id", "round_id", "role_id"} <= set(facts):
        lost = f"the column {shown(lacking[0])!r}" if lacking else "whose sheet it is"
        found = f"The sheet has lost {lost}."
        do = "Fill in the sheet as it was sent out, without moving its columns."
        return None, [*findings, _error("S1-no-scoring-sheet", _SHEET, found, do)]
    rows, faults = _rows(sheet, numbers, versions)
    return FilledSheet(facts["agency_id"], facts["round_id"], facts["role_id"], rows, facts), [
        *findings,
        *faults,
    ]


def _facts(about: Sheet) -> tuple[dict[str, str], dict[tuple[str, str], int]]:
    lines: dict[int, dict[int, str]] = {}
    for row, column, text in about.cells.select("row", "column", "text").iter_rows():
        lines.setdefault(row, {})[column] = text or ""
    facts = {r[1]: r.get(2, "") for r in lines.values() if 1 in r and r[1] != "version"}
    versions = {
        (r.get(2, ""), r.get(3, "")): int(r.get(4, "0"))
        for r in lines.values()
        if r.get(1) == "version" and r.get(4, "0").isdigit()
    }
    return facts, versions


def _rows(
    sheet: Sheet, numbers: Mapping[str, int], versions: Mapping[tuple[str, str], int]
) -> tuple[tuple[FilledRow, ...], list[Finding]]:
    lines = sheet.filled_rows(after=_FIRST - 1)
    if not len(lines):
        return (), []
    kinds = {"Item id": "id", "Criterion id": "id", **_FIELDS}
    read: dict[str, list[Any]] = {}
    findings: list[Finding] = []
    for header, kind in kinds.items():
        parsed = parse_as(sheet.column(numbers[same_name(header)], lines, header=header), kind, header)
        read[header] = parsed.series[0].to_list()
        findings += parsed.findings
    out = []
    bad = {f.place.rpartition("!")[2].strip("ABCDEFGHIJKL") for f in findings if f.rejects}
    for number, line in enumerate(lines):
        values = {h: v[number] for h, v in read.items()}
        place = f"{sheet.name}!H{line}"
        if values["Note"]:
            hits = scan_text(values["Note"])
            findings += [finding_for(h, f"{sheet.name}!K{line}") for h in hits]
        if str(line) in bad or not values["Item id"] or not values["Criterion id"]:
            continue
        key = (values["Item id"], values["Criterion id"])
        out.append(
            FilledRow(
                place, *key, values["Score, 0 to 10"], bool(values["Abstain"]), values["Confidence, 1 to 5"],
                values["Note"], versions.get(key, 0),
            )
        )  # fmt: skip
    return tuple(out), findings


def _error(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)
