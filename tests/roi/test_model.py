import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from roi_building import assumed, benefit, make_line, make_plan, paid, share

from partnership._roi.model import affine
from partnership._workflows.appraising import model_of, price_ratio, settings_of
from partnership.benefits import Assumption
from partnership.errors import InvalidInput
from partnership.roi import Settings, UnitCost


def only_line(plan, **settings):
    model, findings = model_of(plan, settings_of(plan, **settings))
    return model.lines[0], findings


def test_level_of_a_chain_worked_out_by_hand():
    chain = [
        assumed("target population", 500, unit="families a year"), assumed("affected", 30, unit="%"), assumed("take-up", 80, unit="%"),
        assumed("retention", 75, unit="%"), assumed("impact", 20, unit="%"), assumed("deadweight", 25, unit="%"),
        assumed("unit value", 51080, unit="£"), assumed("optimism bias", 15, unit="%"),
    ]  # fmt: skip
    line, findings = only_line(make_plan([benefit()], chain, [share()]))
    assert line.level == Decimal("586143")
    assert not findings
    assert line.has_counterfactual


@pytest.mark.parametrize(
    ("step", "unit", "value", "factor"),
    [
        ("affected", "a week", 94, 4888), ("impact", "hours", "3.2", "3.2"), ("impact", "points of %", 6, "0.06"),
        ("attribution", "%", 40, "0.6"), ("leakage", None, "0.2", "0.8"), ("target population", "per month", 10, 120),
        ("unit value", "£ a week", 700, 700),
    ],
)  # fmt: skip
def test_step_becomes_a_factor_by_its_unit(step, unit, value, factor):
    scale, offset = affine(step, unit)
    assert offset + scale * Decimal(str(value)) == Decimal(str(factor))


def test_two_counts_in_time_in_one_chain_are_refused_with_the_reason():
    chain = [
        assumed("affected", 364, unit="cases a year"),
        assumed("impact", 60, unit="cases a year"),
        assumed("unit value", 2470),
    ]
    line, findings = only_line(make_plan([benefit()], chain, [share()]))
    assert "counts in time" in line.missing
    assert [f.code for f in findings] == ["roi-benefit-left-out"]


@pytest.mark.parametrize(
    ("step", "value", "unit"),
    [("take-up", 62, None), ("deadweight", 120, "%"), ("displacement", -5, "%"), ("retention", 2, "people")],
)
def test_share_outside_nil_to_a_hundred_per_cent_leaves_the_benefit_out(step, value, unit):
    chain = [
        assumed("affected", 10, unit="a year"),
        assumed(step, value, unit=unit),
        assumed("unit value", 5),
    ]
    line, _ = only_line(make_plan([benefit()], chain, [share()]))
    assert line.missing


def test_benefit_without_money_stays_in_the_model_with_its_reason():
    line, findings = only_line(make_plan([benefit()], [], [share()]))
    assert "neither a chain" in line.missing
    assert line.level == 0
    assert findings[0].severity == "warning"


def test_shares_that_miss_the_whole_leave_the_benefit_out():
    line, _ = only_line(
        make_plan(
            [benefit(full_year_gbp=Decimal(100))], [], [share(part="1/3"), share(agency="B", part="1/3")]
        )
    )
    assert "66.6667%" in line.missing


def test_one_agency_needs_no_shares():
    line, findings = only_line(make_plan([benefit(full_year_gbp=Decimal(100))], agencies=("A",)))
    assert dict(line.shares) == {"A": 1}
    assert not findings


def test_unit_cost_of_the_library_is_brought_to_the_prices_of_the_appraisal():
    library = [
        UnitCost(id="CR2.0", fiscal_gbp=Decimal(2470), fiscal_price_year="2008/09"),
        UnitCost(id="CR2.0.1", parent_id="CR2.0", fiscal_gbp=Decimal(1171), fiscal_price_year="2008/09"),
    ]
    plan = make_plan(
        [benefit(unit_cost_id="CR2.0.1")],
        [assumed("affected", 10, unit="a year")],
        [share()],
        unit_costs=library,
    )
    line, _ = only_line(plan, price_year="2024/25")
    assert round(line.level, 2) == round(Decimal(10) * 1171 * 100 / Decimal("66.89"), 2)
    assert line.unit_cost_ids == ("CR2.0.1", "CR2.0")


def test_year_without_deflator_needs_a_stated_inflation():
    plan = make_plan([benefit(full_year_gbp=Decimal(100), price_year="2011/12")], [], [share()])
    line, _ = only_line(plan)
    assert "2011/12 prices cannot be brought to 2025/26" in line.missing
    line, _ = only_line(plan, inflation=Decimal("0.02"))
    assert line.level == Decimal(100) * Decimal("1.02") ** 14


