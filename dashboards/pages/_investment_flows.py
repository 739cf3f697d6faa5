# ruff: noqa: E501 - a sentence stays on one line
"""Panels of the investment page that need no draws: the sentence, the flows, who drives demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards import parts
from dashboards.pages import _investment_words as words
from dashboards.pages._investment_explained import why
from partnership._roi.counting import FISCAL_CLASSES
from partnership.charts.investment import Band, End, flows
from partnership.charts.theme import mark_of
from partnership.money import split
from partnership.wording import is_plural, listing, possessive, pounds, the, unit_of

if TYPE_CHECKING:
    from dashboards.data import Data
    from dashboards.investing import Choices
    from dashboards.urls import State
    from partnership._roi.appraisal import Appraisal
    from partnership._roi.ledger import MatrixCell

__all__ = ["drivers", "flow", "names_of", "opening", "scope_of"]

_ZERO = Decimal(0)
_NOBODY = ""
_STORY = 3


def scope_of(state: State, appraisal: Appraisal) -> str:
    """Return whose result the page speaks of: the agency picked, or the whole."""
    return state.agency_id if state.agency_id in appraisal.agencies else "whole"  # type: ignore[return-value]


def names_of(data: Data, state: State, appraisal: Appraisal) -> dict[str, str]:
    """Return agencies' names as short as pages have them."""
    partners = data.partners(state)
    return {i: partners[i].short if i in partners else n for i, n in appraisal.model.agency_names.items()}


# ---- the sentence ----
def opening(state: State, appraisal: Appraisal) -> html.Div:
    """Return the sentence that the page opens with; without its basis, what is missing instead."""
    scope = scope_of(state, appraisal)
    result = appraisal.result(scope)
    below = words.basis_words(result, appraisal)
    if not result.gate.is_open:
        whose = "" if scope == "whole" else f" for {the(result.name)}"
        missing = html.Ul([html.Li(m) for m in result.gate.missing], className="plain")
        return html.Div(
            [
                parts.say(html.Strong(f"No return is shown{whose}."), then=below),
                parts.note(
                    html.P("A headline needs what is missing here:"), missing, partial=True, role="status"
                ),
            ]
        )
    unit = unit_of(result.pv_cost_gbp, result.pv_fiscal_gbp)
    paid = why(pounds(result.pv_cost_gbp, unit), state, f"appraisal/{scope}/pv_cost_gbp")
    got = why(pounds(result.pv_fiscal_gbp, unit), state, f"appraisal/{scope}/pv_fiscal_gbp")
    if scope == "whole":
        return parts.say(
            html.Strong([paid, " buys ", got]),
            f" of benefit to public services. {words.shares_words(appraisal)}",
            then=below,
        )
    name = the(result.name, start=True)
    pays, gains = ("pay", "gain") if is_plural(result.name) else ("pays", "gains")
    net = why(pounds(result.net_fiscal_gbp, unit, plus=True), state, f"appraisal/{scope}/net_fiscal_gbp")
    said = (
        result.fiscal_return.words if result.fiscal_return.value is None else f"£{result.fiscal_return.words}"
    )
    ratio = why(said, state, f"appraisal/{scope}/fiscal_return")
    return parts.say(
        f"{name} {pays} ", html.Strong(paid), f" and {gains} ", html.Strong(got), ": net ", html.Strong(net), ", ", ratio,
        " for each £1." if result.fiscal_return.value is not None else ".", then=below,
    )  # fmt: skip


# ---- the flows ----
def _pairs(
    cells: Iterable[MatrixCell], classes: tuple[str, ...] = FISCAL_CLASSES
) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for cell in cells:
        if cell.appraisal_class in classes:
            found[cell.payer_id or _NOBODY, cell.gainer_id] += cell.pv_gbp
    return found


def _sums(pairs: Mapping[tuple[str, str], Decimal], at: int) -> dict[str, Decimal]:
    out: dict[str, Decimal] = defaultdict(Decimal)
    for pair, amount in pairs.items():
        out[pair[at]] += amount
    return dict(sorted(out.items(), key=lambda x: (-x[1], x[0])))


