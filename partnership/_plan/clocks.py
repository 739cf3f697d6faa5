"""Clocks have a source where they are in force, one limit at a time, and measures that can count them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from partnership._plan.fault import Fault, fault

Records = Mapping[str, tuple[Any, ...]]


def faults(plan: Records, today: dt.date | None) -> Iterator[Fault]:
    """Yield the faults of this room."""
    del today
    if not plan["clocks"]:
        return
    from partnership.commitments import wrong_rules

    for wrong in wrong_rules(plan["clocks"]):
        yield fault(f"plan-{wrong.code}", wrong.rule, wrong.field, wrong.found, wrong.do)
    measures = {m.id: m for m in plan["measures"]}
    for rule in plan["clocks"]:
        measure = measures.get(rule.measure_id)
        if measure and (measure.kind != "share" or measure.polarity not in ("higher", "lower")):
            yield fault(
                "plan-clock-measure", rule, "measure_id", f"“{measure.name}” is not a share of which more, or less, is better.",
                "Name a measure that counts what was done in time, or clear the cell; until then the clock is not counted.",
            )  # fmt: skip
