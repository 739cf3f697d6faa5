"""Denominators of zero (C15): not available, never infinite, never nought, on every view, in words and in files."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal

import pytest

from partnership import wording
from partnership._roi.public_value import ratio, social_return
from partnership.benefits import Reading
from partnership.plan import Plan, check
from partnership.roi import Contribution
from partnership.tabular import render_view
from partnership.views import VIEWS

JUNE = dt.date(2026, 6, 1)


@pytest.fixture(scope="module")
def nothing(bench_class):
    """A plan in which everything that something is divided by is nought."""
    bench = bench_class()
    bench.partnership(
        bhag_measure_id="SHARE", bhag_baseline_value=0, bhag_baseline_on=JUNE, bhag_target_value=0,
        bhag_target_on=JUNE, last_board_on=JUNE,
    )  # fmt: skip
    for code in ("COU", "ICB"):
        bench.agency(code)
    bench.money_measure()
    bench.measure("M")
    bench.measure("SHARE", unit="%", kind="share")
    bench.measure("COST", unit="£ per child", kind="share")
    bench.goal("G", measure_id="SHARE", baseline_value=0, target_value=0)
    bench.benefit("B", goal_id="G", full_year_gbp=0)
    bench.shares("B", COU="1/2", ICB="1/2")
    bench.planned("B", None, JUNE, 0, 0, 0)
    bench.read("B", None, JUNE, 0, 0)
    for measure in ("SHARE", "COST"):
        bench.put(Reading(measure_id=measure, period=JUNE, numerator=700, denominator=0))
    bench.says("COU", 0)
    bench.says("ICB", 0)
    bench.put(
        Contribution(id="C", agency_id="COU", goal_id="G", financial_year=2026, stage="planned", amount_gbp=0, form="cash")
    )  # fmt: skip
    yield bench
    bench.close()


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_c15_no_view_has_an_infinite_number_or_none_at_all(nothing, name):
    for row in nothing.ask(name):
        for column, value in row.items():
            if isinstance(value, float | Decimal):
                assert math.isfinite(value), (name, column, value)


def test_c15_cost_per_child_with_no_children_is_empty_and_not_nought(nothing):
    values = {r["measure_id"]: r for r in nothing.ask("measure_readings") if r["denominator"] == 0}
    assert set(values) == {"SHARE", "COST"}
    assert {r["value"] for r in values.values()} == {None}
    assert nothing.one("plan_summary")["latest_value"] is None


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("benefit_totals", "realised_share"), ("benefit_totals", "coverage_share"), ("benefit_by_agency", "realised_share"),
        ("benefit_by_goal", "realised_share"), ("benefit_by_class", "realised_share"), ("benefit_register", "realised_share"),
        ("promise_totals", "on_time_share"), ("payers_and_gainers", "paid_share"), ("payers_and_gainers", "gained_share"),
        ("expectation_gaps", "ratio"),
    ],
)  # fmt: skip
def test_c15_share_of_nought_is_empty(nothing, name, column):
    rows = nothing.ask(name)
    assert rows
    assert {r[column] for r in rows} == {None}


def test_c15_ratio_to_nothing_is_undefined_in_words():
    for pounds in (Decimal(0), Decimal(100), Decimal(-100)):
        made = ratio(pounds, Decimal(0), name="return", rule="benefit / cost")
        assert made.value is None
        assert made.words == "undefined: nothing is paid"
    assert social_return(Decimal(100), Decimal(0)).net.value is None


def test_c15_a_year_after_nought_is_not_compared_with_it():
    paid = [
        Contribution(
            id=f"C{year}", agency_id="A", financial_year=year, stage="planned", amount_gbp=pounds, form="cash"
        )
        for year, pounds in ((2025, 0), (2026, 5000), (2027, 0))
    ]
    assert "plan-hundred-times" not in {f.code for f in check(Plan.of(paid))}


def test_c15_what_is_not_available_is_said_and_is_no_number():
    for said in (wording.pounds(None), wording.number(None), wording.percent(None), wording.times(None)):
        assert said
        assert not any(c.isdigit() for c in said)
        assert not {"nan", "inf"} & set(said.lower().split())


def test_c15_files_of_a_view_hold_nothing_where_nothing_is_known(tmp_path, county_file):
    from partnership.store import open_store

    day = dt.date(2019, 1, 1)
    with open_store(county_file, mode="read") as store:
        for name in ("benefit_totals", "promise_totals"):
            said = json.loads(render_view(store, name, form="json", as_of=day))
            shares = [v for row in said["rows"] for k, v in row.items() if k.endswith("_share")]
            assert shares
            assert set(shares) == {None}
            text = render_view(store, name, form="csv", as_of=day)
            assert not {"nan", "inf", "-inf"} & set(text.lower().replace("\n", ",").split(","))
