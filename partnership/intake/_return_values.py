"""Values as other people's tables write them: money, dates, ratings and the many spellings of "missing".

A cell is a figure only when the whole of it is one. Anything else is a kind of missing with its words kept:
nothing is searched for digits inside a sentence, and nothing that is missing becomes zero.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partnership.records import MissingKind

__all__ = [
    "FIVE_POINT",
    "SCALES",
    "THREE_POINT",
    "Missing",
    "Number",
    "is_blank",
    "missing_kind",
    "read_day",
    "read_number",
    "read_rating",
    "words",
]

_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"), None)
_DASHES = "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{FIGURE DASH}\N{NON-BREAKING HYPHEN}"
_TO_HYPHEN = {ord(c): "-" for c in _DASHES}

_THOUSAND, _MILLION, _BILLION = Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000)
SCALES = {
    "m": _MILLION,
    "mn": _MILLION,
    "mil": _MILLION,
    "mill": _MILLION,
    "million": _MILLION,
    "millions": _MILLION,
    "bn": _BILLION,
    "b": _BILLION,
    "billion": _BILLION,
    "billions": _BILLION,
    "k": _THOUSAND,
    "000": _THOUSAND,
    "000s": _THOUSAND,
    "thousand": _THOUSAND,
    "thousands": _THOUSAND,
}
"""How much one unit of a stated scale is, in pounds."""

_NUMBER = re.compile(
    r"""^(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<pound>£|gbp|\?|\ufffd)?\s*(?P<sign2>[-+])?\s*
        (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e(?P<power>[-+]?\d{1,2}))?
        \s*(?P<scale>millions?|mill?|mn|m|billions?|bn|b|thousands?|k)?\s*(?P<percent>%|per\ ?cent|percent)?
        \s*(?P<close>\))?\s*(?P<note>\*+|\[\w{1,3}\])?$""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A figure as it stood in a cell: the number, and what the cell itself said of its unit."""

    value: Decimal
    scale: Decimal | None = None
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a cell has no figure, in the return's words; ``known`` is False when no rule knew the words."""

    kind: MissingKind
    note: str | None = None
    known: bool = True


def words(cell: Any) -> str:
    r"""Return a cell as one line of plain text.

    Examples
    --------
    >>> words("  two\n lines ")
    'two lines'
    """
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, float):
        return format(Decimal(f"{cell:.15g}"), "f")
    text = str(cell).translate(_UNSEEN).replace("Â£", "£")
    return " ".join(text.split())


def is_blank(cell: Any) -> bool:
    """Tell whether a cell holds nothing that can be seen."""
    if not isinstance(cell, str):
        return cell is None
    bare = cell.strip()
    return not bare or not (bare[0].isalnum() or words(bare))


def read_number(cell: Any) -> Number | None:
    """Return the figure that a cell is, or None when it is not wholly a figure.

    Examples
    --------
    >>> [str(read_number(c).value) for c in ("£1.90m", "-£120.11m", "£12,131.50", "(3.5)", "1,234.5", -30.69)]
    ['1.90', '-120.11', '12131.50', '-3.5', '1234.5', '-30.69']
    >>> read_number("exceeds 5%") is None, read_number(">1000%") is None, read_number("1.234,5") is None
    (True, True, True)
    """
    if cell is None or isinstance(cell, bool | dt.date):
        return None
    if isinstance(cell, int | float | Decimal):
        value = (
            cell
            if isinstance(cell, Decimal)
            else Decimal(f"{cell:.15g}" if isinstance(cell, float) else cell)
        )
        return Number(value) if value.is_finite() else None
    text = words(cell).translate(_TO_HYPHEN).lstrip("'").strip()
    found = _NUMBER.match(text)
    if not found or bool(found["open"]) != bool(found["close"]) or (found["sign"] and found["sign2"]):
        return None
    value = Decimal(found["digits"].replace(",", ""))
    if found["power"]:
        value = value.scaleb(int(found["power"]))
    if found["open"] or "-" in (found["sign"], found["sign2"]):
        value = -value
    scale = SCALES[found["scale"].casefold()] if found["scale"] else None
    return Number(value, scale, bool(found["percent"]))


# --- missing

