import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership import verify
from partnership.errors import InvalidInput
from partnership.spc import Rules, limits, time_between_limits, trend_ends, xmr

STEADY = [5, 7, 6, 5, 7, 6, 5, 7, 6, 5, 7, 6, 5, 7]
values = st.lists(
    st.one_of(st.none(), st.decimals(-1000, 1000, places=2, allow_nan=False)), min_size=0, max_size=40
)
rules = st.builds(
    Rules, shift_points=st.integers(3, 9), trend_points=st.integers(3, 8), two_in_three=st.booleans(),
    least_readings=st.integers(2, 14), baseline_readings=st.one_of(st.none(), st.integers(2, 20)),
    screen_factor=st.sampled_from([None, Decimal("3.267"), Decimal("3.5")]),
)  # fmt: skip


def labels(chart):
    return [(p.index, p.segment, p.signals, p.verdict) for p in chart.points]


@settings(max_examples=60, deadline=None)
@given(values, rules, st.decimals(-(10**6), 10**6, places=2, allow_nan=False), st.data())
def test_labels_are_unchanged_by_adding_a_constant(series, used, constant, data):
    restarts = data.draw(st.lists(st.integers(0, len(series) - 1), max_size=2)) if series else []
    moved = [None if v is None else v + constant for v in series]
    first, second = (xmr(s, used, restarts=restarts, polarity="higher") for s in (series, moved))
    assert labels(first) == labels(second)
    assert [s.standing for s in first.segments] == [s.standing for s in second.segments]


@settings(max_examples=40, deadline=None)
@given(values, rules)
def test_mirrored_readings_change_only_direction(series, used):
    up, down = (
        xmr(s, used, polarity=p)
        for s, p in ((series, "higher"), ([None if v is None else -v for v in series], "lower"))
    )
    assert [p.verdict for p in up.points] == [p.verdict for p in down.points]


def test_unseen_cases_of_the_same_shapes_are_answered():
    cases = [
        {"id": "a", "area": "spc", "inputs": {"values": [3, 5, 4, 6, 30, 5, 4, 6, 3, 5], "constant": 2.66, "screen_factor": 3.267},
         "expected": {"unscreened": {"mean": 7.1, "lpl": -11.224444, "upl": 25.424444}, "screened": {"mean": 7.1}}, "tolerance": 1e-4},
        {"id": "b", "area": "spc", "inputs": {"values": [4, 6, 5, 7, 100, 200], "fix_after_n_points": 4}, "expected": {"mean": 5.5, "lpl": 1.066667, "upl": 9.933333}, "tolerance": 1e-5},
        {"id": "c", "area": "spc", "inputs": {"series": [[1, 2, 3, 4, 5], [5, 4, 3, 2, 2]], "n": 5}, "expected": {"end_flag": [[0, 0, 0, 0, 1], [0] * 5]}, "tolerance": 0},
        {"id": "d", "area": "spc", "inputs": {"lpl": [2], "upl": [9], "target": 1}, "expected": {"increase_is_better": ["consistent_pass"], "decrease_is_better": ["consistent_fail"]}, "tolerance": 0},
        {"id": "e", "area": "spc", "inputs": {"values": [1, 2, 3, 4, 9, 8], "variant": "value 5 replaced by 5"}, "expected": {"case2_screened": {"mean": 23 / 6}}, "tolerance": 1e-9},
        {"id": "f", "area": "spc", "inputs": {"d2": 1.693, "d3": 0.888}, "expected": {"E2": 1.772, "D4": 2.574}, "tolerance": 0.001},
        {"id": "g", "area": "spc", "inputs": {"values": [1, 2, 3, 4, 5, 1]}, "expected": {"trend_flag_n5_index0": [0, 1, 2, 3, 4], "trend_flag_n6_index0": []}, "tolerance": 0},
    ]  # fmt: skip
    report = verify.run(cases)
    assert report.count("pass") == len(cases), [c for c in report.cases if c.outcome != "pass"]
    assert (
        verify.run([{"id": "x", "area": "spc", "inputs": {"shape": 1}, "expected": 1}]).count("not covered")
        == 1
    )


def test_wrong_limits_fail_verification():
    case = next(c for c in verify.shipped_cases() if c["id"] == "xmr-fixed-baseline-12")
    assert verify.run([case | {"expected": {"mean": 0.2}}]).count("fail") == 1


