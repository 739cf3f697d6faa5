import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roi_building import assumed, benefit, make_cost, make_line, make_model, make_plan, paid, share

from partnership._roi.ledger import pv_of_line
from partnership._roi.switching import switching_values, with_assumption
from partnership._workflows.appraising import appraise_plan, as_json, settings_of
from partnership.errors import InvalidInput, UnknownName
from partnership.roi import (
    FISCAL_CLASSES,
    WHOLE,
    Assumed,
    appraise,
    at_prices_of,
    difference,
    distributional_weight,
    equivalent_annual_value,
    internal_rates,
    modified_internal_rate,
    net_present_value,
    payback,
    social_return,
    switching_share,
    value_band,
)

POUNDS = st.decimals(-(10**6), 10**6, places=2)


def test_county_is_the_one_of_the_drawings(county_appraisal):
    whole = county_appraisal.whole
    assert whole.headline == "£4.33m buys £5.37m of benefit to public services."
    paid_m = {
        "COU": "1.84",
        "POL": "0.71",
        "ICB": "0.62",
        "NAT": "0.60",
        "SCH": "0.16",
        "MHT": "0.14",
        "PRO": "0.11",
        "DAC": "0.09",
        "YTH": "0.06",
    }
    for agency, millions in paid_m.items():
        assert round(county_appraisal.agencies[agency].pv_cost_gbp / 10**6, 2) == Decimal(millions)
    worse_off = {a for a, r in county_appraisal.agencies.items() if r.net_fiscal_gbp < 0 and a != "NAT"}
    assert worse_off == {"COU", "SCH", "DAC"}
    assert whole.fiscal_return.words == "1.24"
    assert round(whole.pv_not_agreed_gbp, -4) == 400_000


def test_county_present_value_by_a_second_way_month_by_month(county, county_appraisal):
    """Fractions, one month at a time, from the records alone: no line, weight or factor of the product."""
    assumptions = {}
    for a in county["assumptions"]:
        assumptions.setdefault(a.benefit_id, []).append(a)
    corrections = {1: "0", 2: "0.05", 3: "0.10", 4: "0.15", 5: "0.25", 6: "0.40"}
    per = {"week": 52, "month": 12, "quarter": 4}
    total = Fraction(0)
    for b in county["benefits"]:
        level, ramp, stated, grades = Fraction(-1 if b.is_disbenefit else 1), [], False, []
        for a in assumptions[b.id]:
            value = Fraction(a.value) / (100 if "%" in a.unit else 1)
            if a.step == "ramp-up":
                ramp.append(value)
                continue
            stated |= a.step == "optimism bias"
            if a.step in ("target population", "affected", "take-up", "retention", "impact"):
                grades.append(a.confidence_grade)
            taken_off = a.step in (
                "deadweight",
                "displacement",
                "leakage",
                "substitution",
                "attribution",
                "optimism bias",
            )
            level *= (1 - value) if taken_off else value
            for word, times in per.items():
                level *= times if f"a {word}" in a.unit and a.step == "affected" else 1
        if not any(a.step == "unit value" for a in assumptions[b.id]):
            level *= Fraction(b.unit_cost_gbp)
        if not stated:
            correction = Fraction(corrections[max(grades)])
            level *= 1 + correction if b.is_disbenefit else 1 - correction
        for month in range(b.duration_months):
            index = b.starts_on.year * 12 + b.starts_on.month - 1 + month
            year = (index - 3) // 12 - 2025
            if not 0 <= year < 5:
                continue
            j = month // 12
            strength = (ramp[j] if j < len(ramp) else 1) * (1 - Fraction(b.drop_off) / 100) ** j
            total += level * strength / 12 / Fraction("1.035") ** year
    assert abs(Fraction(county_appraisal.whole.pv_fiscal_gbp) - total) < Fraction(1, 10)


