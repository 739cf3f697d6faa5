"""How numbers, dates and lists are written, once for every page, chart, file and print.

£1.23m from a million, £210,000 below; in a comparison all figures share one unit. A true minus, a plus only
for a net or a change. 76%, with a decimal only under 10. "1,000 times" from 10, "4.1 times" below. "92 in
100", "fewer than 1 in 100" at the ends. 4 May 2026. Rounding is half up on the decimal value, as everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from partnership._wording.names import capital, does, is_plural, own_name, possessive, singular, the
from partnership.periods import name_day, name_month

__all__ = [
    "MINUS",
    "capital",
    "chances",
    "count_of",
    "day",
    "days_late",
    "does",
    "in_words",
    "is_plural",
    "listing",
    "month",
    "number",
    "own_name",
    "percent",
    "possessive",
    "pounds",
    "rate",
    "short_day",
    "short_month",
    "singular",
    "the",
    "times",
    "unit_of",
    "unit_per",
    "unread",
]

MINUS = "\N{MINUS SIGN}"

_MILLION = Decimal(1_000_000)
_SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")

Amount = Decimal | int | float


def _decimal(value: Amount) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _fixed(value: Decimal, places: int) -> str:
    """Digits with thousands commas, rounded half up; the sign is left to the caller."""
    return f"{abs(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,f}"


def _signed(value: Decimal, digits: str, plus: bool) -> str:
    if not any(c in "123456789" for c in digits):
        return digits
    return f"{MINUS if value < 0 else '+' if plus else ''}{digits}"


def unit_of(*amounts: Amount | None) -> str:
    """Return the unit that a comparison of amounts shares: "m" when the largest reaches a million, else "".

    Examples
    --------
    >>> unit_of(Decimal("710000"), Decimal("1640000")), unit_of(210000, None)
    ('m', '')
    """
    return "m" if any(a is not None and abs(_decimal(a)) >= _MILLION for a in amounts) else ""


def unread(kind: str | None) -> str:
    """Return in words why there is no value: the kind of missing; "no reading" where nothing was handed in.

    Examples
    --------
    >>> unread("withheld"), unread("blank"), unread(None)
    ('withheld', 'no reading', 'no reading')
    """
    return kind if kind and kind != "blank" else "no reading"


def pounds(amount: Amount | None, unit: str | None = None, *, plus: bool = False, pence: bool = False) -> str:
    """Write an amount of money.

    Parameters
    ----------
    amount : Decimal or int or float or None
        Pounds; None is "no figure".
    unit : {"m", ""}, optional
        The unit of the comparison it stands in, from :func:`unit_of`; by default the amount's own.
    plus : bool
        Show a plus sign: for a net or a change.
    pence : bool
        Show pennies: for a settlement.

    Examples
    --------
    >>> pounds(1234567), pounds(Decimal("210000.00")), pounds(-530000, "m"), pounds(710000, "m")
    ('£1.23m', '£210,000', '−£0.53m', '£0.71m')
    >>> pounds(1570000, plus=True), pounds(Decimal("999999.996")), pounds(12.5, pence=True)
    ('+£1.57m', '£1.00m', '£12.50')
    >>> pounds(Decimal("3200"), "m"), pounds(Decimal("0.4")), pounds(None)
    ('£3,200', '£0', 'no figure')
    """
    if amount is None:
        return "no figure"
    value = _decimal(amount)
    if pence:
        return _pounds(value, _fixed(value, 2), plus)
    whole = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    chosen = unit_of(whole) if unit is None else unit
    if chosen == "m" and (not whole or abs(whole) >= 5000):
        return _pounds(value, _fixed(value / _MILLION, 2) + "m", plus) if whole else "£0"
    return _pounds(whole, _fixed(whole, 0), plus)


def _pounds(value: Decimal, digits: str, plus: bool) -> str:
    signed = _signed(value, digits, plus)
    return f"{signed[0]}£{signed[1:]}" if signed[0] in (MINUS, "+") else f"£{signed}"


def number(value: Amount | None, *, plus: bool = False, places: int = 2) -> str:
    """Write a quantity: thousands commas, a true minus, no idle zeros.

    Examples
    --------
    >>> number(Decimal("5000.0000")), number(-1.50), number(0.1), number(None), number(12, plus=True)
    ('5,000', '−1.5', '0.1', 'no figure', '+12')
    """
    if value is None:
        return "no figure"
    exact = _decimal(value)
    digits = _fixed(exact, places)
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return _signed(exact, digits, plus)


def percent(share: Amount | None) -> str:
    """Write a share of one as a percentage: no decimals, one under 10%.

    Examples
    --------
    >>> percent(0.7634), percent(0.094), percent(0.05), percent(0), percent(1), percent(-0.12), percent(None)
    ('76%', '9.4%', '5%', '0%', '100%', '−12%', 'no figure')
    """
    if share is None:
        return "no figure"
    value = _decimal(share) * 100
    digits = _fixed(value, 1 if abs(value) < 10 else 0).removesuffix(".0")
    return _signed(value, digits, plus=False) + "%"


def times(ratio: Amount | None, *, bare: bool = False) -> str:
    """Write a ratio: whole from 10, one decimal below; ``bare`` leaves the word "times" away.

    Examples
    --------
    >>> times(1000.0), times(23.33), times(4.0909), times(9.96), times(8, bare=True), times(None)
    ('1,000 times', '23 times', '4.1 times', '10 times', '8.0', 'no figure')
    """
    if ratio is None:
        return "no figure"
    value = _decimal(ratio)
    digits = _fixed(value, 0 if Decimal(_fixed(value, 1).replace(",", "")) >= 10 else 1)
    return digits if bare else f"{digits} times"


def chances(share: Amount) -> str:
    """Write a chance as futures of a hundred.

    Examples
    --------
    >>> chances(0.92), chances(0.003), chances(0.999), chances(0), chances(1)
    ('92 in 100', 'fewer than 1 in 100', 'more than 99 in 100', '0 in 100', '100 in 100')
    """
    value = _decimal(share) * 100
    if 0 < value < 1:
        return "fewer than 1 in 100"
    if 99 < value < 100:
        return "more than 99 in 100"
    return f"{_fixed(value, 0)} in 100"


def rate(quantity: Amount | None, per: str, unit: str = "") -> str:
    """Write a quantity for a period, as somebody said it.

    Examples
    --------
    >>> rate(1250, "quarter"), rate(5, "year", "cases"), rate(4, "in all", "feeds"), rate(None, "year")
    ('1,250 a quarter', '5 cases a year', '4 feeds', 'no figure')
    >>> rate(20, "week", "hours a week"), rate(40000, "year", "£"), rate(85, "in all", "%")
    ('20 hours a week', '£40,000 a year', '85%')
    """
    if unit == "£" and quantity is not None:
        said = pounds(quantity, "")
    elif unit == "%" and quantity is not None:
        said = f"{number(quantity)}%"
    else:
        said = number(quantity) + (f" {unit}" if unit and quantity is not None else "")
    return said if per == "in all" or quantity is None or said.endswith(f" a {per}") else f"{said} a {per}"


def unit_per(unit: str, per: str) -> str:
    """Write a unit with the period it is for, once.

    Examples
    --------
    >>> unit_per("cases", "year"), unit_per("hours a week", "week"), unit_per("feeds", "in all")
    ('cases a year', 'hours a week', 'feeds')
    """
    return unit if per == "in all" or unit.endswith(f" a {per}") else f"{unit} a {per}"


def day(value: dt.date) -> str:
    """Write a day.

    Examples
    --------
    >>> day(dt.date(2026, 5, 4))
    '4 May 2026'
    """
    return name_day(value)


def short_day(value: dt.date, *, year: bool = True) -> str:
    """Write a day where space is short.

    Examples
    --------
    >>> short_day(dt.date(2026, 9, 3)), short_day(dt.date(2026, 9, 3), year=False)
    ('3 Sept 2026', '3 Sept')
    """
    text = f"{value.day} {_SHORT_MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if year else text


def month(value: dt.date) -> str:
    """Write a month.

    Examples
    --------
    >>> month(dt.date(2026, 10, 1))
    'October 2026'
    """
    return name_month(value)


def short_month(value: dt.date) -> str:
    """Write a month where space is short.

    Examples
    --------
    >>> short_month(dt.date(2026, 9, 1))
    'Sept 2026'
    """
    return f"{_SHORT_MONTHS[value.month - 1]} {value.year}"


def in_words(count: int) -> str:
    """Write a small count in words, a larger one in digits.

    Examples
    --------
    >>> in_words(2), in_words(0), in_words(13), in_words(5000)
    ('two', 'no', '13', '5,000')
    """
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def count_of(count: int, one: str, many: str | None = None, *, words: bool = False) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count_of(1, "promise"), count_of(6, "promise"), count_of(2, "agency", "agencies", words=True)
    ('1 promise', '6 promises', 'two agencies')
    """
    noun = one if count == 1 else many or f"{one}s"
    return f"{in_words(count) if words else f'{count:,}'} {noun}"


def days_late(days: int) -> str:
    """Write how late something is.

    Examples
    --------
    >>> days_late(146), days_late(1)
    ('146 days late', '1 day late')
    """
    return f"{count_of(days, 'day')} late"


def listing(items: Iterable[str], last: str = "and", most: int | None = None) -> str:
    """Write a list of names; beyond ``most`` the rest is counted.

    Examples
    --------
    >>> listing(["a", "b", "c"]), listing(["a"]), listing([]), listing("abcd", most=2)
    ('a, b and c', 'a', '', 'a, b and 2 more')
    """
    names: Sequence[str] = list(items)
    if most is not None and len(names) > most + 1:
        names = [*names[:most], f"{len(names) - most} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
