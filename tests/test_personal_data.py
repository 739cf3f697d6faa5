"""Group H of the bad inputs: what points at a person is seen, and nothing else is."""

from __future__ import annotations

import datetime as dt
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs, upn

from partnership import personal_data
from partnership.periods import name_day
from partnership.personal_data import (
    LIMITS,
    finding_for,
    is_nhs_number,
    is_nino,
    is_upn,
    scan_header,
    scan_numbers,
    scan_text,
    scan_texts,
)
from partnership.tables import RECORD_TYPES, columns_of


def codes(text: str, context: str = "") -> list[str]:
    return [h.code for h in scan_text(text, context=context)]


NHS_VALID = ["9434765919", "9434765870", "4010232137", "9876543210", "9000000009"]
NHS_INVALID = ["9434765918", "9876544321", "0000000000", "1234567890", "9999999999", "943476591", "94347659190", "９４３４７６５９１９", "943476591X"]  # fmt: skip
UPN_VALID = ["B801200005001", "P207000016049", "b801200005001"]
UPN_INVALID = [
    "A801200005001",
    "Q207000016049",
    "B207000016049",
    "I801200005001",
    "X80120000A001",
    "B80120000500",
    "B8012000050012",
]
NINO_VALID = ["AB123456C", "AB 12 34 56 C", "ab123456c"]
NINO_INVALID = ["QQ123456C", "BG123456A", "GB123456A", "KN123456A", "NK123456A", "NT123456A", "TN123456B", "ZZ123456A", "DA123456A",
                "AO123456A", "AB123456E", "AB12345C"]  # fmt: skip


@pytest.mark.parametrize("number", NHS_VALID, ids=lambda n: f"H1-{n}")
def test_is_nhs_number_given_a_right_check_digit_says_yes(number: str) -> None:
    assert is_nhs_number(number)
    assert nhs.is_valid(number)


@pytest.mark.parametrize("number", NHS_INVALID, ids=lambda n: f"H2-{n}")
def test_is_nhs_number_given_anything_else_says_no(number: str) -> None:
    assert not is_nhs_number(number)


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
@settings(max_examples=500)
def test_is_nhs_number_agrees_with_stdnum(number: str) -> None:
    assert is_nhs_number(number) == (nhs.is_valid(number) and len(set(number)) > 1)


def test_is_nhs_number_catches_every_wrong_digit_and_swapped_pair() -> None:
    rng = random.Random(1)
    for number in [n for n in (f"{rng.randrange(10**10):010d}" for _ in range(2_000)) if is_nhs_number(n)]:
        for i in range(10):
            assert not any(
                is_nhs_number(number[:i] + d + number[i + 1 :]) for d in "0123456789" if d != number[i]
            )
        for i in range(9):
            swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
            assert swapped == number or not is_nhs_number(swapped)


@pytest.mark.parametrize("number", UPN_VALID, ids=lambda n: f"H3-{n}")
def test_is_upn_given_a_right_letter_says_yes(number: str) -> None:
    assert is_upn(number)
    assert upn.calc_check_digit(number.upper()[1:]) == number.upper()[0]


@pytest.mark.parametrize("number", UPN_INVALID, ids=lambda n: f"H4-{n}")
def test_is_upn_given_anything_else_says_no(number: str) -> None:
    assert not is_upn(number)


@given(st.from_regex(r"[ABCDEFGHJKLMNPQRTUVWXYZ][0-9]{11}[0-9ABCDEFGHJKLMNPQRTUVWXYZ]", fullmatch=True))
@settings(max_examples=500)
def test_is_upn_agrees_with_stdnum_on_the_letter(number: str) -> None:
    assert is_upn(number) == (upn.calc_check_digit(number[1:]) == number[0])


@pytest.mark.parametrize("text", NINO_VALID, ids=lambda n: f"H3-{n}")
def test_is_nino_given_an_issued_prefix_says_yes(text: str) -> None:
    assert is_nino(text)
    assert codes(f"paid to {text} in May") == ["H3-national-insurance-number"]


@pytest.mark.parametrize("text", NINO_INVALID, ids=lambda n: f"H4-{n}")
def test_is_nino_given_anything_else_says_no(text: str) -> None:
    assert not is_nino(text)
    assert codes(f"paid to {text} in May") == []


