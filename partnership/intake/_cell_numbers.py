"""Numbers in cells: money, quantities, percentages, shares and whole numbers, each by one documented list.

Accepted as text, blanks around it left out: ``1234``, ``1,234``, ``1,234.50``, ``.5``, ``-5`` (also with a
true minus), and for money ``£1,234.50``, ``-£5`` and ``£-5``; for percentages and shares ``12.5%``; for
shares also a fraction, ``1/3``. Everything else is refused, with the way to write it: ``(500)``, ``£1.2m``,
``1.234,50``, ``1e3``, ``12%`` as an amount, other scripts' digits, NaN and infinity. Thousands commas must
stand where thousands end.

A number cell is the exact decimal that its shortest spelling shows. Where that has more decimals than
allowed, it is read at 15 significant digits, which is what Excel keeps and shows (0.1 + 0.2 is then 0.3);
still too many decimals is an error, never a rounding.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from partnership.intake._verdict import Refusal, Verdict, quoted

__all__ = ["DIGITS", "number_from", "percent_from", "share_from", "whole_from"]

_ERROR_CELL = "C1-error-cell"
_NOT_FINITE = "C1-not-finite"
_DATE_FOR_NUMBER = "C13-date-for-number"
_TRUE_FALSE = "C14-true-false"
_NOT_A_NUMBER = "C3-not-a-number"
_PERCENTAGE = "C3-percentage"
_TOO_MANY_DECIMALS = "C5-too-many-decimals"
_TOO_LARGE = "C6-too-large"
_NOT_A_PERCENTAGE = "C8-not-a-percentage"
_NOT_A_SHARE = "C8-not-a-share"
_FRACTION_BECAME_DATE = "C9-fraction-became-date"

DIGITS = {"money": (18, 2), "quantity": (18, 4), "percent": (7, 4), "whole": (15, 0)}
"""Most digits, and decimals among them, by kind of column."""

_PLAIN = re.compile(
    r"(?P<sign>[-\u2212]?)(?P<pound>£?)(?P<inner>[-\u2212]?)(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?P<per>\s?%)?"
)
_FRACTION = re.compile(r"([0-9]{1,9})\s?/\s?([0-9]{1,9})")
_ENDLESS = re.compile(r"[-+]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
_ERROR_TEXT = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!)")

_SIGN = r"[-\u2212]?£?"
_HINTS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), what, do)
    for pattern, what, do in (
        (r"\(\s?£?[0-9.,]+\s?\)", "is in brackets", "Write a minus in front: -500."),
        (
            _SIGN + r"\s?[0-9.,]+\s?(?:k|m|mn|bn|[mb]illion|thousand)",
            "is short for a number",
            "Write it in full: 1200000.",
        ),
        (
            _SIGN + r"[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{1,2}",
            "has a comma for a decimal point",
            "Write 1234.50.",
        ),
        (r"[-+]?[0-9.]+e[-+]?[0-9]+", "is in scientific notation", "Write the number in full."),
        (_SIGN + r"[0-9,.]+\s?%", "is a percentage", "Write the amount itself."),
        (
            _SIGN + r"[0-9]+(?:,[0-9]*)+(?:\.[0-9]*)?",
            "has commas where no thousands end",
            "Write 1234567 or 1,234,567.",
        ),
    )
)


def number_from(kind: str, text: str, column: str) -> Verdict:
    """Return the exact decimal of a cell in a column of money, quantities or whole numbers.

    Parameters
    ----------
    kind : str
        Kind of cell: text, number, percent, date, flag, error.
    text : str
        The cell's text.
    column : str
        Kind of column: money, quantity or whole.

    Raises
    ------
    Refusal
        If it is no number of the accepted list, has too many digits or decimals.

    Examples
    --------
    >>> number_from("text", " £1,234.50 ", "money").value
    Decimal('1234.50')
    >>> number_from("number", "0.30000000000000004", "money").value
    Decimal('0.3')
    """
    _refuse_other_kinds(kind, text)
    if kind == "percent":
        found = f"{quoted(_per_cent(text))} is shown as a percentage, and the column holds amounts."
        raise Refusal(_PERCENTAGE, found, "Set the cell's format to Number and type the amount itself.")
    digits, decimals = DIGITS[column]
    if kind == "number":
        return Verdict(_checked(_cell_decimal(text, decimals), text, digits, decimals))
    value, is_percentage = _text_decimal(text, allow_pound=column == "money", allow_percent=False)
    del is_percentage
    return Verdict(_checked(value, text, digits, decimals))


def whole_from(kind: str, text: str) -> Verdict:
    """Return a whole number.

    Examples
    --------
    >>> whole_from("number", "12").value, whole_from("text", "1,200").value
    (12, 1200)
    """
    value = number_from(kind, text, "whole").value
    return Verdict(int(value))


def percent_from(kind: str, text: str) -> Verdict:
    """Return a percentage from 0 to 100: a number in per cent, ``12.5%``, or a cell shown with %.

    Examples
    --------
    >>> [float(percent_from(*c).value) for c in (("text", "12.5%"), ("percent", "0.125"), ("number", "12.5"))]
    [12.5, 12.5, 12.5]
    """
    _refuse_other_kinds(kind, text)
    digits, decimals = DIGITS["percent"]
    if kind == "percent":
        value = _cell_decimal(text, decimals + 2) * 100
    elif kind == "number":
        value = _cell_decimal(text, decimals)
    else:
        value, _ = _text_decimal(text, allow_pound=False, allow_percent=True)
    if not 0 <= value <= 100:
        raise Refusal(
            _NOT_A_PERCENTAGE,
            f"{quoted(text)} is not between 0 and 100 per cent.",
            "Write 12.5 for 12.5%.",
        )
    return Verdict(_checked(value, text, digits, decimals))


def share_from(kind: str, text: str) -> Verdict:
    """Return an exact share of a whole: ``33.33`` and ``33.33%`` are per cent, ``1/3`` is a third.

    A number with so many decimals that it can only be a fraction worked out (33.333333333333336, or
    0.333333333333333 shown with %) is read as that fraction, with a warning.

    Examples
    --------
    >>> share_from("text", "1/3").value, share_from("number", "33.33").value, share_from("text", "50%").value
    (Fraction(1, 3), Fraction(3333, 10000), Fraction(1, 2))
    """
    if kind == "date":
        found = "The cell holds a date: Excel turns 1/3 into the first of March."
        raise Refusal(_FRACTION_BECAME_DATE, found, "Format the cell as Text, then type 1/3; or type 33.33.")
    _refuse_other_kinds(kind, text)
    notes: tuple[tuple[str, str, str], ...] = ()
    if kind == "text":
        if match := _FRACTION.fullmatch(text.strip()):
            if not int(match[2]):
                raise Refusal(
                    _NOT_A_SHARE,
                    f"{quoted(text)} divides by zero.",
                    "Write a share such as 1/3 or 33.33.",
                )
            value = Fraction(int(match[1]), int(match[2]))
        else:
            value = Fraction(_text_decimal(text, allow_pound=False, allow_percent=True)[0]) / 100
    else:
        exact = Fraction(_shortest(text)) / (1 if kind == "percent" else 100)
        value = exact.limit_denominator(100) if exact.denominator > 10**10 else exact
        if value != exact and abs(value - exact) > Fraction(1, 10**13):
            value = exact
        elif value != exact:
            found = f"{quoted(text)} is read as the exact share {value}."
            notes = (("C9-read-as-fraction", found, "Write the fraction itself, as text, if you mean it."),)
    if not 0 <= value <= 1:
        raise Refusal(
            _NOT_A_SHARE,
            f"{quoted(text)} is not a share between 0 and 100 per cent.",
            "Write 50 for a half.",
        )
    if value.denominator >= 10**15:
        raise Refusal(
            _TOO_MANY_DECIMALS,
            f"{quoted(text)} has too many decimals for a share.",
            "Write a fraction, 1/3.",
        )
    return Verdict(value, notes)


def _refuse_other_kinds(kind: str, text: str) -> None:
    if kind == "error":
        raise Refusal(
            _ERROR_CELL,
            f"The cell holds the error {quoted(text)}.",
            "Correct the formula, or type the value.",
        )
    if kind == "flag":
        word = "TRUE" if text == "1" else "FALSE"
        raise Refusal(
            _TRUE_FALSE,
            f"The cell holds {word}, and the column holds numbers.",
            "Type the number itself.",
        )
    if kind == "date":
        raise Refusal(
            _DATE_FOR_NUMBER,
            "The cell holds a date, and the column holds numbers.",
            "Set its format to Number and type the number.",
        )


def _shortest(text: str) -> Decimal:
    """Return the decimal that the shortest spelling of a cell's double shows."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not math.isfinite(number):
        raise Refusal(_NOT_FINITE, f"{quoted(text)} is not a finite number.", "Type the number itself.")
    return Decimal(repr(number))


