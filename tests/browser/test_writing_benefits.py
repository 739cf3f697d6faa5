"""A benefit's readings in pounds and its notes written in a real browser: the page's numbers follow."""

from decimal import Decimal

from playwright.sync_api import expect

from partnership import wording

TITLE, SLOW = "Benefits realisation", 100_000


def test_reading_and_note_are_written_and_the_numbers_follow(browse, own):
    store, url = own
    readings = store.table("readings")
    row = (
        readings.filter(readings["benefit_id"].is_not_null() & readings["value"].is_not_null())
        .sort("period", "row_key", descending=[True, False])
        .row(0, named=True)
    )
    before = store.fetch("benefit_totals").row(0, named=True)
    shown = browse(url).open(f"/benefits?tab=register&benefit={row['benefit_id']}&open=money", title=TITLE)
    page = shown.page
    page.locator("#money-who").click()
    page.get_by_role("option", name="Hub manager").click()
    cell = page.locator(f'#money-grid [row-id="{row["row_key"]}"] [col-id="value"]')
    expect(cell).to_have_text(wording.number(row["value"]), timeout=SLOW)
    cell.dblclick()
    box = cell.locator("input")
    expect(box).to_be_focused(timeout=SLOW)
    more = row["value"] + Decimal(40000)
    box.fill(str(more))
    box.press("Enter")
    said = page.locator("#money-said")
    expect(said).to_contain_text("Saved as change 2: 1 row changed.", timeout=SLOW)
    expect(cell).to_have_text(wording.number(more), timeout=SLOW)

    page.locator("#money-editing summary", has_text="Note what happened in a month").click()
    page.locator("#money-note-period").fill(row["period"].strftime("%Y-%m"))
    page.locator("#money-note-text").fill("Two agencies counted together")
    page.locator("#money-note-save").click()
    expect(said).to_contain_text("Saved as change 3: 1 row new.", timeout=SLOW)

    # a month that somebody read already: both values first, and mine over theirs only when it is asked for
    page.locator("#money-editing summary", has_text="Write a new reading").click()
    page.locator("#money-new-period").fill(row["period"].strftime("%Y-%m"))
    if row["agency_id"]:
        agencies = store.table("agencies")
        name = agencies.filter(agencies["id"] == row["agency_id"])["name"][0]
        page.locator("#money-new-agency_id").click()
        page.get_by_role("option", name=name, exact=True).click()
    most = more + Decimal(1000)
    page.locator("#money-new-value").fill(str(most))
    page.locator("#money-new-save").click()
    expect(said).to_contain_text("Hub manager saved first", timeout=SLOW)
    expect(said.locator("tbody")).to_contain_text(wording.number(more), timeout=SLOW)
    expect(said.locator("tbody")).to_contain_text(wording.number(most), timeout=SLOW)
    assert store.last_seq == 3, "nothing is written over what stands until somebody chooses to"
    assert shown.violations() == []
    page.get_by_role("button", name="Write mine over it").click()
    expect(said).to_contain_text("Saved as change 4: 1 row changed.", timeout=SLOW)
    expect(cell).to_have_text(wording.number(most), timeout=SLOW)
    told = store.history("readings", row["row_key"]).tail(3)
    assert told["value"].to_list() == [row["value"], more, most], "what was written over stays in the history"

    page.locator("#money-refresh").click()
    expect(said).to_have_text("", timeout=SLOW)
    after = store.fetch("benefit_totals").row(0, named=True)
    assert after["realised_gbp"] == before["realised_gbp"] + 41000
    real = wording.pounds(after["realised_gbp"], "m")
    expect(page.locator(".say").first).to_contain_text(f"{real} is real of", timeout=SLOW)
    expect(page.locator("#chain")).to_contain_text("Two agencies counted together", timeout=SLOW)
    expect(page.locator("#chain")).to_contain_text(wording.pounds(most), timeout=SLOW)
