import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership._roi.model import AgencyRef, AppraisalModel, Cost, Line, Settings
from partnership._roi.sustainability import NOBODY, WHOLE, sustainability
from partnership.errors import InvalidInput

F = Fraction

AGENCIES = (
    AgencyRef("COU", "COU", "Council"),
    AgencyRef("ICB", "ICB", "Care board"),
    AgencyRef("NAT", "NAT", "National budgets", "outside"),
)


def cost(agency, year, amount, funding="core", item="W1", **more):
    money = Decimal(amount)
    return Cost(f"{agency}{item}{year}{funding}", agency, item, None, year, money, funding=funding, real_gbp=money, **more)  # fmt: skip


def cash(amount, months=60, start=2025, share=None):
    return Line("B", "Saving", "fiscal", "cash-releasing", share or {"COU": F(1)}, dt.date(start, 4, 1), months, full_year_gbp=Decimal(amount))  # fmt: skip


def found(costs, lines=(), horizon=3, **more):
    return sustainability(
        AppraisalModel(tuple(lines), tuple(costs), AGENCIES, Settings(2025, horizon)), **more
    )


def pump(amount=100, years=(2025, 2026), agency="COU", **more):
    return [cost(agency, y, amount, "pump-priming", **more) for y in years]


def test_money_that_ends_leaves_its_run_rate_to_the_agency_whose_it_was():
    answer = found(pump())
    assert [(e.last_year, e.ends_on, e.run_rate_gbp, e.gap_gbp) for e in answer.endings] == [
        (2026, dt.date(2027, 3, 31), Decimal(100), Decimal(100))
    ]
    assert answer.gap(2026) == {}
    assert answer.gap(2027) == {"COU": Decimal(100)}


def test_core_money_above_its_level_takes_the_gap_over():
    costs = [*pump(), *(cost("ICB", y, 10) for y in (2025, 2026)), cost("ICB", 2027, 70)]
    answer = found(costs)
    assert answer.gap(2027) == {"COU": Decimal(40)}
    assert answer.endings[0].taken_over_gbp == 60
    assert "£40 a year is then unpaid" in answer.endings[0].sentence
    assert answer.gap(2030) == {"COU": Decimal(40)}  # the level of the last planned year is carried on


def test_core_money_that_is_only_asked_for_takes_nothing_over_and_stands_beside_the_gap():
    asked = [cost("ICB", y, 300, agreed="not yet") for y in (2027, 2028)]
    answer = found([*pump(), *asked])
    assert answer.gap(2027) == {"COU": Decimal(100)}
    assert answer.endings[0].taken_over_gbp == 0
    assert answer.endings[0].sentence.endswith(
        "£100 a year is then unpaid, and £300 asked for is not agreed."
    )
    row = next(r for r in answer.rows["ICB"] if r.financial_year == 2027)
    assert (row.asked_gbp, row.core_gbp, row.recurring_gbp) == (300, 0, 0)
    assert sum(r.asked_gbp for r in answer.rows[WHOLE]) == 600


def test_money_that_ends_and_was_never_agreed_is_no_stream():
    assert found(pump(agreed="asked")).endings == ()


def test_core_money_of_another_item_takes_nothing_over():
    costs = [
        *pump(),
        *(cost("ICB", y, 10, item="W2") for y in (2025, 2026)),
        cost("ICB", 2027, 500, item="W2"),
    ]
    assert found(costs).gap(2027) == {"COU": Decimal(100)}


def test_money_of_an_outside_body_leaves_a_gap_that_nobody_carries_until_said():
    costs = pump(agency="NAT")
    answer = found(costs)
    assert answer.gap(2027) == {NOBODY: Decimal(100)}
    assert answer.sentences[NOBODY].startswith("Nobody has yet said who carries £100 a year")
    thirds = {"W1": {"COU": F(1, 3), "ICB": F(2, 3)}}
    assert found(costs, carried_by=thirds).gap(2027) == {"COU": Decimal("33.33"), "ICB": Decimal("66.67")}


def test_end_within_a_year_is_brought_to_a_full_year():
    costs = [
        cost("COU", 2025, 120, "pump-priming"),
        cost("COU", 2026, 60, "pump-priming", funding_ends_on=dt.date(2026, 9, 30)),
    ]
    answer = found(costs)
    assert answer.endings[0].run_rate_gbp == 120
    assert answer.gap(2026) == {"COU": Decimal(60)}
    assert answer.gap(2027) == {"COU": Decimal(120)}


def test_funding_that_lasts_beyond_the_plan_pays_until_its_last_day():
    costs = pump(funding_ends_on=dt.date(2027, 12, 31))
    answer = found(costs)
    assert answer.gap(2027) == {"COU": Decimal(25)}
    assert answer.gap(2028) == {"COU": Decimal(100)}


