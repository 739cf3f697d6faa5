"""Settle a plan: share its gain by every method, and say how much of the chosen one can pass as money, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from partnership._roi.agreement import (
    agreement_of,
    cash_of,
    known_price_steps,
    spent_by_nature,
    under_contract,
)
from partnership._roi.counting import class_of
from partnership._roi.model import AppraisalModel, Settings
from partnership._roi.settled import Settled, Terms, reasons
from partnership._roi.settlement import settle as schedule_of
from partnership._roi.settlement_records import PAYABLE, Cash
from partnership._workflows.fair_sharing import share_plan
from partnership._workflows.model_costs import Records, price_ratio, settings_of
from partnership._workflows.modelling import model_of
from partnership._workflows.settling_agreed import Agreed, agreed_of
from partnership.errors import InvalidInput
from partnership.periods import financial_year, name_financial_year
from partnership.wording import listing

if TYPE_CHECKING:
    from partnership.store import Store

__all__ = [
    "Readings",
    "months_of",
    "readings_of",
    "settle_plan",
    "settle",
    "settled_as_json",
    "with_changes",
]

Readings = Mapping[tuple[str, str, int], tuple[Decimal, int]]
"""By benefit, agency and financial year: pounds read, in the benefit's own prices, and months that have a reading."""


def readings_of(store: Store, *, as_of: dt.date | None = None) -> Readings:
    """Return what was read of every benefit's money, by agency and financial year; provisional readings are left out."""
    rows = store.fetch("benefit_ledger", as_of=as_of)
    found: dict[tuple[str, str, int], tuple[Decimal, int]] = {}
    for row in rows.iter_rows(named=True):
        if row["realised_gbp"] is None or row["state"] == "provisional" or row["agency_id"] is None:
            continue
        key = (row["benefit_id"], row["agency_id"], financial_year(row["period"]))
        amount, months = found.get(key, (Decimal(0), 0))
        found[key] = (amount + row["realised_gbp"], months + 1)
    return found


def settle(
    store: Store, terms: Terms | None = None, settings: Settings | None = None, *, as_of: dt.date | None = None, **chosen: Any
) -> Settled:  # fmt: skip
    """Settle the stored plan, as known on a day."""
    plan: Any = store.plan(as_of=as_of)
    return settle_plan(plan, terms, settings, readings=readings_of(store, as_of=as_of), **chosen)


def settle_plan(
    plan: Records, terms: Terms | None = None, settings: Settings | None = None, *, readings: Readings | None = None, **chosen: Any
) -> Settled:  # fmt: skip
    """Share a plan's gain and settle the chosen way of sharing.

    Parameters
    ----------
    plan : Plan
        The whole plan.
    terms : Terms, optional
        Method, floor, contracts, routes and the rest; the defaults settle separable costs, remaining benefits.
    settings : Settings, optional
        How it is appraised; the plan's own years and prices when left out.
    readings : Readings, optional
        What was realised.
    **chosen
        Single settings in place of the plan's own: ``inflation``, ``vintage`` …

    Raises
    ------
    InvalidInput
        If there is nothing to share, or the floor cannot be kept.
    UnknownName
        If the terms name a method, class, benefit or agency that there is none of.
    """
    given = terms or Terms()
    model, _ = model_of(plan, settings or settings_of(plan, **chosen))
    partners = [a.id for a in model.agencies if a.is_partner]
    given.check([line.id for line in model.lines], partners)
    if not partners:
        msg = "The plan names no partner, so there is nobody to share between. Enter the agencies first."
        raise InvalidInput(msg)
    known = known_price_steps(model.settings)
    found = agreed_of(plan, model, given, known)
    agreed = found.terms
    shares = share_plan(
        plan, model, game=agreed.alone, classes=agreed.classes, floor_gbp=agreed.floor, picks=agreed.picks
    )
    result = shares.results[agreed.method]
    notes: list[str] = []
    settlement, withheld = None, result.withheld
    cash: tuple[Cash, ...] = ()
    why: tuple[str, ...] = ()
    paid_so_far, read_so_far = _so_far(model, readings or {})
    if withheld is None:
        try:
            unpriced = [y for y in model.settings.years if y not in known]
            steps = dict.fromkeys(model.settings.years, Decimal(1)) if unpriced else known
            read = readings or {}
            realised = _realised(plan, model, read, found, known, notes, is_real=bool(unpriced))
            cash = cash_of(
                model,
                realised=realised,
                contracted=agreed.contracted or (),
                contracts=found.contracts,
                capital=agreed.capital,
                ring_fenced=found.ring_fenced,
            )
            settlement = schedule_of(
                result.transfer_gbp, cash, years=list(model.settings.years),
                discount_factors=dict(zip(model.settings.years, model.settings.cost_factors, strict=True)), price_steps=steps,
                prices=model.settings.prices, claim_natures=spent_by_nature(model), routes=agreed.routes or (), passed_on=agreed.passed_on,
                unpriced=unpriced,
            )  # fmt: skip
            why = reasons(
                result.transfer_gbp,
                settlement.unfunded_pv_gbp,
                cash,
                steps,
                model.agency_names,
            )
        except InvalidInput as error:
            withheld = str(error)
    agreement = agreement_of(
        model, method=result.method.name, realised_gbp=read_so_far, paid_gbp=paid_so_far, floor=agreed.floor,
        reinvestment=agreed.reinvestment, reinvested_share=agreed.reinvested_share, starts_on=agreed.starts_on, review_on=agreed.review_on,
        ends_on=agreed.ends_on,
    )  # fmt: skip
    return Settled(
        shares, agreed, settlement, withheld, agreement, why, (*notes, *found.notes), model.agency_names, model.settings.prices,
        model.settings.vintage_name, cash, found.written,
    )  # fmt: skip


