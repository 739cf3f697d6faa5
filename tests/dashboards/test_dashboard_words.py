"""Sentences computed from rows: numbers as they are, grammar that holds for one, none and many."""

import datetime as dt
from decimal import Decimal

import pytest

from partnership._reports import board_words as board
from partnership._reports import gap_words as gaps

DAY = dt.date(2026, 9, 3)
NAMES = {
    "PRO": "Probation",
    "COU": "Council",
    "POL": "Police",
    "SCH": "Schools and colleges",
    "W": "Wendleshire Trust",
}
GAP = {
    "least_agency_id": "PRO", "most_agency_id": "COU", "least_rate": 5.0, "most_rate": 5000.0, "measure_unit": "cases",
    "measure_per": "year", "goal_title": "Share cases.", "kind_of_gap": "definition", "ratio": 1000.0,
    "band": "stop and re-define",
}  # fmt: skip


def name(key):
    return NAMES[key]


def totals(**more):
    return {
        "gaps": 7,
        "redefine": 2,
        "discuss": 3,
        "aligned": 2,
        "expecting_none": 0,
        "not_enough": 0,
        **more,
    }


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        ("PRO", "COU", "Probation means 5 cases a year. The council means 5,000."),
        ("POL", "SCH", "The police mean 5 cases a year. Schools and colleges mean 5,000."),
        ("W", "PRO", "Wendleshire Trust means 5 cases a year. Probation means 5,000."),
    ],
)
def test_ends_are_named_with_their_verbs(least, most, said):
    assert gaps.ends({**GAP, "least_agency_id": least, "most_agency_id": most}, name) == said


def test_agreed_goal_is_in_its_own_words():
    assert gaps.agreed_to(GAP) == "Both have agreed to “share cases”."
    assert (
        gaps.agreed_to({**GAP, "goal_title": "MARAC cases halved"})
        == "Both have agreed to “MARAC cases halved”."
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "2 of 7 shared measures differ by ten times or more and must stop and be re-defined. No average is shown: "
             "these are different definitions, not a spread around one truth."),
        ({"redefine": 1}, "1 of 7 shared measures differs by ten times"),
        ({"redefine": 0}, "No shared measure differs by ten times or more; 3 of 7 shared measures need a talk."),
        ({"redefine": 0, "discuss": 0}, "No shared measure differs by ten times or more; none needs a talk."),
    ],
)  # fmt: skip
def test_summary_counts_what_must_stop(counts, said):
    assert gaps.summary(totals(**counts), 10.0, GAP).startswith(said)


def test_summary_uses_the_partnerships_own_bound():
    assert "differ by 12.5 times or more" in gaps.summary(totals(), 12.5, None)
    assert "it would hide that partners mean different things" in gaps.summary(totals(), 12.5, None)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "Two measures must be re-defined before any plan rests on them"),
        ({"redefine": 1}, "One measure must be re-defined before any plan rests on it"),
        ({"redefine": 0, "discuss": 1}, "One measure needs a talk; none must be re-defined"),
        ({"redefine": 0, "discuss": 0, "aligned": 1}, "One measure is aligned; none needs a talk"),
    ],
)
def test_title_of_all_measures(counts, said):
    assert gaps.measures_title(totals(**counts)) == said


def talk_row(**more):
    row = {
        "subject": "gap", "agency_id": "PRO", "other_agency_id": "COU", "goal_id": "G1", "measure_id": "M1",
        "goal_title": "Share cases", "measure_unit": "cases", "measure_per": "year", "least_rate": 5.0,
        "most_rate": 5000.0, "least_note": "People managed by law", "most_note": None, "linked_overdue": 0,
        "at_stake_gbp": Decimal("460000.00"), "missing_answers": None, "asked": None,
    }  # fmt: skip
    return {**row, **more}


def test_talk_about_a_gap_asks_what_is_counted_and_says_what_waits():
    heading, said, behind = gaps.talk(talk_row(), name, {("G1", "M1"): "definition"})
    assert heading == "Probation and the council: what is a case?"
    assert said == "5 against 5,000 cases a year."
    assert (
        behind
        == "Probation counts people managed by law. Holds up “Share cases” and £460,000 of benefit planned by now."
    )


