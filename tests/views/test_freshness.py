"""How fresh each agency's readings are, what was handed in, and what was changed."""

from __future__ import annotations

import datetime as dt

import pytest

from partnership.blueprint import WorkItem
from partnership.views import CHANGES_TABLE, FORMULAS_TABLE

JUNE, SEPTEMBER, OCTOBER = dt.date(2026, 6, 1), dt.date(2026, 9, 1), dt.date(2026, 10, 1)


@pytest.fixture
def county(bench):
    bench.agency("COU")
    bench.agency("X")
    bench.measure("M", name="Attendance")
    bench.measure("N", name="Contacts")
    bench.read(None, "COU", JUNE, 1, 1, 1, 1, 1, measure_id="M", read_on=dt.date(2026, 11, 10))
    return bench


def state(bench):
    row = next(r for r in bench.ask("freshness") if r["agency_id"] == "X")
    return row["state"], row["since_period"]


def test_freshness_of_an_empty_plan_has_no_rows(bench):
    assert bench.ask("freshness") == []


def test_agency_with_the_latest_month_is_on_time(county):
    row = next(r for r in county.ask("freshness") if r["agency_id"] == "COU")
    assert (row["state"], row["latest_period"], row["latest_read_on"]) == (
        "on time",
        OCTOBER,
        dt.date(2026, 11, 10),
    )


def test_agency_that_never_handed_anything_in_has_no_readings(county):
    assert state(county) == ("no readings", None)


def test_agency_one_month_behind_is_still_on_time(county):
    county.read(None, "X", JUNE, 1, 1, 1, 1, measure_id="M")
    assert state(county) == ("on time", None)


def test_agency_with_one_series_more_than_a_period_behind_is_stale(county):
    county.read(None, "X", JUNE, 1, 1, 1, 1, 1, measure_id="N")
    county.read(None, "X", JUNE, 1, 1, measure_id="M")
    assert state(county) == ("stale", dt.date(2026, 7, 1))
    row = next(r for r in county.ask("freshness") if r["agency_id"] == "X")
    assert (row["stale_measure"], row["stale_series"], row["latest_period"]) == ("Attendance", 1, OCTOBER)


def test_suppressed_reading_was_handed_in(county):
    county.read(None, "X", JUNE, 1, "suppressed", "suppressed", "suppressed", "suppressed", measure_id="M")
    row = next(r for r in county.ask("freshness") if r["agency_id"] == "X")
    assert (row["state"], row["latest_period"]) == ("on time", OCTOBER)


def test_quarterly_series_is_stale_only_after_more_than_a_quarter(county):
    county.measure("Q", frequency="quarter")
    county.read(None, "X", dt.date(2026, 4, 1), 1, measure_id="Q")
    assert state(county)[0] == "stale"
    county.read(None, "X", dt.date(2026, 7, 1), 1, measure_id="Q")
    assert state(county)[0] == "on time"


def test_agency_that_says_not_provided_grows_stale_and_one_that_says_too_early_does_not(county):
    county.read(None, "X", JUNE, 1, 1, "not provided", "not provided", "not provided", measure_id="M")
    assert state(county) == ("stale", dt.date(2026, 7, 1))
    county.connection.execute("UPDATE readings SET missing = 'too early' WHERE missing = 'not provided'")
    assert state(county) == ("on time", None)


def test_agency_that_withholds_is_withheld_since_its_first_withheld_month(county):
    county.read(None, "X", dt.date(2026, 4, 1), 1, 1, "withheld", "withheld", "withheld", measure_id="M")
    assert state(county) == ("withheld", JUNE)
    row = next(r for r in county.ask("freshness") if r["agency_id"] == "X")
    assert row["latest_period"] == dt.date(2026, 5, 1)


def test_agency_is_withheld_since_it_handed_in_nothing_at_all_any_more(county):
    county.read(None, "X", dt.date(2026, 2, 1), *["withheld"] * 9, measure_id="N")
    county.read(None, "X", dt.date(2026, 4, 1), 1, 1, *["withheld"] * 5, measure_id="M")
    assert state(county) == ("withheld", JUNE)


def test_agency_that_withholds_one_series_and_reads_another_is_withheld_since_that_one_began(county):
    county.read(None, "X", dt.date(2026, 2, 1), *["withheld"] * 9, measure_id="N")
    county.read(None, "X", JUNE, 1, 1, 1, 1, 1, measure_id="M")
    assert state(county) == ("withheld", dt.date(2026, 2, 1))


def test_agency_that_always_withheld_is_withheld_and_not_silent(county):
    county.read(None, "X", JUNE, "withheld", "withheld", measure_id="M")
    assert state(county) == ("withheld", JUNE)


def test_agency_that_withheld_once_and_reads_again_is_not_withheld(county):
    county.read(None, "X", JUNE, 1, "withheld", 1, 1, 1, measure_id="M")
    assert state(county) == ("on time", None)


def test_agency_with_unapproved_readings_is_provisional_from_the_first(county):
    county.read(None, "X", JUNE, 1, 1, 1, measure_id="M")
    county.read(None, "X", SEPTEMBER, 1, 1, measure_id="M", state="provisional")
    assert state(county) == ("provisional", SEPTEMBER)


