"""The bad inputs as one table: id, how the file is made, what is right, where it is said and in which words.

Ids follow the specification of bad input that issue 2 names: groups A to F and H1 to H6. A row that meets no
file of our template is listed in :data:`ELSEWHERE` with the tests that hold it.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import operator
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import xlsxwriter
from bad_files import (
    Text,
    book,
    edited,
    first_sheet,
    good,
    hostile,
    in_cell,
    lean,
    letter,
    member_of,
    picture,
    rows,
)

__all__ = [
    "CASES", "ELSEWHERE", "FORMULAS", "LOG_LINE", "MARKUP", "SURVIVORS", "TEMPLATES", "Case", "Said", "titled",
]  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One finding that must be there: place, words of its sentences, and the value it must show, if any."""

    severity: str
    place: str
    words: tuple[str, ...] = ()
    value: str | None = None


@dataclass(frozen=True)
class Case:
    """One bad file and what is right. With no rejecting :class:`Said` the file must be stored."""

    id: str
    make: Callable[[], bytes]
    said: tuple[Said, ...] = ()
    secrets: tuple[str, ...] = ()
    stored: Mapping[tuple[str, str, str], Any] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    shown_back: Mapping[str, str] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    name: str = "plan.xlsx"
    kind: str = "workbook"
    slow: bool = False

    @property
    def row(self) -> str:
        """The row of the specification."""
        return self.id.split("-")[0]

    @property
    def rejects(self) -> bool:
        """True when the file must be refused."""
        return any(s.severity != "warning" for s in self.said)


def e(place: str, *words: str, value: str | None = None) -> Said:
    return Said("error", place, words, value)


def w(place: str, *words: str) -> Said:
    return Said("warning", place, words)


def q(place: str, *words: str) -> Said:
    return Said("quarantine", place, words)


CASES: list[Case] = []


