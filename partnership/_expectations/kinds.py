"""Why partners differ: the kind of a gap, and what may be averaged across it and what never may.

Two numbers that count different things have no middle. Where definitions or units differ no mean, median or
geometric mean is given at all; the ratio stands, as the size of the misunderstanding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from partnership._expectations.rates import months_between

if TYPE_CHECKING:
    from collections.abc import Mapping

    from partnership.expectations import Gap

__all__ = ["AVERAGES", "Kind", "Stated", "TypedGap", "kind_words", "typed"]

Kind = Literal[
    "expects none", "unanswered", "near agreement", "definition", "scope", "horizon", "capacity", "ambition"
]

AVERAGES = ("geometric_mean", "geometric_sd", "median", "mean", "cv", "sd_log10")
"""Measures of a gap that are averages, and mean nothing across definitions."""

_WORDS: dict[Kind, str] = {
    "expects none": "one partner expects none while others give a number",
    "unanswered": "too few have answered to tell",
    "near agreement": "they nearly agree",
    "definition": "they count different things",
    "scope": "they have different areas or groups in mind",
    "horizon": "they have different dates in mind",
    "capacity": "whoever offers least has no days left to offer more",
    "ambition": "they count the same, in the same place and time, and want different amounts of it",
}


@dataclass(frozen=True, slots=True)
class Stated:
    """What one partner said, on the common rate.

    Parameters
    ----------
    agency : str
        Who.
    rate : float or None
        The common rate; 0 stands for "expects none", None for no answer.
    unit, definition, scope : str or None
        What it counts and where.
    by : date or None
        By when.
    direction : {"gives", "gets"}
        Whether it would give this or expects to get it.
    comparable : bool
        False for a number that has no common rate with the others, such as hours against cases.
    """

    agency: str
    rate: float | None
    unit: str | None = None
    definition: str | None = None
    scope: str | None = None
    by: dt.date | None = None
    direction: Literal["gives", "gets"] = "gets"
    comparable: bool = True


@dataclass(frozen=True, slots=True)
class TypedGap:
    """A gap with its kind.

    Parameters
    ----------
    gap : Gap
        Its measures; averages are None across definitions.
    kind : str or None
        Why they differ; None where nobody is asked for more and there is still no ratio.
    definitions, units, scopes : int
        How many of each those who gave a number use.
    earliest, latest : date or None
        First and last day by which it is expected.
    months_apart : int or None
        Whole months between these two.
    not_comparable : tuple[str, ...]
        Partners whose number cannot be brought to the common rate.
    """

    gap: Gap
    kind: Kind | None
    definitions: int
    units: int
    scopes: int
    earliest: dt.date | None
    latest: dt.date | None
    months_apart: int | None
    not_comparable: tuple[str, ...] = ()


def kind_words(kind: Kind) -> str:
    """Return what a kind of gap means, for a sentence.

    Examples
    --------
    >>> kind_words("definition")
    'they count different things'
    """
    return _WORDS[kind]


def typed(
    stated: Sequence[Stated],
    measure: Callable[[Mapping[str, float | None]], Gap],
    *,
    without_days: frozenset[str] = frozenset(),
) -> TypedGap:
    """Measure a gap and say of which kind it is.

    The kind is the first that is true: expects none; definition, where a number has no common rate;
    unanswered (fewer than two numbers, and somebody has not answered); near agreement (aligned); definition
    (definitions or units differ, or only some name a definition); scope; horizon (another month); capacity
    (the least is offered by an agency whose days are all asked for); else ambition. A partner that both gives
    and gets is one partner: the gap lies between two.

    Parameters
    ----------
    stated : Sequence[Stated]
        One answer a partner; order plays no part.
    measure : Callable
        Makes the gap of agency to rate: :func:`partnership.expectations.gap` with the partnership's bands.
    without_days : frozenset[str]
        Agencies whose open work asks for more days than they offer.
    """
    strange = tuple(sorted({s.agency for s in stated if not s.comparable}))
    stated = [s for s in stated if s.comparable]
    found = measure(_one_each(stated))
    numbers = [s for s in stated if s.rate]
    named = {s.definition for s in numbers if s.definition}
    definitions = len(named) + (bool(named) and any(not s.definition for s in numbers))
    units = len({s.unit.strip().lower() for s in numbers if s.unit})
    scopes = len({s.scope.strip().lower() for s in numbers if s.scope})
    days = sorted({s.by for s in numbers if s.by})
    kind: Kind | None
    if found.expecting_none and numbers:
        kind = "expects none"
    elif strange and numbers:
        kind = "definition"
    elif found.ratio is None:
        kind = "unanswered" if found.unanswered else None
    elif found.band == "aligned":
        kind = "near agreement"
    elif definitions > 1 or units > 1:
        kind = "definition"
    elif scopes > 1:
        kind = "scope"
    elif days and months_between(days[0], days[-1]):
        kind = "horizon"
    elif _least(numbers).direction == "gives" and _least(numbers).agency in without_days:
        kind = "capacity"
    else:
        kind = "ambition"
    return TypedGap(
        _without_averages(found) if definitions > 1 or units > 1 or strange else found,
        kind,
        definitions,
        units,
        scopes,
        days[0] if days else None,
        days[-1] if days else None,
        months_between(days[0], days[-1]) if days else None,
        strange,
    )


def _one_each(stated: Sequence[Stated]) -> dict[str, float | None]:
    """Return one rate a partner: of those with two numbers, the one furthest from another partner's."""
    said: dict[str, list[float]] = {}
    for s in stated:
        said.setdefault(s.agency, [])
        if s.rate is not None:
            said[s.agency].append(s.rate)
    out: dict[str, float | None] = {}
    for agency, rates in said.items():
        others = [r for a, rs in said.items() if a != agency for r in rs if r]
        positive = [r for r in rates if r]
        if len(positive) < 2 or not others:
            out[agency] = max(rates, default=None)
        else:
            low, high = min(positive), max(positive)
            out[agency] = high if high / min(others) >= max(others) / low else low
    return out


def _least(numbers: Sequence[Stated]) -> Stated:
    return min(numbers, key=lambda s: (s.rate or 0.0, s.agency))


def _without_averages(found: Gap) -> Gap:
    from dataclasses import replace

    return replace(found, **dict.fromkeys(AVERAGES))  # type: ignore[arg-type]
