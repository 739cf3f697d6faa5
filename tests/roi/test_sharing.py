import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from partnership._roi import known_games as known
from partnership._roi.coalitions import derive, most_gain
from partnership._roi.fair_shares import share
from partnership._roi.games import (
    coalitions_of,
    core_objections,
    exact,
    game_from_list,
    savings_game,
    scrb,
    separable_shares,
    shapley,
    shapley_sampled,
)
from partnership._roi.model import AgencyRef, AppraisalModel, Cost, Line, Settings
from partnership._roi.nucleolus import core_is_empty, nucleolus
from partnership._roi.sharing import METHODS, no_worse_off, proportional, to_the_penny
from partnership.errors import InvalidInput, UnknownName

F = Fraction
TVA = game_from_list("nfp", [163520, 140826, 250096, 301607, 378821, 367370, 412584])
NAMES = {"COU": "Council", "POL": "Police", "ICB": "Integrated care board"}


@st.composite
def games(draw, least=2, most=5):
    """Any game in which all together are worth at least what they are alone."""
    names = [chr(97 + i) for i in range(draw(st.integers(least, most)))]
    small = st.integers(0, draw(st.sampled_from([2, 20, 10**9])))
    game = {c: F(draw(small)) for c in coalitions_of(names)}
    everyone = frozenset(names)
    alone = sum(game[frozenset({a})] for a in names)
    game[everyone] = max(game[everyone], alone)
    return game


@st.composite
def convex_games(draw):
    names = [chr(97 + i) for i in range(draw(st.integers(2, 6)))]
    groups = st.sets(st.sampled_from(names), min_size=1)
    parts = draw(st.lists(st.tuples(groups, st.integers(1, 10**9)), min_size=1, max_size=12))
    return {c: sum((F(w, 100) for g, w in parts if g <= c), F(0)) for c in coalitions_of(names)}


def is_nucleolus(game, shares, per_capita):
    """Kohlberg's criterion (1971): at every level, the groups that complain so much are balanced."""
    names = sorted(shares)
    everyone = frozenset(names)
    complaint = {
        c: (v - sum(shares[a] for a in c)) / (len(c) if per_capita else 1)
        for c, v in game.items()
        if c != everyone
    }
    at_least_alone = [frozenset({a}) for a in names if shares[a] == game[frozenset({a})]]
    for level in sorted(set(complaint.values()), reverse=True):
        loud = [c for c, e in complaint.items() if e >= level]
        rows = np.array([[float(a in c) for a in names] for c in [*loud, *at_least_alone]])
        found = linprog(
            -rows[: len(loud)].sum(axis=0),
            A_ub=-rows,
            b_ub=np.zeros(len(rows)),
            A_eq=np.ones((1, len(names))),
            b_eq=[0],
            bounds=[(-1, 1)] * len(names),
        )
        if -found.fun > 1e-7:
            return False
        if np.linalg.matrix_rank(np.vstack([rows[: len(loud)], np.ones(len(names))])) == len(names):
            break
    return True


@settings(max_examples=60, deadline=None)
@given(games(), st.booleans())
def test_nucleolus_of_any_game_meets_kohlbergs_criterion(game, per_capita):
    shares = nucleolus(game, per_capita=per_capita)
    assert sum(shares.values()) == game[max(game, key=len)]
    assert all(shares[a] >= game[frozenset({a})] for a in shares)
    assert is_nucleolus(game, shares, per_capita)


@settings(max_examples=40, deadline=None)
@given(convex_games())
def test_nucleolus_and_shapley_of_a_convex_game_lie_in_its_core(game):
    for shares in (nucleolus(game), nucleolus(game, per_capita=True), shapley(game)):
        assert core_objections(game, shares) == []
    assert not core_is_empty(game)


def core_point(game):
    """Return whether shares exist that satisfy every group, by one linear programme of their own."""
    names = sorted(max(game, key=len))
    rows = [c for c in game if len(c) < len(names)]
    found = linprog(
        np.zeros(len(names)),
        A_ub=-np.array([[float(a in c) for a in names] for c in rows]),
        b_ub=-np.array([float(game[c]) for c in rows]),
        A_eq=np.ones((1, len(names))),
        b_eq=[float(game[frozenset(names)])],
        bounds=[(None, None)] * len(names),
    )
    return found.status == 0