def _prices_of(plan: Records, settings: Settings) -> dict[str, str | None]:
    """Return the year of each benefit's prices; None for pounds of the day."""
    return {
        b.id: None if b.price_base == "nominal" else (b.price_year or settings.prices)
        for b in plan["benefits"]
    }


def months_of(model: AppraisalModel) -> dict[tuple[str, int], int]:
    """Return how many months of each financial year a benefit runs, by benefit and year."""
    settings = model.settings
    out: dict[tuple[str, int], int] = {}
    for line in model.lines:
        rows = line.months(settings.first_year, settings.horizon_years)
        for k, year in enumerate(settings.years):
            out[line.id, year] = sum(row[k] for row in rows)
    return out


def _realised(
    plan: Records,
    model: AppraisalModel,
    readings: Readings,
    agreed: Agreed,
    steps: Mapping[int, Decimal],
    notes: list[str],
    *,
    is_real: bool = False,
) -> dict[tuple[str, str, int], Decimal]:
    """Return readings as pounds of the day, or as real ones; in a year read in part a contract stands in their place."""
    prices = _prices_of(plan, model.settings)
    contracted, sure = agreed.terms.contracted or (), under_contract(model, agreed.contracts)
    stand_in: set[str] = set()
    out: dict[tuple[str, str, int], Decimal] = {}
    part: set[str] = set()
    unknown: set[str] = set()
    wanted = months_of(model)
    for (benefit, agency, year), (amount, months) in readings.items():
        if year not in model.settings.years:
            continue
        if months < wanted.get((benefit, year), 12):
            if benefit in contracted:
                continue
            part.add(name_financial_year(year))
        base, key = prices.get(benefit), (benefit, agency, year)
        if base is None and is_real and year not in steps:
            unknown.add(name_financial_year(year))
            continue
        real = amount / steps.get(year, Decimal(1)) if base is None else amount * price_ratio(base, model.settings)  # fmt: skip
        if months < wanted.get((benefit, year), 12) and sure.get(key, Decimal(0)) > real:
            stand_in.add(name_financial_year(year))
        elif base is None and not is_real:
            out[key] = amount
        else:
            out[key] = real if is_real else real * steps[year]
    if out:
        notes.append(
            "Readings that are approved stand in for the forecast; provisional ones do not. "
            + (
                "They are brought to real pounds."
                if is_real
                else "Readings at the prices of one year are brought to pounds of the day."
            )
        )
    if part:
        notes.append(f"Read in part: {listing(sorted(part))}. Only what was read counts as realised.")
    if stand_in:
        notes.append(
            f"In {listing(sorted(stand_in))} less was read so far than is under contract: the contract stands in its place."
        )
    if unknown:
        notes.append(
            f"Readings in pounds of the day of {listing(sorted(unknown))} are left out: without a deflator or an inflation rate nobody can say what they are in real pounds."
        )
    return out


def _so_far(model: AppraisalModel, readings: Readings) -> tuple[Decimal, Decimal]:
    """Return cost paid, and cash-releasing benefit read, to date: the two sides of the current return."""
    paid = sum((c.real_gbp or Decimal(0) for c in model.costs if c.stage == "actual"), Decimal(0))
    cash = {line.id for line in model.lines if class_of(line) == PAYABLE}
    read = sum((amount for (benefit, _, _), (amount, _) in readings.items() if benefit in cash), Decimal(0))
    return paid, read


