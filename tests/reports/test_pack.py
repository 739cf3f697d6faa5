"""The board pack: the same bytes twice, the views' own figures, words where nothing is, and a tagged PDF."""

import datetime as dt
import html
import io
import re
import shutil
import subprocess

import pytest

from partnership import wording
from partnership.errors import InvalidInput, UnknownName
from partnership.reports import SECTIONS, board_pack, pack_page, pack_pdf, pack_workbook
from partnership.store import Actor, open_store
from partnership.workflows import Edit, save_rows

TODAY = dt.date(2026, 11, 23)
QUICK = tuple(s for s in SECTIONS if s not in ("register", "sure", "work", "phasing"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory, county_file):
    path = tmp_path_factory.mktemp("pack") / "county.duckdb"
    shutil.copy(county_file, path)
    opened = open_store(path, mode="read")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pack(store):
    return board_pack(store, as_of=TODAY, sections=QUICK)


@pytest.fixture(scope="module")
def page(pack):
    return pack_page(pack)


def body(page):
    """What people read: without the figures and the library that draws them."""
    return page.partition("<script ")[0]


def filled(path, frames):
    import polars as pl

    from partnership.tables import record_from_row, row_key

    keyed = {}
    for table, frame in frames.items():
        if frame.height:
            keys = [row_key(record_from_row(table, r)) for r in frame.iter_rows(named=True)]
            keyed[table] = frame.with_columns(pl.Series("row_key", keys, dtype=pl.String))
    opened = open_store(path, mode="create")
    opened.accept(keyed, actor=Actor("Test"), reason="Another shape")
    return opened


def test_pack_made_twice_has_the_same_bytes(store, page):
    again = pack_page(board_pack(store, as_of=TODAY, sections=QUICK))
    assert again == page


def test_pack_closes_with_the_seal_of_the_store_and_paper_can_be_held_against_it(store, pack, page, tmp_path):
    from typer.testing import CliRunner

    from partnership.cli import app

    last = store.changes().row(-1, named=True)
    closing = body(page).rpartition('<p class="source seal">')[2]
    assert f"as change {last['seq']} left it" in closing
    assert last["entry_hash"] in closing
    typed = re.search(r"--seal (\S+)</p>", closing)[1]
    path = tmp_path / "held.duckdb"
    shutil.copy(store.path, path)

    def held(seal):
        return CliRunner().invoke(app, ["verify-store", "--seal", seal, "--store", str(path)])

    good = held(typed.upper().replace(":", ": "))
    assert good.exit_code == 0, good.output
    assert f"It still holds change {last['seq']} as the paper has it" in good.output
    with open_store(path, mode="write") as own:
        edit = Edit({"period": "2026-02", "text": "Written later"})
        save_rows(own, "annotations", [edit], Actor("Clerk"), "Later")
    assert held(typed).exit_code == 0, "what came later does not make the paper wrong"
    other = held(f"{last['seq']}:{'0' * 16}")
    assert other.exit_code == 1
    assert "not with the paper" in other.output
    assert held("7:abc").exit_code == 2


@pytest.mark.long
def test_whole_pack_made_twice_has_the_same_bytes_within_a_minute(store):
    first, again = (board_pack(store, as_of=TODAY) for _ in range(2))
    assert pack_page(first) == pack_page(again)
    assert [s.key for s in first.sections] == [*SECTIONS, "definitions"]
    assert sum(again.seconds.values()) < 60


def test_pack_has_the_views_figures(store, page):
    said = body(page)
    benefit = store.fetch("benefit_totals", as_of=TODAY, today=TODAY).row(0, named=True)
    for key in ("realised_gbp", "compared_gbp", "not_read_gbp"):
        assert wording.pounds(benefit[key], "m") in said
    assert wording.percent(benefit["realised_share"]) in said
    late = store.fetch("promise_totals", as_of=TODAY, today=TODAY).row(0, named=True)
    assert f"{late['overdue']} promises are overdue and hold up {wording.pounds(late['held_up_gbp'])}" in said
    gap = store.fetch("gap_totals", as_of=TODAY, today=TODAY).row(0, named=True)
    assert f"{gap['redefine']} of {gap['gaps']} shared measures" in said


def test_pack_says_what_it_is_narrowed_to_how_fresh_it_is_and_what_is_partial(pack, page):
    said = body(page)
    assert "All eight agencies, all five goals" in said
    assert "Data to 31 October 2026" in said
    assert "As known on 23 November 2026" in said
    assert 'class="note partial"><p>Partial. Readings cover 91% of the plan by value.' in said
    foot = re.search(r'@bottom-left \{ content: "([^"]+)"', page)[1]
    assert foot == pack.foot
    assert 'counter(page) " of " counter(pages)' in page


def test_pack_defines_every_view_that_it_shows(pack, page):
    from partnership.views import view

    used = {v for s in pack.sections for v in s.views} - {"freshness"}
    last = body(page).split('id="definitions"')[1]
    assert len(used) > 10
    for name in used:
        assert f"<strong>{view(name).title}.</strong>" in last


def test_pack_every_picture_says_what_it_shows_and_is_drawn_once(page):
    places = re.findall(r'id="(picture-\d+)" role="img" aria-label="([^"]+)"', page)
    assert len(places) > 10
    assert all(len(alt) > 20 for _, alt in places)
    figures = page.split('id="figures">')[1].split("</script>")[0]
    assert set(re.findall(r'"(picture-\d+)":\{', figures)) == {k for k, _ in places}


def test_pack_may_fetch_nothing_and_names_no_address(page):
    assert "connect-src 'none'" in html.unescape(page[:1000])
    said = body(page)
    assert not re.search(r"(src|href|action)\s*=", said)
    assert "://" not in page.partition("<script>")[0]


def test_pack_narrowed_to_an_agency_says_so_and_shows_its_promises(store):
    made = board_pack(store, as_of=TODAY, sections=["promises"], agency="PRO")
    said = body(pack_page(made))
    assert "Probation, all five goals" in said
    totals = store.fetch("promise_totals", as_of=TODAY, today=TODAY, agency_id="PRO").row(0, named=True)
    assert made.sections[0].title.startswith(wording.count_of(totals["overdue"], "promise"))
    assert [s.key for s in made.sections] == ["promises", "definitions"]
    assert '<section class="section first" id="promises"' in said, "its title is shown on the first sheet"


def test_pack_as_known_at_the_last_board_shows_what_was_known_then(store):
    board = dt.date(2026, 9, 3)
    made = board_pack(store, as_of=board, sections=["questions"])
    then = store.fetch("promise_totals", as_of=board, today=board).row(0, named=True)
    assert f"{then['overdue']} promises are overdue" in body(pack_page(made))
    assert "As known on 3 September 2026" in made.foot


def test_pack_of_what_is_not_there_is_refused_in_words(store):
    for wrong in ({"sections": ["weather"]}, {"agency": "XYZ"}, {"goal": "G77"}):
        with pytest.raises(UnknownName):
            board_pack(store, as_of=TODAY, **wrong)


def test_hostile_texts_stay_texts():
    from partnership._reports.blocks import Items, Note, Picture, Say, Section, Table
    from partnership._reports.page import page_of
    from partnership.charts.theme import blank_figure

    bad = '</style></script><script>alert(1)</script><img src=x onerror=alert(2)>" \\22 }'
    blocks = [Say(bad, bad), Note(bad), Items(bad, [(bad, bad)]), Table(bad, [bad], [[bad]])]
    blocks.append(Picture(blank_figure(bad, height=50)))
    page = page_of(bad, "", bad, [Section(bad, bad, bad, blocks)])
    ours = page.split("<script>")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<style>") == page.count("</style>") == 1
    assert len(ours) == 3  # the library, and what draws with it


def test_pack_of_a_plan_of_another_shape_and_of_one_row_is_words(tmp_path):
    from tests.plans import small_plan

    for name, frames in (("small", small_plan.small_frames()), ("bare", small_plan.empty_frames())):
        opened = filled(tmp_path / f"{name}.duckdb", frames)
        made = board_pack(opened, today=small_plan.TODAY, sections=[*QUICK, "work"])
        said = body(pack_page(made))
        assert [s.title for s in made.sections if not s.title.strip()] == []
        words = re.sub(r"<[^>]+>", " ", said.partition("<main>")[2])
        assert re.findall(r".{30}\b(?:None(?! of| falls)|nan|NaN|inf)\b.{30}", words) == [], name
        opened.close()


def test_pack_of_an_empty_store_says_what_to_do(tmp_path):
    opened = open_store(tmp_path / "empty.duckdb", mode="create")
    with pytest.raises(InvalidInput, match="Load the partnership's workbook first"):
        board_pack(opened, today=TODAY)
    opened.close()


def test_pack_workbook_has_a_sheet_for_every_view(pack):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(pack_workbook(pack)), read_only=True)
    assert len(book.sheetnames) == len(pack.extracts) + 1
    assert book.sheetnames[-1] == "Definitions"


