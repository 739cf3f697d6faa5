"""Every form and grid that writes, when somebody else saved first: both values, mine over theirs, and then again.

Whatever takes the next free id cannot meet another row: there both stand.
"""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from browser_helpers import write_cell
from playwright.sync_api import expect

from partnership._workflows.editing import Edit, save_rows
from partnership._workflows.scoring_rounds import open_round
from partnership.store import Actor

SLOW = 180_000
CLERK = Actor("Clerk", "declared")
MONTH, LATER = dt.date(2026, 11, 1), "2026-11"


@dataclass(frozen=True)
class Case:
    """One form or grid: where it is, what is typed, and the row that somebody else saved meanwhile."""

    at: str
    path: str
    table: str
    typed: dict[str, str]
    theirs: dict[str, object]
    save: str = ""
    row: str | None = None
    title: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    cell: tuple[str, str] | None = None


SIGNAL = "/benefits?tab=signal&measure=M-ONEDAY&open=readings"
MONEY = "/benefits?tab=register&benefit=B02&open=money"
SURE = {"benefit_id": "B02", "rated_by": "owner", "stated_on": "2026-11-23"}
CASES = {
    "clock": Case(
        "clock", "/promises?open=clocks&clock=CK5", "clocks", {"allows": "7"}, {"allows": "5"}, "clock-mend", "CK5"
    ),
    "rules": Case(
        "signal", SIGNAL, "chart_rules", {"shift_points": "9"}, {"shift_points": "10"}, "signal-rules", "M-ONEDAY",
        "Set the rules of this chart",
    ),
    "reading": Case(
        "signal", SIGNAL, "readings", {"period": LATER, "numerator": "600", "denominator": "1000"},
        {"measure_id": "M-ONEDAY", "period": MONTH, "numerator": 500, "denominator": 1000}, "signal-new",
        title="Write a new reading",
    ),
    "reading cell": Case(
        "signal", SIGNAL, "readings", {"source": "Mine"}, {"source": "Theirs"}, cell=("signal-grid", "source")
    ),
    "pounds": Case(
        "money", MONEY, "readings", {"period": LATER, "value": "4000"},
        {"measure_id": "M-MONEY", "benefit_id": "B02", "period": MONTH, "value": 3000}, "money-new",
        title="Write a new reading",
    ),
    "pounds cell": Case(
        "money", MONEY, "readings", {"source": "Mine"}, {"source": "Theirs"}, cell=("money-grid", "source")
    ),
    "confidence": Case(
        "sure", "/benefits?tab=register&open=sure", "delivery_confidence", {"reason": "It will come"},
        {**SURE, "confidence": "red", "reason": "It will not"}, "sure-word",
        chosen={"confidence": "green: highly likely"},
    ),
    "expectation cell": Case(
        "expect", "/expectation-gaps?agency=PRO&open=statements", "expectations", {"quantity": "80"}, {"quantity": "70"},
        row="E007", cell=("expect-grid", "quantity"),
    ),
}  # fmt: skip
BOTH_STAND = {
    "clock": Case(
        "clock", "/promises?open=clocks", "clocks", {"clock_id": "mine", "name": "Mine", "allows": "3"},
        {"clock_id": "theirs", "name": "Theirs", "allows": 4}, "clock-new",
    ),
    "note": Case(
        "signal", SIGNAL, "annotations", {"period": LATER, "text": "Mine"},
        {"measure_id": "M-ONEDAY", "period": MONTH, "text": "Theirs"}, "signal-note",
        title="Note what happened in a month",
    ),
    "note on pounds": Case(
        "money", MONEY, "annotations", {"period": LATER, "text": "Mine too"},
        {"benefit_id": "B02", "period": MONTH, "text": "Theirs too"}, "money-note",
        title="Note what happened in a month",
    ),
    "finished": Case(
        "finished", "/benefits?tab=forecast&open=finished", "finished_benefits",
        {"title": "Mine", "finished_on": "2025-03-31", "planned_gbp": "10", "realised_gbp": "5", "source": "Review"},
        {"title": "Theirs", "benefit_class": "capacity released", "finished_on": dt.date(2025, 3, 31), "planned_gbp": 9, "realised_gbp": 8, "source": "Review"},
        "finished-one", chosen={"benefit_class": "capacity released"},
    ),
    "expectation": Case(
        "expect", "/expectation-gaps", "expectations", {"quantity": "120"},
        {"goal_id": "G1", "measure_id": "M-CASES", "agency_id": "ICB", "direction": "gives", "answer": "answered", "quantity": 90, "per": "year", "stated_on": dt.date(2026, 11, 23)},
        "expect", title="A partner says something new", chosen={"agency_id": "Schools and colleges"},
    ),
}  # fmt: skip


def opened(browse, url, case):
    page = browse(url).open(case.path).page
    page.locator(f"#{case.at}-who").click()
    page.get_by_role("option", name="Hub manager").click()
    if case.title:
        page.locator("details.write summary", has_text=case.title).first.click()
    return page


