import dataclasses
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roi_building import make_cost, make_line, make_model

from partnership._roi.draws import chances_of
from partnership._roi.sensitivity import Worth
from partnership._workflows.uncertainty import preview, uncertain_appraisal
from partnership.errors import InvalidInput, UnknownName
from partnership.roi import (
    Assumed,
    Cancelled,
    Distribution,
    DrawLine,
    DrawModel,
    Factor,
    Number,
    Ranges,
    Shape,
    Withheld,
    draw,
    exact_moments,
    nearest_correlation,
    uncertain_model,
)


def assume(step, low, value, high, *, kind="triangular", shared=None, scale="0.01", offset="0", name=None):
    return Assumed(
        name or step, step, *(Decimal(str(x)) for x in (value, low, high)), kind, shared,
        scale=Decimal(scale), offset=Decimal(offset), unit="%",
    )  # fmt: skip


def chained(key, *, shared="take-up", shares=None, step=None, **more):
    return make_line(
        key, full_year_gbp=None, shares=shares or {"A": Fraction(2, 3), "B": Fraction(1, 3)},
        chain=(
            assume("target population", 90, 100, 130, kind="PERT", scale="1"), assume("take-up", 40, 60, 70, shared=shared),
            assume("deadweight", 10, 20, 45, kind="uniform", scale="-0.01", offset="1"),
        ),
        unit_value=assume("unit value", 400, 500, 800, kind="lognormal", scale="1"),
        ramp_up=(assume("ramp-up", 20, 50, 60), assume("ramp-up", 80, 90, 100, name="second year")),
        drop_off=assume("drop-off", 0, 10, 30, kind="normal", scale="-0.01", offset="1"), step_gbp=step, **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def model():
    lines = [
        chained("B1"), chained("B2", shared=None), chained("B3", is_disbenefit=True, shares={"B": Fraction(1)}),
        chained("B4", benefit_class="cash-releasing", step=Decimal(9000)), make_line("B5", full_year_gbp=Decimal(700)),
    ]  # fmt: skip
    costs = [make_cost("C1", "A", 2025, 60000), make_cost("C2", "B", 2026, 9000, form="in kind")]
    return make_model(lines, costs)


@pytest.fixture(scope="module")
def uncertain(model):
    return uncertain_model(model)


def test_with_every_number_as_used_the_columns_are_the_appraisal(model, uncertain):
    from partnership.roi import appraise

    found = dict(
        zip(uncertain.draws.columns, uncertain.draws.outcomes(uncertain.draws.at_used())[:, 0], strict=True)
    )
    for agency, result in appraise(model).agencies.items():
        assert found[f"net fiscal|{agency}"] == pytest.approx(float(result.net_fiscal_gbp), abs=0.06)
        assert found[f"net public value|{agency}"] == pytest.approx(
            float(result.net_public_value_gbp), abs=0.06
        )


@pytest.mark.parametrize("ranges", [Ranges(), Ranges(rate=Distribution("uniform", 0.02, 0.035, 0.05), costs=Distribution("triangular", 0.9, 1, 1.4))], ids=["plan", "rate and costs"])  # fmt: skip
def test_draws_have_the_exact_mean_and_spread(model, ranges):
    numbers = uncertain_model(model, ranges).draws
    exact = exact_moments(numbers)
    drawn = draw(numbers, 100_000, seed=11, threads=1).values
    spread = np.sqrt(np.diag(exact.covariance))
    moves = spread > 0
    assert moves.any()
    assert (np.abs(drawn.mean(1) - exact.means)[moves] < 4.5 * spread[moves] / math.sqrt(100_000)).all()
    assert drawn.std(1)[moves] == pytest.approx(spread[moves], rel=0.02)
    together = np.cov(drawn)
    scale = np.outer(spread, spread)[np.ix_(moves, moves)]
    assert np.abs((together - exact.covariance)[np.ix_(moves, moves)] / scale).max() < 0.03


@pytest.mark.parametrize("tie", [{}, {("take-up", "B2|take-up|take-up"): 0.6}])
def test_compiled_and_plain_draws_agree(model, tie):
    numbers = uncertain_model(
        model, Ranges(correlations=tie, rate=Distribution("uniform", 0.02, 0.035, 0.05))
    ).draws
    plain = numbers.outcomes(numbers.spread_out(chances_of(numbers, 600, seed=4, first=300)))
    assert draw(numbers, 600, seed=4, first=300).values == pytest.approx(plain, rel=1e-9, abs=1e-6)


def test_chunks_and_threads_do_not_change_a_byte(uncertain):
    numbers = uncertain.draws
    whole = draw(numbers, 9000, seed=8, threads=1).values
    assert draw(numbers, 9000, seed=8, threads=2).values.tobytes() == whole.tobytes()
    cuts = [0, 1, 511, 513, 4096, 7777, 9000]
    parts = [
        draw(numbers, b - a, seed=8, first=a, threads=2).values for a, b in zip(cuts, cuts[1:], strict=False)
    ]
    assert np.concatenate(parts, axis=1).tobytes() == whole.tobytes()
    assert draw(numbers, 9000, seed=9, threads=1).values.tobytes() != whole.tobytes()


def test_order_of_lines_does_not_change_a_byte(model, uncertain):
    turned = dataclasses.replace(
        model, lines=model.lines[::-1], costs=model.costs[::-1], agencies=model.agencies[::-1]
    )
    assert (
        draw(uncertain_model(turned).draws, 700, seed=2).values.tobytes()
        == draw(uncertain.draws, 700, seed=2).values.tobytes()
    )


def test_one_line_more_leaves_the_draws_of_the_others_as_they_were(model):
    alone = make_model([model.lines[0]], model.costs)
    both = make_model(model.lines[:2], model.costs)
    extra = make_model([model.lines[1]], [])
    a, b, c = (draw(uncertain_model(m).draws, 300, seed=6).values for m in (alone, both, extra))
    assert b == pytest.approx(a + c, abs=1e-6)


def test_a_shared_assumption_is_drawn_once(model):
    apart = [
        dataclasses.replace(x, chain=tuple(dataclasses.replace(a, shared_name=None) for a in x.chain))
        for x in model.lines
    ]
    one, two = (
        preview(make_model(lines, model.costs)).by_scope["whole"] for lines in (model.lines[:2], apart[:2])
    )
    same = [
        dataclasses.replace(x, chain=tuple(dataclasses.replace(a, shared_name=a.step) for a in x.chain))
        for x in model.lines
    ]
    three = preview(make_model(same[:2], model.costs)).by_scope["whole"]
    assert one[0] == pytest.approx(two[0])
    assert two[1] == pytest.approx(one[1])  # the second line has its own take-up: nothing is shared
    assert three[1] > 1.08 * two[1]


@settings(max_examples=20, deadline=None)
@given(
    kind=st.sampled_from(["triangular", "PERT", "uniform", "normal", "lognormal"]), low=st.floats(1, 50),
    width=st.floats(0.5, 80), where=st.floats(0, 1), most=st.sampled_from([math.inf, 100.0, 60.0]),
)  # fmt: skip
def test_distribution_moments_nodes_and_inverse_agree(kind, low, width, where, most):
    value = low + where * width
    if kind in ("normal", "lognormal"):
        most = max(most, value * 1.1)
    spread = Distribution(
        kind, low, value, low + width, 0, most if kind in ("normal", "lognormal") else math.inf
    )
    points, weights = spread.nodes()
    assert weights @ points == pytest.approx(spread.mean, rel=1e-6)
    assert weights @ points**2 == pytest.approx(spread.moments[1], rel=1e-6)
    chances = (np.arange(20_000) + 0.5) / 20_000
    values = spread.inverse(chances)
    assert (np.diff(values) >= 0).all()
    assert values.mean() == pytest.approx(spread.mean, rel=5e-3)


@pytest.mark.parametrize("lag", [(0, 3), (1, 2), (2, 2), (0, 5)], ids=["to 3", "1 to 2", "certain", "to 5"])
def test_closed_form_is_the_sum_over_years(lag):
    numbers = (
        Number("drop", "d", Distribution("uniform", 0, 0.1, 0.3), 0.1), Number("lag", "l", Distribution("whole years", lag[0], *lag), 0),
        Number("rate", "r", Distribution("uniform", 0.025, 0.035, 0.045), 0.035),
    )  # fmt: skip
    for years, start in ((5, 0), (30, 0), (30, 2), (60, 0), (100, 0)):
        shape = Shape(keep=Factor(0, 1.0, -1.0), lag=1, years=years, start=start)
        numbered = DrawModel(numbers, (DrawLine("L", 100.0, (), shape, {0: 1.0}),), ("a",), (0.0,), rate=2)
        drop, late, rate = numbered.spread_out(chances_of(numbered, 50, seed=3))
        slow = [
            100 * sum((1 - d) ** (y - k) / (1 + r) ** (y + start) for y in range(int(k), years))
            for d, k, r in zip(drop, late, rate, strict=True)
        ]  # fmt: skip
        assert draw(numbered, 50, seed=3).values[0] == pytest.approx(slow, rel=1e-12)


def test_where_nothing_is_lost_the_closed_form_counts_the_years():
    lag = Number("lag", "l", Distribution("whole years", 0, 0, 3), 0)
    shape = Shape(keep=Factor(-1, 1.0, 0.0), lag=0, years=10)
    numbered = DrawModel((lag,), (DrawLine("L", 7.0, (), shape, {0: 1.0}),), ("a",), (0.0,))
    (late,) = numbered.spread_out(chances_of(numbered, 50, seed=3))
    assert draw(numbered, 50, seed=3).values[0] == pytest.approx(7 * (10 - late), rel=1e-15)


def test_contradicting_correlations_bend_to_the_nearest_and_say_so(model):
    wanted = {("take-up", "B2|take-up|take-up"): 0.9, ("take-up", "B1|deadweight|deadweight"): -0.9, ("B2|take-up|take-up", "B1|deadweight|deadweight"): 0.9}  # fmt: skip
    tied = uncertain_model(model, Ranges(correlations=wanted))
    assert [f.code for f in tied.findings if "corr" in f.code] == ["roi-correlations-bent"]
    reason = exact_moments(tied.draws)
    assert isinstance(reason, Withheld)
    assert "Correlations tie" in reason.reason
    fine = uncertain_model(model, Ranges(correlations={("take-up", "B2|take-up|take-up"): 0.7})).draws
    ranks = np.argsort(
        np.argsort(fine.spread_out(chances_of(fine, 20_000, seed=1))[list(fine.tied)], axis=1), axis=1
    )
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(0.7, abs=0.02)
    assert (
        np.linalg.eigvalsh(
            nearest_correlation(np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1.0]]))
        ).min()
        > 0
    )
    with pytest.raises(InvalidInput, match="No assumption with a range"):
        uncertain_model(model, Ranges(correlations={("take-up", "nothing"): 0.5}))