def test_pdf_without_a_browser_says_how_to_get_one(monkeypatch, page):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(InvalidInput, match=r"apt-get install chromium.*--out pack\.html"):
        pack_pdf(page, TODAY)


def test_browser_that_does_not_end_is_stopped_and_said_in_words(monkeypatch, tmp_path, page):
    from partnership._reports import printing

    slow = tmp_path / "chromium"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(printing, "browser", lambda: str(slow))
    with pytest.raises(InvalidInput, match="did not print the pack within 1 second"):
        printing.pdf_of(page, TODAY, seconds=1)


def pictures_of(pdf):
    """Every sheet as grey pixels at 40 to the inch, one after the other."""
    command = ["pdftoppm", "-r", "40", "-gray", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


@pytest.mark.browser
@pytest.mark.skipif(
    not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), reason="needs Chromium"
)
def test_pdf_is_tagged_names_itself_and_is_the_same_twice(pack, page):
    import pikepdf

    made, again = (pack_pdf(page, pack.known_on) for _ in range(2))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == pack.title
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261123000000")
        assert len(pack.sections) <= len(pdf.pages) <= 2 * len(pack.sections)
        assert "/Outlines" in pdf.Root
        with pikepdf.open(io.BytesIO(again)) as other:
            assert [p.Contents.read_bytes() for p in pdf.pages] == [
                p.Contents.read_bytes() for p in other.pages
            ]
        alts = [str(o["/Alt"]) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert len(set(re.findall(r'role="img" aria-label="([^"]+)"', page))) <= len(alts)
    if shutil.which("pdftoppm"):
        pages = [pictures_of(pdf) for pdf in (made, again)]
        assert len(pages[0]) > 100_000, "the sheets are drawn, one after the other"
        assert len(set(pages[0])) > 20, "and not blank"
        assert pages[0] == pages[1], "printed twice, not one pixel differs"
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True
        ).stdout.decode()
        assert "1,000 times apart" in text, "a picture is drawn, with its words as text"
        assert re.search(r"\b1 of \d+\b", text)
        assert text.count(pack.foot[:40]) >= len(pack.sections)


def test_download_of_the_pack_is_the_page_as_the_address_narrows_it(monkeypatch, store):
    from dashboards.app import create_app
    from partnership import reports

    monkeypatch.setattr(reports, "SECTIONS", {"promises": "Promises"})
    client = create_app(store, today=lambda: TODAY).server.test_client()
    asked, here = "/download/board-pack.html?agency=POL&as_of=2026-09-03", "http://127.0.0.1"
    answer = client.get(asked, base_url=here)
    assert answer.status_code == 200
    assert "board-pack_2026-09-03.html" in answer.headers["Content-Disposition"]
    assert "Police, all five goals" in answer.get_data(as_text=True)
    monkeypatch.setattr(reports, "board_pack", lambda *_, **__: pytest.fail("It was made a second time"))
    assert client.get(asked, base_url=here).get_data() == answer.get_data(), "the same pack is made once"
    assert client.get("/download/board-pack.csv", base_url=here).status_code == 404
