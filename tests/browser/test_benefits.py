"""Benefits realisation in a real browser: the numbers are the views', missing is said, every number opens."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from browser_helpers import PHONE

from partnership import wording

TODAY = dt.date(2026, 11, 23)
PATH, TITLE = "/benefits", "Benefits realisation"
NOT_READ = pl.col("not_read_gbp") > 0


@pytest.fixture
def totals(county_store):
    return county_store.fetch("benefit_totals", today=TODAY).row(0, named=True)


def pounds(value):
    return wording.pounds(value, "")


def test_benefits_page_opens_with_the_totals_of_the_view(browse, county_url, county_store, totals):
    shown = browse(county_url).open(PATH, title=TITLE)
    said = shown.text(".say")
    assert (
        f"{wording.pounds(totals['realised_gbp'], 'm')} is real of {wording.pounds(totals['compared_gbp'], 'm')} planned"
        in said
    )
    assert wording.percent(totals["realised_share"]) in said
    assert wording.month(totals["latest_period"]) in said
    note = shown.text(".note.partial")
    assert note.startswith("Partial total.")
    assert f"Readings cover {wording.percent(totals['coverage_share'])} of the plan by value" in note
    unread = county_store.fetch("benefit_by_agency", today=TODAY).filter(NOT_READ)
    for row in unread.iter_rows(named=True):
        assert pounds(row["not_read_gbp"]) in note
        assert row["agency_name"].casefold() in note.casefold()
    assert wording.pounds(totals["behind_gbp"], "m") in shown.text("#curve-title")
    assert shown.shows_share_button() == 0
    assert urlsplit(shown.page.url).query == "", "opening a page changes nothing in its address"


def test_benefits_page_twins_hold_every_number_of_the_views(browse, county_url, county_store, totals):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.open_twins()
    agencies = county_store.fetch("benefit_by_agency", today=TODAY).to_dicts()
    rows = shown.page.locator("#by-agency .twin tbody tr")
    assert rows.count() == len(agencies)
    for i, row in enumerate(agencies):
        cells = [" ".join(c.split()) for c in rows.nth(i).locator("th, td").all_inner_texts()]
        real = row["missing"] if row["realised_gbp"] is None else pounds(row["realised_gbp"])
        share = "" if row["realised_share"] is None else wording.percent(row["realised_share"])
        assert cells[:4] == [row["agency_name"], pounds(row["planned_gbp"]), real, share]
    foot = shown.texts("#by-agency .twin tfoot th, #by-agency .twin tfoot td")
    assert foot[:3] == ["Total with readings", pounds(totals["compared_gbp"]), pounds(totals["realised_gbp"])]
    months = county_store.fetch("benefit_realisation", today=TODAY)
    assert shown.texts("#curve .twin tbody td:nth-child(3)") == [
        pounds(v) for v in months["cum_planned_gbp"].to_list()
    ]
    real = [t for t in shown.texts("#curve .twin tbody td:nth-child(5)") if t]
    assert real == [pounds(v) for v in months["cum_realised_gbp"].to_list() if v is not None]
    assert (
        shown.texts("#curve .twin tbody td:last-child").count("provisional") == totals["provisional_months"]
    )
    classes = county_store.fetch("benefit_by_class", today=TODAY)
    assert shown.page.locator("#by-class .numbers > div").count() == classes.height
    assert shown.page.locator("#by-class tfoot").count() == 0, "classes are never added together"


@pytest.mark.long
def test_benefits_page_pictures_say_what_they_show(browse, county_url, county_store, totals):
    shown = browse(county_url).open(PATH, title=TITLE)
    curve = shown.page.locator("#curve [role=img]").get_attribute("aria-label")
    assert wording.pounds(totals["realised_gbp"], "m") in curve
    drawn = shown.texts("#benefits-curve text")
    assert any(t.startswith(f"{wording.pounds(totals['realised_gbp'], 'm')} real") for t in drawn)
    assert any(t.startswith("Re-baselined") for t in drawn)
    assert "provisional" in drawn
    unread = county_store.fetch("benefit_by_agency", today=TODAY).filter(NOT_READ).row(0, named=True)
    agencies = shown.page.locator("#by-agency [role=img]").get_attribute("aria-label")
    assert f"{unread['agency_name']} {unread['missing']}" in agencies


def test_benefits_page_number_opens_its_rows_and_their_sum_is_the_number(browse, county_url, totals):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.page.locator(".say a").click()
    shown.page.wait_for_url(re.compile(r"/rows\?"))
    shown.settle("Rows")
    heads = shown.texts("#rows .scroll thead th")
    amounts = shown.texts(f"#rows .scroll tbody tr > :nth-child({heads.index('Real') + 1})")
    assert len(amounts) > 1, "classes are summed apart"
    whole = sum(int(re.sub(r"[^0-9-]", "", a.replace(wording.MINUS, "-"))) for a in amounts if a)
    assert whole == totals["realised_gbp"]


@pytest.mark.long
def test_benefits_page_bar_narrows_everything_to_that_agency(browse, county_url, county_store):
    shown = browse(county_url).open(PATH, title=TITLE)
    bar = shown.page.locator("#benefits-by-agency .trace.bars .point").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    shown.page.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2, steps=4)
    shown.page.mouse.click(box["x"] + 12, box["y"] + box["height"] / 2)
    shown.page.wait_for_url(re.compile(r"agency="))
    agency = parse_qs(urlsplit(shown.page.url).query)["agency"][0]
    shown.page.locator("#by-agency .twin tbody tr").nth(1).wait_for(state="detached")
    mine = county_store.fetch("benefit_totals", today=TODAY, agency_id=agency).row(0, named=True)
    assert wording.percent(mine["realised_share"]) in shown.text(".say")


def test_benefits_page_register_row_opens_its_chain_by_keyboard(browse, county_url, county_store):
    register = county_store.fetch("benefit_register", today=TODAY)
    shown = browse(county_url).open(PATH, title=TITLE)
    first = register.row(0, named=True)
    cell = shown.page.locator("#benefits-register [role=gridcell]", has_text=first["title"]).first
    cell.focus()
    assert shown.focus_is_visible()
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_url(re.compile(rf"benefit={first['benefit_id']}"))
    shown.page.locator("#chain").wait_for()
    said = shown.text("#chain")
    assert first["owner_role"] in said
    assert first["validator_role"] in said
    chain = county_store.table("assumptions")
    wanted = chain.filter(chain["benefit_id"] == first["benefit_id"])["name"].to_list()
    assert wanted
    assert all(name in said for name in wanted)
    shown.page.wait_for_function("document.activeElement.id === 'chain'")
    assert shown.violations() == []


@pytest.mark.long
def test_benefits_page_register_is_the_view_furthest_from_plan_first(browse, county_url, county_store):
    register = county_store.fetch("benefit_register", today=TODAY)
    shown = browse(county_url).open(f"{PATH}?show=all", title=TITLE)
    grid = shown.page.locator("#benefits-register")
    grid.locator("[role=row][row-index]").nth(register.height - 1).wait_for()
    rows = grid.locator(".ag-center-cols-container [role=row]")
    for i, row in enumerate(register.iter_rows(named=True)):
        cells = rows.nth(i).locator("[role=gridcell]").all_inner_texts()
        real = "no reading" if row["realised_gbp"] is None else pounds(row["realised_gbp"])
        assert [cells[0], cells[4], cells[5], cells[6]] == [
            row["title"],
            pounds(row["planned_gbp"]),
            real,
            row["state"],
        ]


@pytest.mark.long
def test_benefits_page_measure_can_be_chosen_and_shows_its_readings(browse, county_url, county_store):
    measures = county_store.table("measures")
    other = measures.filter((measures["unit"] != "£") & (measures["name"].str.len_chars() > 0))[
        "id"
    ].to_list()
    shown = browse(county_url).open(f"{PATH}?measure={other[-1]}", title=TITLE)
    name = measures.filter(measures["id"] == other[-1])["name"][0]
    assert shown.text("#measure-title").startswith(name)
    assert shown.page.locator("#benefits-measure").input_value() == name


def test_benefits_page_has_no_violation_with_twins_open(browse, county_url):
    shown = browse(county_url).open(PATH, title=TITLE)
    shown.open_twins()
    assert shown.violations() == []
    assert shown.sideways() <= 0


def test_benefits_page_on_a_phone_has_no_violation_and_no_sideways_scroll(browse, county_url):
    shown = browse(county_url, PHONE).open(PATH, title=TITLE)
    assert shown.sideways() <= 0
    shown.open_twins()
    assert shown.sideways() <= 0
    assert shown.violations() == []


@pytest.mark.long
def test_benefits_page_prints_the_register_and_no_controls(browse, county_url, county_store, tmp_path):
    register = county_store.fetch("benefit_register", today=TODAY)
    shown = browse(county_url).open(f"{PATH}?show=all", title=TITLE)
    _, pages = shown.printed(tmp_path, "benefits")
    if not pages:
        pytest.skip("No pdftotext on this machine to read the print with")
    text = " ".join(" ".join(pages).split())
    for title in register["title"].to_list():
        assert title.split()[0] in text
    assert register["owner_role"][0].split(",")[0] in text
    assert "Show the numbers" not in text
    assert "Download" not in text
    assert "Primary suppression only" in text
    assert "Shown: all eight agencies" in text


@pytest.mark.long
def test_benefits_page_of_another_shape_shows_its_own_numbers(browse, small_url, small_store):
    from tests.plans import small_plan

    totals = small_store.fetch("benefit_totals", today=small_plan.TODAY).row(0, named=True)
    shown = browse(small_url).open(PATH, title=TITLE)
    assert "could not be made" not in shown.text("#page")
    assert wording.pounds(totals["realised_gbp"]) in shown.text(".say")
    assert shown.violations() == []


@pytest.mark.long
@pytest.mark.parametrize("url", ["bare_url", "empty_url"])
def test_benefits_page_without_benefits_says_so_and_draws_nothing(browse, request, url):
    shown = browse(request.getfixturevalue(url)).open(PATH, title=TITLE)
    assert "No benefits yet" in shown.text("#page")
    assert shown.page.locator(".dash-graph").count() == 0
    assert shown.page.get_by_role("link", name="Go to Data").is_visible()
    assert shown.violations() == []


@pytest.mark.long
def test_benefits_page_filters_that_leave_nothing_say_so(browse, county_url, county_store):
    register = county_store.fetch("benefit_register", today=TODAY)
    goals = county_store.table("goals")["id"].to_list()
    agencies = county_store.table("agencies")["id"].to_list()
    empty = next(
        (
            (a, g)
            for a in agencies
            for g in goals
            if not county_store.fetch("benefit_register", today=TODAY, agency_id=a, goal_id=g).height
        ),
        None,
    )
    assert register.height
    if empty is None:
        pytest.skip("Every agency gains from every goal in this plan")
    shown = browse(county_url).open(f"{PATH}?agency={empty[0]}&goal={empty[1]}", title=TITLE)
    assert "No benefit is left under these filters" in shown.text("#page")
    assert "could not be made" not in shown.text("#page")


@pytest.mark.long
def test_benefits_page_unknown_benefit_is_said_as_text(browse, county_url):
    shown = browse(county_url).open(f"{PATH}?benefit=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", title=TITLE)
    assert "That benefit is not in the plan" in shown.text("#chain")
    assert shown.page.locator("#page img").count() == 0


@pytest.mark.long
@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_benefits_page_parts_have_no_violation_and_no_sideways_scroll(browse, county_url, size):
    shown = browse(county_url, size) if size else browse(county_url)
    for tab, seen in (
        ("signal", "#benefits-xmr .main-svg"),
        ("map", "#benefits-map .main-svg"),
        ("register", "#tests"),
    ):
        shown.open(f"{PATH}?tab={tab}", title=TITLE)
        shown.page.locator(seen).first.wait_for()
        shown.open_twins()
        assert shown.violations() == [], tab
        assert shown.sideways() <= 0, tab
        assert shown.texts(".tabs [aria-current]") == [
            {"signal": "Signal or noise", "map": "Map", "register": "Register"}[tab]
        ]