def test_uncertain_appraisal_gives_everything_in_one_call(model):
    from partnership._workflows.uncertainty import explained
    from partnership.roi import appraise

    told = []
    found = uncertain_appraisal(
        model, draws=4000, seed=3, agency="AAA", sobol_samples=64, progress=lambda *x: told.append(x)
    )
    a, whole = found.agencies["A"], found.whole
    assert a.p10_gbp < a.p50_gbp < a.p90_gbp
    assert a.shortfall_gbp < a.p10_gbp
    assert a.chance_gain + a.chance_worse_off == pytest.approx(1)
    assert a.is_exact
    assert whole.mean_gbp == pytest.approx(sum(s.mean_gbp for s in found.agencies.values()))
    cash = found.spreads["net cash"]["A"]
    assert not cash.is_exact
    assert "whole steps" in cash.why_not_exact
    assert [f.financial_year for f in found.fan_of("A")] == [2025, 2026, 2027, 2028, 2029]
    assert all(f.p10_gbp <= f.p50_gbp <= f.p90_gbp for f in found.fan)
    assert found.fan_of("whole")[-1].sum_p50_gbp > found.fan_of("whole")[0].sum_p50_gbp
    assert found.tornado[0].swing_gbp >= found.tornado[-1].swing_gbp
    assert sum(s.first for s in found.sobol.shares) == pytest.approx(1, abs=0.35)
    assert all(isinstance(w, Worth) and w.worth_gbp >= 0 and w.is_exact for w in found.worth)
    assert "understates uncertainty" in found.sentences["fixed"]
    assert f"{len(found.fixed)} assumptions" in found.sentences["fixed"]
    assert found.explain("A").address == "uncertainty/A|net fiscal/chance_worse_off"
    assert [p.title for p in found.explain("A").parts][1].endswith("mean")
    assert told[-1][0] == "Sobol indices"
    assert ("draws", 4000, 4000) in told
    by_address = explained(appraise(model), "uncertainty/AAA|net cash/p10_gbp")
    assert by_address.title == "Agency A, net cash: p10"
    with pytest.raises(InvalidInput, match="no address"):
        explained(appraise(model), "uncertainty/whole/p10_gbp")
    again = uncertain_appraisal(model, draws=4000, seed=3)
    assert again.spreads == found.spreads


