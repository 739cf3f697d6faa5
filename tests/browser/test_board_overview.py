"""Board overview in a real browser: every figure is the view's own, one sheet of paper, nothing leaves the machine."""

import datetime as dt
import re

import pytest
from browser_helpers import PHONE

from partnership import wording

TODAY = dt.date(2026, 11, 23)
BOARD = dt.date(2026, 9, 3)
PATH, TITLE = "/board-overview", "Board overview"


def row(store, view, **more):
    return store.fetch(view, today=more.get("as_of", TODAY), **more).row(0, named=True)


def test_board_page_shows_the_goal_and_where_it_stands(browse, county_url, county_store):
    goal = row(county_store, "plan_summary")
    shown = browse(county_url).open(PATH, title=TITLE)
    assert shown.text(".bhag") == goal["bhag"]
    assert f"{wording.number(goal['latest_value'], places=0)}%" in shown.text(".aim .cav")
    moved = abs(goal["latest_value"] - goal["last_board_value"])
    assert f"{wording.number(moved)} points better" in shown.text(".aim .chg")


@pytest.mark.long
def test_board_page_benefit_is_the_views(browse, county_url, county_store):
    now, then = (row(county_store, "benefit_totals", **k) for k in ({}, {"as_of": BOARD}))
    shown = browse(county_url).open(PATH, title=TITLE)
    answer = shown.text("#q-benefit .ans")
    for amount in (now["realised_gbp"], now["compared_gbp"]):
        assert wording.pounds(amount, "m") in answer
    assert wording.percent(now["realised_share"]) in answer
    assert wording.pounds(now["not_read_gbp"], "m") in shown.text("#q-benefit .cav")
    assert "Partial" in shown.text("#q-benefit .cav")
    assert wording.percent(then["realised_share"]) in shown.text("#q-benefit .chg")


def test_board_page_promises_are_the_views_and_counted_in_squares(browse, county_url, county_store):
    now, then = (row(county_store, "promise_totals", **k) for k in ({}, {"as_of": BOARD}))
    shown = browse(county_url).open(PATH, title=TITLE)
    answer = shown.text("#q-promises .ans")
    assert answer.startswith(f"{now['overdue']} promises are overdue")
    assert wording.pounds(now["held_up_gbp"]) in answer
    assert f"{now['overdue'] - then['overdue']} more overdue" in shown.text("#q-promises .chg")
    squares = shown.page.locator("#q-promises-picture .point")
    assert squares.count() == sum(now[k] for k in ("kept_on_time", "kept_late", "overdue", "not_yet_due")) + 4


def test_board_page_payers_are_the_views_and_the_return_is_the_appraisals(browse, county_url, county_store):
    payers = county_store.fetch("payers_and_gainers", today=TODAY)
    shown = browse(county_url).open(PATH, title=TITLE)
    caveat = shown.text("#q-payers .cav")
    amounts = [payers[k].sum() for k in ("paid_gbp", "gained_gbp")]
    for amount in amounts:
        assert wording.pounds(amount, wording.unit_of(*amounts)) in caveat
    from partnership._workflows.appraising import appraise

    whole = appraise(county_store).whole
    assert whole.gate.is_open
    assert f"planned, not discounted. Appraised at present value: {whole.headline}" in caveat
    council = payers.filter(payers["agency_id"] == "COU").row(0, named=True)
    assert wording.percent(council["paid_share"]) in shown.text("#q-payers .ans")


@pytest.mark.long
def test_board_page_expectations_lead_to_their_page(browse, county_url, county_store):
    totals = row(county_store, "gap_totals")
    shown = browse(county_url).open(PATH, title=TITLE)
    assert f"{totals['redefine']} of {totals['gaps']} shared measures must be re-defined" in shown.text(
        "#q-gaps .cav"
    )
    shown.page.locator("#q-gaps h2 a").click()
    shown.settle("Expectation gaps")
    assert shown.page.title().startswith("Expectation gaps - ")
    assert shown.page.evaluate("document.activeElement.id") == "main"
    assert shown.page.locator("#side [aria-current=page]").inner_text().startswith("Expectation gaps")


