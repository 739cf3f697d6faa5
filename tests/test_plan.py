import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from partnership.benefits import Assumption, Benefit, BenefitShare, Rebaseline
from partnership.blueprint import ItemAgency, WorkItem
from partnership.commitments import ClockRule, Commitment, Delivery, DueChange
from partnership.expectations import Expectation
from partnership.goals import Goal, GoalPartner, Measure
from partnership.partners import Agency, Partnership
from partnership.plan import CHECKS, Plan, check, findings_of, overlay
from partnership.roi import Contribution, Correlation, FundingAgreement
from partnership.tables import frame

DAY = dt.date(2026, 11, 23)
US = Partnership(
    id="P",
    name="Us",
    bhag="Nobody waits",
    plan_starts_on=dt.date(2025, 4, 1),
    plan_ends_on=dt.date(2030, 3, 31),
)
COU = Agency(id="COU", code="COU", name="Council", sector="council")
POL = Agency(id="POL", code="POL", name="Police", sector="police")
MEASURE = Measure(id="M1", name="Cases", unit="cases")
GOAL = Goal(
    id="G1", title="Share cases", measure_id="M1", baseline_value=Decimal(5), target_value=Decimal(50)
)
ITEM = WorkItem(id="W1", title="Front door", lead_agency_id="COU", goal_id="G1")
SOUND = (US, COU, POL, MEASURE, GOAL, ITEM)


def codes(*records, today=DAY, large=None):
    return [f.code for f in check(Plan.of(records), large, today=today)]


def only(code, *records, **kwargs):
    found = [
        f
        for f in check(Plan.of(records), kwargs.get("large"), today=kwargs.get("today", DAY))
        if f.code == code
    ]
    assert len(found) == 1, found
    return found[0]


def benefit(**more):
    return Benefit(
        **(
            {"id": "B1", "title": "Fewer repeats", "benefit_class": "cash-releasing", "owner_role_id": None}
            | more
        )
    )


def said(**more):
    base = {
        "id": "E1",
        "goal_id": "G1",
        "measure_id": "M1",
        "agency_id": "COU",
        "direction": "gets",
        "stated_on": DAY,
    }
    return Expectation(**(base | more))


def paid(**more):
    base = {
        "id": "C1",
        "agency_id": "COU",
        "goal_id": "G1",
        "financial_year": 2026,
        "stage": "planned",
        "amount_gbp": Decimal(100),
        "form": "cash",
    }
    return Contribution(**(base | more))


def test_sound_plan_has_no_faults():
    assert codes(*SOUND) == []


def test_empty_plan_says_only_that_there_is_no_partnership():
    assert codes() == ["plan-one-partnership"]


def test_missing_reference_names_the_nearest_ids():
    fault = only("plan-reference", *SOUND, WorkItem(id="W2", title="x", lead_agency_id="COU", goal_id="g-1"))
    assert (fault.row_key, fault.field) == ("W2", "goal_id")
    assert "G1" in fault.do


@pytest.mark.parametrize("size", [1, 2, 50], ids=lambda n: f"F3-ring-of-{n}")
def test_ring_is_printed_whole(size):
    items = [
        WorkItem(id=f"W{i:02d}", title="x", lead_agency_id="COU", depends_on=(f"W{(i + 1) % size:02d}",))
        for i in range(size)
    ]
    fault = only("plan-ring", US, COU, *items)
    ring = fault.found.split(": ")[1].rstrip(".").split(" > ")
    assert ring[0] == ring[-1] == "W00"
    assert len(ring) == size + 1


def test_chain_of_five_thousand_is_no_ring_and_no_recursion_error():
    items = [
        WorkItem(id=f"W{i}", title="x", lead_agency_id="COU", depends_on=(f"W{i + 1}",) if i < 4999 else ())
        for i in range(5000)
    ]
    assert codes(US, COU, *items) == []


@pytest.mark.parametrize(
    ("shares", "code", "says"),
    [
        (["33.33", "33.33", "33.33"], "plan-shares-sum", "99.99%"),
        (["50", "51"], "plan-shares-sum", "101%"),
        (["0.4", "0.6"], "plan-shares-fractions", "1%"),
    ],
    ids=["C9-thirds", "C8-over", "C8-fractions"],
)
def test_shares_that_do_not_make_the_whole_are_found(shares, code, says):
    agencies = [Agency(id=f"A{i}", code=f"A{i}", name="x", sector="other") for i in range(3)]
    rows = [
        BenefitShare(benefit_id="B1", agency_id=f"A{i}", share=Fraction(s) / 100)
        for i, s in enumerate(shares)
    ]
    fault = only(code, *SOUND, *agencies, benefit(), *rows)
    assert says in fault.found


