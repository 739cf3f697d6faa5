"""The rows behind a number, in a real browser: all of them, their sum, and nothing that an address injects."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from browser_helpers import PHONE

from partnership import wording
from partnership.views import VIEWS, view

TODAY = dt.date(2026, 11, 23)
PATH, TITLE = "/rows", "Rows"
HOSTILE = (
    "'; DROP TABLE goal;--",
    "%",
    "_",
    "\\",
    "$1",
    "{}",
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "=1+1",
)


def test_rows_page_shows_a_view_with_its_sum_source_and_definition(browse, county_url, county_store):
    frame = county_store.fetch("payers_and_gainers", today=TODAY)
    shown = browse(county_url).open(f"{PATH}?view=payers_and_gainers", title=TITLE)
    about = view("payers_and_gainers")
    assert shown.text(".say").startswith(f"{about.title}: {frame.height} rows.")
    assert about.question in shown.text(".say")
    assert about.source in shown.text("#rows .source")
    assert about.definition.split()[0] in shown.text("#about")
    paid = sum(v for v in frame["paid_gbp"].to_list() if v is not None)
    assert f"Pays in {wording.pounds(paid, '', pence=paid != int(paid))}" in shown.text("#rows .sub")
    rows = shown.page.locator("#rows-grid .ag-center-cols-container [role=row]")
    assert rows.count() == frame.height
    foot = shown.text("#rows-grid .ag-floating-bottom")
    assert "Sum" in foot
    assert shown.shows_share_button() == 0


@pytest.mark.long
def test_rows_page_filters_by_a_column_of_the_view(browse, county_url, county_store):
    frame = county_store.fetch("promises", today=TODAY)
    overdue = frame.filter(frame["state"] == "overdue")
    shown = browse(county_url).open(f"{PATH}?view=promises&state=overdue", title=TITLE)
    assert shown.text(".say").startswith(f"{view('promises').title}: {overdue.height} rows.")
    assert "Only rows whose state is “overdue”." in shown.text("#page")
    with shown.page.expect_download() as started:
        shown.page.get_by_role("link", name=re.compile("as CSV")).click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    assert text.count("overdue") >= overdue.height
    shown.page.get_by_role("link", name="Show all rows").click()
    shown.page.locator(".say", has_text=f"{frame.height} rows").wait_for()


@pytest.mark.parametrize("value", HOSTILE)
def test_rows_page_e5_hostile_filter_value_is_text(browse, county_url, county_store, value):
    before = county_store.last_seq
    shown = browse(county_url).open(f"{PATH}?view=promises&state={quote(value)}", title=TITLE)
    assert "No rows" in shown.text("#rows")
    assert f"“{value}”".replace("\\", "\\") in shown.text(".then")
    assert shown.page.locator("#page img").count() == 0
    assert county_store.last_seq == before


@pytest.mark.long
def test_rows_page_unknown_view_and_unknown_column_are_said(browse, county_url):
    shown = browse(county_url).open(f"{PATH}?view={quote('goals; DROP')}", title=TITLE)
    assert "There is no view 'goals; DROP'." in shown.text(".say")
    assert shown.page.locator("#page .views li").count() == len(VIEWS)
    shown.open(f"{PATH}?view=promises&colour=red", title=TITLE)
    assert "The address asks for colour, which these rows do not have." in shown.text("#page .note")


@pytest.mark.long
def test_rows_page_never_adds_classes_of_benefit(browse, county_url, county_store):
    classes = county_store.fetch("benefit_register", today=TODAY)["benefit_class"].n_unique()
    shown = browse(county_url).open(f"{PATH}?view=benefit_register", title=TITLE)
    assert "classes are never added together" in shown.text("#rows-title")
    assert len(shown.texts("#rows .scroll tbody tr")) == classes
    assert shown.page.locator("#rows-grid .ag-floating-bottom [role=row]").count() == 0


def test_rows_page_keyboard_walks_the_grid(browse, county_url):
    shown = browse(county_url).open(f"{PATH}?view=freshness", title=TITLE)
    header = shown.page.locator("#rows-grid [role=columnheader]").first
    header.focus()
    assert shown.focus_is_visible()
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_function(
        "document.querySelector('#rows-grid [role=columnheader]').getAttribute('aria-sort') === 'ascending'"
    )
    shown.page.keyboard.press("ArrowDown")
    assert shown.page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"


@pytest.mark.parametrize("address", [pytest.param(PATH, marks=pytest.mark.long), f"{PATH}?view=promises"])
def test_rows_page_has_no_violation(browse, county_url, address):
    shown = browse(county_url).open(address, title=TITLE)
    assert shown.violations() == []
    assert shown.sideways() <= 0


@pytest.mark.long
def test_rows_page_on_a_phone_has_no_violation_and_no_sideways_scroll(browse, county_url):
    shown = browse(county_url, PHONE).open(f"{PATH}?view=benefit_register", title=TITLE)
    assert shown.sideways() <= 0
    assert shown.violations() == []


@pytest.mark.long
def test_rows_page_prints_every_row_as_a_plain_table(browse, county_url, county_store, tmp_path):
    frame = county_store.fetch("promises", today=TODAY)
    shown = browse(county_url).open(f"{PATH}?view=promises", title=TITLE)
    _, pages = shown.printed(tmp_path, "rows")
    if not pages:
        pytest.skip("No pdftotext on this machine to read the print with")
    text = " ".join(" ".join(pages).split())
    assert all(i in text for i in frame["commitment_id"].to_list())
    assert "Address: /rows?view=promises" in text


@pytest.mark.long
@pytest.mark.parametrize("url", ["small_url", "empty_url"])
def test_rows_page_of_other_plans_says_what_there_is(browse, request, url):
    shown = browse(request.getfixturevalue(url)).open(f"{PATH}?view=promises", title=TITLE)
    assert "could not be made" not in shown.text("#page")
    assert shown.text(".say").startswith(view("promises").title)
    assert shown.violations() == []