def settled_as_json(done: Settled) -> dict[str, Any]:
    """Return a settlement as plain data; money as text to the penny."""
    shares, found = done.shares, done.settlement

    def money(amounts: Mapping[str, Decimal]) -> dict[str, str]:
        return {a: str(x) for a, x in amounts.items()}

    methods = {
        key: {
            "name": r.method.name, "fit": r.method.fit, "trap": r.method.trap, "net_gbp": money(r.net_gbp), "pays_gbp": money(r.pays_gbp),
            "transfer_gbp": money(r.transfer_gbp), "standard_error_gbp": money(r.standard_error_gbp), "in_core": r.in_core, "core": r.core_sentence,
            "objections": [
                {"agencies": list(o.agencies), "alone_gbp": str(o.alone_gbp), "together_gbp": str(o.together_gbp), "better_by_gbp": str(o.better_by_gbp), "sentence": o.sentence}
                for o in r.objections
            ],
            "raised": list(r.raised), "withheld": r.withheld,
            "addresses": {a: f"settlement_shares/{key}|{a}/transfer_gbp" for a in r.transfer_gbp} if key != "now" else {},
        }
        for key, r in (("now", shares.now), *shares.results.items())
    }  # fmt: skip
    agreement = done.agreement
    payable = found is None or found.is_payable

    def of_the_day(amount: Decimal) -> str | None:
        return str(amount) if payable else None

    def row(year: int, nature: str, *agencies: str) -> str:
        return "|".join((done.terms.method, str(year), nature, *agencies))

    return {
        "headline": done.headline, "is_payable": payable, "unpriced_years": list(found.unpriced_years) if found else [], "vintage": done.vintage, "prices": done.prices, "method": done.terms.method, "floor": done.terms.floor,
        "classes": list(done.terms.classes), "paid_gbp": money(shares.paid_gbp), "gained_gbp": money(shares.gained_gbp),
        "total_gbp": str(shares.total_gbp), "floor_gbp": money(shares.floor_gbp), "core_is_empty": shares.core_is_empty, "methods": methods,
        "withheld": done.withheld, "why": list(done.why), "notes": [*shares.notes, *done.notes],
        "sentences": list(found.sentences) if found else [],
        "agreements": [
            {
                "id": w.id or None, "payer": w.payer_id, "receiver": w.receiver_id, "route": w.route, "reference": w.reference, "term": w.term,
                "contract": w.contract, "used": w.used, "source": w.source,
            }
            for w in done.written
        ],
        "transfers": [
            {
                "financial_year": t.financial_year, "nature": t.nature, "payer": t.payer_id, "receiver": t.receiver_id,
                "amount_gbp": of_the_day(t.amount_gbp), "real_gbp": str(t.real_gbp), "price_step": of_the_day(t.price_step), "route": t.route,
                "reference": t.reference, "agreement": t.agreement_id or None, "address": f"settlement/{row(t.financial_year, t.nature, t.payer_id, t.receiver_id)}/{'amount_gbp' if payable else 'real_gbp'}",
            }
            for t in (found.transfers if found else ())
        ],
        "balances": [
            {
                "financial_year": b.financial_year, "nature": b.nature, "agency": b.agency_id,
                **{f"{k}{'' if payable else '_real'}_gbp": str(v) for k, v in (("available", b.available_gbp), ("amount", b.amount_gbp))},
                "address": f"settlement_balances/{row(b.financial_year, b.nature, b.agency_id)}/amount_gbp",
            }
            for b in (found.balances if found else ())
        ],
        "years": [{"financial_year": y.financial_year, "paid_gbp": of_the_day(y.paid_gbp), "sentence": y.sentence} for y in (found.years if found else ())],
        "unfunded_pv_gbp": money(found.unfunded_pv_gbp) if found else {},
        "not_paid": [
            {"agency": n.agency_id, "financial_year": n.financial_year, "amount_gbp": str(n.amount_gbp), "source": n.source, "reason": n.reason}
            for n in (found.not_paid if found else ())
        ],
        "agreement": {
            "parties": list(agreement.parties),
            "streams": [{"nature": s.nature, "funding": s.funding, "form": s.form, "by_agency_gbp": money(s.by_agency_gbp), "total_gbp": str(s.total_gbp)} for s in agreement.streams],
            "appraised_return": agreement.appraised_return.words, "current_return": agreement.current_return.words, "method": agreement.method,
            "reinvestment": agreement.reinvestment, "reinvested_share": None if agreement.reinvested_share is None else str(agreement.reinvested_share),
            "starts_on": agreement.starts_on, "review_on": agreement.review_on, "ends_on": agreement.ends_on, "missing": list(agreement.missing),
            "note": agreement.note,
        },
    }  # fmt: skip


def with_changes(terms: Terms, **changes: Any) -> Terms:
    """Return terms with what was chosen on the command line in place of their own."""
    return replace(terms, **{k: v for k, v in changes.items() if v is not None})
