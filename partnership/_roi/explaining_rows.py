"""The chains behind contributions, benefits, rows of the ledger and pairs of agencies."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from partnership._roi.appraisal import Appraisal
from partnership._roi.chain import links
from partnership._roi.counting import class_of
from partnership._roi.explanation import Explanation
from partnership._roi.ledger import LedgerRow, counted_costs, flows_of, lifted_cost, payers_of, pv_of_cost
from partnership._roi.model import Cost, Line
from partnership.errors import UnknownName
from partnership.periods import name_financial_year
from partnership.wording import number, percent

__all__ = ["cost_explained", "of_cost", "of_ledger", "of_line", "of_matrix"]


def cost_explained(appraisal: Appraisal, cost: Cost) -> Explanation:
    """Explain a contribution: as entered, at the settings' prices, raised, discounted."""
    settings = appraisal.model.settings
    year = cost.financial_year
    factor = settings.cost_factors[year - settings.first_year]
    real = lifted_cost(cost, settings)
    parts = [
        Explanation(
            "", "As entered", cost.amount_gbp, source=f"Contributions, {cost.id}, {cost.price_year} prices"
        )
    ]
    if cost.real_gbp != cost.amount_gbp:
        parts.append(
            Explanation(
                "", f"At {settings.prices} prices", cost.real_gbp, source=appraisal.sentences["deflator"]
            )
        )
    if real != cost.real_gbp:
        parts.append(Explanation("", "Raised for optimism", real, source=appraisal.sentences["cost"]))
    parts.append(
        Explanation(
            "",
            f"Discount factor of {name_financial_year(year)}",
            factor,
            "",
            source=appraisal.sentences["vintage"],
        )
    )
    name = appraisal.model.agency_names.get(cost.agency_id, cost.agency_id)
    title = f"{name}, {name_financial_year(year)}, {cost.form}, {cost.funding}, {cost.agreed}"
    return Explanation(
        f"contributions_valued/{cost.id}/pv_gbp", title, pv_of_cost(cost, settings), method="pounds x discount factor",
        parts=tuple(parts),
    )  # fmt: skip


def of_cost(appraisal: Appraisal, row: str, column: str) -> Explanation:
    """Explain the present value of a contribution."""
    del column
    costs = {c.id: c for c in counted_costs(appraisal.model)}
    return cost_explained(appraisal, costs[_known("contribution", row, costs)])


