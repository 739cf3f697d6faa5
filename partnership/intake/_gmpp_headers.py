"""What a heading of a major projects return means, by the words in it.

The same field has had many headings: "Total budgeted whole life costs (£million)", "Whole Life Cost TOTAL
Baseline £m (…)", "wlc_baseline_incl_NCG". A heading is brought to its words (definitions in brackets, years,
case and punctuation gone), and rules over those words say which field it is. What was taken away is not lost:
the unit, the financial year and the price base are read from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from partnership.errors import InvalidInput
from partnership.intake._gmpp_fields import FLAT, field_of, known_words
from partnership.intake._return_values import SCALES, words
from partnership.periods import name_financial_year, parse_financial_year

__all__ = ["KEPT_FIELDS", "MONEY_FIELDS", "Heading", "read_heading"]

MONEY_FIELDS = ("whole_life_cost", "benefits", "year_baseline", "year_forecast")

KEPT_FIELDS = (
    "id",
    "name",
    "department",
    "category",
    "description",
    "central_rating",
    "owner_rating",
    "rating",
    "rating_note",
    "start",
    "end",
    "schedule_note",
    "variance",
    "variance_note",
    "cost_note",
    "benefits_note",
    "owner_name",
    "year",
    "quarter",
    *MONEY_FIELDS,
)
"""Fields whose values are taken over. Others are known by name and reported as not taken over."""

Scale = Literal["five-point", "three-point"]


@dataclass(frozen=True, slots=True)
class Heading:
    """What one heading says.

    Parameters
    ----------
    field : str
        Name of the field, one of :data:`KEPT_FIELDS` or a known field that is not taken over ("evaluation").
    rank : int
        0 for a heading that can mean nothing else; of two columns for one field the lower rank is read.
    unit : Decimal or None
        Pounds in one unit of the column; None when the heading does not say.
    is_percent : bool
        Whether the heading speaks of per cent.
    year : int or None
        The financial year it names, by its starting year.
    price_year : str or None
        The year of the prices, when they are said to be real.
    scale : str or None
        The scale of the ratings, when it is said.
    """

    field: str
    rank: int = 0
    unit: Decimal | None = None
    is_percent: bool = False
    year: int | None = None
    price_year: str | None = None
    scale: Scale | None = None


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_OPEN_BRACKET = re.compile(r"[(\[].*$")
_YEARS = re.compile(
    r"(?<!\d)(?:FY\s*)?((?:19|20)?\d{2})\s*[/-]\s*((?:19|20)?\d{2})(?!\d)|\bFY\s*(\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_PRICES = re.compile(
    r"\b(?:real|constant)\b.*\bprices?\b|\bprices?\b.*\b(?:real|constant)\b|\breal terms\b", re.IGNORECASE
)
_IN_PRICES = re.compile(r"\bprices?\b", re.IGNORECASE)
_UNIT = re.compile(
    r"(?:£|gbp|\ufffd)\s*['’]?\s*(millions?|mn|m|billions?|bn|thousands?|k|000s?)?(?![a-z0-9])"
    r"|(?<![a-z0-9])['’]?(millions?|mn|m|billions?|bn|thousands?|k|000s)(?![a-z0-9])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+|\d+")
_LONGEST = 700


def read_heading(cell: object) -> Heading | None:
    """Return what a heading means, None when no rule knows it.

    Examples
    --------
    >>> read_heading("Total budgeted whole life costs (£million) (including non-government costs)").field
    'whole_life_cost'
    >>> heading = read_heading("Whole Life Cost (£m, Presented in 2024/25 Real Prices)")
    >>> heading.field, str(heading.unit), heading.price_year
    ('whole_life_cost', '1000000', '2024/25')
    >>> headings = ("2012/13 Budget (£million)", "ID Numbers", "SRO Delivery Confidence Assessment")
    >>> [read_heading(h).field for h in headings]
    ['year_baseline', 'id', 'owner_rating']
    >>> read_heading("Cells to be exempted") is None
    True
    """
    return _read(cell) if isinstance(cell, str) and len(cell) <= 4 * _LONGEST else None


@lru_cache(maxsize=16_384)
def _read(cell: str) -> Heading | None:
    whole = words(cell).replace("\ufffd", "£").replace("_", " ")
    if not whole or len(whole) > _LONGEST and "(" not in whole[:_LONGEST]:
        return None
    outside = _without_brackets(_first_sentence(words(cell)).replace("_", " "))
    bare = _YEARS.sub(" ", outside)
    tokens = frozenset(
        _WORD.findall(
            _CAMEL.sub(" ", bare).casefold().replace("%age", " % ").replace("wholelife", "whole life")
        )
    )
    if not tokens or len(tokens) > 30:
        return None
    inside = whole if len(whole) <= _LONGEST else whole[:_LONGEST]
    found = field_of(known_words(tokens - FLAT), is_percent := _says_percent(tokens, inside))
    if found is None:
        return None
    field, rank = found
    return Heading(
        field,
        rank,
        _unit(inside),
        is_percent,
        _year(outside) if field in (*MONEY_FIELDS, "variance") else _year(whole),
        _price_year(inside),
        _scale(inside),
    )


def _without_brackets(text: str) -> str:
    while (shorter := _BRACKETS.sub(" ", text)) != text:
        text = shorter
    return (
        _OPEN_BRACKET.sub(" ", text)
        if _OPEN_BRACKET.sub("", text).strip()
        else text.replace("(", " ").replace("[", " ")
    )


def _says_percent(tokens: frozenset[str], text: str) -> bool:
    return "%" in text or bool(tokens & {"percent", "percentage", "pct", "perc"})


def _unit(text: str) -> Decimal | None:
    found = _UNIT.search(
        _PRICES.sub(" ", text.casefold())
        if not _UNIT.search(text.split(",", maxsplit=1)[0])
        else text.split(",", maxsplit=1)[0]
    )
    if not found:
        return None
    said = (found[1] or found[2] or "").casefold()
    return SCALES[said] if said else Decimal(1)


def _year(text: str) -> int | None:
    for found in _YEARS.finditer(text):
        try:
            return parse_financial_year(found[0].replace(" ", ""))
        except InvalidInput:
            continue
    return None


def _price_year(text: str) -> str | None:
    if not _PRICES.search(text) and not (_IN_PRICES.search(text) and _year(text)):
        return None
    year = _year(text)
    return "" if year is None else name_financial_year(year)


def _scale(text: str) -> Scale | None:
    folded = text.casefold()
    if re.search(r"\b(?:five|5)[- ]point\b", folded) or re.search(r"amber\s*/\s*(?:red|green)", folded):
        return "five-point"
    return "three-point" if re.search(r"\b(?:three|3)[- ]point\b", folded) else None


_SENTENCE_END = re.compile(r"(?<=[a-z)]{3})\.\s+(?=[A-Z])")


def _first_sentence(text: str) -> str:
    """Return a heading without the definition that some publishers write after it.

    Examples
    --------
    >>> _first_sentence("Departmental commentary on the IPA RAG rating. The IPA rating is …")
    'Departmental commentary on the IPA RAG rating'
    """
    return _SENTENCE_END.split(text.strip(), maxsplit=1)[0].rstrip(".")
