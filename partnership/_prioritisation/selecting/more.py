"""What a little more from one agency would buy: the problem solved again with it, never a shadow price.

With whole items a relaxation's prices say nothing true: one more unit may buy nothing, two may let a large item
in. So the problem is solved again for each agency and each step.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from partnership._prioritisation.selecting.model import Problem, Resource
from partnership._prioritisation.selecting.search import Outcome, phase
from partnership.errors import InvalidInput, UnknownName

__all__ = ["Gain", "more_of"]


@dataclass(frozen=True, slots=True)
class Gain:
    """What one agency's further offer buys.

    Parameters
    ----------
    resource : Resource
        The agency, and days or money.
    units : Fraction
        How much more in each of its quarters.
    gain : float
        How much more the plan is worth, at least: the difference of two plans that were found.
    most : float or None
        How much more it can be worth, at most: the new bound less the old plan's worth.
    is_exact : bool
        True when both plans are proved best.
    enters, leaves : tuple[str, ...]
        Items that come into the plan, and that go out of it.
    sooner : Mapping[str, int]
        Items that stay and finish earlier, and by how many quarters.
    """

    resource: Resource
    units: Fraction
    gain: float
    most: float | None
    is_exact: bool
    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    sooner: Mapping[str, int] | None = None


def with_more(problem: Problem, resource: Resource, units: Fraction) -> Problem:
    """Return the problem with so much more offered in each quarter; a quarter without a limit stays so."""
    if resource not in problem.offers:
        kind = "agency's offer"
        raise UnknownName(kind, " ".join(resource), [" ".join(r) for r in problem.offers])
    if units <= 0:
        msg = f"{units} more {resource[1]} is no more. Give a number above nought."
        raise InvalidInput(msg)
    larger = tuple(None if x is None else x + units for x in problem.offers[resource])
    return replace(problem, offers={**problem.offers, resource: larger})


def more_of(
    found: Outcome,
    resources: Sequence[Resource],
    units: Sequence[Fraction],
    *,
    limit: float = 60.0,
    cancel: threading.Event | None = None,
) -> tuple[Gain, ...]:
    """Solve again with more of each resource, one at a time.

    Parameters
    ----------
    found : Outcome
        The plan without.
    resources : Sequence of Resource
        Whose offer to raise.
    units : Sequence of Fraction
        By how much in each quarter: 1, 2, 3.
    limit : float
        Wall-clock seconds for all; shared evenly among what is left to try.
    cancel : threading.Event, optional
        Set it to stop; what was tried to its end is returned.

    Returns
    -------
    tuple[Gain, ...]
        In the order of resources, then units. A larger offer is worth at least what a smaller one is, and is
        begun from its plan.

    Raises
    ------
    InvalidInput
        If there is no plan to compare with.
    """
    if found.value is None:
        msg = "There is no plan that more could be compared with. Find one first."
        raise InvalidInput(msg)
    until = time.perf_counter() + limit
    rising = sorted(units)
    left = len(resources) * len(rising)
    gains: list[Gain] = []
    for resource in resources:
        begin = dict(found.starts)
        for step in rising:
            if cancel is not None and cancel.is_set():
                return tuple(gains)
            seconds = max(0.2, (until - time.perf_counter()) / left)
            left -= 1
            again = phase(
                with_more(found.problem, resource, step), limit=seconds, cancel=cancel, start_from=begin
            )
            if cancel is not None and cancel.is_set():
                return tuple(gains)
            gains.append(_gain(found, again, resource, step))
            begin = dict(again.starts)
    return tuple(gains)


def _gain(before: Outcome, after: Outcome, resource: Resource, units: Fraction) -> Gain:
    old, new = before.finishes, after.finishes
    base = before.value or 0.0
    gained = max(0.0, (after.value if after.value is not None else base) - base)
    most = None if after.bound is None else max(gained, after.bound - base)
    near = 1e-6 * max(1.0, abs(base))
    return Gain(
        resource, units, 0.0 if gained <= near else gained, most,
        before.status == "optimal" and after.status == "optimal",
        tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())),
        {i: old[i] - f for i, f in sorted(new.items()) if i in old and f < old[i]},
    )  # fmt: skip