@pytest.mark.parametrize(
    "costs",
    [
        [cost("COU", 2025, 100, "pump-priming")],
        [cost("COU", y, 100, "pump-priming", nature="capital") for y in (2025, 2026)],
        [cost("COU", y, 100, "pump-priming", form="in kind") for y in (2025, 2026)],
        [cost("COU", y, 100) for y in (2025, 2026)],
        [],
    ],
    ids=["one year", "capital", "in kind", "core", "nothing"],
)
def test_what_does_not_have_to_be_found_again_leaves_no_gap(costs):
    answer = found(costs)
    assert all(answer.gap(y) == {} for y in range(2025, 2031))


def test_stated_recurrence_takes_the_place_of_the_rule():
    once = [cost("COU", 2025, 100, "pump-priming")]
    assert found(once, recurring={"W1": True}).gap(2026) == {"COU": Decimal(100)}
    assert found(pump(), recurring={"W1": False}).gap(2027) == {}
    assert "its work ends with it" in found(pump(), recurring={"W1": False}).endings[0].sentence


def test_carrying_year_is_the_first_from_which_cash_carries_cost_to_the_end():
    core = [cost("COU", y, 100) for y in range(2025, 2030)]
    late = found(core, [cash(150, 36, 2027)], horizon=5)
    assert late.carrying_year["COU"] == late.carrying_year[WHOLE] == 2027
    assert late.sentences[WHOLE] == "The partnership: recurring cash carries recurring cost from 2027/28 on."
    short = found(core, [cash(99)], horizon=5)
    assert short.carrying_year[WHOLE] is None
    assert "£99 of £100 a year" in short.sentences["COU"]


def test_cash_that_carries_cost_before_pump_priming_ends_does_not_count_as_carrying_it():
    costs = [
        *(cost("COU", y, 50) for y in range(2025, 2030)),
        *(cost("COU", y, c, "grant") for y, c in ((2025, 10), (2026, 100))),
    ]
    answer = found(costs, [cash(120)], horizon=5)
    assert answer.carrying_year["COU"] is None
    assert answer.sentences["COU"].endswith("It does in 2025/26 only.")


def test_wrong_pocket_is_seen_agency_by_agency():
    costs = [cost(a, y, 100) for a in ("COU", "ICB") for y in (2025, 2026, 2027)]
    answer = found(costs, [cash(500, 36, share={"ICB": F(1)})])
    assert answer.carrying_year["ICB"] == 2025
    assert answer.carrying_year["COU"] is None
    assert answer.carrying_year[WHOLE] == 2025
    assert answer.sentences["NAT"] == "National budgets: no recurring cost in cash."


def test_capacity_released_carries_nothing():
    line = Line(
        "B",
        "Hours",
        "fiscal",
        "capacity released",
        {"COU": F(1)},
        dt.date(2025, 4, 1),
        36,
        full_year_gbp=Decimal(999),
    )
    answer = found([cost("COU", y, 1) for y in (2025, 2026, 2027)], [line])
    assert answer.carrying_year["COU"] is None
    assert all(r.cashable_gbp == 0 for r in answer.rows[WHOLE])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["COU", "ICB", "NAT"]),
            st.integers(2025, 2028),
            st.integers(1, 10**8),
            st.sampled_from(["core", "pump-priming", "grant", "reserve"]),
            st.sampled_from(["W1", "W2", None]),
        ),
        max_size=20,
    )
)
def test_whole_is_the_sum_of_its_agencies_and_no_gap_is_negative(rows):
    answer = found([cost(a, y, Decimal(p) / 100, f, i) for a, y, p, f, i in rows], [cash("10.01")], horizon=4)
    for k, whole in enumerate(answer.rows[WHOLE]):
        parts = [r[k] for s, r in answer.rows.items() if s != WHOLE]
        for name in ("core_gbp", "funded_gbp", "gap_gbp", "cashable_gbp"):
            assert getattr(whole, name) == sum(getattr(p, name) for p in parts)
        assert all(p.gap_gbp >= 0 for p in parts)
        assert whole.balance_gbp == whole.cashable_gbp - whole.recurring_gbp


@pytest.mark.parametrize("years", [-1, 41])
def test_years_after_out_of_range_are_refused(years):
    with pytest.raises(InvalidInput, match="0 to 40"):
        found([], years_after=years)


def test_beyond_the_last_planned_year_it_is_said_that_cost_is_carried_on():
    answer = found(pump(), [cash(10, 24)])
    assert [r.is_planned for r in answer.rows[WHOLE]] == [True, True, False, False, False, False]
    assert any("Nobody has planned beyond 2026/27" in n for n in answer.notes)
    assert any("are not judged" in n for n in answer.notes)