@settings(max_examples=60, deadline=None)
@given(games())
def test_core_is_empty_agrees_with_a_linear_programme_and_nucleolus_lies_in_it(game):
    game = {c: F(v % 50) for c, v in game.items()}
    assert core_is_empty(game) is not core_point(game)
    if not core_is_empty(game):
        assert core_objections(game, nucleolus(game)) == []


@settings(max_examples=60, deadline=None)
@given(games(most=6))
def test_shapley_is_efficient_and_symmetric(game):
    shares = shapley(game)
    assert sum(shares.values()) == game[max(game, key=len)]
    swap = {"a": "b", "b": "a"}
    swapped = shapley({frozenset(swap.get(x, x) for x in c): v for c, v in game.items()})
    assert swapped == {a: shares[swap.get(a, a)] for a in shares}


@settings(max_examples=40, deadline=None)
@given(games(most=6))
def test_shapley_gives_nothing_to_who_adds_nothing(game):
    idle = {c | {"z"}: v for c, v in game.items()} | dict(game) | {frozenset("z"): F(0)}
    shares = shapley(idle)
    assert shares["z"] == 0
    assert {a: shares[a] for a in shares if a != "z"} == shapley(game)


@settings(max_examples=40, deadline=None)
@given(games())
def test_separable_shares_make_the_whole_or_say_why_not(game):
    try:
        shares = separable_shares(game)
    except InvalidInput:
        return
    assert sum(shares.values()) == game[max(game, key=len)]


def test_separable_shares_of_savings_are_scrb_costs():
    saved = separable_shares(savings_game(TVA))
    assert {a: TVA[frozenset(a)] - x for a, x in saved.items()} == scrb(TVA)


def test_scrb_asks_for_one_all_but_one_and_all_only():
    few = {c: v for c, v in savings_game(game_from_list("abcd", list(range(3, 18)))).items() if len(c) != 2}
    assert sum(separable_shares(few).values()) == few[frozenset("abcd")]
    with pytest.raises(InvalidInput, match="a has no value"):
        separable_shares({c: v for c, v in few.items() if c != frozenset("a")})


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        ([46125, "17437.5", "5812.5", 69187.5, "53812.5", 30750, 90000], ["52687.5", "24468.75", "12843.75"]),
        ([0, 0, 0, 0, 5, 5, 8, 9, 10, 8, 13, 15, 16, 17, 21], ["3.5", "4.5", "5.5", "7.5"]),
        ([0, 0, 0, 1, 1, 1, 1], ["1/3", "1/3", "1/3"]),
        ([0, 0, 0, 0, 1, 1, 1], [0, 0, 1]),
        ([5], [5]),
        ([1, 2, 3], [1, 2]),
        ([-4, -3, -2, 0, 0, 0, 6], ["4/3", 2, "8/3"]),
    ],
)  # fmt: skip
def test_nucleolus_of_a_published_or_plain_game_is_exact(worth, expected):
    names = [chr(97 + i) for i in range((len(worth) + 1).bit_length() - 1)]
    game = game_from_list(names, worth)
    shares = nucleolus(game)
    if expected[0] != "4/3":
        assert list(shares.values()) == [F(x) for x in expected]
    assert is_nucleolus(game, shares, False)


def test_nucleolus_where_all_are_worth_less_together_is_refused():
    with pytest.raises(InvalidInput, match="less than alone"):
        nucleolus(game_from_list("ab", [3, 3, 5]))


def test_nucleolus_of_ten_agencies_with_equal_complaints_is_symmetric():
    names = [f"p{i}" for i in range(10)]
    shares = nucleolus({c: F(len(c) ** 2) for c in coalitions_of(names)})
    assert set(shares.values()) == {F(10)}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_airport_formulas_agree_with_the_general_methods(costs):
    named = {f"p{i}": F(c) for i, c in enumerate(costs)}
    game = known.airport_game(named)
    assert known.airport_shapley(named) == shapley(game)
    saved = nucleolus(savings_game(game))
    assert known.airport_nucleolus(named) == {a: named[a] - saved[a] for a in named}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.fractions(0, 1, max_denominator=20))
