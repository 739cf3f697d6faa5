# ruff: noqa: E501 - a sentence stays on one line
"""Sentences of the investment page, each computed from the appraisal, the draws, the shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from partnership.charts.investment_sure import of_draws
from partnership.parameters import discount_schedule
from partnership.periods import name_financial_year
from partnership.wording import (
    capital,
    count_of,
    does,
    in_words,
    is_plural,
    listing,
    percent,
    possessive,
    pounds,
    the,
    unit_of,
)

if TYPE_CHECKING:
    from partnership._roi.appraisal import Appraisal, Result
    from partnership._roi.settled import Settled
    from partnership._roi.sustainability import Sustainability
    from partnership._workflows.uncertainty import UncertainAppraisal

__all__ = [
    "basis_words",
    "chance_words",
    "driver_title",
    "flow_title",
    "measure_title",
    "run_on_title",
    "sharing_title",
    "shares_words",
    "worse_title",
]

_ZERO = Decimal(0)


def basis_words(result: Result, appraisal: Appraisal) -> str:
    """Return horizon, prices, edition of rates and denominator, and what of the cost is not agreed."""
    settings = appraisal.model.settings
    rate = percent(discount_schedule(settings.schedule, settings.vintage).bands[0][1])
    span = f"{name_financial_year(settings.years[0])} to {name_financial_year(settings.years[-1])}"
    said = (
        f"{capital(count_of(settings.horizon_years, 'year', words=True))}, {span}; present value, {appraisal.vintage} from {rate} a year; "
        f"{settings.prices} prices; ratios divide by the cost of those who hold the budgets."
    )
    if result.pv_not_agreed_gbp:
        unit = unit_of(result.pv_cost_gbp)
        said += f" {pounds(result.pv_not_agreed_gbp, unit)} of the {pounds(result.pv_cost_gbp, unit)} is not yet agreed."
    return said


def shares_words(appraisal: Appraisal) -> str:
    """Return who pays most beyond what it receives, and who receives most beyond what it pays; of partners."""
    whole = appraisal.whole
    partners = [appraisal.agencies[a.id] for a in appraisal.model.agencies if a.is_partner]
    if len(partners) < 2 or whole.pv_cost_gbp <= 0 or whole.pv_fiscal_gbp <= 0:
        return ""
    said = []
    ordered = sorted(partners, key=lambda r: (r.net_fiscal_gbp, r.scope))
    for result, is_right in (
        (ordered[0], ordered[0].net_fiscal_gbp < 0),
        (ordered[-1], ordered[-1].net_fiscal_gbp > 0),
    ):
        if is_right:
            paid, got = result.pv_cost_gbp / whole.pv_cost_gbp, result.pv_fiscal_gbp / whole.pv_fiscal_gbp
            name = the(result.name)
            gets = "receive" if is_plural(result.name) else "receives"
            said.append(f"{does(name, 'pay')} {percent(paid)} and {gets} {percent(got)}")
    return f"{capital('; '.join(said))}." if said else ""


def chance_words(found: UncertainAppraisal, scope: str) -> str:
    """Return how likely the scope gains, what to expect and the range."""
    s = found.spreads["net fiscal"][scope]
    unit = unit_of(s.used_gbp, s.mean_gbp, s.p10_gbp, s.p90_gbp)
    who = "the whole" if scope == "whole" else the(s.name)
    gains = "gain" if is_plural(who) else "gains"
    low, high = pounds(round(s.p10_gbp), unit), pounds(round(s.p90_gbp), unit)
    leans = "" if s.mean_gbp >= s.used_gbp else ": the ranges lean to the low side"
    return (
        f"{capital(of_draws(s.chance_gain))} that {who} {gains}: 80% range of the net {low} to {high}. With every assumption as used the net is "
        f"{pounds(round(s.used_gbp), unit)}; its mean over the ranges is {pounds(round(s.mean_gbp), unit)}{leans}."
    )


def flow_title(payer: str, parts: Sequence[tuple[str, str, int]], own: str) -> str:
    """Return where each pound of benefit goes that a payer's money buys.

    Parameters
    ----------
    payer : str
        Name.
    parts : Sequence of (str, str, int)
        Id, name and pence of the gainers in the story.
    own : str
        The payer's id.

    Examples
    --------
    >>> flow_title("Council", [("COU", "Council", 25), ("ICB", "Care board", 75)], "COU")
    'Of each £1 of benefit that the council’s money buys, 75p goes to the care board and 25p comes back'
    """
    others = [f"{pence}p goes to {the(name)}" for key, name, pence in parts if key != own]
    back = [f"{pence}p comes back" for key, _, pence in parts if key == own]
    return f"Of each £1 of benefit that {possessive(the(payer))} money buys, {listing([*others, *back])}"


def driver_title(name: str, others: Decimal) -> str:
    """Return the sentence on whose root causes become others' demand."""
    drives = does(the(name, start=True), "drive")
    return f"{drives} demand that others feel: {pounds(others)} of it is eased"


