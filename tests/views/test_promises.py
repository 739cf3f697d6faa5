"""Promises: states, lateness, what they hold up, and who holds them."""

from __future__ import annotations

import datetime as dt

import pytest

from partnership.blueprint import WorkItem
from partnership.commitments import Delivery, DueChange

TODAY = dt.date(2026, 11, 23)
JUNE = dt.date(2026, 6, 1)


@pytest.fixture
def county(bench):
    for code in ("COU", "MHT", "POL"):
        bench.agency(code)
    return bench


def test_promises_of_an_empty_plan_have_no_rows(bench):
    assert bench.ask("promises") == []
    total = bench.one("promise_totals")
    assert (total["made"], total["due"], total["on_time_share"], total["oldest_title"]) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("due", "fields", "state", "late"),
    [
        (dt.date(2026, 11, 22), {}, "overdue", 1),
        (dt.date(2026, 11, 23), {}, "not yet due", None),
        (dt.date(2026, 6, 30), {}, "overdue", 146),
        (dt.date(2026, 9, 1), {"delivered_on": dt.date(2026, 9, 1)}, "kept on time", None),
        (dt.date(2026, 9, 1), {"delivered_on": dt.date(2026, 8, 1)}, "kept on time", None),
        (dt.date(2026, 9, 1), {"delivered_on": dt.date(2026, 9, 2)}, "kept late", 1),
        (dt.date(2026, 9, 1), {"withdrawn_on": dt.date(2026, 9, 2)}, "withdrawn", None),
        (dt.date(2026, 9, 1), {"withdrawn_on": dt.date(2026, 12, 2)}, "overdue", 83),
        (dt.date(2026, 9, 1), {"delivered_on": dt.date(2026, 12, 2)}, "overdue", 83),
        (dt.date(2026, 12, 24), {"delivered_on": dt.date(2026, 11, 2)}, "kept on time", None),
    ],
)
def test_state_and_days_late_on_23_november(county, due, fields, state, late):
    county.promise("C", "MHT", due, to_agency_id="COU", **fields)
    row = county.one("promises")
    assert (row["state"], row["days_late"]) == (state, late)


def test_days_late_are_true_over_leap_days_and_new_years(county):
    first = dt.date(2023, 12, 25)
    days = [first + dt.timedelta(days=n * 13) for n in range(120)]
    for n, day in enumerate(days):
        county.promise(f"C{n}", "MHT", day, made_on=first)
    late = {r["due_on"]: r["days_late"] for r in county.ask("promises", today=dt.date(2028, 3, 1))}
    assert late == {d: max((dt.date(2028, 3, 1) - d).days, 0) or None for d in days}


def test_lateness_counts_from_the_first_due_date_and_the_move_is_shown(county):
    county.promise("C", "MHT", dt.date(2026, 6, 30))
    for changed, new in (
        (dt.date(2026, 6, 1), dt.date(2026, 9, 30)),
        (dt.date(2026, 9, 1), dt.date(2026, 12, 31)),
    ):
        county.put(
            DueChange(commitment_id="C", changed_on=changed, new_due_on=new, reason="Waits for a signature")
        )
    row = county.one("promises")
    assert (row["state"], row["days_late"]) == ("overdue", 146)
    assert (row["due_on"], row["current_due_on"], row["times_moved"]) == (
        dt.date(2026, 6, 30),
        dt.date(2026, 12, 31),
        2,
    )


def test_first_delivery_counts(county):
    county.promise("C", "MHT", dt.date(2026, 9, 1), delivered_on=dt.date(2026, 8, 30))
    county.put(Delivery(commitment_id="C", delivered_on=dt.date(2026, 10, 30), evidence="Again"))
    row = county.one("promises")
    assert (row["state"], row["delivered_on"], row["evidence"]) == (
        "kept on time",
        dt.date(2026, 8, 30),
        "Minutes",
    )


def test_overdue_promise_holds_up_the_benefit_planned_from_its_due_month_on(county):
    county.benefit("B", title="Crisis contacts avoided")
    county.planned("B", "MHT", JUNE, 1, 2, 4, 8, 16, 32, 64)
    county.promise("C", "MHT", dt.date(2026, 7, 31), benefit_id="B")
    row = county.one("promises")
    assert (row["held_up_gbp"], row["held_up_months"]) == (2 + 4 + 8 + 16 + 32, 5)
    assert row["benefit_title"] == "Crisis contacts avoided"


def test_promise_that_is_kept_or_not_yet_due_holds_nothing_up(county):
    county.benefit("B")
    county.planned("B", "MHT", JUNE, 1, 2, 4, 8, 16, 32, 64)
    county.promise("C1", "MHT", dt.date(2026, 7, 31), benefit_id="B", delivered_on=dt.date(2026, 8, 31))
    county.promise("C2", "MHT", dt.date(2026, 12, 31), benefit_id="B")
    assert {r["held_up_gbp"] for r in county.ask("promises")} == {None}


def test_benefit_that_waits_for_two_promises_is_counted_once_with_the_one_due_first(county):
    county.benefit("B")
    county.planned("B", "MHT", JUNE, 1, 2, 4, 8, 16, 32, 64)
    county.promise("C1", "MHT", dt.date(2026, 10, 31), benefit_id="B")
    county.promise("C2", "POL", dt.date(2026, 8, 31), benefit_id="B")
    assert {r["commitment_id"]: r["held_up_gbp"] for r in county.ask("promises")} == {"C1": 0, "C2": 60}
    assert county.one("promise_totals")["held_up_gbp"] == 60
    assert county.one("promise_totals", agency_id="MHT")["held_up_gbp"] == 0


