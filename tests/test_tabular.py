"""Files of views: tie to the frame, say what they are, and hold no formula on any road."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership._tabular.extract import csv_cell
from partnership.errors import InvalidInput, UnknownName
from partnership.tabular import FORMS, Extract, render_view, safe_text, to_csv, to_json, to_terminal, to_xlsx
from partnership.view_columns import ViewColumn
from partnership.views import view

HOSTILE = [
    "=1+1", "=HYPERLINK(\"http://evil\",\"x\")", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1",
    "＝1+1", "=cmd|' /C calc'!A0",
]  # fmt: skip


def extract(values, column=None):
    column = column or ViewColumn("title", "VARCHAR", "Title", None)
    shape = replace(view("promises"), columns=(column,))
    return Extract(shape, pl.DataFrame({column.name: values}), "everything", dt.date(2026, 11, 23))


def rows_of_csv(data):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    return rows[rows.index([]) + 1 :]


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_cell_that_a_spreadsheet_would_run_is_made_text(text):
    cell = rows_of_csv(to_csv(extract([text])))[1][0]
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", HOSTILE)
def test_workbook_cell_stays_the_text_it_was(text):
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([extract([text])])))
    cells = [c for row in book.worksheets[0].iter_rows() for c in row if c.value is not None]
    assert all(c.data_type != "f" for c in cells)
    assert cells[-1].value.replace("_x000D_", "\r").strip() == text.strip()


@given(st.text(max_size=60))
def test_no_text_can_start_a_formula_in_csv(text):
    safe = safe_text(text)
    assert safe in (text, f"'{text}")
    if safe == text and text.lstrip()[:1] in tuple("=+-@"):
        float(text.replace(",", ""))


def test_negative_money_stays_a_number():
    column = ViewColumn("net_gbp", "DECIMAL(18,2)", "Net", "£")
    made = extract([Decimal("-12.50"), None], column)
    assert rows_of_csv(to_csv(made))[1:] == [["-12.50"], [""]]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([made])))
    last = [c.value for c in book.worksheets[0]["A"] if c.value is not None][-1]
    assert last == -12.5


def test_extract_says_all_that_a_reader_must_know():
    said = dict(extract(["x"]).head)
    assert set(said) == {
        "Title",
        "Question",
        "Shown",
        "As known on",
        "Withheld",
        "Unit",
        "Source",
        "Definition",
    }
    assert said["Withheld"] == "Counts of people from 1 to 5 are withheld: primary suppression only."


def test_times_are_londons_and_months_are_named():
    column = ViewColumn("recorded_at", "TIMESTAMP", "When", None)
    made = extract([dt.datetime(2026, 7, 1, 23, 30)], column)
    assert rows_of_csv(to_csv(made))[1] == ["2026-07-02 00:30:00 BST"]


def test_sheet_names_fit_and_differ():
    made = extract(["x"])
    long = replace(made, view=replace(made.view, title="Offered against expected: pair by pair [all]"))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([long, long, long])))
    assert len({n.casefold() for n in book.sheetnames}) == 4
    assert all(len(n) <= 31 for n in book.sheetnames)


def test_terminal_table_leaves_out_ids_and_writes_money():
    made = to_terminal(
        extract([Decimal("210000.00")], ViewColumn("held_up_gbp", "DECIMAL(18,2)", "Holds up", "£"))
    )
    assert "£210,000.00" in made
    assert "[bold]" not in to_terminal(extract(["[bold]x[/bold]"])).replace("[bold]x[/bold]", "")


@pytest.mark.parametrize("form", FORMS)
def test_view_is_written_in_every_form_and_ties_to_the_store(county, tmp_path, form):
    out = tmp_path / f"promises.{form}"
    assert render_view(county, "promises", form=form, out=out, as_of=dt.date(2026, 11, 23)) is None
    frame = county.fetch("promises", as_of=dt.date(2026, 11, 23))
    if form == "parquet":
        assert pl.read_parquet(out).equals(frame)
    elif form == "json":
        assert len(json.loads(out.read_text(encoding="utf-8"))["rows"]) == frame.height
    elif form == "csv":
        assert len(rows_of_csv(out.read_bytes())) == frame.height + 1
    elif form == "xlsx":
        sheet = openpyxl.load_workbook(out).worksheets[0]
        head = next(r for r in range(1, 30) if sheet.cell(r, 1).value == "Promise id")
        assert sheet.max_row - head == frame.height
    else:
        assert "Overdue" in out.read_text(encoding="utf-8") or "overdue" in out.read_text(encoding="utf-8")


def test_json_money_is_exact(county):
    said = json.loads(render_view(county, "benefit_totals", form="json", as_of=dt.date(2026, 11, 23)))
    frame = county.fetch("benefit_totals", as_of=dt.date(2026, 11, 23))
    assert Decimal(str(said["rows"][0]["realised_gbp"])) == frame["realised_gbp"][0]


def test_form_that_cannot_be_printed_asks_for_a_file(county):
    with pytest.raises(InvalidInput, match="--out promises.xlsx"):
        render_view(county, "promises", form="xlsx")


def test_unknown_form_or_view_is_named(county):
    with pytest.raises(UnknownName, match="'cvs'"):
        render_view(county, "promises", form="cvs")
    with pytest.raises(UnknownName, match="promises"):
        render_view(county, "promisses")


def test_json_of_nothing_has_its_columns():
    assert json.loads(to_json(extract([])))["rows"] == []


def test_d8_moments_are_shown_in_local_time_with_the_zone_and_the_doubled_hour_stays_two():
    first, second = (dt.datetime(2026, 10, 25, hour, 30) for hour in (0, 1))
    assert [csv_cell(m) for m in (first, second)] == ["2026-10-25 01:30:00 BST", "2026-10-25 01:30:00 GMT"]
    log = view("changes")
    blank = {c.name: None for c in log.columns}
    rows = [{**blank, "seq": n, "recorded_at": m} for n, m in ((1, first), (2, second))]
    frame = pl.DataFrame(rows, schema_overrides={"recorded_at": pl.Datetime("us"), "seq": pl.Int64})
    extract = Extract(log, frame, "everything", dt.date(2026, 11, 23))
    assert "01:30:00 BST" in to_csv(extract).decode("utf-8-sig")
    assert {"BST", "GMT"} <= set(to_terminal(extract).split())
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([extract]))).worksheets[0]
    moments = [c for row in sheet.iter_rows() for c in row if isinstance(c.value, dt.datetime)]
    assert [c.number_format[-5:] for c in moments] == ['"BST"', '"GMT"']
