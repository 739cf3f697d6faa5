"""From items to a plan that everybody can carry: choose, phase, and say what it rests on.

One call, :func:`phased`, gives the page, the command line and a notebook the same plan: what is done when, what
each agency is asked for against what it offered, how much better any plan could be, what taking the ranked list
from the top would have given, who pays and who gains. When no plan keeps every rule, it names the rules that
cannot be kept together.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from partnership._prioritisation.selecting.choices import Choices, choices
from partnership._prioritisation.selecting.conflicts import Conflict, conflict_in
from partnership._prioritisation.selecting.model import Problem
from partnership._prioritisation.selecting.more import Gain, more_of
from partnership._prioritisation.selecting.search import Outcome, phase
from partnership._workflows.phasing_model import asked_of
from partnership._workflows.phasing_results import AgencyShare, LoadCell, Phased, PhasedItem, told
from partnership._workflows.phasing_settings import PhasingSettings
from partnership._workflows.phasing_words import as_json, conflict_words, headline, small_wins_words
from partnership.periods import local_day

__all__ = [
    "AgencyShare", "Choices", "Gain", "LoadCell", "Phased", "PhasedItem", "PhasingSettings", "as_json", "conflict_words",
    "firmness", "headline", "more_days", "phased", "small_wins_words", "solved",
]  # fmt: skip

Records = Mapping[str, tuple[Any, ...]]
Solved = tuple[Outcome, Conflict | None]
"""What the search gave, and, where no plan keeps every rule, the rules that cannot be kept together."""


def solved(
    problem: Problem,
    limit: float,
    *,
    cancel: threading.Event | None = None,
    start_from: Mapping[str, int] | None = None,
) -> Solved:
    """Choose and phase what a problem asks within a time; name the conflict where no plan keeps every rule."""
    outcome = phase(problem, limit=limit, cancel=cancel, start_from=start_from)
    conflict = conflict_in(problem, limit=max(10.0, limit)) if outcome.status == "infeasible" else None
    return outcome, conflict


def phased(
    plan: Records,
    settings: PhasingSettings | None = None,
    *,
    today: dt.date | None = None,
    cancel: threading.Event | None = None,
    start_from: Mapping[str, int] | None = None,
    solve: Callable[[Problem], Solved] | None = None,
) -> Phased:
    """Choose and phase the work items of a plan.

    Parameters
    ----------
    plan : Plan
        The whole plan, as ``store.plan()`` gives it.
    settings : PhasingSettings, optional
        Every choice; the usual ones when left out.
    today : date, optional
        The day it is seen from; the present day when left out.
    cancel : threading.Event, optional
        Set it from another thread to stop; the best plan found so far is returned.
    start_from : Mapping, optional
        A plan to begin with: item to quarter, counted from 0.
    solve : Callable, optional
        In place of :func:`solved`: for one who keeps what was solved before.

    Raises
    ------
    InvalidInput, UnknownName
        If nobody says what it offers, prerequisites form a ring, or a setting names an unknown item.
    """
    chosen = settings or PhasingSettings()
    asked = asked_of(plan, chosen, today or local_day(dt.datetime.now(dt.UTC)))
    outcome, conflict = (
        solve(asked.problem)
        if solve
        else solved(asked.problem, chosen.limit, cancel=cancel, start_from=start_from)
    )
    return told(plan, asked, outcome, conflict)


def firmness(
    done: Phased,
    *,
    within: float = 0.03,
    most: int = 12,
    limit: float = 30.0,
    cancel: threading.Event | None = None,
) -> Choices:
    """Return how firm each choice is, and the other good plans; see ``selecting.choices``."""
    return choices(done.outcome, within=within, most=most, limit=limit, cancel=cancel)


def more_days(
    done: Phased,
    units: Sequence[int] = (1, 2, 3),
    *,
    limit: float = 60.0,
    cancel: threading.Event | None = None,
) -> tuple[Gain, ...]:
    """Return what more days a quarter from each agency would buy, solved again each time."""
    asked = [r for r in done.asked.problem.offers if r[1] == "days"]
    return more_of(done.outcome, asked, [Fraction(u) for u in units], limit=limit, cancel=cancel)
