"""The Blueprint page: one picture of all the work, its filters in the address, joining up, print, phone, axe."""

import pytest
from browser_helpers import PHONE

PATH, TITLE = "/blueprint", "Blueprint"


def test_blueprint_page_shows_the_work_and_opens_an_item(browse, county_url, tmp_path):
    shown = browse(county_url).open(PATH, title=TITLE)
    assert shown.text(".say").startswith("31% of the hours we work together")
    assert shown.page.locator("table.bp tbody a.wk").count() == 16
    assert shown.page.locator("a.wk.nolead").count() == 1
    shown.page.locator("a.wk", has_text="W03").click()
    shown.page.locator("#item-title", has_text="W03 One definition of a case").wait_for()
    assert "item=W03" in shown.page.url
    shown.open_twins()
    assert shown.violations() == []
    assert shown.sideways() <= 0
    path, pages = shown.printed(tmp_path, "blueprint")
    assert path.stat().st_size > 10_000
    if pages:
        assert "W14 Review after closing" in pages[0]
        assert "/blueprint" in pages[0]


@pytest.mark.long
def test_blueprint_page_keeps_filters_and_joining_in_the_address(browse, county_url):
    shown = browse(county_url).open(f"{PATH}?habit=stop", title=TITLE)
    assert shown.page.locator("table.bp tbody a.wk").count() == 1
    shown = browse(county_url, PHONE).open(
        f"{PATH}?join=Adults at risk%7CChildren and families&overlap=25", title=TITLE
    )
    assert "Adults at risk" in shown.text("#join-title")
    assert "25%" in shown.text("#join .source")
    assert shown.violations() == []
    assert shown.sideways() <= 0


@pytest.mark.long
@pytest.mark.parametrize("url", ["small_url", "bare_url", "empty_url"])
def test_blueprint_page_of_other_plans_says_what_there_is(browse, url, request):
    shown = browse(request.getfixturevalue(url)).open(PATH, title=TITLE)
    assert "Traceback" not in shown.text("body")
    assert "could not be made" not in shown.text("body")
    assert shown.violations() == []
