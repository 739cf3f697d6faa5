"""Adapters of discounting, net present value, rates of return, payback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from partnership._roi.discounting import (
    END_OF_YEAR,
    GREEN_BOOK,
    Year0,
    discount_factor,
    equivalent_annual_value,
    net_present_value,
)  # fmt: skip
from partnership._roi.returns import (
    Payback,
    dated_present_value,
    dated_rate,
    internal_rates,
    modified_internal_rate,
    payback,
)  # fmt: skip
from partnership._verify.base import (
    Adapter,
    Answer,
    NotCovered,
    decimal_of,
    first_of,
    is_number,
    not_covered,
    numbers_of,
)
from partnership.errors import shown
from partnership.parameters import discount_schedule

__all__ = ["ADAPTERS", "flows_in", "rate_in"]

_SCHEDULES = {
    "standard": "standard", "stpr": "standard", "green_book": "standard", "greenbook": "standard", "health": "health",
    "qaly": "health", "life": "health", "reduced": "reduced", "reduced_3pct": "reduced", "reduced_rate": "reduced",
}  # fmt: skip
_FLOWS = (
    "cashflows",
    "cash_flows",
    "flows",
    "npv_cashflows",
    "cashflows_m",
    "cashflows_k",
    "values",
    "amounts",
    "net_flows",
)


def flows_in(inputs: Mapping[str, Any]) -> list[Decimal] | None:
    """Return the yearly flows of a case, under whichever of its names they stand; None without any."""
    given = first_of(inputs, *_FLOWS)
    if given is None and isinstance(inputs.get("benefits"), list) and isinstance(inputs.get("costs"), list):
        benefits, costs = numbers_of(inputs["benefits"]), numbers_of(inputs["costs"])
        years = max(len(benefits), len(costs))
        padded = [x + [Decimal(0)] * (years - len(x)) for x in (benefits, costs)]
        return [b - abs(c) for b, c in zip(*padded, strict=True)]
    return None if given is None else numbers_of(given)


def rate_in(inputs: Mapping[str, Any]) -> Decimal | None:
    """Return the yearly rate of a case; None without one."""
    given = first_of(inputs, "rate", "discount_rate", "flat_rate", "real_rate")
    return None if given is None else decimal_of(given)


def _schedule(inputs: Mapping[str, Any]) -> str:
    name = str(inputs.get("schedule", "standard")).casefold().replace(" ", "_").replace("-", "_")
    if name not in _SCHEDULES:
        msg = f"There is no discount schedule {shown(name)} here."
        raise NotCovered(msg)
    return _SCHEDULES[name]


def _year0(inputs: Mapping[str, Any]) -> Year0:
    ends = first_of(
        inputs, "excel_end_of_period", "end_of_period", "end_of_year_from_year1", "end_of_year", default=False
    )
    if "year0_undiscounted" in inputs:
        return GREEN_BOOK if inputs["year0_undiscounted"] else END_OF_YEAR
    if "year1_undiscounted" in inputs:
        return GREEN_BOOK if inputs["year1_undiscounted"] else END_OF_YEAR
    return END_OF_YEAR if ends else GREEN_BOOK


def _present(flows: Sequence[Decimal], inputs: Mapping[str, Any], year0: Year0) -> Decimal:
    """Return a present value at the case's rate, or by its schedule when it names no rate."""
    rate = rate_in(inputs)
    if rate is not None:
        return net_present_value(flows, rate, year0=year0)
    start = 0 if year0 == GREEN_BOOK else 1
    name, vintage = _schedule(inputs), inputs.get("vintage")
    return sum(
        (f * discount_factor(t, schedule=name, vintage=vintage) for t, f in enumerate(flows, start)),
        Decimal(0),
    )


def _discount_factor(inputs: Mapping[str, Any]) -> Any:
    if isinstance(inputs.get("years"), list):
        return [_discount_factor({**inputs, "year": y, "years": None}) for y in inputs["years"]]
    if not is_number(inputs.get("year")):
        raise not_covered("discount-factor", inputs)
    year = int(inputs["year"]) + (_year0(inputs) == END_OF_YEAR)
    rate = rate_in(inputs)
    if rate is not None:
        return (1 + rate) ** -year
    schedule = discount_schedule(_schedule(inputs), inputs.get("vintage"))
    factor = discount_factor(year, schedule=_schedule(inputs), vintage=inputs.get("vintage"))
    last = next((r for end, r in schedule.bands if year <= end), schedule.bands[-1][1])
    return Answer(factor, right=factor, factor=factor, wrong=(1 + last) ** -year)


