r"""Text as a workbook stores it: the table of shared strings, XML's escapes, and Excel's own.

Excel writes a character that XML cannot hold as ``_x0007_`` and, so that the two cannot be confused, a text
that reads ``_x000D_`` as ``_x005F_x000D_`` (ECMA-376 part 1, ST_Xstring). openpyxl writes texts as they are,
so in its workbooks nothing is to be undone.
"""

from __future__ import annotations

import html
import re

import polars as pl

from partnership.intake._plain_xml import is_plain, plain_xml

__all__ = ["decoded", "inline_texts", "read_strings", "unescaped"]

_SIMPLE = r"^<t(?: [^>]*)?>([^<]*)</t>"
_TEXTS = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
_PHONETIC = re.compile(r"<rPh[ >].*?</rPh>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9A-Fa-f]+|amp|lt|gt|quot|apos);")
_EXCEL_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_strings(content: bytes, *, undo_excel: bool) -> pl.Series:
    """Return a workbook's shared strings in order, as typed.

    Parameters
    ----------
    content : bytes
        The part ``xl/sharedStrings.xml``, known to be well-formed.
    undo_excel : bool
        True when the program that wrote the workbook escapes as Excel does.

    Examples
    --------
    >>> table = b"<sst><si><t>a &amp; b</t></si><si><r><t>c</t></r><r><t>d</t></r></si></sst>"
    >>> read_strings(table, undo_excel=True).to_list()
    ['a & b', 'cd']
    """
    content = content if is_plain(content) and b"<si " not in content else plain_xml(content)
    body = with_xml_line_ends(content).replace(b"<si/>", b"<si></si>").decode()
    pieces = pl.Series("text", [body]).str.split("<si>").explode().slice(1)
    pieces = pieces.str.splitn("</si>", 2).struct[0] if len(pieces) else pieces.cast(pl.String)
    return inline_texts(pieces, undo_excel=undo_excel)


def inline_texts(pieces: pl.Series, *, undo_excel: bool) -> pl.Series:
    """Return the text of string items (``<t>…</t>``, or runs of rich text), phonetic hints left out."""
    simple = pieces.str.extract(_SIMPLE + "$")
    rich = simple.is_null() & pieces.is_not_null()
    if rich.any():
        known = {p: "".join(_TEXTS.findall(_PHONETIC.sub("", p))) for p in pieces.filter(rich).unique()}
        simple = _mapped(pieces, simple, rich, known)
    return decoded(simple, undo_excel=undo_excel)


def decoded(texts: pl.Series, *, undo_excel: bool) -> pl.Series:
    """Return texts with XML's escapes, and if asked Excel's, undone; each different text once."""
    marked = texts.str.contains("&", literal=True)
    if undo_excel:
        marked |= texts.str.contains("_x", literal=True)
    marked = marked.fill_null(value=False)
    if not marked.any():
        return texts
    known = {t: unescaped(t, undo_excel=undo_excel) for t in texts.filter(marked).unique()}
    return _mapped(texts, texts, marked, known)


def unescaped(text: str, *, undo_excel: bool) -> str:
    r"""Return one text with XML's escapes, and if asked Excel's, undone.

    Examples
    --------
    >>> unescaped("a&lt;b_x000D_c", undo_excel=True)
    'a<b\rc'
    >>> unescaped("_x005F_x000D_", undo_excel=True), unescaped("_x000D_", undo_excel=False)
    ('_x000D_', '_x000D_')
    """
    if "&" in text:
        text = _ENTITY.sub(
            lambda m: html.unescape(m[0]) if not m[0].startswith("&#") else _character(m[0][2:-1]), text
        )
    if undo_excel and "_x" in text:
        text = _EXCEL_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
        if any("\ud800" <= c <= "\udfff" for c in text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def with_xml_line_ends(content: bytes) -> bytes:
    """Return XML with its line ends as XML defines them: a raw CR LF or CR is one LF."""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content


def _character(number: str) -> str:
    """Return the character of a numeric reference; html.unescape would swap the Windows-1252 range."""
    return chr(int(number[1:], 16) if number[:1] in "xX" else int(number))


def _mapped(keys: pl.Series, others: pl.Series, where: pl.Series, known: dict[str, str]) -> pl.Series:
    table = pl.DataFrame(
        {"key": list(known), "new": list(known.values())}, schema={"key": pl.String, "new": pl.String}
    )
    frame = pl.DataFrame({"key": keys, "old": others, "where": where}).join(
        table, on="key", how="left", maintain_order="left"
    )
    return frame.select(pl.when("where").then("new").otherwise("old").alias("text"))["text"]
