"""The sentences of the expectation page, each made of a view's rows: who, how much, against what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from partnership import wording

__all__ = [
    "agreed_to",
    "direction",
    "ends",
    "gap_title",
    "history_title",
    "measures_title",
    "moved",
    "pairs_title",
    "question",
    "results_title",
    "summary",
    "talk",
]

Row = Mapping[str, Any]
Name = Callable[[str | None], str]
"""From an agency's id to its short name."""


def ends(row: Row, name: Name) -> str:
    """Return what the two ends of a gap mean: "Probation means 5 cases a year. The council means 5,000."."""
    least, most = (wording.the(name(row[k])) for k in ("least_agency_id", "most_agency_id"))
    first = wording.rate(row["least_rate"], row["measure_per"], row["measure_unit"])
    said = f"{wording.capital(wording.does(least, 'mean'))} {first}."
    return f"{said} {wording.capital(wording.does(most, 'mean'))} {wording.number(row['most_rate'])}."


def agreed_to(row: Row) -> str:
    """Return what both ends have agreed to: the goal, in its own words."""
    title = str(row["goal_title"]).rstrip(".")
    small = title if title[:2].isupper() else title[:1].lower() + title[1:]
    return f"Both have agreed to “{small}”."


def summary(totals: Row, redefine: float, widest: Row | None) -> str:
    """Return how many measures must be re-defined, and why no average is shown."""
    gaps, stop, discuss = totals["gaps"], totals["redefine"], totals["discuss"]
    whole = redefine == round(redefine)
    bound = f"{wording.in_words(round(redefine)) if whole else wording.number(redefine)} times"
    of_all = f"of {wording.count_of(gaps, 'shared measure')}"
    if not stop:
        need = "needs" if discuss == 1 else "need"
        talk = f"{discuss} {of_all} {need} a talk" if discuss else "none needs a talk"
        return f"No shared measure differs by {bound} or more; {talk}."
    differ = "differs" if stop == 1 else "differ"
    why = "these are different definitions, not a spread around one truth"
    if widest is None or widest["kind_of_gap"] != "definition":
        why = "it would hide that partners mean different things"
    must = f"{differ} by {bound} or more and must stop and be re-defined"
    return f"{stop} {of_all} {must}. No average is shown: {why}."


def gap_title(row: Row, rates: Sequence[Row]) -> str:
    """Return the title of one measure's picture: partners, answers, from least to most."""
    partners = len({r["agency_id"] for r in rates})
    answers = len({r["agency_id"] for r in rates if r["answer"] != "no answer"})
    who = wording.capital(wording.count_of(partners, "partner", words=True))
    said = wording.count_of(answers, "answer", words=True)
    if row["ratio"] is None:
        return f"{who}, {said}: {row['band']}"
    least, most = wording.number(row["least_rate"]), wording.number(row["most_rate"])
    return f"{who}, one goal, {said} between {least} and {most}"


def measures_title(totals: Row) -> str:
    """Return the title of the picture of all measures."""
    stop, discuss, aligned = totals["redefine"], totals["discuss"], totals["aligned"]
    if stop:
        on = "it" if stop == 1 else "them"
        return f"{_measures(stop)} must be re-defined before any plan rests on {on}"
    if discuss:
        return f"{_measures(discuss)} {'needs' if discuss == 1 else 'need'} a talk; none must be re-defined"
    return f"{_measures(aligned)} {'is' if aligned == 1 else 'are'} aligned; none needs a talk"


def _measures(count: int) -> str:
    return wording.capital(wording.count_of(count, "measure", words=True))


def pairs_title(shorts: Sequence[str]) -> str:
    """Return the title of the matrix: how many pairs agree, do not, or have no answer.

    Examples
    --------
    >>> pairs_title(["agrees", "offers less", "agrees", "no answer"])
    'Two pairs agree, one does not, one has no answer'
    >>> pairs_title(["not comparable"])
    'No pair agrees, one cannot be compared'
    """
    agree, silent, strange = (shorts.count(s) for s in ("agrees", "no answer", "not comparable"))
    differ = len(shorts) - agree - silent - strange
    first = (
        f"{wording.count_of(agree, 'pair', words=True)} agree{'s' if agree == 1 else ''}"
        if agree
        else "no pair agrees"
    )
    rest = [f"{wording.in_words(differ)} {'does' if differ == 1 else 'do'} not"] if differ else []
    if silent:
        rest.append(f"{wording.in_words(silent)} {'has' if silent == 1 else 'have'} no answer")
    if strange:
        rest.append(f"{wording.in_words(strange)} cannot be compared")
    return wording.capital(", ".join([first, *rest]))


def question(kind: str | None, unit: str) -> str:
    """Return what two partners must ask each other, by why they differ.

    Examples
    --------
    >>> question("definition", "cases"), question("scope", "people"), question("ambition", "hours a week")
    ('what is a case?', 'which people?', 'how many hours a week?')
    """
    countable = unit.split()[:1] and unit.split(maxsplit=1)[0].endswith("s") or unit.startswith("people")
    if kind == "definition":
        return f"what is {wording.singular(unit)}?" if countable else "what is counted?"
    if kind == "scope":
        return f"which {unit}?" if countable else "which area or group?"
    if kind == "horizon":
        return "by when?"
    return f"how many {unit}?" if countable else "how much?"


