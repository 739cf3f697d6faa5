"""Phasing in a real browser: the plan of the workflow, its load, its proof, other questions by their address."""

import datetime as dt
import re

import pytest
from browser_helpers import PHONE
from playwright.sync_api import expect

from partnership._workflows.phasing import PhasingSettings, phased
from partnership._workflows.phasing_decision import saved_plans
from partnership._workflows.phasing_results import days_words

TODAY = dt.date(2026, 11, 23)
PATH, TITLE = "/phasing", "Phasing"
PATIENCE = 180_000


@pytest.fixture(scope="module")
def done(county_store):
    return phased(county_store.plan(), PhasingSettings(limit=60), today=TODAY)


def filled(shown):
    """Wait for the last answers of the page."""
    expect(shown.page.locator("#habits")).to_be_visible(timeout=PATIENCE)
    expect(shown.page.locator("#since")).to_be_visible(timeout=PATIENCE)
    return shown.settle(TITLE)


def test_phasing_page_shows_the_plan_its_load_and_its_proof_and_keeps_it(browse, own, done, tmp_path):
    store, url = own
    shown = browse(url).open(PATH, title=TITLE)
    expect(shown.page.locator("#phasing-stop")).to_have_text("Stop: show what was found so far")
    filled(shown)
    expect(shown.page.locator("#phasing-working")).to_be_hidden(timeout=PATIENCE)
    said = shown.text("#phasing-say")
    assert said.startswith(
        f"{len(done.chosen)} of {len(done.items)} items fit what the agencies have offered."
    )
    assert "Proved: no plan that keeps these rules is worth more." in said
    bars = shown.page.locator("#phasing-timeline .barlayer .point")
    assert bars.count() == len(done.chosen)

    shown.open_twins()
    rows = shown.page.locator("#timeline .twin tbody tr")
    assert rows.count() == len(done.items)
    for i, item in enumerate(done.items):
        cells = [" ".join(c.split()) for c in rows.nth(i).locator("th, td").all_inner_texts()]
        assert cells[0] == f"{item.item_id} {item.title}"
        assert (cells[2] == "left out") is not item.chosen

    cells = " ".join(shown.texts("table.load td"))
    for cell in done.load:
        assert f"{days_words(cell.asked)} of {days_words(cell.offered)}" in cells
    assert shown.page.locator("table.load .bar.full").count() == sum(c.is_full for c in done.load)

    firm = shown.text("#good-plans")
    assert "keep, whatever else" in firm
    assert "stop, or find days" in firm
    assert "W11" in shown.text("#more-days")
    assert "No plan has been decided yet" in shown.text("#since")
    assert shown.shows_share_button() == 0
    assert shown.violations() == []
    assert shown.sideways() == 0
    assert (shown.errors, shown.foreign()) == ([], [])
    _, pages = shown.printed(tmp_path, "phasing")
    if pages:
        assert "12 of 14 items fit" in pages[0]

    shown.page.set_viewport_size(PHONE)
    assert shown.sideways() == 0
    assert shown.violations() == []

    shown.page.locator("#phasing-why").fill("Small wins first, within what all offered")
    shown.page.locator("#phasing-who").click()
    shown.page.get_by_role("option", name="Hub manager").click()
    shown.page.get_by_role("button", name="Keep this plan").click()
    said = shown.page.locator("#phasing-said")
    expect(said).to_contain_text("Kept as decision", timeout=PATIENCE)
    expect(shown.page.locator("#since-title")).to_have_text(
        re.compile("Nothing moved since the plan decided on 23 November 2026"), timeout=PATIENCE
    )
    (kept,) = saved_plans(store.plan())
    assert kept.decision_id in said.inner_text()
    assert (kept.starts, kept.status) == (done.outcome.starts, "optimal")


@pytest.mark.long
def test_phasing_page_answers_another_question_by_its_link_and_by_keyboard(browse, county_url):
    shown = filled(browse(county_url).open(f"{PATH}?wins=0", title=TITLE))
    link = shown.page.locator(".ask a", has_text="benefit")
    link.focus()
    expect(link).to_be_focused()
    shown.page.keyboard.press("Enter")
    expect(shown.page.locator("#phasing-say")).to_contain_text("£", timeout=PATIENCE)
    assert "value=benefit" in shown.page.url
    assert "wins=0" in shown.page.url
    expect(shown.page.locator(".ask li[aria-current=true]", has_text="benefit")).to_be_visible(
        timeout=PATIENCE
    )


@pytest.mark.long
def test_phasing_page_narrowed_to_an_agency_shows_its_items_and_its_row(browse, county_url, done):
    shown = filled(browse(county_url).open(f"{PATH}?agency=PRO&quarters=nine", title=TITLE))
    assert "nine" in shown.text(".note")
    mine = [i for i in done.chosen if ("PRO", "days") in done.asked.problem.by_id[i.item_id].needs]
    assert shown.page.locator("#phasing-timeline .barlayer .point").count() == len(mine)
    assert shown.page.locator("table.load tbody tr").count() == 1


@pytest.mark.long
@pytest.mark.parametrize("plan", ["small_url", "empty_url"])
def test_phasing_page_without_offers_or_work_says_what_to_write(browse, request, plan):
    shown = browse(request.getfixturevalue(plan)).open(PATH, title=TITLE)
    assert "No plan yet." in shown.text(".say")
    assert "Write on the sheet" in shown.text("#timeline")
    assert shown.violations() == []
