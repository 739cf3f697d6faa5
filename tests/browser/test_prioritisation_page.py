"""The board in a real browser: looked at, opened for a round, moved by keys and mouse, saved, undone, met by another."""

import re
from decimal import Decimal

import pytest
from browser_helpers import PHONE
from playwright.sync_api import expect

from partnership._workflows.prioritising import prioritised
from partnership._workflows.scoring_rounds import open_round
from partnership.store import Actor

PATH, TITLE = "/prioritisation", "Prioritisation"
SLOW = 180_000
POLICE = f"{PATH}?scorer=R-POL-SCORE"
LOOK = "() => document.dispatchEvent(new Event('visibilitychange'))"
PLACES = """() => {
  const plot = document.getElementById('board-plot');
  return Array.from(plot.querySelectorAll('.pill:not(.parked)')).map(p => ({
    item: p.dataset.item, x: p.offsetLeft / plot.clientWidth * 10, y: 10 - p.offsetTop / plot.clientHeight * 10,
    w: p.offsetWidth, h: p.offsetHeight, left: p.offsetLeft - p.offsetWidth / 2, top: p.offsetTop - p.offsetHeight / 2,
    W: plot.clientWidth }));
}"""


@pytest.fixture(scope="module")
def day(own):
    import datetime as dt

    return dt.date(2026, 11, 23)


def pill(page, item):
    return page.locator(f'#board-plot .pill[data-item="{item}"]')


def stands(page, item, effort, impact):
    expect(pill(page, item)).to_have_attribute(
        "aria-label", re.compile(f"effort {effort}, impact {impact}$"), timeout=SLOW
    )


def said(page, words):
    expect(page.locator("#board-said")).to_contain_text(words, timeout=SLOW)


def stored(store, item):
    rows = store.own_scores("POL")
    mine = rows.filter((rows["round_id"] == "R3") & (rows["item_id"] == item))
    return {r["criterion_id"]: float(r["score"]) for r in mine.iter_rows(named=True)}


@pytest.mark.long
def test_group_board_shows_every_place_apart_and_a_round_is_opened_on_the_page(browse, own, day, tmp_path):
    store, url = own
    done = prioritised(store.plan(), today=day)
    shown = browse(url).open(PATH, title=TITLE)
    page = shown.page
    expect(pill(page, "W03")).to_have_attribute(
        "aria-label", re.compile("effort 2.1, impact 8.9"), timeout=SLOW
    )
    found = {p["item"]: p for p in page.evaluate(PLACES)}
    assert set(found) == {i.item_id for i in done.ranked}
    for item in done.ranked:
        spot = found[item.item_id]
        clamped = spot["w"] / 2 / spot["W"] * 10 + 0.05
        assert abs(spot["y"] - item.impact) <= 1.05
        assert abs(spot["x"] - item.effort) <= 1.05 + max(
            0, clamped - item.effort, clamped - (10 - item.effort)
        )
        assert spot["h"] >= 28
        assert spot["w"] >= 24
    boxes = list(found.values())
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart = abs(a["left"] + a["w"] / 2 - b["left"] - b["w"] / 2) >= (a["w"] + b["w"]) / 2
            assert apart or abs(a["top"] - b["top"]) >= a["h"], (a["item"], b["item"])
    assert shown.texts(".plot .quad") == ["Quick wins", "Big bets", "Fill-ins", "Think again"]
    assert shown.page.locator(".pill.differs").count() == sum(i.disagreement.disagrees for i in done.items)

    expect(page.locator("#board")).to_contain_text("No round is open")
    ranks = shown.texts("table.ranks tbody .place-no")
    assert ranks[:5] == ["1", "2 to 5", "2 to 5", "2 to 5", "2 to 5"]
    shares = page.locator("table.ranks .shares").nth(1).get_attribute("aria-label")
    assert shares.startswith("1st to 3rd ")
    assert "Places 2 to 5 are too close to call" in shown.text("#ranks")
    assert "splits the room in two" in shown.text("#item")
    pill(page, "W10").click()
    expect(page.locator("#item")).to_contain_text("Read as meetings with the person who harms", timeout=SLOW)
    expect(page).to_have_url(re.compile("item=W10"))
    shown.open_twins()
    assert shown.violations() == []
    assert shown.sideways() == 0
    assert (shown.errors, shown.foreign()) == ([], [])
    _, pages = shown.printed(tmp_path, "prioritisation")
    assert not pages or any("W03" in p and "Quick wins" in p for p in pages)

    page.locator("#round-who").click()
    page.get_by_role("option", name="Hub manager").click()
    page.get_by_role("button", name="Open round 3, blind").click()
    expect(page.locator("#round-title")).to_contain_text("Round 3 is open and blind", timeout=SLOW)
    expect(page.locator("#who-title")).to_contain_text("say who you are", timeout=SLOW)