def test_bankruptcy_formulas_agree_with_the_general_methods(claims, part):
    named = {f"p{i}": F(c) for i, c in enumerate(claims)}
    estate = part * sum(named.values())
    game = known.bankruptcy_game(estate, named)
    assert known.random_arrival(estate, named) == shapley(game)
    assert known.contested_garment(estate, named) == nucleolus(game)


@pytest.mark.parametrize(("left", "right"), [(1, 1), (2, 1), (1, 3), (2, 3), (3, 3), (2, 0)])
def test_glove_formulas_agree_with_the_general_methods(left, right):
    game = known.glove_game(left, right)
    for shares, each in ((shapley(game), known.glove_shapley(left, right)), (nucleolus(game), known.glove_nucleolus(left, right))):  # fmt: skip
        assert shares == {a: each[a[0] == "R"] for a in shares}


def test_many_claimants_and_airports_are_no_burden():
    claims = {f"c{i}": F(10 * i + 10) for i in range(25)}
    assert sum(known.random_arrival(F(1000), claims).values()) == 1000
    assert sum(known.airport_nucleolus(claims).values()) == 250


def test_sampled_shares_lie_within_their_error_and_do_not_depend_on_the_order_of_agencies():
    parts = [({"a", "b"}, 90), ({"b", "c", "d"}, 30), ({"a", "e"}, 60), ({"f", "c"}, 12)]

    def worth(group):
        return F(sum(w for g, w in parts if g <= group))

    exact_shares = {x: sum((F(w, len(g)) for g, w in parts if x in g), F(0)) for x in "abcdef"}
    found = shapley_sampled("abcdef", worth, orders=400)
    assert sum(found.shares.values()) == 192
    for name, truth in exact_shares.items():
        assert abs(float(found.shares[name] - truth)) <= 4 * found.standard_error[name] + 1e-9
    assert shapley_sampled("fedcba", worth, orders=400) == found


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.fractions(-1000, 1000, max_denominator=977), min_size=1))
def test_shares_to_the_penny_make_their_rounded_total(shares):
    rounded = to_the_penny(shares)
    whole = sum(shares.values(), F(0)) * 100
    assert abs(exact(sum(rounded.values())) * 100 - whole) <= F(1, 2)
    assert all(abs(exact(rounded[a]) - shares[a]) < F(1, 100) for a in shares)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.fractions(-50, 200), min_size=1))
def test_floor_leaves_nobody_below_it_and_keeps_the_total(shares):
    least = dict.fromkeys(shares, F(0))
    if sum(shares.values()) < 0:
        with pytest.raises(InvalidInput, match="no worse off"):
            no_worse_off(shares, least)
        return
    lifted = no_worse_off(shares, least)
    assert min(lifted.values()) >= 0
    assert sum(lifted.values()) == sum(shares.values())
    assert all(lifted[a] <= s for a, s in shares.items() if s >= 0)


@settings(max_examples=30, deadline=None)
@given(convex_games(), st.lists(st.integers(0, 10**8), min_size=6, max_size=6), st.booleans())
def test_every_method_shares_the_whole_gain_and_its_transfers_sum_to_zero(game, pence, floor):
    everyone = max(game, key=len)
    paid = {a: Decimal(p) / 100 for a, p in zip(sorted(everyone), pence, strict=False)}
    first = min(everyone)
    gained = dict(paid)
    gained[first] += Decimal(int(game[everyone] * 100)) / 100
    found = share(paid, gained, game=game, floor_gbp=floor)
    for result in (found.now, *found.results.values()):
        if result.withheld:
            continue
        assert sum(result.net_gbp.values()) == found.total_gbp
        assert sum(result.transfer_gbp.values()) == 0
        assert sum(result.pays_gbp.values()) == sum(paid.values())
        if floor and result is not found.now:
            assert all(result.net_gbp[a] >= found.floor_gbp[a] - Decimal("0.01") for a in everyone)
    assert found.results["nucleolus"].in_core


def three(game=None, **more):
    paid = {"COU": Decimal(600), "ICB": Decimal(300), "POL": Decimal(100)}
    gained = {"COU": Decimal(400), "ICB": Decimal(800), "POL": Decimal(300)}
    return share(paid, gained, game=game, names=NAMES, **more)


def stated(*worth):
    return game_from_list(["COU", "ICB", "POL"], worth)


