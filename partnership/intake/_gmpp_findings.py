"""What a reader of returns was not sure of, in sentences: one finding for each kind of doubt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

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
    findings = []
    if table.unread:
        listed = "; ".join(f"{place} {shown(text)!r}" for place, text in table.unread[:_PLACES])
        more = f"; and {len(table.unread) - _PLACES} more" if len(table.unread) > _PLACES else ""
        found = f"{len(table.unread)} headings are known to no rule or are not taken over: {listed}{more}."
        findings.append(
            warning(
                "gmpp-unread-field",
                sheet,
                found,
                "Nothing to do, unless one of them is a figure that you need.",
            )
        )
    if table.ragged:
        listed = "; ".join(table.ragged[:_PLACES])
        found = f"{len(table.ragged):,} lines have fewer or more cells than there are headings: {listed}."
        do = "A quotation mark or a line break is out of place there. Save the file again from the workbook."
        findings.append(refusal("gmpp-ragged", sheet, found, do))
    for place, raw, kept in table.doubled:
        found = f"{shown(raw)!r} and {shown(kept)!r} mean the same field; only {shown(kept)!r} is read."
        findings.append(
            warning(
                "gmpp-field-twice",
                place,
                found,
                "Delete the column that does not count, if it is the other one.",
            )
        )
    notes = Counter(
        c.heading.field
        for c in table.columns
        if c.heading.field.endswith("_note") and c.heading.field != "benefits_note"
    )
    if notes:
        names = ", ".join(sorted(n.removesuffix("_note").replace("_", " ") for n in notes))
        found = f"The narratives on {names} are read only for the return's date and are not stored."
        findings.append(
            warning("gmpp-narratives", sheet, found, "Look in the return itself for the department's words.")
        )
    unsaid = ", ".join(shown(r, 30) for r in units.unsaid)
    if units.is_assumed:
        found = f"No heading says a unit ({unsaid}); millions of pounds were assumed."
        findings.append(
            warning("gmpp-unit-assumed", sheet, found, "Write (£m) or (£) in the headings if that is wrong.")
        )
    elif units.unsaid:
        found = f"{unsaid}: the heading says no unit; £{units.common:,} a unit was taken, as in the rest."
        findings.append(
            warning("gmpp-unit-inferred", sheet, found, "Write the unit in the heading if that is wrong.")
        )
    if units.variance_factor != 1:
        found = (
            "Variances agree with baseline and forecast only as parts of one; they were multiplied by 100."
        )
        findings.append(warning("gmpp-variance-parts", sheet, found, "Nothing to do."))
    if "benefits" not in {c.heading.field for c in table.columns}:
        found = "The return has no heading for benefits: no benefit is made of it."
        findings.append(
            warning(
                "gmpp-no-benefits",
                sheet,
                found,
                "Nothing to do. Returns ask for benefits only from 2021/22 on.",
            )
        )
    if position and not position.is_stated:
        found = (
            f"The return says its year and not its day; {name_day(position.on)}, the financial year's end, "
            "is taken."
        )
        findings.append(
            warning(
                "gmpp-day-assumed",
                sheet,
                found,
                "Nothing to do. Returns before 2021 stood at 30 September before it.",
            )
        )
    if any(not sure for _, sure in scales):
        found = "Nothing says which scale the ratings are on; the three-point scale was taken."
        findings.append(
            warning("gmpp-scale-assumed", sheet, found, "Check it if the return is from before 2022.")
        )
    return findings
