"""What a reader of returns was not sure of, in sentences: one finding for each kind of doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from partnership.errors import Finding, shown
from partnership.intake._gmpp_layout import Table
from partnership.intake._gmpp_records import Doubt
from partnership.intake._gmpp_units import Units
from partnership.intake._gmpp_year import Position
from partnership.periods import name_day

__all__ = ["of_doubts", "of_table", "refusal", "warning"]

_PLACES = 12

_SENTENCES: dict[str, tuple[str, str]] = {
    "gmpp-unknown-words": (
        "cells hold words that no rule knows, and no figure, date or rating; they count as not provided",
        "Read the words: if they mean withheld or too early, say so and load the file again.",
    ),
    "gmpp-not-a-figure": (
        "cells are nearly a figure and not one; the words are kept and no figure is made of them",
        "Correct the cell in the file if the figure is known. Totals over the rest are partial.",
    ),
    "gmpp-too-large": (
        "amounts would pass a million million pounds for one project; they are kept as words",
        "Check the unit in the heading: the figures may be in pounds already.",
    ),
    "gmpp-date-month-first": (
        "dates make sense only with the month first, and were read so",
        "Check other dates of the same file.",
    ),
    "gmpp-date-no-day": (
        "dates have no day; a start is taken as the month's first day, an end as its last",
        "Nothing to do.",
    ),
    "gmpp-dates-reversed": (
        "projects end before they start; the end is kept as words only",
        "Ask the department which date is right.",
    ),
    "gmpp-project-number": (
        "project numbers are no published numbers; the projects are known by their names",
        "Nothing to do. A project that changes its name will look like a new one.",
    ),
    "gmpp-project-twice": (
        "projects stand twice in one return with different values; the first line is kept",
        "Remove the wrong line from the file, and load it again.",
    ),
    "gmpp-number-twice": (
        "project numbers belong to two projects; both are kept",
        "Ask the publisher which number is right.",
    ),
    "gmpp-no-department": ("projects name no department", "Nothing to do; they have no lead."),
    "gmpp-text-cut": (
        "texts are longer than can be kept; the end is left out",
        "Look in the file itself for the whole text.",
    ),
    "gmpp-off-scale": (
        "ratings are not on the scale that the heading names; the label is kept, without a place",
        "Check the heading.",
    ),
}
_REJECTING = {"gmpp-too-large"}


def warning(code: str, place: str, found: str, do: str) -> Finding:
    """Return a finding that must be seen and does not reject the file."""
    return Finding(code=code, severity="warning", place=place, found=found, do=do)


def refusal(code: str, place: str, found: str, do: str) -> Finding:
    """Return a finding that rejects the file."""
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def of_doubts(doubts: Iterable[Doubt]) -> list[Finding]:
    """Return one finding for each kind of doubt, the first dozen cases named."""
    by_code: dict[str, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        by_code[doubt.code].append(doubt)
    findings = []
    for code, cases in by_code.items():
        said, do = _SENTENCES[code]
        listed = "; ".join(f"{d.place}: {d.text}" for d in cases[:_PLACES])
        more = f"; and {len(cases) - _PLACES:,} more" if len(cases) > _PLACES else ""
        make = refusal if code in _REJECTING else warning
        findings.append(make(code, cases[0].place, f"{len(cases):,} {said}: {listed}{more}.", do))
    return findings


def of_table(
    table: Table, units: Units, position: Position | None, scales: Iterable[tuple[str, bool]]
) -> list[Finding]:
    """Return what is to be said about a table as a whole."""
    sheet = table.sheet.name.strip() or "file"
    said = [*_of_headings(table), *_of_lines(table), *_of_units(units)]
    if "benefits" not in {c.heading.field for c in table.columns}:
        found = "The return has no heading for benefits: no benefit is made of it."
        do = "Nothing to do. Returns ask for benefits only from 2021/22 on."
        said.append(warning("gmpp-no-benefits", sheet, found, do))
    if position and not position.is_stated:
        day = name_day(position.on)
        found = f"The return says its year and not its day; {day}, the financial year's end, is taken."
        do = "Nothing to do. Returns before 2021 stood at 30 September before it."
        said.append(warning("gmpp-day-assumed", sheet, found, do))
    if any(not sure for _, sure in scales):
        found = "Nothing says which scale the ratings are on; the three-point scale was taken."
        said.append(
            warning("gmpp-scale-assumed", sheet, found, "Check it if the return is from before 2022.")
        )
    return [replace(f, place=f.place or sheet) for f in said]


def _of_headings(table: Table) -> Iterator[Finding]:
    if table.unread:
        listed = "; ".join(f"{place} {shown(text)!r}" for place, text in table.unread[:_PLACES])
        more = f"; and {len(table.unread) - _PLACES} more" if len(table.unread) > _PLACES else ""
        found = f"{len(table.unread)} headings are known to no rule or are not taken over: {listed}{more}."
        do = "Nothing to do, unless one of them is a figure that you need."
        yield warning("gmpp-unread-field", "", found, do)
    for place, raw, kept in table.doubled:
        found = f"{shown(raw)!r} and {shown(kept)!r} mean the same field; only {shown(kept)!r} is read."
        do = "Delete the column that does not count, if it is the other one."
        yield warning("gmpp-field-twice", place, found, do)
    fields = {c.heading.field for c in table.columns} - {"benefits_note"}
    notes = sorted(f.removesuffix("_note").replace("_", " ") for f in fields if f.endswith("_note"))
    if notes:
        found = (
            f"The narratives on {', '.join(notes)} are read only for the return's date and are not stored."
        )
        yield warning("gmpp-narratives", "", found, "Look in the return itself for the department's words.")


def _of_lines(table: Table) -> Iterator[Finding]:
    if table.nameless:
        listed = ", ".join(table.nameless[:_PLACES])
        found = f"{len(table.nameless):,} lines have figures and no project's name or number: {listed}."
        yield warning("gmpp-nameless", "", found, "Name the projects in the file: the lines were skipped.")
    if table.unheaded:
        found = f"{table.unheaded.total():,} cells of projects stand under no heading and were not read."
        yield warning("gmpp-no-heading", "", found, "Write headings above them if they matter.")
    if table.ragged:
        listed = "; ".join(table.ragged[:_PLACES])
        found = f"{len(table.ragged):,} lines have fewer or more cells than there are headings: {listed}."
        do = "A quotation mark or a line break is out of place there. Save the file again from the workbook."
        yield refusal("gmpp-ragged", "", found, do)


def _of_units(units: Units) -> Iterator[Finding]:
    unsaid = ", ".join(shown(r, 30) for r in units.unsaid)
    if units.is_assumed:
        found = f"No heading says a unit ({unsaid}); millions of pounds were assumed."
        yield warning("gmpp-unit-assumed", "", found, "Write (£m) or (£) in the headings if that is wrong.")
    elif units.unsaid:
        found = f"{unsaid}: the heading says no unit; £{units.common:,} a unit was taken, as in the rest."
        yield warning("gmpp-unit-inferred", "", found, "Write the unit in the heading if that is wrong.")
    if units.variance_factor != 1:
        found = "Variances agree with baseline and forecast only as parts of one; they were taken times 100."
        yield warning("gmpp-variance-parts", "", found, "Nothing to do.")
    if units.has_commas:
        found = "Figures have a comma where others have a point; the comma was read as the decimal sign."
        yield warning("gmpp-decimal-comma", "", found, "Nothing to do, if 7,9 means seven point nine.")
