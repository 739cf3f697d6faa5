"""Adapters of the chain, additionality, optimism bias, cashability, ratios, social return and switching values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from partnership._roi.chain import additionality, chain_of, corrected, correction_of, lifted, upper_bound
from partnership._roi.discounting import END_OF_YEAR, GREEN_BOOK, net_present_value
from partnership._roi.ledger import flows_of
from partnership._roi.model import Assumed, Line, Settings, affine
from partnership._roi.public_value import (
    distributional_weight,
    ratio,
    social_impact,
    social_impact_by_year,
    social_return,
    switching_share,
    value_band,
)  # fmt: skip
from partnership._roi.returns import payback
from partnership._verify.base import Adapter, Answer, decimal_of, first_of, is_number, not_covered, numbers_of
from partnership._verify.roi_values import rate_in
from partnership.errors import UnknownName
from partnership.parameters import discount_schedule, upper_bounds

__all__ = ["ADAPTERS"]

_DEDUCTIONS = ("deadweight", "displacement", "leakage", "substitution", "attribution")
_NAMES = {
    "target_population": "target population", "population": "target population", "affected": "affected",
    "affected_population": "affected", "engagement": "take-up", "take_up": "take-up", "takeup": "take-up", "retention": "retention",
    "impact": "impact", **{d: d for d in _DEDUCTIONS},
}  # fmt: skip
_UNIT = ("unit_cost", "unit_value", "unit_benefit", "value_per_outcome")
_BIAS = ("ob", "optimism_bias", "correction")


def _fraction(value: Any) -> Decimal:
    return decimal_of(value)


def _additionality(inputs: Mapping[str, Any]) -> Any:
    known = {name: _fraction(inputs[name]) for name in (*_DEDUCTIONS, "multiplier") if name in inputs}
    if not known:
        raise not_covered("additionality", inputs)
    share = additionality(**known)
    added = 1 - sum((known.get(d, Decimal(0)) for d in _DEDUCTIONS), Decimal(0))
    out = Answer(share, additionality=share, net=share, net_ratio=share, multiplicative=share, multiplicative_right=share, additive_wrong=added)  # fmt: skip
    gross = first_of(inputs, "gross", "gross_impact", "gross_benefit")
    if gross is not None:
        out.main = decimal_of(gross) * share
        out |= {"net": out.main, "net_impact": out.main, "net_benefit": out.main}
    return out


def _chain(inputs: Mapping[str, Any]) -> Any:
    out = Answer(None)
    steps = {step: _fraction(inputs[name]) for name, step in _NAMES.items() if name in inputs}
    unit = first_of(inputs, *_UNIT)
    if steps and unit is not None:
        grade = inputs.get("confidence_grade")
        bias = (
            correction_of(int(grade)) if grade is not None else _fraction(first_of(inputs, *_BIAS, default=0))
        )
        out |= chain_of(steps, unit_value=decimal_of(unit), optimism_bias=bias)
        out.main = out["corrected"]
    first = first_of(inputs, "year1_benefit", "annual_benefit", "benefit_year1", default=out.main)
    if first is not None and {"duration", "drop_off", "lag_years", "duration_years", "cost_year0"} & set(
        inputs
    ):
        out |= _profile(inputs, decimal_of(first))
        out.main = out["npv"]
    if not out:
        raise not_covered("chain", inputs)
    return out


def _profile(inputs: Mapping[str, Any], first: Decimal) -> dict[str, Any]:
    """Spread a first year's benefit by lag, ramp-up, duration and drop-off, and set it against its cost."""
    lag = int(decimal_of(first_of(inputs, "lag_years", "lag", default=0)))
    duration = int(decimal_of(first_of(inputs, "duration", "duration_years", "years", default=1)))
    drop = _fraction(first_of(inputs, "drop_off", "dropoff", default=0))
    scale, offset = affine("drop-off", None)
    ramp = tuple(
        Assumed("ramp-up", "ramp-up", r, r, r) for r in numbers_of(first_of(inputs, "ramp_up", default=[]))
    )
    line = Line(
        "case", "case", "fiscal", "no release", {"all": Fraction(1)}, dt.date(2000 + lag, 4, 1), 12 * duration,
        full_year_gbp=first, ramp_up=ramp, drop_off=Assumed("drop-off", "drop-off", drop, drop, drop, scale=scale, offset=offset),
    )  # fmt: skip
    horizon = max(lag + duration, 1)
    benefits = [line.level * w for w in line.year_weights(2000, horizon)]
    stated = first_of(inputs, "cost_year0", "cost", "costs", default=0)
    costs = [abs(c) for c in numbers_of(stated)] if isinstance(stated, list) else [abs(decimal_of(stated))]
    years = max(horizon, len(costs))
    benefits += [Decimal(0)] * (years - horizon)
    costs += [Decimal(0)] * (years - len(costs))
    rate = rate_in(inputs)
    rate = discount_schedule().bands[0][1] if rate is None else rate
    pvb, pvc = net_present_value(benefits, rate), net_present_value(costs, rate)
    back = payback([b - c for b, c in zip(benefits, costs, strict=True)])
    return {
        "pv_benefits": pvb, "pv_costs": pvc, "npv": pvb - pvc, "froi": ratio(pvb, pvc).value, "bcr": ratio(pvb, pvc).value,
        "npbi": pvc - pvb, "payback_year": back.whole_years, "payback_years": back.interpolated_years, "benefits": benefits,
        "switching": switching_share(pvb, pvc),
    }  # fmt: skip


