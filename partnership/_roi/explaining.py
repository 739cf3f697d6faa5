"""Every number explains itself: an address VIEW/ROW/COLUMN leads to the chain behind a figure, down to its sources.

Addresses of an appraisal: ``appraisal/whole/pv_fiscal_gbp``, ``appraisal/COU/fiscal_return``,
``appraisal_lines/B01/pv_gbp``, ``agency_ledger/COU|2026/net_gbp``, ``payers_gainers/COU|ICB/pv_gbp``,
``contributions_valued/C001/pv_gbp``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from partnership._roi.appraisal import WHOLE, Appraisal, Result
from partnership._roi.counting import FISCAL_CLASSES
from partnership._roi.explaining_rows import cost_explained, of_cost, of_ledger, of_line, of_matrix
from partnership._roi.explanation import Explanation
from partnership._roi.ledger import CLASSES, counted_costs
from partnership._roi.public_value import Ratio
from partnership.errors import InvalidInput, UnknownName
from partnership.periods import name_financial_year

__all__ = ["Explanation", "VIEWS", "addresses", "explain"]


_RESULT_COLUMNS: dict[str, tuple[str, str]] = {
    "pv_cost_gbp": ("Present value of what is paid", "sum of contributions x discount factor"),
    "pv_cost_cash_gbp": ("Of it in cash", "the contributions made in cash"),
    "pv_not_agreed_gbp": ("Of it not agreed", "the contributions that no finance officer has agreed"),
    "pv_fiscal_gbp": ("Present value of fiscal benefit", "cash-releasing + capacity released + no release, dis-benefits netted"),
    "pv_cashable_gbp": ("Present value of cash-releasing benefit", "whole steps of cash-releasing lines"),
    "pv_disbenefit_gbp": ("Dis-benefits", "their present values, in every net figure already"),
    "pv_moved_gbp": ("Costs moved here by others' work", "fiscal dis-benefits whose driver is another agency"),
    "net_fiscal_gbp": ("Net fiscal position", "fiscal benefit - cost"),
    "net_present_budget_impact_gbp": ("Net present budget impact", "cost - fiscal benefit; negative is a saving"),
    "net_public_value_gbp": ("Net present public value", "fiscal + economic + social value - cost"),
    "fiscal_return": ("Fiscal return for each £1", ""),
    "cash_return": ("Cash return for each £1", ""),
    "public_value_bcr": ("Public-value benefit-cost ratio", ""),
    "sroi_gross": ("Social return, gross", ""),
    "sroi_net": ("Social return, net", ""),
    "payback_years": ("Payback, interpolated", "first year in which the summed net flow is not below nil"),
    "payback_whole_years": ("Payback in whole years", "first year at whose end the sum is not below nil"),
    "discounted_payback_years": ("Discounted payback", "the same on discounted flows"),
    "internal_rate": ("Internal rate of return", "rate at which the net flows are worth nothing"),
    "modified_internal_rate": ("Modified internal rate of return", "(future value of gains / present value of costs)^(1/n) - 1"),
    "switching_benefits": ("Benefits may fall by", "1 - cost / fiscal benefit"),
}  # fmt: skip


def _class_column(appraisal_class: str) -> str:
    return f"pv_{appraisal_class.replace(' ', '_').replace('-', '_')}_gbp"


VIEWS: dict[str, tuple[str, ...]] = {
    "appraisal": (*_RESULT_COLUMNS, *(_class_column(c) for c in CLASSES)),
    "appraisal_lines": ("pv_gbp", "level_gbp"),
    "agency_ledger": ("paid_gbp", "fiscal_gbp", "net_gbp", "net_cash_gbp", "not_agreed_gbp", "paid_actual_gbp", "moved_gbp"),
    "payers_gainers": ("pv_gbp",),
    "contributions_valued": ("pv_gbp",),
}  # fmt: skip
"""Views of an appraisal and the columns that can be asked for."""


def explain(appraisal: Appraisal, address: str) -> Explanation:
    """Return the chain behind a figure of an appraisal.

    Parameters
    ----------
    appraisal : Appraisal
        The appraisal whose figure it is.
    address : str
        VIEW/ROW/COLUMN, as ``--json`` and every click print it.

    Raises
    ------
    InvalidInput
        If the address has not three parts.
    UnknownName
        If there is no such view, row or column; the nearest are named.
    """
    parts = address.strip().strip("/").split("/")
    if len(parts) < 3:
        msg = f"{address!r} is no address. Write VIEW/ROW/COLUMN: appraisal/whole/pv_fiscal_gbp."
        raise InvalidInput(msg)
    view, row, column = parts[0], "/".join(parts[1:-1]), parts[-1]
    if view not in VIEWS:
        kind = "appraisal view"
        raise UnknownName(kind, view, VIEWS)
    if column not in VIEWS[view]:
        kind = "column"
        raise UnknownName(kind, column, VIEWS[view])
    rooms: dict[str, Callable[[Appraisal, str, str], Explanation]] = {
        "appraisal": _of_result, "appraisal_lines": of_line, "agency_ledger": of_ledger,
        "payers_gainers": of_matrix, "contributions_valued": of_cost,
    }  # fmt: skip
    return rooms[view](appraisal, row, column)


def addresses(appraisal: Appraisal) -> list[str]:
    """Return the address of every figure that can be explained."""
    out = [f"appraisal/{scope}/{c}" for scope in appraisal.scopes for c in VIEWS["appraisal"]]
    out += [
        f"appraisal_lines/{line.id}/{c}" for line in appraisal.model.lines for c in VIEWS["appraisal_lines"]
    ]
    out += [
        f"agency_ledger/{r.agency_id}|{r.financial_year}/{c}"
        for r in appraisal.ledger
        for c in VIEWS["agency_ledger"]
    ]
    pairs = sorted({(c.payer_id or "nobody", c.gainer_id) for c in appraisal.matrix})
    out += [f"payers_gainers/{p}|{g}/pv_gbp" for p, g in pairs]
    return out + [f"contributions_valued/{c.id}/pv_gbp" for c in counted_costs(appraisal.model)]


def _of_result(appraisal: Appraisal, scope: str, column: str) -> Explanation:
    result = appraisal.result(scope)
    address = f"appraisal/{result.scope}/{column}"
    if column not in _RESULT_COLUMNS:
        kind = next(c for c in CLASSES if _class_column(c) == column)
        return _of_class(appraisal, result, kind, address)
    title, method = _RESULT_COLUMNS[column]
    title = f"{title}, {result.name}"

    ratios = _ratios(result)
    if column in ratios:
        return _of_ratio(appraisal, result, ratios[column], column, Explanation(address, title, None))
    if column in _RETURNS:
        return _of_returns(appraisal, result, column, address, title, method)
    unit = "share" if column == "switching_benefits" else "£"
    parts = _parts(appraisal, result, column)
    return Explanation(address, title, getattr(result, column), unit, method, parts=parts)


_PARTS = {
    "pv_cashable_gbp": ("pv_cash_releasing_gbp",),
    "pv_fiscal_gbp": tuple(_class_column(c) for c in FISCAL_CLASSES),
    "net_public_value_gbp": (*(_class_column(c) for c in CLASSES), "pv_cost_gbp"),
    "net_fiscal_gbp": ("pv_fiscal_gbp", "pv_cost_gbp"),
    "net_present_budget_impact_gbp": ("pv_cost_gbp", "pv_fiscal_gbp"),
    "switching_benefits": ("pv_fiscal_gbp", "pv_cost_gbp"),
}


def _parts(appraisal: Appraisal, result: Result, column: str) -> tuple[Explanation, ...]:
    if column in _PARTS:
        return tuple(_of_result(appraisal, result.scope, name) for name in _PARTS[column])
    if column in ("pv_disbenefit_gbp", "pv_moved_gbp"):
        return _harms(appraisal, result, column)
    return _costs(appraisal, result, column)


def _ratios(result: Result) -> dict[str, Ratio]:
    return {
        "fiscal_return": result.fiscal_return, "cash_return": result.cash_return, "public_value_bcr": result.public_value_bcr,
        "sroi_gross": result.social_return.gross, "sroi_net": result.social_return.net,
    }  # fmt: skip


def _of_ratio(
    appraisal: Appraisal, result: Result, found: Ratio, column: str, empty: Explanation
) -> Explanation:
    inner = {"fiscal_return": "pv_fiscal_gbp", "cash_return": "pv_cashable_gbp"}.get(column)
    parts = (
        (_of_result(appraisal, result.scope, inner), _of_result(appraisal, result.scope, "pv_cost_gbp"))
        if inner
        else (
            Explanation("", "Above the line", found.numerator),
            Explanation("", "Below the line", found.denominator),
        )
    )
    value = found.words if found.value is None else found.value
    return Explanation(empty.address, empty.title, value, "for each £1", found.rule, parts=parts)


_RETURNS = (
    "payback_years", "payback_whole_years", "discounted_payback_years", "internal_rate", "modified_internal_rate",
)  # fmt: skip


def _of_returns(
    appraisal: Appraisal, result: Result, column: str, address: str, title: str, method: str
) -> Explanation:
    returns = result.returns
    value, unit = {
        "payback_years": (returns.payback_years, "years"),
        "payback_whole_years": (returns.payback_whole_years, "years"),
        "discounted_payback_years": (returns.discounted_payback_years, "years"),
        "internal_rate": (returns.rate, "share"),
        "modified_internal_rate": (returns.modified_rate, "share"),
    }[column]
    words = returns.rate_words if "rate" in column else returns.payback_words
    flows = tuple(
        Explanation("", name_financial_year(year), flow)
        for year, flow in zip(appraisal.model.settings.years, returns.flows, strict=True)
    )
    return Explanation(
        address, title, words if value is None else value, unit, f"{method}. {words}", parts=flows
    )


def _of_class(appraisal: Appraisal, result: Result, kind: str, address: str) -> Explanation:
    lines = {line.id: line for line in appraisal.model.lines}
    parts = []
    for value in appraisal.lines:
        part = value.pv_gbp if result.scope == WHOLE else value.by_agency.get(result.scope)
        if value.appraisal_class == kind and part:
            share = lines[value.line_id].shares.get(result.scope)
            method = "" if share is None else f"share of {share} in £{value.pv_gbp:,}"
            parts.append(
                Explanation(f"appraisal_lines/{value.line_id}/pv_gbp", value.title, part, method=method)
            )
    return Explanation(
        address, f"{kind.capitalize()}, {result.name}", result.pv_by_class[kind], method="sum of the lines of the class",
        parts=tuple(parts),
    )  # fmt: skip


def _harms(appraisal: Appraisal, result: Result, column: str) -> tuple[Explanation, ...]:
    out = []
    for value in appraisal.lines:
        split_to = value.moved_gbp if column == "pv_moved_gbp" else value.by_agency
        part = sum(split_to.values(), Decimal(0)) if result.scope == WHOLE else split_to.get(result.scope)
        if value.is_disbenefit and part:
            out.append(Explanation(f"appraisal_lines/{value.line_id}/pv_gbp", value.title, part))
    return tuple(out)


def _costs(appraisal: Appraisal, result: Result, column: str) -> tuple[Explanation, ...]:
    return tuple(
        cost_explained(appraisal, cost)
        for cost in counted_costs(appraisal.model)
        if result.scope in (WHOLE, cost.agency_id)
        and (column != "pv_cost_cash_gbp" or cost.form == "cash")
        and (column != "pv_not_agreed_gbp" or cost.agreed != "agreed")
    )
