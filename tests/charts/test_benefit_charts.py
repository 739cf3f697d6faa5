"""The pictures of benefits show the frame's own numbers, and nothing that is not in it."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from partnership.charts import benefits, theme
from partnership.errors import InvalidInput
from partnership.periods import add_months

START = dt.date(2025, 4, 1)
MONTHS = [add_months(START, n) for n in range(6)]


def months(**changes):
    frame = {
        "period": MONTHS,
        "cum_original_gbp": [Decimal(n) for n in (100, 250, 450, 700, 1000, 1350)],
        "cum_planned_gbp": [Decimal(n) for n in (50, 150, 300, 500, 750, 1050)],
        "cum_realised_gbp": [Decimal(20), Decimal(90), Decimal(200), Decimal(330), None, None],
        "cum_compared_gbp": [Decimal(50), Decimal(140), Decimal(280), Decimal(460), None, None],
        "is_provisional": [False, False, True, False, False, False],
        "has_reading": [True, True, True, True, False, False],
    }
    return pl.DataFrame({**frame, **changes})


TOTALS = {"latest_period": MONTHS[3], "behind_gbp": Decimal(130), "not_read_gbp": Decimal(40)}
CHANGES = [(dt.date(2025, 6, 12), "a hub that <b>opens</b> later")]


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def words(figure):
    return " | ".join(a.text for a in figure.layout.annotations)


def test_realisation_traces_hold_the_frames_numbers():
    figure = benefits.realisation(months(), TOTALS, CHANGES)
    assert list(trace(figure, "Original plan").y) == months()["cum_original_gbp"].to_list()
    assert list(trace(figure, "Current plan").y) == months()["cum_planned_gbp"].to_list()
    assert list(trace(figure, "Real").y) == [Decimal(20), Decimal(90)]
    assert list(trace(figure, "Real").x) == MONTHS[:2]


def test_realisation_months_after_a_provisional_one_are_hollow_too():
    soft = trace(benefits.realisation(months(), TOTALS), "Provisional")
    assert list(soft.x) == MONTHS[1:4], "it starts at the last firm month, so that the line does not break"
    assert [s > 0 for s in soft.marker.size] == [False, True, True]
    assert soft.marker.color == theme.TOKENS["paper"]


def test_realisation_plan_is_dashed_and_real_is_solid_and_thicker():
    figure = benefits.realisation(months(), TOTALS)
    assert trace(figure, "Current plan").line.dash == "8px 6px"
    assert trace(figure, "Real").line.dash is None
    assert trace(figure, "Real").line.width == 4


def test_realisation_shortfall_is_parted_into_behind_and_not_read():
    figure = benefits.realisation(months(), TOTALS)
    assert list(trace(figure, "Behind").y) == [Decimal(330), Decimal(460)]
    assert list(trace(figure, "Not read").y) == [Decimal(460), Decimal(500)]
    assert "£330 real" in words(figure)
    assert "£130 behind comparable plan" in words(figure)
    assert "£40 of plan has no reading" in words(figure)


def test_realisation_ahead_of_plan_is_said_so():
    figure = benefits.realisation(months(), {**TOTALS, "behind_gbp": Decimal(-20), "not_read_gbp": None})
    assert "£20 ahead of comparable plan" in words(figure)
    assert "no reading" not in words(figure)


def test_realisation_rebaselining_is_noted_on_its_month_as_text():
    figure = benefits.realisation(months(), TOTALS, CHANGES)
    note = next(a for a in figure.layout.annotations if "Re-baselined 12 June 2025" in a.text)
    assert note.x == dt.date(2025, 6, 1)
    assert "&lt;b&gt;opens&lt;/b&gt;" in note.text
    assert "Plan since June £1,050" in words(figure)


def test_realisation_month_without_any_reading_is_named():
    gap = [True, False, True, True, False, False]
    assert "no reading" in words(
        benefits.realisation(months(has_reading=gap), {**TOTALS, "not_read_gbp": None})
    )


def test_realisation_order_of_rows_does_not_matter():
    shuffled = months().sample(fraction=1.0, shuffle=True, seed=3)
    assert list(trace(benefits.realisation(shuffled, TOTALS), "Current plan").x) == MONTHS


def test_realisation_same_plan_draws_no_original():
    same = months(cum_original_gbp=months()["cum_planned_gbp"])
    assert "Original plan" not in [t.name for t in benefits.realisation(same, TOTALS).data]


def test_realisation_nothing_read_draws_the_plan_alone():
    none = months(
        cum_realised_gbp=[None] * 6,
        cum_compared_gbp=[None] * 6,
        has_reading=[False] * 6,
        is_provisional=[False] * 6,
    )
    figure = benefits.realisation(none, {"latest_period": None, "behind_gbp": None, "not_read_gbp": None})
    assert list(trace(figure, "Real").y) == []
    assert "Nothing has been read yet" in theme.alternative(figure)


def test_realisation_no_months_says_so_and_draws_no_axis_values():
    figure = benefits.realisation(months().clear(), TOTALS)
    assert theme.alternative(figure) == "No benefit has a plan by month yet."
    assert len(figure.data) == 0


def test_realisation_lacking_a_column_names_it():
    with pytest.raises(InvalidInput, match="cum_planned_gbp"):
        benefits.realisation(months().drop("cum_planned_gbp"), TOTALS)


def test_realisation_alternative_says_the_numbers_at_the_latest_month():
    alt = theme.alternative(benefits.realisation(months(), TOTALS, CHANGES))
    for said in (
        "By July 2025",
        "original plan £700",
        "current plan £500",
        "real £330",
        "June 2025 is provisional",
    ):
        assert said in alt
    assert "originally £1,350" in alt


def agency(name, planned, compared, real, missing=None, key=None):
    share = None if real is None else real / compared
    return {
        "agency_id": key or name, "agency_name": name, "planned_gbp": Decimal(planned), "compared_gbp": Decimal(compared),
        "realised_gbp": None if real is None else Decimal(real), "not_read_gbp": Decimal(planned - compared), "realised_share": share,
        "missing": missing,
    }  # fmt: skip


ROWS = [
    agency("Council", 260, 260, 180, key="C"),
    agency("Mental health trust", 90, 0, None, "withheld"),
    agency("Police <i>", 100, 60, 20, "not provided"),
]


def test_realised_by_bars_are_the_real_amounts_with_the_agencys_look():
    figure = benefits.realised_by(ROWS, {"C": theme.mark_of("blue full square")})
    bar = next(t for t in figure.data if t.meta == "real")
    assert list(bar.x) == [Decimal(180), None, Decimal(20)]
    assert bar.marker.color[0] == theme.TOKENS["blue"]
    assert list(bar.customdata) == ["C", "Mental health trust", "Police <i>"]


def test_realised_by_ticks_stand_at_what_was_planned_to_date():
    ticks = trace(benefits.realised_by(ROWS), "Planned to date")
    assert list(ticks.x) == [Decimal(260), Decimal(100)], "an agency with nothing to compare has no tick"
    assert ticks.marker.symbol == "line-ns"


def test_realised_by_what_is_not_read_is_hatched_of_the_planned_length_and_named():
    figure = benefits.realised_by(ROWS)
    hatched = trace(figure, "No reading")
    assert list(hatched.x) == [Decimal(90), Decimal(40)]
    assert list(hatched.base) == [Decimal(0), Decimal(60)]
    assert hatched.marker.pattern.shape == "/"
    assert "withheld, £90 planned" in words(figure)
    assert "not provided, £40 planned" in words(figure)
    long = benefits.realised_by([agency("Council", 260, 240, 180, "withheld"), *ROWS[1:]])
    (label,) = (a for a in long.layout.annotations if "withheld, £20 planned" in a.text)
    assert label.text.startswith("Council<br>"), (
        "a long bar leaves no room behind it: under the name, not the bar"
    )
    assert (label.yshift or 0) == 0


def test_realised_by_shares_stand_at_the_right_the_lowest_bold():
    figure = benefits.realised_by(ROWS)
    shares = {a.text: a.font.weight for a in figure.layout.annotations if a.text.endswith("%")}
    assert shares == {"69%": 400, "33%": 700}


def test_realised_by_names_are_text_only():
    figure = benefits.realised_by(ROWS)
    assert "Police &lt;i&gt;" in words(figure)
    assert not any("<i>" in (h or "") for t in figure.data for h in (t.hovertext or ()))


def test_realised_by_no_rows_says_so():
    assert theme.alternative(benefits.realised_by([])) == "Nothing has been read yet."


def readings(**changes):
    frame = {
        "period": MONTHS,
        "value": [57.0, 60.0, None, 64.0, 71.0, 71.0],
        "missing": [None, None, "withheld", None, None, None],
        "state": ["approved"] * 4 + ["provisional"] * 2,
    }
    return pl.DataFrame({**frame, **changes})


def test_run_chart_points_are_the_readings_provisional_hollow():
    figure = benefits.run_chart(readings(), "%", Decimal(90))
    assert list(trace(figure, "Read").y) == [57.0, 60.0, 64.0]
    assert list(trace(figure, "Provisional").y) == [71.0, 71.0]
    assert trace(figure, "Provisional").marker.color == theme.TOKENS["paper"]
    assert trace(figure, "Joined").connectgaps is False


def test_run_chart_draws_no_limits_and_no_mean():
    figure = benefits.run_chart(readings(), "%", Decimal(90))
    assert {t.name for t in figure.data} == {"Joined", "Read", "Provisional", "No reading"}
    assert not any(word in words(figure) for word in ("limit", "mean", "forecast"))


def test_run_chart_missing_month_is_hatched_and_named():
    figure = benefits.run_chart(readings(), "%")
    assert list(trace(figure, "No reading").x) == [MONTHS[2]]
    assert "withheld" in words(figure)


def test_run_chart_target_is_dashed_and_labelled():
    figure = benefits.run_chart(readings(), "%", Decimal(90))
    line = next(s for s in figure.layout.shapes if s.type == "line" and s.y0 == 90.0)
    assert line.line.dash == "8px 5px"
    assert "target 90%" in words(figure)


def test_run_chart_axis_that_starts_above_zero_is_marked_as_broken():
    broken = benefits.run_chart(readings(), "%")
    assert any(s.type == "path" for s in broken.layout.shapes)
    whole = benefits.run_chart(readings(value=[1.0, 60.0, None, 64.0, 71.0, 71.0]), "%")
    assert whole.layout.yaxis.range[0] == 0
    assert not any(s.type == "path" for s in whole.layout.shapes)


def test_run_chart_one_reading_and_none_at_all():
    one = benefits.run_chart(readings().head(1), "cases")
    assert list(trace(one, "Read").y) == [57.0]
    assert theme.alternative(benefits.run_chart(readings().clear(), "cases")) == "Nothing has been read yet."