def flow(data: Data, state: State, choices: Choices, appraisal: Appraisal) -> Any:
    """Return the flows from the money that buys a benefit to the budget it falls on, before dis-benefits."""
    pairs = _pairs(appraisal.matrix)
    drawn = {k: v for k, v in _pairs(data.bought(state, choices)).items() if v > 0}
    if not drawn:
        return parts.empty(
            "No benefit to public services has a value yet", "Give benefits their amounts and shares, and agencies their contributions.",
            key="flows",
        )  # fmt: skip
    names = {**names_of(data, state, appraisal), _NOBODY: "Nobody"}
    marks = {i: p.mark for i, p in data.partners(state).items()}
    unit = unit_of(appraisal.whole.pv_cost_gbp, appraisal.whole.pv_fiscal_gbp)
    bought, gained = _sums(drawn, 0), _sums(drawn, 1)
    payers = [
        End(p, names[p], _pays(appraisal, p, amount, unit), marks.get(p, mark_of(None)))
        for p, amount in bought.items()
    ]
    gainers = [
        End(g, names[g], pounds(amount, unit), marks.get(g, mark_of(None))) for g, amount in gained.items()
    ]
    teller = _teller(state, appraisal, bought)
    pence = _pence(drawn, teller)
    told = _story(drawn, teller, pence, names)
    bands = [Band(p, g, float(v)) for (p, g), v in drawn.items()]
    title = (
        words.flow_title(names[teller], [(g, names[g], pence[g]) for _, g in told], teller)
        if teller and told
        else f"{pounds(sum(drawn.values(), _ZERO))} of benefit, from the money that buys it to the budget it falls on"
    )
    by_class = appraisal.whole.pv_by_class
    apart = listing([f"{c} {pounds(by_class[c], unit)}" for c in FISCAL_CLASSES if by_class[c]])
    total, net = sum(drawn.values(), _ZERO), appraisal.whole.pv_fiscal_gbp
    harm = f", before {pounds(total - net, unit)} of dis-benefits" if total != net else ""
    return parts.panel(
        title,
        parts.picture(flows(bands, payers, gainers, told), key="flow-picture", wide=980),
        parts.twin(_drawn(drawn, names), _matrix(state, appraisal, pairs, names), _driven(appraisal, names)),
        key="flows",
        sub=f"{pounds(total, unit)} of fiscal benefit{harm}, from the money that buys it to the budget it falls on."
        + (f" In colour: where {possessive(the(names[teller]))} money goes; others grey." if teller else ""),
        source="Source: contribution and benefit registers. Method: each benefit follows the shares of the money that paid for its items. "
        f"Net of dis-benefits: {apart or 'nothing'}; the classes are kept apart in the ledger.",
    )


def _pays(appraisal: Appraisal, payer: str, bought: Decimal, unit: str) -> str:
    if payer == _NOBODY:
        return f"paid; {pounds(bought, unit)} comes of it"
    return f"{pounds(appraisal.agencies[payer].pv_cost_gbp, unit)}, buys {pounds(bought, unit)}"


def _teller(state: State, appraisal: Appraisal, bought: Mapping[str, Decimal]) -> str:
    """Return the payer of the story: the agency picked, or the partner that pays most beyond its benefit."""
    if state.agency_id in bought:
        return str(state.agency_id)
    partners = [a.id for a in appraisal.model.agencies if a.is_partner and bought.get(a.id)]
    return min(partners, key=lambda a: (appraisal.agencies[a].net_fiscal_gbp, a), default=_NOBODY)


def _pence(drawn: Mapping[tuple[str, str], Decimal], teller: str) -> dict[str, int]:
    """Return where each pound of the payer's benefit goes, in pence that make a pound."""
    weights = {g: Fraction(v) for (p, g), v in drawn.items() if p == teller}
    return {g: int(part * 100) for g, part in split(Decimal(1), weights).items()} if weights else {}