def test_worth_of_knowing_is_that_of_a_two_point_decision():
    low, high = Decimal(-1000), Decimal(1000)
    line = make_line("B1", full_year_gbp=None, chain=(assume("other", 0, 1, 2, kind="uniform", scale="1"),), duration_months=12,
        unit_value=Assumed("£", "unit value", high, high, high))  # fmt: skip
    model = make_model([line], [make_cost("C1", "A", 2025, -low)])
    (worth,) = uncertain_appraisal(
        model, draws=2000
    ).worth  # net is even between -1000 and 1000: a quarter of the half width
    assert worth.worth_gbp == pytest.approx(250, rel=0.01)
    assert worth.variance_share == pytest.approx(1, rel=0.05)


def test_cash_of_a_line_with_a_step_comes_in_whole_steps(model):
    found = uncertain_appraisal(make_model([model.lines[3]], agencies="AB"), draws=500)
    by_hand = uncertain_model(make_model([model.lines[3]], agencies="AB"))
    years = draw(by_hand.steps, 500, seed=2026).values
    factors = np.array([float(f) for f in by_hand.source.settings.benefit_factors])
    cash = (np.floor(years / 9000) * 9000 * factors[:, None]).sum(0)
    assert found.spreads["net cash"]["whole"].mean_gbp == pytest.approx(cash.mean())