def test_moved_by_keys_and_mouse_saved_followed_undone_and_met_by_another_browser(browse, own, day):
    store, url = own
    if not any(r.id == "R3" for r in store.plan()["scoring_rounds"]):
        open_round(store, "R3", Actor("Hub manager", "declared"), "Next", today=day)
    shown = browse(url).open(f"{POLICE}&open=grid", title=TITLE)
    page = shown.page
    eight = pill(page, "W08")
    expect(eight).to_have_class(re.compile("parked"), timeout=SLOW)
    expect(eight).to_have_attribute("aria-label", re.compile("not placed yet"))

    eight.focus()
    expect(eight).to_be_focused()
    eight.press("ArrowRight")
    eight.press("Shift+ArrowUp")
    eight.press("ArrowLeft")
    expect(page.locator("#board-live")).to_contain_text("effort 4.9, impact 6.0. Not saved")
    eight.press("Escape")
    expect(page.locator("#board-live")).to_contain_text("is not placed again")
    assert stored(store, "W08") == {}
    for key in ("ArrowRight", "Shift+ArrowUp", "ArrowLeft", "Enter"):
        eight.press(key)
    said(page, "Saved: W08 Charity access, effort 4.9 and impact 6.0, by Scorer, police")
    assert stored(store, "W08") == {"EFFORT": 4.9, "IMPACT": 6.0}
    stands(page, "W08", "4.9", "6.0")
    cell = page.locator('#board-grid [row-id="W08|EFFORT"] [col-id="score"]')
    expect(cell).to_have_text("4.9", timeout=SLOW)

    box = page.locator("#board-plot").bounding_box()
    three = pill(page, "W03")
    start = three.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    goal = {"x": box["x"] + box["width"] * 0.3, "y": box["y"] + box["height"] * 0.2}
    page.mouse.move(goal["x"] + 40, goal["y"] + 30, steps=4)
    page.mouse.move(goal["x"], goal["y"], steps=4)
    page.mouse.up()
    said(page, "Saved: W03 One definition of a case, effort 3.0 and impact 8.0")
    assert stored(store, "W03") == {"EFFORT": 3.0, "IMPACT": 8.0}

    finger = page.context.new_cdp_session(page)
    start = pill(page, "W04").bounding_box()
    at = {"x": start["x"] + start["width"] / 2, "y": start["y"] + start["height"] / 2}
    goal = {"x": box["x"] + box["width"] * 0.8, "y": box["y"] + box["height"] * 0.6}
    for kind, points in (
        ("touchStart", [at]),
        ("touchMove", [{"x": at["x"] + 20, "y": at["y"] - 20}]),
        ("touchMove", [goal]),
        ("touchEnd", []),
    ):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    said(page, "Saved: W04 Video strategy discussions, effort 8.0 and impact 4.0")

    expect(cell).to_be_visible(timeout=SLOW)
    cell.dblclick()
    field = cell.locator("input")
    expect(field).to_be_focused(timeout=SLOW)
    field.fill("12")
    field.press("Enter")
    said(page, "outside the anchors")
    expect(cell).to_have_text("4.9", timeout=SLOW)
    cell.dblclick()
    expect(field).to_be_focused(timeout=SLOW)
    field.fill("3")
    field.press("Enter")
    said(page, "effort 4.9 to 3.0")
    stands(page, "W08", "3.0", "6.0")
    page.locator("#board-said").get_by_role("button", name="Undo").click()
    said(page, "effort 3.0 to 4.9")
    stands(page, "W08", "4.9", "6.0")
    assert shown.violations() == []
    with page.expect_response(lambda r: "/news?since=" in r.url) as answer:
        page.evaluate(LOOK)
    assert len(answer.value.json()) >= 5  # its own moves, of which nobody is told
    expect(page.locator("#moved-on")).to_be_hidden()

    other = browse(url).open(f"{POLICE}&item=W08", title=TITLE)
    stands(other.page, "W08", "4.9", "6.0")
    eight.focus()
    eight.press("Shift+ArrowRight")
    eight.press("Enter")
    said(page, "effort 4.9 to 5.9")
    theirs = pill(other.page, "W08")
    theirs.focus()
    theirs.press("Shift+ArrowLeft")
    theirs.press("Enter")
    said(other.page, "saved first")
    both = [" ".join(t.split()) for t in other.page.locator("#board-said tbody td").all_text_contents()]
    assert both == ["W08 Charity access: Cost, time, difficulty (effort)", "5.9", "3.9"]
    stands(other.page, "W08", "5.9", "6.0")
    assert stored(store, "W08")["EFFORT"] == 5.9
    other.page.get_by_role("button", name="Write mine over it").click()
    said(other.page, "effort 5.9 to 3.9")
    stands(other.page, "W08", "3.9", "6.0")
    expect(other.page.locator('#board-form input[value="3.9"]')).to_be_visible(timeout=SLOW)

    page.evaluate(LOOK)  # the first browser hears of it, and shows it without a reload
    expect(page.locator("#moved-on")).to_contain_text("since this page was shown", timeout=SLOW)
    assert shown.violations() == []
    page.get_by_role("button", name="Show it").click()
    stands(page, "W08", "3.9", "6.0")
    expect(page.locator("#moved-on")).to_be_hidden()

    page.reload()
    shown.settle(TITLE)
    stands(page, "W08", "3.9", "6.0")
    stands(page, "W03", "3.0", "8.0")
    expect(page.locator("#board-back")).to_contain_text(
        "W03 One definition of a case, effort 3.0 and impact 8.0"
    )
    assert (shown.errors, other.errors) == ([], [])