def test_flat_series_has_no_signal_and_no_width():
    chart = xmr([4] * 20, polarity="higher", target=4)
    assert chart.variation == "no special cause"
    assert (chart.latest.lower, chart.latest.upper, chart.assurance) == (4, 4, "may pass or fail")


def test_neither_polarity_is_never_good_or_bad():
    chart = xmr([*STEADY, 20, 21], polarity="neither", target=6)
    assert {p.verdict for p in chart.points} <= {"no special cause", "rise", "fall"}
    assert chart.variation == "rise"
    assert chart.assurance is None


def test_first_rule_met_names_a_reading_and_the_others_are_kept():
    chart = xmr([*STEADY, 40, 41, 42, 43, 44, 45, 46], Rules(baseline_readings=14), polarity="lower")
    assert [s.rule for s in chart.points[-1].signals] == ["outside limits", "trend", "shift"]
    assert chart.points[-1].verdict == "concern"


@pytest.mark.parametrize(
    ("series", "more", "standing"),
    [
        (STEADY[:11], {}, "too few readings"),
        (STEADY[:12], {}, "limits"),
        ([4] * 6 + [None] * 10, {}, "too few readings"),
        ([4, 5] * 8, {"is_count": True}, "too few for XmR"),
        ([5, 5] * 8, {"is_count": True}, "limits"),
        ([4, 5] * 8, {"is_count": False}, "limits"),
        ([None] * 20, {}, "no readings"),
        ([], {}, "no readings"),
        ([1, None] * 12, {}, "too few readings"),
    ],
)
def test_standing_says_what_can_be_said(series, more, standing):
    chart = xmr(series, polarity="higher", target=100, **more)
    assert chart.standing == standing
    assert (chart.variation is None) == (standing != "limits")
    assert (chart.assurance is None) == (standing != "limits")
    assert (chart.is_outside_limits(100) is None) == (standing != "limits")


def test_restart_judges_each_part_by_its_own_limits():
    series = [10, 12, 11, 13, 12, 11] * 2 + [30, 32, 31, 33, 32, 31] * 2
    one, two = xmr(series, polarity="higher"), xmr(series, polarity="higher", restarts=[12])
    assert one.variation == "improvement"
    assert two.variation == "no special cause"
    assert [(s.first, s.last, s.readings) for s in two.segments] == [(0, 11, 12), (12, 23, 12)]
    assert two.segments[0].mean == pytest.approx(11.5)
    assert two.segments[1].mean == pytest.approx(31.5)


def test_restart_outside_the_series_is_refused():
    with pytest.raises(InvalidInput, match="restart at 20"):
        xmr(STEADY, restarts=[20])


def test_missing_reading_breaks_a_run_and_has_no_moving_range():
    assert trend_ends([1, 2, 3, None, 4, 5, 6], 4) == [0] * 7
    assert limits([1, 2, None, 50, 51]).average_range == 1


def test_shift_length_is_a_setting_that_changes_the_answer():
    series = [12, 9] * 6 + [11, 10.9, 11.2, 10.9, 11, 11.1, 10.9]
    seven, eight = (xmr(series, Rules(shift_points=n, two_in_three=False), polarity="higher") for n in (7, 8))
    assert seven.variation == "improvement"
    assert eight.variation == "no special cause"


def test_readings_that_are_not_numbers_are_refused():
    for wrong in ("4", math.nan, math.inf, True):
        with pytest.raises(InvalidInput, match="not a finite number"):
            xmr([1, 2, wrong])


def test_rules_that_no_chart_can_use_are_refused():
    with pytest.raises(InvalidInput, match="shift_points is 1"):
        Rules(shift_points=1)


def test_time_between_rare_events_follows_montgomery():
    """Valve failures, hours between; the book's transformed mean is 5.387 with the power rounded to 0.2777."""
    hours = [286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214, 2831, 96]
    low, middle, high = time_between_limits(hours, Rules(screen_factor=None))
    assert middle ** (1 / 3.6) == pytest.approx(5.387, abs=0.003)
    assert low == 0
    assert high > max(hours)


def test_moving_range_constant_is_three_over_one_point_one_two_eight():
    found = limits([Fraction(1), Fraction(3)], screen_factor=None)
    assert found.upper - found.mean == Fraction("2.66") * 2
