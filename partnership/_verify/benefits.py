"""Adapters from published cases to forecasts and reference classes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from partnership import benefits
from partnership._verify.base import Adapter, Answer, decimal_of, first_of, not_covered, numbers_of

__all__ = ["ADAPTERS"]


def _forecast(inputs: Mapping[str, Any]) -> Any:
    """Holt's linear method with given smoothing, damped where a damping is given."""
    if not {"values", "level", "trend", "ahead"} <= set(inputs):
        raise not_covered("forecast", inputs)
    level, trend = (float(decimal_of(inputs[k])) for k in ("level", "trend"))
    damping = float(decimal_of(first_of(inputs, "damping", default=1)))
    values = [float(v) for v in numbers_of(inputs["values"])]
    return Answer(found := benefits.holt(values, level, trend, int(inputs["ahead"]), damping), forecast=found)


def _reference_class(inputs: Mapping[str, Any]) -> Any:
    """Return an uplift from a published curve, or what finished benefits of a class propose."""
    if isinstance(inputs.get("curve"), Mapping):
        curve = {float(k): float(decimal_of(v)) for k, v in inputs["curve"].items()}
        uplift = benefits.uplift_at(curve, float(decimal_of(inputs["acceptable_chance"])))
        base = float(decimal_of(first_of(inputs, "base", default=1)))
        return Answer(uplift, uplift=uplift, total=base * (1 + uplift))
    if isinstance(inputs.get("finished"), list):
        finished = [
            benefits.Finished(str(n), str(row.get("class", "")), *_pounds(row))
            for n, row in enumerate(inputs["finished"])
        ]
        least = int(first_of(inputs, "least", default=10))
        found = benefits.reference_class(finished, inputs.get("class"), least=least)
        return Answer(
            found.bias, bias=found.bias, pooled=found.pooled, p10=found.low, p50=found.middle, p90=found.high,
            size=found.size, came_short=found.came_short, prudent_bias=found.prudent_bias,
        )  # fmt: skip
    raise not_covered("reference-class", inputs)


def _pounds(row: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    return decimal_of(row["planned"]), decimal_of(row["realised"])


ADAPTERS: dict[str, Adapter] = {"forecast": _forecast, "reference_class": _reference_class}
"""Category of a case to the call that answers it."""