def test_agencies_that_left_or_are_outside_are_not_waited_for(county):
    county.agency("OLD", left_on=dt.date(2026, 1, 1))
    county.agency("NAT", duty="outside", sector="national")
    assert {r["agency_id"] for r in county.ask("freshness")} == {"COU", "X"}
    assert [r["agency_id"] for r in county.ask("freshness", agency_id="X")] == ["X"]


def test_coverage_counts_each_kind_of_missing_apart(county):
    county.read(None, "X", JUNE, 1, "withheld", "not provided", "too early", "suppressed", measure_id="M")
    county.read(None, "X", JUNE, "blank", 2, measure_id="N", state="provisional")
    row = next(r for r in county.ask("readings_coverage") if r["agency_id"] == "X")
    counts = {k.removesuffix("_cells"): v for k, v in row.items() if k.endswith("_cells")}
    assert counts == {
        "expected": 7, "read": 2, "withheld": 1, "not_provided": 1, "too_early": 1, "suppressed": 1, "blank": 1, "provisional": 1,
    }  # fmt: skip
    assert row["read_share"] == pytest.approx(3 / 7)


@pytest.fixture
def projects(bench):
    bench.agency("COU")
    bench.measure("COST", name="Whole-life cost", unit="£", kind="amount", frequency="year")
    bench.measure("RATE", name="Rating", kind="rating")
    for item, goal in (("W1", "G1"), ("W2", "G1"), ("W3", "G2"), ("W4", "G2")):
        bench.put(WorkItem(id=item, title=item, goal_id=goal, lead_agency_id="COU" if item == "W1" else None))
    for item, value in (("W1", 1_000_000), ("W2", 250_000), ("W3", "withheld"), ("W4", "not provided")):
        bench.read(None, None, JUNE, value, measure_id="COST", item_id=item)
        bench.read(None, None, JUNE, 3, measure_id="RATE", item_id=item)
    return bench


def test_total_over_items_says_that_it_is_partial_and_what_hides_the_rest(projects):
    row = projects.one("item_totals")
    assert (row["measure_id"], row["total_value"], row["items"], row["is_partial"]) == (
        "COST",
        1_250_000,
        4,
        True,
    )
    assert (row["read_cells"], row["withheld_cells"], row["not_provided_cells"], row["read_share"]) == (
        2,
        1,
        1,
        0.5,
    )


def test_item_that_two_agencies_read_in_a_month_is_one_item_and_both_readings_count(projects):
    projects.agency("X")
    for agency, benefit in (("COU", None), ("X", None), ("X", "B1")):
        projects.read(benefit, agency, JUNE, 10, measure_id="COST", item_id="W1")
    projects.read(None, "X", dt.date(2026, 7, 1), 10, measure_id="COST", item_id="W1")
    june, july = projects.ask("item_totals")
    assert (june["items"], june["read_cells"], june["total_value"]) == (4, 5, 1_250_030)
    assert (july["items"], july["read_cells"], july["total_value"]) == (1, 1, 10)


def test_total_over_items_that_are_all_read_is_whole(projects):
    row = projects.one("item_totals", goal_id="G1")
    assert (row["total_value"], row["is_partial"]) == (1_250_000, False)
    assert projects.one("item_totals", agency_id="COU")["total_value"] == 1_000_000


def test_total_over_items_none_of_which_is_read_is_empty_and_not_zero(projects):
    row = projects.one("item_totals", goal_id="G2")
    assert (row["total_value"], row["read_share"], row["is_partial"]) == (None, 0, True)


def test_changes_come_latest_first_with_who_and_why(bench):
    for seq, what in enumerate(("October readings", "W08 effort"), start=1):
        when = dt.datetime(2026, 11, 18, 11, seq)
        bench.put_row(
            CHANGES_TABLE,
            (seq, when, "Hub manager", "declared", what, "Monthly load", "plan.xlsx", 62, 3, 0, seq, None),
        )
    rows = bench.ask("changes")
    assert [(r["seq"], r["what"], r["actor_kind"]) for r in rows] == [
        (2, "W08 effort", "declared"),
        (1, "October readings", "declared"),
    ]
    assert (rows[0]["new_rows"], rows[0]["changed_rows"], rows[0]["reason"]) == (62, 3, "Monthly load")
    assert [r["formula_cells"] for r in rows] == [2, 1]


def test_values_that_a_formula_worked_out_come_latest_first_with_cell_and_formula(bench):
    when = dt.datetime(2026, 11, 18, 11, 0)
    for seq, cell, formula in (
        (1, "Contributions!H5", "=2*500"),
        (2, "Contributions!H6", "=(as in H5: 2*500)"),
    ):
        row = (seq, when, "Hub manager", "plan.xlsx", cell, "contributions", f"P{seq}", "amount_gbp", formula)
        bench.put_row(FORMULAS_TABLE, row)
    rows = bench.ask("worked_out")
    assert [(r["seq"], r["cell"], r["record_key"], r["formula"]) for r in rows] == [
        (2, "Contributions!H6", "P2", "=(as in H5: 2*500)"),
        (1, "Contributions!H5", "P1", "=2*500"),
    ]
