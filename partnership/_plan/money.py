"""Shares make the whole, money has the right sign, nothing is claimed twice, and something follows when a grant ends."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership._plan.fault import Fault, fault
from partnership.money import round_pounds
from partnership.periods import financial_year, name_day, name_financial_year

Records = Mapping[str, tuple[Any, ...]]

_HUNDRED = (Decimal(95), Decimal(105))


def faults(plan: Records, today: dt.date | None) -> Iterator[Fault]:
    """Yield the faults of this room."""
    del today
    yield from _shares(plan)
    yield from _benefits(plan)
    yield from _claimed_twice(plan)
    yield from _price_bases(plan)
    yield from _contributions(plan)
    yield from _grants(plan)


def _shares(plan: Records) -> Iterator[Fault]:
    titles = {b.id: b.title for b in plan["benefits"]}
    by_benefit: dict[str, list[Any]] = defaultdict(list)
    for share in plan["benefit_shares"]:
        by_benefit[share.benefit_id].append(share)
    for benefit, shares in by_benefit.items():
        total = sum((s.share for s in shares), Fraction(0))
        name = titles.get(benefit, benefit)
        if total == Fraction(1, 100):
            yield fault(
                "plan-shares-fractions", shares[0], "share", f"The shares of “{name}” add up to 1%: they look like parts of one.",
                "Did you mean per cent? Write 40, not 0.4.",
            )  # fmt: skip
        if total != 1:
            yield fault(
                "plan-shares-sum", shares[0], "share", f"The shares of “{name}” add up to {_percent(total)}, not 100%.",
                "Change the shares so that they add up to 100%; thirds may be written 1/3.",
            )  # fmt: skip


def _percent(share: Fraction) -> str:
    exact = share * 100
    text = f"{Decimal(exact.numerator) / Decimal(exact.denominator):.4f}".rstrip("0").rstrip(".")
    return f"{text}%"


def _benefits(plan: Records) -> Iterator[Fault]:
    shared = {s.benefit_id for s in plan["benefit_shares"]}
    for benefit in plan["benefits"]:
        if not benefit.owner_role_id:
            yield fault(
                "plan-benefit-owner", benefit, "owner_role_id", f"Benefit “{benefit.title}” has no owner.",
                "Name the role that answers for it.",
            )  # fmt: skip
        if benefit.full_year_gbp is not None and benefit.id not in shared:
            yield fault(
                "plan-shares-missing", benefit, "id", f"Benefit “{benefit.title}” has money but no shares.",
                "Say on the sheet Benefit shares to whom it falls.",
            )  # fmt: skip
        for field in ("full_year_gbp", "whole_life_gbp"):
            amount = getattr(benefit, field)
            if amount and (amount > 0) == benefit.is_disbenefit:
                word, right = (
                    ("dis-benefit", "negative") if benefit.is_disbenefit else ("benefit", "positive")
                )
                yield fault(
                    "plan-disbenefit-sign", benefit, field, f"“{benefit.title}” is a {word} and its money is {amount:,}.",
                    f"Make the amount {right}, or change whether it is a dis-benefit.",
                )  # fmt: skip


def _claimed_twice(plan: Records) -> Iterator[Fault]:
    by_key: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for benefit in plan["benefits"]:
        if benefit.outcome_key and not benefit.additive:
            by_key[benefit.outcome_key, benefit.category].append(benefit)
    for (key, _), same in by_key.items():
        if len(same) > 1:
            twice = sum((b.full_year_gbp or Decimal(0) for b in same), Decimal(0)) - max(
                b.full_year_gbp or Decimal(0) for b in same
            )
            names = " and ".join(f"“{b.title}”" for b in same)
            yield fault(
                "plan-benefit-twice", same[1], "outcome_key",
                f"{names} claim the same avoided outcome, {key}: counted twice, £{round_pounds(twice):,} a year.",
                "Keep the outcome on one of them, or mark the values as additive with the reason.",
            )  # fmt: skip


def _price_bases(plan: Records) -> Iterator[Fault]:
    """Yield the first benefit in pounds of another year than the most: totals add them as they were entered."""
    own = next((p.price_year for p in plan["partnership"]), None)
    bases: dict[tuple[str, str | None], list[Any]] = defaultdict(list)
    for benefit in plan["benefits"]:
        if benefit.full_year_gbp is not None or benefit.whole_life_gbp is not None:
            year = None if benefit.price_base == "nominal" else benefit.price_year or own
            bases[benefit.price_base, year].append(benefit)
    most = max(bases.values(), key=len, default=[])
    for (base, year), some in bases.items():
        if some is not most:
            stated = "pounds of the day" if base == "nominal" else f"prices of {year or 'no stated year'}"
            others = "is" if len(some) == 1 else f"and {len(some) - 1} more are"
            yield fault(
                "plan-price-bases", some[0], "price_base", f"“{some[0].title}” {others} in {stated}, and most benefits are not.",
                "State all in prices of one year; until then totals to date add them as they were entered, and say so.",
            )  # fmt: skip


def _contributions(plan: Records) -> Iterator[Fault]:
    for paid in plan["contributions"]:
        if paid.amount_gbp < 0 and paid.entry != "correction":
            yield fault(
                "plan-negative-contribution", paid, "amount_gbp", f"A payment is negative: -£{-paid.amount_gbp:,}.",
                "Choose “correction” as the entry, or write the amount without a minus.",
            )  # fmt: skip
    lines: dict[tuple[Any, ...], dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for paid in plan["contributions"]:
        if paid.entry == "payment":
            same = (
                paid.agency_id,
                paid.item_id,
                paid.goal_id,
                paid.stage,
                paid.form,
                paid.nature,
                paid.funding,
            )
            lines[same][paid.financial_year].append(paid)
    for years in lines.values():
        for year, payments in years.items():
            now = sum((p.amount_gbp for p in payments), Decimal(0))
            before = sum((p.amount_gbp for p in years.get(year - 1, [])), Decimal(0))
            if before > 0 and _HUNDRED[0] <= now / before <= _HUNDRED[1]:
                yield fault(
                    "plan-hundred-times", payments[0], "amount_gbp",
                    f"£{now:,} in {name_financial_year(year)} is 100 times last year's £{before:,}.",
                    "Check that pounds are not pence.",
                )  # fmt: skip


def _grants(plan: Records) -> Iterator[Fault]:
    starts, ends = None, None
    for partnership in plan["partnership"]:
        starts, ends = partnership.plan_starts_on, partnership.plan_ends_on
    if not (starts and ends):
        return
    planned = [c for c in plan["contributions"] if c.stage == "planned"]
    for paid in planned:
        stop = paid.funding_ends_on
        if not stop or paid.funding == "core" or stop >= ends or financial_year(stop) != paid.financial_year:
            continue
        later = [
            c
            for c in planned
            if c.financial_year > paid.financial_year and c.agreed == "agreed" and _replaces(c, paid)
        ]
        if not later:
            yield fault(
                "plan-grant-ends", paid, "funding_ends_on", f"The {paid.funding} ends on {name_day(stop)} and no agreed funding follows.",
                "Add the contribution that follows, or accept the gap: it will be shown.",
            )  # fmt: skip


def _replaces(later: Any, ended: Any) -> bool:
    return later.agency_id == ended.agency_id and (later.item_id, later.goal_id) == (
        ended.item_id,
        ended.goal_id,
    )
