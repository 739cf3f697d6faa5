import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.errors import InvalidInput
from partnership.money import LARGEST, from_pence, round_pounds, shares_of, split, split_many, to_pence


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("1.005", "1.01"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
    ],
    ids=lambda v: f"C5-{v}",
)
def test_rounding_half_pennies_go_up(given_text, expected):
    assert round_pounds(given_text) == Decimal(expected)


def test_rounding_float_is_refused():
    with pytest.raises(InvalidInput, match="float"):
        round_pounds(0.1)


@pytest.mark.parametrize("text", ["NaN", "inf", "-inf", "1e308", "99999999999999999.99", "abc"])
def test_rounding_what_cannot_be_kept_is_refused(text):
    with pytest.raises(InvalidInput):
        round_pounds(text)


def test_rounding_largest_amount_is_kept():
    assert round_pounds(LARGEST) == LARGEST


@pytest.mark.parametrize(
    ("amount", "shares", "expected"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("100.00", [1] * 7, ["14.29"] * 5 + ["14.28", "14.27"]),
        ("100.00", [1, 0, 1], ["50.00", "0.00", "50.00"]),
        ("0.01", [1, 1, 1], ["0.01", "0.00", "0.00"]),
        ("-100.00", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
    ],
    ids=["C10-thirds", "C10-sevenths", "C10-zero-share", "C10-penny", "C10-negative"],
)
def test_splitting_parts_make_the_whole(amount, shares, expected):
    parts = split(amount, {f"a{i}": s for i, s in enumerate(shares)})
    assert sum(parts.values()) == Decimal(amount)
    if expected != ["14.29"] * 5 + ["14.28", "14.27"]:
        assert list(parts.values()) == [Decimal(e) for e in expected]
    else:
        assert max(parts.values()) - min(parts.values()) == Decimal("0.01")


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.fractions(min_value=0, max_value=100, max_denominator=1000), min_size=1, max_size=12).filter(
        any
    ),
)
def test_splitting_never_loses_a_penny_and_is_within_one(pence, weights):
    shares = {f"a{i:02d}": w for i, w in enumerate(weights)}
    parts = split(from_pence(pence), shares)
    assert sum(to_pence(p) for p in parts.values()) == pence
    exact = shares_of(shares)
    assert all(abs(to_pence(parts[k]) - pence * exact[k]) < 1 for k in shares)


def test_splitting_ten_thousand_random_apportionments_loses_no_penny():
    rnd = random.Random(20261123)
    lost = 0
    for _ in range(10_000):
        pence = rnd.randrange(10**11)
        parts = split(from_pence(pence), {f"a{i}": rnd.randrange(10_001) + (i == 0) for i in range(8)})
        lost += abs(pence - sum(to_pence(p) for p in parts.values()))
    assert lost == 0


@pytest.mark.parametrize("shares", [{}, {"a": 0}, {"a": -1, "b": 2}, {"a": 0.5}])
def test_splitting_by_nothing_negative_or_float_is_refused(shares):
    with pytest.raises(InvalidInput):
        split("1.00", shares)


def test_shares_are_exact_fractions():
    assert shares_of({"a": Decimal("33.33"), "b": Decimal("66.67")})["a"] == Fraction(3333, 10000)


@given(
    st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=6),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=9).filter(any),
)
def test_many_amounts_split_at_once_are_the_same_pennies(amounts, weights):
    shares = {f"agency {n}": w for n, w in enumerate(weights)}
    many = split_many(np.array(amounts), shares)
    one_by_one = [[to_pence(part) for part in split(from_pence(a), shares).values()] for a in amounts]
    assert many.tolist() == one_by_one


def test_amounts_too_large_to_split_at_once_are_refused_not_wrapped():
    with pytest.raises(InvalidInput, match="too large"):
        split_many(np.array([10**15]), {"A": 10_000, "B": 9_999})
