"""Memory in a real browser, and a promise ticked there: reasons, people, the pack, one door for changes."""

import datetime as dt

import pytest
from browser_helpers import PHONE
from playwright.sync_api import expect

from partnership._workflows.editing import Edit, save_rows
from partnership._workflows.promising import promised
from partnership._workflows.remembering import remembered
from partnership.store import Actor

PATH, TITLE = "/memory", "Memory"
TODAY = dt.date(2026, 11, 23)
SLOW = 100_000


def test_memory_page_says_what_the_workflow_says(browse, county_url, county_store):
    memory = remembered(county_store, today=TODAY)
    shown = browse(county_url).open(f"{PATH}?q=signed&role=R-HUB", title=TITLE)
    page = shown.page
    expect(page.locator("#decisions .decisions > li")).to_have_count(len(memory.decisions), timeout=SLOW)
    text = page.locator("#decisions").inner_text()
    assert all(d.title in text and d.why in text and d.dissent in text for d in memory.decisions)
    gaps = sum(len(r.gaps) for r in memory.roles)
    assert page.locator("#owner-gaps tbody tr").count() == gaps
    assert page.locator("#single > :not(.twin) tbody tr").count() >= len(memory.carriers)
    assert page.locator("#search .found li").count() > 1
    assert shown.text("#handover-title") == "Handover: Hub manager"
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the pack as HTML").click()
    assert waiting.value.suggested_filename.startswith("handover_hub-manager_")
    shown.open_twins()
    assert shown.violations() == []
    page.locator("#memory-q").fill("video")
    page.locator("#memory-q").press("Enter")
    expect(page.locator("#search-title")).to_contain_text("“video”", timeout=SLOW)
    assert "q=video" in page.url


@pytest.mark.long
def test_memory_page_on_a_phone_and_on_other_plans(browse, county_url, small_url, bare_url, empty_url):
    phone = browse(county_url, PHONE).open(PATH, title=TITLE)
    phone.open_twins()
    assert phone.sideways() <= 0
    assert phone.violations() == []
    small = browse(small_url).open(PATH, title=TITLE)
    assert "could not be made" not in small.text("#page")
    assert "Watch manager" in small.text("#owner-gaps")
    for url in (bare_url, empty_url):
        assert "Nothing is remembered yet." in browse(url).open(PATH, title=TITLE).text(".say")


@pytest.mark.long
def test_promise_is_ticked_with_evidence_and_a_stale_one_is_not(browse, own):
    store, url = own
    found = promised(store, today=TODAY)
    first, second = sorted((r for r in found.rows if r["state"] == "overdue"), key=lambda r: r["due_on"])[:2]
    shown = browse(url).open("/promises?open=tick", title="Promises")
    page = shown.page

    def choose(row):
        page.locator("#tick-which").click()
        page.get_by_role("option", name=row["title"]).first.click()

    def said(words):
        expect(page.locator("#tick-said")).to_contain_text(words, timeout=SLOW)

    choose(first)
    page.locator("#tick-evidence").fill("Ask jane@example.org")
    page.locator("#tick-save").click()
    said("Say first who saves this.")
    page.locator("#tick-who").click()
    page.get_by_role("option", name="Hub manager").click()
    page.locator("#tick-save").click()
    said("e-mail address")
    assert store.table("deliveries").filter(commitment_id=first["commitment_id"]).height == 0
    page.locator("#tick-evidence").fill("First file received")
    page.locator("#tick-save").click()
    said("Saved as change 2: 1 row new.")
    kept = store.table("deliveries").filter(commitment_id=first["commitment_id"]).row(0, named=True)
    assert (kept["delivered_on"], kept["evidence"]) == (TODAY, "First file received")
    meanwhile = {"commitment_id": second["commitment_id"], "delivered_on": TODAY, "evidence": "Letter"}
    save_rows(store, "deliveries", [Edit(meanwhile)], Actor("Clerk"), "Meanwhile")
    choose(second)
    page.locator("#tick-save").click()
    said("Somebody changed this promise while you were writing")
    assert store.table("deliveries").filter(commitment_id=second["commitment_id"])["evidence"].to_list() == [
        "Letter"
    ]
    assert shown.violations() == []
    page.locator("#tick-refresh").click()
    expect(page.locator(".say")).to_contain_text(
        f"{found.whole.overdue - 2} promises are overdue", timeout=SLOW
    )
