"""Which position a return gives: the day its figures stand at, from what the return itself says.

In order: the year asked for; a column that says the year or the quarter; the financial year in the headings
of the year's money; a title above the table; the quarter that the narratives speak of; the year in a
narrative's heading; the quarter in which the newest project joined. A narrative's heading is weak, because
the text of an older template stays in newer returns: it never outweighs a project that joined later.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from partnership.errors import Finding, InvalidInput
from partnership.intake._gmpp_layout import Project, Table
from partnership.intake._return_values import read_day, words
from partnership.periods import name_day, parse_financial_year

__all__ = ["Position", "position_of_line", "position_of_table"]

_QUARTER_ENDS = {1: (6, 30), 2: (9, 30), 3: (12, 31), 4: (3, 31)}
_YEAR = re.compile(r"^(?:ar|fy|annual report|year)?\s*((?:19|20)\d{2})(?:\.0)?$", re.IGNORECASE)
_QUARTER = re.compile(
    r"(?<!\d)(?:20)?(\d{2})\s*[/-]?\s*(?:20)?(\d{2})\s*[-_ ]*Q([1-4])\b"
    r"|\bQ([1-4])\s*[-,]?\s*(?:FY)?\s*(?:20)?(\d{2})\s*[/-]\s*(?:20)?(\d{2})(?!\d)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:at|as at|in|for)\s+(?:the end of\s+)?(?:financial year\s+)?(\d{2}/\d{2}\s*-?\s*Q[1-4])\b",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\b(march|september)\s+((?:19|20)\d{2})\b", re.IGNORECASE)
_NOTES = ("rating_note", "schedule_note", "variance_note", "cost_note", "benefits_note")
_PLACE_OF_YEAR = "the return"


@dataclass(frozen=True, slots=True)
class Position:
    """The day a return's figures stand at, and whether the return itself says that day."""

    on: dt.date
    is_stated: bool
    source: str

    @property
    def year(self) -> int:
        """The year in which the position's financial year ends."""
        return self.on.year + (1 if self.on.month > 3 else 0)


def _end_of_year(year: int, source: str) -> Position:
    return Position(dt.date(year, 3, 31), False, source)


def _quarter(text: str) -> dt.date | None:
    found = _QUARTER.search(text)
    if not found:
        return None
    first, second, quarter = (found[1], found[2], found[3]) if found[1] else (found[5], found[6], found[4])
    if (int(first) + 1) % 100 != int(second):
        return None
    month, day = _QUARTER_ENDS[int(quarter)]
    return dt.date(2000 + int(second if month == 3 else first), month, day)


def position_of_line(project: Project) -> Position | None:
    """Return the position that a project's own line states, None when it states none."""
    if "quarter" in project.cells:
        text = project.words("quarter")
        day = _quarter(text) or read_day(project.cells["quarter"])[0]
        if day:
            return Position(day, True, "its own quarter")
    text = project.words("year")
    if not text:
        return None
    if found := _YEAR.match(text):
        return _end_of_year(int(found[1]), "its own year")
    if day := _quarter(text) or read_day(project.cells["year"])[0]:
        return Position(day, True, "its own year")
    try:
        return _end_of_year(parse_financial_year(text) + 1, "its own year")
    except InvalidInput:
        return None


def position_of_table(table: Table, year: int | None) -> tuple[Position | None, list[Finding]]:
    """Return the position of a whole return, and what is doubtful about it."""
    exact = _titled(table) or _narrated(table)
    if year is not None:
        return _refined(_end_of_year(year, "the year asked for"), exact), []
    if from_headings := _headed(table):
        return _refined(from_headings, exact), []
    if exact:
        return exact, []
    newest = _newest_id(table)
    template = next(
        (c.heading.year for c in table.columns if c.heading.field == "variance_note" and c.heading.year), None
    )
    if template is not None and (newest is None or newest.year <= template + 1):
        position = _end_of_year(template + 1, "the heading of a narrative")
        return position, [
            _doubtful(
                position,
                "only the heading of a narrative names a year, and such headings are sometimes left over",
            )
        ]
    if newest is not None and len(table.projects) >= 3:
        return newest, [
            _doubtful(newest, f"its newest project number says that it joined then{_older(template)}")
        ]
    return None, []


def _older(template: int | None) -> str:
    return (
        "" if template is None else "; the year in the heading of a narrative is older and was not believed"
    )


def _doubtful(position: Position, why: str) -> Finding:
    found = (
        f"The return does not say its year. {name_day(position.on)} was taken as its position, because {why}."
    )
    do = "If that is wrong, load it again with --year and the year in which the return's financial year ends."
    return Finding(code="gmpp-year-inferred", severity="warning", place=_PLACE_OF_YEAR, found=found, do=do)


def _refined(position: Position, exact: Position | None) -> Position:
    return exact if exact and exact.year == position.year else position


def _headed(table: Table) -> Position | None:
    in_year = ("year_baseline", "year_forecast", "variance", "variance_gbp")
    years = Counter(c.heading.year for c in table.columns if c.heading.field in in_year and c.heading.year)
    return _end_of_year(years.most_common(1)[0][0] + 1, "the headings of the year's money") if years else None


def _titled(table: Table) -> Position | None:
    for text in table.above:
        if day := _quarter(text):
            return Position(day, True, "the title")
        if found := _MONTH.search(text):
            is_march = found[1].casefold() == "march"
            return Position(
                dt.date(int(found[2]), 3 if is_march else 9, 31 if is_march else 30), True, "the title"
            )
    return None


def _narrated(table: Table) -> Position | None:
    said: Counter[dt.date] = Counter()
    for project in table.projects:
        texts: Iterable[str] = (words(project.cells.get(n)) for n in _NOTES)
        days = {d for t in texts for m in _SAID.finditer(t) if (d := _quarter(m[1]))}
        if days:
            said[max(days)] += 1
    if not said:
        return None
    day, times = said.most_common(1)[0]
    return Position(day, True, "the narratives") if times >= max(2, len(table.projects) // 5) else None


def _newest_id(table: Table) -> Position | None:
    days = [d for p in table.projects if (d := _quarter(p.words("id").replace("_", " ")))]
    return (
        _end_of_year(max(Position(d, False, "").year for d in days), "the newest project number")
        if days
        else None
    )