def test_shares_of_a_third_make_the_whole():
    agencies = [Agency(id=f"A{i}", code=f"A{i}", name="x", sector="other") for i in range(3)]
    rows = [BenefitShare(benefit_id="B1", agency_id=f"A{i}", share=Fraction(1, 3)) for i in range(3)]
    assert "plan-shares-sum" not in codes(*SOUND, *agencies, benefit(), *rows)


def test_dates_out_of_order_name_both():
    fault = only(
        "plan-date-order",
        *SOUND[:-2],
        GOAL.model_copy(update={"starts_on": dt.date(2026, 4, 1), "target_on": dt.date(2026, 3, 1)}),
    )
    assert "1 March 2026" in fault.found
    assert "1 April 2026" in fault.found


def test_outcome_claimed_twice_says_how_much():
    twice = [benefit(id=f"B{i}", outcome_key="care-entry", full_year_gbp=Decimal(100 * i)) for i in (1, 2)]
    assert "£100.00" in only("plan-benefit-twice", *SOUND, *twice).found


def test_outcome_marked_additive_is_not_twice():
    twice = [benefit(id=f"B{i}", outcome_key="care-entry", additive=True) for i in (1, 2)]
    assert "plan-benefit-twice" not in codes(*SOUND, *twice)


def test_goal_without_measure_and_item_without_lead_are_warned_of():
    found = check(Plan.of((US, COU, Goal(id="G1", title="x"), WorkItem(id="W1", title="x"))), today=DAY)
    assert {(f.code, f.severity) for f in found} == {
        ("plan-goal-measure", "warning"),
        ("plan-item-lead", "warning"),
    }


def test_two_accountable_agencies_are_refused():
    parts = [ItemAgency(item_id="W1", agency_id=a, part="accountable") for a in ("COU", "POL")]
    assert only("plan-item-two-leads", *SOUND, *parts).severity == "error"


def test_partner_with_nothing_to_get_is_warned_of():
    part = GoalPartner(goal_id="G1", agency_id="POL", gives="time")
    assert "nothing to get from" in only("plan-goal-gives-gets", *SOUND, part).found


@pytest.mark.parametrize("entry", ["payment", "correction"])
def test_negative_contribution_only_as_a_correction(entry):
    found = codes(*SOUND, paid(amount_gbp=Decimal(-5), entry=entry))
    assert ("plan-negative-contribution" in found) == (entry == "payment")


def test_hundred_times_last_year_is_warned_of():
    fault = only(
        "plan-hundred-times", *SOUND, paid(), paid(id="C2", financial_year=2027, amount_gbp=Decimal(10000))
    )
    assert fault.row_key == "C2"


def test_grant_that_ends_without_a_successor_is_warned_of():
    grant = paid(funding="grant", funding_ends_on=dt.date(2027, 3, 31))
    assert only("plan-grant-ends", *SOUND, grant).severity == "warning"
    assert "plan-grant-ends" not in codes(*SOUND, grant, paid(id="C2", financial_year=2027))


def test_disbenefit_with_positive_money_is_refused():
    assert only("plan-disbenefit-sign", *SOUND, benefit(is_disbenefit=True, full_year_gbp=Decimal(5)))


@pytest.mark.parametrize(
    "more", [{"quantity": None}, {"quantity": Decimal(3), "answer": "no answer"}, {"quantity": Decimal(0)}]
)
def test_expectation_that_contradicts_itself_is_refused(more):
    assert only("plan-expectation-answer", *SOUND, said(**more)).severity == "error"


@pytest.mark.parametrize("more", [{"unit": "hours"}, {"per": "in all"}])
def test_expectation_that_no_common_rate_can_be_made_of_is_said(more):
    found = only("plan-expectation-unit", *SOUND, said(quantity=Decimal(5), **more))
    assert (found.severity, "cannot be compared with" in found.found) == ("warning", True)
    assert "plan-expectation-unit" not in codes(*SOUND, said(quantity=Decimal(5), unit="Thousand cases"))


def test_parts_of_a_share_agree_with_its_value_and_are_no_more_than_the_whole():
    share = Measure(id="S1", name="Kept", unit="%", kind="share", numerator="Kept", denominator="All")

    def found(above, below, value=None):
        row = {"measure_id": "S1", "numerator": Decimal(above), "denominator": Decimal(below), "value": value}
        return codes(*SOUND, share, large=readings(row))

    assert found(559, 980, Decimal(57)) == found(0, 0) == found(5, 5) == []
    assert found(559, 980, Decimal("0.57")) == ["plan-reading-fraction"]
    assert found(980, 559) == ["plan-reading-share"]