def test_promise_on_a_disbenefit_or_on_none_holds_nothing_up_in_money(county):
    county.benefit("B", is_disbenefit=True)
    county.planned("B", "MHT", JUNE, -1, -2, -4, -8, -16, -32)
    county.promise("C1", "MHT", dt.date(2026, 7, 31), benefit_id="B")
    county.promise("C2", "MHT", dt.date(2026, 7, 31))
    assert {r["held_up_gbp"] for r in county.ask("promises")} == {None}
    assert county.one("promise_totals")["held_up_gbp"] == 0


def test_open_promise_passes_to_the_successor_and_a_kept_one_stays(county):
    county.agency("OLD", name="Old trust", left_on=dt.date(2026, 9, 30), succeeded_by_id="MHT")
    county.promise("C1", "OLD", dt.date(2026, 10, 31), to_agency_id="COU")
    county.promise("C2", "OLD", dt.date(2026, 8, 31), delivered_on=dt.date(2026, 8, 31))
    county.promise("C3", "COU", dt.date(2026, 12, 31), to_agency_id="OLD")
    rows = {r["commitment_id"]: r for r in county.ask("promises")}
    assert {k: (r["agency_id"], r["taken_over_from"], r["to_agency_id"]) for k, r in rows.items()} == {
        "C1": ("MHT", "Old trust", "COU"), "C2": ("OLD", None, None), "C3": ("COU", None, "MHT"),
    }  # fmt: skip
    before = county.ask("promises", today=dt.date(2026, 9, 29))
    assert {r["agency_id"] for r in before} == {"OLD", "COU"}


def test_promises_of_one_agency_are_those_by_it_or_to_it(county):
    county.promise("C1", "MHT", TODAY, to_agency_id="COU")
    county.promise("C2", "COU", TODAY, to_agency_id="POL")
    county.promise("C3", "POL", TODAY)
    assert {r["commitment_id"] for r in county.ask("promises", agency_id="COU")} == {"C1", "C2"}


def test_promises_of_one_goal_come_by_promise_item_or_benefit(county):
    county.put(WorkItem(id="W", title="Hub", goal_id="G"))
    county.benefit("B", goal_id="G")
    county.promise("C1", "MHT", TODAY, goal_id="G")
    county.promise("C2", "MHT", TODAY, item_id="W")
    county.promise("C3", "MHT", TODAY, benefit_id="B")
    county.promise("C4", "MHT", TODAY, goal_id="H", benefit_id="B")
    county.promise("C5", "MHT", TODAY)
    assert {r["commitment_id"] for r in county.ask("promises", goal_id="G")} == {"C1", "C2", "C3"}
    assert {r["commitment_id"] for r in county.ask("promises", benefit_class="cash-releasing")} == {
        "C3",
        "C4",
    }


def test_promise_made_later_is_not_yet_known(county):
    county.promise("C", "MHT", dt.date(2026, 12, 31), made_on=dt.date(2026, 11, 24))
    assert county.ask("promises") == []


@pytest.fixture
def many(county):
    september = dt.date(2026, 9, 1)
    for n, agency in enumerate(("COU", "COU", "MHT")):
        county.promise(f"T{n}", agency, september, delivered_on=september)
    county.promise("L1", "MHT", september, delivered_on=dt.date(2026, 9, 9))
    county.promise("O1", "MHT", dt.date(2026, 6, 30), title="Feed of crisis contacts", to_agency_id="COU")
    county.promise("O2", "COU", dt.date(2026, 11, 13))
    county.promise("N1", "COU", dt.date(2026, 12, 1))
    county.promise("W1", "COU", september, withdrawn_on=september)
    return county


def test_totals_count_every_promise_once(many):
    row = many.one("promise_totals")
    counts = {
        k: row[k] for k in ("made", "due", "kept_on_time", "kept_late", "overdue", "not_yet_due", "withdrawn")
    }
    assert counts == {
        "made": 8,
        "due": 6,
        "kept_on_time": 3,
        "kept_late": 1,
        "overdue": 2,
        "not_yet_due": 1,
        "withdrawn": 1,
    }
    assert row["on_time_share"] == 0.5
    assert (row["oldest_commitment_id"], row["oldest_title"], row["oldest_days_late"]) == (
        "O1",
        "Feed of crisis contacts",
        146,
    )


def test_counts_by_agency_add_up_to_the_totals(many):
    rows, total = many.ask("promises_by_agency"), many.one("promise_totals")
    for column in (
        "made",
        "due",
        "kept_on_time",
        "kept_late",
        "overdue",
        "not_yet_due",
        "withdrawn",
        "held_up_gbp",
    ):
        assert sum(r[column] for r in rows) == total[column]
    assert {r["agency_id"]: (r["due"], r["kept_on_time"]) for r in rows} == {"COU": (3, 2), "MHT": (3, 1)}


def test_overdue_come_first_longest_first(many):
    assert [r["commitment_id"] for r in many.ask("promises")][:4] == ["O1", "O2", "N1", "L1"]


def test_promise_taken_back_after_it_fell_due_was_due_and_not_kept(county):
    county.promise("C1", "COU", dt.date(2026, 3, 1), delivered_on=dt.date(2026, 2, 1))
    county.promise("C2", "COU", dt.date(2026, 3, 1), withdrawn_on=dt.date(2026, 3, 2))
    county.promise("C3", "COU", dt.date(2026, 3, 1), withdrawn_on=dt.date(2026, 3, 1))
    for row in (county.one("promise_totals"), *county.ask("promises_by_agency")):
        assert (row["made"], row["due"], row["withdrawn"], row["on_time_share"]) == (3, 2, 2, 0.5)
