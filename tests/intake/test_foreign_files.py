"""Files of other bodies: told by their bytes, opened without trusting them, refused in words."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from returns_made import IPA_2022, Dialect, as_workbook, real_projects

from partnership.intake._grid_files import read_sheets
from partnership.intake._grid_text import decode
from partnership.intake._grids import Sheet


def width(sheet: Sheet) -> int:
    return max((len(r.cells) for r in sheet.rows), default=0)


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def open_document(rows: str) -> bytes:
    space = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
    body = f"<office:body><office:spreadsheet><table:table table:name='A'>{rows}</table:table></office:spreadsheet></office:body>"
    content = (
        f"<?xml version='1.0'?><office:document-content {space}>{body}</office:document-content>".replace(
            "'", '"'
        )
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(**{"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
FAR = (
    f'<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{CELL}</table:table-row>'
)


def test_open_document_is_read_and_a_stray_cell_far_away_is_refused() -> None:
    sheets, findings = read_sheets(open_document(f"<table:table-row>{CELL}{CELL}</table:table-row>"), width)
    assert findings == []
    assert [r.cells for r in sheets[0].rows] == [("x", "x")]
    sheets, findings = read_sheets(open_document(FAR), width)
    assert sheets == []
    assert findings[0].code == "file-too-large"
    assert "row 1,000,001 and column 16,001" in findings[0].found


def test_stray_cell_far_away_in_a_workbook_costs_nothing() -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "x"
    book.active.cell(1_048_576, 16_384).value = "y"
    out = io.BytesIO()
    book.save(out)
    sheets, _ = read_sheets(out.getvalue(), width)
    assert [r.number for r in sheets[0].rows] == [2, 1_048_576]
    assert sheets[0].blank_rows == 1_048_574


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped(**{"xl/workbook.bin": ""}), "file-kind"),
        (zipped(**{"word/document.xml": "<a/>"}), "file-kind"),
        (zipped(**{"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "file-doctype"),
        (zipped(**{"xl/workbook.xml": "<a>"}), "file-broken"),
        (zipped(**{"xl/workbook.xml": "<a/>"})[:-30], "file-broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file-broken"),
        (zipped(**{"xl/workbook.xml": "<a/>", "xl/sheet.xml": " " * 110_000_000}), "file-too-large"),
        (b"\xff\xfea\x00b", "file-encoding"),
        (b" \r\n\t ", "file-empty"),
    ],
)
def test_file_that_cannot_be_opened_is_refused_in_words(data: bytes, code: str) -> None:
    sheets, findings = read_sheets(data, width)
    assert sheets == []
    assert [f.code for f in findings if f.rejects] == [code]


def test_workbook_with_macros_and_links_gives_its_values_only() -> None:
    plain = as_workbook(real_projects()[:2], Dialect(IPA_2022))
    out = io.BytesIO(plain)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert len(read_sheets(out.getvalue(), width)[0][0].rows) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_of_every_usual_encoding_is_decoded(encoding: str) -> None:
    text = "Whole life cost (£m);café – “so”\r\n1;2\r\n"
    assert decode(text.encode(encoding)) == (text, [])


def test_mixed_encodings_are_decoded_byte_by_byte() -> None:
    text, findings = decode("£1 – ".encode() + "£2".encode("cp1252") + b"\x9d")
    assert text == "£1 – £2\ufffd"
    assert [f.code for f in findings] == ["file-stray-bytes"]
    assert (findings[0].place, "line 1 byte 0x9D" in findings[0].found) == ("line 1", True)


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_a17_byte_that_windows_1252_does_not_define_is_told_with_its_line_and_value(byte: int) -> None:
    data = b"name,cost\nCaf\xe9 \x80,1\nBad " + bytes([byte]) + b" word " + bytes([byte]) + b",2\n"
    text, findings = decode(data)
    assert text == "name,cost\nCafé €,1\nBad \ufffd word \ufffd,2\n"
    (found,) = findings
    assert found.place == "line 3"
    assert f"2 bytes are no letters in UTF-8 or Windows-1252 (line 3 byte 0x{byte:02X}, line 3" in found.found
    assert found.severity == "warning"


def test_separator_is_the_one_that_the_reader_makes_most_of() -> None:
    for separator in (",", ";", "\t", "|"):
        data = f"a{separator}b{separator}c\n1{separator}2,5; x{separator}3\n".encode()
        sheets, _ = read_sheets(data, lambda s: sum(c in ("a", "b", "c") for r in s.rows for c in r.cells))
        assert sheets[0].rows[0].cells == ("a", "b", "c")
