"""Days, months and financial years in cells, day first as in the United Kingdom, by one documented list.

Days: a date cell; ``4 May 2025``, ``4th May 2025``, ``4-May-2025``, ``4 Sept 2025``; ``04/05/2025`` (also
with dots or hyphens) is 4 May; ``2025-05-04`` and ``2025/05/04``; these with a time, whose day counts, in
Europe/London when it has a zone; a plain whole number as Excel's serial number, with a warning. Years have
four digits, 1900 to 2200.

Months: any first day of a month in those forms; ``2026-10``, ``10/2026``, ``October 2026``, ``Oct 2026``,
``Oct-2026``; a quarter, ``Q1 2026/27``, is the month it starts with; so is a financial year, ``2026/27``.

Financial years: see :func:`partnership.periods.parse_financial_year`; a plain number 2026 is read as 2026/27,
with a warning.

Serial numbers count as Excel counts: 1 is 1 January 1900, 60 is the 29 February 1900 that never was and is
refused, 61 is 1 March 1900. In the 1904 system 0 is 1 January 1904.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from partnership.errors import InvalidInput
from partnership.intake._verdict import Refusal, Verdict, quoted
from partnership.periods import local_day, name_day, name_financial_year, parse_financial_year

__all__ = ["day_from", "month_from", "serial_day", "year_from"]

_ERROR_CELL = "C1-error-cell"
_TRUE_FALSE = "C14-true-false"
_NOT_A_DATE = "D1-not-a-date"
_NOT_A_MONTH = "D1-not-a-month"
_NO_SUCH_TIME = "D10-no-such-time"
_DAY_THAT_NEVER_WAS = "D3-day-that-never-was"
_NOT_A_SERIAL_DAY = "D3-not-a-serial-day"
_YEAR_OUT_OF_RANGE = "D4-year-out-of-range"
_NOT_A_FINANCIAL_YEAR = "D7-not-a-financial-year"

FIRST_YEAR, LAST_YEAR = 1900, 2200
_FIRST_FINANCIAL_YEAR, _LAST_FINANCIAL_YEAR = 1990, 2150

_MONTHS = {
    **{calendar.month_name[n].casefold(): n for n in range(1, 13)},
    **{calendar.month_abbr[n].casefold(): n for n in range(1, 13)},
    "sept": 9,
}
_NUMERIC = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{1,6})")
_ISO = re.compile(r"([0-9]{4,6})([\-/])([0-9]{1,2})\2([0-9]{1,2})")
_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ \-]([A-Za-z]+)\.?,?[ \-]([0-9]{1,6})")
_MONTH_WORDS = re.compile(r"([A-Za-z]+)\.?[ \-]([0-9]{4})")
_MONTH_ISO = re.compile(r"([0-9]{4})-([0-9]{2})")
_MONTH_NUMERIC = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_QUARTER = re.compile(r"Q(?:uarter )?([1-4])[ ,]+([0-9/]{5,9})|([0-9/]{5,9})[ ,]+Q([1-4])", re.IGNORECASE)
_YEAR_SLASH = re.compile(r"[0-9]{4}/[0-9]{2}(?:[0-9]{2})?")
_TIME = re.compile(
    r"(.+?)(?:T| )([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)? ?(Z|[+\-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_ERROR_DO = "Correct the formula, or type the date."
_DAY_DO = "Write it as 4 May 2025 or 04/05/2025, day first."
_MONTH_DO = "Write it as October 2026 or 2026-10."


def day_from(kind: str, text: str, *, date_1904: bool = False) -> Verdict:
    """Return the day that a cell holds.

    Raises
    ------
    Refusal
        If it is no date of the accepted list, or outside 1900 to 2200.

    Examples
    --------
    >>> day_from("text", "04/05/2025").value, day_from("date", "45781").value
    (datetime.date(2025, 5, 4), datetime.date(2025, 5, 4))
    """
    _refuse_other_kinds(kind, text, "dates")
    if kind == "text" or (kind == "date" and "-" in text[1:]):
        return _day_from_text(text.strip(" \t\r\n\u00a0"))
    day, has_time = serial_day(text, date_1904=date_1904)
    notes: list[tuple[str, str, str]] = []
    if has_time:
        notes.append(
            (
                "D5-time-left-out",
                f"The cell holds a time of day; the day {name_day(day)} is kept.",
                "Nothing, if that is meant.",
            )
        )
    if kind == "number":
        if FIRST_YEAR <= float(text) <= LAST_YEAR:
            raise Refusal(_NOT_A_DATE, f"{quoted(text)} is a year, and the column holds days.", _DAY_DO)
        found = f"{quoted(text)} is a number without a date format; it is read as {name_day(day)}."
        notes.append(("D3-number-for-date", found, "Give the cell a date format and check the day."))
    return Verdict(day, tuple(notes))


def month_from(kind: str, text: str, *, date_1904: bool = False) -> Verdict:
    """Return the first day of the month, quarter or financial year that a cell names.

    Raises
    ------
    Refusal
        If it names none, or is a day in the middle of a month.

    Examples
    --------
    >>> month_from("text", "Oct 2026").value, month_from("text", "Q1 2026/27").value
    (datetime.date(2026, 10, 1), datetime.date(2026, 4, 1))
    """
    _refuse_other_kinds(kind, text, "months")
    if kind == "text":
        cleaned = " ".join(text.split())
        named = _named_month(cleaned)
        if named is not None:
            return Verdict(_within(named, text))
    try:
        verdict = day_from(kind, text, date_1904=date_1904)
    except Refusal as refusal:
        if refusal.code != _NOT_A_DATE:
            raise
        raise Refusal(_NOT_A_MONTH, f"{quoted(text)} is not a month.", _MONTH_DO) from refusal
    if verdict.value.day != 1:
        found = f"{name_day(verdict.value)} is not the first day of a month."
        raise Refusal(
            _NOT_A_MONTH,
            found,
            f"Write the month itself: {calendar.month_name[verdict.value.month]} {verdict.value.year}.",
        )
    return verdict


def year_from(kind: str, text: str) -> Verdict:
    """Return the year in which the financial year that a cell names starts.

    Raises
    ------
    Refusal
        If it is no financial year, or its second year does not follow the first.

    Examples
    --------
    >>> year_from("text", "2025/26").value, year_from("number", "2025").value
    (2025, 2025)
    """
    _refuse_other_kinds(kind, text, "financial years")
    cleaned = text.strip(" \t\r\n\u00a0")
    if kind == "date":
        found = "The cell holds a date, and the column holds financial years."
        raise Refusal(_NOT_A_FINANCIAL_YEAR, found, "Format the cell as Text, then type 2025/26.")
    notes: tuple[tuple[str, str, str], ...] = ()
    if kind != "text" or re.fullmatch(r"[0-9]{4}", cleaned):
        number = float(cleaned)
        if number != int(number) or not _FIRST_FINANCIAL_YEAR <= number <= _LAST_FINANCIAL_YEAR:
            raise Refusal(
                _NOT_A_FINANCIAL_YEAR, f"{quoted(text)} is not a financial year.", "Write it as 2025/26."
            )
        year = int(number)
        found = f"{quoted(text)} is read as the financial year {name_financial_year(year)}."
        notes = (("D7-one-year-given", found, f"Write {name_financial_year(year)} if that is meant."),)
    else:
        try:
            year = parse_financial_year(cleaned)
        except InvalidInput as error:
            raise Refusal(
                _NOT_A_FINANCIAL_YEAR, f"{quoted(text)} is not a financial year.", _year_do(cleaned)
            ) from error
    if not _FIRST_FINANCIAL_YEAR <= year <= _LAST_FINANCIAL_YEAR:
        first, last = name_financial_year(_FIRST_FINANCIAL_YEAR), name_financial_year(_LAST_FINANCIAL_YEAR)
        found = f"{quoted(text)} is not between {first} and {last}."
        raise Refusal(_YEAR_OUT_OF_RANGE, found, "Check the year.")
    return Verdict(year, notes)


def serial_day(text: str, *, date_1904: bool = False) -> tuple[dt.date, bool]:
    """Return the day of Excel's serial number, and whether it has a time of day.

    Raises
    ------
    Refusal
        If the number is no day between 1900 and 2200, or the 29 February 1900 that never was.

    Examples
    --------
    >>> serial_day("59"), serial_day("61.5"), serial_day("0", date_1904=True)
    ((datetime.date(1900, 2, 28), False), (datetime.date(1900, 3, 1), True), (datetime.date(1904, 1, 1),
    False))
    """
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    whole = int(number) if abs(number) < 1e9 else -1  # false for NaN too
    lowest = 0 if date_1904 else 1
    if whole < lowest or number < 0:
        raise Refusal(_NOT_A_SERIAL_DAY, f"{quoted(text)} is not the number of any day.", _DAY_DO)
    if not date_1904 and whole == 60:
        found = "The cell holds Excel's day 60, 29 February 1900, a day that never was."
        raise Refusal(_DAY_THAT_NEVER_WAS, found, _DAY_DO)
    base = (
        dt.date(1904, 1, 1) if date_1904 else dt.date(1899, 12, 31) if whole < 60 else dt.date(1899, 12, 30)
    )
    if whole > (dt.date(LAST_YEAR, 12, 31) - base).days:
        raise Refusal(_NOT_A_SERIAL_DAY, f"{quoted(text)} as a day is after {LAST_YEAR}.", _DAY_DO)
    return base + dt.timedelta(days=whole), number != whole


def _day_from_text(text: str) -> Verdict:
    if match := _TIME.fullmatch(text):
        return _moment(match, text)
    return Verdict(_day(text))


def _day(text: str) -> dt.date:
    if match := _ISO.fullmatch(text):
        return _calendar_day(int(match[1]), int(match[3]), int(match[4]), text)
    if match := _NUMERIC.fullmatch(text):
        return _calendar_day(_four_digits(match[4], text), int(match[3]), int(match[1]), text)
    if (match := _WORDS.fullmatch(text)) and (month := _MONTHS.get(match[2].casefold())):
        return _calendar_day(_four_digits(match[3], text), month, int(match[1]), text)
    if re.fullmatch(r"[-+]?[0-9]{1,7}(\.[0-9]+)?", text):
        raise Refusal(_NOT_A_DATE, f"{quoted(text)} is a number written as text, not a date.", _DAY_DO)
    raise Refusal(_NOT_A_DATE, f"{quoted(text)} is not a date.", _DAY_DO)


def _four_digits(year: str, text: str) -> int:
    if len(year) in (1, 2, 3):
        raise Refusal(
            _NOT_A_DATE,
            f"{quoted(text)} has a year of {len(year)} digits.",
            "Write the year with four digits.",
        )
    return int(year)


def _calendar_day(year: int, month: int, day: int, text: str) -> dt.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(
            _YEAR_OUT_OF_RANGE,
            f"{quoted(text)} is not between {FIRST_YEAR} and {LAST_YEAR}.",
            "Check the year.",
        )
    if not 1 <= month <= 12:
        hint = "Dates are read day first. " if 1 <= day <= 12 else ""
        raise Refusal(_NOT_A_DATE, f"{quoted(text)} has no such month ({month}).", hint + _DAY_DO)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        found = f"{quoted(text)} is no day: {calendar.month_name[month]} {year} has {last} days."
        raise Refusal(_NOT_A_DATE, found, _DAY_DO)
    return dt.date(year, month, day)


def _moment(match: re.Match[str], text: str) -> Verdict:
    day = _day(match[1].strip())
    hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Refusal(_NO_SUCH_TIME, f"{quoted(text)} is no time of day.", "Write the day alone: 4 May 2025.")
    if zone := match[5]:
        minutes = 0 if zone in "Zz" else int(zone[1:3]) * 60 + int(zone[-2:])
        if minutes >= 24 * 60:
            raise Refusal(
                _NO_SUCH_TIME,
                f"{quoted(text)} has no such time zone.",
                "Write the day alone: 4 May 2025.",
            )
        offset = dt.timezone(dt.timedelta(minutes=-minutes if zone[0] == "-" else minutes))
        day = _within(local_day(dt.datetime.combine(day, dt.time(hour, minute, second), offset)), text)
    if not (hour or minute or second):
        return Verdict(day)
    found = f"{quoted(text)} holds a time of day; the day {name_day(day)} is kept."
    return Verdict(day, (("D5-time-left-out", found, "Nothing, if that is meant."),))


def _named_month(text: str) -> dt.date | None:
    """Return the first day of what a text names: month, quarter or year; None if none (it may be a day)."""
    if (match := _MONTH_WORDS.fullmatch(text)) and (month := _MONTHS.get(match[1].casefold())):
        return _first(int(match[2]), month, text)
    if match := _MONTH_ISO.fullmatch(text):
        return _first(int(match[1]), int(match[2]), text)
    if match := _MONTH_NUMERIC.fullmatch(text):
        return _first(int(match[2]), int(match[1]), text)
    if match := _QUARTER.fullmatch(text):
        year = _financial(match[2] or match[3], text)
        quarter = int(match[1] or match[4])
        return dt.date(year + 1, 1, 1) if quarter == 4 else _first(year, 3 * quarter + 1, text)
    return _first(_financial(text, text), 4, text) if _YEAR_SLASH.fullmatch(text) else None


def _first(year: int, month: int, text: str) -> dt.date:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        raise Refusal(_NOT_A_MONTH, f"{quoted(text)} is not a month: there is no month {month}.", _MONTH_DO)
    return dt.date(year, month, 1)


def _financial(year: str, text: str) -> int:
    try:
        return parse_financial_year(year)
    except InvalidInput as error:
        raise Refusal(
            _NOT_A_FINANCIAL_YEAR, f"{quoted(text)} names no financial year.", _year_do(year)
        ) from error


def _year_do(text: str) -> str:
    start = re.match(r"\s*([0-9]{4})", text)
    return (
        f"Write {name_financial_year(int(start[1]))}, if that is meant." if start else "Write it as 2025/26."
    )


def _within(day: dt.date, text: str) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal(
            _YEAR_OUT_OF_RANGE,
            f"{quoted(text)} is not between {FIRST_YEAR} and {LAST_YEAR}.",
            "Check the year.",
        )
    return day


def _refuse_other_kinds(kind: str, text: str, wanted: str) -> None:
    if kind == "error":
        raise Refusal(_ERROR_CELL, f"The cell holds the error {quoted(text)}.", _ERROR_DO)
    if kind == "flag":
        found = f"The cell holds {'TRUE' if text == '1' else 'FALSE'}, and the column holds {wanted}."
        raise Refusal(_TRUE_FALSE, found, f"Type the {wanted.removesuffix('s')} itself.")
    if kind == "percent":
        raise Refusal(_NOT_A_DATE, f"The cell holds a percentage, and the column holds {wanted}.", _DAY_DO)
