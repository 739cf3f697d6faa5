"""The sentences of the goals page, each made of rows and verdicts: who, how much, against what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from partnership import wording
from partnership.goals import LETTERS

if TYPE_CHECKING:
    from partnership.goals import Judged, Lineage

__all__ = [
    "in_unit",
    "letters_title",
    "lineage_title",
    "milestones_title",
    "parts_title",
    "path_title",
    "stands",
    "then",
    "what",
]

Row = Mapping[str, Any]


_WHOLE_FROM = 10


def in_unit(value: Any, unit: str) -> str:
    """Return a value with its unit, as it stands in a sentence.

    Examples
    --------
    >>> in_unit(47, "%"), in_unit(5000, "cases")
    ('47%', '5,000 cases')
    """
    if value is None:
        return "no value"
    if unit == "%":
        return f"{wording.number(value)}%"
    return wording.pounds(value) if unit == "£" else f"{wording.number(value)} {unit}".strip()


def shortly(value: Any, unit: str) -> str:
    """Return a value as a sentence says it: whole from 10 on, with one decimal below.

    Examples
    --------
    >>> shortly(52.7363, "%"), shortly(7.25, "%"), shortly(1234.5, "cases")
    ('53%', '7.3%', '1,235 cases')
    """
    if unit == "£":
        return in_unit(value, unit)
    said = wording.number(value, places=0 if abs(value) >= _WHOLE_FROM else 1)
    return f"{said}%" if unit == "%" else f"{said} {unit}".strip()


def stands(summary: Row) -> str:
    """Return where the shared goal stands against its plan."""
    unit = summary.get("bhag_unit") or ""
    if not summary.get("bhag_measure_id"):
        return "Nobody has said how anybody would know that it comes nearer."
    if summary.get("latest_missing") == "suppressed":
        return "Its latest reading is a count of 1 to 5 and is withheld."
    if summary.get("latest_value") is None:
        return f"“{summary['bhag_measure_name']}” has not been read yet."
    planned = summary.get("planned_value")
    against = f", {shortly(planned, unit)} planned by then" if planned is not None else ""
    target = summary.get("target_value")
    by = (
        f", {in_unit(target, unit)} by {wording.month(summary['target_on'])}"
        if target is not None and summary.get("target_on")
        else ""
    )
    when = f" in {wording.month(summary['latest_period'])}"
    return f"It stood at {shortly(summary['latest_value'], unit)}{when}{against}{by}."


def then(judged: Sequence[Judged], found: Lineage) -> str:
    """Return how many goals meet every rule, and what serves nothing or is paid by nobody."""
    whole = sum(not one.to_mend for one in judged)
    goals = wording.count_of(len(judged), "goal", words=True)
    first = (
        f"{wording.capital(goals)} {'serves' if len(judged) == 1 else 'serve'} it; {_of(whole)} every rule."
    )
    said = []
    if found.orphans:
        said.append(
            f"{_some(found.orphans, 'piece')} of work {_one_or(found.orphans, 'serves', 'serve')} no goal"
        )
    if found.unserved:
        said.append(f"{_some(found.unserved, 'goal')} {_one_or(found.unserved, 'has', 'have')} no open work")
    if found.unfunded:
        said.append(
            f"{_some(found.unfunded, 'goal')} {_one_or(found.unfunded, 'has', 'have')} work without a payer"
        )
    return f"{first} {wording.capital(wording.listing(said))}." if said else first


def _some(things: Sequence[Any], noun: str) -> str:
    return wording.count_of(len(things), noun, words=True)


def _one_or(things: Sequence[Any], one: str, many: str) -> str:
    return one if len(things) == 1 else many


def _of(whole: int) -> str:
    return {0: "none meets", 1: "one meets"}.get(whole, f"{wording.in_words(whole)} meet")


def letters_title(judged: Sequence[Judged]) -> str:
    """Return the title of the table of letters: which letter lacks most often, and in how many goals."""
    lacking = {
        letter: sum(not s.full for one in judged for s in one.letters if s.letter == letter)
        for letter in LETTERS
    }
    worst = max(lacking, key=lambda letter: lacking[letter])
    if not lacking[worst]:
        return "Every goal meets every rule"
    sure = [LETTERS[k].lower() for k, n in lacking.items() if not n]
    many = lacking[worst]
    of_all = f"{wording.in_words(many)} of {wording.in_words(len(judged))}"
    rest = f"{of_all} {'has' if many == 1 else 'have'} something to mend under “{LETTERS[worst].lower()}”"
    return f"Every goal is {wording.listing(sure)}; {rest}" if sure else wording.capital(rest)


def path_title(summary: Row) -> str:
    """Return the title of the shared goal's picture: whether it is nearer than planned for that month."""
    value, planned, unit = (
        summary.get("latest_value"),
        summary.get("planned_value"),
        summary.get("bhag_unit") or "",
    )
    if value is None or planned is None:
        return "The way to the shared goal"
    planned = round(float(planned), 1)
    better = summary.get("bhag_polarity")
    gap = abs(float(value) - planned)
    words = f"{wording.number(round(gap, 1))} {'points' if unit == '%' else unit}".strip()
    if round(gap, 1) == 0:
        return "The shared goal is where it was planned to be"
    behind = (
        (float(value) > planned)
        if better == "lower"
        else (float(value) < planned)
        if better == "higher"
        else None
    )
    side = {True: "behind", False: "ahead of", None: "away from"}[behind]
    return f"The shared goal is {words} {side} the straight line to its target"


def lineage_title(found: Lineage, goals: int) -> str:
    """Return the title of the lineage: how much work reaches the big goal."""
    whole, lost = len(found.links), len(found.orphans)
    pieces = wording.count_of(whole, "piece", words=True)
    if not whole:
        return "No work is in the plan yet"
    if lost:
        found_way = wording.capital(wording.in_words(whole - lost))
        lost_way = f"{wording.in_words(lost)} {'does' if lost == 1 else 'do'} not"
        return f"{found_way} of {pieces} of work reach the big goal; {lost_way}"
    served = goals - len(found.unserved)
    return f"All {pieces} of work reach the big goal, through {wording.count_of(served, 'goal', words=True)}"


def milestones_title(steps: Sequence[Row], today: Any) -> str:
    """Return the title of the milestones: which one comes next."""
    coming = sorted((s for s in steps if s["due_on"] > today), key=lambda s: s["due_on"])
    if not steps:
        return "No goal has a milestone yet"
    if not coming:
        return "Every milestone’s day is past"
    first = coming[0]
    return f"Next: “{first['title'].rstrip('.')}”, by {wording.day(first['due_on'])}"


def parts_title(empty: int, places: int) -> str:
    """Return the title of gives and gets: in how many places a partner has nothing in it.

    Examples
    --------
    >>> parts_title(0, 40)
    'Every partner gives to every goal and gets from it'
    >>> parts_title(11, 40)
    '11 of 40 places are empty: a partner gives nothing or gets nothing'
    """
    if not empty:
        return "Every partner gives to every goal and gets from it"
    verb = "is" if empty == 1 else "are"
    return f"{empty} of {places} places {verb} empty: a partner gives nothing or gets nothing"


def what(goal: Any, measure: Row | None) -> str:
    """Return what a goal is held to: from where to where, by when."""
    if measure is None or goal.target_value is None:
        return "no measure or no target yet"
    unit = measure["unit"]
    by = f" by {wording.month(goal.target_on)}" if goal.target_on else ""
    start = f"from {in_unit(goal.baseline_value, unit)} " if goal.baseline_value is not None else ""
    return f"{measure['name']}: {start}to {in_unit(goal.target_value, unit)}{by}"
