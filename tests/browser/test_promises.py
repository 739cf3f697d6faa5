"""Promises in a real browser: what is overdue, for how long, and what it holds up, as the views say."""

import datetime as dt

import pytest
from browser_helpers import PHONE

from partnership import wording

TODAY = dt.date(2026, 11, 23)
PATH, TITLE = "/promises", "Promises"


@pytest.fixture
def totals(county_store):
    return county_store.fetch("promise_totals", today=TODAY).row(0, named=True)


def test_promises_page_opens_with_the_totals_of_the_view(browse, county_url, totals):
    shown = browse(county_url).open(PATH, title=TITLE)
    said = shown.text(".say")
    assert said.startswith(
        f"{totals['overdue']} promises are overdue and hold up {wording.pounds(totals['held_up_gbp'])}"
    )
    share = wording.percent(totals["kept_on_time"] / totals["due"])
    assert f"{totals['kept_on_time']} of {totals['due']} due were kept on time: {share}" in said
    assert shown.text(f"#side a[href='{PATH}'] .tally").startswith(str(totals["overdue"]))
    assert shown.shows_share_button() == 0


@pytest.mark.long
def test_promises_page_lists_every_overdue_promise_longest_first(browse, county_url, county_store):
    rows = county_store.fetch("promises", today=TODAY)
    overdue = rows.filter(rows["state"] == "overdue").sort("days_late", descending=True)
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.open_twins()
    said = shown.page.locator("#overdue .twin tbody tr")
    assert said.count() == overdue.height
    for i, row in enumerate(overdue.iter_rows(named=True)):
        cells = [" ".join(c.split()) for c in said.nth(i).locator("th, td").all_inner_texts()]
        held = wording.pounds(row["held_up_gbp"]) if row["held_up_gbp"] else "nothing in money"
        assert [cells[0], cells[1], cells[5], cells[6]] == [
            row["title"],
            row["agency_name"],
            str(row["days_late"]),
            held,
        ]
    drawn = " ".join(shown.texts("#promises-overdue text"))
    assert f"{overdue['days_late'][0]} days" in drawn
    assert shown.violations() == []


@pytest.mark.long
def test_promises_page_has_one_square_for_every_promise(browse, county_url, county_store):
    rows = county_store.fetch("promises_by_agency", today=TODAY)
    shown = browse(county_url).open(PATH, title=TITLE)
    squares = shown.page.locator("#promises-by-agency .scatterlayer .points path").count()
    assert squares == rows["made"].sum()
    drawn = shown.texts("#promises-by-agency text")
    for row in rows.filter(rows["due"] > 0).iter_rows(named=True):
        assert f"{row['kept_on_time']} of {row['due']}" in drawn


@pytest.mark.long
def test_promises_page_lists_what_is_due_before_the_board(browse, county_url, county_store):
    board = county_store.fetch("plan_summary", today=TODAY)["next_board_on"][0]
    rows = county_store.fetch("promises", today=TODAY)
    due = rows.filter((rows["state"] == "not yet due") & (rows["current_due_on"] <= board))
    shown = browse(county_url).open(PATH, title=TITLE)
    assert wording.day(board) in shown.text("#before-board-title")
    assert sorted(shown.texts("#before-board tbody th")) == sorted(due["title"].to_list())


@pytest.mark.long
def test_promises_page_narrowed_to_an_agency_counts_its_own(browse, county_url, county_store):
    agency = county_store.fetch("promises_by_agency", today=TODAY).sort("overdue", descending=True)[
        "agency_id"
    ][0]
    mine = county_store.fetch("promise_totals", today=TODAY, agency_id=agency).row(0, named=True)
    shown = browse(county_url).open(f"{PATH}?agency={agency}", title=TITLE)
    assert shown.text(".say").startswith(f"{mine['overdue']} promise")
    assert f"{mine['kept_on_time']} of {mine['due']} due" in shown.text(".say")


@pytest.mark.long
def test_promises_page_number_opens_the_overdue_rows(browse, county_url, totals):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.page.locator(".say a").focus()
    assert shown.focus_is_visible()
    shown.page.keyboard.press("Enter")
    shown.settle("Rows")
    assert f"{totals['overdue']} rows" in shown.text(".say")


def test_promises_page_on_a_phone_has_no_violation_and_no_sideways_scroll(browse, county_url):
    shown = browse(county_url, PHONE).open(PATH, title=TITLE)
    assert shown.sideways() <= 0
    shown.open_twins()
    assert shown.sideways() <= 0
    assert shown.violations() == []


def test_promises_page_prints_without_controls(browse, county_url, county_store, tmp_path):
    shown = browse(county_url).open(PATH, title=TITLE)
    _, pages = shown.printed(tmp_path, "promises")
    if not pages:
        pytest.skip("No pdftotext on this machine to read the print with")
    assert len(pages) <= 5, "panels share sheets: four where letters are as wide as here"
    text = " ".join(" ".join(pages).split())
    assert county_store.fetch("promise_totals", today=TODAY)["oldest_title"][0] in text
    assert "Show the numbers" not in text
    assert "Primary suppression only" in text


@pytest.mark.long
def test_promises_page_of_another_shape_shows_its_own_numbers(browse, small_url, small_store):
    from tests.plans import small_plan

    totals = small_store.fetch("promise_totals", today=small_plan.TODAY).row(0, named=True)
    shown = browse(small_url).open(PATH, title=TITLE)
    assert "could not be made" not in shown.text("#page")
    assert str(totals["overdue"]) in shown.text(".say") or "No promise is overdue" in shown.text(".say")
    assert shown.violations() == []


@pytest.mark.long
@pytest.mark.parametrize("url", ["bare_url", "empty_url"])
def test_promises_page_without_promises_says_so_and_draws_nothing(browse, request, url):
    shown = browse(request.getfixturevalue(url)).open(PATH, title=TITLE)
    assert "No promises yet." in shown.text(".say")
    assert shown.page.locator(".dash-graph").count() == 0
    assert shown.violations() == []
