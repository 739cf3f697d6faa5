"""Expectations written and mended in a real browser: who first, both values, faults, the way back."""

import datetime as dt

import pytest
from browser_helpers import write_cell
from playwright.sync_api import expect

from partnership._workflows.editing import Edit, save_rows
from partnership.store import Actor

PATH, TITLE = "/expectation-gaps", "Expectation gaps"
SLOW = 100_000
ROW = "E007"


def quantity(page):
    return page.locator(f'#expect-grid [row-id="{ROW}"] [col-id="quantity"]')


def write(page, text):
    """Write in the cell; a page that was filled a second time meanwhile is written in again."""
    expect(quantity(page)).to_be_visible(timeout=SLOW)
    write_cell(page, "expect-grid", ROW, "quantity", text, SLOW)


def said(page, words):
    expect(page.locator("#expect-said")).to_contain_text(words, timeout=SLOW)


def test_cell_is_mended_refused_met_and_taken_back(browse, own):
    store, url = own
    shown = browse(url).open(f"{PATH}?agency=PRO&open=statements", title=TITLE)
    page = shown.page
    write(page, "60")
    said(page, "Say first who saves this.")
    expect(quantity(page)).to_have_text("5", timeout=SLOW)
    page.locator("#expect-who").click()
    page.get_by_role("option", name="Hub manager").click()
    write(page, "60")
    said(page, "Saved as change 2: 1 row changed.")
    write(page, "Jane, jane@example.org")
    said(page, "This looks like an e-mail address")
    expect(quantity(page)).to_have_text("60", timeout=SLOW)
    assert "jane@" not in page.content()
    standing = store.table("expectations").filter(row_key=ROW).row(0, named=True)
    save_rows(
        store,
        "expectations",
        [Edit({"quantity": "70"}, ROW, standing["row_version"])],
        Actor("Clerk"),
        "Meanwhile",
    )
    write(page, "80")
    said(page, "Clerk saved first")
    both = page.locator("#expect-said tbody tr")
    assert [" ".join(t.split()) for t in both.locator("td").all_text_contents()] == [ROW, "70", "80"]
    assert shown.violations() == []
    page.get_by_role("button", name="Write mine over it").click()
    said(page, "Saved as change 4")
    expect(quantity(page)).to_have_text("80", timeout=SLOW)
    page.locator("details.write summary", has_text="Take back").click()
    page.locator("#expect-recent button").first.click()
    said(page, "Undone as change 5")
    expect(quantity(page)).to_have_text("70", timeout=SLOW)
    assert store.history("expectations", ROW)["quantity"].to_list() == [5, 60, 70, 80, 70]


@pytest.mark.long
def test_new_word_of_a_partner_is_a_new_row_and_moves_the_picture(browse, own):
    store, url = own
    before = store.table("expectations").height
    shown = browse(url).open(PATH, title=TITLE)
    page = shown.page
    page.locator("details.write summary", has_text="something new").click()
    page.locator("#expect-who").click()
    page.get_by_role("option", name="Hub manager").click()
    page.locator("#expect-agency_id").click()
    page.get_by_role("option", name="Schools and colleges", exact=True).click()
    page.locator("#expect-quantity").fill("120")
    page.locator("#expect-save").click()
    said(page, "1 row new")
    assert store.table("expectations").height == before + 1
    page.get_by_role("button", name="Show the changes above").click()
    expect(page.locator("#expect-said")).to_have_text("", timeout=SLOW)
    expect(page.locator("#gap-picture")).to_contain_text("Schools", timeout=SLOW)
    page.locator("#gap summary").click()
    expect(page.locator("#gap .twin tbody")).to_contain_text("120", timeout=SLOW)
    assert shown.violations() == []


@pytest.mark.long
def test_past_is_not_changed_and_says_so(browse, own):
    _, url = own
    page = browse(url).open(f"{PATH}?as_of=2026-09-03&open=statements", title=TITLE).page
    expect(page.locator("#editing")).to_contain_text("the past is not changed", timeout=SLOW)
    assert page.locator("#expect-grid").count() == 0
    assert dt.date(2026, 9, 3).isoformat() in page.url