FOUND = [
    ("H1", "943 476 5919", "H1-nhs-number"),
    ("H1", "9434765919", "H1-nhs-number"),
    ("H1", "943-476-5919", "H1-nhs-number"),
    ("H1", "943.476.5919", "H1-nhs-number"),
    ("H1", "943\u00a0476\u00a05919", "H1-nhs-number"),
    ("H1", "943\u2013476\u20135919", "H1-nhs-number"),
    ("H1", "94\u200b34\u200d76\u20605919", "H1-nhs-number"),
    ("H1", "943\u200b 476\u200b 5919", "H1-nhs-number"),
    ("H1", "９４３４７６５９１９", "H1-nhs-number"),
    ("H1", "٩٤٣٤٧٦٥٩١٩", "H1-nhs-number"),
    ("H1", "The mother of 943 476 5919.", "H1-nhs-number"),
    ("H1", "(9434765919)", "H1-nhs-number"),
    ("H1", "ref:9434765919,next", "H1-nhs-number"),
    ("H2", "NHS 943 476 5918", "H2-nhs-number-by-context"),
    ("H2", "nhs no. 94 34 76 59 18", "H2-nhs-number-by-context"),
    ("H2", "patient 9434765918", "H2-nhs-number-by-context"),
    ("H3", "UPN B801200005001", "H3-pupil-number"),
    ("H3", "b801200005001", "H3-pupil-number"),
    ("H3", "lives at SW1A 1AA", "H3-postcode"),
    ("H3", "sw1a1aa", "H3-postcode"),
    ("H3", "EC1A1BB", "H3-postcode"),
    ("H3", "M1 1AE", "H3-postcode"),
    ("H3", "B33 8TH", "H3-postcode"),
    ("H3", "CR2 6XH", "H3-postcode"),
    ("H3", "DN55 1PT", "H3-postcode"),
    ("H3", "W1A 0AX", "H3-postcode"),
    ("H3", "GIR 0AA", "H3-postcode"),
    ("H3", "PO1 3AX-site", "H3-postcode"),
    ("H3", "write to jane.o'neill@example.org.uk please", "H3-email"),
    ("H3", "ring 07700 900123", "H3-telephone"),
    ("H3", "+44 7700 900 123", "H3-telephone"),
    ("H3", "(01632) 960 001", "H3-telephone"),
    ("H3", "020 7946 0018", "H3-telephone"),
    ("H3", "01632960001", "H3-telephone"),
    ("H3", "DOB 01/02/2015", "H3-date-of-birth"),
    ("H3", "d.o.b. 1.2.15", "H3-date-of-birth"),
    ("H3", "Date of birth: 1 February 2015", "H3-date-of-birth"),
    ("H3", "born on 1st Feb 2015", "H3-date-of-birth"),
    ("H3", "born 2015-02-01", "H3-date-of-birth"),
    ("H5", "see case ref 48213", "H5-case-reference"),
    ("H5", "Pupil no: AB-12345", "H5-case-reference"),
    ("H5", "J.S., aged 14, attends Wendle Park Academy", "H5-case-reference"),
    ("H5", "JS (14) is at St Mary's Primary", "H5-case-reference"),
    ("H6", " ".join(["word"] * 201), "H6-long-text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), [pytest.param(t, c, id=f"{i}-{t!r:.40}") for i, t, c in FOUND])
def test_scan_text_given_a_sign_of_a_person_finds_its_kind_and_not_its_value(text: str, code: str) -> None:
    (hit,) = scan_text(text)
    assert hit.code == code
    finding = finding_for(hit, "Goals!C4")
    assert finding.severity == ("warning" if code.startswith("H5") else "quarantine")
    assert finding.rejects != code.startswith("H5")
    assert finding.place == "Goals!C4"
    assert not any(word in str(finding) for word in text.split() if any(c.isdigit() for c in word))
    assert list(scan_texts([text, "plain"])) == [text]


PASSED = [
    ("H2", "943 476 5918"),
    ("H2", "1234567890"),
    ("H4", "spend 9434765919.00"),
    ("H4", "£943,476,591"),
    ("H4", "£9434765919"),
    ("H4", "£ 9434765919"),
    ("H4", "12,943 476 5919"),
    ("H4", "1.9434765919"),
    ("H4", "94347659190"),
    ("H4", "QQ123456C"),
    ("H4", "BG123456A"),
    ("H4", "SW1A"),
    ("H4", "2024/25 Q1"),
    ("H4", "Q1 2024-25 total 1200"),
    ("H4", "E10000030"),
    ("H4", "E06000001 to E06000060"),
    ("H4", "QN55 1PT"),
    ("H4", "M1 1CE"),
    ("H4", "goal G1 1st milestone, W1 2nd, S2 3rd, B1 4th"),
    ("H4", "E10 3bn"),
    ("H4", "0300 123 4567 is the helpline, or 0800 1111"),
    ("H4", "01/04/2025 to 31/03/2026"),
    ("H4", "2025-04-01 09:00"),
    ("H4", "low weight of babies born in 2025"),
    ("H4", "DOB is recorded on every referral"),
    ("H4", "children aged 5 to 11 at primary school"),
    ("H4", "DfE, NHS and LA staff aged 50 at a School of Nursing"),
    ("H4", "NHS trusts treated 1,200 people in 2025"),
    ("H4", "W01; W02; W16"),
    ("H4", "a@b is no address, nor is @home"),
    ("H4", "case 12"),
    ("H4", "in case 2025 is late"),
    ("H4", "Working Together 2023, section 11"),
    ("H6", " ".join(["word"] * 200)),
]  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(t, id=f"{i}-{t!r:.40}") for i, t in PASSED])
def test_scan_text_given_ordinary_text_raises_no_false_alarm(text: str) -> None:
    assert scan_text(text) == []