def _story(
    drawn: Mapping[tuple[str, str], Decimal], teller: str, pence: Mapping[str, int], names: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """Return the payer's largest flows and its own, with pence of each pound."""
    own = {g: v for (p, g), v in drawn.items() if p == teller}
    if not teller:
        return {}
    kept = sorted((g for g in own if g != teller), key=lambda g: (-own[g], g))[: _STORY - 1]
    kept += [teller] if teller in own else []
    return {
        (teller, g): f"{pence[g]}p {'back' if g == teller else f'to {the(names[g])}'}"
        for g in sorted(kept, key=lambda g: -own[g])
    }


def _drawn(drawn: Mapping[tuple[str, str], Decimal], names: Mapping[str, str]) -> html.Div:
    """Return the picture's own amounts: payer x gainer before dis-benefits."""
    payers, gainers = _sums(drawn, 0), _sums(drawn, 1)
    rows = [{"payer": p, "name": names[p], "all": v} for p, v in payers.items()]
    return parts.table(
        rows,
        [
            parts.Col("name", "Whose money"),
            *(
                parts.Col("payer", names[g], lambda p, g=g: pounds(drawn[p, g], "") if (p, g) in drawn else "", numeric=True)  # type: ignore[misc]
                for g in gainers
            ),
            parts.Col("all", "All", lambda v: pounds(v, ""), numeric=True),
        ],
        caption="As drawn: benefit to public services by payer (rows) and gainer (columns), £ at present value, before dis-benefits",
        foot=["All", *(pounds(v, "") for v in gainers.values()), pounds(sum(payers.values(), _ZERO), "")],
    )  # fmt: skip


def _matrix(
    state: State, appraisal: Appraisal, pairs: Mapping[tuple[str, str], Decimal], names: Mapping[str, str]
) -> html.Div:
    """Return payer x gainer as a table, each cell a link to its chain."""
    every = _pairs(appraisal.matrix, (*FISCAL_CLASSES, "economic", "social"))
    payers, gainers = list(_sums(pairs, 0)), list(_sums(pairs, 1))

    def cell(gainer: str) -> Any:
        def shown(row: dict[str, Any]) -> Any:
            amount = pairs.get((row["payer"], gainer))
            if not amount:
                return ""
            said = pounds(amount, "")
            if every[row["payer"], gainer] != amount:
                return said
            return why(said, state, f"payers_gainers/{row['payer'] or 'nobody'}|{gainer}/pv_gbp")

        return shown

    rows = [
        {"payer": p, "name": names[p], "all": sum((v for (q, _), v in pairs.items() if q == p), _ZERO)}
        for p in payers
    ]
    totals = _sums(pairs, 1)
    return parts.table(
        rows,
        [
            parts.Col("name", "Whose money"),
            *(parts.Col("payer", names[g], row=cell(g), numeric=True) for g in gainers),
            parts.Col("all", "All", lambda v: pounds(v, ""), numeric=True),
        ],
        caption="Net: the same less dis-benefits; every cell opens its chain",
        foot=["All", *(pounds(totals[g], "") for g in gainers), pounds(sum(totals.values(), _ZERO), "")],
    )  # fmt: skip


def _driven(appraisal: Appraisal, names: Mapping[str, str]) -> html.Div:
    rows: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for c in appraisal.matrix:
        if c.appraisal_class in FISCAL_CLASSES:
            rows[c.driver_id or _NOBODY, c.payer_id or _NOBODY, c.gainer_id] += c.pv_gbp
    listed = [
        {"driver": names[d] if d else "not stated", "payer": names[p], "gainer": names[g], "gbp": v}
        for (d, p, g), v in sorted(rows.items(), key=lambda x: (x[0][0] == _NOBODY, -x[1]))
        if v
    ]
    return parts.table(
        listed,
        [
            parts.Col("driver", "Whose work drives the demand"), parts.Col("payer", "Whose money"),
            parts.Col("gainer", "Whose benefit"), parts.Col("gbp", "Present value", lambda v: pounds(v, ""), numeric=True),
        ],
        caption="Driver, payer, gainer: the same amounts by whose work drives the demand",
    )  # fmt: skip


# ---- who drives demand ----
def drivers(data: Data, state: State, choices: Choices, appraisal: Appraisal) -> Any:
    """Return whose work drives the demand that falls away, where that is felt, and where it adds demand."""
    names = names_of(data, state, appraisal)
    felt: dict[str | None, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    bought: dict[str | None, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    net: dict[str | None, Decimal] = defaultdict(Decimal)
    for c in data.bought(state, choices):
        if c.appraisal_class in FISCAL_CLASSES:
            felt[c.driver_id][c.gainer_id] += c.pv_gbp
            bought[c.driver_id][c.payer_id or _NOBODY] += c.pv_gbp
    for c in appraisal.matrix:
        if c.appraisal_class in FISCAL_CLASSES:
            net[c.driver_id] += c.pv_gbp
    rows: list[dict[str, Any]] = []
    for driver in (d for d in {**net, **felt} if d is not None):
        to = felt.get(driver, {})
        eased = sum(to.values(), _ZERO)
        rows.append(
            {
                "name": names[driver], "eased": eased, "others": sum((v for g, v in to.items() if g != driver), _ZERO),
                "added": net[driver] - eased, "felt": _top(to, names),
                "bought": _top(bought.get(driver, {}), {**names, _NOBODY: "nobody's money"}),
            }
        )  # fmt: skip
    rows.sort(key=lambda r: (-r["others"], r["name"]))
    if not rows:
        return parts.empty(
            "Nobody has said whose work drives the demand",
            "Name for each benefit the agency whose work drives it.",
            key="drivers",
        )
    best = rows[0]
    title = (
        words.driver_title(best["name"], best["others"])
        if best["others"] > 0
        else "Whose work drives the demand"
    )
    return parts.panel(
        title,
        parts.table(
            rows,
            [
                parts.Col("name", "Drives the demand"),
                parts.Col("eased", "Demand eased", lambda v: pounds(v, ""), numeric=True),
                parts.Col("others", "of it felt by others", lambda v: pounds(v, ""), numeric=True),
                parts.Col("added", "Demand added", lambda v: pounds(v, "") if v else "0", numeric=True),
                parts.Col("felt", "Most felt by"), parts.Col("bought", "Most bought by"),
            ],
            label="Whose work drives the demand",
        ),
        key="drivers",
        sub="Who should be helped upstream: their root causes become others' demand.",
        source=f"No driver is stated for {pounds(net[None])} of benefit." if net.get(None) else "A driver is stated for every benefit.",
    )  # fmt: skip


def _top(amounts: Mapping[str, Decimal], names: Mapping[str, str]) -> str:
    if not amounts:
        return "nobody"
    key = max(amounts, key=lambda k: (abs(amounts[k]), k))
    return names[key]
