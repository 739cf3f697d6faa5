"""A workbook's sheets as raw cells: every value with its own cell, and every fact that could hide one.

The XML is scanned in columns (polars' regular expressions over the bytes), so that a sheet of a million cells
costs a small multiple of a bare read and no Python object a cell. What each cell is (text, number, date,
flag, error, formula) is what the file says; :mod:`partnership.intake.cells` says what it means.

Use::

    book, findings = open_workbook(data, name)      # None when it cannot be read; the findings say why
    sheet, damage = book.read("Readings")           # by exact name, after trim and case-fold
    findings += damage + structure_findings(sheet, row_limit=200_000)
    header = sheet.row(1)                           # {1: "Measure id", 2: "Benefit id", …}
    rows = sheet.filled_rows(after=1)               # row numbers that hold anything
    raw = sheet.column(7, rows, header=header[7])   # RawColumn, one entry a row, for cells.parse()
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import polars as pl

from partnership.errors import Finding, UnknownName, shown
from partnership.intake._sheet import Sheet, SheetState
from partnership.intake._sheet_xml import CELL_SCHEMA, SheetDamage, SheetFacts, read_cells
from partnership.intake._strings import read_strings
from partnership.intake._structure import MOST_COLUMNS, structure_findings
from partnership.intake._styles import read_styles
from partnership.intake.files import DamagedFile, Package, open_package

__all__ = [
    "MOST_COLUMNS", "Sheet", "SheetState", "Workbook", "hidden_sheet_findings", "open_workbook", "same_name",
    "structure_findings",
]  # fmt: skip

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_PICTURE = re.compile(rb"<(?:\w+:)?pic[ >]")


@dataclass(frozen=True)
class Workbook:
    """An opened workbook; a sheet is read when it is asked for.

    Parameters
    ----------
    name : str
        Name of the file as it may be shown.
    states : dict[str, SheetState]
        Sheets in their order, by name as given.
    date_1904 : bool
        True when serial numbers count from 1 January 1904.
    """

    name: str
    states: dict[str, SheetState]
    date_1904: bool
    _package: Package
    _members: dict[str, str]
    _strings: pl.Series
    _styles: pl.Series
    _undo_excel: bool
    _uncalculated: bool

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Names of the sheets, in order, as given."""
        return tuple(self.states)

    def find(self, name: str) -> str | None:
        """Return the sheet's name as given that answers to ``name`` after trim and case-fold, or None."""
        return next((n for n in self.states if same_name(n) == same_name(name)), None)

    def read(self, name: str) -> tuple[Sheet, list[Finding]]:
        """Return a sheet, and the finding that it is damaged if it is (its cells are then empty).

        Raises
        ------
        UnknownName
            If there is no such sheet.
        """
        given = self.find(name)
        if given is None:
            raise UnknownName("sheet", name, self.states)
        member, state = self._members[given], self.states[given]
        try:
            content = self._package.read_xml(member)
            cells, facts = read_cells(
                content,
                self._strings,
                self._styles,
                undo_excel=self._undo_excel,
                uncalculated=self._uncalculated,
            )
            pictures, comments = self._beside(member)
        except DamagedFile as error:
            at_sheet = replace(error.finding, place=shown(given))
            return Sheet(given, state, pl.DataFrame(schema=CELL_SCHEMA), SheetFacts()), [at_sheet]
        except SheetDamage as error:
            found = f"Sheet {shown(given)!r} cannot be read: {error.args[0]}."
            finding = _error("A2-damaged", given, found, "Open it in Excel, save it, and hand that in.")
            return Sheet(given, state, pl.DataFrame(schema=CELL_SCHEMA), SheetFacts()), [finding]
        pictures += facts.has_background + (content.count(b' vm="') if self._has_cell_pictures else 0)
        return Sheet(given, state, cells, facts, pictures, comments, self.date_1904), []

    def _beside(self, member: str) -> tuple[int, int]:
        """Count the pictures and comments that hang on a sheet."""
        pictures = comments = 0
        for kind, target in _relations(self._package, member).values():
            if target not in self._package.names:
                continue
            if kind == "drawing":
                pictures += len(_PICTURE.findall(self._package.read(target)))
            elif kind == "comments":
                comments += self._package.read(target).count(b"<comment ")
        return pictures, comments

    @property
    def _has_cell_pictures(self) -> bool:
        """True when pictures are placed inside cells; such a cell reads as ``#VALUE!``."""
        return any(
            n.startswith("xl/richData/") and "rel" in n.casefold() for n in self._package.names
        ) and any(n.startswith("xl/media/") for n in self._package.names)