def _known(kind: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    if name not in names:
        raise UnknownName(kind, name, names)
    return name


def of_line(appraisal: Appraisal, row: str, column: str) -> Explanation:
    """Explain a line: its chain, its years, its classes."""
    lines = {line.id: line for line in appraisal.model.lines}
    line = lines[_known("benefit", row, lines)]
    settings = appraisal.model.settings
    chain = tuple(
        Explanation(
            "", f"{link.step.capitalize()}: {link.name}", link.value, link.unit,
            f"x {number(link.factor, places=6)} = {number(link.running)}",
            link.source + (f"; grade {link.grade}" if link.grade else ""),
        )
        for link in links(line)
    )  # fmt: skip
    level = Explanation(
        f"appraisal_lines/{line.id}/level_gbp", f"{line.title}: a full year", None if line.missing else line.level,
        method=line.missing or "product of the chain", parts=chain,
    )  # fmt: skip
    aside = {s.line_id: s for s in appraisal.set_aside}
    if column == "level_gbp" or line.missing:
        return level
    flows = flows_of(line, settings)
    weights = line.year_weights(settings.first_year, settings.horizon_years)
    years = tuple(
        Explanation(
            "", name_financial_year(year), level.value * w * f,
            method=f"level x {number(w, places=6)} full years x discount factor {number(f, places=6)}",
        )
        for year, w, f in zip(settings.years, weights, settings.benefit_factors, strict=True)
        if w
    )  # fmt: skip
    classes = tuple(
        Explanation("", f"Of it {flow.appraisal_class}", flow.present_value(settings)) for flow in flows
    )
    method = f"sum over years; counts as {class_of(line)}" + (
        f". Set aside: {aside[row].reason}" if row in aside else ""
    )
    return Explanation(
        f"appraisal_lines/{line.id}/pv_gbp", f"{line.title}: present value", sum((f.present_value(settings) for f in flows), Decimal(0)), method=method,
        source=appraisal.sentences["vintage"], parts=(level, *years, *classes, *_spread(line)),
    )  # fmt: skip


def _spread(line: Line) -> tuple[Explanation, ...]:
    shaped = [*line.ramp_up, *([line.drop_off] if line.drop_off else [])]
    return tuple(
        Explanation(
            "", f"{a.step.capitalize()}: {a.name}", a.value, a.unit or "", source=a.source or "not stated"
        )
        for a in shaped
    )


def of_ledger(appraisal: Appraisal, row: str, column: str) -> Explanation:
    """Explain a figure of the ledger."""
    rows: dict[str, LedgerRow] = {f"{r.agency_id}|{r.financial_year}": r for r in appraisal.ledger}
    found = rows[_known("row of the ledger", row, rows)]
    settings = appraisal.model.settings
    name = appraisal.model.agency_names[found.agency_id]
    title = f"{name}, {name_financial_year(found.financial_year)}, {column.removesuffix('_gbp').replace('_', ' ')}"
    address = f"agency_ledger/{row}/{column}"
    paid = Explanation(
        "", "Paid", found.paid_gbp, parts=tuple(Explanation("", k, v) for k, v in found.paid.items() if v)
    )
    got = Explanation(
        "", "Received", found.fiscal_gbp, method="three fiscal classes, dis-benefits netted",
        parts=tuple(Explanation("", k, v) for k, v in found.received.items() if v),
    )  # fmt: skip
    parts = {
        "paid_gbp": (paid,),
        "fiscal_gbp": (got,),
        "net_gbp": (got, paid),
        "net_cash_gbp": (got, paid),
    }.get(column, ())
    method = f"real pounds of {settings.prices}, not discounted"
    return Explanation(address, title, getattr(found, column), method=method, parts=parts)


def of_matrix(appraisal: Appraisal, row: str, column: str) -> Explanation:
    """Explain what one agency's money buys for another."""
    del column
    pairs = {f"{c.payer_id or 'nobody'}|{c.gainer_id}" for c in appraisal.matrix}
    payer, _, gainer = _known("pair of agencies", row, sorted(pairs)).partition("|")
    cells = [c for c in appraisal.matrix if (c.payer_id or "nobody") == payer and c.gainer_id == gainer]
    paid = [(c, pv_of_cost(c, appraisal.model.settings)) for c in counted_costs(appraisal.model)]
    names = appraisal.model.agency_names
    lines = {line.id: line for line in appraisal.model.lines}
    parts = []
    for value in appraisal.lines:
        weights = payers_of(lines[value.line_id], paid)
        key = "" if payer == "nobody" else payer
        if value.by_agency.get(gainer) and weights.get(key):
            share = weights[key] / sum(weights.values())
            amount = value.by_agency[gainer] * share.numerator / share.denominator
            parts.append(
                Explanation(
                    f"appraisal_lines/{value.line_id}/pv_gbp", value.title, amount,
                    method=f"{percent(share.numerator / share.denominator)} of the money for its items x £{value.by_agency[gainer]:,} that falls to {names[gainer]}",
                )
            )  # fmt: skip
    title = f"What the money of {names.get(payer, 'nobody')} buys for {names[gainer]}"
    return Explanation(
        f"payers_gainers/{row}/pv_gbp", title, sum((c.pv_gbp for c in cells), Decimal(0)),
        method="each benefit follows the shares of the money that paid for its items", parts=tuple(parts),
    )  # fmt: skip
