import datetime as dt
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roi_building import make_cost, make_line, make_model

from partnership._roi.ledger import CLASSES, counted_costs, flows_of, lifted_cost, pv_of_cost
from partnership.roi import FISCAL_CLASSES, Settings, appraise, class_of, counted, ledger, payer_gainer

WEIGHTS = st.lists(st.integers(1, 999), min_size=1, max_size=6)


def shares_from(weights):
    return {f"A{i}": Fraction(w, sum(weights)) for i, w in enumerate(weights)}


@pytest.mark.parametrize(
    ("category", "kind", "expected"),
    [
        ("fiscal", "cash-releasing", "cash-releasing"), ("fiscal", "capacity released", "capacity released"), ("fiscal", "cost avoidance", "no release"),
        ("fiscal", "quantified", "no release"), ("fiscal", "societal", "social"), ("fiscal", "qualitative", "not valued"),
        ("economic", "cash-releasing", "economic"), ("economic", "societal", "economic"), ("social", "quantified", "social"), ("social", "qualitative", "not valued"),
    ],
)  # fmt: skip
def test_register_class_maps_to_the_appraisal_by_the_shipped_table(category, kind, expected):
    assert class_of(make_line(category=category, benefit_class=kind)) == expected


def test_cost_avoidance_is_never_cash_releasing_whatever_the_category():
    kinds = {
        class_of(make_line(category=c, benefit_class="cost avoidance"))
        for c in ("fiscal", "economic", "social")
    }
    assert "cash-releasing" not in kinds


@settings(deadline=None)
@given(amount=st.decimals(1, 10**6, places=2), step=st.decimals(1, 10**5, places=2))
def test_cash_comes_in_whole_steps_and_the_rest_is_capacity(amount, step):
    line = make_line(benefit_class="cash-releasing", full_year_gbp=amount, step_gbp=step, duration_months=12)
    parts = {f.appraisal_class: f.amounts[0] for f in flows_of(line, Settings(2025, 1))}
    cash = parts.get("cash-releasing", Decimal(0))
    assert cash % step == 0
    assert 0 <= amount - cash < step
    assert cash + parts.get("capacity released", 0) == amount
    assert amount >= step or cash == 0


def test_disbenefit_has_no_step():
    line = make_line(
        benefit_class="cash-releasing", full_year_gbp=Decimal(-50), is_disbenefit=True, step_gbp=Decimal(100)
    )
    assert [f.appraisal_class for f in flows_of(line, Settings(2025, 1))] == ["cash-releasing"]


@settings(deadline=None)
@given(weights=WEIGHTS, pounds=st.decimals("0.01", 10**7, places=2), horizon=st.integers(1, 40))
def test_shares_of_a_benefit_make_the_whole_to_the_penny_in_every_year(weights, pounds, horizon):
    line = make_line(shares=shares_from(weights), full_year_gbp=pounds, duration_months=12 * 40)
    model = make_model([line], agencies=list(line.shares), horizon_years=horizon)
    rows = ledger(model, [line])
    for year in model.settings.years:
        got = sum(r.received["capacity released"] for r in rows if r.financial_year == year)
        assert got == pounds


def test_ledger_tells_cash_from_kind_revenue_from_capital_and_core_from_what_ends():
    costs = [
        make_cost("C1", amount=100), make_cost("C2", amount=30, form="in kind", agreed="asked"), make_cost("C3", amount=7, nature="capital", funding="grant"),
        make_cost("C4", amount=5, funding="pump-priming"), make_cost("C5", amount=-2, entry="correction"), make_cost("C6", amount=90, stage="actual"), make_cost("C7", year=2040, amount=999),
    ]  # fmt: skip
    row = next(r for r in ledger(make_model([], costs), []) if (r.agency_id, r.financial_year) == ("A", 2025))
    assert row.paid_gbp == 140
    assert (row.paid["cash"], row.paid["in kind"]) == (110, 30)
    assert (row.paid["revenue"], row.paid["capital"]) == (133, 7)
    assert (row.paid["core"], row.paid["grant"], row.paid["pump-priming"], row.paid["reserve"]) == (
        128,
        7,
        5,
        0,
    )
    assert row.not_agreed_gbp == 30
    assert row.paid_actual_gbp == 90


