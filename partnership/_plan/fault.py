"""What a check returns, and the list of all checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from partnership.records import Record
from partnership.tables import record_type, row_key

__all__ = ["CHECKS", "CheckInfo", "Fault", "fault"]


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """A check: its id, its severity and what it looks at."""

    code: str
    severity: Literal["error", "warning"]
    looks_at: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a plan, with the row and field that show it."""

    code: str
    severity: Literal["error", "warning"]
    table: str
    row_key: str
    field: str
    found: str
    do: str


CHECKS: dict[str, CheckInfo] = {
    c.code: c
    for c in (
        CheckInfo("plan-one-partnership", "error", "There is exactly one partnership row."),
        CheckInfo("plan-reference", "error", "Every id that is pointed at exists."),
        CheckInfo("plan-ring", "error", "Nothing waits for itself, directly or round a ring."),
        CheckInfo("plan-same-code", "error", "No two agencies share a code."),
        CheckInfo("plan-date-order", "error", "Dates that follow each other are in order."),
        CheckInfo(
            "plan-goal-closed",
            "warning",
            "Nothing new points at a goal that is closed.",
        ),
        CheckInfo("plan-goal-measure", "warning", "A goal has a measure."),
        CheckInfo(
            "plan-goal-number",
            "warning",
            "A goal has a baseline and a target that differ.",
        ),
        CheckInfo(
            "plan-goal-gives-gets",
            "warning",
            "A partner of a goal has something to give and something to get.",
        ),
        CheckInfo("plan-item-lead", "warning", "A work item has one accountable agency."),
        CheckInfo("plan-item-two-leads", "error", "No work item has two accountable agencies."),
        CheckInfo("plan-shares-sum", "error", "The shares of a benefit make 100%."),
        CheckInfo(
            "plan-shares-fractions",
            "warning",
            "Shares are in per cent, not in parts of one.",
        ),
        CheckInfo(
            "plan-shares-missing",
            "warning",
            "A benefit with money has shares or agencies to fall to.",
        ),
        CheckInfo("plan-benefit-twice", "warning", "An avoided outcome is claimed once."),
        CheckInfo("plan-benefit-owner", "warning", "A benefit has an owner."),
        CheckInfo(
            "plan-disbenefit-sign",
            "error",
            "A dis-benefit's money is negative and a benefit's is not.",
        ),
        CheckInfo(
            "plan-profile-version",
            "warning",
            "A later version of a profile has its re-baselining recorded.",
        ),
        CheckInfo("plan-negative-contribution", "error", "Only a correction is negative."),
        CheckInfo("plan-hundred-times", "warning", "An amount is not 100 times last year's."),
        CheckInfo("plan-grant-ends", "warning", "Something follows when a grant ends."),
        CheckInfo(
            "plan-expectation-answer",
            "error",
            "An answered expectation has a quantity, an unanswered one has none.",
        ),
        CheckInfo(
            "plan-expectation-unit", "warning", "What is expected can be brought to its measure's rate."
        ),
        CheckInfo("plan-delivery-future", "warning", "What was delivered was delivered by today."),
        CheckInfo("plan-promise-overdue", "warning", "A promise past its date has a delivery."),
        CheckInfo(
            "plan-left-owes",
            "warning",
            "An agency that left has handed over what it owed.",
        ),
        CheckInfo(
            "plan-reading-value",
            "error",
            "A reading has a value, a fraction, a word, or the kind of missing.",
        ),
        CheckInfo(
            "plan-reading-fraction",
            "error",
            "A fraction has both parts, and agrees with the value beside it.",
        ),
        CheckInfo("plan-reading-share", "warning", "A share is no more than the whole."),
        CheckInfo("plan-price-bases", "warning", "Benefits that are added up are in pounds of one year."),
        CheckInfo(
            "plan-reading-future",
            "warning",
            "A reading is not for a period that has not begun.",
        ),
        CheckInfo(
            "plan-reading-missing",
            "warning",
            "Values that are withheld, late or suppressed are counted and named.",
        ),
        CheckInfo("plan-cost-range", "warning", "The range of a cost holds the amount stated."),
        CheckInfo("plan-cost-range-paid", "warning", "What was paid has no range."),
        CheckInfo("plan-cost-name", "error", "A cost and an assumption of a benefit do not share a name."),
        CheckInfo("plan-cost-shared", "warning", "Costs of one shared name have one range."),
        CheckInfo("plan-correlation-unknown", "error", "A correlation names assumptions that there are."),
        CheckInfo("plan-correlation-self", "error", "A correlation names two assumptions."),
        CheckInfo("plan-correlation-twice", "error", "A pair of assumptions is tied once."),
        CheckInfo("plan-correlation-fixed", "warning", "Assumptions that are tied have a range."),
        CheckInfo("plan-correlations-bent", "warning", "The correlations can all hold at once."),
        CheckInfo("plan-route-self", "error", "An agreement has two agencies."),
        CheckInfo("plan-route-outside", "warning", "The parties of an agreement are partners."),
        CheckInfo("plan-route-twice", "warning", "Two agencies have one route at one time."),
        CheckInfo("plan-contract-half", "error", "A contract names a benefit, and a year for an amount."),
        CheckInfo("plan-contract-not-cash", "error", "Only a cash-releasing benefit is under contract."),
        CheckInfo("plan-contract-nothing", "error", "A payer contracts what falls to itself."),
        CheckInfo("plan-contract-over", "error", "No more than the whole of a benefit is under contract."),
        CheckInfo("plan-clock-unsourced", "error", "A clock in force has a source and a day of effect."),
        CheckInfo("plan-clock-length", "error", "A clock allows time, save for the office week."),
        CheckInfo("plan-clock-colours", "error", "Only a step of the work has colours and a measure."),
        CheckInfo("plan-clock-one-thing", "error", "A clock times one thing, and a thing has one clock."),
        CheckInfo("plan-clock-twice", "error", "A clock has one limit for a colour from one day."),
        CheckInfo("plan-clock-week", "error", "A working week can be worked; its bank holidays are known."),
        CheckInfo("plan-clock-measure", "warning", "A clock is counted by a share that has a better side."),
        CheckInfo(
            "plan-money-measure",
            "error",
            "The money of a benefit is read on a measure in £.",
        ),
    )
}


def fault(code: str, record: Record | str, field: str, found: str, do: str, key: str = "") -> Fault:
    """Return a fault of a known check at a record, or at a table when only its name is given."""
    info = CHECKS[code]
    if isinstance(record, str):
        return Fault(code, info.severity, record, key, field, found, do)
    return Fault(
        code,
        info.severity,
        record_type(type(record)).table,
        row_key(record),
        field,
        found,
        do,
    )
