"""Pictures of expectations carry the view's own numbers, sort their own data and never fail on thin data."""

import datetime as dt

import polars as pl
import pytest

from partnership.charts import expectations as charts
from partnership.charts.lettering import Label, cut, place, width_of
from partnership.charts.theme import alternative, mark_of
from partnership.errors import InvalidInput

SAID = [
    ("COU", "Council", 5000.0, "gets", "answered"),
    ("PRO", "Probation", 5.0, "gives", "answered"),
    ("SCH", "Schools", None, "gives", "no answer"),
    ("POL", "Police", 600.0, "gives", "answered"),
    ("DAC", "Charity <b>", 120.0, "gives", "answered"),
    ("YTH", "Youth", None, "gives", "expects none"),
]
MARKS = {"COU": mark_of("blue full square"), "PRO": mark_of("pink tint triangle-down")}


@pytest.fixture
def rates():
    names = ("agency_id", "agency_name", "common_rate", "direction", "answer")
    frame = pl.DataFrame([dict(zip(names, row, strict=True)) for row in SAID])
    return frame.with_columns(
        pl.lit("M1").alias("measure_id"), pl.lit("G1").alias("goal_id"), pl.lit("year").alias("measure_per")
    )


@pytest.fixture
def gaps():
    return pl.DataFrame(
        {
            "goal_id": ["G1", "G1", "G2"],
            "measure_id": ["M2", "M1", "M3"],
            "measure_name": ["Hours", "Cases", "Feeds"],
            "measure_unit": ["hours", "cases", "feeds"],
            "least_rate": [20.0, 5.0, None],
            "most_rate": [160.0, 5000.0, None],
            "ratio": [8.0, 1000.0, None],
            "band": ["discuss", "stop and re-define", "not enough answers"],
            "kind_of_gap": ["definition", "definition", None],
            "partners_unanswered": [2, 1, 3],
        }
    )


def notes(figure):
    return [a.text for a in figure.layout.annotations]


def points(figure):
    """Marks of agencies: name to x."""
    return {t.name: t.x[0] for t in figure.data if t.mode == "markers" and t.name != "edge"}


def test_gap_marks_stand_on_the_views_rates_from_least_to_most(rates):
    figure = charts.gap(rates, 1000.0, MARKS, "cases a year")
    marks = points(figure)
    assert marks == {"Probation": 5.0, "Charity &lt;b&gt;": 120.0, "Police": 600.0, "Council": 5000.0}
    assert list(marks) == ["Probation", "Charity &lt;b&gt;", "Police", "Council"]
    bar = next(t for t in figure.data if t.name == "from least to most")
    assert tuple(bar.x) == (5.0, 5000.0)


def test_gap_ratio_is_the_views_and_in_the_largest_type(rates):
    figure = charts.gap(rates, 1000.0, MARKS, "cases a year")
    largest = max(figure.layout.annotations, key=lambda a: a.font.size)
    assert largest.text == "1,000 times apart"
    assert largest.font.size == 34


def test_gap_draws_the_silent_and_those_who_expect_none_apart(rates):
    figure = charts.gap(rates, 1000.0, MARKS, "cases a year")
    assert {"no answer yet", "expects none", "Schools", "Youth"} <= set(notes(figure))
    assert len(figure.layout.shapes) == 2


def test_gap_is_the_same_whatever_the_order_of_rows(rates):
    one, other = (charts.gap(f, 1000.0, MARKS, "cases a year") for f in (rates, rates.reverse()))
    assert one.to_plotly_json() == other.to_plotly_json()


def test_gap_says_in_words_what_it_shows(rates):
    alt = alternative(charts.gap(rates, 1000.0, MARKS, "cases a year"))
    assert "1,000 times apart" in alt
    assert "Probation 5" in alt
    assert "No answer: Schools." in alt
    assert "Expects none: Youth." in alt


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_gap_with_few_answers_still_draws(rates, kept):
    few = rates.filter(pl.col("common_rate").is_not_null()).head(kept)
    figure = charts.gap(few, None, MARKS, "cases a year")
    assert len(points(figure)) == kept
    assert not any("apart" in n for n in notes(figure))


def test_gap_equal_answers_all_show(rates):
    same = rates.with_columns(pl.when(pl.col("common_rate").is_not_null()).then(7.0).alias("common_rate"))
    figure = charts.gap(same, 1.0, MARKS, "cases a year")
    heights = [t.y[0] for t in figure.data if t.mode == "markers" and t.name != "edge"]
    assert len(set(heights)) == len(heights) == 4


