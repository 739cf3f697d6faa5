"""XmR charts, the benefits map and the forecast as pictures: the numbers in their traces are the method's."""

import datetime as dt
from decimal import Decimal

import pytest

from partnership._workflows.measure_charts import measure_chart
from partnership.benefits import Benefit, BenefitShare, benefits_map, forecast
from partnership.blueprint import WorkItem
from partnership.charts.benefits_map import benefits_map_chart
from partnership.charts.forecast import forecast_chart
from partnership.charts.theme import alternative
from partnership.charts.xmr import xmr_chart
from partnership.goals import Goal
from partnership.periods import add_months
from partnership.plan import Plan

START = dt.date(2025, 4, 1)
MEASURE = {"id": "M", "polarity": "higher", "kind": "amount", "frequency": "month"}
STEADY = [5, 7, 6, 5, 7, 6, 5, 7, 6, 5, 7, 6, 5, 7]


def rows(values, state="approved"):
    return [
        {
            "period": add_months(START, n), "value": None if isinstance(v, str) else Decimal(v),
            "missing": v if isinstance(v, str) else None, "state": state,
        }
        for n, v in enumerate(values)
    ]  # fmt: skip


def drawn(found):
    return {t.name: t for t in xmr_chart(found.cells, found.chart, "%", found.notes).data}


def test_points_stand_under_their_verdict_and_limits_are_the_charts():
    rules = {
        "shift_points": 7, "trend_points": 7, "two_in_three": True, "limit_factor": Decimal("2.66"), "screens_ranges": True,
        "screen_factor": Decimal("3.267"), "least_readings": 12, "baseline_readings": 14, "least_average_count": Decimal(5),
    }  # fmt: skip
    found = measure_chart(rows([*STEADY, 30]), MEASURE, rules=rules, target=90)
    traces = drawn(found)
    assert list(traces["No special cause"].y) == STEADY
    assert list(traces["Improvement"].y) == [30]
    latest = found.chart.latest
    for name, value in (("Mean", latest.mean), ("Upper limit", latest.upper), ("Lower limit", latest.lower)):
        assert list(traces[name].y) == [value, value]
    words = alternative(xmr_chart(found.cells, found.chart, "%"))
    assert "Latest: improvement." in words
    assert "Target 90%." in words


def test_neither_polarity_has_no_good_or_bad_trace():
    traces = drawn(measure_chart(rows([*STEADY, 30]), MEASURE | {"polarity": "neither"}))
    assert "Rise, neither good nor bad" in traces
    assert not {"Improvement", "Concern"} & set(traces)


def test_too_few_readings_have_no_verdict_and_no_limits():
    found = measure_chart(rows([1, 9, 2]), MEASURE, target=5)
    traces = drawn(found)
    assert list(traces["Read, no limits"].y) == [1, 9, 2]
    assert not {"Mean", "Upper limit", "No special cause"} & set(traces)
    assert "No limits: too few readings." in alternative(xmr_chart(found.cells, found.chart, "%"))


def test_months_that_nobody_handed_in_are_blank_and_kinds_are_drawn():
    given = rows([5, 6, "withheld", 7])
    del given[1]
    found = measure_chart(given, MEASURE)
    assert [(c["value"], c["missing"]) for c in found.cells] == [
        (5, None),
        (None, "blank"),
        (None, "withheld"),
        (7, None),
    ]
    assert list(drawn(found)["No reading"].x) == [add_months(START, 1), add_months(START, 2)]


def test_provisional_points_are_hollow_and_apart():
    found = measure_chart([*rows(STEADY)[:-1], {**rows(STEADY)[-1], "state": "provisional"}], MEASURE)
    traces = drawn(found)
    assert list(traces["No special cause, provisional"].y) == [7]
    assert len(traces["No special cause"].y) == len(STEADY) - 1


def test_annotation_restarts_limits_and_own_rules_are_used():
    note = {"measure_id": "M", "period": add_months(START, 14), "text": "Hub opens", "restarts_limits": True}
    other = note | {"measure_id": "X"}
    rules = {
        "shift_points": 8, "trend_points": 6, "two_in_three": False, "limit_factor": Decimal("2.66"), "screens_ranges": False,
        "screen_factor": Decimal("3.267"), "least_readings": 10, "baseline_readings": None, "least_average_count": Decimal(5),
    }  # fmt: skip
    later = [v + 20 for v in STEADY]
    found = measure_chart(rows([*STEADY, *later]), MEASURE, rules=rules, annotations=[note, other])
    assert found.restarts == (add_months(START, 14),)
    assert found.notes == ((add_months(START, 14), "Hub opens"),)
    assert (found.rules.shift_points, found.rules.trend_points, found.rules.screen_factor) == (8, 6, None)
    assert [s.mean for s in found.chart.segments] == pytest.approx([6, 26])
    assert found.is_own
    assert not measure_chart(rows(STEADY), MEASURE).is_own


def test_quarterly_measure_is_charted_by_the_quarter():
    given = [{**r, "period": add_months(START, 3 * n)} for n, r in enumerate(rows([5, 6, 7]))]
    found = measure_chart([given[0], given[2]], MEASURE | {"frequency": "quarter"})
    assert [c["missing"] for c in found.cells] == [None, "blank", None]


def test_map_draws_a_box_for_each_thing_and_an_arrow_for_each_cause():
    plan = Plan.of(
        [
            Goal(id="G", title="<b>Goal</b>"),
            WorkItem(id="W", title="Work", habit="start"),
            Benefit(
                id="B",
                title="Fewer",
                benefit_class="quantified",
                goal_id="G",
                item_ids=("W",),
                full_year_gbp=Decimal(5),
            ),
            BenefitShare(benefit_id="B", agency_id="COU", share=1),
        ]
    )
    found = benefits_map(plan)
    figure = benefits_map_chart(found, ["benefit:B"])
    traces = {t.name: t for t in figure.data}
    assert len(traces["Boxes"].x) == 3
    assert sum(x is None for x in traces["Arrows"].x) == len(found.arrows) == 2
    assert "▲" in [a.text for a in figure.layout.annotations]
    assert not any("<b>" in (a.text or "") for a in figure.layout.annotations)
    assert benefits_map_chart(benefits_map(Plan({}))).data == ()


def test_forecast_starts_from_what_is_real_and_ends_at_its_range():
    values = [float(10 + n + n % 3) for n in range(14)]
    found = forecast(values, 3, futures=200)
    months = []
    for n in range(17):
        done = sum(values[: n + 1]) if n < 14 else None
        months.append(
            {
                "period": add_months(START, n),
                "cum_original_gbp": 20.0 * (n + 1),
                "cum_planned_gbp": 18.0 * (n + 1),
                "cum_realised_gbp": done,
            }
        )
    ahead = [add_months(START, n) for n in (14, 15, 16)]
    figure = forecast_chart(months, found, ahead)
    traces = {t.name: t for t in figure.data}
    assert list(traces["Forecast"].y) == pytest.approx([sum(values), *(p[1] for p in found.path)])
    assert list(traces["80% range"].y) == [found.low, found.high]
    assert max(traces["Real"].y) == sum(values)
    assert "Forecast for August 2026" in alternative(figure)
    short = forecast([1.0], 3)
    assert "a forecast needs 10" in alternative(forecast_chart(months, short, []))
