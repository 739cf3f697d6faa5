import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.errors import InvalidInput
from partnership.expectations import TimedTarget, compare_rates, gap

AMOUNTS = st.lists(st.floats(0.001, 1e9), min_size=2, max_size=9)


def test_gap_five_against_five_thousand_stops_the_work():
    found = gap({"PRO": 5, "COU": 5000})
    assert (found.ratio, found.log10_ratio, found.band) == (1000, pytest.approx(3), "stop and re-define")
    assert found.cv < math.sqrt(2)


@pytest.mark.parametrize(
    ("most", "band"), [(199, "aligned"), (200, "discuss"), (999, "discuss"), (1000, "stop and re-define")]
)
def test_gap_bands_begin_at_two_and_ten(most, band):
    assert gap({"a": 100, "b": most}).band == band


def test_gap_zero_expectation_is_a_case_of_its_own():
    found = gap({"a": 0, "b": 100, "c": 300})
    assert found.band == "one partner expects none"
    assert found.expecting_none == ("a",)
    assert found.ratio == 3


def test_gap_no_answer_is_not_zero():
    found = gap({"a": None, "b": 100, "c": 150})
    assert (found.answers, found.unanswered, found.band, found.ratio) == (2, ("a",), "aligned", 1.5)


@pytest.mark.parametrize("answers", [{}, {"a": None}, {"a": 5}, {"a": 5, "b": None}])
def test_gap_too_few_answers_are_said_in_words(answers):
    assert gap(answers).band == "not enough answers"
    assert gap(answers).ratio is None


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf])
def test_gap_negative_or_endless_expectation_is_refused(bad):
    with pytest.raises(InvalidInput):
        gap({"a": bad, "b": 1})


@given(AMOUNTS, st.floats(0.01, 1000))
def test_gap_is_unchanged_by_unit_and_order(amounts, factor):
    one = gap({f"a{i}": a for i, a in enumerate(amounts)})
    other = gap({f"a{i}": amounts[i] * factor for i in reversed(range(len(amounts)))})
    assert other.ratio == pytest.approx(one.ratio)
    assert other.log10_ratio == pytest.approx(one.log10_ratio, abs=1e-9)


def test_rates_same_number_can_hide_a_gap():
    compared = compare_rates([TimedTarget("a", 120, 12), TimedTarget("b", 120, 3), TimedTarget("c", 30, 3)])
    assert compared.rate_ratio == 4
    assert compared.same_number_different_rate == (("a", "b"),)
    assert compared.same_rate_different_number == (("a", "c"),)


def test_rates_zero_months_are_refused():
    with pytest.raises(InvalidInput):
        compare_rates([TimedTarget("a", 1, 0)])