def _optimism(inputs: Mapping[str, Any]) -> Any:
    cost = first_of(inputs, "cost", "capex", "gross_cost", "capital_cost")
    benefit = first_of(inputs, "gross_benefit", "benefit")
    grade = first_of(inputs, "confidence_grade", "grade")
    kind = first_of(inputs, "project_type", "kind", "category", "type")
    if grade is not None and (cost is not None or benefit is not None):
        is_cost = cost is not None
        amount = corrected(decimal_of(cost if is_cost else benefit), int(decimal_of(grade)), is_cost=is_cost)
        return Answer(amount, corrected=amount, correction=correction_of(int(decimal_of(grade))))
    if cost is None or (kind is None and "upper_bound" not in inputs):
        raise not_covered("optimism-bias", inputs)
    bound = decimal_of(inputs["upper_bound"]) if "upper_bound" in inputs else upper_bound(_kind(str(kind)))
    amount = lifted(decimal_of(cost), bound, decimal_of(first_of(inputs, "mitigation", default=0)))
    return Answer(amount, corrected=amount, upper_bound=bound)


def _kind(name: str) -> str:
    """Return the kind of capital project that a case names in its own way: ``non_standard_civil``."""
    words = name.casefold().replace("non_standard", "non-standard").replace("_", " ").split()
    for kind in upper_bounds().rows:
        if all(w in kind.split() for w in words if w not in ("capex", "and")):
            return str(kind)
    wanted = "kind of capital project"
    raise UnknownName(wanted, name, upper_bounds().rows)


def _bcr(inputs: Mapping[str, Any]) -> Any:
    benefits, costs = (
        first_of(inputs, "benefits", "pv_benefits"),
        first_of(inputs, "costs", "pv_costs", "cost"),
    )
    if not is_number(benefits) or not is_number(costs):
        raise not_covered("benefit-cost", inputs)
    harm = abs(decimal_of(first_of(inputs, "disbenefit", "disbenefits", "dis_benefit", default=0)))
    gain, cost = decimal_of(benefits), decimal_of(costs)
    netted, added = ratio(gain - harm, cost).value, ratio(gain, cost + harm).value
    return Answer(
        netted, npv=gain - harm - cost, bcr=netted, bcr_netted_benefit=netted, bcr_added_to_cost=added
    )


def _band(inputs: Mapping[str, Any]) -> Any:
    given = first_of(inputs, "bcr", "ratio", "bcrs")
    if isinstance(given, list):
        return [value_band(b).replace(" ", "_") for b in numbers_of(given)]
    if not is_number(given):
        raise not_covered("value-for-money", inputs)
    return value_band(decimal_of(given)).replace(" ", "_")


def _cashability(inputs: Mapping[str, Any]) -> Any:
    step = first_of(inputs, "step", "step_gbp", "step_threshold", "threshold")
    saving = first_of(inputs, "saving", "annual_saving", "amount", "cashable")
    if is_number(step) and is_number(saving):
        line = Line(
            "case", "case", "fiscal", "cash-releasing", {"all": Fraction(1)}, dt.date(2000, 4, 1), 12,
            full_year_gbp=decimal_of(saving), step_gbp=decimal_of(step),
        )  # fmt: skip
        parts = {f.appraisal_class: f.amounts[0] for f in flows_of(line, Settings(2000, 1))}
        cash, rest = parts.get("cash-releasing", Decimal(0)), parts.get("capacity released", Decimal(0))
        return Answer(
            cash, cash=cash, cashable=cash, cashable_total=cash, capacity=rest, capacity_released=rest
        )
    fiscal, shares = inputs.get("fiscal"), first_of(inputs, "cashable_pct", "cashable_share", "cashable")
    if not isinstance(fiscal, Mapping) or not isinstance(shares, Mapping):
        raise not_covered("cashability", inputs)
    by_agency = {a: decimal_of(v) * _share(shares.get(a, 0)) for a, v in fiscal.items()}
    whole, cash = (
        sum((decimal_of(v) for v in fiscal.values()), Decimal(0)),
        sum(by_agency.values(), Decimal(0)),
    )
    return Answer(
        cash, fiscal_total=whole, cashable_total=cash, cashable=by_agency, cashable_by_agency=by_agency,
        capacity_total=whole - cash, not_cashable_total=whole - cash,
    )  # fmt: skip


