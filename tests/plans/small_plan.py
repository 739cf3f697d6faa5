"""A plan of another shape than the sample county's, and a plan with nothing but its first row.

Three agencies with ids of their own style (one of them left and was succeeded), no expectations, one year, no headline measure, no
price year. One benefit names no agency and has no shares, one is shared in thirds, one has a plan that nobody reads, one is read
by the quarter. Used wherever a page, a view or a command must not lean on the sample county.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from partnership.benefits import Benefit, BenefitShare, ProfileMonth, Reading
from partnership.blueprint import ItemAgency, WorkItem
from partnership.commitments import ClockRule, Commitment, Delivery
from partnership.goals import Goal, GoalPartner, Measure
from partnership.partners import Agency, Partnership, RoleHolder
from partnership.records import Record
from partnership.roi import Contribution, FundingAgreement
from partnership.tables import RECORD_TYPES, frame

if TYPE_CHECKING:
    import polars as pl

YEAR = 2027
MONTHS = tuple(dt.date(YEAR + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(12))
TODAY = dt.date(2027, 11, 9)
MADE_AT = dt.datetime(2027, 11, 9, 8, 0, tzinfo=dt.UTC)

_PARTNERSHIP = Partnership(
    id="isle", name="Isle of Harrow Resilience Forum", bhag="Nobody on the island is cut off for more than a day.",
    plan_starts_on=dt.date(2027, 4, 1), plan_ends_on=dt.date(2028, 3, 31),
)  # fmt: skip

_RECORDS: dict[str, Sequence[Record]] = {
    "partnership": (_PARTNERSHIP,),
    "agencies": (
        Agency(id="fire-and-rescue", code="FRS", name="Fire and rescue service", sector="fire", duty="statutory", joined_on=dt.date(2020, 1, 1)),
        Agency(id="ferry.co", code="FC", name="Ferry company", sector="other", joined_on=dt.date(2021, 5, 4), left_on=dt.date(2027, 9, 30), succeeded_by_id="parish/union"),
        Agency(id="parish/union", code="PU27", name="Union of parishes", sector="voluntary", joined_on=dt.date(2021, 5, 4)),
    ),
    "role_holders": (
        RoleHolder(id="watch", agency_id="fire-and-rescue", role="Watch manager", started_on=dt.date(2026, 1, 5)),
        RoleHolder(id="clerk", agency_id="parish/union", role="Clerk", holder="Una Quayle", started_on=dt.date(2024, 2, 1)),
    ),
    "measures": (
        Measure(id="hours-cut-off", name="Hours cut off", unit="hours", polarity="lower", kind="amount", per="quarter", frequency="quarter"),
        Measure(id="pounds", name="Money not spent on call-outs", unit="£", polarity="higher", kind="amount", frequency="quarter"),
        Measure(id="trust", name="Residents who would ring us first", unit="rating from 1 to 10", kind="rating", frequency="year"),
        Measure(id="never-read", name="Boats ready", unit="boats", frequency="month"),
    ),
    "goals": (
        Goal(id="g/1", title="Clear every road by noon", measure_id="hours-cut-off", baseline_value=Decimal("41.5"), target_value=Decimal(24), target_on=dt.date(2028, 3, 31), owner_agency_id="fire-and-rescue"),
        Goal(id="g/2", title="Keep boats ready", measure_id="never-read"),
    ),
    "goal_partners": (
        GoalPartner(goal_id="g/1", agency_id="fire-and-rescue", gives="Crews", gets="Open roads"),
        GoalPartner(goal_id="g/2", agency_id="parish/union", gives="Volunteers", gets="Boats", first_results_by=dt.date(2027, 12, 31)),
    ),
    "work_items": (
        WorkItem(id="clear", title="Clear roads", lead_agency_id="fire-and-rescue", goal_id="g/1"),
        WorkItem(id="boats", title="Boats ready", habit="start", goal_id="g/2", depends_on=("clear",)),
    ),
    "item_agencies": (ItemAgency(item_id="clear", agency_id="fire-and-rescue", part="accountable", hours_a_week_now=Decimal("7.5")),),
    "contributions": (
        Contribution(id="2027-1", agency_id="fire-and-rescue", item_id="clear", financial_year=YEAR, stage="planned", amount_gbp=Decimal("12500.50"), form="cash"),
        Contribution(id="2027-2", agency_id="ferry.co", goal_id="g/2", financial_year=YEAR, stage="planned", amount_gbp=Decimal(3000), form="in kind", agreed="asked"),
    ),
    "agreements": (FundingAgreement(id="deed/7", payer_agency_id="fire-and-rescue", receiver_agency_id="parish/union", route="grant", reference="Deed of 2024"),),
    "benefits": (
        Benefit(id="fuel", title="Fuel not burnt", goal_id="g/1", benefit_class="cash-releasing", full_year_gbp=Decimal(2400), owner_role_id="watch"),
        Benefit(id="thirds", title="Call-outs not made", goal_id="g/1", benefit_class="cost avoidance", full_year_gbp=Decimal(1000), owner_role_id="clerk"),
        Benefit(id="peace", title="Peace of mind", goal_id="g/2", category="social", benefit_class="qualitative"),
        Benefit(id="unread", title="Boat repairs not needed", goal_id="g/2", benefit_class="no release", full_year_gbp=Decimal(600), owner_role_id="clerk"),
    ),
    "benefit_shares": (
        BenefitShare(benefit_id="thirds", agency_id="fire-and-rescue", share=Fraction(1, 3)),
        BenefitShare(benefit_id="thirds", agency_id="ferry.co", share=Fraction(1, 3)),
        BenefitShare(benefit_id="thirds", agency_id="parish/union", share=Fraction(1, 3)),
        BenefitShare(benefit_id="unread", agency_id="parish/union", share=Fraction(1)),
    ),
    "benefit_profile": (
        *(ProfileMonth(benefit_id="fuel", period=m, planned_gbp=Decimal(200)) for m in MONTHS),
        *(ProfileMonth(benefit_id="thirds", period=m, planned_gbp=Decimal(100)) for m in MONTHS[2:]),
        *(ProfileMonth(benefit_id="unread", period=m, planned_gbp=Decimal(50)) for m in MONTHS),
    ),
    "readings": (
        Reading(measure_id="pounds", benefit_id="fuel", period=MONTHS[0], value=Decimal(480), read_on=dt.date(2027, 7, 12)),
        Reading(measure_id="pounds", benefit_id="fuel", period=MONTHS[3], value=Decimal("521.37"), state="not yet approved", read_on=dt.date(2027, 10, 11)),
        Reading(measure_id="pounds", benefit_id="thirds", period=MONTHS[3], value=Decimal("250.01"), read_on=dt.date(2027, 10, 11)),
        Reading(measure_id="hours-cut-off", agency_id="fire-and-rescue", period=MONTHS[0], value=Decimal("38.25")),
        Reading(measure_id="hours-cut-off", agency_id="parish/union", period=MONTHS[0], missing="not provided"),
        Reading(measure_id="trust", period=MONTHS[0], value=Decimal("6.4")),
    ),
    "commitments": (
        Commitment(id="p-1", title="Chains on all lorries", agency_id="fire-and-rescue", made_on=dt.date(2027, 5, 4), due_on=dt.date(2027, 10, 1)),
        Commitment(id="p-2", title="Second ramp open", agency_id="ferry.co", to_agency_id="parish/union", made_on=dt.date(2027, 4, 20), due_on=dt.date(2027, 9, 1), benefit_id="unread"),
    ),
    "clocks": (
        ClockRule(id="tide/1", clock_id="tide", name="A promised ramp", times="promised action", allows=40, counts="working days"),
        ClockRule(id="tide/2", clock_id="tide", name="A promised ramp", times="promised action", allows=20, source="Harbour bylaw 4", effective_from=dt.date(2027, 9, 1), standing="in force"),
        ClockRule(id="crew", clock_id="crew", name="The crews' week", times="office week", works_on="Mon Tue Wed Thu Fri Sat", works_from="06:00", works_until="18:30", bank_holidays="IM"),
    ),
    "deliveries": (Delivery(commitment_id="p-1", delivered_on=dt.date(2027, 9, 28), evidence="Photographs"),),
}  # fmt: skip


def _frames(records: dict[str, Sequence[Record]]) -> dict[str, pl.DataFrame]:
    return {kind.table: frame(records.get(kind.table, ()), kind.table) for kind in RECORD_TYPES}


def small_frames() -> dict[str, pl.DataFrame]:
    """Return the small plan as one frame for each record type."""
    return _frames(_RECORDS)


def empty_frames() -> dict[str, pl.DataFrame]:
    """Return a plan that has its partnership row and nothing else."""
    return _frames({"partnership": (_PARTNERSHIP,)})


def write_plan(target: Path | BinaryIO, frames: dict[str, pl.DataFrame]) -> None:
    """Write one of these plans as a workbook."""
    from partnership.intake.workbook import write_workbook

    write_workbook(frames, buffer=target, versions=None, made_at=MADE_AT)
