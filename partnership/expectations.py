"""What each partner expects to give and to get, and the gap between partners.

An expectation is one partner's own reading of a goal, in its own words and units, on the day it said so. Two
partners who agreed to "share cases" and mean 5 and 5,000 have not agreed. The gap is compared on a common
yearly rate and as a ratio: differences and coefficients of variation saturate, ratios do not.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field

from partnership._expectations.kinds import Kind, Stated, TypedGap, kind_words, typed
from partnership._expectations.rates import common_rate, months_between, periods_a_year
from partnership._expectations.sums import AddsUp, adds_up
from partnership._expectations.units import conversion
from partnership.errors import InvalidInput
from partnership.records import Day, Id, Per, Quantity, Record, Ref, Since, Title

__all__ = [
    "AddsUp",
    "Answer",
    "Expectation",
    "Gap",
    "Kind",
    "RateComparison",
    "Stated",
    "TimedTarget",
    "TypedGap",
    "adds_up",
    "common_rate",
    "compare_rates",
    "conversion",
    "gap",
    "kind_words",
    "months_between",
    "periods_a_year",
    "typed_gap",
]

Answer = Literal["answered", "no answer", "expects none"]


class Expectation(Record):
    """One partner's own reading of what it gives or gets, on the day it said so.

    A partner that says something new gets a new row with a new day: the old row stays, so that the history of
    a gap can be read. The latest day counts.
    """

    id: Id = Field(description="Id of the expectation")
    goal_id: Annotated[Id, Ref("goals")] = Field(description="The goal it is about")
    measure_id: Annotated[Id, Ref("measures")] = Field(description="The measure it is about")
    agency_id: Annotated[Id, Ref("agencies")] = Field(description="The partner who expects")
    direction: Literal["gives", "gets"] = Field(description="Whether it would give this or expects to get it")
    counterpart_id: Annotated[Id | None, Ref("agencies")] = Field(
        None, description="To whom it gives or from whom it gets; blank: the partnership as a whole"
    )
    answer: Answer = Field(
        "answered",
        description="Answered, no answer, or expects none (an answer of its own, not a small number)",
    )
    quantity: Quantity | None = Field(
        None, ge=0, description="How much; in the measure's unit unless a unit is given"
    )
    unit: Title | None = Field(
        None, description="Unit in the partner's own words; the measure's unit when blank"
    )
    per: Per = Field("year", description="Per which period; 'in all' for a stock or a total by the date")
    expected_by: Day | None = Field(None, description="By when it expects this")
    definition_id: Id | None = Field(
        None, description="Id of the definition it uses; another id than its partners' means another thing"
    )
    scope: Title | None = Field(
        None, description="Area or group it has in mind; other words than its partners' mean another scope"
    )
    definition_note: Title | None = Field(None, description="What it counts, in its own words")
    stated_on: Annotated[Day, Since()] = Field(description="Day on which the partner said so")


Band = Literal["aligned", "discuss", "stop and re-define", "one partner expects none", "not enough answers"]


@dataclass(frozen=True, slots=True)
class Gap:
    """How far apart partners are on one measure, on a common rate.

    Measures that do not apply are None: a ratio needs two answers above zero. The ratio is the headline; the
    others are for analysts. The coefficient of variation and the symmetric gap are kept to show that they
    saturate: for two partners the first can never pass 1.414 nor the second 2, however far apart they are.
    """

    answers: int
    least: float | None
    most: float | None
    ratio: float | None
    log10_ratio: float | None
    geometric_mean: float | None
    geometric_sd: float | None
    median: float | None
    mean: float | None
    cv: float | None
    symmetric_relative_gap: float | None
    sd_log10: float | None
    expecting_none: tuple[str, ...]
    unanswered: tuple[str, ...]
    band: Band


def gap(expected: Mapping[str, float | None], *, discuss_from: float = 2, redefine_from: float = 10) -> Gap:
    """Measure the gap between partners' expectations of one thing on one common rate.

    ratio = most / least over the answers above zero; log10 ratio = log10(ratio). Geometric mean and standard
    deviation are exp of the mean and of the sample standard deviation (n - 1) of the logs. CV = sample
    standard deviation / mean. Symmetric gap = (most - least) / ((most + least) / 2).

    A partner who expects none (zero) is a case of its own: no ratio is made with it, and it sets the band.
    Unanswered (None) is not zero and takes no part.

    Parameters
    ----------
    expected : Mapping[str, float or None]
        Agency to quantity on a common rate, in one unit; not negative.
    discuss_from, redefine_from : float
        Ratios from which the partners must talk, or stop and re-define the measure. The bands are this
        toolkit's own design: no publication gives a standard. They are settable by each partnership.

    Returns
    -------
    Gap
        Every measure, None where it does not apply.

    Raises
    ------
    InvalidInput
        If a quantity is negative or not finite, or the two bands are not above 1 and in order.

    Source
    ------
    This toolkit's own design, declared as such; the log ratio as the measure of relative difference:
    Tornqvist, Vartia and Vartia, "How should relative changes be measured?", *The American Statistician* 39
    (1985).

    Examples
    --------
    >>> g = gap({"probation": 5, "council": 5000})
    >>> g.ratio, g.band, round(g.cv, 3)
    (1000.0, 'stop and re-define', 1.411)
    >>> gap({"a": 3, "b": None}).band
    'not enough answers'
    """
    if not 1 < discuss_from < redefine_from:
        msg = f"The bands must be above 1 and in order; they are {discuss_from} and {redefine_from}."
        raise InvalidInput(msg)
    for agency, quantity in expected.items():
        if quantity is not None and not (math.isfinite(quantity) and quantity >= 0):
            msg = f"{agency} expects {quantity}: an expectation is a number of 0 or more, or no answer."
            raise InvalidInput(msg)
    unanswered = tuple(a for a, q in expected.items() if q is None)
    none = tuple(a for a, q in expected.items() if q == 0)
    answers = sorted(float(q) for q in expected.values() if q is not None)
    positive = [q for q in answers if q > 0]
    several = len(positive) > 1
    ratio = positive[-1] / positive[0] if several else None
    logs = [math.log(q) for q in positive]
    sd_log = statistics.stdev(logs) if several else None
    mean = statistics.fmean(answers) if answers else None
    return Gap(
        answers=len(answers),
        least=positive[0] if positive else None,
        most=positive[-1] if positive else None,
        ratio=ratio,
        log10_ratio=math.log10(ratio) if ratio else None,
        geometric_mean=math.exp(statistics.fmean(logs)) if logs else None,
        geometric_sd=math.exp(sd_log) if sd_log is not None else None,
        median=statistics.median(answers) if answers else None,
        mean=mean,
        cv=statistics.stdev(answers) / mean if len(answers) > 1 and mean else None,
        symmetric_relative_gap=2 * (answers[-1] - answers[0]) / (answers[-1] + answers[0])
        if len(answers) > 1 and answers[-1]
        else None,
        sd_log10=sd_log / math.log(10) if sd_log is not None else None,
        expecting_none=none,
        unanswered=unanswered,
        band=_band(ratio, bool(none) and bool(positive), discuss_from, redefine_from),
    )


def _band(ratio: float | None, some_expect_none: bool, discuss_from: float, redefine_from: float) -> Band:  # noqa: FBT001
    if some_expect_none:
        return "one partner expects none"
    if ratio is None:
        return "not enough answers"
    if ratio < discuss_from:
        return "aligned"
    return "discuss" if ratio < redefine_from else "stop and re-define"


@dataclass(frozen=True, slots=True)
class TimedTarget:
    """A partner's target for a thing, and in how many months."""

    agency: str
    target: float
    months: float


