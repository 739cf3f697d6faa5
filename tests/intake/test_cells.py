"""Groups C, D and E of the bad inputs, as far as one cell goes: what is read, and what is refused in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership.errors import has_errors
from partnership.intake.cells import Parsed, parse, parse_as, polars_type
from partnership.intake.raw import KINDS, RawColumn
from partnership.tables import RECORD_TYPES, columns_of

CHOICES = ("cash releasing", "non-cash releasing", "quality")


def raw(cells: Sequence[tuple[str, str | None]], *, date_1904: bool = False) -> RawColumn:
    """A column of cells of these kinds and texts, from row 2 on, in column D of a sheet S."""
    kinds, texts = zip(*cells, strict=True)
    frame = pl.DataFrame(
        {"row": range(2, len(cells) + 2), "kind": kinds, "text": texts, "formula": [None] * len(cells)},
        schema={"row": pl.Int32, "kind": KINDS, "text": pl.String, "formula": pl.String},
    )
    return RawColumn("S", 4, "Value", frame, date_1904)


def read(kind: str, cell: tuple[str, str | None], *, date_1904: bool = False) -> Parsed:
    return parse_as(raw([cell], date_1904=date_1904), kind, "v", choices=CHOICES)


def text(value: str) -> tuple[str, str]:
    return ("text", value)


def number(value: object) -> tuple[str, str]:
    return ("number", repr(value) if isinstance(value, float) else str(value))


ACCEPTED = [
    # numbers, pounds, thousands, decimals: the documented list
    ("C3", "money", text("1234.5"), Decimal("1234.50")),
    ("C3", "money", text("£1,234.50"), Decimal("1234.50")),
    ("C3", "money", text("1,234,567"), Decimal(1234567)),
    ("C3", "money", text("-£5"), Decimal(-5)),
    ("C3", "money", text("£-5"), Decimal(-5)),
    ("C3", "money", text("\N{MINUS SIGN}5.25"), Decimal("-5.25")),
    ("C3", "money", text(" 7 "), Decimal(7)),
    ("C3", "money", text("\N{NO-BREAK SPACE}7\N{NO-BREAK SPACE}"), Decimal(7)),
    ("C3", "money", text(".5"), Decimal("0.50")),
    ("C3", "quantity", text("0.1234"), Decimal("0.1234")),
    ("C4", "money", number(0.1 + 0.2), Decimal("0.30")),
    ("C4", "money", number(0.1), Decimal("0.10")),
    ("C4", "money", ("number", "0.29999999999999999"), Decimal("0.30")),
    ("C4", "money", number(1e11 + 0.01), Decimal("100000000000.01")),
    ("C4", "money", number(123456789012345.0), Decimal(123456789012345)),
    ("C4", "quantity", number(-0.0), Decimal(0)),
    ("C6", "money", text("9999999999999999.99"), Decimal("9999999999999999.99")),
    ("C2", "money", number(-5), Decimal(-5)),
    ("C13", "whole", text("007"), 7),
    ("C13", "whole", number(7.0), 7),
    ("C13", "id", text("007"), "007"),
    ("C13", "id", text("1e5"), "1e5"),
    ("C13", "id", text("NA"), "NA"),
    ("C13", "id", text("None"), "None"),
    ("C13", "text", text("007"), "007"),
    ("C13", "text", number(2025.0), "2025"),
    ("C13", "title", ("percent", "0.125"), "12.5%"),
    ("C13", "title", ("flag", "1"), "TRUE"),
    # percentages and shares
    ("C8", "percent", text("12%"), Decimal(12)),
    ("C8", "percent", ("percent", "0.12"), Decimal(12)),
    ("C8", "percent", ("percent", "0.07"), Decimal(7)),
    ("C8", "percent", number(12.5), Decimal("12.5")),
    ("C8", "percent", text("100"), Decimal(100)),
    ("C8", "share", text("50%"), Fraction(1, 2)),
    ("C8", "share", ("percent", "0.5"), Fraction(1, 2)),
    ("C8", "share", number(50), Fraction(1, 2)),
    ("C8", "share", number(100), Fraction(1)),
    ("C9", "share", text("1/3"), Fraction(1, 3)),
    ("C9", "share", text(" 2 / 6 "), Fraction(1, 3)),
    ("C9", "share", text("33.33"), Fraction(3333, 10000)),
    ("C9", "share", number(33.33), Fraction(3333, 10000)),
    # yes and no, choices
    ("C14", "flag", ("flag", "1"), True),
    ("C14", "flag", ("flag", "0"), False),
    ("C14", "flag", text("Yes"), True),
    ("C14", "flag", text(" no "), False),
    ("F2", "choice", text("Cash  RELEASING "), "cash releasing"),
    # days
    ("D1", "day", text("5 April 2025"), dt.date(2025, 4, 5)),
    ("D1", "day", text("2025-05-04"), dt.date(2025, 5, 4)),
    ("D1", "day", text("2025/05/04"), dt.date(2025, 5, 4)),
    ("D1", "day", text("4th Sept 2025"), dt.date(2025, 9, 4)),
    ("D1", "day", text("04-May-2025"), dt.date(2025, 5, 4)),
    ("D2", "day", text("04/05/2025"), dt.date(2025, 5, 4)),
    ("D2", "day", text("4.5.2025"), dt.date(2025, 5, 4)),
    ("D2", "day", text("31-12-2025"), dt.date(2025, 12, 31)),
    ("D3", "day", ("date", "59"), dt.date(1900, 2, 28)),
    ("D3", "day", ("date", "61"), dt.date(1900, 3, 1)),
    ("D3", "day", ("date", "1"), dt.date(1900, 1, 1)),
    ("D3", "day", ("date", "45781"), dt.date(2025, 5, 4)),
    ("D3", "day", ("date", "2025-05-04"), dt.date(2025, 5, 4)),
    ("D3", "day", ("date", "109939"), dt.date(2200, 12, 31)),
    ("D6", "day", text("29/02/2024"), dt.date(2024, 2, 29)),
    ("D5", "day", text("2025-03-31T23:59"), dt.date(2025, 3, 31)),
    ("D5", "day", text("2025-04-01 00:00:00"), dt.date(2025, 4, 1)),
    ("D5", "day", text("2025-04-05T23:30:00+01:00"), dt.date(2025, 4, 5)),
    ("D5", "day", text("2025-03-31T23:30:00Z"), dt.date(2025, 4, 1)),
    ("D5", "day", text("2025-01-31T23:30:00Z"), dt.date(2025, 1, 31)),
    ("D8", "day", text("2026-03-29T01:30"), dt.date(2026, 3, 29)),
    ("D8", "day", text("2026-10-25T01:30Z"), dt.date(2026, 10, 25)),
    # months and years
    ("D1", "month", text("2026-10"), dt.date(2026, 10, 1)),
    ("D1", "month", text("October 2026"), dt.date(2026, 10, 1)),
    ("D1", "month", text("oct-2026"), dt.date(2026, 10, 1)),
    ("D1", "month", text("10/2026"), dt.date(2026, 10, 1)),
    ("D1", "month", text("1 October 2026"), dt.date(2026, 10, 1)),
    ("D1", "month", ("date", "46296"), dt.date(2026, 10, 1)),
    ("D1", "month", text("Q1 2026/27"), dt.date(2026, 4, 1)),
    ("D1", "month", text("2026/27 Q4"), dt.date(2027, 1, 1)),
    ("D1", "month", text("2026/27"), dt.date(2026, 4, 1)),
    ("D1", "month", text("2010-11"), dt.date(2010, 11, 1)),
    ("D7", "year", text("2025/26"), 2025),
    ("D7", "year", text("2025-26"), 2025),
    ("D7", "year", text("2025/2026"), 2025),
    ("D7", "year", text("25/26"), 2025),
    ("D7", "year", text("FY26"), 2025),
    ("D7", "year", text("2010-11"), 2010),
    ("D7", "year", text("1999/00"), 1999),
    # words
    ("E1", "id", text("ﬁ1"), "fi1"),
    ("E1", "title", text("cafe\N{COMBINING ACUTE ACCENT}"), "café"),
    ("E3", "title", text("<img src=x onerror=alert(1)>"), "<img src=x onerror=alert(1)>"),
    ("E4", "title", text("=1+1"), "=1+1"),
    ("E4", "title", text("=cmd|' /C calc'!A0"), "=cmd|' /C calc'!A0"),
    ("E4", "title", text("+1"), "+1"),
    ("E4", "title", text("@SUM(1)"), "@SUM(1)"),
    ("E4", "title", text("\ta"), "\ta"),
    ("E4", "title", text("\r=1"), "\r=1"),
    ("E4", "title", text("＝1"), "＝1"),
    ("E5", "title", text("'; DROP TABLE goal;--"), "'; DROP TABLE goal;--"),
    ("E5", "title", text("%_\\$1{}"), "%_\\$1{}"),
    ("E6", "title", text("x" * 300), "x" * 300),
    ("E6", "notes", text("x" * 5000), "x" * 5000),
    ("E7", "title", text("_x000D_"), "_x000D_"),
    ("E7", "notes", text("a\nb\n\nc"), "a\nb\n\nc"),
    ("E7", "title", text("👨\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
     "👨\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
    ("E7", "title", text("O'Brien, Ængus"), "O'Brien, Ængus"),
    ("E8", "title", text("{0.__class__} {{7*7}} %s"), "{0.__class__} {{7*7}} %s"),
    ("E9", "title", text("a\n2026-01-01 INFO admin logged in"), "a\n2026-01-01 INFO admin logged in"),
    ("F2", "ids", text("W01; W02,W03\nW04;"), "W01; W02; W03; W04"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [pytest.param(*c[1:], id=f"{c[0]}-{c[1]}-{c[2][1]!r:.40}") for c in ACCEPTED],
)
def test_parse_given_an_accepted_spelling_reads_the_value(
    kind: str, cell: tuple[str, str], expected: Any
) -> None:
    parsed = read(kind, cell)
    assert [f for f in parsed.findings if f.rejects] == []
    assert not parsed.refused[0]
    if kind == "share":
        assert Fraction(parsed.series[0][0], parsed.series[1][0]) == expected
    else:
        assert parsed.series[0][0] == expected
        assert type(parsed.series[0][0]) is type(expected)
    if kind == "month":
        assert parsed.series[1][0] == expected.year * 12 + expected.month - 1


REFUSED = [
    ("C1", "money", text("NaN"), "C1-not-finite"),
    ("C1", "money", text("inf"), "C1-not-finite"),
    ("C1", "money", text("-Infinity"), "C1-not-finite"),
    ("C1", "money", ("number", "NaN"), "C1-not-finite"),
    ("C1", "quantity", ("number", "1e999"), "C1-not-finite"),
    ("C1", "money", text("#REF!"), "C1-error-cell"),
    ("C1", "money", ("error", "#REF!"), "C1-error-cell"),
    ("C1", "share", ("error", "#DIV/0!"), "C1-error-cell"),
    ("C1", "day", ("error", "#N/A"), "C1-error-cell"),
    ("C1", "id", ("error", "#N/A"), "C1-error-cell"),
    ("C1", "title", ("error", "#NAME?"), "C1-error-cell"),
    ("C1", "flag", ("error", "#NUM!"), "C1-error-cell"),
    ("C1", "choice", ("error", "#NUM!"), "C1-error-cell"),
    ("C1", "money", number(1e308), "C6-too-large"),
    ("C3", "money", text("£1.2m"), "C3-not-a-number"),
    ("C3", "money", text("1.234,50"), "C3-not-a-number"),
    ("C3", "money", text("1234,50"), "C3-not-a-number"),
    ("C3", "money", text("(500)"), "C3-not-a-number"),
    ("C3", "money", text("12%"), "C3-not-a-number"),
    ("C3", "money", text("1e3"), "C3-not-a-number"),
    ("C3", "money", text("１２３"), "C3-not-a-number"),
    ("C3", "money", text("١٢٣"), "C3-not-a-number"),
    ("C3", "money", text("1,23,456"), "C3-not-a-number"),
    ("C3", "money", text("1,2345"), "C3-not-a-number"),
    ("C3", "money", text("1 234"), "C3-not-a-number"),
    ("C3", "money", text("--5"), "C3-not-a-number"),
    ("C3", "money", text("-£-5"), "C3-not-a-number"),
    ("C3", "money", text("5-"), "C3-not-a-number"),
    ("C3", "money", text("$5"), "C3-not-a-number"),
    ("C3", "money", text("tbc"), "C3-not-a-number"),
    ("C3", "money", text("0x10"), "C3-not-a-number"),
    ("C3", "money", text("1_000"), "C3-not-a-number"),
    ("C3", "quantity", text("£5"), "C3-not-a-number"),
    ("C3", "money", ("percent", "0.12"), "C3-percentage"),
    ("C5", "money", text("0.005"), "C5-too-many-decimals"),
    ("C5", "money", number(2.675), "C5-too-many-decimals"),
    ("C5", "money", number(1e-9), "C5-too-many-decimals"),
    ("C5", "quantity", number(0.12345), "C5-too-many-decimals"),
    ("C5", "whole", number(7.5), "C5-too-many-decimals"),
    ("C5", "percent", ("percent", "0.12345678"), "C5-too-many-decimals"),
    ("C6", "money", text("99,999,999,999,999,999.99"), "C6-too-large"),
    ("C6", "money", number(99999999999999999.99), "C6-too-large"),
    ("C6", "quantity", number(10**14), "C6-too-large"),
    ("C6", "whole", text("1" + "0" * 15), "C6-too-large"),
    ("C8", "share", text("101%"), "C8-not-a-share"),
    ("C8", "share", number(-1), "C8-not-a-share"),
    ("C8", "share", number(100.01), "C8-not-a-share"),
    ("C8", "share", ("percent", "1.01"), "C8-not-a-share"),
    ("C8", "share", text("4/3"), "C8-not-a-share"),
    ("C8", "share", text("1/0"), "C8-not-a-share"),
    ("C8", "percent", text("101"), "C8-not-a-percentage"),
    ("C8", "percent", number(-1), "C8-not-a-percentage"),
    ("C9", "share", ("date", "46082"), "C9-fraction-became-date"),
    ("C13", "money", ("date", "45781"), "C13-date-for-number"),
    ("C13", "id", ("date", "46082"), "C13-date-for-id"),
    ("C13", "title", ("date", "46082"), "C13-date-for-text"),
    ("C14", "money", ("flag", "1"), "C14-true-false"),
    ("C14", "quantity", ("flag", "0"), "C14-true-false"),
    ("C14", "share", ("flag", "1"), "C14-true-false"),
    ("C14", "day", ("flag", "1"), "C14-true-false"),
    ("C14", "year", ("flag", "1"), "C14-true-false"),
    ("C14", "flag", number(1), "C14-not-yes-or-no"),
    ("C14", "flag", text("maybe"), "C14-not-yes-or-no"),
    ("F2", "choice", text("cashable"), "F2-not-a-choice"),
    ("D1", "day", text("2023-02-29"), "D1-not-a-date"),
    ("D1", "day", text("31/04/2025"), "D1-not-a-date"),
    ("D1", "day", text("2025-13-01"), "D1-not-a-date"),
    ("D1", "day", text("Q1"), "D1-not-a-date"),
    ("D1", "day", text("12/25/2025"), "D1-not-a-date"),
    ("D1", "day", text("May 4, 2025"), "D1-not-a-date"),
    ("D1", "day", text("4/5/25"), "D1-not-a-date"),
    ("D1", "day", text("45781"), "D1-not-a-date"),
    ("D1", "day", text("٠٤/٠٥/٢٠٢٥"), "D1-not-a-date"),
    ("D1", "day", text("tomorrow"), "D1-not-a-date"),
    ("D1", "day", number(2025), "D1-not-a-date"),
    ("D1", "day", ("percent", "0.5"), "D1-not-a-date"),
    ("D1", "month", text("2026-10-15"), "D1-not-a-month"),
    ("D1", "month", ("date", "46300"), "D1-not-a-month"),
    ("D1", "month", text("2026-13"), "D1-not-a-month"),
    ("D1", "month", text("Q1"), "D1-not-a-month"),
    ("D1", "month", text("Smarch 2026"), "D1-not-a-month"),
    ("D1", "month", number(2026), "D1-not-a-month"),
    ("D3", "day", ("date", "60"), "D3-day-that-never-was"),
    ("D3", "day", ("date", "60.5"), "D3-day-that-never-was"),
    ("D3", "day", ("date", "0"), "D3-not-a-serial-day"),
    ("D3", "day", ("date", "0.5"), "D3-not-a-serial-day"),
    ("D3", "day", ("date", "-1"), "D3-not-a-serial-day"),
    ("D3", "day", ("date", "-0.5"), "D3-not-a-serial-day"),
    ("D3", "day", ("date", "2958466"), "D3-not-a-serial-day"),
    ("D3", "day", number(60), "D3-day-that-never-was"),
    ("D3", "day", ("date", "NaN"), "D3-not-a-serial-day"),
    ("D3", "day", number(1e300), "D3-not-a-serial-day"),
    ("D4", "day", text("1899-12-30"), "D4-year-out-of-range"),
    ("D4", "day", text("1 May 2999"), "D4-year-out-of-range"),
    ("D4", "month", text("May 2999"), "D4-year-out-of-range"),
    ("D4", "year", text("1980/81"), "D4-year-out-of-range"),
    ("D7", "year", text("2025/27"), "D7-not-a-financial-year"),
    ("D7", "year", text("2025/25"), "D7-not-a-financial-year"),
    ("D7", "year", text("twenty"), "D7-not-a-financial-year"),
    ("D7", "year", ("date", "45781"), "D7-not-a-financial-year"),
    ("D7", "year", number(25.5), "D7-not-a-financial-year"),
    ("D7", "month", text("2025/27"), "D7-not-a-financial-year"),
    ("D10", "day", text("2016-12-31T23:59:60Z"), "D10-no-such-time"),
    ("D10", "day", text("2016-12-31T24:00"), "D10-no-such-time"),
    ("D10", "day", text("10000-01-01"), "D4-year-out-of-range"),
    ("D10", "day", text("290000-01-01"), "D4-year-out-of-range"),
    ("D10", "day", text("1/1/10000"), "D4-year-out-of-range"),
    ("D10", "day", text("4 May 44 BC"), "D1-not-a-date"),
    ("E1", "id", text("L\N{CYRILLIC CAPITAL LETTER A}"), "E1-id-character"),
    ("E1", "id", text("G\u200b1"), "E1-id-character"),
    ("E1", "ids", text("G1; L\N{CYRILLIC CAPITAL LETTER A}"), "E1-id-character"),
    ("E1", "id", text("café"), "E1-id-character"),
    ("E1", "id", text("=1+1"), "E1-id-character"),
    ("E6", "title", text("x" * 301), "E6-too-long"),
    ("E6", "title", text("x" * 10_000_000), "E6-too-long"),
    ("E6", "text", text("é" * 301), "E6-too-long"),
    ("E6", "notes", text("x" * 5001), "E6-too-long"),
    ("E6", "id", text("x" * 61), "E6-too-long"),
    ("E6", "title", text("a\0b"), "E6-control-character"),
    ("E6", "title", text("a\x07b"), "E6-control-character"),
    ("E6", "notes", text("a\x92b"), "E6-control-character"),
    ("E6", "title", text("a\ufffe"), "E6-control-character"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cell", "code"), [pytest.param(*c[1:], id=f"{c[0]}-{c[1]}-{c[2][1]!r:.40}") for c in REFUSED]
)
def test_parse_given_anything_else_refuses_it_at_its_cell(
    kind: str, cell: tuple[str, str], code: str
) -> None:
    parsed = read(kind, cell)
    (finding,) = parsed.findings
    assert (finding.code, finding.severity, finding.place) == (code, "error", "S!D2")
    assert parsed.refused[0]
    assert all(s[0] is None for s in parsed.series)
    assert len(finding.found) < 200
    assert finding.found.isprintable()
    assert finding.do


WARNED = [
    ("C8", "share", number(33.333333333333336), "C9-read-as-fraction", Fraction(1, 3)),
    ("C9", "share", ("percent", "0.3333333333333333"), "C9-read-as-fraction", Fraction(1, 3)),
    ("C13", "id", number(7), "C13-number-for-id", "7"),
    ("D3", "day", number(45781), "D3-number-for-date", dt.date(2025, 5, 4)),
    ("D5", "day", ("date", "45781.75"), "D5-time-left-out", dt.date(2025, 5, 4)),
    ("D5", "day", text("2025-04-01T09:00"), "D5-time-left-out", dt.date(2025, 4, 1)),
    ("D7", "year", number(2025), "D7-one-year-given", 2025),
    ("E1", "id", text("Ｇ１"), "E1-id-made-plain", "G1"),
    ("E1", "title", text("L\N{CYRILLIC CAPITAL LETTER A} board"), "E1-mixed-scripts", "L\N{CYRILLIC CAPITAL LETTER A} board"),
    ("E2", "title", text("LA\u202egnp.exe"), "E2-unseen-characters", "LAgnp.exe"),
    ("E2", "title", text("\ufeffbom"), "E2-unseen-characters", "bom"),
    ("E2", "title", text("soft\u00adhyphen"), "E2-unseen-characters", "softhyphen"),
    ("E2", "title", text("zero\u200bwidth\u200d"), "E2-unseen-characters", "zerowidth"),
    ("E2", "title", text("a\u00a0b"), "E2-unusual-blanks", "a b"),
    ("E2", "title", text(" a "), "E2-outer-blanks", "a"),
    ("E2", "title", text("caf\N{REPLACEMENT CHARACTER}"), "E2-damaged-character", "caf\N{REPLACEMENT CHARACTER}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cell", "code", "expected"),
    [pytest.param(*c[1:], id=f"{c[0]}-{c[1]}-{c[2][1]!r:.40}") for c in WARNED],
)
def test_parse_given_a_doubtful_value_reads_it_and_warns(
    kind: str, cell: tuple[str, str], code: str, expected: Any
) -> None:
    parsed = read(kind, cell)
    assert [(f.code, f.severity, f.place) for f in parsed.findings] == [(code, "warning", "S!D2")]
    value = Fraction(parsed.series[0][0], parsed.series[1][0]) if kind == "share" else parsed.series[0][0]
    assert value == expected
    assert not parsed.refused[0]


@pytest.mark.parametrize(  # fmt: skip
    "kind",
    [
        "id",
        "ids",
        "title",
        "notes",
        "text",
        "choice",
        "money",
        "quantity",
        "percent",
        "share",
        "whole",
        "year",
        "flag",
        "day",
        "month",
    ],
)
@pytest.mark.parametrize("cell", [("blank", None), ("text", "")], ids=["blank", "empty-text"])
def test_parse_given_an_empty_cell_gives_null_without_a_finding(
    kind: str, cell: tuple[str, str | None]
) -> None:
    parsed = read(kind, cell)
    assert parsed.findings == []
    assert not parsed.refused[0]
    assert [s.to_list() for s in parsed.series] == [[None]] * len(polars_type(kind))


def test_parse_names_the_odd_character_of_an_id() -> None:  # E1
    (finding,) = read("id", text("L\N{CYRILLIC CAPITAL LETTER A}")).findings
    assert "U+0410 CYRILLIC CAPITAL LETTER A" in finding.found
    (finding,) = read("id", text("G\u200b1")).findings
    assert "U+200B ZERO WIDTH SPACE" in finding.found


def test_parse_offers_the_nearest_choice() -> None:  # F2
    (finding,) = read("choice", text("cash relesing")).findings
    assert "'cash releasing'" in finding.do


def test_parse_of_the_1904_system_counts_from_its_own_first_day() -> None:  # D3
    for serial, day in (
        ("0", dt.date(1904, 1, 1)),
        ("60", dt.date(1904, 3, 1)),
        ("44319", dt.date(2025, 5, 4)),
    ):
        assert read("day", ("date", serial), date_1904=True).series[0][0] == day
    assert read("day", ("date", "-1"), date_1904=True).findings[0].code == "D3-not-a-serial-day"


def test_parse_given_formulas_refuses_each_without_value_and_warns_once_of_the_rest() -> None:  # C11, C12
    column = raw([("blank", None), ("number", "3"), ("number", "4"), ("blank", None), ("number", "5")])
    formulas = ["=SUM(1,2)", "=B3*2", "=B4*2", None, None]
    column = RawColumn("S", 4, "Value", column.cells.with_columns(pl.Series("formula", formulas)))
    parsed = parse_as(column, "money", "v")
    assert [(f.code, f.severity, f.place) for f in parsed.findings] == [
        ("C11-formula-without-value", "error", "S!D2"),
        ("C12-formula", "warning", "S!D3"),
    ]
    assert "=B3*2" in parsed.findings[1].found
    assert "1 more cell of the column" in parsed.findings[1].found
    assert parsed.refused.to_list() == [True, False, False, False, False]
    assert parsed.series[0].to_list() == [None, Decimal(3), Decimal(4), None, Decimal(5)]


def test_parse_given_a_hundred_thousand_faults_finds_each_and_each_warning_once() -> None:
    many = 100_000
    parsed = parse_as(raw([text("(500)")] * many), "money", "v")
    assert len(parsed.findings) == many
    assert parsed.findings[-1].place == f"S!D{many + 1}"
    warned = parse_as(raw([number(7)] * many), "id", "v")
    assert len(warned.findings) == 1
    assert "99,999 more cells" in warned.findings[0].found


@pytest.mark.parametrize("value", ["943 476 5919", "AB123456C", "jane@example.org"])
def test_parse_never_shows_what_looks_like_personal_data(value: str) -> None:
    for kind in ("money", "day", "month", "year", "share", "flag", "choice", "whole", "percent"):
        for finding in read(kind, text(value)).findings:
            assert value not in str(finding), kind


def test_parse_shows_a_long_value_shortened_and_escaped() -> None:
    (finding,) = read("money", text("\x1b[31m" + "x" * 1000 + "\n")).findings
    assert len(finding.found) < 100
    assert finding.found.isprintable()


def test_parse_types_every_column_as_its_table_has_it() -> None:
    sql = {"VARCHAR": pl.String, "BIGINT": pl.Int64, "INTEGER": pl.Int32, "BOOLEAN": pl.Boolean, "DATE": pl.Date,
           "DECIMAL(18,2)": pl.Decimal(18, 2), "DECIMAL(18,4)": pl.Decimal(18, 4), "DECIMAL(7,4)": pl.Decimal(7, 4)}  # fmt: skip
    for record_type in RECORD_TYPES:
        for column in columns_of(record_type.table):
            parsed = parse(raw([("blank", None)]), column)
            assert [(s.name, s.dtype) for s in parsed.series] == [(n, sql[t]) for n, t in column.sql]


def test_raw_column_of_a_text_file_places_by_line_and_header() -> None:
    column = RawColumn.from_text(["x", None, " "], "Cost", lines=[2, 5, 6])
    assert column.cells["kind"].to_list() == ["text", "blank", "blank"]
    assert parse_as(column, "money", "v").findings[0].place == "line 2, Cost"


# ------------------------------------------------------------------------------------------------- money is exact

floats = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e16, max_value=1e16)
pence = st.integers(-(10**15), 10**15).map(lambda p: p / 100)


def shortest(number_: float, decimals: int) -> Decimal | None:
    """What a number cell is by the documented rule, worked out by decimals alone."""
    for candidate in (Decimal(repr(number_)), Decimal(f"{Decimal(repr(number_)):.14e}")):
        if candidate == candidate.quantize(Decimal(1).scaleb(-decimals)):
            return candidate
    return None


@given(
    st.lists(st.one_of(floats, pence, st.floats(-1000, 1000)), min_size=1, max_size=20),
    st.sampled_from(["money", "quantity"]),
)
@settings(max_examples=300, deadline=None)
def test_parse_given_any_doubles_gives_their_shortest_decimals_or_refuses(
    numbers: list[float], kind: str
) -> None:  # C4, C5
    decimals = {"money": 2, "quantity": 4}[kind]
    parsed = parse_as(raw([number(n) for n in numbers]), kind, "v")
    for value, n in zip(parsed.series[0], numbers, strict=True):
        expected = shortest(n, decimals)
        if expected is not None and abs(expected) >= Decimal(10) ** (18 - decimals):
            expected = None
        assert value == expected


def test_parse_given_a_million_ten_pences_sums_to_the_penny() -> None:  # C4
    assert parse_as(raw([number(0.1)] * 100_000), "money", "v").series[0].sum() * 10 == Decimal(100_000)


# ------------------------------------------------------------------------------------------------- the documented list

DOCUMENT = (Path(__file__).parents[2] / "docs" / "what-a-cell-accepts.md").read_text(encoding="utf-8")


def documented(section: str) -> list[tuple[str, str, str]]:
    part = DOCUMENT.split(f"## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (\w+) \| `([^`]*)` \| (.+) \|$", part, flags=re.MULTILINE)


@pytest.mark.parametrize(("kind", "typed", "expected"), documented("Accepted"))
def test_documented_spelling_is_read_as_it_says(kind: str, typed: str, expected: str) -> None:
    parsed = read(kind, text(typed))
    assert not has_errors(parsed.findings)
    values = [s[0] for s in parsed.series]
    assert (f"{values[0]}/{values[1]}" if kind == "share" else str(values[0])) == expected


@pytest.mark.parametrize(("kind", "typed", "why"), documented("Refused"))
def test_documented_refusal_says_why(kind: str, typed: str, why: str) -> None:
    (finding,) = read(kind, text(typed)).findings
    assert finding.rejects
    assert why in finding.found


def test_document_has_both_lists() -> None:
    assert len(documented("Accepted")) > 30
    assert len(documented("Refused")) > 15
