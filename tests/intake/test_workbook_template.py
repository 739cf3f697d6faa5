"""The workbook as it goes out: what a finance officer opens, and what stands behind it."""

import datetime as dt
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import workbook_plan as plans

from partnership import benefits
from partnership.errors import InvalidInput
from partnership.intake._layout import CONTROL_SHEET, FIRST_ROW, GUIDE_SHEET, HEADER_ROW, META_SHEET, name_of
from partnership.intake.workbook import SCHEMA_VERSION, write_template, write_workbook
from partnership.plan import Plan
from partnership.tables import RECORD_TYPES, columns_of, frame

FIRST = FIRST_ROW + 1
HEADERS = HEADER_ROW + 1


def opened(data: bytes, **options):
    return openpyxl.load_workbook(io.BytesIO(data), **options)


@pytest.fixture(scope="module")
def template() -> bytes:
    buffer = io.BytesIO()
    write_template(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def book(template):
    return opened(template)


@pytest.fixture(scope="module")
def export() -> bytes:
    return plans.workbook(change_seq=7, made_at=dt.datetime(2026, 11, 23, 9, 14, tzinfo=dt.UTC))


def validation_at(sheet, cell: str):
    return next(v for v in sheet.data_validations.dataValidation if cell in v.sqref)


def test_template_every_record_type_has_a_sheet_after_the_guide(book):
    assert book.sheetnames == [GUIDE_SHEET, *(t.sheet for t in RECORD_TYPES), CONTROL_SHEET, META_SHEET]


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.table)
def test_template_sheet_heads_every_field_with_its_unit_and_description(book, record_type):
    sheet = book[record_type.sheet]
    columns = columns_of(record_type.table)
    assert [c.value for c in sheet[HEADERS]][: len(columns)] == [c.header for c in columns]
    for cell, column in zip(sheet[HEADERS - 1], columns, strict=False):
        assert column.description in cell.value
        assert cell.value.startswith("Must be filled.") == column.required
    assert sheet["B2"].value == record_type.purpose
    blue = {c.value for c in sheet[HEADERS] if c.fill.fgColor.rgb == "FF12436D"}
    assert blue == {c.header for c in columns if c.required}


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.table)
def test_template_input_cells_are_unlocked_and_headers_locked_without_password(book, record_type):
    sheet = book[record_type.sheet]
    protection = sheet.protection
    assert protection.sheet
    assert protection.password is None
    assert not any((protection.insertRows, protection.sort, protection.autoFilter, protection.formatColumns))
    for index in range(1, len(columns_of(record_type.table)) + 1):
        letter = openpyxl.utils.get_column_letter(index)
        assert not _column_style(sheet, index).protection.locked, letter
        assert sheet.cell(HEADERS, index).protection.locked
    assert sheet.freeze_panes is not None
    assert sheet.freeze_panes.endswith(str(FIRST))
    assert sheet.auto_filter.ref.startswith(f"A{HEADERS}:")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == f"${HEADERS}:${HEADERS}"
    assert all(sheet.row_dimensions[r].height is None for r in range(FIRST, FIRST + 50))


def _column_style(sheet, index: int):
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= index <= dimension.max:
            return dimension
    raise AssertionError(index)


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.table)
def test_template_every_column_is_validated_over_all_its_rows_in_plain_words(book, record_type):
    sheet = book[record_type.sheet]
    for index, column in enumerate(columns_of(record_type.table), 1):
        letter = openpyxl.utils.get_column_letter(index)
        if column.kind == "ids":
            rule = validation_at(sheet, f"{letter}{FIRST}")
            assert "W01; W02" in rule.prompt
            continue
        rule = validation_at(sheet, f"{letter}{FIRST}")
        assert f"{letter}{FIRST + record_type.row_limit - 1}" in rule.sqref
        assert rule.allow_blank
        assert rule.errorTitle == column.header[:32]
        assert len(rule.error) > 8
        assert not re.search(r"pydantic|Decimal|string|regex|None", rule.error)
        if column.choices:
            assert rule.formula1.strip('"').split(",") == list(column.choices)
            assert rule.errorStyle in (None, "stop")
        elif column.kind == "flag":
            assert rule.formula1 == '"yes,no"'
        elif column.refers_to:
            assert rule.formula1 == f"list_{column.refers_to}"
            assert rule.errorStyle == "warning"
            assert "An id from the sheet" in rule.error
        elif column.kind in ("money", "quantity", "whole"):
            assert rule.type in ("decimal", "whole")
        elif column.kind in ("day", "month"):
            assert rule.type == "date"
            assert "2026" in rule.error


