"""Who must talk to whom, and by when each partner needs to see results."""

from __future__ import annotations

import datetime as dt

import pytest

from partnership.goals import GoalPartner


@pytest.fixture
def county(bench):
    bench.partnership()
    for code in ("COU", "ICB", "POL", "PRO", "SCH"):
        bench.agency(code)
    bench.goal("G", title="Share cases")
    bench.goal("H", title="Help early")
    for measure in ("M", "N"):
        bench.measure(measure, name=f"Measure {measure}")
    bench.benefit("B", goal_id="G")
    bench.planned("B", "COU", dt.date(2026, 10, 1), 100, 20, 1000, 1000)
    bench.says("COU", 5000, direction="gets", definition_note="Every referral screened")
    bench.says("PRO", 5, definition_note="People managed by law")
    bench.says("ICB", 100)
    bench.says("POL", 100)
    return bench


def test_talks_of_an_empty_plan_have_no_rows(bench):
    assert bench.ask("talks") == []


def test_first_talk_is_the_gap_to_be_redefined_with_what_waits_on_it(county):
    row = county.ask("talks")[0]
    assert (row["place"], row["subject"], row["agency_id"], row["other_agency_id"]) == (
        1,
        "gap",
        "PRO",
        "COU",
    )
    assert (row["least_rate"], row["most_rate"], row["ratio"]) == (5, 5000, 1000)
    assert (row["least_note"], row["most_note"]) == ("People managed by law", "Every referral screened")
    # Planned by November, since nothing was read yet.
    assert row["at_stake_gbp"] == 120


def test_what_rests_on_a_talk_is_the_plan_by_the_latest_month_read(county):
    county.money_measure()
    county.read("B", "COU", dt.date(2026, 10, 1), 90)
    assert county.ask("talks")[0]["at_stake_gbp"] == 100


def test_talk_counts_the_overdue_promises_that_it_waits_for(county):
    due = dt.date(2026, 11, 1)
    county.promise("C1", "PRO", due, to_agency_id="COU")
    county.promise("C2", "COU", due)
    county.promise("C3", "COU", due, to_agency_id="ICB")
    county.promise("C4", "PRO", due, to_agency_id="COU", delivered_on=due)
    assert county.ask("talks")[0]["linked_overdue"] == 2


def test_pairs_that_do_not_agree_follow_unless_they_talk_already(county):
    county.says("PRO", 5, counterpart_id="COU")
    county.says("COU", 1200, counterpart_id="PRO", direction="gets")
    county.says("POL", 60, counterpart_id="ICB", definition_note="People")
    county.says("ICB", 480, counterpart_id="POL", direction="gets", definition_note="Contacts")
    county.says("ICB", 10, counterpart_id="POL")
    county.says("POL", 11, counterpart_id="ICB", direction="gets")
    rows = [r for r in county.ask("talks") if r["subject"] == "pair"]
    assert [(r["agency_id"], r["other_agency_id"], r["ratio"]) for r in rows] == [("POL", "ICB", 8)]
    assert (rows[0]["least_note"], rows[0]["most_note"]) == ("People", "Contacts")


def test_partners_that_have_not_answered_are_asked_last(county):
    county.says("COU", 3, measure_id="N", goal_id="H")
    rows = county.ask("talks")
    assert [(r["subject"], r["agency_id"], r["missing_answers"], r["asked"]) for r in rows[1:]] == [
        ("no answer", "SCH", 2, 2),
        ("no answer", "ICB", 1, 2),
        ("no answer", "POL", 1, 2),
        ("no answer", "PRO", 1, 2),
    ]
    assert [r["at_stake_gbp"] for r in rows[1:]] == [120, None, None, None]
    assert [r["place"] for r in rows] == [1, 2, 3, 4, 5]


def test_gap_with_more_benefit_waiting_comes_first(county):
    county.benefit("C", goal_id="H")
    county.planned("C", "COU", dt.date(2026, 11, 1), 9000)
    for agency, quantity in (("COU", 100), ("POL", 10)):
        county.says(agency, quantity, measure_id="N", goal_id="H")
    gaps = [r for r in county.ask("talks") if r["subject"] == "gap"]
    assert [(r["goal_id"], r["ratio"], r["at_stake_gbp"]) for r in gaps] == [
        ("H", 10, 9000),
        ("G", 1000, 120),
    ]


def test_gap_with_a_partner_that_expects_none_is_a_talk_too(county):
    for agency, quantity in (("COU", 100), ("POL", 0), ("ICB", 90)):
        county.says(agency, quantity, measure_id="N", goal_id="H")
    row = next(r for r in county.ask("talks") if r["goal_id"] == "H")
    assert (row["subject"], row["agency_id"], row["least_rate"], row["other_agency_id"]) == (
        "gap",
        "POL",
        0,
        "COU",
    )


def test_talks_of_one_agency_are_those_it_takes_part_in(county):
    assert [r["subject"] for r in county.ask("talks", agency_id="PRO")] == ["gap"]
    assert county.ask("talks", agency_id="POL") == []


def test_first_results_show_the_earliest_day_and_who_has_not_answered(county):
    county.agency("NAT", duty="outside", sector="national")
    for goal, agency, day in (
        ("G", "POL", dt.date(2027, 3, 31)),
        ("H", "POL", dt.date(2026, 9, 30)),
        ("G", "ICB", dt.date(2029, 3, 31)),
    ):
        county.put(GoalPartner(goal_id=goal, agency_id=agency, first_results_by=day))
    rows = [(r["agency_id"], r["first_results_by"]) for r in county.ask("first_results")]
    assert rows == [
        ("POL", dt.date(2026, 9, 30)), ("ICB", dt.date(2029, 3, 31)), ("COU", None), ("PRO", None), ("SCH", None),
    ]  # fmt: skip
    assert county.ask("first_results", goal_id="G", agency_id="POL")[0]["first_results_by"] == dt.date(
        2027, 3, 31
    )