_WITHHELD = (
    r"\bexempt",
    r"\bfreedom of information\b|\bfoia?\b",
    r"\bwith(?:held|hold)|\bredact|\bnot (?:be )?(?:disclos|releas|publish)|\bnot for publication\b",
    r"\b(?:commercial(?:ly)?|market|security)[- ]?(?:in[- ])?(?:sensitiv|confiden)",
    r"\bsensitiv|\bconfidential|\bin confidence\b|\bclassified\b|\bsecret\b|\brestricted\b",
    r"(?<!['\u2019])\b(?:section|sec|sect|s)\.? ?(?:2[1-9]|3\d|4[0-4])\b",
    r"\bcommercial interests?\b|\bnational security\b|\bintended for future publication\b",
)
_TOO_EARLY = (
    r"\b(?:too|very) early\b|\bearly (?:planning|stage|development)",
    r"\bnot yet\b|\byet to be\b|\bt\.?b\.?[acd]\b",
    r"\bto be (?:confirmed|determined|agreed|decided|developed|set|defined|announced|baselined)\b",
    r"\b(?:being|under|in) (?:develop|defin|determin|review|assess|baselin|construction)",
    r"\bpre[- ]?(?:soc|obc|fbc|business case|baseline)\b",
    r"\b(?:before|until) (?:the )?(?:soc|obc|fbc|business case)\b",
    r"\b(?:to follow|pending|awaiting)\b",
    r"\bnot? (?:approved )?baseline\b|\bun ?baselined\b|\bnot (?:been )?baselined\b",
    r"\bhas not (?:yet )?passed\b|\bnot reached\b",
)
_SUPPRESSED = (
    r"^\[?c\]?$",
    r"\bsuppress|\bdisclosive\b|\b(?:small|low) (?:number|count)s?\b",
)
_NOT_PROVIDED = (
    r"^(?:n ?[/\\.]? ?[ak]\b|nil|none|unknown|missing|no|null|nan)\b",
    r"^(?:#n/a|\?+|[xz]|\[[xz]\])$",
    r"\bnot? (?:been )?(?:applicable|available|provided|supplied|submitted|reported|recorded|returned)",
    r"\bnot? (?:been )?(?:collected|stated?|given|known|held|required|include|calculat|assess|rated|set)",
    r"\bnot? (?:been )?(?:quantif|monetis)",
    r"\bno (?:data|figure|value|benefits?|monetis|response|return|information)",
    r"\bno (?:rating|dca|date|cost|budget|end)",
    r"\bdid not (?:provide|report|supply|submit)|\bdo(?:es)? not (?:have|report|provide|hold)",
    r"\bunavailable\b|\bunquantif|\bnon[- ]?monetis|\bcannot be\b|\breset\b",
)
_KINDS: tuple[tuple[MissingKind, re.Pattern[str]], ...] = (
    ("withheld", re.compile("|".join(_WITHHELD))),
    ("too early", re.compile("|".join(_TOO_EARLY))),
    ("suppressed", re.compile("|".join(_SUPPRESSED))),
    ("not provided", re.compile("|".join(_NOT_PROVIDED))),
)
_ONLY_MARKS = re.compile(r"^[\W_]+$")


def missing_kind(cell: Any) -> Missing:
    """Classify a cell that holds no figure: withheld, too early, suppressed, not provided or blank.

    The rules look at words, in this order, because a sentence may hold several: an exemption outranks a plan
    that is too young ("Exempt under Section 22 … intended for future publication" is withheld). Words that no
    rule knows count as not provided, and ``known`` is False so that the reader says so.

    Examples
    --------
    >>> missing_kind("Exempt under Section 43 of the FOI Act").kind
    'withheld'
    >>> [missing_kind(c).kind for c in ("Not yet baselined", "n/a", " - ", "")]
    ['too early', 'not provided', 'blank', 'blank']
    """
    text = words(cell)
    if not text or _ONLY_MARKS.match(text.replace("?", "x")):
        return Missing("blank", text or None)
    folded = text.translate(_TO_HYPHEN).casefold()
    for kind, rule in _KINDS:
        if rule.search(folded):
            return Missing(kind, text)
    return Missing("not provided", text, known=False)


# --- ratings

FIVE_POINT = ("Red", "Amber/Red", "Amber", "Amber/Green", "Green")
"""The scale from worst to best; the place in it, from 1, is the reading's value."""

THREE_POINT = ("Red", "Amber", "Green")

_COLOURS = {
    "red": "Red",
    "r": "Red",
    "amber": "Amber",
    "a": "Amber",
    "yellow": "Amber",
    "green": "Green",
    "g": "Green",
}
_FILLERS = {"rating", "rag", "dca", "mpa", "ipa", "nista", "sro", "status"}


