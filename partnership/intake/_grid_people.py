"""Personal data in other people's tables: looked for in every sheet before any row is read.

Published tables carry the addresses of offices and the telephone numbers of press desks, so those only
warn. A number that stands for one person is refused, with the whole file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from partnership.errors import Finding
from partnership.intake._grids import Sheet
from partnership.personal_data import Hit, finding_for, scan_texts

__all__ = ["scan_grids"]

_REFUSED = ("H1", "H3-pupil", "H3-national", "H3-date")
_NOT_LOOKED_FOR = ("H6",)  # a published table tells projects in as many words as it likes


def scan_grids(sheets: Iterable[Sheet]) -> list[Finding]:
    """Return what looks like data about a person: each cell that is refused, and one warning a kind.

    Parameters
    ----------
    sheets : Iterable[Sheet]
        All sheets of the file, read or not.

    Returns
    -------
    list[Finding]
        No finding holds the value.
    """
    refused: list[Finding] = []
    warned: dict[str, tuple[Finding, int]] = {}
    for hit, place in _hits(sheets):
        if hit.code.startswith(_REFUSED):
            refused.append(finding_for(hit, place))
            continue
        first, count = warned.get(hit.code, (finding_for(replace(hit, severity="warning"), place), 0))
        warned[hit.code] = (first, count + 1)
    return [*refused, *(_counted(first, count) for first, count in warned.values())]


def _hits(sheets: Iterable[Sheet]) -> Iterator[tuple[Hit, str]]:
    for sheet in sheets:
        texts = {c for row in sheet.rows for c in row.cells if isinstance(c, str) and not c.strip().isdigit()}
        if not (found := scan_texts(texts)):
            continue
        for row in sheet.rows:
            for column, cell in enumerate(row.cells):
                for hit in found.get(cell, ()) if isinstance(cell, str) else ():
                    if not hit.code.startswith(_NOT_LOOKED_FOR):
                        yield hit, sheet.place(row.number, column)


def _counted(first: Finding, count: int) -> Finding:
    if count == 1:
        return first
    more = f"{count - 1:,} more cell" + ("s" if count > 2 else "")
    return replace(first, found=f"{first.found} The same holds for {more}.")
