"""Adapters from published cases to XmR charts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from partnership import spc
from partnership._verify.base import Adapter, Answer, decimal_of, first_of, not_covered, numbers_of

__all__ = ["ADAPTERS"]

_REPLACED = re.compile(r"value\s+(\d+)\s+replaced\s+by\s+(-?\d+(?:\.\d+)?)", re.IGNORECASE)
_SCREEN = Decimal("3.267")
_POLARITIES: tuple[tuple[str, Literal["higher", "lower", "neither"]], ...] = (
    ("increase_is_better", "higher"),
    ("decrease_is_better", "lower"),
    ("neutral", "neither"),
)
_ICONS = {
    "consistently passes": "consistent_pass",
    "consistently fails": "consistent_fail",
    "may pass or fail": "inconsistent",
    None: None,
}


def _limits(values: Sequence[Any], inputs: Mapping[str, Any], *, screened: bool) -> dict[str, Any]:
    factor = decimal_of(first_of(inputs, "constant", "limit_factor", default="2.66"))
    screen = decimal_of(first_of(inputs, "screen_factor", default=_SCREEN)) if screened else None
    fixed = first_of(inputs, "fix_after_n_points", "baseline_points")
    part = values[: int(fixed)] if fixed is not None else values
    found = spc.limits(part, factor=factor, screen_factor=screen)
    out = {"mean": float(found.mean), "lpl": float(found.lower), "upl": float(found.upper)}
    out |= {f"{k}_2dp": round(v, 2) for k, v in out.items()}
    return out | {"mean_moving_range": float(found.average_range), "screened_ranges": found.screened}


def _of_values(inputs: Mapping[str, Any]) -> Answer:
    """Return limits with and without screening, and every trend and shift by length."""
    values = numbers_of(inputs["values"])
    screened, unscreened = (_limits(values, inputs, screened=s) for s in (True, False))
    out = Answer(screened, **screened)
    out.update(screened=screened, unscreened=unscreened, case1=screened)
    if replaced := _REPLACED.search(str(inputs.get("variant", ""))):
        other = list(values)
        other[int(replaced[1]) - 1] = Decimal(replaced[2])
        out.update(
            case2_screened=_limits(other, inputs, screened=True),
            case3_unscreened=_limits(other, inputs, screened=False),
        )
    lowest = 3
    for points in range(lowest, len(values) + 1):
        rules = spc.Rules(trend_points=points, shift_points=points, least_readings=2)
        chart = spc.xmr(values, rules)
        for name in ("trend", "shift"):
            out[f"{name}_flag_n{points}_index0"] = [
                p.index for p in chart.points if any(s.rule == name for s in p.signals)
            ]
    return out


def _of_targets(inputs: Mapping[str, Any]) -> Answer:
    given = [inputs["lpl"], inputs["upl"], inputs["target"]]
    count = max((len(g) for g in given if isinstance(g, list)), default=1)
    lower, upper, target = (numbers_of(g) if isinstance(g, list) else [decimal_of(g)] * count for g in given)
    found = {
        name: [_ICONS[spc.assurance(a, b, t, polarity)] for a, b, t in zip(lower, upper, target, strict=True)]
        for name, polarity in _POLARITIES
    }
    return Answer(found, **found)


def _spc(inputs: Mapping[str, Any]) -> Any:
    if "close_to_limits" in inputs and "sign_relative_to_mean" in inputs:
        pairs = [
            spc.two_in_three(close, signs)
            for close, signs in zip(inputs["close_to_limits"], inputs["sign_relative_to_mean"], strict=True)
        ]
        return Answer(
            [p[1] for p in pairs], window_flag=[p[0] for p in pairs], coloured=[p[1] for p in pairs]
        )
    if "sign_relative_to_mean" in inputs:
        ends = [spc.shift_ends(s, int(inputs["n"])) for s in inputs["sign_relative_to_mean"]]
        return Answer(ends, end_flag=ends)
    if "series" in inputs and "n" in inputs:
        ends = [spc.trend_ends(numbers_of(s), int(inputs["n"])) for s in inputs["series"]]
        return Answer(ends, end_flag=ends)
    if {"lpl", "upl", "target"} <= set(inputs):
        return _of_targets(inputs)
    if {"d2", "d3"} <= set(inputs):
        d2, d3 = float(decimal_of(inputs["d2"])), float(decimal_of(inputs["d3"]))
        found = {"E2": 3 / d2, "D4": 1 + 3 * d3 / d2, "nelson_screen_qimacros": 3.5, "screen_nhsr": 3.267}
        return Answer(found, **found)
    if isinstance(inputs.get("values"), list):
        return _of_values(inputs)
    raise not_covered("XmR", inputs)


ADAPTERS: dict[str, Adapter] = {"spc": _spc, "xmr": _spc}
"""Category of a case to the call that answers it."""
