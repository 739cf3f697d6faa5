"""What was handed in, told by its content and never by its name, and opened without trusting it.

A workbook is a zip of XML. Nothing in it is unpacked to disk, no member is read before the sizes that the zip
declares have been looked at, and no XML is read that declares a DOCTYPE, the door of entity attacks.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

from partnership.errors import Finding, PartnershipError, shown
from partnership.intake._ole import OLE_MAGIC, stream_names

__all__ = ["MOST_BYTES", "DamagedFile", "FileKind", "Package", "open_package", "shown_name", "sniff"]

FileKind = Literal["workbook", "text", "html", "old workbook", "protected workbook", "refused", "empty"]
"""What a file is. ``refused`` is something this toolkit cannot read; the finding says what it looks like."""

MOST_BYTES = 100_000_000
"""The most that the members of a workbook may unpack to."""
MOST_MEMBERS = 5_000
MOST_RATIO = 100
_SMALL = 1_000_000  # below this the ratio does no harm: ten blank sheets of a template shrink well

_SAVE_AGAIN = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and hand that in."

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"PAR1", "a Parquet file"),
)
_HTML = re.compile(rb"\A\s*(?:<!doctype\s+html|<html|<head|<body|<table|<\?xml[^>]*>\s*<html)", re.IGNORECASE)
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_ACTIVE: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("macros", re.compile(r"(^|/)(vbaproject|vbadata)[^/]*$|/macrosheets/", re.IGNORECASE),
     "Save it as .xlsx without macros."),
    ("links to other workbooks", re.compile(r"/externallinks/", re.IGNORECASE),
     "In Excel choose Data, Edit Links, Break Link, and save it again."),
    ("data connections", re.compile(r"^xl/(connections\.xml|querytables/|model/)", re.IGNORECASE),
     "In Excel choose Data, Queries & Connections, delete them, and save it again."),
    ("embedded objects", re.compile(r"/(embeddings|activex|ctrlprops)/|^customui/", re.IGNORECASE),
     "Delete the embedded objects and controls, and save it again."),
)  # fmt: skip


class DamagedFile(PartnershipError):
    """A file, or a part of one, cannot be read as what it says it is; carries the finding that says so."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


@dataclass(frozen=True, slots=True)
class Package:
    """The members of a workbook, read one at a time and only when asked for.

    Parameters
    ----------
    name : str
        The file's name as it may be shown.
    names : frozenset[str]
        Members that may be read; those whose path leads outside the file are not among them.
    """

    name: str
    names: frozenset[str]
    _zip: zipfile.ZipFile

    def read(self, member: str) -> bytes:
        """Return a member's bytes.

        Raises
        ------
        DamagedFile
            If the member is missing, its checksum is wrong or it cannot be unpacked.
        """
        if member not in self.names:
            raise DamagedFile(_damaged(self.name, f"its part {shown(member)} is missing"))
        try:
            return self._zip.read(member)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise DamagedFile(_damaged(self.name, f"its part {shown(member)} cannot be unpacked")) from error

    def read_xml(self, member: str) -> bytes:
        """Return a member's bytes after making sure that they are well-formed XML without a DOCTYPE.

        Raises
        ------
        DamagedFile
            If they are not.
        """
        content = self.read(member)
        try:
            _check_xml(content)
        except _DoctypeError as error:
            raise DamagedFile(_doctype(self.name, member)) from error
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise DamagedFile(
                _damaged(self.name, f"its part {shown(member)} is not well-formed XML")
            ) from error
        return content


def sniff(data: bytes, name: str) -> tuple[FileKind, list[Finding]]:
    r"""Tell by its content what a file is, and what makes it unreadable or unsafe.

    A workbook's zip directory is looked at (sizes, number of members, macros, links, objects); its members
    are not.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        The name it was handed in under; only ever shown, escaped, save that it breaks the tie between an old
        and a protected workbook whose directory cannot be read.

    Returns
    -------
    tuple[FileKind, list[Finding]]
        The kind, and findings; a text file has none here.

    Examples
    --------
    >>> sniff(b"a,b\n1,2\n", "plan.xlsx")
    ('text', [])
    >>> sniff(b"", "plan.xlsx")[1][0].found
    'The file is empty.'
    """
    place = shown_name(name)
    if not data:
        return "empty", [
            _error("A1-empty-file", place, "The file is empty.", "Hand in the file that you saved.")
        ]
    if data.startswith(OLE_MAGIC):
        return _sniff_ole(data, name)
    if data.startswith(_ZIP_MAGIC):
        _, findings = _open_zip(data, name)
        refused = any(f.code.startswith("A2") for f in findings)
        return "refused" if refused else "workbook", findings
    if _HTML.match(data.removeprefix(_TEXT_MARKS[0])):
        return "html", [_not_a_workbook(place, "a web page")]
    what = next((what for start, what in _STARTS if data.startswith(start)), None)
    if what is None and not data.startswith(_TEXT_MARKS) and _looks_binary(data):
        what = "nothing that this toolkit knows"
    return ("refused", [_not_a_workbook(place, what)]) if what else ("text", [])


def open_package(data: bytes, name: str) -> tuple[Package | None, list[Finding]]:
    """Open a workbook's zip after every check of :func:`sniff`.

    Returns
    -------
    tuple[Package | None, list[Finding]]
        None if the file is no workbook or may not be opened; a package can come with findings that refuse the
        file (a macro), so that the rest can still be checked in the same pass.
    """
    if data.startswith(_ZIP_MAGIC):
        return _open_zip(data, name)
    kind, findings = sniff(data, name)
    return None, [_not_a_workbook(shown_name(name), "a text file (CSV)")] if kind == "text" else findings


