"""Kinds of gap, common rates, sums: nothing is averaged or added across definitions."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.expectations import Stated, adds_up, common_rate, months_between, typed_gap
from partnership.verify import run

BY, LATER = dt.date(2027, 3, 31), dt.date(2028, 1, 31)
PERS = ("day", "week", "month", "quarter", "year")


@pytest.mark.parametrize(("stated", "kind"), [
    ([Stated("a", 0), Stated("b", 5), Stated("c", 6)], "expects none"),
    ([Stated("a", None), Stated("b", 5)], "unanswered"),
    ([Stated("a", 0), Stated("b", 0)], None),
    ([Stated("a", 5), Stated("b", 9, definition="D2", scope="s")], "near agreement"),
    ([Stated("a", 5, definition="D1"), Stated("b", 50, definition="D2", scope="x")], "definition"),
    ([Stated("a", 5, unit="cases"), Stated("b", 50, unit="people")], "definition"),
    ([Stated("a", 5, unit="cases", scope="East"), Stated("b", 50, unit="Cases ", scope="West", by=BY)], "scope"),
    ([Stated("a", 5, by=BY), Stated("b", 50, by=LATER)], "horizon"),
    ([Stated("a", 5, by=BY), Stated("b", 50, by=BY.replace(day=1))], "ambition"),
    ([Stated("a", 5, definition="D1"), Stated("b", 50)], "definition"),
    ([Stated("a", 5, comparable=False), Stated("b", 50), Stated("c", None)], "definition"),
    ([Stated("a", 5), Stated("a", 500, direction="gives"), Stated("b", None)], "unanswered"),
    ([Stated("a", 5, direction="gives"), Stated("b", 50)], "capacity"),
    ([Stated("a", 5, direction="gets"), Stated("b", 50)], "ambition"),
])  # fmt: skip
def test_kind_is_the_first_that_is_true(stated, kind):
    assert typed_gap(stated, without_days=frozenset({"a"})).kind == kind


def test_nothing_is_averaged_across_definitions_and_the_ratio_stands():
    apart = typed_gap([Stated("PRO", 5, definition="D1"), Stated("COU", 5000, definition="D2")])
    assert (apart.gap.ratio, apart.gap.log10_ratio, apart.definitions) == (1000, pytest.approx(3), 2)
    assert (apart.gap.geometric_mean, apart.gap.mean, apart.gap.median, apart.gap.cv) == (
        None,
        None,
        None,
        None,
    )
    same = typed_gap([Stated("PRO", 5, definition="D1"), Stated("COU", 5000, definition="D1")])
    assert same.gap.geometric_mean == pytest.approx(158.1138830084)


def test_what_one_partner_gives_and_gets_is_no_gap_between_partners():
    said = [Stated("a", 600, direction="gives"), Stated("a", 5000), Stated("b", 700)]
    found = typed_gap(said).gap
    assert (found.least, found.most, found.ratio) == (700, 5000, pytest.approx(50 / 7))
    assert typed_gap(said[::-1]).gap == found


def test_number_without_a_common_rate_has_no_part_in_the_ratio_and_is_named():
    found = typed_gap([Stated("a", 5, comparable=False), Stated("b", 50), Stated("c", 100)])
    assert (found.gap.ratio, found.gap.geometric_mean, found.not_comparable) == (2, None, ("a",))


def test_dates_are_months_apart_by_the_calendar():
    found = typed_gap([Stated("a", 5, by=LATER), Stated("b", 50, by=BY), Stated("c", None)])
    assert (found.earliest, found.latest, found.months_apart) == (BY, LATER, 10)
    assert months_between(dt.date(2026, 6, 30), dt.date(2029, 3, 31)) == 33


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8), st.data())
def test_gap_is_unchanged_by_the_period_it_is_said_in_and_by_the_order_of_partners(rates, data):
    pers = [data.draw(st.sampled_from(PERS)) for _ in rates]
    said = [Fraction(r) * common_rate(1, "year", p) for r, p in zip(rates, pers, strict=True)]
    brought = [common_rate(q, p, "year") for q, p in zip(said, pers, strict=True)]
    assert brought == rates
    order = data.draw(st.permutations(range(len(rates))))
    one = typed_gap([Stated(f"a{i}", float(r)) for i, r in enumerate(rates)])
    other = typed_gap([Stated(f"a{i}", float(brought[i])) for i in order])
    assert (other.gap.ratio, other.kind, other.gap.band) == (one.gap.ratio, one.kind, one.gap.band)
    assert other.gap.geometric_mean == pytest.approx(one.gap.geometric_mean)


def test_stock_and_rate_have_no_common_rate():
    assert common_rate(60, "in all", "in all") == 60
    assert common_rate(60, "in all", "year") is None
    assert common_rate(60, "year", "in all") is None


@pytest.mark.parametrize(("offers", "target", "standing", "given_"), [
    ({"a": (600, "D"), "b": (150, "D")}, 750, "adds up", 750),
    ({"a": (600, "D"), "b": (None, "D")}, 750, "falls short", 600),
    ({"a": (600, "D"), "b": (900, "D")}, 750, "more than asked", 1500),
    ({"a": (600, "D"), "b": (5, "E")}, 750, "cannot be added", None),
    ({"a": (600, "D")}, None, "no target", 600),
    ({"a": (None, None)}, 750, "nothing offered", None),
])  # fmt: skip
def test_what_is_given_is_held_against_the_target(offers, target, standing, given_):
    rates = {who: (None if q is None else Fraction(q), d) for who, (q, d) in offers.items()}
    found = adds_up(rates, None if target is None else Fraction(target))
    assert (found.standing, found.given) == (standing, given_)
    assert found.silent == sum(q is None for q, _ in offers.values())
    assert adds_up(rates, Fraction(1), additive=False).standing == "not to be added"


@pytest.mark.parametrize(("inputs", "expected"), [
    ({"values": [5, 50]}, {"ratio": 10, "band": "stop and re-define"}),
    ({"expected": {"a": 5, "b": 5000}, "definitions": {"a": "D", "b": "E"}}, {"kind": "definition", "geometric_mean": None, "ratio": 1000}),
    ({"quantity": 1250, "per": "quarter", "compared_per": "year"}, 5000),
    ({"offers": {"a": [600, "D"], "b": [5, "E"]}, "target": 700}, "cannot be added"),
])  # fmt: skip
def test_cases_of_many_shapes_are_verified(inputs, expected):
    case = {"id": "x", "category": "gap", "inputs": inputs, "expected": expected, "tolerance": 1e-9}
    assert run([case]).cases[0].outcome == "pass"
    wrong = {**case, "expected": {"ratio": 3} if isinstance(expected, dict) else 3}
    assert run([wrong]).cases[0].outcome == "fail"
