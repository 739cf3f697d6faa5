import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roi_building import make_line

from partnership._roi.chain import combined_grade, correction_of, links
from partnership.errors import InvalidInput, UnknownName
from partnership.roi import additionality, chain_of, corrected, lifted, upper_bound
from partnership.verify import run, shipped_cases

SHARES = st.decimals(0, 1, places=4)
CATEGORIES = {
    "additionality",
    "gmca_chain",
    "optimism_bias",
    "sroi",
    "cashability",
    "distributional",
    "bcr",
    "bcr_class",
    "sensitivity",
    "perspective_bcr",
}


@pytest.mark.parametrize(
    "case", [c for c in shipped_cases() if c.get("category") in CATEGORIES], ids=lambda c: c["id"]
)
def test_published_case_of_the_chain_is_reproduced(case):
    result = run([case]).cases[0]
    assert result.outcome == "pass", result.why


@settings(deadline=None)
@given(SHARES, SHARES, SHARES, SHARES, SHARES)
def test_additionality_is_a_product_that_never_leaves_nil_to_one(a, b, c, d, e):
    share = additionality(deadweight=a, displacement=b, leakage=c, substitution=d, attribution=e)
    assert 0 <= share <= 1
    assert share == (1 - a) * (1 - b) * (1 - c) * (1 - d) * (1 - e)


@pytest.mark.parametrize("wrong", ["-0.1", "1.1", "NaN", "Infinity"])
def test_deduction_that_is_no_share_is_refused_in_words(wrong):
    with pytest.raises(InvalidInput, match="no share"):
        additionality(deadweight=Decimal(wrong))
    with pytest.raises(InvalidInput):
        chain_of({"target population": Decimal(wrong), "deadweight": Decimal(wrong)}, unit_value=Decimal(1))


def test_every_grade_takes_off_more_than_the_better_one_and_puts_as_much_on_a_cost():
    corrections = [correction_of(g) for g in range(1, 7)]
    assert corrections == sorted(corrections)
    for grade, correction in enumerate(corrections, 1):
        assert corrected(Decimal(100), grade) == 100 * (1 - correction)
        assert corrected(Decimal(100), grade, is_cost=True) == 100 * (1 + correction)


@pytest.mark.parametrize("grade", [0, 7, True])
def test_grade_that_is_none_is_refused(grade):
    with pytest.raises(InvalidInput, match="no grade"):
        correction_of(grade)


def test_upper_bound_falls_to_nil_when_all_is_mitigated():
    assert lifted(Decimal(100), upper_bound("equipment and development")) == 300
    assert lifted(Decimal(100), upper_bound("equipment and development"), Decimal(1)) == 100
    with pytest.raises(UnknownName, match="outsourcing"):
        upper_bound("outsorcing")
    with pytest.raises(InvalidInput):
        lifted(Decimal(100), Decimal("0.2"), Decimal(2))


def test_grades_are_combined_by_the_stated_rule_only():
    grades = {"take-up": 5, "impact": 3, "unit value": 6}
    assert combined_grade(grades, 4, "worst grade") == (Decimal("0.25"), 5)
    assert combined_grade(grades, 4, "own grade") == (Decimal("0.15"), 4)
    assert combined_grade(grades, 4, "mean of grades") == (Decimal("0.175"), None)
    assert combined_grade({}, 2, "worst grade") == (Decimal("0.05"), 2)
    assert combined_grade({}, None, "worst grade") == (0, None)


def test_links_end_at_the_level_of_the_line():
    line = make_line(optimism_bias=Decimal("0.15"), optimism_grade=4)
    assert links(line)[-1].running == line.level == 850
    harm = make_line(
        full_year_gbp=Decimal(-100), is_disbenefit=True, optimism_bias=Decimal("0.1"), optimism_grade=3
    )
    assert links(harm)[-1].running == harm.level == -110


def test_links_of_the_county_end_at_the_level_of_each_line(county_appraisal):
    for line in county_appraisal.model.lines:
        assert links(line)[-1].running == line.level, line.id


def test_unknown_shape_is_not_covered_and_a_wrong_number_fails():
    odd = {"id": "x", "category": "gmca_chain", "inputs": {"moon": 1}, "expected": 1}
    assert run([odd]).cases[0].outcome == "not covered"
    wrong = {
        "id": "y",
        "category": "optimism_bias",
        "inputs": {"cost": 100, "upper_bound": 0.5, "mitigation": 0.5},
        "expected": 124,
        "tolerance": 0.1,
    }
    assert run([wrong]).cases[0].outcome == "fail"


@pytest.mark.parametrize(
    ("category", "inputs", "expected"),
    [
        ("gmca_chain", {"target_population": 100, "take_up": 0.5, "impact": 0.1, "deadweight": 0.2, "displacement": 0.5, "unit_cost": 100, "confidence_grade": 4}, {"outcomes": 2, "gross": 200, "corrected": 170}),
        ("gmca_chain", {"year1_benefit": 100, "lag_years": 2, "duration": 2, "drop_off": 0.5, "cost_year0": 50, "rate": 0.1}, {"pv_benefits": 82.6446 + 37.5657, "payback_year": 2}),
        ("optimism_bias", {"cost": 100, "project_type": "non_standard_civil", "mitigation": 0}, 166),
        ("optimism_bias", {"cost": 100, "project_type": "standard_buildings", "mitigation": 1}, 100),
        ("bcr", {"benefits": 10, "disbenefit": 0, "costs": 0}, {"bcr": None, "npv": 10}),
        ("bcr_class", {"bcr": 3.999}, "high"),
        ("cashability", {"saving": 190, "step": 100}, {"cash": 100, "capacity": 90}),
        ("sensitivity", {"pv_benefits": 50, "pv_costs": 100}, -1),
        ("sroi", {"quantity": 10, "proxy": 100, "drop_off": 0.5, "years": 3, "rate": 0.035, "inputs": 500}, {"pv": 966.1836 + 466.7554 + 225.4857, "ratio": 3.3168}),
        ("discount_factor", {"year": 10, "schedule": "health", "year0_undiscounted": False}, 0.8489),
        ("npv", {"rate": 0.1, "benefits": [0, 110], "costs": [50]}, {"npv": 50, "pv_benefits": 100, "pv_costs": 50}),
        ("irr", {"cashflows": [-100, 110]}, {"irr": 0.1, "headline": 0.1}),
        ("irr_multiple", {"cashflows": [-100, 230, -132]}, {"roots": [0.1, 0.2], "headline": None}),
        ("payback", {"cashflows": [-100, 50, 40]}, None),
        ("mirr", {"cashflows": [1, 2], "finance_rate": 0.1, "reinvest_rate": 0.1}, None),
    ],
)  # fmt: skip
def test_same_categories_with_other_numbers_are_answered(category, inputs, expected):
    result = run(
        [{"id": "x", "category": category, "inputs": inputs, "expected": expected, "tolerance": 1e-3}]
    ).cases[0]
    assert result.outcome == "pass", result.why


def test_no_case_of_appraisal_is_left_uncovered():
    shipped = json.loads((Path(__file__).parents[2] / "partnership/golden/roi.json").read_text())["cases"]
    mine = [
        c
        for c in shipped
        if c.get("category")
        in CATEGORIES
        | {
            "npv",
            "irr",
            "irr_multiple",
            "irr_undefined",
            "mirr",
            "payback",
            "payback_discounted",
            "xirr",
            "xnpv",
            "eanc",
            "npv_bcr_irr",
            "discount_factor",
        }
    ]
    assert len(mine) > 70
    assert {r.outcome for r in run(mine).cases} == {"pass"}
