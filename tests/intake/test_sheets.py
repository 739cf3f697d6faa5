"""Sheets as raw cells: every value with its kind and cell, and every fact that could hide one."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import Any

import openpyxl
import polars as pl
import pytest
from hostile import HEADER, ROW, SHEET, book, changed, in_sheet, saved, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnership.errors import UnknownName
from partnership.intake._plain_xml import plain_xml
from partnership.intake._strings import unescaped
from partnership.intake.sheets import (
    Sheet,
    Workbook,
    hidden_sheet_findings,
    open_workbook,
    structure_findings,
)

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000100e221bc330000000049454e44ae426082"
)


def opened(data: bytes) -> Workbook:
    workbook, findings = open_workbook(data, "plan.xlsx")
    assert findings == []
    assert workbook is not None
    return workbook


def first(data: bytes) -> Sheet:
    workbook = opened(data)
    sheet, findings = workbook.read(workbook.sheet_names[0])
    assert findings == []
    return sheet


def cells(data: bytes) -> dict[str, tuple[str, str | None, str | None]]:
    """Every cell by its place: kind, text, formula."""
    sheet = first(data)
    return {
        sheet.place(r, c).split("!")[1]: (k, t, f)
        for r, c, k, t, f in sheet.cells.select("row", "column", "kind", "text", "formula").iter_rows()
    }


def one(xml: str, *, head: str = "", tail: str = "") -> dict[str, tuple[str, str | None, str | None]]:
    """The cells of a sheet whose data is this XML."""
    whole = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{head}<sheetData>{xml}</sheetData>{tail}</worksheet>'
    return cells(changed(book(), {SHEET: lambda _: whole.encode()}))


# ------------------------------------------------------------------------------------------------- kinds of cell


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        pytest.param('<c r="A1"><v>7.5</v></c>', ("number", "7.5", None), id="number"),
        pytest.param('<c r="A1" t="n"><v>1E-7</v></c>', ("number", "1E-7", None), id="C13-number-in-E"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>007</t></is></c>', ("text", "007", None), id="C13-leading-zeros"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>NA</t></is></c>', ("text", "NA", None), id="C13-agency-na"),
        pytest.param('<c r="A1" t="str"><f>A2&amp;""</f><v>1e5</v></c>', ("text", "1e5", '=A2&""'), id="C13-text-formula"),
        pytest.param('<c r="A1" t="b"><v>1</v></c>', ("flag", "1", None), id="C14-true"),
        pytest.param('<c r="A1" t="e"><v>#REF!</v></c>', ("error", "#REF!", None), id="C1-error"),
        pytest.param('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ("error", "#DIV/0!", "=1/0"), id="C1-error-of-formula"),
        pytest.param('<c r="A1" t="d"><v>2026-04-01</v></c>', ("date", "2026-04-01", None), id="D3-iso-date-cell"),
        pytest.param('<c r="A1"><f>SUM(1,2)</f></c>', ("blank", None, "=SUM(1,2)"), id="C11-no-value"),
        pytest.param('<c r="A1"><f>SUM(1,2)</f><v></v></c>', ("blank", None, "=SUM(1,2)"), id="C11-empty-value"),
        pytest.param('<c r="A1"><f>SUM(1,2)</f><v /></c>', ("blank", None, "=SUM(1,2)"), id="C11-closed-value"),
        pytest.param('<c r="A1"><f t="shared" si="0"/></c>', ("blank", None, "=(shared formula)"), id="C11-shared"),
        pytest.param('<c r="A1"><f>SUM(1,2)</f><v>3</v></c>', ("number", "3", "=SUM(1,2)"), id="C12-cached-value"),
        pytest.param('<c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>4</v></c>', ("number", "4", "=B1*2"), id="C12-shared"),
        pytest.param('<c r="A1" cm="1"><f t="array" ref="A1">B1</f><v>4</v></c>', ("number", "4", "=B1"), id="C12-array"),
        pytest.param('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr/><t>b</t></r></is></c>', ("text", "ab", None), id="rich-text"),
        pytest.param('<c r="A1" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>', ("text", "a", None), id="phonetic"),
    ],
)  # fmt: skip
def test_read_given_a_cell_keeps_what_the_file_says_it_is(xml: str, expected: tuple[str, str, str]) -> None:
    row = f'<row r="1">{xml}</row>'
    # openpyxl's book asks for calculation on opening, which turns only a stored zero into no value
    assert one(row) == {"A1": expected}


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A1" s="0"/><c r="B1" t="s"/><c r="C1"><v>1</v></c></row>',
        '<row r="1"><c r="C1" t="n" s="0" ><v>1</v></c></row>',
        "<row r='1'><c r='C1'><v>1</v></c></row>",
        '<row r="1"><c/><c/><c><v>1</v></c></row>',
        "<row><c/><c/><c><v>1</v></c></row>",
        '<row r="1"><!-- a --><c r="C1"><v><![CDATA[1]]></v></c></row>',
        '<row r="1"><c\n r="C1"><v>1</v></c></row>',
        '<row r="1"><c r="C1"><v>1</v><extLst><ext><v>9</v></ext></extLst></c></row>',
        '<row r="1"><c r="c1"><v>1</v></c></row>',
    ],
)  # fmt: skip
def test_read_given_another_spelling_of_the_xml_finds_the_same_cell(row: str) -> None:
    assert one(row) == {"C1": ("number", "1", None)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_read_given_another_encoding_of_the_xml_reads_the_same(encoding: str) -> None:
    def recode(xml: bytes) -> bytes:
        return (f'<?xml version="1.0" encoding="{encoding}"?>' + xml.decode()).encode(encoding)

    assert cells(changed(book([["£é"]], ["a"]), {SHEET: recode}))["A2"] == ("text", "£é", None)


def test_read_given_prefixed_tags_reads_the_same() -> None:
    def prefix(xml: bytes) -> bytes:
        text = xml.decode().replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
        return text.replace("xmlns=", "xmlns:x=").encode()

    good = book()
    assert cells(changed(good, {SHEET: prefix})) == cells(good)


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A1" t="s"><v>5</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>x</v></c></row>',
        '<row r="1"><c r="A1" t="zz"><v>5</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>5</v></c></row>',
        '<row r="1"><c r="XFE1"><v>5</v></c></row>',
        '<row r="1"><c r="A0"><v>5</v></c></row>',
    ],
    ids=["no-such-text", "no-number", "unknown-type", "row-too-far", "column-too-far", "row-nought"],
)
def test_read_given_an_impossible_cell_says_damaged(row: str) -> None:
    data = changed(book(), {SHEET: lambda _: f"<worksheet><sheetData>{row}</sheetData></worksheet>".encode()})
    sheet, (finding,) = opened(data).read("Contributions")
    assert sheet.cells.is_empty()
    assert finding.code == "A2-damaged"
    assert finding.place == "Contributions"


def test_read_given_an_unknown_name_offers_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="Contributions"):
        opened(book()).read("Contribution")


def test_read_given_date_and_percent_formats_tells_them_from_numbers() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("S")
        formats = ["d mmm yyyy", "mmm-yy", "0.0%", "#,##0.00", '0 "days"', "[$-809]dddd", "h:mm"]
        for i, code in enumerate(formats):
            sheet.write_number(0, i, 45000.5, workbook.add_format({"num_format": code}))
        sheet.write_datetime(0, 7, dt.datetime(2026, 4, 1), workbook.add_format({"num_format": 14}))

    sheet = first(written(fill))
    assert sheet.cells["kind"].to_list() == [
        "date",
        "date",
        "percent",
        "number",
        "number",
        "date",
        "date",
        "date",
    ]


def test_read_given_a_stored_zero_nobody_calculated_counts_it_as_missing() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("S")
        sheet.write_formula(0, 0, "=SUM(B1:B9)")  # xlsxwriter stores 0, the workbook asks to be calculated
        sheet.write_formula(1, 0, "=SUM(B1:B9)", None, 12.5)

    found = cells(written(fill))
    assert found == {"A1": ("blank", None, "=SUM(B1:B9)"), "A2": ("number", "12.5", "=SUM(B1:B9)")}


def test_open_workbook_given_the_1904_system_says_so() -> None:
    made = openpyxl.Workbook()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active.append(["a"])
    workbook = opened(saved(made))
    assert workbook.date_1904
    assert workbook.read("Sheet")[0].column(1, pl.Series([1])).date_1904
    assert not opened(book()).date_1904


# ------------------------------------------------------------------------------------------------- text, byte for byte

TEXTS = [
    "_x000D_", "a_x000D_b", "_x005F_x000D_", "a\nb", "O'Brien, Ængus", "café", "👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "=1+1", "<b>&amp;", "]]>", "\ta", " x ",
    "&#163;", "£", '"quoted"', "<r>x</r>", "'; DROP TABLE goal;--", "{0.__class__}", "%s",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: f"E7-{t!r}")
def test_read_given_a_text_of_openpyxl_or_xlsxwriter_keeps_every_byte(text: str) -> None:
    made = openpyxl.Workbook()
    made.active["A1"].value = text
    made.active["A1"].data_type = "s"
    assert cells(saved(made))["A1"] == ("text", text, None)
    if text not in ("<r>x</r>", "_x005F_x000D_"):  # which xlsxwriter spells wrongly
        assert cells(written(lambda w: w.add_worksheet().write_string(0, 0, text)))["A1"] == (
            "text",
            text,
            None,
        )


@pytest.mark.parametrize("text", ["\r=1", "a\rb", "a\x07b", "\x01"])
def test_read_given_a_control_character_escaped_as_excel_does_gives_it_back(text: str) -> None:
    assert cells(written(lambda w: w.add_worksheet().write_string(0, 0, text)))["A1"] == ("text", text, None)


def test_read_given_raw_line_ends_reads_them_as_xml_does() -> None:
    xml = '<row r="1"><c r="A1" t="inlineStr"><is><t>a\r\nb\rc&#13;d</t></is></c></row>'
    assert one(xml)["A1"][1] == "a\nb\nc\rd"


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_read_given_any_text_keeps_every_byte(text: str) -> None:
    made = openpyxl.Workbook()
    made.active["A1"].value = text
    made.active["A1"].data_type = "s"
    assert cells(saved(made)) == {"A1": ("text", text, None)}


def test_unescaped_given_a_pair_of_surrogates_joins_them() -> None:
    assert unescaped("_xD83D__xDE00_", undo_excel=True) == "😀"


# ------------------------------------------------------------------------------------------------- shape


def test_structure_findings_given_one_value_in_the_last_cell_counts_rows_and_columns() -> None:  # A6
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    findings = structure_findings(first(in_sheet(b"</sheetData>", row)))
    assert [f.code for f in findings] == ["A6-too-many-rows", "A6-too-many-columns"]
    assert findings[0].found == "The sheet has 1,048,576 rows; at most 50,000."
    assert findings[1].place == "Contributions!XFD1048576"


@pytest.mark.parametrize(
    ("rows", "limit", "refused"), [(4, 4, False), (5, 4, True)], ids=["A6-at-the-limit", "A6-over"]
)
def test_structure_findings_counts_rows_below_the_header(rows: int, limit: int, *, refused: bool) -> None:
    sheet = first(book([ROW] * rows))
    assert [f.code for f in structure_findings(sheet, row_limit=limit)] == ["A6-too-many-rows"] * refused


def test_read_given_formatted_but_empty_rows_does_not_count_them() -> None:  # A6
    blanks = "".join(f'<row r="{r}"><c r="A{r}" s="0"/></row>' for r in (60_000, 1_048_576)).encode()
    sheet = first(in_sheet(b"</sheetData>", blanks + b"</sheetData>"))
    assert sheet.last_row == 2
    assert structure_findings(sheet) == []


def test_read_given_a_lying_dimension_reads_the_actual_rows() -> None:  # A7
    sheet = first(in_sheet(b'<dimension ref="A1:G2"', b'<dimension ref="A1:XFD1048576"'))
    assert (sheet.last_row, sheet.last_column) == (2, 7)
    assert structure_findings(sheet) == []


@pytest.mark.parametrize(
    ("extra", "code", "place"),
    [
        pytest.param('<row r="1"><c r="A1"><v>9</v></c></row>', "A12-cell-twice", "Contributions!A1", id="A12-cell-twice"),
        pytest.param('<row r="2"><c r="G2"><v>9</v></c></row>', "A12-cell-twice", "Contributions!G2", id="A12-row-again"),
        pytest.param('<row r="4"><c r="A4"><v>9</v></c></row><row r="3"><c r="A3"><v>9</v></c></row>',
                     "A12-out-of-order", "Contributions!A3", id="A12-rows-out-of-order"),
        pytest.param('<row r="3"><c r="B3"><v>9</v></c><c r="A3"><v>9</v></c></row>',
                     "A12-out-of-order", "Contributions!A3", id="A12-cells-out-of-order"),
    ],
)  # fmt: skip
def test_structure_findings_given_cells_twice_or_out_of_order_refuses(
    extra: str, code: str, place: str
) -> None:
    sheet = first(in_sheet(b"</sheetData>", extra.encode() + b"</sheetData>"))
    (finding,) = structure_findings(sheet)
    assert (finding.code, finding.severity, finding.place) == (code, "error", place)
    column = sheet.column(1, sheet.filled_rows())
    assert column.cells["row"].is_unique().all()
    assert column.cells["text"][0] == "goal_id"  # never the last one: the header is not replaced


def hide_and_merge(made: openpyxl.Workbook) -> None:
    made.active.row_dimensions[2].hidden = True
    made.active.row_dimensions[90].hidden = True
    made.active.column_dimensions["C"].hidden = True
    made.active.column_dimensions["Z"].hidden = True
    made.active.merge_cells("A2:A4")


def test_structure_findings_given_hidden_and_merged_cells_names_them() -> None:  # A18
    made = openpyxl.load_workbook(io.BytesIO(book()))
    hide_and_merge(made)
    findings = structure_findings(first(saved(made)))
    assert [(f.code, f.severity, f.place) for f in findings] == [
        ("A18-merged-cells", "error", "Contributions!A2:A4"),
        ("A18-hidden-rows", "warning", "Contributions!A2"),
        ("A18-hidden-columns", "warning", "Contributions!C1"),
    ]
    assert findings[1].found == "1 row with values is hidden."
    assert findings[2].found == "1 column with values is hidden."


@pytest.mark.parametrize(
    "other", ["contributions ", "CONTRIBUTIONS", " Contributions"], ids=lambda n: f"A18-{n!r}"
)
def test_open_workbook_given_two_sheets_of_one_name_refuses(other: str) -> None:
    def rename(xml: bytes) -> bytes:
        return xml.replace(b'name="Other"', f'name="{other}"'.encode())

    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.create_sheet("Other")
    workbook, findings = open_workbook(changed(saved(made), {"xl/workbook.xml": rename}), "plan.xlsx")
    assert [f.code for f in findings] == ["A18-same-sheet-twice"]
    assert other.strip() in findings[0].found
    assert workbook is not None
    assert workbook.sheet_names == ("Contributions",)


@pytest.mark.parametrize(
    "name", ["contributions", "CONTRIBUTIONS ", " Contributions"], ids=lambda n: f"A18-{n!r}"
)
def test_find_given_other_capitals_and_blanks_finds_the_sheet(name: str) -> None:
    assert opened(book(sheet="Contributions ")).find(name) == "Contributions "


def test_hidden_sheet_findings_warns_of_each_but_our_own() -> None:  # A18
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.create_sheet("secret").sheet_state = "veryHidden"
    made.create_sheet("old").sheet_state = "hidden"
    made.create_sheet("_meta").sheet_state = "veryHidden"
    workbook = opened(saved(made))
    assert [(f.code, f.place, f.severity) for f in hidden_sheet_findings(workbook, own=["_meta"])] == [
        ("A18-hidden-sheet", "secret", "warning"),
        ("A18-hidden-sheet", "old", "warning"),
    ]


def test_structure_findings_given_a_picture_quarantines() -> None:  # H6
    def fill(workbook: Any) -> None:
        workbook.add_worksheet("S").insert_image(0, 0, "x.png", {"image_data": io.BytesIO(PIXEL)})

    (finding,) = structure_findings(first(written(fill)))
    assert (finding.code, finding.severity) == ("H6-picture", "quarantine")
    assert "1 picture" in finding.found


def test_structure_findings_given_a_background_picture_quarantines() -> None:  # H6
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("S")
        sheet.write_string(0, 0, "a")
        sheet.set_background(io.BytesIO(PIXEL))

    (finding,) = structure_findings(first(written(fill)))
    assert finding.code == "H6-picture"


def test_structure_findings_given_a_picture_in_a_cell_quarantines() -> None:  # H6
    def fill(workbook: Any) -> None:
        workbook.add_worksheet("S").embed_image(0, 0, "x.png", {"image_data": io.BytesIO(PIXEL)})

    (finding,) = structure_findings(first(written(fill)))
    assert finding.code == "H6-picture"


def test_structure_findings_given_comments_warns_that_they_are_not_read() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.active["A2"].comment = openpyxl.comments.Comment("a child's story", "me")
    (finding,) = structure_findings(first(saved(made)))
    assert (finding.code, finding.severity) == ("A18-comments", "warning")
    assert "story" not in str(finding)


# ------------------------------------------------------------------------------------------------- columns


def test_column_gives_one_entry_for_each_row_asked() -> None:
    made = openpyxl.Workbook()
    made.active["A1"], made.active["A3"], made.active["B5"] = "h", "x", 7
    sheet = first(saved(made))
    rows = sheet.filled_rows(after=1)
    assert rows.to_list() == [3, 5]
    assert sheet.column(1, rows).cells["text"].to_list() == ["x", None]
    assert sheet.column(2, rows).cells["kind"].to_list() == ["blank", "number"]
    assert sheet.column(9, rows).cells["kind"].to_list() == ["blank", "blank"]
    assert sheet.filled_rows(columns=[2]).to_list() == [5]
    assert sheet.row(1) == {1: "h"}
    assert sheet.column(2, rows, header="Value").place(5) == "Sheet!B5"


def test_filled_rows_given_blank_texts_leaves_them_out() -> None:
    assert first(book([["  ", ""], ["x"]], ["h"])).filled_rows(after=1).to_list() == [3]


# ------------------------------------------------------------------------------------------------- against another reader

value = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
    st.dates(dt.date(1901, 1, 1), dt.date(2190, 1, 1)),
)


@given(st.lists(st.lists(value, max_size=6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_read_agrees_with_openpyxl_on_any_sheet_and_with_its_plain_spelling(rows: list[list[Any]]) -> None:
    made = openpyxl.Workbook()
    for r, row in enumerate(rows, start=1):
        for c, v in enumerate(row, start=1):
            if v is not None:
                made.active.cell(r, c).value = v
                if isinstance(v, str):
                    made.active.cell(r, c).data_type = "s"
    data = saved(made)
    found = {
        (r, c): (k, t) for r, c, k, t in first(data).cells.select("row", "column", "kind", "text").iter_rows()
    }
    plain = first(changed(data, {SHEET: lambda x: b"<!-- a -->" + plain_xml(x)}))
    assert {
        (r, c): (k, t) for r, c, k, t in plain.cells.select("row", "column", "kind", "text").iter_rows()
    } == found
    for r, row in enumerate(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(), start=1):
        for c, cell in enumerate(row, start=1):
            kind, text = found.pop((r, c), ("blank", None))
            assert same(kind, text, cell.value), (kind, text, cell.value)
    assert not found


def same(kind: str, text: str | None, expected: Any) -> bool:
    """Whether a raw cell is what openpyxl read."""
    match expected:
        case None | "":
            return kind == "blank"
        case bool():
            return (kind, text) == ("flag", str(int(expected)))
        case dt.datetime():
            return kind == "date" and (expected - dt.datetime(1899, 12, 30)).days == int(float(text or "nan"))
        case str():
            return (kind, text) == ("text", expected)
        case _:
            return kind == "number" and math.isclose(float(text or "nan"), expected, rel_tol=1e-15)


def test_read_given_a_chart_sheet_leaves_it_out() -> None:
    def fill(workbook: Any) -> None:
        workbook.add_worksheet("S").write_row(0, 0, [1, 2])
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=S!$A$1:$B$1"})
        workbook.add_chartsheet("C").set_chart(chart)

    assert opened(written(fill)).sheet_names == ("S",)


def test_header_fixture_is_what_the_tests_say() -> None:
    assert list(first(book()).row(1).values()) == HEADER
