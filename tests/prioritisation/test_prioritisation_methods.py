"""Scoring, orders, agreement, acceptability and what would change a rank: properties, bad input, known answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership._prioritisation import flips, ranking, smaa
from partnership._prioritisation.critical_path import critical_path
from partnership._prioritisation.disagreement import camps, disagreement_of, dissenter
from partnership._prioritisation.group import agreement_of, orders_of
from partnership._prioritisation.pairwise import pairwise_weights
from partnership._prioritisation.quadrants import dominators
from partnership._prioritisation.robustness import robust
from partnership._prioritisation.scoring import scored, table_of
from partnership._prioritisation.smaa_exact import exact_acceptability
from partnership._prioritisation.talks import stability, talks
from partnership._prioritisation.weighting import (
    CriterionWeight,
    draw_simplex,
    rank_order_centroid,
    weighting_of,
)
from partnership.errors import InvalidInput, UnknownName
from partnership.prioritisation import Score

CRITERIA = (
    CriterionWeight("I1", "impact", "People", 2),
    CriterionWeight("I2", "impact", "Demand", 1),
    CriterionWeight("E1", "effort", "Time", 1),
)
AGENCIES = ("A", "B", "C", "D", "E")


def row(item, criterion, agency, value, **more):
    return Score(
        item_id=item, criterion_id=criterion, round_id="R", agency_id=agency, scorer_role_id=more.pop("role", agency), scored_on=dt.date(2026, 1, 1),
        score=None if value is None else Decimal(str(value)), **more,
    )  # fmt: skip


def rows_of(values):
    """values: item to criterion to scores by agency, None for no score."""
    return [
        row(item, criterion, agency, value)
        for item, by_criterion in values.items()
        for criterion, scores in by_criterion.items()
        for agency, value in zip(AGENCIES, scores, strict=False)
        if value is not None
    ]


def result_of(rows, criteria=CRITERIA, **chosen):
    return scored(table_of(criteria, rows, **chosen), weighting_of(criteria))


def one_axis(impact, effort=None, notes=(), confidence=()):
    """One item scored on one impact and one effort criterion."""
    criteria = (CriterionWeight("I1", "impact"), CriterionWeight("E1", "effort"))
    rows = [
        row("x", "I1", a, v, note=dict(notes).get(a), confidence=dict(confidence).get(a))
        for a, v in zip(AGENCIES, impact, strict=False)
    ]
    rows += [row("x", "E1", a, v) for a, v in zip(AGENCIES, effort or [5] * len(impact), strict=False)]
    return result_of(rows, criteria)


scores_10 = st.lists(
    st.lists(st.integers(0, 100).map(lambda v: v / 10), min_size=5, max_size=5), min_size=3, max_size=3
)
plans = st.dictionaries(st.sampled_from([f"W{i}" for i in range(8)]), scores_10, min_size=2, max_size=8)


def full(plan):
    return rows_of({i: dict(zip(("I1", "I2", "E1"), s, strict=True)) for i, s in plan.items()})


# ------------------------------------------------------------------------------------------ scores


def test_score_is_the_weighted_sum_on_the_anchors():
    result = result_of(rows_of({"x": {"I1": [9, 6], "I2": [3, 3], "E1": [4, 2]}}))
    impact, effort = (2 * 7.5 + 3) / 3, 3.0
    assert result.axes["impact"][0] == pytest.approx(impact)
    assert result.score[0] == pytest.approx(0.75 * impact + 0.25 * (10 - effort))


@settings(max_examples=20, deadline=None)
@given(plans, st.randoms(use_true_random=False))
def test_adding_and_reordering_items_changes_no_score(plan, chance):
    rows = full(plan)
    before = result_of(rows)
    chance.shuffle(rows)
    after = result_of([*rows, *full({"extra": [[10] * 5, [0] * 5, [3] * 5]})])
    for i, item in enumerate(before.table.items):
        assert after.score[after.table.items.index(item)] == pytest.approx(float(before.score[i]), abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(plans, st.permutations(AGENCIES))
def test_permuting_agencies_permutes_results(plan, other):
    rows = full(plan)
    swap = dict(zip(AGENCIES, other, strict=True))
    renamed = [r.model_copy(update={"agency_id": swap[r.agency_id]}) for r in rows]
    one, two = result_of(rows), result_of(renamed)
    np.testing.assert_allclose(one.score, two.score, atol=1e-12)
    for a, b in swap.items():
        np.testing.assert_allclose(
            one.agency_score[one.table.agencies.index(a)],
            two.agency_score[two.table.agencies.index(b)],
            atol=1e-12,
        )
    assert orders_of(one).borda_points == pytest.approx(orders_of(two).borda_points)
    assert orders_of(one).kemeny.distance == pytest.approx(orders_of(two).kemeny.distance)
    w = [agreement_of(r, {}).concordance for r in (one, two)]
    assert [c and c.w for c in w] == pytest.approx([w[0] and w[0].w] * 2) or w == [None, None]


def test_several_scorers_of_an_agency_weigh_as_one_and_agency_weights_show():
    rows = [row("x", "I1", "A", 0, role="a1"), row("x", "I1", "A", 4, role="a2"), row("x", "I1", "B", 8)]
    criteria = CRITERIA[:1]
    table = table_of(criteria, rows)
    assert scored(table, weighting_of(criteria)).score[0] == pytest.approx(5)
    assert scored(table, weighting_of(criteria), {"B": 3}).score[0] == pytest.approx(0.25 * 2 + 0.75 * 8)
    with pytest.raises(UnknownName):
        scored(table, weighting_of(criteria), {"Z": 1})


@pytest.mark.parametrize("score", [10.1, -0.1])
def test_score_out_of_the_anchors_is_refused_where_records_are_not_checked(score):
    loose = row("x", "I1", "A", 1).model_copy(update={"score": Decimal(str(score))})
    with pytest.raises(InvalidInput, match="0 to 10"):
        table_of(CRITERIA, [loose])


def test_unknown_item_criterion_and_weight_are_refused_by_name():
    with pytest.raises(UnknownName, match="W1"):
        table_of(CRITERIA, [row("W11", "I1", "A", 1)], items=["W1", "W2"])
    with pytest.raises(UnknownName):
        table_of(CRITERIA, [row("W1", "I9", "A", 1)])
    with pytest.raises(UnknownName):
        weighting_of(CRITERIA, {"impcat": 1})
    with pytest.raises(InvalidInput):
        weighting_of([CriterionWeight("I", "impact", "", 0)])
    with pytest.raises(InvalidInput):
        weighting_of(CRITERIA, {"impact": -1})


def test_weights_by_rank_are_the_mean_of_the_draws_that_keep_the_order():
    drawn = draw_simplex([0, 1, 1, 2], 40_000, np.random.default_rng(3))
    assert (drawn[:, 0] >= drawn[:, 1:].max(axis=1)).all()
    assert (drawn[:, 3] <= drawn[:, :3].min(axis=1)).all()
    np.testing.assert_allclose(drawn.mean(axis=0), rank_order_centroid([1, 2, 2, 4]), atol=0.004)
    np.testing.assert_allclose(drawn.sum(axis=1), 1)


def test_what_if_weights_replace_axes_and_criteria():
    weighting = weighting_of(CRITERIA, {"impact": 60, "effort": 40, "I2": 2})
    assert dict(zip((c.id for c in weighting.criteria), weighting.weights, strict=True)) == pytest.approx(
        {"I1": 0.3, "I2": 0.3, "E1": 0.4}
    )
    assert "impact 60%" in weighting.sentence


# ------------------------------------------------------------------------------------------ one scorer, nobody, all equal, many


def test_one_scorer_ranks_but_says_nothing_of_agreement():
    result = result_of(
        rows_of({"x": {"I1": [9], "I2": [9], "E1": [1]}, "y": {"I1": [2], "I2": [2], "E1": [8]}})
    )
    assert result.ranks == {"x": 1, "y": 2}
    assert disagreement_of(result, 0).kind == "not enough scores"
    assert agreement_of(result, {}).concordance is None
    assert robust(result, draws=500).shares.ranks[0, 0] == 1.0


def test_everybody_abstains_and_nothing_is_ranked():
    rows = [row("x", c.id, a, None, abstained=True) for c in CRITERIA for a in AGENCIES]
    result = result_of(rows)
    assert result.ranks == {}
    assert robust(result) is None
    found = disagreement_of(result, 0)
    assert (found.kind, found.sides) == ("not enough scores", ())
    assert talks(result, {"x": found}) == ()


def test_all_equal_items_share_every_place():
    same = {"I1": [5] * 5, "I2": [5] * 5, "E1": [5] * 5}
    result = result_of(rows_of({f"W{i}": same for i in range(4)}))
    assert set(result.ranks.values()) == {1}
    sure = robust(result, draws=400)
    np.testing.assert_allclose(sure.shares.ranks, 0.25)
    np.testing.assert_allclose(sure.shares.pairwise, 0.5 * (1 - np.eye(4)))
    assert agreement_of(result, {}).concordance.w is None
    assert flips.weight_flip(result, 0) is None
    assert orders_of(result).kemeny.ways == 24


def test_five_hundred_items_are_ranked_with_acceptabilities_that_add_up():
    rng = np.random.default_rng(5)
    plan = {f"W{i:03}": np.round(rng.uniform(0, 10, (3, 5)), 1).tolist() for i in range(500)}
    result = result_of(full(plan))
    sure = robust(result, draws=40)
    assert len(result.ranks) == 500
    np.testing.assert_allclose(sure.shares.ranks.sum(axis=0), 1)
    np.testing.assert_allclose(sure.shares.ranks.sum(axis=1), 1)


# ------------------------------------------------------------------------------------------ acceptability


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=2, max_size=6))
def test_acceptabilities_add_to_one_with_ties_and_agree_with_the_exact_ones(values):
    drawn, exact = smaa.of_matrix(values, draws=4_000), exact_acceptability(values)
    for found in (drawn, exact):
        np.testing.assert_allclose(found.ranks.sum(axis=0), 1)
        np.testing.assert_allclose(found.ranks.sum(axis=1), 1)
        np.testing.assert_allclose(found.pairwise + found.pairwise.T, 1 - np.eye(len(values)))
    np.testing.assert_allclose(drawn.ranks, exact.ranks, atol=0.05)
    np.testing.assert_allclose(drawn.pairwise, exact.pairwise, atol=0.05)


def test_compiled_and_plain_counting_agree_and_share_ties(monkeypatch):
    values = np.random.default_rng(2).integers(0, 9, (12, 4)).astype(float)
    values[7] = values[3]

    def weights(count, rng):
        return draw_simplex([0, 1, 1, 2], count, rng)

    plain = smaa.of_matrix(values, weights, draws=3_000)
    monkeypatch.setattr(smaa, "_WORTH_COMPILING", 0)
    compiled = smaa.of_matrix(values, weights, draws=3_000)
    np.testing.assert_allclose(compiled.ranks, plain.ranks, atol=1e-9)
    np.testing.assert_allclose(compiled.pairwise, plain.pairwise, atol=1e-9)
    np.testing.assert_allclose(compiled.central_weights, plain.central_weights, atol=1e-9)
    np.testing.assert_allclose(compiled.ranks[7], compiled.ranks[3])


@pytest.mark.parametrize(("items", "criteria"), [(1, 1), (2, 1), (12, 4), (37, 9), (256, 2)])
def test_one_compiled_pass_counts_what_numpy_counts_of_the_same_weights(monkeypatch, items, criteria):
    """The last block is not whole; items that are always tied share their places; threads change nothing."""
    from partnership._prioritisation import smaa_pass

    draws, seed = 700, 5
    values = np.random.default_rng(items).integers(0, 99, (items, criteria)).astype(float)
    weights = smaa_pass.drawn(criteria, draws, seed).T.astype(float)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
    assert (weights >= 0).all()
    if items > 2:
        values[-1] = values[0]
    monkeypatch.setattr(smaa, "_WORTH_COMPILING", 0)
    found = smaa.of_matrix(values, draws=draws, seed=seed)
    plain = smaa.from_draws(weights @ values.T)
    np.testing.assert_allclose(found.ranks.sum(axis=0), 1)
    np.testing.assert_allclose(found.ranks.sum(axis=1), 1)
    np.testing.assert_allclose(found.pairwise + found.pairwise.T, 1 - np.eye(items))
    near = 3.1 / draws  # draws in which two items lie closer than single precision tells
    np.testing.assert_allclose(found.ranks, plain.ranks, atol=near)
    np.testing.assert_allclose(found.pairwise, plain.pairwise, atol=near)
    one, more = (smaa_pass.counted(values, 9_000, seed, threads=n) for n in (1, 3))
    assert all((a == b).all() for a, b in zip(one, more, strict=True))
    first = found.first > 0.05
    order = np.argsort(-(weights @ values.T), axis=1, kind="stable")[:, 0]
    for i in np.flatnonzero(first)[:3]:
        if items > 2 and i in (0, items - 1):
            continue
        np.testing.assert_allclose(found.central_weights[i], weights[order == i].mean(axis=0), atol=0.01)


def test_weights_of_the_compiled_pass_are_uniform_over_all_that_add_to_one():
    """Moments of the flat Dirichlet distribution: mean 1/k, variance (k-1)/(k*k*(k+1)); neighbours in seed differ."""
    from partnership._prioritisation import smaa_pass

    for k in (2, 3, 8):
        drawn = smaa_pass.drawn(k, 60_000, 11).astype(float)
        spread = np.sqrt((k - 1) / (k * k * (k + 1)))
        np.testing.assert_allclose(drawn.mean(axis=1), 1 / k, atol=5 * spread / np.sqrt(60_000))
        np.testing.assert_allclose(drawn.std(axis=1), spread, rtol=0.02)
        above = (drawn > 1 / k).mean(axis=1)
        np.testing.assert_allclose(above, (1 - 1 / k) ** (k - 1), atol=0.011)
        other = smaa_pass.drawn(k, 60_000, 12).astype(float)
        assert abs(np.corrcoef(drawn[0], other[0])[0, 1]) < 0.02
        assert abs(np.corrcoef(drawn[0, 1:], other[0, :-1])[0, 1]) < 0.02


def test_disagreement_moves_an_item_and_agreement_keeps_it():
    calm, torn = [6.1] * 5, [9.9, 9.9, 0.4, 9.9, 0.4]
    result = result_of(
        rows_of(
            {"calm": {"I1": calm, "I2": calm, "E1": [5] * 5}, "torn": {"I1": torn, "I2": torn, "E1": [5] * 5}}
        )
    )
    sure = robust(result, draws=4_000)
    at = [result.table.items[p] for p in sure.places].index("torn")
    assert 0.3 < sure.shares.ranks[at, 0] < 0.7
    assert sum(q[at] for q in sure.quadrants.values()) == pytest.approx(1)
    assert 0.5 < sure.quadrants["quick win"][at] < 0.95
    assert robust(result, draws=4_000).shares.ranks.tolist() == sure.shares.ranks.tolist()


# ------------------------------------------------------------------------------------------ what would change it


@settings(max_examples=20, deadline=None)
@given(plans)
def test_smallest_changes_do_flip_and_smaller_ones_do_not(plan):
    result = result_of(full(plan))
    for item in result.ranked[:2]:
        weight = flips.weight_flip(result, item)
        if weight is not None:
            other, names = result.table.items.index(weight.other), [c.id for c in result.weighting.criteria]
            after, left = list(result.weighting.weights), weight.moved
            after[names.index(weight.towards)] += weight.moved
            for name in weight.away:
                taken = min(result.weighting.weights[names.index(name)], left)
                after[names.index(name)] -= taken
                left -= taken
            merit = flips.utilities(result.weighting.criteria, result.by_criterion)
            assert float(np.array(after) @ (merit[:, item] - merit[:, other])) == pytest.approx(0, abs=1e-7)
        score = flips.score_flip(result, item)
        if score is not None:
            agency, criterion = (
                result.table.agencies.index(score.agency),
                [c.id for c in result.table.criteria].index(score.criterion),
            )
            moved = scored(result.table.with_score(agency, criterion, item, score.becomes), result.weighting)
            assert float(moved.score[item]) == pytest.approx(
                float(moved.score[result.table.items.index(score.other)]), abs=1e-6
            )


def test_compromise_is_never_first_and_dominated_neither():
    values = [[8, 3], [5, 6], [4, 9], [4, 2]]
    assert flips.first_for_some_weights(values) == [True, False, True, False]
    assert dominators(values)[1] == []
    assert flips.first_for_some_weights(values, order=[0, 1]) == [True, False, True, False]
    assert flips.first_for_some_weights([[8, 3], [4, 20]], order=[0, 1]) == [True, True]
    assert flips.first_for_some_weights([[8, 3], [4, 5]], order=[0, 1]) == [True, False]
    assert flips.first_for_some_weights([[1, 1], [1, 1]]) == [True, True]


# ------------------------------------------------------------------------------------------ orders of the group


@settings(max_examples=30, deadline=None)
@given(st.lists(st.permutations(range(5)), min_size=1, max_size=6))
def test_kemeny_is_the_best_of_all_orders(ballots):
    votes = ranking.preferences_of_ballots([{"order": [f"i{x}" for x in b]} for b in ballots])
    every = [ranking.distance(votes, p) for p in permutations(votes.items)]
    found = ranking.kemeny(votes)
    assert found.distance == pytest.approx(min(every)) == found.bound
    assert found.proved
    assert found.ways == sum(d <= min(every) + 1e-9 for d in every)
    assert ranking.distance(votes, found.order) == pytest.approx(found.distance)


def test_a_ring_too_large_to_prove_is_searched_and_says_its_bound():
    rng = np.random.default_rng(4)
    votes = ranking.preferences_of_scores([f"i{x:02}" for x in range(12)], rng.uniform(0, 1, (7, 12)))
    exact, searched = ranking.kemeny(votes), ranking.kemeny(votes, most_exact=2)
    assert searched.bound <= exact.distance <= searched.distance
    assert searched.proved or "not proved" in searched.sentence


def test_orders_that_differ_are_said_to():
    assert ranking.orders_in_words([], Borda=[]).startswith("Nothing")
    said = ranking.orders_in_words(["a", "b", "c"], Borda=["a", "c", "b"], Copeland=["a", "c", "b"])
    assert said == "Borda and Copeland give the same first item and other places for 2."


# ------------------------------------------------------------------------------------------ kinds of disagreement


@pytest.mark.parametrize(
    ("impact", "more", "kind"),
    [
        ([7, 7.2, 7.1, 6.9, 7], {}, "agree"), ([8.5, 8.4, 8.6, 4.5, 8.3], {}, "one dissenter"), ([8.5, 8.2, 2.9, 8.0, 2.6], {}, "two camps"),
        ([9.8, 8.6, 7.7, 6.4, 8.1], {}, "spread"), ([9, 2], {}, "not enough scores"),
        ([9.8, 8.6, 7.7, 6.4, 8.1], {"notes": [("D", "Read as the pilot only")]}, "different understanding"),
        ([9.8, 8.6, 7.7, 6.4, 8.1], {"notes": [("D", "Costs more than it looks")]}, "spread"),
        ([9.8, 8.4, 8.2, 6.4, 8.1], {"confidence": [("A", 1), ("D", 2), ("B", 4), ("C", 5), ("E", 4)]}, "different understanding"),
        ([9.5, 7.9, 6.4, 4.9, 3.2], {"effort": [2.1, 3.9, 5.2, 6.6, 8.4]}, "different understanding"),
    ],
)  # fmt: skip
def test_kind_of_disagreement(impact, more, kind):
    found = disagreement_of(one_axis(impact, **more), 0)
    assert found.kind == kind
    assert found.because.endswith((".", "”."))
    assert all(found.sides)


def test_camps_and_dissenters_at_their_edges():
    assert camps({"a": 1, "b": 2, "c": 3, "d": 4}) is None
    assert camps({"a": 1, "b": 1, "c": 3, "d": 3}) == (("a", "b"), ("c", "d"))
    assert camps({"a": 1, "b": 9, "c": 9}) is None
    assert dissenter({"a": 1, "b": 3}) is None
    assert dissenter({"a": 1, "b": 4, "c": 4.5}) == "a"
    assert dissenter({"a": 1, "b": 4, "c": 7}) is None


def test_talk_that_moves_most_comes_first_and_names_the_lead():
    plan = {
        "low": {"I1": [9, 9, 1, 1, 9], "I2": [9, 9, 1, 1, 9], "E1": [5] * 5},
        "mid": {"I1": [9.5, 9.0, 7.9, 9.2, 6.5], "I2": [9.5, 9.0, 7.9, 9.2, 6.5], "E1": [5] * 5},
    }
    plan |= {f"n{i}": {"I1": [4 + i / 2] * 5, "I2": [4 + i / 2] * 5, "E1": [5] * 5} for i in range(6)}
    result = result_of(rows_of(plan))
    found = {name: disagreement_of(result, i) for i, name in enumerate(result.table.items)}
    listed = talks(result, found, {"low": "C"})
    assert [t.item for t in listed] == ["low", "mid"]
    assert listed[0].moves > listed[1].moves
    assert "C" in listed[0].pair


def test_stability_is_apart_from_agreement():
    torn = {
        "x": {"I1": [9, 9, 1, 1, 9], "I2": [9, 9, 1, 1, 9], "E1": [5] * 5},
        "y": {"I1": [5] * 5, "I2": [5] * 5, "E1": [5] * 5},
    }
    still = stability(result_of(rows_of(torn)), result_of(rows_of(torn)))
    assert (still.within_one, still.mean_change, still.kinds) == (1.0, 0.0, ())
    calm = torn | {"x": {"I1": [8] * 5, "I2": [8] * 5, "E1": [5] * 5}}
    moved = stability(result_of(rows_of(torn)), result_of(rows_of(calm)))
    assert moved.kinds == (("x", "two camps", "agree"),)
    assert moved.nearer == 1
    assert "1 item" in moved.sentence


# ------------------------------------------------------------------------------------------ pairwise, critical path


def test_inconsistent_comparisons_say_which_one_to_look_at():
    matrix = [[1, 2, 8], [1 / 2, 1, 1 / 4], [1 / 8, 4, 1]]
    found = pairwise_weights(matrix)
    assert not found.consistent
    assert "Look at" in found.sentence(["cost", "time", "people"], matrix)
    good = pairwise_weights([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    assert good.consistent
    assert good.look_at is None
    assert good.weights == pytest.approx((4 / 7, 2 / 7, 1 / 7))
    assert pairwise_weights(np.ones((16, 16))).ratio is None
    assert pairwise_weights([[1, 3], [1 / 3, 1]]).ratio == 0


@pytest.mark.parametrize("matrix", [[[1, 2], [2, 1]], [[1, 0], [1, 1]], [[1, 2, 3], [1, 1, 1]], []])
def test_comparisons_that_do_not_mirror_are_refused(matrix):
    with pytest.raises(InvalidInput):
        pairwise_weights(matrix)


def test_ring_of_activities_is_printed():
    with pytest.raises(InvalidInput, match="> .* >"):
        critical_path({"a": 1, "b": 1, "c": 1}, {"a": ["c"], "b": ["a"], "c": ["b"]})
    with pytest.raises(UnknownName):
        critical_path({"a": 1}, {"a": ["z"]})
