"""Running totals, partial totals, forecast, reference class, slips and horizons."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership import benefits
from partnership._workflows.realising import _completion
from partnership.benefits import (
    Benefit,
    Cell,
    Finished,
    forecast,
    horizons,
    partial_total,
    reference_class,
    running_totals,
    slips,
)
from partnership.blueprint import WorkItem
from partnership.errors import InvalidInput
from partnership.records import MISSING_KINDS

D = Decimal
TODAY = dt.date(2026, 11, 23)


# ---- running totals ----
def test_shares_add_up_by_their_parts_and_not_as_a_mean():
    cells = [Cell(None, D(50), D(100)), Cell(None, D(9), D(10))]
    last = running_totals(cells, "share", scale=100)[-1]
    assert last.value == Fraction(5900, 110)
    assert (last.numerator, last.denominator) == (59, 110)


def test_share_without_its_parts_cannot_be_added():
    found = running_totals([Cell(None, D(1), D(2)), Cell(D(40)), Cell(None, D(1), D(2))], "share")
    assert [r.value for r in found] == [Fraction(1, 2), None, None]


@pytest.mark.parametrize(("kind", "value"), [("count", 7), ("amount", 7), ("rating", None)])
def test_counts_are_added_and_ratings_never(kind, value):
    assert running_totals([Cell(D(3)), Cell(D(4))], kind)[-1].value == value


def test_missing_is_not_zero_and_each_kind_is_kept():
    cells = [Cell(D(3)), *(Cell(missing=k) for k in MISSING_KINDS), Cell(D(4), is_provisional=True)]
    last = running_totals(cells, "count")[-1]
    assert last.value == 7
    assert last.is_partial
    assert last.is_provisional
    assert last.visible_share == Fraction(2, 7)
    assert last.missing == dict.fromkeys(MISSING_KINDS, 1)
    assert running_totals([Cell(missing="withheld")], "count")[0].value is None


# ---- partial totals ----
rows = st.lists(
    st.fixed_dictionaries(
        {
            "agency": st.sampled_from("AB"),
            "goal": st.sampled_from("GH"),
            "class": st.sampled_from("CD"),
            "function": st.sampled_from("EF"),
            "year": st.sampled_from([2025, 2026]),
            "planned": st.decimals(-1000, 1000, places=2),
            "real": st.one_of(st.none(), st.decimals(-1000, 1000, places=2)),
            "kind": st.sampled_from(MISSING_KINDS),
            "state": st.sampled_from(["approved", "provisional"]),
        }
    ),
    max_size=12,
)


def as_rows(drawn):
    return [
        {
            **r,
            "planned_gbp": r["planned"],
            "realised_gbp": r["real"],
            "compared_gbp": None if r["real"] is None else r["planned"],
            "not_read_gbp": r["planned"] if r["real"] is None else None,
            "missing": r["kind"] if r["real"] is None else None,
        }
        for r in drawn
    ]


@settings(max_examples=60, deadline=None)
@given(rows, st.permutations(["agency", "goal", "class", "function", "year"]))
def test_roll_ups_equal_the_sum_of_their_parts_by_any_path(drawn, path):
    every = as_rows(drawn)
    whole = partial_total(every)

    def parts(some, keys):
        if not keys:
            return [partial_total(some)]
        groups = {r[keys[0]] for r in some}
        return [p for g in groups for p in parts([r for r in some if r[keys[0]] == g], keys[1:])]

    for depth in range(len(path) + 1):
        split = parts(every, path[:depth])
        for name in ("planned_gbp", "compared_gbp", "not_read_gbp", "provisional_gbp"):
            assert sum((getattr(p, name) for p in split), D(0)) == getattr(whole, name)
        assert sum((p.realised_gbp or 0 for p in split), D(0)) == (whole.realised_gbp or 0)
        for kind in MISSING_KINDS:
            assert sum((p.hidden_gbp.get(kind, D(0)) for p in split), D(0)) == whole.hidden_gbp.get(
                kind, D(0)
            )


def test_harm_does_not_hide_what_cannot_be_seen():
    base = {"compared_gbp": None, "realised_gbp": None, "state": None, "missing": "withheld"}
    found = partial_total(
        [
            base | {"planned_gbp": D(5), "not_read_gbp": D(5)},
            base | {"planned_gbp": D(-5), "not_read_gbp": D(-5)},
        ]
    )
    assert found.planned_gbp == 0
    assert found.is_partial
    assert found.visible_share == 0
    assert found.realisation_rate is None


# ---- forecast ----
GROWING = [float(100 + 8 * n + (7 if n % 3 else -9)) for n in range(24)]


@pytest.fixture(scope="module")
def completion():
    return forecast(GROWING, 6, futures=400)


def test_forecast_has_its_range_in_order_and_starts_from_what_is_real(completion):
    assert completion.real_to_date == sum(GROWING)
    assert completion.real_to_date < completion.low < completion.middle < completion.high
    assert len(completion.path) == 6
    assert completion.path[-1] == (completion.low, completion.middle, completion.high)
    assert completion.middle == pytest.approx(sum(GROWING) + sum(100 + 8 * n for n in range(24, 30)), rel=0.1)


def test_forecast_is_back_tested_against_saying_nothing_changes(completion):
    tested = completion.backtest
    assert [o.months for o in tested.origins] == list(range(12, 22))
    assert tested.mean_error == pytest.approx(
        sum(abs(o.middle - o.real) for o in tested.origins) / sum(o.real for o in tested.origins)
    )
    assert all(o.real == pytest.approx(sum(GROWING[o.months : o.months + 3])) for o in tested.origins)
    assert all(o.naive == pytest.approx(3 * GROWING[o.months - 1]) for o in tested.origins)
    assert tested.inside == sum(o.is_inside for o in tested.origins)
    assert tested.beats_naive == (tested.mean_error < tested.naive_error)


def test_range_is_widened_until_it_would_have_held_four_in_five(completion):
    tested, times = completion.backtest, completion.widened
    assert times >= 1
    held = [abs(o.real - o.middle) <= times * (o.high - o.low) / 2 + 1e-9 for o in tested.origins]
    assert sum(held) / len(held) >= 0.8


def test_same_readings_give_the_same_forecast(completion):
    assert forecast(GROWING[:12], 2, futures=50) == forecast(GROWING[:12], 2, futures=50)


def test_short_history_is_said_and_not_forecast():
    found = forecast([1.0] * 9, 3)
    assert found.middle is None
    assert "9 months were read; a forecast needs 10" in found.why_not
    assert found.backtest.mean_error is None
    assert forecast([5.0, 6.0], 0).middle == 11


def test_steady_series_has_no_spread():
    found = forecast([5.0] * 12, 2)
    assert (found.low, found.middle, found.high) == (70, 70, 70)


def test_forecast_needs_finite_values():
    with pytest.raises(InvalidInput, match="cannot be forecast"):
        forecast([1.0, np.nan], 2)


# ---- reference class ----
def history(*ratios, kind="cash-releasing"):
    return [Finished(str(n), kind, D(1000), D(str(1000 * r))) for n, r in enumerate(ratios)]


def test_reference_class_proposes_what_history_came_short_by():
    found = reference_class(history(0.4, 0.5, 0.6, 0.7, 0.8, 0.8, 0.9, 1, 1.1, 1.2, 1.3))
    assert (found.size, found.middle, found.came_short) == (11, 0.8, 7)
    assert found.bias == pytest.approx(0.2)
    assert found.prudent_bias == pytest.approx(0.4)
    assert found.low == 0.5
    assert found.high == 1.2
    assert found.middle_low <= found.middle <= found.middle_high


def test_quantiles_are_those_of_numpy():
    ratios = [0.31, 0.55, 0.9, 0.2, 1.4, 0.75, 0.8, 0.66, 0.95, 0.5, 1.05, 0.7]
    found = reference_class(history(*ratios))
    assert (found.low, found.middle, found.high) == pytest.approx(tuple(np.quantile(ratios, (0.1, 0.5, 0.9))))


def test_small_class_borrows_from_all_and_a_small_history_proposes_nothing():
    mixed = [*history(*[0.5] * 6), *history(*[0.9] * 6, kind="capacity released")]
    assert (reference_class(mixed, "cash-releasing").name, reference_class(mixed, "cash-releasing").size) == (
        "all classes",
        12,
    )
    assert reference_class(mixed, "cash-releasing", least=6).bias == 0.5
    few = reference_class(history(0.5, 0.6))
    assert (few.bias, few.size, few.least) == (None, 2, 10)
    assert few.pooled == pytest.approx(0.55)
    assert reference_class([]).pooled is None


def test_history_that_came_out_better_gives_no_reason_to_promise_more():
    assert reference_class(history(*[1.3] * 10)).bias == 0


def test_median_range_holds_the_median_as_often_as_it_says():
    rng, held = np.random.default_rng(3), 0
    for _ in range(400):
        found = reference_class(history(*np.round(rng.uniform(0, 2, 14), 6)))
        held += found.middle_low <= 1 <= found.middle_high
    assert held / 400 >= 0.87


def test_curve_is_not_drawn_on_beyond_its_ends():
    with pytest.raises(InvalidInput, match=r"0\.2 to 0\.5"):
        benefits.uplift_at({0.5: 0.4, 0.2: 0.57}, 0.1)


# ---- slips and horizons ----
def item(key, due, **more):
    return WorkItem(id=key, title=key, due_on=due, **more)


def test_benefit_start_moves_with_the_item_that_slips_most():
    items = [
        item("a", dt.date(2027, 3, 31), expected_on=dt.date(2027, 4, 10)),
        item("b", dt.date(2027, 3, 31), expected_on=dt.date(2027, 9, 30)),
        item("c", dt.date(2027, 3, 31), done_on=dt.date(2026, 10, 1)),
    ]
    made = [
        Benefit(id=k, title=k, benefit_class="quantified", item_ids=i, starts_on=dt.date(2027, 4, 1))
        for k, i in (("X", ("a", "b")), ("Y", ("c",)), ("Z", ()))
    ]
    found = {s.benefit_id: s for s in slips(made, items, TODAY)}
    assert (found["X"].months, found["X"].item_id, found["X"].expected_start) == (
        6,
        "b",
        dt.date(2027, 10, 1),
    )
    assert (found["Y"].months, found["Y"].item_id, found["Y"].expected_start) == (
        0,
        None,
        dt.date(2027, 4, 1),
    )
    assert found["Z"].months == 0


def test_benefit_that_has_begun_does_not_start_again():
    late = [item("a", dt.date(2026, 3, 31), expected_on=dt.date(2027, 3, 31))]
    one = Benefit(
        id="X", title="X", benefit_class="quantified", item_ids=("a",), starts_on=dt.date(2026, 4, 1)
    )
    (begun,) = slips([one], late, TODAY, {"X": dt.date(2026, 6, 1)})
    assert (begun.expected_start, begun.months) == (dt.date(2026, 6, 1), 2)
    assert (begun.item_months, begun.has_begun) == (12, True)
    (waiting,) = slips([one], late, TODAY)
    assert (waiting.expected_start, waiting.months, waiting.has_begun) == (dt.date(2027, 4, 1), 12, False)
    (nothing,) = slips([one], [], TODAY)
    assert (nothing.expected_start, nothing.item_id) == (dt.date(2026, 11, 1), None)


def test_overdue_item_ends_no_earlier_than_today_and_pushes_what_waits_for_it():
    items = [
        item("a", dt.date(2026, 9, 30)),
        item("b", dt.date(2026, 12, 31), starts_on=dt.date(2026, 10, 1), depends_on=("a",)),
    ]
    ends = benefits.expected_ends(items, TODAY)
    assert ends["a"] == TODAY
    assert ends["b"] == TODAY + (dt.date(2026, 12, 31) - dt.date(2026, 10, 1))


def test_results_are_held_against_each_partners_own_horizon():
    need = {
        "a": dt.date(2026, 6, 30),
        "b": dt.date(2026, 6, 30),
        "c": dt.date(2026, 6, 30),
        "d": dt.date(2027, 1, 1),
        "e": dt.date(2027, 1, 1),
        "f": None,
    }
    real = {"a": dt.date(2026, 6, 1), "b": dt.date(2026, 8, 1)}
    planned = {"d": dt.date(2026, 12, 1), "e": dt.date(2027, 6, 1)}
    found = {h.agency_id: h.state for h in horizons(need, real, planned, TODAY)}
    assert found == {
        "a": "in time",
        "b": "late",
        "c": "too late",
        "d": "still to come",
        "e": "planned too late",
        "f": "no answer",
    }


# ---- what is forecast, and from what ----
def ledger(readings):
    """Rows of one agency: each benefit is planned at £100 a month for 18 months; None is a month not read."""
    rows = []
    for benefit, values in readings.items():
        for n in range(18):
            read = values[n] if n < len(values) else None
            to_date = n < 15
            rows.append(
                {
                    "benefit_id": benefit, "agency_id": "A", "period": dt.date(2025 + (3 + n) // 12, (3 + n) % 12 + 1, 1),
                    "is_counted": True, "state": None if read is None else "approved",
                    "original_gbp": D(100), "planned_gbp": D(100), "realised_gbp": None if read is None else D(read),
                    "compared_gbp": None if read is None else D(100),
                    "not_read_gbp": D(100) if to_date and read is None else None,
                }
            )  # fmt: skip
    types = dict.fromkeys(
        ("original_gbp", "planned_gbp", "realised_gbp", "compared_gbp", "not_read_gbp"), pl.Decimal(18, 2)
    )
    return pl.DataFrame(rows, schema_overrides={**types, "state": pl.String})  # fmt: skip


def test_months_that_were_not_read_are_no_months_of_nothing_in_a_forecast(monkeypatch):
    given = []

    def seen(values, ahead):
        given.append((values, ahead))
        return forecast([5.0] * len(values), ahead, futures=20)

    monkeypatch.setattr("partnership._workflows.realising.forecast", seen)
    whole, gone = [80] * 15, [60] * 3 + [None] * 9 + [60] * 3
    done = _completion(ledger({"whole": whole, "gap": gone}), None)
    # the benefit with nine months unread is not forecast, and what is real of it counts
    assert given[-1] == ([80.0] * 15, 3)
    assert done.comparable_gbp == 1800 + 600
    assert done.hidden_gbp == 3600 - 2400
    assert done.forecast.real_to_date == 5 * 15 + 360

    # two months behind: forecast from the last month that all were read; what came since is not yet the whole
    done = _completion(ledger({"whole": whole, "late": [70] * 13}), None)
    assert given[-1] == ([150.0] * 13, 5)
    assert (done.periods[-1], done.comparable_gbp, done.hidden_gbp) == (dt.date(2026, 4, 1), 3600, 0)

    # three months behind: it has stopped
    done = _completion(ledger({"whole": whole, "stopped": [70] * 12}), None)
    assert (given[-1], done.hidden_gbp) == (([80.0] * 15, 3), 600)

    # nothing without a gap: no forecast, and a sentence that says why
    done = _completion(ledger({"gap": gone}), None)
    assert (done.periods, done.forecast.middle) == ((), None)
    assert "no unbroken history" in done.forecast.why_not