def test_agencies_and_classes_make_the_whole_to_the_penny(county_appraisal):
    results = county_appraisal.agencies.values()
    whole = county_appraisal.whole
    for figure in (
        "pv_cost_gbp",
        "pv_fiscal_gbp",
        "pv_cashable_gbp",
        "pv_disbenefit_gbp",
        "pv_moved_gbp",
        "pv_not_agreed_gbp",
        "net_fiscal_gbp",
    ):
        assert sum(getattr(r, figure) for r in results) == getattr(whole, figure), figure
    assert whole.pv_fiscal_gbp == sum(whole.pv_by_class[c] for c in FISCAL_CLASSES)
    assert whole.net_present_budget_impact_gbp == -whole.net_fiscal_gbp


@settings(deadline=None)
@given(POUNDS, POUNDS, st.integers(1, 5))
def test_present_value_is_linear_to_the_penny(a, b, factor):
    def value(pounds):
        line = make_line(full_year_gbp=pounds, is_disbenefit=pounds < 0)
        return appraise(make_model([line])).whole.pv_fiscal_gbp

    assert abs(value(a + b) - value(a) - value(b)) <= Decimal("0.02")
    assert abs(value(a * factor) - factor * value(a)) <= Decimal("0.01") * factor


def test_public_value_adds_economic_and_social_value_and_fiscal_return_does_not():
    lines = [
        make_line("B1", duration_months=12),
        make_line("B2", category="economic", duration_months=12),
        make_line("B3", category="social", duration_months=12),
    ]
    result = appraise(make_model(lines, [make_cost(amount=500)])).whole
    assert (result.pv_fiscal_gbp, result.net_public_value_gbp) == (1000, 2500)
    assert (result.fiscal_return.value, result.public_value_bcr.value) == (2, 6)
    assert (result.social_return.gross.value, result.social_return.net.value) == (6, 5)
    assert "gross" in result.social_return.gross.name
    assert "net" in result.social_return.net.name


def test_disbenefit_is_taken_off_above_the_line():
    lines = [
        make_line("B1", full_year_gbp=Decimal(200), duration_months=12),
        make_line("B2", full_year_gbp=Decimal(-50), is_disbenefit=True, duration_months=12),
    ]
    result = appraise(make_model(lines, [make_cost(amount=100)])).whole
    assert result.public_value_bcr.value == Decimal("1.5")
    assert result.pv_disbenefit_gbp == -50
    assert "above the line" in appraise(make_model(lines)).sentences["denominator"]


@pytest.mark.parametrize(
    ("costs", "words"),
    [([], "nothing is paid"), ([make_cost(amount=-5, entry="correction")], "saves money before any benefit")],
)
def test_ratio_over_no_cost_is_undefined_in_words(costs, words):
    result = appraise(make_model([make_line()], costs)).whole
    assert result.fiscal_return.value is None
    assert words in result.fiscal_return.words
    assert result.headline is None


def test_year_0_is_a_visible_switch():
    line, cost = make_line(duration_months=12), make_cost(amount=1000)
    value = {
        c: appraise(make_model([line], [cost], convention=c)) for c in ("green-book", "end-of-year", "sroi")
    }
    assert (value["green-book"].whole.pv_fiscal_gbp, value["green-book"].whole.pv_cost_gbp) == (1000, 1000)
    assert (value["end-of-year"].whole.pv_fiscal_gbp, value["end-of-year"].whole.pv_cost_gbp) == (
        Decimal("966.18"),
        Decimal("966.18"),
    )
    assert (value["sroi"].whole.pv_fiscal_gbp, value["sroi"].whole.pv_cost_gbp) == (Decimal("966.18"), 1000)
    assert len({a.sentences["year 0"] for a in value.values()}) == 3


