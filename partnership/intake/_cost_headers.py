"""What a heading of a unit cost library means, by the words in it and in the group heading above it.

The publisher writes the group as "Fiscal", "Fiscal Cost" or "Fiscal value" and repeats the same sub-headings
under each group; other editions move the columns. So a heading is read together with its group, and never by
its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from partnership.errors import InvalidInput
from partnership.intake._return_values import words
from partnership.periods import name_financial_year, parse_financial_year

__all__ = ["VALUE_KINDS", "CostHeading", "read_cost_heading"]

VALUE_KINDS = ("fiscal", "economic", "social")

_YEARS = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[/ _-]\s*((?:19|20)?\d{2})(?!\d)")
_WORD = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UPRATED = {"updated", "uprated", "inflated", "adjusted", "current", "revised", "today", "latest", "real"}
_AMOUNT = {
    "cost",
    "costs",
    "saving",
    "savings",
    "value",
    "values",
    "gbp",
    "estimated",
    "estimate",
    "amount",
    "price",
    "prices",
}
_NOT_NAMES = {"the", "of", "a", "an", "and", "or", "for", "in", "at", "to", "by", "making", "bearing", "per"}


@dataclass(frozen=True, slots=True)
class CostHeading:
    """What a heading says: the field, and the year of prices that it names."""

    field: str
    price_year: str | None = None


@lru_cache(maxsize=2048)
def read_cost_heading(group: str, text: str) -> CostHeading | None:
    r"""Return what a heading under a group heading means, None when no rule knows it.

    Examples
    --------
    >>> [read_cost_heading("Fiscal value", t).field for t in ("Updated\ncost/saving", "Year")]
    ['fiscal_uprated', 'fiscal_year']
    >>> read_cost_heading("Agency bearing the cost / making the fiscal saving", "Level 1").field
    'agency'
    >>> read_cost_heading("", "fiscal_gbp_2015_16")
    CostHeading(field='fiscal_uprated', price_year='2015/16')
    """
    own, above = _tokens(text), _tokens(group)
    if not own or len(own) > 14:
        return None
    if field := _agency(own, above) or _alone(own):
        return CostHeading(field)
    kinds = [k for k in VALUE_KINDS if k in own] or [k for k in VALUE_KINDS if k in above]
    if len(kinds) != 1:
        return None
    year = _price_year(text)
    if own & _UPRATED or (year and own & (_AMOUNT | {"uprating"})):
        return CostHeading(f"{kinds[0]}_uprated", year or _price_year(group))
    if own & {"year", "years"} or {"price", "base"} <= own:
        return CostHeading(f"{kinds[0]}_year")
    return (
        CostHeading(f"{kinds[0]}_value", _price_year(group)) if own & (_AMOUNT | set(VALUE_KINDS)) else None
    )


def _tokens(text: str) -> frozenset[str]:
    bare = _YEARS.sub(" ", _CAMEL.sub(" ", words(text)))
    return frozenset(_WORD.findall(bare.casefold())) - _NOT_NAMES


def _price_year(text: str) -> str | None:
    for found in _YEARS.finditer(text.replace("_", " ")):
        try:
            return name_financial_year(parse_financial_year(f"{found[1]}/{found[2]}"))
        except InvalidInput:
            continue
    return None


def _agency(own: frozenset[str], above: frozenset[str]) -> str | None:
    if not (own | above) & {"agency", "agencies", "organisation", "bearer"}:
        return None
    if own & {"2", "two", "second", "secondary", "detail", "sub"}:
        return "agency_detail"
    if own & {"1", "one", "first", "primary", "main"} or own & {
        "agency",
        "agencies",
        "organisation",
        "bearer",
    }:
        return "agency"
    return None


def _alone(own: frozenset[str]) -> str | None:
    """Headings that mean the same under any group."""
    money = own & set(VALUE_KINDS)
    for field, marks, allowed in (
        (
            "code",
            {"code", "ref", "reference", "id"},
            {"cost", "entry", "unit", "unique", "number", "saving", "ucd", "code", "row"},
        ),
        ("category", {"category", "theme"}, {"outcome", "cost", "main"}),
        ("detail", {"detail", "outcome", "subcategory"}, {"outcome", "sub", "category", "name"}),
        (
            "cost",
            {"detail", "details", "description", "cost", "saving", "entry"},
            {"cost", "saving", "item", "name", "unit", "entry"},
        ),
        ("unit", {"unit", "units"}, {"measure", "measurement", "cost"}),
        ("level", {"hierarchy", "level", "type"}, {"cost", "entry", "hierarchy", "row"}),
        (
            "confidence",
            {"confidence", "rag", "quality", "rating"},
            {"level", "grade", "score", "status", "evidence", "data", "rag", "rating"},
        ),
        ("source", {"source", "sources"}, {"original", "data", "reference", "evidence", "cost", "primary"}),
        (
            "comment",
            {"comment", "comments", "note", "notes", "caveats"},
            {"additional", "guidance", "usage", "further", "general"},
        ),
        ("link", {"link", "url", "hyperlink", "links", "website"}, {"source", "web", "original", "document"}),
    ):
        if not money and own & marks and own <= marks | allowed and (field != "cost" or _is_cost(own)):
            return field
    return None


def _is_cost(own: frozenset[str]) -> bool:
    """Tell what is costed ("Cost detail") from an amount ("Cost")."""
    return bool(own & {"detail", "details", "description", "item", "name", "entry"})
