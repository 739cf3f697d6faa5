"""The data page in a real browser: a good, a bad and a hostile file; accepted whole or not at all, once."""

import datetime as dt
import io
import re
import shutil
import zipfile

import openpyxl
import pytest
from browser_helpers import PHONE

from partnership import wording
from partnership.store import Actor, open_store
from partnership.workflows import check_file, export_workbook

TODAY = dt.date(2026, 11, 23)
PATH, TITLE = "/data", "Data"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def own(tmp_path, county_file, serve):
    """A county of this test's own, served: the store and its address."""
    path = tmp_path / "own.duckdb"
    shutil.copy(county_file, path)
    store = open_store(path, mode="write")
    return store, serve(store)


@pytest.fixture(scope="session")
def exported(county_store):
    return export_workbook(county_store)


def edited(content, edit):
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns(sheet):
    """Row of the headings, and column of each heading."""
    for number in range(1, 12):
        heads = {str(c.value): c.column for c in sheet[number] if c.value}
        if len(heads) > 2 and any(h.split(" (")[0] in ("Id", "Measure id", "Benefit id") for h in heads):
            return number, {h.split(" (")[0]: c for h, c in heads.items()}
    pytest.fail(f"No headings on {sheet.title}")


def raise_readings(book, benefit, by, count):
    sheet = book["Readings"]
    first, at = columns(sheet)
    left = count
    for row in range(first + 1, sheet.max_row + 1):
        if left and sheet.cell(row, at["Benefit id"]).value == benefit and sheet.cell(row, at["Value"]).value:
            sheet.cell(row, at["Value"]).value += by
            left -= 1
    assert left == 0


def spoil(book):
    sheet = book["Expectations"]
    first, at = columns(sheet)
    sheet.cell(first + 1, at["Quantity"]).value = "5 or 5,000?"
    sheet.cell(first + 2, at["Stated on"]).value = "04/05/2025"


def bring(shown, content, name="plan.xlsx", mime=XLSX):
    shown.page.locator("#upload input[type=file]").set_input_files(
        {"name": name, "mimeType": mime, "buffer": content}
    )
    shown.page.wait_for_url(re.compile(r"upload="))
    shown.page.locator("#findings").wait_for()
    shown.page.wait_for_load_state("networkidle")


def accept(shown, role, reason):
    shown.page.locator("#accept-actor").click()
    shown.page.get_by_role("option", name=role, exact=True).first.click()
    shown.page.locator("#accept-reason").fill(reason)


def a_role(store):
    roles = store.table("role_holders")
    return roles.filter(roles["ended_on"].is_null())["role"].to_list()[0]


def some_benefit(store):
    readings = store.table("readings")
    mine = readings.filter(readings["benefit_id"].is_not_null() & (readings["value"] > 0))
    return mine.group_by("benefit_id").len().filter(pl_len() >= 3).sort("benefit_id")["benefit_id"][0]


def pl_len():
    import polars as pl

    return pl.col("len")


@pytest.mark.long
def test_data_page_says_what_is_loaded_how_fresh_and_what_changed(browse, county_url, county_store):
    shown = browse(county_url).open(PATH, title=TITLE)
    assert "No login yet: this copy answers on this computer only" in shown.text("#stamp")
    fresh = county_store.fetch("freshness", today=TODAY)
    rows = shown.texts("#fresh tbody tr")
    assert len(rows) == fresh.height
    for said, row in zip(rows, fresh.iter_rows(named=True), strict=True):
        assert row["agency_name"] in said
        assert row["state"] in said
    readings = county_store.table("readings").height
    assert f"Readings {readings:,}" in " ".join(shown.texts("#loaded li"))
    log = next(r for r in shown.texts("#log tbody tr") if "Sample county" in r)
    assert "(declared)" in log
    assert shown.violations() == []


def test_data_page_bad_file_lists_every_finding_and_stores_nothing(browse, own, exported):
    store, url = own
    content = edited(exported, spoil)
    wanted = check_file(content, "plan.xlsx", "workbook", store, today=TODAY).findings
    before = store.last_seq
    shown = browse(url).open(PATH, title=TITLE)
    bring(shown, content)
    rows = shown.texts("#findings tbody tr")
    assert len(rows) == len(wanted)
    errors = [f for f in wanted if f.rejects]
    assert errors
    for finding in errors:
        assert any(finding.place in r and finding.found in r and finding.do in r for r in rows)
    assert rows[0].startswith("Must fix")
    assert shown.text("#side a[href='/data'] .tally").startswith(str(len(wanted)))
    assert shown.text(".say").startswith(f"{len(errors)} thing")
    assert shown.page.locator("#accept").count() == 0
    assert shown.text(".steps .now") == "2 Findings"
    assert store.last_seq == before + 1, "the refusal stands in the log, and nothing else"
    assert shown.text("#log tbody tr").count(f"Refused plan.xlsx: {len(errors)} finding") == 1
    assert "Plan version 1, accepted" in shown.text("#stamp")
    assert "4 May 2025" in shown.text("#dates tbody tr"), "a date given as text is shown back, day first"
    with shown.page.expect_download() as started:
        shown.page.get_by_role("link", name="Download findings").click()
    text = started.value.path().read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "Kind,Where,What was found,What to do,Check"
    assert errors[0].code in text
    shown.open_twins()
    assert shown.violations() == []


