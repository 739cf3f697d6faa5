"""Time as the public sector counts it: UK financial years, quarters, months.

A financial year runs from 1 April to 31 March and is named by both years, 2026/27. (The personal tax year,
which starts on 6 April, is never used.) A period is held as its first day; a month also as an index, year x
12 + month - 1, so that arithmetic on months is arithmetic on whole numbers.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from zoneinfo import ZoneInfo

from partnership.errors import InvalidInput

__all__ = [
    "LONDON",
    "PERIODS_A_YEAR",
    "add_months",
    "financial_year",
    "financial_year_starts",
    "from_index",
    "in_london",
    "local_day",
    "month_index",
    "months_between",
    "name_day",
    "name_financial_year",
    "name_moment",
    "name_month",
    "name_quarter",
    "parse_financial_year",
    "quarter_starts",
]

LONDON = ZoneInfo("Europe/London")

PERIODS_A_YEAR: dict[str, int] = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
"""How often a period fits into a year, by convention: 52 weeks, 365 days."""

_YEAR_PAIR = re.compile(r"^(?:FY)?\s*(\d{4}|\d{2})\s*[/-]\s*(\d{4}|\d{2})$", re.IGNORECASE)
_YEAR_END = re.compile(r"^FY\s*(\d{2}|\d{4})$", re.IGNORECASE)


def month_index(day: dt.date) -> int:
    """Return the month of a day as one whole number: year x 12 + month - 1.

    Examples
    --------
    >>> month_index(dt.date(2026, 4, 30))
    24315
    """
    return day.year * 12 + day.month - 1


def from_index(index: int) -> dt.date:
    """Return the first day of the month of an index.

    Examples
    --------
    >>> from_index(24315)
    datetime.date(2026, 4, 1)
    """
    return dt.date(index // 12, index % 12 + 1, 1)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the day so many months later; the last day of the month where there is no such day.

    Examples
    --------
    >>> add_months(dt.date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    first = from_index(month_index(day) + months)
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=min(day.day, last))


def months_between(earlier: dt.date, later: dt.date) -> int:
    """Return the whole calendar months from one day's month to another's; negative when they run backwards.

    Examples
    --------
    >>> months_between(dt.date(2026, 6, 30), dt.date(2029, 3, 31))
    33
    """
    return month_index(later) - month_index(earlier)


def financial_year(day: dt.date) -> int:
    """Return the year in which a day's financial year starts.

    Examples
    --------
    >>> financial_year(dt.date(2026, 3, 31)), financial_year(dt.date(2026, 4, 1))
    (2025, 2026)
    """
    return day.year if day.month >= 4 else day.year - 1


def financial_year_starts(year: int) -> dt.date:
    """Return the first day of the financial year that starts in ``year``.

    Examples
    --------
    >>> financial_year_starts(2026)
    datetime.date(2026, 4, 1)
    """
    return dt.date(year, 4, 1)


def quarter_starts(day: dt.date) -> dt.date:
    """Return the first day of the quarter of a day.

    Examples
    --------
    >>> quarter_starts(dt.date(2026, 11, 23))
    datetime.date(2026, 10, 1)
    """
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def name_financial_year(year: int) -> str:
    """Return the name of the financial year that starts in ``year``.

    Examples
    --------
    >>> name_financial_year(2026), name_financial_year(1999)
    ('2026/27', '1999/00')
    """
    return f"{year}/{(year + 1) % 100:02d}"


def name_month(day: dt.date) -> str:
    """Return a month's name.

    Examples
    --------
    >>> name_month(dt.date(2026, 10, 1))
    'October 2026'
    """
    return f"{calendar.month_name[day.month]} {day.year}"


def name_day(day: dt.date) -> str:
    """Return a day as it is written in a letter.

    Examples
    --------
    >>> name_day(dt.date(2026, 5, 4))
    '4 May 2026'
    """
    return f"{day.day} {name_month(day)}"


def in_london(moment: dt.datetime) -> dt.datetime:
    """Return a moment by the clock of London; one without a zone is taken as UTC, as the store keeps them."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(LONDON)


def name_moment(moment: dt.datetime, *, seconds: bool = False) -> str:
    """Return a moment by the clock of London, with the zone: in October the same hour comes twice.

    Examples
    --------
    >>> name_moment(dt.datetime(2026, 10, 25, 0, 30)), name_moment(dt.datetime(2026, 10, 25, 1, 30))
    ('25 October 2026, 01:30 BST', '25 October 2026, 01:30 GMT')
    >>> name_moment(dt.datetime(2026, 6, 1, 8, 5, 9), seconds=True)
    '1 June 2026, 09:05:09 BST'
    """
    local = in_london(moment)
    return f"{name_day(local.date())}, {local.strftime('%H:%M:%S %Z' if seconds else '%H:%M %Z')}"


def name_quarter(day: dt.date) -> str:
    """Return a quarter by its months.

    Examples
    --------
    >>> name_quarter(dt.date(2026, 4, 1))
    'Apr to Jun 2026'
    """
    first = quarter_starts(day)
    return f"{calendar.month_abbr[first.month]} to {calendar.month_abbr[first.month + 2]} {first.year}"


def parse_financial_year(text: str) -> int:
    """Return the starting year of a financial year as people write it.

    Accepted: ``2025/26``, ``2025-26``, ``25/26``, ``2025/2026``, the same after ``FY``, and ``FY26`` or
    ``FY2026`` for the year that ends in 2026.

    Raises
    ------
    InvalidInput
        If it is none of these, or the second year does not follow the first.

    Examples
    --------
    >>> parse_financial_year("2025/26"), parse_financial_year("FY26"), parse_financial_year("25-26")
    (2025, 2025, 2025)
    """
    cleaned = text.strip()
    if match := _YEAR_PAIR.match(cleaned):
        start, end = _full(match[1]), match[2]
        if (start + 1) % 10 ** len(end) == int(end):
            return start
        msg = (
            f"Financial year {cleaned!r} does not run to the next year. Write {name_financial_year(start)!r}."
        )
        raise InvalidInput(msg)
    if match := _YEAR_END.match(cleaned):
        return _full(match[1]) - 1
    msg = f"{cleaned!r} is not a financial year. Write it as 2025/26."
    raise InvalidInput(msg)


def _full(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def local_day(moment: dt.datetime) -> dt.date:
    """Return the day on which a moment falls in England.

    Examples
    --------
    >>> local_day(dt.datetime(2025, 3, 31, 23, 30, tzinfo=dt.UTC))
    datetime.date(2025, 4, 1)
    """
    return moment.astimezone(LONDON).date()
