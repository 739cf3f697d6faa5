"""Where the projects are in a return: which way it runs, where its headings are, which line is a project.

Some years have a project a row, others a project a column. Both are read by one set of rules over *lines*: a
line is a row, or a column when the headings stand in a column. Which it is, is told by where the vocabulary
of headings matches best.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from partnership.intake._gmpp_headers import KEPT_FIELDS, Heading, read_heading
from partnership.intake._grids import Row, Sheet
from partnership.intake._return_values import is_blank, read_number, words
from partnership.intake.raw import column_letter
from partnership.plan import Skipped

__all__ = ["Column", "Project", "Table", "read_table", "vocabulary_fit"]

LEAST_FIELDS = 3
_FIRST_ROWS, _FIRST_COLUMNS = 80, 12
_SHORT, _LEAST_SHARE = 200, 0.3
_MUCH = 5
_NAMING = ("name", "id")
_TOTAL = re.compile(
    r"^(?:grand |sub[- ]?)?totals?\b(?! (?:asset|life|support|operational))|^(?:sum|count|average|mean)\b",
    re.IGNORECASE,
)
_WORKING = re.compile(r"^cells? to be\b|^e\.g\.|^[A-Z]{1,2}\d{1,3}(?:\s*[-,:;]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table: where it stands, its heading as given, and what that means."""

    position: int
    raw: str
    heading: Heading


@dataclass(frozen=True, slots=True)
class Project:
    """One line that is a project: its place, and its cells by field."""

    number: int
    place: str
    cells: Mapping[str, Any]
    columns: Mapping[str, Column]

    def words(self, name: str) -> str:
        """Return a field's cell as text, empty when the return has no such field."""
        return words(self.cells.get(name))


@dataclass(slots=True)
class Table:
    """What a sheet holds: its projects, and an account of everything else in it."""

    sheet: Sheet
    is_flipped: bool
    columns: list[Column] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    blank: int = 0
    above: list[str] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    doubled: list[tuple[str, str, str]] = field(default_factory=list)
    ragged: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    unheaded: Counter[int] = field(default_factory=Counter)
    headed: set[int] = field(default_factory=set)

    def place(self, line: int, position: int | None = None) -> str:
        """Return where a line, or a cell of it, stands in the file."""
        if not self.is_flipped:
            return self.sheet.place(line, position)
        if position is not None:
            return self.sheet.place(position, line)
        name = self.sheet.name.strip()
        return f"{name}, column {column_letter(line + 1)}" if name else f"column {line + 1}"


def vocabulary_fit(sheet: Sheet) -> int:
    """Return how many different fields the best line of headings in a sheet names.

    Examples
    --------
    >>> vocabulary_fit(Sheet("", (Row(1, ("Project Name", "Department", "MPA RAG rating")),)))
    3
    """
    return max(_fits(sheet))


def _fits(sheet: Sheet) -> tuple[int, int]:
    """Return how many fields the best row of headings names, and the best column."""
    across = max((_distinct(r.cells) for r in sheet.rows[:_FIRST_ROWS]), default=0)
    columns = range(_FIRST_COLUMNS) if sheet.rows else ()
    return across, max((_distinct(r.cell(c) for r in sheet.rows) for c in columns), default=0)


def _distinct(cells: Iterable[Any]) -> int:
    """Return how many different fields a line names, none when most of its short cells name no field.

    A narrative that a wrong separator cut into pieces names fields here and there; a line of headings does so
    throughout.
    """
    filled = [c for c in cells if not is_blank(c)]
    fields = [h.field for c in filled if (h := read_heading(c))]
    short = sum(len(c) <= _SHORT for c in filled if isinstance(c, str))
    return len(set(fields)) if len(fields) >= _LEAST_SHARE * short else 0


def read_table(sheet: Sheet) -> Table | None:
    """Return the projects of a sheet, None when it is not a return of major projects."""
    across, down = _fits(sheet)
    if max(across, down) < LEAST_FIELDS:
        return None
    table = Table(sheet, is_flipped=down > across)
    lines = _flip(sheet.rows) if table.is_flipped else list(sheet.rows)
    reach = _FIRST_COLUMNS if table.is_flipped else _FIRST_ROWS
    start = max(range(min(reach, len(lines))), key=lambda i: (_distinct(lines[i].cells), -i))
    segments, used = _headings(lines, start, table)
    if not any(c.heading.field in _NAMING for s in segments for c in s):
        return None
    table.above = [
        words(c)
        for r in (lines[:start] if not table.is_flipped else _titles(sheet, segments))
        for c in r.cells
        if words(c)
    ]
    table.blank = _blank(lines, start) if table.is_flipped else sheet.blank_rows
    _read_lines(lines[start + used :], segments, table)
    if sheet.separator and not table.is_flipped:
        table.ragged = _ragged(table, lines, len(lines[start].cells))
    return table


