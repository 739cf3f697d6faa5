"""Ranges of costs and correlations as the plan states them: drawn as written, overruled by options, told in words."""

import io
import math
from decimal import Decimal

import numpy as np
import openpyxl
import pytest
from roi_building import assumed, benefit, make_plan, paid, share
from scipy.stats import spearmanr

from partnership._roi.doubt_shares import groups_of
from partnership._roi.draws import chances_of
from partnership._workflows.modelling import model_of
from partnership._workflows.uncertainty import Ranges, preview, shares_of_doubt, uncertain_appraisal
from partnership.roi import Correlation, Distribution, uncertain_model
from partnership.tabular import appraisal_workbook

RANGE = {
    "range_low": Decimal(90),
    "range_high": Decimal(140),
    "shared_name": "pay",
    "range_source": "Budget report",
}
IMPACT, TAKEN, PAY = "B1|impact|impact of B1", "B1|take-up|take-up of B1", "pay"


def tie(key, first, second, rank):
    return Correlation(
        id=key, assumption_a=first, assumption_b=second, rank_correlation=Decimal(rank), source="Judgement"
    )


def plan_of(*ties, **more):
    costs = more.pop("contributions", None) or [
        paid("C1", "A", 2025, 1000, **RANGE), paid("C2", "B", 2026, 3000, **RANGE), paid("C3", "B", 2025, 500),
        paid("C4", "A", 2027, 200, range_low=Decimal(50), distribution="uniform", range_high=Decimal(150)),
    ]  # fmt: skip
    return make_plan(
        benefits=[benefit("B1", duration_months=60)],
        assumptions=[
            assumed("target population", 100), assumed("take-up", 50, low=Decimal(30), high=Decimal(80), unit="%"),
            assumed("impact", 20, low=Decimal(10), high=Decimal(40), unit="%"), assumed("deadweight", 10, unit="%"),
            assumed("unit value", 500, unit="£"),
        ],
        shares=[share("B1", "A")], contributions=costs, correlations=ties, **more,
    )  # fmt: skip


def test_cost_of_one_name_is_one_draw_with_the_mean_and_spread_of_its_range():
    plan = plan_of()
    pay_mean, pay_sd = 330 / 3, math.sqrt((90**2 + 100**2 + 140**2 - 90 * 100 - 90 * 140 - 100 * 140) / 18)
    found = preview(plan)
    assert found.withheld == ""
    expected = -(500 + 3000 / 1.035 * pay_mean / 100)
    assert found.by_scope["B"][0] == pytest.approx(expected, rel=1e-9)
    assert found.by_scope["B"][1] == pytest.approx(3000 / 1.035 * pay_sd / 100, rel=1e-9)
    drawn = uncertain_appraisal(plan, draws=1000, seed=1)
    assert {n.key: n.unit for n in drawn.numbers if n.step == "cost"} == {"pay": "% of the amount stated", "cost|C4": "% of the amount stated"}  # fmt: skip
    assert drawn.agencies["B"].mean_gbp == pytest.approx(expected, rel=1e-6)
    years = {f.financial_year: f for f in drawn.fan_of("B")}
    assert years[2025].p10_gbp == years[2025].p90_gbp == -500
    assert -4200 < years[2026].p10_gbp < -3600 < years[2026].p90_gbp < -2700
    tornado = {b.key: b for b in drawn.tornado}
    ends = Distribution("triangular", 90, 100, 140).inverse([0.1, 0.9])
    assert tornado["pay"].swing_gbp == pytest.approx(
        (1000 + 3000 / 1.035) * (ends[1] - ends[0]) / 100, rel=1e-9
    )
    said = "2 ranges of costs, as the plan states them: “Cost of Agency A, 2027/28” 50% to 150%, uniform and “Cost of 2 agencies, pay” 90% to 140%, triangular."  # fmt: skip
    assert said in drawn.sentences["costs"]
    assert "Contributions without one are taken as certain." in drawn.sentences["costs"]


def test_correlations_of_the_plan_are_drawn_said_and_grouped():
    plan = plan_of(tie("K1", IMPACT, PAY, "0.6"), tie("K2", TAKEN, "cost|C4", "-0.4"))
    made = uncertain_model(model_of(plan)[0])
    numbers = made.draws.spread_out(chances_of(made.draws, 6000, seed=3))
    at = {n.key: numbers[i] for i, n in enumerate(made.draws.numbers)}
    for first, second, rank in ((IMPACT, PAY, 0.6), (TAKEN, "cost|C4", -0.4), (IMPACT, TAKEN, 0.0), (PAY, "cost|C4", 0.0)):  # fmt: skip
        assert spearmanr(at[first], at[second]).statistic == pytest.approx(rank, abs=0.045)
    groups = dict(zip((n.key for n in made.draws.numbers), groups_of(made.draws), strict=True))
    assert groups[IMPACT] == groups[PAY] != groups[TAKEN] == groups["cost|C4"]
    found = uncertain_appraisal(plan, draws=500)
    assert [(t.id, t.first, t.second) for t in found.ties] == [("K1", IMPACT, PAY), ("K2", TAKEN, "cost|C4")]
    assert "2 rank correlations of the plan are in force" in found.sentences["correlations"]
    assert "“impact of B1” with “Cost of 2 agencies, pay” 0.6" in found.sentences["correlations"]
    assert "−0.4" in found.sentences["correlations"]
    assert {len(s.keys) for s in shares_of_doubt(found.appraisal, samples=64).shares} == {2}
    apart = uncertain_appraisal(plan_of(), draws=4000, seed=3).agencies["A"].sd_gbp
    worse = uncertain_appraisal(plan, draws=4000, seed=3).agencies["A"].sd_gbp
    better = uncertain_appraisal(plan_of(tie("K1", IMPACT, PAY, "-0.9")), draws=4000, seed=3).agencies["A"].sd_gbp  # fmt: skip
    assert worse < apart < better  # gain and cost that rise together offset each other
    book = openpyxl.load_workbook(io.BytesIO(appraisal_workbook(found.appraisal, uncertain=found)))[
        "How sure"
    ]
    cells = [c.value for row in book.iter_rows() for c in row if c.value is not None]
    assert {"What moves together", "K1", 0.6, "Judgement"} <= set(cells)
    assert found.sentences["correlations"] in cells
    assert found.sentences["costs"] in cells


