"""Statements brought to a common rate, gaps, bands, why they differ, and the gap over time."""

from __future__ import annotations

import datetime as dt

import pytest

from partnership._expectations.units import MANY, UNITS
from partnership.expectations import conversion, gap

MARCH, SEPTEMBER, OCTOBER = dt.date(2026, 3, 5), dt.date(2026, 9, 3), dt.date(2026, 10, 14)


@pytest.fixture
def county(bench):
    bench.partnership(last_board_on=SEPTEMBER)
    for code in ("COU", "ICB", "POL", "PRO"):
        bench.agency(code)
    bench.goal("G", title="Share cases")
    bench.measure("M", name="Cases", unit="cases", per="year")
    return bench


def test_gaps_of_an_empty_plan_have_no_rows(bench):
    assert bench.ask("expectation_gaps") == []
    assert bench.one("gap_totals")["widest_ratio"] is None


@pytest.mark.parametrize(
    ("quantity", "per", "measure_per", "rate"),
    [
        (5, "year", "year", 5),
        (1250, "quarter", "year", 5000),
        (200, "month", "year", 2400),
        (10, "week", "year", 520),
        (2, "day", "year", 730),
        (1200, "year", "month", 100),
        (12, "month", "quarter", 36),
        (1820, "year", "week", 35),
        (365, "year", "day", 1),
        (60, "in all", "in all", 60),
        (60, "in all", "year", None),
        (60, "year", "in all", None),
    ],
)
def test_statement_is_brought_to_the_measures_own_rate(bench, quantity, per, measure_per, rate):
    bench.agency("COU")
    bench.goal("G")
    bench.measure("M", per=measure_per)
    bench.says("COU", quantity, per=per)
    (row,) = bench.ask("expectation_rates")
    assert row["common_rate"] == (None if rate is None else pytest.approx(rate))
    assert (row["quantity"], row["per"], row["measure_per"]) == (quantity, per, measure_per)


def test_five_against_five_thousand_must_stop_and_be_redefined(county):
    county.says("PRO", 5)
    county.says("COU", 1250, per="quarter", direction="gets")
    county.says("POL", 50, per="month")
    row = county.one("expectation_gaps")
    assert (row["least_rate"], row["least_agency_name"], row["most_rate"], row["most_agency_name"]) == (
        5, "Agency PRO", 5000, "Agency COU",
    )  # fmt: skip
    assert (row["ratio_numerator"], row["ratio_denominator"], row["ratio"]) == (5000, 5, 1000)
    assert row["band"] == "stop and re-define"
    assert (row["partners_answered"], row["partners_unanswered"], row["partners_expecting_none"]) == (3, 1, 0)


def test_partner_that_said_nothing_shows_as_no_answer(county):
    county.says("COU", 100)
    answers = {r["agency_id"]: r["answer"] for r in county.ask("expectation_rates")}
    assert answers == {"COU": "answered", "ICB": "no answer", "POL": "no answer", "PRO": "no answer"}


def test_bodies_outside_and_agencies_that_left_or_have_not_joined_are_not_waited_for(county):
    county.agency("NAT", duty="outside", sector="national")
    county.agency("OLD", left_on=dt.date(2026, 1, 1))
    county.agency("NEW", joined_on=dt.date(2027, 1, 1))
    county.says("COU", 100)
    assert county.one("expectation_gaps")["partners_unanswered"] == 3


def test_statement_of_an_agency_that_left_no_longer_counts(county):
    county.agency("OLD", left_on=dt.date(2026, 10, 31))
    county.says("OLD", 1)
    county.says("COU", 100)
    county.says("POL", 100)
    assert county.one("expectation_gaps")["ratio"] == 1
    assert county.one("expectation_gaps", today=dt.date(2026, 10, 30))["ratio"] == 100


def test_latest_statement_counts_and_a_later_one_is_not_yet_known(county):
    county.says("COU", 10, stated_on=MARCH)
    county.says("COU", 40, stated_on=OCTOBER)
    county.says("COU", 99, stated_on=dt.date(2026, 12, 1))
    county.says("POL", 10, stated_on=MARCH)
    assert county.one("expectation_gaps")["ratio"] == 4
    assert county.one("expectation_gaps", today=SEPTEMBER)["ratio"] == 1