def test_nominal_contribution_is_at_the_prices_of_its_year_and_never_mixed():
    plan = make_plan(
        contributions=[
            paid(amount=100, price_base="nominal", price_year=None),
            paid("C2", year=2026, price_base="nominal", price_year=None),
        ]
    )
    model, findings = model_of(plan)
    first, second = model.costs
    assert first.real_gbp == 100
    assert second.real_gbp is None
    assert [f.code for f in findings] == ["roi-cost-left-out"]


def test_one_shared_name_with_two_values_is_said_and_drawn_apart():
    chain = [
        assumed("affected", 10, unit="a year"),
        assumed("unit value", 5, shared_name="price"),
        assumed("affected", 10, key="B2", unit="a year"),
        assumed("unit value", 6, key="B2", shared_name="price"),
    ]
    model, findings = model_of(make_plan([benefit(), benefit("B2")], chain, [share(), share("B2")]))
    assert [f.code for f in findings] == ["roi-shared-differs"]
    assert all(line.unit_value.shared_name is None for line in model.lines)


def test_value_outside_its_range_is_fixed_and_said():
    chain = [
        assumed("affected", 10, unit="a year", low=Decimal(11), high=Decimal(12)),
        assumed("unit value", 5),
    ]
    line, findings = only_line(make_plan([benefit()], chain, [share()]))
    assert [f.code for f in findings] == ["roi-range"]
    assert not line.chain[0].is_uncertain


@settings(deadline=None)
@given(
    start=st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 1)),
    months=st.integers(0, 400),
    horizon=st.integers(1, 60),
)
def test_months_of_a_benefit_never_exceed_a_year_nor_its_duration(start, months, horizon):
    line = make_line(starts_on=start.replace(day=1), duration_months=months)
    table = line.months(2025, horizon)
    assert sum(map(sum, table)) <= months
    for year in range(horizon):
        assert 0 <= sum(row[year] for row in table) <= 12
    if start >= dt.date(2025, 4, 1) and start.year + months / 12 + 1 < 2025 + horizon:
        assert sum(map(sum, table)) == months


def test_drop_off_and_ramp_up_follow_years_of_benefit_not_financial_years():
    chain = [
        assumed("affected", 12, unit="a year"),
        assumed("unit value", 100),
        assumed("ramp-up", 50, unit="%"),
    ]
    line, _ = only_line(
        make_plan(
            [benefit(starts_on=dt.date(2025, 10, 1), duration_months=24, drop_off=Decimal(20))],
            chain,
            [share()],
        )
    )
    assert line.year_weights(2025, 3) == (Decimal("0.25"), Decimal("0.25") + Decimal("0.4"), Decimal("0.4"))


def test_lag_counts_from_the_first_planned_payment_of_its_items():
    plan = make_plan(
        [benefit(starts_on=None, lag_months=6, item_ids=("W",), full_year_gbp=Decimal(1))],
        [],
        [share()],
        [paid(year=2026, item_id="W")],
        items=("W",),
    )
    line, _ = only_line(plan)
    assert line.starts_on == dt.date(2026, 10, 1)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e30", "0.001"])
def test_contribution_that_is_no_amount_is_refused_at_the_door(amount):
    with pytest.raises(ValidationError):
        paid(amount=amount)


@pytest.mark.parametrize("field", ["value", "low", "high"])
@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e30"])
def test_assumption_that_is_no_number_is_refused_at_the_door(field, number):
    base = {"benefit_id": "B1", "step": "impact", "name": "x", "value": "1"}
    Assumption(**base)
    with pytest.raises(ValidationError):
        Assumption(**(base | {field: number}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"horizon_years": 0}, {"horizon_years": 101}, {"convention": "monthly"}, {"price_year": "2025"}, {"mitigation": Decimal(2)},
        {"tax_cost_uplift": Decimal("NaN")}, {"tax_cost_uplift": Decimal(-1)}, {"inflation": Decimal("NaN")}, {"inflation": Decimal(-1)},
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused_in_words(wrong):
    with pytest.raises(InvalidInput, match=r"[.!]"):
        Settings(2025, **wrong)


def test_empty_plan_has_nothing_to_appraise_in_words():
    with pytest.raises(InvalidInput, match="nothing to appraise"):
        settings_of(make_plan(partnership=False))


def test_price_of_one_year_is_itself_without_any_deflator():
    assert price_ratio("2031/32", Settings(2031)) == 1