def test_blind_board_shows_nobody_elses_scores_and_is_a_list_on_a_phone(browse, own, day):
    store, url = own
    if not any(r.id == "R3" for r in store.plan()["scoring_rounds"]):
        open_round(store, "R3", Actor("Hub manager", "declared"), "Next", today=day)
    from partnership._workflows.scoring import GivenScore, save_scores

    secret = [
        GivenScore("W14", c, Decimal("1.7"), note="Known to the council alone") for c in ("IMPACT", "EFFORT")
    ]
    save_scores(
        store, "COU", "R3", secret, Actor("Scorer, council"), "Blind", role_id="R-COU-SCORE", today=day
    )
    shown = browse(url, viewport=PHONE).open(f"{POLICE}&item=W14&open=grid", title=TITLE)
    page = shown.page
    expect(pill(page, "W14")).to_have_attribute("aria-label", re.compile("not placed yet"), timeout=SLOW)
    assert "Known to the council alone" not in page.content()
    assert "effort 1.7, impact 1.7" not in page.content()
    sizes = page.evaluate(
        "() => Array.from(document.querySelectorAll('#board-plot .pill')).map(p => p.offsetHeight)"
    )
    assert len(sizes) == 16
    assert min(sizes) >= 40
    page.locator("#board-form input").first.fill("4,5")
    page.get_by_role("button", name="Save these scores").click()
    said(page, "Saved: W14 Review after closing, impact 4.5")
    assert stored(store, "W14") == {"IMPACT": 4.5}
    assert shown.violations() == []
    assert shown.sideways() == 0
    assert shown.errors == []