def test_long_draws_can_be_called_off(uncertain):
    with pytest.raises(Cancelled, match="Called off after"):
        draw(uncertain.draws, 60_000, threads=2, cancelled=lambda: True)


@pytest.mark.parametrize("agencies", ["", "A"])
def test_empty_plan_and_one_agency_give_words_not_tracebacks(agencies):
    found = uncertain_appraisal(make_model(agencies=agencies), draws=10)
    assert found.whole.chance_worse_off == 0
    assert found.whole.loss_if_worse_off_gbp is None
    assert found.tornado == found.worth == ()
    with pytest.raises(UnknownName):
        found.explain("nobody")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Distribution("triangular", 3, 2, 5), "outside its range"), (lambda: Distribution("uniform", 3, 3, 1), "upside down"),
        (lambda: Distribution("normal", 1, math.nan, 2), "finite"), (lambda: Distribution("lognormal", 0, 1, 2), "above nil"),
        (lambda: Distribution("cauchy", 0, 1, 2), "cauchy"), (lambda: draw(DrawModel((), (), ("a",), (0.0,)), 0), "0 draws"),
    ],
)  # fmt: skip
def test_what_is_no_distribution_is_refused_in_words(make, words):
    with pytest.raises((InvalidInput, UnknownName), match=words):
        make()


def test_impossible_ranges_are_cut_and_named():
    line = dataclasses.replace(chained("B1"), chain=(
        assume("target population", 1, 2, 3, scale="1"), assume("take-up", 60, 90, 130), assume("retention", 50, 90, 130, kind="normal"),
    ))  # fmt: skip
    found = uncertain_model(make_model([line]))
    assert {f.code for f in found.findings} == {"roi-range-beyond", "roi-cut"}
    drawn = found.draws.spread_out(chances_of(found.draws, 500))
    take_up = [n.step for n in found.draws.numbers].index("take-up")
    assert drawn[take_up].max() <= 100


def test_streams_of_numbers_are_even_and_apart():
    numbers = tuple(Number(f"n{i:02d}", "n", Distribution("uniform", 0, 0, 1), 0) for i in range(40))
    chances = chances_of(DrawModel(numbers, (), (), ()), 20_000, seed=77)
    assert chances.min() > 0
    assert chances.max() < 1
    scores = (chances - 0.5) * math.sqrt(12)
    apart = (scores @ scores.T / math.sqrt(20_000))[np.triu_indices(40, 1)]
    assert np.abs(apart).max() < 5
    assert apart.std() == pytest.approx(1, abs=0.1)
    assert np.abs((scores[:, 1:] * scores[:, :-1]).sum(1) / math.sqrt(20_000)).max() < 4.5
    counts = np.stack([np.histogram(row, bins=50, range=(0, 1))[0] for row in chances])
    assert ((counts - 400) ** 2 / 400).sum(1).max() < 100


