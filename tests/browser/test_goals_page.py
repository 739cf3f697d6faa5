"""Goals in a real browser: letters, sentences that mend, the tree; on other plans, on a phone, on paper."""

import datetime as dt

import pytest
from browser_helpers import PHONE

from partnership._workflows.goal_checks import judge_goals

PATH, TITLE = "/goals", "Goals"
TODAY = dt.date(2026, 11, 23)


def test_goals_page_says_what_the_method_says(browse, county_url, county_store, tmp_path):
    judged = judge_goals(county_store, today=TODAY)
    shown = browse(county_url).open(PATH, title=TITLE)
    assert county_store.fetch("plan_summary", today=TODAY)["bhag"][0] in shown.text(".say")
    rows = shown.page.locator("table.smart").first.locator("tbody > tr")
    assert rows.count() == len(judged.goals)
    for number, one in enumerate(judged.goals):
        cells = " ".join(rows.nth(number).locator("td .state").all_text_contents())
        for score in one.letters:
            assert f"{score.met} of {score.asked} {score.word.lower()}" in cells
        text = rows.nth(number).inner_text()
        assert all(v.found in text and v.do in text for v in one.to_mend)
    assert shown.page.locator("#lineage .tree li li li").count() == len(judged.lineage.links)
    shown.open_twins()
    verdicts = sum(len(one.verdicts) for one in judged.goals)
    assert shown.page.locator("#smart .twin tbody tr").count() == verdicts
    assert shown.violations() == []
    _, pages = shown.printed(tmp_path, "goals")
    tree = [p for p in pages if "pieces of work reach the big goal" in " ".join(p.split())]
    if pages:
        assert len(tree) == 1
        assert "One definition of a case" in tree[0], "no heading stands alone on a sheet"
    assert not pages or "W03 One definition of a case" in "".join(pages)


@pytest.mark.long
def test_goals_page_on_a_phone_and_on_other_plans(browse, county_url, small_url, bare_url, empty_url):
    phone = browse(county_url, PHONE).open(PATH, title=TITLE)
    phone.open_twins()
    assert phone.sideways() <= 0
    assert phone.violations() == []
    small = browse(small_url).open(PATH, title=TITLE)
    assert "Clear every road by noon" in small.text("table.smart")
    assert small.violations() == []
    assert "There is no open goal" in browse(bare_url).open(PATH, title=TITLE).text("#smart")
    assert "No plan yet." in browse(empty_url).open(PATH, title=TITLE).text(".say")