def test_core_test_says_who_would_do_better_alone_and_by_how_much():
    found = three(stated(0, 0, 0, 100, 50, 400, 500))
    worst = found.results["investment"].objections[0]
    assert worst.agencies == ("ICB", "POL")
    assert worst.better_by_gbp == Decimal("200.00")
    assert found.results["investment"].core_sentence == (
        "The integrated care board and the police would do better alone by £200: £400 alone, £200 with this share."
    )
    assert found.results["nucleolus"].in_core
    assert found.results["nucleolus"].core_sentence == "No agency and no group would do better alone."
    assert found.now.objections[0].agencies == ("COU",)


def test_equal_return_of_the_whole_gain_is_the_share_of_investment():
    found = three(stated(0, 0, 0, 0, 0, 0, 500))
    assert found.results["equal return"].net_gbp == found.results["investment"].net_gbp


def test_empty_core_is_said_and_every_method_has_an_objection():
    found = three(stated(0, 0, 0, 400, 400, 400, 500))
    assert found.core_is_empty
    assert any("No share at all" in n for n in found.notes)
    assert all(r.in_core is False for r in found.results.values())


def test_without_coalition_values_only_plain_methods_answer_and_the_rest_say_why():
    found = three()
    assert [k for k, r in found.results.items() if not r.withheld] == [
        "investment",
        "benefit",
        "equal return",
    ]
    assert "state it" in found.results["shapley"].withheld
    assert found.now.in_core is None
    assert found.core_is_empty is None


def test_with_some_coalitions_scrb_answers_and_names_what_the_others_lack():
    some = {c: v for c, v in stated(0, 0, 0, 100, 50, 400, 500).items() if c != frozenset({"COU", "POL"})}
    found = three(some)
    assert "the council and the police" in found.results["shapley"].withheld
    assert found.results["scrb"].withheld is not None


def test_stated_worth_of_all_that_is_not_the_net_gain_is_refused():
    with pytest.raises(InvalidInput, match=r"£900\.00, but the net gain is £500\.00"):
        three(stated(0, 0, 0, 0, 0, 0, 900))


def test_worth_of_an_agency_that_does_not_share_is_refused():
    with pytest.raises(InvalidInput, match="FIR"):
        three(stated(0, 0, 0, 0, 0, 0, 500) | {frozenset({"FIR"}): F(3)})


def test_floor_that_the_gain_cannot_keep_is_refused_in_words():
    with pytest.raises(InvalidInput, match="less than the £600.00 that all need"):
        three(stated(0, 0, 0, 0, 0, 0, 500), floor_gbp={"COU": Decimal(300), "ICB": Decimal(300)})


@pytest.mark.parametrize(
    ("paid", "gained"),
    [
        ({}, {}),
        ({"A": Decimal(5)}, {}),
        ({"A": Decimal(0)}, {"A": Decimal(0)}),
        ({}, {"A": Decimal(3), "B": Decimal(0)}),
    ],
)
def test_little_or_nothing_to_share_gives_words_and_no_traceback(paid, gained):
    if not paid and not gained:
        with pytest.raises(InvalidInput, match="no agency"):
            share(paid, gained)
        return
    found = share(paid, gained, worth=lambda _: F(0))
    for result in found.results.values():
        assert result.withheld or sum(result.net_gbp.values()) == found.total_gbp


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x", None])
def test_value_that_is_no_finite_number_is_refused(value):
    with pytest.raises(InvalidInput, match="not a finite number"):
        game_from_list("ab", [1, 2, value])


def test_more_than_ten_agencies_are_sampled_with_error_and_nucleolus_is_withheld():
    names = [f"A{i:02}" for i in range(12)]
    paid = dict.fromkeys(names, Decimal(10))
    gained = dict.fromkeys(names, Decimal(20))
    found = share(paid, gained, worth=lambda c: F(max(0, 10 * len(c) - 40)), orders=50)
    assert sum(found.results["shapley"].net_gbp.values()) == 120
    assert set(found.results["shapley"].standard_error_gbp) == set(names)
    assert "at most 10" in found.results["nucleolus"].withheld
    assert found.results["investment"].in_core is None
    assert "were not tested" in found.results["investment"].core_sentence


def test_every_method_says_when_it_fits_and_its_trap():
    assert all(m.fit.endswith(".") and m.trap.endswith(".") for m in METHODS.values())
    assert set(METHODS) == set(three().results)


