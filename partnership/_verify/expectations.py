"""Adapters of expectations: gaps between partners, targets with horizons, common rates, what adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from partnership import expectations
from partnership._verify.base import Adapter, Answer, decimal_of, first_of, not_covered

__all__ = ["ADAPTERS"]

_BANDS = {"discuss_from": 2, "redefine_from": 10}


def _gap(inputs: Mapping[str, Any]) -> Any:
    if isinstance(inputs.get("expectations"), list):
        return _timed(inputs)
    given = first_of(inputs, "expected", "values", "quantities", "rates")
    if isinstance(given, Sequence) and not isinstance(given, str):
        given = {f"partner {n}": value for n, value in enumerate(given, start=1)}
    if isinstance(given, Mapping):
        return _measures(given, inputs)
    if "offers" in inputs:
        return _sum(inputs)
    if {"quantity", "per", "compared_per"} <= set(inputs):
        rate = expectations.common_rate(decimal_of(inputs["quantity"]), inputs["per"], inputs["compared_per"])
        return Answer(rate, rate=rate, common_rate=rate)
    raise not_covered("gap", inputs)


def _measures(given: Mapping[str, Any], inputs: Mapping[str, Any]) -> Answer:
    """Measure a gap; across definitions, where a case names them, nothing is averaged."""
    discuss, redefine = (float(inputs.get(k, default)) for k, default in _BANDS.items())
    rates = {who: None if value is None else float(decimal_of(value)) for who, value in given.items()}
    definitions = inputs.get("definitions")
    if isinstance(definitions, Mapping):
        said = [
            expectations.Stated(who, rate, definition=definitions.get(who)) for who, rate in rates.items()
        ]
        found = expectations.typed_gap(said, discuss_from=discuss, redefine_from=redefine)
        return _answer(found.gap, kind=found.kind, months_apart=found.months_apart)
    return _answer(expectations.gap(rates, discuss_from=discuss, redefine_from=redefine))


def _answer(found: expectations.Gap, **more: Any) -> Answer:
    named = asdict(found) | {
        "expecting_none": list(found.expecting_none),
        "unanswered": list(found.unanswered),
    }
    return Answer(found.ratio, **named, **more)


def _timed(inputs: Mapping[str, Any]) -> Any:
    targets = [
        expectations.TimedTarget(e["agency"], e["target"], e["months"]) for e in inputs["expectations"]
    ]
    return asdict(expectations.compare_rates(targets))


def _sum(inputs: Mapping[str, Any]) -> Answer:
    """Add up offers: agency to a quantity, or to a quantity and the definition that it uses."""
    offers: dict[str, tuple[Fraction | None, str | None]] = {}
    for who, offer in inputs["offers"].items():
        quantity, used = offer if isinstance(offer, list) else (offer, None)
        offers[who] = (None if quantity is None else Fraction(decimal_of(quantity)), used)
    target = inputs.get("target")
    found = expectations.adds_up(offers, None if target is None else Fraction(decimal_of(target)))
    return Answer(
        found.standing, standing=found.standing, given=found.given, share=found.share, silent=found.silent
    )


ADAPTERS: dict[str, Adapter] = {"gap": _gap}
"""Category of a case to the call that answers it."""
