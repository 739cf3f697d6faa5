import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership._roi.model import Assumed, Line, Settings, affine
from partnership._roi.variance import (
    DRIVERS,
    UNEXPLAINED,
    Actual,
    Drivers,
    compare_line,
    drivers_of,
    variance,
)
from partnership.errors import InvalidInput

F = Fraction

numbers = st.fractions(-5000, 5000, max_denominator=997)
drivers = st.builds(
    Drivers, numbers, numbers, st.fractions(0, 1, max_denominator=12), st.fractions(0, 1, max_denominator=100)
)


def assumed(step, value, unit=None):
    scale, offset = affine(step, unit)
    number = Decimal(value)
    return Assumed(step, step, number, number, number, scale=scale, offset=offset)


def line(people="100", anyway="20", pounds="50", start=dt.date(2025, 10, 1), **more):
    chain = (
        assumed("target population", people),
        assumed("impact", "50", "%"),
        assumed("deadweight", anyway, "%"),
    )
    return Line("B", "Saving", "fiscal", "cash-releasing", {"COU": F(1)}, start, 36, chain=chain, unit_value=assumed("unit value", pounds), **more)  # fmt: skip


SETTINGS = Settings(2025, 3)


@settings(deadline=None)
@given(drivers, drivers, st.sampled_from([None, *permutations(DRIVERS)]))
def test_parts_of_a_variance_add_up_to_it_to_the_penny(was, now, order):
    found = variance(was, now, order=order)
    assert sum(found.parts_gbp.values()) == found.total_gbp == found.to_gbp - found.from_gbp
    assert abs(F(found.to_gbp) - now.amount) <= F(1, 200)


@settings(deadline=None)
@given(drivers, drivers)
def test_variance_there_and_back_is_the_same_with_the_other_sign(was, now):
    there, back = variance(was, now), variance(now, was)
    assert there.total_gbp == -back.total_gbp
    assert all(abs(there.parts_gbp[d] + back.parts_gbp[d]) <= Decimal("0.02") for d in DRIVERS)


@settings(deadline=None)
@given(drivers, st.sampled_from(DRIVERS), numbers)
def test_change_of_one_driver_is_all_its_own(was, driver, value):
    changed = {d: getattr(was, d) for d in DRIVERS} | {driver: value}
    found = variance(was, Drivers(**changed))
    assert {d for d, v in found.parts_gbp.items() if v} <= {driver}


@settings(deadline=None)
@given(drivers, drivers)
def test_default_split_is_the_mean_of_all_orders(was, now):
    found = variance(was, now)
    every = [variance(was, now, order=o).parts_gbp for o in permutations(DRIVERS)]
    for d in DRIVERS:
        assert abs(found.parts_gbp[d] - sum(p[d] for p in every) / 24) < Decimal("0.03")


def test_sequential_split_is_that_of_standard_costing():
    was, now = (Drivers(F(v), F(p), F(1), F(1)) for v, p in ((1000, 5), (900, 6)))
    found = variance(was, now, order=DRIVERS)
    assert found.parts_gbp["volume"] == -500  # (900 - 1,000) x 5
    assert found.parts_gbp["price"] == 900  # (6 - 5) x 900


def test_drivers_of_a_line_make_its_amount_in_every_year():
    one = line()
    for k, year in enumerate(SETTINGS.years):
        assert drivers_of(one, SETTINGS, year).amount == F(one.level * one.year_weights(2025, 3)[k])
    assert drivers_of(one, SETTINGS, 2025) == Drivers(F(50), F(50), F(1, 2), F(4, 5))


def test_drivers_of_a_harm_are_negative():
    harm = line(is_disbenefit=True, optimism_bias=Decimal("0.1"))
    assert drivers_of(harm, SETTINGS, 2026).amount == F(harm.level)
    assert drivers_of(harm, SETTINGS, 2026).amount == -50 * 50 * F(4, 5) * F(11, 10)


