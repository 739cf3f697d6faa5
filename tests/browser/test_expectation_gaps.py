"""Expectation gaps in a real browser: the numbers are the view's, and 5 against 5,000 cannot be overlooked."""

import datetime as dt
import re

import pytest
from browser_helpers import PHONE

from partnership import wording

TODAY = dt.date(2026, 11, 23)
PATH, TITLE = "/expectation-gaps", "Expectation gaps"


@pytest.fixture
def gaps(county_store):
    return county_store.fetch("expectation_gaps", today=TODAY)


def test_expectation_page_opens_with_the_two_ends_and_their_ratio(browse, county_url, gaps):
    shown = browse(county_url).open(PATH, title=TITLE)
    widest = gaps.row(0, named=True)
    least, most = (wording.number(widest[k]) for k in ("least_rate", "most_rate"))
    assert least in shown.text(".say")
    assert most in shown.text(".say")
    picture = shown.page.locator("#gap-picture")
    ratio = picture.get_by_text(f"{wording.times(widest['ratio'])} apart", exact=True)
    assert ratio.is_visible()
    sizes = picture.locator("text").evaluate_all(
        "es => es.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert ratio.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == max(sizes) >= 30


@pytest.mark.long
def test_expectation_page_table_twin_shows_every_rate_of_the_view(browse, county_url, county_store, gaps):
    widest = gaps.row(0, named=True)
    rates = county_store.fetch("expectation_rates", today=TODAY)
    mine = rates.filter(
        (rates["measure_id"] == widest["measure_id"])
        & (rates["goal_id"] == widest["goal_id"])
        & rates["counterpart_id"].is_null()
    )
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.open_twins()
    cells = shown.texts("#gap .twin tbody td:nth-child(4)")
    wanted = [
        r["answer"] if r["common_rate"] is None else wording.number(r["common_rate"])
        for r in mine.iter_rows(named=True)
    ]
    assert sorted(cells) == sorted(wanted)


def test_expectation_page_shows_every_ratio_of_the_view(browse, county_url, gaps):
    shown = browse(county_url).open(PATH, title=TITLE)
    drawn = set(shown.texts("#measures-picture text"))
    for row in gaps.iter_rows(named=True):
        assert wording.times(row["ratio"]) in drawn, row["measure_name"]
    shown.open_twins()
    cells = shown.texts("#measures .twin tbody td:last-child")
    assert cells == [wording.times(r["ratio"], bare=True) for r in gaps.iter_rows(named=True)]


@pytest.mark.long
def test_expectation_page_matrix_has_a_cell_for_every_pair(browse, county_url, county_store, gaps):
    pairs = county_store.fetch("expectation_pairs", today=TODAY)
    pairs = pairs.filter(pairs["measure_id"] == gaps["measure_id"][0])
    shown = browse(county_url).open(PATH, title=TITLE)
    assert len(shown.texts("table.pm td.none")) == pairs.filter(pairs["short"] == "no answer").height
    assert (
        len(shown.texts("table.pm td.stop, table.pm td.disc"))
        == pairs.filter(pairs["short"].is_in(["offers less", "offers more"])).height
    )
    worst = pairs.sort("ratio", descending=True, nulls_last=True).row(0, named=True)
    cell = shown.page.locator("table.pm td.stop", has_text=f"{wording.times(worst['ratio'], bare=True)}×")
    assert f"offers {wording.number(worst['offered_rate'])}" in cell.first.get_attribute("title")


def test_expectation_page_agency_filter_goes_into_the_address_and_back(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.page.locator("#f-agency").click()
    shown.page.get_by_role("option", name="Youth charity").click()
    shown.page.wait_for_url(re.compile(r"\?agency=YTH$"))
    assert shown.page.locator("#f-agency").input_value() == "Youth charity"
    shown.page.locator("#measures .twin tbody tr").nth(3).wait_for(state="detached")
    shown.page.go_back()
    shown.page.wait_for_url(re.compile(r"/expectation-gaps$"))
    shown.page.locator("#measures .twin tbody tr").nth(6).wait_for(state="attached")
    assert shown.page.locator("#f-agency").input_value() == "All eight"


@pytest.mark.long
def test_expectation_page_measure_in_the_address_is_drawn(browse, county_url, gaps):
    other = gaps.row(2, named=True)
    shown = browse(county_url).open(f"{PATH}?measure={other['measure_id']}", title=TITLE)
    assert other["measure_name"] in shown.text("#gap .sub")


@pytest.mark.long
def test_expectation_page_nonsense_in_the_address_is_said_and_left_out(browse, county_url):
    shown = browse(county_url).open(f"{PATH}?agency=<b>x</b>&goal=nope&as_of=soon&class=7", title=TITLE)
    said = shown.page.locator(".note", has_text="not in the plan").first
    said.wait_for(timeout=60_000)  # the page is filled once for the address and once for what is left of it
    note = " ".join(said.inner_text().split())
    assert "'<b>x</b>', which is not in the plan" in note
    assert "'nope'" in note
    assert "Write it as 2026-11-23" in note
    assert "5,000" in shown.text(".say")


def test_expectation_page_has_no_violation_with_twins_open_and_on_a_phone(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.open_twins()
    assert shown.violations() == []
    phone = browse(county_url, PHONE).open(PATH, title=TITLE)
    phone.open_twins()
    assert phone.sideways() <= 0
    assert phone.violations() == []
    assert phone.page.locator(".apart").is_visible()


def test_expectation_page_works_by_keyboard_alone(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    stops = shown.tab_stops()
    assert stops[0] == "Skip to the page"
    for wanted in ("f-agency", "f-goal", "f-as-of", "Show the numbers"):
        assert any(wanted in s for s in stops), (wanted, stops)
    shown.page.locator("#gap summary").focus()
    shown.page.keyboard.press("Enter")
    assert shown.page.locator("#gap .twin").evaluate("d => d.open")
    assert shown.focus_is_visible()
    shown.page.locator("#f-goal").focus()
    assert shown.focus_is_visible()
    shown.pick_by_keyboard("#f-goal")
    shown.page.wait_for_url(re.compile(r"goal="))


def test_expectation_page_prints_on_landscape_a4_with_its_filters(browse, county_url, tmp_path):
    shown = browse(county_url).open(f"{PATH}?agency=POL", title=TITLE)
    _, pages = shown.printed(tmp_path, "gaps")
    assert 1 < len(pages) <= 6
    assert "Shown: Police and all five goals" in pages[0]
    assert "/expectation-gaps?agency=POL" in pages[0]
    assert all("Primary suppression only." in p for p in pages)
    assert "Download" not in "".join(pages)


@pytest.mark.long
def test_expectation_page_has_no_share_button(browse, county_url):
    assert browse(county_url).open(PATH, title=TITLE).shows_share_button() == 0


@pytest.mark.long
@pytest.mark.parametrize("url", ["small_url", "bare_url", "empty_url"])
def test_expectation_page_without_expectations_says_so_in_words(browse, url, request):
    shown = browse(request.getfixturevalue(url)).open(PATH, title=TITLE)
    assert shown.text(".say") == "No expectations yet."
    assert "Traceback" not in shown.text("body")
    assert shown.violations() == []
