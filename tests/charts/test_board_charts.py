"""The small pictures of the board overview carry their views' numbers."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from partnership.charts import board as charts
from partnership.charts.theme import alternative, mark_of

MARKS = {"COU": mark_of("blue full square")}


def months(values):
    return [dt.date(2026, m, 1) for m in range(1, len(values) + 1)]


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


GOAL = {
    "bhag_measure_name": "People who repeat their story",
    "baseline_value": Decimal(61),
    "baseline_on": dt.date(2025, 3, 14),
    "target_value": Decimal(10),
    "target_on": dt.date(2030, 3, 31),
}
WORDS = {"baseline": "61%", "latest": "47%, Sept 2026", "target": "10%", "unit": "%"}


def test_goal_line_plan_is_dashed_from_baseline_to_target_and_readings_are_solid():
    readings = pl.DataFrame({"period": months([1, 2])[::-1], "value": [Decimal(47), Decimal(50)]})
    figure = charts.goal_line(readings, GOAL, WORDS)
    planned, read = trace(figure, "planned"), trace(figure, "read")
    assert tuple(planned.y) == (61.0, 10.0)
    assert planned.line.dash == "5px,4px"
    assert tuple(read.y) == (50.0, 47.0)
    assert read.line.dash is None
    assert "47%, Sept 2026" in [a.text for a in figure.layout.annotations]
    assert "target 10% in March 2030" in alternative(figure)


def test_goal_line_without_readings_or_without_a_plan_still_draws():
    nothing = pl.DataFrame(
        {"period": [], "value": []}, schema={"period": pl.Date, "value": pl.Decimal(18, 4)}
    )
    assert trace(charts.goal_line(nothing, GOAL, WORDS), "planned")
    bare = dict.fromkeys(GOAL)
    one = pl.DataFrame({"period": months([1]), "value": [Decimal(47)]})
    figure = charts.goal_line(one, bare, WORDS)
    assert [t.name for t in figure.data] == ["read", "latest"]


def test_realised_line_provisional_months_are_hollow_and_leave_the_solid_line():
    frame = pl.DataFrame(
        {
            "period": months([1, 2, 3, 4]),
            "cum_planned_gbp": [Decimal(v) for v in (10, 30, 60, 100)],
            "cum_realised_gbp": [Decimal(8), Decimal(20), Decimal(33), None],
            "is_provisional": [False, False, True, False],
        }
    )
    words = {"planned": "£100", "real": "£33", "label": "real, £33"}
    figure = charts.realised_line(frame.reverse(), words)
    assert tuple(trace(figure, "planned").y) == (10.0, 30.0, 60.0, 100.0)
    assert tuple(trace(figure, "real, approved").y) == (8.0, 20.0)
    hollow = trace(figure, "provisional")
    assert tuple(hollow.y) == (33.0,)
    assert hollow.marker.color == "#ffffff"
    assert "real, £33" in [a.text for a in figure.layout.annotations]


def test_pays_and_gains_draws_the_views_amounts_and_nets():
    frame = pl.DataFrame(
        {
            "agency_id": ["COU", None],
            "agency_name": ["Council", "Other four"],
            "paid_gbp": [Decimal("1840000.00"), Decimal("420000.00")],
            "gained_gbp": [Decimal("1310000.00"), Decimal("380000.00")],
            "net_gbp": [Decimal("-530000.00"), Decimal("-40000.00")],
        }
    )
    figure = charts.pays_and_gains(frame, MARKS)
    assert trace(figure, "Council, pays in").x == (1_840_000.0,)
    assert trace(figure, "Council, gains").x == (1_310_000.0,)
    assert {"−£530,000", "−£40,000"} <= {a.text for a in figure.layout.annotations}


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [
        ({"kept on time": 27, "kept late": 8, "overdue": 6, "not yet due": 5}, 46),
        ({"overdue": 1}, 1),
        ({}, 0),
        ({"kept on time": 1000, "overdue": 3}, 126),
    ],
)
def test_promise_squares_are_as_many_as_the_promises(counts, drawn):
    figure = charts.promise_squares(counts)
    squares = [t for t in figure.data if t.name in charts.BOARD_STATES]
    assert sum(len(t.x or ()) for t in squares) == drawn
    if sum(counts.values()) > 138:
        assert "Each square is" in alternative(figure)


def test_gap_line_names_the_two_ends():
    frame = pl.DataFrame(
        {
            "agency_id": ["COU", "PRO", "SCH"],
            "agency_name": ["Council", "Probation", "Schools"],
            "answer": ["answered", "answered", "no answer"],
            "common_rate": [5000.0, 5.0, None],
        }
    )
    figure = charts.gap_line(frame, {"ratio": 1000.0}, MARKS, "cases a year")
    assert {"Probation 5", "Council 5,000"} <= {a.text for a in figure.layout.annotations}
    assert "1,000 times apart" in alternative(figure)


def test_months_under_a_small_picture_never_lie_on_each_other():
    months = [dt.date(2027 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(12)]
    for read, named in ((6, 1), (11, 2)):
        rows = pl.DataFrame(
            {
                "period": months,
                "cum_planned_gbp": list(range(12)),
                "cum_realised_gbp": [n if n < read else None for n in range(12)],
                "is_provisional": [False] * 12,
            }
        )
        drawn = charts.realised_line(rows, {"planned": "£11", "real": "£5", "label": "real"})
        assert sum(" 202" in (a.text or "") for a in drawn.layout.annotations) == named
