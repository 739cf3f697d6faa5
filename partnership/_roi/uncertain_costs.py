# ruff: noqa: E501 - a sentence stays on one line
"""Costs as draws see them: which have a range, who shares one, and what each agency pays by year under each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from partnership._roi.distributions import Distribution
from partnership._roi.draw_model import Factor, Number
from partnership._roi.ledger import counted_costs, lifted_cost
from partnership._roi.model import AppraisalModel, Cost
from partnership.periods import name_financial_year

__all__ = ["CostFlow", "cost_flows", "cost_numbers", "without_range"]

_UNIT = "% of the amount stated"
Tell = Callable[[str, str, str, str], None]


@dataclass(frozen=True, slots=True)
class CostFlow:
    """What an agency pays by year under one uncertain number; none of it where the number is ``None``."""

    factor: Factor | None
    flows: tuple[float, ...]


def cost_numbers(
    model: AppraisalModel, costs: Distribution | None, move: str, tell: Tell
) -> dict[str, Number]:
    """Return the uncertain numbers of costs by key: those of the plan, or of one factor given for all of them.

    Parameters
    ----------
    model : AppraisalModel
        Its counted costs; each may carry a range in per cent of its amount.
    costs : Distribution or None
        A factor that stands in for all ranges of the plan; None: the plan's own.
    move : str
        ``by agency`` or ``together``, for the factor that is given.
    tell : callable
        Takes code, key, what was found and what is done.
    """
    if costs is not None:
        if costs.is_fixed:
            return {}
        names = {c.agency_id for c in counted_costs(model)}
        of = {f"cost|{a}": model.agency_names.get(a, "all agencies") for a in (["together"] if move == "together" else sorted(names))}  # fmt: skip
        return {k: Number(k, f"Cost of {who}", costs, costs.value, "cost", "x") for k, who in of.items()}
    out: dict[str, Number] = {}
    for cost in counted_costs(model):
        key = cost.range_key
        if key and key not in out:
            out[key] = Number(
                key, _name(model, cost), _spread(cost, key, tell), 100.0, "cost", _UNIT, source=cost.range_source
            )  # fmt: skip
    return out


def without_range(model: AppraisalModel, costs: Distribution | None) -> list[str]:
    """Return the agencies whose cost, or part of whose cost, is taken as certain."""
    if costs is not None and not costs.is_fixed:
        return []
    return sorted({c.agency_id for c in counted_costs(model) if costs is not None or c.range_key is None})


def cost_flows(
    model: AppraisalModel, agency: str, at: Mapping[str, int], *, given: bool, cash_only: bool
) -> list[CostFlow]:
    """Return what an agency pays by year, real pounds not discounted, apart by the number that moves it.

    Parameters
    ----------
    model : AppraisalModel
        Its counted costs, with the uplift for optimism.
    agency : str
        Whose.
    at : Mapping[str, int]
        Key to place of every uncertain number.
    given : bool
        True where one factor stands in for the ranges of the plan.
    cash_only : bool
        Leave out what is paid in kind.
    """
    whole = next((at[k] for k in (f"cost|{agency}", "cost|together") if k in at), None) if given else None
    found: dict[int | None, list[float]] = {}
    for cost in counted_costs(model):
        if cost.agency_id == agency and (not cash_only or cost.form == "cash"):
            key = whole if given else at.get(cost.range_key or "")
            years = found.setdefault(key, [0.0] * model.settings.horizon_years)
            years[cost.financial_year - model.settings.first_year] += float(lifted_cost(cost, model.settings))
    scale = 1.0 if given else 0.01
    return [
        CostFlow(None if key is None else Factor(key, 0.0, scale), tuple(flows))
        for key, flows in sorted(found.items(), key=lambda x: (x[0] is not None, x[0] or 0))
        if any(flows)
    ]


def _name(model: AppraisalModel, cost: Cost) -> str:
    """Return what the number is called: the shared name, or whose cost of which year."""
    if cost.shared_name:
        who = _agencies(model, cost.shared_name)
        said = model.agency_names.get(next(iter(who)), "") if len(who) == 1 else f"{len(who)} agencies"
        return f"Cost of {said}, {cost.shared_name.replace('-', ' ').replace('_', ' ')}"
    whose = model.agency_names.get(cost.agency_id, cost.agency_id)
    what = f", {cost.item_id or cost.goal_id}" if cost.item_id or cost.goal_id else ""
    return f"Cost of {whose}{what}, {name_financial_year(cost.financial_year)}"


def _agencies(model: AppraisalModel, shared_name: str) -> Collection[str]:
    return {c.agency_id for c in counted_costs(model) if c.range_key == shared_name}


def _spread(cost: Cost, key: str, tell: Tell) -> Distribution:
    low, high, kind = float(cost.range_low or 0), float(cost.range_high or 0), cost.distribution
    if kind == "lognormal" and low <= 0:
        tell(
            "roi-lognormal",
            key,
            f"its low end is {low:g}%: no lognormal begins there.",
            "taken as triangular",
        )
        kind = "triangular"
    if kind == "uniform" and abs(100 - (low + high) / 2) > 0.01 * (high - low):
        tell(
            "roi-uniform", key, f"the amount stated is not the middle of {low:g}% to {high:g}%.",
            "drawn evenly over the range",
        )  # fmt: skip
    spread = Distribution(kind, low, 100.0, high, 0.0, float("inf"))
    lost = 1 - spread.cut[1]
    if lost > 0.001:
        tell("roi-cut", key, f"{lost:.1%} of its {kind} lies below nothing.", "cut off, the rest spread over")
    return spread