def test_proportional_without_weights_is_refused():
    with pytest.raises(InvalidInput, match="Choose another method"):
        proportional(F(10), {"a": F(0)})


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcde"), st.integers(-3, 9), min_size=1),
    st.lists(st.tuples(st.sets(st.sampled_from("abcde"), min_size=1), st.integers(-6, 14)), max_size=6),
)
def test_most_gain_is_the_best_of_all_choices_of_items(costs, raw):
    gains = {frozenset(s): g for s, g in raw if s <= set(costs)}
    harm = {i: F(0) for i in costs}
    for items, gain in gains.items():
        for k, item in enumerate(sorted(items)):
            harm[item] += (divmod(-gain, len(items))[0] + (k < -gain % len(items))) if gain < 0 else 0
    best = max(
        sum(g for s, g in gains.items() if g > 0 and s <= set(chosen))
        - sum(costs[i] + harm[i] for i in chosen)
        for size in range(len(costs) + 1)
        for chosen in combinations(costs, size)
    )
    assert most_gain(gains, costs) == best


def plan_of_two():
    day = dt.date(2025, 4, 1)
    lines = (
        Line("B1", "One", "fiscal", "cash-releasing", {"ICB": F(1)}, day, 12, full_year_gbp=Decimal(100), item_ids=("W1",)),
        Line("B2", "Two", "fiscal", "capacity released", {"COU": F(1, 2), "OUT": F(1, 2)}, day, 12, full_year_gbp=Decimal(80), item_ids=("W2",)),
    )  # fmt: skip
    costs = (
        Cost("C1", "COU", "W1", None, 2025, Decimal(60), real_gbp=Decimal(60)),
        Cost("C2", "COU", "W2", None, 2025, Decimal(10), real_gbp=Decimal(10)),
        Cost("C3", "COU", "W2", None, 2025, Decimal(7), real_gbp=Decimal(7), funding="grant"),
        Cost("C4", "OUT", "W1", None, 2025, Decimal(9), real_gbp=Decimal(9)),
    )
    agencies = (AgencyRef("COU", "COU", "Council"), AgencyRef("ICB", "ICB", "Care board"), AgencyRef("OUT", "OUT", "Out", "outside"))  # fmt: skip
    return AppraisalModel(lines, costs, agencies, Settings(2025, 1))


def test_coalition_values_are_derived_from_which_agencies_each_item_needs():
    found = derive(plan_of_two(), picks=True)
    assert found.needs == {"W1": frozenset({"COU"}), "W2": frozenset({"COU"})}
    assert found.worth(frozenset({"COU"})) == 30  # does what pays for it, W2, and leaves W1
    assert derive(plan_of_two()).worth(frozenset({"COU"})) == 0  # its part of the plan, both, would lose 30
    assert found.worth(frozenset({"ICB"})) == 0
    assert found.worth(frozenset({"COU", "ICB"})) == 40 + 100 - 70
    assert found.paid_gbp == {"COU": Decimal(70), "ICB": Decimal(0)}
    assert any("£7.00 paid from ring-fenced grant" in n for n in found.notes)
    assert any("£9.00 paid by outside bodies" in n for n in found.notes)


def test_item_that_depends_on_another_needs_its_agencies_too():
    found = derive(plan_of_two(), {"W1": ["ICB"], "W2": ["COU"]}, after={"W2": ["W1"]})
    assert found.needs["W2"] == frozenset({"COU", "ICB"})
    assert found.worth(frozenset({"COU"})) == 0
    assert found.worth(frozenset({"ICB"})) == 40  # W1 alone: 100 less its cost of 60
    round_and_round = derive(plan_of_two(), after={"W1": ["W2"], "W2": ["W1"]})
    assert round_and_round.worth(frozenset({"COU", "ICB"})) == 70


def test_stated_needs_take_the_place_of_payers_and_a_stranger_is_refused():
    found = derive(plan_of_two(), {"W1": ["COU", "ICB"], "W2": ["COU", "ICB"]})
    assert found.worth(frozenset({"COU"})) == 0
    shares = share(found.paid_gbp, found.gained_gbp, worth=found.worth).results["shapley"].net_gbp
    assert shares == {"COU": Decimal(35), "ICB": Decimal(35)}
    with pytest.raises(UnknownName, match="partner"):
        derive(plan_of_two(), {"W1": ["XXX"]})