def _cell_decimal(text: str, decimals: int) -> Decimal:
    """Return a number cell's exact decimal, or its 15 digits where the shortest spelling has too many."""
    exact = _shortest(text)
    if _decimals(exact) <= decimals:
        return exact
    at_fifteen = Decimal(f"{Decimal(f'{exact:.14e}').normalize():f}")
    return at_fifteen if _decimals(at_fifteen) <= decimals else exact


def _text_decimal(text: str, *, allow_pound: bool, allow_percent: bool) -> tuple[Decimal, bool]:
    cleaned = text.strip(" \t\r\n\u00a0")
    match = _PLAIN.fullmatch(cleaned)
    if match and not (match["sign"] and match["inner"]) and (match["pound"] or not match["inner"]):
        is_percentage = bool(match["per"])
        if (allow_pound or not match["pound"]) and (allow_percent or not is_percentage):
            sign = -1 if match["sign"] or match["inner"] else 1
            return sign * Decimal(match["digits"].replace(",", "")), is_percentage
    raise _no_number(cleaned)


def _no_number(text: str) -> Refusal:
    if _ENDLESS.fullmatch(text):
        return Refusal(
            _NOT_FINITE,
            f"{quoted(text)} is not a finite number.",
            "Type the number itself, or leave it empty.",
        )
    if _ERROR_TEXT.fullmatch(text):
        return Refusal(
            _ERROR_CELL,
            f"The cell holds the error {quoted(text)}.",
            "Correct the formula, or type the value.",
        )
    if any(c.isdecimal() and not c.isascii() for c in text):
        return Refusal(
            _NOT_A_NUMBER,
            f"{quoted(text)} is written in other digits.",
            "Write it with the digits 0 to 9.",
        )
    for pattern, what, do in _HINTS:
        if pattern.fullmatch(text):
            return Refusal(_NOT_A_NUMBER, f"{quoted(text)} {what}.", do)
    if "£" in text:
        return Refusal(
            _NOT_A_NUMBER,
            f"{quoted(text)} is not a number of this column.",
            "Write the number alone: 1234.5.",
        )
    return Refusal(
        _NOT_A_NUMBER, f"{quoted(text)} is not a number.", "Write it as 1234.50, or leave it empty."
    )


def _checked(value: Decimal, text: str, digits: int, decimals: int) -> Decimal:
    if value and value.adjusted() >= digits - decimals:
        found = f"{quoted(text)} is too large: at most {digits - decimals} digits before the point."
        raise Refusal(_TOO_LARGE, found, "Check the number; state it in a larger unit if it is right.")
    if _decimals(value) > decimals:
        wanted = f"{decimals} decimals" if decimals else "whole numbers"
        found = f"{quoted(text)} has more decimals than the column holds ({wanted})."
        raise Refusal(_TOO_MANY_DECIMALS, found, "Round it yourself, so that nothing is rounded unseen.")
    return value + 0  # a minus zero is zero


def _decimals(value: Decimal) -> int:
    """How many decimals a number needs; zeros at its end do not count."""
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _per_cent(text: str) -> str:
    try:
        return f"{(Decimal(repr(float(text))) * 100).normalize():f}%"
    except (ValueError, InvalidOperation):
        return text
