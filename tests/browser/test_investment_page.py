"""Investment and return in a real browser: what the workflows say, each number's chain, choices in the address."""

import datetime as dt
from decimal import Decimal

import pytest
from browser_helpers import PHONE
from playwright.sync_api import expect

from partnership import wording
from partnership._workflows.appraising import appraise
from partnership._workflows.settling import settle
from partnership._workflows.uncertainty import uncertain_appraisal

PATH, TITLE = "/investment-and-return", "Investment and return"
PATIENCE = 240_000


@pytest.fixture(scope="module")
def done(county_store):
    return appraise(county_store)


def filled(shown):
    """Wait for what needs draws."""
    expect(shown.page.locator("#investment-sure > *").first).to_be_attached(timeout=PATIENCE)
    return shown.settle(TITLE)


def test_page_says_what_the_appraisal_the_draws_and_the_shares_say(
    browse, county_url, county_store, done, tmp_path
):
    shown = filled(browse(county_url).open(f"{PATH}?draws=2000&inflation=2%25", title=TITLE))
    whole = done.whole
    paid, got = (wording.pounds(x, "m") for x in (whole.pv_cost_gbp, whole.pv_fiscal_gbp))
    assert shown.text(".say").startswith(f"{paid} buys {got} of benefit to public services.")
    below = shown.text(".then")
    assert done.appraisal.vintage in below
    assert f"{done.model.settings.prices} prices" in below

    found = uncertain_appraisal(done.appraisal, draws=2000)
    assert wording.chances(found.whole.chance_gain) in shown.text("#investment-chance")
    assert "2,000 draws from seed 2026" in shown.text("#worse-off .source")

    ledger = " ".join(shown.texts("#ledger table.ledger"))
    chances = shown.texts("#worse-off .twin tbody tr")
    for agency, result in done.agencies.items():
        assert wording.pounds(result.pv_cost_gbp, "") in ledger
        assert wording.pounds(result.net_fiscal_gbp, "", plus=True) in ledger
        assert any(wording.pounds(round(found.agencies[agency].p50_gbp), "") in row for row in chances)
    settled = settle(county_store, inflation=Decimal("0.02"))
    assert settled.headline in shown.text("#settlement-title")
    assert "Indicative, not an invoice." in shown.text("#settlement .sub")
    core = " ".join(shown.texts("#sharing table.core td"))
    for result in settled.shares.results.values():
        assert result.core_sentence in core
        assert result.method.trap in core
    assert "no funder" in shown.text("#run-on-title")
    offers = shown.page.locator("#more a")
    assert ["sobol=256" in (a.get_attribute("href") or "") for a in offers.all()] == [True, False]
    assert shown.page.locator("#sobol, #compared").count() == 0
    assert shown.shows_share_button() == 0
    assert shown.violations() == []
    assert shown.sideways() == 0
    path, pages = shown.printed(tmp_path, "investment")
    assert path.stat().st_size > 10_000
    if pages:
        assert "/investment-and-return" in pages[0]
    shown.page.set_viewport_size(PHONE)
    assert shown.sideways() == 0
    assert shown.violations() == []


@pytest.mark.long
@pytest.mark.parametrize("asked", ["", "&sobol=256&compare=2025/26"])
def test_every_part_reads_aloud_wide_and_on_a_phone(browse, county_url, asked):
    shown = filled(browse(county_url).open(f"{PATH}?draws=2000&inflation=2%25{asked}", title=TITLE))
    if asked:
        expect(shown.page.locator("#sobol h2")).to_contain_text(
            "of the doubt about the net", timeout=PATIENCE
        )
        expect(shown.page.locator("#compared h2")).to_contain_text("read in full", timeout=PATIENCE)
        assert shown.page.locator("#sobol .twin tbody tr").count() > 20
    else:
        shown.open_twins()
    assert shown.violations() == []
    shown.page.set_viewport_size(PHONE)
    assert shown.sideways() == 0
    assert shown.violations() == []


@pytest.mark.long
def test_number_opens_its_chain_and_choices_go_into_the_address(browse, county_url, done):
    shown = browse(county_url).open(f"{PATH}?agency=COU&draws=2000", title=TITLE)
    council = done.agencies["COU"]
    shown.page.locator(".say a", has_text=wording.pounds(council.pv_fiscal_gbp, "m")).click()
    panel = shown.page.locator("#explain")
    expect(panel).to_contain_text(wording.pounds(council.pv_fiscal_gbp, pence=True), timeout=PATIENCE)
    assert (
        "explain=appraisal%2FCOU%2Fpv_fiscal_gbp" in shown.page.url
        or "explain=appraisal/COU/pv_fiscal_gbp" in shown.page.url
    )
    panel.locator("a", has_text="Placements avoided").first.click()
    expect(panel).to_contain_text("Families on the edge of care", timeout=PATIENCE)
    shown.page.locator("#sharing .ask a", has_text="Shapley").click()
    expect(shown.page.locator("#sharing .ask li[aria-current=true] a", has_text="Shapley")).to_be_visible(
        timeout=PATIENCE
    )
    assert "sharing=shapley" in shown.page.url
    assert "agency=COU" in shown.page.url


@pytest.mark.long
def test_what_if_is_no_headline_and_nonsense_is_said(browse, county_url):
    shown = filled(browse(county_url).open(f"{PATH}?vintage=review-2026-what-if&horizon=many", title=TITLE))
    assert "No return is shown." in shown.text(".say")
    assert "recommendation only" in shown.text(".note.partial")
    assert "many" in shown.text(".note")
    assert shown.text("#worse-off-title").startswith("Withheld")
    assert "withheld" in shown.text("#ledger table.ledger tfoot")


@pytest.mark.long
@pytest.mark.parametrize("plan", ["small_url", "bare_url"])
def test_page_without_its_basis_says_what_is_missing(browse, request, plan):
    shown = filled(browse(request.getfixturevalue(plan)).open(PATH, title=TITLE))
    assert "No return is shown." in shown.text(".say")
    assert "could not be made" not in shown.text("#page")
    assert shown.violations() == []


def test_empty_store_says_that_there_is_nothing_to_appraise(browse, empty_url):
    shown = browse(empty_url).open(PATH, title=TITLE)
    assert "There is nothing to appraise" in shown.text("#flows")


def test_workbooks_hold_what_the_page_shows(county_store, done):
    import io

    import openpyxl

    from dashboards.app import create_app

    client = create_app(county_store, today=lambda: dt.date(2026, 11, 23)).server.test_client()
    answer = client.get("/download/appraisal-workbook.xlsx?horizon=5")
    book = openpyxl.load_workbook(io.BytesIO(answer.data), data_only=True, read_only=True)
    values = {
        c
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for c in row
        if isinstance(c, int | float)
    }
    assert any(abs(v - float(done.whole.pv_fiscal_gbp)) < 0.005 for v in values)
    settled = client.get("/download/settlement-workbook.xlsx?inflation=2%25&sharing=shapley")
    assert settled.status_code == 200
    assert "settlement-workbook_2026-11-23.xlsx" in settled.headers["Content-Disposition"]
