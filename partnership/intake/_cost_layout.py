"""Where the entries of a unit cost library stand in a sheet, and which rows are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from partnership.intake._cost_headers import VALUE_KINDS, CostHeading, read_cost_heading
from partnership.intake._grids import Row, Sheet
from partnership.intake._return_values import is_blank, read_number, words
from partnership.plan import Skipped

__all__ = ["CODE", "CostTable", "Entry", "code_of", "library_fit", "read_library"]

CODE = re.compile(r"^[A-Z][A-Z&]{0,5}\s?\d+(?:\.\d+){1,4}[A-Z]?$", re.IGNORECASE)
"""A cost code: letters of the theme and numbers parted by dots, ``CR2.0``, ``E&S1.0.3``."""

_FIRST_ROWS = 60
_MARKER = re.compile(r"\bdo\s+not\s+delete\b", re.IGNORECASE)
_VALUES = {f"{k}_value" for k in VALUE_KINDS}
_NEEDED_FOR_FIT = 4


Columns = dict[str, tuple[int, CostHeading, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that is a cost: its place and its cells by field."""

    row: int
    place: str
    cells: Mapping[str, Any]

    def words(self, name: str) -> str:
        """Return a cell as text, empty when the sheet has no such column."""
        return words(self.cells.get(name))


@dataclass(slots=True)
class CostTable:
    """What a sheet of the library holds: its entries, and an account of every other row."""

    sheet: Sheet
    columns: dict[str, tuple[int, CostHeading, str]]
    entries: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    without_code: list[str] = field(default_factory=list)
    below_marker: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    blank: int = 0

    @property
    def theme(self) -> str:
        """The sheet's name without stray blanks."""
        return words(self.sheet.name)


def library_fit(sheet: Sheet) -> int:
    """Return how many different fields the best headings of a sheet name."""
    return max((len(found) for _, _, found, _ in _candidates(sheet)), default=0)


def read_library(sheet: Sheet) -> CostTable | None:
    """Return the entries of a sheet, None when it holds no table of unit costs.

    A table is one by its headings: a code, something that is costed, and a fiscal, economic or social value.
    """
    best = max(_candidates(sheet), key=lambda c: (len(c[2]), -c[0]), default=None)
    if best is None:
        return None
    start, used, found, unread = best
    if "code" not in found and (position := _column_of_codes(sheet.rows[start + used :], found)) is not None:
        found["code"] = (position, CostHeading("code"), "")
    if "code" not in found or not _VALUES & set(found) or not {"cost", "unit"} & set(found):
        return None
    table = CostTable(sheet, found, unread=unread)
    table.above = [words(c) for r in sheet.rows[:start] for c in r.cells if words(c)]
    body = sheet.rows[start + used :]
    first = sheet.rows[start + used - 1].number
    table.blank = (body[-1].number - first - len(body)) if body and sheet.name else sheet.blank_rows
    _read_rows(body, table)
    return table


def _column_of_codes(rows: tuple[Row, ...], found: Columns) -> int | None:
    """Return the column that holds cost codes, whatever its heading says; None when no column mostly does."""
    taken = {position for position, _, _ in found.values()}
    counts = Counter(
        p for r in rows for p, c in enumerate(r.cells) if isinstance(c, str) and CODE.match(words(c))
    )
    for position, count in counts.most_common(1):
        filled = sum(not is_blank(r.cell(position)) for r in rows)
        if position not in taken and count >= 2 and 2 * count >= filled:
            return position
    return None


def _candidates(sheet: Sheet) -> list[tuple[int, int, Columns, list[str]]]:
    """Read every row near the top as headings, alone and over the next: where, how many, fields, unknown."""
    out = []
    for i, row in enumerate(sheet.rows[:_FIRST_ROWS]):
        if sum(not is_blank(c) for c in row.cells) < 2 and not _spans(sheet, row):
            continue
        out.append((i, 1, *_columns({}, row)))
        below = sheet.rows[i + 1] if i + 1 < len(sheet.rows) else None
        if below is not None and not _is_entry(below):
            out.append((i, 2, *_columns(_reach(sheet, row), below)))
    return out


def _spans(sheet: Sheet, row: Row) -> bool:
    return any(top <= row.number <= bottom and right > left for top, left, bottom, right in sheet.merged)


def _is_entry(row: Row) -> bool:
    return any(isinstance(c, str) and CODE.match(words(c)) for c in row.cells)


