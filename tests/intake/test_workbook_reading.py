"""Bad workbooks: each is refused or warned about at its cell, in words, all faults in one pass."""

import datetime as dt
import hashlib
import io
import re
import struct
import zlib

import openpyxl
import polars as pl
import pytest
import workbook_plan as plans
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from partnership.errors import has_errors
from partnership.intake import _layout, _meta, cells
from partnership.intake._headers import labels_of
from partnership.intake._rules import broken_fields, broken_records
from partnership.intake.workbook import read_workbook, write_template
from partnership.plan import LARGE_TABLES
from partnership.tables import RECORD_TYPES, columns_of, frame, record_from_row, record_type


@pytest.fixture(scope="module")
def full() -> bytes:
    return plans.workbook()


@pytest.fixture(scope="module")
def wide(full) -> bytes:
    """Half of the sheets: quicker to open, change and read."""
    wanted = (
        "Agencies",
        "Measures",
        "Goals",
        "Work items",
        "Contributions",
        "Benefits",
        "Benefit shares",
        "Readings",
    )
    others = ("Unit costs", "Re-baselines", "Scores", "Commitments", "Milestones", "Annotations")
    return plans.lean(full, *wanted, *others)


@pytest.fixture(scope="module")
def good(full) -> bytes:
    """Four of the sheets: quick to open, change and read."""
    return plans.lean(full, "Agencies", "Goals", "Contributions", "Benefit shares")


def read(change, good):
    return read_workbook(plans.mutated(change, good), "plan.xlsx")


def found(findings, code: str):
    hits = [f for f in findings if f.code == code]
    assert hits, [(f.code, str(f)) for f in findings]
    return hits


