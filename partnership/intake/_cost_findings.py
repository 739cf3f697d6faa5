"""What the reader of unit cost libraries was not sure of, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from partnership.errors import Finding, shown
from partnership.intake._cost_layout import CostTable, read_library
from partnership.intake._grids import Sheet

__all__ = ["refusal", "said_of_tables", "warned"]

_PLACES = 12

_SENTENCES: dict[str, tuple[str, str]] = {
    "costs-code-twice": (
        "codes stand twice with different values; both are kept",
        "Ask the publisher which of the two is meant.",
    ),
    "costs-no-value": (
        "costs have no value of any kind; they are kept without one",
        "Look at the publisher's comment on them.",
    ),
    "costs-text-cut": (
        "texts are longer than can be kept; the end is left out",
        "Look in the file itself for the whole text.",
    ),
    "costs-grade": (
        "grades of confidence are none of red, amber and green; they are left out",
        "Look at them in the file.",
    ),
    "costs-formula": (
        "formulas were saved without their result, so that the value is not in the file",
        "Open the workbook in Excel or LibreOffice, save it, and load it again.",
    ),
    "costs-formula-uprated": (
        "uprated values are formulas saved without their result; they are left out",
        "Open the workbook in Excel or LibreOffice, save it, and load it again, if you need them.",
    ),
    "costs-not-a-figure": (
        "cells hold words in place of an amount; no amount is made of them",
        "Look at them in the file.",
    ),
    "costs-rounded": (
        "amounts have fractions of a penny; they are kept rounded half up to the penny",
        "Nothing to do.",
    ),
    "costs-year-odd": (
        "price years are no year that can be read; they are kept as they are",
        "Do not uprate these amounts.",
    ),
    "costs-no-price-year": ("amounts have no price year", "They cannot be added to others or uprated."),
    "costs-no-headline": (
        "constituents have no headline in the file; they stand alone",
        "Nothing to do, in an extract.",
    ),
}
_REJECTING = {"costs-formula"}


def refusal(code: str, place: str, found: str, do: str) -> Finding:
    """Return a finding that rejects the file."""
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def warned(doubts: Mapping[str, Sequence[tuple[str, str]]]) -> list[Finding]:
    """Return one finding for each kind of doubt, the first dozen cases named."""
    findings = []
    for code, cases in doubts.items():
        said, do = _SENTENCES[code]
        listed = "; ".join(f"{place}: {text}" for place, text in cases[:_PLACES])
        more = f"; and {len(cases) - _PLACES:,} more" if len(cases) > _PLACES else ""
        make = refusal if code in _REJECTING else _warning
        findings.append(make(code, cases[0][0], f"{len(cases):,} {said}: {listed}{more}.", do))
    return findings


def said_of_tables(
    sheets: Iterable[Sheet], tables: Sequence[CostTable], edition: str | None, *, is_said: bool
) -> list[Finding]:
    """Return what is to be said of the whole file: its edition, hidden parts, columns not taken over."""
    findings = []
    if not is_said:
        found = "The file does not say its edition" + (
            f"; {edition!r} was taken from its name." if edition else "."
        )
        findings.append(
            _warning("costs-edition", "file", found, "Keep the publisher's introduction sheet in the file.")
        )
    hidden = [s for s in sheets if s.is_hidden and read_library(s)]
    if hidden:
        names = ", ".join(shown(s.name.strip()) for s in hidden)
        findings.append(
            _warning(
                "costs-hidden-sheet",
                "file",
                f"Hidden sheets hold unit costs and were not read: {names}.",
                "Show them in Excel and save the workbook, if they are to be read.",
            )
        )
    for table in tables:
        place = table.theme or "file"
        rows = {e.row for e in table.entries} & set(table.sheet.hidden_rows)
        if rows:
            found = (
                f"{len(rows):,} costs stand in hidden rows, as in the publisher's outline; they were read."
            )
            findings.append(_warning("costs-hidden-rows", place, found, "Nothing to do."))
        if table.unread:
            listed = ", ".join(shown(u, 40) for u in table.unread[:_PLACES])
            findings.append(
                _warning(
                    "costs-unread-column", place, f"Headings that no rule knows: {listed}.", "Nothing to do."
                )
            )
        if table.below_marker:
            listed = "; ".join(table.below_marker[:_PLACES])
            found = f"{len(table.below_marker):,} rows below “Do not delete rows” look like costs: {listed}."
            findings.append(
                _warning(
                    "costs-below-lists",
                    place,
                    found,
                    "They were skipped. If they are costs, move them above that row.",
                )
            )
        if table.without_code:
            listed = "; ".join(table.without_code[:_PLACES])
            found = f"{len(table.without_code):,} rows look like costs and have no cost code: {listed}."
            findings.append(_warning("costs-no-code", place, found, "Look at them: they were skipped."))
    return findings


def _warning(code: str, place: str, found: str, do: str) -> Finding:
    """Return a finding that must be seen and does not reject the file."""
    return Finding(code=code, severity="warning", place=place, found=found, do=do)
