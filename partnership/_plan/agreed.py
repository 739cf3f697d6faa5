"""Assumptions that move together are there and can, costs lie in their ranges, and agreements can pay what they say."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership._plan.fault import Fault, fault
from partnership.errors import nearest, shown
from partnership.tables import row_key
from partnership.wording import listing

Records = Mapping[str, tuple[Any, ...]]

_HUNDRED = Decimal(100)


def faults(plan: Records, today: dt.date | None) -> Iterator[Fault]:
    """Yield the faults of this room."""
    del today
    yield from _ranges(plan)
    yield from _correlations(plan)
    yield from _routes(plan)
    yield from _contracts(plan)


# ---- ranges of costs ----
def _ranges(plan: Records) -> Iterator[Fault]:
    taken = {a.shared_name for a in plan["assumptions"] if a.shared_name}
    first: dict[str, Any] = {}
    for paid in plan["contributions"]:
        stated = _stated(paid)
        if stated[:2] == (None, None) and not paid.shared_name and paid.distribution is None:
            continue
        low, high = (_HUNDRED if end is None else end.normalize() for end in stated[:2])
        if not low <= _HUNDRED <= high:
            yield fault(
                "plan-cost-range", paid, "range_low" if low > _HUNDRED else "range_high",
                f"The range of {low:f}% to {high:f}% does not hold the amount stated, which is 100%.",
                "Give the least as 100 or less and the most as 100 or more; until then the cost is taken as certain.",
            )  # fmt: skip
        if paid.distribution == "lognormal" and not low:
            yield fault(
                "plan-cost-range", paid, "range_low", "A lognormal never comes to nothing, and the least is 0%.",
                "Give a least above 0, or choose triangular; until then it is taken as triangular.",
            )  # fmt: skip
        if paid.stage == "actual" or paid.entry == "correction":
            yield fault(
                "plan-cost-range-paid", paid, "range_low", "What was paid, or corrected, has a range.",
                "Clear the range: what was paid is certain. It is not drawn.",
            )  # fmt: skip
            continue
        if not paid.shared_name:
            continue
        if paid.shared_name in taken:
            yield fault(
                "plan-cost-name", paid, "shared_name",
                f"{paid.shared_name} is the shared name of an assumption of a benefit too.",
                "Give the cost a name of its own, and say on the sheet Correlations that the two move together.",
            )  # fmt: skip
        other: Any = first.setdefault(paid.shared_name, paid)
        if _stated(other) != stated:
            yield fault(
                "plan-cost-shared", paid, "shared_name",
                f"{paid.shared_name} has another range here than in {other.id}: one name is one draw.",
                "State the range alike in every row of that name; until then each row is drawn apart.",
            )  # fmt: skip


def _stated(paid: Any) -> tuple[Any, ...]:
    return paid.range_low, paid.range_high, paid.distribution or "triangular"


# ---- correlations ----
def _known(plan: Records) -> tuple[dict[str, bool], dict[str, str]]:
    """Return every name that a correlation may use, with whether it has a range; and rows that have a shared name."""
    known: dict[str, bool] = {}
    better: dict[str, str] = {}
    for a in plan["assumptions"]:
        is_ranged = (
            a.distribution != "fixed" and (a.low is not None or a.high is not None) and a.low != a.high
        )
        known[a.shared_name or row_key(a)] = is_ranged
        if a.shared_name:
            better[row_key(a)] = a.shared_name
    for c in plan["contributions"]:
        is_ranged = (
            c.stage == "planned" and c.distribution != "fixed" and (c.range_low, c.range_high) != (None, None)
        )
        known.setdefault(c.shared_name or f"cost|{c.id}", is_ranged)
        if c.shared_name:
            better[f"cost|{c.id}"] = c.shared_name
    return known, better


def _correlations(plan: Records) -> Iterator[Fault]:
    if not plan["correlations"]:
        return
    known, better = _known(plan)
    pairs: dict[frozenset[str], Any] = {}
    usable: list[Any] = []
    for tie in plan["correlations"]:
        names = (tie.assumption_a, tie.assumption_b)
        lost = [
            (f, n) for f, n in zip(("assumption_a", "assumption_b"), names, strict=True) if n not in known
        ]
        for field, name in lost:
            close = [better[name]] if name in better else nearest(name, known)
            yield fault(
                "plan-correlation-unknown", tie, field, f"“{shown(name)}” is no assumption of the plan.",
                f"Did you mean {', '.join(close)}?" if close else "Write its shared name, or benefit|step|name as on the sheet Assumptions, or cost|contribution id.",
            )  # fmt: skip
        if names[0] == names[1]:
            yield fault(
                "plan-correlation-self", tie, "assumption_b", f"“{shown(names[0])}” is tied to itself.",
                "Name two assumptions.",
            )  # fmt: skip
            continue
        before: Any = pairs.setdefault(frozenset(names), tie)
        if before is not tie:
            yield fault(
                "plan-correlation-twice", tie, "assumption_b", f"{before.id} ties the same two assumptions already.",
                "Keep one of the two rows.",
            )  # fmt: skip
            continue
        if lost:
            continue
        if fixed := [n for n in names if not known[n]]:
            yield fault(
                "plan-correlation-fixed", tie, "assumption_a" if fixed[0] == names[0] else "assumption_b",
                f"“{shown(fixed[0])}” has no range, so nothing of it can move.",
                "Give it a range, or remove the correlation; until then the correlation is not used.",
            )  # fmt: skip
            continue
        usable.append(tie)
    yield from _bent(usable)


def _bent(ties: list[Any]) -> Iterator[Fault]:
    if len(ties) < 1:
        return
    from partnership._roi.correlation import mixing_of

    names = sorted({n for t in ties for n in (t.assumption_a, t.assumption_b)})
    place = {n: i for i, n in enumerate(names)}
    _, _, findings = mixing_of(
        {(place[t.assumption_a], place[t.assumption_b]): float(t.rank_correlation) for t in ties}
    )
    for finding in findings:
        yield fault("plan-correlations-bent", ties[0], "rank_correlation", finding.found, finding.do)


# ---- agreements ----
def _routes(plan: Records) -> Iterator[Fault]:
    outside = {a.id: a.name for a in plan["agencies"] if a.duty == "outside"}
    ways: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for one in plan["agreements"]:
        if one.payer_agency_id == one.receiver_agency_id:
            yield fault(
                "plan-route-self", one, "receiver_agency_id", f"{one.payer_agency_id} stands on both sides: it cannot pay itself.",
                "Name the agency that receives.",
            )  # fmt: skip
            continue
        for field in ("payer_agency_id", "receiver_agency_id"):
            if getattr(one, field) in outside:
                yield fault(
                    "plan-route-outside", one, field, f"{outside[getattr(one, field)]} is an outside body and takes no part in the settlement.",
                    "Name a partner, or accept that the settlement does not use this row.",
                )  # fmt: skip
        for nature in (one.nature,) if one.nature else ("revenue", "capital"):
            same = ways[one.payer_agency_id, one.receiver_agency_id, nature]
            clash = next((x for x in same if x.route != one.route and _overlap(x, one)), None)
            same.append(one)
            if clash:
                yield fault(
                    "plan-route-twice", one, "route", f"{clash.id} has another route for the same two agencies at the same time: {clash.route}.",
                    f"End one of the two before the other starts. Until then the settlement names the {clash.route}.",
                )  # fmt: skip
                break


def _first(one: Any) -> dt.date:
    day: dt.date | None = one.starts_on
    return day or dt.date.min


def _last(one: Any) -> dt.date:
    day: dt.date | None = one.ends_on
    return day or dt.date.max


def _overlap(a: Any, b: Any) -> bool:
    return _first(a) <= _last(b) and _first(b) <= _last(a)


def _at_once(contracts: list[Any], day: dt.date) -> tuple[Fraction, list[str]]:
    """Return what share of a benefit is under contract on a day, and by which rows."""
    held = [x for x in contracts if _first(x) <= day <= _last(x)]
    shares = (Fraction(1) if x.contracted_share is None else x.contracted_share for x in held)
    return sum(shares, Fraction(0)), [x.id for x in held]


def _contracts(plan: Records) -> Iterator[Fault]:
    benefits = {b.id: b for b in plan["benefits"]}
    falls: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for share in plan["benefit_shares"]:
        falls[share.benefit_id][share.agency_id] = share.share
    before: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for one in plan["agreements"]:
        if wrong := _half_said(one):
            yield fault("plan-contract-half", one, *wrong)
        benefit = benefits.get(one.benefit_id)
        if benefit is None:
            continue
        if benefit.is_disbenefit or benefit.category != "fiscal" or benefit.benefit_class != "cash-releasing":
            what = (
                "a dis-benefit" if benefit.is_disbenefit else f"{benefit.category}, {benefit.benefit_class}"
            )
            yield fault(
                "plan-contract-not-cash", one, "benefit_id",
                f"“{benefit.title}” is {what}: it releases no cash, so none of it can be under contract.",
                "Name a cash-releasing benefit, or clear the cell: capacity, economic and social value are never paid.",
            )  # fmt: skip
            continue
        if falls[benefit.id] and not falls[benefit.id].get(one.payer_agency_id):
            yield fault(
                "plan-contract-nothing", one, "payer_agency_id",
                f"Nothing of “{benefit.title}” falls to {one.payer_agency_id}: it falls to {listing(sorted(falls[benefit.id]))}.",
                "Name a benefit of the payer's own: nobody pays out of what falls to another.",
            )  # fmt: skip
        if one.contracted_gbp is not None or one.ring_fenced:
            continue
        same = before[benefit.id, one.payer_agency_id]
        same.append(one)
        total, meeting = max((_at_once(same, day) for day in map(_first, same)), key=lambda x: x[0])
        if total > 1:
            yield fault(
                "plan-contract-over", one, "contracted_share",
                f"With {listing([x for x in meeting if x != one.id])} more than the whole of “{benefit.title}” is under contract at one time: {float(total):.0%}.",
                "State shares that make 100% at most; a blank share with no amount is all of it.",
            )  # fmt: skip


def _half_said(one: Any) -> tuple[str, str, str] | None:
    """Return the field, what was found and what to do where a contract is said by half."""
    if one.contracted_gbp is not None and one.contracted_share is not None:
        return "contracted_share", "Both an amount and a share are under contract.", "Give one of the two."
    if one.benefit_id is None:
        said = {
            "contracted_gbp": one.contracted_gbp, "contracted_share": one.contracted_share, "financial_year": one.financial_year,
            "ring_fenced": one.ring_fenced or None,
        }  # fmt: skip
        field = next((k for k, v in said.items() if v is not None), None)
        if field:
            return (
                field,
                "It does not say which benefit this is about.",
                "Name the cash-releasing benefit, or clear the cell.",
            )
        return None
    if one.contracted_gbp is not None and one.financial_year is None:
        return (
            "financial_year",
            "Cash is under contract, and no financial year is named.",
            "Name the financial year of the amount.",
        )
    if one.contracted_gbp is None and one.financial_year is not None:
        return (
            "contracted_gbp",
            "A financial year is named without an amount.",
            "Give the amount of that year, or clear the year: a share follows the first and the last day.",
        )
    return None