def read_rating(cell: Any) -> str | None:
    """Return a rating's label in one spelling, or None when the cell is not a colour.

    Examples
    --------
    >>> [read_rating(c) for c in ("AMBER", "Amber-Red", "A/G", "Green/Amber", "Amber (SRO)", "Reset")]
    ['Amber', 'Amber/Red', 'Amber/Green', 'Amber/Green', 'Amber', None]
    """
    text = re.sub(r"\(.*?\)", " ", words(cell)).translate(_TO_HYPHEN)
    parts = [p for p in re.split(r"[\s/\\&+,:*-]+", text.casefold()) if p and p not in _FILLERS]
    parts = list("".join(parts)) if parts in (["ar"], ["ag"], ["ra"], ["ga"]) else parts
    colours = [_COLOURS[p] for p in parts if p in _COLOURS]
    if not colours or len(colours) != len(parts) or len(colours) > 2:
        return None
    if len(colours) == 1 or colours[0] == colours[1]:
        return colours[0]
    if "Amber" not in colours:
        return None
    return f"Amber/{next(c for c in colours if c != 'Amber')}"


# --- dates

_MONTHS = {
    m: i
    for i, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for m in names.split()
}
_DIGITS = re.compile(r"^(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$")
_NAMED = re.compile(r"^(?:(\d{1,2})(?:st|nd|rd|th)?[\s,./-]+)?([a-z]{3,9})\.?[\s,./-]*(\d{4}|'?\d{2})$")
_NAMED_US = re.compile(r"^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")


def _full_year(text: str, *, is_end: bool) -> int:
    """Two digits are of this century, save that a start may lie in the last one."""
    year = int(text.lstrip("'"))
    return year if year >= 100 else year + (1900 if year >= 70 and not is_end else 2000)


def _make(year: int, month: int, day: int) -> dt.date | None:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        return None
    return made if 1900 <= made.year <= 2200 else None


def read_day(cell: Any, *, last_of_month: bool = False) -> tuple[dt.date | None, str | None]:
    """Return the day that a cell is, and what is doubtful about it ("month first", "no day").

    The day stands before the month, as in the United Kingdom; the other way round only where nothing else is
    a date. A number of five digits is a day as Excel counts them. A month without a day is its first day, or
    its last for an end.

    Examples
    --------
    >>> for text in ("31/05/2010", "01.04.16", "2021-04-01", "44286", "31 May 2010"):
    ...     print(read_day(text)[0])
    2010-05-31
    2016-04-01
    2021-04-01
    2021-03-31
    2010-05-31
    >>> read_day("05/31/2010"), read_day("March 2030", last_of_month=True)[0].day, read_day("Exempt")
    ((datetime.date(2010, 5, 31), 'month first'), 31, (None, None))
    """
    if isinstance(cell, dt.date):
        return _make(cell.year, cell.month, cell.day), None
    text = _TIME.sub("", words(cell).translate(_TO_HYPHEN)).strip().rstrip("*").casefold()
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(float(text))), None
    return _in_digits(text, is_end=last_of_month) or _in_words(text, is_end=last_of_month) or (None, None)


def _in_digits(text: str, *, is_end: bool) -> tuple[dt.date | None, str | None] | None:
    if found := _ISO.match(text):
        return _make(int(found[1]), int(found[2]), int(found[3])), None
    if found := _DIGITS.match(text):
        first, second, year = int(found[1]), int(found[2]), _full_year(found[3], is_end=is_end)
        usual = _make(year, second, first)
        return (usual, None) if usual else (_make(year, first, second), "month first")
    return None


def _in_words(text: str, *, is_end: bool) -> tuple[dt.date | None, str | None] | None:
    if (found := _NAMED_US.match(text)) and found[1] in _MONTHS:
        return _make(int(found[3]), _MONTHS[found[1]], int(found[2])), None
    found = _NAMED.match(text)
    if not found or found[2] not in _MONTHS:
        return None
    month, year = _MONTHS[found[2]], _full_year(found[3], is_end=is_end)
    if found[1]:
        return _make(year, month, int(found[1])), None
    first_day = _make(year, month, 1)
    if first_day and is_end:
        return (first_day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(
            days=1
        ), "no day"
    return first_day, "no day"
