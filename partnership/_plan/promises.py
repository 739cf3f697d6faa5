"""Promises past their date have a delivery; agencies that left have handed over what they owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from partnership._plan.fault import Fault, fault
from partnership.periods import name_day

Records = Mapping[str, tuple[Any, ...]]


def faults(plan: Records, today: dt.date | None) -> Iterator[Fault]:
    """Yield the faults of this room."""
    if today is None:
        return
    done = {d.commitment_id for d in plan["deliveries"] if d.delivered_on <= today}
    open_promises = [
        c for c in plan["commitments"] if c.id not in done and not c.withdrawn_on and c.made_on <= today
    ]
    for promise in open_promises:
        days = (today - promise.due_on).days
        if days > 0:
            yield fault(
                "plan-promise-overdue", promise, "due_on", f"Due {name_day(promise.due_on)}, {days} {_day_word(days)} ago, with no delivery.",
                "Add the delivery and its evidence, or a new date with a reason.",
            )  # fmt: skip
    for delivery in plan["deliveries"]:
        if delivery.delivered_on > today:
            yield fault(
                "plan-delivery-future", delivery, "delivered_on", f"{name_day(delivery.delivered_on)} has not come.",
                "Write the day on which it was delivered; until then the promise counts as open.",
            )  # fmt: skip
    yield from _left(plan, today, open_promises)


def _day_word(days: int) -> str:
    return "day" if days == 1 else "days"


def _left(plan: Records, today: dt.date, open_promises: list[Any]) -> Iterator[Fault]:
    left = {a.id: a for a in plan["agencies"] if a.left_on and a.left_on <= today and not a.succeeded_by_id}
    if not left:
        return
    owed: list[tuple[Any, str, str]] = [(p, "agency_id", p.agency_id) for p in open_promises]
    owed += [(i, "lead_agency_id", i.lead_agency_id) for i in plan["work_items"] if not i.done_on]
    for record, field, agency_id in owed:
        if agency_id in left:
            agency = left[agency_id]
            yield fault(
                "plan-left-owes", record, field, f"{agency.name} left on {name_day(agency.left_on)} and still holds “{record.title}”.",
                "Name its successor on the sheet Agencies, or give this to another agency.",
            )  # fmt: skip