def shown_name(name: str) -> str:
    r"""Return a file's name as it may be shown: at most 60 characters, unseen characters as escapes.

    Examples
    --------
    >>> shown_name("a\0b.xlsx"), shown_name("")
    ('a\\x00b.xlsx', 'file')
    """
    return shown(name) or "file"


# ----------------------------------------------------------------------------------- zip


def _open_zip(data: bytes, name: str) -> tuple[Package | None, list[Finding]]:
    place = shown_name(name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeError,
    ):
        return None, [_damaged(place, "it is cut short or damaged")]
    if bomb := _bomb(members, len(data), place):
        return None, [bomb]
    if any(m.flag_bits & 0x1 for m in members):
        return None, [_protected(place)]
    names = frozenset(m.filename for m in members if not _leads_outside(m.filename))
    if "xl/workbook.xml" not in names:
        return None, [_not_a_workbook(place, _zip_of(names))]
    findings = []
    for what, pattern, do in _ACTIVE:
        found = sorted(n for n in names if pattern.search(n))
        if found:
            findings.append(
                _error("A10-active-content", place, f"The workbook holds {what} ({shown(found[0])}).", do)
            )
    return Package(place, names, archive), findings


def _bomb(members: list[zipfile.ZipInfo], size: int, place: str) -> Finding | None:
    unpacked = sum(m.file_size for m in members)
    if len(members) > MOST_MEMBERS:
        code, found = (
            "A5-too-many-parts",
            f"The workbook has {len(members):,} parts; at most {MOST_MEMBERS:,}.",
        )
    elif unpacked > MOST_BYTES:
        code = "A4-too-large"
        found = f"The workbook would unpack to {unpacked / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB."
    elif unpacked > _SMALL and unpacked > MOST_RATIO * size:
        code = "A4-too-large"
        found = (
            f"The workbook would unpack to {unpacked / size:,.0f} times its size; at most {MOST_RATIO} times."
        )
    else:
        return None
    return _error(code, place, found, "Copy the rows into a fresh template, and hand that in.")


def _leads_outside(member: str) -> bool:
    """Tell whether a member's path leads out of its folder; such members are never looked at."""
    parts = member.replace("\\", "/").split("/")
    return ".." in parts or member.startswith(("/", "\\")) or ":" in parts[0]


def _zip_of(names: frozenset[str]) -> str:
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (.xlsb)"
    if "word/document.xml" in names:
        return "a Word document"
    if "ppt/presentation.xml" in names:
        return "a PowerPoint file"
    return (
        "an OpenDocument file"
        if "mimetype" in names and "content.xml" in names
        else "a zip without a workbook"
    )


# ----------------------------------------------------------------------------------- XML


class _DoctypeError(Exception):
    """The XML declares a document type."""


def _check_xml(content: bytes) -> None:
    """Parse XML without keeping any of it; a DOCTYPE stops it before an entity is read."""

    def refuse(*_: object) -> None:
        raise _DoctypeError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)  # noqa: FBT003 - the parser's own signature: this is the last piece


def _doctype(place: str, member: str) -> Finding:
    found = (
        f"Part {shown(member)} of the workbook declares a DOCTYPE, which Excel never writes and attacks use."
    )
    return _error("A8-doctype", place, found, "Copy the rows into a fresh template, and hand that in.")


# ----------------------------------------------------------------------- other containers


def _sniff_ole(data: bytes, name: str) -> tuple[FileKind, list[Finding]]:
    place = shown_name(name)
    streams = {s.casefold() for s in stream_names(data)}
    if "encryptedpackage" in streams or "encryptioninfo" in streams:
        return "protected workbook", [_protected(place)]
    if {"workbook", "book"} & streams or name.casefold().endswith(".xls"):
        return "old workbook", [
            _error("A3-old-format", place, "This is the old Excel format (.xls).", _SAVE_AGAIN)
        ]
    if streams - {"root entry"}:
        return "refused", [_not_a_workbook(place, "another program's file")]
    return "protected workbook", [_protected(place)]


def _protected(place: str) -> Finding:
    do = "In Excel choose File, Info, Protect Workbook, Encrypt with Password, clear it, and save again."
    return _error("A3-password", place, "The workbook is protected by a password.", do)


def _not_a_workbook(place: str, what: str) -> Finding:
    return _error("A2-not-a-workbook", place, f"This is not an Excel workbook: it is {what}.", _SAVE_AGAIN)


def _damaged(place: str, why: str) -> Finding:
    found = f"This is not an Excel workbook that can be read: {why}."
    return _error(
        "A2-damaged", place, found, "Open it in Excel, let Excel repair it, save it, and hand that in."
    )


def _looks_binary(data: bytes) -> bool:
    """Tell whether bytes are no text: control characters other than tab and line ends are common."""
    head = data[:4096]
    if head.count(0) > len(head) // 4:
        return head[1::2].count(0) * 4 < len(head) and head[0::2].count(0) * 4 < len(
            head
        )  # UTF-16 has every second
    odd = sum(head.count(bytes([b])) for b in range(1, 32) if b not in (9, 10, 12, 13, 27))
    return odd * 20 > len(head)


def _error(code: str, place: str, found: str, do: str) -> Finding:
    return Finding(code=code, severity="error", place=place, found=found, do=do)
