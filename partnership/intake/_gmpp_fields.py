"""Which field the words of a heading name: one rule a group of fields, tried in order.

A rule looks at words as a set, so that their order and case do not matter. It answers with the field and a
rank: 0 when the words can mean nothing else, more when another heading would be surer.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache

__all__ = ["FLAT", "field_of", "known_words"]

FLAT = {
    "the",
    "of",
    "a",
    "an",
    "and",
    "or",
    "on",
    "for",
    "in",
    "at",
    "by",
    "to",
    "is",
    "if",
    "m",
    "mn",
    "million",
    "gbp",
    "bn",
    "billion",
    "k",
    "age",
    "percent",
    "percentage",
    "pct",
    "only",
}
_NOTE = {
    "narrative",
    "narratives",
    "commentary",
    "comment",
    "comments",
    "explanation",
    "note",
    "notes",
    "rationale",
    "reason",
    "reasons",
    "statement",
}
_PROJECT = {"project", "projects", "programme", "programmes", "program", "gmpp", "major"}
_RATED = {"rating", "ratings", "rag", "dca", "colour", "color", "brag"}
_OWNERS = {"sro", "owner", "owners", "senior", "departmental", "department", "dept", "self", "internal"}
_CENTRAL = {"ipa", "mpa", "nista", "central", "centre", "authority", "infrastructure", "independent"}
_INCLUDES = {"incl", "inc", "including", "includes", "include", "inclusive"}
_WHEN = {
    "date",
    "dates",
    "day",
    *_PROJECT,
    "latest",
    "approved",
    "planned",
    "current",
    "agreed",
    "baseline",
    "forecast",
    "original",
    "delivery",
    "expected",
    "actual",
}

Rule = Callable[[frozenset[str], bool], "tuple[str, int] | None"]


def _notes(t: frozenset[str], _: bool) -> tuple[str, int] | None:
    if not t & _NOTE or "name" in t:
        return None
    for marks, field in (
        ({"benefit", "benefits"}, "benefits_note"),
        ({"schedule", "date", "dates", "milestone", "milestones", "timetable", "time"}, "schedule_note"),
        ({"life", "wlc", "cost", "costs", "lifetime"}, "cost_note"),
        ({"variance", "forecast"}, "variance_note"),
        ({"budget", "budgeted", "finance", "financial"}, "cost_note"),
        ({*_RATED, "actions", "action", "confidence", "delivery"}, "rating_note"),
    ):
        if t & marks:
            return field, 0
    return "other_note", 0


def _people(t: frozenset[str], _: bool) -> tuple[str, int] | None:
    if "email" in t or "telephone" in t or "phone" in t:
        return "contact", 0
    senior = {"senior", "responsible"} <= t or "sro" in t
    if senior and ("name" in t or t <= {"sro", "senior", "responsible", "owner", *_PROJECT}):
        return "owner_name", 0
    return ("evaluation", 0) if "evaluation" in t else None


def _ratings(t: frozenset[str], _: bool) -> tuple[str, int] | None:
    if not (t & _RATED or {"delivery", "confidence"} <= t) or "grouped" in t or "previous" in t:
        return None
    if t & _CENTRAL:
        return "central_rating", 0
    return ("owner_rating", 0) if t & _OWNERS else ("rating", 1)


def _money(t: frozenset[str], percent: bool) -> tuple[str, int] | None:
    if t & {"benefit", "benefits"}:
        return _benefits(t)
    whole = {"whole", "life"} <= t or bool(t & {"wlc", "lifetime", "lifecycle"})
    if t & {"variance", "variation"}:
        return ("variance_whole_life", 0) if whole else ("variance", 0 if percent else 1)
    if not whole:
        return _in_year(t)
    if "forecast" in t and not t & {"baseline", "budgeted", "budget"}:
        return "whole_life_forecast", 0
    split = t & {"gov", "government", "govt", "ncg", "ngc"} and not t & _INCLUDES
    return ("whole_life_part", 0) if split else ("whole_life_cost", 0 if t & _PLANNED else 1)


_PLANNED = {"baseline", "budget", "budgeted", "total", "approved"}
_BENEFIT_DETAILS = {
    "owner", "type", "category", "start", "end", "date", "year", "ratio", "realised", "actual", "description",
    "plan", "cost",
}  # fmt: skip


def _benefits(t: frozenset[str]) -> tuple[str, int]:
    if t & _BENEFIT_DETAILS:
        return "benefits_detail", 0
    if t & {"forecast", "forecasted"} and "baseline" not in t:
        return "benefits_forecast", 0
    if t & {"cashable", "cash", "non", "which"}:
        return "benefits_part", 0
    return "benefits", 0 if t & _PLANNED else 1


def _in_year(t: frozenset[str]) -> tuple[str, int] | None:
    if t & {"date", "dates", "start", "end"}:
        return None
    if t & {"outturn", "actual", "spend", "spent"} and not t & {"forecast", "baseline", "budget"}:
        return "year_outturn", 0
    if "forecast" in t:
        return "year_forecast", 0
    if t & {"baseline", "budget", "budgeted"}:
        return "year_baseline", 0 if "total" in t or "financial" in t else 1
    if t & {"cost", "costs"} and "total" in t:
        return "whole_life_cost", 2
    return None


def _dates(t: frozenset[str], _: bool) -> tuple[str, int] | None:
    for marks, field in (
        ({"start", "starts", "started", "commencement", "begin", "begins", "commence"}, "start"),
        ({"end", "ends", "finish", "completion", "complete", "closure", "close"}, "end"),
    ):
        rest = t - marks
        if t & marks and rest <= _WHEN:
            return field, len(rest & {"forecast", "original", "baseline", "actual"})
    return None


def _identity(t: frozenset[str], _: bool) -> tuple[str, int] | None:
    marks = {"id", "ids", "identifier", "reference", "ref", "number", "numbers", "no", "code", "urn"}
    if t & marks and t <= marks | _PROJECT | _CENTRAL | {"unique", "return", "portfolio"}:
        return "id", 0 if t & _PROJECT else 1
    if t & {"name", "title"} and t <= {"name", "title", "full", "official", "public", *_PROJECT}:
        return "name", 0 if t & _PROJECT else 1
    if t in (frozenset({"project"}), frozenset({"programme"}), frozenset({"project", "programme"})):
        return "name", 1
    return None


def _about(t: frozenset[str], _: bool) -> tuple[str, int] | None:
    bodies = {"department", "departments", "dept", "ministry", "organisation", "organization", "body"}
    if t & bodies and t <= bodies | {
        "name",
        "lead",
        "sponsoring",
        "responsible",
        "owning",
        "sponsor",
        "government",
        "parent",
    }:
        return "department", 0
    if "category" in t and t <= {"category", "annual", "report", "gmpp", "ipa", "mpa", "nista", *_PROJECT}:
        return "category", 0
    if t & {"description", "aims", "aim", "objectives", "purpose"} and len(t) <= 6:
        return "description", 0
    if t in (frozenset({"project", "type"}), frozenset({"sector"})):
        return "category", 1
    return None


def _time(t: frozenset[str], _: bool) -> tuple[str, int] | None:
    kinds = {
        "report",
        "reporting",
        "annual",
        "ar",
        "return",
        "data",
        "publication",
        "financial",
        "fiscal",
        "fy",
        "gmpp",
        "position",
    }
    if "year" in t and t <= {"year", *kinds}:
        return "year", 0 if len(t) <= 2 else 1
    if t & {"quarter", "snapshot"} and t <= {"quarter", "snapshot", "date", "period", *kinds}:
        return "quarter", 0
    return ("quarter", 1) if t in (frozenset({"reporting", "date"}), frozenset({"position"})) else None


_RULES: tuple[Rule, ...] = (_notes, _people, _time, _ratings, _dates, _identity, _about, _money)


_SENTENCE = {
    "are",
    "were",
    "was",
    "have",
    "has",
    "may",
    "will",
    "must",
    "figures",
    "based",
    "this",
    "these",
    "which",
    "it",
}
_LONGEST_NAME = 10

_OFTEN_MISSPELT = (
    "assessment", "baseline", "benefits", "budgeted", "category", "commentary", "confidence", "delivery",
    "department", "departmental", "description", "forecast", "narrative", "programme", "project", "rating",
    "schedule", "variance",
)  # fmt: skip


def known_words(tokens: frozenset[str]) -> frozenset[str]:
    """Return words without loose numbers, a word that is nearly a known one as that one.

    Examples
    --------
    >>> sorted(known_words(frozenset({"departmant", "1", "forcast", "total"})))
    ['department', 'forecast', 'total']
    """
    return frozenset(_nearly(t) for t in tokens if not t.isdigit())


@lru_cache(maxsize=65_536)
def _nearly(word: str) -> str:
    if len(word) < 6 or word in _OFTEN_MISSPELT:
        return word
    return next(iter(get_close_matches(word, _OFTEN_MISSPELT, n=1, cutoff=0.88)), word)


def field_of(tokens: frozenset[str], percent: bool) -> tuple[str, int] | None:
    """Return the field and the rank of a heading's words, None when no rule knows them.

    Only a narrative's heading may be as long as a sentence; a note under a table is one and never counts.
    """
    sentence = len(tokens) > _LONGEST_NAME or bool(tokens & _SENTENCE)
    for rule in _RULES[:2] if sentence else _RULES:
        if found := rule(tokens, percent):
            return found
    return None