def _reach(sheet: Sheet, row: Row) -> dict[int, tuple[str, bool]]:
    """Group headings by column, and whether the column has the group's own cell.

    A merged group reaches as far as it is merged; one that is not reaches to the next.
    """
    filled = {p: words(c) for p, c in enumerate(row.cells) if words(c)}
    ends = {left - 1: right - 1 for top, left, bottom, right in sheet.merged if top <= row.number <= bottom}
    reach: dict[int, tuple[str, bool]] = {}
    starts = sorted(filled)
    for start, following in zip(starts, [*starts[1:], max(starts, default=0) + 8], strict=True):
        last = ends.get(start, start if ends and start in _below_blank(ends) else following - 1)
        for position in range(start, min(last, following - 1) + 1):
            reach[position] = (filled[start], position == start)
    return reach


def _below_blank(ends: Mapping[int, int]) -> set[int]:
    return {start for start, end in ends.items() if end == start}


def _columns(groups: Mapping[int, tuple[str, bool]], row: Row) -> tuple[Columns, list[str]]:
    found: Columns = {}
    unread: list[str] = []
    for position in range(max([len(row.cells), *(p + 1 for p in groups)])):
        group, is_own = groups.get(position, ("", False))
        text = words(row.cell(position))
        if not text and not is_own:
            continue
        heading = read_cost_heading(group, text) if text else read_cost_heading("", group)
        raw = f"{group} {text}".strip()
        if heading is None or heading.field in found:
            unread.append(raw)
        else:
            found[heading.field] = (position, heading, raw)
    for kind in VALUE_KINDS:
        uprated = found.get(f"{kind}_uprated")
        if uprated and f"{kind}_value" not in found and f"{kind}_year" not in found and uprated[1].price_year:
            found[f"{kind}_value"] = (
                uprated[0],
                CostHeading(f"{kind}_value", uprated[1].price_year),
                uprated[2],
            )
            del found[f"{kind}_uprated"]
    return found, unread


# --- rows


def _read_rows(rows: tuple[Row, ...], table: CostTable) -> None:
    category = detail = ""
    marker = _marker(rows, table)
    for index, row in enumerate(rows):
        place = table.sheet.place(row.number)
        cells = {name: row.cell(position) for name, (position, _, _) in table.columns.items()}
        if index >= marker:
            if CODE.match(code_of(cells)) and _has_value(cells):
                table.below_marker.append(f"{place} ({code_of(cells)})")
            table.skipped.append(
                Skipped(place, f"Below “Do not delete rows”: a drop-down list, not a cost{_start(row)}.")
            )
            continue
        if reason := _why_not(cells, row, place, table):
            table.skipped.append(Skipped(place, reason))
            if "code" in cells and is_blank(cells["code"]) and not _has_value(cells):
                category, detail = (
                    words(cells.get("category")) or category,
                    words(cells.get("detail")) or detail,
                )
            continue
        if words(cells.get("category")):
            if words(cells["category"]) != category and is_blank(cells.get("detail")):
                detail = ""
            category = words(cells["category"])
        detail = words(cells.get("detail")) or detail
        filled = {**cells, "category": category, "detail": detail}
        table.entries.append(Entry(row.number, place, filled))


def _marker(rows: tuple[Row, ...], table: CostTable) -> int:
    """Return where the lists begin: at "Do not delete rows", unless more costs stand below it than above."""
    position = table.columns["code"][0]
    costs = [bool(CODE.match(words(r.cell(position)))) for r in rows]
    for index, row in enumerate(rows):
        is_marker = any(isinstance(c, str) and _MARKER.search(c) for c in row.cells)
        if is_marker and sum(costs[:index]) >= sum(costs[index:]):
            return index
    return len(rows)


def _why_not(cells: Mapping[str, Any], row: Row, place: str, table: CostTable) -> str:
    code = code_of(cells)
    if CODE.match(code):
        if is_blank(cells.get("cost")) and not _has_value(cells):
            return f"A code without a cost or a value: {code}."
        return ""
    known = sum(read_cost_heading("", words(c)) is not None for c in row.cells if isinstance(c, str))
    if known >= _NEEDED_FOR_FIT or read_cost_heading("", code) == CostHeading("code"):
        return "The headings again, not a cost."
    if code:
        table.without_code.append(f"{place} ({code[:40]})")
        return f"What stands under the code is none: {code[:60]!r}."
    if _has_value(cells):
        table.without_code.append(f"{place} (no code)")
        return f"A value without a cost code{_start(row)}."
    return f"No cost code and no value: a heading, a note or a list{_start(row)}."


def code_of(cells: Mapping[str, Any]) -> str:
    """Return what stands under the code, without a mark that points at a note."""
    return words(cells.get("code")).rstrip("*^\u2020\u2021 ")


def _has_value(cells: Mapping[str, Any]) -> bool:
    return any(read_number(cells.get(name)) is not None for name in _VALUES)


def _start(row: Row) -> str:
    text = next((words(c) for c in row.cells if words(c)), "")
    return f" (it starts {text[:40] + '…' if len(text) > 40 else text!r})" if text else ""