def row_of(store, case):
    """The key and version of the row that both write to; a new row where the form makes one."""
    if case.cell and case.row is None:
        rows = store.table("readings")
        name, value = ("benefit_id", "B02") if case.at == "money" else ("measure_id", "M-ONEDAY")
        rows = rows.filter(rows[name] == value).sort("period", "row_key", descending=[True, False])
        return rows["row_key"][0], rows["row_version"][0]
    if case.row is None:
        return None, 0
    rows = store.table(case.table)
    return case.row, rows.filter(rows["row_key"] == case.row)["row_version"][0]


def they_save(store, case, row=None, version=0, values=None):
    save_rows(store, case.table, [Edit(values or case.theirs, row, version)], CLERK, "Meanwhile")


def write(page, case, row, typed):
    if case.cell:
        write_cell(page, case.cell[0], row, case.cell[1], next(iter(typed.values())), SLOW)
        return
    for name, option in case.chosen.items():
        page.locator(f"#{case.save}-{name}").click()
        page.get_by_role("option", name=option, exact=True).click()
    for name, text in typed.items():
        page.locator(f"#{case.save}-{name}").fill(text)
    page.locator(f"#{case.save}-save").click()


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_form_that_meets_another_save_shows_both_and_writes_over_it_when_asked(browse, own, name):
    store, url = own
    case = CASES[name]
    row, version = row_of(store, case)
    if name == "confidence":
        case.chosen["benefit_id"] = store.table("benefits").filter(id="B02")["title"][0]
    page = opened(browse, url, case)
    said = page.locator(f"#{case.at}-said")
    they_save(store, case, row, version)
    seq = store.last_seq
    write(page, case, row, case.typed)
    expect(said).to_contain_text("Clerk saved first", timeout=SLOW)
    expect(said.locator("tbody tr").first).to_be_visible()
    assert store.last_seq == seq, "nothing is written over what stands until somebody chooses to"
    page.get_by_role("button", name="Write mine over it").click()
    expect(said).to_contain_text(f"Saved as change {seq + 1}: 1 row changed.", timeout=SLOW)
    change = store.history(case.table)
    change = change.filter(change["change_seq"] == seq + 1).row(0, named=True)
    for field_name, text in case.typed.items():
        if field_name != "period":
            assert str(change[field_name]).removesuffix(".0000") == text
    before = store.history(case.table, change["row_key"])
    assert before["actor"].to_list()[-2:] == ["Clerk", "Hub manager"], "theirs stays in the history"
    if row is None:
        return
    again = {n: f"{t}1" for n, t in case.typed.items()}
    write(page, case, row, again)
    expect(said).to_contain_text(f"Saved as change {seq + 2}: 1 row changed.", timeout=SLOW)
    they_save(store, case, row, store.history(case.table, row)["row_version"][-1])
    write(page, case, row, {n: f"{t}2" for n, t in case.typed.items()})
    expect(said).to_contain_text("Clerk saved first", timeout=SLOW)


@pytest.mark.long
@pytest.mark.parametrize("name", BOTH_STAND)
def test_form_for_a_new_row_takes_the_next_free_id_and_both_stand(browse, own, name):
    store, url = own
    case = BOTH_STAND[name]
    page = opened(browse, url, case)
    before = store.table(case.table).height
    they_save(store, case)
    write(page, case, None, case.typed)
    expect(page.locator(f"#{case.at}-said")).to_contain_text("1 row new", timeout=SLOW)
    rows = store.table(case.table)
    assert rows.height == before + 2
    told = store.history(case.table).sort("change_seq").tail(2)
    assert told["actor"].to_list() == ["Clerk", "Hub manager"]
    assert told["row_key"].n_unique() == 2


@pytest.mark.long
def test_scores_by_form_and_by_grid_that_meet_each_other(browse, own):
    store, url = own
    open_round(store, "R3", Actor("Hub manager", "declared"), "Next", today=dt.date(2026, 11, 23))
    path = "/prioritisation?scorer=R-POL-SCORE&item=W08"
    by_form, by_grid = (browse(url).open(p).page for p in (path, f"{path}&open=grid"))

    def score(page, text):
        if page is by_form:
            page.locator("#board-form fieldset", has_text="(effort)").locator("input").first.fill(text)
            page.locator("#board-form-save").click()
            return
        write_cell(page, "board-grid", "W08|EFFORT", "score", text, SLOW)

    def told(page, words):
        expect(page.locator("#board-said")).to_contain_text(words, timeout=SLOW)

    score(by_grid, "3")
    told(by_grid, "effort 3.0")
    for page, text in ((by_form, "6"), (by_grid, "4")):
        score(page, text)
        told(page, "saved first")
        expect(page.locator("#board-said tbody tr").first).to_be_visible()
        page.get_by_role("button", name="Write mine over it").click()
        told(page, f"to {text}.0")
    score(by_grid, "5")
    told(by_grid, "effort 4.0 to 5.0")
    rows = store.own_scores("POL").filter(item_id="W08", criterion_id="EFFORT", round_id="R3")
    assert [float(s) for s in rows["score"]] == [5.0]
