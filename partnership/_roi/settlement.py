"""Settlement: who transfers how much to whom in which financial year. Indicative, not an invoice.

A way of sharing says what each agency should receive (claims) or give (dues), at present value. Year by year
dues are paid out of the payer's own cash-releasing benefit, realised or contracted, and out of nothing else;
receivers share what is paid in proportion to what they are still owed. Amounts are pounds of the day, to the
penny; revenue and capital are settled apart, and ring-fenced grant neither pays nor is paid back. What cannot
be funded stays unpaid and is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil

from partnership._roi.settlement_records import (
    INDICATIVE,
    NATURES,
    NO_ROUTE,
    NOT_PAYABLE,
    PAYABLE,
    ROUTES,
    SURE,
    Balance,
    Cash,
    Nature,
    NotPaid,
    Route,
    Settlement,
    SettlementYear,
    Transfer,
)
from partnership._roi.transfers import fewest_transfers
from partnership.errors import InvalidInput
from partnership.money import from_pence, round_pounds, split, to_pence
from partnership.periods import name_financial_year
from partnership.wording import listing, pounds

__all__ = [
    "INDICATIVE", "NO_ROUTE", "ROUTES", "Balance", "Cash", "NotPaid", "Route", "Settlement", "SettlementYear", "Transfer",
    "settle",
]  # fmt: skip

_ZERO = Fraction(0)


@dataclass
class _Books:
    """What is still due, in present value, while the years go by."""

    dues: dict[str, Fraction]
    claims: dict[Nature, dict[str, Fraction]]
    balances: list[Balance] = field(default_factory=list)


def settle(
    transfers_pv: Mapping[str, Decimal],
    cash: Sequence[Cash],
    *,
    years: Sequence[int],
    discount_factors: Mapping[int, Decimal],
    price_steps: Mapping[int, Decimal],
    prices: str = "",
    claim_natures: Mapping[str, Mapping[str, Decimal]] | None = None,
    routes: Sequence[Route] = (),
    passed_on: Decimal = Decimal(1),
    unpriced: Sequence[int] = (),
) -> Settlement:
    """Return the schedule of transfers that a way of sharing comes to.

    In each year and nature: payable_i = min(released cash_i x share passed on, due_i / discount factor x
    price step), in whole pence; all payers together pay no more than is claimed; receivers share it in
    proportion to what they are still owed, by largest remainder. Then as few transfers as possible.

    Parameters
    ----------
    transfers_pv : Mapping[str, Decimal]
        Present value each agency should receive (positive) or give, as ``fair_shares`` has it; sums to zero.
    cash : Sequence[Cash]
        Every benefit, of every class and state; what may not be paid is set aside with its reason.
    years : Sequence[int]
        Financial years in which money may pass.
    discount_factors, price_steps : Mapping[int, Decimal]
        By year: present value of a real pound; pounds of the day for a pound of the price year.
    prices : str
        The price year, for the sentences.
    claim_natures : Mapping[str, Mapping[str, Decimal]], optional
        By receiver, what its own money was spent on, ``{"revenue": …, "capital": …}`` without ring-fenced
        grant: its claim is parted by it. Revenue where it is not stated.
    routes : Sequence[Route]
        Arrangements there are; the first that serves a transfer is named, one without is marked.
    passed_on : Decimal
        Greatest share of a year's released cash that a payer passes on, above 0 up to 1.
    unpriced : Sequence[int]
        Years that nobody can bring to pounds of the day. With any, give steps of 1 and cash in real pounds: the
        schedule is in real pounds and says that it cannot be paid.

    Raises
    ------
    InvalidInput
        If the transfers do not sum to zero, a year has no step or factor above 0, or ``passed_on`` is no share.

    Source
    ------
    Our own rule, after community-budget investment agreements (Greater Manchester): parties, funding by
    stream, repayment from realised savings; HM Treasury, *Green Book*: real and nominal are never mixed.

    Examples
    --------
    >>> plan = settle(
    ...     {"COU": Decimal(100), "ICB": Decimal(-100)},
    ...     [Cash("ICB", 2026, Decimal("70.00"), state="contracted"), Cash("ICB", 2027, Decimal(500))],
    ...     years=[2026, 2027], discount_factors={2026: Decimal(1), 2027: Decimal("0.966")},
    ...     price_steps={2026: Decimal(1), 2027: Decimal("1.02")},
    ... )
    >>> [(t.financial_year, t.payer_id, t.receiver_id, str(t.amount_gbp), t.route) for t in plan.transfers]
    [(2026, 'ICB', 'COU', '70.00', 'no route')]
    >>> str(plan.unfunded_pv_gbp["COU"]), plan.not_paid[0].reason
    ('30.00', 'forecast: neither realised nor contracted')
    """
    _check(transfers_pv, years, discount_factors, price_steps, passed_on)
    pence = {a: to_pence(x) for a, x in sorted(transfers_pv.items())}
    funds, not_paid = _funds(cash, price_steps, set(years))
    books = _Books({a: Fraction(-p) for a, p in pence.items() if p < 0}, _claims(pence, claim_natures or {}))
    found: list[Transfer] = []
    steps: list[SettlementYear] = []
    for year in sorted(years):
        step, factor = Fraction(price_steps[year]), Fraction(discount_factors[year])
        paid = 0
        for nature in NATURES:
            available = {
                a: int(max(funds.get((a, year, nature), 0), 0) * Fraction(passed_on)) for a in books.dues
            }
            moved = _one_year(books, available, nature, step / factor)
            for agency, amount in moved.items():
                books.balances.append(
                    Balance(year, nature, agency, from_pence(available.get(agency, 0)), from_pence(amount))
                )
            for payer, receiver, amount in fewest_transfers(moved):
                route = next((r for r in routes if r.serves(payer, receiver, nature, year)), None)
                found.append(
                    Transfer(
                        year, nature, payer, receiver, from_pence(amount), _real(amount, step), price_steps[year],
                        route.name if route else NO_ROUTE, route.reference if route else "",
                        route.agreement_id if route else "",
                    )
                )  # fmt: skip
                paid += amount
        steps.append(
            _year(year, discount_factors[year], price_steps[year], paid, prices, is_real=bool(unpriced))
        )
    return Settlement(
        tuple(found), tuple(books.balances), tuple(steps), _unfunded(books), tuple(not_paid),
        _sentences(found, not_paid, passed_on, prices, unpriced), tuple(sorted(unpriced)),
    )  # fmt: skip


def _check(
    transfers: Mapping[str, Decimal], years: Sequence[int], factors: Mapping[int, Decimal], steps: Mapping[int, Decimal],
    passed_on: Decimal,
) -> None:  # fmt: skip
    total = sum((to_pence(x) for x in transfers.values()), 0)
    if total:
        msg = f"What agencies should receive and give sums to {pounds(from_pence(total), pence=True)}, not to zero. Settle shares that make the whole."
        raise InvalidInput(msg)
    if not 0 < passed_on <= 1:
        msg = f"A share passed on of {passed_on} is no share. Give more than 0, up to 1."
        raise InvalidInput(msg)
    for year in years:
        for what, table in (("discount factor", factors), ("price step", steps)):
            if year not in table or not table[year].is_finite() or table[year] <= 0:
                msg = f"{name_financial_year(year)} has no {what} above 0. State one, or an inflation rate, or end the settlement before."
                raise InvalidInput(msg)


def _funds(
    cash: Sequence[Cash], steps: Mapping[int, Decimal], years: set[int]
) -> tuple[dict[tuple[str, int, Nature], int], list[NotPaid]]:
    """Return pence of the day that may be paid, by agency, year and nature, and what may not, with the reason."""
    funds: dict[tuple[str, int, Nature], int] = defaultdict(int)
    not_paid: list[NotPaid] = []
    for one in cash:
        reason = _why_not(one, years)
        if reason:
            not_paid.append(
                NotPaid(one.agency_id, one.financial_year, round_pounds(one.amount_gbp), one.source, reason)
            )
        else:
            amount = one.amount_gbp * steps[one.financial_year] if one.is_real else one.amount_gbp
            funds[one.agency_id, one.financial_year, one.nature] += to_pence(amount)
    return funds, not_paid


def _why_not(one: Cash, years: set[int]) -> str | None:
    if one.benefit_class != PAYABLE:
        return f"{one.benefit_class}: informs the shares and is never paid"
    if one.ring_fenced:
        return "ring-fenced: tied to its purpose"
    if one.financial_year not in years:
        return "outside the years of the settlement"
    if one.amount_gbp >= 0 and one.state not in SURE:
        return f"{one.state}: neither realised nor contracted"
    return None


def _claims(
    pence: Mapping[str, int], natures: Mapping[str, Mapping[str, Decimal]]
) -> dict[Nature, dict[str, Fraction]]:
    out: dict[Nature, dict[str, Fraction]] = {n: {} for n in NATURES}
    for agency, due in pence.items():
        if due > 0:
            spent = {n: max(natures.get(agency, {}).get(n, Decimal(0)), Decimal(0)) for n in NATURES}
            if not any(spent.values()):
                spent["revenue"] = Decimal(1)
            parts = split(from_pence(due), {n: spent[n] for n in NATURES})
            for nature in NATURES:
                out[nature][agency] = Fraction(to_pence(parts[nature]))
    return out


def _one_year(
    books: _Books, available: Mapping[str, int], nature: Nature, nominal: Fraction
) -> dict[str, int]:
    """Return what each pays (negative) or receives, in pence of the day, and take it off what is due."""
    claims = {a: ceil(x * nominal) for a, x in books.claims[nature].items() if x > 0}
    offers = {
        a: min(available[a], ceil(d * nominal)) for a, d in books.dues.items() if d > 0 and available[a]
    }
    whole = min(sum(offers.values()), sum(claims.values()))
    if not whole:
        return {}
    pays, gets = _within(whole, offers), _within(whole, claims)
    for agency, amount in pays.items():
        books.dues[agency] = max(_ZERO, books.dues[agency] - amount / nominal)
    for agency, amount in gets.items():
        books.claims[nature][agency] = max(_ZERO, books.claims[nature][agency] - amount / nominal)
    return {a: -p for a, p in pays.items() if p} | {a: p for a, p in gets.items() if p}


def _within(whole: int, most: Mapping[str, int]) -> dict[str, int]:
    return {a: to_pence(x) for a, x in split(from_pence(whole), most).items()}


def _real(pence: int, step: Fraction) -> Decimal:
    real = Fraction(pence) / step
    return from_pence(int(real + Fraction(1, 2)))


def _unfunded(books: _Books) -> dict[str, Decimal]:
    """Return what is left, in whole pence that sum to zero."""
    owed: dict[str, Fraction] = defaultdict(Fraction)
    for by_agency in books.claims.values():
        for agency, left in by_agency.items():
            owed[agency] += left
    whole = round(min(sum(owed.values(), _ZERO), sum(books.dues.values(), _ZERO)))
    sides = [(1, owed), (-1, books.dues)]
    out: dict[str, Decimal] = {}
    for sign, side in sides:
        parts = split(from_pence(whole), dict(side)) if whole else dict.fromkeys(side, Decimal(0))
        out |= {a: sign * p if p else Decimal("0.00") for a, p in parts.items()}
    return dict(sorted(out.items()))


def _year(
    year: int, factor: Decimal, step: Decimal, paid: int, prices: str, *, is_real: bool
) -> SettlementYear:
    name = name_financial_year(year)
    if is_real:
        real = f"{name}: £1 at present value is £{1 / factor:.4f} in real pounds{f' of {prices}' if prices else ''}; pounds of the day wait for an inflation rate."
        return SettlementYear(year, factor, step, from_pence(paid), real)
    said = f"{name}: £1 at present value is £{1 / factor:.4f} in real pounds{f' of {prices}' if prices else ''}, and £{step / factor:.4f} in pounds of the day (× {step:.4f})."
    return SettlementYear(year, factor, step, from_pence(paid), said)


def _unpriced_words(prices: str, unpriced: Sequence[int]) -> str:
    years = sorted(unpriced)
    named = [name_financial_year(y) for y in years]
    in_a_row = len(years) > 2 and years[-1] - years[0] == len(years) - 1
    which = f"{named[0]} to {named[-1]}" if in_a_row else listing(named)
    return f"{NOT_PAYABLE}: no deflator is published for {which}, and no inflation is stated. Amounts are real pounds{f' of {prices}' if prices else ''}; state an inflation rate to have pounds of the day."


def _sentences(
    found: Sequence[Transfer], not_paid: Sequence[NotPaid], passed_on: Decimal, prices: str, unpriced: Sequence[int]
) -> tuple[str, ...]:  # fmt: skip
    out = [
        INDICATIVE,
        *([_unpriced_words(prices, unpriced)] if unpriced else []),
        "Paid only from cash-releasing benefit that is realised or contracted; capacity, economic and social value inform the shares and are never paid.",
        "Revenue and capital are settled apart; ring-fenced grant neither pays nor is paid back.",
        f"Real pounds{f' of {prices}' if prices else ''}, by financial year."
        if unpriced
        else "Pounds of the day, by financial year.",
    ]
    if passed_on < 1:
        out.append(f"A payer passes on at most {passed_on * 100:f}% of the cash released in a year.")
    missing = [t for t in found if not t.has_route]
    if missing:
        total = sum((t.amount_gbp for t in missing), Decimal(0))
        out.append(f"{pounds(total, pence=True)} has no route yet: no arrangement lets it pass.")
    if not found:
        out.append("No cash can pass: nobody who should give has released cash.")
    held = sum((n.amount_gbp for n in not_paid if n.amount_gbp > 0), Decimal(0))
    if held:
        out.append(
            f"{pounds(held, pence=True)} of benefit may not fund a transfer; each amount stands with its reason."
        )
    return tuple(out)