def test_talk_about_a_pair_says_what_is_offered_and_expected():
    row = talk_row(subject="pair", agency_id="POL", least_note="NHS referrals", linked_overdue=2)
    heading, said, behind = gaps.talk(row, name, {})
    assert heading == "The police and the council: how many cases?"
    assert said == "5 offered, 5,000 expected."
    assert behind == "The police count NHS referrals. Linked to two overdue promises."


def test_talk_with_the_silent_asks_for_answers():
    row = talk_row(subject="no answer", agency_id="SCH", missing_answers=2, asked=7, at_stake_gbp=None)
    assert gaps.talk(row, name, {}) == (
        "Schools and colleges: please answer.",
        "2 of 7 expectations are missing.",
        "",
    )


def results(*days):
    return [{"agency_id": a, "first_results_by": d} for a, d in zip(("PRO", "COU"), days, strict=False)]


def test_first_results_say_what_is_past_and_how_far_apart():
    title, sub = gaps.results_title(results(dt.date(2026, 6, 30), dt.date(2029, 3, 31)), DAY, name)
    assert title == "Probation needed results in June 2026; the council can wait until March 2029"
    assert sub.endswith("The gap is 33 months.")


def test_first_results_of_one_partner_name_one_date():
    title, _ = gaps.results_title(results(dt.date(2027, 6, 30)), DAY, name)
    assert title == "Probation needs results in June 2027"


def test_moved_lists_only_what_prints_differently():
    row = {"goal_id": "G1", "measure_id": "M1", "measure_name": "Hours", "ratio": 8.0}
    same = {"goal_id": "G1", "measure_id": "M2", "measure_name": "Cases", "ratio": 1000.2}
    before = {("G1", "M1"): 6.5, ("G1", "M2"): 1000.0}
    assert gaps.moved(before, [row, same], DAY) == (
        "Since the last board, 3 September 2026: Hours 8.0 times (was 6.5); the others as they were."
    )
    assert gaps.moved(before, [same], DAY).endswith("every gap as it was.")
    assert gaps.moved({}, [same], None) == ""


# ---- the board ----
def goal(**more):
    row = {
        "bhag_measure_name": "Repeats", "bhag_unit": "%", "bhag_polarity": "lower", "baseline_value": Decimal(61),
        "latest_value": Decimal(47), "latest_missing": None, "latest_state": "approved", "planned_value": 46.4,
        "last_board_value": Decimal(50), "latest_period": dt.date(2026, 9, 1),
    }  # fmt: skip
    return {**row, **more}


def test_goal_stands_against_its_start_and_its_plan():
    said = "Repeats: 47% in September 2026, against 61% at the start and 46% planned by then."
    assert board.goal_caveat(goal()) == said, "the plan is that of the reading's month, and no later one"
    assert "47% (provisional)" in board.goal_caveat(goal(latest_state="provisional"))
    assert board.goal_caveat(goal(latest_value=None)) == "Repeats: no reading yet, against 61% at the start."
    assert "suppressed" in board.goal_caveat(goal(latest_missing="suppressed"))


@pytest.mark.parametrize(
    ("polarity", "now", "head"),
    [
        ("lower", 47, "3 points better"),
        ("lower", 51, "1 point worse"),
        ("higher", 47, "3 points worse"),
        ("neither", 47, "3 points lower"),
        ("lower", 50, "Unchanged"),
    ],
)
def test_goal_moves_by_its_polarity(polarity, now, head):
    assert board.goal_change(goal(bhag_polarity=polarity, latest_value=Decimal(now)), DAY).head == head


def test_goal_in_other_units_moves_in_them():
    change = board.goal_change(
        goal(bhag_unit="cases", bhag_polarity="higher", last_board_value=Decimal(40)), DAY
    )
    assert change == ("Better by 7 cases", "since the last board (40 cases).")


def test_no_board_before_means_no_comparison():
    assert board.goal_change(goal(), None) == board.NO_EARLIER
    assert board.promises_change({"overdue": 6}, {}, None) == board.NO_EARLIER


BENEFIT = {
    "realised_gbp": Decimal("710000"), "compared_gbp": Decimal("930000"), "plan_total_gbp": Decimal("1640000"),
    "latest_period": dt.date(2026, 10, 1), "realised_share": 0.7634, "not_read_gbp": Decimal("90000"),
    "provisional_months": 2,
}  # fmt: skip