def talk(row: Row, name: Name, kinds: Mapping[tuple[str, str], str | None]) -> tuple[str, str, str]:
    """Return a talk as a heading, what follows it, and what is behind it.

    Parameters
    ----------
    row : Mapping
        A row of ``talks``.
    name : Callable
        From an agency's id to its short name.
    kinds : Mapping
        Goal and measure to the kind of their gap.
    """
    first = wording.the(name(row["agency_id"]))
    if row["subject"] == "no answer":
        missing, asked = row["missing_answers"], row["asked"]
        verb = "is" if missing == 1 else "are"
        words = f"{missing} of {wording.count_of(asked, 'expectation')} {verb} missing."
        return (
            f"{wording.capital(first)}: please answer.",
            words,
            _waits(row, "The goals it is silent on carry"),
        )
    second = wording.the(name(row["other_agency_id"]))
    kind = kinds.get((row["goal_id"], row["measure_id"])) if row["subject"] == "gap" else None
    heading = f"{wording.capital(first)} and {second}: {question(kind, row['measure_unit'])}"
    least, most = wording.number(row["least_rate"]), wording.number(row["most_rate"])
    unit = wording.unit_per(row["measure_unit"], row["measure_per"])
    said = (
        f"{least} against {most} {unit}." if row["subject"] == "gap" else f"{least} offered, {most} expected."
    )
    behind = [_counts(first, row["least_note"]), _counts(second, row["most_note"])]
    behind.append(_waits(row, f"Holds up “{row['goal_title']}” and") if row["subject"] == "gap" else "")
    linked = row["linked_overdue"]
    if linked:
        many = wording.count_of(linked, "overdue promise", words=True)
        behind.append(f"Linked to {many if linked > 1 else 'an overdue promise'}.")
    return heading, said, " ".join(b for b in behind if b)


def _counts(name: str, note: str | None) -> str:
    if not note:
        return ""
    small = note if note[:2].isupper() else note[:1].lower() + note[1:]
    return f"{wording.capital(wording.does(name, 'count'))} {small.rstrip('.')}."


def _waits(row: Row, start: str) -> str:
    return (
        f"{start} {wording.pounds(row['at_stake_gbp'])} of benefit planned by now."
        if row["at_stake_gbp"]
        else ""
    )


def results_title(rows: Sequence[Row], today: dt.date, name: Name) -> tuple[str, str]:
    """Return the title of the picture of first results, and how many months lie between the ends.

    Parameters
    ----------
    rows : Sequence
        Rows of ``first_results`` with a day, earliest first; at least one.
    today : date
        The day as known on which it is shown.
    name : Callable
        From an agency's id to its short name.
    """
    first, last = rows[0], rows[-1]
    who = wording.capital(wording.the(name(first["agency_id"])))
    needs = (
        "needed" if first["first_results_by"] < today else wording.does(who, "need").removeprefix(f"{who} ")
    )
    start = f"{who} {needs} results in {wording.month(first['first_results_by'])}"
    if len(rows) == 1 or first["first_results_by"] == last["first_results_by"]:
        return start, "Date by which each partner needs to see first results."
    months = (last["first_results_by"].year - first["first_results_by"].year) * 12
    months += last["first_results_by"].month - first["first_results_by"].month
    other = wording.the(name(last["agency_id"]))
    apart = wording.count_of(months, "month")
    return (
        f"{start}; {other} can wait until {wording.month(last['first_results_by'])}",
        f"Date by which each partner needs to see first results. The gap is {apart}.",
    )


def direction(before: float | None, now: float | None, band: str | None = None) -> str:
    """Return how a gap moved, as it is printed.

    Examples
    --------
    >>> direction(31.1, 23.3), direction(6.5, 8.0), direction(4.09, 4.11), direction(None, 2)
    ('closing', 'widening', 'no change', 'first answers')
    >>> direction(1.8, 1.8, "aligned")
    'aligned'
    """
    if now is None:
        return "no ratio"
    if before is None:
        return "first answers"
    if wording.times(before) == wording.times(now):
        return "aligned" if band == "aligned" else "no change"
    return "closing" if now < before else "widening"


def history_title(directions: Sequence[str]) -> str:
    """Return the title of the table of reviews.

    Examples
    --------
    >>> history_title(["closing", "closing", "widening", "no change"]), history_title(["no change"])
    ('Two gaps are closing, one is widening', 'No gap is closing, none is widening')
    """
    closing, widening = directions.count("closing"), directions.count("widening")
    gaps = wording.count_of(closing, "gap", "gap" if not closing else None, words=True)
    first = f"{gaps} {'is' if closing < 2 else 'are'} closing"
    second = (
        f"{wording.in_words(widening) if widening else 'none'} {'is' if widening < 2 else 'are'} widening"
    )
    return f"{wording.capital(first)}, {second}"


def moved(before: Mapping[tuple[str, str], float | None], rows: Sequence[Row], board: dt.date | None) -> str:
    """Return what moved since the last board: each measure whose ratio prints differently."""
    if board is None:
        return ""
    said = []
    for row in rows:
        was, now = before.get((row["goal_id"], row["measure_id"])), row["ratio"]
        if was is not None and now is not None and wording.times(was) != wording.times(now):
            said.append(f"{row['measure_name']} {wording.times(now)} (was {wording.times(was, bare=True)})")
    start = f"Since the last board, {wording.day(board)}:"
    return f"{start} {'; '.join(said)}; the others as they were." if said else f"{start} every gap as it was."