def worse_title(found: UncertainAppraisal, partners: Sequence[str]) -> str:
    """Return how many partners will probably be worse off; of one agency, how likely it is."""
    spreads = found.spreads["net fiscal"]
    if found.scope != "whole":
        name = the(spreads[found.scope].name, start=True)
        return f"{name} {'are' if is_plural(name) else 'is'} worse off in {of_draws(spreads[found.scope].chance_worse_off).removesuffix(' in 100')} of 100 futures"
    likely = [p for p in partners if p in spreads and spreads[p].chance_worse_off > 0.5]
    whole = spreads["whole"].chance_gain > 0.5
    if not likely:
        return "No partner is more likely than not to be worse off"
    if len(likely) == 1:
        name = the(spreads[likely[0]].name, start=True)
        return f"{name} will probably be worse off{', though the whole gains' if whole else ''}"
    return f"{capital(in_words(len(likely)))} partners will probably be worse off{', though the whole gains' if whole else ''}"


def measure_title(found: UncertainAppraisal) -> str:
    """Return which number to go and measure first."""
    if not found.worth:
        return "What moves the answer most"
    best = found.worth[0]
    name = listing([f"“{n}”" for n in best.names], most=2)
    if best.worth_gbp > 0:
        return f"Go and measure this first: {name}, worth {pounds(round(best.worth_gbp))} to know before deciding"
    share = percent(Decimal(repr(best.variance_share)))
    return f"No single number would turn the decision; {name} explains most of the doubt, {share}"


def sharing_title(done: Settled) -> str:
    """Return what all ways of sharing agree on; else what the chosen one would move."""
    given = [r.transfer_gbp for r in done.shares.results.values() if r.transfer_gbp]
    if not given:
        return "No way of sharing can be worked out"
    more = [a for a in done.shares.agencies if all(t[a] < 0 for t in given)]
    less = [a for a in done.shares.agencies if all(t[a] > 0 for t in given)]
    move: Mapping[str, Decimal] = done.chosen.transfer_gbp or given[0]
    if more and less:
        asks, spares = min(more, key=lambda a: move[a]), max(less, key=lambda a: move[a])
        return f"Every way of sharing asks more of {the(done.names[asks])}, less of {the(done.names[spares])}"
    top = max(move.values(), default=_ZERO)
    if top <= 0:
        return "Each already has its share"
    to = max(move, key=lambda a: move[a])
    return f"{capital(the(done.names[to]))} would pay {pounds(top)} less by {done.chosen.method.name.lower()}"


def run_on_title(found: Sustainability, scope: str) -> str:
    """Return when which gap opens; or that none does."""
    rows = found.rows.get(scope, ())
    gap = next((r for r in rows if r.gap_gbp > 0), None)
    if gap is not None:
        return f"From {name_financial_year(gap.financial_year)}, {pounds(gap.gap_gbp)} a year has no funder"
    if found.endings and any(e.is_recurring for e in found.endings):
        return "What ends is taken over: no year is without a funder"
    return "No funding that the work lives on ends"