def test_benefit_is_said_in_one_unit_with_what_cannot_be_seen():
    assert board.benefit_answer(BENEFIT) == ("£0.71m is real of £0.93m planned", " by October: 76%.")
    assert (
        board.benefit_caveat(BENEFIT) == "£0.09m more was planned but not read. Two months are provisional."
    )
    assert (
        board.benefit_caveat({**BENEFIT, "not_read_gbp": Decimal(0), "provisional_months": 1})
        == "One month is provisional."
    )


def test_benefit_moves_in_points_as_printed():
    change = board.benefit_change(BENEFIT, {"realised_share": 0.7792}, DAY, 2)
    assert change == ("2 points lower", "78% on 3 September. Two benefits are off plan three months running.")
    assert board.benefit_change(BENEFIT, {"realised_share": 0.7641}, DAY, 0).head == "Unchanged"
    assert board.benefit_change(BENEFIT, {"realised_share": None}, DAY, 0).head == "No share to compare"


def test_payers_speak_of_one_and_of_many():
    row = {"paid_share": 0.42, "gained_share": 0.24}
    assert board.payers_answer(row, "Council") == "The council pays 42% and gains 24%."
    assert board.payers_answer(row, "Police") == "The police pay 42% and gain 24%."


@pytest.mark.parametrize(
    ("years", "over"),
    [((2025, 2029), " from 2025/26 to 2029/30"), ((2027, 2027), " in 2027/28"), ((None, None), "")],
)
def test_payers_claim_no_return(years, over):
    said = board.payers_caveat(Decimal("4330000"), Decimal("540000"), years)
    assert said == (
        f"£4.33m in, £0.54m out{over}: planned, not discounted. "
        "No return is shown until the appraisal has its basis."
    )


def test_payers_say_gross_and_net_where_something_is_counted_twice():
    said = board.payers_caveat(Decimal(900), Decimal(600), (None, None), None, Decimal(200))
    assert said.startswith("£900 in, £600 out gross, £400 net of double counting: planned, not discounted.")


def promises(**more):
    row = {"made": 46, "due": 41, "kept_on_time": 27, "overdue": 6, "held_up_gbp": Decimal("210000"),
           "on_time_share": 0.6585, "oldest_title": "Crisis feed", "oldest_days_late": 146}  # fmt: skip
    return {**row, **more}


def test_promises_say_what_they_hold_up():
    assert board.promises_answer(promises()) == (
        "6 promises are overdue and hold up £210,000",
        " of benefit.",
    )
    assert board.promises_answer(promises(overdue=1)) == (
        "1 promise is overdue and holds up £210,000",
        " of benefit.",
    )
    assert board.promises_answer(promises(held_up_gbp=Decimal(0))) == ("6 promises are overdue.", "")
    assert board.promises_answer(promises(overdue=0)) == ("No promise is overdue.", "")


def test_promises_caveat_names_the_oldest():
    assert (
        board.promises_caveat(promises())
        == "27 of 41 due were kept on time (66%). The oldest, crisis feed, is 146 days late."
    )
    assert board.promises_caveat(promises(overdue=0)) == "27 of 41 due were kept on time (66%)."
    assert board.promises_caveat(promises(due=0, made=5)) == "None of 5 promises has fallen due yet."


def test_promises_change_counts_more_and_fewer():
    then = {"overdue": 4, "on_time_share": 0.7}
    assert board.promises_change(promises(), then, DAY) == (
        "2 more overdue",
        "4 on 3 September. On time then: 70%.",
    )
    assert board.promises_change(promises(overdue=1), then, DAY).head == "3 fewer overdue"
    assert board.promises_change(promises(overdue=4), then, DAY).head == "As many overdue"


def test_gap_change_compares_as_printed():
    assert board.gap_change({"widest_ratio": 1000.0}, {"widest_ratio": 1000.4}, DAY) == (
        "Not closing", "The same 1,000 times on 3 September."
    )  # fmt: skip
    assert board.gap_change({"widest_ratio": 8.0}, {"widest_ratio": 23.3}, DAY) == (
        "Closing",
        "23 times on 3 September.",
    )
    assert board.gap_change({"widest_ratio": 8.0}, {}, DAY).head == "No gap to compare"
