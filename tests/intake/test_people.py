"""Personal data in any cell of a sheet: found with its place, never with its value."""

import pytest
from hostile import book, opened_sheet

from partnership.intake._people import scan_sheet


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(["Agreed", 9434765919, "x"], [("H1-nhs-number", "B2")], id="H1-number-cell"),
        pytest.param(["943 476 5919", 1, "x"], [("H1-nhs-number", "A2")], id="H1-text-cell"),
        pytest.param(["x", 9434765918, "x"], [], id="H2-wrong-digit-alone"),
        pytest.param(
            ["NHS no. at triage", 9434765918, "x"],
            [("H2-nhs-number-by-context", "B2")],
            id="H2-neighbour-says-so",
        ),
        pytest.param(
            ["943 476 5918", 5, "NHS number:"],
            [("H2-nhs-number-by-context", "A2")],
            id="H2-neighbour-of-a-text",
        ),
        pytest.param(["NHS trust", 9434765918, "x"], [], id="H2-neighbour-is-the-trust"),
        pytest.param(["x", 1, "jane@example.org"], [("H3-email", "C2")], id="H3-e-mail"),
        pytest.param(["E10000030", 943476591, "2024/25 Q1"], [], id="H4-ordinary"),
    ],
)
def test_scan_sheet_finds_each_cell_and_says_nothing_of_its_value(row, expected):
    findings = scan_sheet(opened_sheet(book([row], ["Title", "Value", "Note"])))
    assert [(f.code, f.place) for f in findings] == [
        (code, f"Contributions!{cell}") for code, cell in expected
    ]
    assert not any("9434" in str(f) or "943 4" in str(f) or "jane" in str(f) for f in findings)


@pytest.mark.parametrize(
    ("header", "found"), [("NHS No", True), ("Reference", False)], ids=["H2-header", "H2-no-header"]
)
def test_scan_sheet_given_a_wrong_digit_asks_the_header(header, found):
    sheet = opened_sheet(book([["943 476 5918"]], [header]))

    class Headers:
        row = 1
        numbers = {}  # noqa: RUF012

    findings = scan_sheet(sheet, Headers())
    assert bool(findings) == found