def test_two_vintages_differ_by_stated_pounds_and_the_what_if_makes_no_headline(county):
    now, what_if = (
        appraise_plan(county).appraisal,
        appraise_plan(county, vintage="review-2026-what-if").appraisal,
    )
    changes = {(c.scope, c.measure): c for c in difference(now, what_if)}
    whole = changes[WHOLE, "pv_fiscal_gbp"]
    assert whole.before == now.whole.pv_fiscal_gbp
    assert whole.change_gbp == what_if.whole.pv_fiscal_gbp - now.whole.pv_fiscal_gbp > 0
    assert now.vintage in now.sentences["vintage"]
    assert what_if.whole.headline is None
    assert any("Vintage" in m for m in what_if.whole.gate.missing)


def test_difference_between_two_price_years_is_refused():
    one, other = appraise(make_model()), appraise(make_model(price_year="2024/25"))
    with pytest.raises(InvalidInput, match="2024/25"):
        difference(one, other)


def test_tax_cost_uplift_is_off_and_touches_public_value_only():
    lines, costs = [make_line(duration_months=12)], [make_cost(amount=100)]
    off, on = (
        appraise(make_model(lines, costs)),
        appraise(make_model(lines, costs, tax_cost_uplift=Decimal("0.2"))),
    )
    assert off.sentences["tax-cost uplift"].startswith("Off")
    assert off.whole.net_public_value_gbp - on.whole.net_public_value_gbp == 20
    assert off.whole.pv_cost_gbp == on.whole.pv_cost_gbp


def test_value_words_are_off_unless_asked_and_then_the_departments():
    lines, costs = [make_line(duration_months=12)], [make_cost(amount=500)]
    assert appraise(make_model(lines, costs)).whole.value_band is None
    asked = appraise(make_model(lines, costs, value_bands=True))
    assert asked.whole.value_band == "high"
    assert "Department for Transport" in asked.sentences["value words"]


def by_year(*flows):
    """Lines and costs whose net flow by year is as given."""
    lines, costs = [], []
    for i, flow in enumerate(flows):
        if flow > 0:
            lines.append(
                make_line(
                    f"B{i}",
                    full_year_gbp=Decimal(flow),
                    starts_on=dt.date(2025 + i, 4, 1),
                    duration_months=12,
                )
            )
        elif flow < 0:
            costs.append(make_cost(f"C{i}", year=2025 + i, amount=-flow))
    return appraise(make_model(lines, costs, horizon_years=len(flows))).whole.returns


def test_rate_of_return_is_a_headline_only_when_there_is_one():
    one = by_year(-1000, 500, 400, 300, 100)
    assert round(one.rate, 4) == 0.1449
    two = by_year(-100, 230, -132)
    assert [round(r, 6) for r in two.rates] == [0.1, 0.2]
    assert two.rate is None
    assert "No headline" in two.rate_words
    assert by_year(100, 200).rate_words == "None: the flows never change sign."
    loan = by_year(100, -110)
    assert loan.rate is None
    assert "loan" in loan.rate_words


def test_payback_three_ways_and_a_reversal_is_flagged():
    plain = by_year(-1000, 500, 400, 300, 100)
    assert round(plain.payback_years, 2) == Decimal("2.33")
    assert plain.payback_whole_years == 3
    assert round(plain.discounted_payback_years, 2) == Decimal("2.53")
    back = by_year(-100, 120, 0, -50)
    assert back.reverses
    assert "again later" in back.payback_words
    assert by_year(-100, 10).payback_words == "Not paid back within 2 years."
    assert by_year(100, 10).payback_years is None


def switched(appraisal, scope, key):
    return next(s for s in appraisal.result(scope).switching if s.key == key)


@pytest.mark.parametrize("scope", [WHOLE, "COU", "MHT"])
def test_switching_value_put_into_the_model_makes_the_net_nil(county_appraisal, scope):
    model = county_appraisal.model
    tried = [s for s in county_appraisal.result(scope).switching if s.at is not None]
    assert tried
    for found in tried:
        lines = tuple(with_assumption(line, found.key, found.at) for line in model.lines)
        weights = {
            x.id: Decimal(1) if scope == WHOLE else Decimal(float(x.shares.get(scope, 0))) for x in lines
        }
        gained = sum(pv_of_line(x, model.settings) * weights[x.id] for x in lines)
        assert abs(gained - county_appraisal.result(scope).pv_cost_gbp) < 1, found.key


