"""What a settlement comes to, whole: shares side by side, the schedule, the agreement, and why no more can pass."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from partnership._roi.counting import FISCAL_CLASSES
from partnership._roi.settlement_records import NOT_PAYABLE, PAYABLE, SURE, Cash, Route
from partnership._roi.sharing import METHODS
from partnership.errors import InvalidInput, UnknownName
from partnership.wording import capital as capitalised
from partnership.wording import is_plural, listing, pounds, the

if TYPE_CHECKING:
    from partnership._roi.agreement import Agreement
    from partnership._roi.fair_shares import MethodResult, SideBySide
    from partnership._roi.games import Game
    from partnership._roi.settlement_records import Settlement

__all__ = ["AGREED", "Settled", "Terms", "Written", "reasons"]

_CLASSES = (*FISCAL_CLASSES, "economic", "social")


@dataclass(frozen=True)
class Terms:
    """What the parties have agreed on, or want to try.

    Parameters
    ----------
    method : str
        Way of sharing, by its key in ``sharing.METHODS``.
    floor : bool
        Nobody gets less than alone, and never less than nothing.
    classes : tuple[str, ...]
        Classes of benefit that inform the shares.
    picks : bool
        Whether a group may leave out items that do not pay for it.
    passed_on : Decimal
        Greatest share of a year's released cash that a payer passes on.
    contracted : tuple[str, ...] or None
        Benefits that are wholly under contract; None: as the plan's agreements have it.
    capital, ring_fenced : tuple[str, ...]
        Benefits that release capital; whose money is tied to one purpose, beside those of the plan.
    routes : tuple[Route, ...] or None
        Arrangements by which money may pass; None: those of the plan's agreements.
    alone : Game or None
        What groups could gain alone, as stated; None: derived from the plan.
    reinvestment, reinvested_share, starts_on, review_on, ends_on
        Fields of the investment agreement; those left out are the plan's.
    """

    method: str = "scrb"
    floor: bool = False
    classes: tuple[str, ...] = FISCAL_CLASSES
    picks: bool = False
    passed_on: Decimal = Decimal(1)
    contracted: tuple[str, ...] | None = None
    capital: tuple[str, ...] = ()
    ring_fenced: tuple[str, ...] = ()
    routes: tuple[Route, ...] | None = None
    alone: Game | None = None
    reinvestment: str = ""
    reinvested_share: Decimal | None = None
    starts_on: dt.date | None = None
    review_on: dt.date | None = None
    ends_on: dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse a method or a class that there is none of."""
        if self.method not in METHODS:
            kind = "way of sharing"
            raise UnknownName(kind, self.method, METHODS)
        for one in self.classes:
            if one not in _CLASSES:
                kind = "class of benefit"
                raise UnknownName(kind, one, _CLASSES)
        if not self.classes:
            msg = "No class of benefit informs the shares. Name at least one."
            raise InvalidInput(msg)

    def check(self, benefits: Collection[str], agencies: Collection[str]) -> None:
        """Refuse a benefit or an agency that the plan does not have.

        Raises
        ------
        UnknownName
            If the terms name a stranger.
        """
        for benefit in (*(self.contracted or ()), *self.capital, *self.ring_fenced):
            if benefit not in benefits:
                kind = "benefit"
                raise UnknownName(kind, benefit, benefits)
        named = [a for r in self.routes or () for a in (r.payer_id, r.receiver_id)]
        for agency in (*named, *(a for group in self.alone or {} for a in group)):
            if agency not in agencies:
                kind = "agency"
                raise UnknownName(kind, agency, agencies)


@dataclass(frozen=True, slots=True)
class Written:
    """One agreement as the settlement took it.

    Parameters
    ----------
    id : str
        Of the plan's agreement; empty for one of the terms.
    contract : str
        What is under contract by it, in words; empty: nothing.
    used : str
        How it was taken, or why it was not.
    """

    id: str
    payer_id: str
    receiver_id: str
    route: str
    reference: str
    term: str
    contract: str
    used: str
    source: str = ""


@dataclass(frozen=True)
class Settled:
    """A settlement with everything that must be read beside it.

    Parameters
    ----------
    shares : SideBySide
        Every way of sharing, with its core test.
    terms : Terms
        What was chosen.
    settlement : Settlement or None
        The schedule; None where ``withheld`` says why there is none.
    agreement : Agreement
        Parties, streams, returns and reinvestment.
    why : tuple[str, ...]
        For each agency that should give, how much can pass and what stands in the way; then for each that
        should receive, what stays unpaid.
    notes : tuple[str, ...]
        How readings and contracts were taken.
    names : Mapping[str, str]
        Agency id to name.
    prices, vintage : str
        Price year of real pounds; edition of the discount rates.
    cash : tuple[Cash, ...]
        Every benefit by agency and year, as it may or may not fund a transfer.
    written : tuple[Written, ...]
        Agreements of the plan, or routes of the terms in their place, and how each was taken.
    """

    shares: SideBySide
    terms: Terms
    settlement: Settlement | None
    withheld: str | None
    agreement: Agreement
    why: tuple[str, ...]
    notes: tuple[str, ...]
    names: Mapping[str, str]
    prices: str
    vintage: str
    cash: tuple[Cash, ...] = ()
    written: tuple[Written, ...] = ()

    @property
    def agreements(self) -> tuple[tuple[str, ...], ...]:
        """Each agreement in words: id, who pays, who receives, route with its reference, term, contract, how it was taken."""
        return tuple(
            (
                w.id or "of the terms", self.names.get(w.payer_id, w.payer_id), self.names.get(w.receiver_id, w.receiver_id),
                f"{w.route}{f', {w.reference}' if w.reference else ''}", w.term, w.contract or "nothing", w.used,
            )
            for w in self.written
        )  # fmt: skip

    @property
    def chosen(self) -> MethodResult:
        """The way of sharing that is settled."""
        return self.shares.results[self.terms.method]

    @property
    def headline(self) -> str:
        """One sentence: what can pass, or that nothing can."""
        if self.settlement is None:
            return f"No settlement: {self.withheld}"
        due = sum((x for x in self.chosen.transfer_gbp.values() if x > 0), Decimal(0))
        total = self.settlement.total_gbp
        if not due:
            return "Nobody owes anybody anything: each already has its share."
        if not total:
            return f"{pounds(due, pence=True)} is fairly due at present value, and none of it can be paid: nobody who should give has released cash."
        if not self.settlement.is_payable:
            return f"{pounds(total, pence=True)} in real pounds of {self.prices} could pass in {_times(len(self.settlement.transfers))}, {NOT_PAYABLE[:1].lower()}{NOT_PAYABLE[1:]}: no inflation is stated; {pounds(due, pence=True)} is fairly due at present value."
        return f"{pounds(total, pence=True)} of the day can pass in {_times(len(self.settlement.transfers))}; {pounds(due, pence=True)} is fairly due at present value."