def open_workbook(data: bytes, name: str) -> tuple[Workbook | None, list[Finding]]:
    """Open a workbook after every check of the file; no sheet is read yet.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        The name it was handed in under; shown escaped, never used as a path.

    Returns
    -------
    tuple[Workbook | None, list[Finding]]
        None when it cannot be read. A workbook can come with findings that refuse it (macros, two sheets of
        one name), so that its sheets can still be checked in the same pass.
    """
    package, findings = open_package(data, name)
    if package is None:
        return None, findings
    try:
        return _opened(package, findings), findings
    except DamagedFile as error:
        return None, [*findings, error.finding]


def _opened(package: Package, findings: list[Finding]) -> Workbook:
    root = ET.fromstring(package.read_xml("xl/workbook.xml"))  # noqa: S314 - read_xml made sure that there is no DOCTYPE
    relations = _relations(package, "xl/workbook.xml")
    states: dict[str, SheetState] = {}
    members: dict[str, str] = {}
    folded: dict[str, str] = {}
    for element in root.iterfind("./{*}sheets/{*}sheet"):
        given = element.get("name", "")
        kind, target = relations.get(element.get(_RELATION) or element.get(_STRICT_RELATION) or "", ("", ""))
        if kind != "worksheet":
            continue  # a chart on a sheet of its own holds no cells
        if same_name(given) in folded:
            other = folded[same_name(given)]
            found = f"Sheets {shown(other)!r} and {shown(given)!r} differ by blanks or capitals only."
            findings.append(
                _error("A18-same-sheet-twice", package.name, found, "Delete or rename one of them.")
            )
            continue
        folded[same_name(given)] = given
        state = element.get("state", "visible")
        states[given] = (
            "hidden" if state == "hidden" else "veryHidden" if state == "veryHidden" else "visible"
        )
        members[given] = target
    parts = {kind: target for kind, target in relations.values() if target in package.names}
    application = package.read("docProps/app.xml") if "docProps/app.xml" in package.names else b""
    undo_excel = b"openpyxl" not in application.lower()
    book, calculation = root.find("./{*}workbookPr"), root.find("./{*}calcPr")
    return Workbook(
        name=package.name,
        states=states,
        date_1904=book is not None and book.get("date1904") in ("1", "true"),
        _package=package,
        _members=members,
        _strings=read_strings(package.read_xml(parts["sharedStrings"]), undo_excel=undo_excel)
        if "sharedStrings" in parts
        else pl.Series("text", [], dtype=pl.String),
        _styles=read_styles(package.read_xml(parts["styles"]))
        if "styles" in parts
        else pl.Series("style", ["number"], dtype=pl.String),
        _undo_excel=undo_excel,
        _uncalculated=calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true"),
    )


def same_name(name: str) -> str:
    """Return what two sheets' names are compared by: trimmed, blanks joined, case-folded.

    Examples
    --------
    >>> same_name(" Role  Holders ") == same_name("role holders")
    True
    """
    return " ".join(name.split()).casefold()


def hidden_sheet_findings(book: Workbook, *, own: Iterable[str] = ()) -> list[Finding]:
    """Return a warning for each hidden sheet, save the toolkit's own (``_meta``)."""
    known = {same_name(n) for n in own}
    return [
        _warning(
            "A18-hidden-sheet",
            given,
            f"Sheet {shown(given)!r} is hidden.",
            "Unhide it, or delete it if it is not needed.",
        )
        for given, state in book.states.items()
        if state != "visible" and same_name(given) not in known
    ]


def _relations(package: Package, member: str) -> dict[str, tuple[str, str]]:
    """Return what a part points at inside the file: relation id to kind and member."""
    folder, base = posixpath.split(member)
    relations = f"{folder}/_rels/{base}.rels"
    if relations not in package.names:
        return {}
    found = {}
    for element in ET.fromstring(package.read_xml(relations)):  # noqa: S314 - read_xml made sure that there is no DOCTYPE
        if element.get("TargetMode", "Internal") != "Internal":
            continue
        target = element.get("Target", "")
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], path)
    return found


def _error(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)


def _warning(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="warning", place=place, found=found, do=do)