def test_partner_that_expects_none_stands_out_and_makes_no_ratio(county):
    county.says("COU", None, answer="expects none")
    county.says("POL", 0)
    county.says("ICB", 4)
    county.says("PRO", 6)
    row = county.one("expectation_gaps")
    assert (row["band"], row["partners_expecting_none"], row["partners_answered"]) == (
        "one partner expects none",
        2,
        4,
    )
    assert row["ratio"] == 1.5


def test_two_who_both_expect_none_are_not_enough_answers(county):
    county.says("COU", 0)
    county.says("POL", 0)
    row = county.one("expectation_gaps")
    assert (row["band"], row["ratio"], row["kind_of_gap"]) == ("not enough answers", None, "unanswered")


@pytest.mark.parametrize(
    ("most", "band"),
    [(10, "aligned"), (19.9, "aligned"), (20, "discuss"), (99.9, "discuss"), (100, "stop and re-define")],
)
def test_band_begins_at_its_ratio(county, most, band):
    county.says("COU", 10)
    county.says("POL", most)
    assert county.one("expectation_gaps")["band"] == band


def test_bands_are_the_partnerships_own(county):
    county.connection.execute("UPDATE partnership SET gap_discuss_ratio = 1.5, gap_redefine_ratio = 3")
    county.says("COU", 10)
    county.says("POL", 30)
    assert county.one("expectation_gaps")["band"] == "stop and re-define"


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ({"definition_id": "D1"}, {"definition_id": "D2", "scope": "North"}, "definition"),
        ({"unit": "people"}, {"unit": "contacts"}, "definition"),
        ({"scope": "North"}, {"scope": "Whole county", "expected_by": dt.date(2027, 1, 1)}, "scope"),
        ({"expected_by": dt.date(2027, 3, 31)}, {"expected_by": dt.date(2028, 3, 31)}, "horizon"),
        ({"definition_id": "D1", "scope": "North"}, {"definition_id": "D1", "scope": "north "}, "ambition"),
        ({"scope": "North"}, {}, "ambition"),
        ({}, {}, "ambition"),
    ],
)
def test_why_they_differ_is_the_first_that_is_true(county, first, second, kind):
    county.says("COU", 10, **first)
    county.says("POL", 50, **second)
    assert county.one("expectation_gaps")["kind_of_gap"] == kind


def test_definition_left_blank_is_the_measures_own(bench):
    bench.agency("COU")
    bench.agency("POL")
    bench.goal("G")
    bench.measure("M", definition_id="D1")
    bench.says("COU", 10)
    bench.says("POL", 50, definition_id="D1")
    row = bench.one("expectation_gaps")
    assert (row["kind_of_gap"], row["definitions"]) == ("ambition", 1)


def test_aligned_partners_are_near_agreement_whatever_their_words(county):
    county.says("COU", 10, definition_id="D1")
    county.says("POL", 11, definition_id="D2")
    assert county.one("expectation_gaps")["kind_of_gap"] == "near agreement"


@pytest.mark.parametrize(
    "answers", [{"COU": 5000, "PRO": 5, "POL": 600, "ICB": None}, {"COU": 0, "POL": 3, "ICB": 8}, {"COU": 7}, {"COU": 9, "POL": 9}, {"COU": 0}]
)  # fmt: skip
def test_gap_says_what_the_method_in_python_says(county, answers):
    for agency, quantity in answers.items():
        county.says(agency, quantity)
    want = gap({a: answers.get(a) for a in ("COU", "ICB", "POL", "PRO")})
    row = county.one("expectation_gaps")
    assert (row["band"], row["ratio"], row["least_rate"], row["most_rate"]) == (
        want.band,
        want.ratio,
        want.least,
        want.most,
    )
    assert row["partners_answered"] == want.answers
    assert row["partners_expecting_none"] == len(want.expecting_none)
    assert row["partners_unanswered"] == len(want.unanswered)