@dataclass(frozen=True, slots=True)
class RateComparison:
    """Targets with different horizons, brought to one rate."""

    rate_per_month: tuple[float, ...]
    same_number_different_rate: tuple[tuple[str, str], ...]
    same_rate_different_number: tuple[tuple[str, str], ...]
    rate_ratio: float | None


def compare_rates(targets: Sequence[TimedTarget]) -> RateComparison:
    """Bring targets to a common monthly rate before comparing them.

    rate = target / months. The same number can hide a gap (120 in 12 months and 120 in 3 differ four times),
    and different numbers can agree (120 in 12 and 30 in 3 are one rate).

    Parameters
    ----------
    targets : Sequence[TimedTarget]
        Target in one unit, and the months in which it is to be reached; months above 0.

    Returns
    -------
    RateComparison
        Monthly rates in the order given; the pairs that only look alike and those that only look different;
        and the largest rate over the smallest, None with fewer than two rates above zero.

    Raises
    ------
    InvalidInput
        If a horizon is zero or less, or a target negative.

    Source
    ------
    This toolkit's own design.

    Examples
    --------
    >>> compare_rates([TimedTarget("a", 120, 12), TimedTarget("b", 120, 3)]).rate_ratio
    4.0
    """
    for t in targets:
        if not (t.months > 0 and t.target >= 0):
            msg = f"{t.agency} expects {t.target} in {t.months} months: the months must be above 0 and the target 0 or more."
            raise InvalidInput(msg)
    exact = [Fraction(t.target) / Fraction(t.months) for t in targets]
    pairs = list(combinations(range(len(targets)), 2))
    positive = sorted(r for r in exact if r > 0)
    return RateComparison(
        rate_per_month=tuple(float(r) for r in exact),
        same_number_different_rate=tuple(
            (targets[i].agency, targets[j].agency)
            for i, j in pairs
            if targets[i].target == targets[j].target and exact[i] != exact[j]
        ),
        same_rate_different_number=tuple(
            (targets[i].agency, targets[j].agency)
            for i, j in pairs
            if targets[i].target != targets[j].target and exact[i] == exact[j]
        ),
        rate_ratio=float(positive[-1] / positive[0]) if len(positive) > 1 else None,
    )


def typed_gap(
    stated: Sequence[Stated],
    *,
    discuss_from: float = 2,
    redefine_from: float = 10,
    without_days: frozenset[str] = frozenset(),
) -> TypedGap:
    """Measure a gap between partners and say why they differ; nothing is averaged across definitions.

    Parameters
    ----------
    stated : Sequence[Stated]
        One answer a partner, on the common rate.
    discuss_from, redefine_from : float
        The partnership's own bands, as for :func:`gap`.
    without_days : frozenset[str]
        Agencies whose open work asks for more days than they offer.

    Returns
    -------
    TypedGap
        The gap, its kind, and how many months lie between the dates in mind.

    Raises
    ------
    InvalidInput
        As :func:`gap`.

    Source
    ------
    This toolkit's own design.

    Examples
    --------
    >>> said = [Stated("probation", 5, definition="D-PRO"), Stated("council", 5000, definition="D-COU")]
    >>> found = typed_gap(said)
    >>> found.kind, found.gap.ratio, found.gap.geometric_mean is None
    ('definition', 1000.0, True)
    """
    return typed(
        stated,
        lambda rates: gap(rates, discuss_from=discuss_from, redefine_from=redefine_from),
        without_days=without_days,
    )