def _ragged(table: Table, lines: list[Row], width: int) -> list[str]:
    """Return the places of projects with fewer or more cells than headings: a stray quotation mark or break.

    A file that leaves out blank cells at the end of its lines has many short lines and none that ends blank.
    """
    numbers = {p.number for p in table.projects}
    rows = [r for r in lines if r.number in numbers]
    short = sum(len(r.cells) < width for r in rows)
    ends_blank = any(len(r.cells) >= width and is_blank(r.cells[-1]) for r in rows)
    trims = not ends_blank and short * 10 >= len(rows)
    return [
        f"{table.place(r.number)} has {len(r.cells)}"
        for r in rows
        if (len(r.cells) < width and not trims) or any(not is_blank(c) for c in r.cells[width:])
    ]


def _flip(rows: tuple[Row, ...]) -> list[Row]:
    """Columns as lines: cell *n* of a line is the cell in row *n* of the sheet (0 is unused)."""
    width = max(len(r.cells) for r in rows)
    last = rows[-1].number
    filled: list[dict[int, Any]] = [{} for _ in range(width)]
    for row in rows:
        for c, cell in enumerate(row.cells):
            if not is_blank(cell):
                filled[c][row.number] = cell
    return [Row(c, tuple(held.get(n) for n in range(last + 1))) for c, held in enumerate(filled) if held]


def _titles(sheet: Sheet, segments: list[list[Column]]) -> Iterator[Row]:
    first = min(c.position for s in segments for c in s)
    return (r for r in sheet.rows if r.number < first)


def _blank(lines: list[Row], start: int) -> int:
    return lines[-1].number - lines[start].number + 1 - len(lines[start:])


# --- headings


def _headings(lines: list[Row], start: int, table: Table) -> tuple[list[list[Column]], int]:
    """Return the columns, parted where tables stand side by side, and how many lines the headings took."""
    line = lines[start]
    above = lines[start - 1] if start else None
    below = lines[start + 1] if start + 1 < len(lines) else None
    texts = {p: words(c) for p, c in enumerate(line.cells) if words(c)}
    table.headed |= set(texts)
    used = 1
    found: list[Column] = []
    if below is not None and (under := _second_line(texts, below)):
        texts |= under
        used = 2
    groups = _groups(above) if above is not None else {}
    for position, text in sorted({**dict.fromkeys(groups, ""), **texts}.items()):
        heading, raw = _best(text, groups.get(position, ""), is_own=position in _own(above))
        if heading:
            found.append(Column(position, raw, heading))
        elif text and found:
            table.unread.append((table.place(line.number, position), text))
    segments = [_settle(s, line.number, table) for s in _segments(found)]
    table.columns += [c for s in segments for c in s]
    return segments, used


def _own(line: Row | None) -> set[int]:
    return {p for p, c in enumerate(line.cells) if not is_blank(c)} if line else set()


def _groups(line: Row) -> dict[int, str]:
    """Return group headings by position, each reaching to the next; one filled cell is a title."""
    filled = {p: words(c) for p, c in enumerate(line.cells) if words(c)}
    if len(filled) < 2 or any(len(t) > 120 for t in filled.values()):
        return {}
    reach, current = {}, ""
    for position in range(max(filled) + 12):
        current = filled.get(position, current)
        if current:
            reach[position] = current
    return reach


def _best(text: str, group: str, *, is_own: bool) -> tuple[Heading | None, str]:
    if not text:
        return (read_heading(group), group) if is_own else (None, "")
    if group and group != text and (both := read_heading(f"{group} {text}")):
        return both, f"{group} {text}"
    return read_heading(text), text


def _second_line(texts: Mapping[int, str], below: Row) -> dict[int, str]:
    """Return headings completed by a second line ("Financial year" over "Baseline"), else none."""
    naming = [p for p, t in texts.items() if (h := read_heading(t)) and h.field in _NAMING]
    filled = {p: words(c) for p, c in enumerate(below.cells) if words(c)}
    if (
        not filled
        or any(p in filled for p in naming)
        or any(len(t) > 80 or read_number(t) for t in filled.values())
    ):
        return {}
    current, joined = "", {}
    for position in range(max(filled) + 1):
        current = texts.get(position, current)
        if position in filled and read_heading(both := f"{current} {filled[position]}"):
            joined[position] = both
    return joined if len(joined) >= 2 else {}


def _segments(columns: list[Column]) -> list[list[Column]]:
    segments: list[list[Column]] = [[]]
    for i, column in enumerate(columns):
        held = {c.heading.field for c in segments[-1]}
        coming = {c.heading.field for c in columns[i:]}
        again = column.heading.field in _NAMING and column.heading.field in held
        if (
            again
            and column.heading.rank == 0
            and len(held) > LEAST_FIELDS
            and len(coming & held) > LEAST_FIELDS
        ):
            segments.append([])
        segments[-1].append(column)
    return segments


