"""Roll-ups by function, year, and benefit against harm; lives, first results and approvals: worked out by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from partnership.blueprint import WorkItem
from partnership.store import Actor, open_store
from sample_data.make_wendleshire import frames
from sample_data.totals_ledger import Ledger, known_on, read_sheets
from sample_data.work_out_totals import DAYS, WORKBOOK

MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def island(bench):
    bench.agency("COU")
    bench.agency("ICB")
    bench.money_measure()
    bench.goal("G1")
    bench.put(
        WorkItem(id="W1", title="a", function="Triage"),
        WorkItem(id="W2", title="b", function="Review"),
        WorkItem(id="W3", title="c"),
    )
    bench.benefit("B1", goal_id="G1", item_ids=("W1", "W2"), owner_role_id="own")
    bench.benefit("B2", goal_id="G1", item_ids=("W2",), is_disbenefit=True)
    bench.benefit("B3", goal_id="G1")
    bench.benefit("B4", goal_id="G1", item_ids=("W1",), category="social")
    bench.planned("B1", "COU", MARCH, 100, 100, 100)
    bench.planned("B2", "ICB", MARCH, -20, -20, -20)
    bench.planned("B3", "ICB", MARCH, 7)
    bench.planned("B4", "ICB", MARCH, 999)
    bench.read("B1", "COU", MARCH, 90, 80, approved_by_role_id="own")
    bench.read("B1", "COU", dt.date(2026, 5, 1), "withheld")
    bench.read("B2", "ICB", MARCH, -25, -30, state="provisional")
    bench.read("B3", "ICB", MARCH, 0)
    bench.read("B4", "ICB", MARCH, 999)
    return bench


def by(rows, key):
    return {r[key]: r for r in rows}


def test_benefit_stands_under_the_function_of_its_first_item(island):
    rows = by(island.ask("benefit_by_function"), "function")
    assert {k: (r["planned_gbp"], r["realised_gbp"]) for k, r in rows.items()} == {
        "Triage": (200, 170), "Review": (-40, -55), None: (7, 0),
    }  # fmt: skip


def test_years_part_at_the_first_of_april(island):
    rows = by(island.ask("benefit_by_year"), "financial_year")
    assert {k: (r["planned_gbp"], r["realised_gbp"]) for k, r in rows.items()} == {
        2025: (87, 65), 2026: (80, 50),
    }  # fmt: skip


def test_harm_is_shown_and_netted(island):
    rows = by(island.ask("benefits_and_harms"), "is_disbenefit")
    assert (rows[False]["benefits"], rows[False]["realised_gbp"]) == (2, 170)
    assert (rows[True]["benefits"], rows[True]["realised_gbp"]) == (1, -55)
    assert island.one("benefit_totals")["realised_gbp"] == 170 - 55


def test_life_has_run_its_course_when_nothing_is_left_to_read(island):
    rows = by(island.ask("benefit_lives"), "benefit_id")
    assert (rows["B3"]["unread_months"], rows["B3"]["plan_total_gbp"], rows["B3"]["realised_gbp"]) == (
        0,
        7,
        0,
    )
    assert (rows["B1"]["unread_months"], rows["B1"]["plan_end_period"]) == (1, dt.date(2026, 5, 1))


def test_first_results_are_above_nothing_and_no_harm(island):
    rows = by(island.ask("first_benefits"), "agency_id")
    assert (rows["COU"]["first_planned_period"], rows["COU"]["first_real_period"]) == (MARCH, MARCH)
    island.read("B3", "ICB", dt.date(2026, 6, 1), 3)
    assert by(island.ask("first_benefits"), "agency_id")["ICB"]["first_real_period"] == MARCH


def test_approvals_name_who_approved_what(island):
    rows = by(island.ask("reading_approvals"), "benefit_id")
    assert (rows["B1"]["read_cells"], rows["B1"]["approved_cells"], rows["B1"]["owner_approved_cells"]) == (
        2,
        2,
        2,
    )
    assert (rows["B2"]["provisional_cells"], rows["B2"]["approved_cells"]) == (2, 0)
    assert (rows["B3"]["unnamed_cells"], rows["B3"]["owner_approved_cells"]) == (1, 0)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with open_store(tmp_path_factory.mktemp("rolled") / "county.duckdb", mode="create") as opened:
        made = {name: rows for name, rows in frames().items() if rows.height}
        opened.accept(made, actor=Actor("Hub manager"), reason="Opening load")
        yield opened


@pytest.fixture(scope="module")
def sheets():
    return read_sheets(WORKBOOK)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_county_rolled_up_by_each_key_is_what_was_worked_out_apart(store, sheets, day):
    known = known_on(sheets, day)
    ledger = Ledger(known, day)
    functions = {r["Id"]: r["Function"] for r in known["Work items"]}
    first = {r["Id"]: (r["Item ids"] or "").split(";")[0].strip() for r in known["Benefits"]}
    harms = {r["Id"]: str(r["Is disbenefit"]).casefold() in ("true", "yes") for r in known["Benefits"]}

    def year(month):
        return int(month[:4]) - (int(month[5:7]) < 4)

    keys = {
        "benefit_by_function": ("function", lambda b, _, __: functions.get(first[b])),
        "benefit_by_year": ("financial_year", lambda _, __, month: year(month)),
        "benefits_and_harms": ("is_disbenefit", lambda b, _, __: harms[b]),
    }
    totals = store.fetch("benefit_totals", as_of=day).row(0, named=True)
    for view, (column, key) in keys.items():
        rows = store.fetch(view, as_of=day).to_dicts()
        for name in ("planned_gbp", "compared_gbp", "realised_gbp", "not_read_gbp"):
            assert sum(r[name] or 0 for r in rows) == (totals[name] or 0), (view, name)
        for row in rows:
            wanted = ledger.totals(lambda *cell, row=row, key=key, column=column: key(*cell) == row[column])
            for name in ("planned_gbp", "compared_gbp", "realised_gbp"):
                assert row[name] == Decimal(wanted[name]), (view, row[column], name)


def test_as_of_today_equals_current(store):
    today = dt.date(2026, 11, 23)
    for view in (
        "benefit_by_function",
        "benefit_by_year",
        "benefits_and_harms",
        "benefit_lives",
        "first_benefits",
        "reading_approvals",
    ):
        assert store.fetch(view, as_of=today, today=today).equals(store.fetch(view, today=today)), view