def case(name: str, *said: Said, **more: Any) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def add(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES.append(Case(name, functools.cache(make), said, **more))
        return make

    return add


def add(name: str, make: Callable[[], bytes], *said: Said, **more: Any) -> None:
    case(name, *said, **more)(make)


def paid(first: int, column: str, values: list[Any], **more: Any) -> dict[str, Any]:
    """Contributions alike but for one column."""
    constant = {"B": "fire-and-rescue", "C": "clear", "E": "2027/28", "F": "planned", "H": 100, "I": "cash"}
    return rows(first, column, values, **{k: v for k, v in (constant | more).items() if k != column})


def promised(first: int, column: str, values: list[Any], **more: Any) -> dict[str, Any]:
    """Commitments alike but for one column."""
    constant = {"B": "A promise", "C": "fire-and-rescue", "G": dt.date(2024, 1, 2), "H": dt.date(2027, 10, 1)}
    return rows(first, column, values, **{k: v for k, v in (constant | more).items() if k != column})


def titled(values: list[Any]) -> dict[str, Any]:
    """Work items alike but for their title."""
    return rows(7, "B", values, H="fire-and-rescue")


def stored_titles(values: list[str]) -> dict[tuple[str, str, str], Any]:
    return {("work_items", f"new-{n}", "title"): v for n, v in enumerate(values, 7)}


# ------------------------------------------------------------------------------------------------- A. the file itself
FILE = "plan.xlsx"
SMALL = functools.partial(lean, "Contributions")

add("A1", lambda: b"", e(FILE, "The file is empty."))
add("A2-csv", lambda: b"id,name\n1,2\n", e(FILE, "text file"))
add("A2-html", lambda: b"<html><table><tr><td>1</td></tr></table></html>", e(FILE, "web page"))
add("A2-png", picture, e(FILE, "picture"))
add("A2-cut", lambda: SMALL()[: len(SMALL()) // 2], e(FILE, "cut short"))
add(
    "A2-one-byte",
    lambda: hostile.one_byte_wrong(SMALL(), member_of(SMALL(), "Contributions")),
    e("Contributions", "cannot be unpacked"),
)
add("A3-old", lambda: hostile.ole("Workbook"), e(FILE, "old Excel format", ".xlsx"))
add("A3-password", lambda: hostile.ole("EncryptionInfo", "EncryptedPackage"), e(FILE, "password"))
add(
    "A4-ratio",
    lambda: first_sheet(
        b"<row r='90'><c r='A90' t='inlineStr'><is><t>" + b"A" * 20_000_000 + b"</t></is></c></row>",
        before=b"</sheetData>",
    ),
    e(FILE, "times its size"),
)
add(
    "A4-sum",
    lambda: hostile.changed(SMALL(), extra={f"xl/media/{n}.bin": bytes(range(256)) * 100_000 for n in range(5)}),
    e(FILE, "would unpack to"), slow=True,
)  # fmt: skip
add(
    "A5",
    lambda: hostile.changed(SMALL(), extra={f"xl/media/i{n}.bin": b"" for n in range(6_000)}),
    e(FILE, "6,0", "parts"),
)
add(
    "A6-far",
    lambda: book(Contributions={"XFD1048576": 1}),
    e("Contributions!A1048576", "1,048,576 rows", "at most 50,000"),
    e("Contributions!XFD1048576", "XFD"),
)
add("A6-other", lambda: book(Contributions={"A50005": "x"}), e("Contributions!A50005", "at most 50,000"))
add("A6-readings", lambda: book(Readings={"A200005": "x"}), e("Readings!A200005", "at most 200,000"))
add(
    "A7",
    lambda: edited(SMALL(), "Contributions", (b"<sheetData>", b"<sheetData><!-- -->"), (b"<dimension ref=", b'<dimension ref="A1:XFD1048576"/><ignored ref=')),
)  # fmt: skip
add(
    "A8",
    lambda: first_sheet(b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    e("Contributions", "DOCTYPE"),
    secrets=("root:",),
)


@case("A9", e("Contributions", "DOCTYPE"))
def _laughs() -> bytes:
    levels = b"".join(b'<!ENTITY %c "%s">' % (98 + i, (b"&%c;" % (97 + i)) * 30) for i in range(6))
    return first_sheet(b'<!DOCTYPE w [<!ENTITY a "' + b"A" * 1000 + b'">' + levels + b"]>")


add(
    "A10-macros",
    lambda: hostile.changed(SMALL(), extra={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    e(FILE, "macros"),
)
add(
    "A10-links",
    lambda: hostile.changed(SMALL(), extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
    e(FILE, "links to other workbooks"),
)
add(
    "A10-objects",
    lambda: hostile.changed(SMALL(), extra={"xl/embeddings/oleObject1.bin": b"x"}),
    e(FILE, "embedded objects"),
)
add("A11", lambda: hostile.changed(SMALL(), extra={"../../../tmp/evil.txt": b"x", "/etc/evil": b"x"}))
add(
    "A12-twice",
    lambda: edited(
        SMALL(),
        "Contributions",
        (b'<c r="B5"', b'<c r="A5" t="inlineStr"><is><t>other</t></is></c><c r="B5"'),
    ),
    e("Contributions!A5", "twice"),
)


@case("A12-order", e("Contributions!*", "order"))
def _out_of_order() -> bytes:
    def swap(xml: bytes) -> bytes:
        fifth, sixth = (re.search(b'<row r="%d".*?</row>' % n, xml, re.DOTALL)[0] for n in (5, 6))
        return xml.replace(sixth, b"").replace(fifth, sixth + fifth)

    return hostile.changed(SMALL(), {member_of(SMALL(), "Contributions"): swap})


add(
    "A18-same",
    lambda: book(lambda b: b.create_sheet("contributions "), Contributions={}),
    e("*", "Contributions", "contributions"),
)


@case(
    "A18-hidden",
    w("Contributions!*", "hidden", "row"), w("Contributions!*", "hidden", "column"), w("Goals", "hidden"), w("Commitments", "hidden"),
)  # fmt: skip
def _hidden() -> bytes:
    def change(made: openpyxl.Workbook) -> None:
        made["Contributions"].row_dimensions[5].hidden = True
        made["Contributions"].column_dimensions["P"].hidden = True
        made["Contributions"]["P5"] = "A note"
        made["Goals"].sheet_state = "hidden"
        made["Commitments"].sheet_state = "veryHidden"

    return book(change, Contributions={}, Goals={}, Commitments={})


add(
    "A18-merged",
    lambda: book(lambda b: b["Contributions"].merge_cells("H5:H6"), Contributions={}),
    e("Contributions!H5:H6", "merged"),
    e("Contributions!H6", "blank"),
)

# ------------------------------------------------------------------------------------------------ B. headers and shape
add(
    "B1",
    lambda: book(Contributions={"Q4": "amount", "R4": "Goal_ID "}),
    e("Contributions!Q4", "H ('Amount (£)')", "Q ("), e("Contributions!R4", "D ('Goal id')", "R ("),
)  # fmt: skip
add(
    "B2-missing",
    lambda: book(lambda b: b["Contributions"].delete_cols(8), Contributions={}),
    e("Contributions!4:4", "'Amount (£)'"),
)
add(
    "B2-unknown", lambda: book(Contributions={"Q4": "Amuont", "Q5": 3}), e("Contributions!Q4", value="Amuont")
)
add(
    "B2-blanks",
    lambda: in_cell("Contributions", "Q4", "a" + " " * 300_000 + "b"),
    e("Contributions!Q4", "not known"),
)
add("B2-unheaded", lambda: book(Contributions={"W5": "lost"}), e("Contributions!W5", "header"))
add(
    "B2-ignored",
    lambda: book(Contributions={"Q4": "Ignore: my workings", "Q5": 3}),
    w("Contributions!Q4", "passed over", "Nothing in it is stored"),
)


@case("B2-order")
def _order() -> bytes:
    def change(made: openpyxl.Workbook) -> None:
        sheet = made["Contributions"]
        values = [[c.value for c in row] for row in sheet.iter_rows(min_row=4, max_row=6, max_col=16)]
        for number, row in enumerate(values, 4):
            for column, value in enumerate(reversed(row), 1):
                sheet.cell(number, column).value = value

    return book(change, Contributions={})


add(
    "B3",
    lambda: book(Contributions={"Q4": "Child name", "R4": "DOB", "S4": "NHS No"}),
    *(q(f"Contributions!{c}4", "no data about a person") for c in "QRS"),
)
add(
    "B4-header-only",
    lambda: book(lambda b: b["Commitments"].delete_rows(5, 9), Commitments={}, Goals={}),
    w("Commitments", "0 rows"),
)
add(
    "B4-empty",
    lambda: book(lambda b: b["Commitments"].delete_rows(1, 99), Commitments={}, Goals={}),
    e("Commitments", "header"),
)
add("B4-blank", lambda: book(lambda b: b["Contributions"].insert_rows(6, 3), Contributions={"B40": "   "}))
add(
    "B4-total",
    lambda: book(Contributions={"A7": "Total", "H7": 15500.5}),
    e("Contributions!A7", "totals", value="Total"),
)
add(
    "B5-older",
    lambda: book(Contributions={}, _meta={"B1": 0}),
    e(FILE, "version 0", "version 1", "partnership export"),
)
add("B5-newer", lambda: book(Contributions={}, _meta={"B1": 99}), e(FILE, "version 99", "version 1"))
add(
    "B6-ids",
    lambda: book(Readings={f"E{n}": dt.date(2025, n, 1) for n in range(5, 11)}),
    w("Readings", "None of the 6 rows"),
)
add(
    "B6-partnership",
    lambda: book(Partnership={"A5": "another"}),
    e("Partnership!A5", "another", "isle"),
    w(FILE, "another"),
)

# ----------------------------------------------------------------------------------------------- C. numbers and money
_NOT_FINITE = ["NaN", "inf", "-inf", "#REF!", "#DIV/0!", Text("#REF!"), 1e308]
add(
    "C1",
    lambda: book(Contributions=paid(7, "H", _NOT_FINITE)),
    e("Contributions!H7", value="NaN"), e("Contributions!H8", value="inf"), e("Contributions!H9", value="-inf"),
    e("Contributions!H10", value="#REF!"), e("Contributions!H11", value="#DIV/0!"), e("Contributions!H12", value="#REF!"),
    e("Contributions!H13", "large", value="1e+308"),
)  # fmt: skip
add(
    "C2-payment",
    lambda: book(Contributions=paid(7, "H", [-5])),
    e("Contributions!H7", "correction", value="-£5.00"),
)
add(
    "C2-correction", lambda: book(Contributions=paid(7, "H", [-5], G="correction")),
    stored={("contributions", "new-7", "amount_gbp"): Decimal("-5.00")},
)  # fmt: skip
_NOT_NUMBERS = ["£1.2m", "1.234,50", "(500)", Text("12%"), Text("1e3"), "１２３", "١٢٣"]
add(
    "C3-refused", lambda: book(Contributions=paid(7, "H", [Text(v) for v in _NOT_NUMBERS])),
    *(e(f"Contributions!H{n}", value=v) for n, v in enumerate(_NOT_NUMBERS, 7)),
)  # fmt: skip
add(
    "C3-read", lambda: book(Contributions=paid(7, "H", [Text("1,234.50"), Text(" 7 "), Text("£1,000")])),
    stored={("contributions", f"new-{n}", "amount_gbp"): Decimal(v) for n, v in [(7, "1234.50"), (8, "7.00"), (9, "1000.00")]},
)  # fmt: skip
add(
    "C4", lambda: book(Contributions=paid(7, "H", [0.1 + 0.2])),
    stored={("contributions", "new-7", "amount_gbp"): Decimal("0.30")},
)  # fmt: skip
_HALF_PENNIES = [0.005, 0.015, 0.025, 1.005, 2.675]
add(
    "C5", lambda: book(Contributions=paid(7, "H", _HALF_PENNIES)),
    *(e(f"Contributions!H{n}", "decimal", value=str(v)) for n, v in enumerate(_HALF_PENNIES, 7)),
)  # fmt: skip
add(
    "C6",
    lambda: book(Contributions=paid(7, "H", [Text("99,999,999,999,999,999.99")])),
    e("Contributions!H7", "large"),
)
add(
    "C7",
    lambda: book(Contributions=paid(7, "H", [1250050], B="fire-and-rescue", E="2028/29")),
    w("Contributions!H7", "100 times"),
)
add(
    "C8-refused",
    lambda: book(Benefit_shares={"C5": 101, "C6": -1, "C7": None}),
    e("Benefit shares!C5", value="101"), e("Benefit shares!C6", value="-1"), e("Benefit shares!C7", "blank"),
)  # fmt: skip
add(
    "C8-parts", lambda: book(Benefits={}, Benefit_shares={"A9": "peace", "B9": "ferry.co", "C9": 0.5, "A10": "peace", "B10": "parish/union", "C10": 0.5}),
    e("Benefit shares!C9", "1%", "100%"), w("Benefit shares!C9", "Did you mean per cent?"),
)  # fmt: skip
add(
    "C8-read", lambda: book(Benefits={}, Benefit_shares={"A9": "peace", "B9": "ferry.co", "C9": Text("50%"), "A10": "peace", "B10": "parish/union", "C10": 50}),
    stored={("benefit_shares", "peace|ferry.co", "share"): Fraction(1, 2)},
)  # fmt: skip
add(
    "C9-short",
    lambda: book(Benefit_shares={"C5": 33.33, "C6": 33.33, "C7": 33.33}),
    e("Benefit shares!*", "99.99", "100"),
)
add(
    "C9-thirds",
    lambda: book(Benefit_shares={"C5": Text("1/3"), "C6": Text(" 2 / 6 "), "C7": 33.333333333333336}),
    w("Benefit shares!C7", "1/3"),
)
add("C11", lambda: book(Contributions=paid(7, "H", ["=SUM(1,2)"])), e("Contributions!H7", "formula", "save"))


@case(
    "C12", w("Contributions!H7", "formula"), stored={("contributions", "new-7", "amount_gbp"): Decimal("123.25")},
    formulas={"Contributions!H7": "=100+23.25"},
)  # fmt: skip
def _formula() -> bytes:
    return with_value("=100+23.25", "123.25")


add(
    "C12-personal",
    lambda: with_value('=LEN("943 476 5919")', "12"),
    q("Contributions!H7", "NHS number"),
    secrets=("943 476 5919", "476 5919"),
)


def with_value(formula: str, value: str) -> bytes:
    """A formula with the value that Excel had worked out; openpyxl writes an empty one in one of three spellings."""
    data = book(Contributions=paid(7, "H", [formula]))

    def edit(xml: bytes) -> bytes:
        out, count = re.subn(rb"(</f>)(?:<v ?/>|<v></v>)", rb"\1<v>%s</v>" % value.encode(), xml, count=1)
        assert count == 1
        return out

    return hostile.changed(data, {member_of(data, "Contributions"): edit})


add(
    "C13",
    lambda: book(
        Agencies={"A8": Text("007"), "B8": Text("007"), "C8": "Zero", "E8": "other", "A9": "NA", "B9": "NA", "C9": "Not missing", "E9": "other",
                  "A10": "None", "B10": "NONE", "C10": "Nor this", "E10": "other", "A11": Text("1e5"), "B11": Text("1E5"), "C11": "No power", "E11": "other"},
    ),
    stored={("agencies", i, "code"): c for i, c in [("007", "007"), ("NA", "NA"), ("None", "NONE"), ("1e5", "1E5")]},
)  # fmt: skip
add(
    "C13-number",
    lambda: book(Contributions={"A7": 7, **{k: v for k, v in paid(7, "H", [5]).items() if k != "A7"}}),
    w("Contributions!A7", "number"),
)
add(
    "C14",
    lambda: book(Contributions=paid(7, "H", [True, False])),
    e("Contributions!H7", value="TRUE"),
    e("Contributions!H8", value="FALSE"),
)

# ------------------------------------------------------------------------------------------------- D. dates and years
_NO_DAYS = ["2023-02-29", "31/04/2025", "2025-13-01", "Q1"]
add(
    "D1-refused", lambda: book(Commitments=promised(7, "H", _NO_DAYS)),
    *(e(f"Commitments!H{n}", value=v) for n, v in enumerate(_NO_DAYS, 7)),
)  # fmt: skip
add(
    "D1-read", lambda: book(Commitments=promised(7, "H", ["5 April 2025"])),
    stored={("commitments", "new-7", "due_on"): dt.date(2025, 4, 5)},
)  # fmt: skip
add(
    "D2", lambda: book(Commitments=promised(7, "H", ["04/05/2025"])),
    stored={("commitments", "new-7", "due_on"): dt.date(2025, 5, 4)}, shown_back={"Commitments!H7": "4 May 2025"},
)  # fmt: skip
_SERIALS = [60, 0, -1, 2958466]
add(
    "D3-refused", lambda: book(Commitments=promised(7, "H", [(v, "yyyy-mm-dd") for v in _SERIALS])),
    *(e(f"Commitments!H{n}", value=str(v)) for n, v in enumerate(_SERIALS, 7)),
)  # fmt: skip


@case(
    "D3-1904",
    stored={
        ("commitments", "p-1", "due_on"): dt.date(2027, 10, 1),
        ("commitments", "new-7", "due_on"): dt.date(2026, 1, 31),
    },
)
def _from_1904() -> bytes:
    def change(made: openpyxl.Workbook) -> None:
        made.epoch = openpyxl.utils.datetime.MAC_EPOCH

    return book(change, Commitments=promised(7, "H", [dt.date(2026, 1, 31)]))


add(
    "D4-order",
    lambda: book(Commitments=promised(7, "H", [dt.date(2023, 12, 31)]), Goals={"L5": dt.date(2029, 1, 1)}, Agencies={"H5": dt.date(2019, 1, 1)}),
    e("Commitments!*7", "31 December 2023", "2 January 2024"), e("Goals!*5", "31 March 2028", "1 January 2029"),
    e("Agencies!*5", "1 January 2019", "1 January 2020"),
)  # fmt: skip
add(
    "D4-range", lambda: book(Commitments=promised(7, "H", ["31/12/1899", "1 May 2999"])),
    e("Commitments!H7", value="31/12/1899"), e("Commitments!H8", value="1 May 2999"),
)  # fmt: skip
add(
    "D5",
    lambda: book(Commitments=promised(7, "H", ["2025-03-31T23:59", "2025-04-01 00:00", "2025-04-05T23:30:00+01:00", "2025-03-31T23:30:00Z"])),
    w("Commitments!H*", "time"),
    stored={("commitments", f"new-{n}", "due_on"): dt.date(2025, m, d) for n, (m, d) in enumerate([(3, 31), (4, 1), (4, 5), (4, 1)], 7)},
)  # fmt: skip
add(
    "D6", lambda: book(Commitments=promised(7, "H", ["29/02/2024", "29/02/2028"])),
    stored={("commitments", "new-8", "due_on"): dt.date(2028, 2, 29)},
)  # fmt: skip
add(
    "D7-read", lambda: book(Contributions=paid(7, "E", ["2025/26", "2025-26", "FY26", "25/26"])),
    stored={("contributions", f"new-{n}", "financial_year"): 2025 for n in range(7, 11)},
)  # fmt: skip
add(
    "D7-refused",
    lambda: book(Contributions=paid(7, "E", ["2025/27"])),
    e("Contributions!E7", value="2025/27"),
)
_NO_TIMES = ["2016-12-31T23:59:60Z", "10000-01-01", "290000-01-01", "4 May 44 BC"]
add(
    "D10", lambda: book(Commitments=promised(7, "H", _NO_TIMES)),
    *(e(f"Commitments!H{n}", value=v) for n, v in enumerate(_NO_TIMES, 7)),
)  # fmt: skip

# -------------------------------------------------------------------------------------------------------------- E. text
add(
    "E1-ids",
    lambda: book(Agencies={"A8": "L\N{CYRILLIC CAPITAL LETTER A}", "B8": "LA", "C8": "x", "E8": "other"}, Goals={"A7": "G\u200b1", "B7": "x"}),
    e("Agencies!A8", "U+0410"), e("Goals!A7", "U+200B"),
)  # fmt: skip
add(
    "E1-names", lambda: book(Work_items=titled(["cafe\N{COMBINING ACUTE ACCENT}", "L\N{CYRILLIC CAPITAL LETTER A} board"])),
    w("Work items!B8", "script"), stored=stored_titles(["café", "L\N{CYRILLIC CAPITAL LETTER A} board"]),
)  # fmt: skip
add(
    "E2", lambda: book(Work_items=titled(["LA\u202egnp.exe", "a\u00a0b", "in\ufeffside", "soft\u00adhyphen"])),
    w("Work items!B7", "not seen", "2 more cells"), w("Work items!B8", "blank"),
    stored=stored_titles(["LAgnp.exe", "a b", "inside", "softhyphen"]),
)  # fmt: skip
MARKUP = ["<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>', "<script>alert(1)</script>"]
add("E3", lambda: book(Work_items=titled(MARKUP)), stored=stored_titles(MARKUP))
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1",
]
add("E4", lambda: book(Work_items=titled([Text(v) for v in FORMULAS])), stored=stored_titles(FORMULAS))
_INJECTIONS = ["'; DROP TABLE goal;--", "%", "_", "\\", "$1", "{}"]
add("E5", lambda: book(Work_items=titled(_INJECTIONS)), stored=stored_titles(_INJECTIONS))
add(
    "E6-long", lambda: in_cell("Work items", "B5", "x" * 32_768),
    e("Work items!B5", "300 characters"),
)  # fmt: skip
LETTERS_ONLY = operator.methodcaller("translate", str.maketrans("0123456789", "ghijklmnop"))
add(
    "E6-huge", lambda: in_cell("Work items", "B5", LETTERS_ONLY(random.Random(6).randbytes(5_000_000).hex())),
    e("Work items!B5", "300 characters"), slow=True,
)  # fmt: skip
add(
    "E6-control", lambda: in_cell("Work items", "B5", "a&#x7;b"),
    e("Work items", "not well-formed"),
)  # fmt: skip
add(
    "E6-escaped",
    lambda: hostile.changed(good(), {"xl/sharedStrings.xml": lambda xml: xml.replace(b">Clear roads<", b">a_x0000_b<")}),
    e("Work items!B5", "control", value="a\\x00b"),
)  # fmt: skip
SURVIVORS = ["_x000D_", "one\ntwo", "Smile 😀", "O'Brien", "Ængus"]
add(
    "E7", lambda: book(Work_items=titled(SURVIVORS)), stored=stored_titles(SURVIVORS),
)  # fmt: skip
TEMPLATES = ["{0.__class__}", "{{7*7}}", "%s", Text("@__import__('os')")]
add("E8", lambda: book(Work_items=titled(TEMPLATES)), stored=stored_titles([str(t) for t in TEMPLATES]))
LOG_LINE = "a\n2026-01-01 INFO admin logged in"
add("E9-title", lambda: book(Work_items=titled([LOG_LINE])), stored=stored_titles([LOG_LINE]))
add(
    "E9-value",
    lambda: book(Contributions=paid(7, "F", [LOG_LINE])),
    e("Contributions!F7", value="a\\n2026-01-01 INFO admin logged in"),
)

# ------------------------------------------------------------------------------------------------ F. relations and rules
add(
    "F1",
    lambda: book(Contributions={**paid(7, "A", ["2027-1", "2027-2"], B="parish/union"), **paid(9, "A", ["Case-x", "CASE-X"])}),
    e("Contributions!A7", "5 and 7", "2027-1"), e("Contributions!A8", "6 and 8", "2027-2"), e("Contributions!A10", "9 ('Case-x')", "10 ('CASE-X')"),
)  # fmt: skip
add(
    "F2-missing",
    lambda: book(Contributions=paid(7, "B", ["fire-and-resuce"]), Work_items={"G5": "g/11"}),
    e("Contributions!B7", "fire-and-rescue", value="fire-and-resuce"), e("Work items!G5", "g/1", "g/2", value="g/11"),
)  # fmt: skip
add(
    "F2-closed", lambda: book(Goals={"P5": dt.date(2026, 3, 31)}, Work_items={**titled(["Late work"]), "G7": "g/1"}),
    w("Work items!G7", "closed"),
)  # fmt: skip
add("F3-self", lambda: book(Work_items={"M5": "clear"}), e("Work items!M5", "clear > clear"))
add("F3-pair", lambda: book(Work_items={"M5": "boats"}), e("Work items!M*", "boats > clear > boats"))
add(
    "F3-fifty",
    lambda: book(Work_items=rows(7, "M", [f"new-{7 + (n + 1) % 50}" for n in range(50)], B="x", H="fire-and-rescue")),
    e("Work items!M*", *(f"new-{n} > new-{n + 1}" for n in (10, 30, 50))),
)  # fmt: skip
add(
    "F3-chain", lambda: book(Work_items=rows(7, "M", [*(f"new-{n + 1}" for n in range(7, 5006)), None], B="x", H="fire-and-rescue")),
    stored={("work_items", "new-7", "depends_on"): "new-8"}, slow=True,
)  # fmt: skip
add(
    "F4", lambda: book(Benefits={f"{letter('benefits', 'outcome_key')}{n}": "road-clear" for n in (5, 6)}), w("Benefits!*", "£1,000.00"),
)  # fmt: skip

# ----------------------------------------------------------------------------------------------- H. people in the data
_NHS = ["943 476 5919", "9434765919", "943\u200b476\u200b5919", "943.476.5919", "９４３４７６５９１９"]
add(
    "H1", lambda: book(Work_items={f"C{n}": f"for {v}" if n == 7 else v for n, v in enumerate(_NHS, 7)} | titled(["x"] * 5), Readings={"F10": 9434765919}),
    *(q(f"Work items!C{n}", "NHS number") for n in range(7, 12)), q("Readings!F10", "NHS number"),
    secrets=(*_NHS, "4765919", "476 5919", "9434765"),
)  # fmt: skip
add(
    "H2-alone",
    lambda: book(Work_items={"C5": "943 476 5918"}),
    silent=("H1", "H2", "H3"),
    stored={("work_items", "clear", "description"): "943 476 5918"},
)
add(
    "H2-beside", lambda: book(Work_items={"C5": "NHS 943 476 5918", "C6": "943 476 5918", "D6": "NHS no."}),
    q("Work items!C5"), q("Work items!C6"), secrets=("943 476 5918", "476 5918"),
)  # fmt: skip
_PEOPLE = {
    "B801200005001": "pupil number", "b801200005001": "pupil number", "AB 12 34 56 C": "National Insurance", "SW1A 1AA": "postcode",
    "jane@example.org": "e-mail", "020 7946 0018": "telephone", "DOB 01/02/2015": "date of birth",
}  # fmt: skip
add(
    "H3", lambda: book(Work_items={f"C{n}": f"See {v} please" for n, v in enumerate(_PEOPLE, 7)} | titled(["x"] * len(_PEOPLE))),
    *(q(f"Work items!C{n}", kind) for n, kind in enumerate(_PEOPLE.values(), 7)),
    secrets=tuple(_PEOPLE),
)  # fmt: skip
_NOBODY = ["QQ123456C", "BG123456A", "SW1A", "2024/25 Q1", "£943,476,591", "E10000030"]
add(
    "H4", lambda: book(Work_items={f"C{n}": v for n, v in enumerate(_NOBODY, 7)} | titled(["x"] * len(_NOBODY))),
    silent=("H1", "H2", "H3", "H5", "H6"), stored={("work_items", f"new-{n}", "description"): v for n, v in enumerate(_NOBODY, 7)},
)  # fmt: skip
add(
    "H5",
    lambda: book(Work_items={"C5": "case ref LL-48213", "C6": "A.B., aged 9, Harrow Primary"}),
    w("Work items!C5", "case reference"),
    w("Work items!C6", "names"),
)
_STORY = "She told the worker about the night before. " * 30
add(
    "H6-story",
    lambda: book(Goals={"C5": _STORY}),
    q("Goals!C5", "200 words"),
    secrets=("She told the worker",),
)


@case("H6-picture", q("Contributions*", "picture"))
def _pictured() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        sheet = made.add_worksheet("Contributions")
        sheet.write_row(0, 0, ["Id", "Agency id", "Financial year", "Stage", "Amount (£)", "Form"])
        sheet.insert_image("H5", "dot.png", {"image_data": io.BytesIO(picture())})
    return buffer.getvalue()


ELSEWHERE: dict[str, tuple[str, tuple[str, ...]]] = {
    "A13": ("It is the name that is bad, on every road.", ("tests/bad_inputs/test_once.py::test_name_on_the_command_line_is_only_text", "tests/bad_inputs/test_once.py::test_name_of_an_upload_is_only_text")),
    "A14": ("It never becomes a file.", ("tests/bad_inputs/test_once.py::test_a14_too_large_an_upload_is_refused_before_it_is_read", "tests/dashboards/test_dashboard_app.py::test_too_large_a_request_is_refused_in_words")),
    "A15": ("It is one file brought twice.", ("tests/bad_inputs/test_once.py::test_a15_same_file_twice_is_said_and_changes_nothing",)),
    "A16": ("The file is good and the import ends half-way.", ("tests/bad_inputs/test_once.py::test_a16_import_killed_half_way_is_stored_whole_or_not_and_can_be_done_again", "tests/bad_inputs/test_once.py::test_a16_browser_closed_between_preview_and_accept_stores_nothing", "tests/crash/test_kill9.py::test_store_killed_ten_times_loses_nothing_acknowledged")),
    "A17": ("Our template is no text file; the readers of other people's tables take them.", ("tests/bad_inputs/test_once.py::test_a17_text_file_of_any_encoding_is_read_alike", "tests/intake/test_foreign_files.py::test_text_of_every_usual_encoding_is_decoded", "tests/intake/test_foreign_files.py::test_mixed_encodings_are_decoded_byte_by_byte", "tests/intake/test_foreign_files.py::test_a17_byte_that_windows_1252_does_not_define_is_told_with_its_line_and_value")),
    "C10": ("Money is shared after a file is stored.", ("tests/test_money.py::test_splitting_parts_make_the_whole", "tests/test_money.py::test_splitting_ten_thousand_random_apportionments_loses_no_penny", "tests/views/test_benefit_ledger.py::test_ledger_splits_as_money_splits_and_the_parts_make_the_whole")),
    "C15": ("Ratios are worked out by views.", ("tests/views/test_benefit_totals.py::test_totals_with_no_reading_have_no_real_money_rather_than_zero", "tests/test_expectations.py::test_gap_zero_expectation_is_a_case_of_its_own", "tests/views/test_zero_denominators.py::test_c15_cost_per_child_with_no_children_is_empty_and_not_nought", "tests/views/test_zero_denominators.py::test_c15_no_view_has_an_infinite_number_or_none_at_all", "tests/views/test_zero_denominators.py::test_c15_a_year_after_nought_is_not_compared_with_it", "tests/views/test_zero_denominators.py::test_c15_ratio_to_nothing_is_undefined_in_words")),
    "D8": ("The clock is the store's.", ("tests/test_tabular.py::test_d8_moments_are_shown_in_local_time_with_the_zone_and_the_doubled_hour_stays_two", "tests/store/test_store_history.py::test_as_of_day_ends_at_midnight_in_london_not_in_utc", "tests/test_periods.py::test_financial_year_starts_on_the_first_of_april_in_london")),
    "D9": ("The clock is the store's.", ("tests/store/test_store_history.py::test_clock_set_back_by_a_day_keeps_the_order_and_is_noted",)),
    "F5": ("An agency is ended, not loaded.", ("tests/test_workflows.py::test_guard_removing_an_agency_is_refused_in_words", "tests/store/test_store_writing.py::test_agency_with_history_cannot_be_removed_but_one_without_can")),
    "F6": ("It takes two files.", ("tests/bad_inputs/test_once.py::test_f6_second_of_two_workbooks_is_stale_and_shows_both_values", "tests/store/test_store_writing.py::test_two_edits_of_one_version_refuse_the_second_with_both_values")),
    "F7": ("It takes two files.", ("tests/bad_inputs/test_once.py::test_f7_two_files_that_each_add_the_last_tenth_one_is_refused", "tests/test_workflows.py::test_guard_two_agencies_adding_the_last_tenth_one_is_refused")),
    "F8": ("It takes sixteen people.", ("tests/store/test_store_writing.py::test_sixteen_people_saving_at_once_all_succeed_and_are_all_logged",)),
    "F9": ("It is one file accepted twice.", ("tests/bad_inputs/test_once.py::test_f9_accepting_twice_has_one_effect", "tests/store/test_store_writing.py::test_form_posted_twice_has_one_effect_and_the_same_receipt")),
    "F10": ("Approving one's own waits for a login; what was seen is what is accepted.", ("tests/bad_inputs/test_once.py::test_f10_accepting_is_bound_to_what_was_seen",)),
}  # fmt: skip
