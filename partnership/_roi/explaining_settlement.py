# ruff: noqa: E501 - a sentence stays on one line
"""The chains behind a settlement: a line of the schedule, an agency's balance in a year, its share by a way of sharing.

Addresses: ``settlement/scrb|2026|revenue|ICB|COU/amount_gbp`` (who pays, who receives),
``settlement_balances/scrb|2026|revenue|ICB/available_gbp``, ``settlement_shares/shapley|COU/transfer_gbp``.
The first part of a row is the way of sharing, so that an address leads to the settlement that it was printed by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from partnership._roi.explanation import Explanation
from partnership._roi.settled import Settled
from partnership._roi.settlement_records import PAYABLE, SURE, Balance, Settlement, SettlementYear, Transfer
from partnership._roi.sharing import METHODS
from partnership.errors import InvalidInput, UnknownName
from partnership.periods import name_financial_year
from partnership.wording import capital, listing

__all__ = ["SETTLEMENT_VIEWS", "explain_settlement", "method_of", "settlement_addresses"]

SETTLEMENT_VIEWS: dict[str, tuple[str, ...]] = {
    "settlement": ("amount_gbp", "real_gbp"),
    "settlement_balances": ("amount_gbp", "available_gbp"),
    "settlement_shares": ("transfer_gbp", "net_gbp", "pays_gbp", "unfunded_pv_gbp"),
}
"""Views of a settlement and the columns that can be asked for."""

_ROWS = {
    "settlement": "METHOD|YEAR|NATURE|PAYER|RECEIVER, such as scrb|2026|revenue|ICB|COU",
    "settlement_balances": "METHOD|YEAR|NATURE|AGENCY, such as scrb|2026|revenue|ICB",
    "settlement_shares": "METHOD|AGENCY, such as scrb|COU",
}
T = TypeVar("T")


def _read(address: str) -> tuple[str, list[str], str]:
    parts = address.strip().strip("/").split("/")
    view, column = parts[0], parts[-1]
    if view not in SETTLEMENT_VIEWS:
        kind = "settlement view"
        raise UnknownName(kind, view, SETTLEMENT_VIEWS)
    row = "/".join(parts[1:-1]).split("|")
    if len(parts) < 3 or len(row) != _ROWS[view].partition(",")[0].count("|") + 1:
        msg = (
            f"{address!r} is no address of a settlement. Write {view}/ROW/COLUMN with a row as {_ROWS[view]}."
        )
        raise InvalidInput(msg)
    if row[0] not in METHODS:
        kind = "way of sharing"
        raise UnknownName(kind, row[0], METHODS)
    if column not in SETTLEMENT_VIEWS[view]:
        kind = "column"
        raise UnknownName(kind, column, SETTLEMENT_VIEWS[view])
    return view, row, column


def method_of(address: str) -> str:
    """Return the way of sharing that an address of a settlement is about.

    Examples
    --------
    >>> method_of("settlement_shares/shapley|COU/net_gbp")
    'shapley'
    """
    return _read(address)[1][0]


def explain_settlement(done: Settled, address: str) -> Explanation:
    """Return the chain behind a figure of a settlement.

    Parameters
    ----------
    done : Settled
        The settlement by the way of sharing that the address names.
    address : str
        VIEW/ROW/COLUMN, as ``settle --json`` and every click print it.

    Raises
    ------
    InvalidInput
        If it is no such address, or there is no settlement, in words.
    UnknownName
        If there is no such line, agency or column.
    """
    view, row, column = _read(address)
    if row[0] != done.terms.method:
        msg = f"The address is about {METHODS[row[0]].name}, and what is settled is {done.chosen.method.name}. Settle by {row[0]}."
        raise InvalidInput(msg)
    if view == "settlement_shares":
        return _share(done, row[1], column)
    if done.settlement is None:
        raise InvalidInput(done.headline)
    if view == "settlement":
        lines = {_line(t): t for t in done.settlement.transfers}
        return _transfer(done, done.settlement, _known("line of the schedule", row[1:], lines), column)
    balances: dict[tuple[str, ...], Balance] = {
        (str(b.financial_year), b.nature, b.agency_id): b for b in done.settlement.balances
    }
    return _balance(done, done.settlement, _known("balance", row[1:], balances), column)


def settlement_addresses(done: Settled) -> list[str]:
    """Return the address of every figure of a settlement that can be explained."""
    method, found = done.terms.method, done.settlement
    out = [f"settlement_shares/{method}|{a}/{c}" for a in done.chosen.net_gbp for c in SETTLEMENT_VIEWS["settlement_shares"]]  # fmt: skip
    if found is not None:
        out += [f"settlement/{'|'.join((method, *_line(t)))}/{c}" for t in found.transfers for c in SETTLEMENT_VIEWS["settlement"]]  # fmt: skip
        out += [
            f"settlement_balances/{method}|{b.financial_year}|{b.nature}|{b.agency_id}/{c}"
            for b in found.balances
            for c in SETTLEMENT_VIEWS["settlement_balances"]
        ]
    return out


def _line(t: Transfer) -> tuple[str, ...]:
    return str(t.financial_year), t.nature, t.payer_id, t.receiver_id


def _known(kind: str, key: Sequence[str], known: dict[tuple[str, ...], T]) -> T:
    if tuple(key) not in known:
        raise UnknownName(kind, "|".join(key), ["|".join(k) for k in known])
    return known[tuple(key)]


def _name(done: Settled, agency: str) -> str:
    return done.names.get(agency, agency)


def _year(found: Settlement, year: int) -> SettlementYear:
    return next(y for y in found.years if y.financial_year == year)


def _transfer(done: Settled, found: Settlement, t: Transfer, column: str) -> Explanation:
    """Explain a line: what the payer could pass on, what it owes, what the receiver is owed, and the two price steps."""
    year = _year(found, t.financial_year)
    title = f"{name_financial_year(t.financial_year)}, {t.nature}: {_name(done, t.payer_id)} to {_name(done, t.receiver_id)}"
    address = f"settlement/{'|'.join((done.terms.method, *_line(t)))}/{column}"
    sides = tuple(
        _balance(done, found, b, "amount_gbp")
        for agency in (t.payer_id, t.receiver_id)
        for b in found.balances
        if (b.financial_year, b.nature, b.agency_id) == (t.financial_year, t.nature, agency)
    )
    steps = (
        Explanation("", "Real pounds", t.real_gbp, method=f"pounds of the day / price step, {done.prices} prices"),
        Explanation("", "Prices of the day for a real pound", t.price_step, "", year.sentence if found.is_payable else "not known: see what must stand on every copy"),
        Explanation("", "Discount factor", year.discount_factor, "", source=f"discount rates {done.vintage}"),
        Explanation("", "Present value of it", t.real_gbp * year.discount_factor, method="real pounds x discount factor"),
        _route(done, t),
    )  # fmt: skip
    value: Decimal | str = t.real_gbp if column == "real_gbp" else t.amount_gbp
    if column == "amount_gbp" and not found.is_payable:
        value = "not known: no inflation is stated"
    method = "the least of what the payer's cash can carry, what it owes and what is claimed; then as few transfers as possible"
    return Explanation(
        address,
        title,
        value,
        "£",
        method,
        " ".join(found.sentences[: 1 if found.is_payable else 2]),
        (*sides, *steps),
    )


def _route(done: Settled, t: Transfer) -> Explanation:
    """Explain by what arrangement a line passes: whose word that is, its term, where it is written down."""
    said = f"{t.route}{f', {t.reference}' if t.reference else ''}"
    if not t.has_route:
        return Explanation(
            "", "Route", said, "", "no agreement of the two parties serves this nature of money in this year"
        )
    one = next((w for w in done.written if w.id == t.agreement_id), None)
    if one is None or not one.id:
        return Explanation("", "Route", said, "", "as the terms have it")
    parts = tuple(
        Explanation("", title, words)
        for title, words in (("In force", one.term), ("Under contract", one.contract or "nothing"), ("How it was taken", one.used))
    )  # fmt: skip
    return Explanation("", "Route", said, "", f"agreement {one.id} of the plan", one.source, parts)


def _balance(done: Settled, found: Settlement, b: Balance, column: str) -> Explanation:
    """Explain what an agency could pass on in a year, out of which benefit, and what it pays or receives."""
    who, year = _name(done, b.agency_id), name_financial_year(b.financial_year)
    row = f"{done.terms.method}|{b.financial_year}|{b.nature}|{b.agency_id}"
    unit = "pounds of the day" if found.is_payable else f"real pounds of {done.prices}"
    funds = tuple(_funds(done, found, b))
    share = done.terms.passed_on
    passed = f" x {share} passed on" if share < 1 else ""
    could = Explanation(
        f"settlement_balances/{row}/available_gbp", f"Cash that {who} could pass on in {year}", b.available_gbp, "£",
        f"cash-releasing benefit, realised or contracted, {b.nature}, {unit}{passed}; of an agency that should give", parts=funds,
    )  # fmt: skip
    if column == "available_gbp":
        return could
    due = _share(done, b.agency_id, "transfer_gbp")
    verb = "pays" if b.amount_gbp < 0 else "receives"
    return Explanation(
        f"settlement_balances/{row}/amount_gbp", f"{capital(who)} {verb} in {year}", b.amount_gbp, "£",
        f"{unit}; less than nothing: it pays. All agencies of a year and nature sum to nil",
        parts=(could, due) if b.amount_gbp < 0 else (due,),
    )  # fmt: skip


def _funds(done: Settled, found: Settlement, b: Balance) -> Iterable[Explanation]:
    step = _year(found, b.financial_year).price_step
    for one in done.cash:
        if (one.agency_id, one.financial_year, one.nature) != (b.agency_id, b.financial_year, b.nature):
            continue
        if one.benefit_class == PAYABLE and not one.ring_fenced and (one.state in SURE or one.amount_gbp < 0):
            amount = one.amount_gbp * step if one.is_real else one.amount_gbp
            yield Explanation("", one.source, amount, "£", one.state)


def _share(done: Settled, agency: str, column: str) -> Explanation:
    """Explain what an agency gets by the way of sharing: its share, what it would pay, what it receives or gives."""
    result, shares = done.chosen, done.shares
    if result.withheld:
        raise InvalidInput(result.withheld)
    if agency not in result.net_gbp:
        kind = "agency"
        raise UnknownName(kind, agency, result.net_gbp)
    who = _name(done, agency)
    titles = {
        "transfer_gbp": (f"{who} should receive; less than nothing: give", "what it pays now - what it would pay", result.transfer_gbp),
        "net_gbp": (f"Net share of {who}", f"{result.method.name}: {result.method.fit}", result.net_gbp),
        "pays_gbp": (f"{who} would pay", "what it gains - its net share", result.pays_gbp),
        "unfunded_pv_gbp": (f"Still due to {who} at the end; less than nothing: from it", "what it should receive or give - what can be paid", done.settlement.unfunded_pv_gbp if done.settlement else {}),
    }  # fmt: skip
    title, method, values = titles[column]
    floor = f" Floor lifts {listing([_name(done, a) for a in result.raised])}." if result.raised else ""
    facts = (
        Explanation("", "Pays now", shares.paid_gbp[agency], method="present value"),
        Explanation("", f"Gains, {listing(done.terms.classes)}", shares.gained_gbp[agency], method="present value"),
    )  # fmt: skip
    value: Decimal | None = values.get(agency, Decimal(0))
    if column == "net_gbp":
        total = Explanation(
            "", "Net gain that is shared", shares.total_gbp, method="all that partners gain - all they pay"
        )
        inner: tuple[Explanation, ...] = (total, *facts)
    elif column == "pays_gbp":
        inner = (facts[1], _share(done, agency, "net_gbp"))
    elif column == "transfer_gbp":
        inner = (facts[0], _share(done, agency, "pays_gbp"))
    else:
        inner = (_share(done, agency, "transfer_gbp"),)
        value = value if done.settlement else None
    return Explanation(
        f"settlement_shares/{done.terms.method}|{agency}/{column}", title, value, "£", method,
        f"present value, real pounds of {done.prices}, discount rates {done.vintage}. {result.core_sentence}{floor}", inner,
    )  # fmt: skip