def by_hand(**sheets) -> bytes:
    """A workbook made without our template: sheet name to rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------------- the file (A)


@pytest.mark.parametrize(
    ("row", "data", "code"),
    [
        ("A1", b"", "A1-empty-file"),
        ("A2", b"a,b\n1,2\n", "A2-not-a-workbook"),
        ("A2", b"<html><table></table></html>", "A2-not-a-workbook"),
        ("A3", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "A3-password"),
    ],
)
def test_a_no_workbook_gives_one_finding_and_no_batch(row, data, code):
    batch, findings = read_workbook(data, "plan.xlsx")
    assert batch is None
    assert [f.code for f in findings] == [code]


def test_a6_one_value_in_the_last_cell_is_refused_with_the_cap(good):
    def change(book):
        book["Goals"]["A60000"] = "G9"

    batch, findings = read(change, good)
    finding = found(findings, "A6-too-many-rows")[0]
    assert finding.rejects
    assert "at most 50,000" in finding.found
    assert batch.frames["goals"].is_empty()


def test_a6_readings_may_have_more_rows_than_other_sheets():
    limits = {t.table: t.row_limit for t in RECORD_TYPES}
    assert (limits.pop("readings"), limits.pop("benefit_profile"), set(limits.values())) == (
        200_000,
        200_000,
        {50_000},
    )


def test_a15_hash_is_of_the_bytes_as_given(good):
    batch, _ = read_workbook(good, "a.xlsx")
    again, _ = read_workbook(good, "b.xlsx")
    assert batch.sha256 == again.sha256 == hashlib.sha256(good).hexdigest()


def test_a18_two_sheets_of_one_name_hidden_rows_and_merged_cells(wide):
    def change(book):
        book.create_sheet("goals ")
        book["Measures"].row_dimensions[5].hidden = True
        book["Agencies"].merge_cells("H5:H6")

    _, findings = read(change, wide)
    assert "Goals" in found(findings, "A18-same-sheet-twice")[0].found
    assert found(findings, "A18-hidden-rows")[0].severity == "warning"
    assert found(findings, "A18-merged-cells")[0].place == "Agencies!H5:H6"


def test_a18_our_own_very_hidden_sheet_is_no_finding(full):
    assert read_workbook(full, "plan.xlsx")[1] == []


# ---------------------------------------------------------------------------------------------- headers and shape (B)


@pytest.mark.parametrize(
    ("header", "named"), [("Amount (£)", "amount"), ("  AMOUNT_GBP ", "raw name"), ("amount", "no unit")]
)
def test_b1_header_twice_names_both_columns(good, header, named):
    def change(book):
        book["Contributions"].cell(4, 17).value = header

    _, findings = read(change, good)
    finding = found(findings, "B1-header-twice")[0]
    assert finding.severity == "error"
    assert finding.place == "Contributions!Q4"
    assert "H ('Amount (£)')" in finding.found, named
    assert "Q (" in finding.found


def test_b2_missing_required_column_is_an_error_and_no_row_is_kept(good):
    batch, findings = read(lambda book: book["Contributions"].delete_cols(8), good)
    finding = found(findings, "B2-missing-column")[0]
    assert (finding.severity, finding.place) == ("error", "Contributions!4:4")
    assert "'Amount (£)'" in finding.found
    assert batch.frames["contributions"].is_empty()
    assert sum(s.place.startswith("Contributions!") for s in batch.skipped) == 12
    assert not [f for f in findings if f.code == "rule-required"], (
        "one finding for the column, none for each row"
    )


def test_b2_missing_optional_column_is_a_warning_that_names_it(good):
    batch, findings = read(lambda book: book["Contributions"].delete_cols(16), good)
    finding = found(findings, "B2-absent-column")[0]
    assert finding.severity == "warning"
    assert "Note" in finding.found
    assert batch.frames["contributions"].height == 12


def test_b2_columns_in_another_order_and_raw_names_are_accepted():
    data = by_hand(Benefit_shares=[["share", " AGENCY_ID", "Benefit  id*"], ["1/3", "COU", "B1"]])
    batch, findings = read_workbook(data, "x.xlsx")
    assert not has_errors(findings)
    row = batch.frames["benefit_shares"].row(0, named=True)
    assert (row["benefit_id"], row["agency_id"], row["share_numerator"], row["share_denominator"]) == (
        "B1",
        "COU",
        1,
        3,
    )
    assert batch.cells["benefit_shares"] == {"share": "A", "agency_id": "B", "benefit_id": "C"}


def test_b2_unknown_column_is_an_error_with_the_nearest_and_never_dropped(good):
    def change(book):
        book["Goals"].cell(4, 18).value = "Tagret value"
        book["Goals"].cell(5, 18).value = 3

    _, findings = read(change, good)
    finding = found(findings, "B2-unknown-column")[0]
    assert (finding.severity, finding.place) == ("error", "Goals!R4")
    assert "'Target value'" in finding.do


def test_b2_column_that_asks_to_be_ignored_is_a_warning(good):
    def change(book):
        book["Goals"].cell(4, 18).value = "Ignore: my workings"
        book["Goals"].cell(5, 18).value = 3

    batch, findings = read(change, good)
    assert found(findings, "B2-ignored-column")[0].severity == "warning"
    assert not has_errors(findings)
    assert batch.frames["goals"].height == 1


def test_b2_values_without_a_header_are_an_error_at_the_first(good):
    def change(book):
        book["Goals"].cell(5, 20).value = "lost"

    _, findings = read(change, good)
    assert found(findings, "B2-no-header")[0].place == "Goals!T5"


def test_b2_unknown_sheet_with_values_is_an_error_and_an_empty_one_is_not(good):
    def change(book):
        book.create_sheet("Empty")
        book.create_sheet("Gaols")["A1"] = "Id"

    _, findings = read(change, good)
    assert [f.place for f in found(findings, "B2-unknown-sheet")] == ["Gaols"]
    assert "'Goals'" in found(findings, "B2-unknown-sheet")[0].do


@pytest.mark.parametrize("header", ["Child name", "DOB", "NHS No", "Date of birth", "Postcode"])
def test_b3_personal_column_is_refused_even_when_empty(good, header):
    def change(book):
        book["Goals"].cell(4, 18).value = header

    _, findings = read(change, good)
    finding = found(findings, "B3-personal-data-column")[0]
    assert (finding.severity, finding.place) == ("quarantine", "Goals!R4")
    assert "no data about a person" in finding.found


def test_b4_header_only_sheets_are_one_warning_each_or_one_for_many(wide):
    def two(book):
        for name in ("Milestones", "Annotations"):
            book[name].delete_rows(5, 50)

    batch, findings = read(two, wide)
    assert [f.place for f in found(findings, "B4-no-rows")] == ["Milestones", "Annotations"]
    assert all(f.severity == "warning" and "0 rows" in f.found for f in found(findings, "B4-no-rows"))
    assert batch.gone == {"goal_milestones": ("G1|2027-03-31",), "annotations": ("N1",)}
    buffer = io.BytesIO()
    write_template(buffer)
    _, findings = read_workbook(buffer.getvalue(), "t.xlsx")
    assert f"{len(RECORD_TYPES)} sheets" in found(findings, "B4-no-rows")[0].found


def test_b4_wholly_empty_sheet_is_an_error(good):
    def change(book):
        book["Goals"].delete_rows(1, 100)

    _, findings = read(change, good)
    finding = found(findings, "B4-no-headers")[0]
    assert (finding.severity, finding.place) == ("error", "Goals")


def test_b4_blank_rows_in_the_middle_are_skipped_and_counted(good):
    def change(book):
        book["Contributions"].insert_rows(6, 3)
        book["Contributions"]["B7"] = "   "

    batch, findings = read(change, good)
    assert not has_errors(findings)
    assert batch.rows_blank == 3
    assert batch.rows_read == batch.rows_kept + len(batch.skipped)
    assert batch.frames["contributions"]["_row"].to_list() == [5, *range(9, 20)]


@pytest.mark.parametrize("word", ["Total", "TOTALS", " Grand total: "])
def test_b4_row_of_totals_is_an_error_and_no_data(good, word):
    def change(book):
        book["Contributions"]["A17"] = word
        book["Contributions"]["H17"] = 123.45

    batch, findings = read(change, good)
    finding = found(findings, "B4-total-row")[0]
    assert (finding.severity, finding.place) == ("error", "Contributions!A17")
    assert not [f for f in findings if f.place.startswith("Contributions!") and f.code != "B4-total-row"]
    assert [s.place for s in batch.skipped] == ["Contributions!17:17"]
    assert batch.rows_read == batch.rows_kept + 1


def test_b5_older_template_names_both_versions_and_the_commands(good, monkeypatch):
    monkeypatch.setattr(_meta, "SCHEMA_VERSION", 2)
    batch, findings = read_workbook(good, "plan.xlsx")
    finding = found(findings, "B5-older-version")[0]
    assert finding.rejects
    assert "version 1" in finding.found
    assert "version 2" in finding.found
    assert "partnership export" in finding.do
    assert "partnership template" in finding.do
    assert batch is not None


def test_b5_newer_template_names_both_versions(good):
    def change(book):
        book[_layout.META_SHEET]["B1"] = 99

    _, findings = read(change, good)
    finding = found(findings, "B5-newer-version")[0]
    assert finding.rejects
    assert "version 99" in finding.found
    assert "version 1" in finding.found


@pytest.mark.parametrize("version", ["", "abc", None])
def test_b5_version_that_cannot_be_read_is_an_error(good, version):
    def change(book):
        book[_layout.META_SHEET]["B1"] = version

    _, findings = read(change, good)
    assert found(findings, "B5-no-version")[0].rejects


def test_b5_workbook_without_meta_is_read_with_a_warning(good):
    batch, findings = read(lambda book: book.remove(book[_layout.META_SHEET]), good)
    assert found(findings, "B5-no-version")[0].severity == "warning"
    assert not has_errors(findings)
    assert batch.frames["goals"]["_revision"].to_list() == [None]


def test_b6_rows_taken_out_are_gone_changed_ids_are_new_and_versions_follow_the_key(good):
    def change(book):
        agencies = book["Agencies"]
        agencies.delete_rows(7)  # POL
        agencies["A6"] = "NHS1"  # ICB under another id
        agencies["A5"], agencies["C5"] = "COU", "The council"

    batch, _ = read(change, good)
    assert batch.gone["agencies"] == ("ICB", "POL")
    known = dict(batch.frames["agencies"].select("row_key", "_revision").iter_rows())
    stored = plans.versions()["agencies"]
    assert known == {
        "COU": stored["COU"],
        "NHS1": None,
        "007": stored["007"],
        "1E5": stored["1E5"],
        "NA": stored["NA"],
    }


def test_b6_last_years_ids_on_every_row_are_a_warning_before_anything_is_stored(good):
    def change(book):
        for row in range(5, 17):
            book["Contributions"].cell(row, 1).value = f"2024-{row}"

    batch, findings = read(change, good)
    finding = found(findings, "B6-other-rows")[0]
    assert (finding.severity, finding.place) == ("warning", "Contributions")
    assert "None of the 12 rows" in finding.found
    assert len(batch.gone["contributions"]) == 12


def test_b6_another_partnerships_template_is_a_warning(full):
    def change(book):
        book["Partnership"]["A5"] = "OTHER"

    _, findings = read_workbook(plans.mutated(change, plans.lean(full, "Partnership")), "plan.xlsx")
    finding = found(findings, "B6-other-partnership")[0]
    assert finding.severity == "warning"
    assert "'WEN'" in finding.found
    assert "'OTHER'" in finding.found


def test_b6_a_sheet_that_was_deleted_loses_nothing_and_is_said(good):
    batch, findings = read(lambda book: book.remove(book["Goals"]), good)
    finding = found(findings, "B4-sheet-gone")[0]
    assert (finding.severity, finding.place) == ("warning", "Goals")
    assert "goals" not in batch.frames
    assert "goals" not in batch.gone


def test_no_sheet_of_ours_is_an_error_that_names_the_template():
    batch, findings = read_workbook(by_hand(Sheet1=[["a", "b"], [1, 2]]), "x.xlsx")
    assert found(findings, "B4-no-sheets")[0].rejects
    assert batch.frames == {}


def test_headers_may_stand_in_the_first_row_of_a_sheet_made_by_hand():
    data = by_hand(Agencies=[["Id", "Code", "Name", "Sector"], ["007", "BON", "Bond", "other"]])
    batch, findings = read_workbook(data, "x.xlsx")
    assert not has_errors(findings)
    assert batch.frames["agencies"].select("id", "_row").rows() == [("007", 2)]


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.table)
def test_labels_of_no_two_columns_meet(record_type):
    labels = labels_of(record_type.table)
    for column in columns_of(record_type.table):
        for label in (column.header, column.name):
            assert labels[label.casefold()] == column.name


# ---------------------------------------------------------------------------------------------------- values and rules


def test_every_fault_of_a_workbook_is_found_in_one_pass_each_at_its_cell(wide):
    def change(book):
        book["Contributions"]["H5"] = "£1.2m"
        book["Contributions"]["E6"] = "2025/27"
        book["Contributions"]["B7"] = None
        book["Contributions"]["F8"] = "plannned"
        book["Scores"]["F5"] = 11
        book["Benefits"]["P5"] = True
        book["Re-baselines"]["B5"] = 1
        book["Goals"]["B5"] = "x" * 301
        book["Commitments"]["H5"] = "31/04/2026"
        book["Agencies"]["B5"] = "much too long"

    batch, findings = read(change, wide)
    places = {f.place: f for f in findings if f.rejects}
    assert set(places) == {
        "Contributions!H5", "Contributions!E6", "Contributions!B7", "Contributions!F8", "Scores!F5", "Benefits!P5",
        "Re-baselines!B5", "Goals!B5", "Commitments!H5", "Agencies!B5",
    }  # fmt: skip
    assert places["Contributions!B7"].found == "'Agency id' is blank and must be filled."
    assert "sheet Agencies" in places["Contributions!B7"].do
    assert "'planned'" in places["Contributions!F8"].do
    assert "more than 10" in places["Scores!F5"].found
    assert "less than 2" in places["Re-baselines!B5"].found
    for finding in places.values():
        assert not re.search(r"pydantic|validation|string_|Traceback|Decimal\(|None", str(finding)), finding
    assert len(batch.skipped) == len(places)
    assert batch.rows_read == batch.rows_kept + len(batch.skipped)
    assert all(s.reason for s in batch.skipped)


def test_value_shown_in_a_finding_is_at_most_sixty_characters_and_escaped(good):
    def change(book):
        book["Contributions"]["F8"] = "a\tb" + "y" * 200

    _, findings = read(change, good)
    finding = next(f for f in findings if f.place == "Contributions!F8")
    assert "a\\tb" in finding.found
    assert len(finding.found) < 120


@pytest.mark.office
def test_c12_formula_with_a_stored_value_is_a_warning(libreoffice, good, tmp_path):
    def change(book):
        book["Contributions"]["H5"] = "=100+25.5"

    _, unsaved = read(change, good)
    assert found(unsaved, "C11-formula-without-value")[0].place == "Contributions!H5"
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plans.mutated(change, good))
    batch, findings = read_workbook(libreoffice(path, "xlsx").read_bytes(), "plan.xlsx")
    assert found(findings, "C12-formula")[0].severity == "warning"
    assert str(batch.frames["contributions"]["amount_gbp"][0]) == "125.50"


def test_choices_and_flags_are_read_whatever_their_capitals(wide):
    def change(book):
        book["Contributions"]["F5"] = " Planned "
        book["Work items"]["K5"] = "YES"

    batch, findings = read(change, wide)
    assert not has_errors(findings)
    assert batch.frames["contributions"]["stage"][0] == "planned"
    assert batch.frames["work_items"]["shared_now"][0] is True


def test_long_text_column_takes_what_its_field_allows(wide):
    def change(book):
        book["Unit costs"]["F5"] = "x" * 1000
        book["Unit costs"]["U5"] = "word " * 150

    _, findings = read(change, wide)
    assert not has_errors(findings)
    _, findings = read(lambda book: book["Unit costs"].__setitem__("F5", "x" * 1001), wide)
    assert "longer than 1,000 characters" in found(findings, "E6-too-long")[0].found


# ------------------------------------------------------------------------------------------------------------ keys (F1)


def test_f1_same_id_twice_names_both_rows_and_the_last_never_wins(good):
    def change(book):
        book["Contributions"]["A7"] = "C1"

    batch, findings = read(change, good)
    finding = found(findings, "F1-same-key")[0]
    assert (finding.severity, finding.place) == ("error", "Contributions!A7")
    assert finding.found == "Rows 5 and 7 have the same Id: 'C1'."
    assert batch.frames["contributions"].filter(pl.col("id") == "C1")["_row"].to_list() == [5]


def test_f1_same_id_in_other_capitals_names_both(good):
    def change(book):
        book["Contributions"]["A7"] = "c1"

    _, findings = read(change, good)
    assert (
        found(findings, "F1-same-key")[0].found == "Rows 5 ('C1') and 7 ('c1') differ only in capitals: Id."
    )


def test_f1_key_of_several_columns_names_them(good):
    def change(book):
        book["Benefit shares"]["B6"] = "COU"

    _, findings = read(change, good)
    finding = found(findings, "F1-same-key")[0]
    assert finding.found == "Rows 5 and 6 have the same Benefit id and Agency id: 'B1, COU'."


def test_f1_rows_whose_key_could_not_be_read_are_not_called_the_same(good):
    def change(book):
        book["Contributions"]["A6"] = "C\u04101"  # Cyrillic A
        book["Contributions"]["A7"] = "C\u04101"

    _, findings = read(change, good)
    assert {f.code for f in findings if f.rejects} == {"E1-id-character"}


# ----------------------------------------------------------------------------------------------------- people (B3, H)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NHS 943 476 5919", "H1-nhs-number"),
        ("UPN B801200005001", "H3-pupil-number"),
        ("NI AB123456C", "H3-national-insurance-number"),
        ("lives at SW1A 1AA", "H3-postcode"),
        ("jane@example.org", "H3-email"),
        ("DOB 01/02/2015", "H3-date-of-birth"),
        ("word " * 201, "H6-long-text"),
    ],
)
def test_h_personal_data_in_any_cell_is_quarantined_without_its_value(good, text, code):
    def change(book):
        book["Goals"]["C5"] = text
        book["Contributions"]["H5"] = text[:250]
        book["Guide"]["F40"] = text

    batch, findings = read(change, good)
    hits = found(findings, code)
    assert {f.place for f in hits} >= {"Goals!C5", "Guide!F40"}
    assert all(f.severity == "quarantine" for f in hits)
    told = (
        " ".join(map(str, findings)) + " ".join(map(str, batch.skipped)) + str(batch.frames["goals"].rows())
    )
    assert text.split()[-1] not in told or text.startswith("word")
    assert batch.frames["goals"].is_empty()


def test_h1_nhs_number_as_a_number_cell_is_quarantined(wide):
    def change(book):
        book["Readings"]["F5"] = 9434765919

    batch, findings = read(change, wide)
    assert [f.place for f in found(findings, "H1-nhs-number")] == ["Readings!F5"]
    assert "9434765919" not in str(findings) + str(batch.skipped)
    assert 5 not in batch.frames["readings"]["_row"].to_list()


def test_h_refused_value_that_is_personal_is_not_shown_by_another_finding(good):
    def change(book):
        book["Contributions"]["H5"] = "943 476 5919"

    _, findings = read(change, good)
    assert [f.code for f in findings if f.place == "Contributions!H5"] == ["H1-nhs-number"]
    assert "943 476" not in str(findings)


def test_h6_picture_is_quarantined_wherever_it_stands():
    def chunk(tag, data):
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    size = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
        + chunk(b"IEND", b"")
    )
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in ("Guide", "Goals"):
            book.add_worksheet(name).insert_image("D4", "dot.png", {"image_data": io.BytesIO(dot)})
    _, findings = read_workbook(buffer.getvalue(), "plan.xlsx")
    assert {f.place for f in found(findings, "H6-picture")} == {"Guide", "Goals"}
    assert {f.severity for f in found(findings, "H6-picture")} == {"quarantine"}


def test_guide_and_template_raise_no_false_alarm(full):
    assert not [f for f in read_workbook(full, "plan.xlsx")[1] if f.code.startswith("H")]


# ------------------------------------------------------------------------------ the fast rules agree with the records


def test_large_tables_have_no_column_that_only_the_record_can_check():
    for table in LARGE_TABLES:
        assert not [c.name for c in columns_of(table) if c.kind in ("ids", "share")]


_TEXT = st.one_of(st.none(), st.sampled_from(["A", "B1", "-bad", "a" * 61, "x" * 301, "", "café", "G1 ok"]))
_NUMBER = st.one_of(st.none(), st.decimals(-1000, 1000, places=4))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "measure_id": _TEXT, "benefit_id": _TEXT, "agency_id": _TEXT, "value": _NUMBER, "denominator": _NUMBER,
                "label": _TEXT, "missing_note": _TEXT,
                "period": st.one_of(st.none(), st.dates(dt.date(1890, 1, 1), dt.date(2210, 1, 1))),
                "read_on": st.one_of(st.none(), st.dates(dt.date(1890, 1, 1), dt.date(2210, 1, 1))),
            }
        ),
        min_size=1, max_size=20,
    )
)  # fmt: skip
def test_fast_rules_refuse_exactly_the_rows_that_the_record_refuses(rows):
    readings = record_type("readings")
    empty = frame([], "readings")
    given_rows = pl.DataFrame(rows, schema={k: empty.schema[k] for k in rows[0]})
    typed = pl.concat([empty, given_rows], how="diagonal").with_columns(
        pl.col("state").fill_null("approved"), pl.int_range(pl.len()).alias("_row")
    )
    refused = {b.row for b in broken_fields(typed, readings, {}, lambda name, row: f"{name}{row}")}
    for number, row in enumerate(typed.iter_rows(named=True)):
        try:
            record_from_row("readings", row)
            by_record = False
        except ValidationError:
            by_record = True
        assert (number in refused) == by_record, row


def test_record_rules_speak_plainly_where_only_the_record_knows():
    row = {"id": ["W1"], "title": ["T"], "habit": ["keep"], "depends_on": ["W1; -x"]}
    bad = pl.concat([frame([], "work_items"), pl.DataFrame(row)], how="diagonal").with_columns(
        pl.col("shared_now", "shared_future").fill_null(value=False), pl.lit(5).alias("_row")
    )
    (broken,) = broken_records(bad, record_type("work_items"), lambda name, row: f"Work items!{name}{row}")
    assert broken.finding.place == "Work items!depends_on5"
    assert broken.finding.found == "'-x' is not accepted here."
    assert "W01; W02" in broken.finding.do


@pytest.mark.slow
def test_short_columns_are_read_as_long_ones_are(full, monkeypatch):
    def change(book):
        book["Contributions"]["H5"] = "£1.2m"
        book["Contributions"]["H6"] = "=1+1"
        book["Contributions"]["H7"] = " 1,200.5 "
        book["Contributions"]["H8"] = 0.1 + 0.2
        book["Contributions"]["H9"] = True
        book["Contributions"]["E5"], book["Contributions"]["E6"] = 2026, 2027
        book["Goals"]["B5"] = " blanks\u00a0about "
        book["Benefit shares"]["C5"] = 40

    data = plans.mutated(change, full)
    short, said = read_workbook(data, "plan.xlsx")
    monkeypatch.setattr(cells, "_FEW", 0)
    long, said_again = read_workbook(data, "plan.xlsx")
    assert said == said_again
    assert short.skipped == long.skipped
    for table, rows in short.frames.items():
        assert rows.equals(long.frames[table]), table
        assert rows.schema == long.frames[table].schema
