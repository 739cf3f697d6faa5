# ruff: noqa: E501 - a sentence stays on one line
"""What the plan's agreements give a settlement: routes, cash under contract, and fields of the investment agreement."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership._roi.counting import class_of
from partnership._roi.model import AppraisalModel, Line
from partnership._roi.settled import Terms, Written
from partnership._roi.settlement_records import PAYABLE, Contract, Route
from partnership._workflows.model_costs import Records
from partnership.periods import month_index, name_day, name_financial_year
from partnership.wording import count_of, pounds, the

__all__ = ["Agreed", "agreed_of"]

_WHOLE = Fraction(1)


@dataclass(frozen=True)
class Agreed:
    """What settles a plan.

    Parameters
    ----------
    terms : Terms
        With routes and fields of the agreement filled in.
    contracts : Mapping[tuple[str, str, int], Contract]
        By benefit, agency and financial year.
    ring_fenced : tuple
        Benefits, and benefits of one agency, whose cash is tied to one purpose.
    written : tuple[Written, ...]
        Each agreement, and how it was taken.
    notes : tuple[str, ...]
        Whose word routes and contracts are.
    """

    terms: Terms
    contracts: Mapping[tuple[str, str, int], Contract]
    ring_fenced: tuple[str | tuple[str, str], ...]
    written: tuple[Written, ...]
    notes: tuple[str, ...]


def agreed_of(plan: Records, model: AppraisalModel, terms: Terms, steps: Mapping[int, Decimal]) -> Agreed:
    """Return terms with what the plan's agreements say where the terms say nothing.

    Parameters
    ----------
    plan : Plan
        Its agreements, in the order of their ids: of two routes that serve, the first is named.
    model : AppraisalModel
        Lines and settings.
    terms : Terms
        Routes, contracts and fields that are given stand in for those of the plan.
    steps : Mapping[int, Decimal]
        Pounds of the day for a real pound, by the years that have one: an amount under contract is of the day.
    """
    return _Reader(model, terms, steps).read(sorted(plan["agreements"], key=lambda a: a.id))


class _Reader:
    def __init__(self, model: AppraisalModel, terms: Terms, steps: Mapping[int, Decimal]) -> None:
        self.model, self.terms, self.steps = model, terms, steps
        self.lines = {line.id: line for line in model.lines}
        self.partners = {a.id for a in model.agencies if a.is_partner}
        self.contracts: dict[tuple[str, str, int], Contract] = defaultdict(Contract)
        self.fenced: list[tuple[str, str]] = []

    def read(self, rows: list[Any]) -> Agreed:
        routes: list[Route] = []
        written: list[Written] = []
        usable = []
        for one in rows:
            why_not = self._refused(one)
            said = "" if why_not or self.terms.contracted is not None else self._contract(one)
            if not why_not:
                usable.append(one)
                routes.append(
                    Route(one.payer_agency_id, one.receiver_agency_id, one.route, one.reference or "", one.nature, one.starts_on, one.ends_on, one.id)
                )  # fmt: skip
            written.append(self._written(one, said, why_not))
        terms = self._filled(usable)
        if self.terms.routes is None:
            terms = replace(terms, routes=tuple(routes))
        written += [
            Written("", r.payer_id, r.receiver_id, r.name, r.reference, _term(r), "", "A route of the terms.")
            for r in self.terms.routes or ()
        ]
        fenced: tuple[str | tuple[str, str], ...] = (*self.terms.ring_fenced, *self.fenced)
        return Agreed(terms, dict(self.contracts), fenced, tuple(written), tuple(self._notes(rows, routes)))

    def _refused(self, one: Any) -> str:
        """Return why an agreement cannot be used, or nothing."""
        if one.payer_agency_id == one.receiver_agency_id:
            return "Not used: one agency stands on both sides."
        outside = [a for a in (one.payer_agency_id, one.receiver_agency_id) if a not in self.partners]
        if outside:
            name = self.model.agency_names.get(outside[0], outside[0])
            return f"Not used: {the(name)} is no partner of the settlement."
        return ""

    # ---- contracts ----
    def _contract(self, one: Any) -> str:
        """Enter what an agreement has under contract, and say it."""
        if one.benefit_id is None:
            return ""
        line = self.lines.get(one.benefit_id)
        if line is None or line.missing:
            return f"{one.benefit_id} has no value, so nothing of it is under contract."
        title = f"“{line.title}”"
        if not_paid := self._never_paid(one, line, title):
            return not_paid
        if one.contracted_gbp is not None:
            return self._amount(one, line, title)
        share = _WHOLE if one.contracted_share is None else one.contracted_share
        entered = False
        for year in self.model.settings.years:
            part = share * _held(line, year, one.starts_on, one.ends_on)
            if part:
                entered = True
                self._enter(line.id, one.payer_agency_id, year, share=part)
        how_much = "All" if share == 1 else _percent(share)
        if not entered:
            return f"{title} brings nothing in its term: nothing is under contract."
        return f"{how_much} of what falls to {the(self.model.agency_names[one.payer_agency_id])} of {title}, in its term."

    def _never_paid(self, one: Any, line: Line, title: str) -> str:
        """Return why nothing of a benefit may be under contract, or nothing."""
        if class_of(line) != PAYABLE or line.is_disbenefit:
            return f"{title} is no cash-releasing benefit: nothing of it is under contract."
        if one.payer_agency_id not in line.shares:
            return f"Nothing of {title} falls to the payer: nothing is under contract."
        if one.ring_fenced:
            self.fenced.append((line.id, one.payer_agency_id))
            return f"{title} is tied to one purpose: it never crosses."
        return ""

    def _amount(self, one: Any, line: Line, title: str) -> str:
        year = one.financial_year
        said = f"{pounds(one.contracted_gbp, pence=True)} of {title}"
        if year is None:
            return f"{said} in no year: it is left out."
        said += f" in {name_financial_year(year)}, pounds of the day"
        if year not in self.model.settings.years:
            return f"{said}: the year is not appraised, so it is left out."
        if year not in self.steps:
            return f"{said}: left out, since neither a deflator nor an inflation rate says what that is in real pounds."
        self._enter(line.id, one.payer_agency_id, year, amount=one.contracted_gbp / self.steps[year])
        return f"{said}; no more than is forecast."

    def _enter(
        self,
        line: str,
        agency: str,
        year: int,
        *,
        share: Fraction = Fraction(0),
        amount: Decimal = Decimal(0),
    ) -> None:
        before = self.contracts[line, agency, year]
        self.contracts[line, agency, year] = Contract(
            min(_WHOLE, before.share + share), before.amount_gbp + amount
        )

    # ---- words and fields ----
    def _written(self, one: Any, said: str, why_not: str) -> Written:
        used = why_not
        if not used:
            instead = [
                what for what, given in (("route", self.terms.routes), ("contract", self.terms.contracted if one.benefit_id else None)) if given is not None
            ]  # fmt: skip
            used = f"Its {' and '.join(instead)} not used: the terms say otherwise." if instead else "Used."
        return Written(
            one.id, one.payer_agency_id, one.receiver_agency_id, one.route, one.reference or "", _term(one), said, used, one.source or "",
        )  # fmt: skip

    def _filled(self, rows: list[Any]) -> Terms:
        """Return the terms, the fields of the investment agreement filled from the rows that are used."""
        terms = self.terms
        first = [r.starts_on for r in rows if r.starts_on]
        last = [r.ends_on for r in rows if r.ends_on]
        review = [r.review_on for r in rows if r.review_on]
        texts = list(dict.fromkeys(r.reinvestment for r in rows if r.reinvestment))
        shares = {r.reinvested_share for r in rows}
        share = next(iter(shares)) if len(shares) == 1 else None
        return replace(
            terms,
            reinvestment=terms.reinvestment or " ".join(texts),
            reinvested_share=_decimal(share) if terms.reinvested_share is None and share is not None else terms.reinvested_share,
            starts_on=terms.starts_on or min(first, default=None),
            review_on=terms.review_on or min(review, default=None),
            ends_on=terms.ends_on or max(last, default=None),
        )  # fmt: skip

    def _notes(self, rows: list[Any], routes: list[Route]) -> list[str]:
        plans = count_of(len(rows), "agreement")
        out = []
        given, taken = self.terms.routes, self.terms.contracted
        if given is not None:
            over = f" {plans} of the plan {'lends' if len(rows) == 1 else 'lend'} none." if rows else ""
            out.append(f"Routes are those of the terms: {count_of(len(given), 'route')}.{over}")
        elif routes:
            out.append(f"Routes are those of the plan: {count_of(len(routes), 'agreement')}.")
        else:
            out.append("The plan has no agreement, so no transfer has a route.")
        if taken is not None:
            own = any(r.benefit_id for r in rows)
            named = f"{', '.join(taken)}, wholly" if taken else "nothing"
            out.append(
                f"Under contract are those that the terms name: {named}.{' What the plan has under contract is not used.' if own else ''}"
            )
        elif self.contracts:
            out.append("Under contract is what the plan's agreements have; the rest is a forecast.")
        return out


def _held(line: Line, year: int, starts_on: dt.date | None, ends_on: dt.date | None) -> Fraction:
    """Return what part of a benefit's months in a financial year lie whole within a term."""
    april = year * 12 + 3
    first = month_index(line.starts_on)
    months = range(max(april, first), min(april + 12, first + line.duration_months))
    if not months:
        return Fraction(0)
    opens, closes = months.start, months.stop
    if starts_on is not None:
        opens = max(opens, month_index(starts_on) + (starts_on.day > 1))
    if ends_on is not None:
        is_last = (ends_on + dt.timedelta(days=1)).day == 1
        closes = min(closes, month_index(ends_on) + is_last)
    return Fraction(max(0, closes - opens), len(months))


def _term(one: Any) -> str:
    starts, ends = one.starts_on, one.ends_on
    if starts and ends:
        return f"{name_day(starts)} to {name_day(ends)}"
    if starts:
        return f"from {name_day(starts)}, no end agreed"
    return f"until {name_day(ends)}" if ends else "no dates agreed"


def _decimal(share: Fraction) -> Decimal:
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.0001"))


def _percent(share: Fraction) -> str:
    return f"{(_decimal(share) * 100).normalize():f}%"