def test_harm_is_netted_shown_and_named_as_moved_when_another_drives_it():
    good = make_line("B1", full_year_gbp=Decimal(1000), shares={"A": Fraction(1, 2), "B": Fraction(1, 2)})
    harm = make_line(
        "B2",
        full_year_gbp=Decimal(-100),
        is_disbenefit=True,
        driver_agency_id="A",
        shares={"A": Fraction(1, 4), "B": Fraction(3, 4)},
    )
    rows = {r.agency_id: r for r in ledger(make_model([good, harm], horizon_years=1), [good, harm])}
    assert rows["B"].received["capacity released"] == 425
    assert rows["B"].disbenefit["capacity released"] == -75
    assert rows["B"].moved_gbp == -75
    assert rows["A"].moved_gbp == 0
    assert rows["A"].fiscal_gbp == 475


def test_matrix_follows_the_money_of_the_items_and_sums_to_the_benefit():
    line = make_line(
        item_ids=("W1",),
        shares={"A": Fraction(1, 3), "B": Fraction(2, 3)},
        driver_agency_id="B",
        duration_months=12,
    )
    costs = [
        make_cost("C1", "A", amount=300, item_id="W1"),
        make_cost("C2", "B", amount=100, item_id="W1"),
        make_cost("C3", "B", amount=10**6, item_id="W2"),
    ]
    cells = payer_gainer(make_model([line], costs), [line])
    bought = {(c.payer_id, c.gainer_id): c.pv_gbp for c in cells}
    assert bought == {
        ("A", "A"): Decimal("250.00"),
        ("A", "B"): Decimal("500.00"),
        ("B", "A"): Decimal("83.33"),
        ("B", "B"): Decimal("166.67"),
    }
    assert {c.driver_id for c in cells} == {"B"}


def test_benefit_that_nobody_pays_for_has_no_payer():
    line = make_line(duration_months=12)
    assert [(c.payer_id, c.pv_gbp) for c in payer_gainer(make_model([line]), [line])] == [(None, 1000)]


def test_line_without_paid_items_follows_its_goal_then_all_the_money():
    costs = [make_cost("C1", "A", item_id="W9", goal_id="G1"), make_cost("C2", "B", goal_id="G2")]
    by_goal = payer_gainer(
        make_model([make_line(goal_id="G2", item_ids=("W1",))], costs),
        [make_line(goal_id="G2", item_ids=("W1",))],
    )
    assert {c.payer_id for c in by_goal} == {"B"}
    by_all = payer_gainer(make_model([make_line()], costs), [make_line()])
    assert {c.payer_id for c in by_all} == {"A", "B"}


def test_matrix_of_the_county_sums_to_its_benefits_class_by_class(county_appraisal):
    for kind in CLASSES:
        assert (
            sum(c.pv_gbp for c in county_appraisal.matrix if c.appraisal_class == kind)
            == county_appraisal.whole.pv_by_class[kind]
        )
    for agency, result in county_appraisal.agencies.items():
        assert sum(c.pv_gbp for c in county_appraisal.matrix if c.gainer_id == agency) == result.pv_fiscal_gbp


def test_cost_is_lifted_by_grade_or_by_upper_bound_only_when_asked():
    capital, running = make_cost(amount=100, nature="capital"), make_cost(amount=100)
    assert lifted_cost(capital, Settings(2025)) == 100
    assert lifted_cost(running, Settings(2025, cost_grade=4)) == 115
    settings = Settings(2025, capital_kind="standard buildings", mitigation=Decimal("0.5"))
    assert (lifted_cost(capital, settings), lifted_cost(running, settings)) == (112, 100)