def test_clock_is_counted_by_a_share_that_has_a_better_side():
    clock = ClockRule(id="T1", clock_id="hub", name="Hub", allows=2, measure_id="M1")
    assert only("plan-clock-measure", *SOUND, clock).field == "measure_id"


def test_benefits_in_pounds_of_different_years_are_said():
    money = {"full_year_gbp": Decimal(5), "price_year": "2025/26"}
    some = [benefit(id=f"B{n}", **money) for n in range(2)]
    nominal = benefit(id="B9", **money | {"price_base": "nominal"})
    assert "in pounds of the day" in only("plan-price-bases", *SOUND, *some, nominal).found
    assert "plan-price-bases" not in codes(*SOUND, *some)


def test_overdue_promise_without_delivery_says_how_late():
    promise = Commitment(
        id="K1", title="Feed", agency_id="POL", made_on=dt.date(2026, 1, 1), due_on=dt.date(2026, 11, 13)
    )
    assert "10 days ago" in only("plan-promise-overdue", *SOUND, promise).found
    done = Delivery(commitment_id="K1", delivered_on=dt.date(2026, 11, 20))
    assert "plan-promise-overdue" not in codes(*SOUND, promise, done)
    later = done.model_copy(update={"delivered_on": dt.date(2027, 1, 1)})
    assert "1 January 2027" in only("plan-delivery-future", *SOUND, promise, later).found
    moved = DueChange(
        commitment_id="K1", changed_on=DAY, new_due_on=dt.date(2020, 1, 1), reason="typed wrong"
    )
    assert only("plan-date-order", *SOUND, promise, moved).field == "new_due_on"


def test_agency_that_left_and_still_owes_is_warned_of():
    left = POL.model_copy(update={"left_on": dt.date(2026, 6, 30)})
    promise = Commitment(
        id="K1", title="Feed", agency_id="POL", made_on=dt.date(2026, 1, 1), due_on=dt.date(2027, 1, 1)
    )
    assert only("plan-left-owes", US, COU, left, promise).row_key == "K1"
    assert "plan-left-owes" not in codes(US, COU, left.model_copy(update={"succeeded_by_id": "COU"}), promise)


def readings(*rows):
    import polars as pl

    from partnership.benefits import Reading
    from partnership.tables import row_key

    records = [Reading(**({"measure_id": "M1", "period": dt.date(2026, 10, 1)} | r)) for r in rows]
    return {
        "readings": frame(records, "readings").with_columns(
            pl.Series("row_key", [row_key(r) for r in records])
        )
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({}, "plan-reading-value"),
        ({"value": Decimal(1), "missing": "withheld"}, "plan-reading-value"),
        ({"numerator": Decimal(1)}, "plan-reading-fraction"),
        ({"value": Decimal(1), "period": dt.date(2027, 1, 1)}, "plan-reading-future"),
        ({"value": Decimal(1), "measure_id": "M9"}, "plan-reference"),
        ({"missing": "withheld", "agency_id": "POL"}, "plan-reading-missing"),
        ({"value": Decimal(1), "benefit_id": "B1"}, "plan-money-measure"),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)
def test_reading_faults_are_found_on_columns(row, code):
    assert code in codes(*SOUND, benefit(owner_role_id=None), large=readings(row))


def test_reading_of_zero_is_a_value_and_not_missing():
    assert codes(*SOUND, large=readings({"value": Decimal(0)})) == []


def test_later_profile_without_rebaseline_is_warned_of():
    import polars as pl

    from partnership.benefits import ProfileMonth

    profile = frame(
        [ProfileMonth(benefit_id="B1", version=2, period=DAY.replace(day=1), planned_gbp=Decimal(1))]
    )
    large = {"benefit_profile": profile.with_columns(pl.lit("k").alias("row_key"))}
    assert "plan-profile-version" in codes(*SOUND, benefit(), large=large)
    done = Rebaseline(benefit_id="B1", version=2, agreed_on=DAY, reason="late")
    assert "plan-profile-version" not in codes(*SOUND, benefit(), done, large=large)