def _settle(columns: list[Column], line: int, table: Table) -> list[Column]:
    """Give every field one column, the surer heading and then the first; two plain ratings are two raters."""
    by_field: dict[str, Column] = {}
    plain = [c for c in columns if c.heading.field == "rating"]
    free = [r for r in ("central_rating", "owner_rating") if all(c.heading.field != r for c in columns)]
    role = {c.position: r for c, r in zip(plain, free, strict=False)}
    for column in sorted(columns, key=lambda c: (c.heading.rank, c.position)):
        name = role.get(column.position, _column_field(column))
        if name not in KEPT_FIELDS and name != "variance_gbp" or name == "rating":
            table.unread.append((table.place(line, column.position), column.raw))
        elif name in by_field:
            table.doubled.append((table.place(line, column.position), column.raw, by_field[name].raw))
        else:
            by_field[name] = Column(column.position, column.raw, _renamed(column.heading, name))
    return sorted(by_field.values(), key=lambda c: c.position)


def _column_field(column: Column) -> str:
    heading = column.heading
    return (
        "variance_gbp"
        if heading.field == "variance" and heading.unit is not None and not heading.is_percent
        else heading.field
    )


def _renamed(heading: Heading, name: str) -> Heading:
    return Heading(
        name, heading.rank, heading.unit, heading.is_percent, heading.year, heading.price_year, heading.scale
    )


# --- lines


def _read_lines(lines: list[Row], segments: list[list[Column]], table: Table) -> None:
    department = ""
    for line in lines:
        place = table.place(line.number)
        if again := _headings_again(line, segments):
            table.skipped.append(Skipped(place, "The headings again, not a project."))
            if len(segments) == 1:
                segments = [_settle(again, line.number, table)]
            continue
        kept = 0
        for segment in segments:
            cells = {c.heading.field: line.cell(c.position) for c in segment}
            reason, section = _why_not(cells, line)
            department = section or department
            if not reason:
                kept += 1
                table.unheaded.update(_outside(line, segments, table))
                if department and "department" not in cells:
                    cells["department"] = department
                where = place if len(segments) == 1 else table.place(line.number, segment[0].position)
                table.projects.append(
                    Project(line.number, where, cells, {c.heading.field: c for c in segment})
                )
            elif len(segments) > 1 and any(not is_blank(c) for c in cells.values()):
                table.skipped.append(Skipped(table.place(line.number, segment[0].position), reason))
                kept += 1
        if not kept:
            cells = {c.heading.field: line.cell(c.position) for c in segments[0]}
            table.skipped.append(Skipped(place, _why_not(cells, line)[0]))
            if sum(not is_blank(c) for c in cells.values()) >= _MUCH and not _is_named(cells):
                table.nameless.append(place)


def _is_named(cells: Mapping[str, Any]) -> bool:
    return any(not is_blank(cells.get(n)) for n in _NAMING)


def _outside(line: Row, segments: list[list[Column]], table: Table) -> set[int]:
    """Return the positions of cells that stand under no heading at all."""
    headed = table.headed | {c.position for s in segments for c in s}
    return {p for p, c in enumerate(line.cells) if p not in headed and not is_blank(c)}


def _headings_again(line: Row, segments: list[list[Column]]) -> list[Column]:
    held = {c.heading.field for s in segments for c in s}
    found = [Column(p, words(c), h) for p, c in enumerate(line.cells) if (h := read_heading(c))]
    filled = sum(not is_blank(c) for c in line.cells)
    fields = {c.heading.field for c in found}
    is_one = len(fields & held) >= LEAST_FIELDS and bool(fields & set(_NAMING)) and 2 * len(found) >= filled
    return found if is_one else []


def _why_not(cells: Mapping[str, Any], line: Row) -> tuple[str, str]:
    """Say why a line is not a project (empty when it is one), and the department that it may name alone."""
    filled = [words(c) for c in line.cells if not is_blank(c)]
    name, key = words(cells.get("name")), words(cells.get("id"))
    held = sum(not is_blank(c) for c in cells.values())
    if not held:
        return f"Nothing in it stands under a known heading ({_start(filled)}).", ""
    if not name and not key:
        return f"No project name and no project number: a note or a working column ({_start(filled)}).", ""
    if held == 1:
        text = name or key
        is_section = (
            len(filled) == 1
            and len(text) < 80
            and bool(re.search(r"\b(?:department|ministry|office|agency|hm)\b", text, re.IGNORECASE))
        )
        return (
            f"Only one cell is filled: a note or a heading, not a project ({_start(filled)}).",
            text if is_section else "",
        )
    if _WORKING.search(name or key) and is_blank(cells.get("department")):
        return f"Notes of those who made the file, not a project ({_start(filled)}).", ""
    if _TOTAL.search(name or key) and is_blank(cells.get("department")):
        return f"A total of other lines, not a project ({_start(filled)}).", ""
    return "", ""


def _start(filled: list[str]) -> str:
    text = filled[0] if filled else "blank"
    return f"it starts {text[:50] + '…' if len(text) > 50 else text!r}"