def test_seeds_numbers_and_draws_beside_each_other_share_nothing():
    numbers = tuple(Number(f"n{i:02d}", "n", Distribution("uniform", 0, 0, 1), 0) for i in range(8))
    streams = DrawModel(numbers, (), (), ())
    by_seed = np.stack([chances_of(streams, 16_384, seed=s) for s in (0, 1, 2, 2**31, 2**63)])
    row = by_seed.reshape(40, -1)
    pairs = [(row[a, :-k], row[b, k:]) for a, b, k in ((0, 0, 1), (0, 0, 512), (3, 3, 4096), (0, 1, 1))]
    pairs += [(row[0], row[1]), (row[0], row[8]), (row[8], row[16]), (row[24], row[32])]
    for one, other in pairs:  # every pair of sixteenths as often as any: 256 boxes, mean 255, sd 23
        seen, _, _ = np.histogram2d(one, other, bins=16, range=[[0, 1], [0, 1]])
        assert abs(((seen - seen.mean()) ** 2 / seen.mean()).sum() - 255) < 5 * 23
    bits = ((by_seed[:, 0, :, None] * 2.0 ** np.arange(1, 49)).astype(np.int64) & 1).mean(
        1
    )  # as often 0 as 1
    assert np.abs(bits - 0.5).max() < 5 / 2 / math.sqrt(16_384)


def test_one_bit_more_in_what_is_hashed_changes_half_the_bits():
    from partnership._roi.draws import _mixed

    words = np.arange(2048, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    changed = _mixed(words[:, None]) ^ _mixed(
        words[:, None] ^ (np.uint64(1) << np.arange(64, dtype=np.uint64))
    )
    share = np.unpackbits(changed.view(np.uint8).reshape(2048, 64, 8), axis=2).mean(0)  # bit in x bit out
    assert np.abs(share - 0.5).max() < 0.075
    assert share.mean() == pytest.approx(0.5, abs=0.001)


def test_appraise_with_draws_prints_each_agency_and_json(tmp_path, monkeypatch, model):
    import json
    from contextlib import contextmanager

    from typer.testing import CliRunner

    from partnership import cli
    from partnership._cli import appraisal as command
    from partnership._workflows import appraising
    from partnership.roi import appraise

    @contextmanager
    def opened(*_):
        yield None

    monkeypatch.setattr(command, "reader", opened)
    monkeypatch.setattr(appraising, "appraise", lambda *_, **__: appraising.Appraised(appraise(model), ()))
    asked = [
        "appraise",
        "--draws",
        "600",
        "--seed",
        "5",
        "--correlate",
        "take-up,B2|take-up|take-up=0.5",
        "--cost-range",
        "0.9,1,1.2",
    ]
    printed = CliRunner().invoke(cli.app, asked)
    assert printed.exit_code == 0, printed.output
    assert "worse off" in printed.output
    assert "understates uncertainty" in printed.output
    found = json.loads(CliRunner().invoke(cli.app, [*asked, "--json", "--agency", "AAA"]).stdout)[
        "uncertainty"
    ]
    assert {s["scope"] for s in found["spreads"]} == {"A"}
    assert found["draws"] == 600
    assert "by a Gaussian copula" in found["sentences"]["correlations"]
    wrong = CliRunner().invoke(cli.app, ["appraise", "--draws", "5", "--correlate", "take-up=0.5"])
    assert wrong.exit_code == 1
    assert "Write it as A,B=0.5" in wrong.output
    bare = make_model([make_line("B1", has_counterfactual=False)], [make_cost("C1")])
    monkeypatch.setattr(appraising, "appraise", lambda *_, **__: appraising.Appraised(appraise(bare), ()))
    closed = CliRunner().invoke(cli.app, ["appraise", "--draws", "100"]).output
    assert "withheld. " in closed
    assert "What moves" not in closed
    found = json.loads(CliRunner().invoke(cli.app, ["appraise", "--draws", "100", "--json"]).stdout)[
        "uncertainty"
    ]
    assert "A" in found["withheld"]
    assert "A" not in {s["scope"] for s in found["spreads"]} | {f["scope"] for f in found["fan"]}
