"""Axes and labels that pictures share: round ticks, months, labels that do not run into each other."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from partnership.charts.theme import TOKENS
from partnership.periods import add_months, financial_year, name_financial_year
from partnership.wording import MINUS, pounds

__all__ = ["amounts", "clear", "left_label", "money_words", "months_axis", "nice_ticks", "spread", "wrapped"]

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _step(span: float, most: int) -> float:
    """Return the smallest round step that parts a span into at most so many intervals."""
    rough = max(span, 1e-9) / most
    size = 10.0 ** math.floor(math.log10(rough))
    return next(s * size for s in _STEPS if s * size >= rough * (1 - 1e-9))


def amounts(values: Sequence[float], most: int = 5) -> list[float]:
    """Return round values for an axis from zero, or from below it when there are negative values.

    Examples
    --------
    >>> amounts([0, 1_950_000])
    [0.0, 500000.0, 1000000.0, 1500000.0, 2000000.0]
    >>> amounts([-30.0, 60.0])
    [-40.0, -20.0, 0.0, 20.0, 40.0, 60.0]
    """
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    if low == high:
        return [0.0]
    step = _step(high - low, most)
    return [
        round(i * step, 6) + 0.0
        for i in range(math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9) + 1)
    ]


def nice_ticks(
    values: Sequence[float], most: int = 4, *, whole_share: bool = False
) -> tuple[float, float, list[float]]:
    """Return the range and the round values of an axis that shows a measure's movement.

    It starts at zero when the smallest value is below half of the largest, else below the smallest.

    Examples
    --------
    >>> nice_ticks([54.0, 72.0, 90.0], whole_share=True)
    (40.0, 100.0, [40.0, 60.0, 80.0, 100.0])
    >>> nice_ticks([3.0, 12.0])
    (0.0, 15.0, [0.0, 5.0, 10.0, 15.0])
    """
    low, high = min(values), max(values)
    if 0 <= low < high / 2 or low == high:
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    else:
        low -= 0.12 * (high - low)
    step = _step(high - low, most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    top = min(last * step, 100.0) if whole_share and high <= 100 else last * step
    ticks = [round(i * step, 6) + 0.0 for i in range(first, last + 1) if i * step <= top]
    return ticks[0], ticks[-1] if ticks[-1] >= high else top, ticks


def months_axis(periods: Sequence[dt.date], *, pad: bool = False, narrow: bool = False) -> dict[str, Any]:
    """Return the axis of a series of months: quarters named, the year under each April.

    Parameters
    ----------
    periods : Sequence of date
        First days of the months.
    pad : bool
        Leave half a month free at both ends, for marks and columns.
    narrow : bool
        The picture is half a page wide: fewer names.

    Examples
    --------
    >>> axis = months_axis([dt.date(2025, 4, 1), dt.date(2026, 4, 1)])
    >>> axis["ticktext"]
    ('Apr<br>2025/26', 'Jul', 'Oct', 'Jan', 'Apr<br>2026/27')
    """
    first, last = min(periods), max(periods)
    months = (last.year - first.year) * 12 + last.month - first.month
    every = 3 if months <= (14 if narrow else 30) else 12
    start = first.replace(day=1)
    while start.month not in ((4, 7, 10, 1) if every == 3 else (4,)):
        start = add_months(start, 1)
    ticks = [d for d in (add_months(start, i) for i in range(0, months + 12, every)) if d <= last]
    if not ticks or (ticks[0] != first and months < 12):
        ticks = sorted({first, *ticks})
    half = dt.timedelta(days=20 if pad else 0)
    ends = (
        (first - half, last + half)
        if months or pad
        else (first - dt.timedelta(days=20), last + dt.timedelta(days=20))
    )
    return {
        "type": "date",
        "range": ends,
        "tickvals": tuple(ticks),
        "ticktext": tuple(_month_words(d, i == 0) for i, d in enumerate(ticks)),
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": TOKENS["ink"],
        "tickangle": 0,
        "tickfont": {"size": 15, "color": TOKENS["ink-2"]},
    }


def _month_words(day: dt.date, is_first: bool) -> str:
    year = f"<br>{name_financial_year(financial_year(day))}" if day.month == 4 or is_first else ""
    return f"{_SHORT[day.month - 1]}{year}"


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Return places moved apart until no two are nearer than a gap, each as near to its own as that allows.

    Examples
    --------
    >>> spread([10.0, 9.0], 4.0)
    [11.5, 7.5]
    >>> spread([10.0, 1.0], 4.0)
    [10.0, 1.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[tuple[list[int], float]] = []
    for i in order:
        members, middle = [i], places[i]
        while (
            groups
            and middle - gap * (len(members) - 1) / 2 - (groups[-1][1] + gap * (len(groups[-1][0]) - 1) / 2)
            < gap - 1e-12
        ):
            others, _ = groups.pop()
            members = others + members
            middle = sum(places[m] for m in members) / len(members)
        groups.append((members, middle))
    out = list(places)
    for members, middle in groups:
        for rank, member in enumerate(members):
            out[member] = middle + gap * (rank - (len(members) - 1) / 2)
    return out


def wrapped(words: str, width: int) -> str:
    """Break an escaped text into lines of about so many characters, at spaces.

    Examples
    --------
    >>> wrapped("Domestic abuse charity of the county", 23)
    'Domestic abuse charity<br>of the county'
    >>> wrapped("Keep victims of domestic abuse safe the first time", 23)
    'Keep victims of<br>domestic abuse safe …'
    """
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        second = lines[1] if len(lines[1]) <= width - 2 or " " not in lines[1] else lines[1].rsplit(" ", 1)[0]
        lines = [lines[0], f"{second} …"]
    return "<br>".join(
        line if len(line) <= width + 12 or "&" in line else f"{line[: width + 11]}…" for line in lines
    )


def left_label(words: str, y: float, margin: int) -> dict[str, Any]:
    """Return the annotation that names a row at the left edge of the picture."""
    return {
        "text": words,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -margin,
        "y": y,
        "align": "left",
        "font": {"size": 15, "color": TOKENS["ink"]},
    }


def clear(opacity: float) -> str:
    """Return paper that lets something through, to stand behind a label."""
    return f"rgba(255,255,255,{opacity})"


def money_words(ticks: Sequence[float]) -> list[str]:
    """Write the values of an axis in one unit, with no idle decimals.

    Examples
    --------
    >>> money_words([0.0, 500_000.0, 1_000_000.0]), money_words([-20_000.0, 0.0])
    (['0', '£0.5m', '£1.0m'], ['−£20,000', '0'])
    """
    top = max(abs(t) for t in ticks)
    if top < 1_000_000:
        return [pounds(Decimal(str(t)), "") if t else "0" for t in ticks]
    places = 1 if all(round(t / 100_000, 6).is_integer() for t in ticks) else 2
    minus = {True: MINUS, False: ""}
    return [f"{minus[t < 0]}£{abs(t) / 1e6:,.{places}f}m" if t else "0" for t in ticks]