def test_every_check_has_a_test_or_is_named_in_one():
    from pathlib import Path

    here = Path(__file__)
    text = here.read_text(encoding="utf-8")
    clocks = (here.parent / "memory" / "test_memory_methods.py").read_text(encoding="utf-8")
    elsewhere = {
        "plan-same-code",
        "plan-goal-number",
        "plan-goal-closed",
        "plan-shares-missing",
        "plan-benefit-owner",
    }
    of_clocks = {c for c in CHECKS if c.startswith("plan-clock-") and c.removeprefix("plan-") in clocks}
    assert {c for c in CHECKS if c not in text} - of_clocks == set()
    assert elsewhere <= set(CHECKS)


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ((Agency(id="X", code="COU", name="x", sector="other"),), "plan-same-code"),
        ((Goal(id="G2", title="x", measure_id="M1"),), "plan-goal-number"),
        ((Goal(id="G3", title="x", measure_id="M1", baseline_value=Decimal(1), target_value=Decimal(1)),), "plan-goal-number"),
        ((GOAL.model_copy(update={"id": "G4", "closed_on": dt.date(2026, 1, 1)}), WorkItem(id="W9", title="x", lead_agency_id="COU", goal_id="G4")), "plan-goal-closed"),
        ((benefit(full_year_gbp=Decimal(1)),), "plan-shares-missing"),
        ((benefit(),), "plan-benefit-owner"),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)  # fmt: skip
def test_single_faults_are_found(records, code):
    assert code in codes(*SOUND, *records)


def test_findings_without_a_sheet_say_sheet_key_and_column():
    finding = findings_of(check(Plan.of((US, COU, WorkItem(id="W1", title="x"))), today=DAY))[0]
    assert finding.place == "Work items, W1, Lead agency id"


def test_overlay_puts_new_rows_over_stored_ones_and_takes_removed_ones_away():
    import polars as pl

    def keyed(*agencies):
        return frame(agencies, "agencies").with_columns(pl.Series("row_key", [a.id for a in agencies]))

    out = overlay(
        {"agencies": keyed(COU, POL)},
        {"agencies": keyed(COU.model_copy(update={"name": "New"}))},
        {"agencies": ["POL"]},
    )
    assert out["agencies"].select("id", "name").rows() == [("COU", "New")]


def test_assumption_is_part_of_the_plan():
    row = Assumption(benefit_id="B9", step="take-up", name="x", value=Decimal(1))
    assert only("plan-reference", *SOUND, row).table == "assumptions"


def agreed(**more):
    base = {"id": "A1", "payer_agency_id": "COU", "receiver_agency_id": "POL", "route": "pooled fund"}
    return FundingAgreement(**(base | more))


def tie(first="COST", second="B1|impact|x", rank="0.5", key="K1"):
    return Correlation(id=key, assumption_a=first, assumption_b=second, rank_correlation=Decimal(rank))


CASH = (benefit(), BenefitShare(benefit_id="B1", agency_id="COU", share=1))
RANGED = paid(range_low=Decimal(90), range_high=Decimal(120), shared_name="COST")
IMPACT = Assumption(
    benefit_id="B1", step="impact", name="x", value=Decimal(2), low=Decimal(1), high=Decimal(3)
)
YEAR = {"starts_on": dt.date(2026, 4, 1), "ends_on": dt.date(2027, 3, 31)}