def test_shared_assumption_is_one_switching_value_over_all_its_lines(county_appraisal):
    found = switched(county_appraisal, WHOLE, "take-up-families")
    assert set(found.line_ids) == {"B01", "B02", "B04", "B10"}
    assert 35 < found.at < found.used


def test_switching_value_of_drop_off_is_found_by_bisection():
    plan = make_plan(
        [benefit(full_year_gbp=Decimal(1000), drop_off=Decimal(10))], [], [share()], [paid(amount=2500)]
    )
    appraisal = appraise_plan(plan).appraisal
    (found,) = appraisal.whole.switching
    line = with_assumption(appraisal.model.lines[0], found.key, found.at)
    assert abs(pv_of_line(line, appraisal.model.settings) - 2500) < Decimal("0.01")


def test_no_possible_value_is_said_as_none():
    plan = make_plan(
        [benefit()],
        [assumed("affected", 10, unit="a year"), assumed("take-up", 90, unit="%"), assumed("unit value", 1)],
        [share()],
        [paid(amount=10**6)],
    )
    found = {s.step: s.at for s in appraise_plan(plan).whole.switching}
    assert found["take-up"] is None
    assert found["affected"] > 10


def gated(lines, costs, **settings):
    return appraise(make_model(lines, costs, **settings)).whole.gate.missing


def test_claim_gate_names_each_thing_that_is_missing():
    good = [make_cost("C1", "A"), make_cost("C2", "B")]
    line = make_line(shares={"A": Fraction(1, 2), "B": Fraction(1, 2)})
    assert gated([line], good) == ()
    assert "Counterfactual" in gated([replace(line, has_counterfactual=False)], good)[0]
    assert "Own cost: Agency B" in gated([line], good[:1])[0]
    assert "Coverage: 1 of 2" in gated([line, make_line("B2", missing="No money.")], good)[0]
    assert (
        "Price base"
        in gated([line], [*good, replace(good[0], id="C3", real_gbp=None, missing="no deflator")])[0]
    )
    assert "Vintage" in gated([line], good, vintage="review-2026-what-if")[0]
    assert any("Denominator" in m for m in gated([line], []))
    assert gated([line, make_line("B2", benefit_class="qualitative", missing="words")], good) == ()


def test_headline_of_an_agency_looks_at_its_own_benefits_only():
    lines = [make_line("B1"), make_line("B2", shares={"B": Fraction(1)}, has_counterfactual=False)]
    appraisal = appraise(make_model(lines, [make_cost("C1", "A"), make_cost("C2", "B")]))
    assert appraisal.result("A").headline == "Agency A pays £1,000 and gains £4,673."
    assert appraisal.result("B").headline is None
    assert appraisal.result("BBB") is appraisal.result("B")
    with pytest.raises(UnknownName):
        appraisal.result("nobody")


def test_other_rules_for_grades_are_shown_beside_the_chosen_one(county, county_appraisal):
    alternatives = county_appraisal.optimism_alternatives
    assert alternatives["worst grade"] == county_appraisal.whole.pv_fiscal_gbp
    for rule, value in alternatives.items():
        assert appraise_plan(county, optimism_rule=rule).whole.pv_fiscal_gbp == value
    assert len(set(alternatives.values())) == 3


@pytest.mark.parametrize(
    "plan",
    [
        make_plan(agencies=()), make_plan(), make_plan(agencies=("A",), contributions=[paid()]), make_plan(contributions=[paid(amount=0)]),
        make_plan([benefit(), benefit("B2")], [], [share(), share("B2")], [paid()]), make_plan([benefit(full_year_gbp=Decimal(5))], [], [share()]),
        make_plan([benefit(full_year_gbp=Decimal(0))], [], [share()], [paid()]),
    ],
    ids=["nobody", "no money", "one agency", "nil cost", "all benefits missing", "no cost", "nil benefit"],
)  # fmt: skip
def test_plan_of_almost_nothing_gives_words_and_no_traceback(plan):
    done = appraise_plan(plan)
    assert done.whole.headline is None
    assert done.whole.gate.missing
    assert as_json(done)["results"][0]["ratios"][0]["words"]
    assert done.whole.returns.rate_words
    assert done.whole.returns.payback_words