@pytest.mark.parametrize(
    ("context", "found"),
    [("NHS No", True), ("NHS number", True), ("Patient id", True), ("Reference", False), ("", False)],
    ids=lambda v: f"H2-{v}",
)
def test_scan_text_given_ten_wrong_digits_asks_the_header(context: str, *, found: bool) -> None:
    assert codes("943 476 5918", context) == ["H2-nhs-number-by-context"] * found


@pytest.mark.parametrize(
    ("values", "context", "is_money", "expected"),
    [
        pytest.param([120.0, 9434765919.0, None], "Value", False, [1], id="H1-one-among-small-numbers"),
        pytest.param([9434765919.0], "Planned (£)", True, [], id="H4-one-amount-of-money"),
        pytest.param(
            [9434765919.0, 4010232137.0], "Planned (£)", True, [0, 1], id="H1-a-column-of-them-called-money"
        ),
        pytest.param(
            [9434765919.0, 52_000_000.0, 71_000_000.0], "Value", False, [], id="H4-a-column-of-large-numbers"
        ),
        pytest.param([9434765918.0], "Value", False, [], id="H2-wrong-digit"),
        pytest.param([9434765918.0, 12.0], "NHS No", False, [0], id="H2-wrong-digit-under-its-header"),
        pytest.param([9434765919.5], "Value", False, [], id="H4-with-decimals"),
        pytest.param([], "Value", False, [], id="H1-empty"),
    ],
)
def test_scan_numbers_judges_a_column_as_a_whole(
    values: list[float | None], context: str, expected: list[int], *, is_money: bool
) -> None:
    assert scan_numbers(values, context=context, is_money=is_money) == expected


def test_scan_numbers_given_random_amounts_hardly_ever_alarms() -> None:
    rng = random.Random(2)
    columns = [[float(rng.randrange(10**6, 10**10)) for _ in range(20)] for _ in range(500)]
    assert sum(bool(scan_numbers(c, is_money=True)) for c in columns) == 0


@pytest.mark.parametrize(
    "header",
    ["Child name", "CHILD_NAME", "ChildName", "Child's first name", "DOB", "D.O.B.", "Date of birth", "NHS No", "NHS number", "nhs_no",
     "UPN", "NI number", "National Insurance No.", "Postcode", "Post code", "Home address", "E-mail", "Email address", "Mobile", "Phone no",
     "Surname", "First name", "Forename", "Client ref", "Case number", "Pupil name", "NHS\u200b No", "ＤＯＢ"],
    ids=lambda h: f"B3-{h}",
)  # fmt: skip
def test_scan_header_given_a_column_about_people_refuses_it(header: str) -> None:
    (hit,) = scan_header(header)
    finding = finding_for(hit, "Goals!H1")
    assert (finding.code, finding.severity) == ("B3-personal-data-column", "quarantine")
    assert "no data about a person served" in finding.found


@pytest.mark.parametrize(
    "header", ["Name", "Holder", "Role", "Agency name", "Unit", "Counts people", "NHS contribution (£)", "Contact hours", "Carers supported",
               "Children helped", "Cases a year", "Family support", "Unique", "Note"],
    ids=lambda h: f"H4-{h}",
)  # fmt: skip
def test_scan_header_given_other_columns_lets_them_pass(header: str) -> None:
    assert scan_header(header) == []


def test_scan_header_passes_every_column_of_our_own_workbook() -> None:
    for record_type in RECORD_TYPES:
        for column in columns_of(record_type.table):
            assert scan_header(column.header) == [], (record_type.sheet, column.header)
            assert scan_header(column.name) == [], (record_type.sheet, column.name)


def test_scan_text_passes_days_months_and_amounts_as_we_write_them() -> None:
    rng = random.Random(3)
    for _ in range(2_000):
        day = dt.date(2000, 1, 1) + dt.timedelta(days=rng.randrange(20_000))
        amount = f"£{rng.randrange(10**9):,}.{rng.randrange(100):02d}"
        assert scan_text(f"{name_day(day)}: {amount}, due {day:%d/%m/%Y}, {day.isoformat()}") == []


@given(st.text(max_size=120))
@settings(max_examples=400)
def test_scan_texts_finds_what_scan_text_finds(text: str) -> None:
    assert scan_texts([text]).get(text, []) == scan_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 5_000,
        "a1" * 20_000,
        "07" * 20_000,
        "AB 12 " * 10_000,
        "born " * 10_000,
        "Aa " * 20_000 + "School",
    ],
)
def test_scan_text_given_a_text_made_to_be_slow_ends_soon(text: str) -> None:
    started = time.process_time()
    scan_text(text)
    assert time.process_time() - started < 2


def test_limits_says_that_names_are_not_found() -> None:
    assert "cannot find names" in LIMITS
    assert "cannot find names" in " ".join((personal_data.__doc__ or "").split())
    assert scan_text("Jo from Wendle is doing well") == []