def test_gaps_of_one_agency_are_those_it_answered_over_all_partners(county):
    county.measure("N", name="Hours")
    county.says("COU", 10)
    county.says("POL", 100)
    county.says("COU", 1, measure_id="N")
    county.says("ICB", 3, measure_id="N")
    (row,) = county.ask("expectation_gaps", agency_id="POL")
    assert (row["measure_id"], row["ratio"]) == ("M", 10)
    assert {r["agency_id"] for r in county.ask("expectation_rates", agency_id="POL")} == {
        "COU",
        "ICB",
        "POL",
        "PRO",
    }
    assert county.ask("expectation_gaps", agency_id="PRO") == []


def test_gaps_of_one_goal(county):
    county.goal("H")
    county.says("COU", 10)
    county.says("COU", 10, goal_id="H")
    assert [r["goal_id"] for r in county.ask("expectation_gaps", goal_id="H")] == ["H"]


def test_gaps_come_widest_first_and_are_counted_by_band(county):
    for n, most in enumerate((15, 300, 10000, 40)):
        county.measure(f"M{n}", name=f"Measure {n}")
        county.says("COU", 10, measure_id=f"M{n}")
        county.says("POL", most, measure_id=f"M{n}")
    county.says("COU", 3)
    assert [r["measure_id"] for r in county.ask("expectation_gaps")] == ["M2", "M1", "M3", "M0", "M"]
    total = county.one("gap_totals")
    counts = {k: total[k] for k in ("gaps", "redefine", "discuss", "aligned", "expecting_none", "not_enough")}
    assert counts == {
        "gaps": 5,
        "redefine": 2,
        "discuss": 1,
        "aligned": 1,
        "expecting_none": 0,
        "not_enough": 1,
    }
    assert (total["widest_measure_name"], total["widest_ratio"]) == ("Measure 2", 1000)
    assert (total["widest_least_name"], total["widest_most_name"]) == ("Agency COU", "Agency POL")


def test_pair_compares_what_is_offered_with_what_is_expected(county):
    county.says("PRO", 5, counterpart_id="COU")
    county.says("COU", 100, counterpart_id="PRO", direction="gets", per="month")
    county.says("POL", 100, counterpart_id="COU")
    county.says("COU", 60, counterpart_id="POL", direction="gets")
    county.says("ICB", 300, counterpart_id="COU")
    county.says("COU", 100, counterpart_id="ICB", direction="gets")
    county.says("COU", 450, counterpart_id="ICB")
    rows = {(r["giver_id"], r["getter_id"]): r for r in county.ask("expectation_pairs")}
    assert {k: (r["short"], r["ratio"]) for k, r in rows.items()} == {
        ("PRO", "COU"): ("offers less", 240),
        ("POL", "COU"): ("agrees", pytest.approx(100 / 60)),
        ("ICB", "COU"): ("offers more", 3),
        ("COU", "ICB"): ("no answer", None),
    }
    assert (rows["PRO", "COU"]["offered_rate"], rows["PRO", "COU"]["expected_rate"]) == (5, 1200)
    assert county.ask("expectation_gaps") == [], (
        "a statement towards one agency is none towards the partnership"
    )
    assert len(county.ask("expectation_pairs", agency_id="PRO")) == 1


def test_pair_that_offers_none_has_no_ratio_and_offers_less(county):
    county.says("PRO", 0, counterpart_id="COU")
    county.says("COU", 100, counterpart_id="PRO", direction="gets")
    row = county.one("expectation_pairs")
    assert (row["short"], row["ratio"], row["offered_rate"]) == ("offers less", None, 0)


def test_pair_that_offers_and_expects_none_agrees(county):
    county.says("PRO", 0, counterpart_id="COU")
    county.says("COU", 0, counterpart_id="PRO", direction="gets")
    assert county.one("expectation_pairs")["short"] == "agrees"


def test_history_has_a_row_for_each_review_and_says_whether_the_gap_closes(county):
    county.says("COU", 80, stated_on=MARCH)
    county.says("POL", 2, stated_on=MARCH)
    county.says("POL", 2.5, stated_on=SEPTEMBER)
    county.says("COU", 100, stated_on=OCTOBER)
    rows = county.ask("expectation_history")
    assert [(r["review_on"], r["ratio"], r["change"]) for r in rows] == [
        (MARCH, 40, None),
        (SEPTEMBER, 32, "closing"),
        (dt.date(2026, 11, 23), 40, "widening"),
    ]