@pytest.mark.parametrize(
    ("records", "code", "field", "said"),
    [
        ((paid(range_low=Decimal(105), range_high=Decimal(120)),), "plan-cost-range", "range_low", "105% to 120% does not hold the amount"),
        ((paid(range_high=Decimal(90)),), "plan-cost-range", "range_high", "100% to 90%"),
        ((paid(range_low=Decimal(0), distribution="lognormal"),), "plan-cost-range", "range_low", "never comes to nothing"),
        ((paid(stage="actual", range_high=Decimal(120)),), "plan-cost-range-paid", "range_low", "What was paid"),
        ((RANGED, IMPACT.model_copy(update={"shared_name": "COST"})), "plan-cost-name", "shared_name", "COST is the shared name of an assumption"),
        ((RANGED, paid(id="C2", range_high=Decimal(110), shared_name="COST", financial_year=2027)), "plan-cost-shared", "shared_name", "another range here than in C1"),
        ((RANGED, tie(second="B1|impact|y"), IMPACT), "plan-correlation-unknown", "assumption_b", "“B1|impact|y” is no assumption of the plan"),
        ((RANGED, tie(second="COST")), "plan-correlation-self", "assumption_b", "tied to itself"),
        ((RANGED, IMPACT, tie(), tie("B1|impact|x", "COST", key="K2")), "plan-correlation-twice", "assumption_b", "K1 ties the same two"),
        ((paid(shared_name="COST"), IMPACT, tie()), "plan-correlation-fixed", "assumption_a", "“COST” has no range"),
        ((agreed(receiver_agency_id="COU"),), "plan-route-self", "receiver_agency_id", "COU stands on both sides"),
        ((agreed(receiver_agency_id="NAT"), Agency(id="NAT", code="NAT", name="The nation", sector="other", duty="outside")), "plan-route-outside", "receiver_agency_id", "The nation is an outside body"),
        ((agreed(), agreed(id="A2", route="grant", nature="capital")), "plan-route-twice", "route", "A1 has another route"),
        ((agreed(contracted_gbp=Decimal(5)),), "plan-contract-half", "contracted_gbp", "does not say which benefit"),
        ((agreed(benefit_id="B1", contracted_gbp=Decimal(5)), *CASH), "plan-contract-half", "financial_year", "no financial year is named"),
        ((agreed(benefit_id="B1", financial_year=2026), *CASH), "plan-contract-half", "contracted_gbp", "without an amount"),
        ((agreed(benefit_id="B1", contracted_gbp=Decimal(5), financial_year=2026, contracted_share="1/2"), *CASH), "plan-contract-half", "contracted_share", "Both an amount and a share"),
        ((agreed(benefit_id="B1"), benefit(benefit_class="capacity released")), "plan-contract-not-cash", "benefit_id", "fiscal, capacity released: it releases no cash"),
        ((agreed(benefit_id="B1"), benefit(category="economic")), "plan-contract-not-cash", "benefit_id", "economic, cash-releasing: it releases no cash"),
        ((agreed(benefit_id="B1"), benefit(is_disbenefit=True)), "plan-contract-not-cash", "benefit_id", "is a dis-benefit"),
        ((agreed(benefit_id="B1", payer_agency_id="POL", receiver_agency_id="COU"), *CASH), "plan-contract-nothing", "payer_agency_id", "falls to POL: it falls to COU"),
        ((agreed(benefit_id="B1", contracted_share="2/3"), agreed(id="A2", benefit_id="B1", contracted_share="1/2"), *CASH), "plan-contract-over", "contracted_share", "more than the whole"),
        ((agreed(ends_on=dt.date(2026, 1, 1), starts_on=dt.date(2026, 2, 1)),), "plan-date-order", "ends_on", "is before Starts on"),
        ((agreed(benefit_id="B9"),), "plan-reference", "benefit_id", "B9"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_ranges_ties_and_agreements_that_cannot_be_used_are_found(records, code, field, said):
    found = only(code, *SOUND, *records)
    assert found.field == field
    assert said in found.found
    assert found.do


def test_a_name_that_has_a_shared_one_is_pointed_to_it():
    shared = IMPACT.model_copy(update={"shared_name": "effect"})
    found = only("plan-correlation-unknown", *SOUND, RANGED, shared, tie())
    assert found.do == "Did you mean effect?"


def test_ties_that_cannot_all_hold_are_warned_of_with_how_far_they_bend():
    third = IMPACT.model_copy(update={"name": "y"})
    ties = (tie(rank="0.9"), tie(second="B1|impact|y", rank="0.9", key="K2"), tie("B1|impact|x", "B1|impact|y", "-0.9", "K3"))  # fmt: skip
    found = only("plan-correlations-bent", *SOUND, RANGED, IMPACT, third, *ties)
    assert found.severity == "warning"
    assert "The nearest valid ones are used: none differs by more than 0." in found.found


def test_ranges_ties_and_agreements_that_are_sound_have_no_fault():
    one_after_the_other = (
        agreed(benefit_id="B1", contracted_share="3/5", **YEAR),
        agreed(id="A2", benefit_id="B1", contracted_share="3/5", starts_on=dt.date(2027, 4, 1)),
        agreed(id="A3", benefit_id="B1", contracted_share="2/5", starts_on=dt.date(2026, 6, 1)),
        agreed(id="A4", payer_agency_id="POL", receiver_agency_id="COU", route="grant"),
    )
    found = codes(*SOUND, RANGED, IMPACT, tie(), *CASH, *one_after_the_other)
    assert [c for c in found if c.split("-")[1] in ("cost", "correlation", "correlations", "route", "contract")] == []  # fmt: skip


@pytest.mark.parametrize("rank", ["-1.01", "1.5", "NaN"])
def test_correlation_outside_minus_one_to_one_is_no_record(rank):
    with pytest.raises(ValueError, match="rank_correlation"):
        tie(rank=rank)