def test_gap_below_one_has_its_decades(rates):
    small = rates.with_columns(pl.col("common_rate") / 10_000)
    axis = charts.gap(small, 1000.0, MARKS, "cases a year").layout.xaxis
    assert axis.ticktext[0] == "0.0001"
    assert axis.type == "log"


def test_gap_without_its_columns_is_refused():
    with pytest.raises(InvalidInput, match="common_rate"):
        charts.gap(pl.DataFrame({"agency_id": ["A"]}), None, {}, "cases")


def test_measures_are_divided_by_their_smallest_widest_first(rates, gaps):
    figure = charts.measures(gaps, rates, MARKS, 2, 10)
    assert points(figure) == {"Probation": 1.0, "Charity &lt;b&gt;": 24.0, "Police": 120.0, "Council": 1000.0}
    written = notes(figure)
    names = [n for n in written if n in ("Cases", "Hours", "Feeds")]
    assert names == ["Cases", "Hours", "Feeds"]
    assert {"1,000 times", "8.0 times", "not enough answers"} <= set(written)
    assert "5 to 5,000 cases a year; 1 not answered" in written


def test_measures_bands_stand_where_the_partnership_put_them(rates, gaps):
    figure = charts.measures(gaps, rates, MARKS, 3, 20)
    assert [t.x[0] for t in figure.data if t.name == "band"] == [3, 20]
    assert {"aligned", "discuss", "stop and re-define"} <= set(notes(figure))


def test_measures_without_any_ratio_still_draws(rates, gaps):
    figure = charts.measures(gaps.filter(pl.col("ratio").is_null()), rates, MARKS, 2, 10)
    assert points(figure) == {}
    assert "No ratio: Feeds." in alternative(figure)


def test_first_results_stand_on_their_days_earliest_first():
    frame = pl.DataFrame(
        {
            "agency_id": ["B", "A", "C"],
            "agency_name": ["Late", "Early", "Silent"],
            "first_results_by": [dt.date(2029, 3, 31), dt.date(2026, 6, 30), None],
        }
    )
    figure = charts.first_results(frame, dt.date(2026, 11, 23), MARKS)
    assert points(figure) == {"Early": dt.date(2026, 6, 30), "Late": dt.date(2029, 3, 31)}
    assert {"June 2026, already past", "March 2029", "today"} <= set(notes(figure))
    assert "Silent" not in notes(figure)


def test_first_results_without_a_day_still_draws():
    frame = pl.DataFrame({"agency_id": ["A"], "agency_name": ["Silent"], "first_results_by": [None]})
    figure = charts.first_results(frame, dt.date(2026, 11, 23), MARKS)
    assert alternative(figure) == "No partner has said when."


def test_labels_never_cover_each_other():
    labels = [Label(float(i * 9), 70 + (i * 37) % 90) for i in range(40)]
    placed = place(labels, 0, 400)
    for i, (one, spot) in enumerate(zip(labels, placed, strict=True)):
        for other, there in zip(labels[i + 1 :], placed[i + 1 :], strict=True):
            if spot.tier == there.tier:
                apart = spot.left + one.width <= there.left or there.left + other.width <= spot.left
                assert apart
        assert spot.left >= 0


def test_cut_keeps_within_its_width():
    for text in ("Practitioners using the shared system by March 2027", "WWWWWWWWWWWWWWWWWWWW", ""):
        for width in (0, 40, 120, 900):
            assert width_of(cut(text, width, 15), 15) <= max(width, width_of("…", 15))


def test_partner_whose_number_has_no_common_rate_stands_beside_the_axis_and_own_ends_make_no_bracket(rates):
    of = rates.filter(rates["common_rate"].is_not_null()).sort("common_rate")
    strange = of.head(1).with_columns(
        pl.lit(None, pl.Float64).alias("common_rate"),
        pl.lit("Trust").alias("agency_name"),
        pl.lit("T").alias("agency_id"),
    )
    both = of.with_columns(
        pl.when(pl.col("common_rate") == pl.col("common_rate").min())
        .then(pl.lit("COU"))
        .otherwise("agency_id")
        .alias("agency_id")
    )
    figure = charts.gap(pl.concat([both, strange]), 120, MARKS, "cases a year")
    assert {"not comparable", "Trust"} <= set(notes(figure))
    ends = [t for t in figure.data if t.mode == "lines" and t.x is not None and len(t.x) == 4]
    assert (ends[0].x[0], ends[0].x[2]) == (5, 600)  # 5 and 5,000 are now the council's own