def test_history_takes_ratios_that_print_alike_as_no_change(county):
    county.says("COU", 41, stated_on=MARCH)
    county.says("POL", 10, stated_on=MARCH)
    county.says("COU", 41.2, stated_on=OCTOBER)
    assert {r["change"] for r in county.ask("expectation_history")} == {None, "no change"}


def test_history_of_a_measure_without_two_answers_has_no_ratio(county):
    county.says("COU", 41, stated_on=MARCH)
    county.says("POL", 10, stated_on=OCTOBER)
    ratios = [r["ratio"] for r in county.ask("expectation_history")]
    assert ratios == [None, None, pytest.approx(4.1)]


def test_history_takes_the_last_day_of_a_month_in_which_partners_spoke(county):
    for day in (3, 5, 9):
        county.says("COU", 10 * day, stated_on=dt.date(2026, 3, day))
    county.says("POL", 10, stated_on=dt.date(2026, 3, 3))
    county.says("POL", 20, stated_on=OCTOBER)
    rows = county.ask("expectation_history")
    assert [(r["review_on"], r["ratio"]) for r in rows] == [
        (dt.date(2026, 3, 9), 9),
        (SEPTEMBER, 9),
        (dt.date(2026, 11, 23), 4.5),
    ]


def test_history_since_a_board_without_new_statements_is_no_change(county):
    county.says("COU", 41, stated_on=MARCH)
    county.says("POL", 10, stated_on=MARCH)
    assert [(r["review_on"], r["change"]) for r in county.ask("expectation_history")] == [
        (SEPTEMBER, None),
        (dt.date(2026, 11, 23), "no change"),
    ]


def test_history_of_an_empty_plan_has_no_rows(bench):
    assert bench.ask("expectation_history") == []


# ---- units, and two numbers of one partner ----
def test_units_become_each_other_as_the_library_says(bench):
    bench.agency("COU")
    bench.goal("G")
    pairs = [(said, unit) for said in UNITS for unit in ("£", "hours", "cases", "%")]
    pairs += [(f"{word.capitalize()} cases ", "cases") for word in MANY] + [
        ("people", "cases"),
        ("People", "£"),
    ]
    for n, (said, unit) in enumerate(pairs):
        bench.measure(f"U{n:03}", unit=unit)
        bench.says("COU", 3, measure_id=f"U{n:03}", unit=said)
    found = {r["measure_id"]: r["common_rate"] for r in bench.ask("expectation_rates")}
    for n, (said, unit) in enumerate(pairs):
        times = conversion(said, unit)
        rate = None if times is None else pytest.approx(float(3 * times))
        assert found[f"U{n:03}"] == rate, (said, unit)


def test_hours_against_cases_are_not_a_number_of_times_apart(county):
    county.says("COU", 5, unit="hours", counterpart_id="POL")
    county.says("POL", 600, direction="gets", counterpart_id="COU")
    county.says("COU", 5, unit="hours")
    county.says("POL", 600)
    row = county.one("expectation_gaps")
    assert (row["ratio"], row["kind_of_gap"]) == (None, "definition")
    (pair,) = county.ask("expectation_pairs")
    assert (pair["ratio"], pair["short"]) == (None, "not comparable")


def test_thousands_of_pounds_and_pounds_are_one_unit(county):
    county.measure("K", name="Money", unit="£")
    for agency, quantity, unit in (
        ("COU", "5", "£ thousand"),
        ("POL", "5000", None),
        ("ICB", "500000", "pence"),
    ):
        county.says(agency, quantity, unit=unit, measure_id="K")
    row = county.one("expectation_gaps")
    assert (row["ratio"], row["units"], row["kind_of_gap"]) == (1, 1, "near agreement")


def test_what_one_partner_gives_and_gets_is_no_gap(county):
    county.says("COU", 600)
    county.says("COU", 5000, direction="gets")
    assert county.one("expectation_gaps")["ratio"] is None
    assert county.ask("expectation_history")[-1]["ratio"] is None
    county.says("POL", 700)
    row = county.one("expectation_gaps")
    assert (row["least_agency_id"], row["least_rate"], row["most_agency_id"], row["most_rate"]) == (
        "POL",
        700,
        "COU",
        5000,
    )
    assert row["ratio"] == county.ask("expectation_history")[-1]["ratio"] == pytest.approx(50 / 7)