def test_sixty_years_run_over_the_kink_of_the_schedule(county):
    done = appraise_plan(county, horizon_years=60)
    assert len(done.whole.returns.flows) == 60
    line = make_line(duration_months=12 * 60)
    value = appraise(make_model([line], horizon_years=60)).whole.pv_fiscal_gbp
    expected = sum(1000 / 1.035**t for t in range(31)) + sum(
        1000 / 1.035**30 / 1.03 ** (t - 30) for t in range(31, 60)
    )
    assert abs(float(value) - expected) < 0.01


def test_horizon_beyond_the_schedule_is_refused_in_words(county):
    with pytest.raises(InvalidInput, match="Shorten the horizon"):
        appraise_plan(county, horizon_years=60, vintage="review-2026-what-if")


def test_unknown_vintage_names_the_known(county):
    with pytest.raises(UnknownName, match="gb-2003-2026"):
        appraise_plan(county, vintage="gb-2003")


def test_settings_come_from_the_plan_and_can_be_chosen():
    plan = make_plan()
    assert (settings_of(plan).first_year, settings_of(plan).horizon_years, settings_of(plan).prices) == (
        2025,
        5,
        "2025/26",
    )
    assert settings_of(plan, horizon_years=10, vintage=None).horizon_years == 10


def test_every_output_prints_its_choices(county_appraisal):
    printed = as_json_of(county_appraisal)["sentences"]
    assert {
        "vintage",
        "horizon",
        "prices",
        "deflator",
        "year 0",
        "optimism",
        "cost",
        "classes",
        "denominator",
        "tax-cost uplift",
        "value words",
    } <= set(printed)
    assert "2013/14 at 2013" in printed["deflator"]


def as_json_of(appraisal):
    from partnership._workflows.appraising import Appraised

    return as_json(Appraised(appraisal, ()))


def test_json_of_one_agency_holds_no_other_agencys_result(county_appraisal):
    from partnership._workflows.appraising import Appraised

    data = as_json(Appraised(county_appraisal, ()), "COU")
    assert [r["scope"] for r in data["results"]] == ["COU"]
    assert {r["agency_id"] for r in data["ledger"]} == {"COU"}
    assert all(set(v["by_agency"]) == {"COU"} for v in data["lines"])


def test_switching_values_of_nothing_are_none():
    assert switching_values([], make_model().settings, Decimal(0), {}) == ()


DOORS = {
    "net present value": lambda x: net_present_value([x], Decimal("0.035")),
    "rate of net present value": lambda x: net_present_value([Decimal(1)], x),
    "payback": lambda x: payback([x]),
    "rates of return": lambda x: internal_rates([float(x), 1.0]),
    "modified rate": lambda x: modified_internal_rate([float(x), 1.0], 0.1, 0.1),
    "equivalent annual value": lambda x: equivalent_annual_value(x, 5, Decimal("0.035")),
    "prices": lambda x: at_prices_of(x, 2013, 2024),
    "ratio": lambda x: social_return(x, Decimal(1)),
    "switching": lambda x: switching_share(x, Decimal(1)),
    "value words": value_band,
    "income": lambda x: distributional_weight(x, Decimal(1)),
    "line": lambda x: make_line(full_year_gbp=x),
    "step": lambda x: make_line(step_gbp=x),
    "cost": lambda x: make_cost(amount=x),
    "assumption": lambda x: Assumed("a", "impact", x, x, x),
}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_number_is_refused_in_words_at_every_door(door, number):
    with pytest.raises(InvalidInput, match=r"Give "):
        DOORS[door](Decimal(number))