def _npv(inputs: Mapping[str, Any]) -> Any:
    if {"benefit_per_year", "years"} <= set(inputs):
        return _annuity(inputs)
    flows = flows_in(inputs)
    if flows is None:
        raise not_covered("net-present-value", inputs)
    by_name: dict[Year0, Decimal] = {y: _present(flows, inputs, y) for y in (GREEN_BOOK, END_OF_YEAR)}
    out = Answer(
        by_name[_year0(inputs)], npv=by_name[_year0(inputs)], numpy_t0=by_name[GREEN_BOOK], excel_t1=by_name[END_OF_YEAR],
        year0_undiscounted=by_name[GREEN_BOOK], year1_discounted=by_name[END_OF_YEAR],
        green_book=by_name[GREEN_BOOK], end_of_year=by_name[END_OF_YEAR],
    )  # fmt: skip
    if isinstance(inputs.get("benefits"), list):
        pvb = _present(numbers_of(inputs["benefits"]), inputs, _year0(inputs))
        pvc = _present([abs(c) for c in numbers_of(inputs["costs"])], inputs, _year0(inputs))
        out |= {"pv_benefits": pvb, "pv_costs": pvc, "bcr": pvb / pvc if pvc > 0 else None}
    else:
        gains, costs = [max(f, Decimal(0)) for f in flows], [max(-f, Decimal(0)) for f in flows]
        pvb, pvc = _present(gains, inputs, _year0(inputs)), _present(costs, inputs, _year0(inputs))
        out |= {"pv_benefits": pvb, "pv_costs": pvc, "bcr": pvb / pvc if pvc > 0 else None}
    return out


def _annuity(inputs: Mapping[str, Any]) -> Answer:
    """Value a level benefit from year 1, and a cost in year 0 (not discounted) or in year 1 (discounted once)."""
    years, benefit = int(inputs["years"]), decimal_of(inputs["benefit_per_year"])
    at_start = abs(decimal_of(first_of(inputs, "cost_year0", default=0)))
    in_first = abs(decimal_of(first_of(inputs, "cost_year1", "cost", default=0)))
    yearly = abs(decimal_of(first_of(inputs, "cost_per_year", default=0)))
    benefits = [Decimal(0), *[benefit] * years]
    costs = [at_start, in_first + yearly, *[yearly] * (years - 1)]
    pvb, pvc = _present(benefits, inputs, GREEN_BOOK), _present(costs, inputs, GREEN_BOOK)
    rates = internal_rates([float(b - c) for b, c in zip(benefits, costs, strict=True)])
    npv = pvb - pvc
    return Answer(
        npv, npv=npv, pv_benefits=pvb, pv_costs=pvc, pv_cost=pvc, bcr=pvb / pvc if pvc > 0 else None,
        irr=rates[0] if len(rates) == 1 else None,
    )  # fmt: skip


def _npv_bcr_irr(inputs: Mapping[str, Any]) -> Any:
    out = _npv(inputs)
    if "irr" not in out:
        rates = internal_rates([float(f) for f in flows_in(inputs) or ()])
        out["irr"] = rates[0] if len(rates) == 1 else None
    return out


def _rates(inputs: Mapping[str, Any]) -> tuple[float, ...]:
    flows = flows_in(inputs)
    if flows is None:
        raise not_covered("rate-of-return", inputs)
    return internal_rates([float(f) for f in flows])


def _irr(inputs: Mapping[str, Any]) -> Any:
    """Answer with the root nearest to nil, which published examples give; the library makes no headline of several."""
    rates = _rates(inputs)
    nearest = min(rates, key=abs) if rates else None
    return Answer(
        nearest, irr=nearest, roots=list(rates), irrs=list(rates), count=len(rates),
        headline=nearest if len(rates) == 1 else None, unique=len(rates) == 1, is_unique=len(rates) == 1,
    )  # fmt: skip


