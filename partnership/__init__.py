"""Plan and account together: the toolkit of a multi-agency partnership.

Goals with each partner's own expectation and the gap between them, a blueprint of the work, investment and
return per agency, benefits from promise to proof, and the promises that partners made to each other.

Importing this package loads no frame, chart or web library: names arrive when they are first used.

Examples
--------
>>> import partnership
>>> partnership.split("100.00", {"council": 1, "health": 2})["health"]
Decimal('66.67')
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Actor": "partnership.store",
    "Finding": "partnership.errors",
    "PhasingSettings": "partnership._workflows.phasing",
    "Plan": "partnership.plan",
    "Route": "partnership.roi",
    "Terms": "partnership._roi.settled",
    "VIEWS": "partnership.views",
    "appraisal_workbook": "partnership.tabular",
    "appraise": "partnership._workflows.appraising",
    "check_file": "partnership.workflows",
    "check_plan": "partnership.workflows",
    "compare_rates": "partnership.expectations",
    "explain": "partnership._workflows.appraising",
    "export_workbook": "partnership.workflows",
    "frame": "partnership.tables",
    "gap": "partnership.expectations",
    "load_file": "partnership.workflows",
    "open_store": "partnership.store",
    "phased": "partnership._workflows.phasing",
    "prioritised": "partnership._workflows.prioritising",
    "settle": "partnership._workflows.settling",
    "split": "partnership.money",
    "sustain": "partnership._workflows.running_on",
    "template_workbook": "partnership.workflows",
    "uncertain_appraisal": "partnership._workflows.uncertainty",
}

__all__ = [*_HOME, "__version__"]  # noqa: PLE0604 - the names come from the table above


def __getattr__(name: str) -> Any:
    """Fetch a public name from its room on first use."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