def test_template_number_validation_follows_the_fields_own_limits(book):
    score = validation_at(book["Scores"], f"F{FIRST}")
    assert (float(score.formula1), float(score.formula2)) == (0, 10)
    assert score.error == "A number from 0 to 10: 12 or 12.5."
    version = validation_at(book["Re-baselines"], f"B{FIRST}")
    assert (version.type, float(version.formula1)) == ("whole", 2)


def test_template_uses_no_indirect_and_names_every_column(book, template):
    names = dict(book.defined_names.items())
    for record_type in RECORD_TYPES:
        for column in columns_of(record_type.table):
            assert name_of(record_type.table, column.name) in names
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        assert not any(
            b"INDIRECT" in package.read(n) or b"OFFSET" in package.read(n) for n in package.namelist()
        )


def test_template_numbers_and_dates_show_as_people_write_them(book):
    def shown(sheet: str, header: str) -> str:
        index = next(c.column for c in book[sheet][HEADERS] if c.value == header)
        return _column_style(book[sheet], index).number_format

    assert shown("Contributions", "Amount (£)") == "£#,##0.00;−£#,##0.00"  # noqa: RUF001
    assert shown("Contributions", "Financial year") == "@"
    assert shown("Capacity", "Money (£)") == "£#,##0.00;−£#,##0.00"  # noqa: RUF001
    assert shown("Commitments", "Due on") == "d mmm yyyy"
    assert shown("Readings", "Period") == "mmm yyyy"
    assert shown("Benefit shares", "Share (%)") == "@"
    assert shown("Agencies", "Id") == "@"


def test_meta_sheet_is_very_hidden_and_holds_version_time_seq_keys_and_versions(export):
    sheet = opened(export)[META_SHEET]
    assert sheet.sheet_state == "veryHidden"
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=5)}
    assert facts["schema_version"] == SCHEMA_VERSION
    assert facts["made_at"] == "2026-11-23T09:14:00+00:00"
    assert facts["change_seq"] == 7
    assert facts["partnership"] == "WEN"
    rows = {}
    for table, keys, versions, *_ in sheet.iter_rows(min_row=12, values_only=True):
        rows.setdefault(table, {}).update(zip(json.loads(keys), json.loads(versions), strict=True))
    assert rows == plans.versions()


