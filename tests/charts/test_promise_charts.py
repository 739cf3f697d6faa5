"""The pictures of promises count what the views count."""

import datetime as dt
from decimal import Decimal

from partnership.charts import promises, theme


def overdue(title, days, held=None, agency="P", to=None):
    return {
        "title": title, "agency_id": agency, "agency_name": "Police", "to_agency_name": to, "due_on": dt.date(2026, 6, 30), "days_late": days,
        "held_up_gbp": held,
    }  # fmt: skip


LATE = [overdue("Feed <b>", 146, Decimal(96000), to="Council"), overdue("Rota", 10)]
SQUARES = [
    {
        "agency_name": "Council",
        "kept_on_time": 8,
        "kept_late": 2,
        "overdue": 1,
        "not_yet_due": 1,
        "withdrawn": 0,
        "due": 11,
    },
    {
        "agency_name": "Police",
        "kept_on_time": 0,
        "kept_late": 0,
        "overdue": 0,
        "not_yet_due": 0,
        "withdrawn": 1,
        "due": 0,
    },
]


def words(figure):
    return " | ".join(a.text for a in figure.layout.annotations)


def test_days_overdue_bars_are_days_and_money_is_named():
    figure = promises.days_overdue(LATE, {"P": theme.mark_of("pink full triangle-up")})
    bars = next(t for t in figure.data if t.name == "Days late")
    assert list(bars.x) == [146, 10]
    assert "146 days" in words(figure)
    assert "£96,000" in words(figure)
    assert "nothing in money" in words(figure)
    assert "Police to all partners" in words(figure)


def test_days_overdue_mark_is_the_agencys_and_bars_are_ink():
    figure = promises.days_overdue(LATE, {"P": theme.mark_of("pink full triangle-up")})
    marks = next(t for t in figure.data if t.name == "Who promised")
    assert list(marks.marker.symbol) == ["triangle-up", "triangle-up"]
    assert next(t for t in figure.data if t.name == "Days late").marker.color == theme.TOKENS["ink"]


def test_days_overdue_titles_are_text_only():
    assert "Feed &lt;b&gt;" in words(promises.days_overdue(LATE, {}))


def test_days_overdue_none_says_so():
    assert theme.alternative(promises.days_overdue([], {})) == "No promise is overdue."


def test_unit_squares_one_point_a_promise_in_each_state():
    figure = promises.unit_squares(SQUARES)
    points = {t.name: [x for x in t.x if x is not None] for t in figure.data}
    assert {name: len(x) for name, x in points.items()} == {
        "on time": 8, "late": 2, "overdue": 1, "not yet due": 1, "taken back": 1,
    }  # fmt: skip
    council = sorted(x for t in figure.data for x, y in zip(t.x, t.y, strict=True) if y == 1)
    assert council == list(range(12)), "no two squares of an agency stand in one place"


def test_unit_squares_say_kept_on_time_of_those_due():
    said = words(promises.unit_squares(SQUARES))
    assert "8 of 11" in said
    assert "none due" in said


def test_unit_squares_many_promises_shrink():
    many = [{**SQUARES[0], "kept_on_time": 60, "due": 63}]
    small, usual = (
        promises.unit_squares(many).data[0].marker.size,
        promises.unit_squares(SQUARES).data[0].marker.size,
    )
    assert small < usual
