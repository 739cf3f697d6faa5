"""Run published worked examples through the library, and say which pass, fail or are not covered.

The cases are data (``golden/*.json``, or a file of the same schema); an adapter for each category turns a
case's inputs into a call of the library. A category or a shape of inputs that no adapter knows is reported as
not covered, never as a pass.
"""

from __future__ import annotations

import importlib
import json
import math
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from partnership import _verify
from partnership._verify.base import Adapter, Answer, Asked, Inputs, NotCovered
from partnership.errors import InvalidInput, PartnershipError, shown

__all__ = ["ADAPTERS", "CaseResult", "NotCovered", "Report", "run", "shipped_cases"]

Outcome = Literal["pass", "fail", "not covered"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case."""

    id: str
    category: str
    outcome: Outcome
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """All cases and their totals."""

    cases: tuple[CaseResult, ...]

    def count(self, outcome: Outcome) -> int:
        """Count the cases with an outcome."""
        return sum(c.outcome == outcome for c in self.cases)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "passed": self.count("pass"),
            "failed": self.count("fail"),
            "not_covered": self.count("not covered"),
            "cases": [asdict(c) for c in self.cases],
        }


def shipped_cases() -> list[dict[str, Any]]:
    """Return the cases that come with the package."""
    folder = files("partnership").joinpath("golden")
    return [
        case
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".json")
        for case in json.loads(entry.read_text(encoding="utf-8"))["cases"]
    ]


def cases_of(path: Path) -> list[dict[str, Any]]:
    """Return the cases of a file: an object with a list ``cases``, or the list itself.

    Raises
    ------
    InvalidInput
        If the file is not there, is not JSON, or holds no cases.
    """
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"), parse_float=float)
    except (OSError, ValueError) as error:
        msg = f"{path.name} cannot be read as cases: {error}. Give a JSON file with a list named cases."
        raise InvalidInput(msg) from error
    cases = loaded.get("cases") if isinstance(loaded, Mapping) else loaded
    if not isinstance(cases, list) or not all(
        isinstance(c, Mapping) and {"id", "inputs", "expected"} <= set(c) for c in cases
    ):
        msg = f"{path.name} holds no list of cases with id, inputs and expected; see partnership/golden."
        raise InvalidInput(msg)
    return [dict(c) for c in cases]


def run(cases: Sequence[Mapping[str, Any]] | None = None) -> Report:
    """Run cases through the library; the shipped ones when none are given.

    Examples
    --------
    >>> run([{"id": "x", "category": "no such", "inputs": {}, "expected": 1}]).cases[0].outcome
    'not covered'
    """
    return Report(tuple(_run_one(case) for case in (shipped_cases() if cases is None else cases)))


def _run_one(case: Mapping[str, Any]) -> CaseResult:
    category = str(case.get("category") or case.get("area") or "")

    def result(outcome: Outcome, why: str = "") -> CaseResult:
        return CaseResult(str(case["id"]), category, outcome, why, str(case.get("source", "")))

    try:
        if category not in ADAPTERS:
            return result(
                "not covered", f"No method here answers cases of the category {shown(category)!r} yet."
            )
        computed = ADAPTERS[category](_inputs(case))
    except NotCovered as error:
        return result("not covered", str(error))
    except (PartnershipError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        return result("fail", f"{type(error).__name__}: {shown(error, 200)}")
    differences = list(_differences(case["expected"], computed, case.get("tolerance", 0), ""))
    return result("fail", "; ".join(differences[:3])) if differences else result("pass")


def _inputs(case: Mapping[str, Any]) -> Inputs:
    """Return a case's inputs with the words and names that say which figure it asks for."""
    expected = case["expected"]
    keys = frozenset(map(str, expected)) if isinstance(expected, Mapping) else frozenset()
    return Inputs(case["inputs"], Asked(f"{case['id']} {case.get('source', '')}".casefold(), keys))


def _differences(expected: Any, computed: Any, tolerance: Any, path: str) -> Any:
    """Yield a sentence for each place in which two results differ by more than the tolerance."""
    where = path or "the result"
    if isinstance(computed, Answer) and not isinstance(expected, Mapping):
        computed = computed.main
    if isinstance(expected, Mapping):
        if not isinstance(computed, Mapping):
            yield f"{where} is {shown(computed)}, expected {shown(expected)}"
            return
        for key, value in expected.items():
            allowed = tolerance.get(key, 0) if isinstance(tolerance, Mapping) else tolerance
            if key not in computed:
                yield f"{path + '.' if path else ''}{key} is not computed"
            else:
                yield from _differences(value, computed[key], allowed, f"{path}.{key}" if path else str(key))
    elif isinstance(expected, list | tuple):
        if not isinstance(computed, list | tuple) or len(computed) != len(expected):
            yield f"{where} is {shown(computed)}, expected {shown(expected)}"
            return
        for i, (a, b) in enumerate(zip(expected, computed, strict=True)):
            yield from _differences(a, b, tolerance, f"{where}[{i}]")
    elif not _equal(expected, computed, tolerance):
        yield f"{where} is {shown(computed)}, expected {shown(expected)}"


def _equal(expected: Any, computed: Any, tolerance: Any) -> bool:
    numbers = (int, float, Decimal, Fraction)
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return bool(expected == computed)
    if not isinstance(expected, numbers) or not isinstance(computed, numbers):
        return False
    a, b = float(expected), float(computed)
    return math.isfinite(b) and abs(a - b) <= float(tolerance) + 1e-12 * abs(a)


def _adapters() -> dict[str, Adapter]:
    """Gather the adapters of every room of ``_verify``; two rooms cannot answer one category."""
    out: dict[str, Adapter] = {}
    for entry in pkgutil.iter_modules(_verify.__path__):
        found = getattr(importlib.import_module(f"{_verify.__name__}.{entry.name}"), "ADAPTERS", {})
        twice = sorted(set(out) & set(found))
        if twice:
            msg = f"Two rooms answer cases of {', '.join(twice)}; the second is {entry.name}. Keep one."
            raise InvalidInput(msg)
        out |= found
    return out


ADAPTERS = _adapters()
"""Category of a case to the call that answers it."""