def test_data_page_good_file_accepted_changes_the_numbers_once(browse, own, exported):
    store, url = own
    benefit, by = some_benefit(store), 1000
    content = edited(exported, lambda book: raise_readings(book, benefit, by, 3))
    real = store.fetch("benefit_totals", today=TODAY)["realised_gbp"][0]
    before, role = store.last_seq, a_role(store)
    shown = browse(url).open(PATH, title=TITLE)
    bring(shown, content)
    row = shown.page.locator("#changes-to-come tbody tr", has_text="Readings")
    assert row.locator("td").all_inner_texts()[1:] == ["0", "3", "0", "0"]
    assert store.last_seq == before, "a preview stores nothing"

    shown.page.locator("#accept").click()
    shown.page.get_by_text("Say first who accepts this.").wait_for()
    accept(shown, role, "Three readings corrected")
    shown.page.locator("#accept").dblclick()
    shown.page.get_by_text(re.compile("This file was accepted")).wait_for()
    shown.page.wait_for_load_state("networkidle")
    assert store.last_seq == before + 1, "a double click has one effect"
    assert "3 changed rows are stored" in shown.text(".say")
    log = shown.text("#log tbody tr")
    assert f"{role} (declared)" in log
    assert "Three readings corrected" in log
    assert shown.violations() == []

    after = store.fetch("benefit_totals", today=TODAY)["realised_gbp"][0]
    assert after == real + 3 * by
    shown.page.go_back()
    shown.page.go_forward()
    shown.settle(TITLE)
    assert store.last_seq == before + 1, "going back and forward stores nothing"
    other = browse(url).open("/benefits", title="Benefits realisation")
    other.open_twins()
    assert wording.pounds(after, "") in other.texts("#by-agency .twin tfoot td")


@pytest.mark.long
def test_data_page_same_file_again_changes_nothing_and_says_so(
    browse, county_url, county_workbook, county_store
):
    before = county_store.last_seq
    shown = browse(county_url).open(PATH, title=TITLE)
    bring(shown, county_workbook, name="wendleshire_plan.xlsx")
    assert "This file changes nothing." in shown.text(".say")
    assert any("already imported" in r for r in shown.texts("#findings tbody tr"))
    assert shown.page.locator("#accept").count() == 0
    assert county_store.last_seq == before


@pytest.mark.long
def test_data_page_plan_changed_meanwhile_is_shown_anew_before_it_is_accepted(browse, own, exported):
    store, url = own
    benefit = some_benefit(store)
    content = edited(exported, lambda book: raise_readings(book, benefit, 500, 3))
    shown = browse(url).open(PATH, title=TITLE)
    bring(shown, content)
    accept(shown, a_role(store), "Corrected")
    mine = store.table("readings", raw=True)
    row = mine.filter((mine["benefit_id"] == benefit) & (mine["value"] > 0)).head(1)
    somebody = row.drop("row_version", "change_seq").with_columns(value=row["value"] + 7)
    store.accept({"readings": somebody}, actor=Actor("Somebody else"), reason="Came first")
    before = store.last_seq
    shown.page.locator("#accept").click()
    shown.page.locator("#stale").wait_for()
    assert store.last_seq == before + 1, "nothing is stored over what somebody else wrote, and that is logged"
    assert store.changes()["what"].to_list()[-1] == "refusal"
    assert "somebody else" in shown.text("#upload-said")
    said = shown.text("#stale tbody tr")
    stored, given = float(row["value"][0]) + 7, float(row["value"][0]) + 500
    assert wording.number(stored, places=4) in said
    assert wording.number(given, places=4) in said
    assert shown.page.locator("#accept").count() == 0
    assert shown.violations() == []


NAMES = {
    "A13-path": "../../../etc/cron.d/x.xlsx",
    "A13-device": "CON.xlsx",
    "A13-long": f"{'n' * 200}.xlsx",
    "A13-markup": "<img src=x onerror=alert(1)>.xlsx",
    "A13-bidi": "\u202egpj.xlsx",
}


@pytest.mark.long
@pytest.mark.parametrize("case", NAMES)
def test_data_page_hostile_name_is_only_text(browse, county_url, case):
    shown = browse(county_url).open(PATH, title=TITLE)
    bring(shown, b"not a workbook", name=NAMES[case])
    name = shown.text(".drop strong")
    assert len(name) <= 120
    assert "\u202e" not in name
    assert shown.page.locator("#page img").count() == 0
    assert "This file could not be read." in shown.text(".say")
    assert shown.page.locator("#accept").count() == 0