AGREED = ("Agreement", "Who pays", "Who receives", "Route", "In force", "Under contract", "How it was taken")
"""Headings of ``Settled.agreements``."""


def _times(count: int) -> str:
    return "one transfer" if count == 1 else f"{count} transfers"


def reasons(
    transfers_pv: Mapping[str, Decimal], unfunded_pv: Mapping[str, Decimal], cash: Sequence[Cash], price_steps: Mapping[int, Decimal],
    names: Mapping[str, str],
) -> tuple[str, ...]:  # fmt: skip
    """Say for each agency that should give how much can pass, and what would have to change for the rest.

    What is due is present value; what an agency has is real pounds of the years in ``price_steps`` (pounds of
    the day for a real pound, by year), not discounted.

    Examples
    --------
    >>> cash = [Cash("ICB", 2026, Decimal(500), "capacity released")]
    >>> due = {"COU": Decimal(100), "ICB": Decimal(-100)}
    >>> for sentence in reasons(due, due, cash, {2026: Decimal(1)}, {"COU": "Council", "ICB": "Integrated care board"}):
    ...     print(sentence)
    The integrated care board should give £100.00. None of it can pass: its benefit in the years, real and not discounted, is £500.00 capacity released. It would first have to take that capacity out of a budget, and the register would then call it cash-releasing.
    The council should receive £100.00. None of it is funded.
    """
    by_agency: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one in cash:
        if one.financial_year in price_steps:
            kind = one.benefit_class
            if kind == PAYABLE:
                kind = "ring-fenced" if one.ring_fenced else "released" if one.state in SURE else "forecast"
            real = one.amount_gbp if one.is_real else one.amount_gbp / price_steps[one.financial_year]
            by_agency[one.agency_id][kind] += real
    out: list[str] = []
    for agency, due in sorted(transfers_pv.items(), key=lambda x: (x[1], x[0])):
        who = capitalised(the(names.get(agency, agency)))
        left = abs(unfunded_pv.get(agency, Decimal(0)))
        if due < 0:
            out.append(
                f"{who} should give {pounds(-due, pence=True)}. {_can_pass(-due, left, by_agency[agency], plural=is_plural(names.get(agency, agency)))}"
            )
    for agency, due in sorted(transfers_pv.items(), key=lambda x: (-x[1], x[0])):
        left = abs(unfunded_pv.get(agency, Decimal(0)))
        if due > 0:
            who = capitalised(the(names.get(agency, agency)))
            said = (
                "None of it is funded."
                if left >= due
                else "All of it is funded."
                if not left
                else f"{pounds(left, pence=True)} of it is not funded."
            )
            out.append(f"{who} should receive {pounds(due, pence=True)}. {said}")
    return tuple(out)


def _can_pass(due: Decimal, left: Decimal, has: Mapping[str, Decimal], *, plural: bool) -> str:
    if not left:
        return "All of it can pass."
    its, it = ("their", "they") if plural else ("its", "it")
    passes = "None of it can pass" if left >= due else f"{pounds(due - left, pence=True)} of it can pass"
    released, forecast = has.get("released", Decimal(0)), has.get("forecast", Decimal(0))
    if released > 0:
        return f"{passes}: {its} cash realised or contracted in the years is {pounds(released, pence=True)}, real and not discounted."
    parts = [
        f"{pounds(has[k], pence=True)} {words}"
        for k, words in (
            ("capacity released", "capacity released"), ("no release", "without release"), ("ring-fenced", "ring-fenced cash"),
            ("economic", "economic"), ("social", "social"), ("forecast", "cash that is only forecast"),
        )
        if has.get(k, Decimal(0)) > 0
    ]  # fmt: skip
    if not parts:
        return f"{passes}: {it} {'gain' if plural else 'gains'} nothing in the years."
    do = " Realise it or put it under contract." if forecast > 0 else ""
    if has.get("capacity released", Decimal(0)) > 0 and not do:
        do = f" {it.capitalize()} would first have to take that capacity out of a budget, and the register would then call it cash-releasing."
    return f"{passes}: {its} benefit in the years, real and not discounted, is {listing(parts)}.{do}"