def test_guide_lists_every_sheet_with_its_purpose_a_link_and_the_rules(export):
    sheet = opened(export)[GUIDE_SHEET]
    text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)
    for record_type in RECORD_TYPES:
        assert record_type.purpose in text
    linked = {c.value for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert linked == {*(t.sheet for t in RECORD_TYPES), CONTROL_SHEET}
    for words in (
        "Money",
        "Dates",
        "Not known",
        "1/3",
        "No personal data",
        "primary suppression only",
        "Blue header",
    ):
        assert words in text
    assert "Wendleshire Safeguarding Partnership" in sheet["A1"].value


def test_control_totals_are_live_locked_formulas_whose_stored_values_tie_to_the_frames(export):
    formulas, values = opened(export)[CONTROL_SHEET], opened(export, data_only=True)[CONTROL_SHEET]
    frames = plans.frames()
    sheets = {t.sheet: t.table for t in RECORD_TYPES}
    table, seen = "", 0
    for row in range(HEADERS + 1, values.max_row + 1):
        table = sheets.get(values.cell(row, 1).value, table)
        what, made, now, difference = (values.cell(row, c).value for c in (2, 3, 4, 5))
        if what == "Rows":
            expected = frames[table].height
        else:
            column = next(c for c in columns_of(table) if what == f"Sum of {c.header}")
            expected = float(sum((v for v in frames[table][column.name] if v is not None), Decimal(0)))
        assert made == now == expected, (table, what)
        assert difference == 0
        assert formulas.cell(row, 4).value.startswith(("=COUNTA(", "=ROUND(SUM("))
        assert formulas.cell(row, 4).protection.locked
        seen += 1
    assert seen == len(RECORD_TYPES) + sum(
        c.kind == "money" or c.unit == "£" for t in RECORD_TYPES for c in columns_of(t.table)
    )


def test_control_totals_show_what_excel_cannot_add_up_as_a_difference():
    row = benefits.ProfileMonth(
        benefit_id="B", period=dt.date(2026, 4, 1), planned_gbp=Decimal("9999999999999999.99")
    )
    sheet = opened(plans.workbook({"benefit_profile": frame([row])}, versions={}), data_only=True)[
        CONTROL_SHEET
    ]
    *_, line = (r for r in sheet.iter_rows(values_only=True) if r[1] == "Sum of Planned (£)")
    assert line[2:5] == (1e16, 0, -1e16)


def test_hostile_texts_are_text_cells_and_no_formula_stands_in_a_record_sheet(export):
    sheet = opened(export)["Work items"]
    titles = {
        sheet.cell(row, 2).value: sheet.cell(row, 2).data_type for row in range(FIRST, sheet.max_row + 1)
    }
    assert set(titles.values()) <= {"s", "n"}
    for text in ("=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "+1", "007", "1e5"):
        assert titles[text] == "s"
    with zipfile.ZipFile(io.BytesIO(export)) as package:
        for number, record_type in enumerate(RECORD_TYPES, 2):
            content = package.read(f"xl/worksheets/sheet{number}.xml")
            body = content[
                content.index(b"<sheetData") : content.index(b"</sheetData>")
                if b"</sheetData>" in content
                else None
            ]
            assert b"<f" not in body, record_type.sheet


def test_values_are_spelt_as_people_write_them(export):
    book = opened(export)
    shares = [c.value for c in book["Benefit shares"]["C"][FIRST_ROW:]]
    assert shares == ["1/3", "1/3", "1/3", "40", "12.5", "47.5"]
    assert plans.cell(book["Contributions"], "Financial year").value == "2027/28"
    assert plans.cell(book["Work items"], "Shared now").value == "yes"
    assert plans.cell(book["Work items"], "Excludes", 2).value == "W01; H01"
    assert plans.cell(book["Readings"], "Missing", 17).value == "suppressed"
    assert plans.cell(book["Expectations"], "Stated on").value == dt.datetime(2026, 5, 4)  # noqa: DTZ001


def test_write_workbook_nan_is_refused_in_words():
    rows = plans.frames()
    rows["capacity"] = rows["capacity"].with_columns(pl.lit(float("nan")).alias("days"))
    with pytest.raises(InvalidInput, match="holds nan, which no workbook can hold"):
        plans.workbook(rows)


def test_write_template_with_a_plan_holds_its_records_and_no_versions(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_template(path, Plan.of(r for r in plans.records() if type(r).__name__ in ("Agency", "Partnership")))
    book = openpyxl.load_workbook(path)
    assert plans.cell(book["Agencies"], "Id", 4).value == "007"
    assert book["Goals"].cell(FIRST, 1).value is None
    assert book[META_SHEET].cell(12, 1).value is None


def test_write_workbook_large_table_is_quick_and_keeps_every_row():
    months = pl.date_range(dt.date(2000, 1, 1), dt.date(2099, 12, 1), "1mo", eager=True)
    rows = plans.frames()["benefit_profile"].head(1).drop("row_key", "period", "period_index")
    many = rows.join(pl.DataFrame({"period": months}), how="cross")
    buffer = io.BytesIO()
    write_workbook({"benefit_profile": many}, buffer=buffer, versions={})
    sheet = opened(buffer.getvalue(), read_only=True)["Benefit profile"]
    assert sum(1 for row in sheet.iter_rows(min_row=FIRST, values_only=True) if row[0]) == 1200


@pytest.mark.office
def test_export_opens_in_libreoffice_and_its_totals_are_those_that_were_written(
    export, tmp_path, libreoffice
):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(export)
    recalculated = opened(libreoffice(path, "xlsx").read_bytes(), data_only=True)[CONTROL_SHEET]
    written = opened(export, data_only=True)[CONTROL_SHEET]
    for row in range(HEADERS + 1, written.max_row + 1):
        for column in (4, 5):
            assert recalculated.cell(row, column).value == pytest.approx(
                written.cell(row, column).value, abs=0.001
            )
    assert recalculated.max_row == written.max_row


def test_docs_list_every_sheet_with_its_purpose_and_key():
    text = (Path(__file__).parents[2] / "docs" / "workbook.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
        text.split("## The sheets")[1].split("## What is refused")[0],
        re.MULTILINE,
    )
    expected = [
        (
            t.sheet,
            t.purpose.rstrip("."),
            ", ".join(c.header.lower() for k in t.key for c in columns_of(t.table) if c.name == k),
        )
        for t in RECORD_TYPES
    ]
    assert rows[2:] == expected
