"""Group A of the bad inputs: what a file is, told by its content, and opened without trusting it."""

from __future__ import annotations

import io
import os
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import hostile
import pytest
from hostile import SHEET, book, changed, in_sheet

from partnership.errors import Finding, has_errors
from partnership.intake._ole import stream_names
from partnership.intake.files import DamagedFile, open_package, shown_name, sniff
from partnership.intake.sheets import open_workbook

GOOD = book()


def every_finding(data: bytes, name: str = "plan.xlsx") -> list[Finding]:
    """Open a workbook and read all its sheets."""
    opened, findings = open_workbook(data, name)
    for sheet in opened.sheet_names if opened else ():
        findings = findings + opened.read(sheet)[1]
    return findings


def billion_laughs(xml: bytes) -> bytes:
    levels = b"".join(b'<!ENTITY %c "%s">' % (98 + i, (b"&%c;" % (97 + i)) * 30) for i in range(6))
    doctype = b'<!DOCTYPE w [<!ENTITY a "' + b"A" * 1000 + b'">' + levels + b"]>"
    return xml.replace(b"<worksheet", doctype + b"<worksheet", 1).replace(b"<v>100", b"<v>&g;", 1)


def long_sheet(xml: bytes) -> bytes:
    row = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"A" * 101_000_000 + b"</t></is></c></row>"
    return xml.replace(b"</sheetData>", row + b"</sheetData>")


def dense_sheet(xml: bytes) -> bytes:
    row = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"A" * 20_000_000 + b"</t></is></c></row>"
    return xml.replace(b"</sheetData>", row + b"</sheetData>")


