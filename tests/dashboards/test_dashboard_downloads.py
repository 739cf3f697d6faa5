"""Files from the pages: what is shown, no more, and nothing that a spreadsheet would run."""

import csv
import datetime as dt
import io
import shutil

import openpyxl
import pytest

from dashboards.app import create_app
from dashboards.pages import PAGES
from partnership.store import open_store
from partnership.views import view

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def shown(tmp_path_factory, county_file):
    """The county's store, read by every test of this file and written by none."""
    path = tmp_path_factory.mktemp("files") / "county.duckdb"
    shutil.copy(county_file, path)
    with open_store(path, mode="write") as store:
        yield store


@pytest.fixture(scope="module")
def client(shown):
    return create_app(shown, today=lambda: TODAY).server.test_client()


def lines(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_csv_says_what_it_is_above_its_rows(client):
    answer = client.get("/download/promises.csv?agency=POL&as_of=2026-11-23")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="promises_2026-11-23.csv"'
    said = dict(line[:2] for line in lines(answer) if len(line) == 2)
    assert said["Title"] == view("promises").title
    assert said["Shown"] == "Police and all five goals"
    assert said["As known on"].startswith("23 November 2026")
    assert "primary suppression only" in said["Withheld"]
    assert said["Definition"]


def test_csv_rows_are_the_views(client, shown):
    rows = lines(client.get("/download/promises.csv"))
    start = rows.index([]) + 2
    assert len(rows) - start == shown.fetch("promises", today=TODAY).height


def test_csv_is_narrowed_by_a_column_of_the_view(client, county):
    rows = lines(client.get("/download/promises.csv?state=overdue"))
    head = rows[rows.index([]) + 1]
    states = {r[head.index("State")] for r in rows[rows.index([]) + 2 :]}
    assert states == {"overdue"}


def test_workbook_of_a_page_has_a_sheet_for_each_view(client):
    for path, page in PAGES.items():
        if not page.VIEWS:
            continue
        answer = client.get(f"/download{path}.xlsx?view=promises")
        assert answer.status_code == 200, path
        book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
        assert len(book.sheetnames) == len(page.VIEWS) + 1
        assert book[book.sheetnames[-1]]["D1"].value == "Definition"


@pytest.mark.parametrize("path", ["nothing.csv", "promises.pdf", "board-overview.csv", "promises.CSV"])
def test_file_of_nothing_is_refused_in_words(client, path):
    answer = client.get(f"/download/{path}")
    assert answer.status_code == 404
    assert answer.get_data(as_text=True) == "There is nothing at this address."


def test_nonsense_filters_of_a_file_show_everything(client):
    said = dict(
        line[:2]
        for line in lines(client.get("/download/promises.csv?agency=%00&goal=x&as_of=2099-01-01"))
        if len(line) == 2
    )
    assert said["Shown"].startswith("all eight agencies and all five goals")
