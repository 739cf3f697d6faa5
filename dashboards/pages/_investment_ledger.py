# ruff: noqa: E501 - a sentence stays on one line
"""The agency ledger on the investment page: what each pays and receives, classes apart, and year by year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.pages._investment_choices import book_link
from dashboards.pages._investment_explained import why
from dashboards.pages._investment_flows import names_of, scope_of
from partnership.periods import name_financial_year
from partnership.wording import capital, does, in_words, is_plural, pounds, the

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.urls import State
    from partnership._roi.appraisal import Appraisal, Result
    from partnership._workflows.appraising import Appraised

__all__ = ["ledger"]


def ledger(data: Data, state: State, done: Appraised) -> Any:
    """Return what each agency pays and receives, its classes apart."""
    appraisal = done.appraisal
    names = names_of(data, state, appraisal)
    scope = scope_of(state, appraisal)
    results = [appraisal.result(scope)] if scope != "whole" else list(appraisal.agencies.values())
    results.sort(key=lambda r: (r.net_fiscal_gbp, r.scope))
    other = [c for c in ("economic", "social") if appraisal.whole.pv_by_class[c]]
    partners = {a.id for a in appraisal.model.agencies if a.is_partner}
    counted = [r for r in appraisal.agencies.values() if r.scope in partners and r.gate.is_open]
    gaining = sum(r.net_fiscal_gbp > 0 for r in counted)
    title = (
        f"{capital(in_words(gaining))} of {in_words(len(counted))} partners gain more than they pay"
        if counted and scope == "whole"
        else "What each agency pays and receives"
        if scope == "whole"
        else f"What {does(the(names[scope]), 'pay')} and {'receive' if is_plural(names[scope]) else 'receives'}"
    )
    columns = [
        parts.Col("name", "Agency"),
        *(_money(state, label, column) for label, column in _COLUMNS),
        *(_money(state, c.capitalize(), f"pv_{c}_gbp") for c in other),
        parts.Col("net", "Net", row=lambda r: _gated(state, r, "net_fiscal_gbp"), numeric=True),
        parts.Col("ratio", "For each £1", row=lambda r: _gated(state, r, "fiscal_return"), numeric=True),
    ]
    rows = [{"result": r, "name": names.get(r.scope, r.name)} for r in results]
    foot = None
    if scope == "whole":
        total = {"result": appraisal.whole, "name": "All"}
        foot = [c.cell(total) for c in columns]
    return parts.panel(
        title,
        parts.table(rows, columns, foot=foot, label="Agency ledger", class_name="ledger"),
        book_link(state, "appraisal-workbook", "Download the appraisal as a workbook of live formulas"),
        parts.twin(_years(state, appraisal, scope, names), summary="Show the numbers year by year"),
        key="ledger",
        sub=f"Present value, {appraisal.model.settings.prices} prices. Three classes of fiscal benefit, never mixed: only cash-releasing benefit can be spent. Net is fiscal benefit less what is paid.",
        source=_ledger_source(done),
    )  # fmt: skip


_COLUMNS = (
    ("Pays", "pv_cost_gbp"), ("of it in cash", "pv_cost_cash_gbp"), ("not yet agreed", "pv_not_agreed_gbp"),
    ("Cash-releasing", "pv_cash_releasing_gbp"), ("Capacity released", "pv_capacity_released_gbp"),
    ("No release", "pv_no_release_gbp"), ("Costs moved here", "pv_moved_gbp"),
)  # fmt: skip
_CLASS_OF = {
    "pv_cash_releasing_gbp": "cash-releasing", "pv_capacity_released_gbp": "capacity released", "pv_no_release_gbp": "no release",
    "pv_economic_gbp": "economic", "pv_social_gbp": "social",
}  # fmt: skip


def _money(state: State, label: str, column: str) -> parts.Col:
    def shown(row: dict[str, Any]) -> Any:
        result: Result = row["result"]
        kind = _CLASS_OF.get(column)
        amount: Decimal = result.pv_by_class[kind] if kind else getattr(result, column)
        return why(pounds(amount, ""), state, f"appraisal/{result.scope}/{column}") if amount else "0"

    return parts.Col("result", label, row=shown, numeric=True)


def _gated(state: State, row: dict[str, Any], column: str) -> Any:
    result: Result = row["result"]
    if not result.gate.is_open:
        return html.Span(parts.state_word("withheld"), title=" ".join(result.gate.missing))
    if column == "fiscal_return":
        said = (
            f"£{result.fiscal_return.words}"
            if result.fiscal_return.value is not None
            else result.fiscal_return.words
        )
    else:
        said = pounds(result.net_fiscal_gbp, "", plus=True)
    return why(said, state, f"appraisal/{result.scope}/{column}")


def _ledger_source(done: Appraised) -> str:
    whole = done.appraisal.whole
    said = ["Every figure opens its chain. Dis-benefits are netted"]
    said[0] += (
        f" ({pounds(whole.pv_disbenefit_gbp)} in all)." if whole.pv_disbenefit_gbp else "; there are none."
    )
    withheld = [r for r in done.appraisal.agencies.values() if not r.gate.is_open]
    said += [f"{r.name}, withheld: {' '.join(r.gate.missing)}" for r in withheld[:6]]
    said += [f"Not counted: {s.reason}" for s in done.appraisal.set_aside]
    return " ".join(said)


def _years(state: State, appraisal: Appraisal, scope: str, names: Mapping[str, str]) -> html.Div:
    rows = [
        {
            "agency": r.agency_id, "name": names[r.agency_id], "year": name_financial_year(r.financial_year), "paid": r.paid_gbp, "kind": r.paid["in kind"],
            "capital": r.paid["capital"], "grant": r.paid["pump-priming"] + r.paid["grant"] + r.paid["reserve"],
            "actual": r.paid_actual_gbp, "cash": r.received["cash-releasing"], "capacity": r.received["capacity released"],
            "none": r.received["no release"], "net": r.net_gbp, "at": f"agency_ledger/{r.agency_id}|{r.financial_year}/net_gbp",
        }
        for r in appraisal.ledger
        if scope in ("whole", r.agency_id) and (r.paid_gbp or r.paid_actual_gbp or any(r.received.values()))
    ]  # fmt: skip

    def money(key: str, label: str) -> parts.Col:
        return parts.Col(key, label, lambda v: pounds(v, "") if v else "0", numeric=True)

    def net(row: dict[str, Any]) -> Any:
        is_open = appraisal.agencies[row["agency"]].gate.is_open
        return (
            why(pounds(row["net"], "", plus=True), state, row["at"])
            if is_open
            else parts.state_word("withheld")
        )

    return parts.table(
        rows,
        [
            parts.Col("name", "Agency"), parts.Col("year", "Year"), money("paid", "Pays, planned"), money("kind", "of it in kind"),
            money("capital", "of it capital"), money("grant", "of it funding that ends"), money("actual", "Paid, actual"),
            money("cash", "Cash-releasing"), money("capacity", "Capacity released"), money("none", "No release"),
            parts.Col("net", "Net", row=net, numeric=True),
        ],
        caption=f"Agency ledger by financial year, real pounds of {appraisal.model.settings.prices}, not discounted",
    )  # fmt: skip