def _share(value: Any) -> Decimal:
    return additionality(deadweight=1 - decimal_of(value))


def _distributional(inputs: Mapping[str, Any]) -> Any:
    income, median = first_of(inputs, "income"), first_of(inputs, "median", "median_income")
    if not is_number(income) or not is_number(median):
        raise not_covered("distributional", inputs)
    eta = first_of(inputs, "eta", "elasticity")
    weight = distributional_weight(
        decimal_of(income), decimal_of(median), None if eta is None else decimal_of(eta)
    )
    return Answer(weight, weight=weight)


def _perspective(inputs: Mapping[str, Any]) -> Any:
    cost = first_of(inputs, "programme_cost", "program_cost", "cost", "costs")
    if not is_number(cost) or not is_number(inputs.get("taxpayer_benefits")):
        raise not_covered("perspective", inputs)
    payer = decimal_of(inputs["taxpayer_benefits"])
    other = decimal_of(
        first_of(inputs, "non_taxpayer_benefits", "nontaxpayer_benefits", "other_benefits", default=0)
    )
    paid = abs(decimal_of(cost))
    bcr = ratio(payer + other, paid).value
    return Answer(
        bcr, total_benefits=payer + other, npv=payer + other - paid, bcr=bcr, taxpayer_bcr=ratio(payer, paid).value,
        taxpayer_npv=payer - paid,
    )  # fmt: skip


def _switching(inputs: Mapping[str, Any]) -> Any:
    benefits, costs = (
        first_of(inputs, "pv_benefits", "benefits"),
        first_of(inputs, "pv_costs", "costs", "pv_cost"),
    )
    if not is_number(benefits) or not is_number(costs):
        raise not_covered("switching-value", inputs)
    share = switching_share(decimal_of(benefits), decimal_of(costs))
    rise = decimal_of(benefits) / decimal_of(costs) - 1 if decimal_of(costs) > 0 else None
    return Answer(share, switching_value=share, benefit_reduction=share, cost_increase=rise)


def _sroi(inputs: Mapping[str, Any]) -> Any:
    quantity = first_of(inputs, "qty", "quantity", "participants", "people")
    proxy = first_of(inputs, "proxy", "proxy_gbp", "financial_proxy")
    out = Answer(None)
    if is_number(quantity) and is_number(proxy):
        out = _impact(inputs, decimal_of(quantity), decimal_of(proxy))
    elif not is_number(first_of(inputs, "pv_total", "pv_benefits", "pv")):
        raise not_covered("social-return", inputs)
    stated = first_of(inputs, "inputs", "input", "investment")
    value = first_of(inputs, "pv_total", "pv_benefits", "pv", default=out.get("pv"))
    if stated is not None and value is not None:
        parts = (
            stated.values()
            if isinstance(stated, Mapping)
            else stated
            if isinstance(stated, list)
            else [stated]
        )
        total = sum(numbers_of(list(parts)), Decimal(0))
        back = social_return(decimal_of(value), total)
        out |= {
            "inputs_total": total, "ratio": back.gross.value, "sroi": back.gross.value, "gross_ratio": back.gross.value,
            "net_ratio": back.net.value, "net_sroi": back.net.value, "npv": back.net_present_value,
        }  # fmt: skip
        out.main = back.gross.value
    return out


def _impact(inputs: Mapping[str, Any], quantity: Decimal, proxy: Decimal) -> Answer:
    shares = {k: _fraction(inputs[k]) for k in ("deadweight", "displacement", "attribution") if k in inputs}
    first = social_impact(quantity, proxy, **shares)
    after = social_impact(quantity, proxy, deadweight=shares.get("deadweight", Decimal(0)))
    out = Answer(first, gross=quantity * proxy, after_deadweight=after, year1=first, impact=first)
    drop = first_of(inputs, "drop_off", "dropoff")
    years = first_of(inputs, "years", "duration", "duration_years", default=2 if drop is not None else None)
    rate = rate_in(inputs)
    if years is not None:
        by_year = social_impact_by_year(first, _fraction(drop or 0), int(decimal_of(years)))
        year0 = GREEN_BOOK if inputs.get("year1_undiscounted") else END_OF_YEAR
        out |= {"by_year": list(by_year), "total": sum(by_year, Decimal(0))}
        out["pv"] = net_present_value(by_year, Decimal(0) if rate is None else rate, year0=year0)
        out.main = out["pv"]
    return out


ADAPTERS: dict[str, Adapter] = {
    "additionality": _additionality, "gmca_chain": _chain, "optimism_bias": _optimism, "bcr": _bcr, "bcr_class": _band,
    "cashability": _cashability, "distributional": _distributional, "perspective_bcr": _perspective, "sensitivity": _switching,
    "sroi": _sroi,
}  # fmt: skip