REFUSED = [
    pytest.param(b"", "A1-empty-file", "The file is empty.", id="A1-empty"),
    pytest.param(b"a,b\n1,2\n", "A2-not-a-workbook", "text file (CSV)", id="A2-csv"),
    pytest.param(b"\xef\xbb\xbfa;b\r\n", "A2-not-a-workbook", "text file (CSV)", id="A2-csv-with-mark"),
    pytest.param(b"<html><table><tr><td>1</td></tr></table></html>", "A2-not-a-workbook", "web page", id="A2-html"),
    pytest.param(b"\n <!DOCTYPE html><p>", "A2-not-a-workbook", "web page", id="A2-html-doctype"),
    pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(40), "A2-not-a-workbook", "a picture", id="A2-png"),
    pytest.param(b"%PDF-1.7\n", "A2-not-a-workbook", "a PDF", id="A2-pdf"),
    pytest.param(os.urandom(4096).replace(b"PK", b"xx"), "A2-not-a-workbook", "nothing that", id="A2-noise"),
    pytest.param(GOOD[: len(GOOD) // 2], "A2-damaged", "cut short", id="A2-truncated"),
    pytest.param(b"PK\x03\x04" + bytes(100), "A2-damaged", "cut short", id="A2-zip-start-only"),
    pytest.param(hostile.one_byte_wrong(GOOD), "A2-damaged", "cannot be unpacked", id="A2-one-byte"),
    pytest.param(in_sheet(b"</worksheet>", b""), "A2-damaged", "not well-formed", id="A2-xml-cut"),
    pytest.param(changed(GOOD, without=["xl/workbook.xml"]), "A2-not-a-workbook", "zip without", id="A2-no-workbook"),
    pytest.param(changed(GOOD, without=[SHEET]), "A2-damaged", "is missing", id="A2-no-sheet"),
    pytest.param(hostile.ole("Workbook"), "A3-old-format", "old Excel format", id="A3-old"),
    pytest.param(hostile.ole("EncryptionInfo", "EncryptedPackage"), "A3-password", "password", id="A3-password"),
    pytest.param(hostile.ole("WordDocument"), "A2-not-a-workbook", "another program", id="A3-word"),
    pytest.param(lambda: changed(GOOD, {SHEET: long_sheet}), "A4-too-large", "would unpack to 101 MB", id="A4-sum"),
    pytest.param(lambda: changed(GOOD, {SHEET: dense_sheet}), "A4-too-large", "times its size", id="A4-ratio"),
    pytest.param(
        lambda: changed(GOOD, extra={f"xl/media/i{n}.bin": b"" for n in range(6_000)}), "A5-too-many-parts", "6,0", id="A5-members"
    ),
    pytest.param(
        changed(GOOD, {SHEET: lambda x: x.replace(b"<worksheet", b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet', 1)
                       .replace(b"<v>100", b"<v>&x;", 1)}),
        "A8-doctype", "DOCTYPE", id="A8-external-entity",
    ),
    pytest.param(
        changed(GOOD, {"xl/workbook.xml": lambda x: b"<!DOCTYPE workbook>" + x}), "A8-doctype", "DOCTYPE", id="A8-in-workbook-xml"
    ),
    pytest.param(
        changed(GOOD, {SHEET: lambda x: ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w []>' + x.decode()).encode("utf-16")}),
        "A8-doctype", "DOCTYPE", id="A8-in-utf-16",
    ),
    pytest.param(lambda: changed(GOOD, {SHEET: billion_laughs}), "A8-doctype", "DOCTYPE", id="A9-billion-laughs"),
    pytest.param(changed(GOOD, extra={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "A10-active-content", "macros", id="A10-macros"),
    pytest.param(
        changed(GOOD, extra={"xl/macrosheets/sheet1.xml": b"<a/>"}), "A10-active-content", "macros", id="A10-macro-sheet"
    ),
    pytest.param(
        changed(GOOD, extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "A10-active-content", "links to other workbooks", id="A10-external-link",
    ),
    pytest.param(
        changed(GOOD, extra={"xl/embeddings/oleObject1.bin": b"x"}), "A10-active-content", "embedded objects", id="A10-object"
    ),
    pytest.param(changed(GOOD, extra={"xl/connections.xml": b"<a/>"}), "A10-active-content", "data connections", id="A10-connection"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "words"), REFUSED)
def test_open_workbook_given_a_bad_file_refuses_in_words(
    data: bytes | Callable[[], bytes], code: str, words: str
) -> None:
    findings = every_finding(data if isinstance(data, bytes) else data())
    (finding,) = findings
    assert finding.code == code
    assert words in finding.found
    assert finding.rejects
    assert finding.do
    assert finding.place
    assert "Traceback" not in str(finding)
    assert "root:" not in str(finding)


@pytest.mark.parametrize(
    "make",
    [pytest.param(lambda: changed(GOOD, {SHEET: billion_laughs}), id="A9-billion-laughs"),
     pytest.param(lambda: changed(GOOD, {SHEET: long_sheet}), id="A4-bomb"),
     pytest.param(lambda: changed(GOOD, extra={f"xl/media/i{n}.bin": b"" for n in range(60_000)}), id="A5-60000-members")],
)  # fmt: skip
def test_open_workbook_given_a_bomb_refuses_within_two_seconds(make: Callable[[], bytes]) -> None:
    data = make()
    started = time.process_time()
    assert has_errors(every_finding(data))
    assert time.process_time() - started < 2


def test_open_workbook_given_a_bomb_needs_little_memory() -> None:
    bombs = [changed(GOOD, {SHEET: billion_laughs}), changed(GOOD, {SHEET: long_sheet})]
    tracemalloc.start()
    for bomb in bombs:
        assert has_errors(every_finding(bomb))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_open_workbook_given_a_good_file_finds_nothing() -> None:
    assert every_finding(GOOD) == []


@pytest.mark.parametrize(
    "extra", ["../../../tmp/evil.txt", "/etc/evil", "..\\..\\evil", "C:/evil"], ids=lambda e: f"A11-{e}"
)
def test_open_package_given_a_member_that_leads_outside_ignores_it(
    extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    package, findings = open_package(changed(GOOD, extra={extra: b"x"}), "plan.xlsx")
    assert findings == []
    assert package is not None
    assert not any("evil" in name for name in package.names)
    with pytest.raises(DamagedFile, match="is missing"):
        package.read(extra)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("../../../etc/cron.d/x", id="A13-path"),
        pytest.param("CON.xlsx", id="A13-device"),
        pytest.param("a\0b.xlsx", id="A13-nul"),
        pytest.param("x" * 300 + ".xlsx", id="A13-long"),
        pytest.param("<img onerror=alert(1)>.xlsx", id="A13-markup"),
        pytest.param("\u202eslx.gpj.xlsx", id="A13-direction"),
        pytest.param("a\n2026-01-01 INFO admin logged in", id="E9-log-line"),
        pytest.param("", id="A13-none"),
    ],
)
def test_shown_name_whatever_the_name_shows_it_escaped_and_short(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown) <= 60
    assert shown.isprintable()
    assert sniff(GOOD, name) == ("workbook", [])
    assert sniff(b"", name)[1][0].place == shown


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.xls", "A3-old-format"), ("a.xlsx", "A3-password")],
    ids=["A3-by-name-old", "A3-by-name-protected"],
)
def test_sniff_given_an_unreadable_directory_lets_the_name_break_the_tie(name: str, code: str) -> None:
    bare = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    assert sniff(bare, name)[1][0].code == code


def test_stream_names_follows_a_directory_of_several_sectors() -> None:
    names = [f"Stream {n}" for n in range(11)]
    assert stream_names(hostile.ole(*names)) == {"Root Entry", *names}


@pytest.mark.parametrize("cut", [8, 100, 511, 512, 600, 1024, 1100])
def test_stream_names_given_a_cut_file_ends(cut: int) -> None:
    assert stream_names(hostile.ole("Workbook", *"abcdefgh")[:cut]) <= {"Root Entry", "Workbook", *"abcdefgh"}


def test_sniff_given_an_encrypted_zip_member_says_password() -> None:
    data = bytearray(GOOD)
    for entry in zipfile.ZipFile(io.BytesIO(GOOD)).infolist():
        data[entry.header_offset + 6] |= 1
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    assert sniff(bytes(data), "plan.xlsx")[1][0].code == "A3-password"