def test_options_stand_in_for_the_plans_ranges_and_correlations_and_say_so():
    plan = plan_of(tie("K1", IMPACT, PAY, "0.6"))
    other = uncertain_appraisal(plan, draws=500, ranges=Ranges({(IMPACT, TAKEN): 0.5}))
    assert "1 rank correlation as given is in force" in other.sentences["correlations"]
    assert other.sentences["correlations"].endswith("They stand in for 1 correlation of the plan.")
    none = uncertain_appraisal(plan, draws=500, ranges=Ranges({}))
    assert none.sentences["correlations"] == "No correlation is in force, as asked: 1 correlation of the plan is left out."  # fmt: skip
    factor = uncertain_appraisal(
        plan_of(), draws=500, ranges=Ranges(costs=Distribution("triangular", 0.9, 1, 1.3))
    )
    assert {n.key for n in factor.numbers if n.step == "cost"} == {"cost|A", "cost|B"}
    assert factor.sentences["costs"].endswith("It stands in for 2 ranges of the plan.")
    certain = uncertain_appraisal(plan_of(), draws=500, ranges=Ranges(costs=Distribution("fixed", 1, 1, 1)))
    assert not [n for n in certain.numbers if n.step == "cost"]
    assert certain.sentences["costs"] == "Costs are taken as certain, as asked. It stands in for 2 ranges of the plan."  # fmt: skip


def test_what_cannot_be_drawn_as_stated_is_left_out_with_its_reason():
    costs = [
        paid("C1", "A", 2025, 1000, range_low=Decimal(110), range_high=Decimal(120)),
        paid("C2", "A", 2025, 900, stage="actual", range_high=Decimal(120)),
        paid("C3", "A", 2026, 1000, **RANGE), paid("C4", "A", 2027, 1000, **(RANGE | {"range_high": Decimal(150)})),
        paid("C5", "A", 2028, 100, range_low=Decimal(0), range_high=Decimal(120), distribution="lognormal"),
    ]  # fmt: skip
    ties = (tie("K1", "nobody", IMPACT, "0.5"), tie("K2", IMPACT, IMPACT, "0.5"), tie("K3", IMPACT, TAKEN, "0.5"), tie("K4", TAKEN, IMPACT, "0.4"))  # fmt: skip
    found = uncertain_appraisal(plan_of(*ties, contributions=costs), draws=500)
    said = {f.code: f.found for f in found.findings}
    assert "The range of 110% to 120% does not hold" in " ".join(f.found for f in found.findings)
    assert "was paid, or corrected, has a range" in " ".join(f.found for f in found.findings)
    assert "The shared name pay is stated in different ways" in said["roi-shared-differs"]
    assert "no lognormal begins there" in said["roi-lognormal"]
    assert {n.key for n in found.numbers if n.step == "cost"} == {"cost|C3", "cost|C4", "cost|C5"}
    assert [t.id for t in found.ties] == ["K3"]
    unused = [f.found for f in found.findings if f.code == "roi-correlation-unused"]
    assert len(unused) == 3
    assert "“nobody” is not drawn" in unused[0]
    assert "ties an assumption to itself" in unused[1]
    assert "tied already" in unused[2]


@pytest.mark.long
def test_county_is_as_likely_to_gain_as_an_own_drawing_of_its_ties_says(county):
    """Another generator, another copula routine: numpy's normals through the same margins."""
    made = uncertain_model(model_of(county)[0])
    draws, keys = 8000, [n.key for n in made.draws.numbers]
    normal = np.random.default_rng(7).standard_normal((len(keys), draws))
    target = np.eye(len(keys))
    for t in county["correlations"]:
        a, b = keys.index(t.assumption_a), keys.index(t.assumption_b)
        target[a, b] = target[b, a] = 2 * math.sin(math.pi * float(t.rank_correlation) / 6)
    from scipy.special import ndtr

    chances = ndtr(np.linalg.cholesky(target) @ normal)
    numbers = np.stack([n.spread.inverse(row) for n, row in zip(made.draws.numbers, chances, strict=True)])
    net = sum(row for row, c in zip(made.draws.outcomes(numbers), made.draws.columns, strict=True) if c.startswith("net fiscal|"))  # fmt: skip
    found = uncertain_appraisal(county, draws=8000).whole
    assert found.chance_gain == pytest.approx(float((net > 0).mean()), abs=0.025)
    assert found.mean_gbp == pytest.approx(float(net.mean()), abs=0.06 * found.sd_gbp)
    assert found.p10_gbp == pytest.approx(float(np.quantile(net, 0.1)), abs=0.08 * found.sd_gbp)