def test_actual_cost_stands_in_for_the_plan_in_years_that_have_it():
    costs = [
        make_cost("C1", amount=100),
        make_cost("C2", amount=90, stage="actual"),
        make_cost("C3", year=2026, amount=50),
    ]
    model = make_model([], costs, cost_stage="actual then planned")
    assert [c.id for c in counted_costs(model)] == ["C2", "C3"]
    assert pv_of_cost(costs[2], model.settings) == Decimal("48.31")


def outcome(key, pounds, **more):
    return make_line(key, outcome_key="O", full_year_gbp=Decimal(pounds), **more)


@pytest.mark.parametrize(
    ("lines", "kept", "rules"),
    [
        ([outcome("B1", 10), outcome("B2", 30)], {"B2"}, {"one outcome once"}),
        ([outcome("B1", 10), outcome("B2", 30, additive=True)], {"B1", "B2"}, set()),
        ([outcome("B1", 10), outcome("B2", 99, category="economic")], {"B1"}, {"fiscal and economic"}),
        ([outcome("B1", 10), outcome("B2", 99, category="economic", additive=True)], {"B1", "B2"}, set()),
        ([outcome("B1", 10, category="social"), outcome("B2", 9, category="economic")], {"B2"}, {"economic and social"}),
        ([outcome("B1", 10), outcome("B2", -5, is_disbenefit=True)], {"B1", "B2"}, set()),
        ([make_line("B1", unit_cost_ids=("CR2.0",)), make_line("B2", unit_cost_ids=("CR2.0.1", "CR2.0"))], {"B1"}, {"headline or constituents"}),
        ([make_line("B1", unit_cost_ids=("CR2.0",), outcome_key="X"), make_line("B2", unit_cost_ids=("CR2.0.1", "CR2.0"), outcome_key="Y")], {"B1", "B2"}, set()),
    ],
)  # fmt: skip
def test_money_that_would_stand_twice_is_set_aside_whatever_the_order(lines, kept, rules):
    for order in (lines, lines[::-1]):
        stays, aside = counted(order)
        assert {line.id for line in stays} == kept
        assert {s.rule for s in aside} == rules
        assert all(s.title in s.reason for s in aside)


def test_line_set_aside_is_in_no_total():
    lines = [outcome("B1", 10), outcome("B2", 30), outcome("B3", 99, category="economic")]
    appraisal = appraise(make_model(lines, [make_cost()], horizon_years=1))
    assert appraisal.whole.pv_fiscal_gbp == 30
    assert appraisal.whole.pv_by_class["economic"] == 0
    assert len(appraisal.set_aside) == 2


def test_ledger_does_not_depend_on_the_order_of_lines_or_costs(county_appraisal):
    model = county_appraisal.model
    shuffler = Random(7)
    lines, costs = list(model.lines), list(model.costs)
    shuffler.shuffle(lines)
    shuffler.shuffle(costs)
    mixed = appraise(type(model)(tuple(lines), tuple(costs), model.agencies, model.settings))
    assert mixed.ledger == county_appraisal.ledger
    assert mixed.matrix == county_appraisal.matrix
    assert mixed.whole == county_appraisal.whole
    assert mixed.lines == county_appraisal.lines


def test_three_fiscal_classes_are_apart_in_every_row_of_the_county(county_appraisal):
    for row in county_appraisal.ledger:
        assert set(row.received) == set(CLASSES)
        assert row.fiscal_gbp == sum(row.received[c] for c in FISCAL_CLASSES)
        assert row.paid["cash"] + row.paid["in kind"] == row.paid_gbp
        assert row.paid["revenue"] + row.paid["capital"] == row.paid_gbp


def test_benefit_that_starts_after_the_horizon_brings_nothing():
    line = make_line(starts_on=dt.date(2040, 4, 1))
    assert appraise(make_model([line], [make_cost()])).whole.pv_fiscal_gbp == 0