def _irr_multiple(inputs: Mapping[str, Any]) -> Any:
    answer = _irr(inputs)
    answer.main = answer["roots"]
    return answer


def _mirr(inputs: Mapping[str, Any]) -> Any:
    flows = flows_in(inputs)
    finance = first_of(inputs, "finance_rate", "rate")
    reinvest = first_of(inputs, "reinvest_rate", "reinvestment_rate", "rate")
    if flows is None or finance is None or reinvest is None:
        raise not_covered("modified-rate", inputs)
    rate = modified_internal_rate(
        [float(f) for f in flows], float(decimal_of(finance)), float(decimal_of(reinvest))
    )
    return Answer(rate, mirr=rate)


def _payback(inputs: Mapping[str, Any]) -> Any:
    flows = flows_in(inputs)
    if flows is None:
        raise not_covered("payback", inputs)
    rate = rate_in(inputs)
    asked = payback(flows, rate=rate or Decimal(0))
    plain = payback(flows)
    out = Answer(
        asked.interpolated_years, interpolated=asked.interpolated_years, whole_year=asked.whole_years,
        interpolated_undiscounted=plain.interpolated_years, whole_year_undiscounted=plain.whole_years,
        first_crossing=asked.whole_years, payback_year=asked.whole_years, cumulative_end=asked.cumulative_end,
        reverses=asked.reverses, reversal=asked.reverses, warning=asked.reverses, never=asked.whole_years is None,
    )  # fmt: skip
    discounted = asked if rate is not None else payback(flows, rate=discount_schedule().bands[0][1])
    out |= {
        "interpolated_discounted": discounted.interpolated_years,
        "whole_year_discounted": discounted.whole_years,
    }
    for percent in range(1, 31):
        at: Payback = payback(flows, rate=Decimal(percent) / 100)
        out[f"whole_year_discounted_{percent}pct"] = at.whole_years
        out[f"interpolated_discounted_{percent}pct"] = at.interpolated_years
    return out


def _dated(inputs: Mapping[str, Any]) -> tuple[list[float], list[dt.date]]:
    amounts, dates = flows_in(inputs), inputs.get("dates")
    if amounts is None or not isinstance(dates, list):
        raise not_covered("dated-flow", inputs)
    if str(inputs.get("day_count", "actual/365")).casefold() not in ("actual/365", "act/365"):
        msg = f"Days are counted as actual/365 here, not as {shown(inputs['day_count'])}."
        raise NotCovered(msg)
    return [float(a) for a in amounts], [dt.date.fromisoformat(str(d)) for d in dates]


def _xirr(inputs: Mapping[str, Any]) -> Any:
    rate = dated_rate(*_dated(inputs))
    return Answer(rate, xirr=rate)


def _xnpv(inputs: Mapping[str, Any]) -> Any:
    rate = rate_in(inputs)
    if rate is None:
        raise not_covered("dated-value", inputs)
    value = dated_present_value(*_dated(inputs), float(rate))
    return Answer(value, xnpv=value)


def _eanc(inputs: Mapping[str, Any]) -> Any:
    rate = rate_in(inputs)
    if rate is None:
        rate = discount_schedule(_schedule(inputs), inputs.get("vintage")).bands[0][1]
    flows = flows_in(inputs)
    given = first_of(inputs, "npv", "present_value", "pv")
    if (flows is None and given is None) or not is_number(inputs.get("years")):
        raise not_covered("equivalent-annual", inputs)
    value = net_present_value(flows, rate) if flows is not None else decimal_of(given)
    level = equivalent_annual_value(value, int(inputs["years"]), rate)
    return Answer(level, eanc=level, eanb=level, npv=value)


ADAPTERS: dict[str, Adapter] = {
    "discount_factor": _discount_factor, "npv": _npv, "npv_bcr_irr": _npv_bcr_irr, "irr": _irr, "irr_multiple": _irr_multiple,
    "irr_undefined": _irr, "mirr": _mirr, "payback": _payback, "payback_discounted": _payback, "xirr": _xirr, "xnpv": _xnpv,
    "eanc": _eanc,
}  # fmt: skip
