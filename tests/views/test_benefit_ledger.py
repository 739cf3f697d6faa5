"""Money of every benefit: versions, splitting to the penny, succession, matching of readings to plan."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest

from partnership.benefits import Rebaseline
from partnership.money import split

APRIL = dt.date(2026, 4, 1)
OCTOBER = dt.date(2026, 10, 1)


def money(rows, column, *keys):
    totals = defaultdict(Decimal)
    for row in rows:
        if row[column] is not None:
            totals[tuple(row[k] for k in keys)] += row[column]
    return dict(totals)


def test_ledger_of_an_empty_plan_has_no_rows(bench):
    assert bench.ask("benefit_ledger") == []


def test_ledger_shows_first_and_current_plan_side_by_side(bench):
    bench.planned("B", "COU", APRIL, 100, 200)
    bench.planned("B", "COU", APRIL, 10, 20, 30, version=2)
    bench.put(Rebaseline(benefit_id="B", version=2, agreed_on=dt.date(2026, 6, 1), reason="Late"))
    rows = sorted(bench.ask("benefit_ledger"), key=lambda r: r["period"])
    assert [(r["original_gbp"], r["planned_gbp"]) for r in rows] == [(100, 10), (200, 20), (None, 30)]
    assert [r["period"] for r in rows] == [APRIL, dt.date(2026, 5, 1), dt.date(2026, 6, 1)]


def test_ledger_keeps_to_the_old_plan_until_the_new_one_is_agreed(bench):
    bench.planned("B", "COU", APRIL, 100)
    bench.planned("B", "COU", APRIL, 10, version=2)
    bench.put(Rebaseline(benefit_id="B", version=2, agreed_on=dt.date(2026, 6, 1), reason="Late"))
    (before,) = bench.ask("benefit_ledger", today=dt.date(2026, 5, 31))
    (after,) = bench.ask("benefit_ledger", today=dt.date(2026, 6, 1))
    assert (before["planned_gbp"], after["planned_gbp"]) == (100, 10)
    assert before["original_gbp"] == after["original_gbp"] == 100


@pytest.mark.parametrize("seed", range(12))
def test_ledger_splits_as_money_splits_and_the_parts_make_the_whole(bench, seed):
    draw = random.Random(seed)
    names = [f"A{n}" for n in range(draw.randint(2, 9))]
    weights = [draw.randint(0, 40) for _ in names[:-1]] + [draw.randint(1, 40)]
    exact = {n: Fraction(w, sum(weights)) for n, w in zip(names, weights, strict=True)}
    for name in names:
        bench.agency(name)
    bench.shares("B", **exact)
    wholes = [Decimal(draw.randint(-(10**9), 10**9)).scaleb(-2) for _ in range(24)]
    bench.planned("B", None, APRIL, *wholes)
    got = money(bench.ask("benefit_ledger"), "planned_gbp", "period_index", "agency_id")
    for n, whole in enumerate(wholes):
        index = 2026 * 12 + 3 + n
        parts = {name: got.get((index, name), Decimal(0)) for name in names}
        assert parts == split(whole, exact)
        assert sum(parts.values()) == whole


def test_ledger_splits_billions_by_shares_of_nine_digits_without_losing_a_penny(bench):
    exact = {"A": Fraction(123456789, 10**9), "B": Fraction(333333333, 10**9)}
    exact["C"] = 1 - sum(exact.values())
    bench.shares("B", **exact)
    whole = Decimal("98765432109.87")
    bench.planned("B", None, APRIL, whole)
    got = {r["agency_id"]: r["planned_gbp"] for r in bench.ask("benefit_ledger")}
    assert got == split(whole, exact)


def test_ledger_gives_the_odd_penny_to_the_first_name_among_equals(bench):
    bench.shares("B", YTH="1/3", COU="1/3", POL="1/3")
    bench.planned("B", None, APRIL, "100.00", "-100.00")
    got = money(bench.ask("benefit_ledger"), "planned_gbp", "period", "agency_id")
    assert [got[APRIL, a] for a in ("COU", "POL", "YTH")] == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    may = dt.date(2026, 5, 1)
    assert [got[may, a] for a in ("COU", "POL", "YTH")] == [
        Decimal("-33.34"),
        Decimal("-33.33"),
        Decimal("-33.33"),
    ]


def test_ledger_leaves_money_with_nobody_when_shares_do_not_make_a_whole(bench):
    bench.shares("B", COU="1/2", POL="1/4")
    bench.planned("B", None, APRIL, 100)
    (row,) = bench.ask("benefit_ledger")
    assert (row["agency_id"], row["planned_gbp"]) == (None, 100)


def test_ledger_moves_months_from_the_day_of_leaving_on_to_the_successor(bench):
    bench.agency("PCT", left_on=dt.date(2026, 6, 1), succeeded_by_id="CCG")
    bench.agency("CCG", left_on=dt.date(2026, 7, 15), succeeded_by_id="ICB")
    bench.agency("ICB")
    bench.planned("B", "PCT", APRIL, 1, 2, 3, 4, 5)
    rows = sorted(bench.ask("benefit_ledger"), key=lambda r: r["period"])
    assert [r["agency_id"] for r in rows] == ["PCT", "PCT", "CCG", "CCG", "ICB"]
    assert {r["named_agency_id"] for r in rows} == {"PCT"}


def test_ledger_keeps_an_agency_that_left_without_a_successor(bench):
    bench.agency("OLD", left_on=dt.date(2026, 5, 1))
    bench.planned("B", "OLD", APRIL, 1, 2, 3)
    assert {r["agency_id"] for r in bench.ask("benefit_ledger")} == {"OLD"}


def test_ledger_compares_only_what_was_read_and_names_what_hides_the_rest(bench):
    bench.money_measure()
    bench.planned("B", "COU", APRIL, 10, 10, 10, 10, 10, 10, 10)
    bench.read("B", "COU", APRIL, 7, "withheld", "not provided", "suppressed", None, 8, "too early")
    rows = sorted(bench.ask("benefit_ledger"), key=lambda r: r["period"])
    assert [r["compared_gbp"] for r in rows] == [10, None, None, None, None, 10, None]
    assert [r["not_read_gbp"] for r in rows] == [None, 10, 10, 10, 10, None, None]
    assert [r["missing"] for r in rows] == [
        None,
        "withheld",
        "not provided",
        "suppressed",
        "blank",
        None,
        "too early",
    ]
    assert [r["realised_gbp"] for r in rows] == [7, None, None, None, None, 8, None]
    assert [r["is_to_date"] for r in rows] == [True] * 6 + [False]


def test_ledger_counts_a_reading_of_zero_as_a_reading(bench):
    bench.money_measure()
    bench.planned("B", "COU", APRIL, 10)
    bench.read("B", "COU", APRIL, 0)
    (row,) = bench.ask("benefit_ledger")
    assert (row["realised_gbp"], row["compared_gbp"], row["missing"]) == (0, 10, None)


def test_ledger_splits_a_reading_of_the_whole_partnership_by_the_shares(bench):
    bench.money_measure()
    bench.shares("B", COU="2/3", POL="1/3")
    bench.planned("B", None, APRIL, "10.00")
    bench.read("B", None, APRIL, 7)
    got = {
        r["agency_id"]: (r["planned_gbp"], r["realised_gbp"], r["compared_gbp"])
        for r in bench.ask("benefit_ledger")
    }
    assert got == {
        "COU": (Decimal("6.67"), Decimal("4.67"), Decimal("6.67")),
        "POL": (Decimal("3.33"), Decimal("2.33"), Decimal("3.33")),
    }


def test_ledger_lets_one_reading_answer_for_all_agencies_of_the_plan(bench):
    bench.money_measure()
    bench.planned("B", "COU", APRIL, 6)
    bench.planned("B", "POL", APRIL, 4)
    bench.read("B", None, APRIL, 9)
    rows = bench.ask("benefit_ledger")
    assert sum(r["compared_gbp"] or 0 for r in rows) == 10
    assert sum(r["not_read_gbp"] or 0 for r in rows) == 0
    assert sum(r["realised_gbp"] or 0 for r in rows) == 9


def test_ledger_does_not_let_one_agencys_reading_answer_for_another(bench):
    bench.money_measure()
    bench.planned("B", "COU", APRIL, 6)
    bench.planned("B", "POL", APRIL, 4)
    bench.read("B", "COU", APRIL, 5)
    bench.read("B", "POL", APRIL, "withheld")
    got = {
        r["agency_id"]: (r["compared_gbp"], r["not_read_gbp"], r["missing"])
        for r in bench.ask("benefit_ledger")
    }
    assert got == {"COU": (6, None, None), "POL": (None, 4, "withheld")}


def test_ledger_puts_a_quarters_reading_in_its_last_month_and_compares_all_three(bench):
    bench.money_measure(frequency="quarter")
    bench.planned("B", "COU", APRIL, 10, 20, 30, 40)
    bench.read("B", "COU", APRIL, 55)
    rows = sorted(bench.ask("benefit_ledger"), key=lambda r: r["period"])
    assert [r["realised_gbp"] for r in rows] == [None, None, 55, None]
    assert [r["compared_gbp"] for r in rows] == [10, 20, 30, None]
    assert [r["is_to_date"] for r in rows] == [True, True, True, False]


def test_ledger_leaves_out_what_is_no_money_of_a_benefit(bench):
    bench.money_measure()
    bench.measure("HOURS", unit="hours")
    bench.planned("B", "COU", APRIL, 10)
    bench.read("B", "COU", APRIL, 99, measure_id="HOURS")
    bench.read(None, "COU", APRIL, 99)
    bench.read("B", "COU", dt.date(2026, 12, 1), 99)  # a month that has not begun on 23 November
    (row,) = bench.ask("benefit_ledger")
    assert (row["realised_gbp"], row["is_to_date"]) == (None, False)


def test_ledger_marks_unapproved_readings_as_provisional(bench):
    bench.money_measure()
    bench.read("B", "COU", APRIL, 1, state="approved")
    bench.read("B", "COU", OCTOBER, 1, state="not yet approved")
    assert {r["period"]: r["state"] for r in bench.ask("benefit_ledger")} == {
        APRIL: "approved",
        OCTOBER: "provisional",
    }


def test_ledger_passes_over_a_version_that_nobody_agreed(bench):
    bench.planned("B", "COU", APRIL, 100)
    bench.planned("B", "COU", APRIL, 10, version=2)
    (row,) = bench.ask("benefit_ledger")
    assert (row["original_gbp"], row["planned_gbp"]) == (100, 100)