def test_forecast_actual_and_reforecast_of_one_line_stand_side_by_side():
    again = line(people="80", anyway="30", start=dt.date(2026, 1, 1))
    read = Actual(Decimal(420), Decimal(40), Decimal(60), Decimal("0.25"), Decimal("0.7"))
    found = compare_line(line(), SETTINGS, 2025, actual=read, reforecast=again)
    assert (found.forecast_gbp, found.actual_gbp, found.reforecast_gbp) == (
        Decimal(1000),
        Decimal(420),
        Decimal(350),
    )
    assert sum(found.actual_variance.parts_gbp.values()) == -580
    assert found.actual_variance.parts_gbp[UNEXPLAINED] == 0
    assert found.reforecast_variance.parts_gbp["price"] == 0
    assert all(found.reforecast_variance.parts_gbp[d] < 0 for d in ("volume", "timing", "attribution"))
    assert sum(found.reforecast_variance.parts_gbp.values()) == -650


def test_driver_not_read_is_held_and_what_is_left_is_not_explained():
    found = compare_line(
        line(), SETTINGS, 2025, actual=Actual(Decimal(700), volume=Decimal(40))
    ).actual_variance
    assert found.parts_gbp == {"volume": -200, "price": 0, "timing": 0, "attribution": 0, UNEXPLAINED: -100}
    assert "Not read, and held at the forecast: price, timing, attribution." in found.note


def test_single_driver_not_read_follows_from_the_amount():
    read = Actual(Decimal(900), volume=Decimal(50), timing=Decimal("0.5"), attribution=Decimal("0.8"))
    found = compare_line(line(), SETTINGS, 2025, actual=read).actual_variance
    assert found.parts_gbp["price"] == -100
    assert found.parts_gbp[UNEXPLAINED] == 0
    assert "Price follows from the amount." in found.note


@settings(deadline=None)
@given(st.decimals(-10000, 10000, places=2), st.tuples(*[st.none() | st.decimals(0, 200, places=3)] * 4))
def test_actual_variance_adds_up_whatever_was_read(amount, read):
    found = compare_line(line(), SETTINGS, 2025, actual=Actual(amount, *read)).actual_variance
    assert sum(found.parts_gbp.values()) == amount - 1000


def test_missing_actual_is_not_nothing():
    found = compare_line(line(), SETTINGS, 2025, actual=Actual(None, missing="withheld"))
    assert found.actual_gbp is None
    assert found.actual_variance is None
    assert found.missing == "withheld"
    assert compare_line(line(), SETTINGS, 2025).missing == "not read"


def test_benefit_without_a_chain_varies_by_its_value_and_timing():
    plain = Line(
        "B", "b", "fiscal", "no release", {"COU": F(1)}, dt.date(2025, 4, 1), 36, full_year_gbp=Decimal(100)
    )
    found = compare_line(
        plain, SETTINGS, 2026, actual=Actual(Decimal(60), price=Decimal(80), timing=Decimal("0.75"))
    )
    assert sum(found.actual_variance.parts_gbp[d] for d in ("price", "timing")) == -40


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: compare_line(line(), SETTINGS, 2040), "2040/41 is not appraised"),
        (lambda: compare_line(line(missing="No unit value."), SETTINGS, 2025), "has no value"),
        (
            lambda: variance(
                Drivers(F(1), F(1), F(1), F(1)), Drivers(F(1), F(1), F(1), F(1)), order=("price",)
            ),
            "no order",
        ),
        (lambda: compare_line(line(), SETTINGS, 2025, actual=Actual(Decimal("NaN"))), "must be a number"),
        (
            lambda: compare_line(
                line(), SETTINGS, 2025, actual=Actual(Decimal(1), volume=Decimal("Infinity"))
            ),
            "finite",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(call, words):
    with pytest.raises(InvalidInput, match=words):
        call()
