"""Sheet XML of any spelling brought to the one spelling that the fast scan reads.

Excel, LibreOffice, Google Sheets, xlsxwriter and openpyxl write ``<c r="A1" s="1" t="s">``. The standard also
allows prefixes (``<x:c>``), other orders of attributes, single quotes, comments, CDATA, UTF-16 and cells
without a reference (their position counts). Such a part is parsed by expat, event by event, and written out
plainly; nothing is judged here.
"""

from __future__ import annotations

from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from partnership.intake.raw import column_letter, column_number

__all__ = ["is_plain", "plain_xml"]

_SPACES = frozenset({
    "", "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
})  # fmt: skip
_KEPT = frozenset({
    "worksheet", "sheetFormatPr", "cols", "col", "sheetData", "row", "c", "f", "v", "is", "t", "r", "rPh",
    "mergeCells", "mergeCell", "picture", "sst", "si",
})  # fmt: skip
_WITH_TEXT = frozenset({"t", "f", "v"})
_CELL_ATTRIBUTES = ("s", "t")
_PART = "\x1f"


def is_plain(content: bytes) -> bool:
    """Tell whether XML can be scanned as it stands: UTF-8, no comments, no CDATA, no prefixed tags.

    Examples
    --------
    >>> is_plain(b"<a><sheetData/></a>"), is_plain(b"<x:a><x:sheetData/></x:a>")
    (True, False)
    """
    head = content[:200].lower()
    if b"encoding=" in head and b'encoding="utf-8"' not in head and b"encoding='utf-8'" not in head:
        return False
    return not content.startswith((b"\xff\xfe", b"\xfe\xff")) and b"<!" not in content and (
        b"<sheetData" in content or b"<sst" in content
    )  # fmt: skip


def plain_xml(content: bytes) -> bytes:
    r"""Return the parts of a sheet, or of the shared strings, that matter, in the plain spelling.

    Examples
    --------
    >>> plain_xml(b"<x:sst xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:si><x:t>a&amp;b</x:t></x:si></x:sst>")
    b'<sst><si><t>a&amp;b</t></si></sst>'
    """
    return _Writer().run(content)


class _Writer:
    """Handlers of one parse: the depth of what is left out, and where the next bare cell stands."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.skipped = 0
        self.row = 0
        self.column = 0
        self.path: list[str] = []

    def run(self, content: bytes) -> bytes:
        parser = expat.ParserCreate(namespace_separator=_PART)
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.Parse(content, True)  # noqa: FBT003 - the parser's own signature: this is the last piece
        return "".join(self.out).encode()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(_PART)
        if self.skipped or space not in _SPACES or local not in _KEPT:
            self.skipped += 1
            return
        self.path.append(local)
        if local == "row":
            self._start_row(attributes)
        elif local == "c":
            self._start_cell(attributes)
        else:
            kept = "".join(f" {k}={_quoted(v)}" for k, v in attributes.items() if _PART not in k)
            self.out.append(f"<{local}{kept}>")

    def end(self, _: str) -> None:
        if self.skipped:
            self.skipped -= 1
        else:
            self.out.append(f"</{self.path.pop()}>")

    def text(self, text: str) -> None:
        if not self.skipped and self.path and self.path[-1] in _WITH_TEXT:
            self.out.append(escape(text).replace("\r", "&#13;"))

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "").strip()
        self.row = int(given) if given.isdecimal() else self.row + 1
        self.column = 0
        hidden = ' hidden="1"' if attributes.get("hidden") in ("1", "true") else ""
        self.out.append(f'<row r="{self.row}"{hidden}>')

    def _start_cell(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "").strip().replace("$", "").upper()
        letters = given.rstrip("0123456789")
        self.column = column_number(letters) if letters.isalpha() and letters.isascii() else self.column + 1
        place = given if letters != given and letters else f"{column_letter(self.column)}{self.row}"
        kept = "".join(f" {k}={_quoted(attributes[k])}" for k in _CELL_ATTRIBUTES if k in attributes)
        self.out.append(f'<c r="{place}"{kept}>')


def _quoted(value: str) -> str:
    """Return an attribute in double quotes, whatever it holds."""
    quoted = quoteattr(value)
    return quoted if quoted.startswith('"') else '"' + escape(value, {'"': "&quot;"}) + '"'