@pytest.mark.long
def test_board_page_every_answer_leads_somewhere(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    for key in ("q-gaps", "q-benefit", "q-payers", "q-promises"):
        assert shown.page.locator(f"#{key} a").count() >= 1, key
    for link in shown.page.locator(".board-page a").all():
        assert link.get_attribute("href").startswith("/")


@pytest.mark.long
def test_board_page_asks_something_of_the_board(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    asked = shown.texts(".asked p")
    assert len(asked) == 3
    assert asked[0].startswith("Agree what a case is.")


def test_board_page_says_its_alerts_and_offers_the_pack(browse, county_url, county_store):
    from partnership._workflows.alerts import alerts, in_all

    found = alerts(county_store, today=TODAY)
    shown = browse(county_url).open(PATH, title=TITLE)
    assert in_all(found) in shown.text("#alerts")
    shown.page.locator("#alerts summary").click()
    rows = shown.page.locator("#alerts tbody tr")
    assert rows.count() == len(found) > 5
    assert found[0].what in rows.first.inner_text()
    pack = shown.page.get_by_role("link", name="Board pack")
    assert pack.get_attribute("href").startswith("/download/board-pack.html")


@pytest.mark.long
def test_board_page_numbers_table_repeats_the_figures(browse, county_url, county_store):
    now, then = (row(county_store, "benefit_totals", **k) for k in ({}, {"as_of": BOARD}))
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.open_twins()
    line = shown.text("tr:has(th:text-is('Benefit realised to date'))")
    for amount in (now["realised_gbp"], then["realised_gbp"], now["planned_gbp"]):
        assert wording.pounds(amount, "") in line


@pytest.mark.long
def test_board_page_as_known_at_the_last_board(browse, county_url, county_store):
    then = row(county_store, "promise_totals", as_of=BOARD)
    shown = browse(county_url).open(f"{PATH}?as_of={BOARD}", title=TITLE)
    assert shown.text("#q-promises .ans").startswith(f"{then['overdue']} promises are overdue")
    assert "Shown as known on 3 September 2026" in shown.text("#stamp")
    assert "No earlier board" in shown.text("#q-promises .chg")


@pytest.mark.long
def test_board_page_narrowed_to_a_goal_shows_that_goals_promises(browse, county_url, county_store):
    now = row(county_store, "promise_totals", goal_id="G1")
    shown = browse(county_url).open(f"{PATH}?goal=G1", title=TITLE)
    assert f"of {now['due']} due" in shown.text("#q-promises .cav")


def test_board_page_has_no_violation_with_twins_open_and_on_a_phone(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.open_twins()
    assert shown.violations() == []
    phone = browse(county_url, PHONE).open(PATH, title=TITLE)
    phone.open_twins()
    assert phone.sideways() <= 0
    assert phone.violations() == []


@pytest.mark.long
def test_board_page_on_a_phone_has_a_menu_that_works(browse, county_url):
    phone = browse(county_url, PHONE).open(PATH, title=TITLE)
    phone.page.locator(".mobile-nav summary").click()
    phone.page.locator(".mobile-nav a", has_text="Expectation gaps").click()
    phone.settle("Expectation gaps")
    assert not phone.page.locator(".mobile-nav").evaluate("d => d.open")


def test_board_page_works_by_keyboard_alone(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    stops = shown.tab_stops()
    assert stops[0] == "Skip to the page"
    order = [
        next(i for i, s in enumerate(stops) if w in s)
        for w in ("f-agency", "Download", "print-page", "Do we expect")
    ]
    assert order == sorted(order)
    shown.page.locator("a.skip").focus()
    shown.page.keyboard.press("Enter")
    assert shown.page.evaluate("document.activeElement.id") == "main"
    shown.page.locator("#q-promises h2 a").focus()
    assert shown.focus_is_visible()
    shown.page.keyboard.press("Enter")
    shown.settle("Promises")


def test_board_page_prints_on_one_sheet(browse, county_url, tmp_path):
    shown = browse(county_url).open(PATH, title=TITLE)
    path, pages = shown.printed(tmp_path, "board")
    assert len(pages) == 1
    assert b"/MediaBox [0 0 842" in path.read_bytes() or re.search(
        rb"/MediaBox \[0 0 84[12]", path.read_bytes()
    )
    assert "Address: /board-overview" in pages[0]
    assert "As known on 23 November 2026. Primary suppression only." in pages[0]
    assert "1 of 1" in pages[0]


@pytest.mark.long
def test_board_page_print_button_prints(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.page.evaluate("window.print = () => { window.printedOnce = true; }")
    shown.page.locator("#print-page").click()
    assert shown.page.evaluate("window.printedOnce === true")


@pytest.mark.long
def test_board_page_download_is_a_workbook_of_what_is_shown(browse, county_url):
    shown = browse(county_url).open(f"{PATH}?goal=G1", title=TITLE)
    with shown.page.expect_download() as waiting:
        shown.page.locator("#head-actions a", has_text="Download").click()
    assert waiting.value.suggested_filename == "board-overview_2026-11-23.xlsx"


@pytest.mark.long
def test_board_page_structure_is_what_readers_of_it_need(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    assert shown.page.locator("html").get_attribute("lang") == "en-GB"
    assert shown.page.locator("h1").count() == shown.page.locator("main").count() == 1
    assert shown.page.locator("#live").get_attribute("aria-live") == "polite"
    assert "Board overview. Shown: all eight agencies" in shown.page.locator("#live").inner_text()
    for picture in shown.page.locator(".picture").all():
        assert picture.get_attribute("role") == "img"
        assert len(picture.get_attribute("aria-label")) > 20


def test_board_page_stays_readable_when_the_server_does_not_answer(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.page.route(re.compile("_dash-update-component"), lambda route: route.abort())
    shown.page.locator("#f-goal").click()
    shown.page.get_by_role("option").nth(1).click()
    note = shown.page.locator("#unanswered")
    note.wait_for(state="visible")
    assert re.fullmatch(
        r"Not connected\. Shown as at \d\d:\d\d; changes cannot be saved\.", note.inner_text()
    )
    assert shown.text("#q-promises .ans")
    shown.page.unroute(re.compile("_dash-update-component"))
    shown.page.locator("#f-goal").click()
    shown.page.get_by_role("option").nth(2).click()
    note.wait_for(state="hidden")
    shown.errors.clear()


@pytest.mark.long
def test_board_page_has_no_share_button(browse, county_url):
    assert browse(county_url).open(PATH, title=TITLE).shows_share_button() == 0


@pytest.mark.long
def test_board_page_of_another_shape_is_words_where_figures_are_missing(browse, small_url, small_store):
    shown = browse(small_url).open(PATH, title=TITLE)
    assert shown.text(".bhag") == small_store.fetch("plan_summary")["bhag"][0]
    assert "No measure tells yet whether it comes nearer" in shown.text(".aim .cav")
    assert shown.text("#q-gaps .ans") == "No expectations yet."
    assert shown.page.locator("#page-failed, [role=alert]").count() == 0
    assert shown.violations() == []


@pytest.mark.long
def test_board_page_of_a_plan_with_one_row_is_words(browse, bare_url):
    shown = browse(bare_url).open(PATH, title=TITLE)
    assert shown.texts(".q .ans") == [
        "No expectations yet.",
        "No benefit is planned yet.",
        "No contributions and no benefits are planned yet.",
        "No promises yet.",
    ]
    assert shown.page.locator("[role=alert]").count() == 0


def test_board_page_of_an_empty_store_says_what_to_do(browse, empty_url):
    shown = browse(empty_url).open(PATH, title=TITLE)
    assert shown.text(".say") == "No plan yet."
    assert shown.page.locator("[role=alert]").count() == 0
    assert shown.violations() == []


@pytest.mark.long
def test_address_without_a_page_lists_the_pages_there_are(browse, county_url):
    shown = browse(county_url).open("/nowhere", title="There is no page at this address")
    assert "Board overview" in shown.text("#page ul")