@pytest.mark.long
def test_data_page_hostile_workbook_is_refused_in_words(browse, county_url, county_store, exported):
    before = county_store.last_seq
    old = zipfile.ZipFile(io.BytesIO(exported))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                entity = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet'
                body = body.replace(b"<worksheet", entity, 1)
            new.writestr(name, body)
    shown = browse(county_url).open(PATH, title=TITLE)
    bring(shown, out.getvalue(), name="xxe.xlsx")
    said = shown.text("#page")
    assert "root:" not in said
    assert "Traceback" not in said
    assert shown.page.locator("#findings .sev.e").count() >= 1
    assert county_store.changes()["what"].to_list()[before:] == ["refusal"]


@pytest.mark.long
def test_data_page_formula_and_markup_in_a_title_are_shown_as_typed(browse, own, exported):
    _, url = own

    def edit(book):
        sheet = book["Commitments"]
        first, at = columns(sheet)
        sheet.cell(first + 1, at["Due on"]).value = "<b>soon</b>"

    shown = browse(url).open(PATH, title=TITLE)
    bring(shown, edited(exported, edit))
    assert "<b>soon</b>" in shown.text("#findings")
    assert shown.page.locator("#findings b").count() == 0


def test_data_page_works_by_keyboard_alone(browse, own, exported, tmp_path):
    store, url = own
    benefit = some_benefit(store)
    path = tmp_path / "by_keyboard.xlsx"
    path.write_bytes(edited(exported, lambda book: raise_readings(book, benefit, 10, 3)))
    before = store.last_seq
    shown = browse(url).open(PATH, title=TITLE)
    # from here on, and so before any key, Chromium hands the chooser over
    shown.page.on("filechooser", lambda _: None)
    button = shown.page.get_by_role("button", name="Choose a file")
    tab_to(shown, lambda: button.evaluate("e => e === document.activeElement"))
    assert shown.focus_is_visible()
    with shown.page.expect_file_chooser() as chooser:
        shown.page.keyboard.press("Enter")
    chooser.value.set_files(str(path))
    shown.page.locator("#accept").wait_for()
    shown.page.wait_for_load_state("networkidle")
    tab_to(shown, lambda: shown.page.evaluate("document.activeElement.id === 'accept-actor'"))
    shown.page.keyboard.press("ArrowDown")
    shown.page.get_by_role("option").first.wait_for()
    shown.page.keyboard.press("ArrowDown")
    shown.page.keyboard.press("Enter")
    assert shown.page.locator("#accept-actor").input_value()
    tab_to(shown, lambda: shown.page.evaluate("document.activeElement.id === 'accept-reason'"))
    shown.page.keyboard.type("Typed without a mouse")
    tab_to(shown, lambda: shown.page.evaluate("document.activeElement.id === 'accept'"))
    assert shown.focus_is_visible()
    shown.page.keyboard.press("Enter")
    shown.page.get_by_text(re.compile("This file was accepted")).wait_for()
    assert store.last_seq == before + 1


def tab_to(shown, there, most=120):
    for _ in range(most):
        if there():
            return
        shown.page.keyboard.press("Tab")
    pytest.fail("Tab never gets there")


def test_data_page_on_a_phone_has_no_violation_and_no_sideways_scroll(browse, county_url, exported):
    shown = browse(county_url, PHONE).open(PATH, title=TITLE)
    assert shown.sideways() <= 0
    bring(shown, edited(exported, spoil))
    assert shown.sideways() <= 0
    assert shown.violations() == []


@pytest.mark.long
def test_data_page_address_of_a_forgotten_file_is_said(browse, county_url):
    shown = browse(county_url).open(f"{PATH}?upload=nobody-knows-this", title=TITLE)
    assert "no longer held here" in shown.text("#upload-said")
    assert shown.page.locator("#upload").count() == 1


@pytest.mark.long
def test_data_page_prints_findings_and_no_controls(browse, county_url, exported, tmp_path):
    shown = browse(county_url).open(PATH, title=TITLE)
    bring(shown, edited(exported, spoil))
    _, pages = shown.printed(tmp_path, "data")
    if not pages:
        pytest.skip("No pdftotext on this machine to read the print with")
    text = " ".join(" ".join(pages).split())
    assert "Must fix" in text
    assert "Choose a mended file" not in text
    assert "Primary suppression only" in text


@pytest.mark.long
def test_data_page_of_an_empty_store_takes_the_first_plan(browse, serve, tmp_path, county_workbook):
    store = open_store(tmp_path / "first.duckdb", mode="create")
    shown = browse(serve(store)).open(PATH, title=TITLE)
    assert "Nothing is loaded yet." in shown.text(".say")
    assert "Nothing is stored yet" in shown.text("#stamp")
    with shown.page.expect_download() as started:
        shown.page.get_by_role("link", name="Get an empty workbook").click()
    assert "Benefits" in openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes())).sheetnames
    bring(shown, county_workbook)
    shown.page.locator("#accept-actor").click()
    shown.page.get_by_role("option").first.click()
    shown.page.locator("#accept-reason").fill("The first plan")
    shown.page.locator("#accept").click()
    shown.page.get_by_text(re.compile("This file was accepted")).wait_for()
    assert store.last_seq == 1
    assert store.table("benefits").height
